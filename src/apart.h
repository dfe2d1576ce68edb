/*
 * apart.h - no member learns of another from what is handed on to it.
 *
 * A mail that concerns several members is cut into their tickets
 * (ticket/split.c), but its words are not: a subject, a demand, a deadline may
 * name any of them. Whoever shows such words to a member asks here first.
 */
#pragma once

#include "intake.h"

/* How many members' tickets the mail made. */
guint apart_member_count(const Judgement *judgement);

/* Does the mail concern others than the ticket's member: tickets of theirs,
 * or a reading of a time that makes an address theirs? */
bool apart_is_shared(const Judgement *judgement, const JudgedTicket *judged);

/* Does a text name another member than this (NULL: any): by its name, its id
 * as a word, its domain, an address of its people? */
bool apart_names_another(const Members *members, const char *member,
                         const char *text);
