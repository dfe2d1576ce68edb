/*
 * report.h - what a mail says, independent of the format it says it in.
 *
 * Second stage: Mail in, Report out. Free text first, formats second: a
 * format module (formats.c has the table) only adds confidence and
 * structure. The report does not know addresses or instants; it hands the
 * words where they stand to incident/, which reads them.
 *
 * Categories are XARF v4's "class/type" (xarf.org, 2026-03) plus our own
 * legal/..., threat/..., service/...; category.h lists them. Flags: flags.h.
 */
#pragma once

#include "base/wire.h"
#include "mail/mail.h"
#include "report/kinds.h"
#include "report/loser.h"
#include "report/returned.h"
#include "report/wants.h"

/* One event as a structured format states it; unknown fields are NULL. */
typedef struct {
    Quote *address, *port;       /* of the accused */
    Quote *target, *target_port; /* of the harmed */
    Quote *time, *time_last, *zone;
    Quote *protocol; /* tcp, udp, icmp */
    char *category;  /* if the row says its own */
} Statement;
void statement_free(Statement *statement);

/* Legible text in the order a reader meets it. */
typedef enum {
    BLOCK_BODY,       /* what the sender wrote */
    BLOCK_QUOTED,     /* an inner complaint passed on (inline forward) */
    BLOCK_INNER,      /* text of an attached message/rfc822 */
    BLOCK_ATTACHMENT, /* logs, CSV, report.txt */
    BLOCK_SUBJECT,
    BLOCK_MACHINE,   /* machine-readable part that a format has read */
    BLOCK_SAMPLE,    /* the spam itself: evidence, never the accusation */
    BLOCK_SIGNATURE, /* signature, disclaimer, whois dump: weak */
} BlockKind;
typedef struct {
    BlockKind kind;
    uint16_t part;       /* PLACE_SUBJECT for the subject */
    uint32_t at, length; /* bytes of that part's text */
} Block;

#define FIRST_LINE_MAX 60 /* bytes */

typedef struct {
    Disposition disposition;
    char *disposition_why;
    Returned *returned; /* what it says of a letter of ours, or NULL */
    const char *format; /* name of the row in formats.c; static */
    SenderClass sender_class;
    char *sender_class_why;
    char *reporter_address;   /* From; NULL if not one mailbox */
    char *reporter_name;      /* display name or NULL */
    char *subject;            /* decoded, cut to QUOTE_MAX bytes */
    char *claimed_address;    /* author of the inner complaint, unverified */
    char *category;           /* "connection/login_attack" or "unknown" */
    GPtrArray *category_why;  /* of Quote: the words that decided it */
    uint32_t sensitive;       /* bits of Sensitive */
    GPtrArray *sensitive_why; /* of Quote */
    char *language;           /* BCP 47 "de"; "und" if not to be told */
    GPtrArray *references;    /* of Reference, the sender's own first */
    Quote *deadline_words;    /* NULL if none is stated */
    Instant deadline;         /* INSTANT_NONE if none or not to be read */
    Quote *accusation;        /* the sentence that states it, or NULL */
    GPtrArray *channels;      /* of Channel: how to answer; wants.h */
    GPtrArray *demands;       /* of Demand */
    GPtrArray *works;         /* of NamedWork: what is said to be copied */
    GPtrArray *losers;        /* of Loser: answers that others outweighed */
    GPtrArray *statements;    /* of Statement */
    GPtrArray *blocks;        /* of Block; not sent between processes */
    GPtrArray *flags;         /* of char *: "image-only", "encrypted", ... */
    char *first_line;         /* of what its sender wrote, short; or NULL */
    Instant date;             /* of the mail, as Mail.date */
} Report;

/* Open what the stage needs (the language models), before the reader's
 * sandbox closes. Without it languages are told by stop words alone. */
void report_prepare(void);

/* Read a mail. Never fails: a mail that nothing understands is a report with
 * disposition OTHER or UNREADABLE and the reason. */
Report *report_read(const Mail *mail);
/* A report for a mail that could not be parsed, with the reason. */
Report *report_new_unreadable(const char *why);
void report_free(Report *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Report, report_free)

void report_add_flag(Report *report, const char *flag);
bool report_has_flag(const Report *report, const char *flag);

/* Between processes: everything but blocks and statements. get breaks the
 * record on any value out of bounds. */
void report_put(const Report *report, WireOut *out);
Report *report_get(WireIn *in);

/* The same for one quote; NULL is allowed and comes back as NULL. */
void quote_put(const Quote *quote, WireOut *out);
Quote *quote_get(WireIn *in);
