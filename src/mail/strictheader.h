/*
 * strictheader.h - the few header fields the reply gate rests on, read a
 * second time by a scanner that shares no code with the MIME reader.
 *
 * A sandboxed reader that was taken over can lie about its message; an
 * automatic letter therefore needs this scanner to agree. It looks at the raw
 * top header block only, decodes nothing (no RFC 2047, no MIME), keeps no
 * state and allocates only what it returns. Anything unusual makes the field
 * "ambiguous", which the gate treats as a reason for a person.
 *
 * Authority: RFC 5322 section 3.6, RFC 8601, RFC 3834 section 5, RFC 2919,
 * RFC 2369.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define STRICT_VALUE_MAX 2048 /* longer values are cut and ambiguous */

typedef struct {
    char *name;     /* lower case */
    char *value;    /* unfolded, bytes as received, trimmed */
    uint32_t index; /* position among all top header fields, from 0 */
} StrictField;

typedef struct {
    char *from;           /* the single addr-spec of the single From, lower-case
                           domain; NULL if it is not exactly that */
    GPtrArray *to;        /* of char *: addr-specs in To and Cc */
    GPtrArray *resent;    /* of char *: those in Resent-To and Resent-Cc */
    bool has_to, has_cc;  /* the field is there, whatever it holds */
    char *date;           /* the Date as it stands; NULL if absent */
    char *auto_submitted; /* keyword, lower case; NULL if absent */
    bool auto_is_odd;     /* more than one Auto-Submitted, or not readable */
    char *message_id;     /* "<...>" if one valid msg-id; else NULL */
    char *return_path;    /* addr-spec, "" for <>, NULL if absent */
    char *content_type;   /* main type/subtype, lower case; NULL if absent */
    char *report_type;    /* its report-type parameter; NULL if absent */
    GPtrArray *authentication; /* of StrictField: Authentication-Results and
                                  Received in order, topmost first */
    GPtrArray *signatures;     /* of StrictField: DKIM-Signature, topmost
                                  first, at most 20, none that was cut; with
                                  others the header is ambiguous */
    GPtrArray *references;     /* of char *: valid msg-ids of References, then
                                  those of In-Reply-To that are not among
                                  them; at most 40, the first kept */
    GPtrArray *in_reply_to;    /* of char *: those of In-Reply-To */
    bool has_fork;             /* several of these and no References: none of
                                  them is the thread (RFC 5322, 3.6.4) */
    bool is_list;              /* any List-* field, or Precedence: list */
    bool is_bulk;              /* Precedence: bulk or junk, Feedback-ID, ... */
    bool is_suppressed; /* X-Auto-Response-Suppress: more than receipts */
    bool is_spam;       /* X-Spam-Flag: YES and the like; a virus */
    char *loop_token;   /* our own X-Exitdesk-Loop, as found; or NULL */
    uint32_t received_count;
    uint32_t field_count;
    GPtrArray *ambiguous; /* of const char *: static words, one a reason */
} StrictHeader;

/* Scan the header block at the start of raw. Never fails. */
StrictHeader *strict_header_scan(const void *raw, size_t length);
void strict_header_free(StrictHeader *header);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(StrictHeader, strict_header_free)
