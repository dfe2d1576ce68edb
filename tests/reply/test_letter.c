#include "base/errors.h"
#include "reply/letter.h"

#include <string.h>

/* ---- reading back what was written, by rules of our own ---------------- */

/* Undo folding of one field at text; the value, and where the next begins. */
static char *read_field(const char *text, const char *name, const char **next)
{
    size_t length = strlen(name);
    g_assert_true(g_str_has_prefix(text, name));
    g_assert_cmpint(text[length], ==, ':');
    GString *value = g_string_new(NULL);
    for (const char *at = text + length + 1;; at++) {
        if (at[0] == '\r' && at[1] == '\n' && at[2] != ' ') {
            *next = at + 2;
            break;
        }
        g_assert_true(*at && *at != '\n');
        if (at[0] == '\r') {
            g_assert_true(at[1] == '\n' && at[2] == ' ');
            at++;
            continue;
        }
        g_string_append_c(value, *at);
    }
    g_assert_cmpint(value->str[0], ==, ' ');
    g_string_erase(value, 0, 1);
    return g_string_free(value, FALSE);
}

static int hex_value(const char *at)
{
    return g_ascii_xdigit_value(at[0]) * 16 + g_ascii_xdigit_value(at[1]);
}

/* RFC 2047 Q words back to text; blanks between two words are nothing. */
static char *decode_words(const char *value)
{
    GString *text = g_string_new(NULL);
    const char *at = value;
    while (*at) {
        if (!g_str_has_prefix(at, "=?UTF-8?Q?")) {
            g_string_append_c(text, *at++);
            continue;
        }
        const char *start = at;
        for (at += 10; !g_str_has_prefix(at, "?="); at++) {
            if (*at == '=') {
                g_string_append_c(text, (char)hex_value(at + 1));
                at += 2;
            } else {
                g_string_append_c(text, *at == '_' ? ' ' : *at);
            }
        }
        at += 2;
        g_assert_cmpint(at - start, <=, 75);
        const char *gap = at + strspn(at, " ");
        if (g_str_has_prefix(gap, "=?UTF-8?Q?"))
            at = gap;
    }
    return g_string_free(text, FALSE);
}

static void check_lines(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    for (char **line = lines; *line; line++)
        for (const char *at = *line; *at; at++)
            g_assert_true(*at >= 0x20 && *at < 0x7f);
}

static char *random_text(GRand *random, int max)
{
    static const char *const PIECES[] = {
        "a",     "B",    "9",  " ",
        "  ",    "ä",    "€",  "\xf0\x9f\xa6\x84",
        "\"",    "\\",   "=?", "?=",
        "_",     "=",    "@",  "<",
        ">",     ",",    ".",  "(",
        "{{x}}", "word", "%s", "longer-word-without-any-blank-in-it",
    };
    GString *text = g_string_new(NULL);
    for (int n = g_rand_int_range(random, 1, max); n > 0; n--)
        g_string_append(
            text, PIECES[g_rand_int_range(random, 0, G_N_ELEMENTS(PIECES))]);
    return g_string_free(text, FALSE);
}

static void test_text_field_reads_back(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(2047);
    guint written = 0;
    for (int i = 0; i < 20000; i++) {
        g_autofree char *text = random_text(random, 30);
        g_autoptr(GString) out = g_string_new(NULL);
        g_autoptr(GError) error = NULL;
        if (!letter_text_field(out, "Subject", text, &error)) {
            g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
            g_assert_cmpuint(out->len, ==, 0);
            continue;
        }
        const char *next;
        g_autofree char *value = read_field(out->str, "Subject", &next);
        g_autofree char *back = decode_words(value);
        g_assert_cmpstr(back, ==, text);
        g_assert_cmpint(*next, ==, 0);
        check_lines(out->str);
        written++;
    }
    g_assert_cmpuint(written, >, 10000);
}

/* "display" <address> or encoded words <address>. */
static char *read_display(const char *value, const char *address)
{
    g_autofree char *tail = g_strdup_printf(" <%s>", address);
    g_assert_true(g_str_has_suffix(value, tail));
    g_autofree char *phrase = g_strndup(value, strlen(value) - strlen(tail));
    if (*phrase != '"')
        return decode_words(phrase);
    GString *text = g_string_new(NULL);
    const char *at = phrase + 1;
    for (; *at && *at != '"'; at++) {
        if (*at == '\\')
            at++;
        g_string_append_c(text, *at);
    }
    g_assert_cmpstr(at, ==, "\"");
    return g_string_free(text, FALSE);
}

static void test_mailbox_reads_back(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(5322);
    guint written = 0;
    for (int i = 0; i < 20000; i++) {
        g_autofree char *name = random_text(random, 20);
        g_autoptr(GString) out = g_string_new(NULL);
        if (!letter_mailbox_field(out, "From", name, "a@library.example", NULL))
            continue;
        const char *next;
        g_autofree char *value = read_field(out->str, "From", &next);
        g_autofree char *back = read_display(value, "a@library.example");
        g_assert_cmpstr(back, ==, name);
        g_assert_cmpint(*next, ==, 0);
        check_lines(out->str);
        written++;
    }
    g_assert_cmpuint(written, >, 10000);
}

static void test_refused(void)
{
    static const char *const VALUES[] = {
        "a\r\nBcc: victim@example.org",
        "a\nb",
        "a\rb",
        "tab\there",
        "escape\x1b[31m",
        "delete\x7f",
        "\xff not UTF-8",
        "c1 \xc2\x85",
        "line separator \xe2\x80\xa8",
        "",
        " blank before",
        "blank behind ",
    };
    for (guint i = 0; i < G_N_ELEMENTS(VALUES); i++) {
        g_autoptr(GString) out = g_string_new("X: y\r\n");
        g_autoptr(GError) error = NULL;
        g_assert_false(letter_text_field(out, "Subject", VALUES[i], &error));
        g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
        g_assert_false(letter_field(out, "To", VALUES[i], NULL));
        g_assert_cmpstr(out->str, ==, "X: y\r\n");
    }
    g_autofree char *long_value = g_strnfill(LETTER_FIELD_MAX, 'a');
    g_autoptr(GString) out = g_string_new(NULL);
    g_assert_false(letter_field(out, "X", long_value, NULL));
    long_value[LETTER_FIELD_MAX - 3] = 0;
    g_assert_true(letter_field(out, "X", long_value, NULL));
}

static char *decode_body(const char *text)
{
    GString *body = g_string_new(NULL);
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    for (char **line = lines; *line; line++) {
        size_t length = strlen(*line);
        g_assert_cmpuint(length, <=, LETTER_COLUMNS);
        g_assert_true(length == 0 || (*line)[length - 1] != ' ');
        bool is_soft = false;
        for (const char *at = *line; *at; at++) {
            g_assert_true(*at >= 0x20 && *at < 0x7f);
            if (*at != '=')
                g_string_append_c(body, *at);
            else if (!at[1])
                is_soft = true;
            else {
                g_string_append_c(body, (char)hex_value(at + 1));
                at += 2;
            }
        }
        if (!is_soft && line[1])
            g_string_append_c(body, '\n');
    }
    return g_string_free(body, FALSE);
}

static void test_body_reads_back(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(2045);
    for (int i = 0; i < 5000; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int n = g_rand_int_range(random, 0, 8); n > 0; n--) {
            g_autofree char *line = random_text(random, 30);
            g_string_append_printf(text, "%s\n", line);
        }
        g_autoptr(GString) out = g_string_new(NULL);
        letter_body(out, text->str);
        g_autofree char *back = decode_body(out->str);
        g_assert_cmpstr(back, ==, text->str);
    }
}

/* Mailboxes put a ">" before such a line, and no signature holds then. */
static void test_from_at_a_line_begin(void)
{
    g_autoptr(GString) out = g_string_new(NULL);
    letter_body(out, "From us\nnot From us\nFrom\nFrom there\n");
    g_assert_cmpstr(out->str, ==,
                    "=46rom us\r\nnot From us\r\nFrom\r\n=46rom there\r\n");
}

static void test_addresses(void)
{
    static const char *const GOOD[] = {"noc@shop.example",
                                       "a.b+c=d@x-y.example", "1@2.example"};
    static const char *const BAD[] = {
        "",
        "noc",
        "@shop.example",
        "noc@",
        "noc@shop",
        "a b@c.example",
        "a@b.example,c@d.example",
        "a@@b.example",
        "a@b..example",
        ".a@b.example",
        "a.@b.example",
        "a..b@c.example",
        "\"a\"@b.example",
        "a@b.example\r\nX: y",
        "a@[192.0.2.1]",
        "a@b.example>",
        "ä@b.example",
        "a@-b.example",
        "a@b.example.",
    };
    for (guint i = 0; i < G_N_ELEMENTS(GOOD); i++)
        g_assert_true(letter_address_is_plain(GOOD[i]));
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_test_message("%s", BAD[i]);
        g_assert_false(letter_address_is_plain(BAD[i]));
    }
}

static void test_message_ids(void)
{
    g_assert_true(letter_message_id_is_plain("<a.1$x@shop.example>"));
    g_assert_true(letter_message_id_is_plain("<a@[192.0.2.1]>"));
    static const char *const BAD[] = {
        "",           "<>",      "<a>",       "a@b",    "<a@b",
        "<a b@c>",    "<a@b@c>", "<@b.c>",    "<a@>",   "<a@b>\r\n",
        "<a@b><c@d>", "<ä@b>",   "<\"a\"@b>", "<a@b>,",
    };
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++)
        g_assert_false(letter_message_id_is_plain(BAD[i]));
    g_autofree char *inner = g_strnfill(300, 'a');
    g_autofree char *too_long = g_strdup_printf("<%s@b>", inner);
    g_assert_false(letter_message_id_is_plain(too_long));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/letter/text-field", test_text_field_reads_back);
    g_test_add_func("/reply/letter/mailbox", test_mailbox_reads_back);
    g_test_add_func("/reply/letter/refused", test_refused);
    g_test_add_func("/reply/letter/body", test_body_reads_back);
    g_test_add_func("/reply/letter/from", test_from_at_a_line_begin);
    g_test_add_func("/reply/letter/addresses", test_addresses);
    g_test_add_func("/reply/letter/message-ids", test_message_ids);
    return g_test_run();
}
