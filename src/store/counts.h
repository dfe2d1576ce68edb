/*
 * counts.h - counting automatic letters and silencing addresses (internal).
 */
#pragma once

#include "store/database.h"

/* The form in which an address is counted: lower case, without +detail, and
 * without dots where the provider ignores them. Yours to free. */
char *counting_address(const char *address);

/* One more automatic letter, inside the caller's transaction. */
bool counts_add(Store *store, const char *to, const char *member, Instant now,
                GError **error);
/* No automatic letter to the address until then. */
bool counts_suppress(Store *store, const char *address, Instant until,
                     const char *why, GError **error);
