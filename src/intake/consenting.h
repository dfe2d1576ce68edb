/*
 * consenting.h - a member's person answers one of our mails by mail.
 *
 * Such a mail is never a complaint. It sends or stops a letter only where the
 * member switched that on (notices.answer-by-mail) and everything is right:
 * it came to the address made for that one draft, which its To or Cc names;
 * From is a verified contact of that member, signed by its own domain (DKIM,
 * as our border saw it); a person sent it; and its first line is one word of
 * the table, alone. Anything else is a message for staff, who see it in "todo".
 * Both parts of the pipeline, like verifying.h.
 *
 * Authority: RFC 3834 section 5, RFC 8601.
 */
#pragma once

#include "intake/intake.h"

typedef enum { ANSWER_OTHER, ANSWER_YES, ANSWER_NO } AnswerWord;
/* What the first line says, in any of our languages. */
AnswerWord answer_word(const char *line);

/* Somebody has looked at an answer: subject is ANSWER_SUBJECT and its number,
 * which no member's id looks like. text: what was done, yours. Errors: MISSING,
 * INVALID. */
#define ANSWER_SUBJECT "#"
bool consenting_see(Store *store, const char *subject, const char *by,
                    Instant now, char **text, GError **error);

/* Is the mail an answer to a notice? Then it has no tickets any more. Fills
 * the judgement's told_token, or message_token. desk->store must be there. */
bool consenting_find(const Desk *desk, const Delivery *delivery,
                     Judgement *judgement, GError **error);
/* Do what it says, once the mail is filed. */
bool consenting_note(const Desk *desk, const Delivery *delivery,
                     const Judgement *judgement, Instant now, GError **error);
