/*
 * What the accused did it to.
 *
 * Problem: ports stand in keys, columns, labels, behind the harmed host and in
 * plain sentences (target_port.c). A port right behind the accused's address is
 * his own, and in a sentence several ports may be listed.
 *
 * Approach: from the outspoken to the weak, the first that tells wins: key of
 * the line, column, label in the paragraph, the port behind the harmed, a
 * sentence that cites exactly one port. A line that begins with a time is a
 * log, of which only keys are believed. All searches are bounded to the
 * paragraph around one mention.
 */
#include "incident/target.h"

#include "incident/record.h"
#include "incident/role_log.h"
#include "incident/target_port.h"

#include <string.h>

#define TARGET_LINES 4   /* how far a target may stand from its attacker */
#define HOST_BYTES   253 /* RFC 1035 2.3.4 */

/* --- the harmed --- */

/* "A 40111 => B 6379": the last number of a flow's line. */
static int port_in_flow(const Aim *aim, const Line *line, const AddressHit *hit)
{
    uint32_t from = MAX(line->at, hit->at > 20 ? hit->at - 20 : 0);
    if (!page_find(aim->page, from, hit->at, "=>") &&
        !page_find(aim->page, from, hit->at, "->"))
        return -1;
    size_t at = cursor_skip_blanks(aim->page->folded, hit->end, 20);
    return at > hit->end ? page_port(aim->page, at) : -1;
}

/* The port of the harmed: behind any of its mentions on the line. */
static int victim_port(const Aim *aim, const Line *line, const IpAddress *ip)
{
    for (guint i = 0; i < MIN(line->address_count, 20); i++) {
        const AddressHit *hit = page_address(aim->page, line->address + i);
        if (!ip_is_equal(&hit->ip, ip))
            continue;
        int port =
            hit->port >= 0 ? hit->port : port_behind(aim->page, hit->end);
        if (port < 0)
            port = port_in_flow(aim, line, hit);
        if (port >= 0)
            return port;
    }
    return -1;
}

/* The first harmed address of a line, with its port. */
static bool read_victim(const Aim *aim, const Line *line)
{
    Incident *incident = aim->incident;
    for (guint i = 0; i < MIN(line->address_count, 20); i++) {
        const AddressHit *hit = page_address(aim->page, line->address + i);
        const Player *player = cast_find(aim->cast, &hit->ip);
        if (!player || player->role != ROLE_VICTIM)
            continue;
        incident->target =
            page_quote(aim->sheet, aim->page, hit->at, hit->length);
        if (incident->target_port < 0)
            incident->target_port = victim_port(aim, line, &hit->ip);
        return true;
    }
    return false;
}

/* "mx1.college.example (port 25)": a host's name with its port behind it. */
static bool read_named_victim(const Aim *aim, const Line *line)
{
    const Page *page = aim->page;
    const char *found = page_find(
        page, line->at, MIN(line->end, line->at + LINE_BYTES), " (port ");
    if (!found)
        return false;
    uint32_t end = (uint32_t)(found - page->folded.text), at = end;
    bool has_dot = false, has_letter = false;
    while (at > line->at && end - at < HOST_BYTES) {
        unsigned char c = cursor_at(page->folded, at - 1);
        if (!g_ascii_isalnum(c) && c != '-' && c != '.')
            break;
        has_dot = has_dot || (c == '.' && at < end);
        has_letter = has_letter || g_ascii_isalpha(c);
        at--;
    }
    int port = port_behind(page, end);
    if (!has_dot || !has_letter || port < 0)
        return false;
    aim->incident->target = page_quote(aim->sheet, page, at, end - at);
    if (aim->incident->target_port < 0)
        aim->incident->target_port = port;
    return true;
}

/* LineHolds of a cast: somebody harmed. */
static bool holds_victim(const void *context, const Page *page, guint l)
{
    const Line *line = page_line(page, l);
    for (guint i = 0; i < MIN(line->address_count, 20); i++) {
        const Player *player =
            cast_find(context, &page_address(page, line->address + i)->ip);
        if (player && player->role == ROLE_VICTIM)
            return true;
    }
    return false;
}

/* On the line of the mention, else in the lines around it, above first. */
static void read_target(const Aim *aim)
{
    const Line *own = page_line(aim->page, aim->mention->line);
    if (read_victim(aim, own) || read_named_victim(aim, own))
        return;
    Record record = {0, aim->page->lines->len};
    record_read(aim->cast, aim->page, aim->mention, holds_victim, aim->cast,
                &record);
    for (int side = -1; side <= 1; side += 2)
        for (int step = 1; step <= TARGET_LINES; step++) {
            int l = (int)aim->mention->line + side * step;
            if (l < (int)record.first || l >= (int)record.end)
                break;
            const Line *line = page_line(aim->page, (guint)l);
            if (line->kind == LINE_BLANK)
                break;
            if (read_victim(aim, line) || read_named_victim(aim, line))
                return;
        }
}

/* --- protocol --- */

static bool is_word_byte(unsigned char c)
{
    return g_ascii_isalnum(c) || c == '_';
}

static bool holds_word(const Page *page, uint32_t from, uint32_t to,
                       const char *word)
{
    size_t length = strlen(word);
    while (from < to) {
        const char *found = page_find(page, from, to, word);
        if (!found)
            return false;
        size_t at = (size_t)(found - page->folded.text);
        if ((at == 0 || !is_word_byte(cursor_at(page->folded, at - 1))) &&
            !is_word_byte(cursor_at(page->folded, at + length)))
            return true;
        from = (uint32_t)(at + length);
    }
    return false;
}

static const char *const PROTOCOLS[] = {"tcp", "udp", "icmp"};

/* "proto=6", "proto="17"", " 6(0) ": numbers of RFC 790 on, for logs. */
static const char *protocol_number(const Page *page, const Line *line)
{
    static const char *const KEYS[] = {"proto=",    "proto:",      "protocol=",
                                       "protocol:", "protocol\":", "proto\":"};
    uint32_t end = MIN(line->end, line->at + 4 * LINE_BYTES);
    for (size_t i = 0; i < G_N_ELEMENTS(KEYS); i++) {
        const char *found = page_find(page, line->at, end, KEYS[i]);
        if (!found)
            continue;
        size_t at = (size_t)(found - page->folded.text) + strlen(KEYS[i]);
        while (cursor_at(page->folded, at) &&
               strchr(" \"'", cursor_at(page->folded, at)))
            at++;
        int number = page_port(page, at);
        if (number == 6)
            return "tcp";
        if (number == 17)
            return "udp";
        if (number == 1)
            return "icmp";
    }
    return NULL;
}

/* Near the address on its line; else the only one of the paragraph. */
static void read_protocol(const Aim *aim, const AddressHit *hit)
{
    const Line *line = page_line(aim->page, aim->mention->line);
    uint32_t from = MAX(line->at, hit->at > 40 ? hit->at - 40 : 0);
    uint32_t to = MIN(line->end, hit->at + 300);
    for (size_t i = 0; i < G_N_ELEMENTS(PROTOCOLS); i++)
        if (holds_word(aim->page, from, to, PROTOCOLS[i])) {
            aim->incident->protocol = g_strdup(PROTOCOLS[i]);
            return;
        }
    const char *number = protocol_number(aim->page, line);
    if (number) {
        aim->incident->protocol = g_strdup(number);
        return;
    }
    const Line *lines[2 * NEAR_LINES + 1];
    guint count = aim_lines(aim, lines), kinds = 0;
    const char *only = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(PROTOCOLS); i++) {
        bool is_there = false;
        for (guint l = 0; l < count && !is_there; l++)
            is_there = holds_word(aim->page, lines[l]->at,
                                  MIN(lines[l]->end, lines[l]->at + LINE_BYTES),
                                  PROTOCOLS[i]);
        kinds += is_there;
        only = is_there ? PROTOCOLS[i] : only;
    }
    if (kinds == 1)
        aim->incident->protocol = g_strdup(only);
}

/* The only harmed that the mail names, wherever: its first mention with a
 * port, else its first. */
static void read_sole_victim(const Aim *aim)
{
    const Player *victim = NULL;
    for (guint i = 0; i < aim->cast->players->len; i++) {
        const Player *player = cast_player(aim->cast, i);
        if (player->role != ROLE_VICTIM || player->weight < WEIGHT_DOUBTFUL)
            continue;
        if (victim)
            return;
        victim = player;
    }
    guint count = victim ? MIN(victim->mentions->len, 50) : 0;
    for (guint i = 0; i < count; i++) {
        const Mention *mention =
            cast_mention(aim->cast, g_array_index(victim->mentions, guint, i));
        Aim there = *aim;
        there.page = sheet_page(aim->sheet, mention->page);
        there.mention = mention;
        const AddressHit *hit = page_address(there.page, mention->address);
        if (!aim->incident->target)
            aim->incident->target =
                page_quote(aim->sheet, there.page, hit->at, hit->length);
        if (aim->incident->target_port < 0)
            aim->incident->target_port = victim_port(
                &there, page_line(there.page, mention->line), &victim->ip);
    }
}

void target_read(const Sheet *sheet, const Cast *cast, const Tables *tables,
                 const Mention *mention, Incident *incident)
{
    const Page *page = sheet_page(sheet, mention->page);
    const AddressHit *hit = page_address(page, mention->address);
    const Aim aim = {sheet, cast, page, mention, incident};
    if (strcmp(mention->why, WHY_ANSWER) == 0) {
        /* The line's keys are written from the other side. */
        const Line *line = page_line(page, mention->line);
        incident->port =
            hit->port >= 0 ? hit->port : port_of_line(page, line, true);
        incident->target_port = port_of_line(page, line, false);
    } else {
        incident->port = port_of_accused(&aim);
        incident->target_port = port_of_harmed(&aim, tables);
    }
    read_target(&aim);
    if (!incident->target || incident->target_port < 0)
        read_sole_victim(&aim);
    if (incident->target_port < 0) {
        incident->target_port = port_of_sentence(&aim);
        incident->port_is_prose = incident->target_port > 0;
    }
    read_protocol(&aim, hit);
}
