/*
 * errors.h - failures, named by what the caller should do about them.
 *
 * Three kinds of "no" are never mixed: an answer ("no zone stated") is a value
 * with a reason; a failure is a GError of this domain; a bug asserts.
 * One switch at each rim maps these codes to SMTP replies and exit statuses.
 */
#pragma once

#include <glib.h>

#define DESK_ERROR desk_error_quark()

typedef enum {
    DESK_ERROR_TEMPORARY, /* disk, lock, peer: try again later; nothing done */
    DESK_ERROR_LIMIT,     /* over a stated limit: keep raw, show to a person */
    DESK_ERROR_INVALID,   /* the input is not what it claims: fix the input */
    DESK_ERROR_MISSING,   /* no such file, case, member, template */
    DESK_ERROR_DENIED,    /* the peer or the policy does not allow it */
    DESK_ERROR_CONFLICT,  /* somebody else was faster; look again */
    DESK_ERROR_CONFIG,    /* the configuration must be changed first */
    DESK_ERROR_BROKEN,    /* storage can no longer be trusted: stop */
} DeskErrorCode;

GQuark desk_error_quark(void);
