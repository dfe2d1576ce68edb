/*
 * submit.h - the SMTP conversation that hands over one letter after another.
 *
 * Blocking; runs in the courier's own process. libetpan's home, over
 * stream.h. Before the final dot the caller is asked; only between that dot
 * and its reply can an outcome be UNKNOWN.
 *
 * What a reply means: 4xx RETRY, 5xx FAILED, but only from MAIL on: trouble
 * while connecting, with TLS or with our password is not the letter's fault
 * and is always RETRY.
 */
#pragma once

#include "courier/courier.h"
#include "courier/seal.h"
#include "courier/smtpurl.h"

typedef struct {
    SmtpUrl url;
    TlsMode tls;
    char *user, *password; /* NULL: no AUTH */
    char *ca_file, *hostname;
    CourierTimeouts timeouts;
    Sealer *sealer;
} SubmitConfig;
/* Errors: CONFIG, MISSING (the password's file). */
bool submit_config_read(const CourierConfig *from, SubmitConfig *out,
                        GError **error);
void submit_config_clear(SubmitConfig *config);

typedef struct Submitter Submitter;
/* Borrows config. cancel_fd: see stream_connect. */
Submitter *submitter_new(const SubmitConfig *config, int cancel_fd);
void submitter_free(Submitter *submitter);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Submitter, submitter_free)

/* Everything but the dot is sent: may it follow? */
typedef bool SubmitMayDot(void *data);
/* Seal the letter (checked by letter_check), connect if need be, hand it over.
 * Fills all of out but its id. */
void submit_letter(Submitter *submitter, const CourierLetter *letter,
                   SubmitMayDot *may_dot, void *data, CourierOutcome *out);
void courier_outcome_clear(CourierOutcome *outcome);

/* Say QUIT and close, if connected. */
void submitter_hang_up(Submitter *submitter);
bool submitter_is_connected(const Submitter *submitter);
