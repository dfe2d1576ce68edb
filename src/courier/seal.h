/*
 * seal.h - the last hands on a letter: is it in the right name, then its
 * signatures; in the process that sends, which alone has the keys.
 *
 * The text and the fields of the letter are those that the store keeps: a
 * DKIM signature stands above them, a PGP signature wraps the text and leaves
 * it as it is. What cannot be sealed is not sent: a person looks at it.
 */
#pragma once

#include "courier/courier.h"

typedef struct Sealer Sealer;

/* Read the keys that config names. Errors: CONFIG (a key that cannot be used
 * as it is, two of one kind for one domain). */
Sealer *sealer_new(const CourierConfig *config, GError **error);
void sealer_free(Sealer *sealer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Sealer, sealer_free)

/* The letter's bytes as they go out; yours. Errors: INVALID, LIMIT (not in
 * this member's name, not to that one address, not ours by its fields),
 * CONFIG (no key for the member's domain, a member that is not known here),
 * and those of pgp.h. */
GBytes *sealer_seal(const Sealer *sealer, const CourierLetter *letter,
                    GError **error);
