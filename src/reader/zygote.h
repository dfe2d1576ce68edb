/*
 * zygote.h - the process between the pool and its children (private).
 *
 * The pool sends one byte and one end of a socket pair; the zygote forks a
 * child on it and sends back one byte and a pidfd.
 */
#pragma once

#include "reader/pool.h"

#include <sys/types.h>

#define REQUEST_BYTES_MAX (64 * 1024 * 1024)

/* First byte of what a child sends. */
#define CHILD_ANSWER 'A' /* the answer follows */
#define CHILD_LIMIT  'L' /* memory or CPU time is used up; it is gone */

/* Serve forks on the socket until its other end is closed; never returns. */
_Noreturn void zygote_run(int control, const PoolJob *job);

/* One byte and perhaps a descriptor (-1 for none) over a Unix socket. False
 * on any error or, for receiving, at the end. */
bool descriptor_send(int socket, char byte, int fd);
bool descriptor_receive(int socket, char *byte, int *fd);
