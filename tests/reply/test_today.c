/*
 * Claims that ask the record itself: what holds in the newest list, and the
 * summary of a policy where the match only kept one rule.
 */
#include "../relay/network.h"
#include "relay/import.h"
#include "reply/sample.h"
#include "reply/words.h"

/* The sample's event is at 14:02 of the day before "now" (12:20), from
 * 192.0.2.77 to port 22. */
#define THEN  "hour 2026-05-03T14:00 ns\n"
#define TODAY "hour 2026-05-04T12:00 ns\n"
/* A relay may still be used a day after the last list that names it. */
#define DAY_AFTER   "hour 2026-05-05T12:00 ns\n"
#define EVENT_RELAY "r alpha 192.0.2.77 s=Exit p=accept_22,80,443\n"

static History *history_of(const char *notation)
{
    g_autofree char *directory = network_new_directory();
    g_autofree char *documents = network_new_directory();
    g_autofree char *path = g_build_filename(documents, "network.txt", NULL);
    g_assert_true(g_file_set_contents(path, notation, -1, NULL));
    g_autofree char *files = network_new_directory();
    g_autoptr(GPtrArray) paths = network_write(path, files);
    g_assert_cmpuint(paths->len, >, 0);
    const char *const all[] = {files, NULL};
    g_autoptr(GError) error = NULL;
    ImportSummary summary;
    g_assert_true(relay_import(directory, all, network_authorities(), NULL,
                               NULL, NULL, &summary, &error));
    import_summary_clear(&summary);
    History *history = history_open(directory, &error);
    g_assert_no_error(error);
    network_remove_directory(files);
    network_remove_directory(documents);
    network_remove_directory(directory);
    return history;
}

static ClaimAnswer answer_of(const Sample *sample, const char *name)
{
    g_autoptr(GPtrArray) claims = claims_evaluate(&sample->context);
    for (guint i = 0; i < claims->len; i++) {
        const Claim *claim = claims->pdata[i];
        if (g_str_equal(claim->name, name))
            return claim->answer;
    }
    g_error("no claim %s", name);
}

static char *word_of(const Sample *sample, const char *word)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(LetterWords) words = letter_words_new(&sample->context, &error);
    g_assert_no_error(error);
    TemplateValues values = letter_words_values(words);
    return g_strdup(values.text(values.data, word));
}

static const struct {
    const char *what, *notation;
    ClaimAnswer blocked, gone;
    const char *seen;
} CASES[] = {
    {"closed to port 22 now",
     THEN EVENT_RELAY TODAY "r alpha 192.0.2.77 s=Exit p=accept_80,443\n",
     CLAIM_YES, CLAIM_NO, "2026-05-04 12:00"},
    {"no exit any more",
     THEN EVENT_RELAY TODAY "r alpha 192.0.2.77 p=reject_1-65535\n", CLAIM_YES,
     CLAIM_NO, "2026-05-04 12:00"},
    {"as it was", THEN EVENT_RELAY TODAY EVENT_RELAY, CLAIM_NO, CLAIM_NO, ""},
    {"another relay there lets it out",
     THEN EVENT_RELAY TODAY "r alpha 192.0.2.77 s=Exit p=accept_80,443\n"
                            "r beta 192.0.2.77 s=Exit p=accept_22\n",
     CLAIM_NO, CLAIM_NO, ""},
    {"gone", THEN EVENT_RELAY DAY_AFTER "r other 192.0.2.99 p=reject_1-65535\n",
     CLAIM_NO, CLAIM_YES, ""},
    {"gone, but only since today",
     THEN EVENT_RELAY TODAY "r other 192.0.2.99 p=reject_1-65535\n",
     CLAIM_UNKNOWN, CLAIM_UNKNOWN, ""},
    {"gone, a stranger in the same network",
     THEN EVENT_RELAY DAY_AFTER "r other 198.51.100.9 s=Exit p=accept_22\n",
     CLAIM_NO, CLAIM_YES, ""},
    {"the newest list is that of the event",
     THEN EVENT_RELAY
     "hour 2026-05-03T12:00 ns\nr other 192.0.2.99 p=reject_1-65535\n",
     CLAIM_NO, CLAIM_NO, ""},
};

static void test_today(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_test_message("%s", CASES[i].what);
        g_autoptr(History) history = history_of(CASES[i].notation);
        g_autoptr(Sample) sample = sample_new(
            SAMPLE_EXIT | SAMPLE_TIME | SAMPLE_PORT, "messaging/spam");
        sample->context.history = history;
        sample->context.now = history_span(history).to + INSTANT_HOUR_S;
        g_assert_cmpint(answer_of(sample, "destination-blocked"), ==,
                        CASES[i].blocked);
        g_assert_cmpint(answer_of(sample, "relay-gone"), ==, CASES[i].gone);
        g_autofree char *seen = word_of(sample, "remedy.seen");
        g_assert_cmpstr(seen, ==, CASES[i].seen);
    }
}

/* Of an old list, of no port, of no relay then, nothing is said. */
static void test_unknown(void)
{
    g_autoptr(History) history = history_of(
        THEN EVENT_RELAY DAY_AFTER "r other 192.0.2.99 p=reject_1-65535\n");
    g_autoptr(Sample) sample =
        sample_new(SAMPLE_EXIT | SAMPLE_TIME, "messaging/spam");
    sample->context.history = history;
    sample->context.now = history_span(history).to;
    g_assert_cmpint(answer_of(sample, "relay-gone"), ==, CLAIM_YES);
    g_assert_cmpint(answer_of(sample, "destination-blocked"), ==,
                    CLAIM_UNKNOWN);
    sample->context.now += 2 * INSTANT_DAY_S;
    g_assert_cmpint(answer_of(sample, "relay-gone"), ==, CLAIM_UNKNOWN);
    g_autofree char *newest = word_of(sample, "record.newest");
    g_assert_cmpstr(newest, ==, "");
    g_autoptr(Sample) none =
        sample_new(SAMPLE_NOT_LISTED | SAMPLE_TIME, "messaging/spam");
    none->context.history = history;
    g_assert_cmpint(answer_of(none, "relay-gone"), ==, CLAIM_NO);
}

/* The match kept the deciding rule; the list of ports is in the record. */
static void test_ports(void)
{
    g_autoptr(History) history = history_of(THEN EVENT_RELAY TODAY EVENT_RELAY);
    g_autoptr(Sample) sample =
        sample_new(SAMPLE_EXIT | SAMPLE_TIME, "messaging/spam");
    const Match *match = sample->matches->pdata[0];
    RelaySighting *relay = match->relays->pdata[0];
    g_free(relay->policy_text);
    relay->policy_text = g_strdup("accept *:22");
    g_assert_cmpint(answer_of(sample, "reduced-policy"), ==, CLAIM_UNKNOWN);
    sample->context.history = history;
    g_assert_cmpint(answer_of(sample, "reduced-policy"), ==, CLAIM_YES);
    g_autofree char *ports = word_of(sample, "relay.ports");
    g_assert_cmpstr(ports, ==, "22, 80, 443");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/today/table", test_today);
    g_test_add_func("/reply/today/unknown", test_unknown);
    g_test_add_func("/reply/today/ports", test_ports);
    return g_test_run();
}
