/*
 * ipaddress.h - one IPv4 or IPv6 address, and prefixes of them.
 *
 * An address is 16 bytes; IPv4 is kept as ::ffff:a.b.c.d (RFC 4291 section
 * 2.5.5.2), so an IPv4-mapped IPv6 address *is* the IPv4 address here.
 * Reading is strict: no leading zeros in IPv4 (octal confusion), no zone id.
 * Finding addresses in prose is incident/address.c's business, not this one's.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IP_TEXT_MAX 46 /* INET6_ADDRSTRLEN */

typedef struct {
    uint8_t bytes[16];
} IpAddress;

typedef struct {
    IpAddress base; /* host bits are zero */
    uint8_t bits;   /* of the 16-byte form: an IPv4 /24 is 120 here */
} IpPrefix;

/* Read exactly length bytes of text as one address. False if they are not
 * one; out untouched then. */
bool ip_parse(const char *text, size_t length, IpAddress *out);

/* Write the canonical text (RFC 5952; IPv4 dotted); returns buffer. */
const char *ip_text(const IpAddress *ip, char buffer[IP_TEXT_MAX]);

/* A new string of the same form; yours to free. */
char *ip_new_text(const IpAddress *ip);

bool ip_is_v4(const IpAddress *ip);
bool ip_is_equal(const IpAddress *a, const IpAddress *b);

/* Order by the 16 bytes: <0, 0, >0. */
int ip_compare(const IpAddress *a, const IpAddress *b);

/* Can this be a host on the public Internet? No for private, loopback,
 * link-local, multicast, unspecified and reserved space (IANA special-purpose
 * registries, RFC 6890). Documentation ranges (RFC 5737, 3849) count as
 * public: they are what our own samples use. */
bool ip_is_public(const IpAddress *ip);

/* Read "192.0.2.0/24" or "2001:db8::/32", or a bare address as one host.
 * False if malformed or if host bits are set. */
bool ip_prefix_parse(const char *text, IpPrefix *out);

/* The prefix around ip with that many bits of the 16-byte form. */
IpPrefix ip_prefix_of(const IpAddress *ip, uint8_t bits);

bool ip_prefix_contains(const IpPrefix *prefix, const IpAddress *ip);

/* "192.0.2.0/24"; yours to free. */
char *ip_prefix_new_text(const IpPrefix *prefix);
