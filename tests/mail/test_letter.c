/*
 * Letters of word processors made to hide what they say or to cost much. How
 * good ones are read is in messages/.
 */
#include "mail/mail.h"

#include <archive.h>
#include <archive_entry.h>
#include <string.h>

#define XML_BYTES 1000000 /* of one document */

/* A mail with the bytes attached that many times. */
static Mail *mail_with(const void *data, size_t length, int times)
{
    g_autofree char *base64 = g_base64_encode(data, length);
    GString *raw = g_string_new("From: a@example.com\nMIME-Version: 1.0\n"
                                "Content-Type: multipart/mixed; boundary=b\n");
    for (int i = 0; i < times; i++)
        g_string_append_printf(raw,
                               "\n--b\nContent-Type: application/octet-stream\n"
                               "Content-Transfer-Encoding: base64\n\n%s\n",
                               base64);
    g_string_append(raw, "\n--b--\n");
    g_autoptr(GBytes) message = g_string_free_to_bytes(raw);
    Mail *mail = mail_parse(message, NULL);
    g_assert_nonnull(mail);
    return mail;
}

static const char *letter_of(const Mail *mail)
{
    for (guint i = 0; i < mail->parts->len; i++) {
        const MailPart *part = mail->parts->pdata[i];
        if (part->is_letter)
            return part->text;
    }
    return "";
}

/* A paragraph of 200 KB: its end is as legible as its beginning. */
static void test_long_paragraph(void)
{
    g_autoptr(GString) rtf = g_string_new("{\\rtf1\\ansi\\ansicpg1252 ");
    while (rtf->len < 200000)
        g_string_append(rtf, "the same words ");
    g_string_append(rtf, "M\\'fcller: it was 192.0.2.7}");
    g_autoptr(Mail) mail = mail_with(rtf->str, rtf->len, 1);
    g_assert_true(
        g_str_has_suffix(letter_of(mail), "Müller: it was 192.0.2.7"));
}

static GBytes *zip(const char *name, const GString *text)
{
    size_t room = 4u << 20, used = 0;
    char *buffer = g_malloc(room);
    struct archive *archive = archive_write_new();
    archive_write_set_format_zip(archive);
    archive_write_set_bytes_in_last_block(archive, 1);
    g_assert_cmpint(archive_write_open_memory(archive, buffer, room, &used), ==,
                    ARCHIVE_OK);
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, (la_int64_t)text->len);
    g_assert_cmpint(archive_write_header(archive, entry), ==, ARCHIVE_OK);
    archive_write_data(archive, text->str, text->len);
    archive_entry_free(entry);
    archive_write_close(archive);
    archive_write_free(archive);
    return g_bytes_new_take(buffer, used);
}

/* A megabyte of tags with a word in it, eighty times: what is read of XML has a
 * limit for the mail, not for each document. */
static void test_empty_documents(void)
{
    g_autoptr(GString) xml = g_string_new("<w:document><w:p>word</w:p>");
    while (xml->len < XML_BYTES)
        g_string_append(xml, "<w:b/><w:i></w:i><w:u/>            ");
    g_string_append(xml, "</w:document>");
    g_autoptr(GBytes) docx = zip("word/document.xml", xml);
    gsize length;
    const void *data = g_bytes_get_data(docx, &length);
    g_autoptr(Mail) mail = mail_with(data, length, 80);
    guint letters = 0;
    for (guint i = 0; i < mail->parts->len; i++)
        letters += ((const MailPart *)mail->parts->pdata[i])->is_letter;
    g_assert_cmpuint(letters, >=, 10);
    g_assert_cmpuint(letters, <, 50);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    g_test_add_func("/letter/long-paragraph", test_long_paragraph);
    g_test_add_func("/letter/empty-documents", test_empty_documents);
    return g_test_run();
}
