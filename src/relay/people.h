/*
 * people.h - what a relay said of its operator at a moment: ContactInfo and
 * family, since when, and which document says so.
 *
 * From server descriptors and microdescriptors (those: families only) that
 * verified consensuses named; see people_file.h. Nothing of it is more than
 * the relay's own word: attribution.h says what it may be used for.
 */
#pragma once

#include "relay/family.h"

#define PEOPLE_DIGEST_HEX 65

/* One statement; not known unless text is set. */
typedef struct {
    const char *text; /* ContactInfo as it stands, "" if the descriptor has
                         none; or a family, for people_family_new() */
    Interval named;   /* valid-after of the first and last consensus that named
                         a document with it */
    /* Those documents, as the consensuses name them: hex of the SHA-1 of a
     * server descriptor or the SHA-256 of a microdescriptor. */
    char first[PEOPLE_DIGEST_HEX], last[PEOPLE_DIGEST_HEX];
    bool is_micro;
} Said;

typedef struct People People;
/* Map DIR/people. Errors: MISSING (nothing imported since this is kept),
 * INVALID, DENIED. */
People *people_open(const char *directory, GError **error);
void people_close(People *people);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(People, people_close)

/* What the relay said then, or last before (named.to tells). False: nothing is
 * known, also if people is NULL. Texts stay until people is closed. */
bool people_contact(const People *people, const Fingerprint *relay,
                    Instant when, Said *out);
/* Of its server descriptor; of its microdescriptor if that is later. */
bool people_family(const People *people, const Fingerprint *relay, Instant when,
                   Said *out);

/* A family's text as relays and keys. Yours. */
Family *people_family_new(const char *text);

/* The families that held then: of relays that were named within
 * PEOPLE_CURRENT_S before it. Empty if people is NULL. */
#define PEOPLE_CURRENT_S (6 * INSTANT_HOUR_S)
Families *people_families(const People *people, Instant when);

/* How the authorities listed a relay. */
#define ROSTER_ADDRESSES_MAX 3
typedef struct {
    char nickname[20];
    bool is_exit, is_bad_exit;
    IpAddress addresses[ROSTER_ADDRESSES_MAX]; /* the first is its IPv4 */
    guint count;
    Interval listed; /* first and last consensus of this way of listing it; a
                        gap of up to three days between them is possible */
} Roster;
/* How it was listed then, or last before. False: it was not. */
bool people_roster(const People *people, const Fingerprint *relay, Instant when,
                   Roster *out);

/* All relays, by fingerprint; the newest consensus, INSTANT_NONE if there is
 * none. Zero and NONE if people is NULL. */
size_t people_relay_count(const People *people);
const Fingerprint *people_relay(const People *people, size_t index);
Instant people_newest(const People *people);
/* For tests and figures. */
size_t people_run_count(const People *people);
