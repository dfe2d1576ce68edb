/*
 * Reading policies/CC.yaml: the settings a pack may have, and its checks.
 */
#include "policy/pack.h"

#include "base/country.h"
#include "base/errors.h"
#include "base/files.h"
#include "report/category.h"

#include <string.h>

#define DAY_S (24 * 3600)

static const char *const REPLIES[] = {"no", "staff", "yes", NULL};
static const char *const AUTOMATICS[] = {"never", "allowed", NULL};

const char *policy_reply_word(PolicyReply reply)
{
    return REPLIES[reply];
}

const char *policy_auto_word(PolicyAuto automatic)
{
    return AUTOMATICS[automatic];
}

uint32_t policy_verdict_bit(const char *word)
{
    for (guint verdict = 0; verdict < VERDICT_COUNT; verdict++)
        if (verdict != VERDICT_UNDECIDABLE &&
            g_str_equal(word, verdict_word((Verdict)verdict)))
            return 1u << verdict;
    return 0;
}

static const char *verdict_objection(const char *text)
{
    return policy_verdict_bit(text)
               ? NULL
               : "is no verdict that can be answered. Verdicts are: exit, "
                 "port-closed, not-tcp, not-exit, not-listed, neighbour, "
                 "not-ours.";
}

static const char *template_objection(const char *text)
{
    for (const char *at = text; *at; at++)
        if (!g_ascii_islower(*at) && !g_ascii_isdigit(*at) && *at != '-')
            return "is no template name: only small letters, digits and "
                   "hyphens.";
    return NULL;
}

#define NO_LAW "none"

static const char *law_objection(const char *text)
{
    return law_topic_is_known(text) || g_str_equal(text, NO_LAW)
               ? NULL
               : "is no topic of the law packs. Write mere-conduit, "
                 "copyright-conduit, not-the-speaker, or none.";
}

/* What may be said of each kind of complaint. To add one: a row here and a
 * field of PolicyRule that policy.c fills. */
static const SchemaRow RULE_ROWS[] = {
    {.path = "reply",
     .type = SCHEMA_CHOICE,
     .choices = REPLIES,
     .about = "Whether such complaints are answered: no, by staff, or yes."},
    {.path = "automatic",
     .type = SCHEMA_CHOICE,
     .choices = AUTOMATICS,
     .about = "Whether a letter may ever leave without a person's yes."},
    {.path = "template",
     .type = SCHEMA_TEXT,
     .objection = template_objection,
     .about = "The letter: NAME of templates/CC/NAME.LANG.txt, or none."},
    {.path = "languages",
     .type = SCHEMA_LANGUAGE,
     .shape = SCHEMA_LIST,
     .about = "Languages of the answer: the complaint's own if it is among "
              "them, else the first in which there is a letter."},
    {.path = "wait",
     .type = SCHEMA_DURATION,
     .max = 7 * DAY_S,
     .about = "How long a letter can still be stopped before it leaves."},
    {.path = "promise",
     .type = SCHEMA_DURATION,
     .max = 365 * DAY_S,
     .about = "When the answer is due."},
    {.path = "verdicts",
     .type = SCHEMA_TEXT,
     .shape = SCHEMA_LIST,
     .objection = verdict_objection,
     .about = "What the relay record must say before a letter may leave "
              "without a person."},
    {.path = "law",
     .type = SCHEMA_TEXT,
     .shape = SCHEMA_LIST,
     .objection = law_objection,
     .about = "Topics of policies/law that a letter may cite, best first; or "
              "none."},
    {.path = "keep",
     .type = SCHEMA_DURATION,
     .max = 30u * 365 * DAY_S,
     .about = "How long a closed case is kept."},
    {.path = "keep_reason", .type = SCHEMA_TEXT, .about = "Why so long."},
    {0},
};

bool policy_entry_is_known(const char *name)
{
    if (g_str_equal(name, POLICY_ANY) || category_is_known(name))
        return true;
    size_t length = strlen(name);
    const char *word;
    for (size_t i = 0; (word = category_word(i)); i++)
        if (strncmp(word, name, length) == 0 && word[length] == '/')
            return true;
    return false;
}

static const char *entry_objection(const char *name)
{
    return policy_entry_is_known(name)
               ? NULL
               : "is no kind of complaint. Write \"any\", a class "
                 "(\"copyright\") or a class and type (\"copyright/p2p\").";
}

static const char *const RETENTIONS[] = {"unknown", "none known", "flagged",
                                         NULL};
static const char *const ROLES[] = {"desk", "legal", "member", "lawyer", NULL};

const char *policy_retention_word(Retention retention)
{
    return RETENTIONS[retention];
}

/* To add one: a row here, and in policy_country.c what is shown of it. */
static const SchemaRow PACK_ROWS[] = {
    {.path = "reviewed",
     .type = SCHEMA_TEXT,
     .about = "When somebody who knows the law last read this, and who."},
    {.path = "retention_duty",
     .type = SCHEMA_CHOICE,
     .choices = RETENTIONS,
     .about = "Whether a law makes members keep data of connections: unknown, "
              "none known, or flagged. Where it is flagged no letter says "
              "that no logs are kept."},
    {.path = "retention_note",
     .type = SCHEMA_TEXT,
     .about = "Which law that is, or why it is not known."},
    {.path = "traps",
     .type = SCHEMA_TEXT,
     .shape = SCHEMA_LIST,
     .about = "What has gone wrong in this country, or can."},
    {.path = "authority.tell",
     .type = SCHEMA_CHOICE,
     .choices = ROLES,
     .shape = SCHEMA_LIST,
     .about = "Who is told at once of mail from authorities, courts and "
              "lawyers: desk, legal, member, lawyer."},
    {.path = "authority.channel",
     .type = SCHEMA_TEXT,
     .about = "The way on which an authority of this country has to ask."},
    {.path = "authority.checklist",
     .type = SCHEMA_TEXT,
     .shape = SCHEMA_LIST,
     .about = "What to do, step by step, in plain words."},
    {.path = "authority.never",
     .type = SCHEMA_TEXT,
     .shape = SCHEMA_LIST,
     .about = "What not to do."},
    {.path = "complaints",
     .type = SCHEMA_RECORD,
     .shape = SCHEMA_MAP,
     .rows = RULE_ROWS,
     .name_objection = entry_objection,
     .about = "What holds for a kind of complaint; \"any\" for all that are "
              "not named."},
    {0},
};

/* ---- reading ---------------------------------------------------------- */

static void pack_rule_free(void *data)
{
    PackRule *rule = data;
    g_clear_pointer(&rule->languages, g_ptr_array_unref);
    g_clear_pointer(&rule->law, g_ptr_array_unref);
    g_free(rule);
}

void pack_free(Pack *pack)
{
    if (!pack)
        return;
    g_clear_pointer(&pack->rules, g_ptr_array_unref);
    schema_values_free(pack->values);
    g_free(pack->code);
    g_free(pack->file);
    g_free(pack);
}

/* No file can open to programs what is never for them. */
static void check_rule(const SchemaItem *entry, GPtrArray *errors)
{
    const SchemaValues *values = entry->record;
    if (!policy_is_never_automatic(entry->key) ||
        schema_count(values, "automatic") == 0 ||
        schema_number(values, "automatic") == AUTO_NEVER)
        return;
    const SchemaItem *line = schema_item(values, "automatic", 0);
    yaml_complain(errors, line->file, line->line, line->column,
                  "\"%s\" is never answered by a program; write "
                  "\"automatic: never\" or leave the line out.",
                  entry->key);
}

/* The texts of a list; NULL if the entry does not say it. */
static GPtrArray *list_of(const SchemaValues *values, const char *path)
{
    guint count = schema_count(values, path);
    if (count == 0)
        return NULL;
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < count; i++)
        g_ptr_array_add(list, g_strdup(schema_item(values, path, i)->text));
    return list;
}

/* The topics; "none" is a list without any. */
static GPtrArray *topics_of(const SchemaValues *values)
{
    GPtrArray *topics = list_of(values, "law");
    if (topics && g_str_equal(topics->pdata[0], NO_LAW))
        g_ptr_array_set_size(topics, 0);
    if (topics)
        g_ptr_array_add(topics, NULL);
    return topics;
}

static PackRule *pack_rule_new(const SchemaItem *entry)
{
    PackRule *rule = g_new0(PackRule, 1);
    rule->name = entry->key;
    rule->values = entry->record;
    rule->languages = list_of(entry->record, "languages");
    rule->law = topics_of(entry->record);
    return rule;
}

Pack *pack_load(const char *path, const char *code, GPtrArray *errors)
{
    SchemaValues *values = schema_load(PACK_ROWS, path, errors);
    if (!values)
        return NULL;
    Pack *pack = g_new0(Pack, 1);
    pack->code = g_strdup(code);
    pack->file = g_strdup(path);
    pack->values = values;
    pack->rules = g_ptr_array_new_with_free_func(pack_rule_free);
    for (guint i = 0; i < schema_count(values, "complaints"); i++) {
        const SchemaItem *entry = schema_item(values, "complaints", i);
        check_rule(entry, errors);
        g_ptr_array_add(pack->rules, pack_rule_new(entry));
    }
    return pack;
}

const PackRule *pack_rule(const Pack *pack, const char *name)
{
    for (guint i = 0; i < pack->rules->len; i++) {
        const PackRule *rule = pack->rules->pdata[i];
        if (g_str_equal(rule->name, name))
            return rule;
    }
    return NULL;
}

char *pack_code_objection(const char *code)
{
    if (country_is_known(code) || g_str_equal(code, "EU") ||
        g_str_equal(code, "XX"))
        return NULL;
    const char *meant = country_meant(code);
    if (g_str_equal(code, "UK"))
        return g_strdup("\"UK\" is not an ISO 3166-1 code; use GB. Rename "
                        "the file.");
    if (meant)
        return g_strdup_printf("\"%s\" is not an ISO 3166-1 code; did you "
                               "mean %s? Rename the file.",
                               code, meant);
    return g_strdup_printf("\"%s\" is not an ISO 3166-1 code, nor EU or XX. "
                           "Rename the file.",
                           code);
}
