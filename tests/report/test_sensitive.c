/* Recall and false alarms over the invented letters of letters/: no letter
 * of an authority, a court, a lawyer, about a life or illegal images may get
 * an answer from a program. */
#include "lettersets.h"
#include "report/report.h"
#include "report/sensitive_words.h"

#include <locale.h>
#include <math.h>
#include <string.h>
#include <time.h>

static const struct {
    const char *word;
    uint32_t bit;
    double floor; /* share that must be recognised */
} MATTERS[] = {
    {"authority", SENSITIVE_AUTHORITY, 0.995},
    {"court", SENSITIVE_COURT, 0.995},
    {"lawyer", SENSITIVE_LAWYER, 0.995},
    {"life", SENSITIVE_LIFE, 0.995},
    {"child-abuse", SENSITIVE_CHILD_ABUSE, 0.995},
};
#define FALSE_ALARMS_MAX 0.02
#define HOSTILE_BYTES    (64u << 10)
#define HOSTILE_NOISE_US 30000 /* a busy machine; quadratic costs far more */
#define HOSTILE_WHY_MAX  12    /* quotes kept as reasons */

typedef struct {
    unsigned letters, right;
} Tally;

/* The matters read; words is what decided it, yours. */
static uint32_t sensitive_of(const SetLetter *letter, char **words)
{
    g_autoptr(GBytes) raw = set_letter_render(letter);
    g_autoptr(GError) error = NULL;
    g_autoptr(Mail) mail = mail_parse(raw, &error);
    g_assert_no_error(error);
    g_autoptr(Report) report = report_read(mail);
    GString *quotes = g_string_new(report->category);
    for (guint i = 0; i < report->sensitive_why->len; i++) {
        const Quote *quote = report->sensitive_why->pdata[i];
        g_string_append_printf(quotes, ", %s", quote->words);
    }
    *words = g_string_free(quotes, FALSE);
    return report->sensitive;
}

static char *words_of(uint32_t bits)
{
    GString *words = g_string_new(NULL);
    for (uint32_t bit = 1; bit < SENSITIVE_ALL; bit <<= 1)
        if (bits & bit)
            g_string_append_printf(words, "%s%s", words->len ? " " : "",
                                   sensitive_word((Sensitive)bit));
    return g_string_free(words, FALSE);
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All sets in the order of their names, so that a language stands together. */
static GPtrArray *load_sets(void)
{
    g_autoptr(GDir) dir = g_dir_open(TEST_DIR "/letters", 0, NULL);
    g_assert_nonnull(dir);
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir));)
        if (g_str_has_suffix(name, ".letters") ||
            g_str_has_suffix(name, ".ordinary"))
            g_ptr_array_add(paths,
                            g_build_filename(TEST_DIR, "letters", name, NULL));
    g_ptr_array_sort(paths, by_name);
    GPtrArray *letters =
        g_ptr_array_new_with_free_func((GDestroyNotify)set_letter_free);
    for (guint i = 0; i < paths->len; i++)
        letterset_load(paths->pdata[i], letters);
    return letters;
}

/* Count one letter; tell when it went wrong. */
static void judge(const SetLetter *letter, uint32_t wanted, Tally *tally)
{
    g_autofree char *why = NULL;
    uint32_t seen = sensitive_of(letter, &why);
    bool is_right = wanted ? (seen & wanted) != 0 : seen == 0;
    tally->letters++;
    tally->right += is_right;
    if (is_right)
        return;
    g_autofree char *words = words_of(seen);
    g_test_message("%s: %s, read as \"%s\" (%s): %s | %.200s", letter->place,
                   letter->matter, words, why, letter->subject, letter->text);
}

/* "de 61/62": how one language did. */
static void tell_language(GString *line, const char *language, Tally tally)
{
    if (tally.letters)
        g_string_append_printf(line, " %s %u/%u", language, tally.right,
                               tally.letters);
}

static Tally judge_all(const GPtrArray *letters, const char *matter,
                       uint32_t wanted)
{
    g_autoptr(GString) line = g_string_new(matter);
    const char *language = "";
    Tally all = {0}, of_language = {0};
    for (guint i = 0; i < letters->len; i++) {
        const SetLetter *letter = letters->pdata[i];
        if (strcmp(letter->matter, matter) != 0)
            continue;
        if (strcmp(letter->language, language) != 0) {
            tell_language(line, language, of_language);
            of_language = (Tally){0};
            language = letter->language;
        }
        unsigned before = of_language.right;
        judge(letter, wanted, &of_language);
        all.letters++;
        all.right += of_language.right - before;
    }
    tell_language(line, language, of_language);
    g_test_message("%s; all %u/%u", line->str, all.right, all.letters);
    return all;
}

static void test_recall(void)
{
    g_autoptr(GPtrArray) letters = load_sets();
    unsigned sensitive = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(MATTERS); i++) {
        Tally tally = judge_all(letters, MATTERS[i].word, MATTERS[i].bit);
        sensitive += tally.letters;
        if (tally.right < MATTERS[i].floor * tally.letters)
            g_test_fail_printf("%s: only %u of %u", MATTERS[i].word,
                               tally.right, tally.letters);
    }
    g_assert_cmpuint(sensitive, >=, 520);
}

static void test_false_alarms(void)
{
    g_autoptr(GPtrArray) letters = load_sets();
    Tally tally = judge_all(letters, "none", 0);
    g_assert_cmpuint(tally.letters, >=, 250);
    g_assert_cmpuint(tally.letters - tally.right, <=,
                     FALSE_ALARMS_MAX * tally.letters);
}

/* CPU time of reading a text of that many bytes, the best of three. */
static double read_us(const char *piece, size_t bytes)
{
    GString *raw = g_string_new("From: a@example.com\nSubject: abuse\n"
                                "Content-Type: text/plain; charset=utf-8\n\n");
    while (raw->len < bytes)
        g_string_append(raw, piece);
    g_autoptr(GBytes) all = g_string_free_to_bytes(raw);
    g_autoptr(Mail) mail = mail_parse(all, NULL);
    g_assert_nonnull(mail);
    double best = INFINITY;
    for (int i = 0; i < 3; i++) {
        clock_t begin = clock();
        g_autoptr(Report) report = report_read(mail);
        best = MIN(best, (double)(clock() - begin) * 1e6 / CLOCKS_PER_SEC);
        g_assert_cmpuint(report->sensitive_why->len, <=, HOSTILE_WHY_MAX);
    }
    return best;
}

/* Twice the text may not cost more than 2.3 times the time. */
static void test_hostile_length(void)
{
    static const char *const PIECES[] = {
        "court ",                        /* halves without end */
        "court orders ",                 /* and pairs */
        "police ",                       /* plain names that nobody announces */
        "we will report to the police ", /* and announced ones */
        "suicide squad mail bomb in the ", /* excuses within excuses */
        "1 Js 1 Js 1/2 3:26-cv-",          /* almost file numbers */
        "Js",                              /* one token */
        "прокуратурапрокурор",             /* one word */
        "法院警察律师",                    /* phrases that begin anywhere */
        "-- \npolice\n\n",                 /* signatures */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(PIECES); i++) {
        double once = read_us(PIECES[i], HOSTILE_BYTES);
        double twice = read_us(PIECES[i], 2 * HOSTILE_BYTES);
        g_test_message("%s: %.0f us, twice as long %.0f us", PIECES[i], once,
                       twice);
        g_assert_cmpfloat(twice, <, 2.3 * once + HOSTILE_NOISE_US);
    }
}

/* Shapes that are file numbers and shapes that nearly are. */
static void test_file_numbers(void)
{
    static const struct {
        const char *text, *matter, *words;
    } CASES[] = {
        {"Az.: 230 UJs 1187/26, bitte", "authority", "230 UJs 1187/26,"},
        {"> (12 Gs 345/2026)", "court", "12 Gs 345/2026)"},
        {"Case 3:26-cv-01871 was", "court", "3:26-cv-01871"},
        {"3 Js 1142", NULL, NULL},
        {"x Js 1142/26", NULL, NULL},
        {"3 js 1142/26", NULL, NULL},
        {"3 C 12/26/1", NULL, NULL},
        {"3 Hz 12/26", NULL, NULL},
        {"03:26:01 cv-01871", NULL, NULL},
        {"Js 1/26", NULL, NULL},
        {"", NULL, NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        size_t at = 0, bytes = 0;
        const char *text = CASES[i].text;
        const char *matter =
            sensitive_file_number(text, strlen(text), &at, &bytes);
        g_assert_cmpstr(matter, ==, CASES[i].matter);
        g_autofree char *words = matter ? g_strndup(text + at, bytes) : NULL;
        g_assert_cmpstr(words, ==, CASES[i].words);
    }
}

int main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "C.UTF-8"); /* misses are told in their script */
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    report_prepare();
    g_test_add_func("/sensitive/recall", test_recall);
    g_test_add_func("/sensitive/false-alarms", test_false_alarms);
    g_test_add_func("/sensitive/hostile-length", test_hostile_length);
    g_test_add_func("/sensitive/file-numbers", test_file_numbers);
    return g_test_run();
}
