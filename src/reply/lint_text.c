/*
 * What is written out in a template: law that no longer holds, and numbers
 * that somebody typed in and nobody will bring up to date.
 *
 * To add a law: a row in REPEALED with its source in the commit.
 */
#include "reply/lint.h"

#include <string.h>

#define NUMBER_DIGITS  3  /* "42" is no figure that ages */
#define CITATION_BYTES 16 /* how far before a number its law may stand */

static const struct {
    const char *words;
    const char *message;
} REPEALED[] = {
    {"TMG", "repealed on 2024-05-14, replaced by the DDG"},
    {"Telemediengesetz", "repealed on 2024-05-14, replaced by the DDG"},
    {"TTDSG", "called TDDDG since 2024-05-14"},
    {"NetzDG", "repealed on 2024-05-14"},
    {"Netzwerkdurchsetzungsgesetz", "repealed on 2024-05-14"},
    {"2000/31/EC", "its Articles 12 to 15 were replaced by Articles 4 to 8 "
                   "of Regulation (EU) 2022/2065"},
    {"2000/31/EG", "its Articles 12 to 15 were replaced by Articles 4 to 8 "
                   "of Regulation (EU) 2022/2065"},
    {"E-Commerce Directive", "its Articles 12 to 15 were replaced by "
                             "Articles 4 to 8 of Regulation (EU) 2022/2065"},
    {"E-Commerce-Richtlinie", "its Articles 12 to 15 were replaced by "
                              "Articles 4 to 8 of Regulation (EU) 2022/2065"},
};

/* One line, and where its file's line begins. */
typedef struct {
    const char *file;
    const char *text;
    int number, column; /* where text begins */
} Line;

static bool is_word_char(char c)
{
    return g_ascii_isalnum(c) || (c & 0x80);
}

static void check_law(Lint *lint, const Line *line)
{
    for (guint i = 0; i < G_N_ELEMENTS(REPEALED); i++) {
        const char *words = REPEALED[i].words;
        const char *at = line->text;
        for (; (at = strstr(at, words)); at += strlen(words)) {
            bool is_part = (at > line->text && is_word_char(at[-1])) ||
                           is_word_char(at[strlen(words)]);
            if (!is_part)
                LINT_ERROR(lint, line->file, line->number,
                           line->column + (int)(at - line->text),
                           "cites \"%s\": %s", words, REPEALED[i].message);
        }
    }
}

/* Is the number part of a citation, such as "§ 512" or "(EU) 2022/2065"? */
static bool is_citation(const Line *line, const char *at)
{
    static const char *const SIGNS[] = {"§", "U.S.C", "(EU)", "ection ", "Art"};
    size_t before = MIN((size_t)(at - line->text), CITATION_BYTES);
    g_autofree char *context = g_strndup(at - before, before);
    for (guint i = 0; i < G_N_ELEMENTS(SIGNS); i++)
        if (strstr(context, SIGNS[i]))
            return true;
    return false;
}

/* The end of a tag or a link that begins here; at itself if none does. */
static const char *skip_tag_or_link(const char *at)
{
    if (g_str_has_prefix(at, "{{")) {
        const char *end = strstr(at, "}}");
        return end ? end + 2 : at + strlen(at);
    }
    if (g_str_has_prefix(at, "http://") || g_str_has_prefix(at, "https://"))
        return at + strcspn(at, " \t");
    return at;
}

static void check_numbers(Lint *lint, const Line *line)
{
    const char *at = line->text;
    while (*at) {
        const char *after = skip_tag_or_link(at);
        if (after > at) {
            at = after;
            continue;
        }
        if (!g_ascii_isdigit(*at)) {
            at++;
            continue;
        }
        size_t length = strspn(at, "0123456789.,/");
        guint digits = 0;
        for (size_t i = 0; i < length; i++)
            digits += g_ascii_isdigit(at[i]);
        if (digits >= NUMBER_DIGITS && !is_citation(line, at))
            LINT_WARNING(lint, line->file, line->number,
                         line->column + (int)(at - line->text),
                         "the number \"%.*s\" is typed in and will age",
                         (int)MIN(length, 20), at);
        at += length;
    }
}

void lint_text(Lint *lint, const char *file, const char *text, int first_line,
               int first_column)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        Line line = {.file = file,
                     .text = lines[i],
                     .number = first_line + (int)i,
                     .column = i == 0 ? first_column : 1};
        check_law(lint, &line);
        check_numbers(lint, &line);
    }
}
