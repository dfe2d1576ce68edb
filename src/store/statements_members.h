/*
 * statements_members.h - the statements of messages.c, challenges.c and
 * notices.c, by name; part of the list in statements.h.
 */
#pragma once

#define SQL_OF_MEMBERS                                                         \
    SQL_MESSAGE_ADD, SQL_MESSAGE_DUE, SQL_MESSAGE_NEXT, SQL_MESSAGE_ROW,       \
        SQL_MESSAGE_BY_TOKEN, SQL_MESSAGE_INTERRUPTED, SQL_MESSAGE_BEGIN,      \
        SQL_MESSAGE_DOT, SQL_MESSAGE_SET, SQL_CHALLENGE_ADD,                   \
        SQL_CHALLENGE_RECENT, SQL_CHALLENGE_FIND, SQL_CHALLENGE_ANSWER,        \
        SQL_CONTACTS, SQL_WATCHED, SQL_WATCHED_CLEAR, SQL_WATCHED_ADD,         \
        SQL_NOTICE_ADD, SQL_NOTICES, SQL_NOTICE_HELD, SQL_NOTICE_SETTLE
