/* What of a member's relays is told, what is not, and what holds its letters:
 * rows of two looks and the kinds that come of them. */
#include "relay/watch.h"

#include <string.h>

#define A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define B "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
#define C "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC"
#define X "1111111111111111111111111111111111111111"
#define Y "2222222222222222222222222222222222222222"

static GPtrArray *look_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)watched_relay_free);
}

static WatchedRelay *add(GPtrArray *look, const char *fingerprint)
{
    WatchedRelay *relay = g_new0(WatchedRelay, 1);
    relay->fingerprint = g_strdup(fingerprint);
    relay->is_listed = true;
    relay->addresses = g_strdup("192.0.2.10");
    relay->contact = g_strdup("us@library.example");
    relay->relatives = g_strdup("");
    relay->sharers = g_strdup("");
    relay->proof = g_strdup("holds");
    g_ptr_array_add(look, relay);
    return relay;
}

static void set(char **field, const char *value)
{
    g_free(*field);
    *field = g_strdup(value);
}

/* "kind relay, kind"; the fingerprint's first letter. */
static char *told(const GPtrArray *before, const GPtrArray *after)
{
    Member member = {.fingerprints =
                         g_array_new(FALSE, TRUE, FINGERPRINT_BYTES)};
    g_array_set_size(member.fingerprints, 3);
    g_autoptr(GPtrArray) notices = watch_compare(&member, before, after);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < notices->len; i++) {
        const Notice *notice = notices->pdata[i];
        g_string_append_printf(text, "%s%s%s%.1s", text->len ? ", " : "",
                               notice_kind_word(notice->kind),
                               notice->relay ? " " : "",
                               notice->relay ? notice->relay : "");
    }
    g_array_unref(member.fingerprints);
    return g_strdup(text->str);
}

/* Three relays before and after; change is done to the first one after. */
typedef void Change(WatchedRelay *before, WatchedRelay *after);

static void assert_told(Change *change, const char *expected)
{
    g_autoptr(GPtrArray) before = look_new();
    g_autoptr(GPtrArray) after = look_new();
    static const char *const RELAYS[] = {A, B, C};
    for (guint i = 0; i < G_N_ELEMENTS(RELAYS); i++) {
        WatchedRelay *old = add(before, RELAYS[i]);
        WatchedRelay *new = add(after, RELAYS[i]);
        if (i == 0)
            change(old, new);
    }
    g_autofree char *found = told(before, after);
    g_assert_cmpstr(found, ==, expected);
}

static void nothing(WatchedRelay *before, WatchedRelay *after)
{
}
static void moves_near(WatchedRelay *before, WatchedRelay *after)
{
    set(&after->addresses, "192.0.99.1");
    set(&after->contact, "other");
}
static void moves_far(WatchedRelay *before, WatchedRelay *after)
{
    set(&after->addresses, "203.0.113.1");
}
static void moves_far_and_says_else(WatchedRelay *before, WatchedRelay *after)
{
    moves_far(before, after);
    set(&after->contact, "other");
}
static void moves_far_and_family(WatchedRelay *before, WatchedRelay *after)
{
    moves_far(before, after);
    set(&before->relatives, B);
}
static void keeps_one_address(WatchedRelay *before, WatchedRelay *after)
{
    set(&before->addresses, "192.0.2.10 2001:db8::1");
    set(&after->addresses, "203.0.113.1 2001:db8::1");
    set(&after->contact, "other");
}
static void moves_abroad(WatchedRelay *before, WatchedRelay *after)
{
    set(&before->country, "de");
    set(&after->country, "se");
}
static void lets_out_more(WatchedRelay *before, WatchedRelay *after)
{
    set(&before->policy, "Freject 25\t\treject *:25,accept *:*");
    set(&after->policy, "Faccept 1-65535\t\taccept *:*");
}
static void summary_changes(WatchedRelay *before, WatchedRelay *after)
{
    set(&before->policy, "Sreject 25\t\t");
    set(&after->policy, "Sreject 25,445\t\t");
}
static void policy_gets_known(WatchedRelay *before, WatchedRelay *after)
{
    set(&after->policy, "Sreject 25\t\t");
}
/* The descriptor comes later than the consensus, or is missing for an hour. */
static void rules_get_known(WatchedRelay *before, WatchedRelay *after)
{
    set(&before->policy, "Sreject 25\t\t");
    set(&after->policy, "Freject 25\t\treject *:25,accept *:*");
}
static void rules_get_lost(WatchedRelay *before, WatchedRelay *after)
{
    rules_get_known(after, before);
}
static void country_gets_known(WatchedRelay *before, WatchedRelay *after)
{
    set(&after->country, "se");
}
static void contact_changes(WatchedRelay *before, WatchedRelay *after)
{
    set(&after->contact, "other");
}
static void contact_gets_known(WatchedRelay *before, WatchedRelay *after)
{
    set(&before->contact, NULL);
}
static void proof_goes(WatchedRelay *before, WatchedRelay *after)
{
    set(&after->proof, "gone");
}
static void proof_expires(WatchedRelay *before, WatchedRelay *after)
{
    set(&after->proof, "expired");
}
static void proof_comes(WatchedRelay *before, WatchedRelay *after)
{
    set(&before->proof, "none");
}
static void stranger_joins(WatchedRelay *before, WatchedRelay *after)
{
    set(&before->relatives, B);
    set(&after->relatives, X " " B);
}
static void own_relay_joins(WatchedRelay *before, WatchedRelay *after)
{
    set(&after->relatives, B);
}
static void leaves(WatchedRelay *before, WatchedRelay *after)
{
    set(&before->relatives, B " " X);
}
static void goes(WatchedRelay *before, WatchedRelay *after)
{
    set(&before->relatives, B);
    after->is_listed = false;
}
static void stays_away(WatchedRelay *before, WatchedRelay *after)
{
    before->is_listed = after->is_listed = false;
}
static void shares(WatchedRelay *before, WatchedRelay *after)
{
    set(&before->sharers, X);
    set(&after->sharers, X " " Y);
}

static void test_one(void)
{
    assert_told(nothing, "");
    assert_told(moves_near, "moved-address A, contact-changed A");
    assert_told(moves_far, "moved-address A");
    assert_told(moves_far_and_says_else,
                "implausible-move A, contact-changed A");
    assert_told(moves_far_and_family, "implausible-move A, left-family B");
    assert_told(keeps_one_address, "moved-address A, contact-changed A");
    assert_told(lets_out_more, "policy-changed A");
    assert_told(summary_changes, "policy-changed A");
    assert_told(policy_gets_known, "");
    assert_told(rules_get_known, "");
    assert_told(rules_get_lost, "");
    assert_told(moves_abroad, "moved-country A");
    assert_told(country_gets_known, "");
    assert_told(contact_changes, "contact-changed A");
    assert_told(contact_gets_known, "");
    assert_told(proof_goes, "proof-gone A");
    assert_told(proof_expires, "proof-expired A");
    assert_told(proof_comes, "");
    assert_told(stranger_joins, "joined-family 1");
    assert_told(own_relay_joins, "");
    assert_told(leaves, "left-family B, left-family 1");
    assert_told(goes, "relay-gone A");
    assert_told(stays_away, "");
    assert_told(shares, "address-shared A");
}

static void test_first_look(void)
{
    g_autoptr(GPtrArray) none = look_new();
    g_autoptr(GPtrArray) after = look_new();
    set(&add(after, A)->contact, NULL);
    set(&add(after, B)->contact, "");
    set(&add(after, C)->sharers, X);
    after->len = 3;
    g_autofree char *found = told(none, after);
    g_assert_cmpstr(found, ==,
                    "contact-unknown A, contact-unknown B, address-shared C");
}

static char *lost(guint of, guint count)
{
    g_autoptr(GPtrArray) before = look_new();
    g_autoptr(GPtrArray) after = look_new();
    for (guint i = 0; i < of; i++) {
        g_autofree char *name = g_strdup_printf("%040u", i);
        add(before, name);
        add(after, name)->is_listed = i >= count;
    }
    g_autofree char *all = told(before, after);
    const char *last = strrchr(all, ',');
    return g_strdup(last ? last + 2 : all);
}

static void test_loss(void)
{
    g_autofree char *one = lost(1, 1), *half = lost(4, 2), *most = lost(4, 3),
                    *two = lost(2, 2);
    g_assert_cmpstr(one, ==, "relay-gone 0");
    g_assert_cmpstr(half, ==, "relay-gone 0");
    g_assert_cmpstr(most, ==, "implausible-loss");
    g_assert_cmpstr(two, ==, "implausible-loss");
}

static char *claims(guint before_count, guint after_count)
{
    g_autoptr(GPtrArray) before = look_new();
    g_autoptr(GPtrArray) after = look_new();
    g_autoptr(GString) list = g_string_new(NULL);
    WatchedRelay *old = add(before, WATCH_CLAIMS);
    WatchedRelay *new = add(after, WATCH_CLAIMS);
    for (guint i = 0; i < MAX(before_count, after_count); i++) {
        g_string_append_printf(list, "%s%040u", i ? " " : "", i);
        if (i + 1 == before_count)
            set(&old->relatives, list->str);
        if (i + 1 == after_count)
            set(&new->relatives, list->str);
    }
    return told(before, after);
}

static void test_claims(void)
{
    g_autofree char *few = claims(0, 4), *many = claims(0, 5),
                    *same = claims(9, 9), *more = claims(9, 12);
    g_assert_cmpstr(few, ==, "");
    g_assert_cmpstr(many, ==, "implausible-claims");
    g_assert_cmpstr(same, ==, "");
    g_assert_cmpstr(more, ==, "");
}

/* Exactly the implausible ones hold, and every number has its reason. */
static void test_tables(void)
{
    guint value;
    const char *why;
    for (guint i = 0; i < NOTICE_KINDS; i++)
        g_assert_cmpint(
            notice_kind_holds((NoticeKind)i), ==,
            g_str_has_prefix(notice_kind_word((NoticeKind)i), "implausible-"));
    for (guint i = 0; watch_threshold(i, &value, &why); i++)
        g_assert_true(value > 0 && strlen(why) > 20);
}

/* A descriptor that is not at hand for an hour changes nothing, then or when
 * it is back; that the rules are others is told then. */
static void test_policy_is_carried(void)
{
    g_autoptr(GPtrArray) first = look_new();
    g_autoptr(GPtrArray) second = look_new();
    g_autoptr(GPtrArray) third = look_new();
    set(&add(first, A)->policy, "Freject 25\t\treject *:25,accept *:*");
    set(&add(second, A)->policy, "Sreject 25,445\t\t");
    set(&add(third, A)->policy, "Faccept 1-65535\t\taccept *:*");
    watch_carry(first, second);
    g_autofree char *nothing_told = told(first, second);
    g_assert_cmpstr(nothing_told, ==, "");
    watch_carry(second, third);
    g_autofree char *change = told(second, third);
    g_assert_cmpstr(change, ==, "policy-changed A");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/watch/one", test_one);
    g_test_add_func("/watch/first-look", test_first_look);
    g_test_add_func("/watch/loss", test_loss);
    g_test_add_func("/watch/claims", test_claims);
    g_test_add_func("/watch/tables", test_tables);
    g_test_add_func("/watch/policy-is-carried", test_policy_is_carried);
    return g_test_run();
}
