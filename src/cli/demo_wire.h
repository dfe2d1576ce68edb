/*
 * demo_wire.h - the demo's own mail server and mail sink, in miniature.
 *
 * What Postfix does in earnest: hand mails over by LMTP, and take letters by
 * SMTP. Both over Unix sockets, so that the demo needs no port and no root.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* Somebody listens at the socket: it stands there a moment before. */
bool demo_lmtp_answers(const char *socket_path);

/* Hand one message (LF or CRLF) over by LMTP and wait for the answer to the
 * dot. The answer is yours, e.g. "250 2.0.0 ...".
 * Errors: TEMPORARY (the daemon does not answer), INVALID. */
char *demo_lmtp_send(const char *socket_path, const char *from, const char *to,
                     GBytes *message, GError **error);

/* Take letters at the socket in a thread of its own and keep each as a file
 * in the directory, for as long as the process lives. What goes to the desk's
 * own return paths (its probes) comes home through the socket lmtp instead. */
bool demo_sink_start(const char *socket_path, const char *directory,
                     const char *lmtp, GError **error);
