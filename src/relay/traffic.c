#include "relay/traffic.h"

#include "relay/sections.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"

#include <stdlib.h>
#include <string.h>

#define FILE_BYTES_MAX (256u << 20)

/* How far a day is believed. */
enum { WAITING, WAITING_OF_CACHE, BELIEVED };

typedef struct {
    uint8_t fingerprint[20], digest[20];
    uint32_t from, to;
    uint32_t ports; /* where they begin in the text */
    uint32_t state;
    uint32_t number; /* as they came; of a cache: 0 */
} Row;

/* Which descriptor names which extra-info. */
typedef struct {
    uint8_t digest[20]; /* of the extra-info */
    uint8_t sha256[32]; /* of the descriptor */
} Names;

/* A descriptor's own words. */
typedef struct {
    uint8_t fingerprint[20];
    bool is_stored; /* the descriptor is in the state, or will be */
    bool is_named;  /* by a verified consensus */
} Tie;

enum { TRAFFIC_ROWS, TRAFFIC_TEXT, TRAFFIC_NAMES, TRAFFIC_SECTIONS };

static const SectionLayout LAYOUT = {
    .magic = "EXDtraf\n",
    .version = 2,
    .count = TRAFFIC_SECTIONS,
    .item_bytes = {[TRAFFIC_ROWS] = sizeof(Row),
                   [TRAFFIC_TEXT] = 1,
                   [TRAFFIC_NAMES] = sizeof(Names)},
};

/* Version 1 had rows without numbers and did not keep who names them. */
#define ROW_1_BYTES offsetof(Row, number)
static const SectionLayout LAYOUT_1 = {
    .magic = "EXDtraf\n",
    .version = 1,
    .count = TRAFFIC_NAMES,
    .item_bytes = {[TRAFFIC_ROWS] = ROW_1_BYTES, [TRAFFIC_TEXT] = 1},
};

struct Traffic {
    GArray *rows;     /* of Row; when loaded by fingerprint and from */
    Intern *known;    /* digests, by row */
    Intern *texts;    /* numbers while in memory */
    Intern *ties;     /* Names of descriptors */
    GArray *tie_rows; /* of Tie, by number */
    uint32_t count;   /* the next row's number */
};

static Traffic *traffic_new(void)
{
    Traffic *traffic = g_new0(Traffic, 1);
    traffic->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    traffic->known = intern_new(20);
    traffic->texts = intern_new(0);
    traffic->ties = intern_new(sizeof(Names));
    traffic->tie_rows = g_array_new(FALSE, FALSE, sizeof(Tie));
    return traffic;
}

void traffic_free(Traffic *traffic)
{
    if (!traffic)
        return;
    g_array_unref(traffic->rows);
    intern_free(traffic->known);
    intern_free(traffic->texts);
    intern_free(traffic->ties);
    g_array_unref(traffic->tie_rows);
    g_free(traffic);
}

static Row *row_at(const Traffic *traffic, guint i)
{
    return &g_array_index(traffic->rows, Row, i);
}

static bool fill_rows(Traffic *traffic, const Section *s, size_t row_bytes)
{
    const char *text = s[TRAFFIC_TEXT].items;
    size_t length = s[TRAFFIC_TEXT].count;
    if (s[TRAFFIC_ROWS].count > TRAFFIC_MAX ||
        (length > 0 && text[length - 1] != 0))
        return false;
    for (size_t i = 0; i < s[TRAFFIC_ROWS].count; i++) {
        Row row = {.number = (uint32_t)i};
        memcpy(&row, (const char *)s[TRAFFIC_ROWS].items + i * row_bytes,
               row_bytes);
        if (row.ports >= length || row.number >= TRAFFIC_MAX)
            return false;
        const char *ports = text + row.ports;
        row.ports = intern_put(traffic->texts, ports, strlen(ports));
        if (intern_put(traffic->known, row.digest, 0) != traffic->rows->len)
            return false;
        traffic->count = MAX(traffic->count, row.number + 1);
        g_array_append_val(traffic->rows, row);
    }
    return true;
}

static bool fill_names(Traffic *traffic, const Section *names)
{
    for (size_t i = 0; i < names->count; i++) {
        const Names *one = (const Names *)names->items + i;
        uint32_t row = intern_find(traffic->known, one->digest, 0);
        if (row == NO_INDEX ||
            intern_put(traffic->ties, one, 0) != traffic->tie_rows->len)
            return false;
        Tie tie = {.is_stored = true};
        memcpy(tie.fingerprint, row_at(traffic, row)->fingerprint,
               sizeof tie.fingerprint);
        g_array_append_val(traffic->tie_rows, tie);
    }
    return true;
}

static bool unpack(Traffic *traffic, GBytes *bytes, const char *path,
                   GError **error)
{
    Section sections[TRAFFIC_SECTIONS] = {0};
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    bool is_old = sections_version(data, length) == LAYOUT_1.version;
    if (!sections_open(is_old ? &LAYOUT_1 : &LAYOUT, data, length, path,
                       sections, error) ||
        !sections_verify(data, length, path, error))
        return false;
    if (fill_rows(traffic, sections, is_old ? ROW_1_BYTES : sizeof(Row)) &&
        fill_names(traffic, &sections[TRAFFIC_NAMES]))
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "%s is damaged (numbers do not fit): remove it and import "
                "again",
                path);
    return false;
}

Traffic *traffic_load(const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, TRAFFIC_NAME, NULL);
    g_autoptr(Traffic) traffic = traffic_new();
    g_autoptr(GError) cause = NULL;
    g_autoptr(GBytes) bytes = file_read(path, FILE_BYTES_MAX, &cause);
    if (!bytes && g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING))
        return g_steal_pointer(&traffic);
    if (!bytes) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    return unpack(traffic, bytes, path, error) ? g_steal_pointer(&traffic)
                                               : NULL;
}

bool traffic_put(Traffic *traffic, const TrafficDay *day, bool is_cached)
{
    uint32_t known = intern_find(traffic->known, day->digest, 0);
    if (known != NO_INDEX) {
        Row *row = row_at(traffic, known);
        if (row->state == WAITING_OF_CACHE && !is_cached) {
            row->state = WAITING;
            row->number = traffic->count++;
        }
        return false;
    }
    if (traffic->rows->len >= TRAFFIC_MAX)
        return false;
    Row row = {
        .from = day->from,
        .to = day->to,
        .ports = intern_put(traffic->texts, day->ports, strlen(day->ports)),
        .state = is_cached ? WAITING_OF_CACHE : WAITING,
        .number = is_cached ? 0 : traffic->count++,
    };
    memcpy(row.fingerprint, day->fingerprint, sizeof row.fingerprint);
    memcpy(row.digest, day->digest, sizeof row.digest);
    intern_put(traffic->known, day->digest, 0);
    g_array_append_val(traffic->rows, row);
    return true;
}

/* The hex digits behind a keyword and blank at the beginning of a line, with or without
 * "opt" before it. */
static bool find_hex(Text document, const char *pattern, uint8_t out[20])
{
    const char *at =
        memmem(document.at, text_length(&document), pattern, strlen(pattern));
    if (!at || at == document.at || (at[-1] != '\n' && at[-1] != ' '))
        return false;
    char hex[41] = "";
    guint length = 0;
    for (at += strlen(pattern); at < document.end && *at != '\n' && length < 40;
         at++)
        if (g_ascii_isxdigit(*at))
            hex[length++] = *at;
        else if (*at != ' ')
            break;
    return hex_parse(hex, out, 20);
}

void traffic_put_descriptor(Traffic *traffic, Text document,
                            const uint8_t sha256[32])
{
    Names names;
    Tie tie = {.is_named = false};
    if (!find_hex(document, "extra-info-digest ", names.digest) ||
        !find_hex(document, "fingerprint ", tie.fingerprint))
        return;
    bool is_known = intern_find(traffic->known, names.digest, 0) != NO_INDEX;
    if (traffic->tie_rows->len >= (is_known ? 2 : 1) * TRAFFIC_TIE_MAX)
        return;
    memcpy(names.sha256, sha256, sizeof names.sha256);
    if (intern_put(traffic->ties, &names, 0) == traffic->tie_rows->len)
        g_array_append_val(traffic->tie_rows, tie);
}

/* ---- joining ----------------------------------------------------------- */

/* The extra-info that a descriptor names, if it is that relay's; or NULL. */
static Row *row_of_tie(const Traffic *traffic, guint number)
{
    const Tie *tie = &g_array_index(traffic->tie_rows, Tie, number);
    const Names *names = intern_at(traffic->ties, number);
    uint32_t row = intern_find(traffic->known, names->digest, 0);
    return row != NO_INDEX && memcmp(row_at(traffic, row)->fingerprint,
                                     tie->fingerprint, 20) == 0
               ? row_at(traffic, row)
               : NULL;
}

/* Once named is named: the facts may be those of another stage next time. What
 * only a tor's cache had is not stored unless it is named. */
static void look_up_ties(Traffic *traffic, const Facts *facts)
{
    g_autofree bool *named = facts_named_documents(facts);
    for (guint i = 0; i < traffic->tie_rows->len; i++) {
        Tie *tie = &g_array_index(traffic->tie_rows, Tie, i);
        const Names *names = intern_at(traffic->ties, i);
        uint32_t document =
            intern_find(facts->document_hashes, names->sha256, 0);
        if (document == NO_INDEX)
            continue;
        tie->is_named |= named[document];
        tie->is_stored |= named[document] || !facts->held->data[document];
    }
}

static void join(Traffic *traffic, const Facts *facts)
{
    look_up_ties(traffic, facts);
    for (guint i = 0; i < traffic->tie_rows->len; i++) {
        Row *row = row_of_tie(traffic, i);
        if (!row || row->state == BELIEVED ||
            !g_array_index(traffic->tie_rows, Tie, i).is_named)
            continue;
        row->state = BELIEVED;
    }
}

uint32_t traffic_count(const Traffic *traffic)
{
    return traffic->count;
}

GArray *traffic_wanted(const Traffic *traffic)
{
    g_autofree bool *is_named = g_new0(bool, traffic->rows->len + 1);
    GArray *wanted = g_array_new(FALSE, TRUE, sizeof(uint32_t));
    for (guint i = 0; i < traffic->tie_rows->len; i++) {
        const Row *row = row_of_tie(traffic, i);
        if (row)
            is_named[row - row_at(traffic, 0)] = true;
    }
    for (guint i = 0; i < traffic->rows->len; i++) {
        const Row *row = row_at(traffic, i);
        if (row->state != WAITING || is_named[i])
            continue;
        guint day = row->to / 86400;
        if (day >= wanted->len)
            g_array_set_size(wanted, day + 1);
        uint32_t *highest = &g_array_index(wanted, uint32_t, day);
        *highest = MAX(*highest, row->number + 1);
    }
    return wanted;
}

bool traffic_is_wanted(const GArray *wanted, uint32_t first, uint32_t last,
                       uint32_t known)
{
    uint32_t day = first / 86400;
    day -= MIN(day, TRAFFIC_DAYS_AFTER);
    for (; day <= last / 86400 && day < wanted->len; day++)
        if (g_array_index(wanted, uint32_t, day) > known)
            return true;
    return false;
}

static int compare_rows(const void *a, const void *b)
{
    const Row *ra = a, *rb = b;
    int order = memcmp(ra->fingerprint, rb->fingerprint, 20);
    if (order == 0 && ra->from != rb->from)
        order = ra->from < rb->from ? -1 : 1;
    return order ? order : memcmp(ra->digest, rb->digest, 20);
}

/* What is kept, in one order, with places of texts for their numbers. */
static GArray *rows_to_write(const Traffic *traffic, GString *text)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(Row));
    for (guint i = 0; i < traffic->rows->len; i++)
        if (row_at(traffic, i)->state != WAITING_OF_CACHE)
            g_array_append_vals(rows, row_at(traffic, i), 1);
    if (rows->len > 0)
        qsort(rows->data, rows->len, sizeof(Row), compare_rows);
    g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < rows->len; i++) {
        Row *row = &g_array_index(rows, Row, i);
        gpointer key = GUINT_TO_POINTER(row->ports + 1), place;
        if (!g_hash_table_lookup_extended(places, key, NULL, &place)) {
            place = GUINT_TO_POINTER((guint)text->len);
            g_hash_table_insert(places, key, place);
            const char *ports = intern_at(traffic->texts, row->ports);
            g_string_append_len(text, ports, (gssize)strlen(ports) + 1);
        }
        row->ports = GPOINTER_TO_UINT(place);
    }
    return rows;
}

static int compare_names(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(Names));
}

/* Who names what waits for a consensus, in one order. What is too much is read
 * again when it is wanted. */
static GArray *names_to_write(const Traffic *traffic)
{
    GArray *names = g_array_new(FALSE, FALSE, sizeof(Names));
    for (guint i = 0; i < traffic->tie_rows->len && names->len < TRAFFIC_MAX;
         i++) {
        const Row *row = row_of_tie(traffic, i);
        if (row && row->state == WAITING &&
            g_array_index(traffic->tie_rows, Tie, i).is_stored)
            g_array_append_vals(names, intern_at(traffic->ties, i), 1);
    }
    g_array_sort(names, compare_names);
    return names;
}

bool traffic_save(Traffic *traffic, const Facts *facts, const char *directory,
                  GError **error)
{
    if (traffic->tie_rows->len > 0)
        join(traffic, facts);
    if (traffic->rows->len == 0)
        return true;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GArray) rows = rows_to_write(traffic, text);
    g_autoptr(GArray) names = names_to_write(traffic);
    if (rows->len == 0)
        return true;
    Section sections[TRAFFIC_SECTIONS] = {
        [TRAFFIC_ROWS] = {rows->data, rows->len},
        [TRAFFIC_TEXT] = {text->str, text->len},
        [TRAFFIC_NAMES] = {names->data, names->len},
    };
    g_autofree char *path = g_build_filename(directory, TRAFFIC_NAME, NULL);
    return sections_stand(&LAYOUT, sections, path) ||
           sections_replace(&LAYOUT, sections, path, error);
}

/* ---- questions --------------------------------------------------------- */

const char *traffic_ports(const Traffic *traffic, const uint8_t fingerprint[20],
                          Interval when)
{
    guint low = 0, high = traffic->rows->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (memcmp(row_at(traffic, middle)->fingerprint, fingerprint, 20) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < traffic->rows->len; low++) {
        const Row *row = row_at(traffic, low);
        if (memcmp(row->fingerprint, fingerprint, 20) != 0)
            return NULL;
        if (row->state == BELIEVED && (Instant)row->from <= when.to &&
            (Instant)row->to >= when.from)
            return intern_at(traffic->texts, row->ports);
    }
    return NULL;
}

bool traffic_has_port(const char *ports, int port)
{
    while (*ports) {
        if (atoi(ports) == port && g_ascii_isdigit(*ports))
            return true;
        ports += strcspn(ports, ",");
        ports += *ports == ',';
    }
    return false;
}

uint64_t traffic_days(const Traffic *traffic)
{
    uint64_t days = 0;
    for (guint i = 0; i < traffic->rows->len; i++)
        days += row_at(traffic, i)->state == BELIEVED;
    return days;
}
