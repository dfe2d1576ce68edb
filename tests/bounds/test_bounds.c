/*
 * No scanner grows faster than its input, and none is given up to a hostile
 * text.
 *
 * Time is no measure on a machine that does other things, so nothing is said
 * about how long a stage takes. What is quadratic shows all the same: where a
 * stage takes so long that the clock can be trusted, the text is doubled three
 * times, and each doubling would cost four times as much. Noise may do that
 * once; bench_bounds holds every single doubling to 2.3.
 */
#include "doubling.h"

#include "report/feeds.h"
#include "report/formats.h"

#include <string.h>

#ifndef TEXT_BYTES
#define TEXT_BYTES (32 * 1024) /* less with sanitizers, see meson.build */
#endif
#define DOUBLINGS 3
#define LOOK_S    0.02 /* a stage that takes so long is looked at */
#define RATIO_MAX 3.0
#define RETRIES   4

static size_t text_bytes(const HostilePlace *place)
{
    return place && place->bytes_max > 0 ? MIN(TEXT_BYTES, place->bytes_max)
                                         : TEXT_BYTES;
}

/* Does the stage's cost rise by more than RATIO_MAX at each doubling? */
static bool is_superlinear(const Generator *generator,
                           const HostilePlace *place, size_t stage)
{
    size_t bytes = text_bytes(place);
    Costs larger = costs_measure(generator, place, bytes, 2);
    for (int i = 0; i < DOUBLINGS; i++) {
        bytes /= 2;
        Costs smaller = costs_measure(generator, place, bytes, 2);
        if (larger.seconds[stage] < RATIO_MAX * smaller.seconds[stage])
            return false;
        larger = smaller;
    }
    return true;
}

static void check_stage(const Generator *generator, const HostilePlace *place,
                        const Stage *stages, size_t stage, double seconds)
{
    if (seconds < LOOK_S)
        return;
    /* Most are dear but linear, which one look at half of the text shows. */
    Costs half = costs_measure(generator, place, text_bytes(place) / 2, 1);
    if (seconds < RATIO_MAX * half.seconds[stage])
        return;
    for (int i = 0; i < RETRIES; i++)
        if (!is_superlinear(generator, place, stage))
            return;
    g_test_message("%s: '%s' in '%s' costs more than %.1f times at each of %d "
                   "doublings, %.0f ms at the last",
                   stages[stage].name, generator->name,
                   place ? place->name : "alone", RATIO_MAX, DOUBLINGS,
                   seconds * 1000);
    g_test_fail();
}

static void test_place(const void *data)
{
    const HostilePlace *place = data;
    const Stage *stages = place ? STAGES : BARE_STAGES;
    for (const Generator *row = GENERATORS; row->name; row++) {
        Costs costs = costs_measure(row, place, text_bytes(place), 1);
        for (size_t i = 0; stages[i].name; i++)
            check_stage(row, place, stages, i, costs.seconds[i]);
    }
}

static bool is_stage(const char *name)
{
    for (const Stage *stage = STAGES; stage->name; stage++)
        if (strcmp(stage->name, name) == 0)
            return true;
    return false;
}

static bool is_feed(const char *name)
{
    for (const Feed *feed = FEEDS; feed->name; feed++)
        if (strcmp(feed->name, name) == 0)
            return true;
    return false;
}

/* A format that is not among the stages is not measured. */
static void test_formats(void)
{
    const char *name;
    for (size_t i = 0; (name = format_name(i)); i++)
        if (!is_feed(name) && !is_stage(name)) {
            g_test_message("stages.c lacks the format %s", name);
            g_test_fail();
        }
}

/* meson.build names the places; one that is misspelled would test nothing. */
static bool is_place(const char *name)
{
    for (const HostilePlace *place = PLACES; place->name; place++)
        if (strcmp(place->name, name) == 0)
            return true;
    return strcmp(name, "alone") == 0;
}

/* The texts themselves: of the size that was asked for, valid, and counted
 * through where they say so. */
static void test_generators(void)
{
    for (const Generator *row = GENERATORS; row->name; row++) {
        g_autoptr(GString) text = generator_new_text(row, 10000);
        g_assert_cmpuint(text->len, >=, 10000 - 64);
        g_assert_cmpuint(text->len, <, 12000);
        g_assert_true(g_utf8_validate(text->str, (gssize)text->len, NULL));
        if (row == GENERATORS)
            g_assert_true(g_str_has_prefix(text->str, "aaaa"));
    }
    const Generator counted = {"counted", .unit = "%n %a %6 %t %%\n"};
    g_autoptr(GString) text = generator_new_text(&counted, 60);
    g_assert_cmpstr(text->str, ==,
                    "0 1.0.0.0 2001:db8::0:0 2026-04-01 00:00:00 %\n"
                    "1 85.121.55.158 2001:db8::0:1 2026-04-01 00:00:01 %\n");
}

static void add_place(const char *name, const HostilePlace *place)
{
    g_autofree char *path = g_strdup_printf("/bounds/%s", name);
    g_test_add_data_func(path, place, test_place);
}

/* Arguments: the places to test; none: all of them. */
int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    doubling_prepare();
    const char *const *only = (const char *const *)argv + 1;
    for (int i = 1; i < argc; i++)
        g_assert_true(is_place(argv[i]));
    if (argc == 1 || g_strv_contains(only, "alone")) {
        g_test_add_func("/bounds/generators", test_generators);
        g_test_add_func("/bounds/formats", test_formats);
        add_place("alone", NULL);
    }
    for (const HostilePlace *place = PLACES; place->name; place++)
        if (argc == 1 || g_strv_contains(only, place->name))
            add_place(place->name, place);
    return g_test_run();
}
