#include "policy/policy.h"

#include "base/errors.h"
#include "report/category.h"

#include <glib/gstdio.h>
#include <string.h>

static Policies *load_shipped(void)
{
    g_autoptr(GError) error = NULL;
    Policies *policies =
        policies_load((const char *const[]){POLICY_DIR, NULL}, &error);
    g_assert_no_error(error);
    return policies;
}

static char *new_directory(void)
{
    g_autoptr(GError) error = NULL;
    char *directory = g_dir_make_tmp("policy-XXXXXX", &error);
    g_assert_no_error(error);
    return directory;
}

static void write_file(const char *directory, const char *name,
                       const char *text)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_assert(g_file_set_contents(path, text, -1, NULL));
}

static void remove_directory(char *directory)
{
    g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(directory, name, NULL);
        g_remove(path);
    }
    g_rmdir(directory);
    g_free(directory);
}

/* Every pack answers for every known category, and what is never for
 * programs is closed everywhere. */
static void test_every_category(void)
{
    g_autoptr(Policies) policies = load_shipped();
    g_assert_cmpuint(policies_count(policies), >=, 4);
    for (guint i = 0; i < policies_count(policies); i++) {
        const char *code = policies_code(policies, i);
        const char *category;
        for (size_t j = 0; (category = category_word(j)); j++) {
            g_autoptr(PolicyRule) rule =
                policy_explain(policies, code, category);
            g_test_message("%s %s", code, category);
            g_assert_cmpstr(rule->category, ==, category);
            g_assert_cmpuint(rule->languages->len, >, 0);
            g_assert_cmpuint(rule->wait_s, >, 0);
            g_assert_cmpuint(rule->promise_s, >, 0);
            g_assert_cmpuint(rule->verdicts, !=, 0);
            g_assert_true(rule->reply != REPLY_YES || rule->template);
            g_assert_cmpuint(rule->origins->len, ==, 10);
            if (policy_is_never_automatic(category) || rule->reply != REPLY_YES)
                g_assert_cmpint(rule->automatic, ==, AUTO_NEVER);
            if (g_str_has_prefix(category, "legal/") ||
                g_str_has_prefix(category, "threat/") ||
                g_str_has_prefix(category, "content/cs"))
                g_assert_cmpint(rule->reply, ==, REPLY_STAFF);
        }
    }
}

static void test_shipped_rules(void)
{
    g_autoptr(Policies) policies = load_shipped();
    g_autoptr(PolicyRule) login =
        policy_explain(policies, "DE", "connection/login_attack");
    g_assert_cmpint(login->reply, ==, REPLY_YES);
    g_assert_cmpint(login->automatic, ==, AUTO_ALLOWED);
    g_assert_cmpstr(login->template, ==, "login-attack");
    g_assert_cmpstr(login->languages->pdata[0], ==, "de");
    g_assert_cmpstr(login->languages->pdata[1], ==, "en");
    g_assert_cmpuint(login->wait_s, ==, 600);
    g_assert_cmpuint(login->promise_s, ==, 2 * 86400);
    g_assert_cmpuint(login->verdicts, ==, 1u << VERDICT_EXIT);
    g_autoptr(PolicyRule) csam = policy_explain(policies, "DE", "content/csam");
    g_assert_cmpint(csam->reply, ==, REPLY_STAFF);
    g_assert_null(csam->template);
    g_autoptr(PolicyRule) nowhere =
        policy_explain(policies, NULL, "copyright/p2p");
    g_assert_cmpstr(nowhere->template, ==, "copyright");
    g_assert_cmpuint(nowhere->promise_s, ==, 5 * 86400);
    g_autoptr(PolicyRule) unknown = policy_explain(policies, "FR", "unknown");
    g_assert_cmpint(unknown->reply, ==, REPLY_STAFF);
    g_assert_cmpstr(unknown->template, ==, "general");
}

static void test_chain(void)
{
    static const struct {
        const char *country, *chain;
    } CASES[] = {
        {"DE", "DE EU XX"}, {"FR", "FR EU XX"}, {"US", "US XX"},
        {"GB", "GB XX"},    {"EU", "EU XX"},    {"XX", "XX"},
        {NULL, "XX"},
    };
    g_autoptr(Policies) policies = load_shipped();
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *chain = policy_chain(policies, CASES[i].country);
        g_assert_cmpstr(chain, ==, CASES[i].chain);
    }
}

/* Exactness before nearness; a later directory's file replaces one. */
static void test_which_line_holds(void)
{
    char *package = new_directory(), *local = new_directory();
    write_file(package, "XX.yaml",
               "complaints:\n"
               "  any:\n"
               "    reply: staff\n"
               "    languages: [en]\n"
               "    verdicts: exit\n"
               "  copyright/p2p:\n"
               "    reply: no\n"
               "  copyright:\n"
               "    wait: 1h\n");
    write_file(package, "DE.yaml", "complaints:\n  any:\n    reply: no\n");
    write_file(local, "DE.yaml",
               "complaints:\n"
               "  any:\n"
               "    reply: yes\n"
               "  copyright:\n"
               "    wait: 2h\n");
    g_autoptr(GError) error = NULL;
    g_autoptr(Policies) policies =
        policies_load((const char *const[]){package, local, NULL}, &error);
    g_assert_no_error(error);
    g_autoptr(PolicyRule) p2p = policy_explain(policies, "DE", "copyright/p2p");
    g_assert_cmpint(p2p->reply, ==, REPLY_NO);
    g_assert_cmpuint(p2p->wait_s, ==, 7200);
    g_autoptr(PolicyRule) spam =
        policy_explain(policies, "DE", "messaging/spam");
    g_assert_cmpint(spam->reply, ==, REPLY_YES);
    g_assert_cmpuint(spam->wait_s, ==, 0);
    g_assert_cmpint(spam->automatic, ==, AUTO_NEVER);
    const PolicyLine *line = p2p->origins->pdata[0];
    g_assert_cmpstr(line->key, ==, "reply");
    g_assert_cmpstr(line->value, ==, "no");
    g_assert_true(g_str_has_suffix(line->file, "/XX.yaml"));
    g_assert_cmpint(line->line, ==, 7);
    remove_directory(package);
    remove_directory(local);
}

/* A built-in "never" where a file's "any" would allow. */
static void test_never_stays_never(void)
{
    char *directory = new_directory();
    write_file(directory, "XX.yaml",
               "complaints:\n  any:\n    automatic: allowed\n");
    g_autoptr(GError) error = NULL;
    g_autoptr(Policies) policies =
        policies_load((const char *const[]){directory, NULL}, &error);
    g_assert_no_error(error);
    g_autoptr(PolicyRule) rule =
        policy_explain(policies, "XX", "threat/violence");
    g_assert_cmpint(rule->automatic, ==, AUTO_NEVER);
    g_autoptr(PolicyRule) spam =
        policy_explain(policies, "XX", "messaging/spam");
    g_assert_cmpint(spam->automatic, ==, AUTO_ALLOWED);
    remove_directory(directory);
}

static void test_mistakes(void)
{
    static const struct {
        const char *name, *text, *words;
    } CASES[] = {
        {"UK.yaml", "reviewed: x\n",
         "UK.yaml: \"UK\" is not an ISO 3166-1 "
         "code; use GB"},
        {"de.yaml", "reviewed: x\n", "did you mean DE?"},
        {"ZQ.yaml", "reviewed: x\n", "\"ZQ\" is not an ISO 3166-1 code"},
        {"FR.yaml", "complaints:\n  any:\n    automatic: somtimes\n",
         "FR.yaml:3:16: "},
        {"FR.yaml", "complaints:\n  any:\n    replay: yes\n",
         "Did you mean \"reply\"?"},
        {"FR.yaml", "complaints:\n  copyrihgt:\n    reply: yes\n",
         "FR.yaml:2:3: \"copyrihgt\" is no kind of complaint"},
        {"FR.yaml", "complaints:\n  any:\n    verdicts: [undecidable]\n",
         "is no verdict that can be answered"},
        {"FR.yaml", "complaints:\n  any:\n    template: ../x\n",
         "is no template name"},
        {"FR.yaml", "complaints:\n  threat/bomb:\n    automatic: allowed\n",
         "FR.yaml:3:16: \"threat/bomb\" is never answered by a program"},
        {"FR.yaml", "complaints:\n  any:\n    wait: 900d\n", "FR.yaml:3:11"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        char *directory = new_directory();
        write_file(directory, CASES[i].name, CASES[i].text);
        g_autoptr(GError) error = NULL;
        g_autoptr(Policies) policies =
            policies_load((const char *const[]){directory, NULL}, &error);
        g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFIG);
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, CASES[i].words));
        g_assert_null(policies);
        remove_directory(directory);
    }
}

/* All errors of all files at once. */
static void test_all_mistakes_at_once(void)
{
    char *directory = new_directory();
    write_file(directory, "FR.yaml", "wrong: 1\nalso: 2\n");
    write_file(directory, "UK.yaml", "");
    g_autoptr(GError) error = NULL;
    g_assert_null(
        policies_load((const char *const[]){directory, NULL}, &error));
    g_auto(GStrv) lines = g_strsplit(error->message, "\n", -1);
    g_assert_cmpuint(g_strv_length(lines), ==, 3);
    remove_directory(directory);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/policy/every-category", test_every_category);
    g_test_add_func("/policy/shipped", test_shipped_rules);
    g_test_add_func("/policy/chain", test_chain);
    g_test_add_func("/policy/which-line", test_which_line_holds);
    g_test_add_func("/policy/never", test_never_stays_never);
    g_test_add_func("/policy/mistakes", test_mistakes);
    g_test_add_func("/policy/all-mistakes", test_all_mistakes_at_once);
    return g_test_run();
}
