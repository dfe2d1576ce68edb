/*
 * address.h - every IP address a text cites, however it is written.
 *
 * Knows notation, not meaning: whether an address is the accused or the harmed
 * is role.c's question. Kept apart from base/ipaddress.h, which reads one
 * address strictly: here brackets, ports and broken dots are the normal case.
 */
#pragma once

#include "base/ipaddress.h"
#include "incident/cursor.h"

#define ADDRESS_HITS_MAX 100000 /* of one text; more are not looked at */

typedef struct {
    IpAddress ip;
    uint32_t at, length; /* the address itself, without port and prefix */
    uint32_t end;        /* after port, prefix length and closing bracket */
    int port;            /* -1 if none is written there */
    int prefix_bits;     /* "/24" as written; -1 if none or one host */
    bool has_mask;       /* 192.0.2.7/24: a host and its network, or sloppy */
    bool in_url_host;    /* http://ADDRESS/... */
    bool in_url_path;    /* http://name/lookup/ADDRESS */
    bool in_name;        /* 192.0.2.1.example.net, part of a host name */
    bool in_mailbox;     /* 192.0.2.1@example.net */
    bool is_range;       /* 192.0.2.1-50: more than this host */
} AddressHit;

/* Append the hits of a text in the order they stand. Linear time. */
void address_scan(Cursor text, GArray *hits);

/* Read the one notation at a place (v4, v6, defanged, with port); false if
 * none begins there. The caller has looked at what stands before. */
bool address_read_v4(Cursor text, size_t at, AddressHit *hit);
bool address_read_v6(Cursor text, size_t at, AddressHit *hit);

/* address_name.c: an address spelled into a host's name, as registries of
 * providers do: "192-0-2-1.static.example.net", "122x208x129x44.example.net".
 * A hint only: names can say anything. in_name is set. */
bool address_read_name(Cursor text, size_t at, AddressHit *hit);

/* address_version.c: is what stands at a place the number of a program, a
 * protocol or a paragraph? */
bool address_is_version(Cursor text, size_t at);
