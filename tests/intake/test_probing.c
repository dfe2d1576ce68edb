#include "intake/probing.h"

#include "cli/demo_border.h"
#include "demo_desk.h"

#include "base/files.h"
#include "store/cases.h"
#include "store/drafts.h"
#include "store/record.h"

#include <string.h>

static Store *store;
static Desk desk;
static GBytes *key;

/* ---- borders ------------------------------------------------------------ */

static GBytes *lets_all_through(GBytes *mail)
{
    return g_bytes_ref(mail);
}

/* Remove each line that begins as given, in this very spelling, and no line
 * that continues it. */
static GBytes *without(GBytes *mail, const char *start)
{
    g_autofree char *text =
        g_strndup(g_bytes_get_data(mail, NULL), g_bytes_get_size(mail));
    g_auto(GStrv) lines = g_strsplit(text, "\r\n", -1);
    GString *out = g_string_new(NULL);
    for (guint i = 0; lines[i]; i++)
        if (!g_str_has_prefix(lines[i], start))
            g_string_append_printf(out, "%s%s", lines[i],
                                   lines[i + 1] ? "\r\n" : "");
    return g_string_free_to_bytes(out);
}

static GBytes *knows_the_plain_spelling_only(GBytes *mail)
{
    return without(mail, "Authentication-Results: " DEMO_AUTHSERV_ID ";");
}

/* Our own verdict on the probe is no forged one. */
static GBytes *adds_its_own(GBytes *mail)
{
    g_autoptr(GBytes) clean = demo_border_pass(mail);
    GString *out =
        g_string_new("Authentication-Results: " DEMO_AUTHSERV_ID
                     "; dmarc=pass header.from=umbrella.example\r\n");
    g_string_append_len(out, g_bytes_get_data(clean, NULL),
                        (gssize)g_bytes_get_size(clean));
    return g_string_free_to_bytes(out);
}

/* ---- what the desk knows then ------------------------------------------- */

static void check(Instant started, Instant now, bool may_be_queued,
                  bool must_wait)
{
    g_autoptr(GError) error = NULL;
    Desk own = desk;
    own.started = started;
    bool queued, waits;
    g_assert_true(probing_ask(&own, now, &queued, &waits, &error));
    g_assert_no_error(error);
    g_assert_cmpint(queued, ==, may_be_queued);
    g_assert_cmpint(waits, ==, must_wait);
}

static char *got_through(Instant now)
{
    g_autoptr(GError) error = NULL;
    g_auto(ProbeState) state = {0};
    g_assert_true(store_probe_state(store, 0, now, &state, &error));
    return g_strdup(state.got_through);
}

static void renew(Instant started, Instant now, bool is_lost, guint due)
{
    g_autoptr(GError) error = NULL;
    bool lost;
    g_assert_true(
        probing_renew(store, desk.settings, key, started, now, &lost, &error));
    g_assert_no_error(error);
    g_assert_cmpint(lost, ==, is_lost);
    g_autoptr(GPtrArray) rows = store_outbox_due(store, now, 100, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(rows->len, ==, due);
}

static bool is_on_record(const char *words)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) entries = record_of(store, RECORD_DESK, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < entries->len; i++)
        if (strstr(((const RecordEntry *)entries->pdata[i])->what, words))
            return true;
    return false;
}

static void open_store(void)
{
    g_autoptr(GError) error = NULL;
    static guint count;
    g_autofree char *data =
        g_strdup_printf("%s/probing-%u", demo_desk.directory, count++);
    g_assert_true(directory_ensure(data, &error));
    store = store_open(data, STORE_WRITE, &error);
    g_assert_no_error(error);
    key = store_secret(store, "loop", &error);
    desk = demo_desk.desk;
    desk.store = store;
    desk.loop_key = key;
}

static void close_store(void)
{
    g_bytes_unref(key);
    store_close(store);
}

/* ---- tests -------------------------------------------------------------- */

static void test_clean(void)
{
    Instant now = demo_desk.now;
    open_store();
    check(now, now, false, false);
    demo_desk_probe(&desk, demo_border_pass, now);
    check(now, now, true, false);
    g_assert_true(is_on_record("takes forged Authentication-Results out"));
    check(now, now + 25 * INSTANT_HOUR_S, true, false);
    check(now, now + 27 * INSTANT_HOUR_S, false, false);
    check(now + 60, now + 60, false, false); /* the desk started again */
    demo_desk_probe(&desk, adds_its_own, now + 90);
    check(now + 60, now + 90, true, false);
    close_store();
}

static void test_lets_through(void)
{
    Instant now = demo_desk.now;
    open_store();
    demo_desk_probe(&desk, lets_all_through, now);
    check(now, now, false, false);
    g_autofree char *all = got_through(now);
    g_assert_cmpstr(all, ==,
                    "plain, capitals, after a comment, before a comment, "
                    "folded, with a version, quoted, below another server's "
                    "Received");
    g_assert_true(is_on_record("lets forged Authentication-Results through"));
    demo_desk_probe(&desk, knows_the_plain_spelling_only, now + 1);
    check(now, now + 1, false, false);
    g_autofree char *some = got_through(now + 1);
    g_assert_cmpstr(some, ==,
                    "capitals, after a comment, before a comment, folded, "
                    "with a version, quoted");
    demo_desk_probe(&desk, demo_border_pass, now + 2);
    check(now, now + 2, true, false);
    /* A newer one that fails counts more than an older one that did not. */
    demo_desk_probe(&desk, lets_all_through, now + 3);
    check(now, now + 3, false, false);
    close_store();
}

static void test_renewing(void)
{
    Instant now = demo_desk.now;
    open_store();
    renew(now, now, false, 1);
    check(now, now, true, true); /* queued, and waits in the outbox */
    renew(now, now + 60, false, 1);
    check(now, now + PROBE_WAIT_S, true, true);
    check(now, now + PROBE_WAIT_S + 1, false, false);
    renew(now, now + PROBE_WAIT_S + 1, true, 1);
    g_assert_true(is_on_record("did not come back within 15 minutes"));
    renew(now, now + PROBE_WAIT_S + 2, false, 1);
    renew(now, now + PROBE_AGAIN_S, false, 2);
    check(now, now + PROBE_AGAIN_S, true, true);
    close_store();
}

static void test_daily(void)
{
    Instant now = demo_desk.now, next = now + PROBE_EVERY_S;
    open_store();
    demo_desk_probe(&desk, demo_border_pass, now);
    renew(now, next - 1, false, 0);
    renew(now, next, false, 1);
    check(now, next, true, false); /* yesterday's still counts */
    check(now, next + PROBE_WAIT_S + 1, false, false);
    close_store();
}

/* A clock that was set back makes no probe of the future count. */
static void test_clock(void)
{
    Instant now = demo_desk.now;
    open_store();
    demo_desk_probe(&desk, demo_border_pass, now + INSTANT_DAY_S);
    check(0, now, false, false);
    renew(0, now, false, 1);
    check(0, now, true, true);
    close_store();
}

static void test_not_needed(void)
{
    Instant now = demo_desk.now;
    open_store();
    DeskMode mode = desk.settings->desk.mode;
    demo_desk.settings->desk.mode = MODE_OBSERVE;
    check(now, now, true, false);
    renew(now, now, false, 0);
    demo_desk.settings->desk.mode = mode;
    char *id = demo_desk.settings->receive.authserv_id;
    demo_desk.settings->receive.authserv_id = NULL;
    check(now, now, true, false);
    renew(now, now, false, 0);
    demo_desk.settings->receive.authserv_id = id;
    close_store();
}

/* Whoever does not know the token cannot prove anything for us. */
static void test_forged_probe(void)
{
    g_autoptr(GError) error = NULL;
    open_store();
    g_autoptr(Delivery) delivery = g_new0(Delivery, 1);
    delivery->raw = g_bytes_new_static("From: a@b.example\r\n\r\nx\r\n", 22);
    delivery->recipients = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(delivery->recipients,
                    g_strdup("bounce+00112233445566778899aabbccddeeff."
                             "001122334455667788990011@umbrella.example"));
    delivery->envelope_from = g_strdup("");
    delivery->received = demo_desk.now;
    delivery->way = "lmtp";
    g_assert_true(store_accept(store, &delivery, 1, &error));
    g_autoptr(Judgement) judgement =
        intake_read(&desk, delivery, demo_desk.now, &error);
    g_assert_true(
        intake_file(&desk, delivery, judgement, demo_desk.now, &error));
    g_assert_null(judgement->probe_token);
    check(0, demo_desk.now, false, false);
    close_store();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    demo_desk_set_up();
    g_test_add_func("/intake/probing/clean", test_clean);
    g_test_add_func("/intake/probing/lets-through", test_lets_through);
    g_test_add_func("/intake/probing/renewing", test_renewing);
    g_test_add_func("/intake/probing/daily", test_daily);
    g_test_add_func("/intake/probing/clock", test_clock);
    g_test_add_func("/intake/probing/not-needed", test_not_needed);
    g_test_add_func("/intake/probing/forged", test_forged_probe);
    int status = g_test_run();
    demo_desk_tear_down();
    return status;
}
