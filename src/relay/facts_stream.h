/*
 * facts_stream.h - documents of one stream, as facts are put of them.
 */
#pragma once

#include "relay/layer.h"

/* What a relay's last listing had, as guesses for the next. */
typedef struct {
    uint32_t v4, v6, nickname, summary, router, micro;
} LastListing;

/* Consensuses of one stream come mostly in order of time. */
#define FACTS_STREAMS 4
typedef struct {
    LayerBuilder *builder;
    GArray *last_listings; /* of LastListing, by relay; only guesses */
    uint32_t next_relay;   /* a guess, too: they are listed in order */
} FactsStream;
