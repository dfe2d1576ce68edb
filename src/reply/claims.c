/*
 * What a letter may assert, and what shows it.
 *
 * A claim is yes only if every incident of the ticket carries it with
 * certainty; no if one incident certainly denies it; everything between is
 * unknown, which a template's else-branch answers. To add one: a function
 * (claims_record.c, claims_member.c), a row in CLAIMS, its word in words.c,
 * and a case in tests/reply/test_claims.c.
 */
#include "reply/claims.h"

#include <string.h>

#define STATEMENT "statement."
#define STATED    "stated."

static ClaimAnswer claim_exit_then(const ReplyContext *context,
                                   GString *exhibit)
{
    return claim_verdict(context, VERDICT_EXIT, exhibit);
}

static ClaimAnswer claim_port_closed(const ReplyContext *context,
                                     GString *exhibit)
{
    return claim_verdict(context, VERDICT_PORT_CLOSED, exhibit);
}

static ClaimAnswer claim_not_exit_then(const ReplyContext *context,
                                       GString *exhibit)
{
    return claim_verdict(context, VERDICT_NOT_EXIT, exhibit);
}

static ClaimAnswer claim_not_listed_then(const ReplyContext *context,
                                         GString *exhibit)
{
    return claim_verdict(context, VERDICT_NOT_LISTED, exhibit);
}

static ClaimAnswer claim_not_ours(const ReplyContext *context, GString *exhibit)
{
    return claim_verdict(context, VERDICT_NOT_OURS, exhibit);
}

static const struct {
    const char *name;
    ClaimAnswer (*evaluate)(const ReplyContext *context, GString *exhibit);
    bool carries;     /* a letter can rest on it */
    const char *word; /* that has a value where it holds, or NULL */
} CLAIMS[] = {
    {"exit-then", claim_exit_then, true, NULL},
    {"port-closed", claim_port_closed, true, NULL},
    {"not-exit-then", claim_not_exit_then, true, NULL},
    {"not-listed-then", claim_not_listed_then, true, NULL},
    {"not-ours", claim_not_ours, true, NULL},
    {"spoof-likely", claim_spoof_likely, true, "incident.protocol"},
    {"destination-blocked", claim_destination_blocked, true, "remedy.seen"},
    {"reduced-policy", claim_reduced_policy, false, "relay.ports"},
    {"relay-gone", claim_relay_gone, false, "record.newest"},
    {"no-logs", claim_no_logs, false, NULL},
    {"host-checked", claim_host_checked, false, NULL},
    {"non-profit", claim_non_profit, false, NULL},
    {"address-shared", claim_address_shared, false, NULL},
};

void exhibit_add(GString *exhibit, char *words)
{
    if (!strstr(exhibit->str, words))
        g_string_append_printf(exhibit, "%s%s", exhibit->len > 0 ? "; " : "",
                               words);
    g_free(words);
}

bool claims_carries(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(CLAIMS); i++)
        if (g_str_equal(CLAIMS[i].name, name))
            return CLAIMS[i].carries;
    return false;
}

static bool is_statement_of(const char *prefix, const char *name,
                            const char *word)
{
    return g_str_has_prefix(word, prefix) &&
           g_str_equal(word + strlen(prefix), name);
}

bool claims_guards_word(const char *name, const char *word)
{
    if (is_statement_of(STATEMENT, name, word) ||
        is_statement_of(STATED, name, word))
        return true;
    for (guint i = 0; i < G_N_ELEMENTS(CLAIMS); i++)
        if (g_str_equal(CLAIMS[i].name, name))
            return g_strcmp0(CLAIMS[i].word, word) == 0;
    return false;
}

const char *claims_guard_of(const char *word)
{
    for (guint i = 0; i < G_N_ELEMENTS(CLAIMS); i++)
        if (claims_guards_word(CLAIMS[i].name, word))
            return CLAIMS[i].name;
    return NULL;
}

void claim_free(Claim *claim)
{
    if (!claim)
        return;
    g_free(claim->exhibit);
    g_free(claim);
}

GPtrArray *claims_evaluate(const ReplyContext *context)
{
    GPtrArray *claims =
        g_ptr_array_new_with_free_func((GDestroyNotify)claim_free);
    for (guint i = 0; i < G_N_ELEMENTS(CLAIMS); i++) {
        g_autoptr(GString) exhibit = g_string_new(NULL);
        Claim *claim = g_new0(Claim, 1);
        claim->name = CLAIMS[i].name;
        claim->answer = CLAIMS[i].evaluate(context, exhibit);
        claim->exhibit = g_string_free(g_steal_pointer(&exhibit), FALSE);
        g_ptr_array_add(claims, claim);
    }
    return claims;
}

bool reply_claims_hold(const Reply *reply)
{
    bool one_is_yes = false;
    for (guint i = 0; i < reply->claims->len; i++) {
        const Claim *claim = reply->claims->pdata[i];
        if (!claims_carries(claim->name))
            continue;
        if (claim->answer == CLAIM_UNKNOWN)
            return false;
        one_is_yes |= claim->answer == CLAIM_YES;
    }
    return one_is_yes;
}
