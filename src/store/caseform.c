/*
 * Answers that a reporter takes in its web form only: a person enters the text
 * of the draft there and says so here. It counts as an answer: the draft was
 * used, the reporter's number and the mail's signature are answered.
 */
#include "store/casework_inner.h"

#include "store/letters.h"
#include "store/record.h"

#include "base/digest.h"
#include "base/errors.h"

#include <string.h>

bool form_task_add(Store *store, int64_t ticket, const char *form,
                   GError **error)
{
    g_auto(Query) query = query_new(store, SQL_FORM_ADD);
    query_put_number(&query, ticket);
    query_put_text(&query, form);
    return query_run(&query, NULL, error);
}

/* The task with the newest letter of its case; letter 0: there is none. */
typedef struct {
    char *form, *state, *to, *body;
    Instant done;
    int64_t letter;
} FormTask;

static void form_task_clear(FormTask *task)
{
    g_free(task->form);
    g_free(task->state);
    g_free(task->to);
    g_free(task->body);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FormTask, form_task_clear)

static bool find_task(Store *store, const CaseStanding *standing, FormTask *out,
                      GError **error)
{
    g_auto(Query) query = query_new(store, SQL_FORM_FIND);
    query_put_number(&query, standing->number);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    if (!found) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "%s: its answer goes into no web form; a letter goes out "
                    "with: exitdesk draft approve %s",
                    standing->id, standing->id);
        return false;
    }
    out->form = query_get_text(&query);
    out->done = query_get_instant(&query);
    out->letter = query_get_number(&query);
    out->state = query_get_text(&query);
    out->to = query_get_text(&query);
    out->body = query_get_text(&query);
    return true;
}

/* The text of the draft is what was entered, unless somebody said no to it or
 * gave it an address. */
static bool is_entered_text(const FormTask *task)
{
    return task->letter > 0 && !task->to &&
           g_strcmp0(task->state, "waiting") == 0;
}

static bool use_draft(Store *store, const FormTask *task, const CaseHand *hand,
                      GError **error)
{
    g_auto(Query) query = query_new(store, SQL_DRAFT_DECIDE);
    query_put_text(&query, "sent");
    query_put_number(&query, hand->now);
    query_put_text(&query, hand->by);
    query_put_text(&query, hand->why);
    query_put_instant(&query, INSTANT_NONE);
    query_put_number(&query, task->letter);
    return query_run(&query, NULL, error);
}

static bool settle_task(Store *store, const CaseStanding *standing,
                        const FormTask *task, bool has_text,
                        const CaseHand *hand, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_FORM_DONE);
    query_put_number(&query, hand->now);
    if (has_text)
        query_put_number(&query, task->letter);
    else
        query_put_text(&query, NULL);
    query_put_number(&query, standing->number);
    g_auto(Query) signature = query_new(store, SQL_SIGNATURE_ADD);
    query_put_number(&signature, standing->number);
    return query_run(&query, NULL, error) &&
           query_run(&signature, NULL, error) &&
           reporter_count_letter(store, standing->number, hand->now, error) &&
           ticket_move(store, standing->number, TICKET_ANSWERED, hand->now,
                       error) &&
           case_act_add(store, standing, "entered", hand, error);
}

static bool record_entered(Store *store, const CaseStanding *standing,
                           const FormTask *task, bool has_text,
                           const CaseHand *hand, GError **error)
{
    char due[INSTANT_TEXT_MAX];
    g_autofree char *promise =
        standing->due != INSTANT_NONE
            ? g_strdup_printf(", %s (due %s),",
                              hand->now <= standing->due ? "in time" : "late",
                              instant_text(standing->due, due))
            : g_strdup("");
    if (!has_text)
        return case_record(store, standing->id, RECORD_SENT, NULL, hand, error,
                           "Answer entered in the web form %s%s", task->form,
                           promise);
    uint8_t hash[SHA256_BYTES];
    digest_sha256(task->body, strlen(task->body), hash);
    g_autofree char *hex = hex_new(hash, sizeof hash);
    g_autofree char *detail = g_strdup_printf("{\"text_sha256\":\"%s\"}", hex);
    return case_record(store, standing->id, RECORD_SENT, detail, hand, error,
                       "The draft's text entered in the web form %s%s",
                       task->form, promise);
}

static bool enter(Store *store, const char *case_id, const CaseHand *hand,
                  bool *has_text, GError **error)
{
    g_auto(CaseStanding) standing = {0};
    g_auto(FormTask) task = {0};
    if (!case_stand(store, case_id, &standing, error) ||
        !find_task(store, &standing, &task, error))
        return false;
    if (task.done != INSTANT_NONE)
        return case_act_fail(store, &standing, "entered",
                             "its answer is in the form already", error);
    if (!ticket_may_become(standing.state, TICKET_ANSWERED)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "%s is %s. First: exitdesk case reopen %s", case_id,
                    ticket_state_word(standing.state), case_id);
        return false;
    }
    *has_text = is_entered_text(&task);
    if (!*has_text && !hand->why) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "%s: no draft waits whose text it could be. Say with "
                    "--note what was entered",
                    case_id);
        return false;
    }
    return case_is_at_rest(store, &standing, error) &&
           (!*has_text || use_draft(store, &task, hand, error)) &&
           settle_task(store, &standing, &task, *has_text, hand, error) &&
           record_entered(store, &standing, &task, *has_text, hand, error);
}

bool store_case_entered(Store *store, const char *case_id, const CaseHand *hand,
                        bool *has_text, GError **error)
{
    if (!case_hand_check(hand, error) || !transaction_begin(store, error))
        return false;
    return transaction_finish(
        store, enter(store, case_id, hand, has_text, error), error);
}
