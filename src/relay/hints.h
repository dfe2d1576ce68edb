/*
 * hints.h - what unsigned lists say of relays and addresses.
 *
 * Onionoo's details (names, contact, AS, country, last seen) and the bulk list
 * of exit addresses. Nobody signs them and they say nothing of the past, so no
 * verdict, no claim and no letter rests on them: they help people to look
 * further, and tell country and AS of an address as somebody's database has
 * it. DIR/hints keeps the newest word on each.
 *
 * Authority: https://metrics.torproject.org/onionoo.html (protocol 8 to 10).
 */
#pragma once

#include "relay/lines.h"

#include "base/ipaddress.h"

#include <glib.h>

#define HINTS_NAME       "hints"
#define HINTS_RELAYS_MAX 200000 /* a network has 10,000 */

typedef struct {
    IpAddress address;
    Instant seen;         /* relay's last_seen, or when the list was fetched */
    bool is_bulk;         /* in the bulk list of exits: no relay is named */
    bool is_exit_address; /* seen by an exit scan within the day before */
    uint8_t fingerprint[20];                       /* zero in the bulk list */
    const char *nickname, *contact, *as, *country; /* "" where not known */
} Hint;

typedef struct Hints Hints;

/* Read DIR/hints; a missing file is an empty one. Errors: INVALID, DENIED,
 * TEMPORARY. */
Hints *hints_load(const char *directory, GError **error);
void hints_free(Hints *hints);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Hints, hints_free)

/* A relay's line of Onionoo's details; false if it is none. */
bool hints_put_relay(Hints *hints, const char *json, size_t length);
/* An address of the bulk list. */
void hints_put_bulk(Hints *hints, const IpAddress *ip, Instant fetched);
/* Errors: DENIED, TEMPORARY. */
bool hints_save(Hints *hints, const char *directory, GError **error);

/* Append a Hint for each word on the address; texts are borrowed. */
void hints_find(const Hints *hints, const IpAddress *ip, GArray *found);
/* "de", as the newest relay at the address has it; NULL: not known. */
const char *hints_country(const Hints *hints, const IpAddress *ip);
const char *hints_as(const Hints *hints, const IpAddress *ip);
/* Relays and addresses known. */
uint64_t hints_count(const Hints *hints);
