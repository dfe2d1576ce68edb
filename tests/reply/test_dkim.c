/* The signatures themselves are checked by test_dkim.py. */
#include "base/errors.h"
#include "base/files.h"
#include "reply/dkim.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FROM "abuse@member.example"
#define TO   "noc@shop.example"

static const char GOOD[] = "From: \"Member (automatic reply)\" <" FROM ">\r\n"
                           "To: " TO "\r\n"
                           "Subject: Auto: [ED-2026-00001-X] Tor exit\r\n"
                           "Date: Mon, 04 May 2026 09:00:00 +0000\r\n"
                           "Message-ID: <t.1@umbrella.example>\r\n"
                           "Auto-Submitted: auto-replied\r\n"
                           "MIME-Version: 1.0\r\n"
                           "Content-Type: text/plain; charset=utf-8\r\n"
                           "\r\n"
                           "Text.\r\n";

/* GOOD with the first occurrence of one text replaced by another. */
static GBytes *letter_with(const char *old, const char *new)
{
    GString *text = g_string_new(GOOD);
    g_assert_cmpuint(g_string_replace(text, old, new, 1), ==, 1);
    return g_string_free_to_bytes(text);
}

static void test_good_letter_may_be_signed(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) letter = g_bytes_new_static(GOOD, strlen(GOOD));
    g_assert_true(dkim_check(letter, FROM, TO, &error));
    g_assert_no_error(error);
    g_assert_true(dkim_check(letter, "abuse@Member.EXAMPLE", TO, NULL));
}

static void test_refusals(void)
{
    static const struct {
        const char *old, *new;
    } CASES[] = {
        {"<" FROM ">", "<abuse@other.example>"},
        {"<" FROM ">", "<abuse@sub.member.example>"},
        {"<" FROM ">", "<ceo@member.example>"},
        {"<" FROM ">", "<" FROM ">, <b@member.example>"},
        {"From: ", "X-From: "},
        {"From: ", "From: " FROM "\r\nFrom: "},
        {"Auto-Submitted: auto-replied\r\n", ""},
        {"auto-replied", "no"},
        {"auto-replied", "auto-replied\r\nAuto-Submitted: no"},
        {"To: " TO, "To: " TO ", ceo@shop.example"},
        {"To: " TO, "To: ceo@shop.example"},
        {"To: " TO, "To: " TO "\r\nTo: ceo@shop.example"},
        {"To: " TO, "To: " TO "\r\nCc: ceo@shop.example"},
        {"To: " TO, "To: " TO "\r\nBcc: ceo@shop.example"},
        {"To: " TO "\r\n", ""},
        {"Date: ", "X-Date: "},
        {"Message-ID: ", "X-Message-ID: "},
        {"Subject: ", "Sender: x@y.example\r\nSubject: "},
        {"Subject: ", "Resent-From: x@y.example\r\nSubject: "},
        {"Subject: ", "DKIM-Signature: v=1\r\nSubject: "},
        {"Subject: ", "Subject: other\r\nSubject: "},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) letter = letter_with(CASES[i].old, CASES[i].new);
        g_test_message("%s -> %s", CASES[i].old, CASES[i].new);
        g_assert_false(dkim_check(letter, FROM, TO, &error));
        g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
    }
}

static void test_size_is_limited(void)
{
    g_autofree char *filler = g_strnfill(DKIM_LETTER_MAX, 'x');
    g_autoptr(GBytes) letter = letter_with("Text.", filler);
    g_autoptr(GError) error = NULL;
    g_assert_false(dkim_check(letter, FROM, TO, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_LIMIT);
}

static void test_the_letter_itself_stays(void)
{
    g_autoptr(SigningKey) key = signing_key_generate(SIGNING_ED25519);
    const DkimSigner signer = {"member.example", "s1", key};
    g_autoptr(GBytes) letter = g_bytes_new_static(GOOD, strlen(GOOD));
    g_autoptr(GBytes) once = dkim_sign(letter, &signer, 1);
    g_autoptr(GBytes) twice = dkim_sign(letter, &signer, 1);
    g_assert_true(g_bytes_equal(once, twice));
    gsize length;
    const char *data = g_bytes_get_data(once, &length);
    g_assert_cmpuint(length, >, strlen(GOOD));
    g_assert_cmpmem(data + length - strlen(GOOD), strlen(GOOD), GOOD,
                    strlen(GOOD));
    g_assert_false(dkim_check(once, FROM, TO, NULL)); /* not a second time */
}

static void test_selectors(void)
{
    static const char *const GOOD_ONES[] = {"s1", "rsa-202611", "a.b", "x"};
    static const char *const BAD[] = {"",   "-a", "a-",  "a..b", ".a",
                                      "a.", "A1", "a_b", "a b",  "a;d=x"};
    for (size_t i = 0; i < G_N_ELEMENTS(GOOD_ONES); i++)
        g_assert_true(dkim_selector_is_valid(GOOD_ONES[i]));
    for (size_t i = 0; i < G_N_ELEMENTS(BAD); i++)
        g_assert_false(dkim_selector_is_valid(BAD[i]));
    g_autofree char *longest = g_strnfill(63, 'a');
    g_autofree char *too_long = g_strnfill(64, 'a');
    g_assert_true(dkim_selector_is_valid(longest));
    g_assert_false(dkim_selector_is_valid(too_long));
}

static void test_zone_line_has_short_strings(void)
{
    g_autoptr(SigningKey) key = signing_key_generate(SIGNING_RSA);
    g_autofree char *record = dkim_record_new(key);
    g_autofree char *line = dkim_zone_line_new("member.example", "s1", key);
    g_assert_true(g_str_has_prefix(record, "v=DKIM1; k=rsa; p=MII"));
    g_assert_true(
        g_str_has_prefix(line, "s1._domainkey.member.example. IN TXT ( \""));
    g_autoptr(GString) joined = g_string_new(NULL);
    g_auto(GStrv) parts = g_strsplit(line, "\"", -1);
    for (guint i = 1; parts[i] && parts[i + 1]; i += 2) {
        g_assert_cmpuint(strlen(parts[i]), <=, 255);
        g_string_append(joined, parts[i]);
    }
    g_assert_cmpstr(joined->str, ==, record);
}

/* ---- keys in files ---------------------------------------------------- */

static void check_key_file(const char *content, mode_t mode, DeskErrorCode code)
{
    g_autofree char *directory = g_dir_make_tmp("key-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "key.pem", NULL);
    g_autoptr(GError) error = NULL;
    g_assert_true(file_replace(path, content, strlen(content), 0600, NULL));
    g_assert_cmpint(chmod(path, mode), ==, 0);
    g_autoptr(SigningKey) key = signing_key_read(path, &error);
    g_assert_null(key);
    g_assert_error(error, DESK_ERROR, (int)code);
    g_assert_nonnull(strstr(error->message, path));
    g_remove(path);
    g_rmdir(directory);
}

static void test_bad_key_files(void)
{
    g_autoptr(SigningKey) key = signing_key_generate(SIGNING_ED25519);
    g_autoptr(GBytes) pem = signing_key_pem(key);
    g_autofree char *good =
        g_strndup(g_bytes_get_data(pem, NULL), g_bytes_get_size(pem));
    check_key_file(good, 0644, DESK_ERROR_DENIED);
    check_key_file(good, 0660, DESK_ERROR_DENIED);
    if (geteuid() != 0)
        check_key_file(good, 0640, DESK_ERROR_DENIED);
    check_key_file(good, 0602, DESK_ERROR_DENIED);
    check_key_file("", 0600, DESK_ERROR_INVALID);
    check_key_file("-----BEGIN PRIVATE KEY-----\nAAAA\n"
                   "-----END PRIVATE KEY-----\n",
                   0600, DESK_ERROR_INVALID);
    g_autoptr(GError) error = NULL;
    g_assert_null(signing_key_read("/nonexistent/key", &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dkim/good", test_good_letter_may_be_signed);
    g_test_add_func("/dkim/refusals", test_refusals);
    g_test_add_func("/dkim/size", test_size_is_limited);
    g_test_add_func("/dkim/letter-stays", test_the_letter_itself_stays);
    g_test_add_func("/dkim/selectors", test_selectors);
    g_test_add_func("/dkim/zone-line", test_zone_line_has_short_strings);
    g_test_add_func("/dkim/bad-key-files", test_bad_key_files);
    return g_test_run();
}
