/*
 * memberlook.h - the member that a command line names, and what tells members
 * apart, for cmd_*.c.
 */
#pragma once

#include "cli/commands.h"
#include "intake/apart.h"

/* By id; borrowed from the settings. Errors: MISSING, with the id meant if one
 * is near. */
const Member *member_typed(const Settings *settings, const char *id,
                           GError **error);

/* What is known of members and their relays now. */
typedef struct {
    History *history; /* these two: NULL where nothing was imported */
    People *people;
    Apart *apart;
} MemberSigns;
/* Errors: those of history_open() and people_open(), but MISSING. */
bool member_signs_open(const Settings *settings, MemberSigns *out,
                       GError **error);
void member_signs_clear(MemberSigns *signs);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MemberSigns, member_signs_clear)
