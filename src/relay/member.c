#include "relay/member.h"

#include "base/digest.h"
#include "base/errors.h"

#include <string.h>

/* One fingerprint and whose it is; the array is sorted by fingerprint. */
typedef struct {
    uint8_t fingerprint[FINGERPRINT_BYTES];
    guint member;
} FingerprintOwner;

typedef struct {
    MemberPrefix held;
    guint member;
} PrefixOwner;

struct Members {
    gatomicrefcount references;
    GPtrArray *list;      /* of Member */
    GHashTable *by_id;    /* id -> Member, both borrowed from list */
    GArray *fingerprints; /* of FingerprintOwner, sorted */
    GArray *prefixes;     /* of PrefixOwner, longest prefix first */
};

const char *automation_word(Automation automation)
{
    switch (automation) {
    case AUTOMATION_OFF:
        return "off";
    case AUTOMATION_HOLD:
        return "hold";
    case AUTOMATION_AUTO:
        return "auto";
    }
    g_assert_not_reached();
}

void member_free(Member *member)
{
    if (!member)
        return;
    g_free(member->id);
    g_free(member->name);
    g_free(member->country);
    g_free(member->language);
    g_free(member->website);
    g_free(member->address);
    g_free(member->consent_by);
    g_free(member->mentor);
    g_clear_pointer(&member->contacts, g_ptr_array_unref);
    g_free(member->pgp_signing_key);
    g_free(member->notice_zone);
    g_clear_pointer(&member->pgp_keys, g_ptr_array_unref);
    g_clear_pointer(&member->fingerprints, g_array_unref);
    g_clear_pointer(&member->prefixes, g_array_unref);
    g_clear_pointer(&member->statements, g_ptr_array_unref);
    g_clear_pointer(&member->modes, g_ptr_array_unref);
    g_free(member);
}

static int compare_fingerprints(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, FINGERPRINT_BYTES);
}

static int compare_prefixes(gconstpointer a, gconstpointer b)
{
    const PrefixOwner *pa = a, *pb = b;
    if (pa->held.prefix.bits != pb->held.prefix.bits)
        return pb->held.prefix.bits - pa->held.prefix.bits;
    return ip_compare(&pa->held.prefix.base, &pb->held.prefix.base);
}

static void collect_claims(Members *members)
{
    for (guint i = 0; i < members->list->len; i++) {
        const Member *member = g_ptr_array_index(members->list, i);
        g_hash_table_insert(members->by_id, member->id, (gpointer)member);
        guint count = member->fingerprints ? member->fingerprints->len : 0;
        for (guint f = 0; f < count; f++) {
            FingerprintOwner owner = {.member = i};
            memcpy(owner.fingerprint,
                   member->fingerprints->data + f * FINGERPRINT_BYTES,
                   FINGERPRINT_BYTES);
            g_array_append_val(members->fingerprints, owner);
        }
        count = member->prefixes ? member->prefixes->len : 0;
        for (guint p = 0; p < count; p++) {
            PrefixOwner owner = {
                .held = g_array_index(member->prefixes, MemberPrefix, p),
                .member = i,
            };
            g_array_append_val(members->prefixes, owner);
        }
    }
    g_array_sort(members->fingerprints, compare_fingerprints);
    g_array_sort(members->prefixes, compare_prefixes);
}

static const char *owner_id(const Members *members, guint index)
{
    return members_at(members, index)->id;
}

static bool fingerprints_are_disjoint(const Members *members, GError **error)
{
    for (guint i = 1; i < members->fingerprints->len; i++) {
        const FingerprintOwner *a =
            &g_array_index(members->fingerprints, FingerprintOwner, i - 1);
        const FingerprintOwner *b = a + 1;
        if (a->member == b->member || compare_fingerprints(a, b) != 0)
            continue;
        g_autofree char *hex = hex_new(a->fingerprint, FINGERPRINT_BYTES);
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                    "members %s and %s both claim relay %s",
                    owner_id(members, a->member), owner_id(members, b->member),
                    hex);
        return false;
    }
    return true;
}

static bool times_overlap(const MemberPrefix *a, const MemberPrefix *b)
{
    return (a->to == INSTANT_NONE || b->from == INSTANT_NONE ||
            b->from <= a->to) &&
           (b->to == INSTANT_NONE || a->from == INSTANT_NONE ||
            a->from <= b->to);
}

/* Only equal prefixes collide: a longer one inside a shorter one is a
 * customer's block inside its hoster's, and the longer wins. */
static bool prefixes_are_disjoint(const Members *members, GError **error)
{
    const GArray *all = members->prefixes;
    for (guint i = 0; i < all->len; i++) {
        const PrefixOwner *a = &g_array_index(all, PrefixOwner, i);
        for (guint j = i + 1; j < all->len; j++) {
            const PrefixOwner *b = &g_array_index(all, PrefixOwner, j);
            if (compare_prefixes(a, b) != 0)
                break;
            if (a->member == b->member || !times_overlap(&a->held, &b->held))
                continue;
            g_autofree char *text = ip_prefix_new_text(&a->held.prefix);
            g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                        "members %s and %s both claim %s at one time",
                        owner_id(members, a->member),
                        owner_id(members, b->member), text);
            return false;
        }
    }
    return true;
}

Members *members_new(GPtrArray *list, GError **error)
{
    Members *members = g_new0(Members, 1);
    g_atomic_ref_count_init(&members->references);
    members->list = list;
    members->by_id = g_hash_table_new(g_str_hash, g_str_equal);
    members->fingerprints = g_array_new(FALSE, FALSE, sizeof(FingerprintOwner));
    members->prefixes = g_array_new(FALSE, FALSE, sizeof(PrefixOwner));
    collect_claims(members);
    if (fingerprints_are_disjoint(members, error) &&
        prefixes_are_disjoint(members, error))
        return members;
    members_unref(members);
    return NULL;
}

Members *members_ref(Members *members)
{
    g_atomic_ref_count_inc(&members->references);
    return members;
}

void members_unref(Members *members)
{
    if (!members || !g_atomic_ref_count_dec(&members->references))
        return;
    g_hash_table_unref(members->by_id);
    g_array_unref(members->fingerprints);
    g_array_unref(members->prefixes);
    g_ptr_array_unref(members->list);
    g_free(members);
}

guint members_count(const Members *members)
{
    return members->list->len;
}

const Member *members_at(const Members *members, guint index)
{
    g_assert(index < members->list->len);
    return g_ptr_array_index(members->list, index);
}

const Member *members_by_id(const Members *members, const char *id)
{
    return g_hash_table_lookup(members->by_id, id);
}

const Member *members_by_fingerprint(
    const Members *members, const uint8_t fingerprint[FINGERPRINT_BYTES])
{
    guint at;
    if (!g_array_binary_search(members->fingerprints, fingerprint,
                               compare_fingerprints, &at))
        return NULL;
    return members_at(
        members,
        g_array_index(members->fingerprints, FingerprintOwner, at).member);
}

static bool was_held(const MemberPrefix *held, Instant when)
{
    return (held->from == INSTANT_NONE || held->from <= when) &&
           (held->to == INSTANT_NONE || when <= held->to);
}

const Member *members_by_address(const Members *members, const IpAddress *ip,
                                 Instant when)
{
    for (guint i = 0; i < members->prefixes->len; i++) {
        const PrefixOwner *owner =
            &g_array_index(members->prefixes, PrefixOwner, i);
        if (was_held(&owner->held, when) &&
            ip_prefix_contains(&owner->held.prefix, ip))
            return members_at(members, owner->member);
    }
    return NULL;
}

/* 1 for "*", else more the longer it is. "connection" fits "connection" and
 * "connection/...". */
size_t member_category_fit(const char *pattern, const char *category)
{
    size_t length = strlen(pattern);
    if (g_str_equal(pattern, "*"))
        return 1;
    if (strncmp(pattern, category, length) != 0)
        return 0;
    return category[length] == 0 || category[length] == '/' ? length + 1 : 0;
}

const MemberMode *member_mode(const Member *member, const char *category,
                              Instant now)
{
    const MemberMode *best = NULL;
    size_t best_fit = 0;
    for (guint i = 0; member->modes && i < member->modes->len; i++) {
        const MemberMode *mode = g_ptr_array_index(member->modes, i);
        if (mode->since != INSTANT_NONE && mode->since > now)
            continue;
        size_t fit = member_category_fit(mode->category, category);
        if (fit > best_fit ||
            (fit > 0 && fit == best_fit && mode->since > best->since)) {
            best = mode;
            best_fit = fit;
        }
    }
    return best;
}

Automation member_automation(const Member *member, const char *category,
                             Instant now)
{
    static const Automation CAP[] = {
        [CEILING_NEVER] = AUTOMATION_OFF,
        [CEILING_ASK] = AUTOMATION_HOLD,
        [CEILING_AUTOMATIC] = AUTOMATION_AUTO,
    };
    if (member->consent_given == INSTANT_NONE || member->consent_given > now)
        return AUTOMATION_OFF;
    if (member->ended != INSTANT_NONE && member->ended <= now)
        return AUTOMATION_OFF;
    const MemberMode *mode = member_mode(member, category ? category : "", now);
    Automation chosen = mode ? mode->automation : member->automation;
    return MIN(chosen, CAP[member->ceiling]);
}
