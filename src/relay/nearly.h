/*
 * nearly.h - short arrays that are mostly in order, sorted.
 *
 * The runs of one relay or address: nearly always a few, written in order but
 * for the last. In the header, so that the comparison is inlined: an import
 * sorts millions of them.
 */
#pragma once

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define NEARLY_FEW       64 /* more are left to qsort() */
#define NEARLY_WIDTH_MAX 64

/* width: of an item, at most NEARLY_WIDTH_MAX bytes. */
static inline void sort_nearly(void *items, size_t count, size_t width,
                               int (*compare)(const void *, const void *))
{
    char *all = items, one[NEARLY_WIDTH_MAX];
    size_t sorted = 1;
    g_assert(width <= sizeof one);
    while (sorted < count &&
           compare(all + (sorted - 1) * width, all + sorted * width) <= 0)
        sorted++;
    if (count > NEARLY_FEW && sorted < count) {
        qsort(all, count, width, compare);
        return;
    }
    for (size_t i = sorted; i < count; i++) {
        size_t at = i;
        memcpy(one, all + i * width, width);
        for (; at > 0 && compare(one, all + (at - 1) * width) < 0; at--)
            memcpy(all + at * width, all + (at - 1) * width, width);
        memcpy(all + at * width, one, width);
    }
}
