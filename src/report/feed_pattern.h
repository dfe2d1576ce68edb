/*
 * feed_pattern.h - patterns of lines in the mails of feeds. Private to report/.
 *
 *   "Email from %a / %t"      what stands for %a is an address, for %t a time
 *
 * A blank stands for any blanks, none as well unless it ends a %; letters are
 * compared without case. A % takes as little as lets the words behind it
 * follow; there is no going back, so time is linear. The whole line must fit:
 * let the pattern end in %* where it may go on.
 *
 *   one word:   %a address of the accused  %h URL with that address
 *               %p its port  %v what was harmed  %P port of that
 *               %r reference  %x tcp, udp, icmp
 *   any words:  %t time  %T last time  %z zone  %k kind of abuse  %* whatever
 */
#pragma once

#include "report/lines.h"

typedef enum {
    SLOT_ADDRESS,
    SLOT_PORT,
    SLOT_TARGET,
    SLOT_TARGET_PORT,
    SLOT_TIME,
    SLOT_TIME_LAST,
    SLOT_ZONE,
    SLOT_PROTOCOL,
    SLOT_KIND,
    SLOT_REFERENCE,
    SLOT_COUNT
} FeedSlot;

typedef struct {
    Line slots[SLOT_COUNT]; /* of length 0 if the pattern has none */
} FeedMatch;

#define FEED_LINE_BYTES_MAX 2000 /* longer lines are none of a feed's */

bool feed_pattern_match(const char *pattern, Line line, FeedMatch *out);
