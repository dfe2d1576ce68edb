/*
 * dsn.h - the machine-readable part of a delivery status notification: what
 * became of a message, in fields.
 *
 * Text in (the part's, or any that looks like it: many programs write the
 * fields into plain text), the worst of its answers out. Fields in any order,
 * groups in any number, line ends of either kind, wrong words: whatever can be
 * read is taken, and what cannot is not there.
 *
 * Authority: RFC 3464 (2.1 to 2.3), RFC 6533 (8-bit), RFC 3463 (status codes).
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define DSN_TEXT_MAX       (64 * 1024) /* more of a text is not looked at */
#define DSN_STATUS_SIZE    12          /* "5.123.123" and its NUL */
#define DSN_DIAGNOSTIC_MAX 300

/* Worse is later: of several recipients the worst is reported. */
typedef enum {
    DSN_NOTHING, /* no field said what became of it */
    DSN_EXPANDED,
    DSN_DELIVERED,
    DSN_RELAYED,
    DSN_DELAYED,
    DSN_FAILED,
} DsnAction;

typedef struct {
    DsnAction action;
    char status[DSN_STATUS_SIZE]; /* "5.1.1"; "" if none is stated */
    char *diagnostic;             /* what the other server said, or NULL */
    char *recipient;              /* as stated, without its type, or NULL */
    char *envelope_id;            /* ENVID as we gave it, or NULL */
} Dsn;
void dsn_clear(Dsn *dsn);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Dsn, dsn_clear)

/* False, and nothing to clear, if there is no group about a recipient. */
bool dsn_read(const char *text, size_t length, Dsn *out);

/* A status code in prose: "5.1.1", else an SMTP reply code ("550 ..." gives
 * "5.0.0"); of several the first of the worst class. False: none. */
bool dsn_status_in(const char *text, size_t length, char out[DSN_STATUS_SIZE]);
