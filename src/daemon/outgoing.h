/*
 * outgoing.h - the outbox pump: due letters to the courier, outcomes back.
 *
 * One letter at a time: taken from the outbox when its time has come and
 * nothing objects any more (pause, consent, mode), asked again right before
 * the final dot, its outcome committed before the next. Everything here runs
 * on the loop; the store is asked through the writer.
 *
 * What bounds it: a letter costs three commits (begun, dot, outcome), one after
 * the other, each an fsync. Where that is cheap 35 to 85 leave in a second on a
 * busy machine; a disk that needs 50 ms for an fsync leaves 6. PGP costs two runs
 * of gpg a letter: 12 a second. All are far over what send.max-per-hour allows.
 */
#pragma once

#include "courier/courier.h"
#include "daemon/clock.h"
#include "daemon/knowledge.h"
#include "receive/writer.h"

typedef struct Outgoing Outgoing;

typedef struct {
    Loop *loop;
    Writer *writer;
    Courier *courier; /* started before the loop; NULL: nothing is sent */
    Reader *reader;   /* letters are decided again before they leave */
    GBytes *loop_key;
    const DeskClock *clock;
    /* A new reference to the snapshot in force. Writer's thread. */
    Knowledge *(*knowledge)(void *data);
    /* The courier and its keeper are gone; nothing is sent any more. */
    void (*lost)(void *data);
    void *data;
} OutgoingConfig;

Outgoing *outgoing_start(const OutgoingConfig *config);

/* Something may be due now. */
void outgoing_poke(Outgoing *outgoing);

/* The courier's events; hand them to courier_start with outgoing_slot(): the
 * courier is started before there is a loop or an Outgoing. */
typedef struct {
    Outgoing *outgoing;
} OutgoingSlot;
CourierEvents outgoing_events(OutgoingSlot *slot);

/* Begin nothing new, allow no dot; call idle when a letter whose dot was
 * allowed is done. One that is not as far is not waited for: it cannot leave,
 * and goes out after the next start. */
void outgoing_drain(Outgoing *outgoing, LoopCall *idle, void *data);
void outgoing_free(Outgoing *outgoing);
