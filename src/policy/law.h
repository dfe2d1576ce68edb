/*
 * law.h - which statute a letter may cite, and why no other.
 *
 * policies/law/CC.yaml holds what a country's law says about carrying the
 * traffic of others, each entry with the days it was in force, what it
 * depends on, its source, who reviewed it and how sure we are. A letter cites
 * an entry only if all of it fits; otherwise it goes out without a statute,
 * which is better than a wrong one. Law that is gone stays in the files, with
 * the names it had, so that lint finds it in any text.
 *
 * Who reviewed counts as for templates: with "none yet", or a review that has
 * run out, an entry may stand in a draft that a person reads, never in a
 * letter that leaves by itself.
 */
#pragma once

#include "relay/member.h"

#define LAW_REVIEW_MONTHS 12 /* after that, a review counts as run out */

typedef struct Laws Laws;
void laws_free(Laws *laws);

/* Read DIR/law/CC.yaml of each directory; a later directory's file replaces
 * one of the same name. What is wrong is appended to errors. */
Laws *laws_load(const char *const *directories, GPtrArray *errors);

/* What entries can be about; NULL-terminated, static. */
const char *const *law_topics(void);
bool law_topic_is_known(const char *topic);

/* ---- citing ------------------------------------------------------------ */

/* Everything that decides; borrowed. */
typedef struct {
    const char *chain;         /* packs of the member's seat: "DE EU XX" */
    const char *const *topics; /* wanted, best first; NULL-terminated */
    const char *language;      /* of the letter */
    const char *category;      /* of the complaint */
    const Member *member;      /* what it states of itself; NULL: nothing */
    Instant date;              /* of the letter */
    bool is_exit;              /* certainly an exit for all that is cited */
    bool is_automatic;         /* nobody reads the letter before it leaves */
} LawQuestion;

/* One entry that was looked at. */
typedef struct {
    char *id; /* "DE/ddg-7" */
    char *topic;
    char *citation; /* in the letter's language; NULL if not cited */
    char *sentence; /* what it says, no full stop; NULL if not cited */
    char *source;   /* where it can be read; NULL: not known */
    char *file;
    int line;
    char *why_not; /* NULL: cited */
} LawCandidate;
void law_candidate_free(LawCandidate *candidate);

/* Every entry of the wanted topics in the order they were asked, with the
 * reason against each but the one that is cited; at most one is. Array of
 * LawCandidate, yours. */
GPtrArray *law_find(const Laws *laws, const LawQuestion *question);
/* The cited one among them; borrowed, NULL if none. */
const LawCandidate *law_cited(const GPtrArray *candidates);

/* ---- looking at the packs ---------------------------------------------- */

typedef enum { CONFIDENCE_LOW, CONFIDENCE_MEDIUM, CONFIDENCE_HIGH } Confidence;
const char *confidence_word(Confidence confidence); /* low medium high */

/* One entry as read; borrowed from its Laws. */
typedef struct {
    const char *id, *topic, *source, *reviewed, *replaced_by, *note;
    Instant from, until; /* INSTANT_NONE: open */
    Confidence confidence;
    const char *file;
    int line;
} LawView;
guint laws_count(const Laws *laws);
LawView laws_view(const Laws *laws, guint index);
/* Its citation and sentence in a language; NULL if it has none. */
const char *laws_citation(const Laws *laws, guint index, const char *language);
const char *laws_sentence(const Laws *laws, guint index, const char *language);

/* A thing to look at in the files: a review that ran out, an entry that a
 * letter could cite but that lacks the words. */
typedef struct {
    char *file;
    int line;
    char *message;
} LawWarning;
void law_warning_free(LawWarning *warning);
/* Array of LawWarning, yours. */
GPtrArray *laws_check(const Laws *laws, Instant now);

/* ---- law that is gone, in any text ------------------------------------- */

/* A name of law that no longer holds, found in a text. */
typedef struct {
    size_t at, length; /* bytes of the text */
    const char *name;  /* as the file writes it; these borrowed from laws */
    const char *message;
    bool is_sure; /* its entry's confidence is high */
} LawFinding;

/* Array of LawFinding by place; the caller's. */
GArray *laws_find_gone(const Laws *laws, const char *text, Instant now);
