/*
 * The other times of an address.
 *
 * Problem: forty log lines of one address are forty events. A member's relay
 * may have been an exit at the first and gone at the last, so each (address,
 * time) is asked of the record by itself.
 *
 * Approach: the best time shows how this mail pairs the address with times, on
 * its own line or in a block of labels, and only what is paired in the same way
 * counts: a later sentence that mentions the address beside the letter's own
 * date is no event. Lines that show it as the harmed, and times that end
 * something ("last seen", "expires"), are left out.
 */
#include "incident/pair_score.h"

#include <string.h>

static Pair same_line(const Chronology *chronology, const Cast *cast,
                      guint index)
{
    Pair pair = {.how = PAIR_NONE, .score = SCORE_NONE};
    pair_offer_own_line(chronology, cast, index, &pair);
    return pair;
}

/* The time of a further mention, PAIR_NONE if it tells of no event. */
static Pair mention_time(const Chronology *chronology, const Cast *cast,
                         const Player *player, const Pair *best, guint index)
{
    static const Pair NONE = {.how = PAIR_NONE, .score = SCORE_NONE};
    const Mention *mention = cast_mention(cast, index);
    const Page *page = sheet_page(chronology->sheet, mention->page);
    if (index == best->mention || !pair_is_evidence(page) ||
        mention->role == ROLE_VICTIM ||
        page_address(page, mention->address)->in_name ||
        page_line(page, mention->line)->kind == LINE_RECEIVED)
        return NONE;
    Pair pair = same_line(chronology, cast, index);
    if (best->how == PAIR_SAME_LINE)
        return pair.how == PAIR_SAME_LINE && pair.score <= SCORE_SAME_LINE
                   ? pair
                   : NONE;
    bool is_record =
        best->how == PAIR_PARAGRAPH && pair.how == PAIR_NONE &&
        mention_is_told_alike(mention, cast_mention(cast, best->mention));
    if (!is_record)
        return NONE;
    pair_offer_paragraph(chronology, cast, player, mention, index, &pair);
    return pair.score < SCORE_PAGE + LABEL_FIRST ? pair : NONE;
}

bool pair_find_more(const Chronology *chronology, const Cast *cast,
                    const Player *player, const Pair *best, GArray *more)
{
    if (best->how != PAIR_SAME_LINE && best->how != PAIR_PARAGRAPH)
        return true;
    for (guint i = 0; i < player->mentions->len; i++) {
        guint index = g_array_index(player->mentions, guint, i);
        Pair pair = mention_time(chronology, cast, player, best, index);
        if (pair.how == PAIR_NONE)
            continue;
        if (more->len >= PAIRS_MAX)
            return false;
        g_array_append_val(more, pair);
    }
    return true;
}
