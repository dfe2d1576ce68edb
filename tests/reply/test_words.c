/* Words whose text the language or the number of incidents changes. */
#include "reply/sample.h"
#include "reply/words.h"

#include <string.h>

static void assert_word(const Sample *sample, const char *word,
                        const char *expected)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(LetterWords) words = letter_words_new(&sample->context, &error);
    g_assert_no_error(error);
    TemplateValues values = letter_words_values(words);
    g_assert_cmpstr(values.text(values.data, word), ==, expected);
}

/* A sample that cites so many addresses, each a minute after the other or all
 * at one moment. */
static Sample *sample_of(guint addresses, const Match **matches, bool apart)
{
    Sample *sample = sample_new(SAMPLE_USUAL, "messaging/spam");
    const Incident *first = sample->findings->incidents->pdata[0];
    const Reading *at = first->time->readings->pdata[0];
    for (guint i = 0; i < addresses; i++) {
        g_autofree char *text = g_strdup_printf("192.0.2.%u", i + 1);
        Incident *one = i == 0 ? sample->findings->incidents->pdata[0]
                               : g_memdup2(first, sizeof *first);
        g_assert_true(ip_parse(text, strlen(text), &one->address));
        matches[i] = sample->matches->pdata[0];
        if (i == 0)
            continue;
        one->address_quote = NULL;
        one->role_why = NULL;
        one->protocol = NULL;
        one->time = g_new0(CitedTime, 1);
        one->time->certain = true;
        one->time->readings = g_ptr_array_new_with_free_func(g_free);
        Reading *reading = g_new0(Reading, 1);
        reading->from = reading->to = at->from + (apart ? 60 * i : 0);
        g_ptr_array_add(one->time->readings, reading);
        g_ptr_array_add(sample->findings->incidents, one);
        g_array_append_val(sample->ticket->incidents, i);
    }
    sample->context.matches = matches;
    return sample;
}

/* "A and B"; "A, B, C and 2 more" in the letter's language. */
static void test_lists(void)
{
    static const struct {
        const char *language;
        guint count;
        const char *expected;
    } CASES[] = {
        {"en", 1, "192.0.2.1"},
        {"en", 2, "192.0.2.1 and 192.0.2.2"},
        {"en", 4, "192.0.2.1, 192.0.2.2, 192.0.2.3 and 192.0.2.4"},
        {"en", 5, "192.0.2.1, 192.0.2.2, 192.0.2.3 and 2 more"},
        {"de", 6, "192.0.2.1, 192.0.2.2, 192.0.2.3 und 3 weitere"},
        {"fr", 5, "192.0.2.1, 192.0.2.2, 192.0.2.3 et 2 autres"},
        {"it", 5, "192.0.2.1, 192.0.2.2, 192.0.2.3 e altri 2"},
        {"pl", 5, "192.0.2.1, 192.0.2.2, 192.0.2.3 i jeszcze 2"},
        {"sv", 2, "192.0.2.1 och 192.0.2.2"},
        {"pt-BR", 2, "192.0.2.1 e 192.0.2.2"},
        {"ro", 5, "192.0.2.1, 192.0.2.2, 192.0.2.3, +2"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const Match *matches[6];
        g_autoptr(Sample) sample = sample_of(CASES[i].count, matches, true);
        sample->context.language = CASES[i].language;
        assert_word(sample, "incident.address", CASES[i].expected);
    }
}

/* A moment is stated only if all that is cited is of that one. */
static void test_moment(void)
{
    const Match *matches[3];
    g_autoptr(Sample) apart = sample_of(3, matches, true);
    assert_word(apart, "time.utc", "");
    g_autoptr(Sample) at_once = sample_of(3, matches, false);
    assert_word(at_once, "time.utc", "2026-05-03 14:02:11");
    Incident *last = at_once->findings->incidents->pdata[2];
    last->time->certain = false;
    assert_word(at_once, "time.utc", "");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/words/lists", test_lists);
    g_test_add_func("/reply/words/moment", test_moment);
    return g_test_run();
}
