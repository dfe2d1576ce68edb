/*
 * caselook.h - cases as the commands name, list and print them.
 */
#pragma once

#include "cli/commands.h"
#include "store/cases.h"

/* The case id that text means: any case, with or without prefix; yours.
 * Errors: INVALID with the right letter if the check letter is wrong. */
char *case_id_typed(CliContext *context, const char *text, GError **error);

/* The members of an open JSON object that describe a row. */
void case_row_put_json(Json *json, const CaseRow *row);

/* Whose cases are asked for by --mine (the login) or --to NAME; NULL:
 * everybody's. Errors: usage. */
bool case_assignee_asked(const CliContext *context, const char **out,
                         GError **error);
#define FLAGS_ASSIGNEE                                                         \
    {"mine", NULL, "only those assigned to your login name"},                  \
    {                                                                          \
        "to", "NAME", "only those assigned to NAME"                            \
    }

/* "waits for the digest to feed, at 2026-05-05 06:00 UTC"; yours. NULL if it
 * waits for none, or that cannot be told. */
char *case_digest_text(CliContext *context, const char *case_id);

/* Lines for the documents that a case's verdicts rest on, as they were kept
 * when it was decided (Case.matches_json, or NULL), and for the command that
 * writes them out. Nothing if there are none. */
void case_documents_print(const char *matches_json);

/* "17 h", "3 d": how long ago, or until; yours to free. */
char *age_new_text(Instant from, Instant to);
