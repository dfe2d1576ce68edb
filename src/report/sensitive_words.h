/*
 * sensitive_words.h - the phrases of sensitive matters. Private to report/.
 *
 * sensitive_words.c holds single phrases, sensitive_LANGUAGE.c the families
 * of words of one group of languages, sensitive_stems.c the stems that are
 * added up (sensitive_stems.h); sensitive_index.c makes one index of them all.
 *
 * To add to a family: write the phrase into the row of its matter, as it is
 * spelled, in the notation of words.h; " | " stands between phrases. Accents
 * may stand or not; spellings without them are found as well.
 *
 * A row is either enough by itself (weight 4), or a half: who (a court) and
 * what (orders) count only near each other. Put a word there that means
 * nothing alone; put it to neither if complaints about scans or spam use it
 * near the other half.
 */
#pragma once

#include "report/kinds.h"
#include "report/words.h"

/* A matter is recognised when the weights of its distinct phrases reach
 * this. */
#define SENSITIVE_ENOUGH 4

/* Meanings of rows: sensitive_word() of the matter, alone or with a role. */
#define AUTHORITY    "authority"
#define COURT        "court"
#define LAWYER       "lawyer"
#define LIFE         "life"
#define CHILD        "child-abuse"
#define DATA_SUBJECT "data-subject"
#define PRESS        "press"

#define AUTHORITY_WHO  "authority who"
#define AUTHORITY_WHAT "authority what"
#define COURT_WHO      "court who"
#define COURT_WHAT     "court what"
#define LAWYER_WHO     "lawyer who"
#define LAWYER_WHAT    "lawyer what"
#define LIFE_WHO       "life who"
#define LIFE_WHAT      "life what"
#define CHILD_WHO      "child-abuse who"
#define CHILD_WHAT     "child-abuse what"

/* Names that people also use who only announce to go there, and the words of
 * such an announcement. */
#define AUTHORITY_PLAIN "authority plain"
#define ANNOUNCED       "authority announced"

/* A row of sensitive_stems.c; its weight is the StemClass. */
#define STEM "any stem"

typedef enum {
    ROLE_ALONE,     /* counts by its weight */
    ROLE_EXCUSE,    /* what stands within it does not count */
    ROLE_WHO,       /* half of a pair */
    ROLE_WHAT,      /* the other half */
    ROLE_PLAIN,     /* counts unless announced */
    ROLE_ANNOUNCED, /* takes back a plain name near it */
    ROLE_STEM,      /* one of many that are added up */
} SensitiveRole;

typedef struct {
    const char *meaning;
    int weight; /* -4 to 4; 0 in halves and announcements */
    const char *phrases;
} SensitiveRow;

/* How else people write the language. */
typedef enum {
    SPELLING_PLAIN,
    SPELLING_UMLAUTS,  /* also ae, oe, ue, aa */
    SPELLING_CYRILLIC, /* also in Latin letters */
} Spelling;

typedef struct {
    const SensitiveRow *rows;
    size_t count;
    Spelling spelling;
} SensitiveTable;

extern const SensitiveTable SENSITIVE_ENGLISH, SENSITIVE_GERMAN,
    SENSITIVE_ROMANCE, SENSITIVE_NORDIC, SENSITIVE_SLAVIC, SENSITIVE_CYRILLIC,
    SENSITIVE_TYPED, SENSITIVE_OTHERS, SENSITIVE_IDENTITY, SENSITIVE_LEAVE,
    SENSITIVE_WEAPONS, SENSITIVE_UNDRESSED;
const WordRow *sensitive_single_words(size_t *count);

/* Of all of them; meanings are those above. */
const WordIndex *sensitive_words(void);

/* The role of a row of that index. The weight of a half is the number of the
 * table it stands in: both halves must be of one group of languages. */
#define SENSITIVE_GROUPS 12
SensitiveRole sensitive_role(const WordRow *row);

/* A file number whose shape tells that a prosecutor (AUTHORITY) or a court
 * (COURT) gave it: which, and where it stands, or NULL. (sensitive_number.c) */
const char *sensitive_file_number(const char *text, size_t length, size_t *at,
                                  size_t *bytes);
