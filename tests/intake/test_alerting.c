/*
 * People are told of what no program may answer: whom, when, how often, and
 * what they read; through the whole pipeline into a real store.
 */
#include "demo_desk.h"
#include "handing.h"
#include "intake/alerting.h"

#include "base/errors.h"
#include "reply/token.h"
#include "store/cases.h"
#include "store/database.h"
#include "store/drafts.h"
#include "store/outbox.h"

#include <string.h>

static Store *store;
static Desk desk;
static GBytes *key;
static Instant now;
static int serial;

/* ---- a desk with three people ------------------------------------------- */

static void person_free(void *data)
{
    AlertPerson *person = data;
    g_free(person->name);
    g_free(person->address);
    g_free(person->hours);
    g_ptr_array_unref(person->languages);
    g_free(person);
}

static void add_person(const char *name, const char *hours,
                       const char *language)
{
    AlertPerson *person = g_new0(AlertPerson, 1);
    person->name = g_strdup(name);
    person->address = g_strdup_printf("%s@people.example", name);
    person->hours = g_strdup(hours);
    person->languages = g_ptr_array_new();
    if (language)
        g_ptr_array_add(person->languages, (char *)language);
    g_ptr_array_add(demo_desk.settings->alerts.people, person);
}

static void set_up(void)
{
    g_autofree char *name = g_strdup_printf("alerts%d", serial++);
    desk = demo_desk_with_store(name, key);
    store = desk.store;
    now = demo_desk.now;
}

static void tear_down(void)
{
    g_clear_pointer(&store, store_close);
}

/* ---- mails --------------------------------------------------------------- */

typedef struct {
    const char *from, *subject, *more, *body;
} Letter;

static Judgement *file(const Letter *letter)
{
    int number = serial++;
    g_autofree char *text = g_strdup_printf(
        "Received: from a by mx.umbrella.example; Mon, 04 May 2026 08:00:00 "
        "+0000\r\n"
        "From: <%s>\r\nTo: abuse@umbrella.example\r\nSubject: %s\r\n"
        "Date: Mon, 04 May 2026 07:59:00 +0000\r\nMessage-ID: "
        "<%d@sender.example>\r\n%sContent-Type: text/plain; "
        "charset=utf-8\r\n\r\n%s\r\nNumber %d\r\n",
        letter->from ? letter->from : "office@sender.example",
        letter->subject ? letter->subject : "Letter", number,
        letter->more ? letter->more : "", letter->body, number);
    return hand_over(&desk, "office@sender.example", NULL, text, now);
}

#define POLICE                                                                 \
    "In a criminal investigation the police ask you who used 192.0.2.77 on "   \
    "2026-05-03 at\r\n14:02:00 UTC. Police department, Musterstadt. Answer "   \
    "by 2026-05-11."

static GPtrArray *alerts_of(AlertState state)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *alerts = store_alerts(store, state, 1000, &error);
    g_assert_no_error(error);
    return alerts;
}

static guint run(void)
{
    g_autoptr(GError) error = NULL;
    guint told;
    alerting_run(store, desk.settings, key, now, &told, &error);
    g_assert_no_error(error);
    return told;
}

/* All messages that are due, handed over. Array of OutboxRow. */
static GPtrArray *send_all(void)
{
    g_autoptr(GError) error = NULL;
    GPtrArray *rows = store_outbox_due(store, now, 1000, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < rows->len; i++) {
        const OutboxRow *row = rows->pdata[i];
        store_outbox_begin(store, row->id, now, &error);
        g_assert_no_error(error);
        store_outbox_done(store, row->id, SENT_OK, "250 ok", now, now, &error);
        g_assert_no_error(error);
    }
    return rows;
}

static char *people_of(const GPtrArray *rows)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < rows->len; i++) {
        const OutboxRow *row = rows->pdata[i];
        g_assert_true(row->is_urgent);
        g_string_append_printf(out, "%s%.*s", i > 0 ? " " : "",
                               (int)strcspn(row->to, "@"), row->to);
    }
    return g_string_free(out, FALSE);
}

/* The text of a message, its lines joined again. */
static char *text_of(const OutboxRow *row)
{
    GString *text = g_string_new(NULL);
    g_string_append_len(text, g_bytes_get_data(row->bytes, NULL),
                        (gssize)g_bytes_get_size(row->bytes));
    g_string_replace(text, "=\r\n", "", 0);
    g_string_replace(text, "=3D", "=", 0);
    return g_string_free(text, FALSE);
}

static void assert_told(const char *wanted)
{
    run();
    g_autoptr(GPtrArray) rows = send_all();
    g_autofree char *got = people_of(rows);
    g_assert_cmpstr(got, ==, wanted);
}

/* ---- what makes an alert -------------------------------------------------- */

static const struct {
    Letter letter;
    const char *kind; /* NULL: nobody is told */
} MATTERS[] = {
    {{.body = POLICE}, "authority"},
    {{.body = "We will kill you. A bomb is in your building."}, "life"},
    {{.body = "192.0.2.77 shared child pornography on 2026-05-03 14:02 UTC."},
     "abuse"},
    {{.body = "District Court, court order: you are ordered to disclose the "
              "subscriber of 192.0.2.77."},
     "court"},
    {{.body = "Our law firm represents the rights holder. Sign the enclosed "
              "cease and desist declaration.\r\nAttorneys at law"},
     "lawyer"},
    {{.body = "Under Article 15 GDPR I request access to my personal data."},
     "data-subject"},
    {{.body = "192.0.2.77 tried to log in to our SSH server 203.0.113.61 port "
              "22 at 2026-05-03 14:02:00 UTC."},
     NULL},
    {{.from = "anna@people.example", .body = POLICE}, NULL},
    {{.from = "abuse@umbrella.example", .body = POLICE}, NULL},
    {{.from = "tor@hackerspace.example", .body = POLICE}, NULL},
};

static void test_matters(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(MATTERS); i++) {
        set_up();
        g_autoptr(Judgement) judgement = file(&MATTERS[i].letter);
        g_autoptr(GPtrArray) alerts = alerts_of(ALERTS_OPEN);
        g_test_message("%s", MATTERS[i].letter.body);
        g_assert_cmpuint(alerts->len, ==, MATTERS[i].kind ? 1 : 0);
        if (MATTERS[i].kind)
            g_assert_cmpstr(((Alert *)alerts->pdata[0])->kind, ==,
                            MATTERS[i].kind);
        tear_down();
    }
}

/* ---- who is told, and when ------------------------------------------------ */

static void test_rounds(void)
{
    g_autoptr(GError) error = NULL;
    set_up();
    g_autoptr(Judgement) judgement = file(&(Letter){.body = POLICE});
    const char *id = ((JudgedTicket *)judgement->tickets->pdata[0])->case_id;
    assert_told("anna ben");
    assert_told("");
    now += 14 * 60;
    assert_told("");
    now += 60;
    assert_told("anna ben carla");
    now += 15 * 60;
    assert_told("anna ben carla");
    now += 15 * 60;
    assert_told("anna ben carla");
    now += 15 * 60;
    assert_told(""); /* all were told twice: hourly now */
    now += 45 * 60;
    assert_told("anna ben carla");
    g_autofree char *text = NULL;
    g_assert_true(alerting_take(store, id, "Anna", "root", now, &text, &error));
    now += INSTANT_DAY_S;
    assert_told("");
    g_assert_false(alerting_take(store, id, "Ben", "root", now, &text, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_assert_nonnull(strstr(error->message, "Anna"));
    g_clear_error(&error);
    g_autoptr(Case) found = store_case(store, id, &error);
    bool is_noted = false;
    for (guint i = 0; i < found->record->len; i++)
        is_noted |= strstr(((RecordEntry *)found->record->pdata[i])->what,
                           "taken on by Anna") != NULL;
    g_assert_true(is_noted);
    tear_down();
}

static void test_people_in_order(void)
{
    Settings settings = *demo_desk.settings;
    GPtrArray *kept = demo_desk.settings->alerts.people;
    demo_desk.settings->alerts.people =
        g_ptr_array_new_with_free_func(person_free);
    add_person("night", "20:00-06:00", NULL);
    add_person("day", "06:00-20:00", "en");
    add_person("german", NULL, "de");
    settings.alerts.people = demo_desk.settings->alerts.people;
    static const struct {
        const char *language;
        Instant hour;
        const char *first;
    } ROWS[] = {
        {NULL, 9, "day"},
        {"de", 9, "german"},
        {NULL, 23, "night"},
        {"de", 3, "night"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(ROWS); i++) {
        g_autoptr(GPtrArray) people = alerting_people(
            &settings, ROWS[i].language, 2, ROWS[i].hour * INSTANT_HOUR_S);
        g_assert_cmpuint(people->len, ==, 2);
        g_assert_cmpstr(((AlertPerson *)people->pdata[0])->name, ==,
                        ROWS[i].first);
    }
    g_ptr_array_unref(settings.alerts.people);
    demo_desk.settings->alerts.people = kept;
    g_assert_true(alert_hours_hold("22:00-24:00", 23 * INSTANT_HOUR_S));
    g_assert_false(alert_hours_hold("22:00-24:00", 0));
}

static void test_flood(void)
{
    guint messages = 0, lists = 0;
    set_up();
    for (guint minute = 0; minute < 60; minute++) {
        for (guint i = 0; i < 4; i++) {
            g_autoptr(Judgement) judgement = file(&(Letter){.body = POLICE});
        }
        run();
        g_autoptr(GPtrArray) rows = send_all();
        messages += rows->len;
        for (guint i = 0; i < rows->len; i++) {
            g_autofree char *text = text_of(rows->pdata[i]);
            lists += strstr(text, "More of these mails came") != NULL;
        }
        now += 60;
    }
    /* three alone and one list for two people, reminders for three */
    g_assert_cmpuint(lists, ==, 2);
    g_assert_cmpuint(messages, <=, 3 * 2 + 2 + 3 * 3);
    now += INSTANT_HOUR_S;
    run();
    g_autoptr(GPtrArray) rows = send_all();
    bool is_counted = false; /* 240 less 4 and 3 told, 50 of the rest named */
    for (guint i = 0; i < rows->len; i++) {
        g_autofree char *text = text_of(rows->pdata[i]);
        is_counted |= strstr(text, "and 183 more: exitdesk alert list") &&
                      strstr(text, "Alert: 233 cases need a person now");
    }
    g_assert_true(is_counted);
    g_autoptr(GError) error = NULL;
    g_autofree char *done = NULL;
    g_assert_true(
        alerting_take(store, "all", "Anna", "root", now, &done, &error));
    g_assert_nonnull(strstr(done, "240 alerts"));
    tear_down();
}

static void test_leaves_while_paused(void)
{
    g_autoptr(GError) error = NULL;
    set_up();
    g_assert_true(store_set_paused(store, true, "root", "x", now, &error));
    g_autoptr(Judgement) judgement = file(&(Letter){.body = POLICE});
    assert_told("anna ben");
    tear_down();
}

/* ---- what they read -------------------------------------------------------- */

static void test_text(void)
{
    set_up();
    g_autoptr(Judgement) judgement = file(
        &(Letter){.subject = "Investigation",
                  .body = POLICE "\r\n\r\nUnique words of the mail itself."});
    run();
    g_autoptr(GPtrArray) rows = send_all();
    g_assert_cmpuint(rows->len, ==, 2);
    const OutboxRow *row = rows->pdata[0];
    g_autofree char *text = text_of(row);
    static const char *const STANDS[] = {
        "\r\nAuto-Submitted: auto-generated\r\n",
        "\r\nX-Auto-Response-Suppress: All\r\n",
        "exitdesk alert acknowledge UA-2026-",
        "WHAT CAME",
        "[ ] ",
        "WHOM TO CALL",
        "Stadtbibliothek Musterstadt",
    };
    for (guint i = 0; i < G_N_ELEMENTS(STANDS); i++)
        if (!strstr(text, STANDS[i]))
            g_error("\"%s\" is missing in %s", STANDS[i], text);
    g_assert_null(strstr(text, "Unique words"));
    g_assert_cmpuint(g_bytes_get_size(row->bytes), <, 16 * 1024);
    g_autoptr(StrictHeader) header = strict_header_scan(
        g_bytes_get_data(row->bytes, NULL), g_bytes_get_size(row->bytes));
    g_assert_true(reply_is_own_token(header->loop_token, key));
    g_assert_cmpuint(header->to->len, ==, 1);
    tear_down();
}

/* An answer to an alert stays with its case; its words alert nobody. */
static void test_answer(void)
{
    set_up();
    g_autoptr(Judgement) judgement = file(&(Letter){.body = POLICE});
    const char *id = ((JudgedTicket *)judgement->tickets->pdata[0])->case_id;
    run();
    g_autoptr(GPtrArray) rows = send_all();
    const OutboxRow *row = rows->pdata[0];
    g_autoptr(StrictHeader) header = strict_header_scan(
        g_bytes_get_data(row->bytes, NULL), g_bytes_get_size(row->bytes));
    g_autofree char *reference =
        g_strdup_printf("In-Reply-To: %s\r\n", header->message_id);
    g_autoptr(Judgement) answer =
        file(&(Letter){.from = "phone@elsewhere.example",
                       .more = reference,
                       .body = "I am away. " POLICE});
    g_assert_cmpstr(answer->joins_case, ==, id);
    g_autoptr(GPtrArray) alerts = alerts_of(ALERTS_ALL);
    g_assert_cmpuint(alerts->len, ==, 1);
    /* the same words with a made-up Message-ID are a case of their own */
    g_autoptr(Judgement) forged = file(
        &(Letter){.more = "In-Reply-To: "
                          "<alert.00112233445566778899aabbccddeeff@umbrella."
                          "example>\r\n",
                  .body = POLICE});
    g_assert_null(forged->joins_case);
    g_autoptr(GPtrArray) more = alerts_of(ALERTS_ALL);
    g_assert_cmpuint(more->len, ==, 2);
    tear_down();
}

static void test_abuse_shows_nothing(void)
{
    set_up();
    g_autoptr(Judgement) judgement =
        file(&(Letter){.subject = "Secretword child pornography",
                       .body = "192.0.2.77 shared child pornography named "
                               "Secretword on 2026-05-03 14:02:00 UTC.\r\n"
                               "Please answer within 7 days (Secretword)."});
    run();
    g_autoptr(GPtrArray) rows = send_all();
    g_assert_cmpuint(rows->len, ==, 2);
    g_autofree char *text = text_of(rows->pdata[0]);
    g_assert_null(strstr(text, "Secretword"));
    g_assert_nonnull(strstr(text, "Open no attachment"));
    tear_down();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    demo_desk_set_up();
    key = g_bytes_new_static("0123456789abcdef0123456789abcdef", 32);
    desk = demo_desk.desk;
    add_person("anna", NULL, NULL);
    add_person("ben", NULL, NULL);
    add_person("carla", NULL, NULL);
    g_test_add_func("/alerting/matters", test_matters);
    g_test_add_func("/alerting/rounds", test_rounds);
    g_test_add_func("/alerting/people-in-order", test_people_in_order);
    g_test_add_func("/alerting/flood", test_flood);
    g_test_add_func("/alerting/leaves-while-paused", test_leaves_while_paused);
    g_test_add_func("/alerting/text", test_text);
    g_test_add_func("/alerting/answer", test_answer);
    g_test_add_func("/alerting/abuse-shows-nothing", test_abuse_shows_nothing);
    int status = g_test_run();
    g_bytes_unref(key);
    demo_desk_tear_down();
    return status;
}
