/*
 * doubling.h - what each stage costs for one hostile text.
 */
#pragma once

#include "generators.h"
#include "places.h"
#include "stages.h"

/* Once, before anything is timed. */
void doubling_prepare(void);

/* CPU seconds of each stage of the table; 0 where the mail was refused. */
typedef struct {
    double seconds[STAGES_MAX];
    size_t bytes; /* of the mail, or of the text where the place is NULL */
} Costs;

/* Time the stages over bytes of the generator's text, the best of so many
 * rounds. place NULL: BARE_STAGES, else STAGES. */
Costs costs_measure(const Generator *generator, const HostilePlace *place,
                    size_t bytes, int rounds);
