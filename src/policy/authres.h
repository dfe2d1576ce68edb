/*
 * authres.h - what authres.c finds out about our server's verdicts, for its
 * neighbour pin.c. Internal to policy/.
 */
#pragma once

#include "mail/strictheader.h"
#include "policy/authres_scan.h"

/* Parse our own fields; false with a reason if nothing can be trusted. */
bool authres_collect(const StrictHeader *header, const char *authserv_id,
                     GPtrArray *results, const char **why);
/* The domain of a plain address (dot-atom local part), or NULL. */
const char *authres_plain_domain(const char *address);
/* Does another verdict on the same signature say the opposite? */
bool authres_is_contradicted(const GPtrArray *results,
                             const AuthresResult *passed);
/* Is the return path the writer's own address, or does SPF vouch for it? */
bool authres_vouches_path(const GPtrArray *results, const char *from,
                          const char *envelope_from);
