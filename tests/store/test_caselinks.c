/*
 * Cases that belong together, and mails that do not.
 */
#include "base/errors.h"
#include "store/filing.h"

#include "casepaper.h"

#include <string.h>

/* ---- join -------------------------------------------------------------- */

static bool join(const char *id, const char *into, GError **error)
{
    CaseHand hand = case_hand("anna", NULL);
    guint stopped;
    return store_case_join(case_store, id, into, &hand, &stopped, error);
}

static void expect_links(const char *id, const char *wanted)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(CaseLinks) links = store_case_links(case_store, id, &error);
    g_assert_no_error(error);
    GString *text = g_string_new(links->joined_to ? links->joined_to : "-");
    for (guint i = 0; i < links->joined->len; i++)
        g_string_append_printf(text, " <%s",
                               (const char *)links->joined->pdata[i]);
    for (guint i = 0; i < links->mails->len; i++)
        g_string_append_printf(text, " %s",
                               (const char *)links->mails->pdata[i]);
    g_assert_cmpstr(text->str, ==, wanted);
    g_string_free(text, TRUE);
}

static void test_join(void)
{
    g_autoptr(GError) error = NULL;
    CaseStart soon = {.action = ACTION_HOLD, .due = CASE_NOON + 60};
    g_autofree char *first =
        case_file_start(&(CaseStart){.action = ACTION_HOLD});
    g_autofree char *again = case_file_start(&soon);
    g_assert_true(join(again, first, &error));
    case_expect_state(again, "closed stopped");
    case_expect_state(first, "drafted waiting");
    g_autofree char *link = g_strdup_printf("- <%s", again);
    expect_links(again, first);
    expect_links(first, link);
    /* the earlier deadline is kept */
    g_autoptr(Case) found = case_look(first);
    g_assert_cmpint(found->row->due, ==, CASE_NOON + 60);
    /* what comes later for the one goes to the other */
    g_autofree char *mail = case_file_news(again);
    case_expect_state(again, "closed stopped");
    case_expect_state(first, "triage waiting");
    g_autofree char *words = g_strdup_printf("as a mail of %s", again);
    g_assert_cmpuint(case_count_entries(first, "computed", words), ==, 1);
    g_autofree char *both = g_strdup_printf("- <%s %s", again, mail);
    expect_links(first, both);
    /* a second time */
    g_assert_false(join(again, first, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_assert_nonnull(strstr(error->message, "by anna at"));
    /* and apart again */
    CaseHand hand = case_hand("bert", "not the same");
    g_assert_true(store_case_reopen(case_store, again, &hand, NULL));
    expect_links(again, "-");
    case_expect_state(again, "triage stopped");
    g_assert_cmpuint(
        case_count_entries(first, "decided", "a case of its own again"), ==, 1);
}

/* A bounce of the joined case's letter is seen where people look. */
static void test_join_moves_what_comes_home(void)
{
    g_autofree char *one = case_file_start(&(CaseStart){.action = ACTION_HOLD});
    g_autofree char *two = case_file_start(&(CaseStart){.action = ACTION_FILE});
    g_autofree char *three =
        case_file_start(&(CaseStart){.action = ACTION_FILE});
    g_assert_true(join(one, two, NULL));
    g_assert_true(join(two, three, NULL));
    g_free(case_file_news(one));
    case_expect_state(one, "closed stopped");
    case_expect_state(two, "closed -");
    case_expect_state(three, "triage -");
}

static void test_no_join(void)
{
    CaseStart club = {.action = ACTION_HOLD, .member = "club"};
    CaseStart staff = {.action = ACTION_ESCALATE, .member = ""};
    g_autofree char *one = case_file_start(&(CaseStart){.action = ACTION_HOLD});
    g_autofree char *of_club = case_file_start(&club);
    g_autofree char *of_staff = case_file_start(&staff);
    g_autofree char *too = case_file_start(&staff);
    g_autofree char *leaving =
        case_file_start(&(CaseStart){.action = ACTION_SEND});
    g_autofree char *third =
        case_file_start(&(CaseStart){.action = ACTION_HOLD});
    const struct {
        const char *id, *into;
        DeskErrorCode code;
        const char *words;
    } NO[] = {
        {one, one, DESK_ERROR_INVALID, "to itself"},
        {one, of_club, DESK_ERROR_DENIED, "no member learns of another"},
        {of_staff, one, DESK_ERROR_DENIED, "no member learns of another"},
        {one, of_staff, DESK_ERROR_DENIED, "no member learns of another"},
        {leaving, one, DESK_ERROR_CONFLICT, "draft stop"},
        {one, "UA-1999-00001-A", DESK_ERROR_MISSING, "no case"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(NO); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_false(join(NO[i].id, NO[i].into, &error));
        g_assert_error(error, DESK_ERROR, (int)NO[i].code);
        g_assert_nonnull(strstr(error->message, NO[i].words));
    }
    g_assert_true(join(of_staff, too, NULL));
    /* no loops: not into what is joined itself */
    g_autoptr(GError) error = NULL;
    g_assert_true(join(one, third, NULL));
    g_assert_false(join(third, one, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_assert_nonnull(strstr(error->message, third));
}

/* ---- split ------------------------------------------------------------- */

static bool split(const char *mail, char **from, GError **error)
{
    CaseHand hand = case_hand("anna", "another machine");
    return store_mail_split(case_store, mail, &hand, from, error);
}

static void test_split(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = case_file_start(&(CaseStart){.action = ACTION_HOLD});
    g_autofree char *mail = case_file_news(id), *from = NULL;
    bool is_split;
    g_assert_true(split(mail, &from, &error));
    g_assert_cmpstr(from, ==, id);
    expect_links(id, "-");
    g_assert_true(store_mail_is_split(case_store, mail, &is_split, NULL));
    g_assert_true(is_split);
    /* it is read anew; whoever comes second is told */
    g_autoptr(GPtrArray) waiting = store_undecided(case_store, 10, NULL);
    g_assert_cmpuint(waiting->len, ==, 1);
    g_assert_cmpstr(waiting->pdata[0], ==, mail);
    g_assert_false(split(mail, &from, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_assert_nonnull(strstr(error->message, "by anna at"));
    /* what becomes of it is on both records, and on no other's view */
    g_auto(Paper) paper = {0};
    paper_init(&paper, mail, ACTION_HOLD, "splitoff");
    g_clear_pointer(&paper.ticket.member, g_free);
    paper.ticket.member = g_strdup("club");
    g_assert_true(store_file(case_store, &paper.filing, NULL));
    const char *other = paper.filed.case_id;
    g_autofree char *makes = g_strdup_printf("makes the case %s", other);
    g_autofree char *came = g_strdup_printf("split off from %s by anna", id);
    g_assert_cmpuint(case_count_entries(id, NULL, "is no part of this case"),
                     ==, 1);
    g_assert_cmpuint(case_count_entries(id, "note", makes), ==, 1);
    g_assert_cmpuint(case_count_entries(id, NULL, other), ==, 1);
    g_assert_cmpuint(case_count_entries(other, "note", came), ==, 1);
    g_assert_cmpuint(case_count_entries(other, NULL, id), ==, 1);
}

/* A mail that makes no case by itself is a person's then. */
static void test_split_noise(void)
{
    g_autofree char *id = case_file_start(&(CaseStart){.action = ACTION_HOLD});
    g_autofree char *mail = case_file_news(id), *from = NULL;
    g_assert_true(split(mail, &from, NULL));
    g_auto(Paper) paper = {0};
    paper_init(&paper, mail, ACTION_NOISE, "splitnoise");
    paper.report.disposition = DISPOSITION_NEWSLETTER;
    g_assert_true(store_file(case_store, &paper.filing, NULL));
    g_autoptr(Case) found = case_look(mail);
    g_assert_cmpstr(found->row->state, ==, "triage");
    g_assert_null(found->row->member);
    g_assert_cmpstr(found->row->rule, ==, "split");
}

static void test_no_split(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *id = case_file_start(&(CaseStart){.action = ACTION_HOLD});
    g_autofree char *from = NULL, *unread = paper_accept(case_store, "unread");
    g_autoptr(Case) found = case_look(id);
    g_assert_false(split(found->row->inbox_id, &from, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_assert_nonnull(strstr(error->message, id));
    g_clear_error(&error);
    g_assert_false(split(unread, &from, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    g_clear_error(&error);
    g_assert_false(split("nonsense", &from, &error));
    g_assert_error(error, DESK_ERROR, DESK_ERROR_MISSING);
    g_assert_null(from);
    g_auto(Paper) paper = {0};
    paper_init(&paper, unread, ACTION_FILE, "unread");
    g_assert_true(store_file(case_store, &paper.filing, NULL));
}

/* ---- the mail's other cases --------------------------------------------- */

static void test_same_mail(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *inbox_id = paper_accept(case_store, "shared");
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, ACTION_FILE, "shared");
    FiledTicket second = paper.filed;
    second.matches_json = NULL;
    g_ptr_array_add(paper.filing.tickets, &second);
    g_assert_true(store_file(case_store, &paper.filing, &error));
    g_autoptr(CaseLinks) links =
        store_case_links(case_store, paper.filed.case_id, &error);
    g_assert_cmpuint(links->same_mail->len, ==, 1);
    g_assert_cmpstr(links->same_mail->pdata[0], ==, second.case_id);
    g_free(second.case_id);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *directory = paper_directory();
    case_store = store_open(directory, STORE_WRITE, NULL);
    g_test_add_func("/store/caselinks/join", test_join);
    g_test_add_func("/store/caselinks/join-home",
                    test_join_moves_what_comes_home);
    g_test_add_func("/store/caselinks/no-join", test_no_join);
    g_test_add_func("/store/caselinks/split", test_split);
    g_test_add_func("/store/caselinks/split-noise", test_split_noise);
    g_test_add_func("/store/caselinks/no-split", test_no_split);
    g_test_add_func("/store/caselinks/same-mail", test_same_mail);
    int status = g_test_run();
    g_autoptr(GError) error = NULL;
    g_assert_true(store_verify_record(case_store, &error));
    store_close(case_store);
    paper_remove(directory);
    return status;
}
