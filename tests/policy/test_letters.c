/* What the gate does with the invented letters of tests/report/letters: each
 * is read, and put into a case in which everything else allows a letter. */
#include "gate_bench.h"
#include "policy/gate_rules.h"
#include "report/lettersets.h"

#include <string.h>

/* Of 1000. The reader's words alone may miss; the gate may not. */
#define SENT_LETTERS_MAX       5
#define ESCALATED_ORDINARY_MAX 40
#define HELD_ORDINARY_MAX      80

/* UNKNOWN: held for a category that was not understood, and nothing else. */
typedef enum { ESCALATED, HELD, UNKNOWN, OTHERWISE, SENT, OUTCOMES } Outcome;
typedef struct {
    unsigned outcomes[OUTCOMES], all;
} Tally;

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* D00c holds what would leave without it: OTHERWISE is held by another rule
 * that says nothing of the matter. */
static Outcome outcome_of(const Decision *decision, bool is_unknown)
{
    if (decision->action == ACTION_ESCALATE)
        return ESCALATED;
    for (guint i = 0; i < decision->hits->len; i++)
        if (strcmp(g_array_index(decision->hits, GateHit, i).id, "D00c") == 0)
            return is_unknown ? UNKNOWN : HELD;
    return decision->action == ACTION_SEND ? SENT : OTHERWISE;
}

/* Does D00c have no other reason than the category? */
static bool rests_on_category(const Report *report)
{
    bool wants = false;
    for (guint i = 0; i < report->demands->len; i++) {
        DemandKind kind = ((Demand *)report->demands->pdata[i])->kind;
        wants |= kind == DEMAND_IDENTITY || kind == DEMAND_LOGS ||
                 kind == DEMAND_PRESERVE || kind == DEMAND_DECLARE ||
                 kind == DEMAND_PAY;
    }
    return !wants && !report_has_flag(report, "may-be-sensitive");
}

static char *words_of(const Report *report)
{
    GString *words = g_string_new(report->category);
    g_string_append_printf(words, ", %s",
                           sender_class_word(report->sender_class));
    for (guint i = 0; i < report->flags->len; i++)
        g_string_append_printf(words, ", %s", (char *)report->flags->pdata[i]);
    for (guint i = 0; i < report->demands->len; i++)
        g_string_append_printf(
            words, ", wants %s",
            demand_kind_word(((Demand *)report->demands->pdata[i])->kind));
    for (guint i = 0; i < report->sensitive_why->len; i++)
        g_string_append_printf(
            words, ", \"%s\"",
            ((Quote *)report->sensitive_why->pdata[i])->words);
    return g_string_free(words, FALSE);
}

static Outcome judge(const SetLetter *letter, bool is_ordinary)
{
    g_autoptr(GBytes) raw = set_letter_render(letter);
    g_autoptr(Mail) mail = mail_parse(raw, NULL);
    g_assert_nonnull(mail);
    g_autoptr(Report) report = report_read(mail);
    g_autoptr(GateBench) bench = gate_bench_new();
    bench->findings.report = report;
    bench->strict.from = report->reporter_address;
    bench->input.envelope_from = report->reporter_address;
    bench->ticket.category = report->category;
    g_autoptr(Decision) decision = gate_decide(&bench->input);
    Outcome outcome = outcome_of(decision, rests_on_category(report));
    static const char *const WORDS[] = {"escalated", "held", "unknown",
                                        "otherwise", "sent"};
    g_autofree char *why = words_of(report);
    if (is_ordinary == (outcome <= UNKNOWN))
        g_test_message("%s: %s, %s by %s (%s): %s | %.150s", letter->place,
                       letter->matter, WORDS[outcome], decision->rule, why,
                       letter->subject, letter->text);
    return outcome;
}

static void judge_file(const char *path, Tally *letters, Tally *ordinary)
{
    g_autoptr(GPtrArray) set =
        g_ptr_array_new_with_free_func((GDestroyNotify)set_letter_free);
    letterset_load(path, set);
    Tally here[2] = {0};
    for (guint i = 0; i < set->len; i++) {
        const SetLetter *letter = set->pdata[i];
        bool is_ordinary = strcmp(letter->matter, "none") == 0;
        Outcome outcome = judge(letter, is_ordinary);
        here[is_ordinary].outcomes[outcome]++;
        here[is_ordinary].all++;
    }
    Tally *sums[] = {letters, ordinary};
    for (int k = 0; k < 2; k++) {
        for (int i = 0; i < OUTCOMES; i++)
            sums[k]->outcomes[i] += here[k].outcomes[i];
        sums[k]->all += here[k].all;
        if (here[k].all)
            g_test_message("%s, %s: %u escalated, %u held, %u held as unknown, "
                           "%u otherwise, %u would leave, of %u",
                           path, k ? "ordinary" : "letters",
                           here[k].outcomes[ESCALATED], here[k].outcomes[HELD],
                           here[k].outcomes[UNKNOWN],
                           here[k].outcomes[OTHERWISE], here[k].outcomes[SENT],
                           here[k].all);
    }
}

static void test_letters(void)
{
    g_autoptr(GDir) dir = g_dir_open(LETTERS_DIR, 0, NULL);
    g_assert_nonnull(dir);
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir));)
        if (!g_str_has_suffix(name, ".md"))
            g_ptr_array_add(paths, g_build_filename(LETTERS_DIR, name, NULL));
    g_ptr_array_sort(paths, by_name);
    Tally letters = {0}, ordinary = {0};
    for (guint i = 0; i < paths->len; i++)
        judge_file(paths->pdata[i], &letters, &ordinary);
    g_test_message("letters: %u escalated, %u held, %u held as unknown, %u "
                   "would leave, of %u",
                   letters.outcomes[ESCALATED], letters.outcomes[HELD],
                   letters.outcomes[UNKNOWN],
                   letters.outcomes[SENT] + letters.outcomes[OTHERWISE],
                   letters.all);
    g_test_message("ordinary: %u escalated, %u held, %u held as unknown, of %u",
                   ordinary.outcomes[ESCALATED], ordinary.outcomes[HELD],
                   ordinary.outcomes[UNKNOWN], ordinary.all);
    g_assert_cmpuint(letters.all, >=, 700);
    g_assert_cmpuint(1000 * letters.outcomes[SENT], <=,
                     SENT_LETTERS_MAX * letters.all);
    g_assert_cmpuint(1000 * ordinary.outcomes[ESCALATED], <=,
                     ESCALATED_ORDINARY_MAX * ordinary.all);
    g_assert_cmpuint(1000 * ordinary.outcomes[HELD], <=,
                     HELD_ORDINARY_MAX * ordinary.all);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    report_prepare();
    g_test_add_func("/policy/gate/letters", test_letters);
    return g_test_run();
}
