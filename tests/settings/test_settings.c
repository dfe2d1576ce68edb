#include "settings/settings.h"

#include "base/errors.h"

#include <glib/gstdio.h>
#include <string.h>

/* A directory with the files of "NAME\nTEXT" pairs, removed by remove_all. */
static char *folder_with(const char *const *files)
{
    char *folder = g_dir_make_tmp("exitdesk-settings-XXXXXX", NULL);
    g_assert_nonnull(folder);
    for (; files[0]; files += 2) {
        g_autofree char *path = g_build_filename(folder, files[0], NULL);
        g_autofree char *parent = g_path_get_dirname(path);
        g_assert_cmpint(g_mkdir_with_parents(parent, 0700), ==, 0);
        g_assert_true(g_file_set_contents(path, files[1], -1, NULL));
    }
    return folder;
}

static void remove_all(char *folder, const char *const *files)
{
    for (; files[0]; files += 2) {
        g_autofree char *path = g_build_filename(folder, files[0], NULL);
        g_autofree char *parent = g_path_get_dirname(path);
        g_remove(path);
        g_rmdir(parent);
    }
    g_rmdir(folder);
    g_free(folder);
}

#define DESK "desk: {name: Umbrella, address: abuse@umbrella.example}\n"

static void test_derived(void)
{
    static const struct {
        const char *send;
        TlsMode tls;
        const char *bounce;
    } CASES[] = {
        {"", TLS_NONE, "bounce@umbrella.example"},
        {"send: {via: 'smtp://127.0.0.1:25'}", TLS_NONE,
         "bounce@umbrella.example"},
        {"send: {via: 'smtp://[::1]:25'}", TLS_NONE, "bounce@umbrella.example"},
        {"send: {via: 'unix:/run/smtp.sock'}", TLS_NONE,
         "bounce@umbrella.example"},
        {"send: {via: 'smtp://mail.example.org'}", TLS_STARTTLS,
         "bounce@umbrella.example"},
        {"send: {via: 'smtps://mail.example.org:465'}", TLS_IMPLICIT,
         "bounce@umbrella.example"},
        {"send: {via: 'smtp://127.0.0.1:25', tls: starttls, bounce: "
         "b@x.example}",
         TLS_STARTTLS, "b@x.example"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *yaml = g_strconcat(DESK, CASES[i].send, NULL);
        const char *const files[] = {"exitdesk.yaml", yaml, NULL};
        char *folder = folder_with(files);
        g_autoptr(GError) error = NULL;
        g_autoptr(Settings) settings = settings_load(folder, "/data", &error);
        g_assert_no_error(error);
        g_assert_cmpint(settings->send.tls, ==, CASES[i].tls);
        g_assert_cmpstr(settings->send.bounce, ==, CASES[i].bounce);
        g_assert_cmpstr(settings->control, ==, "/data/control.sock");
        g_assert_cmpstr(settings->relays.directory, ==, "/data/relays");
        g_assert_cmpint(settings->desk.mode, ==, MODE_OBSERVE);
        g_assert_cmpuint(settings->send.delay_s, ==, 900);
        g_assert_cmpuint(settings->receive.max_bytes, ==, 25 << 20);
        g_assert_cmpuint(settings->send.limits.all_1h, ==, 60);
        g_assert_cmpuint(settings->send.limits.address_1d, ==, 1);
        remove_all(folder, files);
    }
}

/* "smtp://127.0.0.1.evil.example" is not this machine. */
static void test_local_is_exact(void)
{
    static const char *const FAR[] = {"smtp://127.0.0.1.evil.example",
                                      "smtp://localhost.evil.example:25"};
    for (size_t i = 0; i < G_N_ELEMENTS(FAR); i++) {
        g_autofree char *yaml =
            g_strdup_printf("%ssend: {via: '%s'}\n", DESK, FAR[i]);
        const char *const files[] = {"exitdesk.yaml", yaml, NULL};
        char *folder = folder_with(files);
        g_autoptr(Settings) settings = settings_load(folder, NULL, NULL);
        g_assert_cmpint(settings->send.tls, ==, TLS_STARTTLS);
        remove_all(folder, files);
    }
}

static const char *const LAYERS[] = {
    "exitdesk.yaml",
    DESK "send: {delay: 5min}\nlanguages: []\n",
    NULL,
};

static void test_layers(void)
{
    static const char *const FILES[] = {
        "exitdesk.yaml",
        DESK "send: {delay: 5min, max-per-hour: 7}\n",
        "conf.d/20-b.yaml",
        "send: {delay: 7min}\n",
        "conf.d/10-a.yaml",
        "send: {delay: 6min}\n",
        "conf.d/30-c.yaml.bak",
        "send: {delay: 8min}\n",
        NULL,
    };
    char *folder = folder_with(FILES);
    g_autoptr(GError) error = NULL;
    g_autoptr(Settings) settings = settings_load(folder, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(settings->send.delay_s, ==, 420);
    g_assert_cmpuint(settings->send.limits.all_1h, ==, 7);
    g_autofree char *file = g_build_filename(folder, "exitdesk.yaml", NULL);
    g_autoptr(Settings) again = settings_load(file, NULL, &error);
    g_assert_cmpuint(again->send.delay_s, ==, 420);
    remove_all(folder, FILES);
}

static void test_refused(void)
{
    char *folder = folder_with(LAYERS);
    g_autoptr(GError) error = NULL;
    g_assert_null(settings_load(folder, NULL, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFIG);
    g_assert_nonnull(
        strstr(error->message, "exitdesk.yaml:3:1: unknown setting"));
    g_clear_error(&error);
    remove_all(folder, LAYERS);
    g_assert_null(settings_load("/nonexistent", NULL, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
}

static const char MEMBER[] =
    "name: Stadtbibliothek\n"
    "country: DE\n"
    "relays:\n"
    "  fingerprints:\n"
    "    - $b1b2c3d4e5f60718293a4b5c6d7e8f9001122334\n"
    "    - A1B2C3D4E5F60718293A4B5C6D7E8F9001122334\n"
    "  prefixes:\n"
    "    - {prefix: 192.0.2.0/24, from: 2026-01-01, to: 2026-06-30}\n"
    "consent: {given: 2026-02-02, by: A. Beispiel}\n"
    "automation: auto\n"
    "modes:\n"
    "  - {category: copyright, automation: off, since: 2026-03-01}\n"
    "statements:\n"
    "  - {name: no-logs, text: We keep none., by: A, said: 2026-02-02,\n"
    "     until: 2026-12-31T12:00Z}\n";

static void test_member(void)
{
    const char *const files[] = {"exitdesk.yaml", DESK, "members.d/bib.yaml",
                                 MEMBER, NULL};
    char *folder = folder_with(files);
    g_autoptr(GError) error = NULL;
    g_autoptr(Settings) settings = settings_load(folder, NULL, &error);
    g_assert_no_error(error);
    const Member *member = members_by_id(settings->members, "bib");
    g_assert_nonnull(member);
    g_assert_cmpstr(member->language, ==, "en");
    g_assert_cmpuint(member->fingerprints->len, ==, 2);
    g_assert_cmpint(member->fingerprints->data[0] & 0xff, ==, 0xa1);
    const MemberPrefix *held =
        &g_array_index(member->prefixes, MemberPrefix, 0);
    /* A bare date that ends something includes that day. */
    g_autofree char *to = instant_new_text(held->to);
    g_assert_cmpstr(to, ==, "2026-06-30T23:59:59Z");
    g_autofree char *from = instant_new_text(held->from);
    g_assert_cmpstr(from, ==, "2026-01-01T00:00:00Z");
    const MemberStatement *statement = member->statements->pdata[0];
    g_autofree char *until = instant_new_text(statement->until);
    g_assert_cmpstr(until, ==, "2026-12-31T12:00:00Z");
    g_assert_cmpint(member->ceiling, ==, CEILING_ASK);
    g_assert_cmpint(member->ended, ==, INSTANT_NONE);
    remove_all(folder, files);
}

/* A member's file ==> what is wrong with it. */
static void test_member_mistakes(void)
{
    static const struct {
        const char *file, *yaml, *words;
    } CASES[] = {
        {"a.yaml", "name: A\n", "\"country\" is missing."},
        {"a.yaml", "name: A\ncountry: DE\nconsent: {given: 2026-01-01}\n",
         "\"consent.by\" is missing."},
        {"a.yaml", "name: A\ncountry: DE\nconsent: {by: B}\n",
         "\"consent.given\" is missing."},
        {"a.yaml",
         "name: A\ncountry: DE\nrelays: {prefixes: [{prefix: 192.0.2.0/24, "
         "from: 2026-02-01, to: 2026-01-01}]}\n",
         "a.yaml:3:21: \"to\" is before \"from\"."},
        {"A_B.yaml", "name: A\ncountry: DE\n", "Rename the file."},
        {"a.yaml", "name: A\ncountry: DE\nautomation: full\n",
         "\"full\" is not one of: off, hold, auto."},
        {"a.yaml", "name: A\ncountry: DE\nmodes: [{category: x}]\n",
         "\"automation\" is missing."},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *name =
            g_build_filename("members.d", CASES[i].file, NULL);
        const char *const files[] = {"exitdesk.yaml", DESK, name, CASES[i].yaml,
                                     NULL};
        char *folder = folder_with(files);
        g_autoptr(GError) error = NULL;
        g_assert_null(settings_load(folder, NULL, &error));
        g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFIG);
        if (!strstr(error->message, CASES[i].words)) {
            g_test_message("%s is not: %s", error->message, CASES[i].words);
            g_test_fail();
        }
        remove_all(folder, files);
    }
}

/* Two members cannot claim one relay. */
static void test_member_conflict(void)
{
    static const char *const FILES[] = {
        "exitdesk.yaml", DESK, "members.d/a.yaml", MEMBER, "members.d/b.yaml",
        MEMBER,          NULL};
    char *folder = folder_with(FILES);
    g_autoptr(GError) error = NULL;
    g_assert_null(settings_load(folder, NULL, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFIG);
    g_assert_nonnull(strstr(error->message, "members a and b both claim"));
    remove_all(folder, FILES);
}

static void test_default(void)
{
    g_autoptr(Settings) settings = settings_default("relative");
    g_assert_true(g_path_is_absolute(settings->data));
    g_assert_cmpuint(members_count(settings->members), ==, 0);
    g_assert_null(settings->desk.address);
    g_assert_null(settings->send.via);
    g_assert_cmpuint(settings->policy_directories->len, ==, 2);
    g_assert_null(settings->policy_directories->pdata[1]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/settings/derived", test_derived);
    g_test_add_func("/settings/local-is-exact", test_local_is_exact);
    g_test_add_func("/settings/layers", test_layers);
    g_test_add_func("/settings/refused", test_refused);
    g_test_add_func("/settings/member", test_member);
    g_test_add_func("/settings/member-mistakes", test_member_mistakes);
    g_test_add_func("/settings/member-conflict", test_member_conflict);
    g_test_add_func("/settings/default", test_default);
    return g_test_run();
}
