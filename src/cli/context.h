/*
 * context.h - what a command line said, for commands.c and its helpers; the
 * commands themselves see commands.h only.
 */
#pragma once

#include "cli/commands.h"

struct CliContext {
    const Command *command;
    const char *config, *data; /* -C, -D */
    bool json, quiet, verbose, help, version;
    char **args; /* what is left behind the command's words */
    int arg_count;
    const char **flag_values; /* parallel to command->flags */
    Settings *settings;
    Store *store;
};
void cli_context_clear(CliContext *context);

/* options.c: read the whole line into context. Errors: usage. */
bool options_read(CliContext *context, int argc, char **argv, GError **error);

/* help.c */
void help_overview(void);         /* "exitdesk" alone */
void help_all(void);              /* "exitdesk help" */
void help_noun(const char *noun); /* "exitdesk case --help" */
void help_command(const Command *command);
