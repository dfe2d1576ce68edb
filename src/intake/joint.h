/*
 * joint.h - a complaint about relays of several members gets one answer.
 *
 * Each member has its ticket and learns of no other. The letter is the desk's
 * own: it lists what was cited and names nobody, and hangs on a case of the
 * desk, the joint one. It never leaves by itself, and not at all if one of the
 * members allows no letter. The members' tickets have none, so that stopping
 * it, or a no of one of them, sends nothing for the others.
 *
 * Authority: RFC 3834 section 3.1.3 (one answer to one message).
 */
#pragma once

#include "intake/intake.h"
#include "store/cases.h"

#define JOINT_TEMPLATE    "several-members"
#define JOINT_MEMBERS_MAX 3 /* for more a person writes the letter */

/* Put the joint ticket behind the others, if the mail concerns several
 * members; before case ids are given. */
void joint_add(Judgement *judgement);
/* Borrowed; NULL if there is none. */
JudgedTicket *joint_of(const Judgement *judgement);

/* May it have a draft? Asked when the members' tickets are decided: NULL, or
 * why not (static). */
const char *joint_objection(const Judgement *judgement);
/* Its decision: that of the member that allows least, never more than HOLD;
 * yours. */
Decision *joint_decide(const Judgement *judgement);
/* Is it filed at all? Not if people are told of the mail, or nobody allows a
 * letter: then the members' tickets say what there is. */
bool joint_is_filed(const Judgement *judgement);

/* For the record: of the joint case whose it is, of a member's that the letter
 * is elsewhere; yours. NULL if the mail has no joint case. */
char *joint_note(const Judgement *judgement, const JudgedTicket *judged);
/* Is it the joint case of its mail? */
bool joint_is_case(const Case *filed);
