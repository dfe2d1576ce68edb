/*
 * demo_desk.h - the demo's members, policies and relays, for whole mails.
 */
#pragma once

#include "intake.h"

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
