#include "incident/calendar.h"

#include <string.h>

#define NAME_BYTES_MAX 40

/* One hash per kind, built at first use; calendar_read stays a look-up. */
static GHashTable *names_load(const CalendarLanguage *table, int first)
{
    GHashTable *names =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (const CalendarLanguage *row = table; row->language; row++)
        for (int i = 0; i < 12 && row->names[i]; i++) {
            g_auto(GStrv) spellings = g_strsplit(row->names[i], " ", -1);
            for (guint s = 0; spellings[s]; s++)
                g_hash_table_insert(names, g_strdup(spellings[s]),
                                    GINT_TO_POINTER(first + i));
        }
    return names;
}

static gpointer months_load(gpointer unused)
{
    return names_load(CALENDAR_MONTH_NAMES, 1);
}

static gpointer weekdays_load(gpointer unused)
{
    return names_load(CALENDAR_WEEKDAY_NAMES, 0);
}

/* Is the mark at a place inside of a name: "terça-feira", "п'ятниця"? */
static bool is_inner_mark(Cursor in, size_t at)
{
    static const char *const INNER[] = {"-feira", "'ятниц", "’ятниц"};
    for (size_t i = 0; i < G_N_ELEMENTS(INNER); i++)
        if (cursor_has(in, at, INNER[i]))
            return true;
    return false;
}

size_t calendar_read(Cursor in, size_t at, CalendarKind kind, int *number)
{
    static GOnce months = G_ONCE_INIT, weekdays = G_ONCE_INIT;
    char name[NAME_BYTES_MAX];
    size_t length = 0;
    while (length < sizeof name - 1) {
        unsigned char c = cursor_at(in, at + length);
        if (!g_ascii_isalpha(c) && !is_inner_mark(in, at + length) &&
            (c < 0x80 || cursor_blank(in, at + length) > 0))
            break;
        name[length++] = (char)c;
    }
    name[length] = 0;
    if (length < 2)
        return 0;
    GHashTable *names = kind == CALENDAR_MONTHS
                            ? g_once(&months, months_load, NULL)
                            : g_once(&weekdays, weekdays_load, NULL);
    gpointer found;
    if (!g_hash_table_lookup_extended(names, name, NULL, &found))
        return 0;
    *number = GPOINTER_TO_INT(found);
    size_t end = at + length;
    return cursor_at(in, end) == '.' ? end + 1 : end;
}
