/*
 * telling.h - members' people are told by mail: drafts that wait for their yes,
 * at most one digest a day, reminders; and the desk's people what waits.
 *
 * Only verified contacts (store/challenges.h) to whom mail arrives are told
 * anything. A draft whose answer is due before a digest could be read comes at
 * once, everything else with the digest of the day. Who does not answer is
 * asked again on the next day, the third, then every week four times; then it
 * is a matter for staff. Silence never sends.
 *
 * "exitdesk pause" stops these mails as it stops letters; those that would have
 * been sent come after it. In mode observe nobody is told anything.
 */
#pragma once

#include "settings/settings.h"
#include "store/store.h"

#define TELLING_TIMES_MAX  6 /* a person is told of one draft */
#define TELLING_DRAFTS_MAX 8 /* in one digest, in full */

/* Tell what is to be told now; *told: how many messages were queued. Doing it
 * twice is harmless. Errors: those of the store; a text that cannot be
 * composed is logged, and others go on. */
bool telling_run(Store *store, const Settings *settings, GBytes *loop_key,
                 Instant now, guint *told, GError **error);
