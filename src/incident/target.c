/*
 * What the accused did it to.
 *
 * Problem: ports stand in keys (DPT=22), in columns ("dst port"), under labels
 * a few lines off ("Destination port: 22"), behind the harmed host ("mx1.x
 * (port 25)") and in plain sentences. A port right behind the accused's
 * address is his own, and in a sentence several ports may be listed.
 *
 * Approach: from the outspoken to the weak, the first that tells wins: key of
 * the line, column, label in the paragraph, the port behind the harmed, a
 * sentence that cites exactly one port. A line that begins with a time is a
 * log, of which only keys are believed. All searches are bounded to the
 * paragraph around one mention.
 */
#include "incident/target.h"

#include <string.h>

#define TARGET_LINES 4     /* how far a target may stand from its attacker */
#define NEAR_LINES   12    /* how far a label may stand */
#define LINE_BYTES   400   /* searched of a line */
#define HOST_BYTES   253   /* RFC 1035 2.3.4 */
#define OUTGOING_MIN 32768 /* from here on systems choose their own ports */

typedef struct {
    const Sheet *sheet;
    const Cast *cast;
    const Page *page;
    const Mention *mention;
    Incident *incident;
} Aim;

static int as_port(Cursor in, size_t at)
{
    long port;
    size_t digits = cursor_number(in, at, 5, &port);
    return digits > 0 && port > 0 && port <= 65535 ? (int)port : -1;
}

static const char *find_words(const Page *page, uint32_t from, uint32_t to,
                              const char *words)
{
    if (from >= to)
        return NULL;
    return memmem(page->folded.text + from, to - from, words, strlen(words));
}

/* A number after a key or word on the line, as ports stand in logs. */
static int port_after(const Page *page, const Line *line, uint32_t from,
                      const char *key)
{
    const char *found =
        find_words(page, from, MIN(line->end, from + LINE_BYTES), key);
    if (!found)
        return -1;
    size_t at = (size_t)(found - page->folded.text) + strlen(key);
    return as_port(page->folded, at);
}

/* --- the paragraph --- */

/* Does a line cite another accused? Then what stands there is his. */
static bool is_anothers(const Aim *aim, const Line *line)
{
    for (guint i = 0; i < MIN(line->address_count, 20); i++) {
        const IpAddress *ip = &page_address(aim->page, line->address + i)->ip;
        const Player *player = cast_find(aim->cast, ip);
        if (player && player->role == ROLE_OFFENDER &&
            !ip_is_equal(ip, &aim->incident->address))
            return true;
    }
    return false;
}

/* The line that many steps from the mention's, NULL where the paragraph or
 * what is the accused's own ends. */
static const Line *line_beside(const Aim *aim, int step)
{
    int l = (int)aim->mention->line + step;
    if (l < 0 || l >= (int)aim->page->lines->len)
        return NULL;
    const Line *line = page_line(aim->page, (guint)l);
    if (line->kind == LINE_BLANK || (step != 0 && is_anothers(aim, line)))
        return NULL;
    return line;
}

/* Lines of the paragraph in the order of nearness, forwards first. */
static guint gather_lines(const Aim *aim, int most,
                          const Line *lines[2 * NEAR_LINES + 1])
{
    guint count = 0;
    for (int step = 0; step <= most; step++) {
        const Line *line = line_beside(aim, step);
        if (!line)
            break;
        lines[count++] = line;
    }
    for (int step = -1; step >= -most; step--) {
        const Line *line = line_beside(aim, step);
        if (!line)
            break;
        lines[count++] = line;
    }
    return count;
}

/* --- ports --- */

static const char *const PORT_LABELS[] = {
    "dst_port",         "dst port",         "dstport",
    "dst-port",         "destination port", "destination_port",
    "destination-port", "destinationport",  "dest_port",
    "dest port",        "destport",         "target port",
    "target_port",      "targetport",       "dport",
    "ziel-port",        "zielport",         "puerto de destino",
    "puerto destino",   "port destination", "port de destination",
    "porta de destino", "porta destino",    "porta di destinazione",
    "doelpoort",        "port docelowy",    "cílový port",
    "порт назначения",  "hedef port",       "målport",
};

static int port_of_labels(const Aim *aim)
{
    const Line *lines[2 * NEAR_LINES + 1];
    guint count = gather_lines(aim, NEAR_LINES, lines);
    for (guint l = 0; l < count; l++)
        for (size_t i = 0; i < G_N_ELEMENTS(PORT_LABELS); i++) {
            uint32_t end = MIN(lines[l]->end, lines[l]->at + LINE_BYTES);
            const char *found =
                find_words(aim->page, lines[l]->at, end, PORT_LABELS[i]);
            if (!found)
                continue;
            size_t at = (size_t)(found - aim->page->folded.text) +
                        strlen(PORT_LABELS[i]);
            while (at < end && cursor_at(aim->page->folded, at) &&
                   strchr(" \t:=|\"'", cursor_at(aim->page->folded, at)))
                at++;
            int port = as_port(aim->page->folded, at);
            if (port > 0)
                return port;
        }
    return -1;
}

/* "(port 25)", " port 25", ", TCP port 443" right behind a place. */
static int port_behind(const Page *page, uint32_t at)
{
    static const char *const WORDS[] = {"tcp ", "udp ",  "tcp/",  "udp/",
                                        "on ",  "port ", "port: "};
    Cursor in = page->folded;
    bool is_said = false;
    while (cursor_at(in, at) && strchr(" ,(", cursor_at(in, at)))
        at++;
    for (int step = 0; step < 3; step++)
        for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
            if (cursor_has(in, at, WORDS[i])) {
                at += (uint32_t)strlen(WORDS[i]);
                is_said = true;
            }
    return is_said ? as_port(in, at) : -1;
}

/* Whose port it is says the word before it. */
static bool is_own_port(const Page *page, uint32_t at)
{
    static const char *const OWNERS[] = {
        "source ",     "src ",        "src_",   "local ",
        "remote ",     "client ",     "quell-", "origin ",
        "infringers ", "infringing ", "your ",  "from "};
    for (size_t i = 0; i < G_N_ELEMENTS(OWNERS); i++) {
        size_t length = strlen(OWNERS[i]);
        if (at >= length &&
            memcmp(page->folded.text + at - length, OWNERS[i], length) == 0)
            return true;
    }
    return false;
}

/* Does a list of ports go on behind a number: "22, 23", "1-1024"? */
static bool port_list_goes_on(Cursor in, size_t at)
{
    while (g_ascii_isdigit(cursor_at(in, at)))
        at++;
    unsigned char c = cursor_at(in, at);
    if (c == '-')
        return g_ascii_isdigit(cursor_at(in, at + 1));
    at = cursor_skip_blanks(in, at, 2);
    if (cursor_at(in, at) == ',' || cursor_at(in, at) == '/')
        at = cursor_skip_blanks(in, at + 1, 2);
    else if (cursor_has(in, at, "and "))
        at += 4;
    else if (cursor_has(in, at, "und "))
        at += 4;
    else
        return false;
    return g_ascii_isdigit(cursor_at(in, at));
}

static bool follows_accused(const Aim *aim, const Line *line, uint32_t at)
{
    for (guint i = 0; i < MIN(line->address_count, 20); i++) {
        const AddressHit *hit = page_address(aim->page, line->address + i);
        if (hit->end <= at && at - hit->end <= 2 &&
            ip_is_equal(&hit->ip, &aim->incident->address))
            return true;
    }
    return false;
}

/* Look for "port 22", "udp/161", "tcp/22" on a line; *port becomes 0 when
 * several are cited. */
static void ports_of_line(const Aim *aim, const Line *line, int *port)
{
    static const char *const WORDS[] = {"port ", "ports ", "tcp/", "udp/"};
    const Page *page = aim->page;
    uint32_t end = MIN(line->end, line->at + LINE_BYTES);
    for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
        for (uint32_t at = line->at; at < end;) {
            const char *found = find_words(page, at, end, WORDS[i]);
            if (!found)
                break;
            uint32_t word = (uint32_t)(found - page->folded.text);
            at = word + (uint32_t)strlen(WORDS[i]);
            int value = as_port(page->folded, at);
            if (value < 0 || value >= OUTGOING_MIN ||
                (word > 0 && cursor_is_word(page->folded, word - 1)) ||
                is_own_port(page, word) || follows_accused(aim, line, word))
                continue;
            if (port_list_goes_on(page->folded, at) ||
                (*port >= 0 && *port != value))
                *port = 0;
            else if (*port < 0)
                *port = value;
        }
}

/* A log line's own words are read by their keys only. */
static bool begins_with_time(const Page *page, const Line *line)
{
    return line->stamp_count > 0 &&
           page_stamp(page, line->stamp)->at <= line->at + 1;
}

static int port_of_sentence(const Aim *aim)
{
    int port = -1;
    for (int step = -1; step <= 1; step++) {
        const Line *line = line_beside(aim, step);
        if (line && !begins_with_time(aim->page, line))
            ports_of_line(aim, line, &port);
    }
    return port > 0 ? port : -1;
}

/* --- the harmed --- */

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
            incident->target_port = hit->port;
        if (incident->target_port < 0)
            incident->target_port = port_behind(aim->page, hit->end);
        return true;
    }
    return false;
}

/* "mx1.college.example (port 25)": a host's name with its port behind it. */
static bool read_named_victim(const Aim *aim, const Line *line)
{
    const Page *page = aim->page;
    const char *found = find_words(
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

/* On the line of the mention, else in the lines around it, above first. */
static void read_target(const Aim *aim)
{
    const Line *own = page_line(aim->page, aim->mention->line);
    if (read_victim(aim, own) || read_named_victim(aim, own))
        return;
    for (int side = -1; side <= 1; side += 2)
        for (int step = 1; step <= TARGET_LINES; step++) {
            int l = (int)aim->mention->line + side * step;
            if (l < 0 || l >= (int)aim->page->lines->len)
                break;
            const Line *line = page_line(aim->page, (guint)l);
            if (line->kind == LINE_BLANK)
                break;
            if (read_victim(aim, line) || read_named_victim(aim, line))
                return;
        }
}

/* --- protocol --- */

static bool holds_word(const Page *page, uint32_t from, uint32_t to,
                       const char *word)
{
    size_t length = strlen(word);
    while (from < to) {
        const char *found = find_words(page, from, to, word);
        if (!found)
            return false;
        size_t at = (size_t)(found - page->folded.text);
        if ((at == 0 || !g_ascii_isalnum(cursor_at(page->folded, at - 1))) &&
            !g_ascii_isalnum(cursor_at(page->folded, at + length)))
            return true;
        from = (uint32_t)(at + length);
    }
    return false;
}

static const char *const PROTOCOLS[] = {"tcp", "udp", "icmp"};

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
    const Line *lines[2 * NEAR_LINES + 1];
    guint count = gather_lines(aim, NEAR_LINES, lines), kinds = 0;
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

void target_read(const Sheet *sheet, const Cast *cast, const Tables *tables,
                 const Mention *mention, Incident *incident)
{
    const Page *page = sheet_page(sheet, mention->page);
    const Line *line = page_line(page, mention->line);
    const AddressHit *hit = page_address(page, mention->address);
    const Aim aim = {sheet, cast, page, mention, incident};
    uint32_t cell;
    incident->port = hit->port;
    if (incident->port < 0 &&
        cursor_has(page->folded, hit->at + hit->length, " port "))
        incident->port = port_after(page, line, hit->at, " port ");
    if (incident->port < 0)
        incident->port = port_after(page, line, hit->at, "spt=");
    incident->target_port = port_after(page, line, hit->at, "dpt=");
    if (incident->target_port < 0 &&
        tables_target_port(tables, mention->line, &cell))
        incident->target_port = as_port(page->folded, cell);
    if (incident->target_port < 0)
        incident->target_port = port_of_labels(&aim);
    read_target(&aim);
    if (incident->target_port < 0) {
        incident->target_port = port_of_sentence(&aim);
        incident->port_is_prose = incident->target_port > 0;
    }
    read_protocol(&aim, hit);
}
