/*
 * The part of a pattern behind the time of day: its zone, with the words and
 * brackets around it.
 */
#include "incident/timestamp_match.h"

#include "incident/timestamp_words.h"

#include <string.h>

/* "19:05-kor", "15:30'da": endings that languages hang on a clock. */
static size_t skip_case_ending(Cursor in, size_t at)
{
    static const char *const ENDINGS[] = {
        "-kor", "-tól", "-től", "-ig", "'de", "'da",  "'te", "'ta", "’de",
        "’da",  "’te",  "’ta",  ":n",  "頃",  "ごろ", "경",  "左右"};
    for (size_t i = 0; i < G_N_ELEMENTS(ENDINGS); i++)
        if (cursor_has(in, at, ENDINGS[i]))
            return at + strlen(ENDINGS[i]);
    return at;
}

/* "+02", "-05" behind a blank: two digits that nothing continues. "- 12" and
 * "-12" are numbers of their own as often. */
static bool is_two_digits(Cursor in, size_t at)
{
    unsigned char first = cursor_at(in, at + 1), after = cursor_at(in, at + 3);
    bool is_small = first == '0' || (first == '1' && cursor_at(in, at) == '+');
    return is_small && g_ascii_isdigit(cursor_at(in, at + 2)) &&
           !g_ascii_isalnum(after) && after != ':' && after != '/' &&
           after != '-' &&
           !(after == '.' && g_ascii_isdigit(cursor_at(in, at + 4)));
}

/* The place on the next line where prose goes on with letters; else the place.
 * Rows of logs show seconds, and what begins the next is not theirs. */
static size_t skip_wrap(const Match *match, size_t at)
{
    size_t next = cursor_at(match->text, at) == '\r' ? at + 1 : at;
    return match->stamp->second < 0 && cursor_at(match->text, next) == '\n' &&
                   g_ascii_isupper(cursor_at(match->text, next + 1)) &&
                   g_ascii_isupper(cursor_at(match->text, next + 2)) &&
                   g_ascii_isupper(cursor_at(match->text, next + 3))
               ? next + 1
               : at;
}

/* The zone after a time, with the words and brackets around it. */
bool match_zone(Match *match, bool required)
{
    Cursor in = match->text;
    if (match->stamp->zone.is_known)
        return true; /* it stood behind the time, before the date */
    size_t at = cursor_skip_blanks(in, skip_case_ending(in, match->at), 3);
    size_t word = words_after_time(match->folded, at);
    if (word > 0)
        at = cursor_skip_blanks(in, word, 2);
    at = skip_wrap(match, at);
    bool is_tight = at == match->at;
    unsigned char c = cursor_at(in, at);
    bool is_wide = cursor_has(in, at, "（");
    bool bracket = c == '(' || c == '[' || is_wide;
    if (bracket || c == ',' || c == '"') {
        at = cursor_skip_blanks(in, at + (is_wide ? 3 : 1), 2);
        size_t with = words_after_time(match->folded, at);
        if (with > 0)
            at = cursor_skip_blanks(in, with, 2);
    } else if (c == '+' && cursor_at(in, at + 1) == ' ') {
        at = cursor_skip_blanks(in, at + 1, 2);
    }
    c = cursor_at(in, at);
    bool is_number = c == '+' || c == '-';
    ZonePlace place = is_tight || bracket || !is_number || is_two_digits(in, at)
                          ? ZONE_ON_STAMP
                          : ZONE_IN_WORDS;
    Zone zone;
    size_t end = zone_read(in, at, place, &zone);
    if (end == 0)
        return !required;
    if (is_wide && cursor_has(in, end, "）"))
        end += 3;
    else if (bracket &&
             (cursor_at(in, end) == ')' || cursor_at(in, end) == ']'))
        end++;
    match->stamp->zone = zone;
    match->at = end;
    return true;
}
