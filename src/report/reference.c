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
 *
 * Files of courts and prosecutors have blanks inside: number, register sign,
 * number and year ("7 Gs 991/25", "II K 123/24"). With a label any sign will
 * do; without one it must be a sign of the German registers. These are the
 * only values with blanks, single ones; a letter never repeats them (reply/
 * takes plain ones only), a person does.
 *
 * A forward has two or three numbers: those of the sender, who wants them
 * repeated, and those of the inner complaint, which are nobody's business but
 * the inner author's. Both are kept, the sender's first. The number of an
 * order is a shop's name for a sale, not for the matter: it counts only where
 * nothing else is named.
 */
#include "base/ipaddress.h"
#include "report/lines.h"
#include "report/reference_words.h"
#include "report/study.h"

#include <string.h>

#define HITS_MAX        400
#define TEXT_BYTES_MAX  64000 /* references stand near the top or the end */
#define VALUE_BYTES_MAX 64
#define DIGITS_SURE     5 /* digits, or digits and letters in groups */

static bool is_mark(char c)
{
    return c && strchr(":#._/@+-", c) != NULL;
}

/* Bytes of the letter or digit at text, 0 if it is neither. */
static size_t letter_bytes(const char *text, size_t length)
{
    if (length == 0)
        return 0;
    if ((unsigned char)*text < 0x80)
        return g_ascii_isalnum(*text);
    gunichar c = g_utf8_get_char_validated(text, (gssize)MIN(length, 4));
    if (c == (gunichar)-1 || c == (gunichar)-2 || !g_unichar_isalpha(c))
        return 0;
    return (size_t)g_unichar_to_utf8(c, NULL);
}

/* The run of value bytes at text, without marks at its end. */
static size_t value_length(const char *text, size_t length)
{
    size_t n = 0, last = 0;
    while (n < length) {
        size_t letter = letter_bytes(text + n, length - n);
        if (letter == 0 && !is_mark(text[n]))
            break;
        n += MAX(letter, 1);
        if (letter > 0)
            last = n;
    }
    return last;
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

/* What is numbered by others: CVE-2024-1, DE89 3704..., +49 30, <id@host>. */
static bool is_others_number(const char *text, size_t length)
{
    if (*text == '+' ||
        (length > 4 && g_ascii_strncasecmp(text, "CVE-", 4) == 0) ||
        (length > 4 && g_ascii_strncasecmp(text, "CWE-", 4) == 0))
        return true;
    const char *at = memchr(text, '@', length);
    if (at && memchr(at, '.', length - (size_t)(at - text)))
        return true;
    size_t digits = 0;
    for (size_t i = 2; i < length; i++)
        digits += g_ascii_isdigit(text[i]);
    return length >= 15 && length <= 34 && g_ascii_isupper(text[0]) &&
           g_ascii_isupper(text[1]) && g_ascii_isdigit(text[2]) &&
           g_ascii_isdigit(text[3]) && digits + 6 >= length &&
           !memchr(text, '-', length) && !memchr(text, '/', length);
}

static bool is_good_value(const char *text, size_t length)
{
    IpAddress ip;
    size_t digits = 0;
    if (length < 2 || length > VALUE_BYTES_MAX || ip_parse(text, length, &ip) ||
        looks_like_time(text, length) || g_str_has_prefix(text, "http") ||
        is_others_number(text, length))
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

/* --- files of courts --- */

/* Signs of German registers that stand in a file's number. */
static const char *const REGISTERS[] = {
    "Js", "UJs", "BJs", "Gs",  "Ls",  "Ds",  "Cs",  "Ks",  "KLs", "Qs",
    "Ns", "Ss",  "Ws",  "StR", "StB", "BGs", "OGs", "AR",  "BvR", "ZR",
    "OH", "HKO", "UR",  "OWi", "Rs",  "VRs", "BRs", "KMs", "SLs", "Bs"};

static size_t run_of(const char *text, size_t length, bool wants_digits)
{
    size_t n = 0;
    while (n < length &&
           (wants_digits ? g_ascii_isdigit(text[n]) : g_ascii_isalpha(text[n])))
        n++;
    return n;
}

/* "991/25", "3456/2024" */
static size_t number_of_year(const char *text, size_t length)
{
    size_t number = run_of(text, length, true);
    if (number == 0 || number > 7 || number >= length || text[number] != '/')
        return 0;
    size_t year = run_of(text + number + 1, length - number - 1, true);
    return year == 2 || year == 4 ? number + 1 + year : 0;
}

static bool is_register(const char *sign, size_t length)
{
    for (size_t i = 0; i < G_N_ELEMENTS(REGISTERS); i++)
        if (strlen(REGISTERS[i]) == length &&
            memcmp(sign, REGISTERS[i], length) == 0)
            return true;
    return false;
}

/* "7 Gs 991/25", "II K 123/24": bytes of the file at text, or 0. Unless
 * labelled, its sign must be one of the German registers. */
static size_t court_file_length(const char *text, size_t length, bool labelled)
{
    size_t chamber = run_of(text, length, true);
    if (chamber == 0 && labelled)
        chamber = strspn(text, "IVX");
    if (chamber == 0 || chamber > 5 || chamber >= length ||
        text[chamber] != ' ')
        return 0;
    size_t at = chamber + 1;
    size_t sign = run_of(text + at, length - at, false);
    if (sign == 0 || sign > 4 || !g_ascii_isupper(text[at]) ||
        at + sign >= length || text[at + sign] != ' ' ||
        (!labelled && !is_register(text + at, sign)))
        return 0;
    size_t begin = at + sign + 1;
    size_t number = number_of_year(text + begin, length - begin);
    size_t end = begin + number;
    bool ends = number > 0 && (end >= length || !g_ascii_isalnum(text[end]));
    return ends ? end : 0;
}

/* Files without a label: from each blank-led figure on. */
static void read_court_files(Study *study, const Block *block)
{
    const char *text = study_block_text(study, block);
    size_t length = MIN(block->length, TEXT_BYTES_MAX);
    for (size_t at = 0; at < length; at++) {
        if (!g_ascii_isdigit(text[at]) ||
            (at > 0 &&
             (g_ascii_isalnum(text[at - 1]) || strchr("./-", text[at - 1]))))
            continue;
        size_t n = court_file_length(text + at, length - at, false);
        WordHit hit = {.at = (uint32_t)at, .length = (uint32_t)n};
        if (n > 0)
            study_add_reference(study, study_hit_quote(study, block, &hit),
                                block->kind == BLOCK_SUBJECT ? "subject"
                                                             : "line");
    }
}

/* --- labels --- */

/* Behind a label: where its value begins, and whether a mark says so. */
static size_t value_begin(const char *text, size_t length, size_t at,
                          bool *is_marked)
{
    static const char *const NUMBER[] = {"number", "num", "no.", "nr.",
                                         "nr",     "no",  "id",  "ref",
                                         "n.",     "n°",  "nº",  "№"};
    bool marked = false;
    if (at < length && text[at] == '.') /* "our ref.: ..." */
        at++;
    for (int step = 0; step < 4; step++) {
        while (at < length && (text[at] == ' ' || text[at] == '\t'))
            at++;
        Line rest = {.at = text + at, .length = length - at};
        size_t before = at;
        for (size_t i = 0; i < G_N_ELEMENTS(NUMBER) && at == before; i++)
            if (line_begins(rest, NUMBER[i]) &&
                !g_ascii_isalnum(text[at + strlen(NUMBER[i])]))
                at += strlen(NUMBER[i]);
        while (at < length && text[at] && strchr(":#=[(\"", text[at]))
            at++, marked = true;
        if (at == before)
            break;
        marked = marked || at > before;
    }
    *is_marked = marked;
    return at;
}

static void read_labels(Study *study, const Block *block,
                        const FoldedText *folded, bool wants_alone)
{
    const char *text = study_block_text(study, block);
    size_t length = MIN(block->length, TEXT_BYTES_MAX);
    g_autoptr(GArray) hits =
        word_index_find(reference_labels(), folded, HITS_MAX);
    for (guint i = 0; i < hits->len; i++) {
        const WordHit *hit = &g_array_index(hits, WordHit, i);
        if (hit->at + hit->length >= length)
            break;
        if (strcmp(hit->row->meaning, REFERENCE_IN_SUBJECT) == 0 &&
            block->kind != BLOCK_SUBJECT)
            continue;
        if ((strcmp(hit->row->meaning, REFERENCE_ALONE) == 0) != wants_alone)
            continue;
        size_t end = hit->at + hit->length;
        while (end > hit->at && g_ascii_isspace(text[end - 1]))
            end--;
        bool is_marked;
        size_t at = value_begin(text, length, end, &is_marked);
        size_t n = at < length ? value_length(text + at, length - at) : 0;
        size_t file =
            at < length ? court_file_length(text + at, length - at, true) : 0;
        if (file == 0 && (n == 0 || !is_good_value(text + at, n) ||
                          (!is_marked && !is_sure_value(text + at, n))))
            continue;
        n = MAX(n, file);
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

static const MailHeader *header_named(const Mail *mail, const char *name)
{
    for (guint i = 0; i < mail->headers->len; i++) {
        const MailHeader *header = mail->headers->pdata[i];
        if (g_ascii_strcasecmp(header->name, name) == 0)
            return header;
    }
    return NULL;
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
        const MailHeader *header = header_named(study->mail, NAMES[i]);
        if (!header)
            continue;
        const char *value = header->value;
        const char *mark = strrchr(value, '#');
        const char *begin = mark ? mark + 1 : value;
        while (*begin == ' ')
            begin++;
        size_t length = value_length(begin, strlen(begin));
        if (length == 0 || length > VALUE_BYTES_MAX)
            continue;
        g_autofree char *where = g_strdup_printf("header %s", NAMES[i]);
        study_add_reference(
            study,
            quote_new(begin, length, mail_header_place(study->mail, header)),
            where);
    }
}

static bool is_inner_kind(BlockKind kind)
{
    return kind == BLOCK_QUOTED || kind == BLOCK_INNER;
}

/* What the sender wrote, or what an inner complaint's author did. */
static void read_blocks(Study *study, bool inner, bool wants_alone)
{
    Report *report = study->report;
    guint known = report->references->len;
    for (guint i = 0; i < report->blocks->len; i++) {
        const Block *block = report->blocks->pdata[i];
        bool is_prose = block->kind == BLOCK_SUBJECT ||
                        block->kind == BLOCK_BODY || is_inner_kind(block->kind);
        const FoldedText *folded =
            is_prose && is_inner_kind(block->kind) == inner
                ? study_folded(study, i)
                : NULL;
        if (!folded)
            continue;
        read_labels(study, block, folded, wants_alone);
        if (!wants_alone)
            read_court_files(study, block);
    }
    for (guint i = known; inner && i < report->references->len; i++)
        ((Reference *)report->references->pdata[i])->is_inner = true;
}

/* The sender's own to the front, both in the order they were found. */
static void put_own_first(GPtrArray *references)
{
    guint own = 0;
    for (guint i = 0; i < references->len; i++) {
        Reference *reference = references->pdata[i];
        if (reference->is_inner)
            continue;
        memmove(references->pdata + own + 1, references->pdata + own,
                (i - own) * sizeof(void *));
        references->pdata[own++] = reference;
    }
}

void reference_judge(Study *study)
{
    read_headers(study);
    read_brackets(study);
    read_blocks(study, false, false);
    read_blocks(study, true, false);
    if (study->report->references->len == 0)
        read_blocks(study, false, true);
    put_own_first(study->report->references);
}
