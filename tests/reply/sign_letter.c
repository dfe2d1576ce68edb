/*
 * Signs letters for test_dkim.py: two fresh keys are written to DIRECTORY with
 * the records to publish, then each file of letters is signed with both into
 * FILE.signed.
 *
 *   sign_letter DIRECTORY FILE...
 */
#include "base/files.h"
#include "reply/dkim.h"

#include <string.h>

static SigningKey *make_key(const char *directory, SigningKind kind)
{
    g_autoptr(GError) error = NULL;
    const char *word = signing_kind_word(kind);
    g_autoptr(SigningKey) made = signing_key_generate(kind);
    g_autoptr(GBytes) pem = signing_key_pem(made);
    g_autofree char *path = g_strdup_printf("%s/%s.pem", directory, word);
    file_replace(path, g_bytes_get_data(pem, NULL), g_bytes_get_size(pem), 0600,
                 &error);
    g_assert_no_error(error);
    SigningKey *key = signing_key_read(path, &error);
    g_assert_no_error(error);
    g_autofree char *record = dkim_record_new(key);
    g_autofree char *to = g_strdup_printf("%s/%s.txt", directory, word);
    file_replace(to, record, strlen(record), 0644, &error);
    g_assert_no_error(error);
    return key;
}

int main(int argc, char **argv)
{
    g_assert_cmpint(argc, >, 2);
    g_autoptr(SigningKey) rsa = make_key(argv[1], SIGNING_RSA);
    g_autoptr(SigningKey) ed25519 = make_key(argv[1], SIGNING_ED25519);
    const DkimSigner signers[] = {
        {.domain = "member.example", .selector = "ed25519", .key = ed25519},
        {.domain = "member.example", .selector = "rsa", .key = rsa},
    };
    for (int i = 2; i < argc; i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GBytes) letter = file_read(argv[i], 1 << 20, &error);
        g_assert_no_error(error);
        g_autoptr(GBytes) out =
            dkim_sign(letter, signers, G_N_ELEMENTS(signers));
        g_autofree char *to = g_strdup_printf("%s.signed", argv[i]);
        file_replace(to, g_bytes_get_data(out, NULL), g_bytes_get_size(out),
                     0644, &error);
        g_assert_no_error(error);
    }
    return 0;
}
