/*
 * seen.h - which deliveries we have already (internal; see seen.c).
 */
#pragma once

#include "store/database.h"

/* Learn the keys of the last mails; when a WRITE store opens. */
bool seen_load(Store *store, GError **error);
void seen_clear(Store *store);

void seen_add(Store *store, const uint8_t delivery_key[32], int64_t number);
/* The mail that may have the key, 0 if none has. The caller compares. */
int64_t seen_find(const Store *store, const uint8_t delivery_key[32]);
