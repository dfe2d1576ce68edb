/*
 * Where nothing outspoken is known: addresses that are hardly ever meant, and
 * the likeliest accused of a mail that names nobody. What is decided here is
 * marked as a guess; with several candidates the whole mail is.
 */
#include "incident/hop.h"
#include "incident/role.h"

#include <string.h>

#define HOPS_MAX 200 /* mentions looked at, hosts of the mail's own way */

static bool is_in(const GArray *addresses, const IpAddress *ip)
{
    for (guint i = 0; addresses && i < addresses->len; i++)
        if (ip_is_equal(&g_array_index(addresses, IpAddress, i), ip))
            return true;
    return false;
}

/* Resolvers that everybody's logs and traces mention. */
static bool is_resolver(const IpAddress *ip)
{
    static const char *const KNOWN[] = {
        "8.8.8.8", "8.8.4.4",        "1.1.1.1",        "1.0.0.1",
        "9.9.9.9", "208.67.222.222", "208.67.220.220", "2001:4860:4860::8888",
    };
    char text[IP_TEXT_MAX];
    ip_text(ip, text);
    for (size_t i = 0; i < G_N_ELEMENTS(KNOWN); i++)
        if (strcmp(text, KNOWN[i]) == 0)
            return true;
    return false;
}

bool ip_is_nobody(const IpAddress *ip)
{
    const uint8_t *octet = ip->bytes + 12;
    if (ip_is_v4(ip))
        return octet[0] == 127 || octet[0] >= 224 ||
               (octet[0] == 169 && octet[1] == 254);
    return ip->bytes[0] == 0xfe;
}

/* The host that handed us the mail is the reporter's or his provider's. */
static void gather_reporter(const Mail *mail, GArray *out)
{
    for (guint i = 0; i < mail->headers->len && out->len < 200; i++) {
        const MailHeader *header = mail->headers->pdata[i];
        if (g_ascii_strcasecmp(header->name, "Received") != 0)
            continue;
        g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(AddressHit));
        address_scan((Cursor){header->value, strlen(header->value)}, hits);
        for (guint h = 0; h < hits->len; h++)
            g_array_append_val(out, g_array_index(hits, AddressHit, h).ip);
    }
}

void cast_doubt(const Mail *mail, Cast *cast)
{
    g_autoptr(GArray) hops = g_array_new(FALSE, FALSE, sizeof(IpAddress));
    gather_reporter(mail, hops);
    for (guint i = 0; i < cast->players->len; i++) {
        Player *player = cast->players->pdata[i];
        if (ip_is_nobody(&player->ip))
            player_set_role(player, ROLE_BYSTANDER, "no host on the Internet");
        else if (player->weight >= WEIGHT_DOUBTFUL)
            continue;
        else if (is_resolver(&player->ip))
            player_set_role(player, ROLE_RESOLVER, "a public resolver");
        else if (is_in(hops, &player->ip))
            player_set_role(player, ROLE_REPORTER, "it handed us this mail");
    }
}

/* Nobody told: the likeliest candidate, weak offers first. */
static bool guess_from_text(const Sheet *sheet, Cast *cast)
{
    Player *best = NULL;
    guint candidates = 0;
    for (guint i = 0; i < cast->players->len; i++) {
        Player *player = cast->players->pdata[i];
        bool is_possible =
            player->role == ROLE_UNKNOWN || player->role == ROLE_OFFENDER ||
            (player->role == ROLE_BYSTANDER && player->weight <= 30 &&
             player->weight > WEIGHT_HINT);
        const Mention *mention = cast_mention(cast, player->telling);
        if (!is_possible || ip_is_nobody(&player->ip) ||
            sheet_page(sheet, mention->page)->block->kind == BLOCK_SAMPLE)
            continue;
        candidates++;
        bool is_better =
            !best || (ip_is_public(&player->ip) && !ip_is_public(&best->ip));
        if (is_better)
            best = player;
    }
    if (!best)
        return false;
    best->is_guess = true;
    cast->is_unclear = candidates > 1;
    player_set_role(best, ROLE_OFFENDER,
                    candidates > 1 ? "a guess: the first address of the text"
                                   : "the only address of the text");
    return true;
}

/* Spam headers without any accusation: the first hop from outside. */
static void guess_from_hops(const Sheet *sheet, Cast *cast)
{
    guint count = MIN(cast->mentions->len, HOPS_MAX);
    for (guint i = 0; i < count; i++) {
        const Mention *mention = cast_mention(cast, i);
        const Page *page = sheet_page(sheet, mention->page);
        Player *player = g_hash_table_lookup(
            cast->by_ip, &page_address(page, mention->address)->ip);
        if (player->role != ROLE_MAIL_RELAY || ip_is_nobody(&player->ip) ||
            !hop_crosses_border(page, mention))
            continue;
        player->is_guess = true;
        cast->is_unclear = true;
        player_set_role(player, ROLE_OFFENDER,
                        "a guess: the host that handed the sample in");
        return;
    }
}

void cast_guess(const Sheet *sheet, Cast *cast)
{
    if (!guess_from_text(sheet, cast))
        guess_from_hops(sheet, cast);
}
