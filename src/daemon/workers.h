/*
 * workers.h - threads that take accepted mails through the pipeline.
 *
 * A worker reads one mail (in the sandboxed reader), matches it, and has it
 * decided and filed on the writer's thread. Mails come straight from the
 * receiver while there is room, else (and after a restart) from the store, so
 * a backlog costs disk and not memory. A mail found in the store has its
 * attempts counted, once a run of the desk and right before it is read; after
 * three it is parked for a person, and so is one that can never be filed.
 */
#pragma once

#include "daemon/clock.h"
#include "daemon/knowledge.h"
#include "receive/writer.h"

#define WORKERS_QUEUE_BYTES_MAX (64 * 1024 * 1024)
#define WORKERS_ATTEMPTS_MAX    3

typedef struct Workers Workers;

typedef struct {
    Writer *writer;
    Reader *reader;
    const DeskClock *clock;
    GBytes *loop_key;
    /* The snapshot to judge by: a new reference. Any thread. */
    Knowledge *(*knowledge)(void *data);
    /* A mail was filed (a letter may be ready). Any thread. */
    void (*filed)(void *data);
    /* No more mail can be read before the desk is started again. Any thread,
     * any number of times. */
    void (*lost)(void *data);
    void *data;
} WorkersConfig;

/* Start that many threads; they first take what the store has undecided. */
Workers *workers_start(const WorkersConfig *config, guint count);

/* Have a committed mail processed; keeps a reference of its bytes. */
void workers_push(Workers *workers, const Delivery *delivery);

/* Let each worker finish the mail it has, then end. What waits stays in the
 * store. */
void workers_stop(Workers *workers);
