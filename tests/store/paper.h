/*
 * paper.h - made-up mails and decisions for tests of the store.
 */
#pragma once

#include "store/filing.h"

#define PAPER_NOW INT64_C(1777816920) /* 2026-05-03T14:02:00Z */
#define PAPER_DAY INT64_C(86400)

/* A new directory under the system's, and its removal with all in it. */
char *paper_directory(void);
void paper_remove(const char *directory);

/* A mail; text makes it different from others. */
Delivery *paper_delivery(const char *from, const char *text);
/* Accept one and give its inbox id; asserts that it works. */
char *paper_accept(Store *store, const char *text);

/* Everything that filing one complaint about one member needs. */
typedef struct {
    Report report;
    Incident incident;
    Findings findings;
    Ticket ticket;
    GPtrArray *events; /* one, of the incident */
    Decision decision;
    Reply reply;
    FiledTicket filed;
    Filing filing;
    char *tag;
} Paper;

/* tag makes Message-ID, token and mail key unique; it is also their text. */
void paper_init(Paper *paper, const char *inbox_id, Action action,
                const char *tag);
void paper_clear(Paper *paper);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Paper, paper_clear)

/* Accept and file in one go; the case id. */
char *paper_file(Store *store, Action action, const char *tag);
