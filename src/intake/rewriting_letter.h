/*
 * rewriting_letter.h - the letter that a person ordered; for rewriting.c.
 */
#pragma once

#include "intake/rewriting.h"

/* One order with all that was found for it. */
typedef struct {
    Desk desk;
    RewriteOrder order;
    const char *note, *login; /* borrowed */
    Instant now;
    guint seen; /* version that is changed */
    Case *filed;
    Delivery *delivery;
    Judgement *judgement;
    JudgedTicket *judged; /* borrowed from the judgement */
    Draft *before;        /* NULL: a new letter */
    const char *to;       /* borrowed; NULL: nobody */
    char *source;
    GPtrArray *findings; /* of TemplateFinding: warnings */
    Reply *reply;
    char *change; /* in a few words */
} Rewriting;

/* Who wants it so; borrowed. */
const char *rewriting_by(const Rewriting *work);
/* Compose the letter, look at it, and tell what is changed: fills reply,
 * findings and change. Errors: INVALID, MISSING, DENIED. */
bool rewriting_compose(Rewriting *work, GError **error);
/* A line for each thing that is odd, but allowed. */
void rewriting_put_warnings(const Rewriting *work, GString *out);
