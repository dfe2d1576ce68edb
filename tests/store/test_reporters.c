#include "store/reporters.h"

#include "store/cases.h"
#include "store/drafts.h"
#include "store/filing.h"
#include "store/outbox.h"

#include "base/errors.h"
#include "paper.h"

#include <string.h>

static Store *store;

/* File a complaint of the reporter; the case id. */
static char *file_of(Action action, const char *tag, const char *profile,
                     const char *quote)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *inbox_id = paper_accept(store, tag);
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, action, tag);
    paper.filed.profile = profile;
    paper.filed.quote = quote;
    paper.filed.task = g_strdup("To do by hand: the form");
    g_assert_true(store_file(store, &paper.filing, &error));
    g_assert_no_error(error);
    g_clear_pointer(&paper.filed.task, g_free);
    return g_strdup(paper.filed.case_id);
}

typedef struct {
    uint32_t of_day, of_quote;
} Letters;

static Letters letters_to(const char *profile, const char *member,
                          const char *quote, const char *case_id, Instant now)
{
    g_autoptr(GError) error = NULL;
    const Profile known = {.id = (char *)profile};
    const ReporterStanding reporter = {.profile = &known, .quote = quote};
    Letters letters;
    g_assert_true(store_reporter_letters(store, &reporter, member, case_id, now,
                                         &letters.of_day, &letters.of_quote,
                                         &error));
    g_assert_no_error(error);
    return letters;
}

static void assert_letters(Letters is, uint32_t of_day, uint32_t of_quote)
{
    g_assert_cmpuint(is.of_day, ==, of_day);
    g_assert_cmpuint(is.of_quote, ==, of_quote);
}

/* By reporter and member, by number and by day; never less with time. */
static void test_letters(void)
{
    g_autofree char *first = file_of(ACTION_SEND, "r1", "hoster", "[T:1]");
    assert_letters(letters_to("hoster", "bib", "[T:1]", NULL, PAPER_NOW), 1, 1);
    assert_letters(letters_to("hoster", "bib", "[T:2]", NULL, PAPER_NOW), 1, 0);
    assert_letters(letters_to("hoster", "bib", NULL, NULL, PAPER_NOW), 1, 0);
    assert_letters(letters_to("hoster", "club", "[T:1]", NULL, PAPER_NOW), 0,
                   0);
    assert_letters(letters_to("other", "bib", "[T:1]", NULL, PAPER_NOW), 0, 0);
    /* the case's own letter is in nobody's way when it is asked again */
    assert_letters(letters_to("hoster", "bib", "[T:1]", first, PAPER_NOW), 0,
                   0);
    /* the last second of the day, the next day, a clock set back */
    assert_letters(
        letters_to("hoster", "bib", "[T:1]", NULL, PAPER_NOW + PAPER_DAY), 1,
        1);
    assert_letters(
        letters_to("hoster", "bib", "[T:1]", NULL, PAPER_NOW + PAPER_DAY + 300),
        0, 1);
    assert_letters(
        letters_to("hoster", "bib", "[T:1]", NULL, PAPER_NOW - 9 * PAPER_DAY),
        1, 1);
}

/* A draft counts when a person approves it, not before; nothing is taken
 * back when the letter is stopped. */
static void test_approved_letter(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = file_of(ACTION_HOLD, "r2", "feed", "#7");
    assert_letters(letters_to("feed", "bib", "#7", NULL, PAPER_NOW), 0, 0);
    g_assert_true(store_approve_draft(store, id, "anna", NULL, PAPER_NOW,
                                      PAPER_NOW + 60, &error));
    assert_letters(letters_to("feed", "bib", "#7", NULL, PAPER_NOW), 1, 1);
    g_assert_true(store_stop_draft(store, id, "anna", NULL, PAPER_NOW, &error));
    assert_letters(letters_to("feed", "bib", "#7", NULL, PAPER_NOW), 1, 1);
    g_assert_no_error(error);
}

static void test_nobody_known(void)
{
    g_free(file_of(ACTION_SEND, "r3", NULL, NULL));
    assert_letters(letters_to("", "bib", "", NULL, PAPER_NOW), 0, 0);
}

static void test_task_is_on_record(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = file_of(ACTION_HOLD, "r4", "form", NULL);
    g_autoptr(Case) found = store_case(store, id, &error);
    g_assert_no_error(error);
    bool is_told = false;
    for (guint i = 0; i < found->record->len; i++) {
        const RecordEntry *entry = found->record->pdata[i];
        is_told |= strstr(entry->what, "To do by hand") != NULL;
    }
    g_assert_true(is_told);
}

static uint32_t yes_count(const char *sha256)
{
    g_autoptr(GError) error = NULL;
    uint32_t count;
    g_assert_true(
        store_profile_yes_count(store, "new", sha256, &count, &error));
    return count;
}

static bool approve(const char *who, const char *sha256, int code)
{
    g_autoptr(GError) error = NULL;
    if (store_approve_profile(store, "new", sha256, who, "staff", PAPER_NOW,
                              &error))
        return true;
    g_assert_error(error, DESK_ERROR, code);
    return false;
}

/* Two different persons; the same in other letters is the same. */
static void test_four_eyes(void)
{
    g_assert_true(approve("Anna Beispiel", "aa", 0));
    g_assert_false(approve("Anna Beispiel", "aa", DESK_ERROR_CONFLICT));
    g_assert_false(approve(" anna BEISPIEL ", "aa", DESK_ERROR_CONFLICT));
    g_assert_false(approve("", "aa", DESK_ERROR_INVALID));
    g_assert_false(approve("  ", "aa", DESK_ERROR_INVALID));
    g_assert_false(approve("\xff", "aa", DESK_ERROR_INVALID));
    g_assert_cmpuint(yes_count("aa"), ==, 1);
    g_assert_true(approve("Bert", "aa", 0));
    g_assert_cmpuint(yes_count("aa"), ==, 2);
    /* a changed file has no approvals */
    g_assert_cmpuint(yes_count("bb"), ==, 0);
    g_assert_true(approve("Anna Beispiel", "bb", 0));
    g_assert_cmpuint(yes_count("bb"), ==, 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) approvals =
        store_profile_approvals(store, "new", "aa", &error);
    const ProfileApproval *first = approvals->pdata[0];
    g_assert_cmpstr(first->person, ==, "Anna Beispiel");
    g_assert_cmpstr(first->login, ==, "staff");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *directory = paper_directory();
    g_autoptr(GError) error = NULL;
    store = store_open(directory, STORE_WRITE, &error);
    g_assert_no_error(error);
    g_test_add_func("/store/reporters/letters", test_letters);
    g_test_add_func("/store/reporters/approved-letter", test_approved_letter);
    g_test_add_func("/store/reporters/nobody-known", test_nobody_known);
    g_test_add_func("/store/reporters/task", test_task_is_on_record);
    g_test_add_func("/store/reporters/four-eyes", test_four_eyes);
    int status = g_test_run();
    store_close(store);
    paper_remove(directory);
    return status;
}
