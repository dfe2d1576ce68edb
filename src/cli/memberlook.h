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
/* Of id (NULL: nobody was named) nothing was found: is it a member's at all?
 * Asked only then, since one whose file is gone may still have cases.
 * Errors: those of member_typed(). */
bool member_is_there(CliContext *context, const char *id, GError **error);

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
