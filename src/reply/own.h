/*
 * own.h - a letter in a person's own words: what must not stand in it, and its
 * bytes.
 *
 * The person answers for the words, but not everything may be said: what only
 * evidence lets a letter say needs that evidence here, too, law that is gone is
 * law that is gone, and nobody can promise what Tor makes impossible.
 * Header, thread and marks are those of every letter (compose.c).
 */
#pragma once

#include "policy/law.h"
#include "reply/reply.h"

#define OWN_WORDS         "own-words" /* in the place of the template's id */
#define OWN_WORDS_VERSION "1"         /* of the rules below */

typedef struct {
    const char *subject; /* one line; the case's number is put in front if it
                            is not in it */
    const char *text;    /* any line ends; kept line by line otherwise */
} OwnWords;

/* What is wrong with it: array of TemplateFinding of the file "letter", line 0
 * where it is about the whole. laws NULL: old law is not found. */
GPtrArray *own_words_lint(const OwnWords *words, const ReplyContext *context,
                          const Laws *laws);

/* Compose, whatever lint says. Its claims are those that the words rest on.
 * Errors: INVALID (empty, no UTF-8, control characters, over 8 KiB). */
Reply *own_words_compose(const OwnWords *words, const ReplyContext *context,
                         GError **error);

/* LF line ends, no blanks at the end of lines, no empty lines at either end;
 * yours. */
char *own_words_clean(const char *text);

/* promises.c: words that promise, or admit, what no letter may; NULL if none
 * stand in a text as lint_phrases_fold() makes it. Static. */
const char *promise_in(const char *folded);
guint promise_count(void);
const char *promise_at(guint index);
