/* What the signatures are worth is checked by reply/test_dkim.py. */
#include "courier/seal.h"

#include "base/errors.h"
#include "base/files.h"
#include "base/signingkey.h"

#include <glib/gstdio.h>
#include <string.h>

static const char LETTER[] = "From: \"M\" <abuse@member.example>\r\n"
                             "To: noc@shop.example\r\n"
                             "Subject: Auto: x\r\n"
                             "Date: Mon, 04 May 2026 09:00:00 +0000\r\n"
                             "Message-ID: <t.1@umbrella.example>\r\n"
                             "Auto-Submitted: auto-replied\r\n"
                             "MIME-Version: 1.0\r\n"
                             "Content-Type: text/plain; charset=utf-8\r\n"
                             "\r\n"
                             "Text.\r\n";

static const CourierSender SENDERS[] = {
    {.member = "hackerspace", .from = "abuse@member.example"},
    {.member = "library", .from = "abuse@library.example"},
    {.member = "locked",
     .from = "abuse@member.example",
     .pgp_key = "0123456789012345678901234567890123456789"},
};

static char *directory;

static char *write_key(const char *name, SigningKind kind)
{
    g_autoptr(SigningKey) key = signing_key_generate(kind);
    g_autoptr(GBytes) pem = signing_key_pem(key);
    char *path = g_build_filename(directory, name, NULL);
    g_assert_true(file_replace(path, g_bytes_get_data(pem, NULL),
                               g_bytes_get_size(pem), 0600, NULL));
    return path;
}

static CourierConfig config_of(const CourierKey *keys, size_t count)
{
    return (CourierConfig){.signs = true,
                           .keys = keys,
                           .key_count = count,
                           .senders = SENDERS,
                           .sender_count = G_N_ELEMENTS(SENDERS)};
}

static CourierLetter letter_of(const char *member, GBytes *bytes)
{
    return (CourierLetter){.member = member,
                           .envelope_from = "bounce@umbrella.example",
                           .to = "noc@shop.example",
                           .bytes = bytes};
}

static guint count_signatures(GBytes *bytes)
{
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    guint count = 0;
    for (const char *at = data;
         (at = memmem(at, length - (gsize)(at - data), "DKIM-Signature:", 15));
         at++)
        count++;
    return count;
}

static void check_refused(const Sealer *sealer, const char *member,
                          GBytes *bytes, DeskErrorCode code, const char *words)
{
    g_autoptr(GError) error = NULL;
    CourierLetter letter = letter_of(member, bytes);
    g_autoptr(GBytes) out = sealer_seal(sealer, &letter, &error);
    g_assert_null(out);
    g_assert_error(error, DESK_ERROR, (int)code);
    if (!strstr(error->message, words))
        g_error("%s", error->message);
}

static void test_desk_signs(void)
{
    g_autofree char *rsa = write_key("rsa.pem", SIGNING_RSA);
    g_autofree char *ed25519 = write_key("ed.pem", SIGNING_ED25519);
    const CourierKey keys[] = {{"Member.Example", "r1", rsa},
                               {"member.example", "e1", ed25519}};
    CourierConfig config = config_of(keys, 2);
    g_autoptr(GError) error = NULL;
    g_autoptr(Sealer) sealer = sealer_new(&config, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) bytes = g_bytes_new_static(LETTER, strlen(LETTER));
    CourierLetter letter = letter_of("hackerspace", bytes);
    g_autoptr(GBytes) sealed = sealer_seal(sealer, &letter, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(count_signatures(sealed), ==, 2);
    g_autoptr(GBytes) again = sealer_seal(sealer, &letter, &error);
    g_assert_true(g_bytes_equal(sealed, again));

    check_refused(sealer, "library", bytes, DESK_ERROR_INVALID, "From");
    check_refused(sealer, "nobody", bytes, DESK_ERROR_CONFIG, "no member");
    check_refused(sealer, NULL, bytes, DESK_ERROR_CONFIG, "no member");
    check_refused(sealer, "locked", bytes, DESK_ERROR_CONFIG, "pgp.home");
    letter.to = "ceo@shop.example";
    g_assert_null(sealer_seal(sealer, &letter, NULL));
    g_remove(rsa);
    g_remove(ed25519);
}

static void test_no_key_no_letter(void)
{
    CourierConfig config = config_of(NULL, 0);
    g_autoptr(Sealer) sealer = sealer_new(&config, NULL);
    g_autoptr(GBytes) bytes = g_bytes_new_static(LETTER, strlen(LETTER));
    check_refused(sealer, "hackerspace", bytes, DESK_ERROR_CONFIG,
                  "no DKIM key for member.example");
}

static void test_next_hop_signs(void)
{
    CourierConfig config = config_of(NULL, 0);
    config.signs = false;
    g_autoptr(Sealer) sealer = sealer_new(&config, NULL);
    g_autoptr(GBytes) bytes = g_bytes_new_static(LETTER, strlen(LETTER));
    CourierLetter letter = letter_of("hackerspace", bytes);
    g_autoptr(GBytes) out = sealer_seal(sealer, &letter, NULL);
    g_assert_true(g_bytes_equal(bytes, out));
    /* Whoever signs: not in another's name. */
    check_refused(sealer, "library", bytes, DESK_ERROR_INVALID, "From");
}

static void check_bad_keys(const CourierKey *keys, size_t count,
                           const char *words)
{
    CourierConfig config = config_of(keys, count);
    g_autoptr(GError) error = NULL;
    g_assert_null(sealer_new(&config, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFIG);
    if (!strstr(error->message, words))
        g_error("%s", error->message);
}

static void test_bad_keys(void)
{
    g_autofree char *one = write_key("one.pem", SIGNING_ED25519);
    g_autofree char *two = write_key("two.pem", SIGNING_ED25519);
    const CourierKey twice[] = {{"member.example", "a", one},
                                {"MEMBER.example", "b", two}};
    check_bad_keys(twice, 2, "two ed25519 keys for member.example");
    const CourierKey absent = {"member.example", "a", "/nonexistent"};
    check_bad_keys(&absent, 1, "/nonexistent");
    g_assert_cmpint(g_chmod(one, 0644), ==, 0);
    check_bad_keys(twice, 1, "can be read by others");
    g_remove(one);
    g_remove(two);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    directory = g_dir_make_tmp("seal-XXXXXX", NULL);
    g_test_add_func("/seal/desk-signs", test_desk_signs);
    g_test_add_func("/seal/no-key", test_no_key_no_letter);
    g_test_add_func("/seal/next-hop-signs", test_next_hop_signs);
    g_test_add_func("/seal/bad-keys", test_bad_keys);
    int status = g_test_run();
    g_rmdir(directory);
    g_free(directory);
    return status;
}
