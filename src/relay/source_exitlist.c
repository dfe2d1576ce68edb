/*
 * Exit lists (TorDNSEL format, CollecTor @type tordnsel 1.0), of both eras:
 *
 *   Downloaded 2018-11-02 01:02:01              (CollecTor only)
 *   ExitNode FINGERPRINT
 *   Published 2018-11-01 17:08:26
 *   LastStatus 2018-11-02 00:03:25
 *   ExitAddress 192.0.2.1 2018-11-01 18:08:13   (one or several)
 *
 * Only the time of each ExitAddress is evidence; the list's own says when it
 * was collected. An entry without ExitAddress states nothing.
 */
#include "relay/sources.h"

#include "base/digest.h"
#include "base/ipaddress.h"

#define ENTRIES_MAX 200000

typedef struct {
    uint8_t fingerprint[20];
    IpAddress address;
    uint32_t when;
} Entry;

/* A list being read. */
typedef struct {
    GArray *entries; /* of Entry */
    uint8_t fingerprint[20];
    bool has_fingerprint;
    uint32_t downloaded, newest;
} List;

static bool read_exit_node(List *list, Text line)
{
    Text word;
    if (!word_take(&line, &word) || text_length(&word) != 40)
        return false;
    char hex[41] = {0};
    memcpy(hex, word.at, 40);
    list->has_fingerprint = true;
    return hex_parse(hex, list->fingerprint, 20);
}

static bool read_exit_address(List *list, Text line)
{
    Text word;
    Entry entry;
    if (!list->has_fingerprint || list->entries->len >= ENTRIES_MAX ||
        !word_take(&line, &word) ||
        !ip_parse(word.at, text_length(&word), &entry.address) ||
        !time_take(&line, &entry.when))
        return false;
    memcpy(entry.fingerprint, list->fingerprint, sizeof entry.fingerprint);
    g_array_append_val(list->entries, entry);
    list->newest = MAX(list->newest, entry.when);
    return true;
}

static bool read_line(List *list, Text line)
{
    if (line_keyword(&line, "ExitNode"))
        return read_exit_node(list, line);
    if (line_keyword(&line, "ExitAddress"))
        return read_exit_address(list, line);
    if (line_keyword(&line, "Downloaded"))
        return time_take(&line, &list->downloaded);
    return true;
}

static void store(Facts *facts, const List *list, const uint8_t *sha256,
                  const char *name)
{
    uint32_t when = list->downloaded ? list->downloaded : list->newest;
    uint32_t document =
        facts_put_document(facts, DOCUMENT_EXIT_LIST, when, sha256, name);
    for (guint i = 0; i < list->entries->len; i++) {
        const Entry *entry = &g_array_index(list->entries, Entry, i);
        facts_put_scan(facts, intern_put(facts->relays, entry->fingerprint, 0),
                       intern_put(facts->addresses, entry->address.bytes, 0),
                       entry->when, document);
    }
}

ReadResult source_exitlist_read(Records *records, Text document,
                                const char *name, GError **error)
{
    Facts *facts = records->facts;
    uint8_t sha256[SHA256_BYTES];
    digest_sha256(document.at, text_length(&document), sha256);
    if (facts_has_document(facts, sha256, name))
        return READ_KNOWN;
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    List list = {.entries = entries};
    Text line;
    for (guint number = 1; line_take(&document, &line); number++)
        if (!read_line(&list, line))
            return source_damaged(error, "line %u is malformed", number);
    if (entries->len == 0)
        return source_damaged(error, "it has no ExitAddress");
    store(facts, &list, sha256, name);
    return READ_NEW;
}
