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
#include "report/judges.h"
#include "report/lines.h"
#include "report/reference_bare.h"
#include "report/reference_number.h"
#include "report/reference_words.h"

#include <string.h>

#define HITS_MAX       400
#define TEXT_BYTES_MAX 64000 /* references stand near the top or the end */

#define VALUE_BYTES_MAX 64
#define COUNT_DIGITS    5 /* of a number of things, at most */

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

/* How a value is joined to its label. */
typedef struct {
    size_t at;
    bool is_marked; /* ':', '#', "no." */
    bool is_stated; /* "is", "lautet" */
} Join;

/* One of the words at the text's start, and no letter behind it: its length. */
static size_t word_of(const char *text, size_t length,
                      const char *const words[], size_t count)
{
    Line rest = {.at = text, .length = length};
    for (size_t i = 0; i < count; i++) {
        size_t n = strlen(words[i]);
        if (line_begins(rest, words[i]) &&
            !(n < length && (g_ascii_isalnum(text[n]) || text[n] == '-')))
            return n;
    }
    return 0;
}

/* Bytes of the mark at text: ASCII, or the wide colon and number sign. */
static size_t mark_of(const char *text, size_t length)
{
    static const char *const WIDE[] = {"：", "＃", "【", "「"};
    if (length > 0 && *text && strchr(":#=[(\"", *text))
        return 1;
    for (size_t i = 0; i < G_N_ELEMENTS(WIDE); i++)
        if (length >= strlen(WIDE[i]) &&
            memcmp(text, WIDE[i], strlen(WIDE[i])) == 0)
            return strlen(WIDE[i]);
    return 0;
}

/* From the label's end to the value. */
static Join join_at(const char *text, size_t length, size_t at)
{
    static const char *const NUMBER[] = {"number", "num", "no.", "nr.",
                                         "nr",     "no",  "id",  "ref",
                                         "n.",     "n°",  "nº",  "№"};
    static const char *const IS[] = {"is", "ist", "lautet", "est",
                                     "es", "è",   "é",      "to"};
    Join join = {0};
    if (at < length && text[at] == '.') /* "our ref.: ..." */
        at++;
    for (int step = 0; step < 4; step++) {
        while (at < length && (text[at] == ' ' || text[at] == '\t'))
            at++;
        size_t before = at;
        at += word_of(text + at, length - at, NUMBER, G_N_ELEMENTS(NUMBER));
        for (size_t n;
             at < length && (n = mark_of(text + at, length - at)) > 0;)
            at += n;
        join.is_marked = join.is_marked || at > before;
        size_t is = join.is_marked
                        ? 0
                        : word_of(text + at, length - at, IS, G_N_ELEMENTS(IS));
        join.is_stated = join.is_stated || is > 0;
        at += is;
        if (at == before)
            break;
    }
    join.at = at;
    return join;
}

/* "1500 packets", "50%": plain figures that count something. */
static bool is_count(const char *text, size_t length, size_t n)
{
    if (n < length && text[n] == '%')
        return true;
    for (size_t i = 0; i < n; i++)
        if (!g_ascii_isdigit(text[i]))
            return false;
    return n < COUNT_DIGITS && n + 1 < length && text[n] == ' ' &&
           g_ascii_islower(text[n + 1]);
}

/* "DE89 3704 0044 ...": an account in groups. */
static bool is_account_in_groups(const char *text, size_t length, size_t n)
{
    return n == 4 && length > 8 && g_ascii_isupper(text[0]) &&
           g_ascii_isupper(text[1]) && g_ascii_isdigit(text[2]) &&
           g_ascii_isdigit(text[3]) && text[4] == ' ' &&
           g_ascii_isdigit(text[5]) && g_ascii_isdigit(text[6]);
}

/* Bytes of the value behind a label, 0 if what stands there is none. */
static size_t value_behind(const char *text, size_t length, const Join *join,
                           const WordRow *label)
{
    const char *value = text + join->at;
    size_t left = length - join->at;
    size_t file = court_file_length(value, left, true);
    size_t n = reference_length(value, left);
    if (file > 0)
        return MAX(n, file);
    if (n == 0 || !reference_is_good(value, n) ||
        is_account_in_groups(value, left, n))
        return 0;
    bool is_weak = strcmp(label->meaning, REFERENCE_WEAK) == 0;
    /* "NOTICE[2112]" is a line of a log. */
    if (is_weak && (is_count(value, left, n) || value[-1] == '['))
        return 0;
    if (strcmp(label->meaning, REFERENCE_VERB) == 0 || join->is_stated)
        return reference_is_formal(value, n) ? n : 0;
    return join->is_marked || reference_is_sure(value, n) ? n : 0;
}

/* Where a label's words end: at its last letter, or, in a script that has no
 * blanks, where the row's own words do. */
static size_t label_end(const char *text, const WordHit *hit)
{
    if (strcmp(hit->row->meaning, REFERENCE_GLUED) == 0)
        return hit->at + strlen(hit->row->words) - strlen("**");
    size_t end = hit->at + hit->length;
    while (end > hit->at && g_ascii_isspace(text[end - 1]))
        end--;
    return end;
}

/* Is the label to be looked at in this block? */
static bool is_wanted(const WordRow *row, const Block *block,
                      const FoldedText *folded, bool wants_alone)
{
    bool is_alone = strcmp(row->meaning, REFERENCE_ALONE) == 0;
    if (strcmp(row->meaning, REFERENCE_IN_SUBJECT) == 0)
        return block->kind == BLOCK_SUBJECT && !wants_alone;
    if (is_alone != wants_alone)
        return false;
    bool is_of_goods = is_alone || strcmp(row->meaning, REFERENCE_GOODS) == 0;
    return !is_of_goods || !word_index_first(reference_goods(), folded);
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
        if (!is_wanted(hit->row, block, folded, wants_alone))
            continue;
        Join join = join_at(text, length, label_end(text, hit));
        size_t n =
            join.at < length ? value_behind(text, length, &join, hit->row) : 0;
        WordHit value = {.at = (uint32_t)join.at, .length = (uint32_t)n};
        if (n > 0)
            study_add_reference(study, study_hit_quote(study, block, &value),
                                block->kind == BLOCK_SUBJECT ? "subject"
                                                             : "line");
    }
}

/* "[1/3]", "[port 22]", "[24]": figures that number parts and ports. */
static bool is_part_or_port(const char *open, const char *begin, size_t length)
{
    size_t figures = 0, slashes = 0;
    for (size_t i = 0; i < length; i++) {
        figures += g_ascii_isdigit(begin[i]);
        slashes += begin[i] == '/';
    }
    bool is_hashed = memchr(open, '#', (size_t)(begin - open)) != NULL;
    return figures + slashes == length &&
           (slashes > 0 ? figures <= 4 : figures <= 3 && !is_hashed);
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
        const char *open = at, *begin = at;
        for (const char *p = at; p < close; p++)
            if (*p == ' ' && p + 1 < close)
                begin = p + 1;
        while (begin < close && *begin == '#')
            begin++;
        size_t length = (size_t)(close - begin);
        if (length > 0 && reference_length(begin, length) == length &&
            reference_is_good(begin, length) &&
            !is_part_or_port(open, begin, length))
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
        size_t length = reference_length(begin, strlen(begin));
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

/* Teams sign with a number of their own. */
static void read_signatures(Study *study)
{
    const GPtrArray *blocks = study->report->blocks;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        if (block->kind == BLOCK_SIGNATURE)
            reference_read_bare(study, block);
    }
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
        if (wants_alone)
            continue;
        read_court_files(study, block);
        reference_read_bare(study, block);
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
    read_signatures(study);
    read_blocks(study, true, false);
    if (study->report->references->len == 0)
        read_blocks(study, false, true);
    put_own_first(study->report->references);
}
