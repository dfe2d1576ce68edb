/* The life of a remedy: each step from the state before it alone, each on the
 * record, one letter at most. */
#include "base/errors.h"
#include "store/cases.h"
#include "store/drafts.h"
#include "store/remedy.h"

#include "paper.h"

#include <string.h>

#define NOON (PAPER_NOW + 3600)

static Store *store;

static int64_t propose(const char *case_id, const char *ports)
{
    const NewRemedy remedy = {.case_id = case_id,
                              .destination = "198.51.100.7",
                              .ports = ports,
                              .reason = "asked for",
                              .owner = "phoned the number on its site",
                              .by = "anna",
                              .expires = NOON + 90 * PAPER_DAY};
    g_autoptr(GError) error = NULL;
    int64_t number = 0;
    if (!store_remedy_propose(store, &remedy, NOON, &number, &error)) {
        g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
        return 0;
    }
    return number;
}

static void expect(int64_t number, RemedyState state)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RemedyRow) row = store_remedy(store, number, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(remedy_state_word(row->state), ==,
                    remedy_state_word(state));
}

static bool agree(int64_t number)
{
    g_autoptr(GError) error = NULL;
    bool ok = store_remedy_agree(store, number, "Mia of the library", "staff",
                                 NULL, NOON, &error);
    if (!ok)
        g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    return ok;
}

static bool withdraw(int64_t number)
{
    g_autoptr(GError) error = NULL;
    bool ok = store_remedy_end(store, number, REMEDY_WITHDRAWN, "anna",
                               "not needed", NOON, &error);
    if (!ok)
        g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    return ok;
}

static void see(int64_t number, bool is_closed, RemedyState to)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RemedyRow) row = store_remedy(store, number, &error);
    g_autoptr(GPtrArray) relays =
        g_ptr_array_new_with_free_func((GDestroyNotify)remedy_relay_free);
    const RelayDocument document = {.type = "server-descriptor",
                                    .when = NOON - 60,
                                    .sha256 = (char *)"aa",
                                    .name = (char *)"one"};
    RemedyRelay *relay = g_new0(RemedyRelay, 1);
    relay->fingerprint = g_strdup("AAAA");
    relay->view = g_strdup(is_closed ? "closed" : "open");
    relay->rule = g_strdup("reject 198.51.100.7:443");
    relay->is_own_line = is_closed;
    relay->consensus = NOON;
    relay->since = is_closed ? NOON - 3600 : INSTANT_NONE;
    relay->document = is_closed ? relay_document_copy(&document) : NULL;
    g_ptr_array_add(relays, relay);
    g_assert_true(store_remedy_seen(store, row, relays, to, NOON, &error));
    g_assert_no_error(error);
}

static void test_life(void)
{
    g_autofree char *id = paper_file(store, ACTION_HOLD, "life");
    int64_t number = propose(id, "443");
    g_assert_cmpint(number, >, 0);
    g_assert_cmpint(propose(id, "443"), ==, 0);
    g_assert_cmpint(propose(id, "80"), >, 0);
    expect(number, REMEDY_PROPOSED);
    g_assert_true(agree(number));
    g_assert_false(agree(number));
    see(number, true, REMEDY_INSTALLED);
    g_autoptr(RemedyRow) row = store_remedy(store, number, NULL);
    const RemedyRelay *relay = row->relays->pdata[0];
    g_assert_cmpstr(relay->document->sha256, ==, "aa");
    g_assert_cmpint(relay->since, ==, NOON - 3600);
    see(number, false, REMEDY_AGREED);
    expect(number, REMEDY_AGREED);
    g_assert_true(withdraw(number));
    g_assert_false(withdraw(number));
    expect(number, REMEDY_WITHDRAWN);
    see(number, false, REMEDY_REMOVED);
    expect(number, REMEDY_REMOVED);
    g_autoptr(GPtrArray) rest = store_remedies(store, NULL, false, NULL);
    g_assert_cmpuint(rest->len, ==, 1); /* that of port 80 */
    /* it may be proposed again, and the chain holds */
    g_assert_cmpint(propose(id, "443"), >, number);
    g_assert_true(store_verify_record(store, NULL));
}

/* What nobody agreed to stands in no torrc. */
static void test_never_agreed(void)
{
    g_autofree char *id = paper_file(store, ACTION_HOLD, "never");
    int64_t number = propose(id, "443");
    g_assert_true(withdraw(number));
    expect(number, REMEDY_REMOVED);
    g_assert_false(agree(number));
}

static void test_missing(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(propose("UA-2026-09999-X", "443"), ==, 0);
    g_assert_null(store_remedy(store, 9999, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
}

/* ---- the letter ---------------------------------------------------------- */

static Reply second_letter(const char *tag)
{
    return (Reply){
        .bytes = g_bytes_new_static("x", 1),
        .text = (char *)"It is closed.",
        .subject = (char *)"Closed",
        .envelope_from = (char *)"bounce@umbrella.example",
        .to = (char *)"abuse@shop.example",
        .message_id = (char *)tag,
        .token = (char *)tag,
        .template_id = (char *)"XX/rule-live.en",
        .template_version = (char *)"1",
    };
}

static bool write_letter(int64_t number, const char *tag)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RemedyRow) row = store_remedy(store, number, &error);
    Reply reply = second_letter(tag);
    bool ok = store_remedy_letter(store, row, &reply, NOON, &error);
    if (!ok)
        g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_bytes_unref(reply.bytes);
    return ok;
}

static void test_letter(void)
{
    g_autofree char *id = paper_file(store, ACTION_HOLD, "letter");
    g_autoptr(GError) error = NULL;
    int64_t number = propose(id, "443");
    /* the answer to the complaint waits: a yes would go to the wrong one */
    g_assert_false(write_letter(number, "tokenlettera"));
    g_assert_true(store_stop_draft(store, id, "anna", NULL, NOON, &error));
    g_assert_true(write_letter(number, "tokenletterb"));
    g_autoptr(Draft) draft = store_draft(store, id, &error);
    g_assert_cmpstr(draft->template_id, ==, "XX/rule-live.en");
    g_assert_cmpstr(draft->state, ==, "waiting");
    g_autoptr(Case) found = store_case(store, id, &error);
    g_assert_cmpstr(found->row->state, ==, "drafted");
    /* never a second one */
    g_assert_true(store_stop_draft(store, id, "anna", NULL, NOON, &error));
    g_assert_false(write_letter(number, "tokenletterc"));
}

static void file_news(const char *case_id)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *inbox_id = paper_accept(store, "remedynews");
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, ACTION_HOLD, "remedynews");
    paper.report.disposition = DISPOSITION_REPLY;
    paper.filing.joins_case = case_id;
    g_ptr_array_set_size(paper.filing.tickets, 0);
    g_assert_true(store_file(store, &paper.filing, &error));
    g_assert_no_error(error);
}

/* What came meanwhile sends the case to people, while its letter waits still:
 * a stop would go to the wrong one. */
static void test_letter_beside_news(void)
{
    g_autofree char *id = paper_file(store, ACTION_SEND, "lettersent");
    g_autoptr(GError) error = NULL;
    int64_t number = propose(id, "443");
    file_news(id);
    g_autoptr(Case) found = store_case(store, id, &error);
    g_assert_cmpstr(found->row->state, ==, "triage");
    g_assert_false(write_letter(number, "tokenletterd"));
    g_assert_true(store_stop_draft(store, id, "anna", NULL, NOON, &error));
    g_assert_true(write_letter(number, "tokenlettere"));
}

static void test_no_letter(void)
{
    g_autofree char *id = paper_file(store, ACTION_HOLD, "noletter");
    int64_t number = propose(id, "443");
    g_autoptr(GError) error = NULL;
    g_autoptr(RemedyRow) row = store_remedy(store, number, &error);
    for (int i = 0; i < 3; i++)
        g_assert_true(
            store_remedy_no_letter(store, row, "no address", NOON, &error));
    g_autoptr(Case) found = store_case(store, id, &error);
    guint told = 0;
    for (guint i = 0; i < found->record->len; i++) {
        const RecordEntry *entry = found->record->pdata[i];
        told += strstr(entry->what, "no letter") != NULL;
    }
    g_assert_cmpuint(told, ==, 1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *directory = paper_directory();
    g_autoptr(GError) error = NULL;
    store = store_open(directory, STORE_WRITE, &error);
    g_assert_no_error(error);
    g_test_add_func("/store/remedy/life", test_life);
    g_test_add_func("/store/remedy/never-agreed", test_never_agreed);
    g_test_add_func("/store/remedy/missing", test_missing);
    g_test_add_func("/store/remedy/letter", test_letter);
    g_test_add_func("/store/remedy/letter-beside-news",
                    test_letter_beside_news);
    g_test_add_func("/store/remedy/no-letter", test_no_letter);
    int status = g_test_run();
    store_close(store);
    paper_remove(directory);
    return status;
}
