/* How a member's relays are in the newest consensus; see watch.h. */
#include "relay/watch.h"

#include "base/digest.h"
#include "relay/remedy.h"

#include <string.h>

#define LISTED_S (3 * INSTANT_HOUR_S)

/* Who is on an address. */
typedef struct {
    IpAddress address;
    Fingerprint relay;
} Tenant;

struct WatchPlace {
    const People *people;
    const Proofs *proofs;
    const Hints *hints;
    const Members *members;
    const History *history; /* NULL: no exit policies */
    Families *families;
    Instant when, now;
    GArray *tenants;    /* of Tenant, by address */
    GArray *candidates; /* of Candidate */
};

static int compare_tenants(gconstpointer a, gconstpointer b)
{
    const Tenant *ta = a, *tb = b;
    int order = ip_compare(&ta->address, &tb->address);
    return order ? order : memcmp(&ta->relay, &tb->relay, sizeof ta->relay);
}

static bool is_listed(const WatchPlace *place, const Roster *roster)
{
    return roster->count > 0 && place->when - roster->listed.to <= LISTED_S;
}

static void collect_tenants(WatchPlace *place)
{
    for (size_t i = 0; i < people_relay_count(place->people); i++) {
        Tenant tenant = {.relay = *people_relay(place->people, i)};
        Roster roster;
        if (!people_roster(place->people, &tenant.relay, place->when,
                           &roster) ||
            !is_listed(place, &roster))
            continue;
        for (guint k = 0; k < roster.count; k++) {
            tenant.address = roster.addresses[k];
            g_array_append_val(place->tenants, tenant);
        }
    }
    g_array_sort(place->tenants, compare_tenants);
}

WatchPlace *watch_place_new(const People *people, const Proofs *proofs,
                            const Hints *hints, const Members *members,
                            const char *const *desk_addresses, Instant now)
{
    WatchPlace *place = g_new0(WatchPlace, 1);
    place->people = people;
    place->proofs = proofs;
    place->hints = hints;
    place->members = members;
    place->now = now;
    place->when = people_newest(people);
    place->families = people_families(people, place->when);
    place->tenants = g_array_new(FALSE, FALSE, sizeof(Tenant));
    collect_tenants(place);
    place->candidates = candidates_find(&(CandidateQuestion){
        .people = people,
        .families = place->families,
        .proofs = proofs,
        .members = members,
        .desk_addresses = desk_addresses,
        .when = place->when,
        .now = now,
    });
    return place;
}

void watch_place_free(WatchPlace *place)
{
    if (!place)
        return;
    families_free(place->families);
    g_array_unref(place->tenants);
    g_array_unref(place->candidates);
    g_free(place);
}

void watch_place_use_history(WatchPlace *place, const History *history)
{
    place->history = history;
}

Instant watch_place_when(const WatchPlace *place)
{
    return place->when;
}

/* ---- lists -------------------------------------------------------------- */

static int compare_words(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Takes the words over: sorted, each once, blanks between. */
static char *join_words(GPtrArray *words)
{
    g_autoptr(GPtrArray) owned = words;
    g_autoptr(GString) text = g_string_new(NULL);
    const char *last = NULL;
    g_ptr_array_sort(words, compare_words);
    for (guint i = 0; i < words->len; i++) {
        if (g_strcmp0(last, words->pdata[i]) == 0)
            continue;
        last = words->pdata[i];
        g_string_append_printf(text, "%s%s", text->len ? " " : "", last);
    }
    return g_strdup(text->str);
}

static GPtrArray *words_new(void)
{
    return g_ptr_array_new_with_free_func(g_free);
}

static char *hex_of(const Fingerprint *relay)
{
    g_autofree char *hex = hex_new(relay->bytes, sizeof relay->bytes);
    return g_ascii_strup(hex, -1);
}

static char *addresses_of(const Roster *roster)
{
    GPtrArray *words = words_new();
    for (guint i = 0; i < roster->count; i++)
        g_ptr_array_add(words, ip_new_text(&roster->addresses[i]));
    return join_words(words);
}

static char *relatives_of(const GArray *relatives)
{
    GPtrArray *words = words_new();
    for (guint i = 0; i < relatives->len; i++)
        g_ptr_array_add(words,
                        hex_of(&g_array_index(relatives, Fingerprint, i)));
    return join_words(words);
}

/* The first tenant of the address. */
static guint first_tenant(const WatchPlace *place, const IpAddress *address)
{
    guint low = 0, high = place->tenants->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const Tenant *tenant = &g_array_index(place->tenants, Tenant, middle);
        if (ip_compare(&tenant->address, address) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Those on its addresses that are neither the member's nor its relatives. */
static char *sharers_of(const WatchPlace *place, const Member *member,
                        const Roster *roster, const GArray *relatives)
{
    GPtrArray *words = words_new();
    for (guint k = 0; k < roster->count; k++) {
        const IpAddress *address = &roster->addresses[k];
        for (guint i = first_tenant(place, address); i < place->tenants->len;
             i++) {
            const Tenant *tenant = &g_array_index(place->tenants, Tenant, i);
            if (!ip_is_equal(&tenant->address, address))
                break;
            if (members_by_fingerprint(place->members, tenant->relay.bytes) !=
                    member &&
                !fingerprints_hold(relatives, &tenant->relay))
                g_ptr_array_add(words, hex_of(&tenant->relay));
        }
    }
    return join_words(words);
}

/* ---- a look ------------------------------------------------------------- */

static ProofState proof_of(const WatchPlace *place, const Fingerprint *relay,
                           const char *text)
{
    if (!text)
        return PROOF_STATE_NONE;
    g_autoptr(Contact) contact = contact_read(text, strlen(text));
    return proofs_state(place->proofs, relay, contact->domain, place->now);
}

/* Of the first address that a hint knows; NULL: none. */
static char *country_of(const WatchPlace *place, const Roster *roster)
{
    for (guint i = 0; i < roster->count; i++) {
        const char *country =
            hints_country(place->hints, &roster->addresses[i]);
        if (country)
            return g_strdup(country);
    }
    return NULL;
}

static WatchedRelay *look_at(const WatchPlace *place, const Member *member,
                             const Fingerprint *relay)
{
    WatchedRelay *out = g_new0(WatchedRelay, 1);
    Roster roster;
    Said contact;
    people_roster(place->people, relay, place->when, &roster);
    people_contact(place->people, relay, place->when, &contact);
    g_autoptr(GArray) relatives = families_relatives(place->families, relay);
    out->fingerprint = hex_of(relay);
    out->is_listed = is_listed(place, &roster);
    out->addresses = addresses_of(&roster);
    out->country = country_of(place, &roster);
    out->policy = place->history
                      ? remedy_newest_policy(place->history, relay->bytes)
                      : NULL;
    out->contact = contact.text ? g_utf8_make_valid(contact.text, -1) : NULL;
    out->relatives = relatives_of(relatives);
    out->sharers = out->is_listed
                       ? sharers_of(place, member, &roster, relatives)
                       : g_strdup("");
    out->proof =
        g_strdup(proof_state_word(proof_of(place, relay, contact.text)));
    return out;
}

static WatchedRelay *look_at_claims(const WatchPlace *place,
                                    const Member *member)
{
    WatchedRelay *out = g_new0(WatchedRelay, 1);
    GPtrArray *words = words_new();
    for (guint i = 0; i < place->candidates->len; i++) {
        const Candidate *candidate =
            &g_array_index(place->candidates, Candidate, i);
        if (candidate->member == member)
            g_ptr_array_add(words, hex_of(&candidate->relay));
    }
    out->fingerprint = g_strdup(WATCH_CLAIMS);
    out->addresses = g_strdup("");
    out->relatives = join_words(words);
    out->sharers = g_strdup("");
    out->proof = g_strdup(proof_state_word(PROOF_STATE_NONE));
    return out;
}

GPtrArray *watch_look(const WatchPlace *place, const Member *member)
{
    GPtrArray *look =
        g_ptr_array_new_with_free_func((GDestroyNotify)watched_relay_free);
    g_ptr_array_add(look, look_at_claims(place, member));
    for (guint i = 0; i < member->fingerprints->len; i++) {
        Fingerprint relay;
        memcpy(relay.bytes,
               member->fingerprints->data + (gsize)i * FINGERPRINT_BYTES,
               FINGERPRINT_BYTES);
        g_ptr_array_add(look, look_at(place, member, &relay));
    }
    return look;
}
