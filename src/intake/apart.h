/*
 * apart.h - no member learns of another from what is handed on to it.
 *
 * A mail that concerns several members is cut into their tickets
 * (ticket/split.c), but its words are not: a subject, a demand, a deadline, a
 * line of a log may name any of them. Whoever shows such words to a member
 * asks here first; a whole case is shown by apart_case.h.
 */
#pragma once

#include "intake/intake.h"
#include "relay/people.h"

/* What a member sees in place of words that it may not see. */
#define APART_WITH_DESK "(the words are with the desk)"

/* How many members' tickets the mail made. */
guint apart_member_count(const Judgement *judgement);

/* Does the mail concern others than the ticket's member: tickets of theirs,
 * or a reading of a time that makes an address theirs? */
bool apart_is_shared(const Judgement *judgement, const JudgedTicket *judged);

/* What members are known by. Borrows all; history NULL: not by their relays'
 * addresses; people NULL: not by their nicknames. */
typedef struct Apart Apart;
Apart *apart_new(const Members *members, const History *history,
                 const People *people);
void apart_free(Apart *apart);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Apart, apart_free)

/* Does a text name another member than this (NULL: any): by its name, its id
 * as a word, its domain, an address of its people; by a fingerprint, nickname,
 * address or network of its relays? What is this member's, too, is no other's.
 * Time: linear in the text for each member. */
bool apart_names_another(const Apart *apart, const char *member,
                         const char *text);
/* The same for words of staff, in which an id is an ordinary word: the first
 * other member that is named, NULL if none, and by which word of its relays
 * (yours; NULL: by what its people are called). */
const Member *apart_other_named(const Apart *apart, const char *member,
                                const char *text, char **word);
/* The text itself, or APART_WITH_DESK; NULL stays NULL. Borrowed. */
const char *apart_shown(const Apart *apart, const char *member,
                        const char *text);
/* The same question of a mail's bytes, as they stand and with what is encoded
 * in them decoded (quoted-printable, base64, encoded words). What is packed is
 * not looked into: ask for what was found in it (findings_json). */
bool apart_mail_names_another(const Apart *apart, const char *member,
                              GBytes *raw);
