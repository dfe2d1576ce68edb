/*
 * The message is cut in two: fields about the message stay outside, MIME's own
 * (Content-*) go with the body into the inner part, whose exact bytes, with
 * CRLF, are what is signed or encrypted (RFC 3156 section 5). letter_body() has
 * already made them 7-bit without blanks at line ends.
 *
 * gpgme's own waiting has no end, so each operation is started and looked at
 * until it is done or its time is up.
 */
#include "reply/pgp.h"

#include "base/digest.h"
#include "base/errors.h"

#include <gpgme.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOOK_EVERY_US 5000
#define KEYS_MAX      16

/* ---- GnuPG ------------------------------------------------------------ */

static bool is_private(const char *home, GError **error)
{
    struct stat entry;
    if (stat(home, &entry) < 0 || !S_ISDIR(entry.st_mode)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "there is no directory %s with PGP keys", home);
        return false;
    }
    if ((entry.st_mode & (S_IRWXG | S_IRWXO)) == 0 &&
        (entry.st_uid == geteuid() || geteuid() == 0))
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_DENIED,
                "the PGP directory %s is open to others; give it to the "
                "desk's user with mode 0700",
                home);
    return false;
}

static bool failed(gpgme_error_t code, const char *doing, GError **error)
{
    g_set_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY, "PGP cannot %s: %s",
                doing, gpgme_strerror(code));
    return false;
}

static gpgme_ctx_t open_context(const char *home, GError **error)
{
    if (!is_private(home, error))
        return NULL;
    gpgme_check_version(NULL);
    gpgme_ctx_t context;
    gpgme_error_t code = gpgme_new(&context);
    if (code) {
        failed(code, "begin", error);
        return NULL;
    }
    code =
        gpgme_ctx_set_engine_info(context, GPGME_PROTOCOL_OpenPGP, NULL, home);
    if (!code)
        code = gpgme_set_pinentry_mode(context, GPGME_PINENTRY_MODE_ERROR);
    gpgme_set_armor(context, 1);
    gpgme_set_offline(context, 1);
    if (!code)
        return context;
    failed(code, "begin", error);
    gpgme_release(context);
    return NULL;
}

/* Wait for what was started. */
static bool finish(gpgme_ctx_t context, gpgme_error_t started,
                   const char *doing, GError **error)
{
    if (started)
        return failed(started, doing, error);
    gint64 end = g_get_monotonic_time() + PGP_PATIENCE_S * G_USEC_PER_SEC;
    gpgme_error_t status = 0;
    while (!gpgme_wait(context, &status, 0)) {
        if (g_get_monotonic_time() > end) {
            gpgme_cancel(context);
            return failed(gpgme_error(GPG_ERR_TIMEOUT), doing, error);
        }
        g_usleep(LOOK_EVERY_US);
    }
    return status ? failed(status, doing, error) : true;
}

/* ---- keys ------------------------------------------------------------- */

static bool is_usable(gpgme_key_t key, PgpUse use)
{
    return !key->revoked && !key->expired && !key->disabled && !key->invalid &&
           (use == PGP_SIGN ? key->can_sign : key->can_encrypt);
}

static gpgme_key_t find_key(gpgme_ctx_t context, const char *fingerprint,
                            PgpUse use, GError **error)
{
    gpgme_key_t key = NULL;
    bool is_whole = strlen(fingerprint) == PGP_FINGERPRINT_DIGITS;
    if (!is_whole ||
        gpgme_get_key(context, fingerprint, &key, use == PGP_SIGN) != 0 ||
        !key) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "there is no %s PGP key %s",
                    use == PGP_SIGN ? "private" : "public", fingerprint);
        return NULL;
    }
    if (is_usable(key, use))
        return key;
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "the PGP key %s has expired, is revoked or cannot %s",
                fingerprint, use == PGP_SIGN ? "sign" : "encrypt");
    gpgme_key_unref(key);
    return NULL;
}

bool pgp_check_key(const char *home, const char *fingerprint, PgpUse use,
                   GError **error)
{
    gpgme_ctx_t context = open_context(home, error);
    if (!context)
        return false;
    gpgme_key_t key = find_key(context, fingerprint, use, error);
    if (key)
        gpgme_key_unref(key);
    gpgme_release(context);
    return key != NULL;
}

static bool set_signer(gpgme_ctx_t context, const char *fingerprint,
                       GError **error)
{
    gpgme_key_t key = find_key(context, fingerprint, PGP_SIGN, error);
    if (!key)
        return false;
    gpgme_error_t code = gpgme_signers_add(context, key);
    gpgme_key_unref(key);
    return code ? failed(code, "sign", error) : true;
}

/* ---- the message in two ----------------------------------------------- */

typedef struct {
    GString *outer; /* fields about the message, each with its CRLF */
    GString *inner; /* Content-* fields, an empty line, the body */
} Halves;

static void halves_clear(Halves *halves)
{
    if (halves->outer)
        g_string_free(halves->outer, TRUE);
    if (halves->inner)
        g_string_free(halves->inner, TRUE);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Halves, halves_clear)

static bool begins(const char *line, const char *word)
{
    return g_ascii_strncasecmp(line, word, strlen(word)) == 0;
}

static bool cut(GBytes *message, Halves *out, GError **error)
{
    gsize length;
    const char *data = g_bytes_get_data(message, &length);
    out->outer = g_string_new(NULL);
    out->inner = g_string_new(NULL);
    const char *end = memmem(data, length, "\r\n\r\n", 4);
    bool is_plain = end != NULL && data[length - 1] == '\n';
    for (gsize i = 0; i < length; i++)
        is_plain &= (signed char)data[i] > 0;
    if (!is_plain) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "PGP: the message is not lines of 7-bit text");
        return false;
    }
    GString *to = out->outer;
    for (const char *at = data; at < end + 2;) {
        const char *next = (char *)memchr(at, '\n', length) + 1;
        if (*at != ' ' && *at != '\t')
            to = begins(at, "Content-") ? out->inner : out->outer;
        if (!begins(at, "MIME-Version:"))
            g_string_append_len(to, at, next - at);
        at = next;
    }
    g_string_append_len(out->inner, end + 2, data + length - (end + 2));
    return true;
}

/* "=_" stands in no quoted-printable text and in no armor. */
static char *boundary_new(GBytes *message)
{
    uint8_t hash[SHA256_BYTES];
    gsize length;
    const void *data = g_bytes_get_data(message, &length);
    digest_sha256(data, length, hash);
    g_autofree char *hex = hex_new(hash, 12);
    return g_strdup_printf("=_%s", hex);
}

/* What GnuPG wrote, with CRLF; released. */
static GString *take_armor(gpgme_data_t data)
{
    size_t length;
    char *text = gpgme_data_release_and_get_mem(data, &length);
    GString *out = g_string_sized_new(length + length / 32);
    for (size_t i = 0; text && i < length; i++) {
        if (text[i] == '\n')
            g_string_append_c(out, '\r');
        g_string_append_c(out, text[i]);
    }
    gpgme_free(text);
    return out;
}

/* ---- signing ---------------------------------------------------------- */

static GString *detached_new(gpgme_ctx_t context, const GString *text,
                             char **micalg, GError **error)
{
    gpgme_data_t in, out;
    if (gpgme_data_new_from_mem(&in, text->str, text->len, 0) != 0)
        return NULL;
    g_assert(gpgme_data_new(&out) == 0);
    bool is_done = finish(
        context, gpgme_op_sign_start(context, in, out, GPGME_SIG_MODE_DETACH),
        "sign", error);
    gpgme_data_release(in);
    gpgme_sign_result_t result = gpgme_op_sign_result(context);
    if (is_done && (!result || !result->signatures))
        is_done = failed(gpgme_error(GPG_ERR_NO_DATA), "sign", error);
    if (!is_done) {
        gpgme_data_release(out);
        return NULL;
    }
    const char *name = gpgme_hash_algo_name(result->signatures->hash_algo);
    *micalg = g_ascii_strdown(name ? name : "sha256", -1);
    return take_armor(out);
}

static GBytes *signed_message(gpgme_ctx_t context, GBytes *letter,
                              GError **error)
{
    g_auto(Halves) halves = {0};
    g_autofree char *micalg = NULL;
    if (!cut(letter, &halves, error))
        return NULL;
    g_autoptr(GString) armor =
        detached_new(context, halves.inner, &micalg, error);
    if (!armor)
        return NULL;
    g_autofree char *boundary = boundary_new(letter);
    GString *out = halves.outer;
    g_string_append_printf(out,
                           "MIME-Version: 1.0\r\n"
                           "Content-Type: multipart/signed; micalg=pgp-%s;\r\n"
                           " protocol=\"application/pgp-signature\";\r\n"
                           " boundary=\"%s\"\r\n\r\n--%s\r\n",
                           micalg, boundary, boundary);
    g_string_append_len(out, halves.inner->str, (gssize)halves.inner->len);
    g_string_append_printf(out,
                           "\r\n--%s\r\n"
                           "Content-Type: application/pgp-signature;"
                           " name=\"signature.asc\"\r\n"
                           "Content-Description: OpenPGP signature\r\n\r\n"
                           "%s\r\n--%s--\r\n",
                           boundary, armor->str, boundary);
    return g_string_free_to_bytes(g_steal_pointer(&halves.outer));
}

GBytes *pgp_sign_letter(const char *home, const char *fingerprint,
                        GBytes *letter, GError **error)
{
    gpgme_ctx_t context = open_context(home, error);
    if (!context)
        return NULL;
    GBytes *out = set_signer(context, fingerprint, error)
                      ? signed_message(context, letter, error)
                      : NULL;
    gpgme_release(context);
    return out;
}

/* ---- encrypting ------------------------------------------------------- */

/* NULL-terminated; its keys are released by keys_clear. */
typedef struct {
    gpgme_key_t list[KEYS_MAX + 1];
    guint count;
} Keys;

static void keys_clear(Keys *keys)
{
    for (guint i = 0; i < keys->count; i++)
        gpgme_key_unref(keys->list[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Keys, keys_clear)

static bool find_readers(gpgme_ctx_t context, const char *const *fingerprints,
                         Keys *out, GError **error)
{
    for (guint i = 0; fingerprints[i]; i++) {
        if (i == KEYS_MAX) {
            g_set_error(error, DESK_ERROR, DESK_ERROR_LIMIT,
                        "a notice can be for %d PGP keys at most", KEYS_MAX);
            return false;
        }
        gpgme_key_t key =
            find_key(context, fingerprints[i], PGP_ENCRYPT, error);
        if (!key)
            return false;
        out->list[out->count++] = key;
    }
    g_assert(out->count > 0);
    return true;
}

static GString *encrypted_new(gpgme_ctx_t context, Keys *readers,
                              bool is_signed, const GString *text,
                              GError **error)
{
    const gpgme_encrypt_flags_t flags =
        GPGME_ENCRYPT_ALWAYS_TRUST | GPGME_ENCRYPT_NO_ENCRYPT_TO;
    gpgme_data_t in, out;
    if (gpgme_data_new_from_mem(&in, text->str, text->len, 0) != 0)
        return NULL;
    g_assert(gpgme_data_new(&out) == 0);
    gpgme_error_t started =
        is_signed
            ? gpgme_op_encrypt_sign_start(context, readers->list, flags, in,
                                          out)
            : gpgme_op_encrypt_start(context, readers->list, flags, in, out);
    bool is_done = finish(context, started, "encrypt", error);
    gpgme_data_release(in);
    gpgme_encrypt_result_t result = gpgme_op_encrypt_result(context);
    if (is_done && (!result || result->invalid_recipients))
        is_done =
            failed(gpgme_error(GPG_ERR_UNUSABLE_PUBKEY), "encrypt", error);
    if (is_done)
        return take_armor(out);
    gpgme_data_release(out);
    return NULL;
}

static GBytes *encrypted_message(gpgme_ctx_t context, Keys *readers,
                                 bool is_signed, GBytes *notice, GError **error)
{
    g_auto(Halves) halves = {0};
    if (!cut(notice, &halves, error))
        return NULL;
    g_autoptr(GString) armor =
        encrypted_new(context, readers, is_signed, halves.inner, error);
    if (!armor)
        return NULL;
    g_autofree char *boundary = boundary_new(notice);
    g_string_append_printf(
        halves.outer,
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/encrypted;\r\n"
        " protocol=\"application/pgp-encrypted\";\r\n"
        " boundary=\"%s\"\r\n\r\n"
        "--%s\r\n"
        "Content-Type: application/pgp-encrypted\r\n\r\n"
        "Version: 1\r\n"
        "\r\n--%s\r\n"
        "Content-Type: application/octet-stream; name=\"encrypted.asc\"\r\n"
        "Content-Disposition: inline; filename=\"encrypted.asc\"\r\n\r\n"
        "%s\r\n--%s--\r\n",
        boundary, boundary, boundary, armor->str, boundary);
    return g_string_free_to_bytes(g_steal_pointer(&halves.outer));
}

GBytes *pgp_encrypt_notice(const char *home, const char *const *fingerprints,
                           const char *sign_with, GBytes *notice,
                           GError **error)
{
    g_auto(Keys) readers = {0};
    gpgme_ctx_t context = open_context(home, error);
    if (!context)
        return NULL;
    GBytes *out = NULL;
    if (find_readers(context, fingerprints, &readers, error) &&
        (!sign_with || set_signer(context, sign_with, error)))
        out = encrypted_message(context, &readers, sign_with != NULL, notice,
                                error);
    gpgme_release(context);
    return out;
}
