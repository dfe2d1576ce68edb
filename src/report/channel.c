/*
 * How does the writer wish to be answered?
 *
 * Five places say so: a Reply-To that differs from From; a From that takes no
 * mail ("noreply@"); phrases with an address or a URL behind them ("please
 * reply to ...", "use the link below"); links whose path is about answering
 * and which carry a token; the reporter's contact in a machine-readable part.
 * Each is kept with its words, in this order, at most CHANNELS_MAX.
 *
 * Nothing is chosen here and nothing follows from it by itself: whoever can
 * write "reply to mallory@" into a mail could make us a sender of mail to
 * third parties. The gate writes to the authenticated sender or to nobody.
 *
 * A phrase reaches as far as its paragraph, TARGET_BYTES at most: "reply to
 * this notice" with a shop's address three paragraphs below wishes nothing.
 */
#include "report/channel_words.h"
#include "report/judges.h"

#include <string.h>

#define HITS_MAX     400
#define TARGET_BYTES 240
#define LINKS_MAX    100 /* links of one block that are looked at */
#define TOKEN_BYTES  12  /* letters and digits that nobody chose as a name */

/* Something to answer to, at bytes of a text. */
typedef struct {
    ChannelKind kind;
    size_t at, length;
} Target;

static bool is_local_byte(char c)
{
    return g_ascii_isalnum(c) || (c && strchr("._%+=-", c) != NULL);
}

static bool is_domain_byte(char c)
{
    return g_ascii_isalnum(c) || c == '.' || c == '-';
}

static bool is_url_byte(char c)
{
    return (unsigned char)c > 0x20 && !strchr("<>\"'`|\\^{}", c);
}

/* The URL at text. Marks that end a sentence are not of it. */
static size_t url_length(const char *text, size_t length)
{
    size_t n = 0;
    while (n < length && n < CHANNEL_TEXT_MAX && is_url_byte(text[n]))
        n++;
    while (n > 0 && strchr(".,;:!?)]*_", text[n - 1]))
        n--;
    return n;
}

static bool begins_url(const char *text, size_t length)
{
    return (length > 8 && (g_ascii_strncasecmp(text, "http://", 7) == 0 ||
                           g_ascii_strncasecmp(text, "https://", 8) == 0));
}

/* An address around the '@' at offset at, not before begin. */
static bool address_around(const char *text, size_t length, size_t begin,
                           size_t at, Target *out)
{
    size_t first = at, last = at + 1;
    while (first > begin && at - first < 64 && is_local_byte(text[first - 1]))
        first--;
    while (last < length && last - at < 255 && is_domain_byte(text[last]))
        last++;
    while (last > at + 1 && !g_ascii_isalnum(text[last - 1]))
        last--;
    while (first < at && !g_ascii_isalnum(text[first]))
        first++;
    if (first == at || !memchr(text + at, '.', last - at))
        return false;
    *out = (Target){CHANNEL_MAIL, first, last - first};
    return true;
}

/* The first target from begin to end; an empty line ends the search. */
static bool find_target(const char *text, size_t begin, size_t end,
                        bool only_url, Target *out)
{
    size_t lines = 0;
    for (size_t at = begin; at < end; at++) {
        if (text[at] == '\n' && at + 1 < end && text[at + 1] == '\n' &&
            ++lines > 1)
            return false;
        if (begins_url(text + at, end - at)) {
            *out = (Target){CHANNEL_FORM, at, url_length(text + at, end - at)};
            return true;
        }
        if (text[at] == '@' && !only_url &&
            address_around(text, end, begin, at, out))
            return true;
    }
    return false;
}

/* --- keeping --- */

/* Takes quote. The same channel is kept once. */
static void add(Study *study, ChannelKind kind, char *value, Quote *quote,
                const char *where)
{
    GPtrArray *channels = study->report->channels;
    bool wanted = channels->len < CHANNELS_MAX;
    for (guint i = 0; wanted && i < channels->len; i++) {
        const Channel *known = channels->pdata[i];
        wanted = known->kind != kind ||
                 (kind != CHANNEL_NONE &&
                  g_ascii_strcasecmp(known->value, value) != 0);
    }
    Channel *channel = g_new0(Channel, 1);
    *channel = (Channel){kind, value, quote, g_strdup(where)};
    if (wanted)
        g_ptr_array_add(channels, channel);
    else
        channel_free(channel);
}

static void add_in_block(Study *study, const Block *block, const Target *target,
                         size_t from, const char *where)
{
    const char *text = study_block_text(study, block) + target->at;
    size_t length = target->length;
    /* The whole of a long link, whatever the reach it was found in: cut, it
     * leads elsewhere, and its last letter may be half of one. */
    if (target->kind == CHANNEL_FORM)
        length = url_length(text, block->length - target->at);
    if (length == 0 || length >= CHANNEL_TEXT_MAX)
        return;
    char *value = g_strndup(text, length);
    WordHit words = {.at = (uint32_t)from,
                     .length = (uint32_t)(target->at + length - from)};
    add(study, target->kind, value, study_hit_quote(study, block, &words),
        where);
}

/* --- headers --- */

static const MailHeader *header_named(const Mail *mail, const char *name)
{
    for (guint i = 0; i < mail->headers->len; i++) {
        const MailHeader *header = mail->headers->pdata[i];
        if (g_ascii_strcasecmp(header->name, name) == 0)
            return header;
    }
    return NULL;
}

static Quote *header_quote(const Mail *mail, const MailHeader *header)
{
    return quote_new(header->value, strlen(header->value),
                     mail_header_place(mail, header));
}

static bool takes_no_mail(const char *address)
{
    static const char *const NAMES[] = {
        "noreply",       "donotreply",  "nichtantworten", "keineantwort",
        "nepasrepondre", "noresponder", "nonrispondere",  "naoresponda",
        "nieodpowiadaj", "neodpovidat", "svarainte",      "bounce",
        "mailerdaemon",  "unmonitored", "noanswer"};
    GString *letters = g_string_new(NULL);
    for (const char *at = address; *at && *at != '@'; at++)
        if (g_ascii_isalpha(*at))
            g_string_append_c(letters, g_ascii_tolower(*at));
    bool found = false;
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++)
        found = found || strstr(letters->str, NAMES[i]);
    g_string_free(letters, TRUE);
    return found;
}

/* The one mailbox of a field, or NULL. */
static char *mailbox_of(const char *value)
{
    char *address = NULL;
    g_autofree char *name = NULL;
    if (value && !mail_mailbox(value, &address, &name))
        g_clear_pointer(&address, g_free);
    return address;
}

static void read_header_fields(Study *study)
{
    const Mail *mail = study->mail;
    const MailHeader *reply_to = header_named(mail, "Reply-To");
    const MailHeader *from = header_named(mail, "From");
    g_autofree char *asked = mailbox_of(reply_to ? reply_to->value : NULL);
    g_autofree char *writer = mailbox_of(from ? from->value : NULL);
    if (asked && g_strcmp0(asked, writer) != 0)
        add(study, CHANNEL_MAIL, g_strdup(asked), header_quote(mail, reply_to),
            "header Reply-To");
    if (writer && !asked && takes_no_mail(writer))
        add(study, CHANNEL_NONE, NULL, header_quote(mail, from), "header From");
}

/* The address to which an answer to this mail goes. */
static char *own_address(const Mail *mail)
{
    const char *value = mail_header(mail, "Reply-To");
    return mailbox_of(value ? value : mail_header(mail, "From"));
}

/* --- phrases --- */

static void read_cue(Study *study, const Block *block, const WordHit *hit)
{
    const char *text = study_block_text(study, block);
    const char *cue = hit->row->meaning;
    Quote *words = NULL;
    if (strcmp(cue, CUE_NONE) == 0) {
        words = study_hit_quote(study, block, hit);
        add(study, CHANNEL_NONE, NULL, words, "line");
        return;
    }
    if (block->kind == BLOCK_SIGNATURE)
        return;
    if (strcmp(cue, CUE_THIS) == 0) {
        char *address =
            block->kind == BLOCK_BODY ? own_address(study->mail) : NULL;
        if (address)
            add(study, CHANNEL_MAIL, address,
                study_hit_quote(study, block, hit), "line");
        return;
    }
    Target target;
    size_t begin = hit->at + hit->length;
    size_t end = MIN(block->length, begin + TARGET_BYTES);
    if (find_target(text, begin, end, strcmp(cue, CUE_URL) == 0, &target))
        add_in_block(study, block, &target, hit->at, "line");
}

/* "Please do not reply to ..." holds "reply to": a phrase that lies in or
 * right behind one that forbids is not a wish. */
static bool is_forbidden(const GArray *hits, guint number)
{
    const WordHit *hit = &g_array_index(hits, WordHit, number);
    for (guint i = number > 4 ? number - 4 : 0; i < hits->len && i < number + 4;
         i++) {
        const WordHit *other = &g_array_index(hits, WordHit, i);
        if (i != number && strcmp(other->row->meaning, CUE_NONE) == 0 &&
            strcmp(hit->row->meaning, CUE_NONE) != 0 &&
            hit->at < other->at + other->length &&
            other->at < hit->at + hit->length)
            return true;
    }
    return false;
}

/* --- links --- */

/* Is the link about answering, and does it carry a token? */
static bool is_answer_link(const char *url, size_t length)
{
    static const char *const WORDS[] = {"respond",     "response", "reply",
                                        "answer",      "feedback", "resolve",
                                        "acknowledge", "webform",  "ticket",
                                        "antwort",     "repon",    "respuesta"};
    g_autofree char *low = g_ascii_strdown(url, (gssize)length);
    const char *path = strchr(low + 8, '/');
    if (!path || strstr(path, "unsubscribe"))
        return false;
    bool is_about = false;
    for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
        is_about = is_about || strstr(path, WORDS[i]);
    size_t run = 0, digits = 0;
    bool has_token = false;
    for (const char *at = path; *at; at++) {
        bool in_run = g_ascii_isalnum(*at);
        run = in_run ? run + 1 : 0;
        digits = in_run ? digits + g_ascii_isdigit(*at) : 0;
        has_token = has_token || (run >= TOKEN_BYTES && digits >= 2);
    }
    return is_about && (has_token || strchr(path, '='));
}

static void read_links(Study *study, const Block *block)
{
    const char *text = study_block_text(study, block);
    int links = 0;
    for (size_t at = 0; at < block->length && links < LINKS_MAX; at++) {
        if (!begins_url(text + at, block->length - at))
            continue;
        links++;
        size_t length = url_length(text + at, block->length - at);
        Target target = {CHANNEL_FORM, at, length};
        if (length > 8 && is_answer_link(text + at, length))
            add_in_block(study, block, &target, at, "link");
        at += length;
    }
}

/* --- machine-readable parts --- */

static void read_keys(Study *study, const Block *block,
                      const FoldedText *folded)
{
    const char *text = study_block_text(study, block);
    g_autoptr(GArray) hits = word_index_find(channel_keys(), folded, HITS_MAX);
    for (guint i = 0; i < hits->len; i++) {
        const WordHit *hit = &g_array_index(hits, WordHit, i);
        size_t begin = hit->at + hit->length;
        size_t end = MIN(block->length, begin + (size_t)hit->row->weight);
        Target target;
        if (find_target(text, begin, end,
                        strcmp(hit->row->meaning, CUE_URL) == 0, &target))
            add_in_block(study, block, &target, target.at, "machine part");
    }
}

static void read_block(Study *study, const Block *block,
                       const FoldedText *folded)
{
    g_autoptr(GArray) hits = word_index_find(channel_words(), folded, HITS_MAX);
    for (guint i = 0; i < hits->len; i++)
        if (!is_forbidden(hits, i))
            read_cue(study, block, &g_array_index(hits, WordHit, i));
    if (block->kind != BLOCK_SIGNATURE)
        read_links(study, block);
}

void channel_judge(Study *study)
{
    const GPtrArray *blocks = study->report->blocks;
    read_header_fields(study);
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        const FoldedText *folded = NULL;
        switch (block->kind) {
        case BLOCK_BODY:
        case BLOCK_QUOTED:
        case BLOCK_INNER:
        case BLOCK_SIGNATURE:
            folded = study_folded(study, i);
            if (folded)
                read_block(study, block, folded);
            break;
        case BLOCK_MACHINE:
            folded = study_folded(study, i);
            if (folded)
                read_keys(study, block, folded);
            break;
        case BLOCK_ATTACHMENT:
        case BLOCK_SUBJECT:
        case BLOCK_SAMPLE:
            break;
        }
    }
}
