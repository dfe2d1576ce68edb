#include "lettersets.h"

#include <stdbool.h>
#include <string.h>

#define WRAP_COLUMN    28
#define QP_COLUMN      19 /* short, so that words are cut */
#define BOUNDARY       "=_letter"
#define DEFAULT_SENDER "Somebody <somebody@example.net>"
#define ORDINARY_HEADER                                                        \
    "Date: Fri, 01 May 2026 12:00:00 +0200\n"                                  \
    "Message-ID: <1@example.net>\n"                                            \
    "MIME-Version: 1.0\n"

void set_letter_free(SetLetter *letter)
{
    g_free(letter->place);
    g_free(letter->language);
    g_free(letter->matter);
    g_strfreev(letter->forms);
    g_free(letter->from);
    g_free(letter->subject);
    g_free(letter->text);
    g_free(letter);
}

static bool has_form(const SetLetter *letter, const char *form)
{
    return g_strv_contains((const char *const *)letter->forms, form);
}

/* --- reading a set --- */

static SetLetter *letter_new(const char *file, unsigned line, const char *head)
{
    g_auto(GStrv) words = g_strsplit(head, " ", -1);
    g_assert_cmpuint(g_strv_length(words), >=, 2);
    SetLetter *letter = g_new0(SetLetter, 1);
    letter->place = g_strdup_printf("%s:%u", file, line);
    letter->language = g_strndup(file, strcspn(file, "."));
    letter->matter = g_strdup(words[0]);
    letter->forms = g_strdupv(words + 1);
    letter->from = g_strdup(DEFAULT_SENDER);
    letter->subject = g_strdup("");
    letter->text = g_strdup("");
    return letter;
}

static void letter_add_line(SetLetter *letter, const char *line)
{
    char **field = g_str_has_prefix(line, "From: ")      ? &letter->from
                   : g_str_has_prefix(line, "Subject: ") ? &letter->subject
                                                         : NULL;
    if (field && !*letter->text) {
        g_free(*field);
        *field = g_strdup(strchr(line, ' ') + 1);
        return;
    }
    char *text = g_strconcat(letter->text, line, "\n", NULL);
    g_free(letter->text);
    letter->text = text;
}

/* Without accents, as on a keyboard that has none; German spells them out. */
static char *ascii_of(const SetLetter *letter, const char *text)
{
    bool is_german = strcmp(letter->language, "de") == 0;
    g_auto(GStrv) pieces = g_strsplit(text, "\u0131", -1); /* dotless i */
    g_autofree char *dotted = g_strjoinv("i", pieces);
    return g_str_to_ascii(dotted, is_german ? "de" : "C");
}

static char *wrapped(const char *text)
{
    GString *out = g_string_new(NULL);
    size_t column = 0;
    for (const char *c = text; *c; c++) {
        bool breaks = *c == ' ' && column > WRAP_COLUMN;
        g_string_append_c(out, breaks ? '\n' : *c);
        column = breaks || *c == '\n' ? 0 : column + 1;
    }
    return g_string_free(out, FALSE);
}

static void change_text(const SetLetter *letter, char **text)
{
    char *changed = has_form(letter, "caps")      ? g_utf8_strup(*text, -1)
                    : has_form(letter, "ascii")   ? ascii_of(letter, *text)
                    : has_form(letter, "wrapped") ? wrapped(*text)
                                                  : g_strdup(*text);
    g_free(*text);
    *text = changed;
}

void letterset_load(const char *path, GPtrArray *letters)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(g_utf8_validate(text, -1, NULL));
    g_autofree char *file = g_path_get_basename(path);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint first = letters->len;
    SetLetter *letter = NULL;
    for (unsigned i = 0; lines[i]; i++) {
        if (g_str_has_prefix(lines[i], "=== ")) {
            letter = letter_new(file, i + 1, lines[i] + strlen("=== "));
            g_ptr_array_add(letters, letter);
        } else if (letter) {
            letter_add_line(letter, lines[i]);
        } else {
            g_assert_true(*lines[i] == '#' || !*lines[i]);
        }
    }
    for (guint i = first; i < letters->len; i++) {
        SetLetter *one = letters->pdata[i];
        change_text(one, &one->subject);
        change_text(one, &one->text);
    }
}

/* --- bodies --- */

static void add_html(GString *raw, const SetLetter *letter)
{
    g_string_append(raw, "Content-Type: text/html; charset=us-ascii\n\n"
                         "<html><head><style>p {color: black}</style></head>"
                         "<body><div><p>");
    for (const char *c = letter->text; *c; c = g_utf8_next_char(c)) {
        gunichar point = g_utf8_get_char(c);
        if (point == '\n')
            g_string_append(raw, "<br>\n");
        else if (point > '~' || strchr("<>&", (int)point))
            g_string_append_printf(raw, "&#%u;", point);
        else
            g_string_append_c(raw, (char)point);
    }
    g_string_append(raw, "</p></div></body></html>\n");
}

static void add_base64(GString *raw, const SetLetter *letter)
{
    g_string_append(raw, "Content-Type: text/plain; charset=utf-8\n"
                         "Content-Transfer-Encoding: base64\n\n");
    g_autofree char *code =
        g_base64_encode((const guchar *)letter->text, strlen(letter->text));
    for (size_t at = 0; at < strlen(code); at += 76)
        g_string_append_printf(raw, "%.76s\n", code + at);
}

static void add_quoted_printable(GString *raw, const char *charset,
                                 const char *text, size_t length)
{
    g_string_append_printf(raw,
                           "Content-Type: text/plain; charset=%s\n"
                           "Content-Transfer-Encoding: quoted-printable\n\n",
                           charset);
    size_t column = 0;
    for (size_t i = 0; i < length; i++) {
        if (column > QP_COLUMN && text[i] != '\n') {
            g_string_append(raw, "=\n");
            column = 0;
        }
        if (text[i] == '\n' || (g_ascii_isprint(text[i]) && text[i] != '='))
            g_string_append_c(raw, text[i]);
        else
            g_string_append_printf(raw, "=%02X", (guchar)text[i]);
        column = text[i] == '\n' ? 0 : column + 1;
    }
}

static void add_legacy(GString *raw, const SetLetter *letter)
{
    static const char *const CHARSETS[][2] = {
        {"ru", "koi8-r"},  {"uk", "windows-1251"}, {"ja", "iso-2022-jp"},
        {"zh", "gb18030"}, {"ko", "euc-kr"},
    };
    const char *charset = "iso-8859-1";
    for (size_t i = 0; i < G_N_ELEMENTS(CHARSETS); i++)
        if (strcmp(CHARSETS[i][0], letter->language) == 0)
            charset = CHARSETS[i][1];
    gsize length = 0;
    g_autoptr(GError) error = NULL;
    g_autofree char *text =
        g_convert(letter->text, -1, charset, "utf-8", NULL, &length, &error);
    g_assert_no_error(error);
    add_quoted_printable(raw, charset, text, length);
}

static void add_plain(GString *raw, const char *text)
{
    g_string_append_printf(raw,
                           "Content-Type: text/plain; charset=utf-8\n"
                           "Content-Transfer-Encoding: 8bit\n\n%s\n",
                           text);
}

static void add_head(GString *raw, const char *from, const char *subject)
{
    g_string_append_printf(raw, "From: %s\nSubject: %s\n%s", from, subject,
                           ORDINARY_HEADER);
}

/* --- mails --- */

/* As mail programs pass a letter on by hand. */
static void add_forwarded(GString *raw, const SetLetter *letter)
{
    add_head(raw, "Host Desk <abuse@example.com>", "Fwd: for you");
    g_autofree char *text =
        g_strdup_printf("Please see below.\n\n"
                        "-----Original Message-----\n"
                        "From: %s\nSent: Thursday, April 30, 2026 9:12 AM\n"
                        "To: abuse@example.com\nSubject: %s\n\n%s",
                        letter->from, letter->subject, letter->text);
    add_plain(raw, text);
}

/* As hosters hand complaints to their customers. */
static void add_ticket(GString *raw, const SetLetter *letter)
{
    add_head(raw, "Example Hosting <abuse@example.com>",
             "[Abuse #4711] Complaint about your server 192.0.2.7");
    GString *text = g_string_new("Dear customer,\n\nwe received the complaint "
                                 "below about your server. Please take care "
                                 "of it and answer within 24 hours.\n\n");
    g_string_append_printf(text, "> From: %s\n> Subject: %s\n>\n", letter->from,
                           letter->subject);
    g_auto(GStrv) lines = g_strsplit(letter->text, "\n", -1);
    for (size_t i = 0; lines[i] && *lines[i]; i++)
        g_string_append_printf(text, "> %s\n", lines[i]);
    g_string_append(text, "\nYour Example Hosting team\n");
    add_plain(raw, text->str);
    g_string_free(text, TRUE);
}

static void add_multipart(GString *raw, const char *words)
{
    g_string_append_printf(raw,
                           "Content-Type: multipart/mixed; boundary=\"%s\"\n\n"
                           "--%s\nContent-Type: text/plain\n\n%s\n\n--%s\n",
                           BOUNDARY, BOUNDARY, words, BOUNDARY);
}

static void add_enclosed(GString *raw, const SetLetter *letter)
{
    add_head(raw, "Host Desk <abuse@example.com>", "Fwd: for you");
    add_multipart(raw, "For your attention.");
    g_string_append(raw, "Content-Type: message/rfc822\n\n");
    g_string_append(raw, "To: abuse@example.com\n");
    add_head(raw, letter->from, letter->subject);
    add_plain(raw, letter->text);
    g_string_append(raw, "\n--" BOUNDARY "--\n");
}

static void add_attached(GString *raw, const SetLetter *letter)
{
    add_head(raw, letter->from, letter->subject);
    add_multipart(raw, "Please see the attached letter.");
    g_string_append(raw, "Content-Disposition: attachment; "
                         "filename=letter.txt\n");
    add_plain(raw, letter->text);
    g_string_append(raw, "\n--" BOUNDARY "--\n");
}

static void add_whole(GString *raw, const SetLetter *letter)
{
    add_head(raw, letter->from, letter->subject);
    if (has_form(letter, "html"))
        add_html(raw, letter);
    else if (has_form(letter, "base64"))
        add_base64(raw, letter);
    else if (has_form(letter, "qp"))
        add_quoted_printable(raw, "utf-8", letter->text, strlen(letter->text));
    else if (has_form(letter, "legacy"))
        add_legacy(raw, letter);
    else if (has_form(letter, "subject"))
        add_plain(raw, "Sent from my phone");
    else
        add_plain(raw, letter->text);
}

GBytes *set_letter_render(const SetLetter *letter)
{
    GString *raw = g_string_new(NULL);
    if (has_form(letter, "forwarded"))
        add_forwarded(raw, letter);
    else if (has_form(letter, "ticket"))
        add_ticket(raw, letter);
    else if (has_form(letter, "rfc822"))
        add_enclosed(raw, letter);
    else if (has_form(letter, "attached"))
        add_attached(raw, letter);
    else
        add_whole(raw, letter);
    return g_string_free_to_bytes(raw);
}
