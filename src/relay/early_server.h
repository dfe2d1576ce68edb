/*
 * early_server.h - what one directory server said, while an import adds to it.
 *
 * For early.c.
 */
#pragma once

#include "relay/early_file.h"

typedef struct EarlyServer EarlyServer;

/* Read its file; a missing one is a server that said nothing yet. Errors:
 * INVALID, DENIED, TEMPORARY. */
EarlyServer *early_server_load(const char *path, GError **error);
void early_server_free(EarlyServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EarlyServer, early_server_free)

/* False: that document is known. */
bool early_server_put(EarlyServer *server, const EarlyStatement *statement);
bool early_server_is_changed(const EarlyServer *server);

/* Bring it in order, and write it if it changed. Errors: DENIED, TEMPORARY. */
bool early_server_save(EarlyServer *server, GError **error);

/* Of a saved server: what it said; borrowed. */
ServerView early_server_view(const EarlyServer *server);
/* Append its documents, their names to the text. */
void early_server_documents(const EarlyServer *server, GArray *documents,
                            GString *text);
