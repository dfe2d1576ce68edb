/*
 * returns.h - what comes home to a letter of ours: is it to be believed, and
 * what follows.
 *
 * Part of the pipeline's order (intake.c): found while deciding, noted when
 * the mail is filed. Believed is what comes to the return path of that letter
 * (whose token only its readers know) from nobody (MAIL FROM:<>), and feedback
 * that encloses the letter. It makes no case of its own and no letter, ever.
 * What a person writes there is kept with the letter's case, and waits there
 * for staff.
 */
#pragma once

#include "intake/intake.h"

/* Was the mail sent to return paths of ours only, or is it feedback on a
 * letter of ours? Then came_home is set, and home_fate; if it is to be
 * believed, joins_case, joins_why and bounce_token too. Errors: those of the
 * store. */
bool returns_find(const Desk *desk, const Delivery *delivery,
                  Judgement *judgement, Instant now, GError **error);

/* Did a person write it, by all that shows a program? */
bool returns_is_personal(const Delivery *delivery, const Judgement *judgement);

/* Do what follows from it; after the mail is filed, on the store's thread.
 * Errors: those of the store. */
bool returns_note(const Desk *desk, const Delivery *delivery,
                  const Judgement *judgement, Instant now, GError **error);
