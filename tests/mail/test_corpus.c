/* Real complaints and MIME oddities: an answer for each, valid text, and
 * places within the raw message. */
#include "base/errors.h"
#include "base/files.h"
#include "mail/mail.h"
#include "mail/strictheader.h"

#include <string.h>

static void check_text(const Mail *mail, guint index)
{
    const MailPart *part = mail->parts->pdata[index];
    gsize raw_length = g_bytes_get_size(mail->raw);
    g_assert_true(g_utf8_validate(part->text, -1, NULL));
    g_assert_null(strchr(part->text, '\r'));
    uint32_t line_before = 0;
    for (const char *line = part->text; *line;) {
        size_t length = strcspn(line, "\n");
        Place place = mail_place(mail, (uint16_t)index,
                                 (size_t)(line - part->text), length);
        g_assert_cmpuint(place.raw_at, <, raw_length);
        g_assert_cmpuint(place.line, >=, 1);
        g_assert_cmpuint(place.line, >=, line_before);
        line_before = place.line;
        line += length + (line[length] == '\n');
    }
}

static void check_part(const Mail *mail, guint index)
{
    const MailPart *part = mail->parts->pdata[index];
    gsize raw_length = g_bytes_get_size(mail->raw);
    g_assert_cmpint(part->parent, <, (int)index);
    g_assert_cmpuint(part->raw_at, <=, raw_length);
    g_assert_cmpuint(part->raw_length, <=, raw_length - part->raw_at);
    g_assert_true(g_utf8_validate(part->content_type, -1, NULL));
    g_assert_true(!part->filename || g_utf8_validate(part->filename, -1, NULL));
    for (guint i = 0; i < part->headers->len; i++) {
        const MailHeader *header = part->headers->pdata[i];
        g_assert_true(g_utf8_validate(header->value, -1, NULL));
        g_assert_cmpuint(header->raw_at + header->raw_length, <=, raw_length);
    }
    bool is_text = part->kind == PART_TEXT || part->kind == PART_HTML;
    g_assert_true(is_text == (part->text != NULL));
    g_assert_true((part->kind == PART_BINARY) == (part->bytes != NULL));
    if (is_text)
        check_text(mail, index);
}

static void check_file(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) raw = file_read(path, MAIL_BYTES_MAX, &error);
    g_assert_no_error(error);
    g_test_message("%s", path);
    gsize length;
    const void *data = g_bytes_get_data(raw, &length);
    g_autoptr(StrictHeader) strict = strict_header_scan(data, length);
    g_assert_nonnull(strict);
    g_autoptr(Mail) mail = mail_parse(raw, &error);
    if (!mail) {
        g_assert_error(error, DESK_ERROR, DESK_ERROR_LIMIT);
        return;
    }
    for (guint i = 0; i < mail->parts->len; i++)
        check_part(mail, i);
    /* Where the strict scanner is sure of the author, so is the other. */
    g_autofree char *address = NULL, *name = NULL;
    if (strict->from && strict->ambiguous->len == 0) {
        g_assert_true(mail_mailbox(mail_header(mail, "From"), &address, &name));
        g_assert_cmpstr(address, ==, strict->from);
    }
}

static void check_folder(const char *name)
{
    const char *shared = g_getenv("EXITDESK_SHARED");
    g_autofree char *folder =
        g_build_filename(shared ? shared : "", "corpus", name, NULL);
    g_autoptr(GPtrArray) files = directory_list(folder, "", NULL);
    if (!shared || !files || files->len == 0) {
        g_test_skip("shared/ is absent");
        return;
    }
    for (guint i = 0; i < files->len; i++) {
        g_autofree char *path = g_build_filename(folder, files->pdata[i], NULL);
        check_file(path);
    }
}

static void test_complaints(void)
{
    check_folder("complaints");
}

static void test_robustness(void)
{
    check_folder("robustness");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    g_test_add_func("/corpus/complaints", test_complaints);
    g_test_add_func("/corpus/robustness", test_robustness);
    return g_test_run();
}
