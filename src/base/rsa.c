#include "base/rsa.h"

#include "base/digest.h"

#include <openssl/decoder.h>
#include <openssl/encoder.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

struct RsaKey {
    EVP_PKEY *pkey;
};

static RsaKey *key_new(EVP_PKEY *pkey)
{
    RsaKey *key = g_new(RsaKey, 1);
    key->pkey = pkey;
    return key;
}

RsaKey *rsa_key_parse(const uint8_t *der, size_t length)
{
    EVP_PKEY *pkey = NULL;
    OSSL_DECODER_CTX *decoder = OSSL_DECODER_CTX_new_for_pkey(
        &pkey, "DER", "type-specific", "RSA", EVP_PKEY_PUBLIC_KEY, NULL, NULL);
    g_assert(decoder);
    const unsigned char *at = der;
    bool decoded = OSSL_DECODER_from_data(decoder, &at, &length) == 1;
    OSSL_DECODER_CTX_free(decoder);
    int bits = decoded ? EVP_PKEY_get_bits(pkey) : 0;
    if (length == 0 && bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX)
        return key_new(pkey);
    EVP_PKEY_free(pkey);
    return NULL;
}

RsaKey *rsa_key_generate(unsigned bits)
{
    EVP_PKEY *pkey = EVP_RSA_gen(bits);
    g_assert(pkey);
    return key_new(pkey);
}

void rsa_key_free(RsaKey *key)
{
    if (!key)
        return;
    EVP_PKEY_free(key->pkey);
    g_free(key);
}

GBytes *rsa_key_der(const RsaKey *key)
{
    unsigned char *der = NULL;
    size_t length = 0;
    OSSL_ENCODER_CTX *encoder = OSSL_ENCODER_CTX_new_for_pkey(
        key->pkey, EVP_PKEY_PUBLIC_KEY, "DER", "type-specific", NULL);
    g_assert(encoder && OSSL_ENCODER_to_data(encoder, &der, &length) == 1);
    OSSL_ENCODER_CTX_free(encoder);
    GBytes *bytes = g_bytes_new(der, length);
    OPENSSL_free(der);
    return bytes;
}

bool rsa_verify(const RsaKey *key, const uint8_t *signature,
                size_t signature_length, const uint8_t *digest,
                size_t digest_length)
{
    uint8_t recovered[RSA_BITS_MAX / 8];
    size_t length = sizeof recovered;
    if ((int)signature_length != EVP_PKEY_get_size(key->pkey))
        return false;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
    g_assert(context);
    bool valid =
        EVP_PKEY_verify_recover_init(context) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
        EVP_PKEY_verify_recover(context, recovered, &length, signature,
                                signature_length) == 1 &&
        length == digest_length &&
        digest_is_equal(recovered, digest, digest_length);
    EVP_PKEY_CTX_free(context);
    return valid;
}

GBytes *rsa_sign(const RsaKey *key, const uint8_t *digest, size_t digest_length)
{
    uint8_t signature[RSA_BITS_MAX / 8];
    size_t length = sizeof signature;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_pkey(NULL, key->pkey, NULL);
    g_assert(context && EVP_PKEY_sign_init(context) == 1);
    g_assert(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1);
    g_assert(
        EVP_PKEY_sign(context, signature, &length, digest, digest_length) == 1);
    EVP_PKEY_CTX_free(context);
    return g_bytes_new(signature, length);
}
