/*
 * Ports stand in keys (DPT=22), in columns ("dst port"), in rows without heads
 * ("A,B,4711,22"), under labels a few lines off ("Destination port: 22"),
 * behind the harmed host and in plain sentences.
 *
 * To add one: a key or label in lower case to OWN_KEYS or HARMED_KEYS; what
 * stands before it on the line does not matter, so that the longest spelling is
 * not needed ("dst_port" is in "my_dst_port").
 */
#include "incident/target_port.h"

#include "incident/role_log.h"

#include <string.h>

#define OUTGOING_MIN 32768 /* from here on systems choose their own ports */

int page_port(const Page *page, size_t at)
{
    Cursor in = page->folded;
    long port;
    size_t digits = cursor_number(in, at, 5, &port);
    return digits > 0 && port > 0 && port <= 65535 ? (int)port : -1;
}

const char *page_find(const Page *page, uint32_t from, uint32_t to,
                      const char *words)
{
    if (from >= to)
        return NULL;
    return memmem(page->folded.text + from, to - from, words, strlen(words));
}

bool line_begins_with_time(const Page *page, const Line *line)
{
    return line->stamp_count > 0 &&
           page_stamp(page, line->stamp)->at <= line->at + 1;
}

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

/* Does a line tell of another event of the same accused? */
static bool is_another_event(const Aim *aim, const Line *line)
{
    if (line->stamp_count == 0 || line->address_count == 0)
        return false;
    for (guint i = 0; i < MIN(line->address_count, 20); i++)
        if (ip_is_equal(&page_address(aim->page, line->address + i)->ip,
                        &aim->incident->address))
            return line_begins_with_time(aim->page, line);
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
    if (line->kind == LINE_BLANK ||
        (step != 0 && (is_anothers(aim, line) || is_another_event(aim, line))))
        return NULL;
    return line;
}

/* Lines of the paragraph in the order of nearness, forwards first. */
guint aim_lines(const Aim *aim, const Line *lines[2 * NEAR_LINES + 1])
{
    guint count = 0;
    for (int step = 0; step <= NEAR_LINES; step++) {
        const Line *line = line_beside(aim, step);
        if (!line)
            break;
        lines[count++] = line;
    }
    for (int step = -1; step >= -NEAR_LINES; step--) {
        const Line *line = line_beside(aim, step);
        if (!line)
            break;
        lines[count++] = line;
    }
    return count;
}

/* Keys and labels of the harmed's port. */
static const char *const HARMED_KEYS[] = {
    "dpt=",
    "dst_port",
    "dst port",
    "dstport",
    "dst-port",
    "dst.port",
    "destination port",
    "destination_port",
    "destination-port",
    "destination.port",
    "destinationport",
    "dest_port",
    "dest port",
    "dest.port",
    "destport",
    "target port",
    "target_port",
    "targetport",
    "targeted port",
    "attacked port",
    "victim port",
    "victim_port",
    "victimport",
    "dport",
    "dstp=",
    "resp_p",
    "localport",
    "localportdetails\": {\"port",
    "localportdetails\":{\"port",
    "requestport",
    "local port",
    "local_port",
    "lport=",
    "service:\"",
    "to tcp port",
    "to udp port",
    "ziel-port",
    "zielport",
    "port de destination",
    "port destination",
    "port cible",
    "puerto de destino",
    "puerto destino",
    "porta de destino",
    "porta destino",
    "porta di destinazione",
    "porta destinazione",
    "doelpoort",
    "port docelowy",
    "cílový port",
    "порт назначения",
    "hedef port",
    "målport",
    "destinationsport",
    "宛先ポート",
    "目的端口",
    "目标端口",
    "목적지 포트",
};

/* Keys and labels of the accused's own port. */
static const char *const OWN_KEYS[] = {
    "spt=",
    "src_port",
    "src port",
    "srcport",
    "src-port",
    "src.port",
    "source port",
    "source_port",
    "source-port",
    "source.port",
    "sourceport",
    "sport=",
    "s_port",
    "srcp=",
    "orig_p",
    "remote port",
    "remote_port",
    "client port",
    "client_port",
    "attacker port",
    "attacker_port",
    "attackerport",
    "ipport",
    "quellport",
    "quell-port",
    "port source",
    "puerto origen",
    "puerto de origen",
    "porta de origem",
    "porta sorgente",
    "bronpoort",
    "port źródłowy",
    "zdrojový port",
    "порт источника",
    "kaynak port",
    "källport",
};

bool names_harmed_port(const char *folded, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(HARMED_KEYS); i++)
        if (memmem(folded, length, HARMED_KEYS[i], strlen(HARMED_KEYS[i])))
            return true;
    return false;
}

/* The number behind a key: ":", "=", quotes and tags between. */
static int port_after_key(const Page *page, const Line *line, uint32_t from,
                          const char *key)
{
    uint32_t end = MIN(line->end, line->at + LINE_BYTES);
    end = MAX(end, MIN(line->end, from + LINE_BYTES));
    const char *found = page_find(page, from, end, key);
    if (!found)
        return -1;
    size_t at = (size_t)(found - page->folded.text) + strlen(key);
    while (at < end && cursor_at(page->folded, at) &&
           strchr(" \t:=|\"'>\\.", cursor_at(page->folded, at)))
        at++;
    return page_port(page, at);
}

int port_of_line(const Page *page, const Line *line, bool is_target)
{
    const char *const *keys = is_target ? HARMED_KEYS : OWN_KEYS;
    size_t count =
        is_target ? G_N_ELEMENTS(HARMED_KEYS) : G_N_ELEMENTS(OWN_KEYS);
    int port = -1;
    for (size_t i = 0; i < count && port < 0; i++)
        port = port_after_key(page, line, line->at, keys[i]);
    return port;
}

static int port_of_keys(const Aim *aim, const char *const *keys, size_t count)
{
    const Line *lines[2 * NEAR_LINES + 1];
    guint line_count = aim_lines(aim, lines);
    uint32_t at = page_address(aim->page, aim->mention->address)->at;
    for (guint l = 0; l < line_count; l++)
        for (size_t i = 0; i < count; i++) {
            int port =
                l == 0 ? port_after_key(aim->page, lines[l], at, keys[i]) : -1;
            if (port < 0)
                port =
                    port_after_key(aim->page, lines[l], lines[l]->at, keys[i]);
            if (port > 0)
                return port;
        }
    return -1;
}

static int port_of_row(const Aim *aim, bool is_target)
{
    FlowRow row;
    if (!flow_row_read(aim->page, page_line(aim->page, aim->mention->line),
                       &row) ||
        row.source != aim->mention->address)
        return -1;
    return page_port(aim->page, is_target ? row.target_port : row.source_port);
}

int port_of_accused(const Aim *aim)
{
    const AddressHit *hit = page_address(aim->page, aim->mention->address);
    if (hit->port >= 0)
        return hit->port;
    size_t end = hit->at + hit->length;
    if (cursor_has(aim->page->folded, end, " port "))
        return page_port(aim->page, end + strlen(" port "));
    if (cursor_has(aim->page->folded, end, "\",\"port\":"))
        return page_port(aim->page, end + strlen("\",\"port\":"));
    int port = port_of_row(aim, false);
    return port >= 0 ? port
                     : port_of_keys(aim, OWN_KEYS, G_N_ELEMENTS(OWN_KEYS));
}

int port_of_harmed(const Aim *aim, const Tables *tables)
{
    uint32_t cell;
    int port = -1;
    if (tables_target_port(tables, aim->mention->line, &cell))
        port = page_port(aim->page, cell);
    if (port < 0)
        port = port_of_row(aim, true);
    return port >= 0
               ? port
               : port_of_keys(aim, HARMED_KEYS, G_N_ELEMENTS(HARMED_KEYS));
}

int port_behind(const Page *page, uint32_t at)
{
    static const char *const WORDS[] = {
        "tcp ",    "udp ",    "tcp/",    "udp/",  "on ",    "port ",
        "port: ",  "port:",   "port\":", "port=", "port\t", "porta ",
        "porta: ", "puerto ", "poort ",  "порт ", "ポート", "端口"};
    Cursor in = page->folded;
    bool is_said = false;
    while (cursor_at(in, at) && strchr(" ,(\"", cursor_at(in, at)))
        at++;
    for (int step = 0; step < 3; step++)
        for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
            if (cursor_has(in, at, WORDS[i])) {
                at += (uint32_t)strlen(WORDS[i]);
                at = (uint32_t)cursor_skip_blanks(in, at, 2);
                is_said = true;
            }
    return is_said ? page_port(page, at) : -1;
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

static bool follows_accused(const Page *page, const Cast *cast,
                            const Line *line, uint32_t at)
{
    for (guint i = 0; i < MIN(line->address_count, 20); i++) {
        const AddressHit *hit = page_address(page, line->address + i);
        const Player *player = cast_find(cast, &hit->ip);
        if (hit->end <= at && at - hit->end <= 2 && player &&
            player->role == ROLE_OFFENDER)
            return true;
    }
    return false;
}

/* "22/tcp", "(SSH, 22/TCP)": where the number before a slash begins; 0 if none
 * does that stands by itself. */
static uint32_t number_before(const Page *page, const Line *line, uint32_t at)
{
    uint32_t begin = at;
    while (begin > line->at && at - begin < 6 &&
           g_ascii_isdigit(cursor_at(page->folded, begin - 1)))
        begin--;
    bool is_alone = begin == line->at ||
                    strchr(" (,:\t", cursor_at(page->folded, begin - 1));
    return begin < at && at - begin < 6 && is_alone ? begin : 0;
}

/* One cited port more; *port becomes 0 when several are. */
static void note_port(int *port, int value)
{
    *port = *port >= 0 && *port != value ? 0 : value;
}

void ports_before_slash(const Page *page, const Cast *cast, const Line *line,
                        int *port)
{
    static const char *const WORDS[] = {"/tcp", "/udp"};
    uint32_t end = MIN(line->end, line->at + LINE_BYTES);
    for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
        for (uint32_t at = line->at; at < end;) {
            const char *found = page_find(page, at, end, WORDS[i]);
            if (!found)
                break;
            uint32_t slash = (uint32_t)(found - page->folded.text);
            at = slash + (uint32_t)strlen(WORDS[i]);
            uint32_t number = number_before(page, line, slash);
            int value = number > 0 && !cursor_is_word(page->folded, at)
                            ? page_port(page, number)
                            : -1;
            if (value > 0 && value < OUTGOING_MIN &&
                !follows_accused(page, cast, line, number - 1))
                note_port(port, value);
        }
}

void ports_of_line(const Page *page, const Cast *cast, const Line *line,
                   int *port)
{
    static const char *const WORDS[] = {
        "port ",   "ports ", "tcp/",   "udp/",    "porta ", "porto ",
        "puerto ", "poort ", "portu ", "portti ", "порт ",  "порту "};
    uint32_t end = MIN(line->end, line->at + LINE_BYTES);
    for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
        for (uint32_t at = line->at; at < end;) {
            const char *found = page_find(page, at, end, WORDS[i]);
            if (!found)
                break;
            uint32_t word = (uint32_t)(found - page->folded.text);
            at = word + (uint32_t)strlen(WORDS[i]);
            int value = page_port(page, at);
            if (value < 0 || value >= OUTGOING_MIN ||
                (word > 0 && cursor_is_word(page->folded, word - 1)) ||
                is_own_port(page, word) ||
                follows_accused(page, cast, line, word))
                continue;
            note_port(port, port_list_goes_on(page->folded, at) ? 0 : value);
        }
}

/* "Port: 445/tcp" some lines below: lists of labels are longer than sentences. */
static bool is_label_list(const Page *page, const Line *line)
{
    return line->address_count == 0 &&
           page_find(page, line->at, MIN(line->end, line->at + LINE_BYTES),
                     ": ");
}

/* A bare "Port:" says the harmed's if the address above it is none of the
 * accused: "Destination: A", then "Port: 22". */
static int port_of_bare_label(const Aim *aim)
{
    const Page *page = aim->page;
    bool is_harmed = false;
    for (int step = 1; step <= NEAR_LINES; step++) {
        const Line *line = line_beside(aim, step);
        if (!line)
            return -1;
        if (line->address_count > 0) {
            const Player *player =
                cast_find(aim->cast, &page_address(page, line->address)->ip);
            is_harmed = !player || player->role != ROLE_OFFENDER;
        }
        uint32_t at = line->at;
        while (at < line->end && strchr("> \t-*", cursor_at(page->folded, at)))
            at++;
        size_t label = port_label(page->folded, at);
        if (is_harmed && label > 0)
            return page_port(page, label);
    }
    return -1;
}

int port_of_sentence(const Aim *aim)
{
    int port = port_of_bare_label(aim);
    if (port > 0)
        return port;
    for (int step = -1; step <= NEAR_LINES; step++) {
        const Line *line = line_beside(aim, step);
        if (!line || line_begins_with_time(aim->page, line))
            continue;
        if (step <= 1)
            ports_of_line(aim->page, aim->cast, line, &port);
        if (step <= 1 || is_label_list(aim->page, line))
            ports_before_slash(aim->page, aim->cast, line, &port);
    }
    return port > 0 ? port : -1;
}
