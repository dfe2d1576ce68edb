#include "base/country.h"

#include <glib.h>
#include <string.h>

static void test_codes(void)
{
    guint known = 0, members = 0;
    for (char a = 'A'; a <= 'Z'; a++)
        for (char b = 'A'; b <= 'Z'; b++) {
            const char code[] = {a, b, 0};
            known += country_is_known(code);
            members += country_is_eu(code);
            g_assert_true(!country_is_eu(code) || country_is_known(code));
            g_assert_cmpint(country_is_known(code), ==,
                            country_name(code) != NULL);
        }
    g_assert_cmpuint(known, ==, 249); /* ISO 3166-1 */
    g_assert_cmpuint(members, ==, 27);
}

static void test_facts(void)
{
    static const char *const NOT[] = {"UK", "EU", "XX", "de", "DEU", "", "D"};
    for (size_t i = 0; i < G_N_ELEMENTS(NOT); i++)
        g_assert_false(country_is_known(NOT[i]));
    g_assert_true(country_is_eu("DE"));
    g_assert_true(country_is_eu("GR"));
    g_assert_false(country_is_eu("GB"));
    g_assert_false(country_is_eu("NO"));
    g_assert_false(country_is_eu("CH"));
    g_assert_cmpstr(country_name("NO"), ==, "Norway");
    g_assert_cmpstr(country_meant("UK"), ==, "GB");
    g_assert_cmpstr(country_meant("no"), ==, "NO");
    g_assert_cmpstr(country_meant("germany"), ==, "DE");
    g_assert_cmpstr(country_meant("Netherlands"), ==, "NL");
    g_assert_null(country_meant("Atlantis"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/country/codes", test_codes);
    g_test_add_func("/country/facts", test_facts);
    return g_test_run();
}
