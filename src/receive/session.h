/*
 * session.h - one LMTP session: the protocol engine on a libuv stream.
 *
 * Internal to receive/: server.c accepts, sessions live and free themselves.
 */
#pragma once

#include "receive/server.h"

struct uv_stream_s;

/* What all sessions of a receiver share; the receiver's own. */
typedef struct {
    Loop *loop;
    ReceiveConfig config;
    char *hostname;
    char buffer[64 * 1024]; /* every read goes through it */
    int64_t buffered;       /* bytes of mails held by all sessions */
    GPtrArray *sessions;    /* of ReceiveSession */
    uint64_t mails, refused;
    bool is_draining;
    LoopCall *ended; /* called when one session is gone */
    void *ended_data;
} SessionHost;

/* Take the next connection of a listening stream. is_tcp: which kind. With
 * too many sessions open it is told 421 and closed. */
void session_accept(SessionHost *host, struct uv_stream_s *listener,
                    bool is_tcp);
/* 421 at the next command boundary. */
void session_drain(ReceiveSession *session);
/* Close without a word. */
void session_close(ReceiveSession *session);
