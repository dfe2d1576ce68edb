/*
 * commands.h - the command line: a table of self-describing commands.
 *
 * exitdesk NOUN VERB [ARGUMENT...] [FLAGS], and a few bare verbs (todo, why,
 * doctor). Each command is a Command in its own cmd_*.c and one row in
 * commands.c; help, completions and the tests of the man page come from it.
 *
 * Results go to standard output, talk to standard error. Exit statuses are
 * those of sysexits(3); 1 means: done, and the answer is no.
 */
#pragma once

#include "base/json.h"
#include "cli/table.h"
#include "settings/settings.h"
#include "store/store.h"

/* The answer is no, or something was found (as grep and diff say it). */
#define EXIT_NO 1

typedef struct CliContext CliContext;

/* A flag that a command takes besides those that all take. */
typedef struct {
    const char *name;  /* "port", given as --port */
    const char *value; /* what follows, as help calls it: "N"; NULL: nothing */
    const char *about;
} CommandFlag;

typedef struct {
    const char *noun;       /* "case", or the bare verb "why" */
    const char *verb;       /* "show"; NULL for a bare verb */
    const char *args;       /* as help shows them: "ADDRESS TIME"; NULL: none */
    int min_args, max_args; /* max -1: any number */
    const char *summary;    /* one line, no full stop */
    const char *examples;   /* lines, each a whole command line */
    const char *about;      /* what else to know; help sets it into lines */
    const CommandFlag *flags; /* ends with an empty one; NULL: none */
    bool has_json;            /* takes --json; contrib/schema/NOUN-VERB.json */
    int (*run)(CliContext *context, GError **error); /* the exit status; of no
                                                        meaning with an error */
} Command;

/* The flag of commands that judge: --now TIME, read by cli_now(). */
#define FLAG_NOW                                                               \
    {                                                                          \
        "now", "TIME", "judge as of this moment, like 2026-05-04T09:00Z"       \
    }

/* The table, and finding a row. */
guint command_count(void);
const Command *command_at(guint index);
const Command *command_find(const char *noun, const char *verb);
/* "case show"; yours to free. */
char *command_new_name(const Command *command);

/* Run one command line; returns the exit status. */
int cli_main(int argc, char **argv);

/* ---- for the commands ------------------------------------------------- */

/* The arguments behind the command's words. */
int cli_arg_count(const CliContext *context);
const char *cli_arg(const CliContext *context, int index); /* NULL: not given */

/* A flag's value, "" for a flag without one; NULL if it was not given. */
const char *cli_flag(const CliContext *context, const char *name);
/* A flag's value as a number of at most max; fallback if not given.
 * Errors: usage. */
bool cli_flag_number(const CliContext *context, const char *name,
                     uint32_t fallback, uint32_t max, uint32_t *out,
                     GError **error);
/* A flag's value as one of the words, in any case; NULL if not given. Errors:
 * usage. */
bool cli_flag_choice(const CliContext *context, const char *name,
                     const char *const *words, const char **out,
                     GError **error);

bool cli_wants_json(const CliContext *context);
bool cli_is_quiet(const CliContext *context);
/* The configuration that was named: -C, or with -D alone DIR/exitdesk.yaml if
 * there is one; NULL: none. Yours to free. */
char *cli_new_config_path(const CliContext *context);

/* The settings, read once; borrowed. Those of cli_new_config_path(); else
 * with -D alone the defaults, else /etc/exitdesk. Errors: CONFIG, MISSING. */
const Settings *cli_settings(CliContext *context, GError **error);
/* The same for commands that can do without: defaults if nothing was named
 * and /etc/exitdesk is not there. */
const Settings *cli_settings_or_default(CliContext *context, GError **error);
/* The database, read-only; borrowed. Errors: those of store_open. */
Store *cli_store(CliContext *context, GError **error);

/* --now, else the configured clock, else the system's. */
Instant cli_now(CliContext *context);
bool cli_now_is_given(const CliContext *context);

/* The person at the keyboard, for the record: login name. Borrowed. */
const char *cli_user(void);

/* Print to standard output; talk to standard error unless -q. */
void cli_print(const char *format, ...) G_GNUC_PRINTF(1, 2);
void cli_say(const CliContext *context, const char *format, ...)
    G_GNUC_PRINTF(2, 3);
/* Print what was written as one line and empty the writer. */
void cli_print_json(Json *json);

/* "The command line is wrong": exit status 64. */
#define CLI_USAGE_ERROR cli_usage_error_quark()
GQuark cli_usage_error_quark(void);
bool cli_usage_error(GError **error, const char *format, ...)
    G_GNUC_PRINTF(2, 3); /* always false */
