/*
 * counts.h - counting automatic letters and silencing addresses (internal).
 */
#pragma once

#include "store/database.h"

/* The form in which an address is counted: lower case, without +detail, and
 * without dots where the provider ignores them. Yours to free. */
char *counting_address(const char *address);

/* One more automatic letter, inside the caller's transaction. */
bool counts_add(Store *store, const CountKeys *keys, Instant now,
                GError **error);
/* One more letter in a thread. */
bool counts_add_thread(Store *store, const char *thread, GError **error);
/* One more letter of a template, approved by a person or not. */
bool counts_add_ever(Store *store, int64_t letter, GError **error);
/* Something that the breaker watches: "bounce", "complaint", "unknown". */
bool counts_note(Store *store, const char *what, Instant now, GError **error);
/* Proven mail of the domain came. */
bool counts_meet(Store *store, const char *domain, Instant now, GError **error);
/* How many of a scope since then. */
bool counts_since(Store *store, const char *scope, const char *name,
                  Instant since, uint32_t *out, GError **error);
/* No automatic letter to the address until then. */
bool counts_suppress(Store *store, const char *address, Instant until,
                     const char *why, GError **error);
