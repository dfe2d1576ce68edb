/*
 * early_desk.h - documents from before consensuses, signed by servers of a
 * made-up network, and a directory that takes them in; for tests.
 */
#pragma once

#include "relay/early.h"
#include "relay/signer.h"
#include "relay/sources.h"

#define SERVERS   5 /* all speak version 2, the first three version 1 */
#define POLICY_80 "reject *:25\naccept *:80\nreject *:*\n"

/* One set for the whole program; may be exchanged for others for a moment. */
extern Signer *early_signer;
extern Authorities *early_servers;
void early_make_servers(void);
void early_free_servers(void);

typedef struct {
    char *directory;
    Records records;
} EarlyDesk;
void early_desk_init(EarlyDesk *desk);
/* Write what was given, and go on with what was written. */
void early_desk_finish(EarlyDesk *desk);
void early_desk_clear(EarlyDesk *desk);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(EarlyDesk, early_desk_clear)

/* Fingerprint of the relay by that nickname. */
void early_fingerprint(const char *nickname, uint8_t out[20]);

/* Its server descriptor; policy: rules, a line each. */
char *early_descriptor(const char *nickname, const char *ip,
                       const char *policy);

/* "name IP FLAG,FLAG" each; the relay's descriptor lets out to port 80. */
GString *early_status(guint server, const char *published,
                      const char *const *relays);
/* With the relays alpha (192.0.2.1) and beta (192.0.2.2). */
GString *early_directory(guint server, const char *published,
                         const char *keyword, const char *up);

typedef ReadResult (*EarlyReader)(Records *, Text, const char *, GError **);
ReadResult early_give(EarlyDesk *desk, EarlyReader reader, const GString *text,
                      char **why);
void early_give_status(EarlyDesk *desk, guint server, const char *published,
                       const char *const *relays);
void early_give_policy(EarlyDesk *desk, const char *nickname, const char *ip,
                       const char *policy);

/* "exit statuses 1: why": verdict, basis, number of relays. */
char *early_ask(const EarlyDesk *desk, const char *address, const char *time,
                int port);
/* The answer must begin like that. */
void early_check_answer(const EarlyDesk *desk, const char *address,
                        const char *time, int port, const char *wanted);
