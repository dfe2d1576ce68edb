#include "relay/attribution.h"

#include <string.h>

static const char *const WORDS[EVIDENCE_COUNT] = {
    [EVIDENCE_NONE] = "none",
    [EVIDENCE_ONE_SIDED_FAMILY] = "one-sided family",
    [EVIDENCE_CONTACT] = "contact",
    [EVIDENCE_PREFIX] = "prefix",
    [EVIDENCE_MUTUAL_FAMILY] = "mutual family",
    [EVIDENCE_DOMAIN] = "proven domain",
    [EVIDENCE_FAMILY_KEY] = "family key",
    [EVIDENCE_CONFIGURED] = "configured",
};

const char *evidence_word(Evidence evidence)
{
    return WORDS[evidence];
}

bool evidence_is_two_sided(Evidence evidence)
{
    return evidence >= EVIDENCE_MUTUAL_FAMILY;
}

bool evidence_makes_member(Evidence evidence)
{
    return evidence == EVIDENCE_CONFIGURED;
}

static guint bit(Evidence evidence)
{
    return evidence == EVIDENCE_NONE ? 0 : 1u << evidence;
}

Evidence attribution_strongest(guint found)
{
    for (Evidence evidence = EVIDENCE_CONFIGURED; evidence > EVIDENCE_NONE;
         evidence--)
        if (found & bit(evidence))
            return evidence;
    return EVIDENCE_NONE;
}

static const Fingerprint *member_relay(const Member *member, guint index)
{
    return (const Fingerprint *)(member->fingerprints->data +
                                 (gsize)index * FINGERPRINT_BYTES);
}

static guint find_in_family(const Member *member, const AttributionRelay *relay)
{
    static const Evidence OF_RELATION[] = {
        [RELATION_NONE] = EVIDENCE_NONE,
        [RELATION_CLAIMED] = EVIDENCE_ONE_SIDED_FAMILY,
        [RELATION_MUTUAL] = EVIDENCE_MUTUAL_FAMILY,
        [RELATION_KEY] = EVIDENCE_FAMILY_KEY,
    };
    guint found = 0;
    for (guint i = 0; i < member->fingerprints->len; i++) {
        const Fingerprint *own = member_relay(member, i);
        if (memcmp(own, relay->fingerprint, sizeof *own) == 0)
            found |= bit(EVIDENCE_CONFIGURED);
        else if (relay->families)
            found |= bit(OF_RELATION[families_relation(
                relay->families, relay->fingerprint, own)]);
    }
    return found;
}

/* "https://www.example.org/x" → "example.org"; NULL if the member has none. */
static char *new_site(const Member *member)
{
    if (!member->website)
        return NULL;
    const char *scheme = strstr(member->website, "://");
    const char *host = scheme ? scheme + 3 : member->website;
    if (g_ascii_strncasecmp(host, "www.", 4) == 0)
        host += 4;
    return g_ascii_strdown(host, (gssize)strcspn(host, "/:?#"));
}

static bool is_of_site(const char *domain, const char *site)
{
    if (g_str_has_prefix(domain, "www."))
        domain += 4;
    return g_str_equal(domain, site);
}

/* The member's own address, whole, or any at its web site's domain: a common
 * provider's domain alone says nothing. */
static bool names_member(const Member *member, const char *address,
                         const char *site)
{
    if (!address)
        return false;
    if (member->address && g_ascii_strcasecmp(address, member->address) == 0)
        return true;
    for (guint i = 0; member->contacts && i < member->contacts->len; i++)
        if (g_ascii_strcasecmp(address,
                               g_ptr_array_index(member->contacts, i)) == 0)
            return true;
    return site && is_of_site(strchr(address, '@') + 1, site);
}

static bool is_in_prefix(const Member *member, const AttributionRelay *relay)
{
    for (guint i = 0; member->prefixes && i < member->prefixes->len; i++) {
        const MemberPrefix *p =
            &g_array_index(member->prefixes, MemberPrefix, i);
        if ((p->from == INSTANT_NONE || p->from <= relay->when) &&
            (p->to == INSTANT_NONE || relay->when <= p->to) &&
            ip_prefix_contains(&p->prefix, relay->address))
            return true;
    }
    return false;
}

guint attribution_find(const Member *member, const AttributionRelay *relay)
{
    guint found = find_in_family(member, relay);
    g_autofree char *site = new_site(member);
    if (relay->proven_domain && site && is_of_site(relay->proven_domain, site))
        found |= bit(EVIDENCE_DOMAIN);
    if (relay->contact &&
        (names_member(member, relay->contact->address, site) ||
         names_member(member, relay->contact->abuse, site)))
        found |= bit(EVIDENCE_CONTACT);
    if (relay->address && is_in_prefix(member, relay))
        found |= bit(EVIDENCE_PREFIX);
    return found;
}
