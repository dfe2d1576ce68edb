#include "policy/profile_load.h"

#include "base/files.h"
#include "policy/gate_rules.h"

#include <string.h>

static Instant NOW;

static Profile *parse(const char *text, GPtrArray *errors)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    return profile_parse("p.yaml", "p", bytes, errors);
}

/* ---- the shipped ones -------------------------------------------------- */

static Profiles *shipped(void)
{
    g_autoptr(GError) error = NULL;
    Profiles *profiles =
        profiles_load((const char *const[]){POLICY_DIR, NULL}, &error);
    g_assert_no_error(error);
    return profiles;
}

/* What nobody reviewed may at most be held, and what is not known is said. */
static void test_shipped(void)
{
    g_autoptr(Profiles) profiles = shipped();
    guint kinds[REPORTER_OTHER + 1] = {0};
    g_assert_cmpuint(profiles_count(profiles), >=, 30);
    for (guint i = 0; i < profiles_count(profiles); i++) {
        const Profile *profile = profiles_at(profiles, i);
        g_test_message("%s", profile->id);
        kinds[profile->kind]++;
        g_assert_cmpstr(profile->reviewed, ==, PROFILE_UNREVIEWED);
        g_assert_false(profile_is_reviewed(profile, NOW));
        g_assert_false(profile->proposed);
        g_assert_cmpuint(profile->sources->len, >, 0);
        if (profile->to && strchr(profile->to, '@'))
            g_assert_cmpint(stop_list_ask(profile->to, false), !=, STOP_NEVER);
        g_autofree char *mail =
            g_strdup_printf(TEST_DIR "/reporters/%s.eml", profile->id);
        g_assert_true(g_file_test(mail, G_FILE_TEST_EXISTS));
    }
    for (guint kind = 0; kind < REPORTER_OTHER; kind++)
        g_assert_cmpuint(kinds[kind], >, 0);
}

/* Each From belongs to one reporter only. */
static void test_nobody_is_two(void)
{
    g_autoptr(Profiles) profiles = shipped();
    for (guint i = 0; i < profiles_count(profiles); i++) {
        const GPtrArray *from = profiles_at(profiles, i)->from;
        for (guint k = 0; k < from->len; k++) {
            g_auto(GStrv) parts = g_strsplit(from->pdata[k], "*", 2);
            g_autofree char *address = g_strjoinv("x1", parts);
            for (guint j = 0; j < profiles_count(profiles); j++)
                if (profile_writes_from(profiles_at(profiles, j), address))
                    g_assert_cmpuint(i, ==, j);
        }
    }
}

/* ---- reading ------------------------------------------------------------ */

#define HEAD "name: A\nkind: feed\n"
#define TAIL                                                                   \
    "known: {source: [https://a.example/], reviewed: none yet, confidence: "   \
    "high}\n"

static const struct {
    const char *yaml, *objection; /* NULL: none */
} FILES[] = {
    {HEAD "answer: {automatic: never}\n" TAIL, NULL},
    {HEAD "answer: {automatic: sometimes}\n" TAIL, "sometimes"},
    {HEAD "answer: {automatic: once-per-case, to: a@a.example}\n" TAIL,
     "known.missing"},
    {HEAD "signs: {dkim: a.example, from: x@a.example}\n"
          "answer: {automatic: once-per-case}\n" TAIL,
     "known.missing"},
    {HEAD "signs: {dkim: a.example, from: x@a.example}\n"
          "answer: {automatic: once-per-case, to: a@a.example}\n" TAIL,
     NULL},
    {HEAD "signs: {dkim: a.example}\nanswer: {automatic: never}\n" TAIL,
     "signs.from"},
    {HEAD "signs: {dkim: esp.example, from: x@a.example}\n"
          "answer: {automatic: never}\n" TAIL,
     "signs.selectors"},
    {HEAD "signs: {dkim: esp.example, selectors: s1, from: x@a.example}\n"
          "answer: {automatic: never}\n" TAIL,
     NULL},
    {HEAD "signs: {dkim: m.a.example, from: x@a.example}\n"
          "answer: {automatic: never}\n" TAIL,
     NULL},
    {HEAD "signs: {dkim: ba.example, from: x@a.example}\n"
          "answer: {automatic: never}\n" TAIL,
     "signs.selectors"},
    {HEAD "signs: {from: \"*@*.example\"}\nanswer: {automatic: never}\n" TAIL,
     "no address"},
    {HEAD "signs: {from: \"*-*@a.example\"}\nanswer: {automatic: never}\n" TAIL,
     "no address"},
    {HEAD "answer: {automatic: form-only}\n" TAIL, "answer.form"},
    {HEAD "answer: {automatic: never, to: noreply@a.example}\n" TAIL,
     "no person reads"},
    {HEAD "answer: {automatic: never, to: \"*@a.example\"}\n" TAIL,
     "no address"},
    {HEAD "signs: {robot-path: yes}\nanswer: {automatic: never}\n" TAIL,
     "robot-path"},
    {HEAD "signs: {robot-path: yes, envelope: a.example}\n"
          "answer: {automatic: never, to: return-path}\n" TAIL,
     "robot-path"},
    {HEAD "answer: {automatic: never, to: return-path}\n" TAIL,
     "signs.envelope"},
    {HEAD "answer: {automatic: never, reference: \"Case\"}\n" TAIL, "{token}"},
    {HEAD "answer: {automatic: never, reference: \"{token}]\"}\n" TAIL,
     "text before"},
    {HEAD "answer: {automatic: never, reference: \"[{token}{token}]\"}\n" TAIL,
     "once"},
    {HEAD "answer: {automatic: never, reference: \"#{token}:\"}\n" TAIL,
     "go on behind"},
    {HEAD "answer: {automatic: never, form: \"javascript:x\"}\n" TAIL, "https"},
    {HEAD "answer: {automatic: never, template: ../../etc}\n" TAIL, "template"},
    {HEAD "answer: {automatic: never}\nknown: {source: [https://a.example/], "
          "reviewed: yesterday, confidence: high}\n",
     "none yet"},
    {HEAD "answer: {automatic: never}\n", "known.source"},
    {"kind: feed\nanswer: {automatic: never}\n" TAIL, "name"},
    {HEAD "answer: {automatic: never, to-whom: x}\n" TAIL, "to-whom"},
    {"", "name"},
    {"[", ""},
};

static void test_files(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(FILES); i++) {
        g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
        Profile *profile = parse(FILES[i].yaml, errors);
        g_test_message("%s%s", FILES[i].yaml,
                       errors->len > 0 ? (char *)errors->pdata[0] : "");
        g_assert_true((profile == NULL) == (FILES[i].objection != NULL));
        g_assert_true((errors->len > 0) == (FILES[i].objection != NULL));
        bool is_named = errors->len == 0;
        for (guint k = 0; k < errors->len; k++) {
            g_assert_true(g_str_has_prefix(errors->pdata[k], "p.yaml"));
            is_named |= strstr(errors->pdata[k], FILES[i].objection) != NULL;
        }
        g_assert_true(is_named);
        profile_free(profile);
    }
}

static void test_reviewed(void)
{
    static const struct {
        const char *reviewed, *confidence;
        bool is_reviewed;
    } ROWS[] = {
        {"none yet", "high", false},
        {"2026-05-01 A. Beispiel", "high", true},
        {"2026-05-01 A. Beispiel", "medium", true},
        {"2026-05-01 A. Beispiel", "low", false},
        {"2026-05-05 A. Beispiel", "high", false}, /* not yet */
        {"2025-05-05 A. Beispiel", "high", true},
        {"2025-05-01 A. Beispiel", "high", false}, /* too long ago */
    };
    for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autofree char *text = g_strdup_printf(
            HEAD "answer: {automatic: never}\nknown: {source: "
                 "[https://a.example/], reviewed: %s, confidence: %s}\n",
            ROWS[i].reviewed, ROWS[i].confidence);
        g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
        Profile *profile = parse(text, errors);
        g_assert_nonnull(profile);
        g_assert_cmpint(profile_is_reviewed(profile, NOW), ==,
                        ROWS[i].is_reviewed);
        profile_free(profile);
    }
}

/* A later directory's file replaces the package's; a proposed one does not. */
static void test_directories(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *local = g_dir_make_tmp("exitdesk-profile.XXXXXX", &error);
    g_autofree char *folder = g_build_filename(local, "reporters", NULL);
    g_autofree char *mine = g_build_filename(folder, "hetzner.yaml", NULL);
    g_autofree char *odd = g_build_filename(folder, "Big Name.yaml", NULL);
    g_assert_true(directory_ensure(folder, &error));
    const char *const both[] = {POLICY_DIR, local, NULL};
    static const char OWN[] = HEAD "answer: {automatic: never}\n" TAIL,
                      PROPOSED[] = HEAD
                      "state: proposed\nanswer: {automatic: never}\n" TAIL;
    g_autoptr(Profiles) package = shipped();
    g_assert_true(g_file_set_contents(mine, OWN, -1, &error));
    g_autoptr(Profiles) own = profiles_load(both, &error);
    g_assert_cmpuint(profiles_count(own), ==, profiles_count(package));
    g_assert_cmpstr(profiles_by_id(own, "hetzner")->name, ==, "A");
    g_assert_true(g_file_set_contents(mine, PROPOSED, -1, &error));
    g_autoptr(Profiles) beside = profiles_load(both, &error);
    g_assert_cmpuint(profiles_count(beside), ==, profiles_count(package) + 1);
    g_assert_true(profiles_by_id(beside, "hetzner")->proposed);
    const Profile *last = profiles_at(beside, profiles_count(beside) - 1);
    g_assert_cmpstr(last->name, ==, "A");
    g_assert_true(g_file_set_contents(odd, OWN, -1, &error));
    g_assert_null(profiles_load(both, &error));
    g_assert_nonnull(strstr(error->message, "Rename"));
    char *remove[] = {(char *)"rm", (char *)"-r", local, NULL};
    g_assert_true(g_spawn_sync(NULL, remove, NULL, G_SPAWN_SEARCH_PATH, NULL,
                               NULL, NULL, NULL, NULL, NULL));
}

/* ---- references ---------------------------------------------------------- */

static void test_references(void)
{
    g_autofree char *text = NULL;
    g_assert_true(
        g_file_get_contents(TEST_DIR "/reference.table", &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint checked = 0;
    for (char **line = lines; *line; line++) {
        if (!**line || **line == '#')
            continue;
        g_auto(GStrv) halves = g_strsplit(*line, " ==> ", 2);
        g_auto(GStrv) sides = g_strsplit(halves[0], " | ", 2);
        g_assert_null(reference_objection(sides[0]));
        bool is_twice;
        g_autofree char *got = reference_find(sides[0], sides[1], &is_twice);
        g_test_message("%s", *line);
        g_assert_cmpstr(got ? got : is_twice ? "twice" : "-", ==, halves[1]);
        checked++;
    }
    g_assert_cmpuint(checked, >, 20);
}

/* Whatever the Subject: in linear time, and only the pattern's own text with
 * the letters of a number. */
static void test_hostile_references(void)
{
    static const char *const PIECES[] = {"[", "#",    "a#",   "1", ":", "]",
                                         " ", "\r\n", "\xc3", "<", "a"};
    g_autoptr(GRand) random = g_rand_new_with_seed(822);
    for (guint i = 0; i < 50000; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int n = g_rand_int_range(random, 0, 30); n > 0; n--)
            g_string_append(
                text,
                PIECES[g_rand_int_range(random, 0, G_N_ELEMENTS(PIECES))]);
        bool is_twice;
        g_autofree char *got =
            reference_find("[a#{token}]", text->str, &is_twice);
        if (!got)
            continue;
        size_t length = strlen(got);
        g_assert_true(g_str_has_prefix(got, "[a#") && got[length - 1] == ']');
        g_assert_cmpuint(strspn(got + 3, "a1:#"), ==, length - 4);
        g_assert_nonnull(strstr(text->str, got));
    }
    g_autofree char *deep = g_strnfill(1 << 16, '#');
    bool is_twice;
    gint64 begun = g_get_monotonic_time();
    g_assert_null(reference_find("#{token}]", deep, &is_twice));
    g_assert_cmpint(g_get_monotonic_time() - begun, <, 3 * G_USEC_PER_SEC);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_assert_true(instant_parse("2026-05-04T09:00:00Z", &NOW));
    g_test_add_func("/policy/profile/shipped", test_shipped);
    g_test_add_func("/policy/profile/nobody-is-two", test_nobody_is_two);
    g_test_add_func("/policy/profile/files", test_files);
    g_test_add_func("/policy/profile/reviewed", test_reviewed);
    g_test_add_func("/policy/profile/directories", test_directories);
    g_test_add_func("/policy/profile/references", test_references);
    g_test_add_func("/policy/profile/hostile", test_hostile_references);
    return g_test_run();
}
