/*
 * writer.h - the one thread that writes to the store.
 *
 * Deliveries and other writing jobs are queued from any thread; the writer
 * does them and reports back on the loop. Natural batching: all deliveries
 * that came while the last commit ran go into one transaction (waiting for
 * more made it slower); jobs run between such commits, in the order they
 * were given, a few milliseconds at a time so that no 250 waits for long.
 *
 * When the store is BROKEN everybody who waits gets that error (451), later
 * requests too, and fatal is called once on the loop: answer what can be
 * answered and exit with 75; an fsync is never retried.
 */
#pragma once

#include "receive/loop.h"
#include "store/store.h"

typedef struct Writer Writer;

/* Start the thread. The store (STORE_WRITE) is the writer's from now on:
 * nobody else touches it until writer_stop has returned. */
typedef void WriterFatal(void *data, const GError *error);
Writer *writer_start(Loop *loop, Store *store, WriterFatal *fatal, void *data);

/* Commit one message. The delivery is the writer's; done (on the loop) may
 * look at it. error NULL: committed, id and is_known are set. */
typedef void WriterAccepted(void *data, const Delivery *delivery,
                            const GError *error);
void writer_accept(Writer *writer, Delivery *delivery, WriterAccepted *done,
                   void *data);

/* Do work(store, data) on the writer thread, then done(data, error) on the
 * loop; done may be NULL. error NULL: work returned true. */
typedef bool WriterWork(Store *store, void *data, GError **error);
typedef void WriterDone(void *data, const GError *error);
void writer_run(Writer *writer, WriterWork *work, WriterDone *done, void *data);

/* The same, and wait for it: for threads that are not the loop. */
bool writer_call(Writer *writer, WriterWork *work, void *data, GError **error);

/* How many deliveries and jobs wait. */
guint writer_backlog(Writer *writer);

/* Do what is queued, end the thread, close the store, and run the last
 * completions (call it on the loop's thread, before what they use is freed).
 * What they still ask for is answered TEMPORARY. */
void writer_stop(Writer *writer);
