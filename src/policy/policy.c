/*
 * Which line of which pack holds for a kind of complaint.
 *
 * Each key is looked up by itself: first in the entries of the exact kind
 * ("copyright/p2p"), nearest pack first, then of its class ("copyright"),
 * then of "any". Exactness goes before nearness: a country that says
 * "any: automatic: allowed" speaks of the ordinary, not of what the pack for
 * everywhere singles out. A country that wants a kind treated otherwise names
 * that kind.
 */
#include "policy/pack.h"

#include "base/country.h"
#include "base/errors.h"
#include "base/files.h"

#include <string.h>

#define PACK_SUFFIX    ".yaml"
#define CHAIN_MAX      3 /* country, EU, XX */
#define EXACTNESS_MAX  3 /* class/type, class, any */
#define BUILT_IN_NEVER "never"

struct Policies {
    int references;
    GPtrArray *packs; /* of Pack, sorted by code */
    Laws *laws;
};

/* ---- loading ---------------------------------------------------------- */

static int compare_packs(gconstpointer a, gconstpointer b)
{
    const Pack *const *pack_a = a, *const *pack_b = b;
    return strcmp((*pack_a)->code, (*pack_b)->code);
}

const Pack *policies_pack(const Policies *policies, const char *code)
{
    for (guint i = 0; i < policies->packs->len; i++) {
        const Pack *pack = policies->packs->pdata[i];
        if (g_str_equal(pack->code, code))
            return pack;
    }
    return NULL;
}

static void add_pack(Policies *policies, Pack *pack)
{
    const Pack *old = policies_pack(policies, pack->code);
    if (old)
        g_ptr_array_remove(policies->packs, (gpointer)old);
    g_ptr_array_add(policies->packs, pack);
}

static void load_file(Policies *policies, const char *directory,
                      const char *name, GPtrArray *errors)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autofree char *code = g_strndup(name, strlen(name) - strlen(PACK_SUFFIX));
    g_autofree char *objection = pack_code_objection(code);
    if (objection) {
        yaml_complain(errors, path, 0, 0, "%s", objection);
        return;
    }
    Pack *pack = pack_load(path, code, errors);
    if (pack)
        add_pack(policies, pack);
}

static bool load_packs(Policies *policies, const char *const *directories,
                       GPtrArray *errors, GError **error)
{
    for (; *directories; directories++) {
        g_autoptr(GPtrArray) names =
            directory_list(*directories, PACK_SUFFIX, error);
        if (!names)
            return false;
        for (guint i = 0; i < names->len; i++)
            load_file(policies, *directories, names->pdata[i], errors);
    }
    g_ptr_array_sort(policies->packs, compare_packs);
    return true;
}

Policies *policies_load(const char *const *directories, GError **error)
{
    g_autoptr(Policies) policies = g_new0(Policies, 1);
    policies->references = 1;
    policies->packs = g_ptr_array_new_with_free_func((GDestroyNotify)pack_free);
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    if (!load_packs(policies, directories, errors, error))
        return NULL;
    policies->laws = laws_load(directories, errors);
    if (errors->len == 0)
        return g_steal_pointer(&policies);
    g_ptr_array_add(errors, NULL);
    g_autofree char *lines = g_strjoinv("\n", (char **)errors->pdata);
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG, "%s", lines);
    return NULL;
}

Policies *policies_ref(Policies *policies)
{
    g_atomic_int_inc(&policies->references);
    return policies;
}

void policies_unref(Policies *policies)
{
    if (!policies || !g_atomic_int_dec_and_test(&policies->references))
        return;
    g_ptr_array_unref(policies->packs);
    laws_free(policies->laws);
    g_free(policies);
}

const Laws *policies_laws(const Policies *policies)
{
    return policies->laws;
}

guint policies_count(const Policies *policies)
{
    return policies->packs->len;
}

const char *policies_code(const Policies *policies, guint index)
{
    return ((const Pack *)policies->packs->pdata[index])->code;
}

const char *policies_file(const Policies *policies, guint index)
{
    return ((const Pack *)policies->packs->pdata[index])->file;
}

/* ---- looking up ------------------------------------------------------- */

bool policy_is_never_automatic(const char *category)
{
    static const char *const CLASSES[] = {"threat", "legal", "content/csam",
                                          "content/csem"};
    for (guint i = 0; category && i < G_N_ELEMENTS(CLASSES); i++) {
        size_t length = strlen(CLASSES[i]);
        if (strncmp(category, CLASSES[i], length) == 0 &&
            (!category[length] || category[length] == '/'))
            return true;
    }
    return false;
}

char *policy_chain(const Policies *policies, const char *country)
{
    GString *chain = g_string_new(NULL);
    if (country && !g_str_equal(country, "XX"))
        g_string_append_printf(chain, "%s ", country);
    if (country && country_is_eu(country))
        g_string_append(chain, "EU ");
    g_string_append(chain, "XX");
    return g_string_free(chain, FALSE);
}

/* Entries that may speak for the category, most telling first. */
typedef struct {
    const PackRule *rules[CHAIN_MAX * EXACTNESS_MAX];
    guint count;
} Voices;

static Voices find_voices(const Policies *policies, const char *country,
                          const char *category)
{
    g_autofree char *class = g_strndup(category, strcspn(category, "/"));
    const char *names[EXACTNESS_MAX] = {category, class, POLICY_ANY};
    g_autofree char *chain = policy_chain(policies, country);
    g_auto(GStrv) codes = g_strsplit(chain, " ", CHAIN_MAX);
    Voices voices = {0};
    for (guint i = 0; i < EXACTNESS_MAX; i++)
        for (guint j = 0; codes[j]; j++) {
            const Pack *pack = policies_pack(policies, codes[j]);
            const PackRule *rule = pack ? pack_rule(pack, names[i]) : NULL;
            bool is_twice = rule && voices.count > 0 &&
                            voices.rules[voices.count - 1] == rule;
            if (rule && !is_twice)
                voices.rules[voices.count++] = rule;
        }
    return voices;
}

void policy_line_free(void *data)
{
    PolicyLine *line = data;
    g_free(line->value);
    g_free(line->file);
    g_free(line);
}

PolicyLine *policy_line_new(const char *key, const char *value,
                            const char *file, int line)
{
    PolicyLine *made = g_new0(PolicyLine, 1);
    made->key = key;
    made->value = g_strdup(value);
    made->file = g_strdup(file);
    made->line = line;
    return made;
}

static void add_origin(PolicyRule *rule, const char *key, const char *value,
                       const char *file, int line)
{
    g_ptr_array_add(rule->origins, policy_line_new(key, value, file, line));
}

/* The first entry that says the key; its line becomes an origin. */
static const PackRule *ask(const Voices *voices, const char *key,
                           PolicyRule *rule)
{
    for (guint i = 0; i < voices->count; i++) {
        const SchemaValues *values = voices->rules[i]->values;
        guint count = schema_count(values, key);
        if (count == 0)
            continue;
        g_autoptr(GString) shown = g_string_new(NULL);
        for (guint j = 0; j < count; j++)
            g_string_append_printf(shown, "%s%s", j > 0 ? " " : "",
                                   schema_item(values, key, j)->text);
        const SchemaItem *first = schema_item(values, key, 0);
        add_origin(rule, key, shown->str, first->file, first->line);
        return voices->rules[i];
    }
    return NULL;
}

static int64_t ask_number(const Voices *voices, const char *key,
                          int64_t fallback, PolicyRule *rule)
{
    const PackRule *found = ask(voices, key, rule);
    return found ? schema_number(found->values, key) : fallback;
}

static const char *ask_template(const Voices *voices, PolicyRule *rule)
{
    const PackRule *found = ask(voices, "template", rule);
    const char *name = found ? schema_text(found->values, "template") : NULL;
    return name && g_str_equal(name, "none") ? NULL : name;
}

static uint32_t ask_verdicts(const Voices *voices, PolicyRule *rule)
{
    const PackRule *found = ask(voices, "verdicts", rule);
    uint32_t bits = 0;
    for (guint i = 0; found && i < schema_count(found->values, "verdicts"); i++)
        bits |=
            policy_verdict_bit(schema_item(found->values, "verdicts", i)->text);
    return bits;
}

static const char *const *ask_law(const Voices *voices, PolicyRule *rule)
{
    static const char *const NONE[] = {NULL};
    const PackRule *found = ask(voices, "law", rule);
    return found ? (const char *const *)found->law->pdata : NONE;
}

PolicyRule *policy_explain(const Policies *policies, const char *country,
                           const char *category)
{
    static GPtrArray *no_languages;
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        no_languages = g_ptr_array_new();
        g_once_init_leave(&ready, 1);
    }
    Voices voices = find_voices(policies, country, category);
    PolicyRule *rule = g_new0(PolicyRule, 1);
    rule->category = category;
    rule->origins = g_ptr_array_new_with_free_func(policy_line_free);
    rule->reply = (PolicyReply)ask_number(&voices, "reply", REPLY_STAFF, rule);
    rule->automatic =
        (PolicyAuto)ask_number(&voices, "automatic", AUTO_NEVER, rule);
    rule->template = ask_template(&voices, rule);
    const PackRule *speaker = ask(&voices, "languages", rule);
    rule->languages = speaker ? speaker->languages : no_languages;
    rule->wait_s = (uint32_t)ask_number(&voices, "wait", 0, rule);
    rule->promise_s = (uint32_t)ask_number(&voices, "promise", 0, rule);
    rule->verdicts = ask_verdicts(&voices, rule);
    rule->law = ask_law(&voices, rule);
    rule->keep_s = (uint32_t)ask_number(&voices, "keep", 0, rule);
    ask(&voices, "keep_reason", rule);
    if (policy_is_never_automatic(category) && rule->automatic != AUTO_NEVER) {
        rule->automatic = AUTO_NEVER;
        add_origin(rule, "automatic", BUILT_IN_NEVER, NULL, 0);
    }
    return rule;
}

void policy_rule_free(PolicyRule *rule)
{
    if (!rule)
        return;
    g_ptr_array_unref(rule->origins);
    g_free(rule);
}
