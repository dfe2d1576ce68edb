/*
 * What the mail is, before asking what it complains about.
 *
 * "Is it automatic?" is not the question: most complaints are. The question is
 * whether it wants something from us. Facts first (content types, header
 * fields of RFC 3464, 3834, 8098, our own ticket id), then sensitive matters,
 * then the balance of words: how clearly the mail accuses against how clearly
 * it says it is something else. A mail that a format read as a complaint is
 * one; an acknowledgement that quotes the complaint it answers is not.
 *
 * The null envelope sender is not known here; the gate looks at it.
 */
#include "report/category.h"
#include "report/disposition_words.h"
#include "report/lines.h"
#include "report/study.h"

#include <string.h>

#define DECIDES  4
#define HITS_MAX 1000

static void conclude(Study *study, Disposition disposition, const char *why)
{
    study->report->disposition = disposition;
    g_free(study->report->disposition_why);
    study->report->disposition_why = g_strdup(why);
}

/* --- facts --- */

static bool has_part(const Study *study, const char *type)
{
    for (guint i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        if (strcmp(part->content_type, type) == 0 && !study_is_inner(study, i))
            return true;
    }
    return false;
}

static bool judge_bounce(Study *study)
{
    const Mail *mail = study->mail;
    const char *address = study->report->reporter_address;
    if (has_part(study, "message/delivery-status") ||
        has_part(study, "message/global-delivery-status")) {
        conclude(study, DISPOSITION_BOUNCE, "a delivery status (RFC 3464)");
        return true;
    }
    if (has_part(study, "message/disposition-notification")) {
        conclude(study, DISPOSITION_BOUNCE, "a read receipt (RFC 8098)");
        return true;
    }
    if (mail_header(mail, "X-Failed-Recipients")) {
        conclude(study, DISPOSITION_BOUNCE, "an X-Failed-Recipients field");
        return true;
    }
    if (address && g_ascii_strncasecmp(address, "mailer-daemon@", 14) == 0) {
        conclude(study, DISPOSITION_BOUNCE, "it comes from mailer-daemon");
        return true;
    }
    return false;
}

/* RFC 7489 section 7.2.1.1: receiver "!" policy-domain "!" begin "!" end. */
static bool is_dmarc_name(const char *name)
{
    size_t marks = 0;
    for (const char *at = name; *at; at++)
        marks += *at == '!';
    return marks >= 3 && (strstr(name, ".xml") || strstr(name, ".zip") ||
                          strstr(name, ".gz"));
}

/* The report itself, whatever it is called (RFC 7489 appendix C; RFC 8460
 * section 4.4). */
static const char *aggregate_in_text(const char *text)
{
    if (strstr(text, "<report_metadata>") && strstr(text, "<policy_published>"))
        return "a DMARC aggregate report";
    if (strstr(text, "\"organization-name\"") &&
        strstr(text, "\"total-failure-session-count\""))
        return "a TLS-RPT report";
    return NULL;
}

static bool judge_aggregate(Study *study)
{
    for (guint i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        if (part->filename && is_dmarc_name(part->filename)) {
            conclude(study, DISPOSITION_AGGREGATE,
                     "a DMARC aggregate report is attached");
            return true;
        }
        const char *why = part->text ? aggregate_in_text(part->text) : NULL;
        if (why) {
            conclude(study, DISPOSITION_AGGREGATE, why);
            return true;
        }
        if (g_str_has_prefix(part->content_type, "application/tlsrpt")) {
            conclude(study, DISPOSITION_AGGREGATE, "a TLS-RPT report");
            return true;
        }
    }
    return false;
}

/* A dotted quad at the front of text, also "192[.]0[.]2[.]7". */
static bool is_quad(const char *text, size_t length)
{
    size_t at = 0;
    for (int part = 0; part < 4; part++) {
        size_t digits = 0;
        while (part > 0 && at < length && strchr("[.](){}", text[at]) &&
               text[at])
            at++;
        while (at < length && g_ascii_isdigit(text[at]) && digits < 4) {
            digits++;
            at++;
        }
        if (digits == 0 || digits > 3 || at == length)
            return part == 3 && digits > 0 && digits <= 3;
        if (part < 3 && text[at] != '.' && text[at] != '[' && text[at] != '(')
            return false;
    }
    return !g_ascii_isalnum(text[at]) && text[at] != '-';
}

/* Is an address written in what is said or passed on? Who writes one to an
 * abuse desk and says nothing else has something to complain of. */
static bool cites_address(const Study *study)
{
    const GPtrArray *blocks = study->report->blocks;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        if (block->kind == BLOCK_SIGNATURE || block->kind == BLOCK_SAMPLE)
            continue;
        const char *text = study_block_text(study, block);
        for (size_t k = 0; k + 7 <= block->length; k++)
            if (g_ascii_isdigit(text[k]) &&
                (k == 0 || (!g_ascii_isalnum(text[k - 1]) &&
                            text[k - 1] != '.' && text[k - 1] != '-')) &&
                is_quad(text + k, block->length - k))
                return true;
    }
    return false;
}

/* How clearly the readable text accuses: own words, and what is passed on. */
static int accusation_of(const Study *study)
{
    const GPtrArray *blocks = study->report->blocks;
    int sum = 0, weighed = 0;
    for (guint i = 0; i < blocks->len && weighed < 12; i++) {
        const Block *block = blocks->pdata[i];
        if (block->kind != BLOCK_BODY && block->kind != BLOCK_SUBJECT &&
            block->kind != BLOCK_QUOTED && block->kind != BLOCK_INNER)
            continue;
        weighed++;
        sum += accusation_score(study_block_text(study, block), block->length);
    }
    return sum;
}

/* Ticket systems mark whatever they send as an automatic reply, forwarded
 * complaints as well. Who accuses somebody and answers nothing complains. */
static bool is_marked_complaint(Study *study)
{
    const Mail *mail = study->mail;
    if (mail_header(mail, "In-Reply-To") || mail_header(mail, "References"))
        return false;
    return accusation_of(study) >= 2 * ACCUSATION_CLEAR && cites_address(study);
}

static bool judge_auto_reply(Study *study)
{
    static const char *const FIELDS[] = {"X-Autoreply", "X-Autorespond",
                                         "X-Auto-Reply", "X-Auto-Response",
                                         "X-Vacation"};
    const Mail *mail = study->mail;
    const char *submitted = mail_header(mail, "Auto-Submitted");
    if (is_marked_complaint(study))
        return false;
    if (submitted && g_ascii_strncasecmp(submitted, "auto-replied", 12) == 0) {
        conclude(study, DISPOSITION_AUTO_REPLY, "Auto-Submitted: auto-replied");
        return true;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(FIELDS); i++)
        if (mail_header(mail, FIELDS[i])) {
            conclude(study, DISPOSITION_AUTO_REPLY,
                     "a field of automatic replies");
            return true;
        }
    return false;
}

/* Our own ticket id in the subject: two or more capitals, year, five digits,
 * check letter ("XX-2026-00042-K"). */
static bool has_ticket_id(const char *subject)
{
    for (const char *at = subject; (at = strstr(at, "-20")); at += 3) {
        const char *begin = at;
        while (begin > subject && g_ascii_isupper(begin[-1]))
            begin--;
        if (at - begin < 2 || at - begin > 8 ||
            (begin > subject && g_ascii_isalnum(begin[-1])))
            continue;
        static const char FORM[] = "-20dd-ddddd-A";
        size_t i = 0;
        for (; FORM[i]; i++) {
            bool fits = FORM[i] == 'd'   ? g_ascii_isdigit(at[i])
                        : FORM[i] == 'A' ? g_ascii_isupper(at[i])
                                         : at[i] == FORM[i];
            if (!fits)
                break;
        }
        if (!FORM[i] && !g_ascii_isalnum(at[i]))
            return true;
    }
    return false;
}

static bool judge_reply(Study *study)
{
    if (!has_ticket_id(study->mail->subject))
        return false;
    bool answers = mail_header(study->mail, "In-Reply-To") ||
                   mail_header(study->mail, "References") ||
                   g_ascii_strncasecmp(study->mail->subject, "re:", 3) == 0 ||
                   g_ascii_strncasecmp(study->mail->subject, "aw:", 3) == 0;
    if (answers)
        conclude(study, DISPOSITION_REPLY,
                 "our ticket id in the subject of an answer");
    return answers;
}

/* --- answers --- */

static const WordRow THANKS[] = {
    {"thank*", "", 1},      {"thx", "", 1},      {"danke*", "", 1},
    {"vielen dank", "", 1}, {"merci", "", 1},    {"gracias", "", 1},
    {"obrigad*", "", 1},    {"grazie", "", 1},   {"bedankt", "", 1},
    {"dank u", "", 1},      {"dank je", "", 1},  {"dziekuj*", "", 1},
    {"dekuj*", "", 1},      {"спасибо", "", 1},  {"благодар*", "", 1},
    {"tack for", "", 1},    {"tack sa", "", 1},  {"tesekkur*", "", 1},
    {"kiitos", "", 1},      {"koszonom", "", 1}, {"multumesc", "", 1},
};
WORD_INDEX(thanks_words, THANKS)

static bool begins_quote(Line line)
{
    static const char WROTE[] = "wrote:";
    size_t length = sizeof WROTE - 1;
    Line bare = line_bare(line);
    return (line.length > 0 && *line.at == '>') ||
           (line_begins(bare, "On ") && bare.length > length &&
            memcmp(bare.at + bare.length - length, WROTE, length) == 0);
}

/* How much of the text stands above what it quotes; all, if nothing. */
static size_t written_above_quote(const char *text, size_t length)
{
    size_t cursor = 0, at = 0;
    Line line;
    while (line_next(text, length, &cursor, &line)) {
        if (begins_quote(line))
            return at;
        at = cursor;
    }
    return length;
}

/* Who answers us with thanks, and accuses nobody in the new words, complains
 * of nothing: the address is in our sentence that hangs below. Who forwards
 * thanks as well ("can you answer it? Thanks"), but says so in the subject. */
static bool judge_thanks(Study *study)
{
    static const char *const MARKS[] = {
        "re:", "aw:", "sv:", "antw:", "rv:", "odp:", "vs:", "rif:", "ynt:"};
    const Mail *mail = study->mail;
    const GPtrArray *blocks = study->report->blocks;
    bool answers = false;
    for (size_t i = 0; i < G_N_ELEMENTS(MARKS); i++)
        answers = answers || g_ascii_strncasecmp(mail->subject, MARKS[i],
                                                 strlen(MARKS[i])) == 0;
    if (!answers ||
        !(mail_header(mail, "In-Reply-To") || mail_header(mail, "References")))
        return false;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        if (block->kind != BLOCK_BODY)
            continue;
        const char *text = study_block_text(study, block);
        size_t own = written_above_quote(text, block->length);
        g_autoptr(FoldedText) folded = folded_text_new(text, own);
        if (own == block->length || !word_index_first(thanks_words(), folded) ||
            accusation_score(text, own) >= ACCUSATION_CLEAR)
            return false;
        conclude(study, DISPOSITION_ACKNOWLEDGEMENT,
                 "an answer that thanks; it accuses only in what it quotes");
        return true;
    }
    return false;
}

/* --- legibility --- */

static bool judge_unreadable(Study *study)
{
    size_t letters = 0;
    const GPtrArray *blocks = study->report->blocks;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        const char *text = study_block_text(study, block);
        if (block->kind == BLOCK_SUBJECT)
            continue;
        for (size_t k = 0; k < block->length && letters < 10; k++)
            letters += g_ascii_isalnum(text[k]) || (text[k] & 0x80);
    }
    if (letters >= 10)
        return false;
    report_add_flag(study->report, "no-text");
    /* A subject alone can still be a complaint. */
    const char *subject = study->mail->subject;
    if (accusation_score(subject, strlen(subject)) > 0)
        return false;
    conclude(study, DISPOSITION_UNREADABLE, "no part has legible text");
    return true;
}

/* --- words --- */

typedef struct {
    int sums[DISPOSITION_COUNT];
    const char *words[DISPOSITION_COUNT];
} Balance;

static Disposition disposition_of(const char *word)
{
    for (int i = 0; i < DISPOSITION_COUNT; i++)
        if (strcmp(disposition_word((Disposition)i), word) == 0)
            return (Disposition)i;
    g_assert_not_reached();
}

static void weigh(Balance *balance, const WordIndex *index,
                  const FoldedText *folded)
{
    g_autoptr(GArray) hits = word_index_find(index, folded, HITS_MAX);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    for (guint i = 0; i < hits->len; i++) {
        const WordRow *row = g_array_index(hits, WordHit, i).row;
        Disposition disposition = disposition_of(row->meaning);
        if (!g_hash_table_add(seen, (gpointer)row))
            continue;
        balance->sums[disposition] += row->weight;
        if (!balance->words[disposition])
            balance->words[disposition] = row->words;
    }
}

/* What the sender wrote: neither quotes nor logs nor the sample. */
static Balance weigh_own_words(Study *study)
{
    Balance balance = {0};
    const GPtrArray *blocks = study->report->blocks;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        if (block->kind != BLOCK_BODY && block->kind != BLOCK_SUBJECT)
            continue;
        const FoldedText *folded = study_folded(study, i);
        if (!folded)
            continue;
        if (block->kind == BLOCK_SUBJECT)
            weigh(&balance, disposition_subject_words(), folded);
        weigh(&balance, disposition_words(), folded);
    }
    return balance;
}

static bool conclude_words(Study *study, const Balance *balance,
                           Disposition disposition)
{
    if (balance->sums[disposition] < DECIDES)
        return false;
    g_autofree char *why =
        g_strdup_printf("it says \"%s\"", balance->words[disposition]);
    conclude(study, disposition, why);
    return true;
}

/* A matter that belongs to lawyers and authorities. What victims also report
 * (fraud, insult) is one only where they do not accuse clearly. */
static bool is_legal_matter(const Report *report, int accusation)
{
    static const char *const ALSO[] = {CATEGORY_UNKNOWN, "content/fraud",
                                       "threat/harassment"};
    if (g_str_has_prefix(report->category, "legal/"))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(ALSO); i++)
        if (strcmp(report->category, ALSO[i]) == 0)
            return accusation < ACCUSATION_CLEAR;
    return false;
}

static bool judge_legal(Study *study, int accusation)
{
    const Report *report = study->report;
    uint32_t bits = SENSITIVE_AUTHORITY | SENSITIVE_COURT | SENSITIVE_LAWYER |
                    SENSITIVE_DATA_SUBJECT;
    if (report->sender_class == SENDER_AUTHORITY ||
        report->sender_class == SENDER_LAW_FIRM) {
        conclude(study, DISPOSITION_LEGAL,
                 report->sender_class == SENDER_AUTHORITY
                     ? "the sender is an authority"
                     : "the sender is a law firm");
        return true;
    }
    if (!(report->sensitive & bits) || !is_legal_matter(report, accusation))
        return false;
    conclude(study, DISPOSITION_LEGAL, "the matter is a legal one");
    return true;
}

/* A '?' that ends a sentence; those of URLs do not. */
static bool has_question(const char *text, size_t length)
{
    for (size_t i = 1; i < length; i++)
        if (text[i] == '?' && !g_ascii_isspace(text[i - 1]) &&
            (i + 1 == length || g_ascii_isspace(text[i + 1])))
            return true;
    return false;
}

static bool asks_something(const Study *study)
{
    const GPtrArray *blocks = study->report->blocks;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        if ((block->kind == BLOCK_BODY || block->kind == BLOCK_SUBJECT) &&
            has_question(study_block_text(study, block), block->length))
            return true;
    }
    return false;
}

static bool is_structured(const Report *report)
{
    return report->statements->len > 0 ||
           (strcmp(report->format, "plain") != 0 &&
            strcmp(report->format, "forwarded") != 0);
}

static bool is_list_mail(const Mail *mail)
{
    return mail_header(mail, "List-Unsubscribe") ||
           mail_header(mail, "List-Id");
}

/* A hoster's ticket system calls it "AutoReply" and passes a complaint on. */
static bool passes_complaint_on(const Study *study)
{
    const GPtrArray *blocks = study->report->blocks;
    if (study->report->sender_class != SENDER_HOSTER)
        return false;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        if ((block->kind == BLOCK_QUOTED || block->kind == BLOCK_INNER) &&
            accusation_score(study_block_text(study, block), block->length) > 0)
            return true;
    }
    return false;
}

/* Mail that says it is something else than a complaint. */
static bool judge_other_kinds(Study *study, const Balance *balance,
                              int accusation)
{
    static const Disposition KINDS[] = {
        DISPOSITION_BOUNCE, DISPOSITION_AGGREGATE, DISPOSITION_AUTO_REPLY,
        DISPOSITION_ACKNOWLEDGEMENT, DISPOSITION_OTHER};
    if (passes_complaint_on(study))
        return false;
    Disposition best = KINDS[0];
    for (size_t i = 1; i < G_N_ELEMENTS(KINDS); i++)
        if (balance->sums[KINDS[i]] > balance->sums[best])
            best = KINDS[i];
    if (balance->sums[best] * 2 > accusation &&
        conclude_words(study, balance, best))
        return true;
    int letter = balance->sums[DISPOSITION_NEWSLETTER];
    bool is_letter = letter >= 2 * DECIDES ||
                     (is_list_mail(study->mail) && letter >= DECIDES);
    return is_letter && accusation < 2 * ACCUSATION_CLEAR &&
           conclude_words(study, balance, DISPOSITION_NEWSLETTER);
}

static void judge_by_words(Study *study)
{
    const Report *report = study->report;
    if (study->no_complaint) {
        conclude(study, DISPOSITION_OTHER, study->no_complaint);
        return;
    }
    Balance balance = weigh_own_words(study);
    int accusation = accusation_of(study);
    bool has_category = strcmp(report->category, "unknown") != 0;
    if (is_structured(report))
        conclude(study, DISPOSITION_COMPLAINT, "a machine-readable report");
    else if (judge_other_kinds(study, &balance, accusation))
        return;
    else if (judge_legal(study, accusation))
        return;
    else if (accusation >= ACCUSATION_CLEAR)
        conclude(study, DISPOSITION_COMPLAINT, "its words accuse somebody");
    else if (!has_category &&
             conclude_words(study, &balance, DISPOSITION_QUESTION))
        return;
    else if (has_category)
        conclude(study, DISPOSITION_COMPLAINT, "its words name an abuse");
    else if (asks_something(study) &&
             (!cites_address(study) || report->sender_class == SENDER_PRESS))
        conclude(study, DISPOSITION_QUESTION,
                 "it asks something and accuses nobody");
    else if (cites_address(study))
        conclude(study, DISPOSITION_COMPLAINT,
                 "it cites an address, and nothing else explains that");
    else
        conclude(study, DISPOSITION_OTHER, "nothing in it says what it is");
}

void disposition_judge(Study *study)
{
    if (judge_bounce(study) || judge_aggregate(study) ||
        judge_auto_reply(study) || judge_reply(study) ||
        judge_unreadable(study))
        return;
    if (study->report->sensitive == 0 && !is_structured(study->report) &&
        judge_thanks(study))
        return;
    judge_by_words(study);
}
