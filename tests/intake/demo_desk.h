/*
 * demo_desk.h - the demo's members, policies and relays, for whole mails.
 */
#pragma once

#include "intake/intake.h"

typedef struct {
    char *directory;
    Settings *settings;
    Policies *policies;
    Profiles *profiles;
    Templates *templates;
    History *history;
    GArray *hints;
    Desk desk;
    Instant now;
} DemoDesk;

/* One a program; the desk has no store of itself. */
extern DemoDesk demo_desk;
void demo_desk_set_up(void);
void demo_desk_tear_down(void);

/* The demo's desk with a store of its own below its directory; close the store
 * with store_close(). loop_key is borrowed. */
Desk demo_desk_with_store(const char *name, GBytes *loop_key);

/* Send a probe, let the border have it, and take in what comes of it. The
 * outbox must hold nothing else that is due. */
typedef GBytes *DemoBorder(GBytes *mail);
void demo_desk_probe(const Desk *desk, DemoBorder *border, Instant now);
/* The same with a good border, unless that is proven. */
void demo_desk_prove_border(const Desk *desk, Instant now);
