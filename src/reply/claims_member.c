/*
 * Claims that rest on what the member states of itself, dated and signed by
 * name in members.d/ID.yaml; nothing else can show them.
 */
#include "reply/claims.h"

const MemberStatement *claims_statement(const ReplyContext *context,
                                        const char *name)
{
    const GPtrArray *statements =
        context->member ? context->member->statements : NULL;
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

static void show_statement(const ReplyContext *context,
                           const MemberStatement *statement, GString *exhibit)
{
    char said[INSTANT_TEXT_MAX];
    const char *by = statement->by ? statement->by : context->member->id;
    exhibit_add(exhibit, g_strdup_printf("statement of %s, %s", by,
                                         instant_text(statement->said, said)));
}

static ClaimAnswer answer_statement(const ReplyContext *context,
                                    const char *name, GString *exhibit)
{
    const MemberStatement *statement = claims_statement(context, name);
    if (!statement)
        return CLAIM_NO;
    show_statement(context, statement, exhibit);
    return CLAIM_YES;
}

static Retention retention_of(const ReplyContext *context)
{
    if (context->retention != RETENTION_UNKNOWN || !context->policies)
        return context->retention;
    return policy_retention_duty(context->policies, context->member->country);
}

/* A member may believe that it keeps nothing where its provider or a law
 * makes it keep something: the sentence needs a country without such a
 * duty. */
ClaimAnswer claim_no_logs(const ReplyContext *context, GString *exhibit)
{
    ClaimAnswer answer = answer_statement(context, "no-logs", exhibit);
    if (answer != CLAIM_YES)
        return answer;
    switch (retention_of(context)) {
    case RETENTION_NONE:
        return CLAIM_YES;
    case RETENTION_DUTY:
        exhibit_add(exhibit, g_strdup("the country's law has a duty to keep "
                                      "data"));
        return CLAIM_NO;
    case RETENTION_UNKNOWN:
        exhibit_add(exhibit, g_strdup("not known whether the country's law "
                                      "has a duty to keep data"));
        return CLAIM_UNKNOWN;
    }
    g_assert_not_reached();
}

/* Was the machine looked at after all that is cited? A check from before
 * says nothing of it, and one without an end is not believed for ever. */
ClaimAnswer claim_host_checked(const ReplyContext *context, GString *exhibit)
{
    const MemberStatement *statement =
        claims_statement(context, "host-checked");
    if (!statement || statement->until == INSTANT_NONE)
        return CLAIM_NO;
    for (guint i = 0; i < context->ticket->incidents->len; i++) {
        Interval span;
        if (!claims_possible_span(claims_incident(context, i), &span))
            return CLAIM_UNKNOWN;
        if (statement->said < span.to)
            return CLAIM_NO;
    }
    return answer_statement(context, "host-checked", exhibit);
}

ClaimAnswer claim_non_profit(const ReplyContext *context, GString *exhibit)
{
    return answer_statement(context, "non-profit", exhibit);
}

/* With whom is nobody's business. */
ClaimAnswer claim_address_shared(const ReplyContext *context, GString *exhibit)
{
    return answer_statement(context, "address-shared", exhibit);
}
