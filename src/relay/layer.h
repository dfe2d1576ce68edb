/*
 * layer.h - facts that hold from one consensus to another, and their union.
 *
 * A run says "this relay had this value in every known hour from..to". With
 * the list of known hours that is exact: it can be taken apart and joined
 * again without loss. So two layers, each with its own known hours, have one
 * union, whichever came first; import.c relies on that for "any order, any
 * number of runs, one history".
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    FACT_V4,      /* value: address number */
    FACT_V6,      /* value: address number */
    FACT_STATUS,  /* value: nickname text << STATUS_SHIFT | flags */
    FACT_SUMMARY, /* value: text of the p line */
    FACT_ROUTER,  /* value: server descriptor digest number */
    FACT_MICRO,   /* value: microdescriptor digest number */
    FACT_KINDS
} FactKind;

/* The HOUR_ bits of the hours that can state such a fact. */
uint32_t fact_hour_bits(FactKind kind);

typedef struct {
    uint32_t relay, value;
    uint32_t from, to;
} Run;

typedef struct {
    uint32_t valid_after, bits;
} KnownHour;

typedef struct {
    GArray *hours;            /* of KnownHour, ascending */
    GArray *runs[FACT_KINDS]; /* of Run, by relay, value, from */
} Layer;

Layer *layer_new(void);
void layer_free(Layer *layer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Layer, layer_free)

Layer *layer_union(const Layer *a, const Layer *b);
size_t layer_size(const Layer *layer); /* runs in all */

/* Order by relay, value, from. */
void layer_sort_runs(GArray *runs);

/* Builds a layer from consensuses in ascending order of time. */
typedef struct LayerBuilder LayerBuilder;
LayerBuilder *layer_builder_new(void);
void layer_builder_free(LayerBuilder *builder);
/* A consensus begins. False, and nothing done, if it is older than the one
 * before: finish the layer and begin another. */
bool layer_builder_hour(LayerBuilder *builder, uint32_t valid_after,
                        uint32_t bits);
void layer_builder_add(LayerBuilder *builder, FactKind kind, uint32_t relay,
                       uint32_t value);
/* Runs held so far. */
size_t layer_builder_size(const LayerBuilder *builder);
/* The layer; the builder is empty again. NULL if there was no consensus. */
Layer *layer_builder_finish(LayerBuilder *builder);
