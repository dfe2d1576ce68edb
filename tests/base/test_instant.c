#include "base/instant.h"

/* text ==> canonical text, or NULL if it must be refused. */
static const struct {
    const char *text, *means;
} FORMS[] = {
    {"1970-01-01", "1970-01-01T00:00:00Z"},
    {"2026-05-03T14:02Z", "2026-05-03T14:02:00Z"},
    {"2026-05-03 14:02:07", "2026-05-03T14:02:07Z"},
    {"2026-05-03t14:02:07.123z", "2026-05-03T14:02:07Z"},
    {"2026-05-03T14:02:07+02:00", "2026-05-03T12:02:07Z"},
    {"2026-05-03T14:02:07 +0530", "2026-05-03T08:32:07Z"},
    {"2026-01-01T00:30-0100", "2026-01-01T01:30:00Z"},
    {"2026-12-31T23:59:60Z", "2026-12-31T23:59:59Z"}, /* leap second */
    {"2024-02-29", "2024-02-29T00:00:00Z"},
    {"2000-02-29", "2000-02-29T00:00:00Z"},
    {"0001-01-01", "0001-01-01T00:00:00Z"},
    {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
    {"@0", "1970-01-01T00:00:00Z"},
    {"@1777816920", "2026-05-03T14:02:00Z"},
    {"@-1", "1969-12-31T23:59:59Z"},
    {"2023-02-29", NULL},
    {"1900-02-29", NULL}, /* divisible by 100, not by 400 */
    {"2026-13-01", NULL},
    {"2026-00-10", NULL},
    {"2026-04-31", NULL},
    {"2026-05-03T24:00Z", NULL},
    {"2026-05-03T14:60Z", NULL},
    {"2026-05-03T14:02:61Z", NULL},
    {"2026-05-03T14", NULL},
    {"2026-05-03T14:02+15:00", NULL},
    {"2026-05-03T14:02+2:00", NULL},
    {"2026-05-03T14:02ZZ", NULL},
    {"2026-5-3", NULL},
    {"03/05/2026", NULL},
    {"@", NULL},
    {"@12x", NULL},
    {"@99999999999999999999", NULL},
    {"", NULL},
    {"now", NULL},
};

static void test_parse(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(FORMS); i++) {
        Instant instant = 42;
        bool parsed = instant_parse(FORMS[i].text, &instant);
        if (!FORMS[i].means) {
            g_assert_false(parsed);
            g_assert_cmpint(instant, ==, 42);
            continue;
        }
        g_assert_true(parsed);
        char buffer[INSTANT_TEXT_MAX];
        g_assert_cmpstr(instant_text(instant, buffer), ==, FORMS[i].means);
    }
}

/* Every day of 800 years is one day after the one before, and comes back. */
static void test_round_trip(void)
{
    Civil civil = {.year = 1600, .month = 1, .day = 1};
    Instant instant = instant_from_civil(&civil, 0);
    int weekday = civil_weekday(&civil);
    g_assert_cmpint(weekday, ==, 6); /* a Saturday */
    int leap_days = 0;
    while (civil.year < 2400) {
        g_assert_true(civil_is_valid(&civil));
        g_assert_cmpint(instant_from_civil(&civil, 0), ==, instant);
        g_assert_cmpint(civil_weekday(&civil), ==, weekday);
        leap_days += civil.month == 2 && civil.day == 29;
        instant += INSTANT_DAY_S;
        weekday = (weekday + 1) % 7;
        civil = civil_from_instant(instant, 0);
    }
    g_assert_cmpint(leap_days, ==, 194); /* 800/4 - 8 + 2 */
}

static void test_offsets(void)
{
    Civil civil = {2026, 3, 1, 0, 30, 0};
    Instant instant = instant_from_civil(&civil, 3600);
    g_assert_cmpint(instant, ==, 1772321400); /* 2026-02-28T23:30Z */
    Civil back = civil_from_instant(instant, -7 * 3600);
    g_assert_cmpint(back.day, ==, 28);
    g_assert_cmpint(back.hour, ==, 16);
    Civil before_epoch = civil_from_instant(-1, 0);
    g_assert_cmpint(before_epoch.year, ==, 1969);
    g_assert_cmpint(before_epoch.second, ==, 59);
}

static void test_texts(void)
{
    char buffer[INSTANT_TEXT_MAX];
    g_assert_cmpstr(instant_text(INSTANT_NONE, buffer), ==, "-");
    g_autofree char *text = instant_new_text(1777816920);
    g_assert_cmpstr(text, ==, "2026-05-03T14:02:00Z");
    g_autofree char *mail = instant_new_mail_date(1777816920);
    g_assert_cmpstr(mail, ==, "Sun, 03 May 2026 14:02:00 +0000");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/instant/parse", test_parse);
    g_test_add_func("/instant/round-trip", test_round_trip);
    g_test_add_func("/instant/offsets", test_offsets);
    g_test_add_func("/instant/texts", test_texts);
    return g_test_run();
}
