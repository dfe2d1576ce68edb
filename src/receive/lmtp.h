/*
 * lmtp.h - the LMTP protocol: bytes in, replies and whole mails out.
 *
 * A pure state machine for one session: no sockets, no clock, no store. The
 * caller feeds what it reads, writes what is put into out, and answers for
 * each complete mail when that mail is safe.
 *
 * Authority: RFC 2033, with RFC 5321, 1870, 2034, 2920, 3463, 6152, 6531.
 * Only CRLF ends a command and only CRLF "." CRLF ends a mail; lone CR and
 * LF are content and kept. Content never gets a 5xx except for its size.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define LMTP_COMMAND_MAX    2048 /* bytes of a command with its CRLF */
#define LMTP_RECIPIENTS_MAX 100  /* RFC 5321 4.5.3.1.8: at least this many */
#define LMTP_ERRORS_MAX     20   /* then 421: a client that goes wild */

/* Is mail for this address ours? The address is without <>, otherwise as
 * the client wrote it; "postmaster" alone is asked for as it is. */
typedef bool LmtpAccepts(void *data, const char *address);
/* May delta more bytes be held in memory (fewer, if negative)? The answer
 * to fewer is not looked at. No: the mail gets 452 4.3.1. */
typedef bool LmtpReserve(void *data, int64_t delta);

typedef struct {
    const char *hostname; /* in the greeting; outlives the session */
    uint32_t max_bytes;   /* SIZE, counted as stored (dots unstuffed) */
    LmtpAccepts *accepts;
    LmtpReserve *reserve; /* NULL: no limit over all sessions */
    void *data;           /* handed to both */
} LmtpConfig;

/* A mail that waits for its answer. */
typedef struct {
    char *from;            /* "" for <> */
    GPtrArray *recipients; /* of char *, in RCPT order, repeated as given */
    GBytes *raw;
} LmtpMail;
void lmtp_mail_free(LmtpMail *mail);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(LmtpMail, lmtp_mail_free)

typedef enum {
    LMTP_COMMAND, /* between commands */
    LMTP_DATA,    /* inside a mail */
    LMTP_WAITING, /* a mail is complete: take it, then lmtp_answer */
    LMTP_CLOSED,  /* write what is in out, then close */
} LmtpState;

typedef struct Lmtp Lmtp;
Lmtp *lmtp_new(const LmtpConfig *config);
void lmtp_free(Lmtp *lmtp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Lmtp, lmtp_free)

/* The 220 line. */
void lmtp_greet(Lmtp *lmtp, GString *out);
/* Feed bytes; how many were used. Fewer than length only in WAITING and
 * CLOSED: the rest is to be fed again after the answer. */
size_t lmtp_feed(Lmtp *lmtp, const void *data, size_t length, GString *out);
LmtpState lmtp_state(const Lmtp *lmtp);

/* WAITING: the mail, yours, once. */
LmtpMail *lmtp_take_mail(Lmtp *lmtp);
/* WAITING: one reply line ("250 2.0.0 ...") for every recipient of it. */
void lmtp_answer(Lmtp *lmtp, const char *reply, GString *out);

/* Stop at the next command boundary with 421 4.3.2: at once between
 * commands, else after the mail under way has been answered. */
void lmtp_drain(Lmtp *lmtp, GString *out);
/* End the session now with this 421 reply line. */
void lmtp_abort(Lmtp *lmtp, const char *reply, GString *out);
