/*
 * basis.h - whose word an answer is.
 */
#pragma once

/* Only the first can be enough for a letter. */
typedef enum {
    BASIS_CONSENSUS, /* what a majority of the authorities signed together */
    BASIS_STATUSES,  /* before that: what more than half signed one by one */
    BASIS_DIRECTORY, /* before that: what one directory server signed */
} LookupBasis;
const char *lookup_basis_word(LookupBasis basis); /* "consensus" */
