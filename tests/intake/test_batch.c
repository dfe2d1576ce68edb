/*
 * Lists: one mail of many rows through the pipeline into a real store. It is
 * one complaint; what its rows say of each event stays apart, down to the
 * tickets; and others' rows are kept with the mail, but are nobody's work.
 */
#include "intake/why.h"
#include "store/cases.h"
#include "store/filing.h"

#include "demo_desk.h"

#include <stdio.h>
#include <string.h>

#define HACKERSPACE "198.51.100.9"
#define ONION       "203.0.113.5"
#define STRANGER    "203.0.113.99"

#define MANY_ROWS 5709 /* of the longest list known */
#define STRANGERS 570

/* A mail with that table as its attachment. */
static GBytes *new_list(const char *message_id, const char *table)
{
    char *text = g_strdup_printf(
        "From: CERT <cert@cert.example>\r\nTo: abuse@umbrella.example\r\n"
        "Subject: Attacks from your network\r\n"
        "Date: Mon, 04 May 2026 08:12:40 +0000\r\nMessage-ID: <%s>\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\n"
        "The events we saw from your addresses are attached.\r\n"
        "--b\r\nContent-Type: text/csv; name=events.csv\r\n"
        "Content-Disposition: attachment; filename=events.csv\r\n\r\n"
        "ip,timestamp (UTC),category,dst_port\r\n%s\r\n--b--\r\n",
        message_id, table);
    return g_bytes_new_take(text, strlen(text));
}

typedef struct {
    Store *store;
    Desk desk;
    char *inbox_id;
    GPtrArray *rows; /* of CaseRow */
} Filed;

static void filed_clear(Filed *filed)
{
    g_clear_pointer(&filed->rows, g_ptr_array_unref);
    g_clear_pointer(&filed->store, store_close);
    g_free(filed->inbox_id);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Filed, filed_clear)

/* Accept, read and file it in a store of its own. */
static Filed file_mail(const char *name, GBytes *raw)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *data = g_build_filename(demo_desk.directory, name, NULL);
    g_assert_cmpint(g_mkdir_with_parents(data, 0700), ==, 0);
    Filed filed = {.store = store_open(data, STORE_WRITE, &error)};
    g_assert_no_error(error);
    filed.desk = demo_desk.desk;
    filed.desk.store = filed.store;
    g_autoptr(Delivery) delivery = g_new0(Delivery, 1);
    delivery->envelope_from = g_strdup("cert@cert.example");
    delivery->recipients = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(delivery->recipients, g_strdup("abuse@umbrella.example"));
    delivery->raw = g_bytes_ref(raw);
    delivery->received = demo_desk.now;
    delivery->way = "lmtp";
    g_assert_true(store_accept(filed.store, &delivery, 1, &error));
    filed.inbox_id = g_strdup(delivery->id);
    g_autoptr(Judgement) judgement =
        intake_read(&filed.desk, delivery, demo_desk.now, &error);
    g_assert_no_error(error);
    intake_file(&filed.desk, delivery, judgement, demo_desk.now, &error);
    g_assert_no_error(error);
    const CaseFilter all = {
        .since = INSTANT_NONE, .until = INSTANT_NONE, .max = 100};
    filed.rows = store_cases(filed.store, &all, &error);
    g_assert_no_error(error);
    return filed;
}

static Case *case_of(const Filed *filed, const char *member)
{
    for (guint i = 0; i < filed->rows->len; i++) {
        const CaseRow *row = filed->rows->pdata[i];
        if (g_strcmp0(row->member, member) == 0)
            return store_case(filed->store, row->case_id, NULL);
    }
    g_error("no case of %s", member ? member : "staff");
}

static guint occurrences(const char *text, const char *word)
{
    guint count = 0;
    for (const char *at = text; (at = strstr(at, word)); at += strlen(word))
        count++;
    return count;
}

/* Each member's ticket is called by its own rows and has no other's. */
static void test_categories(void)
{
    g_autoptr(GBytes) raw =
        new_list("categories@cert.example",
                 ONION ",2026-05-04 02:20:30,spam,25\r\n" ONION
                       ",2026-05-04 02:20:31,spam,25\r\n" ONION
                       ",2026-05-04 02:20:32,spam,25\r\n" ONION
                       ",2026-05-04 02:20:33,spam,25\r\n" HACKERSPACE
                       ",2026-05-04 02:21:10,brute-force,22\r\n" HACKERSPACE
                       ",2026-05-04 02:22:10,brute-force,22\r\n" HACKERSPACE
                       ",2026-05-04 02:23:10,portscan,23\r\n" STRANGER
                       ",2026-05-04 02:24:10,phishing,443\r\n");
    g_auto(Filed) filed = file_mail("categories", raw);
    g_assert_cmpuint(filed.rows->len, ==, 3); /* and the desk's own */
    g_autoptr(Case) onion = case_of(&filed, "example-onion");
    g_autoptr(Case) space = case_of(&filed, "hackerspace");
    g_assert_cmpstr(onion->row->category, ==, "messaging/spam");
    g_assert_cmpstr(space->row->category, ==, "connection/login_attack");
    g_assert_cmpuint(occurrences(onion->matches_json, "messaging/spam"), ==, 4);
    g_assert_null(strstr(onion->matches_json, HACKERSPACE));
    g_assert_cmpuint(
        occurrences(space->matches_json, "connection/login_attack"), ==, 2);
    g_assert_cmpuint(occurrences(space->matches_json, "connection/port_scan"),
                     ==, 1);
    g_assert_null(strstr(space->matches_json, ONION));
    g_assert_nonnull(strstr(space->decision_json, "D16b"));
    g_assert_null(strstr(onion->decision_json, "D16b"));
    /* The stranger's row is kept with the mail, and with no ticket. */
    g_assert_nonnull(strstr(space->findings_json, STRANGER));
    g_assert_nonnull(strstr(space->findings_json, "content/phishing"));
    g_assert_null(strstr(space->matches_json, STRANGER));
    const CaseFilter strangers = {.address = STRANGER,
                                  .since = INSTANT_NONE,
                                  .until = INSTANT_NONE,
                                  .max = 10};
    g_autoptr(GPtrArray) none = store_cases(filed.store, &strangers, NULL);
    g_assert_cmpuint(none->len, ==, 0);
}

/* One row of what no program may answer, even a stranger's, is enough. */
static void test_one_grave_row(void)
{
    g_autoptr(GBytes) raw =
        new_list("grave@cert.example", HACKERSPACE
                 ",2026-05-04 02:21:10,brute-force,22\r\n" HACKERSPACE
                 ",2026-05-04 02:22:10,csam,443\r\n");
    g_auto(Filed) filed = file_mail("grave", raw);
    g_autoptr(Case) space = case_of(&filed, "hackerspace");
    g_assert_cmpstr(space->row->action, ==, "escalate");
}

/* As many incidents as rows, in one ticket; each with its own time. */
static void test_many_rows(void)
{
    GString *table = g_string_new(NULL);
    for (guint i = 0; i < MANY_ROWS; i++)
        g_string_append_printf(
            table, HACKERSPACE ",2026-05-0%u %02u:%02u:%02u,portscan,22\r\n",
            2 + i / 3600 % 2, i / 3600, i / 60 % 60, i % 60);
    for (guint i = 0; i < STRANGERS; i++)
        g_string_append_printf(
            table, "192.0.2.%u,2026-05-03 02:%02u:%02u,portscan,22\r\n", i % 70,
            i / 60 % 60, i % 60);
    g_autoptr(GBytes) raw = new_list("many@cert.example", table->str);
    g_string_free(table, TRUE);
    gint64 begun = g_get_monotonic_time();
    g_auto(Filed) filed = file_mail("many", raw);
    g_test_message("%u rows: %.2f s", MANY_ROWS + STRANGERS,
                   (double)(g_get_monotonic_time() - begun) / 1e6);
    g_assert_cmpuint(filed.rows->len, ==, 1);
    g_autoptr(Case) space = case_of(&filed, "hackerspace");
    g_assert_cmpuint(occurrences(space->matches_json, "\"role\":\"offender\""),
                     ==, MANY_ROWS);
    g_assert_cmpuint(
        occurrences(space->matches_json, "\"2026-05-02T00:00:59Z\""), >=, 1);
    g_assert_cmpuint(occurrences(space->findings_json, "\"role\":\"offender\""),
                     ==, MANY_ROWS + STRANGERS);
    g_assert_cmpuint(occurrences(space->row->why, "5708 more"), ==, 1);
}

/* A list of others' only is not lost: one ticket, nobody's but staff's. */
static void test_only_strangers(void)
{
    g_autoptr(GBytes) raw =
        new_list("strangers@cert.example",
                 STRANGER ",2026-05-04 02:21:10,portscan,22\r\n"
                          "203.0.113.98,2026-05-04 02:22:10,portscan,22\r\n");
    g_auto(Filed) filed = file_mail("strangers", raw);
    g_assert_cmpuint(filed.rows->len, ==, 1);
    g_autoptr(Case) staff = case_of(&filed, NULL);
    g_assert_cmpuint(occurrences(staff->matches_json, "\"role\":\"offender\""),
                     ==, 2);
    g_assert_cmpstr(staff->row->state, !=, "sending");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    demo_desk_set_up();
    g_test_add_func("/intake/batch/categories", test_categories);
    g_test_add_func("/intake/batch/grave", test_one_grave_row);
    g_test_add_func("/intake/batch/many", test_many_rows);
    g_test_add_func("/intake/batch/strangers", test_only_strangers);
    int failed = g_test_run();
    demo_desk_tear_down();
    return failed;
}
