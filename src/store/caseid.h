/*
 * caseid.h - giving case ids (internal).
 */
#pragma once

#include "store/database.h"

/* The next id of the year; see store_reserve_case_ids(). */
char *case_id_reserve(Store *store, const char *prefix, int year,
                      GError **error);
