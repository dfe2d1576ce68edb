/*
 * Numbers that say by their own letters that they are a matter's.
 *
 * "INC0091127" and "RITM0012345" are written by one family of ticket systems:
 * a known prefix and at least six figures. "CERT-XX#88120", "GH-CTI-3120" and
 * "SIRT-4471" hold the name of a kind of team or of a matter among their
 * groups, and end in a number. In a subject, "(#4711)", "##4711##" and a last
 * "... - CW-1103" are where systems put the number; in running text they may
 * be anything, so there they are not read. Everything else needs a label or
 * brackets (reference.c).
 *
 * An id is kept whole, letters and all: it is what the other side's system
 * looks for. Not read: what an "advisory" or a "bulletin" is numbered by, parts
 * of addresses of web pages and of mails.
 */
#include "report/reference_bare.h"

#include "report/reference_number.h"

#include <string.h>

#define TEXT_BYTES_MAX   64000
#define FIGURES_OF_TITLE 4 /* "CW-1103" at a subject's end */
#define FIGURES_OF_TEAM  3 /* "SIRT-447"; a product has fewer: "SOC-2" */

/* Before six figures and more: tables of a ticket system. */
static const char *const TABLES[] = {"INC",  "RITM", "REQ", "SCTASK",
                                     "TASK", "SIR",  "PRB", "CHG",
                                     "TKT",  "CS",   "SIT", "CASE"};

/* A group of an id; in capitals, or with one in front. */
static const char *const TEAMS[] = {
    "CERT", "CSIRT", "CIRT",     "SIRT",  "PSIRT", "ISIRT",  "SOC",
    "NOC",  "CTI",   "DFIR",     "ABUSE", "CASE",  "TICKET", "TKT",
    "TT",   "INC",   "INCIDENT", "DMCA",  "SIR",   "TRUST",  "CSOC",
};

/* The word before a number that is somebody's publication. */
static const char *const PUBLICATIONS[] = {
    "advisory", "advisories",  "bulletin", "alert",  "avis",
    "alerte",   "warnmeldung", "aviso",    "avviso", "hinweis"};

static bool is_one_of(const char *text, size_t length,
                      const char *const names[], size_t count, bool any_case)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(names[i]) == length &&
            (any_case ? g_ascii_strncasecmp(text, names[i], length)
                      : memcmp(text, names[i], length)) == 0)
            return true;
    return false;
}

/* Where the run of letters, or of digits, at text ends. */
static size_t run_length(const char *text, size_t length, bool of_digits)
{
    size_t n = 0;
    while (n < length &&
           (of_digits ? g_ascii_isdigit(text[n]) : g_ascii_isalpha(text[n])))
        n++;
    return n;
}

static bool is_table_id(const char *text, size_t length)
{
    size_t letters = run_length(text, length, false);
    return letters < length && length - letters >= 6 &&
           run_length(text + letters, length - letters, true) ==
               length - letters &&
           is_one_of(text, letters, TABLES, G_N_ELEMENTS(TABLES), false);
}

static bool is_year(const char *text, size_t digits)
{
    return digits == 4 &&
           (memcmp(text, "19", 2) == 0 || memcmp(text, "20", 2) == 0);
}

/* Groups of capitals and digits, one of them a team's; a number at the end. */
static bool is_team_id(const char *text, size_t length)
{
    bool has_team = false, has_number = false, ends_in_number = false;
    for (size_t at = 0; at < length;) {
        size_t letters = run_length(text + at, length - at, false);
        size_t digits = run_length(text + at, length - at, true);
        if (letters + digits == 0) {
            if (!strchr("-#/_:", text[at++]))
                return false;
            continue;
        }
        bool is_capital = g_ascii_isupper(text[at]);
        bool is_team =
            letters > 0 && is_capital && digits == 0 &&
            is_one_of(text + at, letters, TEAMS, G_N_ELEMENTS(TEAMS), true);
        for (size_t i = 0; i < letters && !is_team; i++)
            if (g_ascii_islower(text[at + i]))
                return false;
        has_team = has_team || is_team;
        ends_in_number = digits >= FIGURES_OF_TEAM;
        has_number =
            has_number || (ends_in_number && !is_year(text + at, digits));
        at += letters + digits;
    }
    return has_team && has_number && ends_in_number;
}

/* Is the word before the offset that of a publication? */
static bool is_published(const char *text, size_t at)
{
    while (at > 0 && strchr(" (:\t", text[at - 1]))
        at--;
    size_t end = at;
    while (at > 0 && g_ascii_isalpha(text[at - 1]) && end - at < 16)
        at--;
    return is_one_of(text + at, end - at, PUBLICATIONS,
                     G_N_ELEMENTS(PUBLICATIONS), true);
}

static void add(Study *study, const Block *block, size_t at, size_t length)
{
    WordHit hit = {.at = (uint32_t)at, .length = (uint32_t)length};
    study_add_reference(study, study_hit_quote(study, block, &hit),
                        block->kind == BLOCK_SUBJECT ? "subject" : "line");
}

/* "#4711", "##4711##": the figures, if there are enough. */
static bool read_hash(Study *study, const Block *block, size_t at,
                      size_t length)
{
    const char *text = study_block_text(study, block);
    size_t end = at + length;
    while (at < end && text[at] == '#')
        at++;
    size_t digits = run_length(text + at, end - at, true);
    if (digits < FIGURES_OF_TITLE || at + digits < end)
        return false;
    add(study, block, at, digits);
    return true;
}

/* "... - CW-1103": the last word of a subject, capitals and a number. */
static bool is_title_id(const char *text, size_t length, size_t at, size_t n)
{
    size_t letters = run_length(text + at, n, false);
    for (size_t i = 0; i < letters; i++)
        if (!g_ascii_isupper(text[at + i]))
            return false;
    bool is_last = at + n == length;
    bool is_led = at >= 3 && memcmp(text + at - 3, " - ", 3) == 0;
    return is_last && is_led && letters >= 2 && letters <= 6 &&
           letters + 1 < n && text[at + letters] == '-' &&
           n - letters - 1 >= FIGURES_OF_TITLE &&
           run_length(text + at + letters + 1, n - letters - 1, true) ==
               n - letters - 1;
}

static void read_word(Study *study, const Block *block, size_t at, size_t n)
{
    const char *text = study_block_text(study, block);
    bool is_subject = block->kind == BLOCK_SUBJECT;
    if (is_subject && text[at] == '#' && read_hash(study, block, at, n))
        return;
    while (n > 0 && strchr("#:/_.-", text[at]))
        at++, n--;
    if (n == 0 || !reference_is_good(text + at, n))
        return;
    bool is_id = is_table_id(text + at, n) || is_team_id(text + at, n) ||
                 (is_subject && is_title_id(text, block->length, at, n));
    if (is_id && !is_published(text, at))
        add(study, block, at, n);
}

static size_t marks_length(const char *text, size_t length)
{
    size_t n = 0;
    while (n < length && text[n] && strchr(":#._/@+-", text[n]))
        n++;
    return n;
}

void reference_read_bare(Study *study, const Block *block)
{
    const char *text = study_block_text(study, block);
    size_t length = MIN(block->length, TEXT_BYTES_MAX);
    for (size_t at = 0; at < length;) {
        size_t n = reference_length(text + at, length - at);
        if (n == 0) { /* another byte, or marks alone to their end */
            at += MAX(marks_length(text + at, length - at), 1);
            continue;
        }
        bool in_brackets = at > 0 && strchr("<=&?%", text[at - 1]);
        if (!in_brackets)
            read_word(study, block, at, n);
        at += n;
    }
}
