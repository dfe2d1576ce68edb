/*
 * reply.h - the exact letter, each sentence of fact bound to its evidence.
 *
 * A template is a mail-shaped file (template.h); claims.c knows for each
 * claim whether it holds, with an exhibit; compose makes the bytes that will
 * be sent. No word of the complaint goes in except validated typed fields.
 * Preview and sending are one code path.
 *
 * Authority: RFC 3834 section 3, RFC 5322, RFC 2047, RFC 2045.
 */
#pragma once

#include "policy/gate.h"
#include "reply/template.h"

/* A claim with its answer and what shows it. */
typedef enum { CLAIM_NO, CLAIM_YES, CLAIM_UNKNOWN } ClaimAnswer;
typedef struct {
    const char *name;   /* "exit-then"; static, from the table in claims.c */
    ClaimAnswer answer; /* UNKNOWN counts as no and is shown */
    char *exhibit;      /* "consensus 2026-05-03T14:00:00Z sha256 ..." */
} Claim;

/* Everything a letter may speak of. Borrowed while composing. */
typedef struct {
    const char *case_id;
    const Member *member; /* NULL: the letter speaks for the desk itself,
                             and {{member.name}} has no value */
    const Findings *findings;
    const Ticket *ticket;
    const Match *const *matches; /* parallel to ticket->incidents */
    const char *desk_name, *desk_address, *message_domain;
    const char *bounce_address; /* "bounce@umbrella.example" */
    const StrictHeader *strict; /* threading: Message-ID, References */
    const char *to;             /* from the gate; preview: a placeholder */
    Instant now;
    const char *token; /* random, for Message-ID and VERP: 8 to 32
                                    of [a-z0-9] */
    GBytes *loop_key;  /* HMAC key of tokens; never in the letter */
    bool is_held;      /* a person reads it before it leaves */
    const char *quote; /* the reporter's own number as its profile writes it:
                          Subject and text carry it; or NULL */
    /* NULL: no law is cited. */
    const Policies *policies;
    /* Of the letter; reply_compose() sets it. */
    const char *language;
    const History *history; /* NULL: what needs it is unknown */
    /* The descriptor in which a reject rule for what is cited was seen to
     * hold; NULL: none. */
    const RelayDocument *remedy;
    Retention retention; /* UNKNOWN: what policies say */
    /* Of DigestRow (digest_words.h), each a case that the letter answers,
     * findings, ticket and matches being of all; NULL: it is about one. */
    const GPtrArray *digest;
} ReplyContext;

typedef struct {
    GBytes *bytes; /* the whole message, CRLF */
    char *text;    /* the body as a person reads it */
    char *subject;
    char *envelope_from, *to, *message_id;
    char *token; /* of its return path: reply_bounce_token() finds it again */
    char *template_id; /* "DE/login-attack.de" */
    char *template_version;
    GPtrArray *claims; /* of Claim that the template asked for */
    GPtrArray *laws;   /* of LawCandidate: what was considered, and why not */
} Reply;
void reply_free(Reply *reply);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Reply, reply_free)

/* Compose. Errors: INVALID (unknown word, a hole, header injection, over
 * 8 KiB), CONFIG (template unusable). Nothing is sent on an error. */
Reply *reply_compose(const Template *template, const ReplyContext *context,
                     GError **error);

/* Claims of the closed list, evaluated for a context. Array of Claim. */
GPtrArray *claims_evaluate(const ReplyContext *context);
void claim_free(Claim *claim);

/* Does the evidence carry the letter? Yes if one of the claims that it asked
 * for and that carry an answer (exit-then, port-closed, ...) is YES and none
 * of them is UNKNOWN. The others only add a sentence; where they are unknown
 * it is left out. A letter that asks for no claim that carries: no. */
bool reply_claims_hold(const Reply *reply);

/* Every word that a template may use, "claim.NAME" among them, for lint;
 * NULL-terminated, static. What it means, or NULL. */
const char *const *reply_words(void);
const char *reply_word_meaning(const char *word);
/* Can it be without a value, so that it needs a section of its own? */
bool reply_word_is_optional(const char *word);

/* Auto-Submitted is "auto-replied" in every letter, also in one that a
 * person approved: the text was made by a program in answer to a mail, and
 * the word keeps other programs from answering it (RFC 3834 section 5). Only
 * the From name of a letter that nobody read says "(automatic reply)". */

/* Whose bounce is this? The token of a VERP address that we made, or NULL. */
char *reply_bounce_token(const char *recipient, const char *bounce_address,
                         GBytes *loop_key);
/* Is this X-Exitdesk-Loop value one of ours? */
bool reply_is_own_token(const char *loop_token, GBytes *loop_key);
