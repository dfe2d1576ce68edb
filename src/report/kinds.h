/*
 * kinds.h - the closed lists of answers that report.h gives: what a mail is,
 * who sends it, and in which matters no program may answer. Comes with
 * report.h; the words are what tools print and stores keep.
 */
#pragma once

/* What the mail is, before asking what it complains about. Order and words
 * are stored: append only. */
typedef enum {
    DISPOSITION_COMPLAINT,
    DISPOSITION_QUESTION,        /* asks something, accuses nobody */
    DISPOSITION_LEGAL,           /* authority, court, lawyer: to a person */
    DISPOSITION_BOUNCE,          /* DSN, MDN */
    DISPOSITION_AUTO_REPLY,      /* vacation, "we have received ..." */
    DISPOSITION_ACKNOWLEDGEMENT, /* their ticket number, case closed */
    DISPOSITION_REPLY,           /* an answer to our own letter */
    DISPOSITION_NEWSLETTER,
    DISPOSITION_AGGREGATE,  /* DMARC, TLS-RPT: statistics */
    DISPOSITION_UNREADABLE, /* nothing legible, or over a limit */
    DISPOSITION_OTHER,      /* legible, and none of these */
    DISPOSITION_COUNT
} Disposition;
const char *disposition_word(Disposition disposition); /* "auto-reply" */

typedef enum {
    SENDER_UNKNOWN,
    SENDER_AUTOMATED, /* a program: feeds, fail2ban, agents' robots */
    SENDER_PERSON,
    SENDER_HOSTER, /* hoster or upstream passing a complaint on */
    SENDER_CERT,
    SENDER_RIGHTS_HOLDER, /* or its agent */
    SENDER_LAW_FIRM,
    SENDER_AUTHORITY, /* police, prosecutor, court, regulator */
    SENDER_PRESS,
    SENDER_OURSELVES, /* our own letter coming back */
    SENDER_COUNT
} SenderClass;
const char *sender_class_word(SenderClass sender_class); /* "rights-holder" */

/* Matters in which no program may ever answer (a set of bits). */
typedef enum {
    SENSITIVE_AUTHORITY = 1 << 0,    /* police, prosecutor, regulator */
    SENSITIVE_COURT = 1 << 1,        /* orders, subpoenas, writs */
    SENSITIVE_LAWYER = 1 << 2,       /* law firm, legal threat */
    SENSITIVE_LIFE = 1 << 3,         /* threat to life, suicide, bombs */
    SENSITIVE_CHILD_ABUSE = 1 << 4,  /* illegal images */
    SENSITIVE_DATA_SUBJECT = 1 << 5, /* GDPR access, erasure */
    SENSITIVE_PRESS = 1 << 6,
    SENSITIVE_ALL = (1 << 7) - 1
} Sensitive;
/* "authority", "court", ... of one bit. */
const char *sensitive_word(Sensitive bit);
