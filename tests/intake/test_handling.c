/*
 * What staff do with cases, through the whole pipeline: mails that come after
 * a join, a mail that is decided anew after a split, an answer for a web form,
 * and notes that nobody else ever sees.
 */
#include "intake/handling.h"

#include "base/errors.h"
#include "base/files.h"
#include "demo_desk.h"
#include "handing.h"
#include "intake/apart_case.h"
#include "intake/briefing.h"
#include "store/cases.h"
#include "store/drafts.h"
#include "store/outbox.h"

#include <string.h>

#define SECRET "Quittengelee"

static Store *store;
static Desk desk;
static GBytes *key;
static Instant now;
static int serial;
static const char *way = ""; /* header lines of another path */

static void set_up(void)
{
    g_autofree char *name = g_strdup_printf("handling%d", serial++);
    desk = demo_desk_with_store(name, key);
    store = desk.store;
    now = demo_desk.now;
}

static void tear_down(void)
{
    g_clear_pointer(&store, store_close);
}

/* ---- mails ------------------------------------------------------------- */

static Judgement *take_in(const Delivery *delivery)
{
    g_autoptr(GError) error = NULL;
    Judgement *judgement = intake_read(&desk, delivery, now, &error);
    g_assert_no_error(error);
    intake_file(&desk, delivery, judgement, now, &error);
    g_assert_no_error(error);
    return judgement;
}

/* The inbox id; judgement may be NULL. */
static char *receive(const char *text, const char *from, Judgement **judgement)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Delivery) delivery = handed_new(from, NULL, text, now);
    g_assert_true(store_accept(store, &delivery, 1, &error));
    Judgement *own = take_in(delivery);
    if (judgement)
        *judgement = own;
    else
        judgement_free(own);
    return g_strdup(delivery->id);
}

/* A CERT's mail about one address; answers: a Message-ID, or NULL. */
static char *receive_about(const char *address, const char *answers,
                           Judgement **judgement)
{
    int number = serial++;
    g_autofree char *thread =
        answers ? g_strdup_printf("In-Reply-To: %s\r\n", answers)
                : g_strdup("");
    g_autofree char *text = g_strdup_printf(
        "%sAuthentication-Results: mx.umbrella.example;\r\n"
        " dkim=pass header.d=cert.example header.s=m header.b=Ab%06d;\r\n"
        " spf=pass smtp.mailfrom=cert@cert.example; dmarc=pass "
        "header.from=cert.example\r\n"
        "Received: from a by mx.umbrella.example; Mon, 04 May 2026 08:00:00 "
        "+0000\r\n"
        "DKIM-Signature: v=1; a=rsa-sha256; d=cert.example; s=m; "
        "h=from:to:date:subject:message-id; bh=x; b=Ab%06dAAAABBBB\r\n"
        "From: CERT <cert@cert.example>\r\nTo: abuse@umbrella.example\r\n"
        "Subject: Port scans\r\nDate: Mon, 04 May 2026 07:59:00 +0000\r\n"
        "Message-ID: <%d@cert.example>\r\n%s"
        "Content-Type: text/plain\r\n\r\n"
        "Port scans from this host against our network (all times UTC), "
        "number %d:\r\n\r\n"
        "  Source IP       Time                  Destination port\r\n"
        "  %s      2026-05-04 02:14:00   22\r\n",
        way, number, number, number, thread, number, address);
    return receive(text, "cert@cert.example", judgement);
}

#define LIBRARY "192.0.2.77"
#define HACKERS "198.51.100.9"

/* The case that a mail makes; it must make one. */
static char *case_of(const char *mail)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Case) found = store_case(store, mail, &error);
    g_assert_no_error(error);
    g_assert_nonnull(found->row->case_id);
    return g_strdup(found->row->case_id);
}

static char *new_case(const char *address)
{
    g_autofree char *mail = receive_about(address, NULL, NULL);
    return case_of(mail);
}

/* The Message-ID of the case's letter. */
static char *letter_id(const char *case_id)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Draft) draft = store_draft(store, case_id, &error);
    g_assert_no_error(error);
    g_autofree char *text = g_strndup(g_bytes_get_data(draft->bytes, NULL),
                                      g_bytes_get_size(draft->bytes));
    const char *at = strstr(text, "\nMessage-ID: ");
    g_assert_nonnull(at);
    at += strlen("\nMessage-ID: ");
    return g_strndup(at, strcspn(at, "\r\n"));
}

static Case *look(const char *id)
{
    g_autoptr(GError) error = NULL;
    Case *found = store_case(store, id, &error);
    g_assert_no_error(error);
    return found;
}

static bool has_entry(const char *id, const char *words)
{
    g_autoptr(Case) found = look(id);
    for (guint i = 0; i < found->record->len; i++)
        if (strstr(((const RecordEntry *)found->record->pdata[i])->what, words))
            return true;
    return false;
}

static void ask(const HandlingOrder *order, const char *note)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = handling_order_new_text(order), *told = NULL;
    handling_do(store, text, note, "desk", now, &told, &error);
    g_assert_no_error(error);
    g_assert_nonnull(told);
}

/* ---- join -------------------------------------------------------------- */

static void test_join(void)
{
    set_up();
    g_autofree char *first = new_case(LIBRARY), *again = new_case(LIBRARY);
    g_autofree char *letter = letter_id(again);
    ask(&(HandlingOrder){.verb = "join", .id = again, .other = first},
        "the same scan");
    g_autoptr(Draft) draft = store_draft(store, again, NULL);
    g_assert_cmpstr(draft->state, ==, "stopped");
    /* an answer in the thread of the one belongs to the other */
    g_autofree char *mail = receive_about(LIBRARY, letter, NULL);
    g_autoptr(CaseLinks) links = store_case_links(store, first, NULL);
    g_assert_cmpuint(links->mails->len, ==, 1);
    g_assert_cmpstr(links->mails->pdata[0], ==, mail);
    g_autoptr(Case) closed = look(again), open = look(first);
    g_assert_cmpstr(closed->row->state, ==, "closed");
    g_assert_cmpstr(closed->row->joined_to, ==, first);
    g_assert_cmpstr(open->row->state, ==, "triage");
    tear_down();
}

/* ---- split ------------------------------------------------------------- */

/* As the workers do: what the store has undecided is read. */
static char *read_again(const char *mail)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) waiting = store_undecided(store, 10, &error);
    g_assert_cmpuint(waiting->len, ==, 1);
    g_assert_cmpstr(waiting->pdata[0], ==, mail);
    g_autoptr(Delivery) delivery = store_delivery(store, mail, &error);
    g_autoptr(Judgement) judgement = take_in(delivery);
    g_assert_null(judgement->joins_case);
    return case_of(mail);
}

/* An answer about another member's relay: that member's case, of which the
 * first learns nothing, and never a letter without a person. */
static void test_split(void)
{
    set_up();
    g_autofree char *first = new_case(LIBRARY), *letter = letter_id(first);
    g_autofree char *mail = receive_about(HACKERS, letter, NULL);
    g_assert_true(has_entry(first, "Belongs to this case"));
    HandlingOrder order = {.verb = "split", .id = mail, .by = "Mia"};
    g_autofree char *text = handling_order_new_text(&order);
    g_autofree char *again = handling_mail_of(text);
    g_assert_cmpstr(again, ==, mail);
    ask(&order, "another machine");
    g_autofree char *second = read_again(mail);
    g_assert_cmpstr(second, !=, first);
    g_autoptr(Case) found = look(second);
    g_assert_cmpstr(found->row->member, ==, "hackerspace");
    g_assert_cmpstr(found->row->state, ==, "drafted");
    g_assert_cmpstr(found->row->rule, ==, "D04c");
    g_autoptr(GPtrArray) outbox = store_outbox(store, NULL, NULL);
    g_assert_cmpuint(outbox->len, ==, 0);
    g_assert_true(has_entry(first, second));
    g_assert_true(has_entry(second, "split off from"));
    /* an answer to its letter belongs to it */
    g_autofree char *other = letter_id(second);
    g_autofree char *later = receive_about(HACKERS, other, NULL);
    g_autoptr(CaseLinks) links = store_case_links(store, second, NULL);
    g_assert_cmpuint(links->mails->len, ==, 1);
    g_assert_cmpstr(links->mails->pdata[0], ==, later);
    tear_down();
}

/* The same mail by another path is known as that of the new case. */
static void test_split_is_known_again(void)
{
    set_up();
    g_autofree char *first = new_case(LIBRARY), *letter = letter_id(first);
    int before = serial;
    g_autofree char *mail = receive_about(HACKERS, letter, NULL);
    ask(&(HandlingOrder){.verb = "split", .id = mail}, NULL);
    g_autofree char *second = read_again(mail);
    serial = before;
    way = "Received: from list.example by mx.umbrella.example; Mon, 04 May "
          "2026 08:00:09 +0000\r\n";
    Judgement *judgement = NULL;
    g_autofree char *copy = receive_about(HACKERS, letter, &judgement);
    way = "";
    g_assert_cmpstr(copy, !=, mail);
    g_assert_true(judgement->is_duplicate);
    g_assert_cmpstr(judgement->joins_case, ==, second);
    judgement_free(judgement);
    tear_down();
}

/* ---- a web form -------------------------------------------------------- */

static char *receive_form(Judgement **judgement)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes =
        file_read(REPORTERS "/hetzner.eml", 1024 * 1024, &error);
    g_assert_no_error(error);
    g_autofree char *mail =
        g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_autofree char *id = g_strdup_printf("<hetzner.x%d@", serial++);
    GString *text = g_string_new(mail);
    g_string_replace(text, "<hetzner.1@", id, 0);
    char *inbox_id = receive(text->str, "network-abuse@hetzner.com", judgement);
    g_string_free(text, TRUE);
    return inbox_id;
}

/* Does the gate know that this number of the reporter's was answered? */
static bool was_answered(const JudgedTicket *judged)
{
    for (guint i = 0; i < judged->decision->hits->len; i++)
        if (g_str_equal(g_array_index(judged->decision->hits, GateHit, i).id,
                        "D17e"))
            return true;
    return false;
}

static void test_form(void)
{
    set_up();
    Judgement *first = NULL;
    g_autofree char *mail = receive_form(&first), *id = case_of(mail);
    g_assert_false(was_answered(first->tickets->pdata[0]));
    judgement_free(first);
    g_autoptr(Case) found = look(id);
    g_assert_cmpstr(found->row->state, ==, "drafted");
    g_assert_cmpstr(found->row->form, ==, "https://abuse.hetzner.com/");
    g_assert_cmpint(found->row->due, >, now); /* within 24 hours */
    g_assert_cmpint(found->row->due, <=, now + INSTANT_DAY_S);
    ask(&(HandlingOrder){.verb = "done", .id = id, .by = "Mia"}, NULL);
    g_autoptr(Case) done = look(id);
    g_assert_cmpstr(done->row->state, ==, "answered");
    g_assert_null(done->row->form);
    g_assert_true(has_entry(id, "https://abuse.hetzner.com/, in time (due"));
    g_assert_true(has_entry(id, "by Mia (login desk)"));
    /* its number counts as answered */
    Judgement *judgement = NULL;
    g_autofree char *again = receive_form(&judgement);
    g_assert_true(was_answered(judgement->tickets->pdata[0]));
    judgement_free(judgement);
    tear_down();
}

/* ---- notes ------------------------------------------------------------- */

static void assert_silent(const char *where, const char *text)
{
    if (text && (strstr(text, SECRET) || strstr(text, "Zora")))
        g_error("%s tells what staff noted: %s", where, text);
}

static void assert_member_sees_nothing(const char *id)
{
    g_autoptr(Apart) apart = apart_new(desk.settings->members, NULL, NULL);
    g_autoptr(Case) found = look(id);
    g_autoptr(MemberCase) seen = member_case_new(apart, found, true);
    Json json;
    json_init(&json);
    json_object(&json);
    member_case_put(&json, seen);
    json_key(&json, "record");
    member_case_put_record(&json, seen);
    json_end_object(&json);
    g_autofree char *text = json_steal(&json);
    assert_silent("what the member may see", text);
    g_assert_nonnull(strstr(text, "\"kind\":\"note\"")); /* that it is there */
}

static void test_notes_stay(void)
{
    set_up();
    Judgement *judgement = NULL;
    g_autofree char *mail = receive_about(LIBRARY, NULL, &judgement);
    g_autofree char *id = case_of(mail);
    ask(&(HandlingOrder){.verb = "note", .id = id}, "they sell " SECRET);
    ask(&(HandlingOrder){.verb = "assign", .id = id, .other = "Zora"}, NULL);
    g_assert_true(has_entry(id, SECRET));
    g_assert_true(has_entry(id, "Zora"));
    assert_member_sees_nothing(id);
    JudgedTicket *judged = judgement->tickets->pdata[0];
    g_autoptr(GError) error = NULL;
    g_autoptr(Delivery) delivery = store_delivery(store, mail, &error);
    g_autofree char *brief =
        briefing_new(&(BriefingQuestion){.settings = desk.settings,
                                         .policies = desk.policies,
                                         .history = desk.history,
                                         .case_id = id,
                                         .received = now,
                                         .judgement = judgement,
                                         .judged = judged},
                     &error);
    g_assert_no_error(error);
    g_assert_nonnull(strstr(brief, id));
    assert_silent("the page for the member", brief);
    /* the letter as it would be written now */
    g_autoptr(Judgement) again = intake_read(&desk, delivery, now, &error);
    judged = again->tickets->pdata[0];
    judged->case_id = g_strdup(id);
    g_assert_true(
        intake_decide_again(&desk, delivery, again, judged, now, &error));
    g_assert_nonnull(judged->reply);
    g_autofree char *letter =
        g_strndup(g_bytes_get_data(judged->reply->bytes, NULL),
                  g_bytes_get_size(judged->reply->bytes));
    assert_silent("the letter", letter);
    assert_silent("the letter", judged->reply->text);
    judgement_free(judgement);
    tear_down();
}

/* ---- requests ---------------------------------------------------------- */

static void test_requests(void)
{
    static const char *const BAD[] = {
        "",
        "note",
        "close\tUA-1",
        "\t\t\t\t",
        "eat\tUA-1\t\t\t",
        "join\tUA-2026-00001-W\t\t\t",
        "note\tUA-1\t\t\t\t",
    };
    set_up();
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *told = NULL;
        g_assert_false(
            handling_do(store, BAD[i], "x", "desk", now, &told, &error));
        g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
        g_assert_null(told);
        g_assert_null(handling_mail_of(BAD[i]));
    }
    tear_down();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    demo_desk_set_up();
    key = g_bytes_new_static("0123456789abcdef0123456789abcdef", 32);
    g_test_add_func("/intake/handling/join", test_join);
    g_test_add_func("/intake/handling/split", test_split);
    g_test_add_func("/intake/handling/split-known", test_split_is_known_again);
    g_test_add_func("/intake/handling/form", test_form);
    g_test_add_func("/intake/handling/notes", test_notes_stay);
    g_test_add_func("/intake/handling/requests", test_requests);
    int status = g_test_run();
    g_bytes_unref(key);
    demo_desk_tear_down();
    return status;
}
