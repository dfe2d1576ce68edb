/*
 * forwarded_words.h - how mail programs say that they pass a mail on.
 *
 * Private to report/.
 */
#pragma once

#include "report/words.h"

#include <stddef.h>

/* Phrases of marker lines: "Forwarded message". */
const WordIndex *forwarded_markers(void);
/* Of the note above one: "the complaint below". */
const WordIndex *forwarded_passes_on(void);
/* What the name of a header line means. */
typedef enum { LABEL_NONE, LABEL_FROM, LABEL_SENT, LABEL_OTHER } ForwardLabel;
ForwardLabel forwarded_label(const char *name, size_t length);
/* "On ..., NAME wrote:" */
const WordIndex *forwarded_writes(void);
/* "Fwd" of a Subject, without the colon. */
const char *const *forwarded_prefixes(size_t *count);
