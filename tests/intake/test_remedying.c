/* A remedy from the proposal to the letter: who must say what before, what is
 * seen, and when a letter is written. The demo's desk, with the relays of
 * remedy.txt: alpha is open to 198.51.100.7:443 when it is complained of, and
 * closed an hour later. */
#include "intake/remedying.h"

#include "base/errors.h"
#include "demo_desk.h"
#include "handing.h"
#include "member_of.h"
#include "network.h"
#include "relay/import.h"
#include "store/cases.h"
#include "store/drafts.h"

#include <string.h>

#define MEMBER "hackerspace"
#define CLOSED "198.51.100.7"

static Store *store;
static Desk desk;
static Reader *reader;

/* ---- a case -------------------------------------------------------------- */

static char *file_case(const char *tag, const char *target, const char *extra)
{
    g_autofree char *text = g_strdup_printf(
        "Authentication-Results: mx.umbrella.example;\r\n"
        "\tdkim=pass header.d=games.example header.s=m header.b=%s;\r\n"
        "\tspf=pass smtp.mailfrom=noc@games.example;\r\n"
        "\tdmarc=pass header.from=games.example\r\n"
        "Received: from mail.games.example (mail.games.example "
        "[203.0.113.200])\r\n\tby mx.umbrella.example; Sun, 03 May 2026 "
        "14:10:00 +0000\r\n"
        "DKIM-Signature: v=1; a=rsa-sha256; d=games.example; s=m; "
        "t=1777817340;\r\n\th=from:to:date:subject:message-id; bh=x; "
        "b=%sEfGhIjKl\r\n"
        "From: NOC <noc@games.example>\r\nTo: abuse@umbrella.example\r\n"
        "Subject: login attack\r\nDate: Sun, 03 May 2026 14:09:00 +0000\r\n"
        "Message-ID: <%s@games.example>\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n"
        "192.0.2.10 tried to log in to our server %s by brute force\r\n"
        "at 2026-05-03T11:10:00Z. Please look into it.\r\n%s",
        tag, tag, tag, target, extra);
    g_autoptr(Judgement) judgement =
        hand_over(&desk, "noc@games.example", NULL, text, demo_desk.now);
    const JudgedTicket *judged = judgement_ticket(judgement, MEMBER);
    g_assert_nonnull(judged);
    return g_strdup(judged->case_id);
}

/* The answer to the complaint is out of the way. */
static char *answered_case(const char *tag, const char *target)
{
    char *id = file_case(tag, target, "");
    store_stop_draft(store, id, "anna", NULL, demo_desk.now, NULL);
    return id;
}

/* ---- orders -------------------------------------------------------------- */

/* The remedy's number; 0 and the reason if it was refused. */
static int64_t order(RemedyOrder what, DeskErrorCode *code)
{
    g_autofree char *text = remedy_order_new_text(&what), *said = NULL;
    g_autoptr(GError) error = NULL;
    if (!remedying_do(&desk, store, text, NULL, "staff", demo_desk.now, &said,
                      &error)) {
        g_assert_error(error, DESK_ERROR, error->code);
        *code = (DeskErrorCode)error->code;
        return 0;
    }
    const char *number = strstr(said, "as remedy ");
    return number ? g_ascii_strtoll(number + 10, NULL, 10) : 1;
}

static RemedyOrder proposal(const char *id, const char *to, const char *ports)
{
    return (RemedyOrder){.verb = (char *)"propose",
                         .id = (char *)id,
                         .destination = (char *)to,
                         .ports = (char *)ports,
                         .owner = (char *)"phoned the number on its site"};
}

static void word_free(gpointer data)
{
    MemberStatement *said = data;
    g_free(said->name);
    g_free(said->text);
    g_free(said->by);
    g_free(said);
}

static void set_word(bool is_said)
{
    const Member *member = members_by_id(demo_desk.settings->members, MEMBER);
    static const char NAME[] = REMEDY_WORD;
    if (!is_said) {
        MemberStatement *last =
            member->statements->pdata[member->statements->len - 1];
        last->until = demo_desk.now - 1;
        return;
    }
    MemberStatement *said = g_new0(MemberStatement, 1);
    said->name = g_strdup(NAME);
    said->text = g_strdup("You may propose lines to us.");
    said->by = g_strdup("Mia");
    said->said = demo_desk.now - INSTANT_DAY_S;
    said->until = INSTANT_NONE;
    g_ptr_array_add(member->statements, said);
}

static int64_t agreed(const char *id, const char *to, const char *ports)
{
    DeskErrorCode code;
    int64_t number = order(proposal(id, to, ports), &code);
    g_assert_cmpint(number, >, 0);
    char text[24];
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, number);
    const RemedyOrder yes = {
        .verb = (char *)"agree", .id = text, .by = (char *)"Mia"};
    g_assert_cmpint(order(yes, &code), >, 0);
    return number;
}

static void look_at(Instant now)
{
    g_autoptr(GError) error = NULL;
    guint changed;
    remedying_look(&desk, store, now, &changed, &error);
    g_assert_no_error(error);
}

static RemedyRow *row_of(int64_t number)
{
    g_autoptr(GError) error = NULL;
    RemedyRow *row = store_remedy(store, number, &error);
    g_assert_no_error(error);
    return row;
}

/* ---- tests --------------------------------------------------------------- */

static void refused(RemedyOrder what, DeskErrorCode expected)
{
    DeskErrorCode code = 0;
    g_assert_cmpint(order(what, &code), ==, 0);
    g_assert_cmpint(code, ==, expected);
}

static void test_refusals(void)
{
    g_autofree char *id = answered_case("refuse", "203.0.113.61 port 22");
    RemedyOrder good = proposal(id, "203.0.113.61", "22"), bad = good;
    refused(good, DESK_ERROR_DENIED); /* the member never said so */
    set_word(true);
    bad.owner = NULL; /* nobody knows whose it is */
    refused(bad, DESK_ERROR_DENIED);
    bad = proposal(id, "203.0.0.0/16", "22"); /* a whole network */
    refused(bad, DESK_ERROR_DENIED);
    bad.forced = (char *)"attacked for days"; /* and nobody answers for it */
    refused(bad, DESK_ERROR_DENIED);
    bad = proposal(id, "104.16.1.1", "443"); /* many sites share it */
    refused(bad, DESK_ERROR_DENIED);
    refused(proposal(id, "10.0.0.1", "22"), DESK_ERROR_INVALID);
    refused(proposal(id, "203.0.113.61", "0"), DESK_ERROR_INVALID);
    refused(proposal("UA-2026-09999-X", "203.0.113.61", "22"),
            DESK_ERROR_INVALID); /* no check letter of ours */
    bad = good;
    bad.days = (char *)"4000";
    refused(bad, DESK_ERROR_INVALID);
    const RemedyOrder yes = {.verb = (char *)"agree", .id = (char *)"1"};
    refused(yes, DESK_ERROR_DENIED); /* by whom? */
    DeskErrorCode code;
    bad = proposal(id, "203.0.0.0/16", "22");
    bad.forced = (char *)"attacked for days";
    bad.by = (char *)"Anna";
    g_assert_cmpint(order(bad, &code), >, 0);
    set_word(false);
    refused(good, DESK_ERROR_DENIED); /* the word has run out */
    set_word(true);
}

static void test_orders(void)
{
    RemedyOrder good = proposal("UA-1", "203.0.113.61", NULL);
    good.owner = (char *)"a\tb\r\nc";
    g_autofree char *text = remedy_order_new_text(&good);
    g_auto(RemedyOrder) read = {0};
    g_assert_true(remedy_order_read(text, &read, NULL));
    g_assert_cmpstr(read.owner, ==, "a b  c");
    g_assert_null(read.ports);
    static const char *const BAD[] = {"", "propose", "a\tb\tc\td\te\tf\tg",
                                      "a\tb\tc\td\te\tf\tg\th\ti"};
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_auto(RemedyOrder) none = {0};
        g_assert_false(remedy_order_read(BAD[i], &none, NULL));
    }
    refused((RemedyOrder){.verb = (char *)"burn"}, DESK_ERROR_INVALID);
    refused((RemedyOrder){0}, DESK_ERROR_INVALID);
}

/* Open as before: nothing is said to be done. */
static void test_open(void)
{
    g_autofree char *id = answered_case("open", "203.0.113.62 port 443");
    int64_t number = agreed(id, "203.0.113.62", "443");
    look_at(demo_desk.now);
    g_autoptr(RemedyRow) row = row_of(number);
    g_assert_cmpint(row->state, ==, REMEDY_AGREED);
    g_assert_cmpint(row->letter, ==, 0);
    const RemedyRelay *relay = row->relays->pdata[0];
    g_assert_cmpstr(relay->view, ==, "open");
    g_assert_null(relay->document);
}

static void test_letter(void)
{
    g_autofree char *id = answered_case("letter", CLOSED " port 443");
    int64_t number = agreed(id, CLOSED, "443");
    look_at(demo_desk.now);
    g_autoptr(RemedyRow) row = row_of(number);
    g_assert_cmpint(row->state, ==, REMEDY_INSTALLED);
    g_assert_cmpstr(row->letter_why, ==, NULL);
    g_assert_cmpint(row->letter, >, 0);
    g_autoptr(GError) error = NULL;
    g_autoptr(Draft) draft = store_draft(store, id, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(draft->state, ==, "waiting"); /* always for a person */
    g_assert_true(remedying_is_letter(draft->template_id));
    g_assert_cmpstr(draft->to, ==, "noc@games.example");
    g_assert_nonnull(strstr(draft->text, "2026-05-03 11:30"));
    g_assert_nonnull(strstr(draft->claims_json, "server-descriptor"));
    /* once, however often it is looked at */
    int64_t letter = row->letter;
    look_at(demo_desk.now);
    g_autoptr(RemedyRow) again = row_of(number);
    g_assert_cmpint(again->letter, ==, letter);
}

/* The oldest row that is due leaves: nothing speaks against it now. */
static void send_next(const char *id)
{
    g_autoptr(GError) error = NULL;
    Instant now = demo_desk.now;
    g_autofree char *why = NULL;
    g_assert_true(
        store_approve_draft(store, id, "anna", NULL, now, now, &error));
    g_autoptr(GPtrArray) due = store_outbox_due(store, now, 9, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(due->len, ==, 1);
    const OutboxRow *row = due->pdata[0];
    g_assert_true(intake_still_may_leave(&desk, row, now, &why, &error));
    g_assert_cmpstr(why, ==, NULL);
    g_assert_true(store_outbox_begin(store, row->id, now, &error));
    g_assert_true(store_outbox_dot(store, row->id, &error));
    g_assert_true(
        store_outbox_done(store, row->id, SENT_OK, "250 ok", now, now, &error));
    g_assert_no_error(error);
}

/* Two letters a case at most: the answer, and what became of it. */
static void test_after_the_answer(void)
{
    g_autofree char *id = file_case("second", CLOSED " port 443", "");
    int64_t number = agreed(id, CLOSED, "443");
    look_at(demo_desk.now);
    g_autoptr(RemedyRow) early = row_of(number);
    g_assert_cmpint(early->letter, ==, 0); /* the answer comes first */
    g_assert_nonnull(strstr(early->letter_why, "has not left yet"));
    send_next(id);
    look_at(demo_desk.now);
    g_autoptr(RemedyRow) row = row_of(number);
    g_assert_cmpstr(row->letter_why, ==, NULL);
    g_assert_cmpint(row->letter, >, 0);
    send_next(id);
    g_autoptr(GError) error = NULL;
    g_autoptr(Case) found = store_case(store, id, &error);
    g_assert_cmpstr(found->row->state, ==, "answered");
    look_at(demo_desk.now);
    g_autoptr(Draft) draft = store_draft(store, id, &error);
    g_assert_cmpstr(draft->state, ==, "sent");
}

/* The letter would say more than the remedy does. */
static void test_no_letter(void)
{
    static const struct {
        const char *tag, *target, *ports, *why;
    } CASES[] = {
        {"other", "203.0.113.64 port 443", "443", "does not cover"},
        {"noport", CLOSED, "443", "does not cover"},
        {"ever", CLOSED " port 22", "22", "did not let out to it then"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *id = answered_case(CASES[i].tag, CASES[i].target);
        int64_t number = agreed(id, CLOSED, CASES[i].ports);
        look_at(demo_desk.now);
        g_autoptr(RemedyRow) row = row_of(number);
        g_assert_cmpint(row->state, ==, REMEDY_INSTALLED);
        g_assert_cmpint(row->letter, ==, 0);
        g_assert_nonnull(strstr(row->letter_why, CASES[i].why));
    }
}

/* Of an authority's mail there is no draft, remedy or not. */
static void test_gate(void)
{
    g_autofree char *id =
        file_case("police", CLOSED " port 443",
                  "This is an official request of the police. We are the "
                  "public prosecutor and demand disclosure.\r\n");
    int64_t number = agreed(id, CLOSED, "443");
    look_at(demo_desk.now);
    g_autoptr(RemedyRow) row = row_of(number);
    g_assert_cmpint(row->state, ==, REMEDY_INSTALLED);
    g_assert_cmpint(row->letter, ==, 0);
    g_assert_nonnull(row->letter_why);
    g_test_message("%s", row->letter_why);
}

static void test_expiry(void)
{
    g_autofree char *id = answered_case("expiry", "203.0.113.68 port 443");
    int64_t number = agreed(id, "203.0.113.68", "443");
    /* months later the relay record is too old to see anything in */
    look_at(demo_desk.now + REMEDY_DAYS * INSTANT_DAY_S);
    g_autoptr(RemedyRow) row = row_of(number);
    g_assert_cmpint(row->state, ==, REMEDY_EXPIRED);
    look_at(demo_desk.now);
    g_autoptr(RemedyRow) later = row_of(number);
    g_assert_cmpint(later->state, ==, REMEDY_REMOVED);
}

static void test_torrc(void)
{
    g_autofree char *id = answered_case("torrc", "203.0.113.69 port 22");
    g_autofree char *twin = answered_case("twin", "203.0.113.69 port 22");
    agreed(id, "203.0.113.69", "22");
    agreed(twin, "203.0.113.69", "22");
    const Member *member = members_by_id(demo_desk.settings->members, MEMBER);
    g_autoptr(GPtrArray) rows = store_remedies(store, NULL, false, NULL);
    g_autofree char *text = remedying_torrc(&desk, member, rows, demo_desk.now);
    const char *line = strstr(text, "\nExitPolicy reject 203.0.113.69:22\n");
    g_assert_nonnull(line);
    g_assert_null(strstr(line + 1, "\nExitPolicy reject 203.0.113.69:22\n"));
    g_assert_nonnull(strstr(text, id));
    g_assert_nonnull(strstr(text, twin));
    g_assert_null(strstr(text, "NOT on"));
    g_assert_null(strstr(text, "games.example"));
}

static void test_owner(void)
{
    static const char ANSWER[] = "% Abuse contact for '203.0.113.0 - "
                                 "203.0.113.127' is 'noc@games.example'\n\n"
                                 "inetnum: 203.0.113.0 - 203.0.113.127\n";
    g_autoptr(Whois) whois = whois_new();
    g_assert_cmpuint(whois_read(whois, ANSWER, strlen(ANSWER), demo_desk.now),
                     ==, 1);
    Authentication sender = {.level = AUTH_S2,
                             .destination = (char *)"NOC@games.example"};
    const Judgement judgement = {.authentication = &sender};
    static const struct {
        const char *destination, *from;
        AuthLevel level;
        bool is_shown;
    } CASES[] = {
        {"203.0.113.61", "NOC@games.example", AUTH_S2, true},
        {"203.0.113.61", "noc@games.example", AUTH_S1, false},
        {"203.0.113.61", "other@games.example", AUTH_S2, false},
        {"203.0.113.61", NULL, AUTH_S2, false},
        {"203.0.113.200", "noc@games.example", AUTH_S2, false},
        {"203.0.113.0/24", "noc@games.example", AUTH_S2, false},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        RemedyTarget target;
        bool is_shown;
        g_assert_true(
            remedy_target_parse(CASES[i].destination, "22", &target, NULL));
        sender.level = CASES[i].level;
        sender.destination = (char *)CASES[i].from;
        g_autofree char *why =
            remedying_owner(&judgement, whois, &target, &is_shown);
        g_test_message("%s", why);
        g_assert_cmpint(is_shown, ==, CASES[i].is_shown);
    }
}

/* ---- the made-up network -------------------------------------------------- */

static History *open_network(const char *directory, const char *documents)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) paths = network_write(NETWORK, documents);
    const char *const all[] = {documents, NULL};
    ImportSummary summary;
    g_assert_true(relay_import(directory, all, network_authorities(), NULL,
                               NULL, NULL, &summary, &error));
    import_summary_clear(&summary);
    History *history = history_open(directory, &error);
    g_assert_no_error(error);
    return history;
}

static Members *only_member(void)
{
    Member *member = member_of(MEMBER " relay=alpha");
    g_autoptr(GError) error = NULL;
    member->country = g_strdup("NL");
    member->language = g_strdup("en");
    member->contacts = g_ptr_array_new_with_free_func(g_free);
    member->modes = g_ptr_array_new();
    member->statements = g_ptr_array_new_with_free_func(word_free);
    member->automation = AUTOMATION_HOLD;
    member->ceiling = CEILING_ASK;
    member->consent_given = demo_desk.now - INSTANT_DAY_S;
    member->consent_by = g_strdup("Mia");
    GPtrArray *list =
        g_ptr_array_new_with_free_func((GDestroyNotify)member_free);
    g_ptr_array_add(list, member);
    Members *members = members_new(list, &error);
    g_assert_no_error(error);
    return members;
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autoptr(GError) error = NULL;
    demo_desk_set_up();
    g_assert_true(instant_parse("2026-05-03T14:30:00Z", &demo_desk.now));
    g_autofree char *directory = network_new_directory();
    g_autofree char *documents = network_new_directory();
    g_autoptr(History) history = open_network(directory, documents);
    members_unref(demo_desk.settings->members);
    demo_desk.settings->members = only_member();
    g_autoptr(GArray) hints =
        history_member_addresses(history, demo_desk.settings->members);
    reader = reader_start(&error);
    g_assert_no_error(error);
    g_autofree char *data =
        g_build_filename(demo_desk.directory, "remedies", NULL);
    store = store_open(data, STORE_WRITE, &error);
    g_assert_no_error(error);
    desk = demo_desk.desk;
    desk.store = store;
    desk.reader = reader;
    desk.history = history;
    desk.hints = hints;
    g_test_add_func("/remedying/orders", test_orders);
    g_test_add_func("/remedying/refusals", test_refusals);
    g_test_add_func("/remedying/open", test_open);
    g_test_add_func("/remedying/letter", test_letter);
    g_test_add_func("/remedying/after-the-answer", test_after_the_answer);
    g_test_add_func("/remedying/no-letter", test_no_letter);
    g_test_add_func("/remedying/gate", test_gate);
    g_test_add_func("/remedying/expiry", test_expiry);
    g_test_add_func("/remedying/torrc", test_torrc);
    g_test_add_func("/remedying/owner", test_owner);
    int status = g_test_run();
    store_close(store);
    reader_stop(reader);
    demo_desk_tear_down();
    network_remove_directory(documents);
    network_remove_directory(directory);
    return status;
}
