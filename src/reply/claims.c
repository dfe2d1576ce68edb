/*
 * What a letter may assert, and what shows it.
 *
 * A claim is yes only if every incident of the ticket carries it with
 * certainty; no if one incident certainly denies it; everything between is
 * unknown, which a template's else-branch answers. To add one: a function
 * and a row in CLAIMS, and a case in tests/reply/test_claims.c.
 */
#include "reply/claims.h"

#include <string.h>

/* Bytes after which no more incidents are shown: twenty thousand of them
 * would be searched again and again. */
#define EXHIBIT_MAX 16384

typedef ClaimAnswer (*ClaimFunction)(const ReplyContext *context,
                                     GString *exhibit);

/* ---- about the address, from the relay record ------------------------- */

/* Add what shows it; takes words over. The same document of several
 * incidents stands there once. */
static void exhibit_add(GString *exhibit, char *words)
{
    if (!strstr(exhibit->str, words))
        g_string_append_printf(exhibit, "%s%s", exhibit->len > 0 ? "; " : "",
                               words);
    g_free(words);
}

static void exhibit_match(const Match *match, GString *exhibit)
{
    for (guint i = 0; match->documents && i < match->documents->len; i++) {
        const RelayDocument *document = match->documents->pdata[i];
        char when[INSTANT_TEXT_MAX];
        exhibit_add(exhibit,
                    g_strdup_printf("%s %s sha256 %s", document->type,
                                    instant_text(document->when, when),
                                    document->sha256 ? document->sha256 : "-"));
    }
    for (guint i = 0; match->relays && i < match->relays->len; i++) {
        const RelaySighting *relay = match->relays->pdata[i];
        if (relay->policy_text)
            exhibit_add(exhibit,
                        g_strdup_printf("policy %s: %s",
                                        policy_answer_word(relay->policy),
                                        relay->policy_text));
    }
}

/* Every incident certainly has the verdict. */
static ClaimAnswer answer_verdict(const ReplyContext *context, Verdict verdict,
                                  GString *exhibit)
{
    ClaimAnswer answer = CLAIM_YES;
    guint count = context->ticket->incidents->len;
    for (guint i = 0; i < count; i++) {
        const Match *match = context->matches[i];
        if (!match || match->verdict == VERDICT_UNDECIDABLE ||
            !match->is_certain)
            answer = MAX(answer, CLAIM_UNKNOWN);
        else if (match->verdict != verdict)
            return CLAIM_NO;
        if (match && exhibit->len < EXHIBIT_MAX)
            exhibit_match(match, exhibit);
    }
    return count > 0 ? answer : CLAIM_UNKNOWN;
}

static ClaimAnswer claim_exit_then(const ReplyContext *context,
                                   GString *exhibit)
{
    return answer_verdict(context, VERDICT_EXIT, exhibit);
}

static ClaimAnswer claim_port_closed(const ReplyContext *context,
                                     GString *exhibit)
{
    return answer_verdict(context, VERDICT_PORT_CLOSED, exhibit);
}

/* ---- what the member says of itself ----------------------------------- */

const MemberStatement *claims_statement(const ReplyContext *context,
                                        const char *name)
{
    const GPtrArray *statements = context->member->statements;
    for (guint i = 0; statements && i < statements->len; i++) {
        const MemberStatement *statement = statements->pdata[i];
        if (g_str_equal(statement->name, name) &&
            statement->said <= context->now &&
            (statement->until == INSTANT_NONE ||
             context->now < statement->until))
            return statement;
    }
    return NULL;
}

static ClaimAnswer claim_no_logs(const ReplyContext *context, GString *exhibit)
{
    const MemberStatement *statement = claims_statement(context, "no-logs");
    if (!statement)
        return CLAIM_NO;
    char said[INSTANT_TEXT_MAX];
    g_string_append_printf(exhibit, "statement of %s, %s",
                           statement->by ? statement->by : context->member->id,
                           instant_text(statement->said, said));
    return CLAIM_YES;
}

static const struct {
    const char *name;
    ClaimFunction evaluate;
    bool is_about_address;
} CLAIMS[] = {
    {"exit-then", claim_exit_then, true},
    {"port-closed", claim_port_closed, true},
    {"no-logs", claim_no_logs, false},
};

bool claims_is_about_address(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(CLAIMS); i++)
        if (g_str_equal(CLAIMS[i].name, name))
            return CLAIMS[i].is_about_address;
    return false;
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
        if (claim->answer == CLAIM_UNKNOWN)
            return false;
        one_is_yes |=
            claim->answer == CLAIM_YES && claims_is_about_address(claim->name);
    }
    return one_is_yes;
}
