/*
 * told_desk.h - a desk with one member of two contacts, for tests of mail to
 * them and of their answers.
 */
#pragma once

#include "intake/intake.h"

#define TOLD_DESK  "abuse@umbrella.example"
#define TOLD_BOARD "board@bib.example"
#define TOLD_CHAIR "chair@bib.example"
#define TOLD_OTHER "other@club.example" /* of another member */

typedef struct {
    char *directory;
    Settings *settings;
    Store *store;
    Desk desk;
    Member *member; /* "bib"; of the settings */
} ToldDesk;
extern ToldDesk told_desk;

void told_desk_set_up(void);
void told_desk_tear_down(void);
/* As if the person had answered the question whether the address is read. */
void told_verify(const char *member, const char *address, Instant now);
/* The first column of the first row as text; "" if there is none. Yours. */
char *told_ask(const char *format, ...) G_GNUC_PRINTF(1, 2);
void told_expect(const char *sql, const char *wanted);
/* Run telling; how many messages were queued. */
guint told_run(Instant now);
/* The text of the newest message to an address, decoded. Yours. */
char *told_text(const char *address);
