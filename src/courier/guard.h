/*
 * guard.h - what a mail server says, made harmless before libetpan sees it.
 *
 * Bytes in, whole well-formed replies out, one at a time. libetpan reads
 * lines and continuations without end, takes half a line before a
 * disconnect for a reply, loops for ever on a TAB in the AUTH line of EHLO,
 * and believes the last code of a reply whose lines disagree; after this it
 * gets none of that.
 *
 * Authority: RFC 5321 4.2 (replies), 4.5.3.1.5 (512 bytes a line; we bear
 * with four times that).
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define GUARD_LINE_MAX  2048 /* bytes with the line end */
#define GUARD_LINES_MAX 100  /* of one reply */
#define GUARD_TEXT_MAX  500  /* bytes of a reply's words that are kept */

typedef struct {
    GByteArray *raw;   /* came, not yet looked at */
    GByteArray *clean; /* lines of the reply under way or complete */
    GString *text;     /* words of that reply, lines joined by blanks */
    int code;          /* of that reply; 0: none yet */
    guint lines;
    bool is_complete; /* its last line is in clean */
    const char *flaw; /* static words: the server cannot be talked to */
} Guard;

void guard_init(Guard *guard);
void guard_clear(Guard *guard);
/* Add what came. False: flaw is set, also for all later calls. */
bool guard_feed(Guard *guard, const void *data, size_t length);
/* Clean bytes of a complete reply, at most size; 0: there are none yet. */
size_t guard_take(Guard *guard, void *out, size_t size);
/* A command goes out, a new reply is expected: forget the last one. False,
 * with a flaw: there are bytes that nobody asked for. */
bool guard_expect(Guard *guard);
