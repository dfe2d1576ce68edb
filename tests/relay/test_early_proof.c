/* Proofs from before there were consensuses: written from statuses and
 * directories of a made-up network, and checked by their own script. */
#include "early_desk.h"

#include "relay/import.h"
#include "relay/prove.h"

#include "network.h"

#include <glib/gstdio.h>
#include <string.h>

static const char *const UP[] = {"alpha 192.0.2.1 Exit,Fast,Running,Valid",
                                 NULL};

typedef struct {
    char *input, *data, *proof;
} Place;

static void give_file(const Place *place, const char *name, const char *text)
{
    g_autofree char *path = g_build_filename(place->input, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

static void place_init(Place *place)
{
    place->input = network_new_directory();
    place->data = network_new_directory();
    place->proof = g_build_filename(place->data, "proof", NULL);
}

static void take_in(const Place *place)
{
    const char *const paths[] = {place->input, NULL};
    ImportSummary summary;
    g_assert_true(relay_import(place->data, paths, early_servers, NULL, NULL,
                               NULL, &summary, NULL));
    import_summary_clear(&summary);
}

static void prove(const Place *place, const char *address, const char *time,
                  Verdict verdict)
{
    ProofSummary summary = {0};
    g_autoptr(GError) error = NULL;
    IpAddress ip;
    Instant when;
    g_assert_true(ip_parse(address, strlen(address), &ip));
    g_assert_true(instant_parse(time, &when));
    relay_prove(place->data, early_servers, NULL, &ip, when, 80, place->proof,
                &summary, &error);
    g_assert_no_error(error);
    g_assert_cmpint(summary.lookup->verdict, ==, verdict);
    g_assert_cmpuint(summary.missing->len, ==, 0);
    proof_summary_clear(&summary);
}

/* Does the proof's own script say that everything holds? Yours: what it
 * says. */
static bool holds(const Place *place, char **said)
{
    const char *const words[] = {"/bin/sh", "check.sh", NULL};
    int status = -1;
    g_assert_true(g_spawn_sync(place->proof, (char **)words, NULL,
                               G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, said,
                               NULL, &status, NULL));
    return status == 0 && strstr(*said, "Everything holds.");
}

/* Exchange a text of the same length in a file of the proof, and its sum. */
static void forge(const Place *place, const char *name, const char *from,
                  const char *to)
{
    g_autofree char *path = g_build_filename(place->proof, name, NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    char *at = strstr(text, from);
    g_assert_nonnull(at);
    g_assert_cmpuint(strlen(from), ==, strlen(to));
    memcpy(at, to, strlen(to));
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    const char *const words[] = {
        "/bin/sh", "-c",
        "sha256sum $(sed 's/.*  //' SHA256SUMS) >new && mv new SHA256SUMS",
        NULL};
    int status = -1;
    g_assert_true(g_spawn_sync(place->proof, (char **)words, NULL, 0, NULL,
                               NULL, NULL, NULL, &status, NULL));
    g_assert_cmpint(status, ==, 0);
}

static void place_clear(Place *place)
{
    static const char *const UNDER[] = {"early", "months", "proof"};
    for (size_t i = 0; i < G_N_ELEMENTS(UNDER); i++) {
        g_autofree char *path = g_build_filename(place->data, UNDER[i], NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            network_remove_directory(path);
    }
    network_remove_directory(place->input);
    network_remove_directory(place->data);
    g_free(place->input);
    g_free(place->data);
    g_free(place->proof);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

static void give_statuses(const Place *place, guint servers)
{
    g_autofree char *relay = early_descriptor("alpha", "192.0.2.1", POLICY_80);
    give_file(place, "descriptor", relay);
    for (guint i = 0; i < servers; i++)
        for (guint k = 0; k < 2; k++) {
            g_autofree char *at =
                g_strdup_printf("2007-03-01 10:%u0:10", k + 1);
            g_autofree char *name = g_strdup_printf("status-%u-%u", i, k);
            g_autoptr(GString) text = early_status(i, at, UP);
            give_file(place, name, text->str);
        }
}

static void test_statuses(void)
{
    g_auto(Place) place;
    place_init(&place);
    give_statuses(&place, 3);
    take_in(&place);
    prove(&place, "192.0.2.1", "2007-03-01T11:30", VERDICT_EXIT);
    g_autofree char *said = NULL;
    g_assert_true(holds(&place, &said));
    g_assert_nonnull(strstr(said, "at 2007-03-01 10:20:10"));
    g_assert_null(strstr(said, "at 2007-03-01 10:10:10")); /* the newest only */
    g_assert_nonnull(strstr(said, "accept *:80"));
}

static void test_no(void)
{
    g_auto(Place) place;
    place_init(&place);
    give_statuses(&place, 3);
    take_in(&place);
    prove(&place, "192.0.2.9", "2007-03-01T11:30", VERDICT_NOT_LISTED);
    g_autofree char *said = NULL;
    g_assert_true(holds(&place, &said));
    g_assert_null(strstr(said, "  r "));
}

static void test_forged(void)
{
    static const struct {
        const char *what, *from, *to; /* what: part of the file's name */
    } CASES[] = {
        {"-status-", "192.0.2.1 9001", "192.0.2.2 9001"},
        {"-status-", "Running", "Hibernt"},
        {"-status-", "published 2007-03-01 10:20",
         "published 2007-03-01 10:21"},
        {"descriptor-", "accept *:80", "accept *:22"},
        {"check.sh", "\nserver_signed 20", "\n: it is left out"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_auto(Place) place;
        place_init(&place);
        give_statuses(&place, 3);
        take_in(&place);
        prove(&place, "192.0.2.1", "2007-03-01T11:30", VERDICT_EXIT);
        g_autoptr(GDir) files = g_dir_open(place.proof, 0, NULL);
        const char *name = g_dir_read_name(files);
        while (name && !strstr(name, CASES[i].what))
            name = g_dir_read_name(files);
        g_assert_nonnull(name);
        forge(&place, name, CASES[i].from, CASES[i].to);
        g_autofree char *said = NULL;
        if (holds(&place, &said))
            g_error("%s: %s", CASES[i].to, said);
    }
}

static void test_directory(void)
{
    g_auto(Place) place;
    place_init(&place);
    g_autoptr(GString) text = early_directory(0, "2004-08-01 10:00:10",
                                              "running-routers", "alpha !beta");
    give_file(&place, "directory", text->str);
    take_in(&place);
    prove(&place, "192.0.2.1", "2004-08-01T11:30", VERDICT_EXIT);
    g_autofree char *said = NULL;
    g_assert_true(holds(&place, &said));
    g_assert_nonnull(strstr(said, "up (! is down): alpha\n"));
    g_assert_nonnull(strstr(said, "accept *:80"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    early_make_servers();
    g_test_add_func("/early/proof/statuses", test_statuses);
    g_test_add_func("/early/proof/no", test_no);
    g_test_add_func("/early/proof/forged", test_forged);
    g_test_add_func("/early/proof/directory", test_directory);
    int status = g_test_run();
    early_free_servers();
    return status;
}
