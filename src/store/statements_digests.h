/*
 * statements_digests.h - the statements of digests.c: their names for the
 * list in statements.h, their texts for the table in statements.c.
 */
#pragma once

/* The template's name, whatever country and language (DIGEST_TEMPLATE). */
#define IS_DIGEST "letter.template LIKE '%/reporters-digest.%' "

#define SQL_OF_DIGESTS                                                         \
    SQL_DIGEST_WAIT, SQL_DIGEST_DROP, SQL_DIGEST_GROUPS, SQL_DIGEST_IDS,       \
        SQL_DIGEST_OF_CASE, SQL_DIGEST_LETTER_LAST, SQL_DIGEST_OPEN,           \
        SQL_DIGEST_BEHIND, SQL_DIGEST_ADD, SQL_DIGEST_ANSWERS,                 \
        SQL_DIGEST_LED_BY, SQL_DIGEST_FOLLOWERS, SQL_DIGEST_DECIDE,            \
        SQL_DIGEST_SIGNATURES, SQL_DIGEST_QUOTES

#define SQL_TEXTS_OF_DIGESTS                                                   \
    [SQL_DIGEST_WAIT] =                                                        \
        {"let a case wait for the digest",                                     \
         "INSERT INTO digest_waiting (ticket, profile, member, since) "        \
         "SELECT number, profile, member, ? FROM ticket WHERE number = ? "     \
         "AND profile IS NOT NULL AND member IS NOT NULL"},                    \
    [SQL_DIGEST_DROP] = {"take a case out of the wait for the digest",         \
                         "DELETE FROM digest_waiting WHERE ticket = "          \
                         "(SELECT number FROM ticket WHERE id = ?)"},          \
    [SQL_DIGEST_GROUPS] =                                                      \
        {"list for whom cases wait for a digest",                              \
         "SELECT profile, member, count(*) FROM digest_waiting "               \
         "WHERE ?1 IS NULL OR profile = ?1 "                                   \
         "GROUP BY profile, member ORDER BY min(ticket) LIMIT 1000"},          \
    [SQL_DIGEST_IDS] =                                                         \
        {"list cases that wait for a digest",                                  \
         "SELECT ticket.id FROM digest_waiting "                               \
         "JOIN ticket ON ticket.number = digest_waiting.ticket "               \
         "WHERE digest_waiting.profile = ? AND digest_waiting.member = ? "     \
         "ORDER BY digest_waiting.ticket LIMIT ?"},                            \
    [SQL_DIGEST_OF_CASE] =                                                     \
        {"does a case wait for a digest",                                      \
         "SELECT digest_waiting.profile, digest_waiting.member "               \
         "FROM digest_waiting "                                                \
         "JOIN ticket ON ticket.number = digest_waiting.ticket "               \
         "WHERE ticket.id = ?"},                                               \
    [SQL_DIGEST_LETTER_LAST] = {"when was the last letter to a reporter",      \
                                "SELECT max(slot) * 300 FROM letter_count "    \
                                "WHERE scope = 'reporter' AND name = ?"},      \
    [SQL_DIGEST_OPEN] =                                                        \
        {"does a digest wait for a yes",                                       \
         "SELECT ticket.id FROM draft "                                        \
         "JOIN letter ON letter.number = draft.letter "                        \
         "JOIN ticket ON ticket.number = letter.ticket "                       \
         "WHERE draft.state = 'waiting' AND ticket.profile = ? "               \
         "AND ticket.member = ? AND EXISTS (SELECT 1 FROM digest_case "        \
         "WHERE digest_case.first = ticket.number) LIMIT 1"},                  \
    [SQL_DIGEST_BEHIND] =                                                      \
        {"does anything wait for a digest",                                    \
         "SELECT count(*) FROM digest_waiting "                                \
         "JOIN ticket ON ticket.number = digest_waiting.ticket "               \
         "WHERE digest_waiting.profile = ? AND digest_waiting.member = ? "     \
         "AND ticket.id <> ?"},                                                \
    [SQL_DIGEST_ADD] =                                                         \
        {"put a case into a digest",                                           \
         "INSERT INTO digest_case (first, ticket) SELECT ?1, number "          \
         "FROM ticket WHERE id = ?2"},                                         \
    [SQL_DIGEST_ANSWERS] =                                                     \
        {"list the cases of a digest",                                         \
         "SELECT ticket.id FROM digest_case "                                  \
         "JOIN ticket ON ticket.number = digest_case.ticket "                  \
         "WHERE digest_case.first = (SELECT number FROM ticket WHERE id = ?) " \
         "ORDER BY digest_case.ticket"},                                       \
    [SQL_DIGEST_LED_BY] =                                                      \
        {"find the digest of a case",                                          \
         "SELECT first.id FROM digest_case "                                   \
         "JOIN ticket ON ticket.number = digest_case.ticket "                  \
         "JOIN ticket AS first ON first.number = digest_case.first "           \
         "WHERE ticket.id = ? ORDER BY digest_case.first DESC LIMIT 1"},       \
    [SQL_DIGEST_FOLLOWERS] =                                                   \
        {"list the other cases of a letter",                                   \
         "SELECT ticket.number, ticket.id, first.id FROM letter "              \
         "JOIN digest_case ON digest_case.first = letter.ticket "              \
         "JOIN ticket ON ticket.number = digest_case.ticket "                  \
         "JOIN ticket AS first ON first.number = letter.ticket "               \
         "WHERE letter.number = ? AND ticket.number <> letter.ticket "         \
         "AND " IS_DIGEST "ORDER BY ticket.number"},                           \
    [SQL_DIGEST_DECIDE] =                                                      \
        {"decide a case for the digest",                                       \
         "UPDATE ticket SET action = ?, rule = ?, why = ?, verdict = ?, "      \
         "decision = ?, matches = ?, changed = ? WHERE id = ? "                \
         "RETURNING number"},                                                  \
    [SQL_DIGEST_SIGNATURES] =                                                  \
        {"note the answered signatures of a digest",                           \
         "INSERT INTO answered_signature (dkim_key, ticket) "                  \
         "SELECT mail.dkim_key, ticket.number FROM letter "                    \
         "JOIN digest_case ON digest_case.first = letter.ticket "              \
         "JOIN ticket ON ticket.number = digest_case.ticket "                  \
         "JOIN mail ON mail.number = ticket.mail "                             \
         "WHERE letter.number = ? AND mail.dkim_key IS NOT NULL "              \
         "AND " IS_DIGEST "ON CONFLICT DO NOTHING"},                           \
    [SQL_DIGEST_QUOTES] = {                                                    \
        "note the answered numbers of a digest",                               \
        "INSERT INTO answered_quote (profile, member, quote, ticket) "         \
        "SELECT ticket.profile, coalesce(ticket.member, ''), ticket.quote, "   \
        "ticket.number FROM letter "                                           \
        "JOIN digest_case ON digest_case.first = letter.ticket "               \
        "JOIN ticket ON ticket.number = digest_case.ticket "                   \
        "WHERE letter.number = ? AND ticket.profile IS NOT NULL "              \
        "AND ticket.quote IS NOT NULL "                                        \
        "AND " IS_DIGEST "ON CONFLICT DO NOTHING"}
