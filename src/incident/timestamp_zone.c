/*
 * The part of a pattern behind the time of day: its zone, with the words and
 * brackets around it.
 */
#include "incident/timestamp_match.h"

#include "incident/timestamp_words.h"

/* The zone after a time, with the words and brackets around it. */
bool match_zone(Match *match, bool required)
{
    Cursor in = match->text;
    if (match->stamp->zone.is_known)
        return true; /* it stood behind the time, before the date */
    size_t at = cursor_skip_blanks(in, match->at, 3);
    size_t word = words_after_time(match->folded, at);
    if (word > 0)
        at = cursor_skip_blanks(in, word, 2);
    bool is_tight = at == match->at;
    unsigned char c = cursor_at(in, at);
    bool bracket = c == '(' || c == '[';
    if (bracket || c == ',' || c == '"') {
        at = cursor_skip_blanks(in, at + 1, 2);
        size_t with = words_after_time(match->folded, at);
        if (with > 0)
            at = cursor_skip_blanks(in, with, 2);
    } else if (c == '+' && cursor_at(in, at + 1) == ' ') {
        at = cursor_skip_blanks(in, at + 1, 2);
    }
    c = cursor_at(in, at);
    bool is_number = c == '+' || c == '-';
    ZonePlace place =
        is_tight || bracket || !is_number ? ZONE_ON_STAMP : ZONE_IN_WORDS;
    Zone zone;
    size_t end = zone_read(in, at, place, &zone);
    if (end == 0)
        return !required;
    if (bracket && (cursor_at(in, end) == ')' || cursor_at(in, end) == ']'))
        end++;
    match->stamp->zone = zone;
    match->at = end;
    return true;
}
