/*
 * strictaddress.h - addresses for the strict header scanner only.
 */
#pragma once

#include <stddef.h>

/* A new addr-spec with lower-case domain, or NULL. */
char *strict_address_new(const char *at, size_t length);

/* One mailbox of a list at *cursor, which moves behind it and its comma. A new
 * addr-spec, or NULL with *why set if it is not plainly one. */
char *strict_mailbox_next(const char **cursor, const char **why);

/* The end of a quoted string or comment that begins at `at`; NULL if it does
 * not end. Nested comments are not understood. */
const char *strict_skip_enclosed(const char *at);
