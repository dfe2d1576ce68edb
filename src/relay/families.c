/* Which relays are related; see family.h. */
#include "relay/family.h"

struct Families {
    GHashTable *by_relay; /* Fingerprint → Family */
    GHashTable *by_id;    /* FamilyId → array of Fingerprint */
};

static guint hash_bytes(gconstpointer key)
{
    guint hash;
    memcpy(&hash, key, sizeof hash); /* digests and keys are random enough */
    return hash;
}

static int same_fingerprint(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(Fingerprint)) == 0;
}

static int same_id(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(FamilyId)) == 0;
}

Families *families_new(void)
{
    Families *families = g_new(Families, 1);
    families->by_relay = g_hash_table_new_full(
        hash_bytes, same_fingerprint, g_free, (GDestroyNotify)family_free);
    families->by_id = g_hash_table_new_full(hash_bytes, same_id, g_free,
                                            (GDestroyNotify)g_array_unref);
    return families;
}

void families_free(Families *families)
{
    if (!families)
        return;
    g_hash_table_unref(families->by_relay);
    g_hash_table_unref(families->by_id);
    g_free(families);
}

static void index_id(Families *families, const FamilyId *id,
                     const Fingerprint *relay)
{
    GArray *relays = g_hash_table_lookup(families->by_id, id);
    if (!relays) {
        relays = g_array_new(false, false, sizeof(Fingerprint));
        g_hash_table_insert(families->by_id, g_memdup2(id, sizeof *id), relays);
    }
    g_array_append_val(relays, *relay);
}

void families_add(Families *families, const Fingerprint *relay, Family *family)
{
    g_hash_table_insert(families->by_relay, g_memdup2(relay, sizeof *relay),
                        family);
    for (guint i = 0; i < family->ids->len; i++)
        index_id(families, &g_array_index(family->ids, FamilyId, i), relay);
}

static bool share_id(const Family *a, const Family *b)
{
    for (guint i = 0; i < a->ids->len; i++)
        for (guint j = 0; j < b->ids->len; j++)
            if (same_id(&g_array_index(a->ids, FamilyId, i),
                        &g_array_index(b->ids, FamilyId, j)))
                return true;
    return false;
}

FamilyRelation families_relation(const Families *families, const Fingerprint *a,
                                 const Fingerprint *b)
{
    const Family *of_a = g_hash_table_lookup(families->by_relay, a);
    const Family *of_b = g_hash_table_lookup(families->by_relay, b);
    if (same_fingerprint(a, b))
        return RELATION_NONE;
    if (of_a && of_b && share_id(of_a, of_b))
        return RELATION_KEY;
    bool a_names = of_a && fingerprints_hold(of_a->relays, b),
         b_names = of_b && fingerprints_hold(of_b->relays, a);
    if (a_names && b_names)
        return RELATION_MUTUAL;
    return a_names || b_names ? RELATION_CLAIMED : RELATION_NONE;
}

static void add_related(const Families *families, const Fingerprint *relay,
                        const GArray *candidates, GArray *out)
{
    for (guint i = 0; i < candidates->len; i++) {
        const Fingerprint *one = &g_array_index(candidates, Fingerprint, i);
        if (families_relation(families, relay, one) >= RELATION_MUTUAL)
            g_array_append_val(out, *one);
    }
}

GArray *families_relatives(const Families *families, const Fingerprint *relay)
{
    GArray *out = g_array_new(false, false, sizeof(Fingerprint));
    const Family *family = g_hash_table_lookup(families->by_relay, relay);
    if (!family)
        return out;
    add_related(families, relay, family->relays, out);
    for (guint i = 0; i < family->ids->len; i++)
        add_related(
            families, relay,
            g_hash_table_lookup(families->by_id,
                                &g_array_index(family->ids, FamilyId, i)),
            out);
    fingerprints_settle(out);
    return out;
}

const char *family_relation_word(FamilyRelation relation)
{
    static const char *const WORDS[] = {"none", "claimed", "mutual", "key"};
    return WORDS[relation];
}
