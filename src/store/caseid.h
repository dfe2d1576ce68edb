/*
 * caseid.h - giving and finding case ids (internal).
 */
#pragma once

#include "store/database.h"
#include "store/filing.h"

/* The next id of the year; see store_reserve_case_ids(). */
char *case_id_reserve(Store *store, const char *prefix, int year,
                      GError **error);

/* A mail that was not read has no key: all zeros, which is like no other. */
bool mail_key_is_known(const uint8_t mail_key[32]);
