/*
 * inbox.h - rows of accepted mails for the other files of store/ (internal).
 *
 * An inbox id is ten characters: 35 bits of the row's number, then 15 random
 * bits kept in the row, so that ids sort by arrival, need no index and are
 * not guessed from one another.
 */
#pragma once

#include "store/database.h"

void inbox_id_write(int64_t number, int64_t salt, char out[INBOX_ID_SIZE]);
/* Any case. False if it is not an inbox id. */
bool inbox_id_parse(const char *text, int64_t *number, int64_t *salt);

/* What the other files need of a mail's row. */
typedef struct {
    int64_t number;
    char id[INBOX_ID_SIZE];
    char *state;
    Instant received;
    uint32_t attempts;
    uint8_t delivery_key[32];
} MailRow;
void mail_row_clear(MailRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MailRow, mail_row_clear)
/* Errors: MISSING. */
bool mail_row_find(Store *store, const char *inbox_id, MailRow *out,
                   GError **error);
