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
    GQueue queue; /* of Delivery */
    gsize queued_bytes;
    GHashTable *taken;    /* ids queued or being processed */
    GHashTable *counted;  /* ids whose attempt was counted in this run */
    bool has_backlog;     /* the store may hold undecided mails */
    bool is_fetching;     /* one worker at a time asks the store */
    gint64 not_before_us; /* after a temporary failure: wait until then */
    bool is_stopping;
};

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
static void enqueue(Workers *workers, Delivery *delivery)
{
    if (!g_hash_table_add(workers->taken, g_strdup(delivery->id))) {
        delivery_free(delivery);
        return;
    }
    workers->queued_bytes += g_bytes_get_size(delivery->raw);
    g_queue_push_tail(&workers->queue, delivery);
    g_cond_signal(&workers->changed);
}

void workers_push(Workers *workers, const Delivery *delivery)
{
    g_mutex_lock(&workers->mutex);
    if (workers->queued_bytes > WORKERS_QUEUE_BYTES_MAX)
        workers->has_backlog = true;
    else
        enqueue(workers, delivery_copy(delivery));
    g_mutex_unlock(&workers->mutex);
}

/* ---- the backlog ------------------------------------------------------ */

typedef struct {
    Workers *workers;
    const char *case_prefix;
    GPtrArray *deliveries; /* of Delivery */
    bool may_be_more;
} Fetch;

/* An attempt counts once a run of the desk: what is counted is how often the
 * desk itself died over the mail, not how often the disk was full. */
static bool is_new_in_this_run(Workers *workers, const char *id)
{
    g_mutex_lock(&workers->mutex);
    bool is_new = g_hash_table_add(workers->counted, g_strdup(id));
    g_mutex_unlock(&workers->mutex);
    return is_new;
}

/* Take a mail from the store; the attempt that is one too many parks it. */
static bool fetch_one(Store *store, const char *id, Fetch *fetch,
                      GError **error)
{
    uint32_t attempts = 0;
    if (is_new_in_this_run(fetch->workers, id) &&
        !store_begin_reading(store, id, &attempts, error))
        return false;
    if (attempts > WORKERS_ATTEMPTS_MAX) {
        log_error(id, "status=parked (%u attempts to read it did not end)",
                  attempts - 1);
        const WorkersConfig *config = &fetch->workers->config;
        g_autoptr(Knowledge) knowledge = config->knowledge(config->data);
        return store_park(store, id,
                          knowledge_settings(knowledge)->desk.case_prefix,
                          "the desk stopped each time it was read",
                          clock_now(config->clock), error);
    }
    Delivery *delivery = store_delivery(store, id, error);
    if (!delivery)
        return false;
    g_ptr_array_add(fetch->deliveries, delivery);
    return true;
}

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
        if (!is_taken && !fetch_one(store, ids->pdata[i], fetch, error))
            return false;
    }
    return true;
}

/* With the mutex held, which is let go meanwhile. */
static void fetch_backlog(Workers *workers)
{
    workers->has_backlog = false;
    workers->is_fetching = true;
    g_mutex_unlock(&workers->mutex);
    g_autoptr(Knowledge) knowledge =
        workers->config.knowledge(workers->config.data);
    Fetch fetch = {
        .workers = workers,
        .case_prefix = knowledge_settings(knowledge)->desk.case_prefix,
        .deliveries = g_ptr_array_new(),
    };
    g_autoptr(GError) error = NULL;
    bool is_done =
        writer_call(workers->config.writer, fetch_work, &fetch, &error);
    if (!is_done)
        log_warning(NULL, "backlog: %s", error->message);
    g_mutex_lock(&workers->mutex);
    for (guint i = 0; i < fetch.deliveries->len; i++)
        enqueue(workers, fetch.deliveries->pdata[i]);
    g_ptr_array_unref(fetch.deliveries);
    workers->is_fetching = false;
    if (!is_done)
        workers->not_before_us = g_get_monotonic_time() + RETRY_AFTER_US;
    workers->has_backlog |= !is_done || fetch.may_be_more;
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
    if (g_error_matches(error, DESK_ERROR, DESK_ERROR_CONFLICT))
        return true;
    log_warning(delivery->id, "status=deferred (%s)", error->message);
    return false;
}

/* The next mail, or NULL when it is time to stop. */
static Delivery *next_mail(Workers *workers)
{
    while (!workers->is_stopping) {
        Delivery *delivery = g_queue_pop_head(&workers->queue);
        if (delivery) {
            workers->queued_bytes -= g_bytes_get_size(delivery->raw);
            return delivery;
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
    for (Delivery *delivery; (delivery = next_mail(workers));) {
        g_mutex_unlock(&workers->mutex);
        bool is_done = process(workers, delivery);
        g_mutex_lock(&workers->mutex);
        g_hash_table_remove(workers->taken, delivery->id);
        if (is_done) {
            g_hash_table_remove(workers->counted, delivery->id);
        } else {
            workers->has_backlog = true;
            workers->not_before_us = g_get_monotonic_time() + RETRY_AFTER_US;
        }
        delivery_free(delivery);
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
    g_queue_clear_full(&workers->queue, (GDestroyNotify)delivery_free);
    g_hash_table_unref(workers->taken);
    g_hash_table_unref(workers->counted);
    g_mutex_clear(&workers->mutex);
    g_cond_clear(&workers->changed);
    g_free(workers);
}
