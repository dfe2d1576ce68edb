#include "daemon/requests.h"

#include "base/errors.h"
#include "base/log.h"
#include "intake/alerting.h"
#include "intake/consenting.h"
#include "intake/handling.h"
#include "intake/noticing.h"
#include "intake/probing.h"
#include "intake/promoting.h"
#include "intake/remedying.h"
#include "intake/rewriting.h"
#include "intake/trusting.h"
#include "intake/verifying.h"
#include "store/breaker.h"
#include "store/cases.h"
#include "store/drafts.h"
#include "store/reporters.h"
#include "store/versions.h"

#include <string.h>

/* One request on its way through the writer. */
typedef struct {
    const RequestsConfig *config;
    ControlCall *call;
    ControlKind kind;
    char *subject, *note, *user;
    char *answer;    /* out */
    Delivery *again; /* out: to be read anew; or NULL */
} Request;

static void request_free(Request *request)
{
    g_free(request->subject);
    g_free(request->note);
    g_free(request->user);
    g_free(request->answer);
    g_clear_pointer(&request->again, delivery_free);
    g_free(request);
}

/* What would hold the letter back later is said now, while the person who
 * approves is there to read it. */
static bool may_leave(Store *store, const Request *request, Instant now,
                      GError **error)
{
    g_autoptr(Case) found = store_case(store, request->subject, error);
    if (!found)
        return false;
    g_autoptr(Knowledge) knowledge =
        request->config->knowledge(request->config->data);
    Desk desk = knowledge_desk(knowledge);
    desk.store = store;
    const char *why = intake_outbox_objection(&desk, found->row->member,
                                              found->row->category, false, now);
    if (!why)
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_DENIED,
                "%s cannot go out: %s. The draft still waits", request->subject,
                why);
    return false;
}

/* The subject is the case with the version that was seen, and who says yes if
 * not the login. */
static bool approve(Store *store, Request *request, Instant now, GError **error)
{
    char *as = strchr(request->subject, ' ');
    if (as)
        *as++ = 0;
    guint version;
    if (!trusting_read_version(request->subject, &version, error) ||
        !store_expect_version(store, request->subject, version, error) ||
        !may_leave(store, request, now, error))
        return false;
    g_autoptr(Knowledge) knowledge =
        request->config->knowledge(request->config->data);
    return trusting_approve(store, knowledge_settings(knowledge),
                            request->subject, as, request->user, request->note,
                            now, &request->answer, error);
}

static bool do_for_member(Store *store, Request *request, Instant now,
                          GError **error)
{
    g_autoptr(Knowledge) knowledge =
        request->config->knowledge(request->config->data);
    Desk desk = knowledge_desk(knowledge);
    bool done;
    desk.store = store;
    desk.loop_key = request->config->loop_key;
    return promoting_request(&desk, request->subject, request->note,
                             request->user, now, &request->answer, &done,
                             error);
}

static bool stop(Store *store, Request *request, Instant now, GError **error)
{
    if (!store_stop_draft(store, request->subject, request->user, request->note,
                          now, error))
        return false;
    request->answer =
        g_strdup_printf("Stopped. Nothing is sent for %s.", request->subject);
    return true;
}

static bool set_paused(Store *store, Request *request, bool paused, Instant now,
                       GError **error)
{
    if (!store_set_paused(store, paused, request->user, request->note, now,
                          error))
        return false;
    request->answer = g_strdup(
        paused ? "Paused. No letter leaves; mail is still received and "
                 "filed. Go on with: exitdesk resume"
               : "Resumed. Letters that are due go out now.");
    return true;
}

/* The name and the hash of its file were put together by the command line;
 * a hash that is no file's has no effect. */
static bool approve_profile(Store *store, Request *request, Instant now,
                            GError **error)
{
    g_auto(GStrv) words = g_strsplit(request->subject, " ", 2);
    uint32_t count;
    if (g_strv_length(words) != 2) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID,
                            "the request names no profile");
        return false;
    }
    if (!store_approve_profile(store, words[0], words[1], request->note,
                               request->user, now, error) ||
        !store_profile_yes_count(store, words[0], words[1], &count, error))
        return false;
    request->answer = g_strdup_printf("Approved %s: %u of %d.", words[0], count,
                                      PROFILE_APPROVALS);
    return true;
}

static bool close_breaker(Store *store, Request *request, Instant now,
                          GError **error)
{
    if (!store_breaker_close(store, request->user, request->note, now, error))
        return false;
    request->answer = g_strdup("Closed. Letters leave by themselves again; "
                               "those that were held wait for a person.");
    return true;
}

static bool tell_status(Store *store, Request *request, Instant now,
                        GError **error)
{
    StoreNumbers numbers;
    PauseState pause = {0};
    g_auto(BreakerState) breaker = {0};
    if (!store_breaker_state(store, &breaker, error) ||
        !store_numbers(store, &numbers, error) ||
        !store_pause_state(store, &pause, error))
        return false;
    char at[INSTANT_TEXT_MAX];
    request->answer = g_strdup_printf(
        "now: %s\nsending: %s\nmails: %" G_GINT64_FORMAT
        "\nundecided: %" G_GINT64_FORMAT "\ncases: %" G_GINT64_FORMAT
        "\ndrafts-waiting: %" G_GINT64_FORMAT
        "\noutbox-waiting: %" G_GINT64_FORMAT "\nsent: %" G_GINT64_FORMAT,
        instant_text(now, at),
        pause.is_paused   ? "paused"
        : breaker.is_open ? "the breaker is open"
                          : "on",
        numbers.mails, numbers.undecided, numbers.cases, numbers.drafts_waiting,
        numbers.outbox_waiting, numbers.sent);
    pause_state_clear(&pause);
    return true;
}

static bool verify(Store *store, Request *request, Instant now, GError **error)
{
    g_autoptr(Knowledge) knowledge =
        request->config->knowledge(request->config->data);
    return verifying_ask(store, knowledge_settings(knowledge),
                         request->config->loop_key, request->note,
                         request->subject, request->user, now, &request->answer,
                         error);
}

static bool send_probe(Store *store, Request *request, Instant now,
                       GError **error)
{
    g_autoptr(Knowledge) knowledge =
        request->config->knowledge(request->config->data);
    const Settings *settings = knowledge_settings(knowledge);
    if (!probing_is_needed(settings)) {
        g_set_error_literal(
            error, DESK_ERROR, DESK_ERROR_CONFIG,
            "no probe is needed: only a desk in mode live with send.via and "
            "receive.authserv-id trusts its mail server's results");
        return false;
    }
    request->answer = g_strdup("A probe is on its way.");
    return probing_send(store, settings, request->config->loop_key, now, error);
}

static bool remedy(Store *store, Request *request, Instant now, GError **error)
{
    g_autoptr(Knowledge) knowledge =
        request->config->knowledge(request->config->data);
    Desk desk = knowledge_desk(knowledge);
    return remedying_do(&desk, store, request->subject, request->note,
                        request->user, now, &request->answer, error);
}

static bool rewrite(Store *store, Request *request, Instant now, GError **error)
{
    g_autoptr(Knowledge) knowledge =
        request->config->knowledge(request->config->data);
    Desk desk = knowledge_desk(knowledge);
    desk.reader = request->config->reader;
    desk.loop_key = request->config->loop_key;
    return rewriting_do(&desk, store, request->subject, request->note,
                        request->user, now, &request->answer, error);
}

static bool handle_case(Store *store, Request *request, Instant now,
                        GError **error)
{
    if (!handling_do(store, request->subject, request->note, request->user, now,
                     &request->answer, error))
        return false;
    /* It is received by now: what fails here is found at the next start. */
    g_autofree char *mail = handling_mail_of(request->subject);
    if (mail)
        request->again = store_delivery(store, mail, NULL);
    return true;
}

static bool work(Store *store, void *data, GError **error)
{
    Request *request = data;
    Instant now = clock_now(request->config->clock);
    switch (request->kind) {
    case CONTROL_STATUS:
        return tell_status(store, request, now, error);
    case CONTROL_PAUSE:
        return set_paused(store, request, true, now, error);
    case CONTROL_RESUME:
        return set_paused(store, request, false, now, error);
    case CONTROL_APPROVE:
        return approve(store, request, now, error);
    case CONTROL_STOP:
        return stop(store, request, now, error);
    case CONTROL_PROFILE:
        return approve_profile(store, request, now, error);
    case CONTROL_CLOSE:
        return close_breaker(store, request, now, error);
    case CONTROL_VERIFY:
        return verify(store, request, now, error);
    case CONTROL_CONFIRM:
        return verifying_confirm(store, request->subject, request->user, now,
                                 &request->answer, error);
    case CONTROL_ACKNOWLEDGE:
        if (g_str_has_prefix(request->subject, ANSWER_SUBJECT))
            return consenting_see(store, request->subject, request->user, now,
                                  &request->answer, error);
        return noticing_acknowledge(store, request->subject, request->user,
                                    request->note, now, &request->answer,
                                    error);
    case CONTROL_TAKE:
        return alerting_take(store, request->subject, request->note,
                             request->user, now, &request->answer, error);
    case CONTROL_PROBE:
        return send_probe(store, request, now, error);
    case CONTROL_MEMBER:
        return do_for_member(store, request, now, error);
    case CONTROL_REMEDY:
        return remedy(store, request, now, error);
    case CONTROL_REWRITE:
        return rewrite(store, request, now, error);
    case CONTROL_CASE:
        return handle_case(store, request, now, error);
    case CONTROL_RELOAD:
        break;
    }
    g_assert_not_reached();
}

static void done(void *data, const GError *error)
{
    Request *request = data;
    control_answer(request->call, request->answer, error);
    const RequestsConfig *config = request->config;
    if (!error && request->again && *config->workers)
        workers_push(*config->workers, request->again);
    if (!error)
        config->changed(config->data);
    request_free(request);
}

static void reload(const RequestsConfig *config, ControlCall *call)
{
    g_autoptr(GError) error = NULL;
    if (config->reload(config->data, &error))
        control_answer(call, "Reloaded.", NULL);
    else
        control_answer(call, NULL, error);
}

/* Does it name what it is about? */
static bool is_whole(const ControlRequest *wire)
{
    switch (wire->kind) {
    case CONTROL_APPROVE:
    case CONTROL_STOP:
    case CONTROL_PROFILE:
    case CONTROL_CONFIRM:
    case CONTROL_ACKNOWLEDGE:
    case CONTROL_MEMBER:
    case CONTROL_REMEDY:
    case CONTROL_CASE:
    case CONTROL_REWRITE:
        return wire->subject != NULL;
    case CONTROL_VERIFY:
    case CONTROL_TAKE:
        return wire->subject && wire->note;
    case CONTROL_STATUS:
    case CONTROL_PAUSE:
    case CONTROL_RESUME:
    case CONTROL_CLOSE:
    case CONTROL_PROBE:
    case CONTROL_RELOAD:
        return true;
    }
    return false;
}

void requests_handle(void *data, ControlCall *call, const ControlRequest *wire,
                     const char *user)
{
    const RequestsConfig *config = data;
    if (wire->kind == CONTROL_RELOAD) {
        reload(config, call);
        return;
    }
    if (!is_whole(wire)) {
        g_autoptr(GError) error =
            g_error_new(DESK_ERROR, DESK_ERROR_INVALID,
                        "the request does not name what it is about");
        control_answer(call, NULL, error);
        return;
    }
    Request *request = g_new0(Request, 1);
    request->config = config;
    request->call = call;
    request->kind = wire->kind;
    request->subject = g_strdup(wire->subject);
    request->note = g_strdup(wire->note);
    request->user = g_strdup(user);
    writer_run(config->writer, work, done, request);
}
