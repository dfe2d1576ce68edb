/* Who is told what, and how often, over simulated weeks. */
#include "intake/consenting.h"
#include "intake/inviting.h"
#include "intake/verifying.h"
#include "mail/mail.h"
#include "reply/phrases.h"
#include "store/drafts.h"
#include "store/messages.h"
#include "store/notices.h"
#include "told_desk.h"

#include "../store/paper.h"

#include <string.h>

/* PAPER_NOW is Sunday 2026-05-03, 16:02 in Berlin. */
#define HOUR INSTANT_HOUR_S
#define DAY  INSTANT_DAY_S

static guint files;

/* A draft that waits; due after so long, or 0. */
static char *draft_due(Instant after)
{
    g_autofree char *tag = g_strdup_printf("draft%u", files++);
    char *case_id = paper_file(told_desk.store, ACTION_HOLD, tag);
    if (after > 0)
        g_free(told_ask("UPDATE ticket SET due = %" G_GINT64_FORMAT
                        " WHERE id = '%s'",
                        PAPER_NOW + after, case_id));
    return case_id;
}

static void set_up(void)
{
    told_desk_set_up();
    told_verify("bib", TOLD_BOARD, PAPER_NOW - DAY);
    told_verify("bib", TOLD_CHAIR, PAPER_NOW - DAY);
    g_free(told_ask("DELETE FROM message"));
}

static void wants(const char *text, const char *words)
{
    if (!strstr(text, words))
        g_error("no \"%s\" in:\n%s", words, text);
}

static void test_urgent_at_once(void)
{
    set_up();
    g_autofree char *case_id = draft_due(DAY);
    /* The digest of the day is due at this hour, too: it takes the draft. */
    g_assert_cmpuint(told_run(PAPER_NOW), ==, 2);
    g_autofree char *second = draft_due(DAY);
    g_assert_cmpuint(told_run(PAPER_NOW + 60), ==, 2);
    g_assert_cmpuint(told_run(PAPER_NOW + 120), ==, 0);
    g_autofree char *text = told_text(TOLD_CHAIR);
    g_autofree char *letter = told_ask(
        "SELECT body FROM letter JOIN ticket ON ticket.number = letter.ticket "
        "WHERE ticket.id = '%s'",
        second);
    wants(text, letter);
    wants(text, second);
    wants(text, "noc@shop.example, in the name of Stadtbibliothek");
    wants(text, "Do nothing: it will NOT be sent. We ask again tomorrow.");
    wants(text, "+49 30 555 0199");
    g_autofree char *head = told_ask(
        "SELECT lower(hex(hash)) FROM record WHERE sequence = (SELECT "
        "min(sequence) - 1 FROM record WHERE what LIKE 'Message to %%' AND at "
        "= %" G_GINT64_FORMAT ")",
        PAPER_NOW + 60);
    g_assert_cmpuint(strlen(head), ==, 64);
    g_autofree char *first = told_text(TOLD_BOARD);
    wants(first, head);
    told_desk_tear_down();
}

static void test_digest_once_a_day(void)
{
    set_up();
    g_assert_cmpuint(told_run(PAPER_NOW), ==, 0); /* nothing: the day is done */
    g_autofree char *one = draft_due(0), *two = draft_due(0);
    g_assert_cmpuint(told_run(PAPER_NOW + 60), ==, 0);
    /* Monday 07:59 and 08:00 in Berlin */
    Instant eight = PAPER_NOW + 16 * HOUR - 2 * 60;
    g_assert_cmpuint(told_run(eight - 60), ==, 0);
    g_assert_cmpuint(told_run(eight), ==, 2);
    g_assert_cmpuint(told_run(eight + HOUR), ==, 0);
    g_autofree char *text = told_text(TOLD_BOARD);
    wants(text, one);
    wants(text, two);
    told_desk_tear_down();
}

/* What runs out is told in the words in which the member said it. */
static void test_statement(void)
{
    MemberStatement statement = {.name = (char *)"no-logs",
                                 .text = (char *)"We write down nothing",
                                 .until = PAPER_NOW + 14 * DAY - HOUR};
    set_up();
    g_ptr_array_add(told_desk.member->statements, &statement);
    g_assert_cmpuint(told_run(PAPER_NOW), ==, 2);
    g_autofree char *text = told_text(TOLD_BOARD);
    wants(text, "We write down nothing\xe2\x80\x9d holds only until ");
    g_assert_cmpuint(told_run(PAPER_NOW + DAY), ==,
                     0); /* until the next mark */
    told_desk_tear_down();
}

static void test_silence_never_sends(void)
{
    set_up();
    g_autofree char *case_id = draft_due(DAY);
    for (Instant at = PAPER_NOW; at < PAPER_NOW + 40 * DAY; at += HOUR)
        told_run(at);
    told_expect("SELECT count(*) FROM outbox", "0");
    told_expect("SELECT state FROM draft", "waiting");
    told_expect("SELECT group_concat(times) FROM told_draft", "6,6");
    told_expect("SELECT count(*) FROM message", "12");
    told_expect("SELECT count(*) FROM told_draft WHERE next_at IS NULL", "2");
    /* The days: 0, 1, 3, 10, 17, 24 after the first. */
    g_autofree char *days = told_ask(
        "SELECT group_concat((queued + 7200) / 86400 - %" G_GINT64_FORMAT
        ") FROM message WHERE recipient = '" TOLD_BOARD "'",
        (PAPER_NOW + 7200) / DAY);
    g_assert_cmpstr(days, ==, "0,1,3,10,17,24");
    told_desk_tear_down();
}

static void test_who_is_told(void)
{
    told_desk_set_up();
    g_autofree char *case_id = draft_due(DAY);
    g_assert_cmpuint(told_run(PAPER_NOW), ==, 0); /* nobody is verified */
    told_verify("bib", TOLD_BOARD, PAPER_NOW);
    told_verify("club", TOLD_CHAIR, PAPER_NOW); /* for another member */
    g_assert_cmpuint(told_run(PAPER_NOW + 60), ==, 1);
    g_free(told_ask("UPDATE message SET state = 'failed' WHERE recipient = "
                    "'" TOLD_BOARD "' AND queued > %" G_GINT64_FORMAT,
                    PAPER_NOW));
    g_assert_cmpuint(told_run(PAPER_NOW + 2 * DAY), ==, 0); /* it came back */
    told_verify("bib", TOLD_BOARD, PAPER_NOW + 2 * DAY + 60);
    g_assert_cmpuint(told_run(PAPER_NOW + 2 * DAY + 120), ==, 1);
    told_desk.settings->desk.mode = MODE_OBSERVE;
    g_assert_cmpuint(told_run(PAPER_NOW + 4 * DAY), ==, 0);
    told_desk_tear_down();
}

static void test_other_sees_it_in_the_digest(void)
{
    set_up();
    g_autoptr(GError) error = NULL;
    g_autofree char *case_id = draft_due(DAY);
    told_run(PAPER_NOW);
    store_approve_draft(told_desk.store, case_id, TOLD_BOARD, NULL,
                        PAPER_NOW + HOUR, PAPER_NOW + 2 * HOUR, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(told_run(PAPER_NOW + 16 * HOUR), ==, 2);
    g_autofree char *text = told_text(TOLD_CHAIR);
    wants(text, TOLD_BOARD " said yes");
    g_assert_null(strstr(text, "Do nothing"));
    told_desk_tear_down();
}

/* A complaint by another member's people, and relays that are related to
 * another's. */
static void test_tells_of_no_other(void)
{
    set_up();
    g_autoptr(GError) error = NULL;
    g_autofree char *case_id = draft_due(DAY);
    g_free(told_ask("UPDATE ticket SET reporter = '" TOLD_OTHER "'"));
    g_autoptr(GPtrArray) look = g_ptr_array_new();
    g_autoptr(GPtrArray) notices = g_ptr_array_new();
    Notice other = {.kind = NOTICE_ADDRESS_SHARED,
                    .what = (char *)"There is also one of " TOLD_OTHER "."};
    Notice own = {.kind = NOTICE_RELAY_GONE,
                  .what = (char *)"No consensus lists it."};
    g_ptr_array_add(notices, &other);
    g_ptr_array_add(notices, &own);
    store_notice(told_desk.store, "bib", look, notices, PAPER_NOW, PAPER_NOW,
                 &error);
    g_assert_no_error(error);
    g_assert_cmpuint(told_run(PAPER_NOW), ==, 2);
    g_autofree char *text = told_text(TOLD_BOARD);
    wants(text, case_id);
    wants(text, "the public lists do not name it any more (No consensus lists "
                "it.)");
    g_assert_null(strstr(text, "club"));
    told_desk_tear_down();
}

static void test_limit(void)
{
    set_up();
    told_desk.settings->notices.per_day = 3;
    for (int i = 0; i < 9; i++) {
        g_autofree char *case_id = draft_due(DAY);
        told_run(PAPER_NOW + i * 60);
    }
    told_expect("SELECT max(n) FROM (SELECT count(*) AS n FROM message "
                "GROUP BY recipient)",
                "3");
    told_desk_tear_down();
}

/* 2026-10-25 has 25 hours in Berlin, 2026-03-29 has 23 and no 02:30. */
static void test_days_of_odd_length(void)
{
    static const struct {
        const char *from;
        guint days;
    } SPANS[] = {{"2026-10-23T00:00:00Z", 5}, {"2027-03-26T00:00:00Z", 5}};
    for (guint i = 0; i < G_N_ELEMENTS(SPANS); i++) {
        Instant from;
        g_assert_true(instant_parse(SPANS[i].from, &from));
        told_desk_set_up();
        told_desk.member->notice_hour = 2;
        told_verify("bib", TOLD_BOARD, from);
        g_free(told_ask("DELETE FROM message"));
        /* Something new each day. */
        for (Instant at = from; at < from + SPANS[i].days * DAY;
             at += HOUR / 2) {
            if ((at - from) % DAY == 0)
                g_free(draft_due(0));
            told_run(at);
        }
        told_expect("SELECT count(*) FROM message", "5");
        told_desk_tear_down();
    }
}

static void test_sealed_subject(void)
{
    set_up();
    g_ptr_array_add(told_desk.member->pgp_keys,
                    g_strdup("0123456789ABCDEF0123456789ABCDEF01234567"));
    g_autofree char *case_id = draft_due(DAY);
    told_run(PAPER_NOW);
    told_expect("SELECT count(*) FROM message WHERE readers = 'bib' AND "
                "instr(CAST(bytes AS TEXT), 'Subject: Onion Umbrella') > 0",
                "2");
    told_desk_tear_down();
}

/* ---- the words ------------------------------------------------------------- */

static char *places_of(const char *text)
{
    GString *out = g_string_new(NULL);
    static const char *const NAMES[] = {
        "address", "by",       "case",    "category", "count",  "day",  "delay",
        "desk",    "due",      "entries", "member",   "moment", "name", "no",
        "phone",   "reporter", "seal",    "subject",  "times",  "to",   "yes",
        "id",      "version",  "until",   "token",    "kind",   "cause"};
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *place = g_strdup_printf("{%s}", NAMES[i]);
        if (strstr(text, place))
            g_string_append(out, place);
    }
    return g_string_free(out, FALSE);
}

/* Every kind of notice and every cause of a step back has its sentence. */
static void test_sentences(void)
{
    const char *const directories[] = {TEMPLATES, NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(Phrases) phrases = phrases_load(directories, "en", &error);
    g_assert_no_error(error);
    for (guint i = 0; i < NOTICE_KINDS; i++) {
        g_autofree char *key =
            g_strdup_printf("relay.%s", notice_kind_word((NoticeKind)i));
        wants(phrases_get(phrases, key) ? key : "", key);
    }
    for (guint i = 0; i < TRUST_TRIGGERS; i++) {
        const char *words;
        g_autofree char *key =
            g_strdup_printf("cause.%s", trust_trigger_text(i, &words));
        wants(phrases_get(phrases, key) ? key : "", key);
    }
}

static void test_languages(void)
{
    static const char *const LANGUAGES[] = {"de", "fr", "nl", "es", "it",
                                            "pl", "cs", "pt", "sv"};
    const char *const directories[] = {TEMPLATES, NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(Phrases) english = phrases_load(directories, "en", &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) keys = phrases_keys(english);
    g_assert_cmpuint(keys->len, >, 40);
    for (guint l = 0; l < G_N_ELEMENTS(LANGUAGES); l++) {
        g_autoptr(Phrases) other =
            phrases_load(directories, LANGUAGES[l], &error);
        g_assert_no_error(error);
        g_autoptr(GPtrArray) others = phrases_keys(other);
        g_assert_cmpuint(others->len, ==, keys->len);
        g_assert_cmpint(answer_word(phrases_get(other, "yes")), ==, ANSWER_YES);
        g_assert_cmpint(answer_word(phrases_get(other, "no")), ==, ANSWER_NO);
        guint same = 0;
        for (guint i = 0; i < keys->len; i++) {
            const char *key = keys->pdata[i];
            g_autofree char *here = places_of(phrases_get(english, key));
            g_autofree char *there = places_of(phrases_get(other, key));
            if (!g_str_equal(here, there))
                g_error("%s [%s]: %s is not %s", LANGUAGES[l], key, there,
                        here);
            same +=
                g_str_equal(phrases_get(english, key), phrases_get(other, key));
        }
        g_assert_cmpuint(same, <=, 4);
    }
}

/* ---- questions and steps ------------------------------------------------- */

#define KIND "connection/port_scan"

static const struct {
    const char *language, *reads, *agree, *step, *back, *cause;
} STEPS[] = {
    {"en", "Do you read", "To agree, send", "May these letters",
     "wait for a person again", "a letter in your name did not arrive"},
    {"de", "Lesen Sie diese", "Zum Zustimmen senden", "Dürfen diese Briefe",
     "wieder auf einen", "ein Brief in Ihrem Namen kam nicht an"},
    {"fr", "Lisez-vous", "Pour donner votre accord", "Ces lettres peuvent",
     "de nouveau", "une lettre en votre nom"},
    {"nl", "Leest u dit", "Om in te stemmen", "Mogen deze brieven",
     "weer op een mens", "kwam niet aan"},
    {"es", "¿Lee usted", "Para aceptar", "¿Pueden salir", "vuelven a esperar",
     "no llegó"},
    {"it", "Qualcuno legge", "Per accettare", "Queste lettere",
     "di nuovo una persona", "non è arrivata"},
    {"pl", "Czy ktoś czyta", "Aby wyrazić zgodę", "Czy te listy",
     "znów czekają", "nie dotarł"},
    {"cs", "Čte někdo", "Pro souhlas", "Smějí tyto dopisy", "opět čekají",
     "nedošel"},
    {"pt", "Lê este", "Para concordar", "Podem estas cartas", "esperam de novo",
     "não chegou"},
    {"sv", "Läser du", "För att godkänna", "Får dessa brev", "väntar åter",
     "kom inte fram"},
};

/* The newest message to the board, in one line; nothing left to fill in. */
static char *newest(const char *subject)
{
    g_autofree char *text = told_text(TOLD_BOARD);
    g_autofree char *bytes =
        told_ask("SELECT CAST(bytes AS TEXT) FROM message WHERE recipient = "
                 "'" TOLD_BOARD "' ORDER BY number DESC LIMIT 1");
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) raw = g_bytes_new(bytes, strlen(bytes));
    g_autoptr(Mail) mail = mail_parse(raw, &error);
    g_assert_no_error(error);
    wants(mail->subject, subject);
    g_assert_null(strchr(text, '{'));
    wants(text, "Stadtbibliothek");
    return g_strdelimit(g_steal_pointer(&text), "\n", ' ');
}

static void test_step(guint i)
{
    set_up();
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) key = g_bytes_new_static("key", 3);
    const Inviter inviter = {.store = told_desk.store,
                             .settings = told_desk.settings,
                             .loop_key = key,
                             .by = "anna",
                             .now = PAPER_NOW};
    g_free(told_desk.member->language);
    told_desk.member->language = g_strdup(STEPS[i].language);
    g_autofree char *said = NULL;
    verifying_ask(told_desk.store, told_desk.settings, key, "bib", TOLD_BOARD,
                  "anna", PAPER_NOW, &said, &error);
    g_assert_no_error(error);
    g_free(newest(STEPS[i].reads));
    inviting_ask_step(&inviter, told_desk.member, TOLD_BOARD, KIND, &error);
    g_assert_no_error(error);
    g_autofree char *asked = newest(STEPS[i].step);
    wants(asked, STEPS[i].agree);
    wants(asked, "(" KIND ")");
    store_trust_set(told_desk.store, "bib",
                    &(TrustLevel){.category = (char *)KIND,
                                  .level = AUTOMATION_AUTO,
                                  .by = (char *)"anna",
                                  .why = (char *)"all holds"},
                    PAPER_NOW + i, &error);
    store_trust_step_back(told_desk.store, "bib", KIND, TRUST_LETTER_BOUNCED,
                          PAPER_NOW + i, &error);
    g_assert_no_error(error);
    g_assert_true(inviting_tell(told_desk.store, told_desk.settings, key,
                                PAPER_NOW + i, &error));
    g_autofree char *told = newest(STEPS[i].back);
    wants(told, STEPS[i].cause);
    wants(told, "(" KIND ")");
    told_desk_tear_down();
}

static void test_steps(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(STEPS); i++)
        test_step(i);
}

/* The words to agree to are in two languages; what stands around them is in
 * that of the words. */
static void test_invitation(void)
{
    static const struct {
        const char *language, *subject, *agree;
    } CASES[] = {{"de", "Dürfen wir", "Zum Zustimmen"},
                 {"fr", "May we", "To agree, send"}};
    set_up();
    g_autoptr(GBytes) key = g_bytes_new_static("key", 3);
    const Inviter inviter = {.store = told_desk.store,
                             .settings = told_desk.settings,
                             .loop_key = key,
                             .by = "anna",
                             .now = PAPER_NOW};
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = NULL;
        inviting_ask(&inviter, "bib", TOLD_BOARD, CASES[i].language, &text,
                     &error);
        g_assert_no_error(error);
        g_autofree char *asked = newest(CASES[i].subject);
        wants(asked, CASES[i].agree);
    }
    told_desk_tear_down();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/telling/urgent", test_urgent_at_once);
    g_test_add_func("/telling/digest", test_digest_once_a_day);
    g_test_add_func("/telling/statement", test_statement);
    g_test_add_func("/telling/silence", test_silence_never_sends);
    g_test_add_func("/telling/who", test_who_is_told);
    g_test_add_func("/telling/other", test_other_sees_it_in_the_digest);
    g_test_add_func("/telling/no-other", test_tells_of_no_other);
    g_test_add_func("/telling/limit", test_limit);
    g_test_add_func("/telling/odd-days", test_days_of_odd_length);
    g_test_add_func("/telling/sealed", test_sealed_subject);
    g_test_add_func("/telling/sentences", test_sentences);
    g_test_add_func("/telling/languages", test_languages);
    g_test_add_func("/telling/steps", test_steps);
    g_test_add_func("/telling/invitation", test_invitation);
    return g_test_run();
}
