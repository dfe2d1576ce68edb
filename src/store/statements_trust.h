/*
 * statements_trust.h - the statements of trust.c and trust_asking.c, by name;
 * part of the list in statements.h.
 */
#pragma once

#define SQL_OF_TRUST                                                           \
    SQL_TRUST_MEMBER, SQL_TRUST_LEVELS, SQL_TRUST_LEVEL_SET,                   \
        SQL_TRUST_APPROVED, SQL_TRUST_DRAFTS, SQL_TRUST_RELAYS,                \
        SQL_TRUST_QUEUED, SQL_TRUST_CASE, SQL_TRUST_TOUCH, SQL_TRUST_CONSENT,  \
        SQL_TRUST_WITHDRAW, SQL_TRUST_PAUSE, SQL_TRUST_END, SQL_TRUST_ASK,     \
        SQL_TRUST_QUESTION, SQL_TRUST_ANSWER, SQL_TRUST_STEP,                  \
        SQL_TRUST_STOP_TOKEN, SQL_TRUST_STOP_SET, SQL_TRUST_STOP_MEMBER,       \
        SQL_TRUST_EVENT_ADD, SQL_TRUST_EVENTS, SQL_TRUST_EVENTS_UNTOLD,        \
        SQL_TRUST_TOLD, SQL_TRUST_ALONE, SQL_TRUST_YES_ADD, SQL_TRUST_YES
