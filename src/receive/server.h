/*
 * server.h - listening for mail: LMTP sessions on the loop.
 *
 * A Unix socket (mode 0660; the directory decides who gets there), loopback
 * TCP (any other address is refused: LMTP has no authentication), or sockets
 * that systemd hands over under the name "lmtp". A session that has handed
 * over a mail is not read from until the mail is answered, so the clients
 * wait instead of our memory growing.
 */
#pragma once

#include "base/instant.h"
#include "receive/loop.h"
#include "store/store.h"

#define RECEIVE_IDLE_S             300 /* RFC 5321 4.5.3.2: between commands */
#define RECEIVE_DATA_S             180 /* between two pieces of a mail */
#define RECEIVE_TOTAL_S            900 /* one transaction, MAIL to dot */
#define RECEIVE_STRESSED_S         10 /* instead of the first two, above 80 % */
#define RECEIVE_BUFFERED_BYTES_MAX (256 * 1024 * 1024) /* all sessions */

typedef struct Receiver Receiver;
typedef struct ReceiveSession ReceiveSession;

typedef struct {
    const char *hostname;
    const char *socket; /* path, or NULL */
    const char *listen; /* "127.0.0.1:8024", "[::1]:24", or NULL */
    uint32_t max_bytes, max_sessions;
    uint32_t idle_s, data_s; /* 0: the constants above */
    /* Is mail for this address ours? */
    bool (*accepts)(void *data, const char *address);
    Instant (*now)(void *data);
    /* A mail is complete. The delivery is yours; commit it and then call
     * receive_answer, exactly once, whenever that is, also at once. */
    void (*deliver)(void *data, ReceiveSession *session, Delivery *delivery);
    void *data;
} ReceiveConfig;

/* Listen. The strings of config are copied. Errors: DENIED, CONFIG (not a
 * loopback address, cannot be read), TEMPORARY (in use). */
Receiver *receiver_start(Loop *loop, const ReceiveConfig *config,
                         GError **error);

/* The mail of the session is safe (error NULL: 250), or was not taken
 * (TEMPORARY and all else: 451; LIMIT: 452). The session may be gone: then
 * nothing is said. inbox_id is named in the reply; NULL with an error. */
void receive_answer(ReceiveSession *session, const char *inbox_id,
                    const GError *error);

typedef struct {
    uint32_t sessions; /* open now */
    uint64_t mails, refused_sessions;
} ReceiveNumbers;
ReceiveNumbers receiver_numbers(const Receiver *receiver);
/* Port of the TCP listener (for ":0"), or 0. */
uint16_t receiver_port(const Receiver *receiver);

/* Take no new session, end the others at their next command boundary; call
 * drained when the last is closed, at once if there is none. */
void receiver_drain(Receiver *receiver, LoopCall *drained, void *data);
/* Close all that is open and free it (the loop still has to turn once). */
void receiver_free(Receiver *receiver);
