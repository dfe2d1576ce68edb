#include "incident/calendar.h"

#include <string.h>

#define NAME_BYTES_MAX 32

/* One hash per table, built at first use; calendar_read stays a look-up. */
static gpointer months_load(gpointer unused)
{
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);
    for (const CalendarName *row = CALENDAR_MONTHS; row->name; row++)
        g_hash_table_insert(names, (gpointer)row->name, (gpointer)row);
    return names;
}

static gpointer weekdays_load(gpointer unused)
{
    GHashTable *names = g_hash_table_new(g_str_hash, g_str_equal);
    for (const CalendarName *row = CALENDAR_WEEKDAYS; row->name; row++)
        g_hash_table_insert(names, (gpointer)row->name, (gpointer)row);
    return names;
}

size_t calendar_read(Cursor in, size_t at, const CalendarName *table,
                     int *number)
{
    static GOnce months = G_ONCE_INIT, weekdays = G_ONCE_INIT;
    char name[NAME_BYTES_MAX];
    size_t length = 0;
    while (length < sizeof name - 1) {
        unsigned char c = cursor_at(in, at + length);
        bool hyphen = c == '-' && cursor_has(in, at + length, "-feira");
        if (!g_ascii_isalpha(c) && !hyphen &&
            (c < 0x80 || cursor_blank(in, at + length) > 0))
            break;
        name[length++] = (char)c;
    }
    name[length] = 0;
    if (length < 2)
        return 0;
    GHashTable *names = table == CALENDAR_MONTHS
                            ? g_once(&months, months_load, NULL)
                            : g_once(&weekdays, weekdays_load, NULL);
    const CalendarName *row = g_hash_table_lookup(names, name);
    if (!row)
        return 0;
    *number = row->number;
    size_t end = at + length;
    return cursor_at(in, end) == '.' ? end + 1 : end;
}
