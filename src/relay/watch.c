/*
 * Changes of a member's relays.
 *
 * Problem: operators move machines, renew keys and change their contact all
 * the time; a takeover of a relay's name, a stolen key or a forged family
 * looks much the same. A person can tell, a program cannot.
 *
 * Approach: tell every change once. What an operator does in one step (a new
 * address at the same hoster, a new contact) is only told. What no operator
 * does in one step, but a thief or a mistake of ours would, also holds the
 * member's automatic letters until a person has looked: see THRESHOLDS.
 *
 * Rejected: measuring over days (a slow thief passes, and everybody else waits
 * for days); dropping the relay from the member (a wrong letter is worse than
 * a late one, but a member's relay that is silently no longer its own would
 * leave complaints unanswered).
 */
#include "relay/watch.h"

#include <string.h>

#define WORDS_SHOWN 5

static const struct {
    const char *word, *meaning;
    bool holds;
} KINDS[NOTICE_KINDS] = {
    [NOTICE_CONTACT_UNKNOWN] = {"contact-unknown",
                                "its descriptor is not known, or has no "
                                "contact",
                                false},
    [NOTICE_CONTACT_CHANGED] = {"contact-changed", "its ContactInfo is another",
                                false},
    [NOTICE_PROOF_GONE] = {"proof-gone",
                           "the proof of its domain does not hold any more",
                           false},
    [NOTICE_PROOF_EXPIRED] = {"proof-expired",
                              "the proof of its domain was checked more than "
                              "half a year ago",
                              false},
    [NOTICE_JOINED_FAMILY] = {"joined-family",
                              "a relay that its file does not name is its "
                              "relative now, as both say",
                              false},
    [NOTICE_LEFT_FAMILY] = {"left-family", "a relay is no more its relative",
                            false},
    [NOTICE_RELAY_GONE] = {"relay-gone", "no consensus lists it any more",
                           false},
    [NOTICE_MOVED_ADDRESS] = {"moved-address", "it has another address", false},
    [NOTICE_MOVED_COUNTRY] = {"moved-country",
                              "its address is in another country, as unsigned "
                              "hints have it",
                              false},
    [NOTICE_POLICY_CHANGED] = {"policy-changed",
                               "its exit policy is another, as its "
                               "descriptor or the consensus says",
                               false},
    [NOTICE_ADDRESS_SHARED] = {"address-shared",
                               "a stranger's relay is on its address", false},
    [NOTICE_IMPLAUSIBLE_MOVE] = {"implausible-move",
                                 "it is in another network and says something "
                                 "else of who runs it, at once",
                                 true},
    [NOTICE_IMPLAUSIBLE_CLAIMS] = {"implausible-claims",
                                   "many relays claim to be the member's at "
                                   "once",
                                   true},
    [NOTICE_IMPLAUSIBLE_LOSS] = {"implausible-loss",
                                 "most of the member's relays are gone at once",
                                 true},
};

enum { NETWORK_V4_BITS, NETWORK_V6_BITS, CLAIMS_MIN, LOSS_MIN, LOSS_PERCENT };

static const struct {
    const char *name;
    guint value;
    const char *why;
} THRESHOLDS[] = {
    [NETWORK_V4_BITS] = {"network-ipv4", 16,
                         "a hoster's addresses are scattered, but mostly "
                         "within a /16; tor, too, takes a /16 for one place"},
    [NETWORK_V6_BITS] = {"network-ipv6", 32,
                         "registries give a /32 to one provider"},
    [CLAIMS_MIN] = {"claims-at-once", 5,
                    "operators bring up a machine or two between consensuses; "
                    "a copied ContactInfo or family comes in dozens"},
    [LOSS_MIN] = {"lost-at-once", 2, "one relay is often gone for an update"},
    [LOSS_PERCENT] = {"lost-percent", 50,
                      "more than half at once is a failure of the hoster or "
                      "of our data, or the end of the member: in each case "
                      "its letters would claim what nobody has looked at"},
};

const char *notice_kind_word(NoticeKind kind)
{
    return KINDS[kind].word;
}

const char *notice_kind_meaning(NoticeKind kind)
{
    return KINDS[kind].meaning;
}

bool notice_kind_holds(NoticeKind kind)
{
    return KINDS[kind].holds;
}

const char *watch_threshold(guint index, guint *value, const char **why)
{
    if (index >= G_N_ELEMENTS(THRESHOLDS))
        return NULL;
    *value = THRESHOLDS[index].value;
    *why = THRESHOLDS[index].why;
    return THRESHOLDS[index].name;
}

void watched_relay_free(WatchedRelay *relay)
{
    if (!relay)
        return;
    g_free(relay->fingerprint);
    g_free(relay->addresses);
    g_free(relay->contact);
    g_free(relay->relatives);
    g_free(relay->sharers);
    g_free(relay->proof);
    g_free(relay->country);
    g_free(relay->policy);
    g_free(relay);
}

void notice_free(Notice *notice)
{
    g_free(notice->relay);
    g_free(notice->what);
    g_free(notice);
}

/* ---- lists of words ----------------------------------------------------- */

/* Is the word in the list? */
static bool list_holds(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)); at += length)
        if ((at == list || at[-1] == ' ') &&
            (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

/* Words of a that b has not. Free with g_ptr_array_unref. */
static GPtrArray *list_without(const char *a, const char *b)
{
    GPtrArray *out = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) words = g_strsplit(a, " ", -1);
    for (char **word = words; *word; word++)
        if (**word && !list_holds(b, *word))
            g_ptr_array_add(out, g_strdup(*word));
    return out;
}

static char *shown(const GPtrArray *words)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < MIN(words->len, WORDS_SHOWN); i++)
        g_string_append_printf(text, "%s%s", i ? ", " : "",
                               (const char *)words->pdata[i]);
    if (words->len > WORDS_SHOWN)
        g_string_append_printf(text, " and %u more", words->len - WORDS_SHOWN);
    return g_strdup(text->str);
}

/* ---- comparing ---------------------------------------------------------- */

static void tell(GPtrArray *notices, NoticeKind kind, const char *relay,
                 const char *format, ...) G_GNUC_PRINTF(4, 5);
static void tell(GPtrArray *notices, NoticeKind kind, const char *relay,
                 const char *format, ...)
{
    va_list arguments;
    Notice *notice = g_new0(Notice, 1);
    notice->kind = kind;
    notice->relay = g_strdup(relay);
    va_start(arguments, format);
    notice->what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_ptr_array_add(notices, notice);
}

static const WatchedRelay *find(const GPtrArray *look, const char *fingerprint)
{
    for (guint i = 0; look && i < look->len; i++) {
        const WatchedRelay *relay = look->pdata[i];
        if (g_str_equal(relay->fingerprint, fingerprint))
            return relay;
    }
    return NULL;
}

static bool is_claims(const WatchedRelay *relay)
{
    return g_str_equal(relay->fingerprint, WATCH_CLAIMS);
}

/* Are they in one network, by THRESHOLDS? */
static bool is_one_network(const IpAddress *a, const IpAddress *b)
{
    if (ip_is_v4(a) != ip_is_v4(b))
        return false;
    guint bits = ip_is_v4(a) ? 96 + THRESHOLDS[NETWORK_V4_BITS].value
                             : THRESHOLDS[NETWORK_V6_BITS].value;
    IpPrefix prefix = ip_prefix_of(a, (uint8_t)bits);
    return ip_prefix_contains(&prefix, b);
}

/* No address of the one list is in a network of the other. */
static bool is_elsewhere(const char *before, const char *after)
{
    g_auto(GStrv) olds = g_strsplit(before, " ", -1);
    g_auto(GStrv) news = g_strsplit(after, " ", -1);
    IpAddress a, b;
    for (char **old = olds; *old; old++)
        for (char **new = news; *new; new ++)
            if (ip_parse(*old, strlen(*old), &a) &&
                ip_parse(*new, strlen(*new), &b) && is_one_network(&a, &b))
                return false;
    return *before && *after;
}

static void compare_addresses(const WatchedRelay *before,
                              const WatchedRelay *after, GPtrArray *notices)
{
    if (g_str_equal(before->addresses, after->addresses))
        return;
    bool says_else = g_strcmp0(before->contact, after->contact) != 0 ||
                     !g_str_equal(before->relatives, after->relatives);
    bool is_implausible =
        says_else && is_elsewhere(before->addresses, after->addresses);
    tell(notices,
         is_implausible ? NOTICE_IMPLAUSIBLE_MOVE : NOTICE_MOVED_ADDRESS,
         after->fingerprint, "It was at %s and is at %s%s.",
         *before->addresses ? before->addresses : "no address",
         after->addresses,
         is_implausible ? ", and its contact or family changed, too" : "");
}

static void compare_country(const WatchedRelay *before,
                            const WatchedRelay *after, GPtrArray *notices)
{
    if (before->country && after->country &&
        !g_str_equal(before->country, after->country))
        tell(notices, NOTICE_MOVED_COUNTRY, after->fingerprint,
             "Its address was in \"%s\" and is in \"%s\", as unsigned hints "
             "have it.",
             before->country, after->country);
}

/* ---- exit policies ------------------------------------------------------- */

/* Only a server descriptor has the rules; a consensus sums ports up. */
static bool is_whole(const char *policy)
{
    return *policy == 'F' || *policy == 'N';
}

/* What people read of it: the rules, else the summary. */
static const char *rules_of(const char *policy)
{
    const char *rules = is_whole(policy) ? strrchr(policy, '\t') : NULL;
    return rules ? rules + 1 : policy + 1;
}

/* A summary and rules cannot be compared: what is left out of a summary is no
 * change. */
static void compare_policy(const WatchedRelay *before,
                           const WatchedRelay *after, GPtrArray *notices)
{
    const char *old = before->policy, *now = after->policy;
    if (!old || !now || !*old || !*now || is_whole(old) != is_whole(now) ||
        g_str_equal(old, now))
        return;
    tell(notices, NOTICE_POLICY_CHANGED, after->fingerprint,
         "Its exit policy was \"%.300s\" and is \"%.300s\".", rules_of(old),
         rules_of(now));
}

static void compare_contact(const WatchedRelay *before,
                            const WatchedRelay *after, GPtrArray *notices)
{
    if (before->contact && after->contact &&
        !g_str_equal(before->contact, after->contact))
        tell(notices, NOTICE_CONTACT_CHANGED, after->fingerprint,
             "Its contact was \"%.200s\" and is \"%.200s\".", before->contact,
             after->contact);
    if (!g_str_equal(before->proof, proof_state_word(PROOF_STATE_HOLDS)))
        return;
    if (g_str_equal(after->proof, proof_state_word(PROOF_STATE_GONE)))
        tell(notices, NOTICE_PROOF_GONE, after->fingerprint,
             "The proof of its domain holds no more.");
    if (g_str_equal(after->proof, proof_state_word(PROOF_STATE_EXPIRED)))
        tell(notices, NOTICE_PROOF_EXPIRED, after->fingerprint,
             "The proof of its domain has to be checked again.");
}

/* Each stranger once, however many of the member's relays it is related to. */
static bool is_told(const GPtrArray *notices, NoticeKind kind,
                    const char *relay)
{
    for (guint i = 0; i < notices->len; i++) {
        const Notice *notice = notices->pdata[i];
        if (notice->kind == kind && g_strcmp0(notice->relay, relay) == 0)
            return true;
    }
    return false;
}

static void compare_family(const GPtrArray *look, const WatchedRelay *before,
                           const WatchedRelay *after, GPtrArray *notices)
{
    g_autoptr(GPtrArray) joined =
        list_without(after->relatives, before->relatives);
    g_autoptr(GPtrArray) left =
        list_without(before->relatives, after->relatives);
    for (guint i = 0; i < joined->len; i++)
        if (!find(look, joined->pdata[i]) &&
            !is_told(notices, NOTICE_JOINED_FAMILY, joined->pdata[i]))
            tell(notices, NOTICE_JOINED_FAMILY, joined->pdata[i],
                 "It and %s name each other; the member's file does not name "
                 "it. Is it the member's?",
                 after->fingerprint);
    for (guint i = 0; after->is_listed && i < left->len; i++) {
        const WatchedRelay *other = find(look, left->pdata[i]);
        bool is_gone = other && !other->is_listed;
        if (!is_gone && !is_told(notices, NOTICE_LEFT_FAMILY, left->pdata[i]))
            tell(notices, NOTICE_LEFT_FAMILY, left->pdata[i],
                 "It and %s no longer name each other.", after->fingerprint);
    }
}

static void compare_sharers(const WatchedRelay *before,
                            const WatchedRelay *after, GPtrArray *notices)
{
    g_autoptr(GPtrArray) fresh =
        list_without(after->sharers, before ? before->sharers : "");
    g_autofree char *who = shown(fresh);
    if (fresh->len > 0)
        tell(notices, NOTICE_ADDRESS_SHARED, after->fingerprint,
             "On its address there is also %s.", who);
}

static void compare_claims(const WatchedRelay *before,
                           const WatchedRelay *after, guint relays,
                           GPtrArray *notices)
{
    g_autoptr(GPtrArray) fresh =
        list_without(after->relatives, before->relatives);
    g_autofree char *who = shown(fresh);
    if (fresh->len >= THRESHOLDS[CLAIMS_MIN].value && fresh->len * 2 > relays)
        tell(notices, NOTICE_IMPLAUSIBLE_CLAIMS, NULL,
             "%u relays claim to be its own, which did not before: %s.",
             fresh->len, who);
}

static void compare_loss(const GPtrArray *before, const GPtrArray *after,
                         GPtrArray *notices)
{
    guint listed = 0, lost = 0;
    for (guint i = 0; i < before->len; i++) {
        const WatchedRelay *old = before->pdata[i];
        const WatchedRelay *now = find(after, old->fingerprint);
        if (is_claims(old) || !old->is_listed || !now)
            continue;
        listed++;
        lost += !now->is_listed;
    }
    if (lost >= THRESHOLDS[LOSS_MIN].value &&
        lost * 100 > listed * THRESHOLDS[LOSS_PERCENT].value)
        tell(notices, NOTICE_IMPLAUSIBLE_LOSS, NULL,
             "%u of its %u listed relays are gone at once.", lost, listed);
}

static void compare_one(const GPtrArray *look, const WatchedRelay *before,
                        const WatchedRelay *after, GPtrArray *notices)
{
    compare_sharers(before, after, notices);
    if (!before) {
        if (!after->contact || !*after->contact)
            tell(notices, NOTICE_CONTACT_UNKNOWN, after->fingerprint,
                 after->contact ? "Its descriptor has no contact."
                                : "Its descriptor is not known.");
        return;
    }
    if (before->is_listed && !after->is_listed)
        tell(notices, NOTICE_RELAY_GONE, after->fingerprint,
             "No consensus of the last three hours lists it.");
    if (after->is_listed)
        compare_addresses(before, after, notices);
    compare_country(before, after, notices);
    compare_policy(before, after, notices);
    compare_contact(before, after, notices);
    compare_family(look, before, after, notices);
}

/* Does the old look say more of the policy? */
static bool is_known_better(const char *old, const char *now)
{
    if (!old || !*old)
        return false;
    return !now || !*now || (is_whole(old) && !is_whole(now));
}

void watch_carry(const GPtrArray *before, GPtrArray *after)
{
    for (guint i = 0; i < after->len; i++) {
        WatchedRelay *now = after->pdata[i];
        const WatchedRelay *old = find(before, now->fingerprint);
        if (!now->country && old)
            now->country = g_strdup(old->country);
        if (old && is_known_better(old->policy, now->policy)) {
            g_free(now->policy);
            now->policy = g_strdup(old->policy);
        }
    }
}

GPtrArray *watch_compare(const Member *member, const GPtrArray *before,
                         const GPtrArray *after)
{
    GPtrArray *notices =
        g_ptr_array_new_with_free_func((GDestroyNotify)notice_free);
    bool is_first = !before || before->len == 0;
    for (guint i = 0; i < after->len; i++) {
        const WatchedRelay *now = after->pdata[i];
        const WatchedRelay *old = find(before, now->fingerprint);
        if (!is_claims(now))
            compare_one(after, old, now, notices);
        else if (old)
            compare_claims(old, now, member->fingerprints->len, notices);
    }
    if (!is_first)
        compare_loss(before, after, notices);
    return notices;
}
