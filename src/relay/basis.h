/*
 * basis.h - whose word an answer is.
 */
#pragma once

#include <stdint.h>

/* Until this moment (2008-05-20) a majority of the authorities had, or may
 * still have used, keys that a fault of Debian's OpenSSL made guessable
 * (CVE-2008-0166): whoever computes them today can sign for that time. */
#define BASIS_WEAK_UNTIL_S INT64_C(1211241600)

/* Only the first can be enough for a letter. */
typedef enum {
    BASIS_CONSENSUS, /* what a majority of the authorities signed together */
    BASIS_STATUSES,  /* before that: what more than half signed one by one */
    BASIS_DIRECTORY, /* before that: what one directory server signed */
    BASIS_WEAK,      /* a consensus signed with keys that could be guessed */
} LookupBasis;
const char *lookup_basis_word(LookupBasis basis); /* "consensus" */
