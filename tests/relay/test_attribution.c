/* What speaks for a relay being a member's, and what that is good for. */
#include "relay/attribution.h"

#include "base/digest.h"

#include <string.h>

#define JANUARY 1767225600000 /* 2026-01-01, in the unit of Instant */

static Fingerprint relay_of(uint8_t number)
{
    return (Fingerprint){.bytes = {number, number, number, number}};
}

/* A member with the relay 1, a web site, an address and a prefix that it held
 * until January. */
static Member *new_member(void)
{
    Member *member = g_new0(Member, 1);
    Fingerprint own = relay_of(1);
    MemberPrefix prefix = {.from = INSTANT_NONE, .to = JANUARY};
    g_assert_true(ip_prefix_parse("192.0.2.0/24", &prefix.prefix));
    member->website = g_strdup("https://www.member.example/about");
    member->address = g_strdup("member@mail.example");
    member->contacts = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(member->contacts, g_strdup("Jane@mail.example"));
    member->fingerprints = g_array_new(false, false, FINGERPRINT_BYTES);
    g_array_append_val(member->fingerprints, own);
    member->prefixes = g_array_new(false, false, sizeof(MemberPrefix));
    g_array_append_val(member->prefixes, prefix);
    return member;
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Member, member_free)

static void add(Families *families, uint8_t number, uint8_t names, uint8_t key)
{
    Fingerprint relay = relay_of(number), other = relay_of(names);
    FamilyId id = {.bytes = {key}};
    Family *family = family_new();
    if (names)
        g_array_append_val(family->relays, other);
    if (key)
        g_array_append_val(family->ids, id);
    families_add(families, &relay, family);
}

/* 2 is mutual with 1, 3 names it alone, 4 has its key. */
static Families *new_families(void)
{
    Families *families = families_new();
    add(families, 1, 2, 7);
    add(families, 2, 1, 0);
    add(families, 3, 1, 8);
    add(families, 4, 0, 7);
    return families;
}

static guint find_in_families(uint8_t number)
{
    g_autoptr(Member) member = new_member();
    g_autoptr(Families) families = new_families();
    Fingerprint relay = relay_of(number);
    return attribution_find(member, &(AttributionRelay){
                                        .fingerprint = &relay,
                                        .families = families,
                                    });
}

static void test_families(void)
{
    g_assert_cmpuint(find_in_families(1), ==, 1u << EVIDENCE_CONFIGURED);
    g_assert_cmpuint(find_in_families(2), ==, 1u << EVIDENCE_MUTUAL_FAMILY);
    g_assert_cmpuint(find_in_families(3), ==, 1u << EVIDENCE_ONE_SIDED_FAMILY);
    g_assert_cmpuint(find_in_families(4), ==, 1u << EVIDENCE_FAMILY_KEY);
    g_assert_cmpuint(find_in_families(5), ==, 0);
}

static guint find_by_contact(const char *text, const char *proven)
{
    g_autoptr(Member) member = new_member();
    g_autoptr(Contact) contact = contact_read(text, strlen(text));
    Fingerprint relay = relay_of(9);
    return attribution_find(member, &(AttributionRelay){
                                        .fingerprint = &relay,
                                        .contact = contact,
                                        .proven_domain = proven,
                                    });
}

static void test_contacts(void)
{
    guint contact = 1u << EVIDENCE_CONTACT, domain = 1u << EVIDENCE_DOMAIN;
    g_assert_cmpuint(find_by_contact("x@member.example", NULL), ==, contact);
    g_assert_cmpuint(find_by_contact("jane@mail.example", NULL), ==, contact);
    g_assert_cmpuint(find_by_contact("member@mail.example", NULL), ==, contact);
    g_assert_cmpuint(
        find_by_contact("a@b.example abuse:x@member.example", NULL), ==,
        contact);
    /* of the same provider, of a look-alike, of a part */
    g_assert_cmpuint(find_by_contact("joe@mail.example", NULL), ==, 0);
    g_assert_cmpuint(find_by_contact("x@notmember.example", NULL), ==, 0);
    g_assert_cmpuint(find_by_contact("x@member.example.com", NULL), ==, 0);
    g_assert_cmpuint(find_by_contact("-", "member.example"), ==, domain);
    g_assert_cmpuint(find_by_contact("-", "www.member.example"), ==, domain);
    g_assert_cmpuint(find_by_contact("-", "relays.member.example"), ==, 0);
    g_assert_cmpuint(find_by_contact("x@member.example", "member.example"), ==,
                     contact | domain);
}

static guint find_by_address(const char *text, Instant when)
{
    g_autoptr(Member) member = new_member();
    Fingerprint relay = relay_of(9);
    IpAddress address;
    g_assert_true(ip_parse(text, strlen(text), &address));
    return attribution_find(member, &(AttributionRelay){
                                        .fingerprint = &relay,
                                        .address = &address,
                                        .when = when,
                                    });
}

static void test_prefixes(void)
{
    guint prefix = 1u << EVIDENCE_PREFIX;
    g_assert_cmpuint(find_by_address("192.0.2.7", JANUARY - 1), ==, prefix);
    g_assert_cmpuint(find_by_address("192.0.2.7", JANUARY + 1), ==, 0);
    g_assert_cmpuint(find_by_address("198.51.100.7", JANUARY - 1), ==, 0);
}

/* The order and the uses, as the header promises them. */
static void test_uses(void)
{
    static const Evidence CLAIMS[] = {EVIDENCE_NONE, EVIDENCE_ONE_SIDED_FAMILY,
                                      EVIDENCE_PREFIX, EVIDENCE_CONTACT};
    guint all = 0;
    for (guint i = 0; i < G_N_ELEMENTS(CLAIMS); i++) {
        g_assert_false(evidence_is_two_sided(CLAIMS[i]));
        all |= 1u << CLAIMS[i];
    }
    g_assert_false(evidence_is_two_sided(attribution_strongest(all)));
    for (Evidence e = EVIDENCE_NONE; e < EVIDENCE_COUNT; e++) {
        g_assert_true(evidence_makes_member(e) == (e == EVIDENCE_CONFIGURED));
        g_assert_nonnull(evidence_word(e));
    }
    g_assert_cmpint(attribution_strongest(1u << EVIDENCE_CONTACT |
                                          1u << EVIDENCE_MUTUAL_FAMILY),
                    ==, EVIDENCE_MUTUAL_FAMILY);
    g_assert_cmpint(attribution_strongest(1u << EVIDENCE_DOMAIN |
                                          1u << EVIDENCE_FAMILY_KEY),
                    ==, EVIDENCE_FAMILY_KEY);
    g_assert_cmpint(attribution_strongest(0), ==, EVIDENCE_NONE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/attribution/families", test_families);
    g_test_add_func("/attribution/contacts", test_contacts);
    g_test_add_func("/attribution/prefixes", test_prefixes);
    g_test_add_func("/attribution/uses", test_uses);
    return g_test_run();
}
