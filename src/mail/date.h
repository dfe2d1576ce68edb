/*
 * date.h - the Date header of a mail (RFC 5322 section 3.3 and 4.3).
 *
 * Only for a mail's own Date; stamps in the text of a complaint are read by
 * incident/, which keeps every plausible reading.
 */
#pragma once

#include "base/instant.h"

typedef struct {
    Instant at;    /* INSTANT_NONE if it is no date */
    int offset_s;  /* seconds east of UTC; 0 if none is stated */
    bool has_zone; /* false for "-0000" and for unknown names, too */
} MailDate;

/* value may be NULL. Without a zone the instant is read as UTC. */
MailDate mail_date_parse(const char *value);
