/*
 * What the shape of a line says about the addresses on it: flows, lists, hops,
 * places in links and names. Log grammars are in role_log.c.
 */
#include "incident/role.h"

#include "incident/role_log.h"

#include <string.h>

#define LIST_BYTES_MAX 4000
#define HEADING_MAX    200
#define HEADING_LINES  3
#define BULLET_BYTES   12 /* before the address that opens a line */
#define JOINT_BYTES    12 /* between two addresses of a list */
#define BRACKET_BYTES  60 /* behind the time of an address */

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

/* "192.0.2.1   4411 failed logins": what the first address of a line did,
 * under a heading that ends in a colon. Lines of logs speak for themselves. */
static bool is_told_line(const Page *page, const Line *line, guint heading)
{
    if (line->address_count == 0 || line->stamp_count > 0)
        return false;
    uint32_t first = page_address(page, line->address)->at;
    for (uint32_t at = line->at; at < first; at++)
        if (cursor_is_word(page->text, at) || first - at > BULLET_BYTES)
            return false;
    const Line *above = page_line(page, heading);
    uint32_t end = above->end;
    while (end > above->at && cursor_at(page->text, end - 1) <= ' ')
        end--;
    return end > above->at && cursor_at(page->text, end - 1) == ':';
}

static bool is_list_row(const Page *page, const Line *line, guint heading)
{
    return is_list_line(page, line) || is_told_line(page, line, heading);
}

guint heading_next(const Page *page, guint line, guint heading)
{
    const Line *at = page_line(page, line);
    if (at->kind == LINE_BLANK ||
        (at->address_count > 0 && is_list_row(page, at, heading)))
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

/* A list of addresses means what its heading says. */
static void read_list(const Page *page, guint heading_line, Mention *mention)
{
    static const char *const ACCUSING[] = {
        "your network",   "attacking",  "attackers",     "abusive",
        "abusing",        "your range", "your ip range", "your netblock",
        "your addresses", "participat", "ihrem netz",    "votre réseau",
        "su red",         "vaší sít",   "вашей сети",
    };
    const Line *line = page_line(page, mention->line);
    bool is_first = mention->address == line->address;
    if (heading_line >= mention->line ||
        !(is_list_line(page, line) ||
          (is_first && is_told_line(page, line, heading_line))))
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

/* The place behind an address and what stands in brackets about its own time:
 * "A (14:02 UTC, 31 tries), B". */
static uint32_t skip_own_time(const Page *page, const AddressHit *hit)
{
    const Stamp *stamp = page_stamp_behind(page, hit);
    if (!stamp)
        return hit->end;
    uint32_t at = stamp->at + stamp->length, last = at + BRACKET_BYTES;
    while (at < last && cursor_at(page->folded, at) > '\n' &&
           cursor_at(page->folded, at) != ')')
        at++;
    return cursor_at(page->folded, at) == ')' ? at + 1 : hit->end;
}

/* The place after what joins two members of a list at a place; 0 if nothing
 * does. A line may end behind a comma or a word, not between two rows. */
static uint32_t skip_joint(const Page *page, uint32_t at, bool *is_open)
{
    static const char *const JOINTS[] = {"and", "und", "et", "y",   "e",  "a",
                                         "i",   "en",  "og", "och", "ve", "и"};
    unsigned char c = cursor_at(page->folded, at);
    if (c == '\n')
        return *is_open ? at + 1 : 0;
    if (c <= ' ' || strchr(",;/&|(", c)) {
        *is_open = *is_open || c == ',' || c == ';';
        return at + 1;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(JOINTS); i++) {
        uint32_t end = at + (uint32_t)strlen(JOINTS[i]);
        if (cursor_has(page->folded, at, JOINTS[i]) &&
            cursor_at(page->folded, end) <= ' ') {
            *is_open = true;
            return end;
        }
    }
    return 0;
}

/* "192.0.2.1, 192.0.2.2 and 192.0.2.3": all are what the first is; also where
 * each has its time in brackets behind it or plainly before it. */
bool mention_continues_list(const Page *page, const Mention *mention)
{
    if (mention->address == 0)
        return false;
    const AddressHit *before = page_address(page, mention->address - 1);
    uint32_t to = page_address(page, mention->address)->at;
    uint32_t at = skip_own_time(page, before), joint = 0;
    bool is_open = false, has_time = at > before->end;
    while (at > 0 && at < to && joint < JOINT_BYTES) {
        const Stamp *stamp = page_stamp_from(page, at);
        bool is_stamp = is_open && !has_time && stamp && stamp->at == at;
        uint32_t next =
            is_stamp ? at + stamp->length : skip_joint(page, at, &is_open);
        joint += is_stamp || next == 0 ? 0 : next - at;
        has_time = has_time || is_stamp;
        at = next;
    }
    return at == to && (is_open || !has_time);
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
    if (hit->in_url_host && hit->at >= strlen("udp://") &&
        cursor_has(page->folded, hit->at - strlen("udp://"), "udp://"))
        mention_offer(mention, ROLE_BYSTANDER, 60, TOLD_BY_PLACE,
                      "a tracker of shared files", NULL);
    else if (hit->in_url_host)
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
    mention_read_log(page, mention);
    read_flow(page, mention);
    read_sole(page, mention);
    read_list(page, heading, mention);
}
