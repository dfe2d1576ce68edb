/*
 * compose.h - the parts of reply_compose() that letters in a person's own
 * words share (own.c); for this folder. See reply.h.
 */
#pragma once

#include "reply/reply.h"

/* Check who writes to whom, and give the letter its addresses and ids.
 * Errors: INVALID. */
Reply *reply_begin(const ReplyContext *context, const char *template_id,
                   const char *template_version, GError **error);
/* Subject and text are there: put the reporter's number into the subject and
 * write the bytes. Errors: INVALID (does not fit a header, over 8 KiB). */
bool reply_finish(const ReplyContext *context, Reply *reply, GError **error);
