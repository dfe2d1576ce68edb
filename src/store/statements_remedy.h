/*
 * statements_remedy.h - the statements of remedy.c, by name and text; part of
 * the list in statements.h and of the table in statements.c.
 */
#pragma once

#define SQL_OF_REMEDIES                                                        \
    SQL_REMEDY_ADD, SQL_REMEDIES, SQL_REMEDY, SQL_REMEDY_RELAYS,               \
        SQL_REMEDY_RELAYS_CLEAR, SQL_REMEDY_RELAY_ADD, SQL_REMEDY_AGREE,       \
        SQL_REMEDY_MOVE, SQL_REMEDY_END, SQL_REMEDY_LETTER,                    \
        SQL_REMEDY_NO_LETTER

#define REMEDY_COLUMNS                                                         \
    "SELECT remedy.number, ticket.id, remedy.member, remedy.destination, "     \
    "remedy.ports, remedy.state, remedy.reason, remedy.owner, "                \
    "remedy.forced, remedy.proposed, remedy.proposed_by, remedy.agreed, "      \
    "remedy.agreed_by, remedy.expires, remedy.ended, remedy.ended_by, "        \
    "remedy.note, coalesce(remedy.letter, 0), remedy.letter_why "              \
    "FROM remedy JOIN ticket ON ticket.number = remedy.ticket "

/* clang-format off */
#define REMEDY_STATEMENTS                                                      \
    [SQL_REMEDY_ADD] =                                                         \
        {"propose a remedy",                                                   \
         "INSERT INTO remedy (ticket, member, destination, ports, state, "     \
         "reason, owner, forced, proposed, proposed_by, expires) "             \
         "SELECT number, member, ?2, ?3, 'proposed', ?4, ?5, ?6, ?7, ?8, ?9 "  \
         "FROM ticket WHERE id = ?1 AND member IS NOT NULL "                   \
         "ON CONFLICT DO NOTHING RETURNING number"},                           \
    [SQL_REMEDIES] =                                                           \
        {"list remedies",                                                      \
         REMEDY_COLUMNS "WHERE (?1 IS NULL OR remedy.member = ?1) "            \
         "AND (?2 OR remedy.state <> 'removed') "                              \
         "ORDER BY remedy.number LIMIT 10000"},                                \
    [SQL_REMEDY] = {"read a remedy", REMEDY_COLUMNS "WHERE remedy.number = ?"},\
    [SQL_REMEDY_RELAYS] =                                                      \
        {"read how relays carry a remedy",                                     \
         "SELECT fingerprint, view, rule, own_line, consensus, since, "        \
         "document_when, document_sha256, document_name FROM remedy_relay "    \
         "WHERE remedy = ? ORDER BY fingerprint LIMIT 20000"},                 \
    [SQL_REMEDY_RELAYS_CLEAR] =                                                \
        {"forget how relays carried a remedy",                                 \
         "DELETE FROM remedy_relay WHERE remedy = ?"},                         \
    [SQL_REMEDY_RELAY_ADD] =                                                   \
        {"keep how a relay carries a remedy",                                  \
         "INSERT INTO remedy_relay (remedy, fingerprint, view, rule, "         \
         "own_line, consensus, since, document_when, document_sha256, "        \
         "document_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},              \
    [SQL_REMEDY_AGREE] =                                                       \
        {"note that a member agreed to a remedy",                              \
         "UPDATE remedy SET state = 'agreed', agreed = ?, agreed_by = ?, "     \
         "note = coalesce(?, note) WHERE number = ? AND state = 'proposed'"},  \
    [SQL_REMEDY_MOVE] =                                                        \
        {"move a remedy",                                                      \
         "UPDATE remedy SET state = ? WHERE number = ? AND state = ?"},        \
    [SQL_REMEDY_END] =                                                         \
        {"end a remedy",                                                       \
         "UPDATE remedy SET state = ?, ended = ?, ended_by = ?, "              \
         "note = coalesce(?, note) WHERE number = ? AND state = ?"},           \
    [SQL_REMEDY_LETTER] =                                                      \
        {"keep the letter of a remedy",                                        \
         "UPDATE remedy SET letter = ?, letter_why = NULL "                    \
         "WHERE number = ? AND letter IS NULL"},                               \
    [SQL_REMEDY_NO_LETTER] =                                                   \
        {"keep why a remedy has no letter",                                    \
         "UPDATE remedy SET letter_why = ?1 WHERE number = ?2 "                \
         "AND letter_why IS NOT ?1"},
/* clang-format on */
