/* Folding and phrases, and the tables of phrases themselves. */
#include "report/words.h"

#include "report/category.h"
#include "report/category_words.h"
#include "report/report.h"

#include <string.h>

static const WordRow ROWS[] = {
    {"port scan", "plain", 1}, {"scan*", "open end", 1},
    {"*anwalt*", "inside", 1}, {"forged* letter*", "gap", 1},
    {"straße", "sharp s", 1},  {"прокуратур*", "cyrillic", 1},
};

/* The meanings that hit, in order. */
static char *find(const char *text)
{
    static WordIndex *index;
    if (!index)
        index = word_index_new(ROWS, G_N_ELEMENTS(ROWS));
    g_autoptr(FoldedText) folded = folded_text_new(text, strlen(text));
    g_autoptr(GArray) hits = word_index_find(index, folded, 100);
    GString *found = g_string_new(NULL);
    for (guint i = 0; i < hits->len; i++) {
        const WordHit *hit = &g_array_index(hits, WordHit, i);
        g_assert_cmpuint(hit->at + hit->length, <=, strlen(text));
        g_string_append_printf(found, "%s%s=%.*s", i ? ", " : "",
                               hit->row->meaning, (int)hit->length,
                               text + hit->at);
    }
    return g_string_free(found, FALSE);
}

static void expect(const char *text, const char *expected)
{
    g_autofree char *found = find(text);
    g_assert_cmpstr(found, ==, expected);
}

static void test_folding(void)
{
    expect("a PORT-Scan here", "plain=PORT-Scan, open end=Scan");
    expect("> a port\n> scan", "plain=port\n> scan, open end=scan");
    expect("port_scan", "plain=port_scan, open end=scan");
    expect("airport scanned", "open end=scanned");
    expect("Rechtsanwältin", "inside=anwältin");
    expect("Staatsanwaltschaft", "inside=anwaltschaft");
    expect("forged letters", "gap=forged letters");
    expect("Forgeding letter", "gap=Forgeding letter");
    expect("Straße STRASSE", "sharp s=Straße, sharp s=STRASSE");
    expect("Прокуратура", "cyrillic=Прокуратура");
    expect("po\xe2\x80\x8brt scan",
           "plain=po\xe2\x80\x8brt scan, open end=scan");
    expect("", "");
}

static void check_folded(const char *text, const char *expected)
{
    g_autoptr(FoldedText) folded = folded_text_new(text, strlen(text));
    g_assert_cmpstr(folded->text, ==, expected);
}

/* Letters that look like others are read as what they look like, but only
 * within Latin words. */
static void test_disguised(void)
{
    check_folded("p\u043elice", " police ");
    check_folded("\u0441\u043eurt", " court ");
    check_folded("\u0420o\u0421\u0435", " poce ");
    check_folded("\u043a\u0438\u043e\u0442 x", " \u043a\u0438\u043e\u0442 x ");
    check_folded("\u0441\u043e\u0441", " \u0441\u043e\u0441 ");
    check_folded("\uff30\uff2f\uff2c\uff29\uff23\uff25", " police ");
    check_folded("\U0001d429\U0001d428\U0001d425ice", " police ");
    check_folded("po\u202elice, po\u2066lice\u2069", " police, police ");
    check_folded("\u65e5\uff1a\uff11", " \u65e5 1 ");
}

/* An offset of the folded text leads to where its letter stood. */
static void test_offsets(void)
{
    static const char TEXT[] = "Ünïcode \xc3\x9f and  many\n> > blanks";
    g_autoptr(FoldedText) folded = folded_text_new(TEXT, strlen(TEXT));
    g_assert_cmpstr(folded->text, ==, " unicode ss and many blanks ");
    for (size_t i = 1; i < folded->length; i++)
        g_assert_cmpuint(folded->from[i - 1], <=, folded->from[i]);
    const char *at = strstr(folded->text, "blanks");
    g_assert_cmpstr(TEXT + folded->from[at - folded->text], ==, "blanks");
}

static void time_text(const char *piece, size_t bytes)
{
    GString *text = g_string_new(NULL);
    while (text->len < bytes)
        g_string_append(text, piece);
    gint64 begin = g_get_monotonic_time();
    g_autoptr(FoldedText) folded = folded_text_new(text->str, text->len);
    g_autoptr(GArray) hits = word_index_find(category_words(), folded, 1000000);
    gint64 taken_ms = (g_get_monotonic_time() - begin) / 1000;
    g_test_message("%zu bytes of \"%.10s\": %u hits, %d ms", bytes, piece,
                   hits->len, (int)taken_ms);
    /* 1 MB takes 10 to 60 ms; slack for sanitizers and loaded machines. */
    g_assert_cmpint(taken_ms, <, 3000);
    g_string_free(text, TRUE);
}

static void test_linear(void)
{
    time_text("brute force ", 1 << 20);
    time_text("brute ", 1 << 20);
    time_text("ssssssss", 1 << 20);
    time_text("прокуратура ", 1 << 20);
    time_text(" ", 1 << 20);
    time_text("попытка ", 1 << 20);
}

static void test_categories(void)
{
    g_assert_true(category_is_known("connection/login_attack"));
    g_assert_true(category_is_known("unknown"));
    g_assert_false(category_is_known("connection"));
    g_assert_false(category_is_known(""));
    size_t count = 0;
    for (; category_word(count); count++)
        g_assert_nonnull(category_meaning(category_word(count)));
    g_assert_cmpuint(count, >, 40);
    /* Every row of the tables speaks for a category that exists. */
    static const char TEXT[] = "spam";
    g_autoptr(FoldedText) folded = folded_text_new(TEXT, strlen(TEXT));
    const WordRow *row = word_index_first(category_words(), folded);
    g_assert_cmpstr(row->meaning, ==, "messaging/spam");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/report/words/folding", test_folding);
    g_test_add_func("/report/words/disguised", test_disguised);
    g_test_add_func("/report/words/offsets", test_offsets);
    g_test_add_func("/report/words/linear", test_linear);
    g_test_add_func("/report/words/categories", test_categories);
    return g_test_run();
}
