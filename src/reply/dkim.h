/*
 * dkim.h - the signatures on top of a finished letter, and when none is made.
 *
 * The bytes that the store keeps and a preview shows are the letter; signing
 * puts fields above them and changes none. It is done by the process that
 * talks to the next hop, at hand-over, because the keys are there and nowhere
 * else. RSA (PKCS #1 v1.5) and Ed25519 give the same signature for the same
 * bytes and no time is written, so each attempt hands over the same bytes.
 *
 * relaxed/relaxed; no l= (whatever is added below would count as ours), no x=
 * (a queue may hold a letter for days), no t=. Every field that speaks for us
 * is named once more than it stands there, so that none can be added.
 *
 * Authority: RFC 6376 (3.4, 3.5, 3.7, 5.4, 8.2, 8.15), RFC 8301, RFC 8463.
 */
#pragma once

#include "base/signingkey.h"

#define DKIM_LETTER_MAX   (16 * 1024) /* nothing of ours is larger */
#define DKIM_SELECTOR_MAX 63
/* How long a published key must stand after its last signature: a queue keeps
 * a letter 5 days, and readers look again later. */
#define DKIM_KEEP_DAYS 21

typedef struct {
    const char *domain, *selector;
    const SigningKey *key;
} DkimSigner;

/* One label of [a-z0-9-], or several with dots? */
bool dkim_selector_is_valid(const char *selector);

/* May the letter go out in the name of from_address to that one recipient?
 * Errors: INVALID: another From, more than one mailbox in To and Cc, no
 * Auto-Submitted of ours, a field twice that must be there once, a letter
 * that is signed already; LIMIT: over DKIM_LETTER_MAX. */
bool dkim_check(GBytes *letter, const char *from_address, const char *to,
                GError **error);

/* The letter with one DKIM-Signature for each signer above it, the first on
 * top. It must be lines of CRLF with an empty one between header and body.
 * Yours. */
GBytes *dkim_sign(GBytes *letter, const DkimSigner *signers, size_t count);

/* What is published at SELECTOR._domainkey.DOMAIN: "v=DKIM1; k=rsa; p=...";
 * yours. */
char *dkim_record_new(const SigningKey *key);
/* The same as a line of a zone file, in strings of at most 255 bytes (RFC
 * 1035 3.3.14; RFC 6376 3.6.2.2); yours. */
char *dkim_zone_line_new(const char *domain, const char *selector,
                         const SigningKey *key);
