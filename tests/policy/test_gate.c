#include "gate_bench.h"
#include "policy/gate_rules.h"

#include <string.h>

#ifdef __SANITIZE_ADDRESS__
#define RANDOM_INPUTS 20000 /* each costs ten times as much */
#else
#define RANDOM_INPUTS 100000
#endif

static char *describe(const Decision *decision)
{
    GString *text = g_string_new(action_word(decision->action));
    for (guint i = 0; i < decision->hits->len; i++)
        g_string_append_printf(text, " %s",
                               g_array_index(decision->hits, GateHit, i).id);
    return g_string_free(text, FALSE);
}

static GateBench *bench_of(const char *changes)
{
    GateBench *bench = gate_bench_new();
    g_auto(GStrv) words = g_strsplit(changes, " ", -1);
    for (char **word = words; *word; word++) {
        if (!**word)
            continue;
        g_auto(GStrv) pair = g_strsplit(*word, "=", 2);
        if (!pair[1] || !gate_bench_set(bench, pair[0], pair[1]))
            g_error("cannot set \"%s\"", *word);
    }
    return bench;
}

static GPtrArray *read_cases(void)
{
    g_autofree char *text = NULL;
    g_assert(
        g_file_get_contents(TEST_DIR "/gate_cases.txt", &text, NULL, NULL));
    GPtrArray *cases =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        if (**line && **line != '#') {
            char **parts = g_strsplit(*line, " ==> ", 2);
            g_assert(parts[1]);
            g_ptr_array_add(cases, parts);
        }
    return cases;
}

static void test_cases(void)
{
    g_autoptr(GPtrArray) cases = read_cases();
    for (guint i = 0; i < cases->len; i++) {
        char **parts = cases->pdata[i];
        g_autoptr(GateBench) bench = bench_of(parts[0]);
        g_autoptr(Decision) decision = gate_decide(&bench->input);
        g_autofree char *got = describe(decision);
        g_test_message("%s", parts[0]);
        g_assert_cmpstr(got, ==, parts[1]);
        g_assert_cmpstr(decision->rule, ==,
                        g_array_index(decision->hits, GateHit, 0).id);
        g_assert_true(g_str_has_prefix(decision->inputs, "{\"envelope_from\""));
    }
}

/* Each row decides at least one case of the file. */
static void test_every_rule_has_a_case(void)
{
    g_autoptr(GPtrArray) cases = read_cases();
    for (guint rule = 0; rule < gate_rule_count(); rule++) {
        const char *id, *authority;
        Action action;
        const char *why = gate_rule_text(rule, &id, &action, &authority);
        g_assert_true(why && strlen(why) > 10 && *authority);
        bool found = false;
        for (guint i = 0; i < cases->len; i++) {
            g_auto(GStrv) words =
                g_strsplit(((char **)cases->pdata[i])[1], " ", 3);
            if (!g_str_equal(words[1], id))
                continue;
            g_assert_cmpstr(words[0], ==, action_word(action));
            found = true;
        }
        if (!found)
            g_error("no case is decided by %s", id);
    }
}

/* Two reasons never make the gate bolder than the bolder of the two, and the
 * rule that decides is the first in the table. */
static void test_pairs(void)
{
    for (guint a = 0; a < GATE_SPOIL_COUNT; a++)
        for (guint b = a + 1; b < GATE_SPOIL_COUNT; b++) {
            g_autoptr(GateBench) one = gate_bench_new();
            g_autoptr(GateBench) two = gate_bench_new();
            g_autoptr(GateBench) both = gate_bench_new();
            gate_bench_set(one, GATE_SPOILS[a].key, GATE_SPOILS[a].values[0]);
            gate_bench_set(two, GATE_SPOILS[b].key, GATE_SPOILS[b].values[0]);
            gate_bench_set(both, GATE_SPOILS[a].key, GATE_SPOILS[a].values[0]);
            gate_bench_set(both, GATE_SPOILS[b].key, GATE_SPOILS[b].values[0]);
            g_autoptr(Decision) first = gate_decide(&one->input);
            g_autoptr(Decision) second = gate_decide(&two->input);
            g_autoptr(Decision) together = gate_decide(&both->input);
            g_test_message("%s + %s", GATE_SPOILS[a].key, GATE_SPOILS[b].key);
            g_assert_cmpint(together->action, <=,
                            MAX(first->action, second->action));
        }
}

/* Of the bench the ticket is about the first incident only. */
static bool accuses_another(const GPtrArray *incidents)
{
    bool found = false;
    for (guint i = 1; i < incidents->len; i++)
        found |= ((const Incident *)incidents->pdata[i])->role == ROLE_OFFENDER;
    return found;
}

/* A row of the bench's ticket may have a category of its own. */
static bool has_another_category(const Report *report,
                                 const GPtrArray *incidents)
{
    bool found = false;
    for (guint i = 1; i < incidents->len; i++) {
        const char *own = ((const Incident *)incidents->pdata[i])->category;
        found |= own && strcmp(own, report->category) != 0;
    }
    return found;
}

static int port_of_first(const GPtrArray *incidents)
{
    return ((const Incident *)incidents->pdata[0])->target_port;
}

static bool is_harmless_demand(DemandKind kind)
{
    return kind == DEMAND_STOP || kind == DEMAND_CONFIRM;
}

/* Words, wishes or a person's prose that an officer might have written. */
static bool may_be_an_officers(const Report *report)
{
    for (guint i = 0; i < report->demands->len; i++)
        if (!is_harmless_demand(((Demand *)report->demands->pdata[i])->kind))
            return true;
    return report_has_flag(report, "may-be-sensitive") ||
           (report->sender_class == SENDER_PERSON &&
            !strcmp(report->category, "unknown"));
}

static bool has_no_doubts(const Report *report)
{
    static const char *const DOUBTS[] = {"encrypted", "part-flawed", "calendar",
                                         "accused-by-nobody", "forwarded"};
    for (guint i = 0; i < G_N_ELEMENTS(DOUBTS); i++)
        if (report_has_flag(report, DOUBTS[i]))
            return false;
    return !report->format || strcmp(report->format, "arf");
}

static bool wants_silence(const Report *report)
{
    for (guint i = 0; i < report->channels->len; i++)
        if (((Channel *)report->channels->pdata[i])->kind == CHANNEL_NONE)
            return true;
    return false;
}

/* Written anew, from the reference and not from the table. */
static bool may_send(const GateInput *in)
{
    const Report *r = in->findings->report;
    const StrictHeader *h = in->strict;
    const Match *m = in->match_count == 1 ? in->matches[0] : NULL;
    bool is_plain_mail =
        in->envelope_from && *in->envelope_from && !h->loop_token &&
        (!h->return_path || !strcmp(h->return_path, in->envelope_from)) &&
        h->received_count <= 50 && !h->is_list && !h->is_bulk &&
        !h->is_suppressed && !h->is_spam && h->ambiguous->len == 0 &&
        (!h->auto_submitted || !strcmp(h->auto_submitted, "no")) &&
        !h->auto_is_odd && !in->own_message_id && in->own_received < 3 &&
        (!h->report_type || !strcmp(h->report_type, "x"));
    bool is_from_somebody =
        is_plain_mail && h->from && r->reporter_address &&
        !g_ascii_strcasecmp(h->from, r->reporter_address) &&
        !strcmp(h->from, "noc@shop.example") &&
        !strcmp(in->envelope_from, "noc@shop.example") && !in->own_sender &&
        in->authentication->level >= AUTH_S1 &&
        in->authentication->destination && !in->reporter.profile;
    bool is_plain_matter =
        r->disposition == DISPOSITION_COMPLAINT && r->sensitive == 0 &&
        !may_be_an_officers(r) &&
        (r->sender_class == SENDER_PERSON || r->sender_class == SENDER_CERT ||
         r->sender_class == SENDER_AUTOMATED ||
         r->sender_class == SENDER_RIGHTS_HOLDER) &&
        !strstr("threat/bomb legal/court content/csam", r->category) &&
        !strstr("threat/bomb content/csem", in->ticket->category) &&
        !r->claimed_address && !in->is_old_mail && !in->is_duplicate &&
        has_no_doubts(r) && !wants_silence(r);
    bool is_ours = in->member && m && m->is_certain && m->member &&
                   !strcmp(m->member, in->member->id) &&
                   in->member_count <= 1 && in->own_recipient &&
                   !in->only_resent &&
                   !accuses_another(in->findings->incidents) &&
                   !has_another_category(r, in->findings->incidents) &&
                   (strcmp(in->ticket->category, "messaging/spam") ||
                    port_of_first(in->findings->incidents) > 0) &&
                   in->member->consent_given != INSTANT_NONE &&
                   in->member->ended == INSTANT_NONE;
    bool is_allowed = in->rule && in->rule->reply == REPLY_YES &&
                      in->rule->automatic == AUTO_ALLOWED && m &&
                      (in->rule->verdicts >> m->verdict & 1) &&
                      in->template_found && in->template_reviewed &&
                      in->claims_hold && !in->is_paused && !in->is_observing &&
                      in->relay_data_is_fresh && !in->breaker_is_open &&
                      in->border_is_proven && in->automation == AUTOMATION_AUTO;
    const GateCounts *c = &in->counts;
    bool is_weak = in->authentication->level == AUTH_S1;
    uint32_t domain = is_weak || in->domain_is_new ? 5 : 20;
    bool is_within =
        c->to_address_1d < 1 && c->to_address_7d < (is_weak ? 1 : 3) &&
        c->thread_letters < (is_weak ? 1 : 2) && !c->same_1d && !c->same_7d &&
        !c->same_domain_1d && c->letters_ever >= 200 &&
        c->of_template_ever >= 10 && c->to_domain_1d < domain &&
        c->by_member_1d < 200 && c->all_1h < 60 && c->all_1d < 500 &&
        c->case_letters < 1 && !c->dkim_seen && !c->address_suppressed;
    return is_plain_mail && is_from_somebody && is_plain_matter && is_ours &&
           is_allowed && is_within;
}

static void test_send_needs_everything(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(2026);
    guint sent = 0;
    for (guint i = 0; i < RANDOM_INPUTS; i++) {
        g_autoptr(GateBench) bench = gate_bench_new();
        for (int changes = g_rand_int_range(random, 0, 5); changes > 0;
             changes--) {
            const GateSpoil *spoil = &GATE_SPOILS[g_rand_int_range(
                random, 0, (int)GATE_SPOIL_COUNT)];
            int values = 0;
            while (values < 8 && spoil->values[values])
                values++;
            gate_bench_set(bench, spoil->key,
                           spoil->values[g_rand_int_range(random, 0, values)]);
        }
        g_autoptr(Decision) decision = gate_decide(&bench->input);
        bool is_sent = decision->action == ACTION_SEND;
        if (is_sent != may_send(&bench->input))
            g_error("%s: %s", decision->rule, decision->inputs);
        sent += is_sent;
    }
    g_assert_cmpuint(sent, >, RANDOM_INPUTS / 10);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/policy/gate/cases", test_cases);
    g_test_add_func("/policy/gate/every-rule", test_every_rule_has_a_case);
    g_test_add_func("/policy/gate/pairs", test_pairs);
    g_test_add_func("/policy/gate/send-needs-everything",
                    test_send_needs_everything);
    return g_test_run();
}
