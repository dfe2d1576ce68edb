/*
 * Directories of version 1 of the directory protocol (2004 to 2007; tor's
 * doc/dir-spec-v1.txt), each the word of one directory server:
 *
 *   signed-directory
 *   published YYYY-MM-DD HH:MM:SS
 *   recommended-software VERSION,...
 *   running-routers NICK !NICK $FINGERPRINT ...              (until 2005)
 *   router-status NICK=$FINGERPRINT !$FINGERPRINT ...        (since then)
 *   dir-signing-key                       (and the key; since October 2004)
 *   router ...                            (the descriptors themselves)
 *   directory-signature NICK
 *
 * A "!" says that the relay is down. A bare nickname is one that the server
 * has approved; only one relay may have it. A descriptor that we cannot read
 * is left out: no "no" is ever drawn from a directory (early_build.c).
 */
#include "relay/descriptor.h"

#include "base/digest.h"
#include "base/errors.h"

#include <string.h>

#define WORDS_MAX 20000

/* A descriptor in the directory. */
typedef struct {
    EarlyListing listing;
    char *policy;
    bool is_running;
} Entry;

typedef struct {
    uint32_t published;
    Text running, status; /* what follows the keyword */
    GArray *entries;      /* of Entry */
} Directory;

static void entry_clear(gpointer data)
{
    g_free(((Entry *)data)->policy);
}

static bool read_head_line(Directory *d, Text line)
{
    line_keyword(&line, "opt");
    if (line_keyword(&line, "published"))
        return time_take(&line, &d->published);
    if (line_keyword(&line, "running-routers"))
        d->running = line;
    else if (line_keyword(&line, "router-status"))
        d->status = line;
    return true;
}

static void take_entry(Directory *d, Text text)
{
    g_auto(DescriptorReading) r = {.wants_identity = true};
    if (d->entries->len >= WORDS_MAX || !descriptor_read(text, &r, NULL) ||
        !r.has_identity || !ip_is_v4(&r.own))
        return;
    Entry entry = {
        .policy = g_steal_pointer(&r.policy),
    };
    memcpy(entry.listing.address, r.own.bytes + 12, 4);
    memcpy(entry.listing.fingerprint, r.identity, 20);
    memcpy(entry.listing.digest, r.digest, 20);
    memcpy(entry.listing.nickname, r.nickname, sizeof r.nickname);
    g_array_append_val(d->entries, entry);
}

/* Where the next descriptor or the signature begins. */
static const char *next_entry(Text rest)
{
    static const char ROUTER[] = "\nrouter ";
    static const char END[] = "\ndirectory-signature";
    const char *router =
        memmem(rest.at, text_length(&rest), ROUTER, sizeof ROUTER - 1);
    Text until = {rest.at, router ? router : rest.end};
    const char *end =
        memmem(until.at, text_length(&until), END, sizeof END - 1);
    return end ? end + 1 : router ? router + 1 : rest.end;
}

static bool parse(Directory *d, Text document, GError **error)
{
    Text head = {document.at, next_entry(document)}, line;
    for (Text rest = {head.end, document.end}; text_begins(&rest, "router ");) {
        const char *stop = next_entry(rest);
        take_entry(d, (Text){rest.at, stop});
        rest.at = stop;
    }
    for (guint number = 1; line_take(&head, &line); number++)
        if (!read_head_line(d, line)) {
            source_damaged(error, "line %u is malformed", number);
            return false;
        }
    if (d->published == 0)
        source_damaged(error, "it has no published line");
    else if (!d->running.at && !d->status.at)
        source_damaged(error, "it does not say which relays were up");
    else
        return true;
    return false;
}

/* Who is up: relays by fingerprint, or by the nickname that is theirs. */
static GHashTable *words_that_are_up(Text list)
{
    GHashTable *up =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    Text word;
    for (guint i = 0; i < WORDS_MAX && word_take(&list, &word); i++) {
        if (*word.at == '!')
            continue;
        const char *hex = memchr(word.at, '$', text_length(&word));
        word.at = hex ? hex : word.at;
        g_autofree char *text = g_strndup(word.at, text_length(&word));
        g_hash_table_add(up, g_ascii_strdown(text, -1));
    }
    return up;
}

static GArray *running(const Directory *d)
{
    g_autoptr(GHashTable) up =
        words_that_are_up(d->status.at ? d->status : d->running);
    GArray *listings = g_array_new(FALSE, FALSE, sizeof(EarlyListing));
    for (guint i = 0; i < d->entries->len; i++) {
        Entry *entry = &g_array_index(d->entries, Entry, i);
        g_autofree char *hex = hex_new(entry->listing.fingerprint, 20);
        g_autofree char *key = g_strdup_printf("$%s", hex);
        g_autofree char *nickname =
            g_ascii_strdown(entry->listing.nickname, -1);
        entry->is_running =
            g_hash_table_contains(up, key) ||
            (!d->status.at && g_hash_table_contains(up, nickname));
        if (entry->is_running)
            g_array_append_val(listings, entry->listing);
    }
    return listings;
}

static bool put_policies(Records *records, const Directory *d, GError **error)
{
    for (guint i = 0; i < d->entries->len; i++) {
        const Entry *entry = &g_array_index(d->entries, Entry, i);
        if (entry->is_running &&
            !early_put_policy(records->early, entry->listing.digest,
                              entry->policy, error))
            return false;
    }
    return true;
}

ReadResult source_directory_read(Records *records, Text document,
                                 const char *name, GError **error)
{
    if (!records->early)
        return READ_SKIPPED;
    g_autoptr(GArray) entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_array_set_clear_func(entries, entry_clear);
    Directory d = {.entries = entries};
    if (!parse(&d, document, error))
        return READ_DAMAGED;
    g_autoptr(GArray) listings = running(&d);
    ReadResult result = source_early_take(records, 1, document, d.published,
                                          listings, name, error);
    if (result == READ_NEW && !put_policies(records, &d, error))
        return READ_DAMAGED;
    return result;
}
