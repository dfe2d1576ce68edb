/*
 * trust.h - how far letters in a member's name go by themselves: off, hold or
 * auto for each member and category.
 *
 * The store keeps what was agreed and what happened (store/trust.h); here are
 * the rules over it, pure. In force is the lowest of: the level kept in the
 * store (without one, the level in the member's file, so that a file alone
 * works), the file's ceiling, a closer mode of the file, consent, pause, the
 * end, and the mentor (HOLD until the first letters were approved by two).
 * Upwards a level moves by "member promote" alone; downwards also by itself,
 * where a trigger of the table in trust.c is true.
 */
#pragma once

#include "relay/member.h"

/* Drafts of the kind approved unchanged, the last ones, before a promotion. */
#define TRUST_DRAFTS_UNCHANGED 10
#define TRUST_CONTACTS         2

/* One level as kept; category may be "*" or a class. */
typedef struct {
    char *category;
    Automation level;
    Instant since;
    char *by, *why;
    char *texts; /* lines "TEMPLATE VERSION" as agreed; NULL: not kept */
    char *rule;  /* hash of the policy's rule as agreed; NULL: not kept */
} TrustLevel;
void trust_level_free(TrustLevel *level);

/* What the store knows of a member. All NONE and empty: nothing. */
typedef struct {
    Instant consent; /* the last, by answer to an invitation */
    char *consent_by, *consent_text, *consent_sha256;
    Instant withdrawn; /* NONE: not, or agreed again since */
    Instant paused;    /* NONE: not */
    char *paused_by, *paused_why;
    Instant ends;      /* NONE: no end is set */
    uint32_t approved; /* letters ever that a person said yes to */
    GPtrArray *levels; /* of TrustLevel */
} TrustState;
TrustState *trust_state_new(void);
void trust_state_free(TrustState *state);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TrustState, trust_state_free)

/* What is in force, and for which words. */
typedef struct {
    Automation level;
    const char *why;        /* static; never NULL */
    const char *scope;      /* category of the level that counts; borrowed */
    Instant since;          /* of that level; NONE: not known */
    const TrustLevel *kept; /* NULL: it is the file's */
} TrustAnswer;
/* state NULL: nobody was asked, the file alone counts. */
TrustAnswer trust_answer(const Member *member, const TrustState *state,
                         const char *category, Instant now);
bool trust_has_consent(const Member *member, const TrustState *state,
                       Instant now);
/* Must the mentor still say yes, too? */
bool trust_wants_mentor(const Member *member, const TrustState *state);

/* ---- the way back ------------------------------------------------------- */

/* What is known when an automatic letter is decided, or when something came
 * back for one. */
typedef struct {
    bool has_bounced;       /* a letter of theirs did not arrive */
    bool has_legal_answer;  /* to one that left by itself */
    bool is_claim_gone;     /* its proof, while the letter waited */
    bool is_person_stopped; /* a letter that was to leave by itself */
    const char *template_id, *template_version; /* NULL: no letter */
    bool template_reviewed;
    const char *rule;    /* hash as of now; NULL: no policy */
    bool relays_changed; /* since the level was set */
    uint32_t letters_1d, letters_max;
    bool has_contact_expired;
} TrustFacts;

/* In the order of the table. */
typedef enum {
    TRUST_LETTER_BOUNCED,
    TRUST_LEGAL_ANSWER,
    TRUST_TEXT_CHANGED,
    TRUST_CLAIM_GONE,
    TRUST_RELAYS_CHANGED,
    TRUST_REVIEW_PASSED,
    TRUST_TOO_MANY,
    TRUST_CONTACT_EXPIRED,
    TRUST_PERSON_STOPPED,
    TRUST_TRIGGERS
} TrustTrigger;

/* The first trigger that is true for a level that is AUTO, -1 if none. */
int trust_trigger(const TrustAnswer *answer, const TrustFacts *facts);
/* The table: its word "text-changed" and what it tells people. */
const char *trust_trigger_text(guint index, const char **words);
