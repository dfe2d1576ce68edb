/*
 * policy.h - who may be answered how, for members of a country.
 *
 * policies/CC.yaml, country in upper case (ISO 3166-1); what a country does
 * not say comes from EU (if it is a member state), then from XX. Every
 * effective line knows its file and line.
 */
#pragma once

#include "ticket/ticket.h"

typedef enum { AUTO_NEVER, AUTO_ALLOWED } PolicyAuto;
typedef enum { REPLY_NO, REPLY_STAFF, REPLY_YES } PolicyReply;

/* What holds for one category in one country. */
typedef struct {
    const char *category;     /* as asked for */
    PolicyReply reply;
    PolicyAuto automatic;
    const char *template;     /* "login-attack"; NULL: no letter */
    uint32_t wait_s;          /* send delay; the setting's if 0 */
    uint32_t promise_s;       /* when the answer is due */
    uint32_t verdicts;        /* bits 1 << Verdict that may be answered */
    const GPtrArray *languages; /* of char *, best first */
    GPtrArray *origins;       /* of PolicyLine: each effective line */
} PolicyRule;
typedef struct {
    const char *key, *value; /* borrowed from the policies */
    char *file;
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

/* Country NULL means XX. Valid while policies live. */
PolicyRule *policy_explain(const Policies *policies, const char *country,
                           const char *category);

/* Is the country's pack, EU's or XX's in use? Chain like "DE EU XX". */
char *policy_chain(const Policies *policies, const char *country);
