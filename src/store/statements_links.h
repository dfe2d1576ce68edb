/*
 * statements_links.h - the statements of caselinks.c: their names for the list
 * in statements.h, their texts for the table in statements.c.
 */
#pragma once

/* The chain of joined cases from one on; casework.c keeps it without loops. */
#define JOINED_WAY(column)                                                     \
    "WITH RECURSIVE way (number, depth) AS ("                                  \
    "SELECT number, 0 FROM ticket WHERE " column " = ? UNION ALL "             \
    "SELECT ticket.joined, way.depth + 1 FROM way "                            \
    "JOIN ticket ON ticket.number = way.number "                               \
    "WHERE ticket.joined IS NOT NULL AND way.depth < 1000) "

/* clang-format off */
#define SQL_OF_LINKS                                                           \
    SQL_CASE_ROOT, SQL_CASE_ROOT_NUMBER, SQL_CASE_SET_JOINED,                  \
        SQL_CASE_SOONER, SQL_SPLIT_LOOK, SQL_SPLIT_ADD, SQL_SPLIT_MAIL,        \
        SQL_SPLIT_FINDINGS, SQL_SPLIT_FIND, SQL_LINKS_SAME_MAIL,               \
        SQL_LINKS_JOINED, SQL_LINKS_MAILS

#define SQL_TEXTS_OF_LINKS                                                     \
    [SQL_CASE_ROOT] =                                                          \
        {"find the case that another was joined to",                           \
         JOINED_WAY("id") "SELECT ticket.id FROM way JOIN ticket "             \
         "ON ticket.number = way.number ORDER BY way.depth DESC LIMIT 1"},     \
    [SQL_CASE_ROOT_NUMBER] =                                                   \
        {"find the ticket that another was joined to",                         \
         JOINED_WAY("number") "SELECT number FROM way "                        \
         "ORDER BY depth DESC LIMIT 1"},                                       \
    [SQL_CASE_SET_JOINED] =                                                    \
        {"join a case to another",                                             \
         "UPDATE ticket SET joined = ? WHERE number = ?"},                     \
    [SQL_CASE_SOONER] =                                                        \
        {"keep the earlier deadline",                                          \
         "UPDATE ticket SET due = ?1 WHERE number = ?2 "                       \
         "AND state IN ('triage', 'drafted') "                                 \
         "AND (due IS NULL OR due > ?1)"},                                     \
    [SQL_SPLIT_LOOK] =                                                         \
        {"may a mail be split off",                                            \
         "SELECT mail.joined, parent.number, "                                 \
         "(SELECT id FROM ticket WHERE mail = mail.number LIMIT 1), "          \
         "EXISTS (SELECT 1 FROM letter_return WHERE mail = ?2), "              \
         "EXISTS (SELECT 1 FROM mail AS older "                                \
         "WHERE older.mail_key = mail.mail_key "                               \
         "AND older.number < mail.number) FROM mail "                          \
         "LEFT JOIN ticket AS parent ON parent.id = mail.joined "              \
         "WHERE mail.number = ?1"},                                            \
    [SQL_SPLIT_ADD] =                                                          \
        {"note that a mail is split off",                                      \
         "INSERT INTO mail_split (mail, parent, at, who, login, findings) "    \
         "VALUES (?1, ?2, ?3, ?4, ?5, "                                        \
         "(SELECT findings FROM mail_findings WHERE mail = ?1))"},             \
    [SQL_SPLIT_MAIL] =                                                         \
        {"receive a mail anew",                                                \
         "UPDATE mail SET state = 'received', joined = NULL, "                 \
         "disposition = NULL, mail_key = NULL, dkim_key = NULL, "              \
         "decided = NULL, attempts = 0 "                                       \
         "WHERE number = ? AND state = 'decided'"},                            \
    [SQL_SPLIT_FINDINGS] = {"forget what was read in a mail",                  \
                            "DELETE FROM mail_findings WHERE mail = ?"},       \
    [SQL_SPLIT_FIND] =                                                         \
        {"was a mail split off",                                               \
         "SELECT ticket.id, mail_split.at, mail_split.who FROM mail_split "    \
         "JOIN ticket ON ticket.number = mail_split.parent "                   \
         "WHERE mail_split.mail = ?"},                                         \
    [SQL_LINKS_SAME_MAIL] =                                                    \
        {"list the other cases of a case's mail",                              \
         "SELECT other.id FROM ticket JOIN ticket AS other "                   \
         "ON other.mail = ticket.mail AND other.number <> ticket.number "      \
         "WHERE ticket.id = ? ORDER BY other.number LIMIT 1000"},              \
    [SQL_LINKS_JOINED] =                                                       \
        {"list the cases joined to a case",                                    \
         "SELECT other.id FROM ticket JOIN ticket AS other "                   \
         "ON other.joined = ticket.number WHERE ticket.id = ? "                \
         "ORDER BY other.number LIMIT 1000"},                                  \
    [SQL_LINKS_MAILS] =                                                        \
        {"list the later mails of a case",                                     \
         "SELECT number, salt FROM mail WHERE joined = ? "                     \
         "ORDER BY number LIMIT 1000"}
/* clang-format on */
