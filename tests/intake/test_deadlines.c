/*
 * People are told when half of the time is over that a hoster gives for an
 * answer: of which mails, when, once.
 */
#include "demo_desk.h"
#include "intake/alerting.h"

#include "store/alarms.h"
#include "store/cases.h"
#include "store/drafts.h"
#include "store/outbox.h"

#include <string.h>

#define HOUR INSTANT_HOUR_S
#define DAY  INSTANT_DAY_S

static Store *store;
static Desk desk;
static GBytes *key;
static Instant now;
static int serial;
static char *store_name;

static void add_person(const char *name)
{
    AlertPerson *person = g_new0(AlertPerson, 1);
    person->name = g_strdup(name);
    person->address = g_strdup_printf("%s@people.example", name);
    person->languages = g_ptr_array_new();
    g_ptr_array_add(demo_desk.settings->alerts.people, person);
}

static void set_up(void)
{
    g_free(store_name);
    store_name = g_strdup_printf("deadlines%d", serial++);
    desk = demo_desk_with_store(store_name, key);
    store = desk.store;
    now = demo_desk.now;
}

static void tear_down(void)
{
    g_clear_pointer(&store, store_close);
}

static void restart(void)
{
    store_close(store);
    desk = demo_desk_with_store(store_name, key);
    store = desk.store;
}

/* ---- mails ----------------------------------------------------------------- */

typedef struct {
    const char *from, *body;
    const char *way; /* NULL: lmtp */
} Letter;

#define CITED                                                                  \
    "2026-05-04T07:41:10Z 192.0.2.77 => 203.0.113.61 port 22 ssh login "       \
    "failed\r\n"
#define HOSTER "abuse@hoster.example"
#define ASKS                                                                   \
    "Dear customer,\r\n\r\nwe received a complaint about your server "         \
    "192.0.2.77 in our data center.\r\n"

static char *file(const Letter *letter)
{
    const char *domain = strchr(letter->from, '@') + 1;
    int number = serial++;
    g_autofree char *text = g_strdup_printf(
        "Authentication-Results: mx.umbrella.example;\r\n"
        " dkim=pass header.d=%s header.s=s1 header.b=AbCd%04d;\r\n"
        " spf=pass smtp.mailfrom=%s; dmarc=pass header.from=%s\r\n"
        "Received: from a by mx.umbrella.example; Mon, 04 May 2026 08:00:00 "
        "+0000\r\n"
        "DKIM-Signature: v=1; a=rsa-sha256; d=%s; s=s1; "
        "h=from:to:date:subject:message-id; bh=x; b=AbCd%04dAAAABBBB\r\n"
        "From: Abuse <%s>\r\nTo: abuse@umbrella.example\r\n"
        "Subject: Abuse report for your server 192.0.2.77\r\n"
        "Date: Mon, 04 May 2026 09:00:00 +0000\r\nMessage-ID: <%d@%s>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n%s\r\nNumber %d\r\n",
        domain, number, letter->from, domain, domain, number, letter->from,
        number, domain, letter->body, number);
    g_autoptr(GError) error = NULL;
    g_autoptr(Delivery) delivery = g_new0(Delivery, 1);
    delivery->envelope_from = g_strdup(letter->from);
    delivery->recipients = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(delivery->recipients, g_strdup("abuse@umbrella.example"));
    delivery->raw = g_bytes_new(text, strlen(text));
    delivery->received = now;
    delivery->way = letter->way ? letter->way : "lmtp";
    g_assert_true(store_accept(store, &delivery, 1, &error));
    g_autoptr(Judgement) judgement = intake_read(&desk, delivery, now, &error);
    g_assert_no_error(error);
    g_assert_true(intake_file(&desk, delivery, judgement, now, &error));
    g_assert_no_error(error);
    return g_strdup(((JudgedTicket *)judgement->tickets->pdata[0])->case_id);
}

/* How many messages to people this moment brings. */
static guint run(void)
{
    g_autoptr(GError) error = NULL;
    guint told;
    g_assert_true(
        alerting_run(store, demo_desk.settings, key, now, &told, &error));
    g_assert_no_error(error);
    return told;
}

static guint count_alerts(AlertState state)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) alerts = store_alerts(store, state, 100, &error);
    g_assert_no_error(error);
    return alerts->len;
}

/* ---- which mails, and when --------------------------------------------------- */

static const struct {
    Letter letter;
    Instant after; /* people are told; 0: never */
} ROWS[] = {
    {{.from = HOSTER, .body = ASKS "Please answer within 24 hours.\r\n" CITED},
     12 * HOUR},
    {{.from = HOSTER, .body = ASKS "Please answer within 3 days.\r\n" CITED},
     36 * HOUR},
    {{.from = HOSTER,
      .body = ASKS "Please answer by 2026-05-06 09:00 UTC.\r\n" CITED},
     24 * HOUR},
    /* the profile's usual time, where the mail names none or a later one */
    {{.from = "abuse@vultr.com", .body = ASKS CITED}, 12 * HOUR},
    {{.from = "abuse@vultr.com",
      .body = ASKS "Please answer within 3 days.\r\n" CITED},
     12 * HOUR},
    /* none of a hoster: the policy's own promise is nobody's deadline */
    {{.from = HOSTER, .body = ASKS CITED}, 0},
    {{.from = "noc@shop.example",
      .body = "Your host 192.0.2.77 attacks us. Please answer within 24 "
              "hours.\r\n" CITED},
     0},
    /* old mail */
    {{.from = HOSTER,
      .body = ASKS "Please answer within 24 hours.\r\n" CITED,
      .way = "import"},
     0},
};

static void test_rows(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        set_up();
        g_autofree char *id = file(&ROWS[i].letter);
        g_test_message("%s", ROWS[i].letter.body);
        Instant rings = ROWS[i].after ? now + ROWS[i].after : now + 30 * DAY;
        now = rings - 1;
        g_assert_cmpuint(run(), ==, 0);
        g_assert_cmpuint(count_alerts(ALERTS_ALL), ==, 0);
        now = rings;
        g_assert_cmpuint(run(), ==, ROWS[i].after ? ALERT_FIRST : 0);
        tear_down();
    }
}

static char *newest_text(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) due = store_outbox_due(store, now, 100, &error);
    g_assert_no_error(error);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < due->len; i++) {
        const OutboxRow *row = due->pdata[i];
        g_string_append_len(text, g_bytes_get_data(row->bytes, NULL),
                            (gssize)g_bytes_get_size(row->bytes));
    }
    g_string_replace(text, "=\r\n", "", 0);
    return g_string_free(text, FALSE);
}

static const Letter HOSTED = {
    .from = HOSTER, .body = ASKS "Please answer within 24 hours.\r\n" CITED};

static void test_once(void)
{
    set_up();
    g_autoptr(GError) error = NULL;
    g_autofree char *id = file(&HOSTED);
    now += 6 * HOUR;
    restart(); /* before its moment */
    g_assert_cmpuint(run(), ==, 0);
    now += 6 * HOUR;
    g_assert_cmpuint(run(), ==, 2);
    g_autofree char *text = newest_text();
    g_assert_nonnull(strstr(text, id));
    g_assert_nonnull(strstr(text, "half of the time"));
    g_assert_nonnull(strstr(text, "2026-05-05T09:00:00Z"));
    g_assert_nonnull(strstr(text, "exitdesk draft show"));
    g_assert_null(strstr(text, "data center"));
    g_autofree char *taken = NULL;
    g_assert_true(
        alerting_take(store, id, "Anna", "root", now, &taken, &error));
    for (guint i = 0; i < 40; i++) {
        if (i % 10 == 0)
            restart();
        now += HOUR;
        g_assert_cmpuint(run(), ==, 0);
    }
    g_assert_cmpuint(count_alerts(ALERTS_ALL), ==, 1);
    tear_down();
}

/* What is answered before rings not; what is answered then comes to rest. */
static void test_answered(void)
{
    for (guint late = 0; late < 2; late++) {
        set_up();
        g_autoptr(GError) error = NULL;
        g_autofree char *id = file(&HOSTED);
        now += 12 * HOUR - 1 + late;
        g_assert_cmpuint(run(), ==, late ? 2 : 0);
        g_assert_true(store_approve_draft(store, id, "anna", NULL, now,
                                          now + DAY, &error));
        g_assert_no_error(error);
        now += HOUR;
        g_assert_cmpuint(run(), ==, 0);
        g_assert_cmpuint(count_alerts(ALERTS_OPEN), ==, 0);
        g_assert_cmpuint(count_alerts(ALERTS_ALL), ==, late);
        tear_down();
    }
}

/* What was approved and did not leave is answered by nobody. */
static void test_held_back(void)
{
    set_up();
    g_autoptr(GError) error = NULL;
    g_autofree char *id = file(&HOSTED);
    now += 12 * HOUR;
    g_assert_cmpuint(run(), ==, 2);
    g_assert_true(
        store_approve_draft(store, id, "anna", NULL, now, now, &error));
    g_assert_cmpuint(run(), ==, 0);
    g_assert_cmpuint(count_alerts(ALERTS_OPEN), ==, 0);
    g_autoptr(GPtrArray) rows = store_outbox(store, "waiting", &error);
    const OutboxRow *row = rows->pdata[0];
    g_assert_cmpstr(row->case_id, ==, id);
    g_assert_true(store_outbox_hold(store, row->id, "a rule", now, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(run(), ==, ALERT_FIRST);
    g_assert_cmpuint(run(), ==, 0);
    tear_down();
}

/* Whom an authority's words alert already is not told again of its time. */
static void test_told_already(void)
{
    set_up();
    g_autofree char *id = file(&(Letter){
        .from = HOSTER,
        .body = ASKS "The police ask in a criminal investigation. Please "
                     "answer within 24 hours.\r\n" CITED});
    g_assert_cmpuint(run(), ==, 2);
    for (guint i = 0; i < 24; i++) {
        now += HOUR;
        run();
    }
    g_assert_cmpuint(count_alerts(ALERTS_ALL), ==, 1);
    tear_down();
}

/* Where nobody is named it still stands first in what is to do. */
static void test_todo_order(void)
{
    GPtrArray *kept = demo_desk.settings->alerts.people;
    g_autoptr(GPtrArray) nobody = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    set_up();
    demo_desk.settings->alerts.people = nobody;
    g_autofree char *soon = file(&(Letter){
        .from = "noc@shop.example",
        .body = "Your host 192.0.2.77 attacks us. Please answer within 14 "
                "hours.\r\n" CITED});
    g_autofree char *id = file(&HOSTED);
    g_autoptr(GPtrArray) before = store_todo(store, &error);
    g_assert_cmpstr(((CaseRow *)before->pdata[0])->case_id, ==, soon);
    now += 12 * HOUR;
    g_assert_cmpuint(run(), ==, 0);
    g_autoptr(GPtrArray) after = store_todo(store, &error);
    g_assert_cmpstr(((CaseRow *)after->pdata[0])->case_id, ==, id);
    demo_desk.settings->alerts.people = kept;
    tear_down();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    demo_desk_set_up();
    key = g_bytes_new_static("0123456789abcdef0123456789abcdef", 32);
    add_person("anna");
    add_person("ben");
    g_test_add_func("/deadlines/rows", test_rows);
    g_test_add_func("/deadlines/once", test_once);
    g_test_add_func("/deadlines/answered", test_answered);
    g_test_add_func("/deadlines/held-back", test_held_back);
    g_test_add_func("/deadlines/told-already", test_told_already);
    g_test_add_func("/deadlines/todo-order", test_todo_order);
    int status = g_test_run();
    g_bytes_unref(key);
    g_free(store_name);
    demo_desk_tear_down();
    return status;
}
