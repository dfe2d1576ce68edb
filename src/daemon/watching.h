/*
 * watching.h - what the daemon looks at by itself, minute by minute: the
 * probe of our own border, the clock, and reporters' digests.
 */
#pragma once

#include "daemon/clock.h"
#include "daemon/knowledge.h"
#include "receive/writer.h"

typedef struct {
    Loop *loop;
    Writer *writer;
    DeskClock *clock;
    GBytes *loop_key;
    Reader *reader;
    Knowledge *(*knowledge)(void *data); /* a new reference */
    /* A message may be due; on the loop. */
    void (*changed)(void *data);
    void *data;
} WatchingConfig;

typedef struct Watching Watching;
/* Looks at once, and then by a timer. */
Watching *watching_start(const WatchingConfig *config);
/* After the writer has ended. */
void watching_free(Watching *watching);
