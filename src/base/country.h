/*
 * country.h - which countries there are, and which are in the EU.
 *
 * Authority: ISO 3166-1 alpha-2; member states of the European Union as of
 * 2026 (https://european-union.europa.eu/principles-countries-history).
 * "EU" and "XX" are names of policy packs, not countries; ISO reserves "UK",
 * which is not an official code either.
 */
#pragma once

#include <stdbool.h>

/* Is it an ISO 3166-1 alpha-2 code, in upper case? */
bool country_is_known(const char *code);

/* Is it a member state of the European Union? */
bool country_is_eu(const char *code);

/* The English short name; static; NULL if the code is unknown. */
const char *country_name(const char *code);

/* The code that somebody who typed text meant: another case ("de"), a name
 * ("Germany"), a common wrong code ("UK"); static; NULL if none. */
const char *country_meant(const char *text);
