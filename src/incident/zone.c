/*
 * Reading a zone at a place.
 *
 *   zone   := core [comment]
 *   core   := number | name [blank] number | name | tz-name | phrase
 *   number := sign hh[[:]mm], a blank after the sign is allowed after a name
 *   name   := an abbreviation of the table, in capitals ("est" is French)
 *   comment:= "(" core ")" | core, as in "+0200 (CEST)", "-04:00 EDT"
 *
 * A number wins over a name beside it: "GMT-0400 (EDT)". Where the two do not
 * agree ("-0000 (EST)") both are kept, the number first, and the zone says
 * that it contradicts itself.
 *
 * Right after a time "+01" is a zone; in the middle of a sentence it is not:
 * the caller says where it looks (ZonePlace).
 */
#include "incident/zone.h"

#include <string.h>

#define NAME_MAX_BYTES 40

static GHashTable *rules_by_name; /* folded name -> GTimeZone; never freed */

static gpointer rules_load(gpointer unused)
{
    GHashTable *table = g_hash_table_new(g_str_hash, g_str_equal);
    for (const char *const *name = ZONE_NAMES; *name; name++) {
        GTimeZone *rules = g_time_zone_new_identifier(*name);
        if (rules)
            g_hash_table_insert(table, g_ascii_strdown(*name, -1), rules);
    }
    rules_by_name = table;
    return table;
}

void zone_prepare(void)
{
    static GOnce once = G_ONCE_INIT;
    g_once(&once, rules_load, NULL);
}

GTimeZone *zone_rules(const char *name, size_t length)
{
    char folded[NAME_MAX_BYTES];
    if (length >= sizeof folded)
        return NULL;
    for (size_t i = 0; i < length; i++)
        folded[i] = g_ascii_tolower(name[i]);
    folded[length] = 0;
    zone_prepare();
    return g_hash_table_lookup(rules_by_name, folded);
}

static void zone_set(Zone *zone, int offset_s)
{
    zone->is_known = true;
    zone->count = 1;
    zone->offsets_s[0] = offset_s;
}

/* Digits after a sign: "0100", "01:00", "1:30", "01", "1"; the place after
 * them or 0. Only the long forms stand alone (is_loose false). */
static size_t hours_read(Cursor in, size_t at, bool is_loose, int *seconds)
{
    long hours, minutes = 0;
    size_t digits = cursor_number(in, at, 4, &hours);
    size_t end = at + digits;
    if (digits == 4 || digits == 3) {
        minutes = hours % 100;
        hours /= 100;
    } else if (digits > 0 && cursor_at(in, end) == ':' &&
               cursor_number(in, end + 1, 2, &minutes) == 2) {
        end += 3;
    } else if (digits == 0 || !is_loose) {
        return 0;
    } else if (cursor_at(in, end) == '.' &&
               (cursor_has(in, end, ".5") || cursor_has(in, end, ".0")) &&
               !g_ascii_isdigit(cursor_at(in, end + 2))) {
        minutes = cursor_at(in, end + 1) == '5' ? 30 : 0;
        end += 2;
    }
    unsigned char next = cursor_at(in, end);
    bool goes_on = (next == '.' || next == ':' || next == '/') &&
                   g_ascii_isdigit(cursor_at(in, end + 1));
    if (g_ascii_isdigit(next) || goes_on || next == '%' || hours > 14 ||
        minutes % 15 != 0 || minutes > 45)
        return 0;
    *seconds = (int)(hours * 3600 + minutes * 60);
    return end;
}

/* Sign and hours. U+2212 and the en dash are minus signs of word processors. */
static size_t number_read(Cursor in, size_t at, bool is_loose, bool may_blank,
                          int *offset_s)
{
    int sign = 0;
    size_t digits = at + 1;
    if (cursor_at(in, at) == '+')
        sign = 1;
    else if (cursor_at(in, at) == '-')
        sign = -1;
    else if (cursor_has(in, at, "\xe2\x88\x92") ||
             cursor_has(in, at, "\xe2\x80\x93"))
        sign = -1, digits = at + 3;
    else
        return 0;
    if (may_blank)
        digits = cursor_skip_blanks(in, digits, 2);
    int seconds;
    size_t end = hours_read(in, digits, is_loose, &seconds);
    if (end == 0 || sign * seconds < ZONE_OFFSET_MIN_S ||
        sign * seconds > ZONE_OFFSET_MAX_S)
        return 0;
    *offset_s = sign * seconds;
    return end;
}

static bool is_name_end(Cursor in, size_t at)
{
    return !g_ascii_isalnum(cursor_at(in, at)) && cursor_at(in, at) < 0x80;
}

/* Skip "offset:", "offset of", "time", "format" between UTC and its number. */
static size_t skip_offset_words(Cursor in, size_t at)
{
    static const char *const WORDS[] = {"offset", "Offset", "of",
                                        "is",     ":",      "="};
    for (int i = 0; i < 3; i++) {
        size_t next = cursor_skip_blanks(in, at, 2);
        for (size_t w = 0; w < G_N_ELEMENTS(WORDS); w++)
            if (cursor_has(in, next, WORDS[w])) {
                at = next + strlen(WORDS[w]);
                break;
            }
    }
    return at;
}

/* "UTC", "GMT+8", "UTC offset: -05:00", "EST", "gmt". */
static size_t abbreviation_read(Cursor in, size_t at, Zone *zone)
{
    char name[6];
    size_t length = 0;
    while (length < sizeof name - 1 &&
           g_ascii_isalpha(cursor_at(in, at + length))) {
        name[length] = in.text[at + length];
        length++;
    }
    name[length] = 0;
    if (length < 2 || !is_name_end(in, at + length))
        return 0;
    bool is_lower = g_ascii_islower(name[0]) || g_ascii_islower(name[1]);
    for (size_t i = 0; i < length; i++)
        name[i] = g_ascii_toupper(name[i]);
    bool is_utc = strcmp(name, "UTC") == 0 || strcmp(name, "GMT") == 0;
    if (is_lower && !is_utc)
        return 0;
    for (const ZoneAbbreviation *row = ZONE_ABBREVIATIONS; row->name; row++) {
        if (strcmp(row->name, name) != 0)
            continue;
        size_t end = at + length;
        int offset_s;
        size_t number = skip_offset_words(in, end);
        number = cursor_skip_blanks(in, number, 2);
        size_t after =
            is_utc ? number_read(in, number, true, true, &offset_s) : 0;
        if (after > 0) {
            zone_set(zone, offset_s);
            return after;
        }
        zone->is_known = true;
        zone->count = row->count;
        for (int i = 0; i < row->count; i++)
            zone->offsets_s[i] = row->minutes[i] * 60;
        if (row->usual)
            zone->usual = zone_rules(row->usual, strlen(row->usual));
        return end;
    }
    return 0;
}

/* "Europe/Moscow". */
static size_t identifier_read(Cursor in, size_t at, Zone *zone)
{
    size_t length = 0;
    bool has_slash = false;
    while (length < NAME_MAX_BYTES) {
        unsigned char c = cursor_at(in, at + length);
        if (!g_ascii_isalpha(c) && c != '_' && c != '/')
            break;
        has_slash = has_slash || c == '/';
        length++;
    }
    if (!has_slash)
        return 0;
    GTimeZone *rules = zone_rules(in.text + at, length);
    if (!rules)
        return 0;
    zone->is_known = true;
    zone->rules = rules;
    return at + length;
}

static size_t core_read(Cursor in, size_t at, ZonePlace place, Zone *zone)
{
    unsigned char c = cursor_at(in, at);
    if (c == '+' || c == '-' || c == 0xe2) {
        int offset_s;
        bool is_loose = place != ZONE_IN_WORDS;
        size_t end = number_read(in, at, is_loose,
                                 place == ZONE_AFTER_ZONE_WORD, &offset_s);
        size_t name = cursor_skip_blanks(in, end, 2);
        bool has_utc =
            cursor_has(in, name, "UTC") || cursor_has(in, name, "GMT");
        if (end == 0 && !is_loose) {
            end = number_read(in, at, true, false, &offset_s);
            name = cursor_skip_blanks(in, end, 2);
            has_utc =
                cursor_has(in, name, "UTC") || cursor_has(in, name, "GMT");
            end = has_utc ? end : 0;
        }
        if (end == 0)
            return 0;
        zone_set(zone, offset_s);
        return has_utc ? name + 3 : end;
    }
    if (!g_ascii_isalpha(c) && c < 0x80)
        return 0;
    if ((c == 'Z' || c == 'z') && place == ZONE_ON_STAMP &&
        is_name_end(in, at + 1)) {
        zone_set(zone, 0);
        return at + 1;
    }
    size_t end = zone_words_read(in, at, zone);
    if (end == 0)
        end = identifier_read(in, at, zone);
    if (end == 0)
        end = abbreviation_read(in, at, zone);
    return end;
}

static bool zone_has_offset(const Zone *zone, int offset_s)
{
    for (int i = 0; i < zone->count; i++)
        if (zone->offsets_s[i] == offset_s)
            return true;
    return false;
}

/* Let the second zone of "GMT-0500 (Eastern Standard Time)" or "CST (UTC-0600)"
 * sharpen or contradict the first. */
static void zone_combine(Zone *zone, const Zone *other)
{
    if (other->count == 0)
        return;
    if (zone->rules && zone->count == 0) {
        /* "Asia/Taipei (GMT+8)": the rules know summer, keep them. */
        return;
    }
    if (zone->count > 1 && other->count == 1) {
        if (!zone_has_offset(zone, other->offsets_s[0]))
            zone->contradicts = true;
        zone_set(zone, other->offsets_s[0]);
        return;
    }
    for (int i = 0; i < other->count; i++)
        if (other->offsets_s[i] == zone->offsets_s[0])
            return;
    zone->contradicts = true;
    if (zone->count < ZONE_OFFSETS_MAX)
        zone->offsets_s[zone->count++] = other->offsets_s[0];
}

size_t zone_read(Cursor in, size_t at, ZonePlace place, Zone *zone)
{
    Zone found = {.at = (uint32_t)at};
    size_t end = core_read(in, at, place, &found);
    if (end == 0)
        return 0;

    size_t comment = cursor_skip_blanks(in, end, 3);
    bool bracket = cursor_at(in, comment) == '(';
    if (bracket)
        comment = cursor_skip_blanks(in, comment + 1, 2);
    Zone other = {0};
    size_t after =
        core_read(in, comment, bracket ? ZONE_ON_STAMP : ZONE_IN_WORDS, &other);
    if (after > 0 && (bracket || place == ZONE_ON_STAMP)) {
        zone_combine(&found, &other);
        end = after;
        size_t close = cursor_skip_blanks(in, end, 2);
        if (bracket && cursor_at(in, close) == ')')
            end = close + 1;
    }
    found.length = (uint32_t)(end - at);
    *zone = found;
    return end;
}

/* Seconds since the epoch of a clock without zone, as GTimeZone wants it. */
static int rules_offset(GTimeZone *rules, gint64 wall, GTimeType type,
                        int *interval)
{
    *interval = g_time_zone_find_interval(rules, type, wall);
    return *interval < 0 ? 0 : g_time_zone_get_offset(rules, *interval);
}

int zone_offsets_at(const Zone *zone, const Civil *civil,
                    int offsets_s[ZONE_OFFSETS_MAX], bool *is_odd)
{
    *is_odd = false;
    if (!zone->rules) {
        memcpy(offsets_s, zone->offsets_s, sizeof zone->offsets_s);
        return zone->count;
    }
    gint64 wall = instant_from_civil(civil, 0);
    int winter, summer;
    int first = rules_offset(zone->rules, wall, G_TIME_TYPE_STANDARD, &winter);
    int second = rules_offset(zone->rules, wall, G_TIME_TYPE_DAYLIGHT, &summer);
    if (winter >= 0 && summer >= 0) {
        offsets_s[0] = second;
        offsets_s[1] = first;
        *is_odd = first != second;
        return *is_odd ? 2 : 1;
    }
    if (winter >= 0 || summer >= 0) {
        offsets_s[0] = winter >= 0 ? first : second;
        return 1;
    }
    *is_odd = true; /* the clock jumped over it: what held before and after */
    int at;
    offsets_s[0] = rules_offset(zone->rules, wall - 2 * INSTANT_HOUR_S,
                                G_TIME_TYPE_STANDARD, &at);
    offsets_s[1] = rules_offset(zone->rules, wall + 2 * INSTANT_HOUR_S,
                                G_TIME_TYPE_DAYLIGHT, &at);
    return 2;
}

bool zone_is_out_of_season(const Zone *zone, const Civil *civil, int *offset_s)
{
    if (!zone->usual || zone->count == 0)
        return false;
    Zone usual = {.is_known = true, .rules = zone->usual};
    int offsets[ZONE_OFFSETS_MAX];
    bool is_odd;
    int count = zone_offsets_at(&usual, civil, offsets, &is_odd);
    if (count != 1 || zone_has_offset(zone, offsets[0]))
        return false;
    *offset_s = offsets[0];
    return true;
}
