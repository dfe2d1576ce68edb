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
        const char *yes; /* all others are no; NULL: all unknown */
    } CASES[] = {
        {SAMPLE_EXIT, "exit-then"},
        {SAMPLE_EXIT | SAMPLE_SEVERAL, "exit-then"},
        {SAMPLE_PORT_CLOSED, "port-closed"},
        {SAMPLE_NOT_EXIT, "not-exit-then"},
        {SAMPLE_NOT_LISTED, "not-listed-then"},
        {SAMPLE_NOT_OURS, "not-ours"},
        {0, NULL},
    };
    static const char *const NAMES[] = {"exit-then", "port-closed",
                                        "not-exit-then", "not-listed-then",
                                        "not-ours"};
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Sample) sample =
            sample_new(CASES[i].branches, "messaging/spam");
        for (guint k = 0; k < G_N_ELEMENTS(NAMES); k++)
            check(sample, NAMES[k],
                  !CASES[i].yes                         ? CLAIM_UNKNOWN
                  : g_str_equal(CASES[i].yes, NAMES[k]) ? CLAIM_YES
                                                        : CLAIM_NO);
    }
}

/* Of UDP and ICMP the letters' texts say that Tor does not carry them, where
 * the claim holds. */
static void test_no_tcp(void)
{
    g_autoptr(Sample) sample =
        sample_new(SAMPLE_EXIT | SAMPLE_SEVERAL, "messaging/spam");
    for (guint i = 0; i < sample->matches->len; i++)
        match_at(sample, i)->verdict =
            i ? VERDICT_NOT_TCP : VERDICT_PORT_CLOSED;
    check(sample, "port-closed", CLAIM_YES);
    check(sample, "exit-then", CLAIM_NO);
    match_at(sample, 0)->verdict = VERDICT_NOT_EXIT;
    check(sample, "port-closed", CLAIM_NO);
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
    sample->context.retention = RETENTION_UNKNOWN;
    check(sample, "no-logs", CLAIM_UNKNOWN);
    sample->context.retention = RETENTION_DUTY;
    check(sample, "no-logs", CLAIM_NO);
    sample->context.retention = RETENTION_NONE;
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

/* Statements that need nothing else. */
static void test_plain_statements(void)
{
    static const struct {
        SampleBranch branch;
        const char *name;
    } CASES[] = {
        {SAMPLE_NON_PROFIT, "non-profit"},
        {SAMPLE_SHARED, "address-shared"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Sample) sample =
            sample_new(SAMPLE_EXIT | CASES[i].branch, "messaging/spam");
        check(sample, CASES[i].name, CLAIM_YES);
        g_autoptr(Sample) silent = sample_new(SAMPLE_EXIT, "messaging/spam");
        check(silent, CASES[i].name, CLAIM_NO);
        /* The desk itself states nothing. */
        sample->context.member = NULL;
        check(sample, CASES[i].name, CLAIM_NO);
    }
}

/* A check counts if it came after all that is cited, and has an end. */
static void test_host_checked(void)
{
    g_autoptr(Sample) sample =
        sample_new(SAMPLE_EXIT | SAMPLE_TIME | SAMPLE_SEVERAL | SAMPLE_CHECKED,
                   "messaging/spam");
    MemberStatement *statement = sample->member->statements->pdata[0];
    Instant until = statement->until;
    check(sample, "host-checked", CLAIM_YES);
    statement->until = INSTANT_NONE;
    check(sample, "host-checked", CLAIM_NO);
    statement->until = sample->context.now;
    check(sample, "host-checked", CLAIM_NO);
    statement->until = until;
    const Incident *last = sample->findings->incidents->pdata[3];
    const Reading *reading = last->time->readings->pdata[0];
    statement->said = reading->to - 1;
    check(sample, "host-checked", CLAIM_NO);
    statement->said = reading->to;
    check(sample, "host-checked", CLAIM_YES);
    g_ptr_array_set_size(last->time->readings, 0);
    check(sample, "host-checked", CLAIM_UNKNOWN);
}

static void set_protocol(const Sample *sample, guint index,
                         const char *protocol)
{
    Incident *incident = sample->findings->incidents->pdata[index];
    g_free(incident->protocol);
    incident->protocol = g_strdup(protocol);
}

/* Only packets without a connection, all of one kind, none for names. */
static void test_spoof_likely(void)
{
    g_autoptr(Sample) sample = sample_new(
        SAMPLE_UDP | SAMPLE_SEVERAL | SAMPLE_PORT, "connection/ddos");
    check(sample, "spoof-likely", CLAIM_YES);
    set_protocol(sample, 2, "tcp");
    check(sample, "spoof-likely", CLAIM_NO);
    set_protocol(sample, 2, NULL);
    check(sample, "spoof-likely", CLAIM_NO);
    set_protocol(sample, 2, "icmp");
    check(sample, "spoof-likely", CLAIM_NO);
    set_protocol(sample, 2, "udp");
    Incident *incident = sample->findings->incidents->pdata[1];
    incident->target_port = 53;
    check(sample, "spoof-likely", CLAIM_NO);
    incident->target_port = -1;
    incident->port = 53;
    check(sample, "spoof-likely", CLAIM_NO);
    g_autoptr(Sample) tcp = sample_new(SAMPLE_EXIT, "connection/ddos");
    check(tcp, "spoof-likely", CLAIM_NO);
}

static void test_reduced_policy(void)
{
    g_autoptr(Sample) sample =
        sample_new(SAMPLE_EXIT | SAMPLE_SEVERAL, "messaging/spam");
    check(sample, "reduced-policy", CLAIM_YES);
    RelaySighting *relay = match_at(sample, 3)->relays->pdata[0];
    g_free(relay->policy_text);
    relay->policy_text = g_strdup("accept 80,443");
    check(sample, "reduced-policy", CLAIM_UNKNOWN);
    g_free(relay->policy_text);
    relay->policy_text = g_strdup("accept *:443"); /* one rule, no summary */
    check(sample, "reduced-policy", CLAIM_UNKNOWN);
    g_free(relay->policy_text);
    relay->policy_text = g_strdup("accept 22,80,443");
    relay->certainty = CERTAINTY_POSSIBLE;
    check(sample, "reduced-policy", CLAIM_UNKNOWN);
    g_autoptr(Sample) all =
        sample_new(SAMPLE_EXIT | SAMPLE_ALL_PORTS, "messaging/spam");
    check(all, "reduced-policy", CLAIM_NO);
    g_autoptr(Sample) none = sample_new(SAMPLE_NOT_EXIT, "messaging/spam");
    check(none, "reduced-policy", CLAIM_NO);
    g_autoptr(Sample) unknown = sample_new(0, "messaging/spam");
    check(unknown, "reduced-policy", CLAIM_UNKNOWN);
}

/* A rule counts from the descriptor in which it was seen. */
static void test_destination_blocked(void)
{
    g_autoptr(Sample) sample =
        sample_new(SAMPLE_EXIT | SAMPLE_PORT | SAMPLE_REMEDY, "messaging/spam");
    check(sample, "destination-blocked", CLAIM_YES);
    sample->remedy->when = sample->context.now + 1;
    check(sample, "destination-blocked", CLAIM_UNKNOWN);
    sample->context.remedy = NULL;
    check(sample, "destination-blocked", CLAIM_UNKNOWN);
    check(sample, "relay-gone", CLAIM_UNKNOWN);
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
    /* A sentence that is only added neither carries nor stops a letter. */
    g_autoptr(Reply) added = reply_with(CLAIM_YES, CLAIM_UNKNOWN);
    Claim *second = added->claims->pdata[1];
    second->name = "no-logs";
    g_assert_true(reply_claims_hold(added));
    Claim *first = added->claims->pdata[0];
    first->answer = CLAIM_NO;
    second->answer = CLAIM_YES;
    g_assert_false(reply_claims_hold(added));
    g_autoptr(Reply) silent = reply_with(CLAIM_YES, CLAIM_YES);
    g_ptr_array_set_size(silent->claims, 0);
    g_assert_false(reply_claims_hold(silent));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/claims/verdicts", test_verdicts);
    g_test_add_func("/reply/claims/no-tcp", test_no_tcp);
    g_test_add_func("/reply/claims/one-spoils-all", test_one_spoils_all);
    g_test_add_func("/reply/claims/exhibit", test_exhibit);
    g_test_add_func("/reply/claims/statement", test_statement);
    g_test_add_func("/reply/claims/plain-statements", test_plain_statements);
    g_test_add_func("/reply/claims/host-checked", test_host_checked);
    g_test_add_func("/reply/claims/spoof-likely", test_spoof_likely);
    g_test_add_func("/reply/claims/reduced-policy", test_reduced_policy);
    g_test_add_func("/reply/claims/destination-blocked",
                    test_destination_blocked);
    g_test_add_func("/reply/claims/hold", test_claims_hold);
    return g_test_run();
}
