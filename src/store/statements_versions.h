/*
 * statements_versions.h - the statements of versions.c: their names for the
 * list in statements.h, their texts for the table in statements.c.
 */
#pragma once

#define SQL_OF_VERSIONS                                                        \
    SQL_VERSION_NEWEST, SQL_VERSION_REPLACE, SQL_VERSION_NOTE, SQL_VERSIONS,   \
        SQL_VERSION

#define SQL_TEXTS_OF_VERSIONS                                                  \
    [SQL_VERSION_NEWEST] =                                                     \
        {"read the newest letter of a case",                                   \
         "SELECT ticket.number, coalesce(letter.number, 0), "                  \
         "coalesce(draft.version, 0), draft.state, draft.changed_by, "         \
         "outbox.state FROM ticket "                                           \
         "LEFT JOIN letter ON letter.ticket = ticket.number "                  \
         "LEFT JOIN draft ON draft.letter = letter.number "                    \
         "LEFT JOIN outbox ON outbox.letter = letter.number "                  \
         "WHERE ticket.id = ? ORDER BY letter.number DESC LIMIT 1"},           \
    [SQL_VERSION_REPLACE] =                                                    \
        {"replace a draft",                                                    \
         "UPDATE draft SET state = 'replaced', decided = ?, decided_by = ? "   \
         "WHERE letter = ? AND state = 'waiting'"},                            \
    [SQL_VERSION_NOTE] =                                                       \
        {"note who made a version",                                            \
         "UPDATE draft SET replaces = ?, changed_by = ?, change = ?, "         \
         "source = ?, checked_by = ? WHERE letter = ?"},                       \
    [SQL_VERSIONS] = {"list the letters of a case",                            \
                      DRAFT_COLUMNS "WHERE ticket.id = ? "                     \
                                    "ORDER BY draft.letter LIMIT 1000"},       \
    [SQL_VERSION] = {"read a letter of a case", DRAFT_COLUMNS                  \
                     "WHERE ticket.id = ? AND draft.version = ?"}
