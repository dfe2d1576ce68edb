#include "relay/candidates.h"

#include <string.h>

#define LISTED_S (3 * INSTANT_HOUR_S)

static guint bit(Evidence evidence)
{
    return 1u << evidence;
}

bool candidate_is_two_sided(const Candidate *candidate)
{
    return evidence_is_two_sided(attribution_strongest(candidate->found));
}

char *candidate_new_why(const Candidate *candidate)
{
    g_autoptr(GString) why = g_string_new(NULL);
    for (Evidence e = EVIDENCE_FAMILY_KEY; e > EVIDENCE_NONE; e--) {
        if (!(candidate->found & bit(e)))
            continue;
        g_string_append_printf(why, "%s%s%s", why->len ? ", " : "",
                               evidence_word(e),
                               evidence_is_two_sided(e) ? "" : " (a claim)");
    }
    if (candidate->names_desk)
        g_string_append_printf(why, "%snames our address (a claim)",
                               why->len ? ", " : "");
    return g_strdup(why->str);
}

static bool is_one_of(const char *address, const char *const *list)
{
    for (; address && *list; list++)
        if (g_ascii_strcasecmp(address, *list) == 0)
            return true;
    return false;
}

static bool is_active(const Member *member, Instant when)
{
    return member->ended == INSTANT_NONE || member->ended > when;
}

/* The first relay of the member that is related in both directions. */
static FamilyRelation relation_with(const Families *families,
                                    const Member *member,
                                    const Fingerprint *relay, Fingerprint *with)
{
    FamilyRelation best = RELATION_NONE;
    for (guint i = 0; i < member->fingerprints->len; i++) {
        Fingerprint own;
        memcpy(own.bytes,
               member->fingerprints->data + (gsize)i * FINGERPRINT_BYTES,
               FINGERPRINT_BYTES);
        FamilyRelation relation = families_relation(families, relay, &own);
        if (relation < RELATION_MUTUAL || relation <= best)
            continue;
        best = relation;
        *with = own;
    }
    return best;
}

/* What the relay says, and what is proven of it. */
typedef struct {
    Fingerprint relay;
    Roster roster;
    Said contact, family;
    Contact *read; /* or NULL */
    const char *proven;
} Heard;

static bool hear(const CandidateQuestion *q, const Fingerprint *relay,
                 Heard *out)
{
    *out = (Heard){.relay = *relay};
    if (members_by_fingerprint(q->members, relay->bytes) ||
        !people_roster(q->people, relay, q->when, &out->roster) ||
        out->roster.count == 0 || q->when - out->roster.listed.to > LISTED_S)
        return false;
    people_contact(q->people, relay, q->when, &out->contact);
    people_family(q->people, relay, q->when, &out->family);
    if (!out->contact.text || !*out->contact.text)
        return true;
    out->read = contact_read(out->contact.text, strlen(out->contact.text));
    if (proofs_state(q->proofs, relay, out->read->domain, q->now) ==
        PROOF_STATE_HOLDS)
        out->proven = proofs_find(q->proofs, relay)->domain;
    return true;
}

static void add(const CandidateQuestion *q, const Heard *heard,
                const Member *member, guint found, bool names_desk,
                GArray *list)
{
    Candidate candidate = {.relay = heard->relay,
                           .member = member,
                           .found = found,
                           .names_desk = names_desk,
                           .domain = heard->proven,
                           .since = INSTANT_NONE};
    if (member)
        relation_with(q->families, member, &heard->relay, &candidate.with);
    bool by_family =
        found & (bit(EVIDENCE_FAMILY_KEY) | bit(EVIDENCE_MUTUAL_FAMILY));
    const Said *said = by_family ? &heard->family : &heard->contact;
    if (said->text) {
        candidate.since = said->named.from;
        g_strlcpy(candidate.document, said->last, sizeof candidate.document);
    }
    g_array_append_val(list, candidate);
}

static void consider(const CandidateQuestion *q, const Heard *heard,
                     GArray *list)
{
    const guint reasons = bit(EVIDENCE_FAMILY_KEY) |
                          bit(EVIDENCE_MUTUAL_FAMILY) | bit(EVIDENCE_DOMAIN) |
                          bit(EVIDENCE_CONTACT);
    bool names_desk =
        heard->read && (is_one_of(heard->read->abuse, q->desk_addresses) ||
                        is_one_of(heard->read->address, q->desk_addresses));
    bool is_somebodys = false;
    g_autoptr(GArray) relatives =
        families_relatives(q->families, &heard->relay);
    for (guint i = 0; i < members_count(q->members); i++) {
        const Member *member = members_at(q->members, i);
        if (!is_active(member, q->when))
            continue;
        guint found = attribution_find(
            member, &(AttributionRelay){
                        .fingerprint = &heard->relay,
                        .families = relatives->len ? q->families : NULL,
                        .contact = heard->read,
                        .proven_domain = heard->proven,
                        .address = &heard->roster.addresses[0],
                        .when = q->when,
                    });
        if (!(found & reasons))
            continue;
        is_somebodys = true;
        add(q, heard, member, found, names_desk, list);
    }
    if (names_desk && !is_somebodys)
        add(q, heard, NULL, 0, true, list);
}

static int compare(gconstpointer a, gconstpointer b)
{
    const Candidate *ca = a, *cb = b;
    if (!ca->member != !cb->member)
        return ca->member ? -1 : 1;
    int member = ca->member ? strcmp(ca->member->id, cb->member->id) : 0;
    if (member)
        return member;
    if (ca->found != cb->found)
        return ca->found > cb->found ? -1 : 1;
    return memcmp(&ca->relay, &cb->relay, sizeof ca->relay);
}

GArray *candidates_find(const CandidateQuestion *question)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(Candidate));
    for (size_t i = 0; i < people_relay_count(question->people); i++) {
        Heard heard;
        if (!hear(question, people_relay(question->people, i), &heard))
            continue;
        consider(question, &heard, list);
        contact_free(heard.read);
    }
    g_array_sort(list, compare);
    return list;
}
