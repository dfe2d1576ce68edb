/*
 * strictfields.h - what the strict scanner reads from a field (private).
 */
#pragma once

#include "mail/strictheader.h"

/* Note a reason why two programs might read this header differently; static
 * words, each kept once. */
void strict_ambiguous(StrictHeader *header, const char *why);

/* Read an unfolded value into header. False if the field is of no interest. */
bool strict_take_field(StrictHeader *header, const char *name,
                       const char *value);

/* The marks of programs, lists and filters (strictmarks.c). False if the
 * field is none. */
bool strict_take_mark(StrictHeader *header, const char *name,
                      const char *value);

/* After the last field: In-Reply-To behind References, whichever came first. */
void strict_join_references(StrictHeader *header);
