/*
 * Every statement the program knows. All are prepared when the store opens;
 * one that does not fit the schema stops the program there, by its name.
 *
 * To add one: a name in statements.h, a row here, its values and columns in
 * this order where it is used. Lists are bounded. A partial index is used
 * only where its condition is repeated word by word.
 */
#include "store/statements.h"

#include <glib.h>

#define WAITING_LETTER "state IN ('waiting', 'retry')"
#define NOT_PAUSED     "NOT EXISTS (SELECT 1 FROM pause)"

#define DRAFT_COLUMNS                                                          \
    "SELECT ticket.id, ticket.member, draft.state, letter.recipient, "         \
    "letter.subject, letter.body, letter.template, "                           \
    "letter.template_version, letter.claims, letter.bytes, letter.made, "      \
    "draft.decided, draft.send_at, draft.decided_by, draft.note, "             \
    "draft.version, draft.changed_by, draft.change, draft.source, "            \
    "draft.checked_by, (SELECT old.version FROM draft AS old "                 \
    "WHERE old.letter = draft.replaces) "                                      \
    "FROM draft JOIN letter ON letter.number = draft.letter "                  \
    "JOIN ticket ON ticket.number = letter.ticket "

#define OUTBOX_COLUMNS                                                         \
    "SELECT outbox.number, ticket.id, ticket.member, ticket.category, "        \
    "outbox.automatic, letter.envelope_from, letter.recipient, "               \
    "letter.message_id, outbox.state, letter.bytes, outbox.attempts, "         \
    "outbox.unknown_times, outbox.queued, outbox.next_at, outbox.sent, "       \
    "outbox.last_reply "                                                       \
    "FROM outbox JOIN letter ON letter.number = outbox.letter "                \
    "JOIN ticket ON ticket.number = outbox.ticket "

#define MOVED_COLUMNS                                                          \
    "SELECT outbox.number, outbox.letter, outbox.ticket, "                     \
    "outbox.unknown_times, ticket.id, outbox.state, letter.recipient, "        \
    "outbox.dot_sent "                                                         \
    "FROM outbox JOIN letter ON letter.number = outbox.letter "                \
    "JOIN ticket ON ticket.number = outbox.ticket "

#define MESSAGE_COLUMNS                                                        \
    "SELECT number, about, state, recipient, dot_sent, unknown_times "         \
    "FROM message "

#define ALERT_COLUMNS                                                          \
    "SELECT alert.number, ticket.id, alert.kind, alert.language, alert.page, " \
    "alert.made, alert.told, alert.told_last, alert.rounds, alert.taken, "     \
    "alert.taken_by, alert.login, alert.note FROM alert "                      \
    "JOIN ticket ON ticket.number = alert.ticket "

#define WAITS_FOR_PERSON "(ticket.state IN ('triage', 'drafted'))"

#define CASE_FORM                                                              \
    "(SELECT form FROM form_task WHERE form_task.ticket = ticket.number "      \
    "AND form_task.done IS NULL)"
#define CASE_PARENT                                                            \
    "(SELECT parent.id FROM ticket AS parent "                                 \
    "WHERE parent.number = ticket.joined)"
#define CASE_COLUMNS                                                           \
    "SELECT mail.number, mail.salt, ticket.id, ticket.member, "                \
    "ticket.category, ticket.state, ticket.action, ticket.rule, ticket.why, "  \
    "ticket.verdict, ticket.reporter, ticket.subject, ticket.received, "       \
    "ticket.due, ticket.changed, ticket.assigned, " CASE_FORM ", " CASE_PARENT \
    " "
#define CASE_FULL_COLUMNS                                                      \
    CASE_COLUMNS ", ticket.decision, mail_findings.findings, ticket.matches "
#define CASE_TABLES "FROM ticket JOIN mail ON mail.number = ticket.mail "

#define CASE_FILTER                                                            \
    "AND (?2 IS NULL OR ticket.member = ?2) "                                  \
    "AND (?3 IS NULL OR ticket.state = ?3) "                                   \
    "AND (?4 IS NULL OR ticket.reporter = ?4) "                                \
    "AND ticket.received BETWEEN ?5 AND ?6 "                                   \
    "AND (?7 IS NULL OR lower(ticket.assigned) = lower(?7)) "                  \
    "ORDER BY ticket.number DESC LIMIT ?8"

#define RECORD_COLUMNS                                                         \
    "r.sequence, r.about, r.number, r.at, r.kind, r.salt, r.what, r.detail, "  \
    "r.hash "

static const struct {
    const char *name, *text;
} STATEMENTS[SQL_COUNT] = {
    [SQL_BEGIN] = {"begin", "BEGIN IMMEDIATE"},
    [SQL_BEGIN_READING] = {"begin reading", "BEGIN"},
    [SQL_COMMIT] = {"commit", "COMMIT"},
    [SQL_ROLLBACK] = {"roll back", "ROLLBACK"},
    [SQL_SAVEPOINT] = {"begin a part", "SAVEPOINT part"},
    [SQL_RELEASE] = {"end a part", "RELEASE part"},
    [SQL_ROLLBACK_TO] = {"undo a part", "ROLLBACK TO part"},

    [SQL_MAIL_ADD] =
        {"accept a mail",
         "INSERT INTO mail (salt, delivery_key, state, way, envelope_from, "
         "recipients, received) VALUES (?, ?, 'received', ?, ?, ?, ?) "
         "RETURNING number"},
    [SQL_MAIL_ADD_BYTES] =
        {"keep the bytes of a mail",
         "INSERT INTO mail_bytes (mail, bytes) VALUES (?, ?)"},
    [SQL_MAIL_KNOWN] =
        {"look at a mail that may be the same",
         "SELECT salt, delivery_key, recipients FROM mail WHERE number = ?"},
    [SQL_MAIL_SET_RECIPIENTS] =
        {"add recipients to a mail",
         "UPDATE mail SET recipients = ? WHERE number = ?"},
    [SQL_MAIL_FIND] =
        {"find a mail",
         "SELECT state, received, attempts, delivery_key FROM mail "
         "WHERE number = ? AND salt = ?"},
    [SQL_MAIL_DELIVERY] =
        {"read a mail",
         "SELECT envelope_from, way, recipients, bytes FROM mail "
         "JOIN mail_bytes ON mail = number WHERE number = ?"},
    [SQL_MAIL_UNDECIDED] =
        {"list undecided mails",
         "SELECT number, salt FROM mail WHERE state = 'received' "
         "ORDER BY number LIMIT ?"},
    [SQL_MAIL_BETWEEN] =
        {"list mails of a time",
         "SELECT number, salt FROM mail WHERE received >= ? AND received < ? "
         "ORDER BY number"},
    [SQL_MAIL_ATTEMPT] = {"begin to read a mail",
                          "UPDATE mail SET attempts = attempts + 1 "
                          "WHERE number = ? AND state = 'received'"},
    [SQL_SEEN] =
        {"load the keys of the last mails",
         "SELECT number, delivery_key FROM mail WHERE number > "
         "(SELECT coalesce(max(number), 0) FROM mail) - ? ORDER BY number"},

    [SQL_MAIL_DECIDE] =
        {"mark a mail as decided",
         "UPDATE mail SET state = ?, disposition = ?, mail_key = ?, "
         "dkim_key = ?, joined = ?, decided = ? "
         "WHERE number = ? AND state = 'received'"},
    [SQL_FINDINGS_ADD] =
        {"keep what was read in a mail",
         "INSERT INTO mail_findings (mail, findings) VALUES (?, ?)"},
    [SQL_TICKET_LAST_SERIAL] =
        {"find the last case of a year",
         "SELECT coalesce(max(serial), 0) FROM ticket WHERE year = ?"},
    [SQL_TICKET_ADD] =
        {"file a case",
         "INSERT INTO ticket (year, serial, id, mail, member, state, "
         "category, verdict, action, rule, why, reporter, subject, received, "
         "due, changed, decision, matches) "
         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
         "RETURNING number"},
    [SQL_TICKET_NUMBER] = {"find a case by its id",
                           "SELECT number FROM ticket WHERE id = ?"},
    [SQL_ADDRESS_ADD] =
        {"file a cited address",
         "INSERT INTO cited_address (address, ticket) VALUES (?, ?) "
         "ON CONFLICT DO NOTHING"},
    [SQL_CASE_BY_MAIL_KEY] =
        {"find the case of the same mail",
         "SELECT coalesce(mail.joined, ticket.id) FROM mail "
         "LEFT JOIN ticket ON ticket.mail = mail.number "
         "WHERE mail.mail_key = ? AND mail.received >= ? "
         "AND coalesce(mail.joined, ticket.id) IS NOT NULL "
         "ORDER BY mail.number, ticket.number LIMIT 1"},
    [SQL_CASE_BY_MESSAGE_ID] =
        {"find the case of a letter",
         "SELECT ticket.id FROM letter JOIN ticket "
         "ON ticket.number = letter.ticket WHERE letter.message_id = ?"},
    [SQL_CASE_BY_TOKEN] =
        {"find the case of a return path",
         "SELECT ticket.id FROM letter JOIN ticket "
         "ON ticket.number = letter.ticket WHERE letter.token = ?"},

    [SQL_TICKET_STATE] = {"read the state of a case",
                          "SELECT state FROM ticket WHERE number = ?"},
    [SQL_TICKET_MOVE] =
        {"move a case",
         "UPDATE ticket SET state = ?, changed = ? WHERE number = ?"},
    [SQL_LETTER_ADD] =
        {"keep a letter",
         "INSERT INTO letter (ticket, made, envelope_from, recipient, "
         "message_id, token, subject, body, template, template_version, "
         "claims, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
         "RETURNING number"},
    [SQL_DRAFT_ADD] =
        {"keep a draft",
         "INSERT INTO draft (letter, state, decided, decided_by, send_at, "
         "version) VALUES (?1, ?2, ?3, ?4, ?5, (SELECT 1 + count(*) "
         "FROM letter AS mine JOIN letter AS other "
         "ON other.ticket = mine.ticket "
         "WHERE mine.number = ?1 AND other.number < ?1))"},
    [SQL_SIGNATURE_ADD] =
        {"note an answered signature",
         "INSERT INTO answered_signature (dkim_key, ticket) "
         "SELECT mail.dkim_key, ticket.number FROM ticket "
         "JOIN mail ON mail.number = ticket.mail WHERE ticket.number = ? "
         "AND mail.dkim_key IS NOT NULL ON CONFLICT DO NOTHING"},
    [SQL_OUTBOX_ADD] =
        {"queue a letter",
         "INSERT INTO outbox (letter, ticket, automatic, state, queued, "
         "next_at) VALUES (?, ?, ?, 'waiting', ?, ?)"},

    [SQL_COUNT_ADD] = {"count a letter",
                       "INSERT INTO letter_count (scope, name, slot, letters) "
                       "VALUES (?, ?, ?, 1) "
                       "ON CONFLICT DO UPDATE SET letters = letters + 1"},
    [SQL_COUNT_ADD_TEMPLATE] =
        {"count a letter of a template",
         "INSERT INTO letter_count (scope, name, slot, letters) "
         "SELECT 'template', template, 0, 1 FROM letter WHERE number = ? "
         "ON CONFLICT DO UPDATE SET letters = letters + 1"},
    [SQL_DOMAIN_MEET] =
        {"note a domain",
         "INSERT INTO domain_seen (domain, since) VALUES (?, ?) "
         "ON CONFLICT DO UPDATE SET since = min(since, excluded.since)"},
    [SQL_DOMAIN_SINCE] = {"how long is a domain known",
                          "SELECT since FROM domain_seen WHERE domain = ?"},
    [SQL_COUNT_SINCE] = {"count letters",
                         "SELECT coalesce(sum(letters), 0) FROM letter_count "
                         "WHERE scope = ? AND name = ? AND slot >= ?"},
    [SQL_COUNT_BY_SLOT] = {"count letters by time",
                           "SELECT slot, letters FROM letter_count "
                           "WHERE scope = 'all' AND name = '' AND slot >= ?"},
    [SQL_BREAKER] = {"look at the breaker",
                     "SELECT opened, why, closed, coalesce(after_letter, 0) "
                     "FROM breaker ORDER BY number DESC LIMIT 1"},
    [SQL_BREAKER_OPEN] = {"open the breaker",
                          "INSERT INTO breaker (opened, why) VALUES (?, ?)"},
    [SQL_BREAKER_CLOSE] =
        {"close the breaker",
         "UPDATE breaker SET closed = ?, closed_by = ?, note = ?, "
         "after_letter = (SELECT coalesce(max(number), 0) FROM outbox) "
         "WHERE closed IS NULL"},
    [SQL_BREAKER_FAILED] =
        {"count letters that did not arrive",
         "SELECT count(*) FROM (SELECT state FROM outbox "
         "WHERE state IN ('sent', 'failed') AND number > ? "
         "ORDER BY number DESC LIMIT ?) WHERE state = 'failed'"},
    [SQL_BREAKER_NEWER] =
        {"count letters since the breaker was closed",
         "SELECT count(*) FROM outbox WHERE automatic AND number > ?"},
    [SQL_PROBE_ADD] = {"note a probe",
                       "INSERT INTO probe (token, sent) VALUES (?, ?)"},
    [SQL_PROBE_CAME] = {"note that a probe came",
                        "UPDATE probe SET came = ?, answer = ? "
                        "WHERE token = ? AND came IS NULL"},
    [SQL_PROBE_EXISTS] = {"know a probe again",
                          "SELECT 1 FROM probe WHERE token = ?"},
    /* By rowid: in the order of sending, whatever the clock did. */
    [SQL_PROBE_LOSE] = {"give up a probe",
                        "UPDATE probe SET answer = 'lost' WHERE came IS NULL "
                        "AND answer IS NULL AND sent < ?"},
    [SQL_PROBE_SENT_LAST] = {"find the last probe",
                             "SELECT sent, came FROM probe "
                             "ORDER BY rowid DESC LIMIT 1"},
    [SQL_PROBE_CAME_LAST] =
        {"find the last probe that came",
         "SELECT came, answer FROM probe WHERE came IS NOT NULL "
         "ORDER BY rowid DESC LIMIT 1"},
    [SQL_SUPPRESS] =
        {"silence an address",
         "INSERT INTO suppression (address, until, why) VALUES (?, ?, ?) "
         "ON CONFLICT DO UPDATE SET until = max(until, excluded.until), "
         "why = excluded.why"},
    [SQL_IS_SUPPRESSED] =
        {"is an address silenced",
         "SELECT count(*) FROM suppression WHERE address = ? AND until >= ?"},
    [SQL_CASE_LETTERS] = {"count the letters of a case",
                          "SELECT count(*) FROM outbox WHERE ticket IN "
                          "(SELECT number FROM ticket WHERE id = ?1 "
                          "UNION SELECT first FROM digest_case WHERE ticket = "
                          "(SELECT number FROM ticket WHERE id = ?1))"},
    [SQL_SIGNATURE_SEEN] =
        {"was a signature answered",
         "SELECT count(*) FROM answered_signature WHERE dkim_key = ?"},

    [SQL_TICKET_REPORTER] =
        {"note the reporter of a case",
         "UPDATE ticket SET profile = ?, quote = ? WHERE number = ?"},
    /* 300: the slots of counts.c */
    [SQL_REPORTER_COUNT] =
        {"count a letter to a reporter",
         "INSERT INTO letter_count (scope, name, slot, letters) "
         "SELECT 'reporter', profile || '/' || coalesce(member, ''), ? / 300, "
         "1 FROM ticket WHERE number = ? AND profile IS NOT NULL "
         "ON CONFLICT DO UPDATE SET letters = letters + 1"},
    [SQL_QUOTE_ADD] =
        {"note an answered number of a reporter",
         "INSERT INTO answered_quote (profile, member, quote, ticket) "
         "SELECT profile, coalesce(member, ''), quote, number FROM ticket "
         "WHERE number = ? AND profile IS NOT NULL AND quote IS NOT NULL "
         "ON CONFLICT DO NOTHING"},
    /* Not by the digest that answers this case, too. */
    [SQL_QUOTE_SEEN] = {"was a number of a reporter answered",
                        "SELECT count(*) FROM answered_quote "
                        "JOIN ticket ON ticket.number = answered_quote.ticket "
                        "WHERE answered_quote.profile = ?1 "
                        "AND answered_quote.member = ?2 "
                        "AND answered_quote.quote = ?3 AND ticket.id <> ?4 "
                        "AND NOT EXISTS (SELECT 1 FROM digest_case AS one "
                        "JOIN digest_case AS other ON other.first = one.first "
                        "JOIN ticket AS mine ON mine.number = other.ticket "
                        "WHERE one.ticket = ticket.number AND mine.id = ?4)"},
    [SQL_APPROVAL_ADD] =
        {"approve a profile",
         "INSERT INTO profile_approval (profile, sha256, person, name, login, "
         "at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"},
    [SQL_APPROVALS] = {"list the approvals of a profile",
                       "SELECT name, login, at FROM profile_approval "
                       "WHERE profile = ? AND sha256 = ? ORDER BY at, person"},

    [SQL_DRAFTS] = {"list drafts",
                    DRAFT_COLUMNS "WHERE (?1 IS NULL OR ticket.member = ?1) "
                                  "AND (draft.state = ?2 OR (?2 IS NULL "
                                  "AND draft.state <> 'replaced')) "
                                  "ORDER BY draft.letter LIMIT 10000"},
    [SQL_DRAFTS_WAITING] = {"list waiting drafts", DRAFT_COLUMNS
                            "WHERE draft.state = 'waiting' "
                            "AND (?1 IS NULL OR ticket.member = ?1) "
                            "ORDER BY draft.letter LIMIT 10000"},
    [SQL_DRAFT_OF_CASE] = {"read the draft of a case",
                           DRAFT_COLUMNS "WHERE ticket.id = ? "
                                         "ORDER BY draft.letter DESC LIMIT 1"},
    [SQL_DRAFT_STANDING] =
        {"where does a draft stand",
         "SELECT letter.number, letter.ticket, draft.state, "
         "draft.decided_by, draft.decided, letter.recipient, "
         "coalesce(outbox.number, 0), outbox.state, outbox.sent, "
         "draft.version, draft.changed_by "
         "FROM ticket JOIN letter ON letter.ticket = ticket.number "
         "JOIN draft ON draft.letter = letter.number "
         "LEFT JOIN outbox ON outbox.letter = letter.number "
         "WHERE ticket.id = ? ORDER BY letter.number DESC LIMIT 1"},
    [SQL_DRAFT_DECIDE] =
        {"decide a draft",
         "UPDATE draft SET state = ?, decided = ?, decided_by = ?, note = ?, "
         "send_at = ? WHERE letter = ?"},
    [SQL_DRAFT_SENT] = {"mark a draft as sent",
                        "UPDATE draft SET state = 'sent' WHERE letter = ?"},
    SQL_TEXTS_OF_VERSIONS,
    SQL_TEXTS_OF_DIGESTS,
    [SQL_OUTBOX_STOP] = {"stop a letter",
                         "UPDATE outbox SET state = 'stopped' "
                         "WHERE number = ? AND " WAITING_LETTER},
    [SQL_PAUSE] = {"is sending paused", "SELECT since, who, why FROM pause"},
    [SQL_PAUSE_SET] =
        {"pause sending",
         "INSERT INTO pause (only_row, since, who, why) VALUES (1, ?, ?, ?) "
         "ON CONFLICT DO UPDATE SET since = excluded.since, "
         "who = excluded.who, why = excluded.why"},
    [SQL_PAUSE_CLEAR] = {"resume sending", "DELETE FROM pause"},

    [SQL_OUTBOX_DUE] = {"list due letters", OUTBOX_COLUMNS
                        "WHERE outbox." WAITING_LETTER
                        " AND outbox.next_at <= ? AND " NOT_PAUSED
                        " ORDER BY outbox.next_at, outbox.number LIMIT ?"},
    [SQL_OUTBOX] = {"list the outbox",
                    OUTBOX_COLUMNS "WHERE (?1 IS NULL OR outbox.state = ?1) "
                                   "ORDER BY outbox.number LIMIT 10000"},
    [SQL_OUTBOX_NEXT] = {"when is a letter due",
                         "SELECT min(next_at) FROM outbox "
                         "WHERE " WAITING_LETTER " AND " NOT_PAUSED},
    [SQL_OUTBOX_ROW] = {"read a letter on its way",
                        MOVED_COLUMNS "WHERE outbox.number = ?"},
    [SQL_RETURN_LETTER] =
        {"find the letter that came back",
         "SELECT outbox.number, ticket.number, ticket.id, outbox.state, "
         "letter.recipient, coalesce(outbox.sent, outbox.queued), "
         "outbox.sent IS NOT NULL OR outbox.dot_sent OR "
         "outbox.unknown_times > 0, letter.number "
         "FROM letter JOIN outbox ON outbox.letter = letter.number "
         "JOIN ticket ON ticket.number = letter.ticket "
         "WHERE letter.token = ?1 OR letter.message_id = ?2 LIMIT 1"},
    [SQL_RETURN_SAID] =
        {"was it said before",
         "SELECT count(*) FROM letter_return WHERE outbox = ? AND kind = ? "
         "AND status IS ? AND fate = 'taken'"},
    [SQL_RETURN_ADD] = {"note what came back",
                        "INSERT INTO letter_return (outbox, mail, at, kind, "
                        "status, fate) VALUES (?, ?, ?, ?, ?, ?)"},
    [SQL_RETURN_FAILED] =
        {"count letters that came back",
         "SELECT count(DISTINCT outbox) FROM letter_return "
         "JOIN outbox ON outbox.number = letter_return.outbox "
         "JOIN letter ON letter.number = outbox.letter "
         "WHERE lower(letter.recipient) = lower(?) AND kind = 'failed' "
         "AND fate = 'taken' AND at >= ?"},
    [SQL_RETURNS_SINCE] = {"count what came back",
                           "SELECT count(*) FROM letter_return "
                           "WHERE fate = ? AND at >= ?"},
    [SQL_REFERENCE_ADD] =
        {"keep the reporter's number",
         "INSERT INTO reporter_reference (ticket, reference, at) "
         "VALUES (?, ?, ?) ON CONFLICT DO NOTHING"},
    [SQL_OUTBOX_INTERRUPTED] = {"find an interrupted letter",
                                MOVED_COLUMNS "WHERE outbox.state = 'sending' "
                                              "ORDER BY outbox.number LIMIT 1"},
    [SQL_OUTBOX_BEGIN] =
        {"begin to send",
         "UPDATE outbox SET state = 'sending', attempts = attempts + 1, "
         "dot_sent = 0 WHERE number = ?1 AND " WAITING_LETTER
         " AND next_at <= ?2 AND " NOT_PAUSED},
    [SQL_OUTBOX_DOT] = {"note the final dot",
                        "UPDATE outbox SET dot_sent = 1 "
                        "WHERE number = ? AND state = 'sending'"},
    [SQL_OUTBOX_SET] =
        {"note the outcome of an attempt",
         "UPDATE outbox SET state = ?1, last_reply = ?2, "
         "sent = coalesce(?3, sent), next_at = coalesce(?4, next_at), "
         "unknown_times = unknown_times + ?5 WHERE number = ?6"},

    [SQL_RECORD_LAST] =
        {"find the end of the record",
         "SELECT sequence, hash FROM record ORDER BY sequence DESC LIMIT 1"},
    [SQL_RECORD_COUNT] =
        {"count the entries of a case",
         "SELECT coalesce(max(number), 0) FROM record WHERE about = ?"},
    [SQL_RECORD_ADD] =
        {"append to the record",
         "INSERT INTO record (sequence, about, number, at, kind, salt, what, "
         "detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    [SQL_RECORD_OF] =
        {"read the record of a case",
         "SELECT coalesce(before.hash, iif(r.sequence = 1, zeroblob(32), "
         "x'')), " RECORD_COLUMNS "FROM record AS r LEFT JOIN record AS before "
         "ON before.sequence = r.sequence - 1 "
         "WHERE r.about = ? ORDER BY r.number"},
    [SQL_RECORD_WALK] = {"walk the record",
                         "SELECT " RECORD_COLUMNS
                         "FROM record AS r ORDER BY r.sequence"},
    [SQL_FACT] = {"read a fact", "SELECT value FROM fact WHERE name = ?"},
    [SQL_FACT_SET] = {"keep a fact",
                      "INSERT INTO fact (name, value) VALUES (?, ?) "
                      "ON CONFLICT DO UPDATE SET value = excluded.value"},

    [SQL_MESSAGE_ADD] =
        {"queue a message",
         "INSERT INTO message (about, envelope_from, recipient, token, bytes, "
         "sha256, state, queued, next_at, urgent, "
         "readers) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'waiting', ?7, ?7, ?8, ?9)"},
    [SQL_MESSAGE_DUE] =
        {"list due messages",
         "SELECT number, about, envelope_from, recipient, state, bytes, "
         "attempts, unknown_times, queued, next_at, urgent, readers "
         "FROM message "
         "WHERE " WAITING_LETTER " AND next_at <= ? AND NOT urgent "
         "AND " NOT_PAUSED " ORDER BY next_at, number LIMIT ?"},
    [SQL_MESSAGE_URGENT] =
        {"list due alerts",
         "SELECT number, about, envelope_from, recipient, state, bytes, "
         "attempts, unknown_times, queued, next_at, urgent, readers "
         "FROM message "
         "WHERE " WAITING_LETTER " AND next_at <= ? AND urgent "
         "ORDER BY next_at, number LIMIT ?"},
    [SQL_MESSAGE_NEXT] = {"when is a message due",
                          "SELECT min(next_at) FROM message "
                          "WHERE " WAITING_LETTER " AND (urgent OR " NOT_PAUSED
                          ")"},
    [SQL_MESSAGE_ROW] = {"read a message on its way",
                         MESSAGE_COLUMNS "WHERE number = ?"},
    [SQL_MESSAGE_BY_TOKEN] = {"find a message by its return path",
                              MESSAGE_COLUMNS "WHERE token = ?"},
    [SQL_MESSAGE_INTERRUPTED] = {"find an interrupted message",
                                 MESSAGE_COLUMNS "WHERE state = 'sending' "
                                                 "ORDER BY number LIMIT 1"},
    [SQL_MESSAGE_BEGIN] =
        {"begin to send a message",
         "UPDATE message SET state = 'sending', attempts = attempts + 1, "
         "dot_sent = 0 WHERE number = ?1 AND " WAITING_LETTER
         " AND next_at <= ?2 AND (urgent OR " NOT_PAUSED ")"},
    [SQL_MESSAGE_DOT] = {"note a message's final dot",
                         "UPDATE message SET dot_sent = 1 "
                         "WHERE number = ? AND state = 'sending'"},
    [SQL_MESSAGE_SET] =
        {"note the outcome of a message",
         "UPDATE message SET state = ?1, last_reply = ?2, "
         "sent = coalesce(?3, sent), next_at = coalesce(?4, next_at), "
         "unknown_times = unknown_times + ?5, "
         "bytes = iif(?1 = 'retry', bytes, NULL) WHERE number = ?6"},
    [SQL_ALERT_ADD] = {"keep an alert",
                       "INSERT INTO alert (ticket, kind, language, page, made) "
                       "VALUES (?, ?, ?, ?, ?)"},
    [SQL_ALERTS] = {"list alerts",
                    ALERT_COLUMNS "ORDER BY alert.number DESC LIMIT ?"},
    [SQL_ALERTS_OPEN] =
        {"list open alerts", ALERT_COLUMNS
         "WHERE alert.taken IS NULL ORDER BY alert.number LIMIT ?"},
    [SQL_ALERTS_FRESH] = {"list alerts that nobody knows of", ALERT_COLUMNS
                          "WHERE alert.taken IS NULL AND alert.told IS NULL "
                          "ORDER BY alert.number LIMIT ?"},
    [SQL_ALERTS_TOLD] = {"list alerts that somebody knows of", ALERT_COLUMNS
                         "WHERE alert.taken IS NULL AND alert.told IS NOT NULL "
                         "ORDER BY alert.number LIMIT ?"},
    [SQL_ALERT_NUMBERS] =
        {"count open alerts",
         "SELECT count(*) FILTER (WHERE told IS NULL), "
         "count(*) FILTER (WHERE told IS NOT NULL), min(told_last), "
         "max(rounds), (SELECT max(told) FROM alert WHERE alone = 0) "
         "FROM alert WHERE taken IS NULL"},
    [SQL_ALERTS_ALONE] = {"count alerts with a mail of their own",
                          "SELECT count(*) FROM alert "
                          "WHERE kind = ? AND alone = 1 AND told > ?"},
    [SQL_ALERT_TOLD_ALONE] =
        {"note who knows of an alert",
         "UPDATE alert SET told = ?1, told_last = ?1, alone = 1, rounds = 1 "
         "WHERE number = ?2"},
    [SQL_ALERT_TOLD_LIST] =
        {"note who knows of new alerts",
         "UPDATE alert SET told = ?1, told_last = ?1, rounds = 1 "
         "WHERE taken IS NULL AND told IS NULL"},
    [SQL_ALERT_TOLD_AGAIN] =
        {"note who knows of alerts again",
         "UPDATE alert SET told_last = ?1, rounds = rounds + 1 "
         "WHERE taken IS NULL AND told IS NOT NULL"},
    [SQL_ALERT_MAIL_ADD] =
        {"keep whose a message about an alert is",
         "INSERT INTO alert_mail (token, alert) VALUES (?, ?)"},
    [SQL_CASE_OF_ALERT] = {"find the case of an alert's message",
                           "SELECT ticket.id FROM alert_mail "
                           "JOIN alert ON alert.number = alert_mail.alert "
                           "JOIN ticket ON ticket.number = alert.ticket "
                           "WHERE alert_mail.token = ?"},
    [SQL_ALERT_OF_CASE] = {"find the alert of a case",
                           ALERT_COLUMNS "WHERE ticket.id = ?"},
    [SQL_ALERT_TAKE] =
        {"take an alert on",
         "UPDATE alert SET taken = ?, taken_by = ?, login = ?, note = ? "
         "WHERE number = ? AND taken IS NULL"},
    [SQL_ALARM_SET] = {"keep when half of the time is over",
                       "UPDATE ticket SET alarm = ? WHERE number = ?"},
    [SQL_ALARMS_DUE] =
        {"list cases of whose time half is over",
         "SELECT number, id, member, category, state, received, due "
         "FROM ticket WHERE alarm <= ? AND " WAITS_FOR_PERSON
         " AND NOT EXISTS (SELECT 1 FROM alert WHERE alert.ticket = "
         "ticket.number) ORDER BY alarm, number LIMIT ?"},
    [SQL_ALARM_CLEAR] = {"take away when half of the time is over",
                         "UPDATE ticket SET alarm = NULL "
                         "WHERE number = ? AND alarm IS NOT NULL"},
    [SQL_ALARMS_OVER] =
        {"list alerts of deadlines that are over",
         "SELECT alert.number, ticket.id, ticket.state FROM alert "
         "JOIN ticket ON ticket.number = alert.ticket "
         "WHERE alert.taken IS NULL AND alert.kind = ? "
         "AND NOT " WAITS_FOR_PERSON " ORDER BY alert.number LIMIT 100"},
    [SQL_ALARM_REST] = {"end the alert of a deadline",
                        "UPDATE alert SET taken = ?, taken_by = ? "
                        "WHERE number = ? AND taken IS NULL"},
    [SQL_ALARM_AGAIN] =
        {"open the alert of a deadline again",
         "UPDATE alert SET taken = NULL, taken_by = NULL, told = NULL, "
         "told_last = NULL, rounds = 0 "
         "WHERE ticket = ? AND kind = ? AND taken_by = ?"},
    [SQL_CHALLENGE_ADD] =
        {"keep a challenge",
         "INSERT INTO challenge (member, address, token_hash, asked, "
         "asked_by, expires) VALUES (?, ?, ?, ?, ?, ?)"},
    [SQL_CHALLENGE_RECENT] = {"count the challenges of an address",
                              "SELECT count(*) FROM challenge "
                              "WHERE address = ? AND asked > ?"},
    [SQL_CHALLENGE_FIND] = {"find a challenge",
                            "SELECT number, member, address, expires, "
                            "answered FROM challenge WHERE token_hash = ?"},
    [SQL_CHALLENGE_ANSWER] = {"note that a challenge is answered",
                              "UPDATE challenge SET answered = ?, "
                              "answered_by = ?, way = ? WHERE number = ?"},
    SQL_TEXTS_OF_CASEWORK,
    SQL_TEXTS_OF_LINKS,
    SQL_TEXTS_OF_TELLINGS,
    [SQL_CONTACTS] =
        {"list contacts",
         "SELECT c.member, c.address, c.asked, c.expires, c.asked_by, "
         "v.answered, v.answered_by, v.way "
         "FROM challenge AS c LEFT JOIN challenge AS v ON v.number = "
         "(SELECT number FROM challenge WHERE member = c.member "
         "AND address = c.address AND answered IS NOT NULL "
         "ORDER BY answered DESC, number DESC LIMIT 1) "
         "WHERE c.number = (SELECT number FROM challenge "
         "WHERE member = c.member AND address = c.address "
         "ORDER BY asked DESC, number DESC LIMIT 1) "
         "ORDER BY c.member, c.address LIMIT 10000"},

    REMEDY_STATEMENTS

        [SQL_WATCHED] =
            {"read how a member's relays were",
             "SELECT fingerprint, listed, addresses, contact, "
             "relatives, sharers, "
             "proof, country, policy FROM watched_relay WHERE member = ? "
             "ORDER BY fingerprint "
             "LIMIT 20000"},
    [SQL_WATCHED_CLEAR] = {"forget how a member's relays were",
                           "DELETE FROM watched_relay WHERE member = ?"},
    [SQL_WATCHED_ADD] =
        {"keep how a member's relay is",
         "INSERT INTO watched_relay (member, fingerprint, listed, addresses, "
         "contact, relatives, sharers, proof, country, policy) "
         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    [SQL_NOTICE_ADD] =
        {"keep a notice",
         "INSERT INTO notice (member, kind, relay, what, holds, noticed, "
         "as_of) VALUES (?, ?, ?, ?, ?, ?, ?)"},
    [SQL_NOTICES] =
        {"list notices",
         "SELECT number, member, kind, relay, what, holds, noticed, as_of, "
         "settled, settled_by, note FROM notice "
         "WHERE (?1 IS NULL OR member = ?1) AND (?2 OR settled IS NULL) "
         "ORDER BY number DESC LIMIT 10000"},
    [SQL_NOTICE_HELD] = {"is a member held by a notice",
                         "SELECT kind FROM notice WHERE member = ? "
                         "AND settled IS NULL AND holds ORDER BY number "
                         "LIMIT 1"},
    [SQL_NOTICE_SETTLE] =
        {"settle notices",
         "UPDATE notice SET settled = ?1, settled_by = ?2, note = ?3 "
         "WHERE member = ?4 AND settled IS NULL AND (?5 = 0 OR number = ?5)"},

    [SQL_TRUST_MEMBER] =
        {"read a member's consent and switches",
         "SELECT consent, consent_by, consent_text, consent_sha256, withdrawn, "
         "paused, paused_by, paused_why, ends FROM trust_member "
         "WHERE member = ?"},
    [SQL_TRUST_LEVELS] =
        {"list a member's levels",
         "SELECT category, level, since, who, why, texts, rule "
         "FROM trust_level WHERE member = ? ORDER BY category"},
    [SQL_TRUST_LEVEL_SET] =
        {"set a level",
         "INSERT INTO trust_level (member, category, level, since, who, why, "
         "texts, rule) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE "
         "SET level = excluded.level, since = excluded.since, "
         "who = excluded.who, why = excluded.why, texts = excluded.texts, "
         "rule = excluded.rule"},
    [SQL_TRUST_APPROVED] =
        {"count a member's approved letters",
         "SELECT count(*) FROM (SELECT 1 FROM ticket "
         "JOIN letter ON letter.ticket = ticket.number "
         "JOIN draft ON draft.letter = letter.number WHERE ticket.member = ? "
         "AND draft.state IN ('approved', 'sent') "
         "AND draft.decided_by <> 'policy' LIMIT 100)"},
    [SQL_TRUST_DRAFTS] =
        {"list a member's last decided drafts of a kind",
         "SELECT CASE WHEN draft.state <> 'stopped' AND draft.changed_by "
         "IS NOT NULL THEN 'changed' ELSE draft.state END FROM ticket "
         "JOIN letter ON letter.ticket = ticket.number "
         "JOIN draft ON draft.letter = letter.number "
         "WHERE ticket.member = ?1 AND (?2 = '*' OR ticket.category = ?2 "
         "OR substr(ticket.category, 1, length(?2) + 1) = ?2 || '/') "
         "AND draft.state NOT IN ('waiting', 'replaced') "
         "AND draft.decided_by <> 'policy' AND ticket.joined IS NULL "
         "ORDER BY ticket.number DESC, letter.number DESC LIMIT ?3"},
    [SQL_TRUST_RELAYS] =
        {"did a member's relays change",
         "SELECT 1 FROM notice WHERE member = ? AND noticed >= ? AND kind IN "
         "('contact-changed', 'proof-gone', 'left-family', 'moved-address', "
         "'policy-changed', 'address-shared', 'implausible-move', "
         "'implausible-claims', "
         "'implausible-loss') LIMIT 1"},
    [SQL_TRUST_QUEUED] =
        {"list a member's letters that wait to leave",
         "SELECT outbox.number, outbox.automatic, ticket.category FROM outbox "
         "JOIN ticket ON ticket.number = outbox.ticket "
         "WHERE ticket.member = ? AND (outbox." WAITING_LETTER
         " OR (outbox.state = 'sending' AND outbox.dot_sent = 0)) "
         "ORDER BY outbox.number"},
    [SQL_TRUST_CASE] =
        {"whose letter is it, and of what kind",
         "SELECT ticket.member, ticket.category, coalesce(outbox.automatic, 0) "
         "FROM ticket LEFT JOIN outbox ON outbox.ticket = ticket.number "
         "WHERE ticket.id = ? ORDER BY outbox.number DESC LIMIT 1"},
    [SQL_TRUST_TOUCH] = {"keep a member",
                         "INSERT INTO trust_member (member) VALUES (?) "
                         "ON CONFLICT DO NOTHING"},
    [SQL_TRUST_CONSENT] =
        {"keep a consent",
         "UPDATE trust_member SET consent = ?, consent_by = ?, "
         "consent_text = ?, consent_sha256 = ?, consent_mail = ?, "
         "withdrawn = NULL WHERE member = ?"},
    [SQL_TRUST_WITHDRAW] = {"take a consent back",
                            "UPDATE trust_member SET withdrawn = ? "
                            "WHERE member = ?"},
    [SQL_TRUST_PAUSE] = {"pause a member",
                         "UPDATE trust_member SET paused = ?, paused_by = ?, "
                         "paused_why = ? WHERE member = ?"},
    [SQL_TRUST_END] = {"end a membership",
                       "UPDATE trust_member SET ends = ? WHERE member = ?"},
    [SQL_TRUST_ASK] =
        {"keep what is asked",
         "INSERT INTO trust_question (token_hash, member, address, kind, "
         "category, text, sha256, asked, expires) "
         "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"},
    [SQL_TRUST_QUESTION] =
        {"find what was asked",
         "SELECT address, member, kind, category, text, sha256 "
         "FROM trust_question WHERE token_hash = ?"},
    [SQL_TRUST_ANSWER] = {"keep an answer",
                          "UPDATE trust_question SET answered = ? "
                          "WHERE token_hash = ?"},
    [SQL_TRUST_STEP] = {"what was said of a step",
                        "SELECT max(asked), max(answered) FROM trust_question "
                        "WHERE member = ? AND kind = 'step' AND category = ?"},
    [SQL_TRUST_STOP_TOKEN] =
        {"read a member's stop address",
         "SELECT stop_token FROM trust_member WHERE member = ? "
         "AND stop_token IS NOT NULL"},
    [SQL_TRUST_STOP_SET] = {"make a member's stop address",
                            "UPDATE trust_member SET stop_token = ? "
                            "WHERE member = ?"},
    [SQL_TRUST_STOP_MEMBER] =
        {"whose stop address is it",
         "SELECT member FROM trust_member WHERE stop_token = ?"},
    [SQL_TRUST_EVENT_ADD] =
        {"keep a step back",
         "INSERT INTO trust_event (member, category, cause, at) "
         "VALUES (?, ?, ?, ?)"},
    [SQL_TRUST_EVENTS] =
        {"list a member's steps back",
         "SELECT number, member, category, cause, at, told FROM trust_event "
         "WHERE member = ? ORDER BY number DESC LIMIT 1000"},
    [SQL_TRUST_EVENTS_UNTOLD] =
        {"list steps back that nobody was told of",
         "SELECT number, member, category, cause, at, told FROM trust_event "
         "WHERE told IS NULL ORDER BY number LIMIT 20"},
    [SQL_TRUST_TOLD] = {"note that a step back is told",
                        "UPDATE trust_event SET told = ? WHERE number = ?"},
    [SQL_TRUST_ALONE] = {"count the tickets of a case's mail",
                         "SELECT count(*) FROM ticket WHERE mail = "
                         "(SELECT mail FROM ticket WHERE id = ?)"},
    [SQL_TRUST_YES_ADD] =
        {"keep a yes to a letter",
         "INSERT OR IGNORE INTO trust_yes (letter, person, name, login, at) "
         "SELECT letter.number, ?1, ?2, ?3, ?4 FROM ticket "
         "JOIN letter ON letter.ticket = ticket.number "
         "JOIN draft ON draft.letter = letter.number "
         "WHERE ticket.id = ?5 AND draft.state = 'waiting' "
         "ORDER BY letter.number DESC LIMIT 1"},
    [SQL_TRUST_YES] = {"list who said yes to a letter",
                       "SELECT person FROM trust_yes WHERE letter = "
                       "(SELECT max(letter.number) FROM letter JOIN ticket "
                       "ON ticket.number = letter.ticket WHERE ticket.id = ?)"},

    [SQL_CASES] = {"list cases",
                   CASE_COLUMNS CASE_TABLES "WHERE ?1 IS NULL " CASE_FILTER},
    [SQL_CASES_BY_ADDRESS] =
        {"list the cases of an address",
         CASE_COLUMNS "FROM cited_address "
                      "JOIN ticket ON ticket.number = cited_address.ticket "
                      "JOIN mail ON mail.number = ticket.mail "
                      "WHERE cited_address.address = ?1 " CASE_FILTER},
    [SQL_CASES_BY_REPORTER] = {"list the cases of a reporter",
                               CASE_COLUMNS CASE_TABLES
                               "WHERE ticket.reporter = ?1 " CASE_FILTER},
    [SQL_CASES_BY_MEMBER] = {"list the cases of a member",
                             CASE_COLUMNS CASE_TABLES
                             "WHERE ticket.member = ?1 " CASE_FILTER},
    [SQL_TODO] = {"list what waits for a person", CASE_COLUMNS CASE_TABLES
                  "WHERE ticket.state IN ('triage', 'drafted') "
                  "ORDER BY EXISTS (SELECT 1 FROM alert WHERE alert.ticket = "
                  "ticket.number AND alert.taken IS NULL) DESC, "
                  "ticket.due NULLS LAST, ticket.received, ticket.number "
                  "LIMIT ?"},
    [SQL_CASE] = {"read a case", CASE_FULL_COLUMNS CASE_TABLES
                  "LEFT JOIN mail_findings ON mail_findings.mail = mail.number "
                  "WHERE ticket.year = ? AND ticket.serial = ?"},
    [SQL_CASE_BY_MAIL] =
        {"read the case of a mail",
         "SELECT mail.number, mail.salt, ticket.id, ticket.member, "
         "ticket.category, coalesce(ticket.state, mail.state), "
         "ticket.action, ticket.rule, "
         "coalesce(ticket.why, 'belongs to ' || mail.joined, "
         "mail.disposition), ticket.verdict, ticket.reporter, "
         "ticket.subject, mail.received, ticket.due, "
         "coalesce(ticket.changed, mail.decided), ticket.assigned, " CASE_FORM
         ", " CASE_PARENT ", "
         "ticket.decision, mail_findings.findings, ticket.matches "
         "FROM mail LEFT JOIN ticket ON ticket.mail = mail.number "
         "LEFT JOIN mail_findings ON mail_findings.mail = mail.number "
         "WHERE mail.number = ? AND mail.salt = ? "
         "ORDER BY ticket.number LIMIT 1"},
    [SQL_NUMBERS] =
        {"count everything",
         "SELECT (SELECT coalesce(max(number), 0) FROM mail), "
         "(SELECT count(*) FROM mail WHERE state = 'received'), "
         "(SELECT count(*) FROM mail WHERE state = 'parked'), "
         "(SELECT coalesce(max(number), 0) FROM ticket), "
         "(SELECT count(*) FROM draft WHERE state = 'waiting'), "
         "(SELECT count(*) FROM outbox WHERE " WAITING_LETTER "), "
         "(SELECT count(*) FROM outbox WHERE state = 'sent'), "
         "(SELECT count(*) FROM outbox WHERE state IN ('failed', 'held')), "
         "(SELECT received FROM mail ORDER BY number DESC LIMIT 1), "
         "(SELECT max(sent) FROM outbox WHERE state = 'sent'), "
         "(SELECT page_count * page_size FROM pragma_page_count, "
         "pragma_page_size)"},
};

const char *statement_name(Sql sql)
{
    g_assert(sql < SQL_COUNT);
    return STATEMENTS[sql].name;
}

const char *statement_text(Sql sql)
{
    g_assert(sql < SQL_COUNT);
    return STATEMENTS[sql].text;
}
