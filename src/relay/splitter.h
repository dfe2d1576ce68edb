/*
 * splitter.h - a stream of bytes cut into the documents it holds.
 *
 * Files of tor and of CollecTor hold one document or thousands, with or
 * without annotations. At most one document is kept in memory; kinds that are
 * only skipped are not kept at all. Linear in the input.
 */
#pragma once

#include "relay/sources.h"

typedef struct Splitter Splitter;

/* source NULL: something we do not know. flaw: why the document could not be
 * cut out (static words), or NULL. The text is borrowed for the call and
 * empty for what is skipped. */
typedef void (*DocumentFound)(const Source *source, Text document,
                              const char *flaw, gpointer data);

Splitter *splitter_new(DocumentFound found, gpointer data);
void splitter_free(Splitter *splitter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Splitter, splitter_free)

/* For the callback: does the document stand under the annotations that tor
 * writes into its cache? */
bool splitter_is_cached(const Splitter *splitter);

void splitter_feed(Splitter *splitter, const void *data, size_t length);
/* The stream is over: hand out what is left. The splitter is as new. */
void splitter_finish(Splitter *splitter);
