#include "daemon/clock.h"

#include <stdlib.h>
#include <time.h>

bool clock_init(DeskClock *clock, const char *text)
{
    *clock = (DeskClock){.start = INSTANT_NONE,
                         .started_us = g_get_monotonic_time()};
    bool is_good = !text || instant_parse(text, &clock->start);
    clock->began = clock_now(clock);
    clock_jump(clock);
    return is_good;
}

Instant clock_now(const DeskClock *clock)
{
    if (clock->start == INSTANT_NONE)
        return g_get_real_time() / G_USEC_PER_SEC;
    return clock->start +
           (g_get_monotonic_time() - clock->started_us) / G_USEC_PER_SEC;
}

int64_t clock_jump_between(DeskClock *clock, int64_t wall_s, int64_t boot_s)
{
    int64_t offset_s = wall_s - boot_s;
    int64_t by_s = offset_s - clock->offset_s;
    clock->offset_s = offset_s;
    return llabs(by_s) > CLOCK_JUMP_S ? by_s : 0;
}

int64_t clock_jump(DeskClock *clock)
{
    struct timespec boot;
    clock_gettime(CLOCK_BOOTTIME, &boot);
    return clock_jump_between(clock, g_get_real_time() / G_USEC_PER_SEC,
                              boot.tv_sec);
}
