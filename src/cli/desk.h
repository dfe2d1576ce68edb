/*
 * desk.h - asking the running desk, or writing without it on request.
 */
#pragma once

#include "base/control_wire.h"
#include "cli/commands.h"

#define DESK_TIMEOUT_S 30

/* What the desk would do, done here on the database; text is the answer. */
typedef bool DeskOffline(CliContext *context, Store *store, const char *id,
                         char **text, GError **error);

/* Ask the desk (with --offline: do it here), print its answer as deed.h says.
 * Returns the exit status. */
int desk_ask(CliContext *context, ControlKind kind, const char *subject,
             const char *note, DeskOffline *offline, GError **error);
/* The same without printing: text is the answer, NULL if there is none. */
int desk_ask_text(CliContext *context, ControlKind kind, const char *subject,
                  const char *note, DeskOffline *offline, char **text,
                  GError **error);
/* The same of a case or of nothing: the subject is
 * the case id in the first argument if the command has one; the note is that
 * of --note. */
int desk_decide(CliContext *context, ControlKind kind, DeskOffline *offline,
                GError **error);
