/*
 * aroi.h - whether a relay's claim to a domain is proven (the "authenticated
 * relay operator identifier" of CIISS).
 *
 * A relay says "url:DOMAIN proof:KIND" in its ContactInfo; DOMAIN must say in
 * turn that the relay is its own, by a file or in its zone. Both sides
 * together prove that who runs the relay also runs the domain; neither does
 * alone. What the domain says is handed in: nothing here fetches.
 *
 *   proof                  version  where the domain says it
 *   uri-rsa                2        /.well-known/tor-relay/rsa-fingerprint.txt
 *   dns-rsa                2        TXT at FINGERPRINT.DOMAIN
 *   uri-familyid-ed25519   3        /.well-known/tor-relay/ed25519-family-id.txt
 *   dns-familyid-ed25519   3        TXT at we-run-this-tor-ed25519-family-id.D
 *
 * Proofs of one version do not count under another.
 *
 * Authority: CIISS versions 2 and 3 (contact.h), Tor proposal 326.
 */
#pragma once

#include "relay/contact.h"
#include "relay/family.h"

/* Of the specification: a longer file is not read. */
#define AROI_BYTES_MAX 1000000

typedef struct {
    const Contact *contact; /* of the relay */
    const Fingerprint *fingerprint;
    const GArray *family_ids; /* of FamilyId: the relay's, from certificates or
                                 a microdescriptor; NULL: none */
    const char *said; /* the file, or lines of the zone; NULL: not had */
    size_t length;
    /* It came over HTTPS with a checked certificate and no redirect to another
     * domain; of a zone: DNSSEC was checked. Whoever hands it in knows. */
    bool is_authentic;
} AroiQuestion;

typedef struct {
    bool is_verified;
    char *domain; /* what was to be proven; NULL: the relay claims none */
    char *reason; /* in words; holds nothing of what was handed in */
} AroiAnswer;

AroiAnswer *aroi_check(const AroiQuestion *question);
void aroi_answer_free(AroiAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AroiAnswer, aroi_answer_free)

/* Where the proof is to be had: "https://...", or the name of a TXT record.
 * Yours to free; NULL: there is none to be had, and why (static). */
char *aroi_new_place(const Contact *contact, const Fingerprint *fingerprint,
                     const char **why_not);

/* Does it look like a secret key, put there by mistake? Then it must not be
 * kept, logged or shown. */
bool aroi_looks_secret(const char *text, size_t length);
