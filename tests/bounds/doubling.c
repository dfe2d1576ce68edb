#include "doubling.h"

#include "incident/incident.h"

#include <malloc.h>
#include <string.h>
#include <time.h>

#define HEAP_BYTES (1 << 30)

void doubling_prepare(void)
{
    /* Else blocks over 128 KiB come fresh from the kernel each time, and the
     * doubling that passes this size pays for its pages. */
    mallopt(M_MMAP_THRESHOLD, HEAP_BYTES);
    mallopt(M_TRIM_THRESHOLD, HEAP_BYTES);
    mail_prepare();
    report_prepare();
    incident_prepare();
}

static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void time_stages(const Stage *stages, Way *way, bool needs_mail,
                        Costs *costs)
{
    for (size_t i = 0; stages[i].name; i++) {
        /* The first two make the mail that all others need. */
        if (needs_mail && i >= 2 && !way_is_read(way))
            return;
        double began = cpu_seconds();
        stages[i].run(way);
        double taken = cpu_seconds() - began;
        if (costs->seconds[i] == 0 || taken < costs->seconds[i])
            costs->seconds[i] = taken;
    }
}

Costs costs_measure(const Generator *generator, const HostilePlace *place,
                    size_t bytes, int rounds)
{
    Costs costs = {.bytes = bytes};
    g_autoptr(GString) text = generator_new_text(generator, bytes);
    g_autoptr(GBytes) raw =
        place ? place_new_mail(place, text) : g_bytes_new_static("", 0);
    if (place)
        costs.bytes = g_bytes_get_size(raw);
    /* The first round also fetches memory, and is not counted. */
    for (int round = rounds > 1 ? -1 : 0; round < rounds; round++) {
        if (round == 0)
            memset(costs.seconds, 0, sizeof costs.seconds);
        Way *way = way_new(text, raw);
        time_stages(place ? STAGES : BARE_STAGES, way, place, &costs);
        way_free(way);
    }
    return costs;
}
