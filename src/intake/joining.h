/*
 * joining.h - whose mail is it: ours, to us, or of an older case?
 *
 * Part of the pipeline's order (intake.c), between reading and deciding.
 */
#pragma once

#include "intake/intake.h"

/* What follows the last @, borrowed; NULL if there is none. */
const char *address_domain(const char *address);

/* Does the address stand in the desk's domain or one a member writes from? */
bool address_is_ours(const Settings *settings, const char *address);

/* The same of a return path, unless a forwarder rewrote it (SRS): then it is of
 * a member's mail server, and the sender is somebody else. */
bool return_path_is_ours(const Settings *settings, const char *path);

/* Whose people write from it: a contact, or the domain its letters are of.
 * Borrowed; NULL: no member's. */
const Member *joining_member_of(const Settings *settings, const char *address);

/* Do the recipients (To, Cc) name an address at which we take complaints? */
bool list_names_us(const Settings *settings, const GPtrArray *recipients);

/* Does it name a case in our way of numbering, in Subject or text? */
bool mail_names_a_case(const Settings *settings, const Report *report);

/* Does the mail belong to an older case: a bounce of our letter, an answer to
 * it, the same mail by another path? What a person split off belongs to none.
 * Fills the judgement's joins_case, joins_why, bounce_token, is_duplicate,
 * answers_us. desk->store must be there. Errors: those of the store. */
bool joining_find(const Desk *desk, const Delivery *delivery,
                  Judgement *judgement, Instant now, GError **error);
