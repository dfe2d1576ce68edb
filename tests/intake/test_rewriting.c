/*
 * A person changes a letter or writes one: what is composed, what is refused,
 * and what still leaves afterwards. The demo's desk.
 */
#include "intake/rewriting.h"

#include "base/errors.h"
#include "demo_desk.h"
#include "handing.h"
#include "intake/joint.h"
#include "store/versions.h"

#include <string.h>

static Store *store;
static Desk desk;
static GBytes *key;
static Instant now;
static int serial;

static void set_up(void)
{
    g_autofree char *name = g_strdup_printf("rewriting%d", serial++);
    desk = demo_desk_with_store(name, key);
    store = desk.store;
    now = demo_desk.now;
}

static void tear_down(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(store_verify_record(store, &error));
    g_clear_pointer(&store, store_close);
}

/* ---- mails ----------------------------------------------------------------- */

#define FROM_SHOP "noc@shop.example"
#define LOGINS                                                                 \
    "192.0.2.77 tried to log in to our server 203.0.113.60 port 22 by brute "  \
    "force\r\nat 2026-05-03T14:02:11Z. Please look into it.\r\n"

typedef struct {
    const char *from, *envelope, *type, *body;
} Written;

static Judgement *file(const Written *mail)
{
    int number = serial++;
    const char *domain = strchr(mail->from, '@') + 1;
    g_autofree char *text = g_strdup_printf(
        "Authentication-Results: mx.umbrella.example;\r\n"
        " dkim=pass header.d=%s header.s=m header.b=Ab%06d;\r\n"
        " spf=pass smtp.mailfrom=%s; dmarc=pass header.from=%s\r\n"
        "Received: from a by mx.umbrella.example; Mon, 04 May 2026 08:00:00 "
        "+0000\r\n"
        "DKIM-Signature: v=1; a=rsa-sha256; d=%s; s=m; "
        "h=from:to:date:subject:message-id; bh=x; b=Ab%06dAAAABBBB\r\n"
        "From: <%s>\r\nTo: abuse@umbrella.example\r\n"
        "Subject: Login attempts\r\nDate: Mon, 04 May 2026 07:59:00 +0000\r\n"
        "Message-ID: <%d@%s>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: %s\r\n\r\n%s",
        domain, number, mail->envelope, domain, domain, number, mail->from,
        number, domain, mail->type ? mail->type : "text/plain", mail->body);
    return hand_over(&desk, mail->envelope, NULL, text, now);
}

/* The id of the only case, or that of the member (NULL: the desk's). */
static char *file_case(const char *body, const char *member)
{
    const Written mail = {FROM_SHOP, FROM_SHOP, NULL, body};
    g_autoptr(Judgement) judgement = file(&mail);
    const JudgedTicket *judged = judgement_ticket(judgement, member);
    g_assert_nonnull(judged);
    return g_strdup(judged->case_id);
}

/* ---- orders ---------------------------------------------------------------- */

static bool order(RewriteOrder what, char **answer, GError **error)
{
    g_autofree char *text = rewrite_order_new_text(&what);
    return rewriting_do(&desk, store, text, NULL, "anna", now, answer, error);
}

static void done(RewriteOrder what, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *answer = NULL;
    order(what, &answer, &error);
    g_assert_no_error(error);
    g_test_message("%s", answer);
    if (!strstr(answer, words))
        g_error("\"%s\" lacks \"%s\"", answer, words);
}

static void refused(RewriteOrder what, DeskErrorCode code, const char *words)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *answer = NULL;
    g_assert_false(order(what, &answer, &error));
    g_test_message("%s", error->message);
    g_assert_error(error, DESK_ERROR, (int)code);
    if (!strstr(error->message, words))
        g_error("\"%s\" lacks \"%s\"", error->message, words);
}

static RewriteOrder edit(const char *id)
{
    return (RewriteOrder){
        .verb = (char *)"edit", .id = (char *)id, .by = (char *)"Anna B."};
}

static RewriteOrder edit_text(const char *id, const char *text)
{
    RewriteOrder what = edit(id);
    what.text = (char *)text;
    return what;
}

static RewriteOrder edit_to(const char *id, const char *to)
{
    RewriteOrder what = edit(id);
    what.to = (char *)to;
    return what;
}

static RewriteOrder writing(const char *id, const char *template)
{
    RewriteOrder what = edit(id);
    what.verb = (char *)"write";
    what.template = (char *)template;
    return what;
}

static Draft *draft_of(const char *id)
{
    g_autoptr(GError) error = NULL;
    Draft *draft = store_draft(store, id, &error);
    g_assert_no_error(error);
    return draft;
}

/* Approve it; why it may not leave, NULL if it may. */
static char *objection(const char *id)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Draft) draft = draft_of(id);
    g_assert_true(
        store_approve_draft(store, id, "bert", NULL, now, now, &error));
    g_assert_no_error(error);
    g_autoptr(GPtrArray) due = store_outbox_due(store, now, 10, &error);
    g_assert_cmpuint(due->len, ==, 1);
    const OutboxRow *row = due->pdata[0];
    g_assert_cmpstr(row->case_id, ==, id);
    g_assert_cmpstr(row->to, ==, draft->to);
    g_assert_true(g_bytes_equal(row->bytes, draft->bytes));
    char *why = NULL;
    g_assert_true(intake_still_may_leave(&desk, row, now, &why, &error));
    g_assert_no_error(error);
    return why;
}

static Member *library(void)
{
    return (Member *)members_by_id(demo_desk.settings->members,
                                   "stadtbibliothek");
}

/* ---- changing --------------------------------------------------------------- */

static void test_another_text(void)
{
    set_up();
    g_autofree char *id = file_case(LOGINS, "stadtbibliothek");
    RewriteOrder what = edit(id);
    what.template = (char *)"general";
    what.language = (char *)"de";
    done(what, "XX/general.de in place of XX/login-attack.en, text (");
    g_autoptr(Draft) draft = draft_of(id);
    g_assert_cmpuint(draft->version, ==, 2);
    g_assert_cmpstr(draft->changed_by, ==, "Anna B.");
    g_assert_cmpstr(draft->to, ==, FROM_SHOP);
    g_assert_cmpstr(draft->source, ==, "the envelope sender and From, proven");
    g_assert_nonnull(strstr(draft->text, "Guten Tag,"));
    g_assert_nonnull(strstr(draft->claims_json, "\"exit-then\""));
    /* only the language: the same letter */
    RewriteOrder english = edit(id);
    english.language = (char *)"en";
    done(english, "XX/general.en in place of XX/general.de");
    refused(english, DESK_ERROR_INVALID, "nothing would be changed");
    english.language = (char *)"tlh";
    refused(english, DESK_ERROR_MISSING, "no letter \"general\" in tlh");
    english.language = NULL;
    english.template = (char *)"no-such-letter";
    refused(english, DESK_ERROR_MISSING, "no letter \"no-such-letter\"");
    english.template = (char *)"not-ours";
    refused(english, DESK_ERROR_DENIED, "speaks for the desk");
    g_autofree char *why = objection(id);
    g_assert_cmpstr(why, ==, NULL);
    refused(edit_to(id, "a@shop.example"), DESK_ERROR_CONFLICT,
            "the letter is approved");
    tear_down();
}

/* What is not shown cannot be made to hold. */
static void test_claims_stay(void)
{
    set_up();
    g_autofree char *id =
        file_case("192.0.2.77 tried to log in to our server by brute force\r\n"
                  "at 2026-03-02T04:11:00Z. Please look into it.\r\n",
                  "stadtbibliothek");
    RewriteOrder what = edit(id);
    what.template = (char *)"general";
    g_autoptr(Draft) before = draft_of(id);
    done(what, "XX/general.en");
    g_autoptr(Draft) draft = draft_of(id);
    g_assert_null(strstr(draft->text, "was a public exit"));
    refused(edit_text(id, "Stadtbibliothek Musterstadt: 192.0.2.77 was a Tor "
                          "exit then.\n"),
            DESK_ERROR_INVALID, "claim exit-then");
    tear_down();
}

static void test_own_words(void)
{
    set_up();
    g_autofree char *id = file_case(LOGINS, "stadtbibliothek");
    refused(edit_text(id, "Stadtbibliothek Musterstadt: we guarantee that.\n"),
            DESK_ERROR_INVALID, "we guarantee");
    static const char *const OTHERS[][2] = {
        {"Hackerspace Exempel asks to wait.\n", "names hackerspace"},
        {"It is not us, but 198.51.100.9.\n",
         "names hackerspace, whose case it is not (\"198.51.100.9\")"},
        {"Ask board@hackerspace.example.\n", "names hackerspace"},
        {"Relay 2222222222222222222222222222222222222222.\n", "(\"2222"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(OTHERS); i++)
        refused(edit_text(id, OTHERS[i][0]), DESK_ERROR_INVALID, OTHERS[i][1]);
    /* a word of the language may be a nickname or an id, too */
    RewriteOrder word = edit_text(id, "Any hackerspace runs ExempelSpace.\n");
    word.trial = (char *)"yes";
    done(word, "\"ExempelSpace\", a nickname of a relay of hackerspace");
    refused(edit_text(id, "\n"), DESK_ERROR_INVALID, "no text");
    RewriteOrder broken = edit_text(id, "a"); /* a sign cut at the end */
    broken.subject = (char *)"\xfd";
    refused(broken, DESK_ERROR_INVALID, "no UTF-8");
    RewriteOrder what = edit_text(id, "Hello,\n\n192.0.2.77 was a Tor exit.\n");
    what.template = (char *)"general";
    refused(what, DESK_ERROR_INVALID, "not both");
    what.template = NULL;
    what.subject = (char *)"About your logins";
    what.trial = (char *)"yes";
    done(what, "Subject: [");
    g_autoptr(Draft) before = draft_of(id);
    g_assert_cmpuint(before->version, ==, 1); /* a trial keeps nothing */
    what.trial = NULL;
    done(what, "does not say for whom it is written");
    g_autoptr(Draft) draft = draft_of(id);
    g_autofree char *subject = g_strdup_printf("[%s] About your logins", id);
    g_assert_cmpstr(draft->subject, ==, subject);
    g_assert_cmpstr(draft->text, ==, "Hello,\n\n192.0.2.77 was a Tor exit.\n");
    g_assert_nonnull(strstr(draft->claims_json, "consensus 2026-05-03T14"));
    g_autofree char *why = objection(id);
    g_assert_cmpstr(why, ==, NULL);
    tear_down();
}

static void test_recipient(void)
{
    static const struct {
        const char *to, *why;
    } BAD[] = {
        {"abuse@umbrella.example", "our own"},
        {"somebody@umbrella.example", "our own"},
        {"no-reply@shop.example", "nobody reads"},
        {"bounce-17=x@shop.example", "nobody reads"},
        {"a@shop.example, b@shop.example", "not one plain"},
        {"a@shop.example\r\nBcc: b@shop.example", "not one plain"},
        {"Shop <a@shop.example>", "not one plain"},
        {"shop.example", "not one plain"},
    };
    set_up();
    g_autofree char *id = file_case(LOGINS, "stadtbibliothek");
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++)
        refused(edit_to(id, BAD[i].to), DESK_ERROR_DENIED, BAD[i].why);
    const Member *member = library();
    g_assert_cmpuint(member->contacts->len, >, 0);
    refused(edit_to(id, member->contacts->pdata[0]), DESK_ERROR_DENIED,
            "a member's");
    g_autoptr(Draft) before = draft_of(id);
    done(edit_to(id, "ciso@shop.example"),
         "recipient (ciso@shop.example in place of noc@shop.example)");
    g_autoptr(Draft) draft = draft_of(id);
    g_assert_cmpstr(draft->source, ==, "typed by Anna B.");
    g_assert_cmpstr(draft->template_id, ==, before->template_id);
    g_assert_cmpstr(draft->text, ==, before->text); /* not a word else */
    g_assert_cmpstr(draft->change, ==,
                    "recipient (ciso@shop.example in place of "
                    "noc@shop.example)");
    g_autofree char *why = objection(id);
    g_assert_cmpstr(why, ==, NULL);
    tear_down();
}

/* Who looked at an older one changes nothing. */
static void test_seen(void)
{
    set_up();
    g_autofree char *id = file_case(LOGINS, "stadtbibliothek");
    RewriteOrder what = edit_to(id, "ciso@shop.example");
    what.seen = (char *)"1";
    done(what, "Version 2");
    what.to = (char *)"other@shop.example";
    refused(what, DESK_ERROR_CONFLICT, "there is version 2 (by Anna B.)");
    what.seen = (char *)"x";
    refused(what, DESK_ERROR_INVALID, "no number");
    tear_down();
}

/* ---- writing ---------------------------------------------------------------- */

#define POLICE                                                                 \
    LOGINS "This is an official request of the police. We are the public "     \
           "prosecutor and demand disclosure of who used it.\r\n"

static void test_checklist(void)
{
    set_up();
    g_autofree char *id = file_case(POLICE, "stadtbibliothek");
    RewriteOrder what = writing(id, "authority");
    refused(edit(id), DESK_ERROR_MISSING, "has no letter to change");
    refused(what, DESK_ERROR_DENIED, "--checked NAME");
    what.checked = (char *)"RA Beispiel";
    done(what, "a letter, XX/authority.en");
    g_autoptr(Draft) draft = draft_of(id);
    g_assert_cmpstr(draft->checked_by, ==, "RA Beispiel");
    refused(what, DESK_ERROR_CONFLICT, "a letter waits already");
    /* a change rests on the same look */
    done(edit_to(id, "k4@shop.example"), "recipient");
    g_autoptr(Draft) changed = draft_of(id);
    g_assert_cmpstr(changed->checked_by, ==, "RA Beispiel");
    g_autofree char *why = objection(id);
    g_assert_cmpstr(why, ==, NULL);
    tear_down();
}

/* Without the member's consent nothing is written in its name, and what was
 * written does not leave. */
static void test_consent(void)
{
    set_up();
    Member *member = library();
    Instant given = member->consent_given;
    g_autofree char *id = file_case(LOGINS, "stadtbibliothek");
    done(edit_to(id, "ciso@shop.example"), "recipient");
    member->consent_given = INSTANT_NONE;
    refused(edit_to(id, "other@shop.example"), DESK_ERROR_DENIED, "D01");
    g_autofree char *why = objection(id);
    g_assert_nonnull(why);
    g_autofree char *other = file_case(LOGINS "Again.\r\n", "stadtbibliothek");
    refused(writing(other, "general"), DESK_ERROR_DENIED, "D01");
    member->consent_given = given;
    tear_down();
}

/* A case of nobody's: the desk speaks, and names nobody. */
static void test_desk(void)
{
    set_up();
    g_autofree char *id =
        file_case("203.0.113.99 scanned ports of our server 203.0.113.60\r\n"
                  "at 2026-05-04T05:31:07Z. Please look into it.\r\n",
                  NULL);
    refused(writing(id, "general"), DESK_ERROR_DENIED,
            "not-ours, please-send-desk, several-members");
    refused(writing(id, NULL), DESK_ERROR_INVALID, "which letter?");
    RewriteOrder what = writing(id, NULL);
    what.text = (char *)"Onion Umbrella: ask Stadtbibliothek Musterstadt.\n";
    refused(what, DESK_ERROR_INVALID, "names stadtbibliothek");
    done(writing(id, "please-send-desk"), "XX/please-send-desk.en");
    g_autoptr(Draft) draft = draft_of(id);
    g_assert_nonnull(strstr(draft->text, "Onion Umbrella"));
    gsize length;
    const char *bytes = g_bytes_get_data(draft->bytes, &length);
    g_autofree char *mail = g_strndup(bytes, length);
    g_assert_nonnull(
        strstr(mail, "From: \"Onion Umbrella\" <abuse@umbrella.example>"));
    g_autofree char *why = objection(id);
    g_assert_cmpstr(why, ==, NULL);
    tear_down();
}

/* Staff of a member pass a complaint on by hand: the desk's gate writes to
 * nobody, a person picks the address. */
static void test_passed_on(void)
{
    static const char BODY[] =
        "For you.\r\n\r\n---------- Forwarded message ---------\r\n"
        "From: Victor <victor@victim.example>\r\n"
        "Date: Sun, 3 May 2026 at 15:00\r\nSubject: Login attempts\r\n"
        "To: <info@bibliothek.example>\r\n\r\n" LOGINS;
    set_up();
    g_autofree char *staff = g_strdup(library()->contacts->pdata[0]);
    const Written mail = {staff, staff, NULL, BODY};
    g_autoptr(Judgement) judgement = file(&mail);
    const JudgedTicket *judged = judgement_ticket(judgement, "stadtbibliothek");
    g_assert_nonnull(judged);
    const char *id = judged->case_id;
    RewriteOrder what = writing(id, "general");
    if (judged->reply)
        store_stop_draft(store, id, "anna", NULL, now, NULL);
    refused(what, DESK_ERROR_DENIED,
            "victor@victim.example (the inner mail, not proven)");
    what.to = (char *)"victor@victim.example";
    done(what, "the inner mail, not proven");
    g_autofree char *why = objection(id);
    g_assert_cmpstr(why, ==, NULL);
    tear_down();
}

/* Several members: the one letter may be changed, no other is written. */
static void test_joint(void)
{
    set_up();
    const Written mail = {
        FROM_SHOP, FROM_SHOP, NULL,
        "Port scans from these hosts against our network (all times UTC):\r\n"
        "\r\n  Source IP       Time                  Destination port\r\n"
        "  192.0.2.77      2026-05-04 02:14:00   22\r\n"
        "  198.51.100.9    2026-05-04 02:16:00   22\r\n"};
    g_autoptr(Judgement) judgement = file(&mail);
    const JudgedTicket *joint = joint_of(judgement);
    g_assert_nonnull(joint);
    g_autofree char *id = g_strdup(joint->case_id);
    const JudgedTicket *member = judgement_ticket(judgement, "stadtbibliothek");
    refused(writing(member->case_id, "general"), DESK_ERROR_DENIED,
            "one letter of the desk answers the whole mail");
    refused(edit_text(id, "Onion Umbrella: ask Hackerspace Exempel.\n"),
            DESK_ERROR_INVALID, "names hackerspace");
    refused(edit_text(id, "Onion Umbrella: ask about 203.0.113.5.\n"),
            DESK_ERROR_INVALID, "(\"203.0.113.5\")");
    done(edit_text(id, "Onion Umbrella has your mail about 192.0.2.77 and "
                       "198.51.100.9:22.\n"),
         "own-words in place of XX/several-members.en");
    g_autoptr(Draft) draft = draft_of(id);
    g_assert_null(draft->member);
    g_autofree char *why = objection(id);
    g_assert_cmpstr(why, ==, NULL);
    tear_down();
}

/* ---- the order as text -------------------------------------------------------- */

static void test_orders(void)
{
    static const char *const BAD[] = {"",
                                      "edit",
                                      "\n",
                                      "burn\tUA-1\t\t\t\t\t\t\t\t",
                                      "edit\t\t\t\t\t\t\t\t\t",
                                      "edit\tUA-1\t\t\t\t\t\t\t\t\t\t",
                                      "edit\nUA-1"};
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_auto(RewriteOrder) none = {0};
        g_assert_false(rewrite_order_read(BAD[i], &none, NULL));
    }
    RewriteOrder what = edit("UA-1");
    what.to = (char *)"a@b.example\r\nX: y\tz";
    what.text = (char *)"one\n\ttwo\n";
    g_autofree char *text = rewrite_order_new_text(&what);
    g_auto(RewriteOrder) read = {0};
    g_assert_true(rewrite_order_read(text, &read, NULL));
    g_assert_cmpstr(read.to, ==, "a@b.example  X: y z");
    g_assert_cmpstr(read.text, ==, "one\n\ttwo\n");
    g_assert_null(read.template);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    demo_desk_set_up();
    key = g_bytes_new_static("a key of the tests", 18);
    g_test_add_func("/rewriting/another-text", test_another_text);
    g_test_add_func("/rewriting/claims-stay", test_claims_stay);
    g_test_add_func("/rewriting/own-words", test_own_words);
    g_test_add_func("/rewriting/recipient", test_recipient);
    g_test_add_func("/rewriting/seen", test_seen);
    g_test_add_func("/rewriting/checklist", test_checklist);
    g_test_add_func("/rewriting/consent", test_consent);
    g_test_add_func("/rewriting/desk", test_desk);
    g_test_add_func("/rewriting/passed-on", test_passed_on);
    g_test_add_func("/rewriting/joint", test_joint);
    g_test_add_func("/rewriting/orders", test_orders);
    int status = g_test_run();
    g_bytes_unref(key);
    demo_desk_tear_down();
    return status;
}
