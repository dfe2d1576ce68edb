/*
 * whois_rdap.h - what whois.c, whois_text.c and whois_rdap.c share.
 *
 * Private to relay/.
 */
#pragma once

#include "relay/whois.h"

/* One RDAP answer (RFC 9083 section 5.4); 0 if the text is none. */
guint rdap_read(Whois *whois, const char *text, size_t length, Instant now);

/* address NULL: none is published. Texts are copied. */
void whois_put(Whois *whois, const IpAddress *from, const IpAddress *to,
               const char *address, const char *where, Instant now);
/* "192.0.2.0 - 192.0.2.255", "192.0.2/24". */
bool whois_range_parse(const char *text, IpAddress *from, IpAddress *to);
bool whois_address_is_valid(const char *text);
