/*
 * returned.h - what a program says of a letter of ours: that it did not
 * arrive, arrived late, was read by nobody, got a ticket number, or was not
 * wanted.
 *
 * Only what the mail says. Whether it may be believed (it came to the return
 * path of that letter, with the token, from nobody) is for the desk to tell
 * (returns.c). Comes with report.h.
 *
 * Authority: RFC 3464 (delivery status), RFC 8098 (read receipts), RFC 3834
 * (automatic answers), RFC 5965 (feedback); prose of qmail, Exim, Postfix,
 * Sendmail and Exchange as they write it.
 */
#pragma once

#include "base/wire.h"

#define RETURNED_TEXT_MAX 400

/* Words are stored: append only. */
typedef enum {
    RETURN_NONE,      /* nothing of this kind */
    RETURN_FAILED,    /* did not arrive, and nobody tries again */
    RETURN_DELAYED,   /* not yet, still tried */
    RETURN_DELIVERED, /* arrived, or passed on, or was sent to a list */
    RETURN_DISPLAYED, /* a read receipt, whatever it says */
    RETURN_ABSENT,    /* out of office and other automatic answers */
    RETURN_RECEIPT,   /* "we have received ...", a ticket's number */
    RETURN_CHALLENGE, /* asks the sender to prove to be a person */
    RETURN_FEEDBACK,  /* a reader called our letter unwanted */
    RETURN_UNCLEAR,   /* came back, and why is not to be told */
    RETURN_COUNT
} ReturnKind;
const char *return_kind_word(ReturnKind kind); /* "failed" */

typedef struct {
    ReturnKind kind;
    char *status;      /* "5.1.1" or NULL */
    char *diagnostic;  /* what the other server said, or NULL */
    char *reference;   /* RECEIPT: their number for the case, or NULL */
    char *return_path; /* FEEDBACK: to which the letter would come back */
    char *message_id;  /* "<...>" of the letter that is enclosed, or NULL */
} Returned;
Returned *returned_new(ReturnKind kind);
void returned_free(Returned *returned);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Returned, returned_free)

/* Between processes; NULL is RETURN_NONE. get breaks the record on any value
 * out of bounds. */
void returned_put(const Returned *returned, WireOut *out);
Returned *returned_get(WireIn *in);
