#include "reply/sample.h"

#include <string.h>

static const Claim *claim_named(const GPtrArray *claims, const char *name)
{
    for (guint i = 0; i < claims->len; i++) {
        const Claim *claim = claims->pdata[i];
        if (g_str_equal(claim->name, name))
            return claim;
    }
    g_error("no claim %s", name);
}

static void check(const Sample *sample, const char *name, ClaimAnswer answer)
{
    g_autoptr(GPtrArray) claims = claims_evaluate(&sample->context);
    g_assert_cmpint(claim_named(claims, name)->answer, ==, answer);
}

static Match *match_at(const Sample *sample, guint index)
{
    return sample->matches->pdata[index];
}

/* Each claim both ways, and unknown where the record does not decide. */
static void test_verdicts(void)
{
    static const struct {
        uint32_t branches;
        ClaimAnswer exit_then, port_closed;
    } CASES[] = {
        {SAMPLE_EXIT, CLAIM_YES, CLAIM_NO},
        {SAMPLE_PORT_CLOSED, CLAIM_NO, CLAIM_YES},
        {0, CLAIM_UNKNOWN, CLAIM_UNKNOWN},
        {SAMPLE_EXIT | SAMPLE_SEVERAL, CLAIM_YES, CLAIM_NO},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Sample) sample =
            sample_new(CASES[i].branches, "messaging/spam");
        check(sample, "exit-then", CASES[i].exit_then);
        check(sample, "port-closed", CASES[i].port_closed);
    }
}

static void test_one_spoils_all(void)
{
    g_autoptr(Sample) sample =
        sample_new(SAMPLE_EXIT | SAMPLE_SEVERAL, "messaging/spam");
    match_at(sample, 3)->verdict = VERDICT_NOT_EXIT;
    check(sample, "exit-then", CLAIM_NO);
    match_at(sample, 3)->verdict = VERDICT_EXIT;
    match_at(sample, 2)->is_certain = false;
    check(sample, "exit-then", CLAIM_UNKNOWN);
    match_at(sample, 2)->verdict = VERDICT_UNDECIDABLE;
    check(sample, "exit-then", CLAIM_UNKNOWN);
    /* An uncertain other verdict is no certain "no". */
    match_at(sample, 2)->verdict = VERDICT_NOT_LISTED;
    check(sample, "exit-then", CLAIM_UNKNOWN);
    check(sample, "port-closed", CLAIM_NO);
}

static void test_exhibit(void)
{
    g_autoptr(Sample) sample = sample_new(SAMPLE_EXIT, "messaging/spam");
    g_autoptr(GPtrArray) claims = claims_evaluate(&sample->context);
    const char *exhibit = claim_named(claims, "exit-then")->exhibit;
    g_assert_nonnull(strstr(exhibit, "consensus 2026-05-03T14:00:00Z sha256 "
                                     "aaaa"));
    g_assert_nonnull(strstr(exhibit, "policy accepted: accept 22,80,443"));
    /* The same document for four events is shown once. */
    g_autoptr(Sample) several =
        sample_new(SAMPLE_EXIT | SAMPLE_SEVERAL, "messaging/spam");
    g_autoptr(GPtrArray) more = claims_evaluate(&several->context);
    g_assert_cmpstr(claim_named(more, "exit-then")->exhibit, ==, exhibit);
}

static void test_statement(void)
{
    g_autoptr(Sample) sample =
        sample_new(SAMPLE_EXIT | SAMPLE_NO_LOGS, "messaging/spam");
    check(sample, "no-logs", CLAIM_YES);
    MemberStatement *statement = sample->member->statements->pdata[0];
    statement->until = sample->context.now;
    check(sample, "no-logs", CLAIM_NO);
    statement->until = INSTANT_NONE;
    statement->said = sample->context.now + 1;
    check(sample, "no-logs", CLAIM_NO);
    g_autoptr(Sample) silent = sample_new(SAMPLE_EXIT, "messaging/spam");
    check(silent, "no-logs", CLAIM_NO);
}

static Reply *reply_with(ClaimAnswer exit_then, ClaimAnswer port_closed)
{
    Reply *reply = g_new0(Reply, 1);
    reply->claims = g_ptr_array_new_with_free_func((GDestroyNotify)claim_free);
    Claim *one = g_new0(Claim, 1), *two = g_new0(Claim, 1);
    *one = (Claim){.name = "exit-then", .answer = exit_then};
    *two = (Claim){.name = "port-closed", .answer = port_closed};
    g_ptr_array_add(reply->claims, one);
    g_ptr_array_add(reply->claims, two);
    return reply;
}

static void test_claims_hold(void)
{
    static const struct {
        ClaimAnswer one, two;
        bool holds;
    } CASES[] = {
        {CLAIM_YES, CLAIM_NO, true},
        {CLAIM_NO, CLAIM_YES, true},
        {CLAIM_NO, CLAIM_NO, false},
        {CLAIM_YES, CLAIM_UNKNOWN, false},
        {CLAIM_UNKNOWN, CLAIM_UNKNOWN, false},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Reply) reply = reply_with(CASES[i].one, CASES[i].two);
        g_assert_cmpint(reply_claims_hold(reply), ==, CASES[i].holds);
    }
    g_autoptr(Reply) silent = reply_with(CLAIM_YES, CLAIM_YES);
    g_ptr_array_set_size(silent->claims, 0);
    g_assert_false(reply_claims_hold(silent));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/claims/verdicts", test_verdicts);
    g_test_add_func("/reply/claims/one-spoils-all", test_one_spoils_all);
    g_test_add_func("/reply/claims/exhibit", test_exhibit);
    g_test_add_func("/reply/claims/statement", test_statement);
    g_test_add_func("/reply/claims/hold", test_claims_hold);
    return g_test_run();
}
