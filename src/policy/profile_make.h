/*
 * profile_make.h - the beginning of a reporter's profile, from a mail of it.
 */
#pragma once

#include "mail/strictheader.h"
#include "policy/profile.h"

typedef struct {
    const StrictHeader *header;
    const char *authserv_id;   /* whose verdicts count */
    const char *envelope_from; /* its return path; NULL: not known */
    const char *name;          /* for people; NULL: From's domain */
    const char *to;            /* where letters go; a person chose it */
    const char *case_id;       /* of the mail */
    const char *subject;       /* decoded; shown as a sample */
    ReporterAnswer answer;     /* ANSWER_CASE or ANSWER_DIGEST */
} ProfileSample;

/* The file's text: proposed, unreviewed, with what the mail shows pinned, and
 * the mail's own words in comments only. Errors: INVALID (nothing in it was
 * signed and passed, From is not one plain address, the address cannot be
 * one of letters). */
char *profile_make(const ProfileSample *sample, GError **error);

/* A name for its file: From's domain with hyphens for dots; NULL if From is
 * not plain. Yours. */
char *profile_make_id(const StrictHeader *header);
