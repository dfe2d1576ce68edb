/*
 * fake_store.h - a store in memory, for tests of those who call it.
 */
#pragma once

#include "store/store.h"

/* What store_accept was given, in order: one string a transaction, the
 * envelope senders joined by blanks. Of the store given to writer_start. */
Store *fake_store_new(void);
GPtrArray *fake_store_transactions(Store *store);
/* From now on a delivery of this sender makes its transaction fail so. */
void fake_store_poison(Store *store, const char *sender, int code);
/* Transactions wait until this is called again with false. */
void fake_store_block(Store *store, bool blocked);
bool fake_store_is_closed(const Store *store);
void fake_store_free(Store *store);
