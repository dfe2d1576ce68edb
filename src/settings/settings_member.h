/*
 * settings_member.h - members.d: one file a member; for settings.c.
 */
#pragma once

#include "base/schema.h"
#include "relay/member.h"

/* What "member add" writes where only the organisation can tell. */
#define MEMBER_BLANK "FILL-IN"

/* Every ID.yaml of DIRECTORY/members.d; what is wrong is added to errors.
 * NULL only if errors were added. */
Members *settings_read_members(const char *directory, GPtrArray *errors);
