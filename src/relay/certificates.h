/*
 * certificates.h - which keys the authorities signed consensuses with.
 *
 * A key certificate (dir-spec, "Creating key certificates") says that a
 * signing key speaks for an authority's identity from..to. One is taken only
 * if the identity is pinned (authorities.h), the identity signed it, and the
 * signing key signed the identity in turn where it says so (early ones do
 * not).
 *
 * DIR/certificates keeps their texts one after the other, for the next import
 * and for whoever checks a proof; the set is in one order, so that equal sets
 * are equal bytes.
 */
#pragma once

#include "relay/authorities.h"
#include "relay/lines.h"

#include "base/rsa.h"

#define CERTIFICATES_NAME "certificates"

typedef struct {
    uint8_t identity[AUTHORITY_BYTES];
    uint8_t signing[AUTHORITY_BYTES]; /* SHA-1 of the signing key */
    uint32_t published, expires;
    RsaKey *key;
    char *text; /* as it was read, LF line ends, with a final one */
} Certificate;

typedef struct Certificates Certificates;
Certificates *certificates_new(void);
void certificates_free(Certificates *certificates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Certificates, certificates_free)

/* Check one and keep it, unless of its identity there are a thousand. *is_new
 * tells if it was not known and is kept. Errors: DENIED
 * (of an authority that is not pinned), INVALID (with what does not hold). */
bool certificates_add(Certificates *certificates,
                      const Authorities *authorities, Text document,
                      bool *is_new, GError **error);

/* Those of DIR/certificates, checked again; refused is told what does not hold
 * (any more). Errors: DENIED, TEMPORARY; a missing file is an empty set. */
typedef void (*CertificateRefused)(const char *what, const char *why,
                                   gpointer data);
Certificates *certificates_load(const char *directory,
                                const Authorities *authorities,
                                CertificateRefused refused, gpointer data,
                                GError **error);

/* The certificate of that key in force then; one of another time if there is
 * only that (a key may be certified again); NULL: none is known. Borrowed. */
const Certificate *certificates_find(const Certificates *certificates,
                                     const uint8_t identity[AUTHORITY_BYTES],
                                     const uint8_t signing[AUTHORITY_BYTES],
                                     uint32_t when);
bool certificate_is_in_force(const Certificate *certificate, uint32_t when);

guint certificates_count(const Certificates *certificates);
/* All texts in their order. */
GString *certificates_text(const Certificates *certificates);

/* Take the "-----BEGIN word-----" block at the text's beginning off and decode
 * it; NULL if there is none. */
GBytes *pem_take(Text *text, const char *word);
