/*
 * policy.h - who may be answered how, for members of a country.
 *
 * policies/CC.yaml, country in upper case (ISO 3166-1); what a country does
 * not say comes from EU (if it is a member state), then from XX. Every
 * effective line knows its file and line.
 */
#pragma once

#include "policy/law.h"
#include "ticket/ticket.h"

typedef enum { AUTO_NEVER, AUTO_ALLOWED } PolicyAuto;
typedef enum { REPLY_NO, REPLY_STAFF, REPLY_YES } PolicyReply;

const char *policy_auto_word(PolicyAuto automatic); /* never allowed */
const char *policy_reply_word(PolicyReply reply);   /* no staff yes */

/* Matters that no file can open to automatic letters: threats, legal demands
 * (whole classes) and sexual abuse of children. */
bool policy_is_never_automatic(const char *category);

/* What holds for one category in one country. */
typedef struct {
    const char *category; /* as asked for */
    PolicyReply reply;
    PolicyAuto automatic;
    const char *template;       /* "login-attack"; NULL: no letter */
    uint32_t wait_s;            /* send delay; the setting's if 0 */
    uint32_t promise_s;         /* when the answer is due */
    uint32_t verdicts;          /* bits 1 << Verdict that may be answered */
    const GPtrArray *languages; /* of char *, best first */
    const char *const *law;     /* topics that a letter may cite, best first,
                                   NULL-terminated */
    uint32_t keep_s;    /* how long a closed case is kept; 0: not said */
    GPtrArray *origins; /* of PolicyLine: each effective line */
} PolicyRule;
typedef struct {
    const char *key;
    char *value;
    char *file; /* NULL: built in */
    int line;
} PolicyLine;
void policy_rule_free(PolicyRule *rule);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(PolicyRule, policy_rule_free)

typedef struct Policies Policies;
/* Read every CC.yaml of the directories; a later directory's file replaces
 * one of the same name. Errors: CONFIG with file:line:column, all of them. */
Policies *policies_load(const char *const *directories, GError **error);
Policies *policies_ref(Policies *policies);
void policies_unref(Policies *policies);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Policies, policies_unref)

/* What holds for a category: each key from the most exact line that says
 * it ("class/type", then "class", then the defaults), and among equals from
 * the nearest pack (country, EU, XX). Exactness counts first so that the
 * defaults of a country cannot undo what XX says of, say, content/csam.
 * Country NULL means XX. Valid while policies live. */
PolicyRule *policy_explain(const Policies *policies, const char *country,
                           const char *category);

/* Is the country's pack, EU's or XX's in use? Chain like "DE EU XX". */
char *policy_chain(const Policies *policies, const char *country);

/* Codes of the packs that were read, sorted; and their file. Borrowed. */
guint policies_count(const Policies *policies);
const char *policies_code(const Policies *policies, guint index);
const char *policies_file(const Policies *policies, guint index);

/* ---- what holds for a country as a whole ------------------------------- */

/* Does a law of the country make members keep data of connections? */
typedef enum { RETENTION_UNKNOWN, RETENTION_NONE, RETENTION_DUTY } Retention;
/* unknown, none known, flagged */
const char *policy_retention_word(Retention retention);
Retention policy_retention_duty(const Policies *policies, const char *country);

/* Every such line: "reviewed", "retention_duty", "traps", "authority.tell",
 * "authority.channel", "authority.checklist", "authority.never". What can be
 * said once is said by the nearest pack; of lists each pack of the chain adds
 * its own: traps the nearest first, steps the general first. Array of
 * PolicyLine, yours. */
GPtrArray *policy_country_lines(const Policies *policies, const char *country);

/* The law packs that were read with them; borrowed. */
const Laws *policies_laws(const Policies *policies);
