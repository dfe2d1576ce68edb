/*
 * requests.h - what the people at the machine ask the running desk to do:
 * change, approve or stop a letter, pause and resume sending, reload, status.
 */
#pragma once

#include "daemon/clock.h"
#include "daemon/knowledge.h"
#include "daemon/workers.h"
#include "receive/control.h"
#include "receive/writer.h"

typedef struct {
    Writer *writer;
    const DeskClock *clock;
    Reader *reader; /* for letters that are composed anew */
    GBytes *loop_key;
    Knowledge *(*knowledge)(void *data); /* a new reference */
    /* Load the configuration again; on the loop. */
    bool (*reload)(void *data, GError **error);
    /* A letter may be due, or sending was paused; on the loop. */
    void (*changed)(void *data);
    Workers **workers; /* whoever reads a mail again; NULL behind it: nobody */
    void *data;
} RequestsConfig;

/* A ControlHandler; data is a RequestsConfig that outlives the server. */
void requests_handle(void *data, ControlCall *call,
                     const ControlRequest *request, const char *user);
