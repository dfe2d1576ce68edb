/*
 * typed.h - what people type that several commands take. What cannot be read
 * is an error that says what was expected, with an example.
 */
#pragma once

#include "base/instant.h"
#include "base/ipaddress.h"
#include "relay/family.h"

#include <glib.h>

/* Errors of all: usage. The first stands for what was typed wrong. */
bool ip_typed(const char *text, IpAddress *out, GError **error);
/* A moment; a date alone is none. */
bool moment_typed(const char *text, Instant *out, GError **error);
/* A date alone is the whole day, a time without seconds its minute. */
bool stretch_typed(const char *text, Interval *out, GError **error);
/* 40 hex digits, "$" before them or not. */
bool fingerprint_typed(const char *text, Fingerprint *out, GError **error);
/* Of something that is numbered. */
bool number_typed(const char *text, int64_t *out, GError **error);
/* The number in a question of ours: 32 hex digits. */
bool token_typed(const char *text, GError **error);
/* One that can stand in an envelope as it is. */
bool mailbox_typed(const char *text, GError **error);
/* "class/type"; may_be_wide: a class alone, and "*", too. */
bool category_typed(const char *text, bool may_be_wide, GError **error);
/* The flag's word is one of those of members' files (settings_member_rows),
 * *text is replaced by how it is written; NULL stays. */
bool member_value_typed(const char *name, char **text, GError **error);
