#include "reply/route.h"
#include "reply/sample.h"

#include <string.h>

static const char *or_null(const char *word)
{
    return g_str_equal(word, "-") ? NULL : word;
}

static Verdict verdict_named(const char *word)
{
    for (Verdict v = 0; v < VERDICT_COUNT; v++)
        if (g_str_equal(verdict_word(v), word))
            return v;
    g_error("no verdict %s", word);
}

static SenderClass sender_named(const char *word)
{
    for (SenderClass s = 0; s < SENDER_COUNT; s++)
        if (g_str_equal(sender_class_word(s), word))
            return s;
    g_error("no sender %s", word);
}

static void set_time(Incident *incident, const char *word)
{
    if (g_str_equal(word, "certain"))
        return;
    if (g_str_equal(word, "doubtful")) {
        incident->time->certain = false;
        return;
    }
    g_assert_cmpstr(word, ==, "missing");
    g_clear_pointer(&incident->time, cited_time_free);
}

/* policy, reporter, category, verdict, sender, protocol, time */
static const char *letter_for(char **words)
{
    g_autoptr(Sample) sample = sample_new(SAMPLE_EXIT | SAMPLE_TIME, words[2]);
    sample->ticket->verdict = verdict_named(words[3]);
    sample->findings->report->sender_class = sender_named(words[4]);
    Incident *incident = sample->findings->incidents->pdata[0];
    g_free(incident->protocol);
    incident->protocol = g_strdup(or_null(words[5]));
    set_time(incident, words[6]);
    RouteQuestion question = {.policy = or_null(words[0]),
                              .reporter = or_null(words[1]),
                              .findings = sample->findings,
                              .ticket = sample->ticket};
    const char *why = NULL;
    const char *letter = route_letter(&question, &why);
    g_assert_nonnull(why);
    return letter ? letter : "-";
}

static void test_table(void)
{
    g_autofree char *table = NULL;
    g_assert(g_file_get_contents(TEST_DIR "/routes.table", &table, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(table, "\n", -1);
    guint count = 0;
    for (char **line = lines; *line; line++) {
        if (!**line || **line == '#')
            continue;
        g_auto(GStrv) words = g_strsplit(*line, " ", -1);
        g_assert_cmpuint(g_strv_length(words), ==, 9);
        g_test_message("%s", *line);
        g_assert_cmpstr(letter_for(words), ==, words[8]);
        count++;
    }
    g_assert_cmpuint(count, >=, 25);
}

/* A letter of the table that is not shipped would never be written. */
static void test_letters_exist(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Templates) templates =
        templates_load((const char *const[]){TEMPLATE_DIR, NULL}, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < route_count(); i++) {
        const char *why;
        const char *letter = route_text(i, &why);
        if (*letter == '(')
            continue;
        g_assert_nonnull(templates_choose(templates, "XX", letter,
                                          (const char *const[]){"en", NULL}));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/route/table", test_table);
    g_test_add_func("/reply/route/letters-exist", test_letters_exist);
    return g_test_run();
}
