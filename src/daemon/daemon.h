/*
 * daemon.h - the desk as one running whole: starts the roles in the order
 * their processes and threads allow, joins them, and ends them in order.
 *
 * Order: settings, reader zygote and courier (they fork, so before any
 * thread), store, writer thread, loop, receivers, workers. Ending: no new
 * mail, sessions to their command boundary, a letter whose dot was allowed,
 * workers, writer. A desk that has lost one of its processes ends in the same
 * order, because it must not fork any more.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct {
    const char *config; /* -C, or NULL */
    const char *data;   /* -D, or NULL */
} DaemonOptions;

/* Run until SIGTERM or SIGINT. False: it could not start (CONFIG, DENIED,
 * TEMPORARY, ...), the store broke while it ran (BROKEN), or the process that
 * reads or sends is gone (TEMPORARY): start it again. */
bool daemon_run(const DaemonOptions *options, GError **error);
