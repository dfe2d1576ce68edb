/*
 * Reading one template file: header lines as in a mail, then the body.
 */
#include "reply/template_file.h"

#include "base/country.h"
#include "base/errors.h"
#include "base/suggest.h"

#include <string.h>

static const char *const HEADERS[HEADER_COUNT + 1] = {
    [HEADER_TEMPLATE] = "Template",   [HEADER_COUNTRY] = "Country",
    [HEADER_LANGUAGE] = "Language",   [HEADER_VERSION] = "Version",
    [HEADER_REVIEWED] = "Reviewed",   [HEADER_REVIEW_AGAIN] = "Review-again",
    [HEADER_AUTOMATIC] = "Automatic", [HEADER_SUBJECT] = "Subject",
};

TemplateFinding *template_finding_new(const char *file, int line, int column,
                                      bool is_error, const char *format, ...)
{
    TemplateFinding *finding = g_new0(TemplateFinding, 1);
    finding->file = g_strdup(file);
    finding->line = line;
    finding->column = column;
    finding->is_error = is_error;
    va_list arguments;
    va_start(arguments, format);
    finding->message = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return finding;
}

void template_finding_free(TemplateFinding *finding)
{
    if (!finding)
        return;
    g_free(finding->file);
    g_free(finding->message);
    g_free(finding);
}

#define WRONG(template, line, column, ...)                                     \
    g_ptr_array_add((template)->findings,                                      \
                    template_finding_new((template)->file, (line), (column),   \
                                         true, __VA_ARGS__))

void template_free(Template *template)
{
    if (!template)
        return;
    for (int i = 0; i < HEADER_COUNT; i++)
        g_free(template->headers[i]);
    g_free(template->id);
    g_free(template->file);
    g_free(template->country);
    g_free(template->name);
    g_free(template->language);
    g_free(template->text);
    g_free(template->version);
    mustache_free(template->subject);
    mustache_free(template->body);
    g_ptr_array_unref(template->findings);
    g_free(template);
}

/* "file:3:7: words" of the parser as a finding. */
static void add_parse_error(Template *template, const char *message)
{
    int line = 0, column = 0;
    const char *words = message + strlen(template->file);
    char *end;
    line = (int)strtol(words + 1, &end, 10);
    column = (int)strtol(end + 1, &end, 10);
    WRONG(template, line, column, "%s", end + 2);
}

static Mustache *parse(Template *template, const char *text, int line,
                       int column)
{
    g_autoptr(GError) cause = NULL;
    Mustache *parsed =
        mustache_parse(template->file, text, line, column, &cause);
    if (!parsed)
        add_parse_error(template, cause->message);
    return parsed;
}

/* "login-attack.de.txt" -> "login-attack" and "de". */
static bool split_name(Template *template, const char *file_name)
{
    g_auto(GStrv) parts = g_strsplit(file_name, ".", 4);
    if (g_strv_length(parts) != 3 || !*parts[0] || !*parts[1])
        return false;
    template->name = g_strdup(parts[0]);
    template->language = g_strdup(parts[1]);
    return true;
}

static Template *template_new(const char *file, GBytes *bytes)
{
    Template *template = g_new0(Template, 1);
    template->file = g_strdup(file);
    template->findings =
        g_ptr_array_new_with_free_func((GDestroyNotify)template_finding_free);
    template->reviewed = template->review_again = INSTANT_NONE;
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    if (!g_utf8_validate_len(data, length, NULL))
        WRONG(template, 1, 1, "the file is not UTF-8 text");
    else
        template->text = g_strndup(data, length);
    return template;
}

static void read_header(Template *template, const char *line, int number)
{
    const char *colon = strchr(line, ':');
    g_autofree char *name = g_strndup(line, colon ? colon - line : 0);
    int which = 0;
    while (HEADERS[which] && g_ascii_strcasecmp(HEADERS[which], name) != 0)
        which++;
    if (which == HEADER_COUNT) {
        const char *meant = suggest_word(name, HEADERS);
        WRONG(template, number, 1, "unknown header line \"%.40s\"%s%s%s",
              *name ? name : line, meant ? "; did you mean " : "",
              meant ? meant : "", meant ? "?" : "");
        return;
    }
    if (template->header_lines[which]) {
        WRONG(template, number, 1, "%s is there twice (line %d)",
              HEADERS[which], template->header_lines[which]);
        return;
    }
    const char *value = colon + 1 + strspn(colon + 1, " \t");
    if (which == HEADER_SUBJECT)
        template->subject_column = (int)(value - line) + 1;
    template->headers[which] = g_strchomp(g_strdup(value));
    template->header_lines[which] = number;
}

/* The header lines up to the first empty one; text becomes the body. */
static void read_headers(Template *template)
{
    const char *at = template->text;
    int line = 1;
    while (*at && *at != '\n') {
        size_t length = strcspn(at, "\n");
        g_autofree char *header = g_strndup(at, length);
        read_header(template, header, line++);
        at += length + (at[length] == '\n');
    }
    template->body_line = line + (*at == '\n');
    char *body = g_strdup(*at == '\n' ? at + 1 : at);
    g_free(template->text);
    template->text = body;
}

static void check_equal(Template *template, TemplateHeader which,
                        const char *expected)
{
    const char *value = template->headers[which];
    if (!value)
        WRONG(template, 1, 1, "the line \"%s: %s\" is missing", HEADERS[which],
              expected);
    else if (!g_str_equal(value, expected))
        WRONG(template, template->header_lines[which], 1,
              "%s says \"%.40s\", but the file's name says \"%s\"",
              HEADERS[which], value, expected);
}

static void check_language(Template *template)
{
    const char *at = template->language;
    size_t letters = strspn(at, "abcdefghijklmnopqrstuvwxyz");
    bool is_plain =
        (letters == 2 || letters == 3) && (!at[letters] || at[letters] == '-');
    if (!is_plain)
        WRONG(template, 1, 1,
              "\"%.20s\" in the file's name is no language: small letters "
              "as in \"de\" or \"pt-BR\"",
              at);
}

static void read_review(Template *template)
{
    const char *reviewed = template->headers[HEADER_REVIEWED];
    const char *again = template->headers[HEADER_REVIEW_AGAIN];
    if (!reviewed)
        WRONG(template, 1, 1, "the line \"Reviewed: none yet\" is missing");
    else if (!g_str_equal(reviewed, "none yet")) {
        g_autofree char *date = g_strndup(reviewed, strcspn(reviewed, " "));
        if (!instant_parse(date, &template->reviewed))
            WRONG(template, template->header_lines[HEADER_REVIEWED], 1,
                  "Reviewed takes \"none yet\" or a date and a name: "
                  "\"2026-02-02 M. Beispiel\"");
    }
    if (again && !instant_parse(again, &template->review_again))
        WRONG(template, template->header_lines[HEADER_REVIEW_AGAIN], 1,
              "Review-again takes a date: \"2027-02-01\"");
}

/* There is no word for "allowed": that is the policy's to say. */
static void read_automatic(Template *template)
{
    const char *value = template->headers[HEADER_AUTOMATIC];
    template->is_never_automatic = value != NULL;
    if (value && !g_str_equal(value, "never"))
        WRONG(template, template->header_lines[HEADER_AUTOMATIC], 1,
              "Automatic takes \"never\" or is left out: whether a letter "
              "may leave by itself otherwise, policies/ say");
}

static void check_country(Template *template)
{
    const char *code = template->country;
    const char *meant = g_str_equal(code, "UK") ? "GB" : country_meant(code);
    if (country_is_known(code) || g_str_equal(code, "EU") ||
        g_str_equal(code, "XX"))
        return;
    WRONG(template, 1, 1,
          "the directory \"%s\" is no ISO 3166-1 code, nor EU or XX%s%s", code,
          meant ? "; use " : "", meant ? meant : "");
}

static void check_headers(Template *template)
{
    check_country(template);
    check_equal(template, HEADER_TEMPLATE, template->name);
    check_equal(template, HEADER_COUNTRY, template->country);
    check_equal(template, HEADER_LANGUAGE, template->language);
    check_language(template);
    read_review(template);
    read_automatic(template);
    const char *version = template->headers[HEADER_VERSION];
    if (!version || strspn(version, "0123456789") != strlen(version) ||
        !*version || strlen(version) > 6)
        WRONG(template, MAX(template->header_lines[HEADER_VERSION], 1), 1,
              "Version takes a number: \"Version: 1\"");
    const char *subject = template->headers[HEADER_SUBJECT];
    if (!subject || !*subject)
        WRONG(template, MAX(template->header_lines[HEADER_SUBJECT], 1), 1,
              "the Subject line is missing or empty");
    else
        template->subject =
            parse(template, subject, template->header_lines[HEADER_SUBJECT],
                  template->subject_column);
}

Template *template_read(const char *file, const char *country,
                        const char *file_name, GBytes *bytes)
{
    Template *template = template_new(file, bytes);
    template->country = g_strdup(country);
    template->id = g_strdup_printf("%s/%.*s", country,
                                   (int)strlen(file_name) - 4, file_name);
    if (!split_name(template, file_name)) {
        WRONG(template, 1, 1,
              "a template's file is called NAME.LANGUAGE.txt, as in "
              "login-attack.de.txt");
        return template;
    }
    if (!template->text)
        return template;
    read_headers(template);
    check_headers(template);
    template->body = parse(template, template->text, template->body_line, 1);
    return template;
}

/* Blocks may have dots in their names: "step.login-attack.de.txt". */
Template *template_read_block(const char *file, const char *file_name,
                              GBytes *bytes)
{
    Template *block = template_new(file, bytes);
    block->id = g_strndup(file_name, strlen(file_name) - 4);
    block->body_line = 1;
    const char *dot = strrchr(block->id, '.');
    if (!dot)
        WRONG(block, 1, 1, "a block's file is called NAME.LANGUAGE.txt");
    block->language = g_strdup(dot ? dot + 1 : "");
    if (!block->text)
        return block;
    if (g_str_has_suffix(block->text, "\n"))
        block->text[strlen(block->text) - 1] = 0;
    block->body = parse(block, block->text, 1, 1);
    return block;
}
