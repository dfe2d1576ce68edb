/*
 * remedying.h - closing members' exits to a destination, step by step.
 *
 * The desk never touches a relay and never decides this by itself: an attacker
 * may ask us to close off a third party. A person proposes and says how it is
 * known whose the destination is, the member agrees, the member puts the lines
 * into its torrc; the desk sees in the public record whether they hold, and then
 * drafts the letter that says so, for a person to read.
 */
#pragma once

#include "intake/intake.h"
#include "relay/whois.h"
#include "store/remedy.h"

/* The statement in a member's file that allows proposals at all. */
#define REMEDY_WORD     "remedy"
#define REMEDY_LETTER   "rule-live"
#define REMEDY_DAYS     90
#define REMEDY_DAYS_MAX 365

/* The member's word as of now, or NULL: nothing may be proposed to it. */
const MemberStatement *remedying_word(const Member *member, Instant now);
/* Is it "XX/rule-live.en" of any country and language? */
bool remedying_is_letter(const char *template_id);

/* 40 hex digits in upper case; yours. */
char *remedying_relay_text(const uint8_t fingerprint[FINGERPRINT_BYTES]);

/* A request as it goes over the control socket; NULL: not said. */
typedef struct {
    char *verb;        /* propose, agree, withdraw, look */
    char *id;          /* case of propose; else the remedy's number */
    char *destination; /* as remedy_target_parse() */
    char *ports;
    char *days;
    char *owner;  /* how it is known whose the destination is */
    char *forced; /* why in spite of a grave cost */
    char *by;     /* who of the member agreed, who answers for the cost */
} RemedyOrder;
void remedy_order_clear(RemedyOrder *order);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RemedyOrder, remedy_order_clear)
char *remedy_order_new_text(const RemedyOrder *order);
/* Errors: INVALID. */
bool remedy_order_read(const char *text, RemedyOrder *out, GError **error);

/* The one address that the case's incidents name as harmed, with its port ("*"
 * if none or several are cited); yours. False: none, or several. */
bool remedying_target_of(const Judgement *judgement, const Ticket *ticket,
                         char **destination, char **ports);
/* How it is known that the destination is the complainant's; *is_shown false:
 * why it is not, and a person must say. Yours. */
char *remedying_owner(const Judgement *judgement, const Whois *whois,
                      const RemedyTarget *target, bool *is_shown);

/* What speaks against it, or is to be known, before it is proposed: the cost,
 * the Exit flag, rules of the member's own. Array of RemedyWarning. */
GPtrArray *remedying_warnings(const Desk *desk, const Member *member,
                              const RemedyTarget *target);

/* Do it. text: what was done (yours). desk->store is not used. Errors: DENIED
 * (the member's word, the owner or a name is missing), CONFLICT, MISSING,
 * INVALID. */
bool remedying_do(const Desk *desk, Store *store, const char *order,
                  const char *note, const char *login, Instant now, char **text,
                  GError **error);

/* Look at the newest record for all remedies, end what has expired, and (with
 * desk->reader) draft the letters for what is closed. *changed: remedies whose
 * state is another one now. Nothing if the record is too old. */
bool remedying_look(const Desk *desk, Store *store, Instant now, guint *changed,
                    GError **error);

/* The member's file for %include in torrc, of all that it agreed to. Yours. */
char *remedying_torrc(const Desk *desk, const Member *member,
                      const GPtrArray *rows, Instant now);
