/*
 * route.h - which letter answers what: category x verdict x way it came.
 *
 * The policy names a letter for each kind of complaint and a reporter's
 * profile may name another. What the public record says comes before both
 * where it changes the answer itself; the way the complaint came only
 * changes to whom it is explained. The table is in route.c; "exitdesk
 * template routes" prints it.
 */
#pragma once

#include "ticket/ticket.h"

typedef struct {
    const char *policy;   /* the policy's letter for the category; NULL: the
                             policy wants none, and then there is none */
    const char *reporter; /* that of the reporter's profile; NULL: none */
    const Findings *findings;
    const Ticket *ticket;
} RouteQuestion;

/* The letter's name, NULL if none, and in one static sentence why it. Both
 * borrowed from the question or static. why may be NULL. */
const char *route_letter(const RouteQuestion *question, const char **why);

/* The table in its order: a letter's name, or "(the policy's)" and the like,
 * and when it is taken. */
guint route_count(void);
const char *route_text(guint index, const char **why);
