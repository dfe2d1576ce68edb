#include "incident/subject.h"

/* Is the address accused in the Subject, and nowhere in the text? */
static bool is_of_subject_alone(const Sheet *sheet, const Cast *cast,
                                const Player *player)
{
    bool accuses = false;
    for (guint i = 0; i < player->mentions->len; i++) {
        const Mention *mention =
            cast_mention(cast, g_array_index(player->mentions, guint, i));
        if (sheet_page(sheet, mention->page)->block->kind != BLOCK_SUBJECT)
            return false;
        accuses = accuses || mention->role == ROLE_OFFENDER;
    }
    return accuses;
}

bool subject_contradicts(const Sheet *sheet, const Cast *cast)
{
    bool in_subject = false, in_text = false;
    for (guint i = 0; i < cast->players->len; i++) {
        const Player *player = cast_player(cast, i);
        bool is_alone = is_of_subject_alone(sheet, cast, player);
        in_subject = in_subject || is_alone;
        in_text = in_text || (!is_alone && player->role == ROLE_OFFENDER);
    }
    return in_subject && in_text;
}

bool subject_names_hop(const Sheet *sheet, const Cast *cast)
{
    bool is_accused_hop = false, has_other = false;
    for (guint i = 0; i < cast->players->len; i++) {
        const Player *player = cast_player(cast, i);
        bool in_subject = false, as_hop = false, otherwise = false;
        for (guint m = 0; m < player->mentions->len; m++) {
            const Mention *mention =
                cast_mention(cast, g_array_index(player->mentions, guint, m));
            const Page *page = sheet_page(sheet, mention->page);
            bool is_hop = page_line(page, mention->line)->kind == LINE_RECEIVED;
            in_subject = in_subject || page->block->kind == BLOCK_SUBJECT;
            as_hop = as_hop || is_hop;
            otherwise =
                otherwise || (!is_hop && page->block->kind != BLOCK_SUBJECT);
        }
        bool is_accused = player->role == ROLE_OFFENDER;
        is_accused_hop = is_accused_hop ||
                         (is_accused && in_subject && as_hop && !otherwise);
        has_other = has_other || (player->role == ROLE_MAIL_RELAY && as_hop);
    }
    return is_accused_hop && has_other;
}
