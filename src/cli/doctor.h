/*
 * doctor.h - the checks of "exitdesk doctor"; the table is in cmd_doctor.c.
 */
#pragma once

#include "cli/commands.h"

typedef enum { DOCTOR_OK, DOCTOR_WARN, DOCTOR_FAIL } DoctorResult;

typedef struct {
    DoctorResult result;
    char *words;
    char *what_to_do; /* of a warn or FAIL */
} DoctorFinding;

typedef struct {
    CliContext *context;
    Instant now;
    const Settings *settings; /* NULL: could not be read */
    Store *store;             /* NULL: none, or could not be opened */
} Doctor;

/* Look at one thing; false if there is nothing to look at. */
typedef bool DoctorCheck(Doctor *doctor, DoctorFinding *out);

/* doctor_place.c: the machine around us */
DoctorCheck doctor_settings, doctor_data_directory, doctor_database,
    doctor_daemon, doctor_lmtp, doctor_postfix;
/* doctor_border.c: does the mail server take forged results out */
DoctorCheck doctor_border;
/* Have the daemon test it now, and wait for the answer. What does not come
 * back in time is the check's to tell. Errors: those of the desk. */
bool doctor_probe(CliContext *context, GError **error);
/* doctor_sending.c: who takes our letters */
DoctorCheck doctor_sending;
/* doctor_work.c: what the desk works with, and what waits */
DoctorCheck doctor_signing, doctor_pause, doctor_breaker, doctor_relays,
    doctor_policies, doctor_templates, doctor_members, doctor_alerts,
    doctor_mails, doctor_letters;

/* Fill out; what_to_do NULL for ok. Always true. */
bool doctor_say(DoctorFinding *out, DoctorResult result, const char *what_to_do,
                const char *format, ...) G_GNUC_PRINTF(4, 5);
