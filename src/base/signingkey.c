#include "base/signingkey.h"

#include "base/errors.h"
#include "base/files.h"

#include <fcntl.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct SigningKey {
    EVP_PKEY *pkey;
    SigningKind kind;
};

const char *signing_kind_word(SigningKind kind)
{
    return kind == SIGNING_RSA ? "rsa" : "ed25519";
}

static SigningKey *key_new(EVP_PKEY *pkey, SigningKind kind)
{
    SigningKey *key = g_new(SigningKey, 1);
    *key = (SigningKey){.pkey = pkey, .kind = kind};
    return key;
}

void signing_key_free(SigningKey *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->pkey); /* OpenSSL wipes it */
    g_free(key);
}

SigningKind signing_key_kind(const SigningKey *key)
{
    return key->kind;
}

SigningKey *signing_key_generate(SigningKind kind)
{
    EVP_PKEY *pkey = kind == SIGNING_RSA
                         ? EVP_RSA_gen(SIGNING_RSA_BITS)
                         : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    g_assert(pkey);
    return key_new(pkey, kind);
}

/* ---- reading ---------------------------------------------------------- */

/* Whoever else can read it can write letters in the member's name. Root may
 * let a group read it: so do packages, and systemd with LoadCredential=. */
static bool is_private(const char *path, GError **error)
{
    struct stat entry;
    if (stat(path, &entry) < 0)
        return true; /* file_read says why */
    const char *flaw = NULL;
    if (!S_ISREG(entry.st_mode))
        flaw = "is no file";
    else if (entry.st_mode & (S_IRWXO | S_IWGRP | S_IXGRP) ||
             (entry.st_mode & S_IRGRP && entry.st_uid != 0))
        flaw = "can be read by others; set its mode to 0600";
    else if (entry.st_uid != geteuid() && entry.st_uid != 0 && geteuid() != 0)
        flaw = "belongs to somebody else";
    if (!flaw)
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_DENIED, "the key %s %s", path,
                flaw);
    return false;
}

static SigningKey *fail(EVP_PKEY *pkey, const char *path, const char *why,
                        GError **error)
{
    EVP_PKEY_free(pkey);
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID, "%s %s", path, why);
    return NULL;
}

/* A key with a passphrase is refused rather than asked for at a terminal. */
static int no_passphrase(char *buffer, int size, int is_writing, void *data)
{
    return -1;
}

SigningKey *signing_key_read(const char *path, GError **error)
{
    if (!is_private(path, error))
        return NULL;
    g_autoptr(GBytes) pem = file_read(path, SIGNING_PEM_MAX, error);
    if (!pem)
        return NULL;
    gsize length;
    const void *data = g_bytes_get_data(pem, &length);
    BIO *bio = BIO_new_mem_buf(data ? data : "", (int)length);
    g_assert(bio);
    EVP_PKEY *pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
    BIO_free(bio);
    if (data)
        explicit_bzero((void *)data, length);
    if (!pkey)
        return fail(NULL, path, "holds no private key that can be read", error);
    if (EVP_PKEY_is_a(pkey, "ED25519"))
        return key_new(pkey, SIGNING_ED25519);
    if (!EVP_PKEY_is_a(pkey, "RSA"))
        return fail(pkey, path, "holds neither an RSA nor an Ed25519 key",
                    error);
    int bits = EVP_PKEY_get_bits(pkey);
    if (bits < SIGNING_RSA_BITS || bits > SIGNING_RSA_BITS_MAX)
        return fail(pkey, path,
                    "holds an RSA key that has not 2048 to 4096 "
                    "bits",
                    error);
    return key_new(pkey, SIGNING_RSA);
}

/* ---- writing and signing ---------------------------------------------- */

GBytes *signing_key_pem(const SigningKey *key)
{
    BIO *bio = BIO_new(BIO_s_secmem());
    g_assert(bio);
    g_assert(PEM_write_bio_PKCS8PrivateKey(bio, key->pkey, NULL, NULL, 0, NULL,
                                           NULL) == 1);
    char *data;
    long length = BIO_get_mem_data(bio, &data);
    GBytes *pem = g_bytes_new(data, (gsize)length);
    BIO_free(bio);
    return pem;
}

GBytes *signing_key_public(const SigningKey *key)
{
    if (key->kind == SIGNING_ED25519) {
        uint8_t raw[32];
        size_t length = sizeof raw;
        g_assert(EVP_PKEY_get_raw_public_key(key->pkey, raw, &length) == 1);
        return g_bytes_new(raw, length);
    }
    unsigned char *der = NULL;
    int length = i2d_PUBKEY(key->pkey, &der);
    g_assert(length > 0);
    GBytes *bytes = g_bytes_new(der, (gsize)length);
    OPENSSL_free(der);
    return bytes;
}

GBytes *signing_key_sign(const SigningKey *key, const void *data, size_t length)
{
    uint8_t signature[SIGNING_RSA_BITS_MAX / 8];
    size_t written = sizeof signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    g_assert(context);
    /* For RSA the padding is PKCS #1 v1.5 unless another is asked for. */
    g_assert(EVP_DigestSignInit(context, NULL,
                                key->kind == SIGNING_RSA ? EVP_sha256() : NULL,
                                NULL, key->pkey) == 1);
    g_assert(EVP_DigestSign(context, signature, &written, data, length) == 1);
    EVP_MD_CTX_free(context);
    return g_bytes_new(signature, written);
}
