/*
 * lawyers.h - the umbrella's own list of whom to call, by country.
 *
 * policies/lawyers/CC.yaml in the desk's own policy directory; the program
 * brings only an example (DE.yaml.example). Never part of a letter.
 */
#pragma once

#include "base/schema.h"

typedef struct {
    char *name, *phone, *mail, *hours, *may_call, *note; /* NULL: not said */
    GPtrArray *languages, *fields;                       /* of char * */
    char *country;
} Lawyer;
void lawyer_free(Lawyer *lawyer);

/* Those of the packs of a chain ("DE EU XX"), nearest first, as the files
 * list them; chain NULL: of all files. Array of Lawyer; what is wrong is
 * appended to errors. */
GPtrArray *lawyers_load(const char *const *directories, const char *chain,
                        GPtrArray *errors);
