#include "base/ed25519.h"

#include <openssl/evp.h>

bool ed25519_verify(const uint8_t key[ED25519_KEY_BYTES],
                    const uint8_t signature[ED25519_SIGNATURE_BYTES],
                    const void *data, size_t length)
{
    EVP_PKEY *pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key,
                                                 ED25519_KEY_BYTES);
    if (!pkey)
        return false;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    g_assert(context);
    bool valid = EVP_DigestVerifyInit(context, NULL, NULL, NULL, pkey) == 1 &&
                 EVP_DigestVerify(context, signature, ED25519_SIGNATURE_BYTES,
                                  data, length) == 1;
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pkey);
    return valid;
}

static EVP_PKEY *private_key(const uint8_t seed[ED25519_KEY_BYTES])
{
    EVP_PKEY *pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed,
                                                  ED25519_KEY_BYTES);
    g_assert(pkey);
    return pkey;
}

void ed25519_public(const uint8_t seed[ED25519_KEY_BYTES],
                    uint8_t key[ED25519_KEY_BYTES])
{
    size_t length = ED25519_KEY_BYTES;
    EVP_PKEY *pkey = private_key(seed);
    g_assert(EVP_PKEY_get_raw_public_key(pkey, key, &length) == 1);
    EVP_PKEY_free(pkey);
}

void ed25519_sign(const uint8_t seed[ED25519_KEY_BYTES], const void *data,
                  size_t length, uint8_t signature[ED25519_SIGNATURE_BYTES])
{
    size_t written = ED25519_SIGNATURE_BYTES;
    EVP_PKEY *pkey = private_key(seed);
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    g_assert(context);
    g_assert(EVP_DigestSignInit(context, NULL, NULL, NULL, pkey) == 1);
    g_assert(EVP_DigestSign(context, signature, &written, data, length) == 1);
    EVP_MD_CTX_free(context);
    EVP_PKEY_free(pkey);
}
