/*
 * signature.h - the DKIM signature that our mail server found good: what does
 * it cover?
 *
 * Authentication-Results tells that a signature holds, not what it signs. One
 * that leaves out To can be sent to anybody, one with l= lets anybody append
 * a text, an old one may be a replay. The field itself is in the mail and was
 * checked, so it can be asked. Internal to policy/.
 *
 * Authority: RFC 6376 sections 3.5, 5.4, 8.2, 8.6; RFC 8301; RFC 8463.
 */
#pragma once

#include "base/instant.h"
#include "mail/strictheader.h"
#include "policy/authres_scan.h"

/* A mail may have been on its way so long before its Date is doubted, and a
 * sender's clock may be so far ahead. */
#define SIGNATURE_AGE_MAX_S   (7 * INSTANT_DAY_S)
#define SIGNATURE_AHEAD_MAX_S INSTANT_HOUR_S

/* d= of the result, or the domain of i= if only that is told; or NULL. */
const char *signature_domain(const AuthresResult *result);

/* Is the signature that this passed dkim result speaks of fit to vouch for
 * the mail? If several fields may be meant, each must be. NULL if so, else
 * why not (static words). */
const char *signature_objection(const StrictHeader *header,
                                const AuthresResult *result, Instant received);

/* The key by which a signature is known again: "d=...; s=...; b=...", from
 * the field itself. NULL if there is none. Yours. */
char *signature_key(const StrictHeader *header, const AuthresResult *result);
