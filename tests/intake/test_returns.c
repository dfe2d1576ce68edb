/*
 * What comes back for letters, through the whole pipeline into a store: the
 * table's mails, and those that must not be believed. Nothing of it ever makes
 * a case or a letter. What people write there: test_answering.c.
 */
#include "base/files.h"
#include "intake/intake.h"
#include "reply/token.h"
#include "store/database.h"
#include "store/outbox.h"

#include "../store/paper.h"
#include "handing.h"

#include <string.h>

#define BOUNCE "bounce@umbrella.example"
#define DESK   "abuse@umbrella.example"
#define SENT   (PAPER_NOW + 3600)
#define NOW    (PAPER_NOW + 7200)

static Settings *settings;
static Store *store;
static Desk desk;
static GBytes *key;

/* ---- the store -------------------------------------------------------- */

/* The first column of the first row as text; "" if there is none. */
static char *ask(const char *format, ...) G_GNUC_PRINTF(1, 2);
static char *ask(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *sql = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    sqlite3_stmt *statement = NULL;
    g_assert_cmpint(
        sqlite3_prepare_v2(store->database, sql, -1, &statement, NULL), ==,
        SQLITE_OK);
    const char *text = sqlite3_step(statement) == SQLITE_ROW
                           ? (const char *)sqlite3_column_text(statement, 0)
                           : NULL;
    char *out = g_strdup(text ? text : "");
    sqlite3_finalize(statement);
    return out;
}

static void expect(const char *sql, const char *wanted)
{
    g_autofree char *got = ask("%s", sql);
    if (!g_str_equal(got, wanted))
        g_error("%s: \"%s\" is not \"%s\"", sql, got, wanted);
}

/* Cases, letters, letters on their way: what a mail from outside makes. */
static char *work_of_store(void)
{
    return ask("SELECT (SELECT count(*) FROM ticket) || ' cases, ' || "
               "(SELECT count(*) FROM letter) || ' letters, ' || "
               "(SELECT count(*) FROM outbox WHERE state IN ('waiting', "
               "'sending', 'retry')) || ' under way'");
}

static void forget(const char *rows)
{
    g_autofree char *sql = g_strdup_printf("DELETE FROM %s", rows);
    g_assert_cmpint(sqlite3_exec(store->database, sql, NULL, NULL, NULL), ==,
                    SQLITE_OK);
}

static void forget_suppressions(void)
{
    forget("suppression");
}

/* A letter, handed over unless it is to wait; its outbox number. */
static char *queue(const char *token, bool is_sent)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *case_id = paper_file(store, ACTION_SEND, token);
    g_autofree char *id = ask("SELECT outbox.number FROM outbox JOIN letter "
                              "ON letter.number = letter WHERE token = '%s'",
                              token);
    int64_t number = g_ascii_strtoll(id, NULL, 10);
    if (is_sent) {
        store_outbox_begin(store, number, SENT, &error);
        g_assert_no_error(error);
        store_outbox_done(store, number, SENT_OK, "250 ok", SENT, SENT, &error);
        g_assert_no_error(error);
    }
    return g_steal_pointer(&id);
}

/* ---- mails ------------------------------------------------------------ */

static char *path_of(const char *token)
{
    return token_bounce_address_new(BOUNCE, token, key);
}

static char *with_marks(const char *mail, const char *token)
{
    g_autofree char *path = path_of(token);
    g_autofree char *id = g_strdup_printf("<t.%s@umbrella.example>", token);
    GString *text = g_string_new(mail);
    g_string_replace(text, "@PATH@", path, 0);
    g_string_replace(text, "@ID@", id, 0);
    return g_string_free(text, FALSE);
}

static void deliver(const char *text, const char *from, const char *to,
                    Instant now)
{
    /* What our own server adds makes each delivery another one. */
    static guint count;
    g_autofree char *whole = g_strdup_printf(
        "Received: from x by mx.umbrella.example; id %u\n%s", count++, text);
    judgement_free(hand_over(&desk, from, to, whole, now));
}

/* ---- the table -------------------------------------------------------- */

typedef struct {
    char *name, *kind, *status, *number, *mail;
} Row;

static void row_free(void *data)
{
    Row *row = data;
    g_free(row->name);
    g_free(row->kind);
    g_free(row->status);
    g_free(row->number);
    g_free(row->mail);
    g_free(row);
}

static GPtrArray *table;

static void read_table(void)
{
    g_autoptr(GBytes) bytes =
        file_read(TEST_DIR "/returns.table", 1 << 20, NULL);
    g_autofree char *text =
        g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_auto(GStrv) pieces = g_strsplit(text, "\n==> ", -1);
    table = g_ptr_array_new_with_free_func(row_free);
    for (guint i = 1; pieces[i]; i++) {
        char *line_end = strchr(pieces[i], '\n');
        *line_end = 0;
        char *colon = strrchr(pieces[i], ':');
        g_auto(GStrv) words = g_strsplit(colon + 2, " ", -1);
        g_assert_cmpuint(g_strv_length(words), ==, 3);
        Row *row = g_new0(Row, 1);
        row->name = g_strndup(pieces[i], colon - pieces[i]);
        row->kind = g_strdup(words[0]);
        row->status = g_strdup(words[1]);
        row->number = g_strdup(words[2]);
        row->mail = g_strdup(line_end + 1);
        g_ptr_array_add(table, row);
    }
}

static const Row *row_named(const char *name)
{
    for (guint i = 0; i < table->len; i++)
        if (g_str_equal(((Row *)table->pdata[i])->name, name))
            return table->pdata[i];
    g_error("no row %s", name);
}

/* What must have followed from it. */
static void check_effects(const Row *row, const char *outbox, const char *name)
{
    g_autofree char *state =
        ask("SELECT state FROM outbox WHERE number = %s", outbox);
    bool failed = g_str_equal(row->kind, "failed");
    bool stops =
        g_str_equal(row->kind, "feedback") || (failed && row->status[0] == '5');
    bool asks_staff = failed || g_str_equal(row->kind, "feedback") ||
                      g_str_equal(row->kind, "challenge") ||
                      g_str_equal(row->kind, "unclear");
    g_assert_cmpstr(state, ==, failed ? "failed" : "sent");
    g_autofree char *silenced = ask("SELECT count(*) FROM suppression");
    if (g_str_equal(silenced, "1") != stops)
        g_error("%s: %s addresses suppressed", name, silenced);
    g_autofree char *ticket =
        ask("SELECT ticket.state FROM ticket JOIN outbox "
            "ON outbox.ticket = ticket.number WHERE outbox.number = %s",
            outbox);
    g_assert_cmpstr(ticket, ==, asks_staff ? "triage" : "answered");
    g_autofree char *number =
        ask("SELECT reference FROM reporter_reference JOIN outbox "
            "USING (ticket) WHERE outbox.number = %s",
            outbox);
    g_assert_cmpstr(number, ==,
                    g_str_equal(row->number, "-") ? "" : row->number);
}

static void test_table(void)
{
    g_assert_cmpuint(table->len, >=, 60);
    guint wrong = 0;
    for (guint i = 0; i < table->len; i++) {
        const Row *row = table->pdata[i];
        g_autofree char *token = g_strdup_printf("returned%03u", i);
        g_autofree char *outbox = queue(token, true);
        g_autofree char *before = work_of_store();
        g_autofree char *mail = with_marks(row->mail, token);
        g_autofree char *path = path_of(token);
        /* Letters that came back before count for the same address. */
        forget_suppressions();
        forget("letter_return");
        deliver(mail, "", path, NOW);
        g_autofree char *after = work_of_store();
        g_assert_cmpstr(after, ==, before);
        g_autofree char *got =
            ask("SELECT kind || ' ' || coalesce(status, '-') || ' ' || fate "
                "FROM letter_return WHERE outbox = %s",
                outbox);
        g_autofree char *want =
            g_strdup_printf("%s %s taken", row->kind, row->status);
        if (!g_str_equal(got, want)) {
            g_test_message("%s: \"%s\" is not \"%s\"", row->name, got, want);
            wrong++;
            continue;
        }
        check_effects(row, outbox, row->name);
    }
    g_assert_cmpuint(wrong, ==, 0);
}

/* ---- what is not believed --------------------------------------------- */

/* Deliver the first bounce for a letter; only a count may come of it. */
static void expect_nothing(const char *outbox, const char *token,
                           const char *from, const char *to, Instant now,
                           const char *fate)
{
    const Row *row = row_named("postfix, unknown user");
    g_autofree char *mail = with_marks(row->mail, token);
    g_autofree char *before = work_of_store();
    g_autofree char *state =
        ask("SELECT state || ' ' || (SELECT count(*) FROM record WHERE about "
            "= (SELECT id FROM ticket WHERE number = outbox.ticket)) "
            "FROM outbox WHERE number = %s",
            outbox);
    forget_suppressions();
    deliver(mail, from, to, now);
    g_autofree char *after = work_of_store();
    g_assert_cmpstr(after, ==, before);
    g_autofree char *then =
        ask("SELECT state || ' ' || (SELECT count(*) FROM record WHERE about "
            "= (SELECT id FROM ticket WHERE number = outbox.ticket)) "
            "FROM outbox WHERE number = %s",
            outbox);
    g_assert_cmpstr(then, ==, state);
    expect("SELECT count(*) FROM suppression", "0");
    expect("SELECT fate FROM letter_return ORDER BY number DESC LIMIT 1", fate);
}

static void test_not_believed(void)
{
    const char *token = "forgeries";
    g_autofree char *outbox = queue(token, true);
    g_autofree char *path = path_of(token);
    g_autofree char *other = path_of("otherletter");
    g_autofree char *changed = g_strdup(path);
    char *dot = strchr(changed, '.');
    dot[1] = dot[1] == 'a' ? 'b' : 'a';
    expect_nothing(outbox, token, "", changed, NOW, "forged");
    expect_nothing(outbox, token, "", BOUNCE, NOW, "forged");
    expect_nothing(outbox, token, "", "bounce+x@umbrella.example", NOW,
                   "forged");
    expect_nothing(outbox, token, "noc@shop.example", BOUNCE, NOW, "forged");
    expect_nothing(outbox, token, "noc@shop.example", path, NOW, "not-null");
    expect_nothing(outbox, token, "MAILER-DAEMON@shop.example", path, NOW,
                   "not-null");
    expect_nothing(outbox, token, "", other, NOW, "no-letter");
    expect_nothing(outbox, token, "", path, SENT + 31 * PAPER_DAY, "too-late");
}

static void test_not_sent_yet(void)
{
    const char *token = "waiting0";
    g_autofree char *outbox = queue(token, false);
    g_autofree char *path = path_of(token);
    expect_nothing(outbox, token, "", path, NOW, "not-sent");
}

static void test_again(void)
{
    const char *token = "replayed";
    g_autofree char *outbox = queue(token, true);
    g_autofree char *path = path_of(token);
    const Row *row = row_named("postfix, unknown user");
    g_autofree char *mail = with_marks(row->mail, token);
    deliver(mail, "", path, NOW);
    expect("SELECT fate FROM letter_return ORDER BY number DESC LIMIT 1",
           "taken");
    expect_nothing(outbox, token, "", path, NOW, "again");
    expect_nothing(outbox, token, "", path, NOW + PAPER_DAY, "again");
}

/* Some servers write local parts in capitals. */
static void test_case_of_the_path(void)
{
    const char *token = "capitals";
    g_autofree char *outbox = queue(token, true);
    g_autofree char *path = path_of(token);
    g_autofree char *upper = g_ascii_strup(path, -1);
    g_autofree char *mail =
        with_marks(row_named("postfix, unknown user")->mail, token);
    deliver(mail, "", upper, NOW);
    g_autofree char *state =
        ask("SELECT state FROM outbox WHERE number = %s", outbox);
    g_assert_cmpstr(state, ==, "failed");
}

/* A complaint to a return path: counted, no case; a letter that a person must
 * see is seen, wherever it went. */
static void test_complaint_to_the_return_path(void)
{
    static const char COMPLAINT[] =
        "From: noc@shop.example\nTo: " BOUNCE "\nSubject: Attack\n\n"
        "Your server 198.51.100.9 attacked our SSH at 2026-05-03 14:02:10 "
        "UTC. Please stop this abuse.\n";
    static const char ORDER[] =
        "From: officer@police.example\nTo: " BOUNCE "\nSubject: Court order\n\n"
        "Attached is the court order in the criminal investigation; you are "
        "hereby ordered to disclose the subscriber of 198.51.100.9. Police "
        "department, subpoena no. 1234.\n";
    g_autofree char *before = ask("SELECT count(*) FROM ticket");
    deliver(COMPLAINT, "noc@shop.example", BOUNCE, NOW);
    expect("SELECT count(*) FROM ticket", before);
    deliver(ORDER, "officer@police.example", BOUNCE, NOW);
    expect("SELECT action FROM ticket ORDER BY number DESC LIMIT 1",
           "escalate");
    g_autofree char *cases = ask("SELECT count(*) FROM ticket");
    deliver(COMPLAINT, "noc@shop.example", DESK, NOW);
    g_autofree char *more =
        g_strdup_printf("%d", (int)g_ascii_strtoll(cases, NULL, 10) + 1);
    expect("SELECT count(*) FROM ticket", more);
}

/* ---- several soft ones ------------------------------------------------ */

static void test_soft_bounces_add_up(void)
{
    const Row *row = row_named("postfix, given up after days");
    forget("letter_return");
    forget_suppressions();
    for (guint i = 1; i <= 3; i++) {
        g_autofree char *token = g_strdup_printf("softone%u", i);
        g_autofree char *outbox = queue(token, true);
        g_autofree char *mail = with_marks(row->mail, token);
        g_autofree char *path = path_of(token);
        deliver(mail, "", path, NOW);
        expect("SELECT count(*) FROM suppression", i == 3 ? "1" : "0");
    }
    g_autofree char *until = ask(
        "SELECT until - %" G_GINT64_FORMAT " FROM suppression", (gint64)NOW);
    g_assert_cmpstr(until, ==, "604800");
}

/* ---- answers to the desk's own address -------------------------------- */

static void test_answer_to_the_desk(void)
{
    const char *token = "answered";
    g_autofree char *outbox = queue(token, true);
    g_autofree char *before = work_of_store();
    g_autofree char *text =
        with_marks(row_named("receipt with a ticket number")->mail, token);
    /* Without a Message-ID it would be the table's mail by another path. */
    g_autofree char *mail =
        g_strdup_printf("Message-ID: <another@shop.example>\n%s", text);
    deliver(mail, "support@shop.example", DESK, NOW);
    g_autofree char *after = work_of_store();
    g_assert_cmpstr(after, ==, before);
    g_autofree char *number =
        ask("SELECT reference FROM reporter_reference JOIN outbox "
            "USING (ticket) WHERE outbox.number = %s",
            outbox);
    g_assert_cmpstr(number, ==, "Ticket#2026050410000123");
    /* A bounce that came there proves nothing. */
    g_autofree char *bounce =
        with_marks(row_named("postfix, unknown user")->mail, token);
    deliver(bounce, "", DESK, NOW);
    g_autofree char *state =
        ask("SELECT state FROM outbox WHERE number = %s", outbox);
    g_assert_cmpstr(state, ==, "sent");
}

/* Providers send feedback to the address of the network, from anywhere. */
static void test_feedback_to_the_desk(void)
{
    const char *token = "unwanted";
    g_autofree char *outbox = queue(token, true);
    g_autofree char *mail =
        with_marks(row_named("feedback, abuse")->mail, token);
    g_autofree char *before = work_of_store();
    forget_suppressions();
    deliver(mail, "feedback@provider.example", DESK, NOW);
    g_autofree char *after = work_of_store();
    g_assert_cmpstr(after, ==, before);
    expect("SELECT address FROM suppression", "noc@shop.example");
    expect("SELECT sum(letters) > 0 FROM letter_count "
           "WHERE scope = 'complaint'",
           "1");
}

/* ---- broken mails ----------------------------------------------------- */

/* Cut anywhere, with bytes changed: whatever is read, no work comes of it. */
static void test_broken(void)
{
    g_autoptr(GRand) draw = g_rand_new_with_seed(7);
    g_autofree char *before = work_of_store();
    for (guint i = 0; i < table->len; i++) {
        const Row *row = table->pdata[i];
        g_autofree char *mail = with_marks(row->mail, "returned000");
        size_t length = strlen(mail);
        for (guint k = 0; k < 4; k++) {
            g_autofree char *broken = g_strdup(mail);
            broken[g_rand_int_range(draw, 1, (gint32)length)] = 0;
            for (guint n = 0; n < 6 && broken[1]; n++)
                broken[g_rand_int_range(draw, 0, (gint32)strlen(broken))] =
                    (char)g_rand_int_range(draw, 1, 256);
            g_autoptr(GBytes) raw = g_bytes_new(broken, strlen(broken));
            g_autoptr(Findings) findings = reader_read(raw, NULL);
            g_assert_nonnull(findings);
        }
    }
    g_autofree char *after = work_of_store();
    g_assert_cmpstr(after, ==, before);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    report_prepare();
    incident_prepare();
    g_autofree char *directory = paper_directory();
    store = store_open(directory, STORE_WRITE, NULL);
    settings = settings_default(directory);
    settings->desk.address = g_strdup(DESK);
    g_free(settings->desk.case_prefix);
    settings->desk.case_prefix = g_strdup("UA");
    settings->send.bounce = g_strdup(BOUNCE);
    key = g_bytes_new_static("secret", 6);
    desk = (Desk){.settings = settings, .store = store, .loop_key = key};
    read_table();
    g_test_add_func("/returns/table", test_table);
    g_test_add_func("/returns/not-believed", test_not_believed);
    g_test_add_func("/returns/not-sent-yet", test_not_sent_yet);
    g_test_add_func("/returns/again", test_again);
    g_test_add_func("/returns/capitals", test_case_of_the_path);
    g_test_add_func("/returns/complaint", test_complaint_to_the_return_path);
    g_test_add_func("/returns/soft", test_soft_bounces_add_up);
    g_test_add_func("/returns/answer-to-desk", test_answer_to_the_desk);
    g_test_add_func("/returns/feedback-to-desk", test_feedback_to_the_desk);
    g_test_add_func("/returns/broken", test_broken);
    int status = g_test_run();
    store_close(store);
    settings_free(settings);
    g_ptr_array_unref(table);
    g_bytes_unref(key);
    paper_remove(directory);
    return status;
}
