/*
 * probing.h - does the mail server in front of us take forged results out?
 *
 * The whole gate rests on Authentication-Results fields with our server's
 * name, which anybody can write who is not stopped. So the desk sends itself
 * a mail with forged ones, on the way its letters take, and looks at what
 * comes in by LMTP. Both sides of the pipeline, as verifying.h: intake.c asks
 * probing_find() before anything else.
 *
 * Proven is the border from a clean probe until a later one fails, or for a
 * day. A desk that started lately waits with its letters for the first.
 *
 * Authority: RFC 8601 sections 5 and 7.1.
 */
#pragma once

#include "intake/intake.h"
#include "store/probe.h"

/* Only where letters leave by themselves and results are believed at all. */
bool probing_is_needed(const Settings *settings);

/* Queue a probe to a return path of our own. */
bool probing_send(Store *store, const Settings *settings, GBytes *loop_key,
                  Instant now, GError **error);
/* For the daemon's timer: note a probe that did not come back, and send the
 * next one if it is time. *lost tells of a newly lost one. */
bool probing_renew(Store *store, const Settings *settings, GBytes *loop_key,
                   Instant started, Instant now, bool *lost, GError **error);

/* What the gate is told (proven, or under way), and whether automatic letters
 * wait until the probe under way is home. */
bool probing_ask(const Desk *desk, Instant now, bool *may_be_queued,
                 bool *must_wait, GError **error);

/* Is it a probe of ours that came home? Then it has no tickets any more, and
 * the judgement's probe_token is set. desk->store must be there. */
bool probing_find(const Desk *desk, const Delivery *delivery,
                  Judgement *judgement, GError **error);
/* Note what came of it, once it is filed. */
bool probing_note(const Desk *desk, const Judgement *judgement, Instant now,
                  GError **error);
