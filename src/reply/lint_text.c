/*
 * What is written out in a template: law that no longer holds, and numbers
 * that somebody typed in and nobody will bring up to date.
 *
 * The names of law that is gone stand in policies/law.
 */
#include "reply/lint.h"

#include <string.h>

#define NUMBER_DIGITS  3  /* "42" is no figure that ages */
#define CITATION_BYTES 16 /* how far before a number its law may stand */

/* One line, and where its file's line begins. */
typedef struct {
    const char *file;
    const char *text;
    int number, column; /* where text begins */
} Line;

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

/* Line and column of a byte of the text; columns are counted in bytes. */
static void place_of(const char *text, size_t at, int *line, int *column)
{
    for (size_t i = 0; i < at; i++) {
        *column = text[i] == '\n' ? 1 : *column + 1;
        *line += text[i] == '\n';
    }
}

static void check_law(Lint *lint, const char *file, const char *text,
                      int first_line, int first_column)
{
    const Laws *laws = lint->template->templates->laws;
    g_autoptr(GArray) findings =
        laws ? laws_find_gone(laws, text, lint->now) : NULL;
    for (guint i = 0; findings && i < findings->len; i++) {
        const LawFinding *gone = &g_array_index(findings, LawFinding, i);
        int line = first_line, column = first_column;
        place_of(text, gone->at, &line, &column);
        g_ptr_array_add(lint->findings,
                        template_finding_new(file, line, column, gone->is_sure,
                                             "cites \"%.*s\": %s",
                                             (int)gone->length, text + gone->at,
                                             gone->message));
    }
}

void lint_text(Lint *lint, const char *file, const char *text, int first_line,
               int first_column)
{
    check_law(lint, file, text, first_line, first_column);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        Line line = {.file = file,
                     .text = lines[i],
                     .number = first_line + (int)i,
                     .column = i == 0 ? first_column : 1};
        check_numbers(lint, &line);
    }
}
