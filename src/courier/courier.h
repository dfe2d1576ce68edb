/*
 * courier.h - finished letters out to the smarthost, from a process of its
 * own.
 *
 * The desk hands over one letter at a time; the courier asks before it sends
 * the final dot (so that the desk can write that down first, or say no) and
 * reports how it ended. Between dot and reply, and only there, the outcome
 * can be UNKNOWN. A courier process that dies is replaced by its keeper, a
 * small process forked before the desk has threads; the letter it had ends as
 * UNKNOWN if its dot was allowed, as RETRY if not. For more letters at once
 * start several couriers.
 *
 * A letter is sealed (seal.h) before it is sent; one that cannot be sealed ends
 * as HELD.
 *
 * Authority: RFC 5321 (timeouts 4.5.3.2), RFC 3207, 4954, 8314.
 */
#pragma once

#include "settings/settings.h"
#include "store/outbox.h"

#define COURIER_LETTER_BYTES_MAX (96 * 1024)
#define COURIER_REPLY_MAX        500 /* bytes of a reply that are kept */

typedef struct {
    uint32_t connect_s, command_s, data_s, block_s, dot_s;
} CourierTimeouts;
/* RFC 5321: 300, 300, 120, 180, 600. */
extern const CourierTimeouts COURIER_TIMEOUTS;

/* A key that letters from a domain are signed with. */
typedef struct {
    const char *domain, *selector, *file;
} CourierKey;

/* In whose name letters go out. */
typedef struct {
    const char *member;       /* its id; NULL: the desk's own */
    const char *from;         /* the one address its letters come from */
    const char *pgp_key;      /* fingerprint; NULL: not signed by PGP */
    const GPtrArray *readers; /* of char *: keys of a member's people */
    bool may_be_unsigned;     /* by DKIM, if its domain has no key: alerts */
} CourierSender;

/* The "member" of alerts to people of the desk: no member's id has an @. */
#define COURIER_ALERT "@alert"

/* Who gets alerts that only a key can open. */
typedef struct {
    const char *address, *pgp_key;
} CourierReader;

typedef struct {
    const char *via; /* "smtp://host:587", "smtps://host", "unix:/path" */
    TlsMode tls;     /* for smtp://; NONE only to loopback and Unix */
    const char *user, *password_file; /* or NULL; only over TLS */
    const char *ca_file;              /* NULL: the system's */
    const char *hostname;             /* for EHLO */
    CourierTimeouts timeouts;         /* all zero: COURIER_TIMEOUTS */
    bool signs;                       /* by DKIM; false: the next hop does */
    const CourierKey *keys;
    size_t key_count;
    const CourierSender *senders;
    size_t sender_count;
    const CourierReader *readers;
    size_t reader_count;
    const char *pgp_home; /* GnuPG's directory, or NULL */
} CourierConfig;

/* The error of a configuration that can never work: CONFIG. */
bool courier_check(const CourierConfig *config, GError **error);

typedef struct {
    int64_t id;          /* of the outbox row */
    const char *member;  /* in whose name; NULL: nobody's that is known */
    const char *readers; /* encrypted for that member's people; or NULL */
    const char *envelope_from, *to;
    GBytes *bytes; /* the letter, CRLF line ends, not dot-stuffed */
} CourierLetter;

typedef struct {
    int64_t id;
    SentOutcome outcome;
    char *reply;    /* what the next hop or we said, sanitized */
    char *enhanced; /* "5.1.1", or NULL if the reply had none */
} CourierOutcome;

typedef struct {
    /* All but the final dot has been sent: commit store_outbox_dot, then
     * answer with courier_dot. */
    void (*about_to_dot)(void *data, int64_t id);
    /* The letter given last is done with; the next may come. */
    void (*done)(void *data, const CourierOutcome *outcome);
    void *data;
} CourierEvents;

typedef struct Courier Courier;
/* Fork the keeper: call before any thread is started. Errors: CONFIG,
 * TEMPORARY. */
Courier *courier_start(const CourierConfig *config, const CourierEvents *events,
                       GError **error);
/* Readable when an event waits; then call courier_dispatch. False: the
 * keeper is gone (its letter has been reported); stop watching. */
int courier_fd(const Courier *courier);
bool courier_dispatch(Courier *courier);

/* Has it a letter? */
bool courier_is_busy(const Courier *courier);
/* Hand over a letter; the courier must not be busy. Errors: INVALID (an
 * address or the bytes are not fit to be sent: hold it), LIMIT (hold it),
 * TEMPORARY. */
bool courier_send(Courier *courier, const CourierLetter *letter,
                  GError **error);
/* The answer to about_to_dot: send it, or drop the letter (RETRY). */
void courier_dot(Courier *courier, bool may_send);
/* Ends the processes; a letter under way is reported by nobody. */
void courier_stop(Courier *courier);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Courier, courier_stop)
