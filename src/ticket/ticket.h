/*
 * ticket.h - one complaint x one member.
 *
 * A complaint that cites three members makes three tickets, none sees the
 * others; one that cites none makes one ticket for staff. Ids are readable
 * and carry a check letter so that a mistyped digit is noticed.
 */
#pragma once

#include "reader/reader.h"
#include "relay/match.h"

/* Order is stored: append only. */
typedef enum {
    TICKET_TRIAGE,  /* waits for staff */
    TICKET_DRAFTED, /* a draft waits for a yes */
    TICKET_SENDING, /* a letter is in the outbox */
    TICKET_ANSWERED,
    TICKET_FILED,  /* nothing to say, nothing to do */
    TICKET_CLOSED, /* by a person */
    TICKET_STATE_COUNT
} TicketState;
const char *ticket_state_word(TicketState state);
bool ticket_state_parse(const char *word, TicketState *out);

/* May a ticket go from one state to the other? (state.c has the table) */
bool ticket_may_become(TicketState from, TicketState to);

typedef struct {
    char *member;      /* id or NULL: staff's */
    GArray *incidents; /* of guint: indices into Findings.incidents */
    Verdict verdict;   /* the worst of them for saying anything */
    char *category;    /* of most of its incidents */
    char *why;         /* why it became this ticket, one sentence */
} Ticket;
void ticket_free(Ticket *ticket);

/* Split a complaint over the members its incidents matched (split.c has the
 * rule). matches has one Match (or NULL for roles that are not matched) per
 * incident. Always at least one ticket, staff's last. Array of Ticket. */
GPtrArray *ticket_split(const Findings *findings, const GPtrArray *matches);

/* What one letter for all of a complaint's members is about: the incidents of
 * tickets (array of const Ticket) together, of no member. */
Ticket *ticket_new_joint(const GPtrArray *tickets, const Findings *findings,
                         const GPtrArray *matches);

/* "UA-2026-00142-K" from prefix, year and number; yours to free. An empty
 * prefix gives "2026-00142-K". */
char *ticket_id_new(const char *prefix, int year, uint32_t number);

/* Read an id in any case, with or without its prefix. False with a message
 * that names the right letter if the check letter is wrong.
 * Errors: INVALID. */
bool ticket_id_parse(const char *text, const char *prefix, int *year,
                     uint32_t *number, GError **error);

/* The first id with our prefix and a right check letter in a Subject or other
 * text, in canonical form; NULL if none. A claim of the sender, no proof. */
char *ticket_case_id_in(const char *text, const char *prefix);

/* Keys under which the same complaint is recognised (DESIGN section 3). */
void ticket_delivery_key(const char *envelope_from, GBytes *raw,
                         uint8_t out[32]); /* K1: identical redelivery */
