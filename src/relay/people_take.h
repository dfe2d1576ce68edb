/*
 * people_take.h - what an import adds to DIR/people.
 *
 * The sources tell it each descriptor they read and each relay that a verified
 * consensus lists; people_save() joins the two. The same documents in any order
 * and any number of imports give the same file, as long as its bounds
 * (people_file.h) are not reached. Descriptors of a tor's cache are forgotten
 * unless a verified consensus names them: they may be of bridges.
 */
#pragma once

#include "relay/lines.h"

#include "base/ipaddress.h"

#include <glib.h>

typedef struct PeopleTaking PeopleTaking;

/* Read DIR/people, to be added to; a missing file is an empty one. Errors:
 * INVALID (damaged), DENIED, TEMPORARY. */
PeopleTaking *people_load(const char *directory, GError **error);
void people_taking_free(PeopleTaking *taking);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PeopleTaking, people_taking_free)

/* A server descriptor: its signed part, the SHA-1 that a consensus would name. */
void people_take_descriptor(PeopleTaking *taking, Text document,
                            const uint8_t digest[20], uint32_t published,
                            bool is_cached);
/* A microdescriptor and its SHA-256. */
void people_take_micro(PeopleTaking *taking, Text document,
                       const uint8_t digest[32], bool is_cached);

/* A verified consensus of that hour lists a relay. */
typedef struct {
    guint stream;  /* of the consensus (facts_stream.h) */
    uint64_t same; /* what people_take_listing() returned for one that was equal
                      in all but valid_after; 0: none is known */
    uint32_t valid_after;
    bool is_micro;              /* its flavour */
    const uint8_t *fingerprint; /* 20 bytes */
    const uint8_t *digest;      /* of its document: 20 bytes, or, is_micro, 32;
                                   NULL: not named */
    Text nickname;
    bool is_exit, is_bad_exit;
    const IpAddress *v4;
    const IpAddress *v6; /* the first of v6_count */
    guint v6_count;
    bool has_v6; /* this consensus would list them */
} PeopleListing;
uint64_t people_take_listing(PeopleTaking *taking,
                             const PeopleListing *listing);

/* Join what was taken and write DIR/people if it changed. Errors: DENIED,
 * TEMPORARY. */
bool people_save(PeopleTaking *taking, const char *directory, GError **error);
