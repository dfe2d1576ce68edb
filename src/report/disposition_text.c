/*
 * What the blocks of a mail do: accuse, cite an address, ask, answer, thank.
 */
#include "report/disposition_text.h"

#include "report/lines.h"

#include <string.h>

#define ACCUSING_BLOCKS_MAX 12 /* weighed in one mail */
#define LEGIBLE_LETTERS     10 /* fewer say nothing */

static bool is_own(const Block *block)
{
    return block->kind == BLOCK_BODY || block->kind == BLOCK_SUBJECT;
}

/* --- accusing --- */

int text_accusation(const Study *study, bool with_passed_on)
{
    const GPtrArray *blocks = study->report->blocks;
    int sum = 0, weighed = 0;
    for (guint i = 0; i < blocks->len && weighed < ACCUSING_BLOCKS_MAX; i++) {
        const Block *block = blocks->pdata[i];
        bool passed_on =
            block->kind == BLOCK_QUOTED || block->kind == BLOCK_INNER;
        if (!is_own(block) && !(with_passed_on && passed_on))
            continue;
        weighed++;
        sum += accusation_score(study_block_text(study, block), block->length);
    }
    return sum;
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

bool text_cites_address(const Study *study)
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

/* --- asking --- */

/* A '?' that ends a sentence; those of URLs do not. French puts a blank before
 * it. */
static bool has_question(const char *text, size_t length)
{
    for (size_t i = 1; i < length; i++)
        if (text[i] == '?' && text[i - 1] != '\n' &&
            (i + 1 == length || g_ascii_isspace(text[i + 1])))
            return true;
    return false;
}

bool text_asks(const Study *study)
{
    const GPtrArray *blocks = study->report->blocks;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        if (is_own(block) &&
            has_question(study_block_text(study, block), block->length))
            return true;
    }
    return false;
}

bool text_is_legible(const Study *study)
{
    const GPtrArray *blocks = study->report->blocks;
    size_t letters = 0;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        const char *text = study_block_text(study, block);
        if (block->kind == BLOCK_SUBJECT)
            continue;
        for (size_t k = 0; k < block->length; k++) {
            letters += g_ascii_isalnum(text[k]) || (text[k] & 0x80);
            if (letters >= LEGIBLE_LETTERS)
                return true;
        }
    }
    return false;
}

/* --- answers --- */

bool text_is_answer(const Study *study)
{
    return mail_header(study->mail, "In-Reply-To") ||
           mail_header(study->mail, "References");
}

bool subject_says_answer(const char *subject)
{
    static const char *const MARKS[] = {
        "re:", "aw:", "sv:", "antw:", "rv:", "odp:", "vs:", "rif:", "ynt:"};
    for (size_t i = 0; i < G_N_ELEMENTS(MARKS); i++)
        if (g_ascii_strncasecmp(subject, MARKS[i], strlen(MARKS[i])) == 0)
            return true;
    return false;
}

/* --- thanking --- */

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

/* In its first own words, above what it quotes: the address is in our sentence
 * that hangs below. Without a quote, only a mail that says nothing else. */
static bool thanks_only(const Study *study, const Block *block)
{
    const char *text = study_block_text(study, block);
    size_t own = written_above_quote(text, block->length);
    g_autoptr(FoldedText) folded = folded_text_new(text, own);
    if (!word_index_first(thanks_words(), folded))
        return false;
    if (own < block->length)
        return accusation_score(text, own) < ACCUSATION_CLEAR;
    return accusation_score(text, own) == 0 && !text_cites_address(study) &&
           !text_asks(study);
}

/* Who forwards thanks as well ("can you answer it? Thanks"), but says so in
 * the subject. */
const char *text_thanks_why(const Study *study)
{
    const GPtrArray *blocks = study->report->blocks;
    if (!text_is_answer(study) || !subject_says_answer(study->mail->subject))
        return NULL;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        if (block->kind == BLOCK_BODY)
            return thanks_only(study, block)
                       ? "an answer that thanks and accuses nobody itself"
                       : NULL;
    }
    return NULL;
}
