/*
 * control_wire.h - requests from the command line to the running desk.
 *
 * The records both sides speak over the control socket, and the blocking
 * client. What a request means is the desk's business alone; who asks is
 * taken from the socket (SO_PEERCRED), never from the request.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define CONTROL_BYTES_MAX (64 * 1024) /* of one request or response */
#define CONTROL_TEXT_MAX  (12 * 1024) /* of one text in it; a letter fits */

typedef enum {
    CONTROL_STATUS, /* response text: lines "key: value" */
    CONTROL_PAUSE,  /* note: why */
    CONTROL_RESUME,
    CONTROL_RELOAD,
    CONTROL_APPROVE, /* subject: "CASE/VERSION WHO", the two latter if said */
    CONTROL_STOP,    /* subject: case id */
    CONTROL_PROFILE, /* yes to a profile; subject: "NAME SHA256", note: who */
    CONTROL_CLOSE,   /* the breaker; note: why */
    CONTROL_VERIFY,  /* subject: mail address, note: member */
    CONTROL_CONFIRM, /* subject: token */
    CONTROL_ACKNOWLEDGE, /* subject: member, or "member N" for one notice */
    CONTROL_TAKE,    /* an alert; subject: case id or "all", note: who does */
    CONTROL_PROBE,   /* test the mail server in front of us, now */
    CONTROL_MEMBER,  /* subject: words of promoting.h, note: why */
    CONTROL_REMEDY,  /* subject: as remedying.h has it, note: why */
    CONTROL_REWRITE, /* subject: as rewriting.h has it, note: why */
    CONTROL_CASE,    /* subject: as handling.h has it, note: text or why */
} ControlKind;
#define CONTROL_KINDS (CONTROL_CASE + 1)

typedef struct {
    ControlKind kind;
    char *subject; /* or NULL */
    char *note;    /* or NULL */
} ControlRequest;
void control_request_clear(ControlRequest *request);

typedef struct {
    bool is_ok;
    uint32_t code; /* if not ok: a DeskErrorCode */
    char *text;    /* for the person who asked */
} ControlResponse;
void control_response_clear(ControlResponse *response);

GBytes *control_request_encode(const ControlRequest *request);
/* Errors: INVALID. */
bool control_request_decode(GBytes *record, ControlRequest *out,
                            GError **error);
GBytes *control_response_encode(const ControlResponse *response);
bool control_response_decode(GBytes *record, ControlResponse *out,
                             GError **error);

/* Ask the desk at the socket and wait for its answer, at most timeout_s. A
 * "no" of the desk is an error too, with its code and words; true puts the
 * text into out_text (yours; may be NULL). Errors: MISSING (no desk runs
 * there), DENIED, TEMPORARY, and the desk's own. */
bool control_ask(const char *socket_path, const ControlRequest *request,
                 uint32_t timeout_s, char **out_text, GError **error);

/* Several values in a subject: a tab between them, blanks for tabs and line
 * ends in them, nothing for NULL. Yours to free. */
char *control_fields_new_text(char *const *const *fields, guint count);
/* The other way; what is empty becomes NULL, the rest is yours to free. False
 * if there are not so many; then nothing is set. */
bool control_fields_read(const char *text, char **const *fields, guint count);
