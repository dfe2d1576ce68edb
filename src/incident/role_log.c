/*
 * Log grammars that tell an address by where it stands and not by a key.
 *
 * To add one: a row of LOG_SHAPES. line: folded words that the line must hold
 * (NULL: any); before and after: what must stand directly at the address, with
 * "[" for a bracket (NULL: anything). The first row that fits wins.
 *
 * Grammars by columns are functions: the access log of web servers, where the
 * client may follow a virtual host and its name, and rows of "source, harmed,
 * port, port" as firewalls write them without heads.
 *
 * A log also shows who was let in. "Login:" or "Accepted password" says no ill
 * of an address where others are refused; it is believed only if the log shows
 * nothing else, since it may be the break-in itself.
 */
#include "incident/role_log.h"

#include <string.h>

typedef struct {
    const char *name; /* static, goes into the reason */
    const char *line, *before, *after;
    Role role;
    int weight;
} LogShape;

static const LogShape LOG_SHAPES[] = {
    {"sshd", "ssh", "from ", NULL, ROLE_OFFENDER, 76},
    {"sshd", "ssh", "user ", " port", ROLE_OFFENDER, 76},
    {"sshd", "ssh", "closed by ", NULL, ROLE_OFFENDER, 76},
    {"sshd", "ssh", "from [", "]", ROLE_OFFENDER, 76},
    {"sshd", "ssh", "on [", "]", ROLE_VICTIM, 76},
    {"sshd", "ssh", "on ", " port", ROLE_VICTIM, 76},
    {"fail2ban", "fail2ban", "ban ", NULL, ROLE_OFFENDER, 80},
    {"fail2ban", "fail2ban", "found ", NULL, ROLE_OFFENDER, 80},
    {"fail2ban", NULL, "] ban ", NULL, ROLE_OFFENDER, 78},
    {"fail2ban", NULL, "] found ", NULL, ROLE_OFFENDER, 78},
    {"mail server", "connect", "from unknown[", "]", ROLE_OFFENDER, 78},
    {"mail server", NULL, "from unknown[", "]", ROLE_OFFENDER, 76},
    {"sendmail", "auth failure", "relay=[", "]", ROLE_OFFENDER, 78},
    {"sendmail", "ruleset=", "[", "]", ROLE_OFFENDER, 70},
    {"mail server", "relay=", "[", "]", ROLE_MAIL_RELAY, 40},
    {"web server", NULL, "[client ", NULL, ROLE_OFFENDER, 82},
    {"web server", ", server:", "client: ", NULL, ROLE_OFFENDER, 82},
    {"access log", NULL, NULL, " - - [", ROLE_OFFENDER, 78},
    {"name server", "query", "client ", NULL, ROLE_OFFENDER, 76},
    {"name server", "client @0x", " ", "#", ROLE_OFFENDER, 76},
    {"name server", "query: ", " (", ")", ROLE_VICTIM, 76},
    {"proxy", "tcp_", "connect ", NULL, ROLE_VICTIM, 76},
    {"asterisk", "failed for '", "failed for '", NULL, ROLE_OFFENDER, 80},
    {"asterisk", NULL, "localaddress=\"ipv4/udp/", NULL, ROLE_VICTIM, 88},
    {"asterisk", NULL, "localaddress=\"ipv4/tcp/", NULL, ROLE_VICTIM, 88},
    {"asterisk", NULL, "localaddress=\"ipv4/tls/", NULL, ROLE_VICTIM, 88},
    {"asterisk", NULL, "ipv4/udp/", NULL, ROLE_OFFENDER, 76},
    {"asterisk", NULL, "ipv4/tcp/", NULL, ROLE_OFFENDER, 76},
    {"cisco asa", "%asa", "src outside:", NULL, ROLE_OFFENDER, 82},
    {"cisco asa", "%asa", "src inside:", NULL, ROLE_OFFENDER, 78},
    {"cisco asa", "%asa", "dst outside:", NULL, ROLE_VICTIM, 82},
    {"cisco asa", "%asa", "dst inside:", NULL, ROLE_VICTIM, 82},
    {"cisco asa", "%asa", "src dmz:", NULL, ROLE_OFFENDER, 78},
    {"cisco asa", "%asa", "dst dmz:", NULL, ROLE_VICTIM, 82},
    {"cisco asa", "built outbound", "for outside:", NULL, ROLE_VICTIM, 82},
    {"cisco asa", "built outbound", "to inside:", NULL, ROLE_OFFENDER, 82},
    {"cisco asa", "%asa", "for outside:", NULL, ROLE_OFFENDER, 80},
    {"cisco asa", "%asa", "to inside:", NULL, ROLE_VICTIM, 80},
    {"cisco asa", "%asa", "to dmz:", NULL, ROLE_VICTIM, 80},
    {"cisco asa", "%asa", "to outside:", NULL, ROLE_VICTIM, 78},
    {"cisco asa", "%asa", "attacker is ", NULL, ROLE_OFFENDER, 82},
    {"cisco asa", "%asa", "target is ", NULL, ROLE_VICTIM, 82},
    {"cisco asa", "%asa", "from ", NULL, ROLE_OFFENDER, 78},
    {"cisco asa", "%asa", "to ", NULL, ROLE_VICTIM, 78},
    {"cisco", "%sec-6", "denied tcp ", NULL, ROLE_OFFENDER, 80},
    {"cisco", "%sec-6", "denied udp ", NULL, ROLE_OFFENDER, 80},
    {"firewall", "deny", "from ", NULL, ROLE_OFFENDER, 76},
    {"firewall", "drop", "from ", NULL, ROLE_OFFENDER, 76},
    {"firewall", "deny", "to ", NULL, ROLE_VICTIM, 74},
    {"csf", "blocked", "(lfd) ", NULL, ROLE_OFFENDER, 76},
    {"csf", "lfd", "from ", NULL, ROLE_OFFENDER, 76},
    {"haproxy", NULL, "{", "}", ROLE_OFFENDER, 60},
    {"windows", "network address", "address: ", NULL, ROLE_OFFENDER, 80},
    {"vsftpd", " login: client", "client \"", "\"", ROLE_OFFENDER, 82},
    {"ftp", "ftp", "(?@", ")", ROLE_OFFENDER, 78},
    {"ftp", "ftp", "[", "]", ROLE_OFFENDER, 60},
    {"dovecot", "auth", ",", NULL, ROLE_OFFENDER, 60},
    {"exim", " i=[", " i=[", "]", ROLE_VICTIM, 84},
    {"exim", "authenticator failed", "[", "]", ROLE_OFFENDER, 72},
    {"ossec", "->/", " ", "->/", ROLE_REPORTER, 85},
    {"exim", "h=", "[", "]", ROLE_OFFENDER, 62},
    {"sql server", "login failed", "[client: ", "]", ROLE_OFFENDER, 80},
    {"database", "denied for user", "'@'", "'", ROLE_OFFENDER, 78},
    {"remote desktop", "connection from", "from ", NULL, ROLE_OFFENDER, 74},
    {"vpn", "tls error", NULL, NULL, ROLE_OFFENDER, 60},
    {"vpn", "received packet", "from ", "[", ROLE_OFFENDER, 74},
    {"vpn", "received packet", "to ", "[", ROLE_VICTIM, 74},
    {"tcp wrapper", "refused connect", "from ", NULL, ROLE_OFFENDER, 78},
    {"telephony", "call from", "(", ")", ROLE_OFFENDER, 70},
    {"telephony", "call from", "(", ":", ROLE_OFFENDER, 74},
    {"telephony", NULL, "sip:", NULL, ROLE_VICTIM, 45},
};

#define LOOK_BYTES    600 /* how far on a line a log's own words may be */
#define WEIGHT_LET_IN 49  /* just too little to accuse beside others */

/* Words of a line that tells of somebody who was let in. */
static const char *const LET_IN[] = {
    "-login: login: ",     "accepted password for", "accepted publickey for",
    "accepted keyboard-",  "login successful",      "successful login",
    "successfully logged", "logon success",         "session opened for",
    "eventid=4624",        "auth succeeded",        "ok login: client",
    "successful auth for",
};

/* Only the neighbourhood of a place is searched: lines can be megabytes. */
static bool line_holds(const Page *page, const Line *line, uint32_t at,
                       const char *words)
{
    uint32_t from = MAX(line->at, at > LOOK_BYTES ? at - LOOK_BYTES : 0);
    uint32_t to = MIN(line->end, at + LOOK_BYTES);
    return memmem(page->folded.text + from, to - from, words, strlen(words)) !=
           NULL;
}

static bool stands_before(const Page *page, uint32_t at, const char *words)
{
    size_t length = strlen(words);
    return at >= length &&
           memcmp(page->folded.text + at - length, words, length) == 0;
}

static void read_shapes(const Page *page, Mention *mention)
{
    const AddressHit *hit = page_address(page, mention->address);
    const Line *line = page_line(page, mention->line);
    size_t end = hit->at + hit->length;
    for (size_t i = 0; i < G_N_ELEMENTS(LOG_SHAPES); i++) {
        const LogShape *shape = &LOG_SHAPES[i];
        if ((shape->before && !stands_before(page, hit->at, shape->before)) ||
            (shape->after && !cursor_has(page->folded, end, shape->after)) ||
            (shape->line && !line_holds(page, line, hit->at, shape->line)))
            continue;
        mention_offer(mention, shape->role, shape->weight, TOLD_BY_LOG,
                      "log line", shape->name);
        return;
    }
}

/* "host.example[192.0.2.1]" after "from": who connected to a mail server. */
static void read_named_host(const Page *page, Mention *mention)
{
    const AddressHit *hit = page_address(page, mention->address);
    const Line *line = page_line(page, mention->line);
    uint32_t at = hit->at;
    if (at == 0 || !strchr("[(", cursor_at(page->folded, at - 1)) ||
        !cursor_at(page->folded, at - 1))
        return;
    at--;
    if (at > line->at && cursor_at(page->folded, at - 1) == ' ')
        at--;
    uint32_t end = at;
    while (at > line->at && end - at < 120 &&
           cursor_at(page->folded, at - 1) > ' ' &&
           cursor_at(page->folded, at - 1) != '=')
        at--;
    if (stands_before(page, at, "client="))
        mention_offer(mention, ROLE_OFFENDER, 82, TOLD_BY_LOG, "log line",
                      "client=");
    else if (stands_before(page, at, "relay="))
        mention_offer(mention, ROLE_MAIL_RELAY, 66, TOLD_BY_LOG, "log line",
                      "relay=");
    else if (stands_before(page, at, "from "))
        mention_offer(mention, ROLE_OFFENDER, 74, TOLD_BY_LOG, "log line",
                      "from host[address]");
}

/* "ADDRESS - user [12/Aug/2022:07:00:00 +0000] ": a client of a web server. */
static bool is_access_log(const Page *page, const AddressHit *hit)
{
    Cursor in = page->folded;
    size_t at = hit->end;
    for (int word = 0; word < 2; word++) {
        if (cursor_at(in, at) != ' ')
            return false;
        at++;
        size_t begin = at;
        while (cursor_at(in, at) > ' ' && at - begin < 64)
            at++;
        if (at == begin)
            return false;
    }
    return cursor_has(in, at, " [") && g_ascii_isdigit(cursor_at(in, at + 2)) &&
           (cursor_at(in, at + 4) == '/' || cursor_at(in, at + 3) == '/');
}

/* A number with nothing glued on, at a place; its end, 0 if there is none. */
static size_t cell_port(Cursor in, size_t at)
{
    long port;
    size_t digits = cursor_number(in, at, 5, &port);
    unsigned char next = cursor_at(in, at + digits);
    bool is_part = g_ascii_isalnum(next) || next == '.' ||
                   (next && strchr("-/:", next) && /* of a date or a time */
                    g_ascii_isdigit(cursor_at(in, at + digits + 1)));
    return digits > 0 && port <= 65535 && !is_part ? at + digits : 0;
}

/* The place after one mark between cells, blanks around it; 0 if none. */
static size_t cell_mark(Cursor in, size_t at)
{
    size_t next = cursor_skip_blanks(in, at, 8);
    if (cursor_at(in, next) == ',' || cursor_at(in, next) == ';' ||
        cursor_at(in, next) == '|')
        return cursor_skip_blanks(in, next + 1, 8);
    return next > at ? next : 0;
}

/* Palo Alto's THREAT and TRAFFIC rows: both addresses, 15 fields of names and
 * zones, both ports (PAN-OS "Syslog Field Descriptions"). */
static bool read_palo_alto(const Page *page, const Line *line, FlowRow *row)
{
    const AddressHit *a = page_address(page, line->address);
    const AddressHit *b = page_address(page, line->address + 1);
    Cursor in = page->folded;
    if (b->at != a->end + 1 || cursor_at(in, a->end) != ',' ||
        !(line_holds(page, line, a->at, ",threat,") ||
          line_holds(page, line, a->at, ",traffic,")))
        return false;
    size_t at = b->end, ports[2];
    for (int field = 0; field < 17; field++) {
        while (at < line->end && cursor_at(in, at) != ',')
            at++;
        if (at >= line->end)
            return false;
        at++;
        if (field >= 15)
            ports[field - 15] = at;
    }
    *row = (FlowRow){line->address, line->address + 1, (uint32_t)ports[0],
                     (uint32_t)ports[1]};
    return cell_port(in, ports[0]) > 0 && cell_port(in, ports[1]) > 0;
}

bool flow_row_read(const Page *page, const Line *line, FlowRow *row)
{
    if (line->address_count < 2)
        return false;
    if (read_palo_alto(page, line, row))
        return true;
    for (guint i = 0; i + 1 < MIN(line->address_count, 8); i++) {
        const AddressHit *a = page_address(page, line->address + i);
        const AddressHit *b = page_address(page, line->address + i + 1);
        Cursor in = page->text;
        size_t at = cell_mark(in, a->end), first = at, second;
        if (at == b->at) { /* A,B,port,port */
            first = cell_mark(in, b->end);
            size_t end = first ? cell_port(in, first) : 0;
            second = end ? cell_mark(in, end) : 0;
        } else { /* A port B port */
            size_t end = at ? cell_port(in, at) : 0;
            if (end == 0 || cell_mark(in, end) != b->at)
                continue;
            second = cell_mark(in, b->end);
        }
        if (first == 0 || second == 0 || cell_port(in, second) == 0)
            continue;
        *row = (FlowRow){line->address + i, line->address + i + 1,
                         (uint32_t)first, (uint32_t)second};
        return true;
    }
    return false;
}

static void read_columns(const Page *page, const Line *line, Mention *mention)
{
    FlowRow row;
    if (!flow_row_read(page, line, &row))
        return;
    if (mention->address == row.source)
        mention_offer(mention, ROLE_OFFENDER, 72, TOLD_BY_LOG, "row of a log",
                      "source, target, ports");
    else if (mention->address == row.target)
        mention_offer(mention, ROLE_VICTIM, 72, TOLD_BY_LOG, "row of a log",
                      "source, target, ports");
}

void mention_read_log(const Page *page, Mention *mention)
{
    const Line *line = page_line(page, mention->line);
    read_shapes(page, mention);
    read_named_host(page, mention);
    if (is_access_log(page, page_address(page, mention->address)))
        mention_offer(mention, ROLE_OFFENDER, 78, TOLD_BY_LOG, "log line",
                      "access log");
    read_columns(page, line, mention);
}

void mention_weigh_log(const Page *page, Mention *mention)
{
    bool is_log = mention->told_by == TOLD_BY_LOG ||
                  (mention->told_by == TOLD_BY_WORDS && /* a mere "from" */
                   mention->weight < WEIGHT_DOUBTFUL);
    if (!is_log || mention->role != ROLE_OFFENDER)
        return;
    const Line *line = page_line(page, mention->line);
    const AddressHit *hit = page_address(page, mention->address);
    for (size_t i = 0; i < G_N_ELEMENTS(LET_IN); i++)
        if (line_holds(page, line, hit->at, LET_IN[i])) {
            mention->weight = MIN(mention->weight, WEIGHT_LET_IN);
            mention->why = "it was let in";
            mention->words = LET_IN[i];
            return;
        }
}

void mentions_settle_proxy(const Page *page, GArray *mentions, guint first)
{
    Mention *proxy = NULL, *client = NULL;
    for (guint i = first; i < mentions->len; i++) {
        Mention *mention = &g_array_index(mentions, Mention, i);
        const AddressHit *hit = page_address(page, mention->address);
        bool is_public = ip_is_public(&hit->ip);
        if (i == first && !is_public &&
            g_strcmp0(mention->words, "access log") == 0)
            proxy = mention;
        else if (is_public && !hit->in_url_host && !hit->in_url_path &&
                 !hit->in_name && mention->weight <= WEIGHT_LET_IN)
            client = client ? proxy : mention;
    }
    if (!proxy || !client || client == proxy)
        return;
    mention_offer(client, ROLE_OFFENDER, 76, TOLD_BY_LOG,
                  "forwarded for by a proxy", NULL);
    proxy->role = ROLE_BYSTANDER;
    proxy->why = "a proxy inside, it names its client";
    proxy->words = NULL;
}
