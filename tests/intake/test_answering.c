/*
 * What people write to the return path of a letter: it is kept with the
 * letter's case and waits there for staff. It makes no letter, and a case of
 * its own only if somebody must see it at once.
 */
#include "handing.h"
#include "reply/token.h"
#include "store/outbox.h"
#include "told_desk.h"

#include "../store/paper.h"

#include <string.h>

#define BOUNCE "bounce@umbrella.example"
#define SENT   (PAPER_NOW + 3600)
#define NOW    (PAPER_NOW + 7200)

static char *work_of_store(void)
{
    return told_ask("SELECT (SELECT count(*) FROM ticket) || ' cases, ' || "
                    "(SELECT count(*) FROM letter) || ' letters'");
}

/* A letter that was handed over; its outbox number. */
static char *queue(const char *token)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *case_id = paper_file(told_desk.store, ACTION_SEND, token);
    char *id = told_ask("SELECT outbox.number FROM outbox JOIN letter "
                        "ON letter.number = letter WHERE token = '%s'",
                        token);
    int64_t number = g_ascii_strtoll(id, NULL, 10);
    store_outbox_begin(told_desk.store, number, SENT, &error);
    g_assert_no_error(error);
    store_outbox_done(told_desk.store, number, SENT_OK, "250 ok", SENT, SENT,
                      &error);
    g_assert_no_error(error);
    return id;
}

static char *path_of(const char *token)
{
    return token_bounce_address_new(BOUNCE, token, told_desk.desk.loop_key);
}

static void deliver(const char *text, const char *from, const char *to,
                    Instant now)
{
    judgement_free(hand_over(&told_desk.desk, from, to, text, now));
}

#define PERSON                                                                 \
    "From: Ann <ann@shop.example>\nTo: %s\nSubject: Re: Your report\n"         \
    "Message-ID: <%s@shop.example>\n%s\n"                                      \
    "Thank you. We still see it, who can we phone about this?\n"

/* What is kept of the letter's case. */
static int entries_of(const char *token)
{
    g_autofree char *count = told_ask(
        "SELECT count(*) FROM record JOIN ticket ON about = id JOIN letter ON "
        "letter.ticket = ticket.number WHERE token = '%s'",
        token);
    return (int)g_ascii_strtoll(count, NULL, 10);
}

/* Deliver it from a person; is the case then for staff, with two new entries,
 * and nothing else made? */
static void expect_person(const char *token, const char *to, const char *name,
                          const char *fields, bool is_seen)
{
    g_autofree char *mail = g_strdup_printf(PERSON, to, name, fields);
    g_autofree char *before = work_of_store();
    int entries = entries_of(token);
    g_free(told_ask("UPDATE ticket SET state = 'answered' WHERE number = "
                    "(SELECT ticket FROM letter WHERE token = '%s')",
                    token));
    deliver(mail, "ann@shop.example", to, NOW);
    g_autofree char *after = work_of_store();
    g_assert_cmpstr(after, ==, before);
    g_autofree char *state =
        told_ask("SELECT state FROM ticket WHERE number = "
                 "(SELECT ticket FROM letter WHERE token = "
                 "'%s')",
                 token);
    g_assert_cmpstr(state, ==, is_seen ? "triage" : "answered");
    g_assert_cmpint(entries_of(token) - entries, ==, is_seen ? 2 : 0);
}

static void test_person(void)
{
    told_desk_set_up();
    const char *token = "personal";
    g_autofree char *outbox = queue(token);
    g_autofree char *path = path_of(token);
    g_autofree char *answers =
        g_strdup_printf("In-Reply-To: <t.%s@umbrella.example>\n", token);
    g_free(told_ask("DELETE FROM letter_return"));
    expect_person(token, path, "1", "", true);
    expect_person(token, path, "2", "Auto-Submitted: no\n", true);
    expect_person(token, BOUNCE, "3", answers, true);
    told_expect("SELECT count(*) FROM letter_return", "0");
    /* programs, spam and strangers are counted as before */
    expect_person(token, path, "4", "Auto-Submitted: auto-replied\n", false);
    expect_person(token, path, "5", "Precedence: bulk\n", false);
    expect_person(token, path, "6", "X-Spam-Flag: YES\n", false);
    expect_person(token, BOUNCE, "7", "", false);
    told_expect("SELECT count(*) FROM letter_return WHERE fate = 'not-null'",
                "3");
    told_expect("SELECT count(*) FROM letter_return WHERE fate = 'forged'",
                "1");
    g_autofree char *state =
        told_ask("SELECT state FROM outbox WHERE number = %s", outbox);
    g_assert_cmpstr(state, ==, "sent");
    told_expect("SELECT count(*) FROM suppression", "0");
    told_desk_tear_down();
}

/* What a person must see at once is a case of its own as well. */
static void test_person_of_the_police(void)
{
    told_desk_set_up();
    const char *token = "policeman";
    g_autofree char *outbox = queue(token);
    g_autofree char *path = path_of(token);
    g_autofree char *mail = g_strdup_printf(
        "From: officer@police.example\nTo: %s\nSubject: Court order\n\n"
        "Attached is the court order in the criminal investigation; you are "
        "hereby ordered to disclose the subscriber of 198.51.100.9. Police "
        "department, subpoena no. 1234.\n",
        path);
    g_autofree char *before = told_ask("SELECT count(*) FROM letter");
    deliver(mail, "officer@police.example", path, NOW);
    told_expect("SELECT action FROM ticket ORDER BY number DESC LIMIT 1",
                "escalate");
    told_expect("SELECT count(*) FROM letter", before);
    g_autofree char *joined =
        told_ask("SELECT count(*) FROM mail WHERE joined = "
                 "(SELECT id FROM ticket JOIN letter ON "
                 "letter.ticket = ticket.number WHERE token = "
                 "'%s')",
                 token);
    g_assert_cmpstr(joined, ==, "1");
    told_desk_tear_down();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/answering/person", test_person);
    g_test_add_func("/answering/police", test_person_of_the_police);
    return g_test_run();
}
