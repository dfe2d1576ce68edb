#include "base/errors.h"
#include "store/cases.h"
#include "store/inbox.h"

#include "paper.h"

#include <string.h>

static Store *store;

static void test_ids(void)
{
    char id[INBOX_ID_SIZE];
    int64_t number, salt;
    inbox_id_write(1, 0x7fff, id);
    g_assert_cmpstr(id, ==, "0000001ZZZ");
    g_assert_true(inbox_id_parse("0000001zzz", &number, &salt));
    g_assert_cmpint(number, ==, 1);
    g_assert_cmpint(salt, ==, 0x7fff);
    inbox_id_write(INT64_C(0x7ffffffff), 5, id);
    g_assert_true(inbox_id_parse(id, &number, &salt));
    g_assert_cmpint(number, ==, INT64_C(0x7ffffffff));
    static const char *const BAD[] = {
        "", "000000", "000000001", "0000001ZZI", "00000001ZZZ", "UA-2026-00"};
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++)
        g_assert_false(inbox_id_parse(BAD[i], &number, &salt));
}

static void test_keeps_what_came(void)
{
    g_autoptr(GError) error = NULL;
    const char raw[] = "Subject: x\r\n\r\n\0\xff bare\n";
    g_autoptr(Delivery) sent = paper_delivery("", "");
    g_bytes_unref(sent->raw);
    sent->raw = g_bytes_new(raw, sizeof raw - 1);
    g_ptr_array_add(sent->recipients, g_strdup("a@umbrella.example"));
    g_assert_true(store_accept(store, &sent, 1, &error));
    g_autoptr(Delivery) kept = store_delivery(store, sent->id, &error);
    g_assert_no_error(error);
    g_assert_true(g_bytes_equal(kept->raw, sent->raw));
    g_assert_cmpstr(kept->envelope_from, ==, "");
    g_assert_cmpint(kept->received, ==, PAPER_NOW);
    g_assert_cmpstr(kept->way, ==, "lmtp");
    g_assert_cmpuint(kept->recipients->len, ==, 2);
    g_assert_cmpstr(kept->recipients->pdata[0], ==, "abuse@umbrella.example");
    g_assert_cmpstr(kept->recipients->pdata[1], ==, "a@umbrella.example");
}

/* A client that retries, in the same group and later, for other recipients:
 * one message, all its recipients. */
static void test_redelivery_joins(void)
{
    g_autoptr(GError) error = NULL;
    Delivery *group[3];
    for (guint i = 0; i < G_N_ELEMENTS(group); i++)
        group[i] = paper_delivery("a@example.org", "the same bytes");
    g_ptr_array_add(group[1]->recipients, g_strdup("b@umbrella.example"));
    g_assert_true(store_accept(store, group, 2, &error));
    g_assert_false(group[0]->is_known);
    g_assert_true(group[1]->is_known);
    g_assert_cmpstr(group[0]->id, ==, group[1]->id);
    g_ptr_array_set_size(group[2]->recipients, 0);
    g_ptr_array_add(group[2]->recipients, g_strdup("c@umbrella.example"));
    g_assert_true(store_accept(store, group + 2, 1, &error));
    g_assert_true(group[2]->is_known);
    g_assert_cmpstr(group[2]->id, ==, group[0]->id);
    g_autoptr(Delivery) kept = store_delivery(store, group[0]->id, &error);
    g_assert_cmpuint(kept->recipients->len, ==, 3);
    g_assert_cmpstr(kept->recipients->pdata[1], ==, "b@umbrella.example");
    g_assert_cmpstr(kept->recipients->pdata[2], ==, "c@umbrella.example");
    for (guint i = 0; i < G_N_ELEMENTS(group); i++)
        delivery_free(group[i]);
}

static void test_other_senders_do_not_join(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Delivery) first = paper_delivery("a@example.org", "words");
    g_autoptr(Delivery) second = paper_delivery("b@example.org", "words");
    Delivery *group[] = {first, second};
    g_assert_true(store_accept(store, group, 2, &error));
    g_assert_false(second->is_known);
    g_assert_cmpstr(first->id, !=, second->id);
}

/* What was accepted before a restart is known after it. */
static void test_redelivery_after_restart(void)
{
    g_autofree char *directory = paper_directory();
    Store *before = store_open(directory, STORE_WRITE, NULL);
    g_autofree char *first = paper_accept(before, "one");
    g_autofree char *second = paper_accept(before, "two");
    store_close(before);
    Store *after = store_open(directory, STORE_WRITE, NULL);
    g_autofree char *again = paper_accept(after, "one");
    g_autofree char *third = paper_accept(after, "three");
    g_assert_cmpstr(again, ==, first);
    g_assert_cmpstr(third, !=, second);
    StoreNumbers numbers;
    g_assert_true(store_numbers(after, &numbers, NULL));
    g_assert_cmpint(numbers.mails, ==, 3);
    store_close(after);
    paper_remove(directory);
}

/* A mail whose transaction was undone is not known. */
static void test_undone_is_not_known(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Delivery) good = paper_delivery("a@example.org", "undone");
    g_autoptr(Delivery) bad = paper_delivery("a@example.org", "bad");
    bad->way = NULL; /* no row without it */
    Delivery *group[] = {good, bad};
    g_assert_false(store_accept(store, group, 2, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_clear_error(&error);
    g_assert_true(store_accept(store, group, 1, &error));
    g_assert_false(good->is_known);
    g_autoptr(Delivery) kept = store_delivery(store, good->id, &error);
    g_assert_true(g_bytes_equal(kept->raw, good->raw));
}

static void test_undecided_oldest_first(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *first = paper_accept(store, "first");
    g_autofree char *second = paper_accept(store, "second");
    g_autoptr(GPtrArray) all = store_undecided(store, 1000, &error);
    guint first_at, second_at;
    g_assert_true(
        g_ptr_array_find_with_equal_func(all, first, g_str_equal, &first_at));
    g_assert_true(
        g_ptr_array_find_with_equal_func(all, second, g_str_equal, &second_at));
    g_assert_cmpuint(first_at, <, second_at);
    g_autoptr(GPtrArray) one = store_undecided(store, 1, &error);
    g_assert_cmpuint(one->len, ==, 1);
}

static void test_attempts(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = paper_accept(store, "it crashes");
    uint32_t attempts = 0;
    for (uint32_t i = 1; i <= 4; i++) {
        g_assert_true(store_begin_reading(store, id, &attempts, &error));
        g_assert_cmpuint(attempts, ==, i);
    }
    g_assert_true(store_park(store, id, "UA", "the reader died three times",
                             PAPER_NOW, &error));
    g_autoptr(Case) found = store_case(store, id, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(found->row->state, ==, "triage");
    g_assert_cmpstr(found->row->why, ==, "the reader died three times");
    g_assert_cmpstr(found->row->inbox_id, ==, id);
    g_assert_false(store_begin_reading(store, id, &attempts, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_clear_error(&error);
    g_assert_false(store_park(store, id, "UA", "again", PAPER_NOW, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    StoreNumbers numbers;
    g_assert_true(store_numbers(store, &numbers, NULL));
    g_assert_cmpint(numbers.parked, ==, 1);
}

static void test_missing(void)
{
    static const char *const IDS[] = {"", "nonsense", "ZZZZZZZZZZ"};
    for (guint i = 0; i < G_N_ELEMENTS(IDS); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(store_delivery(store, IDS[i], &error));
        g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
    }
    /* the random half counts: the next id cannot be guessed from one */
    g_autofree char *id = paper_accept(store, "not to be guessed");
    id[9] = id[9] == '0' ? '1' : '0';
    g_autoptr(GError) error = NULL;
    g_assert_null(store_delivery(store, id, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *directory = paper_directory();
    store = store_open(directory, STORE_WRITE, NULL);
    g_test_add_func("/store/inbox/ids", test_ids);
    g_test_add_func("/store/inbox/keeps", test_keeps_what_came);
    g_test_add_func("/store/inbox/redelivery", test_redelivery_joins);
    g_test_add_func("/store/inbox/restart", test_redelivery_after_restart);
    g_test_add_func("/store/inbox/undone", test_undone_is_not_known);
    g_test_add_func("/store/inbox/senders", test_other_senders_do_not_join);
    g_test_add_func("/store/inbox/undecided", test_undecided_oldest_first);
    g_test_add_func("/store/inbox/attempts", test_attempts);
    g_test_add_func("/store/inbox/missing", test_missing);
    int status = g_test_run();
    store_close(store);
    paper_remove(directory);
    return status;
}
