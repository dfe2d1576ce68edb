#include "cli/bywhom.h"

#include "base/log.h"
#include "cli/relaylook.h"
#include "relay/proofs.h"

#include <string.h>

#define SHOWN_MAX 120

typedef struct {
    Fingerprint relay;
    const char *nickname;
    const Member *member; /* whose it is or may be; NULL: nobody's */
    Evidence evidence;    /* for that member; NONE */
    Said contact;
    Contact *read;
    Instant proven; /* when its domain was checked; NONE: it does not hold */
} Who;

static void who_clear(Who *who)
{
    contact_free(who->read);
}

/* The member that most speaks for. */
static void find_member(const Settings *settings, const Families *families,
                        const char *proven, Instant when, Who *who)
{
    for (guint i = 0; settings->members && i < members_count(settings->members);
         i++) {
        const Member *member = members_at(settings->members, i);
        Evidence evidence = attribution_strongest(
            attribution_find(member, &(AttributionRelay){
                                         .fingerprint = &who->relay,
                                         .families = families,
                                         .contact = who->read,
                                         .proven_domain = proven,
                                         .when = when,
                                     }));
        if (evidence <= who->evidence)
            continue;
        who->evidence = evidence;
        who->member = member;
    }
}

static GArray *find_all(const Settings *settings, const People *people,
                        const Families *families, const Lookup *lookup,
                        Instant when)
{
    GArray *all = g_array_new(FALSE, TRUE, sizeof(Who));
    g_array_set_clear_func(all, (GDestroyNotify)who_clear);
    g_autoptr(Proofs) proofs = proofs_load(settings->relays.directory, NULL);
    for (guint i = 0; i < lookup->relays->len; i++) {
        const RelaySighting *seen = lookup->relays->pdata[i];
        Who who = {.nickname = seen->nickname, .proven = INSTANT_NONE};
        const char *proven = NULL;
        memcpy(who.relay.bytes, seen->fingerprint, FINGERPRINT_BYTES);
        people_contact(people, &who.relay, when, &who.contact);
        if (who.contact.text && *who.contact.text)
            who.read = contact_read(who.contact.text, strlen(who.contact.text));
        if (who.read && proofs_state(proofs, &who.relay, who.read->domain,
                                     when) == PROOF_STATE_HOLDS) {
            who.proven = proofs_find(proofs, &who.relay)->when;
            proven = who.read->domain;
        }
        find_member(settings, families, proven, when, &who);
        g_array_append_val(all, who);
    }
    return all;
}

/* Does everything that both sides say make them one operator's? */
static bool is_one_operator(const GArray *all, const Families *families)
{
    const Who *first = &g_array_index(all, Who, 0);
    for (guint i = 1; i < all->len; i++) {
        const Who *who = &g_array_index(all, Who, i);
        bool is_same_member = first->member && who->member == first->member &&
                              evidence_makes_member(first->evidence) &&
                              evidence_makes_member(who->evidence);
        if (!is_same_member && families_relation(families, &first->relay,
                                                 &who->relay) < RELATION_MUTUAL)
            return false;
    }
    return true;
}

static char *words_of(const Who *who)
{
    if (!who->member)
        return g_strdup("no member's");
    if (evidence_makes_member(who->evidence))
        return g_strdup_printf("%s (its file names it)", who->member->id);
    return g_strdup_printf("no member's; for %s speaks: %s%s", who->member->id,
                           evidence_word(who->evidence),
                           evidence_is_two_sided(who->evidence)
                               ? ""
                               : " (a claim that anybody can write)");
}

void bywhom_print(const Settings *settings, const Lookup *lookup, Instant when)
{
    static const char *const HEADINGS[] = {"relay", "by whom", "contact",
                                           "says so since", NULL};
    if (lookup->relays->len == 0)
        return;
    g_autoptr(People) people = people_open(settings->relays.directory, NULL);
    g_autoptr(Families) families = people_families(people, when);
    g_autoptr(GArray) all = find_all(settings, people, families, lookup, when);
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < all->len; i++) {
        const Who *who = &g_array_index(all, Who, i);
        g_autofree char *words = words_of(who);
        g_autofree char *said = who->contact.text
                                    ? foreign_text(who->contact.text, SHOWN_MAX)
                                    : g_strdup("not known");
        char since[INSTANT_TEXT_MAX];
        instant_text(who->contact.text ? who->contact.named.from : INSTANT_NONE,
                     since);
        TABLE_ADD(table, who->nickname, words, said, since);
    }
    cli_print("\n");
    table_print(table);
    if (all->len > 1)
        cli_print("%u relays, %s\n", all->len,
                  is_one_operator(all, families)
                      ? "one operator's, as both sides say"
                      : "not shown to be one operator's");
}

static void put_who(Json *json, const Who *who)
{
    g_autofree char *hex = fingerprint_new_text(&who->relay);
    json_object(json);
    json_put_text(json, "fingerprint", hex);
    json_put_text(json, "member", who->member ? who->member->id : NULL);
    json_put_text(json, "evidence", evidence_word(who->evidence));
    json_put_bool(json, "is_members", evidence_makes_member(who->evidence));
    json_put_text(json, "contact", who->contact.text);
    json_put_instant(json, "contact_since",
                     who->contact.text ? who->contact.named.from
                                       : INSTANT_NONE);
    json_put_text(json, "contact_document",
                  who->contact.text ? who->contact.first : NULL);
    json_put_instant(json, "domain_proven", who->proven);
    json_end_object(json);
}

void bywhom_put_json(Json *json, const Settings *settings, const Lookup *lookup,
                     Instant when)
{
    g_autoptr(People) people = people_open(settings->relays.directory, NULL);
    g_autoptr(Families) families = people_families(people, when);
    g_autoptr(GArray) all = find_all(settings, people, families, lookup, when);
    json_key(json, "operators");
    json_array(json);
    for (guint i = 0; i < all->len; i++)
        put_who(json, &g_array_index(all, Who, i));
    json_end_array(json);
    json_key(json, "one_operator");
    if (all->len > 0)
        json_bool(json, is_one_operator(all, families));
    else
        json_null(json);
}
