/*
 * handing.h - a mail handed over to a desk, as the LMTP receiver does it.
 */
#pragma once

#include "intake/intake.h"

/* A mail to that address (NULL: abuse@umbrella.example) as it is handed over;
 * yours to free. */
Delivery *handed_new(const char *envelope_from, const char *to,
                     const char *text, Instant now);
/* Hand such a mail over, and file it; yours to free. The desk needs a store. */
Judgement *hand_over(const Desk *desk, const char *envelope_from,
                     const char *to, const char *text, Instant now);
