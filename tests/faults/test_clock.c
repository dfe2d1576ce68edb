#include "daemon/clock.h"

#define WALL 1777885200
#define BOOT 5000

static void test_jumps(void)
{
    DeskClock clock = {.offset_s = WALL - BOOT};
    int64_t wall = WALL, boot = BOOT;
    /* Time that passes, awake or asleep, is no jump; nor is a small step. */
    g_assert_cmpint(clock_jump_between(&clock, wall += 5, boot += 5), ==, 0);
    g_assert_cmpint(clock_jump_between(&clock, wall += 9000, boot += 9000), ==,
                    0);
    g_assert_cmpint(clock_jump_between(&clock, wall += CLOCK_JUMP_S, boot), ==,
                    0);
    g_assert_cmpint(clock_jump_between(&clock, wall += 3605, boot += 5), ==,
                    3600);
    /* It is told once. */
    g_assert_cmpint(clock_jump_between(&clock, wall += 5, boot += 5), ==, 0);
    g_assert_cmpint(clock_jump_between(&clock, wall -= 86400, boot), ==,
                    -86400);
}

static void test_own_clock(void)
{
    DeskClock clock;
    Instant start;
    g_assert_true(clock_init(&clock, "2026-05-04T09:00:00Z"));
    g_assert_true(instant_parse("2026-05-04T09:00:00Z", &start));
    g_assert_cmpint(clock.began, ==, start);
    g_assert_cmpint(clock_jump(&clock), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/daemon/clock/jumps", test_jumps);
    g_test_add_func("/daemon/clock/own", test_own_clock);
    return g_test_run();
}
