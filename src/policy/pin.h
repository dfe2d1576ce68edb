/*
 * pin.h - is the sender, for certain, the reporter that a profile describes?
 *
 * Level S3 of the reply-safety table: dkim=pass of a domain (and selector)
 * that the profile pins, From in the profile's list. The letter then goes to
 * the profile's address, not to one the mail names.
 *
 * Authority: RFC 8601, RFC 6376, RFC 3834 section 4.
 */
#pragma once

#include "policy/gate.h"
#include "policy/profile.h"

/* S3, or NULL if it is not, with why not (static words) in why_not. */
Authentication *authentication_pin(const StrictHeader *header,
                                   const char *envelope_from,
                                   const char *authserv_id, Instant received,
                                   const Profile *profile,
                                   const char **why_not);
