/*
 * statements_told.h - the statements of tellings.c and answers.c: their names
 * for the list in statements.h, their texts for the table in statements.c.
 */
#pragma once

#define SQL_OF_TELLINGS                                                        \
    SQL_WAITING_FOR, SQL_NEWS, SQL_DIGEST_LAST, SQL_DIGEST_SET,                \
        SQL_TOLD_COUNT, SQL_TOLD_FAILED, SQL_TOLD_SET, SQL_TOLD, SQL_ASKED,    \
        SQL_MESSAGE_ABOUT, SQL_ANSWER_ADD, SQL_ANSWERS, SQL_ANSWER_SEEN,       \
        SQL_RECORD_HEAD, SQL_MESSAGES_HELD

#define SQL_TEXTS_OF_TELLINGS                                                  \
    [SQL_WAITING_FOR] =                                                        \
        {"list drafts that wait for a person",                                 \
         "SELECT letter.number, ticket.id, ticket.category, "                  \
         "ticket.reporter, letter.recipient, letter.subject, letter.body, "    \
         "ticket.received, ticket.due, letter.made, told.token, told.times, "  \
         "told.next_at "                                                       \
         "FROM draft JOIN letter ON letter.number = draft.letter "             \
         "JOIN ticket ON ticket.number = letter.ticket "                       \
         "LEFT JOIN told_draft AS told ON told.letter = letter.number "        \
         "AND told.address = ?2 "                                              \
         "WHERE draft.state = 'waiting' AND ticket.member = ?1 "               \
         "AND letter.recipient IS NOT NULL "                                   \
         "ORDER BY letter.number LIMIT 200"},                                  \
    [SQL_NEWS] =                                                               \
        {"list what happened in a member's name",                              \
         "SELECT 'sent', ticket.id, ticket.category, draft.decided_by, "       \
         "outbox.sent FROM outbox "                                            \
         "JOIN ticket ON ticket.number = outbox.ticket "                       \
         "LEFT JOIN draft ON draft.letter = outbox.letter "                    \
         "WHERE ticket.member = ?1 AND outbox.state = 'sent' "                 \
         "AND outbox.sent > ?2 "                                               \
         "UNION ALL SELECT draft.state, ticket.id, ticket.category, "          \
         "draft.decided_by, draft.decided FROM draft "                         \
         "JOIN letter ON letter.number = draft.letter "                        \
         "JOIN ticket ON ticket.number = letter.ticket "                       \
         "WHERE ticket.member = ?1 AND draft.state IN ('approved', "           \
         "'stopped') AND draft.decided > ?2 AND NOT EXISTS (SELECT 1 "         \
         "FROM outbox WHERE outbox.letter = letter.number "                    \
         "AND outbox.state = 'sent') "                                         \
         "UNION ALL SELECT 'filed', id, category, NULL, changed FROM ticket "  \
         "WHERE member = ?1 AND state = 'filed' AND changed > ?2 "             \
         "ORDER BY 5 LIMIT 100"},                                              \
    [SQL_DIGEST_LAST] = {"when was a person's last digest",                    \
                         "SELECT day, at FROM told_person "                    \
                         "WHERE member = ? AND address = ?"},                  \
    [SQL_DIGEST_SET] = {"note a person's digest",                              \
                        "INSERT INTO told_person (member, address, day, at) "  \
                        "VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE "           \
                        "SET day = excluded.day, at = excluded.at"},           \
    [SQL_TOLD_COUNT] = {"count a person's messages",                           \
                        "SELECT count(*) FROM message "                        \
                        "WHERE recipient = ? AND queued > ?"},                 \
    [SQL_TOLD_FAILED] = {"when did a person's message fail",                   \
                         "SELECT max(queued) FROM message "                    \
                         "WHERE recipient = ? AND state = 'failed'"},          \
    [SQL_TOLD_SET] =                                                           \
        {"note that a person was told of a draft",                             \
         "INSERT INTO told_draft (letter, address, member, token, first, "     \
         "last, times, next_at) VALUES (?1, ?2, ?3, ?4, ?5, ?5, 1, ?6) "       \
         "ON CONFLICT (letter, address) DO UPDATE SET last = excluded.last, "  \
         "times = times + 1, next_at = excluded.next_at"},                     \
    [SQL_TOLD] =                                                               \
        {"list who was told of drafts",                                        \
         "SELECT ticket.id, told.member, told.address, draft.state, "          \
         "told.first, told.last, told.next_at, told.times "                    \
         "FROM told_draft AS told JOIN draft ON draft.letter = told.letter "   \
         "JOIN letter ON letter.number = told.letter "                         \
         "JOIN ticket ON ticket.number = letter.ticket "                       \
         "WHERE NOT ?1 OR (told.next_at IS NULL AND draft.state = 'waiting') " \
         "ORDER BY told.letter DESC, told.address LIMIT 1000"},                \
    [SQL_ASKED] =                                                              \
        {"find the draft of a token",                                          \
         "SELECT letter.number = (SELECT max(number) FROM letter AS other "    \
         "WHERE other.ticket = letter.ticket), ticket.id, told.member, "       \
         "told.address, ticket.category, draft.state "                         \
         "FROM told_draft AS told JOIN draft ON draft.letter = told.letter "   \
         "JOIN letter ON letter.number = told.letter "                         \
         "JOIN ticket ON ticket.number = letter.ticket "                       \
         "WHERE told.token = ?"},                                              \
    [SQL_MESSAGE_ABOUT] = {"what was a message about",                         \
                           "SELECT about FROM message WHERE token = ?"},       \
    [SQL_ANSWER_ADD] =                                                         \
        {"keep a person's answer",                                             \
         "INSERT INTO told_answer (what, why, member, case_id, sender, mail, " \
         "at) VALUES (?, ?, ?, ?, ?, ?, ?)"},                                  \
    [SQL_ANSWERS] =                                                            \
        {"list people's answers",                                              \
         "SELECT number, what, why, member, case_id, sender, mail, seen_by, "  \
         "at, seen FROM told_answer WHERE ?1 OR (seen IS NULL "                \
         "AND what IN ('message', 'refused')) "                                \
         "ORDER BY number DESC LIMIT 1000"},                                   \
    [SQL_ANSWER_SEEN] = {"note who looked at an answer",                       \
                         "UPDATE told_answer SET seen = ?2, seen_by = ?3 "     \
                         "WHERE number = ?1 AND seen IS NULL "                 \
                         "AND what IN ('message', 'refused')"},                \
    [SQL_RECORD_HEAD] = {"read the record's head",                             \
                         "SELECT sequence, hash FROM record WHERE sequence = " \
                         "(SELECT max(sequence) FROM record)"},                \
    [SQL_MESSAGES_HELD] = {                                                    \
        "list people whose newest message is held",                            \
        "SELECT about, recipient, last_reply, queued FROM message WHERE "      \
        "state = 'held' AND number IN (SELECT max(number) FROM message "       \
        "GROUP BY recipient) ORDER BY queued DESC LIMIT 200"}
