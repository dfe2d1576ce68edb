/*
 * messages/NAME.eml is parsed and printed; NAME.expected is what must come
 * out: flags, the parts as a tree, and each line of text behind the number of
 * its raw line. To add a case: write both files. A message is stored with LF
 * and parsed with LF and with CRLF; the result must not differ.
 */
#include "base/errors.h"
#include "base/files.h"
#include "mail/mail.h"

#include <string.h>

static const char *kind_word(PartKind kind)
{
    switch (kind) {
    case PART_MULTIPART:
        return "multipart";
    case PART_MESSAGE:
        return "message";
    case PART_TEXT:
        return "text";
    case PART_HTML:
        return "html";
    case PART_BINARY:
        return "binary";
    }
    return "?";
}

static void print_text(const Mail *mail, guint index, GString *out)
{
    const MailPart *part = mail->parts->pdata[index];
    for (const char *line = part->text; *line;) {
        size_t length = strcspn(line, "\n");
        Place place = mail_place(mail, (uint16_t)index,
                                 (size_t)(line - part->text), length);
        g_string_append_printf(out, "%4u|%.*s\n", place.line, (int)length,
                               line);
        line += length + (line[length] == '\n');
    }
}

static void print_part(const Mail *mail, guint index, GString *out)
{
    const MailPart *part = mail->parts->pdata[index];
    g_string_append_printf(out, "%*s%u %s %s", 2 * part->depth, "", index,
                           kind_word(part->kind), part->content_type);
    if (part->charset)
        g_string_append_printf(out, " charset=%s", part->charset);
    if (part->filename)
        g_string_append_printf(out, " name=\"%s\"", part->filename);
    if (part->attached)
        g_string_append(out, " attached");
    /* of a multipart they depend on the line ends */
    if (part->bytes && !g_str_has_prefix(part->content_type, "multipart/"))
        g_string_append_printf(out, " bytes=%zu",
                               g_bytes_get_size(part->bytes));
    if (part->flaw)
        g_string_append_printf(out, " (%s)", part->flaw);
    const char *subject = mail_part_header(part, "Subject");
    if (subject && part->depth > 0)
        g_string_append_printf(out, " subject=\"%s\"", subject);
    g_string_append_c(out, '\n');
    if (part->text)
        print_text(mail, index, out);
}

static char *print_mail(GBytes *raw)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Mail) mail = mail_parse(raw, &error);
    g_assert_no_error(error);
    GString *out = g_string_new(NULL);
    g_string_append_printf(out, "subject: %s\n", mail->subject);
    for (guint i = 0; i < mail->flags->len; i++)
        g_string_append_printf(out, "flag: %s\n",
                               (const char *)mail->flags->pdata[i]);
    for (guint i = 0; i < mail->parts->len; i++)
        print_part(mail, i, out);
    return g_string_free(out, false);
}

static GBytes *with_crlf(GBytes *raw)
{
    gsize length;
    const char *data = g_bytes_get_data(raw, &length);
    GByteArray *out = g_byte_array_new();
    for (gsize i = 0; i < length; i++) {
        if (data[i] == '\n')
            g_byte_array_append(out, (const uint8_t *)"\r", 1);
        g_byte_array_append(out, (const uint8_t *)data + i, 1);
    }
    return g_byte_array_free_to_bytes(out);
}

static void test_message(const void *name)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_strconcat(TEST_DIR "/messages/", name, NULL);
    g_autoptr(GBytes) raw = file_read(path, MAIL_BYTES_MAX, &error);
    g_assert_no_error(error);
    *strrchr(path, '.') = 0;
    g_autofree char *expected_path = g_strconcat(path, ".expected", NULL);
    g_autofree char *expected = NULL;
    g_file_get_contents(expected_path, &expected, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) crlf = with_crlf(raw);
    g_autofree char *seen = print_mail(raw);
    g_autofree char *seen_crlf = print_mail(crlf);
    g_assert_cmpstr(seen, ==, expected);
    g_assert_cmpstr(seen_crlf, ==, expected);
}

static Mail *parse(const char *raw)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(raw, strlen(raw));
    g_autoptr(GError) error = NULL;
    Mail *mail = mail_parse(bytes, &error);
    g_assert_no_error(error);
    return mail;
}

static void test_top(void)
{
    g_autoptr(Mail) mail =
        parse("From: a@example.org\r\nSubject: =?utf-8?Q?caf=C3=A9?=\r\n"
              "Date: Sat, 02 Nov 2024 20:13:45 +0100\r\nX-A: 1\r\nx-a: 2\r\n"
              "\r\nbody\r\n");
    g_assert_cmpstr(mail->subject, ==, "café");
    g_assert_cmpint(mail->date, ==, INT64_C(1730574825));
    g_assert_cmpint(mail->date_offset_s, ==, 3600);
    g_assert_true(mail->date_has_zone);
    g_assert_cmpstr(mail_header(mail, "X-A"), ==, "1");
    g_assert_null(mail_header(mail, "X-B"));
    const MailHeader *second = mail->headers->pdata[1];
    g_assert_cmpuint(second->raw_at, ==, 21);
    g_assert_cmpuint(second->raw_length, ==, 32);
}

static void test_places(void)
{
    g_autoptr(Mail) mail = parse("X: y\r\nSubject: 192.0.2.1\r\n\r\na\r\nb");
    Place place = mail_place(mail, PLACE_SUBJECT, 0, 9);
    g_assert_cmpuint(place.line, ==, 2);
    g_assert_cmpuint(place.raw_at, ==, 6);
    place = mail_place(mail, 0, 2, 1);
    g_assert_cmpuint(place.line, ==, 5);
    g_assert_cmpuint(place.raw_at, ==, 31);
    g_assert_cmpuint(place.at, ==, 2);
    place = mail_place(mail, PLACE_NOWHERE, 7, 1);
    g_assert_cmpuint(place.line, ==, 0);
    place = mail_place(mail, 0, 1000000, 1);
    g_assert_cmpuint(place.raw_at, <, 32);
}

static void test_quote(void)
{
    Place place = {.part = 3, .at = 5, .length = 9, .line = 2};
    g_autoptr(Quote) quote = quote_new("192.0.2.1 tail", 9, place);
    g_autoptr(Quote) copy = quote_copy(quote);
    g_assert_cmpstr(copy->words, ==, "192.0.2.1");
    g_assert_cmpuint(copy->place.part, ==, 3);
    g_assert_null(quote_copy(NULL));
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < QUOTE_MAX; i++)
        g_string_append(text, "é");
    g_autoptr(Quote) cut = quote_new(text->str, text->len - 1, place);
    g_assert_cmpuint(strlen(cut->words), ==, QUOTE_MAX);
    g_autoptr(Quote) odd = quote_new(text->str, 3, place);
    g_assert_cmpstr(odd->words, ==, "é");
}

static void check_keys(const char *a, const char *b, bool is_same)
{
    uint8_t key_a[32], key_b[32];
    g_autoptr(Mail) mail_a = parse(a);
    g_autoptr(Mail) mail_b = parse(b);
    mail_key(mail_a, key_a);
    mail_key(mail_b, key_b);
    g_assert_cmpint(memcmp(key_a, key_b, 32) == 0, ==, is_same);
}

static void test_key(void)
{
#define ONE "From: a@example.org\r\nMessage-ID: <1@example.org>\r\n"
    check_keys(ONE "\r\none two\r\n",
               "Received: x\r\nMessage-Id: <1@example.org>\r\n"
               "From: Ann <a@EXAMPLE.org>\r\n"
               "Content-Transfer-Encoding: base64\r\n\r\nb25lCnR3bw==\r\n",
               true);
    check_keys(ONE "\r\none two\r\n", ONE "\r\none three\r\n", false);
    check_keys(ONE "\r\none\r\n",
               "From: b@example.org\r\nMessage-ID: <1@example.org>\r\n\r\none",
               false);
    check_keys("From: a@example.org\r\nDate: 1\r\n\r\none",
               "From: a@example.org\r\nDate: 2\r\n\r\none", false);
#undef ONE
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    g_autoptr(GPtrArray) names =
        directory_list(TEST_DIR "/messages", ".eml", NULL);
    g_assert_nonnull(names);
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path =
            g_strconcat("/mail/messages/", names->pdata[i], NULL);
        g_test_add_data_func(path, names->pdata[i], test_message);
    }
    g_test_add_func("/mail/top", test_top);
    g_test_add_func("/mail/places", test_places);
    g_test_add_func("/mail/quote", test_quote);
    g_test_add_func("/mail/key", test_key);
    return g_test_run();
}
