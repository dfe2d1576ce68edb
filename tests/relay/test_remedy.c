/* Lines that close an exit to a destination, what policies say of one
 * (remedy.table), and since when the record shows it (remedy.txt). */
#include "network.h"
#include "relay/import.h"
#include "relay/portpolicy.h"
#include "relay/remedy.h"

#include <glib/gstdio.h>
#include <string.h>

/* The stored policy of "RULE, RULE | v6 SUMMARY", "p SUMMARY" or "-". */
static char *read_policy(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, " | v6 ", 2);
    if (g_str_equal(text, "-"))
        return NULL;
    if (g_str_has_prefix(parts[0], "p "))
        return policy_from_summaries(parts[0] + 2, parts[1]);
    IpAddress own;
    g_assert_true(ip_parse("192.0.2.10", 10, &own));
    PolicyRules rules;
    policy_rules_init(&rules, &own);
    g_auto(GStrv) lines = g_strsplit(parts[0], ", ", -1);
    for (char **line = lines; *line; line++)
        g_assert_true(policy_rules_add(&rules, **line == 'a', *line + 7,
                                       strlen(*line + 7)));
    char *policy = policy_from_rules(&rules, parts[1]);
    policy_rules_clear(&rules);
    return policy;
}

static char *tell_sight(const char *policy, const RemedyTarget *target)
{
    RemedySight sight = remedy_see(policy, target);
    g_autofree char *rule = sight.rule;
    return g_strdup_printf("%s%s%s : %s", remedy_view_word(sight.view),
                           sight.is_own_line ? ", own" : "",
                           sight.is_meant ? ", meant" : "", rule);
}

static char *tell_exit(const char *policy, const RemedyTarget *target)
{
    return g_strdup_printf(
        "%s, %s", remedy_is_general_exit(policy, NULL) ? "yes" : "no",
        remedy_is_general_exit(policy, target) ? "yes" : "no");
}

/* Of the lists that are shipped, and of one more directory or NULL. */
static GPtrArray *load_shared(const char *more, GPtrArray *errors)
{
    const char *const DIRECTORIES[] = {TEST_DIR "/../../policies", more, NULL};
    return shared_load(DIRECTORIES, errors);
}

static char *tell_warnings(const RemedyTarget *target)
{
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) operators = load_shared(NULL, errors);
    g_assert_cmpuint(errors->len, ==, 0);
    g_autoptr(GPtrArray) warnings = remedy_warnings(target, operators);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < warnings->len; i++) {
        const RemedyWarning *warning = warnings->pdata[i];
        g_assert_cmpuint(strlen(warning->text), >, 20);
        g_string_append_printf(text, "%s%s", i ? ", " : "",
                               warning->is_grave ? "grave" : "note");
    }
    return g_string_free(text, FALSE);
}

/* "see 198.51.100.7 443 ; RULES" */
static char *answer(const char *question)
{
    g_auto(GStrv) halves = g_strsplit(question, " ; ", 2);
    g_auto(GStrv) words = g_strsplit(halves[0], " ", 3);
    g_autoptr(GError) error = NULL;
    RemedyTarget target;
    if (!remedy_target_parse(words[1], words[2], &target, &error)) {
        g_assert_nonnull(error);
        return g_strdup("malformed");
    }
    if (g_str_equal(words[0], "line"))
        return remedy_target_new_line(&target);
    if (g_str_equal(words[0], "warn"))
        return tell_warnings(&target);
    g_autofree char *policy = read_policy(halves[1]);
    return g_str_equal(words[0], "see") ? tell_sight(policy, &target)
                                        : tell_exit(policy, &target);
}

static char *first_warning(const GPtrArray *operators, const char *address)
{
    RemedyTarget target;
    g_assert_true(remedy_target_parse(address, "443", &target, NULL));
    g_autoptr(GPtrArray) warnings = remedy_warnings(&target, operators);
    return g_strdup(((RemedyWarning *)warnings->pdata[0])->text);
}

/* What nobody has compared is said to be so; a desk's own file of that name
 * stands for the shipped one. */
static void test_shared(void)
{
    static const char OWN[] = "name: Cloudflare\n"
                              "source: https://www.cloudflare.com/ips/\n"
                              "checked: 2026-05-04\n"
                              "ranges: [104.16.0.0/13]\n";
    Instant then;
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *own = g_dir_make_tmp("shared.XXXXXX", NULL);
    g_autofree char *folder = g_build_filename(own, "shared", NULL);
    g_autofree char *path = g_build_filename(folder, "cloudflare.yaml", NULL);
    g_autoptr(GPtrArray) shipped = load_shared(NULL, errors);
    g_autofree char *unchecked = first_warning(shipped, "104.16.1.1");
    g_assert_nonnull(strstr(unchecked, "nobody has compared"));
    g_assert_cmpint(g_mkdir(folder, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, OWN, -1, NULL));
    g_autoptr(GPtrArray) both = load_shared(own, errors);
    g_assert_cmpuint(both->len, ==, shipped->len);
    g_assert_cmpuint(errors->len, ==, 0);
    g_autofree char *checked = first_warning(both, "104.16.1.1");
    g_assert_nonnull(strstr(checked, "compared on 2026-05-04"));
    const SharedOperator *one = both->pdata[both->len - 1];
    g_assert_true(instant_parse("2027-05-04T00:00:00Z", &then));
    g_assert_false(shared_is_stale(one, then));
    g_assert_true(shared_is_stale(one, then + 1));
    g_assert_true(shared_is_stale(one, then - 366 * INSTANT_DAY_S));
    g_assert_false(shared_is_stale(shipped->pdata[0], then + 1));
    g_assert_true(
        g_file_set_contents(path, "name: C\nchecked: soon\n", -1, NULL));
    g_autoptr(GPtrArray) broken = load_shared(own, errors);
    g_assert_cmpuint(broken->len, ==, shipped->len);
    g_assert_cmpuint(errors->len, >=, 3); /* checked, source, ranges */
    g_assert_cmpint(g_unlink(path), ==, 0);
    g_assert_cmpint(g_rmdir(folder), ==, 0);
    g_assert_cmpint(g_rmdir(own), ==, 0);
}

static void test_table(void)
{
    g_autofree char *file = NULL;
    g_assert_true(
        g_file_get_contents(TEST_DIR "/remedy.table", &file, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(file, "\n", -1);
    guint count = 0;
    for (char **line = lines; *line; line++) {
        if (!**line || **line == '#')
            continue;
        g_auto(GStrv) halves = g_strsplit(*line, " ==> ", 2);
        g_autofree char *got = answer(halves[0]);
        if (!g_str_equal(got, halves[1]))
            g_test_message("%s", halves[0]);
        g_assert_cmpstr(got, ==, halves[1]);
        count++;
    }
    g_assert_cmpuint(count, >=, 55);
}

/* A stored policy that is damaged tells nothing, and does no harm. */
static void test_damaged(void)
{
    static const char *const BAD[] = {
        "",
        "F",
        "F\t",
        "Faccept 80\t\treject",
        "F\t\t,",
        "F\t\t:",
        "F\t\taccept :",
        "F\t\taccept *:99999x",
        "X\t\ta:",
        "F\t\treject 1.2.3.4/99:80",
    };
    RemedyTarget target;
    g_assert_true(remedy_target_parse("198.51.100.7", "443", &target, NULL));
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++) {
        RemedySight sight = remedy_see(BAD[i], &target);
        g_assert_cmpint(sight.view, ==, REMEDY_UNSEEN);
        g_assert_false(remedy_is_general_exit(BAD[i], NULL));
        g_free(sight.rule);
    }
}

/* ---- the record ---------------------------------------------------------- */

static History *history;

static void look(const char *nickname, RemedyLook *out)
{
    uint8_t fingerprint[FINGERPRINT_BYTES];
    RemedyTarget target;
    network_fingerprint(nickname, fingerprint);
    g_assert_true(remedy_target_parse("198.51.100.7", "443", &target, NULL));
    remedy_look(history, fingerprint, &target, out);
}

static Instant at(const char *text)
{
    Instant instant;
    g_assert_true(instant_parse(text, &instant));
    return instant;
}

static void test_closed(void)
{
    g_auto(RemedyLook) seen = {0};
    look("alpha", &seen);
    g_assert_true(seen.is_listed);
    g_assert_cmpint(seen.consensus, ==, at("2026-05-03T14:00Z"));
    g_assert_cmpint(seen.sight.view, ==, REMEDY_CLOSED);
    g_assert_true(seen.sight.is_own_line);
    /* not since 10:00: it was open in between */
    g_assert_cmpint(seen.since, ==, at("2026-05-03T12:00Z"));
    g_assert_nonnull(seen.document);
    g_assert_cmpstr(seen.document->type, ==, "server-descriptor");
    g_assert_cmpuint(strlen(seen.document->sha256), ==, 64);
}

static void test_others(void)
{
    g_auto(RemedyLook) open = {0}, summary = {0}, gone = {0}, never = {0};
    look("beta", &open);
    g_assert_cmpint(open.sight.view, ==, REMEDY_OPEN);
    g_assert_cmpstr(open.sight.rule, ==, "accept *:443");
    look("gamma", &summary);
    g_assert_cmpint(summary.sight.view, ==, REMEDY_UNSEEN);
    look("gone", &gone);
    g_assert_false(gone.is_listed);
    g_assert_cmpint(gone.sight.view, ==, REMEDY_UNSEEN);
    look("nobody", &never);
    g_assert_false(never.is_listed);
    g_assert_null(open.document);
    g_assert_null(summary.document);
}

static void test_no_data(void)
{
    g_auto(RemedyLook) seen = {0};
    g_autoptr(History) kept = history;
    history = NULL;
    look("alpha", &seen);
    history = g_steal_pointer(&kept);
    g_assert_cmpint(seen.consensus, ==, INSTANT_NONE);
    g_assert_cmpint(seen.sight.view, ==, REMEDY_UNSEEN);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *directory = network_new_directory();
    g_autofree char *documents = network_new_directory();
    g_autoptr(GPtrArray) paths =
        network_write(TEST_DIR "/remedy.txt", documents);
    const char *const all[] = {documents, NULL};
    g_autoptr(GError) error = NULL;
    ImportSummary summary;
    g_assert_true(relay_import(directory, all, network_authorities(), NULL,
                               NULL, NULL, &summary, &error));
    import_summary_clear(&summary);
    history = history_open(directory, &error);
    g_assert_no_error(error);
    g_test_add_func("/remedy/shared", test_shared);
    g_test_add_func("/remedy/table", test_table);
    g_test_add_func("/remedy/damaged", test_damaged);
    g_test_add_func("/remedy/closed", test_closed);
    g_test_add_func("/remedy/others", test_others);
    g_test_add_func("/remedy/no-data", test_no_data);
    int status = g_test_run();
    history_unref(history);
    network_remove_directory(documents);
    network_remove_directory(directory);
    return status;
}
