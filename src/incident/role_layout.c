/*
 * What the shape of a line says about the addresses on it: log grammars that
 * are told by place and not by a key, flows, lists, hops.
 *
 * To add one: a row of LOG_SHAPES. line: folded words that the line must hold
 * (NULL: any); before and after: what must stand directly at the address, with
 * "[" for a bracket (NULL: anything).
 */
#include "incident/role.h"

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
    {"mail server", "relay=", "[", "]", ROLE_MAIL_RELAY, 40},
    {"web server", NULL, "[client ", NULL, ROLE_OFFENDER, 82},
    {"web server", ", server:", "client: ", NULL, ROLE_OFFENDER, 82},
    {"access log", NULL, NULL, " - - [", ROLE_OFFENDER, 78},
    {"name server", "query", "client ", NULL, ROLE_OFFENDER, 76},
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
    {"ftp", "ftp", "(?@", ")", ROLE_OFFENDER, 78},
    {"ftp", "ftp", "[", "]", ROLE_OFFENDER, 60},
    {"dovecot", "auth", ",", NULL, ROLE_OFFENDER, 60},
    {"exim", "h=", "[", "]", ROLE_OFFENDER, 62},
};

#define LOOK_BYTES     600 /* how far on a line a log's own words may be */
#define LIST_BYTES_MAX 4000
#define HEADING_MAX    200
#define HEADING_LINES  3

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

/* Between two addresses of one line: an arrow shows who called whom. */
static void read_flow(const Page *page, Mention *mention)
{
    static const char *const ARROWS[] = {"->", "=>", " > ", "\xe2\x86\x92",
                                         "-&gt;"};
    const Line *line = page_line(page, mention->line);
    for (guint side = 0; side < 2; side++) {
        if (side == 1 && mention->address == 0)
            continue;
        guint first = side == 0 ? mention->address : mention->address - 1;
        if (first < line->address ||
            first + 1 >= line->address + line->address_count)
            continue;
        uint32_t from = page_address(page, first)->end;
        uint32_t to = page_address(page, first + 1)->at;
        if (to <= from || to - from > 60)
            continue;
        for (size_t i = 0; i < G_N_ELEMENTS(ARROWS); i++)
            if (memmem(page->folded.text + from, to - from, ARROWS[i],
                       strlen(ARROWS[i])))
                mention_offer(mention, side == 0 ? ROLE_OFFENDER : ROLE_VICTIM,
                              74, TOLD_BY_LOG, "flow", "arrow");
    }
}

/* Does the line begin with a stamp, as logs do? */
static bool is_log_line(const Page *page, const Line *line)
{
    if (line->stamp_count == 0)
        return false;
    uint32_t at = page_stamp(page, line->stamp)->at;
    for (uint32_t i = line->at; i < at; i++)
        if (cursor_is_word(page->text, i) && at - i > 40)
            return false;
    return true;
}

/* The only address of a line that begins with a time. */
static void read_sole(const Page *page, Mention *mention)
{
    const Line *line = page_line(page, mention->line);
    if (line->address_count == 1 && is_log_line(page, line))
        mention_offer(mention, ROLE_OFFENDER, 50, TOLD_BY_LOG,
                      "the only address of its log line", NULL);
}

/* Is there nothing on the line but addresses and marks? */
static bool is_list_line(const Page *page, const Line *line)
{
    if (line->end - line->at > LIST_BYTES_MAX)
        return false;
    guint index = line->address;
    guint last = line->address + line->address_count;
    uint32_t words = 0;
    for (uint32_t at = line->at; at < line->end;) {
        if (index < last && at == page_address(page, index)->at) {
            at = page_address(page, index++)->end;
            continue;
        }
        if (cursor_is_word(page->text, at))
            words++;
        at++;
    }
    return words <= 3; /* "1.", "and" */
}

guint heading_next(const Page *page, guint line, guint heading)
{
    const Line *at = page_line(page, line);
    if (at->kind == LINE_BLANK ||
        (at->address_count > 0 && is_list_line(page, at)))
        return heading;
    return line;
}

/* Where the sentence begins that ends in a heading: a few lines up. */
static uint32_t paragraph_begin(const Page *page, guint heading)
{
    guint first = heading;
    while (first > 0 && heading - first < HEADING_LINES &&
           page_line(page, first - 1)->kind != LINE_BLANK)
        first--;
    return page_line(page, first)->at;
}

/* A list of bare addresses means what its heading says. */
static void read_list(const Page *page, guint heading_line, Mention *mention)
{
    static const char *const ACCUSING[] = {
        "your network",   "attacking",  "attackers",     "abusive",
        "abusing",        "your range", "your ip range", "your netblock",
        "your addresses", "participat", "ihrem netz",    "votre réseau",
        "su red",         "vaší sít",   "вашей сети",
    };
    const Line *line = page_line(page, mention->line);
    if (heading_line >= mention->line || !is_list_line(page, line))
        return;
    const Line *heading = page_line(page, heading_line);
    if (heading->end - heading->at > HEADING_MAX)
        return;
    uint32_t sentence = paragraph_begin(page, heading_line);
    for (size_t i = 0; i < G_N_ELEMENTS(ACCUSING); i++)
        if (memmem(page->folded.text + sentence, heading->end - sentence,
                   ACCUSING[i], strlen(ACCUSING[i]))) {
            mention_offer(mention, ROLE_OFFENDER, 66, TOLD_BY_WORDS, "heading",
                          ACCUSING[i]);
            return;
        }
    Role role;
    int weight;
    const char *words;
    uint32_t end = heading->end;
    while (end > heading->at &&
           strchr(": \r\t*", cursor_at(page->folded, end - 1)))
        end--;
    if (label_read(page->folded.text + heading->at, end - heading->at, &role,
                   &weight, &words))
        mention_offer(mention, role, weight, TOLD_BY_WORDS, "heading", words);
}

/* "192.0.2.1, 192.0.2.2 and 192.0.2.3": all are what the first is. */
bool mention_continues_list(const Page *page, const Mention *mention)
{
    static const char *const JOINTS[] = {"and", "und", "et", "y",   "e",  "a",
                                         "i",   "en",  "og", "och", "ve", "и"};
    if (mention->address == 0)
        return false;
    uint32_t from = page_address(page, mention->address - 1)->end;
    uint32_t to = page_address(page, mention->address)->at;
    if (to < from || to - from > 12)
        return false;
    for (uint32_t at = from; at < to;) {
        unsigned char c = cursor_at(page->folded, at);
        if (c <= ' ' || strchr(",;/&|(", c)) {
            if (c == '\n')
                return false;
            at++;
            continue;
        }
        size_t i = 0;
        while (i < G_N_ELEMENTS(JOINTS) &&
               !(cursor_has(page->folded, at, JOINTS[i]) &&
                 cursor_at(page->folded, at + strlen(JOINTS[i])) <= ' '))
            i++;
        if (i == G_N_ELEMENTS(JOINTS))
            return false;
        at += strlen(JOINTS[i]);
    }
    return true;
}

/* Lines and notations in which no accused is named. */
static void read_weak_places(const Page *page, Mention *mention)
{
    const AddressHit *hit = page_address(page, mention->address);
    const Line *line = page_line(page, mention->line);
    if (line->kind == LINE_RECEIVED)
        mention_offer(mention, ROLE_MAIL_RELAY, 45, TOLD_BY_PLACE, "a mail hop",
                      NULL);
    if (line->kind == LINE_WHOIS)
        mention_offer(mention, ROLE_BYSTANDER, 55, TOLD_BY_PLACE,
                      "registry data", NULL);
    if (hit->prefix_bits >= 0 || hit->is_range)
        mention_offer(mention, ROLE_BYSTANDER, 58, TOLD_BY_PLACE,
                      "a network, not a host", NULL);
    if (hit->in_name)
        mention_offer(mention, ROLE_BYSTANDER, WEIGHT_HINT, TOLD_BY_PLACE,
                      "spelled into a host's name: a hint only", NULL);
    if (hit->in_mailbox)
        mention_offer(mention, ROLE_BYSTANDER, 30, TOLD_BY_PLACE,
                      "part of a mailbox", NULL);
    if (hit->in_url_path)
        mention_offer(mention, ROLE_BYSTANDER, 20, TOLD_BY_PLACE,
                      "part of a link", NULL);
    if (hit->in_url_host)
        mention_offer(mention, ROLE_OFFENDER, 52, TOLD_BY_PLACE,
                      "host of a cited link", NULL);
    if (line->kind == LINE_ORIGIN)
        mention_offer(mention, ROLE_OFFENDER, 56, TOLD_BY_PLACE,
                      "where the sample came from", NULL);
}

void mention_read_layout(const Page *page, guint heading, Mention *mention)
{
    read_weak_places(page, mention);
    const Line *line = page_line(page, mention->line);
    if (page_address(page, mention->address)->in_name)
        return;
    if (line->kind == LINE_RECEIVED || line->kind == LINE_WHOIS)
        return;
    read_shapes(page, mention);
    read_named_host(page, mention);
    read_flow(page, mention);
    read_sole(page, mention);
    read_list(page, heading, mention);
}
