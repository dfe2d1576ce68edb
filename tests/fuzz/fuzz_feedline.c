/* One line against every pattern of every feed. */
#include "report/feeds.h"

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FeedMatch match;
    for (const Feed *feed = FEEDS; feed->name; feed++)
        for (const FeedLine *row = feed->lines; row && row->pattern; row++)
            feed_pattern_match(row->pattern, (Line){(const char *)data, size},
                               &match);
    return 0;
}
