/*
 * stages.h - every scanner of the pure pipeline, to be timed one by one.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* One hostile text on its way through the stages. */
typedef struct Way Way;
Way *way_new(const GString *text, GBytes *raw);
void way_free(Way *way);

typedef struct {
    const char *name;
    void (*run)(Way *way);
} Stage;

/* In the order in which they must run; ends in a row without a name. */
extern const Stage STAGES[];
/* What reads a text alone, in no order, whatever place it stands in. */
extern const Stage BARE_STAGES[];

#define STAGES_MAX 64

const GString *way_text(const Way *way);
/* Did mail/ take the mail? */
bool way_is_read(const Way *way);
