/*
 * sender_words.h - by which addresses and words senders are known. Private to
 * report/; the tables are in the .c file.
 */
#pragma once

#include "report/report.h"
#include "report/words.h"

typedef enum {
    RULE_DOMAIN_SUFFIX, /* "gov", "police.uk": the domain ends in it */
    RULE_DOMAIN_LABEL,  /* one label of the domain is exactly this */
    RULE_DOMAIN_PREFIX, /* one label begins with it */
    RULE_DOMAIN_PART,   /* it stands anywhere in the domain */
    RULE_LOCAL_PART,    /* the local part is exactly this */
    RULE_LOCAL_PREFIX,
} RuleWhere;

typedef struct {
    RuleWhere where;
    const char *word; /* lower case */
    SenderClass sender;
} SenderRule;

/* First match wins; ends with word == NULL. */
const SenderRule *sender_rules(void);

/* meaning: sender_class_word(); 4 decides. */
const WordIndex *sender_words(void);
/* The same for the display name of From. */
const WordIndex *sender_name_words(void);
SenderClass sender_class_of_word(const char *word);
