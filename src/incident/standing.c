/*
 * A member's address is taken for the accused wherever it stands, so that no
 * complaint about it is missed. That is right for a case, too bold for a letter
 * that nobody reads: "198.51.100.9.evil.example attacked us" is said of a
 * name that anybody may give his own host, and a link to a lookup, a registry's
 * entry or a network accuses nobody. Such mail is flagged, and so is an address
 * with the length of a prefix behind it: its writer may mean the whole network.
 */
#include "incident/standing.h"

/* Could the address be accused where it stands? Not as a part of a name, a
 * link, a network or a registry's entry. */
static bool stands_free(const Page *page, const Mention *mention)
{
    const AddressHit *hit = page_address(page, mention->address);
    const Line *line = page_line(page, mention->line);
    return !hit->in_name && !hit->in_url_path && !hit->in_mailbox &&
           !hit->is_range && hit->prefix_bits < 0 &&
           line->kind != LINE_RECEIVED && line->kind != LINE_WHOIS;
}

/* A member's address is taken for the accused wherever it stands: does it
 * stand anywhere as an accused does, and as one host? */
static void flag_player(const Sheet *sheet, const Cast *cast,
                        const Player *player, Report *report)
{
    bool is_free = player->mentions->len == 0;
    for (guint i = 0; i < player->mentions->len; i++) {
        const Mention *mention =
            cast_mention(cast, g_array_index(player->mentions, guint, i));
        const Page *page = sheet_page(sheet, mention->page);
        is_free |= stands_free(page, mention);
        if (page_address(page, mention->address)->has_mask)
            report_add_flag(report, "may-be-a-network");
    }
    if (!is_free)
        report_add_flag(report, "accused-by-nobody");
}

void standing_flag(const Sheet *sheet, const Cast *cast, Report *report)
{
    for (guint i = 0; i < cast->players->len; i++)
        if (cast_player(cast, i)->role == ROLE_OFFENDER)
            flag_player(sheet, cast, cast_player(cast, i), report);
}
