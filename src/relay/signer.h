/*
 * signer.h - authorities of a made-up network, who sign its consensuses.
 *
 * For demonstrations and tests: the keys are made anew, live in memory and are
 * thrown away. Its documents pass exactly the checks that real ones do, with
 * the authorities' list that it writes in place of the pinned one.
 */
#pragma once

#include "base/instant.h"

#include <glib.h>
#include <stdbool.h>

typedef struct Signer Signer;

/* That many authorities, with certificates for from..until. */
Signer *signer_new(guint authorities, Instant from, Instant until);
void signer_free(Signer *signer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Signer, signer_free)

/* The list as authorities_read() takes it. */
GString *signer_authorities(const Signer *signer);
/* Their certificates, one after the other. */
GString *signer_certificates(const Signer *signer);

/* Append the signatures of the first so many authorities to the consensus that
 * begins at start and lacks nothing else. */
void signer_sign(const Signer *signer, guint count, GString *text, gsize start);

/* For documents from before there were consensuses, which one server signs
 * with its identity: its line in the authorities' list ("v1" or "v2"; dates may
 * follow), its key as "dir-signing-key", and its signature of what begins at
 * start. */
char *signer_server_line(const Signer *signer, guint server, guint protocol);
void signer_append_key(const Signer *signer, guint server, GString *text);
void signer_sign_early(const Signer *signer, guint server, GString *text,
                       gsize start);
