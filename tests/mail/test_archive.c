/*
 * Archives and spreadsheets made to cost much: what they may cost is bounded
 * for the mail, not for each. How good ones are read is in messages/.
 */
#include "base/unpack_memory.h"
#include "mail/mail.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

typedef struct {
    const char *name;
    const GString *text;
} File;

static GBytes *zip(const File *files, size_t count)
{
    size_t room = 4u << 20, used = 0;
    char *buffer = g_malloc(room);
    struct archive *archive = archive_write_new();
    archive_write_set_format_zip(archive);
    archive_write_set_bytes_in_last_block(archive, 1);
    g_assert_cmpint(archive_write_open_memory(archive, buffer, room, &used), ==,
                    ARCHIVE_OK);
    for (size_t i = 0; i < count; i++) {
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, files[i].name);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_size(entry, (la_int64_t)files[i].text->len);
        g_assert_cmpint(archive_write_header(archive, entry), ==, ARCHIVE_OK);
        archive_write_data(archive, files[i].text->str, files[i].text->len);
        archive_entry_free(entry);
    }
    archive_write_close(archive);
    archive_write_free(archive);
    return g_bytes_new_take(buffer, used);
}

/* A mail with the bytes attached that many times. */
static Mail *mail_with(GBytes *bytes, int times)
{
    gsize length;
    const guchar *data = g_bytes_get_data(bytes, &length);
    g_autofree char *base64 = g_base64_encode(data, length);
    GString *raw = g_string_new("From: a@example.com\nMIME-Version: 1.0\n"
                                "Content-Type: multipart/mixed; boundary=b\n");
    for (int i = 0; i < times; i++)
        g_string_append_printf(raw,
                               "\n--b\nContent-Type: application/zip\n"
                               "Content-Transfer-Encoding: base64\n\n%s\n",
                               base64);
    g_string_append(raw, "\n--b--\n");
    g_autoptr(GBytes) message = g_string_free_to_bytes(raw);
    Mail *mail = mail_parse(message, NULL);
    g_assert_nonnull(mail);
    return mail;
}

static size_t text_of(const Mail *mail)
{
    size_t length = 0;
    for (guint i = 0; i < mail->parts->len; i++) {
        const MailPart *part = mail->parts->pdata[i];
        length += part->text ? strlen(part->text) : 0;
        g_assert_cmpint(part->parent, <, (int)i);
    }
    return length;
}

static bool has_flaw(const Mail *mail, const char *flaw)
{
    for (guint i = 0; i < mail->parts->len; i++) {
        const MailPart *part = mail->parts->pdata[i];
        if (part->flaw && strcmp(part->flaw, flaw) == 0)
            return true;
    }
    return false;
}

/* Thirty times 900 KB of text: the mail's text has a limit. */
static void test_many(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; text->len < 900000; i++)
        g_string_append_printf(text, "2026-04-30 10:11:12,192.0.2.%d\n", i);
    g_autoptr(GBytes) bytes = zip(&(File){"a.csv", text}, 1);
    g_autoptr(Mail) mail = mail_with(bytes, 30);
    size_t length = text_of(mail);
    g_assert_cmpuint(length, >, MAIL_TEXT_MAX - 1000000);
    g_assert_cmpuint(length, <=, MAIL_TEXT_MAX);
}

/* Three archives of 900 files: the mail's parts have a limit. */
static void test_crowd(void)
{
    g_autoptr(GString) text = g_string_new("192.0.2.7\n");
    g_autofree File *files = g_new0(File, 900);
    for (size_t i = 0; i < 900; i++)
        files[i] = (File){"a.txt", text};
    g_autoptr(GBytes) bytes = zip(files, 900);
    g_autoptr(Mail) mail = mail_with(bytes, 3);
    g_assert_cmpuint(mail->parts->len, <=, MAIL_PARTS_MAX + 3);
    g_assert_true(has_flaw(mail, UNPACK_FLAW_LIMIT));
    text_of(mail);
}

/* One long string that 20,000 cells share. */
static void test_shared_string(void)
{
    g_autofree char *string = g_strnfill(3900, 'x');
    g_autoptr(GString) strings = g_string_new("<sst><si><t>");
    g_string_append_printf(strings, "%s</t></si></sst>", string);
    g_autoptr(GString) book = g_string_new("<workbook/>");
    g_autoptr(GString) sheet = g_string_new("<worksheet><sheetData>");
    for (int i = 0; i < 20000; i++)
        g_string_append(sheet, "<row><c t=\"s\"><v>0</v></c></row>");
    g_string_append(sheet, "</sheetData></worksheet>");
    const File files[] = {{"[Content_Types].xml", book},
                          {"xl/workbook.xml", book},
                          {"xl/sharedStrings.xml", strings},
                          {"xl/worksheets/sheet1.xml", sheet}};
    g_autoptr(GBytes) bytes = zip(files, G_N_ELEMENTS(files));
    g_autoptr(Mail) mail = mail_with(bytes, 5);
    size_t length = text_of(mail);
    g_assert_cmpuint(length, >, MAIL_TEXT_MAX / 2);
    g_assert_cmpuint(length, <=, MAIL_TEXT_MAX);
    g_assert_true(has_flaw(mail, MAIL_FLAG_TEXT_LIMIT));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    g_test_add_func("/archive/many", test_many);
    g_test_add_func("/archive/crowd", test_crowd);
    g_test_add_func("/archive/shared-string", test_shared_string);
    return g_test_run();
}
