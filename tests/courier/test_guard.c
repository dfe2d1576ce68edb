#include "courier/guard.h"

#include <string.h>

/* Feed text in pieces; the clean bytes that libetpan would get. */
static char *clean(Guard *guard, const char *text, size_t piece)
{
    size_t length = strlen(text);
    for (size_t at = 0; at < length; at += piece)
        if (!guard_feed(guard, text + at, MIN(piece, length - at)))
            break;
    GString *out = g_string_new(NULL);
    char buffer[7];
    for (size_t count; (count = guard_take(guard, buffer, sizeof buffer)) > 0;)
        g_string_append_len(out, buffer, (gssize)count);
    return g_string_free(out, FALSE);
}

typedef struct {
    const char *said, *clean, *words;
    int code;
    const char *flaw; /* a part of it */
} Case;

static const Case CASES[] = {
    {"250 ok\r\n", "250 ok\r\n", "ok", 250, NULL},
    {"250 ok\n", "250 ok\r\n", "ok", 250, NULL},
    {"250\r\n", "250\r\n", "", 250, NULL},
    {"250 \r\n", "250 \r\n", "", 250, NULL},
    {"250-a\r\n250-b\r\n250 c\r\n", "250-a\r\n250-b\r\n250 c\r\n", "a b c", 250,
     NULL},
    {"250-AUTH\tPLAIN\r\n250 x\x01y\x7f\r\n", "250-AUTH PLAIN\r\n250 x y \r\n",
     "AUTH PLAIN x y ", 250, NULL},
    {"550 a\rb\r\n", "550 a b\r\n", "a b", 550, NULL},
    /* not whole yet: nothing to be had */
    {"250", "", "", 0, NULL},
    {"250 ok", "", "", 0, NULL},
    {"250-ok\r\n", "", "ok", 250, NULL},
    /* the second reply is kept back */
    {"250 ok\r\n250 more\r\n", "250 ok\r\n", "ok", 250, NULL},
    {"250-a\r\n550 b\r\n", "", "a", 250, "different codes"},
    {"ok\r\n", "", "", 0, "not speak SMTP"},
    {"\r\n", "", "", 0, "not speak SMTP"},
    {"25\r\n", "", "", 0, "not speak SMTP"},
    {"2500 ok\r\n", "", "", 0, "not speak SMTP"},
    {"-50 ok\r\n", "", "", 0, "not speak SMTP"},
    {"150 ok\r\n", "", "", 0, "not speak SMTP"},
    {"650 ok\r\n", "", "", 0, "not speak SMTP"},
    {" 250 ok\r\n", "", "", 0, "not speak SMTP"},
    {"250:ok\r\n", "", "", 0, "not speak SMTP"},
};

static void test_replies(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++)
        for (size_t piece = 1; piece < 30; piece += 4) {
            const Case *c = &CASES[i];
            Guard guard;
            guard_init(&guard);
            g_autofree char *got = clean(&guard, c->said, piece);
            g_test_message("%u/%zu", i, piece);
            g_assert_cmpstr(got, ==, c->clean);
            g_assert_cmpstr(guard.text->str, ==, c->words);
            g_assert_cmpint(guard.code, ==, c->code);
            if (c->flaw)
                g_assert_nonnull(strstr(guard.flaw, c->flaw));
            else
                g_assert_null(guard.flaw);
            guard_clear(&guard);
        }
}

/* Megabytes without a line end, or lines without an end: cut off early. */
static void test_floods(void)
{
    static const struct {
        const char *unit, *flaw;
    } FLOODS[] = {
        {"2", "2048 bytes"}, {"250-x\r\n", "100 lines"}, {"250 x\r\n", NULL}};
    for (guint i = 0; i < G_N_ELEMENTS(FLOODS); i++) {
        Guard guard;
        guard_init(&guard);
        g_autoptr(GString) chunk = g_string_new(NULL);
        while (chunk->len < 4000)
            g_string_append(chunk, FLOODS[i].unit);
        guint fed = 0;
        while (fed < 100 && !guard.is_complete &&
               guard_feed(&guard, chunk->str, chunk->len))
            fed++;
        g_assert_cmpuint(fed, <, 3);
        if (FLOODS[i].flaw)
            g_assert_nonnull(strstr(guard.flaw, FLOODS[i].flaw));
        g_assert_cmpuint(guard.text->len, <=, GUARD_TEXT_MAX + 1);
        guard_clear(&guard);
    }
}

static void test_longest(void)
{
    g_autoptr(GString) line = g_string_new("250 ");
    while (line->len < GUARD_LINE_MAX - 2)
        g_string_append_c(line, 'x');
    g_string_append(line, "\r\n");
    Guard guard;
    guard_init(&guard);
    g_assert_true(guard_feed(&guard, line->str, line->len));
    g_assert_true(guard.is_complete);
    guard_clear(&guard);
    g_string_insert(line, 5, "x");
    guard_init(&guard);
    g_assert_false(guard_feed(&guard, line->str, line->len));
    guard_clear(&guard);
}

static void test_out_of_turn(void)
{
    Guard guard;
    guard_init(&guard);
    g_autofree char *first = clean(&guard, "220 hello\r\n", 100);
    g_assert_cmpstr(first, ==, "220 hello\r\n");
    g_assert_true(guard_expect(&guard));
    g_autofree char *second = clean(&guard, "250 ok\r\n2", 100);
    g_assert_cmpstr(second, ==, "250 ok\r\n");
    g_assert_false(guard_expect(&guard));
    g_assert_nonnull(strstr(guard.flaw, "out of turn"));
    g_assert_false(guard_feed(&guard, "50 ok\r\n", 7));
    guard_clear(&guard);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/guard/replies", test_replies);
    g_test_add_func("/guard/floods", test_floods);
    g_test_add_func("/guard/longest", test_longest);
    g_test_add_func("/guard/out-of-turn", test_out_of_turn);
    return g_test_run();
}
