/*
 * Filing: everything that follows from one mail, in one transaction.
 *
 * The mail's state is checked in the transaction: whoever comes second gets
 * CONFLICT and has changed nothing, so reading a mail twice (after a crash, by
 * two workers) never makes two cases or two letters.
 */
#include "store/filing.h"
#include "store/alarms.h"
#include "store/alerts.h"
#include "store/caseid.h"
#include "store/casework.h"
#include "store/counts.h"
#include "store/digests_inner.h"
#include "store/filing_inner.h"
#include "store/letters.h"
#include "store/record.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/json.h"
#include "base/log.h"

#include <string.h>

void filed_ticket_free(FiledTicket *ticket)
{
    if (!ticket)
        return;
    g_free(ticket->matches_json);
    g_free(ticket->case_id);
    g_free(ticket->task);
    g_free(ticket->page);
    g_free(ticket);
}

/* ---- the mail --------------------------------------------------------- */

static bool set_decided(Store *store, const MailRow *mail, const char *state,
                        const Filing *filing, const char *joined,
                        GError **error)
{
    const Report *report = filing->findings ? filing->findings->report : NULL;
    g_auto(Query) query = query_new(store, SQL_MAIL_DECIDE);
    query_put_text(&query, state);
    query_put_text(&query, disposition_word(report ? report->disposition
                                                   : DISPOSITION_UNREADABLE));
    if (report && mail_key_is_known(filing->mail_key))
        query_put_bytes(&query, filing->mail_key, sizeof filing->mail_key);
    else
        query_put_text(&query, NULL);
    query_put_text(&query, filing->dkim_key);
    query_put_text(&query, joined);
    query_put_number(&query, filing->now);
    query_put_number(&query, mail->number);
    int changes;
    if (!query_run(&query, &changes, error))
        return false;
    if (changes == 1)
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT, "%s is %s already",
                mail->id, mail->state);
    return false;
}

static bool keep_findings(Store *store, int64_t mail, const char *findings,
                          GError **error)
{
    g_auto(Query) query = query_new(store, SQL_FINDINGS_ADD);
    query_put_number(&query, mail);
    query_put_text(&query, findings ? findings : "null");
    return query_run(&query, NULL, error);
}

/* ---- the ticket ------------------------------------------------------- */

/* A ticket about to be written. Borrows everything. */
typedef struct {
    const char *id, *member, *category, *verdict, *action, *rule, *why;
    const char *reporter, *subject, *decision, *matches;
    TicketState state;
    Instant received, due, now;
} TicketRow;

static bool add_ticket(Store *store, int64_t mail, const char *prefix,
                       const TicketRow *row, int64_t *number, GError **error)
{
    int year;
    uint32_t serial;
    if (!ticket_id_parse(row->id, prefix, &year, &serial, error))
        return false;
    g_auto(Query) query = query_new(store, SQL_TICKET_ADD);
    query_put_number(&query, year);
    query_put_number(&query, serial);
    query_put_text(&query, row->id);
    query_put_number(&query, mail);
    query_put_text(&query, row->member);
    query_put_text(&query, ticket_state_word(row->state));
    query_put_text(&query, row->category);
    query_put_text(&query, row->verdict);
    query_put_text(&query, row->action);
    query_put_text(&query, row->rule);
    query_put_text(&query, row->why);
    query_put_text(&query, row->reporter);
    query_put_text(&query, row->subject);
    query_put_number(&query, row->received);
    query_put_instant(&query, row->due);
    query_put_number(&query, row->now);
    query_put_text(&query, row->decision);
    query_put_text(&query, row->matches);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    *number = query_get_number(&query);
    return true;
}

static bool add_addresses(Store *store, int64_t number, const Ticket *ticket,
                          const Findings *findings, GError **error)
{
    for (guint i = 0; i < ticket->incidents->len; i++) {
        guint index = g_array_index(ticket->incidents, guint, i);
        const Incident *incident = findings->incidents->pdata[index];
        char text[IP_TEXT_MAX];
        g_auto(Query) query = query_new(store, SQL_ADDRESS_ADD);
        query_put_text(&query, ip_text(&incident->address, text));
        query_put_number(&query, number);
        if (!query_run(&query, NULL, error))
            return false;
    }
    return true;
}

static TicketState first_state(const FiledTicket *filed)
{
    if (filed->waits_elsewhere)
        return TICKET_FILED;
    switch (filed->decision->action) {
    case ACTION_SEND:
        return filed->reply ? TICKET_SENDING : TICKET_TRIAGE;
    case ACTION_HOLD:
        return filed->reply ? TICKET_DRAFTED : TICKET_TRIAGE;
    case ACTION_FILE:
        return filed->wants_person ? TICKET_TRIAGE : TICKET_FILED;
    case ACTION_ESCALATE:
        return TICKET_TRIAGE;
    case ACTION_NOISE:
    case ACTION_COUNT:
        break;
    }
    g_assert_not_reached();
}

static bool record_ticket(Store *store, const MailRow *mail,
                          const Filing *filing, const FiledTicket *filed,
                          const char *decision, GError **error)
{
    const Report *report = filing->findings->report;
    const Ticket *ticket = filed->ticket;
    const char *rule_why =
        filed->decision->hits && filed->decision->hits->len > 0
            ? g_array_index(filed->decision->hits, GateHit, 0).why
            : "";
    g_autofree char *findings =
        seal_new_text("findings", filing->findings_json);
    g_autofree char *matches = seal_new_text("matches", filed->matches_json);
    g_autofree char *sealed = seal_new_text("decision", decision);
    return record_received(store, filed->case_id, mail,
                           report->reporter_address, error) &&
           record_append(store, filed->case_id, filing->now, RECORD_COMPUTED,
                         findings, error, "Read as %s, %s; events cited: %u",
                         disposition_word(report->disposition),
                         ticket->category, ticket->incidents->len) &&
           record_append(store, filed->case_id, filing->now, RECORD_PUBLIC,
                         matches, error, "Verdict: %s (%s)",
                         verdict_word(ticket->verdict), ticket->why) &&
           record_append(store, filed->case_id, filing->now, RECORD_DECIDED,
                         sealed, error, "%s by rule %s: %s",
                         action_word(filed->decision->action),
                         filed->decision->rule, rule_why);
}

/* ---- the letter ------------------------------------------------------- */

static bool record_letter(Store *store, const Filing *filing,
                          const FiledTicket *filed, bool automatic,
                          GError **error)
{
    const Reply *reply = filed->reply;
    g_autofree char *detail =
        seal_new_json("letter", g_bytes_get_data(reply->bytes, NULL),
                      g_bytes_get_size(reply->bytes));
    char when[INSTANT_TEXT_MAX];
    return record_append(store, filed->case_id, filing->now, RECORD_COMPUTED,
                         detail, error, "Letter composed from %s v%s; %s%s",
                         reply->template_id, reply->template_version,
                         automatic ? "leaves at " : "waits for a yes",
                         automatic ? instant_text(filed->send_at, when) : "");
}

static bool add_letter(Store *store, const Filing *filing,
                       const FiledTicket *filed, int64_t ticket, GError **error)
{
    bool automatic = filed->decision->action == ACTION_SEND;
    const char *to = filed->reply->to;
    if (automatic && (!to || !*to)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "%s: a letter to nobody cannot leave", filed->case_id);
        return false;
    }
    const CountKeys keys = {
        .address = to,
        .member = filed->ticket->member,
        .template_id = filed->reply->template_id,
        .thread = filing->thread,
        .events = filed->events,
    };
    g_autofree char *claims = letter_claims_json(filed->reply);
    int64_t letter;
    if (!letter_add(store, ticket, filed->reply, claims, filing->now, &letter,
                    error) ||
        !draft_add(store, letter, automatic, filing->now, filed->send_at,
                   error) ||
        !record_letter(store, filing, filed, automatic, error))
        return false;
    return !automatic || (outbox_add(store, letter, ticket, true, filing->now,
                                     filed->send_at, error) &&
                          counts_add(store, &keys, filing->now, error));
}

static bool note_reporter(Store *store, int64_t ticket, const Filing *filing,
                          const FiledTicket *filed, GError **error)
{
    if (filed->profile && !reporter_note_ticket(store, ticket, filed->profile,
                                                filed->quote, error))
        return false;
    if (filed->waits_for_digest &&
        !digest_wait(store, ticket, filed->case_id, filing->now, error))
        return false;
    return !filed->task ||
           record_append(store, filed->case_id, filing->now, RECORD_NOTE, NULL,
                         error, "%s", filed->task);
}

static bool file_ticket(Store *store, const MailRow *mail, const Filing *filing,
                        FiledTicket *filed, GError **error)
{
    if (!filed->case_id)
        filed->case_id =
            case_id_reserve(store, filing->case_prefix,
                            civil_from_instant(filing->now, 0).year, error);
    if (!filed->case_id)
        return false;
    const Ticket *ticket = filed->ticket;
    g_autofree char *decision = decision_new_json(filed->decision);
    const TicketRow row = {
        .id = filed->case_id,
        .member = ticket->member,
        .category = ticket->category,
        .verdict = verdict_word(ticket->verdict),
        .action = action_word(filed->decision->action),
        .rule = filed->decision->rule,
        .why = ticket->why,
        .reporter = filing->findings->report->reporter_address,
        .subject = filing->subject,
        .decision = decision,
        .matches = filed->matches_json,
        .state = first_state(filed),
        .received = mail->received,
        .due = filed->due,
        .now = filing->now,
    };
    int64_t number;
    bool is_split, is_open = ticket_may_become(row.state, TICKET_ANSWERED);
    if (!add_ticket(store, mail->number, filing->case_prefix, &row, &number,
                    error) ||
        !add_addresses(store, number, ticket, filing->findings, error) ||
        !record_ticket(store, mail, filing, filed, decision, error) ||
        !note_reporter(store, number, filing, filed, error) ||
        (filed->form && is_open &&
         !form_task_add(store, number, filed->form, error)) ||
        !split_note(store, mail->number, mail->id, filed->case_id, filing->now,
                    &is_split, error) ||
        (filed->alert && !alert_add(store, number, filed->alert,
                                    filing->findings->report->language,
                                    filed->page, filing->now, error)) ||
        (!filed->alert && filed->alarm > 0 &&
         !alarm_set(store, number, filed->alarm, error)))
        return false;
    bool has_letter =
        row.state == TICKET_SENDING || row.state == TICKET_DRAFTED;
    return !has_letter || add_letter(store, filing, filed, number, error);
}

/* ---- a mail that belongs to an older case ----------------------------- */

/* Does it tell a person anything new? Not the same mail again, and not what
 * programs say about our letter (a bounce moves its ticket by itself). */
static bool is_news(const Report *report, bool is_same_mail)
{
    switch (report->disposition) {
    case DISPOSITION_BOUNCE:
    case DISPOSITION_AUTO_REPLY:
    case DISPOSITION_ACKNOWLEDGEMENT:
    case DISPOSITION_NEWSLETTER:
    case DISPOSITION_AGGREGATE:
        return false;
    case DISPOSITION_COMPLAINT:
    case DISPOSITION_QUESTION:
    case DISPOSITION_LEGAL:
    case DISPOSITION_REPLY:
    case DISPOSITION_UNREADABLE:
    case DISPOSITION_OTHER:
        return !is_same_mail;
    case DISPOSITION_COUNT:
        break;
    }
    g_assert_not_reached();
}

static bool find_ticket(Store *store, const char *case_id, int64_t *number,
                        GError **error)
{
    g_auto(Query) query = query_new(store, SQL_TICKET_NUMBER);
    query_put_text(&query, case_id);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    if (!found) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING, "no case %s",
                    case_id);
        return false;
    }
    *number = query_get_number(&query);
    return true;
}

/* root: the case that joins_case was joined to, or itself. */
static bool join_case(Store *store, const MailRow *mail, const Filing *filing,
                      const char *root, bool is_same_mail, GError **error)
{
    const Report *report = filing->findings->report;
    bool is_other = !g_str_equal(root, filing->joins_case);
    int64_t ticket;
    g_autofree char *findings =
        seal_new_text("findings", filing->findings_json);
    if (!find_ticket(store, root, &ticket, error) ||
        !record_received(store, root, mail, report->reporter_address, error) ||
        !record_append(store, root, filing->now, RECORD_COMPUTED, findings,
                       error,
                       is_same_mail ? "The same mail again, by another path "
                                      "(%s, %s)%s%s"
                                    : "Belongs to this case (%s, %s)%s%s",
                       mail->id, disposition_word(report->disposition),
                       is_other ? ", as a mail of " : "",
                       is_other ? filing->joins_case : ""))
        return false;
    return filing->is_return || !is_news(report, is_same_mail) ||
           ticket_move(store, ticket, TICKET_TRIAGE, filing->now, error);
}

/* ---- all of it -------------------------------------------------------- */

/* A case for staff, of a mail that makes none by itself. */
static bool add_staff_case(Store *store, const MailRow *mail,
                           const Filing *filing, const char *rule,
                           const char *why, char **id, GError **error)
{
    const Report *report = filing->findings ? filing->findings->report : NULL;
    *id = case_id_reserve(store, filing->case_prefix,
                          civil_from_instant(filing->now, 0).year, error);
    const TicketRow row = {
        .id = *id,
        .category = report ? report->category : "unknown",
        .verdict = verdict_word(VERDICT_UNDECIDABLE),
        .action = action_word(ACTION_ESCALATE),
        .rule = rule,
        .why = why,
        .reporter = report ? report->reporter_address : NULL,
        .subject = filing->subject,
        .decision = "{}",
        .state = TICKET_TRIAGE,
        .received = mail->received,
        .due = INSTANT_NONE,
        .now = filing->now,
    };
    int64_t number;
    return *id &&
           add_ticket(store, mail->number, filing->case_prefix, &row, &number,
                      error) &&
           record_received(store, *id, mail, row.reporter, error);
}

/* By its own words it makes no case. A person who took it out of one wants to
 * see it nevertheless. */
static bool file_nothing(Store *store, const MailRow *mail,
                         const Filing *filing, GError **error)
{
    const Report *report = filing->findings->report;
    const char *what = disposition_word(report->disposition);
    bool is_split;
    if (!store_mail_is_split(store, mail->id, &is_split, error))
        return false;
    if (!is_split)
        return record_received(store, mail->id, mail, report->reporter_address,
                               error) &&
               record_append(store, mail->id, filing->now, RECORD_DECIDED, NULL,
                             error, "No case: %s", what);
    g_autofree char *id = NULL;
    g_autofree char *why =
        g_strdup_printf("a person split it off; by its own words: %s", what);
    return add_staff_case(store, mail, filing, "split", why, &id, error) &&
           split_note(store, mail->number, mail->id, id, filing->now, &is_split,
                      error);
}

static bool file_all(Store *store, const Filing *filing, GError **error)
{
    g_auto(MailRow) mail = {0};
    if (!mail_row_find(store, filing->inbox_id, &mail, error))
        return false;
    g_autoptr(GError) cause = NULL;
    g_autofree char *same =
        store_case_of_mail(store, filing->mail_key, filing->now, &cause);
    if (cause) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    g_autofree char *root =
        filing->joins_case ? case_root(store, filing->joins_case, error) : NULL;
    if ((filing->joins_case && !root) ||
        !set_decided(store, &mail, "decided", filing, root, error) ||
        !keep_findings(store, mail.number, filing->findings_json, error))
        return false;
    if (filing->proven_domain &&
        !counts_meet(store, filing->proven_domain, filing->now, error))
        return false;
    bool has_case = filing->joins_case != NULL;
    if (has_case && !join_case(store, &mail, filing, root,
                               g_strcmp0(same, filing->joins_case) == 0, error))
        return false;
    for (guint i = 0; i < filing->tickets->len; i++) {
        FiledTicket *filed = filing->tickets->pdata[i];
        if (filed->decision->action == ACTION_NOISE)
            continue;
        if (!file_ticket(store, &mail, filing, filed, error))
            return false;
        has_case = true;
    }
    return has_case || file_nothing(store, &mail, filing, error);
}

bool store_file(Store *store, const Filing *filing, GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    return transaction_finish(store, file_all(store, filing, error), error);
}

/* ---- a mail that cannot be read --------------------------------------- */

static bool park(Store *store, const MailRow *mail, const char *prefix,
                 const char *why, Instant now, GError **error)
{
    g_autofree char *id = NULL;
    bool is_split;
    const Filing filing = {
        .inbox_id = mail->id, .case_prefix = prefix, .now = now};
    return set_decided(store, mail, "parked", &filing, NULL, error) &&
           add_staff_case(store, mail, &filing, "parked", why, &id, error) &&
           record_append(store, id, now, RECORD_DECIDED, NULL, error,
                         "Not read, a person must look: %s", why) &&
           split_note(store, mail->number, mail->id, id, now, &is_split, error);
}

bool store_park(Store *store, const char *inbox_id, const char *case_prefix,
                const char *why, Instant now, GError **error)
{
    g_auto(MailRow) mail = {0};
    if (!mail_row_find(store, inbox_id, &mail, error) ||
        !transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, park(store, &mail, case_prefix, why, now, error), error);
}
