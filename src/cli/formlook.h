/*
 * formlook.h - answers that a person enters in a reporter's web form.
 */
#pragma once

#include "cli/commands.h"
#include "store/cases.h"

/* The text that is ready for the form of a case, yours; NULL without error if
 * none waits. */
char *form_new_text(Store *store, const CaseRow *row, GError **error);

/* Print the tasks among the rows, each with its text, at most FORMS_SHOWN. */
#define FORMS_SHOWN 5
bool forms_print(CliContext *context, Store *store, const GPtrArray *rows,
                 GError **error);
