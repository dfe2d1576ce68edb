#include "store/counts.h"
#include "store/drafts.h"
#include "store/filing.h"

#include "paper.h"

static Store *store;

static GateCounts count(const char *address, const char *member, Instant now)
{
    g_autoptr(GError) error = NULL;
    GateCounts counts;
    const CountKeys keys = {.address = address, .member = member};
    store_counts(store, &keys, now, &counts, &error);
    g_assert_no_error(error);
    return counts;
}

static void test_counting_form(void)
{
    static const char *const PAIRS[][2] = {
        {"NOC@Shop.Example", "noc@shop.example"},
        {"noc+ticket-4711@shop.example", "noc@shop.example"},
        {"n.o.c@shop.example", "n.o.c@shop.example"},
        {"N.o.C+x@googlemail.com", "noc@gmail.com"},
        {"+odd@shop.example", "+odd@shop.example"},
        {"a@b@shop.example", "a@b@shop.example"},
        {"nothing", "nothing"},
        {"noc@b\xc3\xbc"
         "cher.example",
         "noc@xn--bcher-kva.example"},
        {"noc@xn--bcher-kva.EXAMPLE", "noc@xn--bcher-kva.example"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(PAIRS); i++) {
        g_autofree char *is = counting_address(PAIRS[i][0]);
        g_assert_cmpstr(is, ==, PAIRS[i][1]);
    }
}

static void test_windows(void)
{
    g_free(paper_file(store, ACTION_SEND, "count1"));
    g_free(paper_file(store, ACTION_SEND, "count2"));
    g_free(paper_file(store, ACTION_HOLD, "count3"));
    GateCounts now = count("Noc+2@shop.example", "bib", PAPER_NOW);
    g_assert_cmpuint(now.to_address_1d, ==, 2);
    g_assert_cmpuint(now.to_address_7d, ==, 2);
    g_assert_cmpuint(now.to_domain_1d, ==, 2);
    g_assert_cmpuint(now.by_member_1d, ==, 2);
    g_assert_cmpuint(now.all_1h, ==, 2);
    g_assert_cmpuint(now.all_1d, ==, 2);
    GateCounts others = count("other@shop.example", "club", PAPER_NOW);
    g_assert_cmpuint(others.to_address_7d, ==, 0);
    g_assert_cmpuint(others.to_domain_1d, ==, 2);
    g_assert_cmpuint(others.by_member_1d, ==, 0);
    GateCounts tomorrow =
        count("noc@shop.example", "bib", PAPER_NOW + PAPER_DAY + 300);
    g_assert_cmpuint(tomorrow.all_1h, ==, 0);
    g_assert_cmpuint(tomorrow.all_1d, ==, 0);
    g_assert_cmpuint(tomorrow.to_address_1d, ==, 0);
    g_assert_cmpuint(tomorrow.to_address_7d, ==, 2);
    GateCounts next_week =
        count("noc@shop.example", "bib", PAPER_NOW + 7 * PAPER_DAY + 300);
    g_assert_cmpuint(next_week.to_address_7d, ==, 0);
}

/* A limit bites early, never late: to the last second of its window. */
static void test_windows_are_not_short(void)
{
    GateCounts last_second =
        count("noc@shop.example", "bib", PAPER_NOW + PAPER_DAY);
    g_assert_cmpuint(last_second.all_1d, ==, 2);
    GateCounts last_hour = count("noc@shop.example", "bib", PAPER_NOW + 3600);
    g_assert_cmpuint(last_hour.all_1h, ==, 2);
}

/* A clock that is set back opens no limit again. */
static void test_clock_set_back(void)
{
    static const Instant JUMPS[] = {3600, PAPER_DAY, 400 * PAPER_DAY};
    for (guint i = 0; i < G_N_ELEMENTS(JUMPS); i++) {
        GateCounts counts =
            count("noc@shop.example", "bib", PAPER_NOW - JUMPS[i]);
        g_assert_cmpuint(counts.all_1h, ==, 2);
        g_assert_cmpuint(counts.to_address_1d, ==, 2);
    }
    GateCounts epoch = count("noc@shop.example", "bib", 0);
    g_assert_cmpuint(epoch.all_1h, ==, 2);
}

/* Not even stopping a letter takes its count back. */
static void test_stopped_letters_count(void)
{
    g_autoptr(GError) error = NULL;
    GateCounts before = count("noc@shop.example", "bib", PAPER_NOW);
    g_autofree char *id = paper_file(store, ACTION_SEND, "count4");
    g_assert_true(store_stop_draft(store, id, "anna", NULL, PAPER_NOW, &error));
    GateCounts after = count("noc@shop.example", "bib", PAPER_NOW);
    g_assert_cmpuint(after.all_1h, ==, before.all_1h + 1);
    GateCounts of_case;
    const CountKeys keys = {.case_id = id};
    g_assert_true(store_counts(store, &keys, PAPER_NOW, &of_case, &error));
    g_assert_cmpuint(of_case.case_letters, ==, 1);
    g_assert_cmpuint(of_case.to_address_7d, ==, 0);
}

static bool is_signature_seen(const char *key)
{
    GateCounts counts;
    const CountKeys keys = {.dkim_key = key};
    g_assert_true(store_counts(store, &keys, PAPER_NOW, &counts, NULL));
    return counts.dkim_seen;
}

static void test_signature_is_answered_once(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *inbox_id = paper_accept(store, "signed");
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, ACTION_HOLD, "signed");
    paper.filing.dkim_key = "d=shop.example s=a b=x";
    g_assert_true(store_file(store, &paper.filing, &error));
    g_assert_false(is_signature_seen("d=shop.example s=a b=x"));
    g_assert_true(store_approve_draft(store, paper.filed.case_id, "anna", NULL,
                                      PAPER_NOW, PAPER_NOW, &error));
    g_assert_true(is_signature_seen("d=shop.example s=a b=x"));
    g_assert_false(is_signature_seen("d=shop.example s=a b=y"));
}

static void test_suppression_ends(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(counts_suppress(store, "Silent@example.org", PAPER_NOW + 100,
                                  "asked", &error));
    g_assert_true(counts_suppress(store, "silent@example.org", PAPER_NOW,
                                  "shorter", &error));
    g_assert_true(count("silent+x@example.org", NULL, PAPER_NOW + 100)
                      .address_suppressed);
    g_assert_false(
        count("silent@example.org", NULL, PAPER_NOW + 101).address_suppressed);
}

static GateCounts count_of(const CountKeys *keys, Instant now)
{
    g_autoptr(GError) error = NULL;
    GateCounts counts;
    store_counts(store, keys, now, &counts, &error);
    g_assert_no_error(error);
    return counts;
}

static void file_to(const char *tag, const char *thread, const char *domain)
{
    g_autofree char *inbox_id = paper_accept(store, tag);
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, ACTION_SEND, tag);
    paper.filing.thread = thread;
    paper.filing.proven_domain = domain;
    g_autoptr(GError) error = NULL;
    g_assert_true(store_file(store, &paper.filing, &error));
    g_assert_no_error(error);
    g_free(paper.filed.case_id);
    paper.filed.case_id = NULL;
}

/* The same letter in the same name to the same reader; by what it is about. */
static void test_same_letter(void)
{
    file_to("same1", "<root@shop.example>", NULL);
    g_auto(Paper) paper = {0};
    paper_init(&paper, "x", ACTION_SEND, "same2");
    const char *template_id = paper.reply.template_id;
    g_autoptr(GPtrArray) same = g_ptr_array_new();
    g_ptr_array_add(same, (char *)"192.0.2.77 20576");
    g_autoptr(GPtrArray) other = g_ptr_array_new();
    g_ptr_array_add(other, (char *)"192.0.2.77 20577");
    CountKeys keys = {.address = "N.OC+1@Shop.example",
                      .member = "bib",
                      .template_id = template_id,
                      .events = same};
    g_assert_cmpuint(count_of(&keys, PAPER_NOW).same_1d, ==, 0);
    g_assert_cmpuint(count_of(&keys, PAPER_NOW).same_domain_1d, >, 0);
    keys.address = "other@else.example";
    g_assert_cmpuint(count_of(&keys, PAPER_NOW).same_domain_1d, ==, 0);
    keys.address = "NOC+1@Shop.example";
    g_assert_cmpuint(count_of(&keys, PAPER_NOW).same_1d, >, 0);
    g_assert_cmpuint(count_of(&keys, PAPER_NOW).same_7d, >, 0);
    Instant later = PAPER_NOW + 2 * PAPER_DAY;
    g_assert_cmpuint(count_of(&keys, later).same_1d, ==, 0);
    g_assert_cmpuint(count_of(&keys, later).same_7d, >, 0);
    g_assert_cmpuint(count_of(&keys, PAPER_NOW + 8 * PAPER_DAY).same_7d, ==, 0);
    keys.events = other;
    g_assert_cmpuint(count_of(&keys, later).same_7d, ==, 0);
    g_ptr_array_add(other, (char *)"192.0.2.77 20576");
    g_assert_cmpuint(count_of(&keys, later).same_7d, ==, 0);
    keys.events = same;
    keys.member = "club";
    g_assert_cmpuint(count_of(&keys, PAPER_NOW).same_1d, ==, 0);
    keys.member = "bib";
    keys.template_id = "XX/other.en";
    g_assert_cmpuint(count_of(&keys, PAPER_NOW).same_1d, ==, 0);
}

/* A thread, a template and the desk itself have counts that never end. */
static void test_counts_for_ever(void)
{
    const Instant late = PAPER_NOW + 4000 * PAPER_DAY;
    CountKeys keys = {.thread = "<root@shop.example>"};
    g_assert_cmpuint(count_of(&keys, late).thread_letters, ==, 1);
    keys.thread = "<other@shop.example>";
    g_assert_cmpuint(count_of(&keys, late).thread_letters, ==, 0);
    g_auto(Paper) paper = {0};
    paper_init(&paper, "x", ACTION_SEND, "ever");
    keys.template_id = paper.reply.template_id;
    GateCounts before = count_of(&keys, late);
    g_assert_cmpuint(before.of_template_ever, ==, before.letters_ever);
    g_autofree char *id = paper_file(store, ACTION_HOLD, "ever1");
    g_assert_cmpuint(count_of(&keys, late).letters_ever, ==,
                     before.letters_ever);
    g_assert_true(store_approve_draft(store, id, "anna", NULL, PAPER_NOW,
                                      PAPER_NOW, NULL));
    g_assert_cmpuint(count_of(&keys, late).letters_ever, ==,
                     before.letters_ever + 1);
    g_assert_cmpuint(count_of(&keys, late).of_template_ever, ==,
                     before.of_template_ever + 1);
}

static void test_domains(void)
{
    const CountKeys keys = {.address = "a@Met.example"};
    g_assert_true(count_of(&keys, PAPER_NOW).domain_since == INSTANT_NONE);
    file_to("met1", NULL, "MET.example");
    g_assert_true(count_of(&keys, PAPER_NOW).domain_since == PAPER_NOW);
    file_to("met2", NULL, "met.example");
    g_assert_true(count_of(&keys, 0).domain_since == PAPER_NOW);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_autofree char *directory = paper_directory();
    store = store_open(directory, STORE_WRITE, NULL);
    g_test_add_func("/store/counts/form", test_counting_form);
    g_test_add_func("/store/counts/windows", test_windows);
    g_test_add_func("/store/counts/not-short", test_windows_are_not_short);
    g_test_add_func("/store/counts/clock", test_clock_set_back);
    g_test_add_func("/store/counts/stopped", test_stopped_letters_count);
    g_test_add_func("/store/counts/signature", test_signature_is_answered_once);
    g_test_add_func("/store/counts/suppression", test_suppression_ends);
    g_test_add_func("/store/counts/same-letter", test_same_letter);
    g_test_add_func("/store/counts/for-ever", test_counts_for_ever);
    g_test_add_func("/store/counts/domains", test_domains);
    int status = g_test_run();
    store_close(store);
    paper_remove(directory);
    return status;
}
