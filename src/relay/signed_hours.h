/*
 * signed_hours.h - which consensus was signed for each hour.
 *
 * DIR/signed keeps, for each hour and flavour, the hash of the signed part of
 * the verified consensus. Copies that differ in their signatures only have the
 * same; a second one with another hash contradicts the first. Then the
 * authorities' majority has signed two networks for one hour, which must not
 * happen: neither is believed, whichever came first, nor any third. The state
 * keeps what all of them say, so that the order does not matter; the history is
 * derived without the hour.
 */
#pragma once

#include "relay/facts.h"

#include "base/instant.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct SignedHours SignedHours;

/* Read DIR/signed; a missing file is an empty one. Errors: INVALID, DENIED,
 * TEMPORARY. */
SignedHours *signed_hours_load(const char *directory, GError **error);
void signed_hours_free(SignedHours *hours);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SignedHours, signed_hours_free)

/* A verified consensus. False: the hour is contradicted, by this one or
 * before. */
bool signed_hours_put(SignedHours *hours, uint32_t valid_after, bool is_micro,
                      const uint8_t part_sha256[32]);
/* Errors: DENIED, TEMPORARY. */
bool signed_hours_save(SignedHours *hours, const char *directory,
                       GError **error);

/* Is the network of any moment of the stretch contradicted? */
bool signed_hours_contradict(const SignedHours *hours, Interval when,
                             Instant *hour);
/* Take the contradicted hours out of a month's settled facts before a history
 * is derived: as if no consensus of them were known. */
void signed_hours_drop(const SignedHours *hours, Facts *facts);

uint64_t signed_hours_contradictions(const SignedHours *hours);
