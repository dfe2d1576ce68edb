/*
 * control.h - the control socket: typed requests of people at the machine.
 *
 * One request a connection, by frames of base/control_wire.h. The kernel says
 * who asks (SO_PEERCRED): root, the desk's own user and the users allowed by
 * name may; others are told no. Sockets of systemd named "control" are used
 * if there are any.
 */
#pragma once

#include "base/control_wire.h"
#include "receive/loop.h"

typedef struct ControlServer ControlServer;
typedef struct ControlCall ControlCall;

/* A request came. Answer it with control_answer, exactly once, now or later.
 * request and user (login name, or the number as text) are borrowed for this
 * call. */
typedef void ControlHandler(void *data, ControlCall *call,
                            const ControlRequest *request, const char *user);

/* Listen at path with that mode (0600 or 0660). allowed_users: login names,
 * NULL-terminated, or NULL. Errors: CONFIG, DENIED, TEMPORARY. */
ControlServer *control_start(Loop *loop, const char *path, int mode,
                             const char *const *allowed_users,
                             ControlHandler *handler, void *data,
                             GError **error);
/* error NULL: done, text says what was done (may be NULL). The peer may be
 * gone: then nothing is said. */
void control_answer(ControlCall *call, const char *text, const GError *error);
void control_free(ControlServer *server);
