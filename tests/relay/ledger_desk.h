/*
 * ledger_desk.h - a directory that is imported again and again, for tests.
 */
#pragma once

#include "network.h"

#include "relay/import.h"

#include <sys/stat.h>

/* Long after every file of these tests was written. */
#define LATER INT64_C(4102444800)

/* Make the documents of that file; how many there are. */
guint ledger_desk_begin(const char *notation);
void ledger_desk_end(void);

/* What is imported, and into what. */
typedef struct {
    char *root, *input, *history;
} Desk;

void desk_init(Desk *desk);
void desk_clear(Desk *desk);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

/* A document of the network, and a file of the input; yours. */
char *desk_text(const char *document);
char *desk_path(const Desk *desk, const char *name);

void desk_put(const Desk *desk, const char *name, const char *text);
void desk_copy(const Desk *desk, const char *document, const char *name);
/* All documents but those whose names begin so; NULL: all. */
void desk_copy_all_but(const Desk *desk, const char *prefix);
/* Some of them that are not there yet, by chance. False: all are there. */
bool desk_copy_some(const Desk *desk, GRand *chance);

/* Give a file those times, as a copy that keeps them does. */
void desk_set_time(const char *path, const struct stat *about);
/* Remove a file or directory of the history. */
void desk_remove_state(const Desk *desk, const char *name);

/* What an import said, in numbers. */
typedef struct {
    uint64_t files, unchanged, waiting, fresh, damaged, unverified, shelved;
    char anew[200];
} Said;

Said desk_run(const ImportTask *task);
/* How the input is imported; paths: room for two. */
ImportTask desk_task(const Desk *desk, const char **paths);
Said desk_import(const Desk *desk);

/* The same bytes as of all at once, without a ledger. */
void desk_assert_as_at_once(const Desk *desk);
