/*
 * hop.h - what a Received field tells of one hop of a mail (RFC 5321 4.4).
 */
#pragma once

#include "incident/role.h"

/* Does the Received field with this mention tell of a hop from one
 * organisation to another, as far as the names in it show? */
bool hop_crosses_border(const Page *page, const Mention *mention);
/* A Received value that tells of such a hop: who handed over, and when. */
bool hop_read(const char *value, AddressHit *hit, Stamp *stamp);
