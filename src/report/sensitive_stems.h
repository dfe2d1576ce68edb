/*
 * sensitive_stems.h - stems of words that are added up. Private to report/.
 *
 * No stem means a matter by itself; several classes of them together do, or
 * make it worth a person's look.
 */
#pragma once

#include "report/sensitive_words.h"

/* What stems speak of. None is a matter by itself. */
typedef enum {
    STEM_OFFICE,   /* police, ministry */
    STEM_RANK,     /* inspector */
    STEM_INQUIRY,  /* investigation */
    STEM_CRIME,    /* fraud, theft */
    STEM_IDENTITY, /* who used it */
    STEM_RECORDS,  /* preserve, disclose */
    STEM_FORM,     /* hereby, pursuant */
    STEM_COURT,    /* judge, summons */
    STEM_COUNSEL,  /* attorney, our client */
    STEM_CLAIM,    /* damages */
    STEM_KILL,     /* kill me, stab */
    STEM_DEATH,    /* suicide, dying */
    STEM_WEAPON,   /* knife, bomb */
    STEM_THREAT,   /* threatens, afraid, missing */
    STEM_KIN,      /* my family, our school */
    STEM_CHILD,    /* girl, under age */
    STEM_SEX,      /* naked, sexual */
    STEM_IMAGE,    /* photo, video */
    STEM_PREDATOR, /* pedophile, CSAM */
    STEM_COUNT
} StemClass;

typedef struct {
    StemClass class;
    const char *stems; /* as in SensitiveRow.phrases */
} StemRow;
const StemRow *sensitive_stems(size_t *count);

/* How much the classes seen (bits 1 << StemClass) speak for a matter, and
 * what it takes: to be sure, or for a person to look. (sensitive_weights.c) */
typedef struct {
    int sum, sure, maybe;
} StemScore;
StemScore sensitive_stem_score(Sensitive matter, uint32_t classes);
/* Does the class speak for the matter at all? */
bool sensitive_stem_counts(Sensitive matter, StemClass class);
