/*
 * gate_bench.h - a GateInput that would be sent, to be spoiled field by field.
 */
#pragma once

#include "policy/gate.h"

typedef struct {
    Member member;
    Report report;
    Findings findings;
    StrictHeader strict;
    Authentication known;
    Ticket ticket;
    Match match;
    const Match *matches[1];
    Incident incidents[3];
    PolicyRule rule;
    Profile profile; /* of "reporter=", else unused */
    GateInput input;
} GateBench;

/* A complaint to which every condition for a letter holds. */
GateBench *gate_bench_new(void);
void gate_bench_free(GateBench *bench);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GateBench, gate_bench_free)

/* Spoil one field: "auto" "auto-replied". False if there is no such key. */
bool gate_bench_set(GateBench *bench, const char *key, const char *value);

/* Values that each key is spoiled with, for random inputs. */
typedef struct {
    const char *key;
    const char *values[8];
} GateSpoil;
extern const GateSpoil GATE_SPOILS[];
extern const guint GATE_SPOIL_COUNT;
