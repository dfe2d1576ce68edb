/*
 * reference_number.h - what may be the number of a matter, and what is the
 * number of something else. Private to report/.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The run of value bytes at text, without marks at its end; 0 if none. */
size_t reference_length(const char *text, size_t length);

/* Could it be the number of a matter? It has digits, and is no address, time,
 * port, version, name of a host or file, nor the number of a flaw, standard,
 * network, account or person. */
bool reference_is_good(const char *text, size_t length);

/* Would nobody write it but as such a number, even without a label's mark? */
bool reference_is_sure(const char *text, size_t length);

/* Like sure, behind words that also lead to other things ("refer to"): it has
 * a capital, or no letter at all but a mark. */
bool reference_is_formal(const char *text, size_t length);
