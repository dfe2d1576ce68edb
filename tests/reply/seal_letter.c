/*
 * PGP/MIME for test_pgp.py, to standard output.
 *
 *   seal_letter sign HOME FINGERPRINT FILE
 *   seal_letter encrypt HOME SIGN-WITH|- FILE FINGERPRINT...
 */
#include "base/files.h"
#include "reply/pgp.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    g_assert_cmpint(argc, >, 4);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) letter = file_read(argv[4], 1 << 20, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) out = NULL;
    if (g_str_equal(argv[1], "sign"))
        out = pgp_sign_letter(argv[2], argv[3], letter, &error);
    else
        out = pgp_encrypt_notice(argv[2], (const char *const *)argv + 5,
                                 g_str_equal(argv[3], "-") ? NULL : argv[3],
                                 letter, &error);
    if (!out) {
        fprintf(stderr, "%s\n", error->message);
        return 1;
    }
    fwrite(g_bytes_get_data(out, NULL), 1, g_bytes_get_size(out), stdout);
    return 0;
}
