/*
 * handling.h - what staff ask of the desk about a case, one request each:
 * note, assign, close, reopen, join, split, done.
 *
 * The rules are the store's (store/casework.h); here are the words of the
 * request, as the command line sends it, and of the answer.
 */
#pragma once

#include "store/casework.h"

/* As it goes over the control socket. Borrowed; NULL: not said. */
typedef struct {
    const char *verb;  /* note, assign, close, reopen, join, split, done */
    const char *id;    /* of the case; of split: of the mail */
    const char *by;    /* who does it, if not the login */
    const char *other; /* join: the case it goes to; assign: whom it goes to,
                          HANDLING_NOBODY: nobody */
    const char *from;  /* assign: who has it now */
} HandlingOrder;
#define HANDLING_NOBODY "-"

/* Yours. */
char *handling_order_new_text(const HandlingOrder *order);
/* The mail that has to be read anew once a split is done; yours. NULL: none. */
char *handling_mail_of(const char *order);

/* Do it. note: the text of a note, else why. text: what was done (yours).
 * Errors: those of store/casework.h. */
bool handling_do(Store *store, const char *order, const char *note,
                 const char *login, Instant now, char **text, GError **error);
