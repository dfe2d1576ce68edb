/*
 * knowledge.h - what mails are judged by, as one unchanging snapshot.
 *
 * Settings, members, policies, templates and the mapped relay history. A
 * reload or a new history makes a new snapshot; whoever still works with the
 * old one keeps it until done. References may be taken and given back on any
 * thread.
 */
#pragma once

#include "intake/intake.h"

typedef struct Knowledge Knowledge;

/* Load all of it. A missing relay history is not an error: it is logged, and
 * every verdict is undecidable with that reason. Errors: those of
 * settings_load, policies_load and templates_load. */
Knowledge *knowledge_load(const char *config, const char *data, GError **error);

/* The same with the newest history mapped, if there is a newer one; else
 * NULL. A damaged new history is logged and the old one stays in use. */
Knowledge *knowledge_renew(Knowledge *knowledge);

Knowledge *knowledge_ref(Knowledge *knowledge);
void knowledge_unref(Knowledge *knowledge);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Knowledge, knowledge_unref)

const Settings *knowledge_settings(const Knowledge *knowledge);

/* The pipeline's view of it; valid while the reference is held. */
Desk knowledge_desk(const Knowledge *knowledge);

/* Does LMTP take mail for this address? The desk's own, the members', those
 * listed, postmaster, and return paths with a token. */
bool knowledge_accepts(const Knowledge *knowledge, const char *address);
