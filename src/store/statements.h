/*
 * statements.h - every SQL statement by name; statements.c has the table.
 */
#pragma once

#include "store/statements_alarms.h"
#include "store/statements_alerts.h"
#include "store/statements_casework.h"
#include "store/statements_digests.h"
#include "store/statements_links.h"
#include "store/statements_members.h"
#include "store/statements_remedy.h"
#include "store/statements_told.h"
#include "store/statements_trust.h"
#include "store/statements_versions.h"

typedef enum {
    /* transactions */
    SQL_BEGIN,
    SQL_BEGIN_READING,
    SQL_COMMIT,
    SQL_ROLLBACK,
    SQL_SAVEPOINT,
    SQL_RELEASE,
    SQL_ROLLBACK_TO,
    /* inbox.c */
    SQL_MAIL_ADD,
    SQL_MAIL_ADD_BYTES,
    SQL_MAIL_KNOWN,
    SQL_MAIL_SET_RECIPIENTS,
    SQL_MAIL_FIND,
    SQL_MAIL_DELIVERY,
    SQL_MAIL_UNDECIDED,
    SQL_MAIL_BETWEEN,
    SQL_MAIL_ATTEMPT,
    /* seen.c */
    SQL_SEEN,
    /* filing.c, caseid.c */
    SQL_MAIL_DECIDE,
    SQL_FINDINGS_ADD,
    SQL_TICKET_LAST_SERIAL,
    SQL_TICKET_ADD,
    SQL_TICKET_NUMBER,
    SQL_ADDRESS_ADD,
    SQL_CASE_BY_MAIL_KEY,
    SQL_CASE_BY_MESSAGE_ID,
    SQL_CASE_BY_TOKEN,
    /* letters.c */
    SQL_TICKET_STATE,
    SQL_TICKET_MOVE,
    SQL_LETTER_ADD,
    SQL_DRAFT_ADD,
    SQL_SIGNATURE_ADD,
    SQL_OUTBOX_ADD,
    /* counts.c */
    SQL_COUNT_ADD,
    SQL_COUNT_ADD_TEMPLATE,
    SQL_COUNT_SINCE,
    SQL_COUNT_BY_SLOT,
    SQL_DOMAIN_MEET,
    SQL_DOMAIN_SINCE,
    SQL_SUPPRESS,
    SQL_IS_SUPPRESSED,
    SQL_CASE_LETTERS,
    SQL_SIGNATURE_SEEN,
    /* breaker.c */
    SQL_BREAKER,
    SQL_BREAKER_OPEN,
    SQL_BREAKER_CLOSE,
    SQL_BREAKER_FAILED,
    SQL_BREAKER_NEWER,
    /* probe.c */
    SQL_PROBE_ADD,
    SQL_PROBE_CAME,
    SQL_PROBE_SENT_LAST,
    SQL_PROBE_CAME_LAST,
    SQL_PROBE_EXISTS,
    SQL_PROBE_LOSE,
    /* reporters.c */
    SQL_TICKET_REPORTER,
    SQL_REPORTER_COUNT,
    SQL_QUOTE_ADD,
    SQL_QUOTE_SEEN,
    SQL_APPROVAL_ADD,
    SQL_APPROVALS,
    /* drafts.c */
    SQL_DRAFTS,
    SQL_DRAFTS_WAITING,
    SQL_DRAFT_OF_CASE,
    SQL_DRAFT_STANDING,
    SQL_DRAFT_DECIDE,
    SQL_DRAFT_SENT,
    SQL_OF_VERSIONS, /* versions.c */
    SQL_OF_DIGESTS,  /* digests.c */
    SQL_OUTBOX_STOP,
    SQL_PAUSE,
    SQL_PAUSE_SET,
    SQL_PAUSE_CLEAR,
    /* outbox.c */
    SQL_OUTBOX_DUE,
    SQL_OUTBOX,
    SQL_OUTBOX_NEXT,
    SQL_OUTBOX_ROW,
    /* returns.c */
    SQL_RETURN_LETTER,
    SQL_RETURN_SAID,
    SQL_RETURN_ADD,
    SQL_RETURN_FAILED,
    SQL_RETURNS_SINCE,
    SQL_REFERENCE_ADD,
    /* outbox.c */
    SQL_OUTBOX_INTERRUPTED,
    SQL_OUTBOX_BEGIN,
    SQL_OUTBOX_DOT,
    SQL_OUTBOX_SET,
    /* record.c */
    SQL_RECORD_LAST,
    SQL_RECORD_COUNT,
    SQL_RECORD_ADD,
    SQL_RECORD_OF,
    SQL_RECORD_WALK,
    SQL_FACT,
    SQL_FACT_SET,
    SQL_OF_REMEDIES, /* remedy.c */
    SQL_OF_CASEWORK, /* casework.c, caseform.c */
    SQL_OF_LINKS,    /* caselinks.c */
    SQL_OF_MEMBERS,
    SQL_OF_TELLINGS,
    SQL_OF_TRUST,  /* messages.c, challenges.c, notices.c */
    SQL_OF_ALERTS, /* alerts.c */
    SQL_OF_ALARMS, /* alarms.c */
    /* cases.c */
    SQL_CASES,
    SQL_CASES_BY_ADDRESS,
    SQL_CASES_BY_REPORTER,
    SQL_CASES_BY_MEMBER,
    SQL_TODO,
    SQL_CASE,
    SQL_CASE_BY_MAIL,
    SQL_NUMBERS,
    SQL_COUNT
} Sql;

const char *statement_name(Sql sql);
const char *statement_text(Sql sql);
