/*
 * whois.h - whom the registries name as the abuse contact of an address.
 *
 * Text handed in by an admin (whois and RDAP answers, saved to files); nothing
 * is fetched. Complaints go to the published contact: an address of a member
 * whose contact is somebody else sends its complaints past the umbrella.
 *
 * Read: RPSL as RIPE, APNIC and AFRINIC write it ("% Abuse contact for ...",
 * abuse-mailbox), ARIN (NetRange, OrgAbuseEmail, RAbuseEmail), LACNIC (inetnum
 * with a prefix, abuse-c and nic-hdl), JPNIC, hosters' servers behind ARIN's
 * (RFC 2167), and RDAP JSON (RFC 9083, entity with the role "abuse", jCard
 * "email").
 *
 * DIR/whois keeps one line a range: FROM TO ADDRESS WHERE WHEN, by tabs.
 */
#pragma once

#include "base/instant.h"
#include "base/ipaddress.h"

#include <glib.h>
#include <stdbool.h>

#define WHOIS_FILE_BYTES_MAX (8u << 20)
#define WHOIS_RANGES_MAX     100000

typedef struct {
    IpAddress from, to; /* of one family, from <= to */
    char *address;      /* abuse contact, lower case; NULL: none is published */
    char *where;        /* the field it stood in: "abuse-mailbox"; "": it was
                           not told if there is one */
    Instant when;       /* when it was handed in */
} WhoisRange;

/* Ranges by size, the smallest first. */
typedef struct Whois Whois;
Whois *whois_new(void);
void whois_free(Whois *whois);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Whois, whois_free)

/* Read one answer, or several one after the other; what is known of the same
 * range is replaced. Returns how many ranges it held; 0: it is no such text,
 * or not to be understood. */
guint whois_read(Whois *whois, const char *text, size_t length, Instant now);

/* The smallest range that holds the address and tells its contact, or that
 * there is none; else the smallest, as a hoster's customers seldom have one of
 * their own. NULL if none. Borrowed. */
const WhoisRange *whois_find(const Whois *whois, const IpAddress *ip);
guint whois_count(const Whois *whois);

/* DIR/whois. A missing file is an empty set. Errors: INVALID (path:line),
 * DENIED, TEMPORARY. */
Whois *whois_load(const char *directory, GError **error);
bool whois_save(const Whois *whois, const char *directory, GError **error);
