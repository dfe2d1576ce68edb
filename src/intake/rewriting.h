/*
 * rewriting.h - a person says something else than the program, or says it to
 * somebody else, or answers where the program wrote nothing.
 *
 * The letter is composed anew from the mail's bytes: with another text of ours
 * from the same evidence, or with the person's own words, which lint looks at
 * (reply/own.h). It waits for a yes like every draft (store/versions.h).
 *
 * What the gate says of the mail is for programs; what binds a person, too, is
 * little: the member's consent, who may never be written to, and for mail of
 * authorities and the like that somebody has gone through the checklist.
 * leaving.c asks the same again before the letter leaves.
 */
#pragma once

#include "intake/intake.h"
#include "store/cases.h"
#include "store/drafts.h"

/* A request as it goes over the control socket; NULL: not said. */
typedef struct {
    char *verb;     /* edit: of the draft that waits; write: there is none */
    char *id;       /* case */
    char *seen;     /* version that is changed; edit only */
    char *template; /* "login-attack", "XX/login-attack.de" */
    char *language; /* "de" */
    char *subject;  /* of own words */
    char *to;       /* the one address */
    char *by;       /* who wants it so; NULL: the login */
    char *checked;  /* who went through the checklist */
    char *trial;    /* "yes": show it, keep nothing */
    char *text;     /* own words, line by line */
} RewriteOrder;
void rewrite_order_clear(RewriteOrder *order);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(RewriteOrder, rewrite_order_clear)
char *rewrite_order_new_text(const RewriteOrder *order);
/* Errors: INVALID. */
bool rewrite_order_read(const char *text, RewriteOrder *out, GError **error);

/* Do it; on the store's thread. note: why, for the record. answer: what was
 * made, with warnings; yours. desk->store is not used. Errors: DENIED (consent,
 * the address, the checklist), INVALID (what lint found), CONFLICT (somebody
 * was faster), MISSING (the case, its mail, a letter of that name). */
bool rewriting_do(const Desk *desk, Store *store, const char *order,
                  const char *note, const char *login, Instant now,
                  char **answer, GError **error);

/* ---- for both, and for leaving.c (rewriting_rules.c) --------------------- */

/* The ticket of a case among those of its mail, read again and with the joint
 * one added; NULL: the mail no longer makes it. */
JudgedTicket *rewriting_ticket(const Judgement *judgement, const Case *filed);
/* Why no person may have a letter about it either, by the gate's decisions;
 * yours, NULL: a person may. */
char *rewriting_objection(const Judgement *judgement,
                          const JudgedTicket *judged, const char *checked_by);
/* May it go to that address? why: yours, NULL if so. Errors: the store's. */
bool rewriting_may_reach(const Desk *desk, const char *to, Instant now,
                         char **why, GError **error);
/* Where the address comes from: "From, not proven", "typed by Anna"; yours. */
char *rewriting_source(const Delivery *delivery, const Judgement *judgement,
                       const char *to, const char *by);
/* The addresses that the mail offers, each with its source; yours. */
char *rewriting_offers(const Delivery *delivery, const Judgement *judgement);
