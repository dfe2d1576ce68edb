/*
 * profile_load.h - one reporters/NAME.yaml as read; for profile.c, and for
 * the command that makes one.
 */
#pragma once

#include "base/schema.h"
#include "policy/profile.h"

#define PROFILE_RETURN_PATH "return-path"
#define PROFILE_UNREVIEWED  "none yet"

/* Read a file, or bytes that stand in it; what is wrong is appended to
 * errors, and then NULL. */
Profile *profile_read(const char *path, const char *id, GPtrArray *errors);
Profile *profile_parse(const char *path, const char *id, GBytes *bytes,
                       GPtrArray *errors);
const SchemaRow *profile_rows(void);

/* "2026-02-02 A. Beispiel": the day. False if it is not like that. */
bool profile_review_parse(const char *text, Instant *when);
