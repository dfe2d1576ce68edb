#include "courier/letter.h"

#include "base/errors.h"

#include <string.h>

static void test_addresses(void)
{
    g_autofree char *content = NULL;
    g_assert_true(g_file_get_contents(TEST_DIR "/address_cases.txt", &content,
                                      NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(content, "\n", -1);
    guint run = 0;
    for (guint i = 0; lines[i]; i++) {
        g_auto(GStrv) halves = g_strsplit(lines[i], "==>", 2);
        if (*lines[i] == '#' || g_strv_length(halves) != 2)
            continue;
        g_test_message("%s", lines[i]);
        bool fit = letter_address_is_fit(g_strstrip(halves[0]), false);
        g_assert_cmpstr(fit ? "fit" : "refused", ==, g_strstrip(halves[1]));
        run++;
    }
    g_assert_cmpuint(run, >, 10);
    g_assert_true(letter_address_is_fit("", true));
    g_assert_false(letter_address_is_fit(NULL, true));
}

/* What would be a command of its own on the wire. */
static void test_injection(void)
{
    static const char *const EVIL[] = {
        "a@example.org>\r\nRCPT TO:<b@example.net",
        "a@example.org\r\nDATA",
        "a@example.org\n",
        "\ra@example.org",
        "a\t@example.org",
        "a@example.org\x7f",
        "a@example.org> NOTIFY=NEVER",
    };
    for (guint i = 0; i < G_N_ELEMENTS(EVIL); i++)
        g_assert_false(letter_address_is_fit(EVIL[i], true));
    char longest[300] = {0};
    memset(longest, 'a', 254);
    longest[100] = '@';
    g_assert_true(letter_address_is_fit(longest, false));
    longest[254] = 'a';
    g_assert_false(letter_address_is_fit(longest, false));
}

static int check(const char *text, size_t length, const char *to)
{
    g_autoptr(GBytes) bytes = g_bytes_new(text, length);
    g_autoptr(GError) error = NULL;
    if (letter_check("", to, bytes, 2000, &error))
        return 0;
    g_assert_true(error->domain == DESK_ERROR);
    return error->code;
}

static void test_bytes(void)
{
    const char *to = "a@example.org";
    g_assert_cmpint(check("a: b\r\n\r\nc\r\n", 11, to), ==, 0);
    g_assert_cmpint(check("\r\n", 2, to), ==, 0);
    g_assert_cmpint(check("", 0, to), ==, DESK_ERROR_INVALID);
    g_assert_cmpint(check("a", 1, to), ==, DESK_ERROR_INVALID);
    g_assert_cmpint(check("a\n", 2, to), ==, DESK_ERROR_INVALID);
    g_assert_cmpint(check("a\rb\r\n", 5, to), ==, DESK_ERROR_INVALID);
    g_assert_cmpint(check("a\nb\r\n", 5, to), ==, DESK_ERROR_INVALID);
    g_assert_cmpint(check("a\r\r\n", 4, to), ==, DESK_ERROR_INVALID);
    g_assert_cmpint(check("a\n\r\n", 4, to), ==, DESK_ERROR_INVALID);
    g_assert_cmpint(check("a\0b\r\n", 5, to), ==, DESK_ERROR_INVALID);
    g_assert_cmpint(check("a\r\n", 3, "nobody"), ==, DESK_ERROR_INVALID);
    char line[2100];
    memset(line, 'x', sizeof line);
    memcpy(line + 998, "\r\n", 2);
    g_assert_cmpint(check(line, 1000, to), ==, 0);
    memcpy(line + 998, "x\r\n", 3);
    g_assert_cmpint(check(line, 1001, to), ==, DESK_ERROR_INVALID);
    g_assert_cmpint(check(line, 2100, to), ==, DESK_ERROR_LIMIT);
}

static void test_stuffing(void)
{
    static const char *const CASES[][2] = {
        {"a\r\n", "a"},
        {"\r\n", ""},
        {".\r\n", ".."},
        {"a\r\n.\r\n..b\r\n", "a\r\n..\r\n...b"},
        {"a.\r\n b.\r\n", "a.\r\n b."},
    };
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GBytes) bytes =
            g_bytes_new_static(CASES[i][0], strlen(CASES[i][0]));
        g_autoptr(GByteArray) stuffed = letter_stuff(bytes);
        g_assert_cmpmem(stuffed->data, stuffed->len, CASES[i][1],
                        strlen(CASES[i][1]));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/letter/addresses", test_addresses);
    g_test_add_func("/letter/injection", test_injection);
    g_test_add_func("/letter/bytes", test_bytes);
    g_test_add_func("/letter/stuffing", test_stuffing);
    return g_test_run();
}
