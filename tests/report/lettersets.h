/*
 * lettersets.h - the invented letters of letters/, as mails of many shapes.
 *
 * A set is a text file; README.md beside the sets tells the notation. Each
 * letter has the matter it must be recognised in (or "none") and the forms it
 * is rendered in: "caps" and "ascii" change the text, "wrapped" breaks its
 * lines, the others say how the mail carries it.
 */
#pragma once

#include <glib.h>

typedef struct {
    char *place;    /* "de.letters:12" */
    char *language; /* the set's name up to the dot */
    char *matter;   /* "authority", ... or "none" */
    char **forms;   /* "html", "caps", ... */
    char *from, *subject, *text;
} SetLetter;

/* Append each letter of the file; a broken one ends the test. */
void letterset_load(const char *path, GPtrArray *letters);
void set_letter_free(SetLetter *letter);

/* The mail, ready to be parsed. */
GBytes *set_letter_render(const SetLetter *letter);
