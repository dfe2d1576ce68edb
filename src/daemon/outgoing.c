#include "daemon/outgoing.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/log.h"
#include "courier/schedule.h"
#include "intake/probing.h"
#include "store/breaker.h"
#include "store/drafts.h"
#include "store/notices.h"

#include <string.h>

#define LOOK_EVERY_MS   500  /* a pause must hold within a second */
#define STORE_AFTER_MS  5000 /* the store has no room: ask it again then */
#define COURIER_AFTER_S 60   /* the courier takes no letter: the same */

typedef struct Step Step;

struct Outgoing {
    OutgoingConfig config;
    LoopTimer *timer;
    LoopWatch *watch;
    OutboxRow *letter; /* under way, or NULL */
    bool is_dotted;    /* its dot was asked for: it may be out */
    bool is_asking;    /* the writer looks for a due letter */
    bool is_poked;     /* ask again after that */
    Step *unnoted;     /* what came of the letter, not in the store yet */
    uint64_t not_before_ms;
    bool is_draining;
    LoopCall *idle; /* to be called when the letter is done with */
    void *idle_data;
};

static void look(void *data);

/* ---- the writer's side ------------------------------------------------ */

struct Step {
    Outgoing *outgoing;
    OutboxRow *row; /* out: begun, or NULL if none is due */
    int64_t id;
    const OutboxRow *letter; /* the one under way: it stays until settled */
    WriterWork *work;        /* to be done again if there was no room */
    SentOutcome outcome;
    char *reply;
    Instant next_at;
};

static void step_free(Step *step)
{
    g_clear_pointer(&step->row, outbox_row_free);
    g_free(step->reply);
    g_free(step);
}

static Step *step_new(Outgoing *outgoing)
{
    Step *step = g_new0(Step, 1);
    step->outgoing = outgoing;
    return step;
}

/* A failure to ask is no yes. */
static bool is_held_by_notice(Store *store, const OutboxRow *row)
{
    g_autoptr(GError) error = NULL;
    if (!row->is_automatic || !row->member)
        return false;
    g_autofree char *kind = store_notice_hold(store, row->member, &error);
    return kind || error;
}

static const char *objection(Store *store, const Outgoing *outgoing,
                             const OutboxRow *row, Instant now)
{
    if (is_held_by_notice(store, row))
        return "the member's relays changed as none do, and nobody has looked";
    if (row->id < 0) /* no letter in anybody's name (store/messages.h) */
        return NULL;
    g_autoptr(Knowledge) knowledge =
        outgoing->config.knowledge(outgoing->config.data);
    Desk desk = knowledge_desk(knowledge);
    desk.store = store;
    return intake_outbox_objection(&desk, row->member, row->category,
                                   row->is_automatic, now);
}

/* The whole gate once more, with all that holds now. */
static bool ask_again(const Outgoing *outgoing, Store *store,
                      const OutboxRow *row, Instant now, char **why,
                      GError **error)
{
    if (row->id < 0) /* no letter in anybody's name (store/messages.h) */
        return true;
    g_autoptr(Knowledge) knowledge =
        outgoing->config.knowledge(outgoing->config.data);
    Desk desk = knowledge_desk(knowledge);
    desk.reader = outgoing->config.reader;
    desk.loop_key = outgoing->config.loop_key;
    desk.started = outgoing->config.clock->began;
    desk.store = store;
    bool is_open;
    return store_breaker_check(store, desk.settings->send.breaker_burst, now,
                               &is_open, error) &&
           intake_still_may_leave(&desk, row, now, why, error);
}

/* A letter that nobody approved waits for the probe of our border, if one is
 * under way; it is not held for that. */
static bool ask_border(const Outgoing *outgoing, Store *store,
                       const OutboxRow *row, Instant now, bool *waits,
                       GError **error)
{
    g_autoptr(Knowledge) knowledge =
        outgoing->config.knowledge(outgoing->config.data);
    Desk desk = knowledge_desk(knowledge);
    desk.started = outgoing->config.clock->began;
    desk.store = store;
    bool may_be_queued;
    *waits = false;
    return !row->is_automatic ||
           probing_ask(&desk, now, &may_be_queued, waits, error);
}

/* Begin the oldest due letter that nothing objects to; those that something
 * objects to are held with the reason, for a person. */
static bool begin_next(Store *store, void *data, GError **error)
{
    Step *step = data;
    Instant now = clock_now(step->outgoing->config.clock);
    for (;;) {
        g_autoptr(GPtrArray) due = store_outbox_due(store, now, 1, error);
        if (!due)
            return false;
        if (due->len == 0)
            return true;
        OutboxRow *row = due->pdata[0];
        g_autofree char *why = NULL;
        bool waits;
        if (!ask_border(step->outgoing, store, row, now, &waits, error))
            return false;
        if (waits)
            return true;
        if (!ask_again(step->outgoing, store, row, now, &why, error))
            return false;
        if (why) {
            log_warning(NULL, "case=%s, status=held (%s)", row->case_id, why);
            if (!store_outbox_hold(store, row->id, why, now, error))
                return false;
            continue;
        }
        if (!store_outbox_begin(store, row->id, now, error))
            return false;
        step->row = g_ptr_array_steal_index(due, 0);
        return true;
    }
}

/* Everything that could stop the letter is asked a last time: talking to a
 * slow smarthost may have taken minutes. */
static bool note_dot(Store *store, void *data, GError **error)
{
    Step *step = data;
    PauseState pause = {0};
    g_auto(BreakerState) breaker = {0};
    if (!store_pause_state(store, &pause, error))
        return false;
    bool is_paused = pause.is_paused;
    pause_state_clear(&pause);
    if (!store_breaker_state(store, &breaker, error))
        return false;
    const char *why = is_paused && !step->letter->is_urgent
                          ? "sending is paused"
                      : breaker.is_open && step->letter->is_automatic
                          ? "the breaker is open"
                          : objection(store, step->outgoing, step->letter,
                                      clock_now(step->outgoing->config.clock));
    if (why) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_DENIED, why);
        return false;
    }
    return store_outbox_dot(store, step->id, error);
}

static bool note_outcome(Store *store, void *data, GError **error)
{
    Step *step = data;
    return store_outbox_done(store, step->id, step->outcome, step->reply,
                             clock_now(step->outgoing->config.clock),
                             step->next_at, error);
}

static bool note_held(Store *store, void *data, GError **error)
{
    Step *step = data;
    return store_outbox_hold(store, step->id, step->reply,
                             clock_now(step->outgoing->config.clock), error);
}

/* ---- the loop's side -------------------------------------------------- */

/* The letter is done with; on to the next, or to the end. */
static void settle(Outgoing *outgoing)
{
    g_clear_pointer(&outgoing->letter, outbox_row_free);
    outgoing->is_dotted = false;
    if (!outgoing->is_draining) {
        look(outgoing);
        return;
    }
    LoopCall *idle = g_steal_pointer(&outgoing->idle);
    if (idle)
        idle(outgoing->idle_data);
}

/* An outcome that finds no room in the store is kept and tried again, and no
 * other letter begins before. A desk that ends meanwhile finds the row as it
 * is after a crash. */
static void outcome_noted(void *data, const GError *error)
{
    Step *step = data;
    Outgoing *outgoing = step->outgoing;
    if (error)
        log_error(NULL, "outbox=%" G_GINT64_FORMAT ": outcome not noted: %s",
                  step->id, error->message);
    if (g_error_matches(error, DESK_ERROR, DESK_ERROR_TEMPORARY) &&
        !outgoing->is_draining) {
        outgoing->unnoted = step;
        outgoing->not_before_ms = loop_now_ms() + STORE_AFTER_MS;
        return;
    }
    settle(outgoing);
    step_free(step);
}

static void note(Outgoing *outgoing, Step *step, WriterWork *work)
{
    step->work = work;
    writer_run(outgoing->config.writer, work, outcome_noted, step);
}

/* A letter that can never be sent as it is waits for a person. */
static void hold(Outgoing *outgoing, const char *why)
{
    Step *step = step_new(outgoing);
    step->id = outgoing->letter->id;
    step->reply = g_strdup(why);
    log_error(NULL, "case=%s, status=held (%s)", outgoing->letter->case_id,
              why);
    note(outgoing, step, note_held);
}

/* A letter that was begun and did not get as far as the courier. */
static void put_back(Outgoing *outgoing, const char *why, int64_t wait_s)
{
    Step *step = step_new(outgoing);
    step->id = outgoing->letter->id;
    step->outcome = SENT_RETRY;
    step->reply = g_strdup(why);
    step->next_at = clock_now(outgoing->config.clock) + wait_s;
    note(outgoing, step, note_outcome);
}

static void hand_over(Outgoing *outgoing)
{
    const OutboxRow *row = outgoing->letter;
    CourierLetter letter = {.id = row->id,
                            .member =
                                row->is_urgent ? COURIER_ALERT : row->member,
                            .readers = row->readers,
                            .envelope_from = row->envelope_from,
                            .to = row->to,
                            .bytes = row->bytes};
    g_autoptr(GError) error = NULL;
    if (outgoing->is_draining)
        put_back(outgoing, "the desk stops", 0);
    else if (!outgoing->config.courier)
        put_back(outgoing, "the courier is gone", 0);
    else if (courier_send(outgoing->config.courier, &letter, &error))
        return;
    else if (g_error_matches(error, DESK_ERROR, DESK_ERROR_TEMPORARY))
        put_back(outgoing, error->message, COURIER_AFTER_S);
    else
        hold(outgoing, error->message);
}

static void next_begun(void *data, const GError *error)
{
    Step *step = data;
    Outgoing *outgoing = step->outgoing;
    outgoing->is_asking = false;
    if (error && !g_error_matches(error, DESK_ERROR, DESK_ERROR_CONFLICT)) {
        log_warning(NULL, "outbox: %s", error->message);
        outgoing->not_before_ms = loop_now_ms() + STORE_AFTER_MS;
    }
    /* With an error nothing was committed, whatever the step says. */
    if (!error)
        outgoing->letter = g_steal_pointer(&step->row);
    step_free(step);
    if (outgoing->letter)
        hand_over(outgoing);
    else if (outgoing->is_draining)
        settle(outgoing);
    else if (outgoing->is_poked)
        look(outgoing);
}

static void look(void *data)
{
    Outgoing *outgoing = data;
    if (loop_now_ms() < outgoing->not_before_ms)
        return;
    if (outgoing->unnoted) {
        Step *step = g_steal_pointer(&outgoing->unnoted);
        note(outgoing, step, step->work);
        return;
    }
    if (!outgoing->config.courier || outgoing->letter || outgoing->is_draining)
        return;
    if (outgoing->is_asking) {
        outgoing->is_poked = true;
        return;
    }
    outgoing->is_asking = true;
    outgoing->is_poked = false;
    writer_run(outgoing->config.writer, begin_next, next_begun,
               step_new(outgoing));
}

/* ---- the courier's events --------------------------------------------- */

static void dot_noted(void *data, const GError *error)
{
    Step *step = data;
    Outgoing *outgoing = step->outgoing;
    if (error)
        log_warning(NULL, "outbox=%" G_GINT64_FORMAT ": not sent now: %s",
                    step->id, error->message);
    if (outgoing->config.courier)
        courier_dot(outgoing->config.courier, !error);
    step_free(step);
}

static void about_to_dot(void *data, int64_t id)
{
    Outgoing *outgoing = ((OutgoingSlot *)data)->outgoing;
    if (outgoing->is_draining) {
        courier_dot(outgoing->config.courier, false);
        return;
    }
    Step *step = step_new(outgoing);
    step->id = id;
    step->letter = outgoing->letter;
    outgoing->is_dotted = true;
    writer_run(outgoing->config.writer, note_dot, dot_noted, step);
}

static void letter_done(void *data, const CourierOutcome *outcome)
{
    static const char *const WORDS[] = {"sent", "retry", "failed", "unknown",
                                        "held"};
    Outgoing *outgoing = ((OutgoingSlot *)data)->outgoing;
    const OutboxRow *row = outgoing->letter;
    Instant now = clock_now(outgoing->config.clock);
    uint32_t random;
    random_fill(&random, sizeof random);
    Step *step = step_new(outgoing);
    step->id = outcome->id;
    step->outcome = outcome->outcome;
    step->reply = g_strdup(outcome->reply);
    uint32_t attempts = row->attempts + 1;
    step->next_at =
        schedule_next(attempts, outcome->outcome == SENT_UNKNOWN, now, random);
    if (outcome->outcome == SENT_RETRY && outgoing->is_draining)
        step->next_at = now; /* it was we who did not let it go */
    else if (outcome->outcome == SENT_RETRY && schedule_is_over(attempts))
        step->outcome = SENT_FAILED;
    log_info(NULL, "case=%s, to=<%s>, status=%s (%s)", row->case_id, row->to,
             WORDS[step->outcome], outcome->reply);
    note(outgoing, step, note_outcome);
}

CourierEvents outgoing_events(OutgoingSlot *slot)
{
    return (CourierEvents){
        .about_to_dot = about_to_dot, .done = letter_done, .data = slot};
}

static void courier_readable(void *data)
{
    Outgoing *outgoing = data;
    if (courier_dispatch(outgoing->config.courier))
        return;
    g_clear_pointer(&outgoing->watch, loop_watch_free);
    outgoing->config.courier = NULL;
    outgoing->config.lost(outgoing->config.data);
}

Outgoing *outgoing_start(const OutgoingConfig *config)
{
    Outgoing *outgoing = g_new0(Outgoing, 1);
    outgoing->config = *config;
    outgoing->timer =
        loop_timer(config->loop, 0, LOOK_EVERY_MS, look, outgoing);
    if (config->courier)
        outgoing->watch = loop_watch(config->loop, courier_fd(config->courier),
                                     courier_readable, outgoing);
    return outgoing;
}

void outgoing_poke(Outgoing *outgoing)
{
    look(outgoing);
}

void outgoing_drain(Outgoing *outgoing, LoopCall *idle, void *data)
{
    outgoing->is_draining = true;
    if (!outgoing->is_dotted && !outgoing->is_asking) {
        idle(data);
        return;
    }
    outgoing->idle = idle;
    outgoing->idle_data = data;
}

void outgoing_free(Outgoing *outgoing)
{
    g_clear_pointer(&outgoing->watch, loop_watch_free);
    g_clear_pointer(&outgoing->timer, loop_timer_free);
    g_clear_pointer(&outgoing->letter, outbox_row_free);
    g_clear_pointer(&outgoing->unnoted, step_free);
    g_free(outgoing);
}
