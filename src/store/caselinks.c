/*
 * What belongs together: one complaint that came twice, and a mail that joined
 * a case by its thread but is another matter.
 *
 * A joined case keeps its record and its mails; only what comes later goes to
 * the other. The links make trees: a case is joined once, and only to one that
 * is not joined itself, so the way to the root has an end.
 *
 * A mail that is split off is not filed here: it becomes "received" again, and
 * goes the same way through reader, gate and filing as if it had just come,
 * except that it joins nothing. So a crash in between loses nothing, and what
 * becomes of it is decided by the rules and not by this command.
 */
#include "store/casework_inner.h"

#include "store/inbox.h"
#include "store/letters.h"
#include "store/record.h"

#include "base/errors.h"

#include <string.h>

/* ---- join -------------------------------------------------------------- */

char *case_root(Store *store, const char *case_id, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_CASE_ROOT);
    query_put_text(&query, case_id);
    bool found;
    if (!query_one(&query, &found, error))
        return NULL;
    return found ? query_get_text(&query) : g_strdup(case_id);
}

static bool is_joined(Store *store, const CaseStanding *standing,
                      GError **error)
{
    if (!standing->joined_to)
        return false;
    g_autofree char *words =
        g_strdup_printf("already joined to %s", standing->joined_to);
    case_act_fail(store, standing, "joined", words, error);
    return true;
}

static bool may_join(Store *store, const CaseStanding *one,
                     const CaseStanding *other, GError **error)
{
    if (one->number == other->number) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "%s cannot be joined to itself", one->id);
        return false;
    }
    if (g_strcmp0(one->member, other->member) != 0) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_DENIED,
                    "%s is of %s and %s of %s: no member learns of another, "
                    "so they stay apart",
                    one->id, one->member ? one->member : "no member", other->id,
                    other->member ? other->member : "no member");
        return false;
    }
    return !is_joined(store, one, error) && !is_joined(store, other, error) &&
           case_is_at_rest(store, one, error);
}

static bool link_cases(Store *store, const CaseStanding *one,
                       const CaseStanding *other, const CaseHand *hand,
                       GError **error)
{
    g_auto(Query) link = query_new(store, SQL_CASE_SET_JOINED);
    query_put_number(&link, other->number);
    query_put_number(&link, one->number);
    if (!query_run(&link, NULL, error))
        return false;
    if (one->due == INSTANT_NONE)
        return true;
    g_auto(Query) sooner = query_new(store, SQL_CASE_SOONER);
    query_put_number(&sooner, one->due);
    query_put_number(&sooner, other->number);
    return query_run(&sooner, NULL, error);
}

static bool join(Store *store, const char *case_id, const char *into,
                 const CaseHand *hand, guint *stopped, GError **error)
{
    g_auto(CaseStanding) one = {0};
    g_auto(CaseStanding) other = {0};
    return case_stand(store, case_id, &one, error) &&
           case_stand(store, into, &other, error) &&
           may_join(store, &one, &other, error) &&
           case_stop_letters(store, &one, hand, stopped, error) &&
           ticket_move(store, one.number, TICKET_CLOSED, hand->now, error) &&
           link_cases(store, &one, &other, hand, error) &&
           case_act_add(store, &one, "joined", hand, error) &&
           case_record(store, case_id, RECORD_DECIDED, NULL, hand, error,
                       "Closed, the same matter as %s%s,", into,
                       *stopped ? ", its letter stopped" : "") &&
           case_record(store, into, RECORD_DECIDED, NULL, hand, error,
                       "%s is the same matter and was joined to this case",
                       case_id);
}

bool store_case_join(Store *store, const char *case_id, const char *into,
                     const CaseHand *hand, guint *stopped, GError **error)
{
    if (!case_hand_check(hand, error) || !transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, join(store, case_id, into, hand, stopped, error), error);
}

/* ---- split ------------------------------------------------------------- */

/* From which case, by whom and when; false in *found: it was not. */
static bool find_split(Store *store, int64_t mail, char **parent, char **who,
                       Instant *at, bool *found, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_SPLIT_FIND);
    query_put_number(&query, mail);
    if (!query_one(&query, found, error))
        return false;
    if (!*found)
        return true;
    *parent = query_get_text(&query);
    *at = query_get_number(&query);
    *who = query_get_text(&query);
    return true;
}

static bool is_split_already(Store *store, const MailRow *mail, GError **error)
{
    g_autofree char *parent = NULL, *who = NULL;
    char text[INSTANT_TEXT_MAX];
    Instant at;
    bool found;
    if (!find_split(store, mail->number, &parent, &who, &at, &found, error))
        return true;
    if (found)
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "%s: already split off from %s, by %s at %s", mail->id,
                    parent, who, instant_text(at, text));
    return found;
}

static bool fail_split(GError **error, DeskErrorCode code, const MailRow *mail,
                       const char *why)
{
    g_set_error(error, DESK_ERROR, (int)code, "%s %s", mail->id, why);
    return false;
}

/* The case that the mail joined, if it may be taken out of it. */
static bool may_split(Store *store, const MailRow *mail, char **joined,
                      int64_t *parent, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_SPLIT_LOOK);
    query_put_number(&query, mail->number);
    query_put_text(&query, mail->id);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    g_autofree char *to = query_get_text(&query);
    *parent = query_get_number(&query);
    g_autofree char *own = query_get_text(&query);
    bool is_return = query_get_number(&query) != 0;
    bool is_same = query_get_number(&query) != 0;
    if (!g_str_equal(mail->state, "decided"))
        return fail_split(error, DESK_ERROR_CONFLICT, mail,
                          "is not read yet, or could not be");
    if (own) {
        g_autofree char *why =
            g_strdup_printf("makes a case of its own already: %s", own);
        return fail_split(error, DESK_ERROR_CONFLICT, mail, why);
    }
    if (!to || *parent == 0)
        return fail_split(error, DESK_ERROR_INVALID, mail, "joined no case");
    if (is_return)
        return fail_split(error, DESK_ERROR_INVALID, mail,
                          "is what came back for a letter of ours");
    if (is_same)
        return fail_split(error, DESK_ERROR_INVALID, mail,
                          "is the same mail as one that came before");
    *joined = g_steal_pointer(&to);
    return true;
}

static bool receive_anew(Store *store, const MailRow *mail, int64_t parent,
                         const CaseHand *hand, GError **error)
{
    g_auto(Query) add = query_new(store, SQL_SPLIT_ADD);
    query_put_number(&add, mail->number);
    query_put_number(&add, parent);
    query_put_number(&add, hand->now);
    query_put_text(&add, hand->by);
    query_put_text(&add, hand->login);
    g_auto(Query) forget = query_new(store, SQL_SPLIT_FINDINGS);
    query_put_number(&forget, mail->number);
    g_auto(Query) again = query_new(store, SQL_SPLIT_MAIL);
    query_put_number(&again, mail->number);
    return query_run(&add, NULL, error) && query_run(&forget, NULL, error) &&
           query_run(&again, NULL, error);
}

static bool split(Store *store, const char *inbox_id, const CaseHand *hand,
                  char **from, GError **error)
{
    g_auto(MailRow) mail = {0};
    g_autofree char *joined = NULL;
    int64_t parent;
    if (!mail_row_find(store, inbox_id, &mail, error) ||
        is_split_already(store, &mail, error) ||
        !may_split(store, &mail, &joined, &parent, error) ||
        !receive_anew(store, &mail, parent, hand, error) ||
        !case_record(store, joined, RECORD_NOTE, NULL, hand, error,
                     "The mail %s is no part of this case: split off", mail.id))
        return false;
    *from = g_steal_pointer(&joined);
    return true;
}

bool store_mail_split(Store *store, const char *inbox_id, const CaseHand *hand,
                      char **from, GError **error)
{
    if (!case_hand_check(hand, error) || !transaction_begin(store, error))
        return false;
    return transaction_finish(store, split(store, inbox_id, hand, from, error),
                              error);
}

bool store_mail_is_split(Store *store, const char *inbox_id, bool *out,
                         GError **error)
{
    g_autofree char *parent = NULL, *who = NULL;
    int64_t number, salt;
    Instant at;
    *out = false;
    return !inbox_id_parse(inbox_id, &number, &salt) ||
           find_split(store, number, &parent, &who, &at, out, error);
}

bool split_note(Store *store, int64_t mail, const char *inbox_id,
                const char *case_id, Instant now, bool *found, GError **error)
{
    g_autofree char *parent = NULL, *who = NULL;
    char text[INSTANT_TEXT_MAX];
    Instant at;
    if (!find_split(store, mail, &parent, &who, &at, found, error))
        return false;
    return !*found ||
           (record_append(store, case_id, now, RECORD_NOTE, NULL, error,
                          "The mail was split off from %s by %s at %s", parent,
                          who, instant_text(at, text)) &&
            record_append(store, parent, now, RECORD_NOTE, NULL, error,
                          "The mail %s makes the case %s", inbox_id, case_id));
}

/* ---- looking ----------------------------------------------------------- */

void case_links_free(CaseLinks *links)
{
    if (!links)
        return;
    g_free(links->joined_to);
    g_clear_pointer(&links->joined, g_ptr_array_unref);
    g_clear_pointer(&links->same_mail, g_ptr_array_unref);
    g_clear_pointer(&links->mails, g_ptr_array_unref);
    g_free(links);
}

static void *read_case_id(Query *query)
{
    return query_get_text(query);
}

static void *read_inbox_id(Query *query)
{
    char inbox_id[INBOX_ID_SIZE];
    int64_t number = query_get_number(query);
    inbox_id_write(number, query_get_number(query), inbox_id);
    return g_strdup(inbox_id);
}

static GPtrArray *list(Store *store, Sql sql, const char *case_id,
                       QueryRead *read, GError **error)
{
    g_auto(Query) query = query_new(store, sql);
    query_put_text(&query, case_id);
    return query_rows(&query, read, g_free, error);
}

CaseLinks *store_case_links(Store *store, const char *case_id, GError **error)
{
    g_auto(CaseStanding) standing = {0};
    if (!case_stand(store, case_id, &standing, error))
        return NULL;
    g_autoptr(CaseLinks) links = g_new0(CaseLinks, 1);
    links->joined_to = g_steal_pointer(&standing.joined_to);
    links->joined = list(store, SQL_LINKS_JOINED, case_id, read_case_id, error);
    links->same_mail = links->joined ? list(store, SQL_LINKS_SAME_MAIL, case_id,
                                            read_case_id, error)
                                     : NULL;
    links->mails = links->same_mail ? list(store, SQL_LINKS_MAILS, case_id,
                                           read_inbox_id, error)
                                    : NULL;
    return links->mails ? g_steal_pointer(&links) : NULL;
}
