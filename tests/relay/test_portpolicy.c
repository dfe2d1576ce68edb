/* Exit policies: policies.txt, a case a line. */
#include "relay/portpolicy.h"

#include <stdlib.h>
#include <string.h>

/* The stored policy of the notation; NULL if a part is malformed. */
static char *read_notation(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, "| v6 ", 2);
    const char *v6 = parts[1] ? g_strstrip(parts[1]) : NULL;
    const char *v4 = g_strstrip(parts[0]);
    if (g_str_has_prefix(v4, "p "))
        return port_summary_is_valid(v4 + 2, strlen(v4 + 2))
                   ? policy_from_summaries(v4 + 2, v6)
                   : NULL;
    IpAddress own;
    g_assert_true(ip_parse("192.0.2.10", 10, &own));
    PolicyRules rules;
    policy_rules_init(&rules, &own);
    g_auto(GStrv) lines = g_strsplit(v4, ", ", -1);
    bool good = true;
    for (char **line = lines; *line && good; line++) {
        bool accept = g_str_has_prefix(*line, "accept ");
        good = (accept || g_str_has_prefix(*line, "reject ")) &&
               policy_rules_add(&rules, accept, *line + 7, strlen(*line + 7));
    }
    char *policy = good ? policy_from_rules(&rules, v6) : NULL;
    policy_rules_clear(&rules);
    return policy;
}

static char *answer(const char *question, bool with_text)
{
    g_auto(GStrv) halves = g_strsplit(question, " ; ", 2);
    g_autofree char *policy = read_notation(halves[0]);
    if (!policy)
        return g_strdup("malformed");
    bool is_v6 = halves[1][0] == '6';
    int port = halves[1][2] == '-' ? -1 : atoi(halves[1] + 2);
    PolicyReading reading = policy_read(policy, is_v6, port);
    g_autofree char *text = reading.text;
    return g_strdup_printf("%s%s%s%s%s", policy_answer_word(reading.answer),
                           reading.is_partial ? ", partial" : "",
                           reading.allows_anything ? ", anything" : "",
                           with_text ? " : " : "", with_text ? text : "");
}

static void test_table(void)
{
    g_autofree char *file = NULL;
    g_assert_true(
        g_file_get_contents(TEST_DIR "/policies.txt", &file, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(file, "\n", -1);
    guint count = 0;
    for (char **line = lines; *line; line++) {
        if (!**line || **line == '#')
            continue;
        g_auto(GStrv) halves = g_strsplit(*line, " ==> ", 2);
        bool with_text = strstr(halves[1], " : ") != NULL;
        g_autofree char *got = answer(halves[0], with_text);
        if (!g_str_equal(got, halves[1]))
            g_error("%s\n  got: %s", *line, got);
        count++;
    }
    g_assert_cmpuint(count, >, 35);
}

static void test_one_policy_once(void)
{
    char *text[2];
    for (int i = 0; i < 2; i++) {
        const char *own = i ? "192.0.2.10" : "198.51.100.7";
        g_autofree char *rule = g_strdup_printf("%s:*", own);
        IpAddress ip;
        g_assert_true(ip_parse(own, strlen(own), &ip));
        PolicyRules rules;
        policy_rules_init(&rules, &ip);
        g_assert_true(policy_rules_add(&rules, false, rule, strlen(rule)));
        g_assert_true(policy_rules_add(&rules, false, "10.0.0.0/8:*", 12));
        g_assert_true(policy_rules_add(&rules, true, "*:*", 3));
        text[i] = policy_from_rules(&rules, NULL);
        policy_rules_clear(&rules);
    }
    g_assert_cmpstr(text[0], ==, text[1]);
    g_assert_cmpstr(text[0], ==,
                    "Faccept 1-65535\treject 1-65535\treject self:*,reject "
                    "private:*,accept *:*");
    g_free(text[0]);
    g_free(text[1]);
}

static void test_limits(void)
{
    PolicyRules rules;
    policy_rules_init(&rules, &(IpAddress){0});
    for (int i = 0; i < POLICY_RULES_MAX; i++) {
        g_autofree char *rule = g_strdup_printf(
            "203.0.%d.%d:%d-%d", i / 256 % 256, i % 256, i, 65535 - i);
        g_assert_true(policy_rules_add(&rules, i % 2, rule, strlen(rule)));
    }
    g_assert_false(policy_rules_add(&rules, true, "*:80", 4));
    gint64 started = g_get_monotonic_time();
    g_autofree char *policy = policy_from_rules(&rules, NULL);
    g_assert_cmpint(*policy, ==, 'F');
    g_assert_cmpint(g_get_monotonic_time() - started, <, 2 * G_USEC_PER_SEC);
    policy_rules_clear(&rules);
}

static void test_damaged(void)
{
    static const char *const DAMAGED[] = {
        "", "F", "S", "Fx\ty\tz", "S\t", "Faccept 80\t", "\t\t\t"};
    for (size_t i = 0; i < G_N_ELEMENTS(DAMAGED); i++) {
        PolicyReading reading = policy_read(DAMAGED[i], false, 80);
        g_assert_false(reading.is_known);
        g_assert_cmpint(reading.answer, ==, POLICY_UNKNOWN);
        g_free(reading.text);
    }
    PolicyReading none = policy_read(NULL, true, -1);
    g_assert_false(none.is_known);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/portpolicy/table", test_table);
    g_test_add_func("/portpolicy/one-policy-once", test_one_policy_once);
    g_test_add_func("/portpolicy/limits", test_limits);
    g_test_add_func("/portpolicy/damaged", test_damaged);
    return g_test_run();
}
