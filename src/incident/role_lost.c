/*
 * Which other role an address might have had, and why it has not.
 *
 * Rules compete twice: several fit one place where the address stands, and the
 * places contradict each other. Of a place the weightiest offer of another
 * role than the one that won is kept, of the address the weightiest of all
 * that lost, wherever it stands. What nobody told is no competitor, nor is a
 * mere hint. Rows that set a role outright leave nothing to be beaten.
 */
#include "incident/role_lost.h"
#include "incident/role.h"

void mention_note_second(Mention *mention, const Offer *offer)
{
    if (offer->role == mention->role || offer->weight <= WEIGHT_HINT)
        return;
    bool is_stale = mention->second.role == mention->role;
    if (is_stale || offer->weight > mention->second.weight)
        mention->second = *offer;
}

/* The weightiest that lost, with the place it stands at. */
typedef struct {
    Offer offer;
    const Mention *mention;
} Lost;

static void consider(Lost *lost, Role winner, const Offer *offer,
                     const Mention *mention)
{
    if (offer->role == winner || offer->role == ROLE_UNKNOWN ||
        offer->weight <= MAX(WEIGHT_HINT, lost->offer.weight))
        return;
    lost->offer = *offer;
    lost->mention = mention;
}

static Lost find_lost(const Cast *cast, const Player *player)
{
    Lost lost = {0};
    for (guint i = 0; i < player->mentions->len; i++) {
        const Mention *mention =
            cast_mention(cast, g_array_index(player->mentions, guint, i));
        const Offer first = {mention->role, mention->weight, mention->told_by,
                             mention->why, mention->words};
        consider(&lost, player->role, &first, mention);
        consider(&lost, player->role, &mention->second, mention);
    }
    return lost;
}

/* "sentence \"attack from\", weight 66 against 75" */
static char *why_lost(const Player *player, const Offer *offer)
{
    g_autofree char *words =
        offer->words ? g_strdup_printf(" \"%s\"", offer->words) : g_strdup("");
    if (player->why)
        return g_strdup_printf("%s%s, overruled", offer->why, words);
    if (offer->weight > player->weight)
        return g_strdup_printf("%s%s, but words go before logs", offer->why,
                               words);
    return g_strdup_printf("%s%s, weight %d against %d", offer->why, words,
                           offer->weight, player->weight);
}

void player_note_lost(const Sheet *sheet, const Cast *cast, Player *player)
{
    Lost lost = find_lost(cast, player);
    if (!lost.mention)
        return;
    const Page *page = sheet_page(sheet, lost.mention->page);
    const AddressHit *hit = page_address(page, lost.mention->address);
    player->lost = g_new0(Loser, 1);
    player->lost->question = g_strdup("role");
    player->lost->answer = g_strdup(role_word(lost.offer.role));
    player->lost->why = why_lost(player, &lost.offer);
    player->lost->quote = page_quote(sheet, page, hit->at, hit->length);
}
