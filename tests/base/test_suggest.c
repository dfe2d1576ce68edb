#include "base/suggest.h"

#include <glib.h>
#include <string.h>

static const char *const WORDS[] = {"delay", "max-per-hour", "via", "case",
                                    "draft", "member",       NULL};

static void test_near(void)
{
    static const struct {
        const char *typed, *meant;
    } CASES[] = {
        {"max-per-hor", "max-per-hour"},
        {"dealy", "delay"}, /* swapped */
        {"Delay", "delay"},
        {"memer", "member"},
        {"dratf", "draft"},
        {"cse", "case"},
        {"vai", "via"},
        {"xyz", NULL},
        {"", NULL},
        {"vxx", NULL},
        {"delaydelay", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++)
        g_assert_cmpstr(suggest_word(CASES[i].typed, WORDS), ==,
                        CASES[i].meant);
}

static void test_hostile(void)
{
    static const char *const NONE[] = {NULL};
    g_assert_null(suggest_word("delay", NONE));
    g_autofree char *endless = g_strnfill(100000, 'a');
    g_assert_null(suggest_word(endless, WORDS));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/suggest/near", test_near);
    g_test_add_func("/suggest/hostile", test_hostile);
    return g_test_run();
}
