/*
 * What kind of sender is it?
 *
 * Asked because it decides tone, urgency and who may answer; a wrong
 * "authority" costs a minute, a missed one much more. Evidence, strongest
 * first: our own loop mark; the domain of From; what a format states; header
 * fields of programs; words by which senders introduce themselves. The first
 * rule of RULES that finds evidence decides, and its words are the reason.
 * From is unverified here: this is a claim about what the mail says it is.
 *
 * A list that rewrites From ("'X' via abuse") keeps the author in
 * X-Original-From, X-Original-Sender or Reply-To; that one is judged, and told
 * as a claim.
 */
#include "report/report.h"

#include "report/judges.h"
#include "report/sender_words.h"

#include <string.h>

#define WORDS_ENOUGH 4
#define HITS_MAX     2000

/* --- who --- */

static void take_reporter(Study *study)
{
    const Mail *mail = study->mail;
    Report *report = study->report;
    const char *from = mail_header(mail, "From");
    if (from)
        mail_mailbox(from, &report->reporter_address, &report->reporter_name);
    g_autofree char *address = NULL, *name = NULL;
    const char *reply_to = mail_header(mail, "Reply-To");
    if (!reply_to || !mail_mailbox(reply_to, &address, &name) ||
        !report->reporter_address)
        return;
    if (g_ascii_strcasecmp(address, report->reporter_address) != 0)
        report_add_flag(report, "reply-to-differs");
}

/* Offices write "Name, Dept. 4 <a@b>" without the quotes that RFC 5322 asks
 * for. What stands in the last brackets may tell the class of the sender, but
 * nobody is answered there: the reporter's address stays unknown. Yours. */
static char *loose_address(const char *from)
{
    const char *open = from ? strrchr(from, '<') : NULL;
    size_t length = open ? strcspn(open + 1, "<> \t\r\n") : 0;
    if (length == 0 || open[1 + length] != '>')
        return NULL;
    return g_strndup(open + 1, length);
}

/* "SRS0=hash=day=example.org=ann@forwarder.example": who wrote to the
 * forwarder (Sender Rewriting Scheme). Yours, NULL if it is none. */
static char *undo_srs(const char *address)
{
    if (g_ascii_strncasecmp(address, "SRS0", 4) != 0 &&
        g_ascii_strncasecmp(address, "SRS1", 4) != 0)
        return NULL;
    const char *inner = strcasestr(address, "SRS0");
    const char *nested = strstr(address, "==");
    inner = nested ? nested + 2 : inner ? inner + 5 : NULL;
    size_t end = inner ? strcspn(inner, "@") : 0;
    if (end == 0 || strlen(inner) < end)
        return NULL;
    g_autofree char *body = g_strndup(inner, end);
    g_auto(GStrv) pieces = g_strsplit(body, "=", 4);
    if (g_strv_length(pieces) != 4 || !strchr(pieces[2], '.') || !*pieces[3])
        return NULL;
    return g_strconcat(pieces[3], "@", pieces[2], NULL);
}

/* Whom a list that rewrites From names as the author. Yours, or NULL. */
static char *author_behind_list(const Mail *mail)
{
    static const char *const FIELDS[] = {
        "X-Original-From",         "X-Google-Original-From",
        "X-Mailman-Original-From", "X-Original-Sender",
        "X-RT-Originator",         "Reply-To"};
    const char *from = mail_header(mail, "From");
    char *address = NULL;
    g_autofree char *writer = NULL;
    bool is_rewritten = from && strstr(from, " via ") != NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(FIELDS); i++) {
        const char *value = mail_header(mail, FIELDS[i]);
        if (value && (i == 0 || is_rewritten) &&
            mail_mailbox(value, &address, NULL))
            return address;
    }
    return from && mail_mailbox(from, &writer, NULL) ? undo_srs(writer) : NULL;
}

/* Of one domain? Then it is a house's own ticket system ("Ann via RT"), and
 * nobody else's complaint: the letter goes to the house in any case. */
static bool is_of_one_house(const char *one, const char *other)
{
    const char *domain = one ? strrchr(one, '@') : NULL;
    const char *second = other ? strrchr(other, '@') : NULL;
    return domain && second && g_ascii_strcasecmp(domain, second) == 0;
}

/* The address to judge: the author behind a list, else From. What a list says
 * is a claim: anybody can write such a field, and nobody is authenticated by
 * it. Yours. */
static char *author_address(Study *study)
{
    Report *report = study->report;
    char *address = author_behind_list(study->mail);
    if (!address)
        return report->reporter_address
                   ? g_strdup(report->reporter_address)
                   : loose_address(mail_header(study->mail, "From"));
    report_add_flag(report, "list-rewritten-from");
    if (!report->claimed_address &&
        !is_of_one_house(address, report->reporter_address))
        report->claimed_address = g_strdup(address);
    return address;
}

/* --- by address --- */

static bool has_label(const char *domain, const char *label, bool as_prefix)
{
    size_t length = strlen(label);
    for (const char *at = domain; at; at = strchr(at, '.')) {
        at += *at == '.';
        size_t span = strcspn(at, ".");
        bool same = as_prefix ? span >= length : span == length;
        if (same && g_ascii_strncasecmp(at, label, length) == 0)
            return true;
    }
    return false;
}

static bool has_suffix(const char *domain, const char *suffix)
{
    size_t length = strlen(domain), suffix_length = strlen(suffix);
    if (length < suffix_length)
        return false;
    const char *at = domain + length - suffix_length;
    return g_ascii_strcasecmp(at, suffix) == 0 &&
           (at == domain || *suffix == '.' || at[-1] == '.');
}

static bool rule_fits(const SenderRule *rule, const char *local,
                      const char *domain)
{
    switch (rule->where) {
    case RULE_DOMAIN_SUFFIX:
        return has_suffix(domain, rule->word);
    case RULE_DOMAIN_LABEL:
        return has_label(domain, rule->word, false);
    case RULE_DOMAIN_PREFIX:
        return has_label(domain, rule->word, true);
    case RULE_DOMAIN_PART:
        return strstr(domain, rule->word) != NULL;
    case RULE_LOCAL_PART:
        return g_ascii_strcasecmp(local, rule->word) == 0;
    case RULE_LOCAL_PREFIX:
        return g_str_has_prefix(local, rule->word);
    }
    g_assert_not_reached();
}

static const SenderRule *rule_of_address(const char *address)
{
    const char *at = address ? strrchr(address, '@') : NULL;
    if (!at)
        return NULL;
    g_autofree char *local = g_strndup(address, (gsize)(at - address));
    g_autofree char *lower_local = g_ascii_strdown(local, -1);
    g_autofree char *domain = g_ascii_strdown(at + 1, -1);
    const SenderRule *rules = sender_rules();
    for (size_t i = 0; rules[i].word; i++)
        if (rule_fits(&rules[i], lower_local, domain))
            return &rules[i];
    return NULL;
}

/* --- by header and words --- */

static bool is_automatic_header(const Mail *mail, const char **why)
{
    const char *submitted = mail_header(mail, "Auto-Submitted");
    const char *precedence = mail_header(mail, "Precedence");
    const char *mailer = mail_header(mail, "X-Mailer");
    if (submitted && g_ascii_strncasecmp(submitted, "auto-", 5) == 0)
        *why = "Auto-Submitted says so";
    else if (precedence && (g_ascii_strcasecmp(precedence, "bulk") == 0 ||
                            g_ascii_strcasecmp(precedence, "junk") == 0))
        *why = "Precedence is bulk";
    else if (mail_header(mail, "X-ARF") || mail_header(mail, "X-XARF"))
        *why = "an X-ARF field";
    else if (mail_header(mail, "Feedback-ID"))
        *why = "a Feedback-ID field";
    else if (mailer &&
             (strstr(mailer, "fail2ban") || strstr(mailer, "PHPMailer") ||
              strstr(mailer, "blocklist")))
        *why = "X-Mailer is a program";
    else
        return false;
    return true;
}

typedef struct {
    int sums[SENDER_COUNT];
    const char *words[SENDER_COUNT]; /* the first phrase, static */
} Introduction;

static void weigh_hits(const WordIndex *index, const FoldedText *folded,
                       GHashTable *seen, Introduction *sums)
{
    g_autoptr(GArray) hits = word_index_find(index, folded, HITS_MAX);
    for (guint i = 0; i < hits->len; i++) {
        const WordRow *row = g_array_index(hits, WordHit, i).row;
        SenderClass sender = sender_class_of_word(row->meaning);
        if (!g_hash_table_add(seen, (gpointer)row))
            continue;
        sums->sums[sender] += row->weight;
        if (!sums->words[sender])
            sums->words[sender] = row->words;
    }
}

/* How senders introduce themselves, in what they wrote or signed, and by the
 * name before their address. */
static void weigh_words(Study *study, Introduction *sums)
{
    const GPtrArray *blocks = study->report->blocks;
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        bool written = block->kind == BLOCK_BODY ||
                       block->kind == BLOCK_SUBJECT ||
                       block->kind == BLOCK_SIGNATURE;
        const FoldedText *folded = written ? study_folded(study, i) : NULL;
        if (folded)
            weigh_hits(sender_words(), folded, seen, sums);
    }
    const char *name = study->report->reporter_name;
    g_autoptr(FoldedText) folded =
        folded_text_new(name ? name : "", name ? strlen(name) : 0);
    weigh_hits(sender_name_words(), folded, seen, sums);
}

static void decide(Study *study, SenderClass sender_class, const char *what,
                   const char *word)
{
    Report *report = study->report;
    report->sender_class = sender_class;
    g_free(report->sender_class_why);
    report->sender_class_why =
        word ? g_strdup_printf("%s \"%s\"", what, word) : g_strdup(what);
}

/* By words, in the order in which a doubt is decided. */
static bool decide_by_words(Study *study, const Introduction *sums,
                            const SenderClass *order, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (sums->sums[order[i]] < WORDS_ENOUGH)
            continue;
        decide(study, order[i], "it says", sums->words[order[i]]);
        return true;
    }
    return false;
}

/* "Olga" <olga@shop.example>: one capitalised word that is not the name of
 * the domain, as those of firms are. */
static bool is_given_name(const char *name, const char *address)
{
    if (!name || !address || !g_unichar_isupper(g_utf8_get_char(name)))
        return false;
    const char *rest = g_utf8_next_char(name);
    if (!*rest || !*g_utf8_next_char(rest))
        return false;
    for (const char *at = rest; *at; at = g_utf8_next_char(at))
        if (!g_unichar_islower(g_utf8_get_char(at)))
            return false;
    const char *domain = strrchr(address, '@');
    g_autofree char *lower = g_utf8_strdown(name, -1);
    g_autofree char *host = g_ascii_strdown(domain ? domain : "", -1);
    return strstr(host, lower) == NULL;
}

/* "Gillian Frost" <gillian@frostwick.example>: two or three capitalised words,
 * none of which names a desk, and not all of them the domain's. */
static bool is_full_name(const char *name, const char *address)
{
    static const char *const DESKS[] = {
        "abuse",    "team",    "desk",       "support",  "security", "service",
        "services", "center",  "centre",     "network",  "networks", "admin",
        "group",    "office",  "operations", "helpdesk", "response", "notices",
        "alerts",   "monitor", "compliance", "system",   "systems",  "hosting",
        "legal",    "report",  "reports",    "bank",     "online",   "shop"};
    g_autofree char *lower = g_utf8_strdown(name ? name : "", -1);
    g_auto(GStrv) words = g_strsplit(lower, " ", 4);
    guint count = g_strv_length(words), known = 0;
    const char *domain = address ? strrchr(address, '@') : NULL;
    if (count < 2 || count > 3 || !domain)
        return false;
    const char *at = name;
    for (guint i = 0; i < count; i++) {
        if (!*words[i] || !g_unichar_isupper(g_utf8_get_char(at)) ||
            strpbrk(words[i], "0123456789()@&/,"))
            return false;
        for (size_t k = 0; k < G_N_ELEMENTS(DESKS); k++)
            if (strcmp(words[i], DESKS[k]) == 0)
                return false;
        known += strstr(domain, words[i]) != NULL;
        const char *blank = strchr(at, ' ');
        at = blank ? blank + 1 : at + strlen(at);
    }
    return known < count;
}

/* Is the last line of what was written the name alone ("/Olga")? */
static bool is_signed(const Study *study, const char *name)
{
    const GPtrArray *blocks = study->report->blocks;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        if (block->kind != BLOCK_BODY)
            continue;
        const char *text = study_block_text(study, block);
        size_t end = block->length, length = strlen(name);
        while (end > 0 && g_ascii_isspace(text[end - 1]))
            end--;
        if (end <= length || memcmp(text + end - length, name, length) != 0)
            return false;
        end -= length;
        while (end > 0 && text[end - 1] && strchr("/- ", text[end - 1]))
            end--;
        return end == 0 || text[end - 1] == '\n';
    }
    return false;
}

static bool is_personal(const Study *study, Introduction *sums)
{
    const char *name = study->report->reporter_name;
    const char *address = study->report->reporter_address;
    bool given = is_given_name(name, address);
    bool full = is_full_name(name, address);
    g_autofree char *first = full ? g_strndup(name, strcspn(name, " ")) : NULL;
    bool is_name = ((given || full) && is_signed(study, name)) ||
                   (full && is_signed(study, first));
    int sum = sums->sums[SENDER_PERSON];
    if (is_name && sum == 0)
        sums->words[SENDER_PERSON] = "a name alone";
    return sum >= WORDS_ENOUGH || is_name ||
           (sum > 1 && (given || (name && strchr(name, ' '))));
}

/* The desks of providers: what they pass on is about their customer. */
static bool passes_on(const Study *study, const char *address)
{
    static const char *const DESKS[] = {
        "abuse@",   "abus@",     "noc@",    "support@",    "soporte@",
        "suporte@", "security@", "netops@", "compliance@", "hostmaster@"};
    bool has_inner = false;
    const GPtrArray *blocks = study->report->blocks;
    for (guint i = 0; i < blocks->len && !has_inner; i++) {
        BlockKind kind = ((const Block *)blocks->pdata[i])->kind;
        has_inner = kind == BLOCK_QUOTED || kind == BLOCK_INNER;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(DESKS) && has_inner && address; i++)
        if (g_ascii_strncasecmp(address, DESKS[i], strlen(DESKS[i])) == 0)
            return true;
    return false;
}

void sender_judge(Study *study)
{
    static const SenderClass STRONG[] = {SENDER_AUTHORITY, SENDER_LAW_FIRM,
                                         SENDER_PRESS};
    static const SenderClass WEAK[] = {SENDER_CERT, SENDER_RIGHTS_HOLDER,
                                       SENDER_HOSTER, SENDER_AUTOMATED};
    take_reporter(study);
    g_autofree char *address = author_address(study);
    const SenderRule *rule = rule_of_address(address);
    Introduction sums = {0};
    const char *why = NULL;
    weigh_words(study, &sums);
    if (mail_header(study->mail, "X-Exitdesk-Loop"))
        decide(study, SENDER_OURSELVES, "our own X-Exitdesk-Loop field", NULL);
    else if (rule && rule->sender != SENDER_AUTOMATED)
        decide(study, rule->sender, "its address has", rule->word);
    else if (study->sender_class == SENDER_RIGHTS_HOLDER)
        decide(study, study->sender_class, study->sender_why, NULL);
    else if (decide_by_words(study, &sums, STRONG, G_N_ELEMENTS(STRONG)))
        return;
    else if (study->sender_class != SENDER_UNKNOWN)
        decide(study, study->sender_class, study->sender_why, NULL);
    else if (decide_by_words(study, &sums, WEAK, G_N_ELEMENTS(WEAK)))
        return;
    else if (passes_on(study, address))
        decide(study, SENDER_HOSTER, "a desk that passes a complaint on", NULL);
    else if (is_automatic_header(study->mail, &why))
        decide(study, SENDER_AUTOMATED, why, NULL);
    else if (rule)
        decide(study, rule->sender, "its address has", rule->word);
    else if (is_personal(study, &sums))
        decide(study, SENDER_PERSON, "it says", sums.words[SENDER_PERSON]);
    else
        decide(study, SENDER_UNKNOWN, "nothing tells", NULL);
}
