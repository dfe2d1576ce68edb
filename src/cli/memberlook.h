/*
 * memberlook.h - finding a member by what was typed.
 */
#pragma once

#include "settings.h"

/* Borrowed from the settings. Errors: MISSING, with what was perhaps meant. */
const Member *member_typed(const Settings *settings, const char *id,
                           GError **error);
