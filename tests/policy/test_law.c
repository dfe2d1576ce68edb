#include "policy/lawyers.h"
#include "policy/policy.h"

#include "base/errors.h"
#include "base/files.h"

#include <glib/gstdio.h>
#include <string.h>

#define NOW      INT64_C(1795305600) /* 2026-11-22 */
#define LONG_AGO INT64_C(0)

static Policies *load_shipped(void)
{
    g_autoptr(GError) error = NULL;
    Policies *policies =
        policies_load((const char *const[]){POLICY_DIR, NULL}, &error);
    g_assert_no_error(error);
    return policies;
}

/* ---- tables ------------------------------------------------------------ */

typedef void (*RowTest)(char *input, const char *expected, void *data);

static void run_table(const char *name, RowTest test, void *data)
{
    g_autofree char *path = g_build_filename(TEST_DIR, name, NULL);
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    g_assert_no_error(error);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        if (!*lines[i] || *lines[i] == '#')
            continue;
        char *arrow = strstr(lines[i], " ==> ");
        g_assert_nonnull(arrow);
        g_test_message("%s:%u: %s", name, i + 1, lines[i]);
        *arrow = 0;
        test(lines[i], arrow + strlen(" ==> "), data);
    }
}

static void stated_free(void *data)
{
    MemberStatement *statement = data;
    g_free(statement->name);
    g_free(statement);
}

static Member *member_stating(const char *facts)
{
    Member *member = g_new0(Member, 1);
    member->statements = g_ptr_array_new_with_free_func(stated_free);
    g_auto(GStrv) names = g_strsplit(facts, ",", -1);
    for (char **name = names; *name; name++) {
        MemberStatement *statement = g_new0(MemberStatement, 1);
        statement->name = g_strdup(*name);
        statement->said = LONG_AGO;
        statement->until = INSTANT_NONE;
        g_ptr_array_add(member->statements, statement);
    }
    return member;
}

static const LawCandidate *candidate_of(const GPtrArray *laws, const char *id)
{
    for (guint i = 0; i < laws->len; i++)
        if (g_str_equal(((LawCandidate *)laws->pdata[i])->id, id))
            return laws->pdata[i];
    g_error("%s was not considered", id);
}

/* "DE/ddg-7; DE/tmg: reason": what is cited, then one reason. */
static void check_answer(const GPtrArray *laws, const char *expected)
{
    g_auto(GStrv) parts = g_strsplit(expected, "; ", 2);
    const LawCandidate *cited = law_cited(laws);
    g_assert_cmpstr(cited ? cited->id : "none", ==, parts[0]);
    if (cited) {
        g_assert_nonnull(cited->citation);
        g_assert_nonnull(cited->sentence);
        g_assert_nonnull(cited->source);
    }
    if (!parts[1])
        return;
    g_auto(GStrv) why = g_strsplit(parts[1], ": ", 2);
    const LawCandidate *other = candidate_of(laws, why[0]);
    g_assert_nonnull(other->why_not);
    g_assert_nonnull(strstr(other->why_not, why[1]));
    g_assert_null(other->sentence);
}

static void check_law(char *input, const char *expected, void *data)
{
    const Policies *policies = data;
    g_auto(GStrv) words = g_strsplit(input, " ", -1);
    g_assert_cmpuint(g_strv_length(words), ==, 5);
    Instant date;
    g_assert_true(instant_parse(words[0], &date));
    g_autoptr(PolicyRule) rule = policy_explain(policies, words[1], words[2]);
    g_autofree char *chain = policy_chain(policies, words[1]);
    Member *member = member_stating(words[4]);
    LawQuestion question = {
        .chain = chain,
        .topics = rule->law,
        .language = words[3],
        .category = words[2],
        .member = member,
        .date = date,
        .is_exit = strstr(words[4], "exit") != NULL,
        .is_automatic = strstr(words[4], "automatic") != NULL,
    };
    g_autoptr(GPtrArray) laws = law_find(policies_laws(policies), &question);
    check_answer(laws, expected);
    member_free(member);
}

static void test_table(void)
{
    g_autoptr(Policies) policies = load_shipped();
    run_table("law.table", check_law, policies);
}

static void check_gone(char *input, const char *expected, void *data)
{
    g_autoptr(GArray) findings =
        laws_find_gone(policies_laws(data), input, NOW);
    g_autoptr(GString) found = g_string_new(NULL);
    for (guint i = 0; i < findings->len; i++) {
        const LawFinding *one = &g_array_index(findings, LawFinding, i);
        g_string_append_printf(found, "%s%.*s", i > 0 ? ", " : "",
                               (int)one->length, input + one->at);
    }
    g_assert_cmpstr(found->len > 0 ? found->str : "nothing", ==, expected);
}

static void test_gone(void)
{
    g_autoptr(Policies) policies = load_shipped();
    run_table("gone.table", check_gone, policies);
}

/* Each name in the files is found where it stands alone, and not inside
 * other words. */
static void test_every_name(void)
{
    g_autoptr(Policies) policies = load_shipped();
    const Laws *laws = policies_laws(policies);
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_build_filename(POLICY_DIR, "law", NULL);
    g_autoptr(GPtrArray) names = directory_list(folder, ".yaml", &error);
    g_assert_no_error(error);
    guint count = 0;
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
        g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(YamlFile) file = yaml_read(path, errors);
        const YamlNode *entries = yaml_get(file->root, "laws");
        for (guint j = 0; j < entries->items->len; j++) {
            const YamlNode *list = yaml_get(entries->items->pdata[j], "names");
            for (guint k = 0; list && k < list->items->len; k++, count++) {
                const char *name =
                    ((const YamlNode *)list->items->pdata[k])->text;
                g_autofree char *alone = g_strdup_printf("(%s)", name);
                g_autofree char *inside = g_strdup_printf("x%sx", name);
                g_autoptr(GArray) found = laws_find_gone(laws, alone, NOW);
                g_autoptr(GArray) lost = laws_find_gone(laws, inside, NOW);
                g_test_message("%s", name);
                g_assert_cmpuint(found->len, ==, 1);
                g_assert_cmpuint(lost->len, ==, 0);
            }
        }
    }
    g_assert_cmpuint(count, >=, 60);
}

/* Linear time and no crash on what is no text at all. */
static void test_hostile(void)
{
    g_autoptr(Policies) policies = load_shipped();
    const Laws *laws = policies_laws(policies);
    static const char *const PIECES[] = {"§ ",   "§ 13 Abs. ", "art. 12 ",
                                         "TMG ", "1/2:3/",     "\xc2\xa7"};
    for (guint i = 0; i < G_N_ELEMENTS(PIECES); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        while (text->len < 200000)
            g_string_append(text, PIECES[i]);
        gint64 start = g_get_monotonic_time();
        g_autoptr(GArray) found = laws_find_gone(laws, text->str, NOW);
        g_assert_cmpuint(found->len, <=, text->len);
        g_assert_cmpint(g_get_monotonic_time() - start, <, 5000000);
    }
    g_autoptr(GArray) broken = laws_find_gone(laws, "TMG \xff TMG", NOW);
    g_assert_cmpuint(broken->len, ==, 1);
    g_autoptr(GArray) empty = laws_find_gone(laws, "", NOW);
    g_assert_cmpuint(empty->len, ==, 0);
}

/* ---- what is shipped --------------------------------------------------- */

static void test_shipped(void)
{
    static const char *const COUNTRIES[] = {
        "AT", "BE", "CA", "CH", "CZ", "DE", "DK", "ES", "EU", "FI", "FR", "GB",
        "IE", "IS", "IT", "LI", "LU", "NL", "NO", "PL", "RO", "SE", "US", "XX"};
    g_autoptr(Policies) policies = load_shipped();
    const Laws *laws = policies_laws(policies);
    for (guint i = 0; i < G_N_ELEMENTS(COUNTRIES); i++) {
        bool has_policy = false, has_law = false;
        for (guint j = 0; j < policies_count(policies); j++)
            has_policy |= g_str_equal(policies_code(policies, j), COUNTRIES[i]);
        for (guint j = 0; j < laws_count(laws); j++)
            has_law |= strncmp(laws_view(laws, j).id, COUNTRIES[i], 2) == 0;
        g_test_message("%s", COUNTRIES[i]);
        g_assert_true(has_policy && has_law);
    }
}

/* Every entry that could be cited is in force, has a source and nobody's
 * name under it; what is not in force says what holds instead. */
static void test_every_entry(void)
{
    g_autoptr(Policies) policies = load_shipped();
    const Laws *laws = policies_laws(policies);
    for (guint i = 0; i < laws_count(laws); i++) {
        LawView law = laws_view(laws, i);
        g_test_message("%s", law.id);
        g_assert_cmpstr(law.reviewed, ==, "none yet");
        if (law.until != INSTANT_NONE) {
            g_assert_cmpint(law.until, <, NOW);
            g_assert_nonnull(law.replaced_by);
            g_assert_null(laws_sentence(laws, i, "en"));
            continue;
        }
        g_assert_true(law.from == INSTANT_NONE || law.from <= NOW);
        g_assert_nonnull(law.source);
        if (law.confidence == CONFIDENCE_HIGH)
            g_assert_nonnull(laws_sentence(laws, i, "en"));
    }
    g_autoptr(GPtrArray) warnings = laws_check(laws, NOW);
    g_assert_cmpuint(warnings->len, ==, 0);
}

static guint count_key(const GPtrArray *lines, const char *key)
{
    guint count = 0;
    for (guint i = 0; i < lines->len; i++)
        count += g_str_equal(((PolicyLine *)lines->pdata[i])->key, key);
    return count;
}

static void test_countries(void)
{
    g_autoptr(Policies) policies = load_shipped();
    for (guint i = 0; i < policies_count(policies); i++) {
        const char *code = policies_code(policies, i);
        g_autoptr(GPtrArray) lines = policy_country_lines(policies, code);
        g_test_message("%s", code);
        g_assert_cmpuint(count_key(lines, "authority.channel"), ==, 1);
        g_assert_cmpuint(count_key(lines, "authority.tell"), >=, 2);
        g_assert_cmpuint(count_key(lines, "authority.checklist"), >=, 9);
        g_assert_cmpuint(count_key(lines, "authority.never"), >=, 6);
        g_assert_cmpuint(count_key(lines, "retention_duty"), ==, 1);
        for (guint j = 0; j < lines->len; j++) {
            const PolicyLine *line = lines->pdata[j];
            g_assert_nonnull(line->file);
            g_assert_cmpint(line->line, >, 0);
            bool is_of_union = strstr(line->file, "/EU.yaml") != NULL;
            bool is_outside =
                g_str_equal(code, "NO") || g_str_equal(code, "IS") ||
                g_str_equal(code, "LI") || g_str_equal(code, "CH") ||
                g_str_equal(code, "GB");
            g_assert_false(is_of_union && is_outside);
        }
    }
}

static void test_retention(void)
{
    static const struct {
        const char *country;
        Retention duty;
    } CASES[] = {
        {"FR", RETENTION_DUTY},    {"LU", RETENTION_DUTY},
        {"IS", RETENTION_DUTY},    {"CZ", RETENTION_DUTY},
        {"IT", RETENTION_DUTY},    {"CA", RETENTION_DUTY},
        {"US", RETENTION_NONE},    {"NL", RETENTION_NONE},
        {"AT", RETENTION_NONE},    {"DE", RETENTION_UNKNOWN},
        {"BR", RETENTION_UNKNOWN}, {NULL, RETENTION_UNKNOWN},
    };
    g_autoptr(Policies) policies = load_shipped();
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++)
        g_assert_cmpint(policy_retention_duty(policies, CASES[i].country), ==,
                        CASES[i].duty);
    g_assert_cmpstr(policy_retention_word(RETENTION_NONE), ==, "none known");
}

/* ---- the desk's own files ---------------------------------------------- */

static char *new_directory(const char *folder)
{
    g_autoptr(GError) error = NULL;
    char *directory = g_dir_make_tmp("law-XXXXXX", &error);
    g_assert_no_error(error);
    g_autofree char *inner = g_build_filename(directory, folder, NULL);
    g_assert_cmpint(g_mkdir(inner, 0700), ==, 0);
    return directory;
}

static void write_file(const char *directory, const char *folder,
                       const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(directory, folder, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void remove_directory(char *directory, const char *folder)
{
    g_autofree char *inner = g_build_filename(directory, folder, NULL);
    g_autoptr(GDir) dir = g_dir_open(inner, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(inner, name, NULL);
        g_remove(path);
    }
    g_rmdir(inner);
    g_rmdir(directory);
    g_free(directory);
}

#define ENTRY                                                                  \
    "laws:\n"                                                                  \
    "  own:\n"                                                                 \
    "    topic: mere-conduit\n"                                                \
    "    citation:\n"                                                          \
    "      en: Own Act\n"                                                      \
    "    says:\n"                                                              \
    "      en: Carriers are not liable\n"                                      \
    "    confidence: high\n"

static const char *cited_on(const Laws *laws, const char *date)
{
    LawQuestion question = {
        .chain = "DE EU XX",
        .topics = (const char *const[]){"mere-conduit", NULL},
        .language = "en",
        .category = "copyright/p2p",
        .is_exit = true,
        .is_automatic = true,
    };
    g_assert_true(instant_parse(date, &question.date));
    g_autoptr(GPtrArray) found = law_find(laws, &question);
    const LawCandidate *cited = law_cited(found);
    return cited ? "cited" : "none";
}

/* A reviewed entry may stand in a letter that leaves by itself, until its
 * review is a year old; then it is warned of. */
static void test_review(void)
{
    char *directory = new_directory("law");
    write_file(directory, "law", "DE.yaml",
               ENTRY "    reviewed: 2026-02-02 RA M. Beispiel\n");
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    Laws *laws =
        laws_load((const char *const[]){POLICY_DIR, directory, NULL}, errors);
    g_assert_cmpuint(errors->len, ==, 0);
    g_assert_cmpstr(cited_on(laws, "2026-02-01"), ==, "none");
    g_assert_cmpstr(cited_on(laws, "2026-02-02"), ==, "cited");
    g_assert_cmpstr(cited_on(laws, "2027-02-01"), ==, "cited");
    g_assert_cmpstr(cited_on(laws, "2027-03-01"), ==, "none");
    g_autoptr(GPtrArray) fresh = laws_check(laws, NOW);
    g_autoptr(GPtrArray) stale = laws_check(laws, NOW + 365 * INSTANT_DAY_S);
    g_assert_cmpuint(stale->len, ==, fresh->len + 1);
    laws_free(laws);
    remove_directory(directory, "law");
}

static void test_mistakes(void)
{
    static const struct {
        const char *name, *text, *words;
    } CASES[] = {
        {"UK.yaml", ENTRY, "UK.yaml: \"UK\" is not an ISO 3166-1 code"},
        {"FR.yaml", ENTRY "    topic2: x\n", "FR.yaml:9:5: "},
        {"FR.yaml", "laws:\n  a:\n    topic: mere-conduct\n", "FR.yaml:3:12: "},
        {"FR.yaml", ENTRY "    applies_if: [rich]\n", "FR.yaml:9:18: "},
        {"FR.yaml", ENTRY "    categories: [copyrihgt]\n",
         "FR.yaml:9:18: \"copyrihgt\" is no kind of complaint"},
        {"FR.yaml", ENTRY "    reviewed: yesterday\n",
         "FR.yaml:9:15: \"reviewed\" is \"none yet\", or a day and a name"},
        {"FR.yaml", ENTRY "    reviewed: 2026-02-02\n", "FR.yaml:9:15: "},
        {"FR.yaml", ENTRY "    from: 2026-02-02\n    until: 2026-01-01\n",
         "FR.yaml:10:12: \"until\" is before \"from\""},
        {"FR.yaml", ENTRY "    names: [X]\n", "FR.yaml:9:13: \"names\" are"},
        {"FR.yaml", ENTRY "    source: gopher://x\n", "FR.yaml:9:13: "},
        {"FR.yaml",
         "laws:\n  a:\n    topic: other\n    confidence: low\n    says:\n"
         "      fr: Oui\n",
         "FR.yaml:6:11: there are words in \"fr\" but no citation"},
        {"FR.yaml",
         "laws:\n  a:\n    topic: other\n    confidence: low\n    says:\n"
         "      en: Ends in a stop.\n    citation:\n      en: X\n",
         "FR.yaml:6:11: "},
        {"FR.yaml", "laws:\n  A b:\n    topic: other\n", "FR.yaml:2:3: "},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        char *directory = new_directory("law");
        write_file(directory, "law", CASES[i].name, CASES[i].text);
        g_autoptr(GError) error = NULL;
        g_autoptr(Policies) policies =
            policies_load((const char *const[]){directory, NULL}, &error);
        g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFIG);
        g_test_message("%s", error->message);
        g_assert_nonnull(strstr(error->message, CASES[i].words));
        remove_directory(directory, "law");
    }
}

static void test_lawyers(void)
{
    char *directory = new_directory("lawyers");
    const char *const directories[] = {POLICY_DIR, directory, NULL};
    g_autofree char *example = NULL;
    g_autofree char *path =
        g_build_filename(POLICY_DIR, "lawyers", "DE.yaml.example", NULL);
    g_assert_true(g_file_get_contents(path, &example, NULL, NULL));
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) none = lawyers_load(directories, "DE EU XX", errors);
    g_assert_cmpuint(none->len, ==, 0);
    write_file(directory, "lawyers", "DE.yaml", example);
    write_file(directory, "lawyers", "XX.yaml",
               "lawyers:\n  - name: Everybody's Friend\n");
    g_autoptr(GPtrArray) found = lawyers_load(directories, "DE EU XX", errors);
    g_assert_cmpuint(errors->len, ==, 0);
    g_assert_cmpuint(found->len, ==, 3);
    const Lawyer *first = found->pdata[0], *last = found->pdata[2];
    g_assert_cmpstr(first->name, ==, "RA M. Beispiel");
    g_assert_cmpstr(first->languages->pdata[1], ==, "en");
    g_assert_cmpstr(last->country, ==, "XX");
    g_autoptr(GPtrArray) austrian =
        lawyers_load(directories, "AT EU XX", errors);
    g_assert_cmpuint(austrian->len, ==, 1);
    write_file(directory, "lawyers", "UK.yaml", "lawyers:\n  - phone: 1\n");
    write_file(directory, "lawyers", "FR.yaml", "lawyers:\n  - phone: 1\n");
    g_autoptr(GPtrArray) all = lawyers_load(directories, NULL, errors);
    g_assert_cmpuint(all->len, >=, 3);
    g_assert_cmpuint(errors->len, ==, 2);
    remove_directory(directory, "lawyers");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/law/table", test_table);
    g_test_add_func("/law/gone", test_gone);
    g_test_add_func("/law/every-name", test_every_name);
    g_test_add_func("/law/hostile", test_hostile);
    g_test_add_func("/law/shipped", test_shipped);
    g_test_add_func("/law/every-entry", test_every_entry);
    g_test_add_func("/law/countries", test_countries);
    g_test_add_func("/law/retention", test_retention);
    g_test_add_func("/law/review", test_review);
    g_test_add_func("/law/mistakes", test_mistakes);
    g_test_add_func("/law/lawyers", test_lawyers);
    return g_test_run();
}
