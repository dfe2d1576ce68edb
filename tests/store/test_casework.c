/*
 * What staff do with a case: casework.table, and what it cannot say.
 */
#include "base/errors.h"
#include "store/alerts.h"
#include "store/database.h"
#include "store/digests.h"
#include "store/drafts.h"
#include "store/outbox.h"
#include "store/versions.h"

#include "casepaper.h"

#include <string.h>

#define FORM "https://abuse.hoster.example/"

/* ---- the table --------------------------------------------------------- */

static OutboxRow *row_of(const char *case_id)
{
    g_autoptr(GPtrArray) rows = store_outbox(case_store, NULL, NULL);
    for (guint i = 0; i < rows->len; i++) {
        OutboxRow *row = rows->pdata[i];
        if (g_str_equal(row->case_id, case_id)) {
            rows->pdata[i] = g_new0(OutboxRow, 1);
            return row;
        }
    }
    g_error("%s has no letter on its way", case_id);
}

static bool move_letter(const char *id, const char *what, GError **error)
{
    OutboxRow *row = row_of(id);
    SentOutcome outcome = g_str_equal(what, "held") ? SENT_HELD : SENT_OK;
    bool ok = g_str_equal(what, "sending")
                  ? store_outbox_begin(case_store, row->id, CASE_NOON, error)
                  : store_outbox_done(case_store, row->id, outcome, "250 ok",
                                      CASE_NOON, CASE_NOON, error);
    outbox_row_free(row);
    return ok;
}

static bool assign(const char *id, const char *words, const CaseHand *hand,
                   GError **error)
{
    g_auto(GStrv) names = g_strsplit(words, " from ", 2);
    const char *to = g_str_equal(names[0], "nobody") ? NULL : names[0];
    return store_case_assign(case_store, id, to, names[1], hand, error);
}

static bool do_step(const char *id, const char *step, const char *by,
                    GError **error)
{
    CaseHand hand = case_hand(by, "it is so");
    guint stopped = 0;
    bool has_text;
    if (g_str_has_suffix(step, " unsaid"))
        hand.why = NULL;
    if (g_str_equal(step, "stop"))
        return store_stop_draft(case_store, id, by, NULL, CASE_NOON, error);
    if (g_str_equal(step, "alert"))
        return true; /* it came with the case */
    if (g_str_equal(step, "taken")) {
        uint32_t count;
        return store_alert_take(case_store, id, by, "desk", NULL, CASE_NOON,
                                &count, error);
    }
    if (g_str_equal(step, "news")) {
        g_free(case_file_news(id));
        return true;
    }
    if (g_str_has_prefix(step, "close"))
        return store_case_close(case_store, id, &hand, &stopped, error);
    if (g_str_equal(step, "reopen"))
        return store_case_reopen(case_store, id, &hand, error);
    if (g_str_has_prefix(step, "enter"))
        return store_case_entered(case_store, id, &hand, &has_text, error);
    if (g_str_equal(step, "note"))
        return store_case_note(case_store, id, "see the paper file", &hand,
                               error);
    if (g_str_has_prefix(step, "assign "))
        return assign(id, step + strlen("assign "), &hand, error);
    return move_letter(id, step, error);
}

static char *start_case(const char *word, const char *steps)
{
    CaseStart start = {.action = ACTION_HOLD};
    if (g_str_equal(word, "send"))
        start.action = ACTION_SEND;
    else if (g_str_equal(word, "escalate"))
        start.action = ACTION_ESCALATE;
    else if (g_str_equal(word, "file"))
        start.action = ACTION_FILE;
    else if (g_str_equal(word, "form"))
        start.form = FORM;
    else
        g_assert_cmpstr(word, ==, "hold");
    if (strstr(steps, "alert"))
        start.alert = "court";
    return case_file_start(&start);
}

static const char *answer_word(const GError *error)
{
    if (!error)
        return "ok";
    g_assert_true(error->domain == DESK_ERROR);
    switch ((DeskErrorCode)error->code) {
    case DESK_ERROR_CONFLICT:
        return "conflict";
    case DESK_ERROR_INVALID:
        return "invalid";
    default:
        return "another error";
    }
}

/* A no changes nothing: not the case, not the record. */
static void check_row(const char *line)
{
    g_auto(GStrv) sides = g_strsplit(line, " ==> ", 2);
    g_auto(GStrv) left = g_strsplit(sides[0], ": ", 2);
    g_auto(GStrv) right = g_strsplit(sides[1], " | ", 2);
    g_auto(GStrv) steps = g_strsplit(left[1], ", ", -1);
    guint count = g_strv_length(steps);
    g_autofree char *id = start_case(left[0], left[1]);
    g_test_message("%s", line);
    for (guint i = 0; i + 1 < count; i++) {
        g_autoptr(GError) error = NULL;
        do_step(id, steps[i], "anna", &error);
        g_assert_no_error(error);
    }
    g_autoptr(Case) before = case_look(id);
    g_autoptr(GError) error = NULL;
    bool ok = do_step(id, steps[count - 1], "bert", &error);
    g_assert_cmpint(ok, ==, error == NULL);
    const char *word = answer_word(error);
    g_assert_true(g_str_has_prefix(right[0], word));
    if (error && !strstr(error->message, right[0] + strlen(word) + 1))
        g_error("%s: \"%s\"", line, error->message);
    case_expect_state(id, right[1]);
    g_autoptr(Case) after = case_look(id);
    g_assert_cmpint(after->record->len > before->record->len, ==, ok);
}

static void test_table(void)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    g_file_get_contents(TEST_DIR "/casework.table", &text, NULL, &error);
    g_assert_no_error(error);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint count = 0;
    for (guint i = 0; lines[i]; i++) {
        if (!*lines[i] || *lines[i] == '#')
            continue;
        check_row(lines[i]);
        count++;
    }
    g_assert_cmpuint(count, >=, 40);
}

/* ---- words ------------------------------------------------------------- */

static void test_words(void)
{
    static const struct {
        const char *by, *text, *why;
    } BAD[] = {
        {"", "x", "the name (--by) is empty"},
        {"anna\nbert", "x", "the name (--by) holds control characters"},
        {"anna", " \n ", "the note is empty"},
        {"anna", "a\033[2Jb", "the note holds control characters"},
        {"anna", "\xff", "the note is not valid UTF-8"},
    };
    g_autofree char *id = case_file_start(&(CaseStart){.action = ACTION_HOLD});
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_autoptr(GError) error = NULL;
        CaseHand hand = case_hand(BAD[i].by, NULL);
        g_assert_false(
            store_case_note(case_store, id, BAD[i].text, &hand, &error));
        g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
        g_assert_cmpstr(error->message, ==, BAD[i].why);
    }
    g_autofree char *longest = g_strnfill(CASE_NOTE_MAX, 'x');
    g_autofree char *longer = g_strnfill(CASE_NOTE_MAX + 1, 'x');
    CaseHand hand = case_hand("Anna Beispiel", NULL);
    g_assert_true(store_case_note(case_store, id, longest, &hand, NULL));
    g_assert_false(store_case_note(case_store, id, longer, &hand, NULL));
    g_assert_true(store_case_note(case_store, id, "two\nlines", &hand, NULL));
    g_assert_cmpuint(case_count_entries(
                         id, "note", "Anna Beispiel (login desk): two\nlines"),
                     ==, 1);
    g_autoptr(GError) error = NULL;
    g_assert_false(
        store_case_note(case_store, "UA-1999-00001-A", "x", &hand, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
}

/* The same words twice are one note; another person's are another. */
static void test_note_once(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = case_file_start(&(CaseStart){.action = ACTION_HOLD});
    CaseHand anna = case_hand("anna", NULL), bert = case_hand("bert", NULL);
    g_assert_true(store_case_note(case_store, id, "phoned", &anna, &error));
    g_assert_false(store_case_note(case_store, id, "phoned", &anna, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_assert_nonnull(strstr(error->message, "by anna at 2026-05-03T15:02"));
    g_assert_true(store_case_note(case_store, id, "phoned", &bert, NULL));
    g_assert_cmpuint(case_count_entries(id, "note", "phoned"), ==, 2);
}

/* Who and why stand in the record, with the login where it is another. */
static void test_record(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = case_file_start(&(CaseStart){.action = ACTION_HOLD});
    CaseHand hand = case_hand("Anna Beispiel", "a test mail of ours");
    guint stopped;
    g_assert_true(store_case_close(case_store, id, &hand, &stopped, &error));
    g_assert_cmpuint(stopped, ==, 1);
    g_assert_cmpuint(case_count_entries(id, "decided",
                                        "Closed, its letter stopped, by Anna "
                                        "Beispiel (login desk): a test mail of "
                                        "ours"),
                     ==, 1);
    g_autoptr(Draft) draft = store_draft(case_store, id, &error);
    g_assert_cmpstr(draft->decided_by, ==, "Anna Beispiel");
}

static guint count_assigned(const char *name)
{
    CaseFilter filter = {.assigned = name};
    g_autoptr(GPtrArray) rows = store_cases(case_store, &filter, NULL);
    return rows->len;
}

static void test_assigned_lists(void)
{
    g_autofree char *id = case_file_start(&(CaseStart){.action = ACTION_HOLD});
    CaseHand hand = case_hand("anna", NULL);
    g_assert_true(store_case_assign(case_store, id, "Dora", NULL, &hand, NULL));
    g_assert_cmpuint(count_assigned("dora"), ==, 1);
    g_assert_cmpuint(count_assigned("dor"), ==, 0);
    g_autoptr(Case) found = case_look(id);
    g_assert_cmpstr(found->row->assigned, ==, "Dora");
}

/* ---- forms ------------------------------------------------------------- */

static void test_form(void)
{
    CaseStart start = {.action = ACTION_HOLD, .form = FORM, .due = CASE_NOON};
    g_autofree char *in_time = case_file_start(&start);
    start.due = CASE_NOON - 1;
    g_autofree char *late = case_file_start(&start);
    g_autoptr(Case) before = case_look(in_time);
    g_assert_cmpstr(before->row->form, ==, FORM);
    g_assert_cmpint(before->row->due, ==, CASE_NOON);
    CaseHand hand = case_hand("anna", "ticket 4711");
    bool has_text;
    g_assert_true(
        store_case_entered(case_store, in_time, &hand, &has_text, NULL));
    g_assert_true(has_text);
    g_assert_true(store_case_entered(case_store, late, &hand, &has_text, NULL));
    g_assert_cmpuint(case_count_entries(in_time, "sent", FORM ", in time (due"),
                     ==, 1);
    g_assert_cmpuint(case_count_entries(late, "sent", FORM ", late (due"), ==,
                     1);
    g_autoptr(Case) after = case_look(in_time);
    g_assert_null(after->row->form);
    g_autoptr(Draft) draft = store_draft(case_store, in_time, NULL);
    g_assert_cmpstr(draft->state, ==, "sent");
    g_assert_cmpstr(draft->decided_by, ==, "anna");
}

/* ---- digests ----------------------------------------------------------- */

static void add_row(const char *format, ...) G_GNUC_PRINTF(1, 2);
static void add_row(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *sql = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_assert_cmpint(sqlite3_exec(case_store->database, sql, NULL, NULL, NULL),
                    ==, SQLITE_OK);
}

static bool close_it(const char *id, GError **error)
{
    CaseHand hand = case_hand("anna", "ours");
    guint stopped;
    return store_case_close(case_store, id, &hand, &stopped, error);
}

static bool write_it(const char *id, guint seen, const char *tag,
                     GError **error)
{
    g_autofree char *message_id = g_strdup_printf("<%s@desk.example>", tag);
    g_autoptr(GBytes) bytes = g_bytes_new_static("words", 5);
    Reply reply = {.bytes = bytes,
                   .text = (char *)"words",
                   .subject = (char *)"about it",
                   .envelope_from = (char *)"bounce@desk.example",
                   .to = (char *)"noc@shop.example",
                   .message_id = message_id,
                   .token = (char *)tag,
                   .template_id = (char *)"own-words",
                   .template_version = (char *)"1"};
    const NewVersion order = {.case_id = id,
                              .seen = seen,
                              .reply = &reply,
                              .by = "anna",
                              .login = "desk",
                              .change = "text"};
    guint version;
    return store_put_version(case_store, &order, CASE_NOON, &version, error);
}

/* A letter that answers others, too, is stopped for all or for none; a case
 * that only waits for one is taken out. */
static void test_digest(void)
{
    g_autoptr(GError) error = NULL;
    CaseStart start = {.action = ACTION_HOLD,
                       .template_id = "XX/reporters-digest.en"};
    g_autofree char *first = case_file_start(&start);
    g_autofree char *other =
        case_file_start(&(CaseStart){.action = ACTION_ESCALATE});
    g_autofree char *waits =
        case_file_start(&(CaseStart){.action = ACTION_ESCALATE});
    add_row("INSERT INTO digest_case (first, ticket) SELECT f.number, "
            "t.number FROM ticket AS f, ticket AS t WHERE f.id = '%s' "
            "AND t.id IN ('%s', '%s')",
            first, first, other);
    add_row("INSERT INTO digest_waiting (ticket, profile, member, since) "
            "SELECT number, 'isp', 'bib', 0 FROM ticket WHERE id = '%s'",
            waits);
    const char *const TOGETHER[] = {first, other};
    for (guint i = 0; i < G_N_ELEMENTS(TOGETHER); i++) {
        g_assert_false(close_it(TOGETHER[i], &error));
        g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
        g_assert_nonnull(strstr(error->message, "draft stop"));
        g_assert_nonnull(strstr(error->message, first));
        g_clear_error(&error);
        /* nor changed for one, nor is one answered beside it */
        g_assert_false(write_it(TOGETHER[i], i == 0, "beside", &error));
        g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
        g_assert_nonnull(strstr(error->message, first));
        g_clear_error(&error);
    }
    case_expect_state(first, "drafted waiting");
    g_assert_true(close_it(waits, &error));
    g_autoptr(DigestGroup) group = NULL;
    g_assert_true(store_digest_of_case(case_store, waits, &group, &error));
    g_assert_null(group);
    g_assert_true(
        store_stop_draft(case_store, first, "anna", NULL, CASE_NOON, &error));
    g_assert_true(write_it(other, 0, "itself", &error)); /* now it is free */
    g_assert_true(close_it(first, &error));
    g_assert_true(close_it(other, &error));
}

/* Who stops the letter that he wrote is not answered for by the digest. */
static void test_written_waits_no_more(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id =
        case_file_start(&(CaseStart){.action = ACTION_ESCALATE});
    add_row("INSERT INTO digest_waiting (ticket, profile, member, since) "
            "SELECT number, 'isp', 'bib', 0 FROM ticket WHERE id = '%s'",
            id);
    g_assert_true(write_it(id, 0, "written", &error));
    g_assert_true(
        store_stop_draft(case_store, id, "anna", NULL, CASE_NOON, &error));
    case_expect_state(id, "triage stopped");
    g_autoptr(DigestGroup) group = NULL;
    g_assert_true(store_digest_of_case(case_store, id, &group, &error));
    g_assert_null(group);
    g_assert_cmpuint(
        case_count_entries(id, "decided", "Waits for no digest any more"), ==,
        1);
}

/* A joined case stays closed; a letter for it would move the other. */
static void test_joined_has_no_letter(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *one =
        case_file_start(&(CaseStart){.action = ACTION_ESCALATE});
    g_autofree char *into =
        case_file_start(&(CaseStart){.action = ACTION_FILE});
    CaseHand hand = case_hand("anna", NULL);
    guint stopped;
    g_assert_true(
        store_case_join(case_store, one, into, &hand, &stopped, &error));
    g_assert_false(write_it(one, 0, "joined", &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_assert_nonnull(strstr(error->message, into));
    case_expect_state(one, "closed -");
    g_autoptr(Case) other = case_look(into);
    g_assert_cmpstr(other->row->state, ==, "filed");
}

/* What came while its letter was on its way is not filed away unread. */
static void test_news_beside_a_letter(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = case_file_start(&(CaseStart){.action = ACTION_SEND});
    g_autofree char *mail = case_file_news(id);
    g_autoptr(GPtrArray) rows = store_outbox(case_store, "waiting", &error);
    const OutboxRow *row = rows->pdata[rows->len - 1];
    g_assert_cmpstr(row->case_id, ==, id);
    g_assert_true(store_outbox_begin(case_store, row->id, CASE_NOON, &error) &&
                  store_outbox_dot(case_store, row->id, &error) &&
                  store_outbox_done(case_store, row->id, SENT_OK, "250 ok",
                                    CASE_NOON, CASE_NOON, &error));
    case_expect_state(id, "triage sent");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *directory = paper_directory();
    case_store = store_open(directory, STORE_WRITE, NULL);
    g_test_add_func("/store/casework/table", test_table);
    g_test_add_func("/store/casework/words", test_words);
    g_test_add_func("/store/casework/note-once", test_note_once);
    g_test_add_func("/store/casework/record", test_record);
    g_test_add_func("/store/casework/assigned", test_assigned_lists);
    g_test_add_func("/store/casework/form", test_form);
    g_test_add_func("/store/casework/digest", test_digest);
    g_test_add_func("/store/casework/written-waits-no-more",
                    test_written_waits_no_more);
    g_test_add_func("/store/casework/joined-has-no-letter",
                    test_joined_has_no_letter);
    g_test_add_func("/store/casework/news-beside-a-letter",
                    test_news_beside_a_letter);
    int status = g_test_run();
    g_autoptr(GError) error = NULL;
    g_assert_true(store_verify_record(case_store, &error));
    store_close(case_store);
    paper_remove(directory);
    return status;
}
