/*
 * pgp.h - PGP/MIME: letters that are signed, notices that only their readers
 * can open. The one home of gpgme.
 *
 * Both take a finished message of one text/plain part and give one whose outer
 * fields are the same. GnuPG runs as a process of its own with its own
 * directory ("home", mode 0700) and must not ask anybody: a key with a
 * passphrase is an error. What cannot be signed or encrypted is not sent
 * otherwise.
 *
 * A PGP signature holds its moment, so it is made anew at each attempt to hand
 * a letter over; the text under it, its fields and its Message-ID stay.
 *
 * Authority: RFC 3156 (2, 4, 5), RFC 1847, RFC 9580.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

#define PGP_FINGERPRINT_DIGITS 40 /* of a key of version 4 */
#define PGP_PATIENCE_S         20 /* for GnuPG to be done */

/* Can the key sign (with its private half) or encrypt now? For checks before
 * it matters. Errors: DENIED (home is open to others), MISSING (no such key),
 * INVALID (expired, revoked, or not for this), TEMPORARY (GnuPG). */
typedef enum { PGP_SIGN, PGP_ENCRYPT } PgpUse;
bool pgp_check_key(const char *home, const char *fingerprint, PgpUse use,
                   GError **error);

/* The letter as multipart/signed: its text stays text that any program shows.
 * Lines of CRLF, none over 998 bytes, no 8-bit bytes. Yours.
 * Errors: as above, and INVALID for a letter that is not like that. */
GBytes *pgp_sign_letter(const char *home, const char *fingerprint,
                        GBytes *letter, GError **error);

/*
 * A notice to a member as multipart/encrypted, for all of the keys, and signed
 * inside by sign_with unless that is NULL. Which key belongs to whom was
 * decided by who wrote the fingerprints into the member's file: no web of
 * trust is asked.
 *
 * From, To, Subject, Date, Message-ID and the like stay readable outside, so
 * the caller gives it a Subject that says nothing (the case number at most).
 * Then it goes the way of every letter: DKIM is made over the result.
 * fingerprints ends with NULL and names one at least. Yours. Errors: as above.
 */
GBytes *pgp_encrypt_notice(const char *home, const char *const *fingerprints,
                           const char *sign_with, GBytes *notice,
                           GError **error);
