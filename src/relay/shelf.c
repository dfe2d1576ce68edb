#include "relay/shelf.h"

#include "relay/facts_cache.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"
#include "base/pack.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HASH_DIGITS 8 /* of a hash, in a name */

/* A descriptor that waits to be named. */
typedef struct {
    uint8_t sha256[SHA256_BYTES];
    size_t at, length; /* of its bytes */
    bool is_carried;   /* from the stage before */
} Waiting;

typedef struct {
    GArray *all;       /* of Waiting */
    GByteArray *bytes; /* of them all */
} Queue;

struct Shelf {
    char *directory;
    Queue routers, micros;
    uint64_t count;
};

static Queue queue_new(void)
{
    return (Queue){g_array_new(FALSE, FALSE, sizeof(Waiting)),
                   g_byte_array_new()};
}

static void queue_clear(Queue *queue)
{
    g_array_unref(queue->all);
    g_byte_array_unref(queue->bytes);
}

Shelf *shelf_new(const char *directory)
{
    Shelf *shelf = g_new0(Shelf, 1);
    char *real = realpath(directory, NULL);
    shelf->directory = g_strdup(real ? real : directory);
    free(real);
    shelf->routers = queue_new();
    shelf->micros = queue_new();
    return shelf;
}

void shelf_free(Shelf *shelf)
{
    if (!shelf)
        return;
    g_free(shelf->directory);
    queue_clear(&shelf->routers);
    queue_clear(&shelf->micros);
    g_free(shelf);
}

bool shelf_holds(const Shelf *shelf, const char *path)
{
    size_t length = strlen(shelf->directory);
    return strncmp(path, shelf->directory, length) == 0 && path[length] == '/';
}

uint64_t shelf_count(const Shelf *shelf)
{
    return shelf->count;
}

/* ---- writing ----------------------------------------------------------- */

/* How one kind is filed: month and day are put in between. */
typedef struct {
    const char *type;   /* CollecTor's annotation */
    const char *month;  /* what the month's directory begins with */
    const char *within; /* a directory in it, or "" */
    const char *suffix; /* of the name, after the time */
} Filing;

static const Filing FILINGS[DOCUMENT_TYPES] = {
    [DOCUMENT_CONSENSUS] = {"network-status-consensus-3", "consensuses", "",
                            "-consensus"},
    [DOCUMENT_CONSENSUS_MICRO] = {"network-status-microdesc-consensus-3",
                                  "microdescs", "consensus-microdesc",
                                  "-consensus-microdesc"},
    [DOCUMENT_EXIT_LIST] = {"tordnsel", "exit-list", "", ""},
    [DOCUMENT_DESCRIPTOR] = {"server-descriptor", "server-descriptors", "",
                             "-server-descriptors"},
    [DOCUMENT_MICRO] = {"microdescriptor", "microdescs", "micro", "-micro"},
};

static char *directory_for(const Shelf *shelf, const Filing *filing,
                           const Civil *c)
{
    g_autofree char *month =
        g_strdup_printf("%s-%04d-%02d", filing->month, c->year, c->month);
    g_autofree char *day = g_strdup_printf("%02d", c->day);
    return *filing->within
               ? g_build_filename(shelf->directory, month, filing->within, day,
                                  NULL)
               : g_build_filename(shelf->directory, month, day, NULL);
}

/* Its name tells all but two documents of one moment apart; of these, which
 * differ by a signature, the second has its hash in it. One that is there is
 * what an import wrote before it was killed. */
static char *name_for(const char *directory, const Filing *filing,
                      const Civil *c, const char *hash, GBytes *packed,
                      bool always_hash)
{
    g_autofree char *stem =
        g_strdup_printf("%04d-%02d-%02d-%02d-%02d-%02d%s", c->year, c->month,
                        c->day, c->hour, c->minute, c->second, filing->suffix);
    g_autofree char *name = g_strconcat(stem, ".xz", NULL);
    g_autofree char *path = g_build_filename(directory, name, NULL);
    if (!always_hash && (access(path, F_OK) != 0 || file_holds(path, packed)))
        return g_steal_pointer(&name);
    return g_strdup_printf("%s-%.*s.xz", stem, HASH_DIGITS, hash);
}

/* Write one file; returns its name. */
static char *write_text(Shelf *shelf, DocumentType type, uint32_t when,
                        const char *text, size_t length, GError **error)
{
    const Filing *filing = &FILINGS[type];
    Civil c = civil_from_instant(when, 0);
    uint8_t sha256[SHA256_BYTES];
    digest_sha256(text, length, sha256);
    g_autofree char *hash = hex_new(sha256, sizeof sha256);
    g_autofree char *directory = directory_for(shelf, filing, &c);
    bool is_many = type == DOCUMENT_DESCRIPTOR || type == DOCUMENT_MICRO;
    g_autoptr(GBytes) packed = pack_xz(text, length, error);
    if (!packed)
        return NULL;
    g_autofree char *name =
        name_for(directory, filing, &c, hash, packed, is_many);
    g_autofree char *path = g_build_filename(directory, name, NULL);
    if (!directory_ensure_readable(directory, error) ||
        !file_replace(path, g_bytes_get_data(packed, NULL),
                      g_bytes_get_size(packed), 0644, error))
        return NULL;
    shelf->count++;
    return g_steal_pointer(&name);
}

static GString *annotated(DocumentType type, const char *text, size_t length)
{
    GString *out = g_string_new(NULL);
    g_string_printf(out, "@type %s 1.0\n", FILINGS[type].type);
    g_string_append_len(out, text, (gssize)length);
    return out;
}

static bool put_now(Shelf *shelf, Facts *facts, const Document *document,
                    Text text, GError **error)
{
    g_autoptr(GString) out =
        annotated((DocumentType)document->type, text.at, text_length(&text));
    g_autofree char *name =
        write_text(shelf, (DocumentType)document->type, document->when,
                   out->str, out->len, error);
    return name && facts_has_document(facts, document->sha256, name);
}

static bool put_waiting(Queue *queue, const Document *document, Text text,
                        GError **error)
{
    size_t length = text_length(&text);
    if (queue->bytes->len + length > SHELF_WAITING_BYTES_MAX) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_LIMIT,
                            "not archived: more descriptors at once than are "
                            "kept in memory");
        return false;
    }
    Waiting waiting = {.at = queue->bytes->len, .length = length};
    memcpy(waiting.sha256, document->sha256, sizeof waiting.sha256);
    g_array_append_val(queue->all, waiting);
    g_byte_array_append(queue->bytes, (const uint8_t *)text.at, (guint)length);
    return true;
}

bool shelf_put(Shelf *shelf, Facts *facts, const Document *document, Text text,
               GError **error)
{
    switch ((DocumentType)document->type) {
    case DOCUMENT_CONSENSUS:
    case DOCUMENT_CONSENSUS_MICRO:
    case DOCUMENT_EXIT_LIST:
        return put_now(shelf, facts, document, text, error);
    case DOCUMENT_DESCRIPTOR:
        return put_waiting(&shelf->routers, document, text, error);
    case DOCUMENT_MICRO:
        return put_waiting(&shelf->micros, document, text, error);
    case DOCUMENT_TYPES:
        break;
    }
    g_assert_not_reached();
}

/* ---- descriptors ------------------------------------------------------- */

/* What became of a descriptor that waits. */
typedef enum { FATE_DROPPED, FATE_WRITTEN, FATE_CARRIED } Fate;

/* named: by document number. */
static Fate fate_of(const Facts *facts, const bool *named, const Waiting *one)
{
    uint32_t number = intern_find(facts->document_hashes, one->sha256, 0);
    if (number == NO_INDEX)
        return one->is_carried ? FATE_CARRIED : FATE_DROPPED;
    if (!one->is_carried && !(facts->news->data[number] & NEWS_READ))
        return FATE_DROPPED;
    if (named[number])
        return FATE_WRITTEN;
    return facts->held->data[number] ? FATE_DROPPED : FATE_CARRIED;
}

static const char *bytes_of(const Queue *queue, const Waiting *one)
{
    return (const char *)queue->bytes->data + one->at;
}

/* Those to be written, one after the other. */
static GString *text_of(const Queue *queue, const Fate *fates,
                        DocumentType type)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < queue->all->len; i++) {
        const Waiting *one = &g_array_index(queue->all, Waiting, i);
        if (fates[i] != FATE_WRITTEN)
            continue;
        g_string_append_printf(text, "@type %s 1.0\n", FILINGS[type].type);
        g_string_append_len(text, bytes_of(queue, one), (gssize)one->length);
    }
    return text;
}

/* Leave in the queue what is carried, the last of it if it is too much. */
static void carry(Queue *queue, const Fate *fates)
{
    Queue old = *queue;
    size_t bytes = 0;
    guint first = old.all->len;
    for (; first > 0 && bytes <= SHELF_CARRIED_BYTES_MAX; first--)
        if (fates[first - 1] == FATE_CARRIED)
            bytes += g_array_index(old.all, Waiting, first - 1).length;
    *queue = queue_new();
    for (guint i = first; i < old.all->len; i++) {
        const Waiting *one = &g_array_index(old.all, Waiting, i);
        Waiting next = *one;
        if (fates[i] != FATE_CARRIED)
            continue;
        next.at = queue->bytes->len;
        next.is_carried = true;
        g_byte_array_append(queue->bytes, (const uint8_t *)bytes_of(&old, one),
                            (guint)one->length);
        g_array_append_val(queue->all, next);
    }
    queue_clear(&old);
}

static bool write_queue(Shelf *shelf, Facts *facts, Queue *queue,
                        DocumentType type, GError **error)
{
    guint count = queue->all->len;
    g_autofree bool *named = facts_named_documents(facts);
    g_autofree Fate *fates = g_new0(Fate, count + 1);
    for (guint i = 0; i < count; i++)
        fates[i] =
            fate_of(facts, named, &g_array_index(queue->all, Waiting, i));
    g_autoptr(GString) text = text_of(queue, fates, type);
    g_autofree char *name = NULL;
    const GArray *hours = facts_layer(facts)->hours;
    if (text->len > 0) {
        uint32_t newest =
            g_array_index(hours, KnownHour, hours->len - 1).valid_after;
        name = write_text(shelf, type, newest, text->str, text->len, error);
        if (!name)
            return false;
    }
    for (guint i = 0; i < count; i++)
        if (fates[i] == FATE_WRITTEN)
            facts_has_document(
                facts, g_array_index(queue->all, Waiting, i).sha256, name);
    carry(queue, fates);
    return true;
}

bool shelf_finish(Shelf *shelf, Facts *facts, GError **error)
{
    facts_join(facts);
    return write_queue(shelf, facts, &shelf->routers, DOCUMENT_DESCRIPTOR,
                       error) &&
           write_queue(shelf, facts, &shelf->micros, DOCUMENT_MICRO, error);
}
