/*
 * remedyask.h - the orders of "exitdesk remedy", done without the desk.
 */
#pragma once

#include "cli/commands.h"

/* A DeskOffline; order: remedy_order_new_text(). The note is --note's. */
bool remedy_do_offline(CliContext *context, Store *store, const char *order,
                       char **text, GError **error);
