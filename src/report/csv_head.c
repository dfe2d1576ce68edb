/*
 * Reading one head: a zone behind the name ("Timestamp (UTC+8)",
 * "last_seen_utc") is cut off and kept, and the name alone is looked up, unless
 * the whole is a name of its own.
 */
#include "report/csv_heads.h"

#include <glib.h>
#include <string.h>

#define HEAD_BYTES_MAX 80 /* longer ones are no head of a column */

char *csv_head_new_key(const char *text, size_t length)
{
    g_autofree char *lower = g_utf8_strdown(text, (gssize)length);
    GString *key = g_string_new(NULL);
    for (const char *at = lower; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (g_unichar_isalnum(c))
            g_string_append_unichar(key, c);
    }
    return g_string_free(key, FALSE);
}

static const CsvHeadRow *find_row(const char *key)
{
    static GHashTable *rows;
    if (g_once_init_enter(&rows)) {
        GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);
        for (const CsvHeadRow *row = CSV_HEADS; row->key; row++)
            g_hash_table_insert(table, (char *)row->key, (CsvHeadRow *)row);
        g_once_init_leave(&rows, table);
    }
    return g_hash_table_lookup(rows, key);
}

/* Does a zone begin here: "UTC", "GMT+8", "CEST", "+02:00"? Only words that
 * are no part of a column's name. */
static bool begins_zone(const char *at, const char *end)
{
    static const char *const ZONES[] = {
        "utc", "gmt", "cet", "cest", "msk", "edt", "est", "pdt", "pst",  "cdt",
        "cst", "mdt", "mst", "jst",  "kst", "ist", "bst", "eet", "eest", "wib"};
    if (end - at >= 3 && (*at == '+' || *at == '-') && g_ascii_isdigit(at[1]))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(ZONES); i++) {
        size_t length = strlen(ZONES[i]);
        if ((size_t)(end - at) >= length &&
            g_ascii_strncasecmp(at, ZONES[i], length) == 0 &&
            ((size_t)(end - at) == length || !g_ascii_isalpha(at[length])))
            return true;
    }
    return false;
}

/* Where the zone in a head begins: behind a blank or underscore if it is one of
 * the well-known, behind a bracket whatever stands there ("MESZ", "Europe/
 * Berlin"): incident/ knows all zones and takes no other word for one. */
static const char *find_zone(const char *text, const char *end)
{
    for (const char *at = text + 1; at < end; at++) {
        bool is_bracket = at[-1] == '(' || at[-1] == '[';
        if (!is_bracket && at[-1] != ' ' && at[-1] != '_' && at[-1] != '-' &&
            at[-1] != '/')
            continue;
        if (is_bracket || begins_zone(at, end))
            return at;
    }
    return NULL;
}

Head csv_head_read(const char *text, size_t length)
{
    Head head = {.meaning = HEAD_NONE};
    if (length == 0 || length > HEAD_BYTES_MAX)
        return head;
    const char *end = text + length, *zone = find_zone(text, end);
    g_autofree char *whole = csv_head_new_key(text, length);
    const CsvHeadRow *row = find_row(whole);
    if (!row && zone) {
        g_autofree char *key = csv_head_new_key(text, (size_t)(zone - text));
        row = find_row(key);
    }
    if (!row)
        return head;
    head.meaning = row->meaning;
    head.rank = row->rank;
    bool is_time = row->meaning == HEAD_TIME || row->meaning == HEAD_TIME_LAST;
    if (is_time && !zone && begins_zone(text, end))
        zone = text;
    if (is_time && zone) {
        head.zone_at = (size_t)(zone - text);
        head.zone_length = length - head.zone_at;
        while (head.zone_length > 0 &&
               strchr(")] ", text[head.zone_at + head.zone_length - 1]))
            head.zone_length--;
    }
    return head;
}
