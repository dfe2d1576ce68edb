/*
 * family.h - which relays say they are run together, and which of that both
 * sides say.
 *
 * A relay names its family in its descriptor: by fingerprints (the line
 * "family"), which anybody can write about anybody, and since Tor 0.4.9 by
 * certificates ("family-cert") that only the holder of the family's secret key
 * can make. In microdescriptors the authorities, who checked the certificates,
 * write the keys as "family-ids". So relays are related in three ways, and only
 * two of them show anything: see attribution.h.
 *
 * Nothing here checks the descriptor itself; its digest in a consensus does.
 *
 * Authority: https://spec.torproject.org/dir-spec/ (family, family-cert,
 * family-ids) and https://spec.torproject.org/cert-spec.html.
 */
#pragma once

#include "relay/lines.h"
#include "relay/member.h"

#include "base/ed25519.h"

#define FAMILY_ID_CHARS 43 /* base64 without padding */

/* The greatest real families had some 700 relays in 2026. */
#define FAMILY_RELAYS_MAX 10000
/* Authorities reject descriptors with more than three certificates. */
#define FAMILY_IDS_MAX 16

typedef struct {
    uint8_t bytes[FINGERPRINT_BYTES];
} Fingerprint;

/* Put an array of Fingerprint in order, each once; is one in such an array? */
void fingerprints_settle(GArray *relays);
bool fingerprints_hold(const GArray *relays, const Fingerprint *relay);

typedef struct {
    uint8_t bytes[ED25519_KEY_BYTES];
} FamilyId;

typedef struct {
    GArray *relays;   /* of Fingerprint, sorted, each once */
    guint nicknames;  /* bare ones: they name nobody, and count for nothing */
    GArray *ids;      /* of FamilyId: proven by certificate, or listed */
    GPtrArray *flaws; /* of char *: what was not counted, and why */
} Family;

Family *family_new(void);
void family_free(Family *family);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Family, family_free)

/* ---- reading ---------------------------------------------------------- */

/* What follows "family ": $HEX, $HEX=nick, $HEX~nick, nick. */
void family_read_relays(Family *family, Text names);
/* What follows "family-ids "; other kinds than ed25519 are ignored. */
void family_read_ids(Family *family, Text ids);

/* Check a family certificate of the relay with that master key, at that time
 * (seconds since 1970): form, key, expiry, signature. NULL and the id, or why
 * it does not hold (static). */
const char *family_certificate_check(const uint8_t *certificate, size_t length,
                                     const uint8_t master[ED25519_KEY_BYTES],
                                     uint32_t when, FamilyId *out);

/* Family of a server descriptor as of that time; certificates that do not
 * hold stand among the flaws. False: it has no fingerprint. */
bool family_read_descriptor(Family *family, Text document, uint32_t when,
                            Fingerprint *out);
/* Family of a microdescriptor (which has no fingerprint: the consensus joins
 * it by digest). */
void family_read_microdescriptor(Family *family, Text document);

/* "Yswzm4x..." both ways; the text is yours to free. */
bool family_id_parse(const char *text, size_t length, FamilyId *out);
char *family_id_new_text(const FamilyId *id);

/* ---- relations -------------------------------------------------------- */

typedef enum {
    RELATION_NONE,
    RELATION_CLAIMED, /* one of them names the other: never enough */
    RELATION_MUTUAL,  /* each names the other */
    RELATION_KEY,     /* one family key certifies both */
} FamilyRelation;
const char *family_relation_word(FamilyRelation relation);

/* The families of one moment. */
typedef struct Families Families;
Families *families_new(void);
void families_free(Families *families);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Families, families_free)

/* Takes the family over; a later one of the same relay replaces it. */
void families_add(Families *families, const Fingerprint *relay, Family *family);

/* The strongest relation; NONE for a relay with itself. */
FamilyRelation families_relation(const Families *families, const Fingerprint *a,
                                 const Fingerprint *b);

/* The relays with a relation of KEY or MUTUAL to it, sorted, directly, not
 * by way of others. An array of Fingerprint, yours to free. */
GArray *families_relatives(const Families *families, const Fingerprint *relay);
