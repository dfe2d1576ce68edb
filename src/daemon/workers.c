#include "daemon/workers.h"

#include "base/errors.h"
#include "base/log.h"

#include <string.h>

#define BACKLOG_BATCH  50
#define RETRY_AFTER_US (5 * G_USEC_PER_SEC)

struct Workers {
    WorkersConfig config;
    GPtrArray *threads;
    GMutex mutex; /* guards all below */
    GCond changed;
    GQueue queue; /* of Waiting */
    gsize queued_bytes;
    GHashTable *taken;    /* ids queued or being processed */
    GHashTable *counted;  /* ids whose attempt was counted in this run */
    bool has_backlog;     /* the store may hold undecided mails */
    bool is_fetching;     /* one worker at a time asks the store */
    gint64 not_before_us; /* after a temporary failure: wait until then */
    bool is_stopping;
};

/* A mail on its way through a worker. */
typedef struct {
    Delivery *delivery;
    bool is_backlog; /* it was found in the store, not just received */
} Waiting;

static void waiting_free(Waiting *waiting)
{
    delivery_free(waiting->delivery);
    g_free(waiting);
}

static Delivery *delivery_copy(const Delivery *delivery)
{
    Delivery *copy = g_new0(Delivery, 1);
    memcpy(copy->id, delivery->id, sizeof copy->id);
    copy->envelope_from = g_strdup(delivery->envelope_from);
    copy->recipients = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < delivery->recipients->len; i++)
        g_ptr_array_add(copy->recipients,
                        g_strdup(delivery->recipients->pdata[i]));
    copy->raw = g_bytes_ref(delivery->raw);
    copy->received = delivery->received;
    copy->way = delivery->way;
    return copy;
}

/* With the mutex held: queue it unless it is under way already. */
static void enqueue(Workers *workers, Delivery *delivery, bool is_backlog)
{
    if (!g_hash_table_add(workers->taken, g_strdup(delivery->id))) {
        delivery_free(delivery);
        return;
    }
    Waiting *waiting = g_new0(Waiting, 1);
    *waiting = (Waiting){.delivery = delivery, .is_backlog = is_backlog};
    workers->queued_bytes += g_bytes_get_size(delivery->raw);
    g_queue_push_tail(&workers->queue, waiting);
    g_cond_signal(&workers->changed);
}

void workers_push(Workers *workers, const Delivery *delivery)
{
    g_mutex_lock(&workers->mutex);
    if (workers->queued_bytes > WORKERS_QUEUE_BYTES_MAX)
        workers->has_backlog = true;
    else
        enqueue(workers, delivery_copy(delivery), false);
    g_mutex_unlock(&workers->mutex);
}

/* ---- the backlog ------------------------------------------------------ */

typedef struct {
    Workers *workers;
    GPtrArray *deliveries; /* of Delivery */
    gsize bytes;           /* of all of them */
    bool may_be_more;
} Fetch;

static bool fetch_work(Store *store, void *data, GError **error)
{
    Fetch *fetch = data;
    Workers *workers = fetch->workers;
    g_mutex_lock(&workers->mutex);
    guint known = g_hash_table_size(workers->taken);
    g_mutex_unlock(&workers->mutex);
    g_autoptr(GPtrArray) ids =
        store_undecided(store, known + BACKLOG_BATCH, error);
    if (!ids)
        return false;
    fetch->may_be_more = ids->len == known + BACKLOG_BATCH;
    for (guint i = 0; i < ids->len; i++) {
        g_mutex_lock(&workers->mutex);
        bool is_taken = g_hash_table_contains(workers->taken, ids->pdata[i]);
        g_mutex_unlock(&workers->mutex);
        if (is_taken)
            continue;
        if (fetch->bytes > WORKERS_QUEUE_BYTES_MAX) {
            fetch->may_be_more = true;
            break;
        }
        Delivery *delivery = store_delivery(store, ids->pdata[i], error);
        if (!delivery)
            return false;
        fetch->bytes += g_bytes_get_size(delivery->raw);
        g_ptr_array_add(fetch->deliveries, delivery);
    }
    return true;
}

/* With the mutex held, which is let go meanwhile. */
static void fetch_backlog(Workers *workers)
{
    workers->has_backlog = false;
    workers->is_fetching = true;
    g_mutex_unlock(&workers->mutex);
    Fetch fetch = {.workers = workers, .deliveries = g_ptr_array_new()};
    g_autoptr(GError) error = NULL;
    bool is_done =
        writer_call(workers->config.writer, fetch_work, &fetch, &error);
    if (!is_done)
        log_warning(NULL, "backlog: %s", error->message);
    g_mutex_lock(&workers->mutex);
    for (guint i = 0; i < fetch.deliveries->len; i++)
        enqueue(workers, fetch.deliveries->pdata[i], true);
    g_ptr_array_unref(fetch.deliveries);
    workers->is_fetching = false;
    if (!is_done)
        workers->not_before_us = g_get_monotonic_time() + RETRY_AFTER_US;
    workers->has_backlog |= !is_done || fetch.may_be_more;
}

/* ---- giving up -------------------------------------------------------- */

typedef struct {
    Workers *workers;
    const char *id;
    const char *why; /* to park it; NULL: only if it was begun too often */
    bool is_parked;  /* out */
} ParkJob;

static bool park(Store *store, ParkJob *job, GError **error)
{
    const WorkersConfig *config = &job->workers->config;
    g_autoptr(Knowledge) knowledge = config->knowledge(config->data);
    job->is_parked = store_park(store, job->id,
                                knowledge_settings(knowledge)->desk.case_prefix,
                                job->why, clock_now(config->clock), error);
    return job->is_parked;
}

static bool park_work(Store *store, void *data, GError **error)
{
    return park(store, data, error);
}

/* Count that reading begins; the attempt that is one too many parks it. */
static bool begin_work(Store *store, void *data, GError **error)
{
    ParkJob *job = data;
    uint32_t attempts = 0;
    if (!store_begin_reading(store, job->id, &attempts, error))
        return false;
    if (attempts <= WORKERS_ATTEMPTS_MAX)
        return true;
    job->why = "the desk stopped each time it was read";
    return park(store, job, error);
}

/* An attempt counts once a run of the desk: what is counted is how often the
 * desk itself died over the mail, not how often the disk was full. */
static bool is_new_in_this_run(Workers *workers, const char *id)
{
    g_mutex_lock(&workers->mutex);
    bool is_new = g_hash_table_add(workers->counted, g_strdup(id));
    g_mutex_unlock(&workers->mutex);
    return is_new;
}

/* Somebody who comes second finds it filed already: that is as good. */
static bool give_up(Workers *workers, const char *id, const GError *cause)
{
    g_autofree char *why =
        g_strdup_printf("it could not be filed: %s", cause->message);
    ParkJob job = {.workers = workers, .id = id, .why = why};
    g_autoptr(GError) error = NULL;
    if (writer_call(workers->config.writer, park_work, &job, &error))
        log_error(id, "status=parked (%s)", why);
    else if (!g_error_matches(error, DESK_ERROR, DESK_ERROR_CONFLICT))
        return false;
    return true;
}

/* Will the same attempt succeed later, when nothing but the world changes? */
static bool is_worth_a_retry(const GError *error)
{
    if (error->domain != DESK_ERROR)
        return false;
    switch ((DeskErrorCode)error->code) {
    case DESK_ERROR_TEMPORARY:
    case DESK_ERROR_BROKEN:
    case DESK_ERROR_DENIED:
    case DESK_ERROR_CONFIG:
        return true;
    case DESK_ERROR_LIMIT:
    case DESK_ERROR_INVALID:
    case DESK_ERROR_MISSING:
    case DESK_ERROR_CONFLICT:
        return false;
    }
    return false;
}

/* ---- one mail --------------------------------------------------------- */

typedef struct {
    const Workers *workers;
    Desk desk;
    const Delivery *delivery;
    Judgement *judgement;
} FileJob;

static bool file_work(Store *store, void *data, GError **error)
{
    FileJob *job = data;
    job->desk.store = store;
    return intake_file(&job->desk, job->delivery, job->judgement,
                       clock_now(job->workers->config.clock), error);
}

static void log_filed(const Delivery *delivery, const Judgement *judgement)
{
    const Report *report = judgement->findings->report;
    if (judgement->joins_case)
        log_info(delivery->id, "case=%s, disposition=%s, status=joined (%s)",
                 judgement->joins_case, disposition_word(report->disposition),
                 judgement->joins_why);
    for (guint i = 0; i < judgement->tickets->len; i++) {
        const JudgedTicket *judged = judgement->tickets->pdata[i];
        if (judgement->joins_case && !judged->case_id)
            continue;
        log_info(delivery->id,
                 "case=%s, disposition=%s, category=%s, member=%s, "
                 "verdict=%s, rule=%s, status=%s",
                 judged->case_id ? judged->case_id : "-",
                 disposition_word(report->disposition),
                 judged->ticket->category,
                 judged->ticket->member ? judged->ticket->member : "-",
                 verdict_word(judged->ticket->verdict), judged->decision->rule,
                 action_word(judged->decision->action));
    }
}

/* False: it stays received and is tried again later. */
static bool process(Workers *workers, const Delivery *delivery)
{
    g_autoptr(Knowledge) knowledge =
        workers->config.knowledge(workers->config.data);
    FileJob job = {.workers = workers,
                   .desk = knowledge_desk(knowledge),
                   .delivery = delivery};
    job.desk.reader = workers->config.reader;
    job.desk.loop_key = workers->config.loop_key;
    job.desk.started = workers->config.clock->began;
    g_autoptr(GError) error = NULL;
    g_autoptr(Judgement) judgement = intake_read(
        &job.desk, delivery, clock_now(workers->config.clock), &error);
    job.judgement = judgement;
    if (judgement &&
        writer_call(workers->config.writer, file_work, &job, &error)) {
        log_filed(delivery, judgement);
        workers->config.filed(workers->config.data);
        return true;
    }
    if (!is_worth_a_retry(error))
        return give_up(workers, delivery->id, error);
    log_warning(delivery->id, "status=deferred (%s)", error->message);
    if (!judgement && reader_is_lost(workers->config.reader))
        workers->config.lost(workers->config.data);
    return false;
}

/* Mails that an earlier run left undecided may be what ended it. */
static bool process_waiting(Workers *workers, const Waiting *waiting)
{
    const Delivery *delivery = waiting->delivery;
    if (!waiting->is_backlog || !is_new_in_this_run(workers, delivery->id))
        return process(workers, delivery);
    ParkJob job = {.workers = workers, .id = delivery->id};
    g_autoptr(GError) error = NULL;
    if (!writer_call(workers->config.writer, begin_work, &job, &error)) {
        log_warning(delivery->id, "status=deferred (%s)", error->message);
        return g_error_matches(error, DESK_ERROR, DESK_ERROR_CONFLICT);
    }
    if (!job.is_parked)
        return process(workers, delivery);
    log_error(delivery->id, "status=parked (%s)", job.why);
    return true;
}

/* The next mail, or NULL when it is time to stop. */
static Waiting *next_mail(Workers *workers)
{
    while (!workers->is_stopping) {
        Waiting *waiting = g_queue_pop_head(&workers->queue);
        if (waiting) {
            workers->queued_bytes -= g_bytes_get_size(waiting->delivery->raw);
            return waiting;
        }
        gint64 now_us = g_get_monotonic_time();
        if (!workers->has_backlog || workers->is_fetching)
            g_cond_wait(&workers->changed, &workers->mutex);
        else if (now_us < workers->not_before_us)
            g_cond_wait_until(&workers->changed, &workers->mutex,
                              workers->not_before_us);
        else
            fetch_backlog(workers);
    }
    return NULL;
}

static gpointer work(gpointer data)
{
    Workers *workers = data;
    g_mutex_lock(&workers->mutex);
    for (Waiting *waiting; (waiting = next_mail(workers));) {
        g_mutex_unlock(&workers->mutex);
        bool is_done = process_waiting(workers, waiting);
        g_mutex_lock(&workers->mutex);
        g_hash_table_remove(workers->taken, waiting->delivery->id);
        if (is_done) {
            g_hash_table_remove(workers->counted, waiting->delivery->id);
        } else {
            workers->has_backlog = true;
            workers->not_before_us = g_get_monotonic_time() + RETRY_AFTER_US;
        }
        waiting_free(waiting);
    }
    g_mutex_unlock(&workers->mutex);
    return NULL;
}

Workers *workers_start(const WorkersConfig *config, guint count)
{
    Workers *workers = g_new0(Workers, 1);
    workers->config = *config;
    g_mutex_init(&workers->mutex);
    g_cond_init(&workers->changed);
    g_queue_init(&workers->queue);
    workers->taken =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    workers->counted =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    workers->has_backlog = true;
    workers->threads = g_ptr_array_new();
    for (guint i = 0; i < count; i++)
        g_ptr_array_add(workers->threads,
                        g_thread_new("worker", work, workers));
    return workers;
}

void workers_stop(Workers *workers)
{
    g_mutex_lock(&workers->mutex);
    workers->is_stopping = true;
    g_cond_broadcast(&workers->changed);
    g_mutex_unlock(&workers->mutex);
    for (guint i = 0; i < workers->threads->len; i++)
        g_thread_join(workers->threads->pdata[i]);
    g_ptr_array_unref(workers->threads);
    g_queue_clear_full(&workers->queue, (GDestroyNotify)waiting_free);
    g_hash_table_unref(workers->taken);
    g_hash_table_unref(workers->counted);
    g_mutex_clear(&workers->mutex);
    g_cond_clear(&workers->changed);
    g_free(workers);
}
