/*
 * Who is who.
 *
 * Problem: a complaint names the accused, the harmed, the reporter, mail hops,
 * network bounds, other visitors. "The first address" is right in five of six
 * mails, which is far too little to write letters on.
 *
 * Approach: every mention of an address is judged by what stands around it
 * (label, sentence, column head, log grammar, kind of line), each judgement
 * with a weight that says how outspoken it is. An address is what its most
 * outspoken mention says. If the mail names somebody in words, sources that
 * only show up in its logs are other visitors: excerpts catch bystanders. If it
 * names nobody, the sources in the logs are meant. If nothing tells, the only
 * address is the accused; among several the first is taken, and said to be a
 * guess.
 *
 * Weights: 80..90 says it outright in a key or label, 70..79 in a sentence,
 * 50..69 by custom of such mails, below 50 hardly. Private addresses, foreign
 * resolvers and the reporter's own hosts are believed only from 60 on.
 *
 * Rejected: counting frequency (a victim's log names the victim in each line),
 * excluding private space (reports made anonymous use it for the accused).
 */
#include "incident/role.h"
#include "incident/role_lost.h"
#include "incident/role_object.h"

#include "incident/role_log.h"

#include <string.h>

#define WEIGHT_TELLS    50
#define WEIGHT_NAMES    66 /* from here on words name somebody */
#define WEIGHT_OUTRIGHT 75
#define WEIGHT_NEUTRAL  62 /* "IP address:", "host" */
#define WEIGHT_HINTED   95
#define WEIGHT_SUBJECT  68
#define MENTIONS_MAX    60000

static const char WHY_SUBJECT[] = "in the Subject";

void mention_offer(Mention *mention, Role role, int weight, ToldBy told_by,
                   const char *why, const char *words)
{
    if (weight <= mention->weight) {
        mention_note_second(mention,
                            &(Offer){role, weight, told_by, why, words});
        return;
    }
    const Offer beaten = {mention->role, mention->weight, mention->told_by,
                          mention->why, mention->words};
    mention->role = role;
    mention->weight = weight;
    mention->told_by = told_by;
    mention->why = why;
    mention->words = words;
    mention_note_second(mention, &beaten);
}

const Mention *cast_mention(const Cast *cast, guint index)
{
    return &g_array_index(cast->mentions, Mention, index);
}

const Player *cast_player(const Cast *cast, guint index)
{
    return cast->players->pdata[index];
}

const Player *cast_find(const Cast *cast, const IpAddress *ip)
{
    return g_hash_table_lookup(cast->by_ip, ip);
}

static void player_free(Player *player)
{
    g_array_unref(player->mentions);
    g_free(player->why);
    loser_free(player->lost);
    g_free(player);
}

void cast_free(Cast *cast)
{
    if (!cast)
        return;
    g_hash_table_unref(cast->by_ip);
    g_array_unref(cast->mentions);
    g_ptr_array_unref(cast->players);
    g_free(cast);
}

/* What kind of text it stands in lowers what is said there. */
static void mention_weigh_block(const Page *page, Mention *mention)
{
    switch (page->block->kind) {
    case BLOCK_SUBJECT:
        if (mention->role != ROLE_VICTIM)
            mention_offer(mention, ROLE_OFFENDER, WEIGHT_SUBJECT, TOLD_BY_WORDS,
                          WHY_SUBJECT, NULL);
        return;
    case BLOCK_SIGNATURE:
        mention->weight = MIN(mention->weight, 45);
        if (mention->role == ROLE_OFFENDER && mention->weight < 45)
            mention->role = ROLE_BYSTANDER;
        return;
    case BLOCK_SAMPLE:
        /* The spam itself may claim anything. */
        if (mention->role == ROLE_OFFENDER)
            mention->weight = MIN(mention->weight, 40);
        return;
    case BLOCK_BODY:
    case BLOCK_QUOTED:
    case BLOCK_INNER:
    case BLOCK_ATTACHMENT:
    case BLOCK_MACHINE:
        return;
    }
}

static void mention_judge(const Page *page, const Tables *tables, guint heading,
                          const Mention *before, Mention *mention)
{
    const AddressHit *hit = page_address(page, mention->address);
    mention_read_layout(page, heading, mention);
    if (hit->in_name)
        return;
    const Column *column = tables_column(tables, mention->line, hit->at);
    if (column && column->words)
        mention_offer(mention, column->role, MAX(column->weight, 70),
                      TOLD_BY_COLUMN, "column", column->words);
    const Line *line = page_line(page, mention->line);
    if (line->kind != LINE_RECEIVED && line->kind != LINE_WHOIS) {
        mention_read_label(page, mention);
        mention_read_object(page, mention);
        mention_read_phrase(page, mention);
    }
    if (before && mention->weight < WEIGHT_DOUBTFUL &&
        mention_continues_list(page, mention) &&
        tables_is_one_cell(tables, mention->line,
                           page_address(page, mention->address - 1)->at,
                           hit->at))
        mention_offer(mention, before->role, before->weight, before->told_by,
                      "as the address before it", before->words);
    mention_weigh_log(page, mention);
    mention_weigh_block(page, mention);
    if ((hit->prefix_bits >= 0 || hit->is_range) &&
        mention->role == ROLE_OFFENDER) {
        mention->role = ROLE_BYSTANDER;
        mention->why = "a network, not a host";
        mention->words = NULL;
    }
}

/* A line that says outright who is accused does not also accuse what it only
 * calls an address or a host. */
static void settle_line(GArray *mentions, guint first)
{
    int most = 0;
    for (guint i = first; i < mentions->len; i++) {
        const Mention *mention = &g_array_index(mentions, Mention, i);
        if (mention->role == ROLE_OFFENDER)
            most = MAX(most, mention->weight);
    }
    for (guint i = first; most >= WEIGHT_OUTRIGHT && i < mentions->len; i++) {
        Mention *mention = &g_array_index(mentions, Mention, i);
        if (mention->role != ROLE_OFFENDER || mention->weight > WEIGHT_NEUTRAL)
            continue;
        mention->role = ROLE_UNKNOWN;
        mention->weight = 0;
        mention->words = NULL;
        mention->why = "its line accuses another";
    }
}

static void judge_page(const Sheet *sheet, guint page_index, GArray *mentions)
{
    const Page *page = sheet_page(sheet, page_index);
    Tables *tables = tables_new(page);
    guint heading = 0;
    for (guint l = 0; l < page->lines->len; l++) {
        const Line *line = page_line(page, l);
        guint first = mentions->len;
        for (guint i = 0; i < line->address_count; i++) {
            if (mentions->len >= MENTIONS_MAX)
                break;
            Mention mention = {.page = page_index,
                               .line = l,
                               .address = line->address + i,
                               .why = "nothing says its role"};
            const Mention *before =
                mention.address > 0 && mentions->len > 0
                    ? &g_array_index(mentions, Mention, mentions->len - 1)
                    : NULL;
            mention_judge(page, tables, heading, before, &mention);
            g_array_append_val(mentions, mention);
        }
        mentions_settle_proxy(page, mentions, first);
        settle_line(mentions, first);
        heading = heading_next(page, l, heading);
    }
    tables_free(tables);
}

static guint ip_hash(const void *ip)
{
    guint hash = 5381;
    const uint8_t *bytes = ip;
    for (size_t i = 0; i < 16; i++)
        hash = hash * 33 + bytes[i];
    return hash;
}

static int ip_same(const void *a, const void *b)
{
    return ip_is_equal(a, b);
}

static void gather_players(const Sheet *sheet, Cast *cast)
{
    GHashTable *known = cast->by_ip;
    for (guint i = 0; i < cast->mentions->len; i++) {
        const Mention *mention = cast_mention(cast, i);
        const IpAddress *ip =
            &page_address(sheet_page(sheet, mention->page), mention->address)
                 ->ip;
        Player *player = g_hash_table_lookup(known, ip);
        if (!player) {
            player = g_new0(Player, 1);
            player->ip = *ip;
            player->mentions = g_array_new(FALSE, FALSE, sizeof(guint));
            g_hash_table_insert(known, &player->ip, player);
            g_ptr_array_add(cast->players, player);
        }
        g_array_append_val(player->mentions, i);
    }
}

/* Does some sentence or label say who it is? */
static bool is_told_in_words(const Cast *cast, const Player *player)
{
    for (guint i = 0; i < player->mentions->len; i++) {
        const Mention *mention =
            cast_mention(cast, g_array_index(player->mentions, guint, i));
        if (mention->told_by == TOLD_BY_WORDS &&
            mention->weight >= WEIGHT_DOUBTFUL)
            return true;
    }
    return false;
}

/* The most outspoken mention decides; of equals the accusing one. What a
 * person says goes before what a log shows: logs show both directions. Only of
 * the host that wrote them they are the better witness. */
static void player_decide(const Cast *cast, Player *player)
{
    bool in_words = is_told_in_words(cast, player);
    player->telling = g_array_index(player->mentions, guint, 0);
    for (guint i = 0; i < player->mentions->len; i++) {
        guint index = g_array_index(player->mentions, guint, i);
        const Mention *mention = cast_mention(cast, index);
        int weight = mention->weight;
        if (in_words && mention->told_by == TOLD_BY_LOG &&
            mention->role != ROLE_REPORTER)
            weight = MIN(weight, WEIGHT_TELLS);
        bool is_more =
            weight > player->weight ||
            (weight == player->weight && mention->role == ROLE_OFFENDER &&
             player->role != ROLE_OFFENDER);
        if (!is_more)
            continue;
        player->telling = index;
        player->weight = weight;
        player->role = mention->role;
    }
}

static int compare_ip(const void *a, const void *b)
{
    return ip_compare(a, b);
}

bool ip_is_hinted(const GArray *hints, const IpAddress *ip)
{
    return hints && hints->len > 0 &&
           bsearch(ip, hints->data, hints->len, sizeof *ip, compare_ip);
}

void player_set_role(Player *player, Role role, const char *why)
{
    player->role = role;
    g_free(player->why);
    player->why = g_strdup(why);
}

/* Somebody is named in words: sources that only logs show are bystanders,
 * unless the logs show none of those named. */
static void drop_other_visitors(Cast *cast)
{
    bool is_named_in_log = false, has_named = false;
    for (guint i = 0; i < cast->players->len; i++) {
        const Player *player = cast_player(cast, i);
        if (player->role != ROLE_OFFENDER || player->weight < WEIGHT_NAMES)
            continue;
        bool by_words = false, by_log = false;
        for (guint m = 0; m < player->mentions->len; m++) {
            const Mention *mention =
                cast_mention(cast, g_array_index(player->mentions, guint, m));
            by_words = by_words || (mention->told_by == TOLD_BY_WORDS &&
                                    mention->weight >= WEIGHT_NAMES &&
                                    mention->role == ROLE_OFFENDER);
            by_log = by_log || mention->told_by == TOLD_BY_LOG;
        }
        has_named = has_named || by_words;
        is_named_in_log = is_named_in_log || (by_words && by_log);
    }
    for (guint i = 0; has_named && i < cast->players->len; i++) {
        Player *player = cast->players->pdata[i];
        if (player->role != ROLE_OFFENDER)
            continue;
        ToldBy told_by = cast_mention(cast, player->telling)->told_by;
        bool only_log = told_by == TOLD_BY_LOG &&
                        (is_named_in_log || player->weight <= WEIGHT_TELLS);
        if (only_log)
            player_set_role(player, ROLE_BYSTANDER,
                            "the log shows it, but the mail accuses another");
        else if (player->weight < WEIGHT_TELLS)
            player_set_role(player, ROLE_UNKNOWN, "the mail accuses another");
    }
}

/* "192.0.2.1" in the Subject, "192.0.2.15" in the text: cut off. */
static bool is_cut_off(const Sheet *sheet, const Cast *cast,
                       const Player *player)
{
    for (guint i = 0; i < player->mentions->len; i++) {
        const Mention *mention =
            cast_mention(cast, g_array_index(player->mentions, guint, i));
        if (sheet_page(sheet, mention->page)->block->kind != BLOCK_SUBJECT)
            return false;
    }
    g_autofree char *stump = ip_new_text(&player->ip);
    for (char digit = '0'; digit <= '9'; digit++) {
        g_autofree char *whole = g_strdup_printf("%s%c", stump, digit);
        IpAddress ip;
        const Player *other =
            ip_parse(whole, strlen(whole), &ip) ? cast_find(cast, &ip) : NULL;
        if (other && other->role == ROLE_OFFENDER)
            return true;
    }
    return false;
}

static void drop_cut_off(const Sheet *sheet, Cast *cast)
{
    for (guint i = 0; i < cast->players->len; i++) {
        Player *player = cast->players->pdata[i];
        if (player->role == ROLE_OFFENDER && is_cut_off(sheet, cast, player))
            player_set_role(player, ROLE_BYSTANDER,
                            "the Subject cuts an address of the text off");
    }
}

/* A bounce or a receipt speaks of addresses, but accuses none; a question or a
 * notice only whom it names outright, for which a Subject is too short. */
static void drop_accused(Cast *cast, Accusal accusal)
{
    int least = accusal == ACCUSES_TOLD ? WEIGHT_NAMES : G_MAXINT;
    for (guint i = 0; i < cast->players->len; i++) {
        Player *player = cast->players->pdata[i];
        const char *why = cast_mention(cast, player->telling)->why;
        if (player->role == ROLE_OFFENDER &&
            (player->weight < least || why == WHY_SUBJECT))
            player_set_role(player, ROLE_UNKNOWN, "the mail accuses nobody");
    }
}

static void apply_statements(Cast *cast, const GArray *named)
{
    if (named->len == 0)
        return;
    for (guint i = 0; i < cast->players->len; i++) {
        Player *player = cast->players->pdata[i];
        if (player->role == ROLE_OFFENDER)
            player_set_role(player, ROLE_BYSTANDER,
                            "the report's format states another");
    }
    for (guint i = 0; i < named->len; i++) {
        Player *player = g_hash_table_lookup(
            cast->by_ip, &g_array_index(named, IpAddress, i));
        if (!player)
            continue;
        player_set_role(player, ROLE_OFFENDER, "stated by the report's format");
        player->weight = WEIGHT_HINTED;
    }
}

static bool is_only_shown(const Sheet *sheet, const Cast *cast,
                          const Player *player)
{
    for (guint i = 0; i < player->mentions->len; i++) {
        const Mention *mention =
            cast_mention(cast, g_array_index(player->mentions, guint, i));
        if (sheet_page(sheet, mention->page)->block->kind != BLOCK_SAMPLE)
            return false;
    }
    return true;
}

/* The mail accuses somebody: what only the message it shows mentions has no
 * part in it. Hops keep their role. */
static void drop_shown(const Sheet *sheet, Cast *cast)
{
    for (guint i = 0; i < cast->players->len; i++) {
        Player *player = cast->players->pdata[i];
        bool is_loose =
            player->role == ROLE_UNKNOWN || player->role == ROLE_VICTIM ||
            (player->role == ROLE_OFFENDER && player->weight < WEIGHT_TELLS);
        if (is_loose && is_only_shown(sheet, cast, player))
            player_set_role(player, ROLE_BYSTANDER,
                            "only in the message that is shown");
    }
}

static void apply_hints(Cast *cast, const GArray *hints)
{
    for (guint i = 0; i < cast->players->len; i++) {
        Player *player = cast->players->pdata[i];
        if (!ip_is_hinted(hints, &player->ip) || player->role == ROLE_VICTIM)
            continue;
        player_set_role(player, ROLE_OFFENDER, "a member's address");
        player->weight = WEIGHT_HINTED;
    }
}

static bool has_offender(const Cast *cast)
{
    for (guint i = 0; i < cast->players->len; i++) {
        const Player *player = cast_player(cast, i);
        if (player->role == ROLE_OFFENDER && player->weight >= WEIGHT_TELLS)
            return true;
    }
    return false;
}

/* Offers below the line tell nothing. */
static void forget_weak_offers(Cast *cast)
{
    for (guint i = 0; i < cast->players->len; i++) {
        Player *player = cast->players->pdata[i];
        if (player->role == ROLE_OFFENDER && !player->is_guess &&
            player->weight < WEIGHT_TELLS)
            player_set_role(player, ROLE_UNKNOWN, "nothing says its role");
    }
}

static void explain(const Cast *cast, Player *player)
{
    if (player->why)
        return;
    const Mention *mention = cast_mention(cast, player->telling);
    player->why = mention->words ? g_strdup_printf("%s \"%s\"", mention->why,
                                                   mention->words)
                                 : g_strdup(mention->why);
}

Cast *cast_new(const Sheet *sheet, const Report *report, const GArray *named,
               const GArray *hints, Accusal accusal)
{
    Cast *cast = g_new0(Cast, 1);
    cast->mentions = g_array_new(FALSE, FALSE, sizeof(Mention));
    cast->by_ip = g_hash_table_new(ip_hash, ip_same);
    cast->players = g_ptr_array_new_with_free_func((GDestroyNotify)player_free);
    for (guint i = 0; i < sheet->pages->len; i++)
        judge_page(sheet, i, cast->mentions);
    flows_turn(sheet, cast->mentions);
    gather_players(sheet, cast);
    for (guint i = 0; i < cast->players->len; i++)
        player_decide(cast, cast->players->pdata[i]);
    cast_doubt(sheet->mail, cast);
    drop_other_visitors(cast);
    drop_cut_off(sheet, cast);
    if (accusal != ACCUSES)
        drop_accused(cast, accusal);
    apply_statements(cast, named);
    if (named->len > 0 || has_offender(cast))
        drop_shown(sheet, cast);
    apply_hints(cast, hints);
    if (accusal == ACCUSES && named->len == 0 && !has_offender(cast))
        cast_guess(sheet, cast);
    forget_weak_offers(cast);
    for (guint i = 0; i < cast->players->len; i++) {
        player_note_lost(sheet, cast, cast->players->pdata[i]);
        explain(cast, cast->players->pdata[i]);
    }
    return cast;
}
