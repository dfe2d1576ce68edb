/*
 * fullscale.h - all relays since 2007, for bench_fullscale.
 */
#pragma once

#include "base/ipaddress.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

#define LAST_HOUR 1795294800u /* 2026-11-21 21:00: the newest stored */

typedef struct {
    uint8_t fingerprint[20];
    IpAddress ip;
    uint32_t from, to;
} Listed;

static inline uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t h =
        (a ^ b * UINT64_C(0x9e3779b97f4a7c15)) * UINT64_C(0xbf58476d1ce4e5b9);
    return h ^ h >> 29;
}

static inline uint64_t key_of(const uint8_t *fingerprint)
{
    uint64_t key;
    memcpy(&key, fingerprint, sizeof key);
    return key;
}

/* The intervals of a list, repeated back to 2007; array of Listed. */
GArray *fullscale_list(const char *path);
/* Write the months that are missing; so many of the last with descriptors. */
void fullscale_write(const char *directory, const GArray *all, int detailed);
