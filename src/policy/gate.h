/*
 * gate.h - may a letter leave, and to whom?
 *
 * A table of rules; the first that matches decides, all that match are
 * recorded with the inputs. Pure: everything it looks at is in GateInput.
 * The table is decision table D00-D20 of our reply-safety reference.
 *
 * Authority: RFC 3834, RFC 5230 sections 4-5, RFC 8601, RFC 9989.
 */
#pragma once

#include "mail/strictheader.h"
#include "policy/gate_counts.h"
#include "policy/policy.h"
#include "policy/profile.h"

/* What happens with the answer; order: later is bolder. Stored. */
typedef enum {
    ACTION_NOISE,    /* stored and counted, no ticket */
    ACTION_ESCALATE, /* ticket for a person at once, no draft */
    ACTION_FILE,     /* ticket, no letter */
    ACTION_HOLD,     /* ticket and draft; a person sends it */
    ACTION_SEND,     /* outbox after the send delay */
    ACTION_COUNT
} Action;
const char *action_word(Action action);

/* How well the sender is known (reference, section 2.3). */
typedef enum { AUTH_S0, AUTH_S1, AUTH_S2, AUTH_S3 } AuthLevel;
const char *auth_level_word(AuthLevel level);

typedef struct {
    AuthLevel level;
    char *destination; /* the one address a letter may go to; NULL if none */
    char *why;
    char *dkim_key; /* d=, s=, b= of the signature that counted (replay) */
} Authentication;
void authentication_free(Authentication *authentication);

/* Judge the sender from what our own border wrote: only fields with our
 * authserv-id above the first Received that our border did not write; a
 * signature must also be fit at the moment the mail was received. */
Authentication *authentication_judge(const StrictHeader *header,
                                     const char *envelope_from,
                                     const char *authserv_id, Instant received);

typedef struct {
    const char *envelope_from; /* "" for <>; NULL if not known */
    const StrictHeader *strict;
    const Findings *findings;
    const Authentication *authentication;
    const Ticket *ticket;
    const Match *const *matches; /* of the ticket's incidents */
    guint match_count;
    const Member *member; /* NULL: none matched */
    guint member_count;   /* members matched by the whole complaint */
    const PolicyRule *rule;
    ReporterStanding reporter;
    Automation automation;      /* of the member for this category */
    const char *automation_why; /* static words; NULL: the file's level */
    bool has_agreed;            /* to an invitation, if not by its file */
    bool template_found, template_reviewed;
    bool claims_hold; /* no claim that the template needs failed */
    bool is_paused, is_observing;
    bool member_is_held; /* its relays changed, and nobody has looked */
    bool relay_data_is_fresh;
    bool own_sender;       /* sender is one of our or members' addresses */
    bool own_message_id;   /* its Message-ID is of our making */
    bool own_recipient;    /* To/Cc or Resent-To/Cc names one of us */
    bool only_resent;      /* ... and only the latter */
    uint32_t own_received; /* times it passed our own server */
    bool is_duplicate;     /* same mail or case answered before */
    bool answers_us;       /* it names a letter or a case of ours */
    bool is_old_mail;      /* imported from files: never answered */
    bool domain_is_new;    /* proven mail of it came for less than 30 days */
    bool breaker_is_open;
    bool border_is_proven; /* it was seen to strip forged results, or a probe
                              is under way and letters wait for it */
    GateCounts counts;
    GateLimits limits;
} GateInput;

/* One rule that matched. */
typedef struct {
    const char *id; /* "D02" */
    Action action;
    const char *why; /* static sentence */
} GateHit;

typedef struct {
    Action action;    /* of the first hit */
    const char *rule; /* its id */
    GArray *hits;     /* of GateHit, in table order */
    char *inputs;     /* JSON of everything the rules looked at */
} Decision;
Decision *gate_decide(const GateInput *input);
void decision_free(Decision *decision);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Decision, decision_free)

/* Is the address on the stop list of those that no person reads? */
bool gate_address_is_stopped(const char *address);

/* The table, for "policy explain" and the man page. */
const char *gate_rule_text(guint index, const char **id, Action *action,
                           const char **authority);
guint gate_rule_count(void);
