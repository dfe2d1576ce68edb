/*
 * deed.h - what a command did, for people and for machines.
 *
 * Commands that change something all end alike: the desk's answer in words,
 * or with --json one object of who did what to which case or member, and
 * that answer. Its names come from the command's own row in the table, so
 * that a new command needs none of its own.
 */
#pragma once

#include "cli/commands.h"

/* Put into the open object: command, what it was done to (the arguments, each
 * by its word in the table), its flags, by, login, at, is_offline, is_done and
 * told. at is this program's clock; told may be NULL. Tokens are left out. */
void deed_put(Json *json, CliContext *context, bool is_done, const char *told);

/* Print the answer as a line of text, or with --json such an object. */
void deed_print(CliContext *context, bool is_done, const char *told);
