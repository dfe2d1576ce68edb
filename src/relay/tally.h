/*
 * tally.h - what an import counts, and what it says of what it did not believe.
 */
#pragma once

#include "relay/import.h"
#include "relay/sources.h"

void tally_init(ImportSummary *summary);

/* source: NULL: unknown. name: where it stood; why: of what is not believed. */
void tally_document(ImportSummary *summary, const Source *source,
                    ReadResult result, const char *name, const char *why);
/* A file could not be read to its end. */
void tally_file(ImportSummary *summary, const char *path, const char *why);
/* summary: ImportSummary. */
void tally_complain(const char *what, const char *why, gpointer summary);

/* What was read as new, but is not kept, as of a client's cache, or turned out
 * to be known. */
void tally_correct(ImportSummary *summary, const Facts *facts);
