/*
 * statements_casework.h - the statements of casework.c and caseform.c: their
 * names for the list in statements.h, their texts for the table in
 * statements.c.
 */
#pragma once

/* clang-format off */
#define SQL_OF_CASEWORK                                                        \
    SQL_CASE_STANDING, SQL_CASE_ACT_ADD, SQL_CASE_ACT_LAST, SQL_CASE_NOTED,    \
        SQL_CASE_ASSIGN, SQL_CASE_QUEUED, SQL_CASE_ALERT,                      \
        SQL_CASE_STOP_DRAFTS, SQL_CASE_STOP_HELD, SQL_CASE_DIGEST, SQL_FORM_ADD,                \
        SQL_FORM_FIND, SQL_FORM_DONE

#define SQL_TEXTS_OF_CASEWORK                                                  \
    [SQL_CASE_STANDING] =                                                      \
        {"where does a case stand",                                            \
         "SELECT ticket.number, ticket.state, ticket.member, ticket.assigned, "\
         "ticket.changed, ticket.due, parent.id FROM ticket "                  \
         "LEFT JOIN ticket AS parent ON parent.number = ticket.joined "        \
         "WHERE ticket.id = ?"},                                               \
    [SQL_CASE_ACT_ADD] =                                                       \
        {"note who did what with a case",                                      \
         "INSERT INTO case_act (ticket, act, at, who, login) "                 \
         "VALUES (?, ?, ?, ?, ?)"},                                            \
    [SQL_CASE_ACT_LAST] =                                                      \
        {"who did that with a case last",                                      \
         "SELECT at, who FROM case_act WHERE ticket = ? AND act = ? "          \
         "ORDER BY number DESC LIMIT 1"},                                      \
    [SQL_CASE_NOTED] =                                                         \
        {"is a note there already",                                            \
         "SELECT at FROM record WHERE about = ? AND kind = 'note' "            \
         "AND what = ? ORDER BY number DESC LIMIT 1"},                         \
    [SQL_CASE_ASSIGN] = {"give a case to a person",                            \
                         "UPDATE ticket SET assigned = ? WHERE number = ?"},   \
    [SQL_CASE_QUEUED] =                                                        \
        {"is a letter of a case on its way",                                   \
         "SELECT state, next_at FROM outbox WHERE ticket = ? "                 \
         "AND state IN ('waiting', 'retry', 'sending') LIMIT 1"},              \
    [SQL_CASE_ALERT] =                                                         \
        {"does the alert of a case wait",                                      \
         "SELECT kind FROM alert WHERE ticket = ? AND taken IS NULL"},         \
    [SQL_CASE_STOP_DRAFTS] =                                                   \
        {"stop the drafts of a case",                                          \
         "UPDATE draft SET state = 'stopped', decided = ?, decided_by = ?, "   \
         "note = ? WHERE state IN ('waiting', 'approved') AND letter IN "      \
         "(SELECT number FROM letter WHERE ticket = ?) AND NOT EXISTS "        \
         "(SELECT 1 FROM outbox WHERE outbox.letter = draft.letter "           \
         "AND outbox.state <> 'held')"},                                       \
    [SQL_CASE_STOP_HELD] =                                                     \
        {"stop the held letters of a case",                                    \
         "UPDATE outbox SET state = 'stopped' "                                \
         "WHERE ticket = ? AND state = 'held'"},                               \
    [SQL_CASE_DIGEST] =                                                        \
        {"is a case answered with others",                                     \
         "SELECT first.id FROM digest_case "                                   \
         "JOIN ticket AS first ON first.number = digest_case.first "           \
         "JOIN letter ON letter.ticket = digest_case.first "                   \
         "JOIN draft ON draft.letter = letter.number "                         \
         "LEFT JOIN outbox ON outbox.letter = letter.number "                  \
         "WHERE digest_case.ticket = ? AND " IS_DIGEST                         \
         "AND (draft.state = 'waiting' "                                       \
         "OR outbox.state IN ('waiting', 'retry', 'sending')) LIMIT 1"},       \
    [SQL_FORM_ADD] = {"keep a task of a web form",                             \
                      "INSERT INTO form_task (ticket, form) VALUES (?, ?)"},   \
    [SQL_FORM_FIND] =                                                          \
        {"find the task of a web form",                                        \
         "SELECT form_task.form, form_task.done, "                             \
         "coalesce(letter.number, 0), draft.state, letter.recipient, "         \
         "letter.body FROM form_task "                                         \
         "LEFT JOIN letter ON letter.ticket = form_task.ticket "               \
         "LEFT JOIN draft ON draft.letter = letter.number "                    \
         "WHERE form_task.ticket = ? ORDER BY letter.number DESC LIMIT 1"},    \
    [SQL_FORM_DONE] = {"note that a web form is filled in",                    \
                       "UPDATE form_task SET done = ?, letter = ? "            \
                       "WHERE ticket = ? AND done IS NULL"}
/* clang-format on */
