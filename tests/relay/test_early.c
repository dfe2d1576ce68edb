/* Answers from before there were consensuses: statuses of version 2, signed
 * by servers of a made-up network. The format is that of tor's
 * doc/dir-spec-v2.txt, of what its dirserv.c wrote, and of a real status by
 * dizum of June 2006, which was read and verified. */
#include "early_desk.h"

#include "relay/beside.h"
#include "relay/history.h"
#include "relay/import.h"
#include "relay/match.h"

#include "network.h"

#include <glib/gstdio.h>
#include <string.h>

#define UP "Exit,Fast,Running,Valid"

/* ---- version 2 ---------------------------------------------------------- */

static const char *const ALL[] = {"alpha 192.0.2.1 " UP, "beta 192.0.2.2 " UP,
                                  NULL};
static const char *const ONE[] = {"alpha 192.0.2.1 " UP,
                                  "beta 192.0.2.2 Exit,Valid",
                                  "gamma 192.0.2.3 Exit,Running", NULL};

static void test_majority(void)
{
    g_auto(EarlyDesk) desk;
    early_desk_init(&desk);
    early_give_policy(&desk, "alpha", "192.0.2.1", POLICY_80);
    early_give_policy(&desk, "beta", "192.0.2.2", POLICY_80);
    early_give_status(&desk, 0, "2007-03-01 10:00:10", ALL);
    early_give_status(&desk, 1, "2007-03-01 10:20:00", ONE);
    early_desk_finish(&desk);
    /* two of five: too few for anything */
    early_check_answer(&desk, "192.0.2.1", "2007-03-01T11:30", 80,
                       "undecidable consensus 0: no consensus exists of "
                       "2007-03-01 11:30 UTC, and too few directory servers' "
                       "own lists are stored");
    early_check_answer(&desk, "192.0.2.1", "2007-03-01T13:30", 80,
                       "undecidable consensus 0: nothing");
    early_give_status(&desk, 2, "2007-03-01 10:40:00", ONE);
    early_desk_finish(&desk);
    early_check_answer(&desk, "192.0.2.1", "2007-03-01T11:30", 80,
                       "exit statuses 1");
    early_check_answer(&desk, "192.0.2.1", "2007-03-01T11:30", 25,
                       "port-closed statuses");
    /* one says up, two say down, two are not known: no yes, no no */
    early_check_answer(
        &desk, "192.0.2.2", "2007-03-01T11:30", 80,
        "undecidable statuses 1: no consensus exists of 2007-03-01 11:30 "
        "UTC, and of the directory authorities some listed 192.0.2.2");
    /* none lists it as valid, and the two unheard are no majority */
    early_check_answer(&desk, "192.0.2.3", "2007-03-01T11:30", 80,
                       "not-listed statuses 0");
    early_check_answer(&desk, "192.0.2.9", "2007-03-01T11:30", 80,
                       "not-listed statuses 0");
    /* before and after */
    early_check_answer(&desk, "192.0.2.1", "2007-03-01T10:30", 80,
                       "undecidable consensus");
    early_check_answer(&desk, "192.0.2.1", "2007-03-01T13:30", 80,
                       "exit statuses 1");
    early_check_answer(&desk, "192.0.2.9", "2007-03-01T13:30", 80,
                       "undecidable statuses");
    early_check_answer(&desk, "192.0.2.1", "2007-03-01T18:00", 80,
                       "undecidable statuses 1");
    early_check_answer(&desk, "192.0.2.1", "2007-03-03T11:30", 80,
                       "undecidable consensus");
}

/* The servers went on with their lists when there were consensuses. */
static void test_beside_consensuses(void)
{
    g_auto(EarlyDesk) desk;
    early_desk_init(&desk);
    early_give_policy(&desk, "alpha", "192.0.2.1", POLICY_80);
    for (guint i = 0; i < 3; i++)
        early_give_status(&desk, i, "2009-03-01 10:00:10", ALL);
    early_desk_finish(&desk);
    early_check_answer(&desk, "192.0.2.1", "2009-03-01T11:30", 80,
                       "exit statuses 1: 192.0.2.1 was a Tor exit at "
                       "2009-03-01 11:30 UTC and its policy allowed port 80: "
                       "as more than half of the directory authorities said "
                       "one by one; no consensus of then is stored");
    early_check_answer(&desk, "192.0.2.9", "2009-03-01T11:30", 80,
                       "not-listed statuses 0: 192.0.2.9 was no Tor relay at "
                       "2009-03-01 11:30 UTC: not more than half of the "
                       "directory authorities can have listed it; no "
                       "consensus of then is stored");
}

/* A third "down" is a majority. */
static void test_minority(void)
{
    g_auto(EarlyDesk) desk;
    early_desk_init(&desk);
    early_give_policy(&desk, "beta", "192.0.2.2", POLICY_80);
    early_give_status(&desk, 0, "2007-03-01 10:00:10", ALL);
    for (guint i = 1; i < SERVERS; i++)
        early_give_status(&desk, i, "2007-03-01 10:20:00", ONE);
    early_desk_finish(&desk);
    early_check_answer(&desk, "192.0.2.2", "2007-03-01T11:30", 80,
                       "not-listed statuses 0");
}

/* One server alone cannot make a majority by saying it twice. */
static void test_one_voice(void)
{
    static const char *const TWICE[] = {
        "alpha 192.0.2.1 " UP, "alpha 192.0.2.1 Exit,Running,Valid",
        "alpha 192.0.2.1 Fast,Running,Valid", NULL};
    g_auto(EarlyDesk) desk;
    early_desk_init(&desk);
    early_give_policy(&desk, "alpha", "192.0.2.1", POLICY_80);
    early_give_status(&desk, 0, "2007-03-01 10:00:10", TWICE);
    early_give_status(&desk, 0, "2007-03-01 10:10:10", TWICE);
    early_give_status(&desk, 0, "2007-03-01 10:20:10", TWICE);
    early_give_status(&desk, 0, "2007-03-01 10:30:10", TWICE);
    early_desk_finish(&desk);
    early_check_answer(&desk, "192.0.2.1", "2007-03-01T11:30", 80,
                       "undecidable consensus");
}

/* Whatever the order and the number of runs, the answers are the same. */
static void test_order(void)
{
    static const char *const TIMES[] = {"10:00", "10:40", "11:30", "12:30",
                                        "13:59", "15:00", "20:00"};
    g_auto(EarlyDesk) whole;
    early_desk_init(&whole);
    early_give_policy(&whole, "alpha", "192.0.2.1", POLICY_80);
    for (guint i = 0; i < 12; i++) {
        g_autofree char *at =
            g_strdup_printf("2007-03-01 %02u:10:%02u", 9 + i / 4, i);
        early_give_status(&whole, i % 4, at, i % 3 ? ALL : ONE);
    }
    early_desk_finish(&whole);
    g_auto(EarlyDesk) pieces;
    early_desk_init(&pieces);
    for (guint k = 0; k < 12; k++) {
        guint i = (k * 7 + 5) % 12;
        g_autofree char *at =
            g_strdup_printf("2007-03-01 %02u:10:%02u", 9 + i / 4, i);
        early_give_status(&pieces, i % 4, at, i % 3 ? ALL : ONE);
        early_desk_finish(&pieces);
    }
    early_give_policy(&pieces, "alpha", "192.0.2.1", POLICY_80);
    early_desk_finish(&pieces);
    for (size_t t = 0; t < G_N_ELEMENTS(TIMES); t++)
        for (guint relay = 1; relay <= 3; relay++) {
            g_autofree char *ip = g_strdup_printf("192.0.2.%u", relay);
            g_autofree char *time = g_strdup_printf("2007-03-01T%s", TIMES[t]);
            g_autofree char *a = early_ask(&whole, ip, time, 80);
            g_autofree char *b = early_ask(&pieces, ip, time, 80);
            g_assert_cmpstr(a, ==, b);
        }
}

/* The early_servers name another descriptor each: only what all of them share. */
static void test_changing_descriptor(void)
{
    g_auto(EarlyDesk) desk;
    early_desk_init(&desk);
    for (guint i = 0; i < 3; i++)
        early_give_status(&desk, i, "2007-03-01 10:00:10", ALL);
    early_desk_finish(&desk);
    early_check_answer(&desk, "192.0.2.1", "2007-03-01T11:30", 80,
                       "undecidable statuses 1: 192.0.2.1 was a Tor relay");
    /* the policy may come later */
    early_give_policy(&desk, "alpha", "192.0.2.1", POLICY_80);
    early_desk_finish(&desk);
    early_check_answer(&desk, "192.0.2.1", "2007-03-01T11:30", 80,
                       "exit statuses 1");
    /* over a day it is not the same all the time */
    early_check_answer(&desk, "192.0.2.1", "2007-03-01", 80,
                       "undecidable consensus");
    early_check_answer(&desk, "192.0.2.1", "2007-03-02", 80,
                       "undecidable statuses");
}

static void test_forged_statuses(void)
{
    g_auto(EarlyDesk) desk;
    early_desk_init(&desk);
    static const struct {
        const char *from, *to, *why;
    } CASES[] = {
        {"192.0.2.1", "192.0.2.7",
         "its signature does not hold: it was changed or forged"},
        {"\n", "\r\n",
         "its signature does not hold: it was changed or forged "
         "(its lines end with CRLF)"},
        {"published 2007", "published 2005",
         "it is signed by no directory server of that time"},
        {"directory-signature", "directory-sign",
         "it ends before its signature"},
        {"-----END SIGNATURE-----", "", "it ends within its signature"},
        {"r alpha", "r al.pha", "line 13 is malformed"},
        {"published", "publish", "it has no published line"},
        {"dir-signing-key", "dir-sign-key",
         "it does not carry the key that signed it"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GString) text = early_status(0, "2007-03-01 10:00:10", ALL);
        guint count = i == 1 ? 0 : 1;
        g_assert_cmpuint(
            g_string_replace(text, CASES[i].from, CASES[i].to, count), >, 0);
        g_autofree char *why = NULL;
        g_assert_cmpint(early_give(&desk, source_status_read, text, &why), ==,
                        READ_DAMAGED);
        g_assert_cmpstr(why, ==, CASES[i].why);
    }
    /* cut anywhere */
    g_autoptr(GString) whole = early_status(0, "2007-03-01 10:00:10", ALL);
    size_t end =
        (size_t)(g_strrstr(whole->str, "-----END SIGNATURE") - whole->str);
    for (size_t length = 0; length < end; length += 7) {
        g_autoptr(GString) cut = g_string_new_len(whole->str, (gssize)length);
        g_assert_cmpint(early_give(&desk, source_status_read, cut, NULL), ==,
                        READ_DAMAGED);
    }
    /* later than what it is used for */
    g_autoptr(GString) late = early_status(0, "2011-03-01 10:00:10", ALL);
    g_assert_cmpint(early_give(&desk, source_status_read, late, NULL), ==,
                    READ_SKIPPED);
    bool changed;
    g_assert_true(early_finish(desk.records.early, &changed, NULL));
    g_assert_false(changed);
}

/* Nobody's servers. */
static void test_signed_by_others(void)
{
    g_auto(EarlyDesk) desk;
    early_desk_init(&desk);
    Signer *own = early_signer;
    early_signer = signer_new(1, 1, INT32_MAX);
    g_autoptr(GString) text = early_status(0, "2007-03-01 10:00:10", ALL);
    signer_free(early_signer);
    early_signer = own;
    g_autofree char *why = NULL;
    g_assert_cmpint(early_give(&desk, source_status_read, text, &why), ==,
                    READ_DAMAGED);
    g_assert_cmpstr(why, ==,
                    "it is signed by no directory server of that time");
}

/* It is an exit, but never sure enough for a letter by itself. */
static void check_match(const History *history)
{
    Reading reading = {0};
    g_autoptr(GPtrArray) readings = g_ptr_array_new();
    CitedTime time = {.readings = readings};
    Incident incident = {
        .port = -1,
        .target_port = 80,
        .role = ROLE_OFFENDER,
        .time = &time,
    };
    g_assert_true(instant_parse("2007-03-01T11:30", &reading.from));
    reading.to = reading.from;
    g_ptr_array_add(readings, &reading);
    g_assert_true(ip_parse("192.0.2.1", 9, &incident.address));
    g_autoptr(Match) match = match_incident(history, NULL, &incident);
    g_assert_cmpint(match->verdict, ==, VERDICT_EXIT);
    g_assert_false(match->is_certain);
}

/* Through the whole import, into a directory that has nothing else. */
static void test_import(void)
{
    g_autofree char *input = network_new_directory();
    g_autofree char *directory = network_new_directory();
    for (guint i = 0; i < 3; i++) {
        g_autoptr(GString) text = early_status(i, "2007-03-01 10:00:10", ALL);
        g_string_prepend(text, "@type network-status-2 1.0\n");
        g_autofree char *path = g_strdup_printf("%s/status-%u", input, i);
        g_assert_true(g_file_set_contents(path, text->str, -1, NULL));
    }
    g_autofree char *relay = early_descriptor("alpha", "192.0.2.1", POLICY_80);
    g_autofree char *with = g_build_filename(input, "descriptor", NULL);
    g_assert_true(g_file_set_contents(with, relay, -1, NULL));
    const char *const paths[] = {input, NULL};
    for (guint round = 0; round < 2; round++) {
        ImportSummary summary;
        g_autoptr(GError) error = NULL;
        g_assert_true(relay_import(directory, paths, early_servers, NULL, NULL,
                                   NULL, &summary, &error));
        g_assert_no_error(error);
        g_assert_cmpint(summary.published, ==, round == 0);
        import_summary_clear(&summary);
    }
    g_autoptr(History) history = history_open(directory, NULL);
    g_assert_nonnull(history);
    IpAddress ip;
    Interval when;
    g_assert_true(ip_parse("192.0.2.9", 9, &ip));
    g_assert_true(instant_parse("2007-03-01T11:30", &when.from));
    when.to = when.from;
    g_autoptr(Lookup) lookup = history_lookup(history, &ip, when, 80, NULL);
    g_assert_cmpint(lookup->verdict, ==, VERDICT_NOT_LISTED);
    g_assert_cmpint(lookup->basis, ==, BASIS_STATUSES);
    g_assert_cmpuint(lookup->documents->len, ==, 3);
    check_match(history);
    network_remove_directory(input);
    g_autofree char *early = g_build_filename(directory, "early", NULL);
    g_autofree char *months = g_build_filename(directory, "months", NULL);
    network_remove_directory(months);
    network_remove_directory(early);
    network_remove_directory(directory);
}

/* ---- the pinned --------------------------------------------------------- */

static void test_pinned(void)
{
    static const struct {
        guint protocol;
        const char *when;
        guint count;
    } CASES[] = {{1, "2004-05-15", 3}, {1, "2007-08-01", 3},
                 {1, "2009-01-01", 0}, {2, "2005-12-16", 3},
                 {2, "2006-04-01", 4}, {2, "2007-06-01", 5},
                 {2, "2009-06-01", 4}, {2, "2012-03-01", 0}};
    g_autoptr(Authorities) pinned = authorities_new();
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        Instant when;
        g_assert_true(instant_parse(CASES[i].when, &when));
        g_assert_cmpuint(
            authorities_count_early(pinned, CASES[i].protocol, when), ==,
            CASES[i].count);
    }
}

/* The head of dizum's real status of 2012-03-01 00:10:43; its relays are
 * missing, so the signature cannot hold, but the key is the pinned one. */
static const char DIZUM[] =
    "network-status-version 2\n"
    "dir-source 194.109.206.212 194.109.206.212 80\n"
    "fingerprint 7EA6EAD6FD83083C538F44038BBFA077587DD755\n"
    "published 2009-03-01 00:10:43\n"
    "dir-options\n"
    "dir-signing-key\n"
    "-----BEGIN RSA PUBLIC KEY-----\n"
    "MIGJAoGBAL7QJ6cmXhMlexV97ehnV5hn5ePOeo0sbDYXhlfw52CheEycoUqSD9Y/\n"
    "3qEo0Rm7XTEol0dRW34ca1LMIXGM4B4whXxBKCRRYe1RY6nF70zb2EUuaHWEWc+f\n"
    "c6JWYUWZSPpW1uyjyLPUI/ikyyH7zmtR4MfhSeNdt2zSakojYNaPAgMBAAE=\n"
    "-----END RSA PUBLIC KEY-----\n"
    "directory-signature dizum\n"
    "-----BEGIN SIGNATURE-----\n"
    "G62xrsrqpmJKSHP672o2Wv/5hdKmy+LoWwdQl/JvT7WN7VfdlfBpo5UgsxvIHGSF\n"
    "MGVROgjL1+EW4vezm5U0/Tz02CbCaw5Gs2hu4fviT0qKTV+QTP+l9a4SeY36a1qL\n"
    "TZiThjmOWg5C5ru2eOZKzst2wGW0WDPmsVRpWO7UMzs=\n"
    "-----END SIGNATURE-----\n";

static void test_real_key(void)
{
    g_autoptr(Authorities) pinned = authorities_new();
    const Authority *server = NULL;
    g_autoptr(GError) error = NULL;
    Text part;
    Instant when;
    g_assert_true(instant_parse("2009-03-01", &when));
    g_assert_false(early_check(pinned, 2,
                               text_of_bytes(DIZUM, sizeof DIZUM - 1),
                               (uint32_t)when, &part, &server, &error));
    g_assert_cmpstr(error->message, ==,
                    "its signature does not hold: it was changed or forged");
    g_assert_cmpstr(server->nickname, ==, "dizum");
}

/* A consensus of a time whose keys can be guessed never answers by itself. */
static void check_weak(const char *when, const char *basis, const char *why)
{
    g_autofree char *directory = network_new_directory();
    g_autoptr(Beside) beside = beside_open(directory);
    Lookup lookup = {.verdict = VERDICT_EXIT, .why = g_strdup("it was")};
    lookup.relays = g_ptr_array_new();
    Interval moment;
    IpAddress ip;
    g_assert_true(instant_parse(when, &moment.from));
    g_assert_true(ip_parse("192.0.2.1", 9, &ip));
    moment.to = moment.from;
    beside_answer(beside, &ip, moment, 80, true, true, &lookup);
    g_assert_cmpint(lookup.verdict, ==, VERDICT_EXIT);
    g_assert_cmpstr(lookup_basis_word(lookup.basis), ==, basis);
    g_assert_cmpstr(lookup.why, ==, why);
    g_free(lookup.why);
    g_ptr_array_unref(lookup.relays);
    network_remove_directory(directory);
}

static void test_weak_consensus(void)
{
    check_weak("2008-05-19", "weak-consensus",
               "it was; but the keys that signed consensuses before 20 May "
               "2008 can be guessed (CVE-2008-0166), so that this may be "
               "anybody's word");
    check_weak("2008-05-20", "consensus", "it was");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    early_make_servers();
    g_test_add_func("/early/majority", test_majority);
    g_test_add_func("/early/beside", test_beside_consensuses);
    g_test_add_func("/early/minority", test_minority);
    g_test_add_func("/early/one-voice", test_one_voice);
    g_test_add_func("/early/order", test_order);
    g_test_add_func("/early/descriptor", test_changing_descriptor);
    g_test_add_func("/early/forged-statuses", test_forged_statuses);
    g_test_add_func("/early/others", test_signed_by_others);
    g_test_add_func("/early/import", test_import);
    g_test_add_func("/early/pinned", test_pinned);
    g_test_add_func("/early/real-key", test_real_key);
    g_test_add_func("/early/weak-consensus", test_weak_consensus);
    int status = g_test_run();
    early_free_servers();
    return status;
}
