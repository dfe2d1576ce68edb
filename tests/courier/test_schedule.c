#include "courier/schedule.h"

#include <glib.h>

#define MINUTE 60

/* The earliest and the latest pause, in seconds. */
static void assert_pause(uint32_t attempts, int64_t least, int64_t most)
{
    const Instant now = 1777816920;
    int64_t low = INT64_MAX, high = 0;
    for (uint32_t random = 0; random < 50000; random++) {
        int64_t pause = schedule_next(attempts, false, now, random) - now;
        low = MIN(low, pause);
        high = MAX(high, pause);
    }
    g_assert_cmpint(low, ==, least);
    g_assert_cmpint(high, ==, most);
}

static void test_pauses(void)
{
    assert_pause(1, 336, 504); /* 7 minutes, within the 5 to 10 asked for */
    assert_pause(2, 12 * MINUTE, 18 * MINUTE);
    assert_pause(3, 24 * MINUTE, 36 * MINUTE);
    assert_pause(4, 48 * MINUTE, 72 * MINUTE);
    assert_pause(5, 96 * MINUTE, 144 * MINUTE);
    assert_pause(6, 192 * MINUTE, 288 * MINUTE);
    assert_pause(7, 192 * MINUTE, 288 * MINUTE);
    assert_pause(UINT32_MAX, 192 * MINUTE, 288 * MINUTE);
}

static void test_unknown(void)
{
    for (uint32_t random = 0; random < 1000; random++)
        g_assert_cmpint(schedule_next(1, true, 0, random), ==, 15 * MINUTE);
    g_assert_cmpint(schedule_next(4, true, 0, 0), ==, 48 * MINUTE);
}

/* A receiver that opens after half an hour (greylisting) gets the letter
 * within 65 minutes even if every pause is the longest. */
static void test_greylisting(void)
{
    Instant at = 0;
    uint32_t attempts = 1;
    while (at < 30 * MINUTE) {
        Instant latest = at;
        for (uint32_t random = 0; random < 1000; random++)
            latest = MAX(latest, schedule_next(attempts, false, at, random));
        at = latest;
        attempts++;
    }
    g_assert_cmpint(at, <=, 65 * MINUTE);
}

static void test_end(void)
{
    g_assert_false(schedule_is_over(0));
    g_assert_false(schedule_is_over(1));
    /* 3 h 52 min for the first five, then 4 hours each. */
    g_assert_false(schedule_is_over(34));
    g_assert_true(schedule_is_over(35));
    g_assert_true(schedule_is_over(UINT32_MAX));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/schedule/pauses", test_pauses);
    g_test_add_func("/schedule/unknown", test_unknown);
    g_test_add_func("/schedule/greylisting", test_greylisting);
    g_test_add_func("/schedule/end", test_end);
    return g_test_run();
}
