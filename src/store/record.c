/*
 * The record: what happened in each case, in an order nobody can change
 * unnoticed.
 *
 * Every entry's hash covers the one before it in the whole store, so an edit,
 * a removal or a swap breaks the chain at that place:
 *
 *   commitment = SHA-256 over the pieces  tag, salt, what, detail
 *   hash       = SHA-256 over the pieces  tag, hash before, sequence, about,
 *                                         number, at, kind, commitment
 *
 * (pieces as digest_pieces() joins them: each with its length as u64 before
 * it; numbers as 8 bytes, little endian; a missing detail as no bytes; before
 * the first entry 32 zero bytes). what and detail may hold personal data: they
 * enter by a commitment with 16 random bytes, so that erasing them one day
 * leaves a chain that still proves itself and tells nobody what they were.
 * The last hash is kept once more in fact, which shows a cut-off end.
 *
 * A chain on one disk proves only that nobody edited carelessly: who owns the
 * disk can compute it anew. It becomes evidence with checkpoints that leave
 * the machine; those are not here.
 */
#include "store/record.h"

#include "base/digest.h"
#include "base/errors.h"
#include "store/cases.h"

#include <string.h>

#define ENTRY_TAG      "exitdesk record 1"
#define COMMITMENT_TAG "exitdesk detail 1"
#define SALT_BYTES     16
#define HEAD           "record-head"

/* One row, as the hash sees it. */
typedef struct {
    int64_t sequence, number;
    Instant at;
    const char *about, *kind, *what, *detail;
    uint8_t salt[SALT_BYTES];
} Entry;

static DigestPiece text_piece(const char *text)
{
    return (DigestPiece){text ? text : "", text ? strlen(text) : 0};
}

static void entry_hash(const Entry *entry,
                       const uint8_t before[RECORD_HASH_BYTES],
                       uint8_t out[RECORD_HASH_BYTES])
{
    uint8_t commitment[RECORD_HASH_BYTES];
    const DigestPiece inner[] = {
        text_piece(COMMITMENT_TAG),
        {entry->salt, SALT_BYTES},
        text_piece(entry->what),
        text_piece(entry->detail),
    };
    digest_pieces(inner, G_N_ELEMENTS(inner), commitment);
    int64_t sequence = GINT64_TO_LE(entry->sequence);
    int64_t number = GINT64_TO_LE(entry->number);
    int64_t at = GINT64_TO_LE(entry->at);
    const DigestPiece pieces[] = {
        text_piece(ENTRY_TAG),        {before, RECORD_HASH_BYTES},
        {&sequence, sizeof sequence}, text_piece(entry->about),
        {&number, sizeof number},     {&at, sizeof at},
        text_piece(entry->kind),      {commitment, sizeof commitment},
    };
    digest_pieces(pieces, G_N_ELEMENTS(pieces), out);
}

static bool copy_hash(Query *query, uint8_t out[RECORD_HASH_BYTES])
{
    g_autoptr(GBytes) bytes = query_get_bytes(query);
    if (g_bytes_get_size(bytes) != RECORD_HASH_BYTES)
        return false;
    memcpy(out, g_bytes_get_data(bytes, NULL), RECORD_HASH_BYTES);
    return true;
}

/* ---- appending -------------------------------------------------------- */

/* The place behind the last entry: its sequence, number and the hash before
 * it (zeros for the first). */
static bool find_end(Store *store, Entry *entry,
                     uint8_t before[RECORD_HASH_BYTES], GError **error)
{
    g_auto(Query) last = query_new(store, SQL_RECORD_LAST);
    bool found;
    if (!query_one(&last, &found, error))
        return false;
    memset(before, 0, RECORD_HASH_BYTES);
    entry->sequence = 1;
    if (found) {
        entry->sequence = query_get_number(&last) + 1;
        copy_hash(&last, before);
    }
    g_auto(Query) count = query_new(store, SQL_RECORD_COUNT);
    query_put_text(&count, entry->about);
    if (!query_one(&count, &found, error))
        return false;
    entry->number = query_get_number(&count) + 1;
    return true;
}

static bool add_entry(Store *store, const Entry *entry,
                      const uint8_t hash[RECORD_HASH_BYTES], GError **error)
{
    g_auto(Query) query = query_new(store, SQL_RECORD_ADD);
    query_put_number(&query, entry->sequence);
    query_put_text(&query, entry->about);
    query_put_number(&query, entry->number);
    query_put_number(&query, entry->at);
    query_put_text(&query, entry->kind);
    query_put_bytes(&query, entry->salt, SALT_BYTES);
    query_put_text(&query, entry->what);
    query_put_text(&query, entry->detail);
    query_put_bytes(&query, hash, RECORD_HASH_BYTES);
    if (!query_run(&query, NULL, error))
        return false;
    g_auto(Query) head = query_new(store, SQL_FACT_SET);
    query_put_text(&head, HEAD);
    query_put_bytes(&head, hash, RECORD_HASH_BYTES);
    return query_run(&head, NULL, error);
}

bool record_append(Store *store, const char *about, Instant at,
                   const char *kind, const char *detail, GError **error,
                   const char *what, ...)
{
    g_assert(store->in_transaction);
    va_list arguments;
    va_start(arguments, what);
    g_autofree char *sentence = g_strdup_vprintf(what, arguments);
    va_end(arguments);
    Entry entry = {.about = about,
                   .at = at,
                   .kind = kind,
                   .what = sentence,
                   .detail = detail};
    random_fill(entry.salt, SALT_BYTES);
    uint8_t before[RECORD_HASH_BYTES], hash[RECORD_HASH_BYTES];
    if (!find_end(store, &entry, before, error))
        return false;
    entry_hash(&entry, before, hash);
    return add_entry(store, &entry, hash, error);
}

/* ---- reading ---------------------------------------------------------- */

void record_entry_free(RecordEntry *entry)
{
    if (!entry)
        return;
    g_free(entry->kind);
    g_free(entry->what);
    g_free(entry->detail);
    g_free(entry->hash);
    g_free(entry);
}

/* One row with what the chain says about it. */
typedef struct {
    Entry entry;
    char *about, *kind, *what, *detail;
    uint8_t hash[RECORD_HASH_BYTES];
    bool fits;
} Walk;

static void walk_clear(Walk *walk)
{
    g_clear_pointer(&walk->about, g_free);
    g_clear_pointer(&walk->kind, g_free);
    g_clear_pointer(&walk->what, g_free);
    g_clear_pointer(&walk->detail, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Walk, walk_clear)

/* The columns of SQL_RECORD_WALK and SQL_RECORD_OF. */
static void walk_read(Walk *walk, Query *query,
                      const uint8_t before[RECORD_HASH_BYTES])
{
    walk_clear(walk);
    Entry *entry = &walk->entry;
    entry->sequence = query_get_number(query);
    entry->about = walk->about = query_get_text(query);
    entry->number = query_get_number(query);
    entry->at = query_get_number(query);
    entry->kind = walk->kind = query_get_text(query);
    g_autoptr(GBytes) salt = query_get_bytes(query);
    entry->what = walk->what = query_get_text(query);
    entry->detail = walk->detail = query_get_text(query);
    walk->fits =
        copy_hash(query, walk->hash) && g_bytes_get_size(salt) == SALT_BYTES;
    if (!walk->fits)
        return;
    memcpy(entry->salt, g_bytes_get_data(salt, NULL), SALT_BYTES);
    uint8_t expected[RECORD_HASH_BYTES];
    entry_hash(entry, before, expected);
    walk->fits = digest_is_equal(expected, walk->hash, RECORD_HASH_BYTES);
}

GPtrArray *record_of(Store *store, const char *about, GError **error)
{
    g_autoptr(GPtrArray) entries =
        g_ptr_array_new_with_free_func((GDestroyNotify)record_entry_free);
    g_auto(Query) query = query_new(store, SQL_RECORD_OF);
    query_put_text(&query, about);
    g_auto(Walk) walk = {0};
    g_autoptr(GError) cause = NULL;
    while (query_next(&query, &cause)) {
        uint8_t before[RECORD_HASH_BYTES] = {0};
        bool has_before = copy_hash(&query, before);
        walk_read(&walk, &query, before);
        RecordEntry *entry = g_new0(RecordEntry, 1);
        entry->number = walk.entry.number;
        entry->at = walk.entry.at;
        entry->kind = g_steal_pointer(&walk.kind);
        entry->what = g_steal_pointer(&walk.what);
        entry->detail = g_steal_pointer(&walk.detail);
        entry->hash = hex_new(walk.hash, RECORD_HASH_BYTES);
        entry->is_unbroken = walk.fits && has_before;
        g_ptr_array_add(entries, entry);
    }
    if (!cause)
        return g_steal_pointer(&entries);
    g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
}

static bool fail_at(const Walk *walk, const char *why, GError **error)
{
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "the record is broken at entry %" G_GINT64_FORMAT
                " (%s, its entry %" G_GINT64_FORMAT "): %s",
                walk->entry.sequence, walk->about, walk->entry.number, why);
    return false;
}

static bool check_head(Store *store, const uint8_t last[RECORD_HASH_BYTES],
                       int64_t count, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_FACT);
    query_put_text(&query, HEAD);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    uint8_t head[RECORD_HASH_BYTES];
    if (!found && count == 0)
        return true;
    if (found && copy_hash(&query, head) &&
        digest_is_equal(head, last, RECORD_HASH_BYTES))
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "the record is broken behind entry %" G_GINT64_FORMAT
                ": its end is missing",
                count);
    return false;
}

static bool walk_all(Store *store, uint8_t last[RECORD_HASH_BYTES],
                     int64_t *count, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_RECORD_WALK);
    g_auto(Walk) walk = {0};
    g_autoptr(GError) cause = NULL;
    while (query_next(&query, &cause)) {
        walk_read(&walk, &query, last);
        if (walk.entry.sequence != ++*count)
            return fail_at(&walk, "an entry before it is missing", error);
        if (!walk.fits)
            return fail_at(&walk, "it does not fit its hash", error);
        memcpy(last, walk.hash, RECORD_HASH_BYTES);
    }
    if (!cause)
        return true;
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

bool store_verify_record(Store *store, GError **error)
{
    if (!snapshot_begin(store, error))
        return false;
    uint8_t last[RECORD_HASH_BYTES] = {0};
    int64_t count = 0;
    bool unbroken = walk_all(store, last, &count, error) &&
                    check_head(store, last, count, error);
    return snapshot_end(store, unbroken ? error : NULL) && unbroken;
}
