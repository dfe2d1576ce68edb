/*
 * The reporter's own names for the matter, to be repeated in an answer.
 *
 * Three places: header fields that ticket systems set; brackets in the
 * subject ("[AbuseID:4711:2F]", "[rt.example.org #12345]"); and a label with
 * a value in subject or text ("Ticket ID: 4711", "Case #A-17", "RID: 99").
 * A value is a run of the letters reference_is_valid allows, with a digit in
 * it, and is no address, date or time; names of products have one ("Fail2Ban",
 * "P2P"), so among letters there must be two. In prose the label alone is not
 * enough ("this case 3 days ago"): it needs a mark (':', '#', '=', "no."), or
 * a value that is long enough to be nothing else ("case SOC-99121").
 */
#include "base/ipaddress.h"
#include "report/lines.h"
#include "report/study.h"

#include <string.h>

#define HITS_MAX        400
#define TEXT_BYTES_MAX  64000 /* references stand near the top or the end */
#define VALUE_BYTES_MAX 64
#define DIGITS_SURE     5 /* digits, or digits and letters in groups */

#define IN_SUBJECT "subject" /* in a text it names users and processes */

/* meaning: IN_SUBJECT if it counts only there. */
static const WordRow LABELS[] = {
    {"id:", IN_SUBJECT, 1},
    {"ticket", "", 1},
    {"ticket id", "", 1},
    {"ticket number", "", 1},
    {"ticketnummer", "", 1},
    {"ticket nr", "", 1},
    {"ticket no", "", 1},
    {"case", "", 1},
    {"case id", "", 1},
    {"case number", "", 1},
    {"case no", "", 1},
    {"case ref*", "", 1},
    {"case reference", "", 1},
    {"reference", "", 1},
    {"reference id", "", 1},
    {"reference number", "", 1},
    {"reference no", "", 1},
    {"your reference", "", 1},
    {"our reference", "", 1},
    {"our ref", "", 1},
    {"ref", "", 1},
    {"ref id", "", 1},
    {"ref no", "", 1},
    {"notice id", "", 1},
    {"notice number", "", 1},
    {"report id", "", 1},
    {"report number", "", 1},
    {"incident", "", 1},
    {"incident id", "", 1},
    {"incident number", "", 1},
    {"incident no", "", 1},
    {"issue", "", 1},
    {"issue id", "", 1},
    {"issue number", "", 1},
    {"complaint id", "", 1},
    {"complaint number", "", 1},
    {"complaint", "", 1},
    {"abuse id", "", 1},
    {"abuseid", "", 1},
    {"abuse case", "", 1},
    {"abuse ticket", "", 1},
    {"rid", "", 1},
    {"order", "", 1},
    {"order id", "", 1},
    {"order number", "", 1},
    {"order no", "", 1},
    {"report", "", 1},
    {"case file", "", 1},
    {"tracking id", "", 1},
    {"tracking number", "", 1},
    {"request id", "", 1},
    {"message reference", "", 1},
    {"infringement id", "", 1},
    {"spamcop", "", 1},
    {"csirt", "", 1},
    {"sirt", "", 1},
    {"cert", "", 1},
    {"vorgang", "", 1},
    {"vorgangsnummer", "", 1},
    {"vorgangs nr", "", 1},
    {"aktenzeichen", "", 1},
    {"az.", "", 1},
    {"bestellnummer", "", 1},
    {"fallnummer", "", 1},
    {"referenz", "", 1},
    {"referenznummer", "", 1},
    {"geschaftszeichen", "", 1},
    {"unser zeichen", "", 1},
    {"dossier", "", 1},
    {"numero de dossier", "", 1},
    {"numero de ticket", "", 1},
    {"numero de caso", "", 1},
    {"expediente", "", 1},
    {"referencia", "", 1},
    {"protocolo", "", 1},
    {"numero do chamado", "", 1},
    {"riferimento", "", 1},
    {"protocollo", "", 1},
    {"zaaknummer", "", 1},
    {"klacht", "", 1},
    {"klachtnummer", "", 1},
    {"quote", "", 1},
    {" pv", "", 1},
    {"proces verbal", "", 1},
    {"beschwerde", "", 1},
    {"plainte", "", 1},
    {"kenmerk", "", 1},
    {"referentie", "", 1},
    {"numer zgloszenia", "", 1},
    {"numer sprawy", "", 1},
    {"cislo jednaci", "", 1},
    {"cislo pripadu", "", 1},
    {"cislo tiketu", "", 1},
    {"номер обращения", "", 1},
    {"номер заявки", "", 1},
    {"arendenummer", "", 1},
    {"diarienummer", "", 1},
    {"referans", "", 1},
};

WORD_INDEX(label_index, LABELS)

static bool is_value_byte(char c)
{
    return g_ascii_isalnum(c) || (c && strchr(":#._/@+-", c) != NULL);
}

/* The run of value bytes at text, without marks at its end. */
static size_t value_length(const char *text, size_t length)
{
    size_t n = 0;
    while (n < length && is_value_byte(text[n]))
        n++;
    while (n > 0 && strchr(":#._/@+-", text[n - 1]))
        n--;
    return n;
}

/* "2026-05-03", "14:02:11", "03.05.2026": digits in groups of at most four
 * with the same marks between them. */
static bool looks_like_time(const char *text, size_t length)
{
    size_t groups = 0, digits = 0, longest = 0;
    for (size_t i = 0; i <= length; i++) {
        if (i < length && g_ascii_isdigit(text[i])) {
            digits++;
            continue;
        }
        if (i < length && !strchr("-:./T", text[i]))
            return false;
        groups += digits > 0;
        longest = MAX(longest, digits);
        digits = 0;
    }
    return groups >= 3 && longest <= 4;
}

static bool is_good_value(const char *text, size_t length)
{
    IpAddress ip;
    size_t digits = 0;
    if (length < 2 || length > VALUE_BYTES_MAX || ip_parse(text, length, &ip) ||
        looks_like_time(text, length) || g_str_has_prefix(text, "http"))
        return false;
    for (size_t i = 0; i < length; i++)
        digits += g_ascii_isdigit(text[i]);
    return digits >= 2 || (digits == 1 && !g_ascii_isalpha(text[length - 1]));
}

/* Would nobody write it but as a number of a matter? */
static bool is_sure_value(const char *text, size_t length)
{
    size_t digits = 0, others = 0;
    for (size_t i = 0; i < length; i++) {
        digits += g_ascii_isdigit(text[i]);
        others += !g_ascii_isdigit(text[i]) && text[i] != '.';
    }
    return digits + MIN(others, 2) >= DIGITS_SURE && digits >= 3;
}

/* Behind a label: where its value begins, and whether a mark says so. */
static size_t value_begin(const char *text, size_t length, size_t at,
                          bool *is_marked)
{
    static const char *const NUMBER[] = {"number", "num", "no.", "nr.",
                                         "nr",     "no",  "id",  "ref"};
    bool marked = false;
    for (int step = 0; step < 4; step++) {
        while (at < length && (text[at] == ' ' || text[at] == '\t'))
            at++;
        Line rest = {.at = text + at, .length = length - at};
        size_t before = at;
        for (size_t i = 0; i < G_N_ELEMENTS(NUMBER) && at == before; i++)
            if (line_begins(rest, NUMBER[i]) &&
                !g_ascii_isalnum(text[at + strlen(NUMBER[i])]))
                at += strlen(NUMBER[i]);
        while (at < length && text[at] && strchr(":#=[(", text[at]))
            at++, marked = true;
        if (at == before)
            break;
        marked = marked || at > before;
    }
    *is_marked = marked;
    return at;
}

static void read_labels(Study *study, const Block *block,
                        const FoldedText *folded)
{
    const char *text = study_block_text(study, block);
    size_t length = MIN(block->length, TEXT_BYTES_MAX);
    g_autoptr(GArray) hits = word_index_find(label_index(), folded, HITS_MAX);
    for (guint i = 0; i < hits->len; i++) {
        const WordHit *hit = &g_array_index(hits, WordHit, i);
        if (hit->at + hit->length >= length)
            break;
        if (strcmp(hit->row->meaning, IN_SUBJECT) == 0 &&
            block->kind != BLOCK_SUBJECT)
            continue;
        size_t end = hit->at + hit->length;
        while (end > hit->at && g_ascii_isspace(text[end - 1]))
            end--;
        bool is_marked;
        size_t at = value_begin(text, length, end, &is_marked);
        size_t n = at < length ? value_length(text + at, length - at) : 0;
        if (n == 0 || !is_good_value(text + at, n) ||
            (!is_marked && !is_sure_value(text + at, n)))
            continue;
        WordHit value = {.at = (uint32_t)at, .length = (uint32_t)n};
        bool in_subject = block->kind == BLOCK_SUBJECT;
        study_add_reference(study, study_hit_quote(study, block, &value),
                            in_subject ? "subject" : "line");
    }
}

/* "[AbuseID:4711:2F]", "[#4711]", "[rt.example.org #4711]". */
static void read_brackets(Study *study)
{
    const Mail *mail = study->mail;
    const char *at = mail->subject;
    while ((at = strchr(at, '['))) {
        const char *close = strchr(++at, ']');
        if (!close)
            return;
        const char *begin = at;
        for (const char *p = at; p < close; p++)
            if (*p == ' ' && p + 1 < close)
                begin = p + 1;
        while (begin < close && *begin == '#')
            begin++;
        size_t length = (size_t)(close - begin);
        if (length > 0 && value_length(begin, length) == length &&
            is_good_value(begin, length))
            study_add_reference(
                study,
                study_subject_quote(mail, (size_t)(begin - mail->subject),
                                    length),
                "subject");
        at = close;
    }
}

static void read_headers(Study *study)
{
    static const char *const NAMES[] = {
        "X-RT-Ticket",         "X-RT-Ticket-ID",
        "RT-Ticket",           "X-Report-ID",
        "X-Abuse-ID",          "X-AbuseID",
        "X-Ticket-ID",         "X-Ticket",
        "X-Case-ID",           "X-Case-Number",
        "X-Incident-ID",       "X-Notice-ID",
        "X-Complaint-ID",      "X-Reference-ID",
        "X-OTRS-TicketNumber", "X-Zammad-Ticket-Number",
        "X-Jira-Issue-Key",    "X-SpamCop-ID",
        "X-Abuse-Report-ID",   "X-XARF-Report-ID",
        "X-Freescout-Ticket"};
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        const char *value = mail_header(study->mail, NAMES[i]);
        if (!value)
            continue;
        const char *mark = strrchr(value, '#');
        const char *begin = mark ? mark + 1 : value;
        while (*begin == ' ')
            begin++;
        size_t length = value_length(begin, strlen(begin));
        if (length == 0 || length > VALUE_BYTES_MAX)
            continue;
        g_autofree char *where = g_strdup_printf("header %s", NAMES[i]);
        study_add_reference(
            study, quote_new(begin, length, (Place){.part = PLACE_NOWHERE}),
            where);
    }
}

void reference_judge(Study *study)
{
    read_headers(study);
    read_brackets(study);
    const GPtrArray *blocks = study->report->blocks;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        if (block->kind != BLOCK_SUBJECT && block->kind != BLOCK_BODY &&
            block->kind != BLOCK_QUOTED && block->kind != BLOCK_INNER)
            continue;
        const FoldedText *folded = study_folded(study, i);
        if (folded)
            read_labels(study, block, folded);
    }
}
