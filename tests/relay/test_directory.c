/* Answers from before there were consensuses: directories of version 1, signed
 * by servers of a made-up network. No real ones were at hand; the format is
 * that of tor's doc/dir-spec-v1.txt and of what its dirserv.c wrote. */
#include "early_desk.h"

#include "base/digest.h"

#include <string.h>

/* ---- version 1 ---------------------------------------------------------- */

static void give_directory(EarlyDesk *desk, guint server, const char *published,
                           const char *keyword, const char *up)
{
    g_autoptr(GString) text = early_directory(server, published, keyword, up);
    g_autofree char *why = NULL;
    early_give(desk, source_directory_read, text, &why);
    g_assert_cmpstr(why, ==, "");
}

static void test_directory(void)
{
    g_auto(EarlyDesk) desk;
    early_desk_init(&desk);
    give_directory(&desk, 0, "2004-08-01 10:00:10", "running-routers",
                   "alpha !beta");
    early_desk_finish(&desk);
    early_check_answer(
        &desk, "192.0.2.1", "2004-08-01T11:30", 80,
        "exit directory 1: 192.0.2.1 was a Tor exit at 2004-08-01 11:30 UTC "
        "and its policy allowed port 80: on the word of one directory "
        "server");
    /* never a no */
    early_check_answer(&desk, "192.0.2.1", "2004-08-01T11:30", 25,
                       "undecidable directory");
    early_check_answer(&desk, "192.0.2.2", "2004-08-01T11:30", 80,
                       "undecidable directory");
    early_check_answer(&desk, "192.0.2.9", "2004-08-01T11:30", 80,
                       "undecidable directory");
    /* another server saw it down */
    give_directory(&desk, 1, "2004-08-01 10:10:10", "running-routers",
                   "!alpha beta");
    early_desk_finish(&desk);
    early_check_answer(&desk, "192.0.2.1", "2004-08-01T11:30", 80,
                       "undecidable directory");
}

static void test_router_status(void)
{
    uint8_t id[20];
    early_fingerprint("beta", id);
    g_autofree char *hex = hex_new(id, 20);
    g_autofree char *up = g_strdup_printf("!$0000 name=$%s alpha", hex);
    g_auto(EarlyDesk) desk;
    early_desk_init(&desk);
    give_directory(&desk, 2, "2005-08-01 10:00:10", "router-status", up);
    early_desk_finish(&desk);
    early_check_answer(&desk, "192.0.2.2", "2005-08-01T11:30", 80,
                       "exit directory 1");
    /* a bare name means nothing in a router-status line */
    early_check_answer(&desk, "192.0.2.1", "2005-08-01T11:30", 80,
                       "undecidable directory");
}

static void test_forged_directory(void)
{
    static const struct {
        const char *from, *to, *why;
    } CASES[] = {
        {"alpha !beta", "alpha  beta",
         "its signature does not hold: it was changed or forged"},
        {"accept *:80", "accept *:22",
         "its signature does not hold: it was changed or forged"},
        {"published 2004", "published 2009",
         "it is signed by no directory server of that time"},
        {"running-routers", "running-relays",
         "it does not say which relays were up"},
    };
    g_auto(EarlyDesk) desk;
    early_desk_init(&desk);
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GString) text = early_directory(
            0, "2004-08-01 10:00:10", "running-routers", "alpha !beta");
        g_assert_cmpuint(g_string_replace(text, CASES[i].from, CASES[i].to, 1),
                         ==, 1);
        g_autofree char *why = NULL;
        ReadResult result =
            early_give(&desk, source_directory_read, text, &why);
        if (i == 2) { /* behind the last directory */
            g_assert_cmpint(result, ==, READ_SKIPPED);
            continue;
        }
        g_assert_cmpint(result, ==, READ_DAMAGED);
        g_assert_cmpstr(why, ==, CASES[i].why);
    }
    /* a server of version 2 only */
    g_autoptr(GString) text =
        early_directory(4, "2006-08-01 10:00:10", "running-routers", "alpha");
    g_assert_cmpint(early_give(&desk, source_directory_read, text, NULL), ==,
                    READ_DAMAGED);
}

/* Keys that directories of 2004 do not carry. */
static void test_keys_of_2004(void)
{
    static const char *const NAMES[] = {"moria1", "moria2", "tor26"};
    g_autoptr(Authorities) pinned = authorities_new();
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *text = g_strdup_printf(
            "signed-directory\ndirectory-signature %s\n"
            "-----BEGIN SIGNATURE-----\nAAAA\n-----END SIGNATURE-----\n",
            NAMES[i]);
        const Authority *server = NULL;
        g_autoptr(GError) error = NULL;
        Text part;
        Instant when;
        g_assert_true(instant_parse("2004-06-01", &when));
        g_assert_false(early_check(pinned, 1, text_of_bytes(text, strlen(text)),
                                   (uint32_t)when, &part, &server, &error));
        g_assert_nonnull(server);
        g_assert_cmpstr(server->nickname, ==, NAMES[i]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    early_make_servers();
    g_test_add_func("/early/directory", test_directory);
    g_test_add_func("/early/router-status", test_router_status);
    g_test_add_func("/early/forged-directory", test_forged_directory);
    g_test_add_func("/early/keys-of-2004", test_keys_of_2004);
    int status = g_test_run();
    early_free_servers();
    return status;
}
