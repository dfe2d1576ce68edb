#include "base/unpack_signed.h"

#include <openssl/pem.h> /* before cms.h, which adds to it */

#include <limits.h>
#include <openssl/bio.h>
#include <openssl/cms.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <stdbool.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(CMS_ContentInfo, CMS_ContentInfo_free)

static CMS_ContentInfo *parse(const void *bytes, size_t length)
{
    if (length == 0 || length > INT_MAX)
        return NULL;
    g_autoptr(BIO) input = BIO_new_mem_buf(bytes, (int)length);
    bool is_pem = *(const char *)bytes == '-';
    CMS_ContentInfo *info = is_pem ? PEM_read_bio_CMS(input, NULL, NULL, NULL)
                                   : d2i_CMS_bio(input, NULL);
    ERR_clear_error();
    return info;
}

SignedKind unpack_signed(const void *bytes, size_t length, GBytes **content)
{
    *content = NULL;
    g_autoptr(CMS_ContentInfo) info = parse(bytes, length);
    if (!info)
        return SIGNED_DAMAGED;
    int kind = OBJ_obj2nid(CMS_get0_type(info));
    if (kind == NID_pkcs7_enveloped || kind == NID_pkcs7_encrypted ||
        kind == NID_id_smime_ct_authEnvelopedData)
        return SIGNED_ENCRYPTED;
    if (kind != NID_pkcs7_signed)
        return SIGNED_UNKNOWN;
    ASN1_OCTET_STRING **inner = CMS_get0_content(info);
    if (!inner || !*inner)
        return SIGNED_NOTHING;
    *content = g_bytes_new(ASN1_STRING_get0_data(*inner),
                           (gsize)ASN1_STRING_length(*inner));
    return SIGNED_TEXT;
}
