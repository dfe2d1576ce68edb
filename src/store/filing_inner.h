/*
 * filing_inner.h - what filing writes down (internal).
 */
#pragma once

#include "store/filing.h"
#include "store/inbox.h"

/* What the gate said, with all it looked at and the program's version. */
char *decision_new_json(const Decision *decision);

/* {"NAME_sha256": ...}: what the record keeps of a text stored elsewhere. */
char *seal_new_json(const char *name, const void *data, size_t length);
char *seal_new_text(const char *name, const char *text);

/* reporter NULL: not known. In the caller's transaction. */
bool record_received(Store *store, const char *about, const MailRow *mail,
                     const char *reporter, GError **error);
