#include "base/errors.h"
#include "store/cases.h"
#include "store/filing.h"

#include "paper.h"

#include <string.h>

static Store *store;

/* File a complaint with its own reporter, member, address and due date. */
static void file(const char *tag, const char *reporter, const char *member,
                 const char *address, Instant due, Instant received)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Delivery) delivery = paper_delivery("a@example.org", tag);
    delivery->received = received;
    g_assert_true(store_accept(store, &delivery, 1, &error));
    g_auto(Paper) paper = {0};
    paper_init(&paper, delivery->id, ACTION_HOLD, tag);
    g_free(paper.report.reporter_address);
    paper.report.reporter_address = g_strdup(reporter);
    g_free(paper.ticket.member);
    paper.ticket.member = g_strdup(member);
    g_assert_true(ip_parse(address, strlen(address), &paper.incident.address));
    paper.filed.due = due;
    g_assert_true(store_file(store, &paper.filing, &error));
}

static char *list(const CaseFilter *filter)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = store_cases(store, filter, &error);
    g_assert_no_error(error);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < rows->len; i++)
        g_string_append_printf(out, "%s%s", i ? " " : "",
                               ((CaseRow *)rows->pdata[i])->reporter);
    return g_string_free(out, FALSE);
}

static void expect_list(const CaseFilter *filter, const char *reporters)
{
    g_autofree char *is = list(filter);
    g_assert_cmpstr(is, ==, reporters);
}

static void test_filters(void)
{
    file("a", "a@x.example", "bib", "192.0.2.1", INSTANT_NONE, PAPER_NOW);
    file("b", "b@x.example", "club", "2001:db8::1", PAPER_NOW + 500,
         PAPER_NOW + 10);
    file("c", "c@x.example", "bib", "192.0.2.1", PAPER_NOW + 100,
         PAPER_NOW + 20);
    expect_list(&(CaseFilter){0}, "c@x.example b@x.example a@x.example");
    expect_list(&(CaseFilter){.max = 1}, "c@x.example");
    expect_list(&(CaseFilter){.member = "bib"}, "c@x.example a@x.example");
    expect_list(&(CaseFilter){.member = "nobody"}, "");
    expect_list(&(CaseFilter){.reporter = "b@x.example"}, "b@x.example");
    expect_list(&(CaseFilter){.address = "192.0.2.1"},
                "c@x.example a@x.example");
    expect_list(&(CaseFilter){.address = "2001:db8::1", .member = "bib"}, "");
    expect_list(&(CaseFilter){.state = "drafted", .member = "club"},
                "b@x.example");
    expect_list(&(CaseFilter){.state = "filed"}, "");
    expect_list(&(CaseFilter){.since = PAPER_NOW + 10},
                "c@x.example b@x.example");
    expect_list(&(CaseFilter){.since = INSTANT_NONE, .until = PAPER_NOW + 10},
                "b@x.example a@x.example");
}

/* By due date, then age; what is due at no time comes last. */
static void test_todo_order(void)
{
    file("d", "d@x.example", "bib", "192.0.2.1", INSTANT_NONE, PAPER_NOW - 50);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) rows = store_todo(store, &error);
    g_assert_no_error(error);
    static const char *const ORDER[] = {"c@x.example", "b@x.example",
                                        "d@x.example", "a@x.example"};
    g_assert_cmpuint(rows->len, ==, G_N_ELEMENTS(ORDER));
    for (guint i = 0; i < rows->len; i++)
        g_assert_cmpstr(((CaseRow *)rows->pdata[i])->reporter, ==, ORDER[i]);
}

static void test_ids_as_people_type_them(void)
{
    g_autoptr(GPtrArray) rows = store_cases(store, &(CaseFilter){0}, NULL);
    const CaseRow *row = rows->pdata[0];
    g_autofree char *lower = g_ascii_strdown(row->case_id, -1);
    const char *const forms[] = {row->case_id, lower, row->case_id + 3,
                                 row->inbox_id};
    for (guint i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(Case) found = store_case(store, forms[i], &error);
        g_assert_no_error(error);
        g_assert_cmpstr(found->row->case_id, ==, row->case_id);
        g_assert_cmpstr(found->findings_json, ==, "{}");
        g_assert_cmpstr(found->matches_json, ==, "[]");
    }
}

static void test_missing(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(store_case(store, "UA-2031-00001-A", &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
    g_clear_error(&error);
    g_assert_null(store_case(store, "0000000000", &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
    g_clear_error(&error);
    g_assert_null(store_case(store, "", &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
    g_clear_error(&error);
    g_assert_null(store_case(store, "UA-2031-00001-D", &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
    g_assert_nonnull(strstr(error->message, "UA-2031-00001-A"));
}

static void test_numbers(void)
{
    g_autoptr(GError) error = NULL;
    g_free(paper_accept(store, "not read yet"));
    StoreNumbers numbers;
    g_assert_true(store_numbers(store, &numbers, &error));
    g_assert_cmpint(numbers.mails, ==, 5);
    g_assert_cmpint(numbers.undecided, ==, 1);
    g_assert_cmpint(numbers.cases, ==, 4);
    g_assert_cmpint(numbers.drafts_waiting, ==, 4);
    g_assert_cmpint(numbers.outbox_waiting, ==, 0);
    g_assert_cmpint(numbers.sent, ==, 0);
    g_assert_cmpint(numbers.last_mail, ==, PAPER_NOW);
    g_assert_cmpint(numbers.last_sent, ==, INSTANT_NONE);
    g_assert_cmpint(numbers.database_bytes, >, 4096);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *directory = paper_directory();
    store = store_open(directory, STORE_WRITE, NULL);
    g_test_add_func("/store/cases/filters", test_filters);
    g_test_add_func("/store/cases/todo", test_todo_order);
    g_test_add_func("/store/cases/ids", test_ids_as_people_type_them);
    g_test_add_func("/store/cases/missing", test_missing);
    g_test_add_func("/store/cases/numbers", test_numbers);
    int status = g_test_run();
    store_close(store);
    paper_remove(directory);
    return status;
}
