/*
 * claims.h - what claims.c offers to its own folder; see reply.h.
 */
#pragma once

#include "reply/reply.h"

/* Does it speak of the address (exit-then), not of the member? */
bool claims_is_about_address(const char *name);

/* The member's own statement of that name that holds now, or NULL. */
const MemberStatement *claims_statement(const ReplyContext *context,
                                        const char *name);
