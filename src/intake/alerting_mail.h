/*
 * alerting_mail.h - the mails of alerting.h, as bytes.
 */
#pragma once

#include "intake/alerting.h"

/* For all people alike. */
typedef struct {
    const Settings *settings;
    GBytes *loop_key;
    const char *about;   /* case id, or "alerts": of the loop token */
    const char *subject; /* says nothing of the matter: it is not encrypted */
    const char *text;
    const char *page; /* under the text, or NULL; shortened if need be */
    Instant now;
} AlertMail;

/* Compose for a person; clear with alert_message_clear. Errors: INVALID. */
bool alert_message_new(const AlertMail *mail, const AlertPerson *person,
                       NewMessage *out, GError **error);
void alert_message_clear(void *message);
