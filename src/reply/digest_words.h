/*
 * digest_words.h - the lists of a reporters' digest: its cases, each with
 * number, addresses and time, grouped by what the relay record says of it.
 *
 * A case stands in a group only if the claim of that group certainly holds for
 * all of it; what no claim holds for stands apart. A letter about one case has
 * that case in its lists.
 */
#pragma once

#include "reply/reply.h"

#define DIGEST_PREFIX   "digest."
#define DIGEST_CASES    20   /* in one letter: it must stay under 8 KiB */
#define DIGEST_LIST_MAX 6000 /* bytes of a list */

/* One case of a digest; all borrowed. matches is parallel to the ticket's
 * incidents. */
typedef struct {
    const char *case_id, *message_id; /* of its mail; or NULL */
    const char *quote; /* the reporter's own number of it; or NULL */
    const Findings *findings;
    const Ticket *ticket;
    const Match *const *matches;
} DigestRow;

/* One line a case, "  CASE, NUMBER: ADDRESSES, TIMES"; NULL if there is none
 * in the group. Yours. */
char *word_digest_exit(const ReplyContext *context);
char *word_digest_port_closed(const ReplyContext *context);
char *word_digest_not_exit(const ReplyContext *context);
char *word_digest_not_listed(const ReplyContext *context);
char *word_digest_open(const ReplyContext *context);

/* How many cases; NULL if it is one. Yours. */
char *word_digest_several(const ReplyContext *context);

/* The claims of those groups for each case, with its number before what shows
 * it; added to an array of Claim. */
void digest_add_claims(const ReplyContext *context, GPtrArray *claims);
