/*
 * listener.h - the socket behind a listening address, checked and ready.
 *
 * Internal to receive/: server.c and control.c listen through it.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* A listening Unix socket at path with that mode. A left-over socket nobody
 * listens on is removed; anything else in the way is not.
 * Errors: CONFIG (path too long, not a socket), TEMPORARY, DENIED. */
int listener_unix(const char *path, mode_t mode, GError **error);

/* A listening TCP socket on "127.0.0.1:8024" or "[::1]:24".
 * Errors: CONFIG (not a loopback address), TEMPORARY, DENIED. */
int listener_tcp(const char *address, GError **error);

/* The sockets systemd passed under that name (FileDescriptorName=). Array
 * of int, empty if none. */
GArray *listener_inherited(const char *name);
