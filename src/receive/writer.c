/*
 * Two queues under one lock: deliveries, of which all that wait go into the
 * next transaction, and jobs, which run one after the other between such
 * commits for JOB_SLICE_MS at most before deliveries are looked at again. No
 * timer collects a batch: while a commit runs the next batch gathers by itself
 * (measured: a pause of 2 ms for more made it a third slower). The jobs of a
 * slice share a commit too.
 *
 * When a batch fails for another reason than a broken store, each of its
 * deliveries is tried alone, so that one message the store will not take
 * does not hold up those of others.
 */
#include "receive/writer.h"

#include "base/errors.h"

#define BATCH_MAX     512
#define JOB_SLICE_MS  5
#define SETTLE_ROUNDS 100 /* a completion may ask once more; not for ever */

typedef struct {
    Delivery *delivery;
    WriterAccepted *done;
    void *data;
    GError *error; /* NULL: committed */
} Pending;

typedef struct {
    WriterWork *work;
    WriterDone *done;
    void *data;
    GError *error;
    bool is_waited; /* on a caller's stack, who waits for is_done */
    bool is_done;
} Job;

struct Writer {
    Loop *loop;
    Store *store;
    WriterFatal *fatal;
    void *fatal_data;
    GThread *thread;
    GMutex lock; /* of what follows */
    GCond changed;
    GPtrArray *deliveries; /* of Pending */
    GPtrArray *jobs;       /* of Job */
    bool is_stopping;
    GCond finished; /* some waited-for job is done */
    /* Of the thread alone: */
    GPtrArray *taken; /* jobs whose turn it is, */
    guint next;       /* from this one on */
    GError *broken;   /* set once, before report_fatal is posted */
};

/* ---- completions, on the loop --------------------------------------- */

static void report_accepted(void *data)
{
    g_autoptr(GPtrArray) batch = data;
    for (guint i = 0; i < batch->len; i++) {
        Pending *pending = batch->pdata[i];
        pending->done(pending->data, pending->delivery, pending->error);
        delivery_free(pending->delivery);
        g_clear_error(&pending->error);
        g_free(pending);
    }
}

static void report_job(void *data)
{
    Job *job = data;
    if (job->done)
        job->done(job->data, job->error);
    g_clear_error(&job->error);
    g_free(job);
}

static void report_fatal(void *data)
{
    Writer *writer = data;
    writer->fatal(writer->fatal_data, writer->broken);
}

/* ---- the thread ----------------------------------------------------- */

static void note_if_broken(Writer *writer, const GError *error)
{
    if (writer->broken || !error ||
        !g_error_matches(error, DESK_ERROR, DESK_ERROR_BROKEN))
        return;
    writer->broken = g_error_copy(error);
    loop_post(writer->loop, report_fatal, writer);
}

static void fail_all(GPtrArray *batch, const GError *error)
{
    for (guint i = 0; i < batch->len; i++) {
        Pending *pending = batch->pdata[i];
        pending->error = g_error_copy(error);
    }
}

static void accept_singly(Writer *writer, GPtrArray *batch)
{
    for (guint i = 0; i < batch->len; i++) {
        Pending *pending = batch->pdata[i];
        if (writer->broken)
            pending->error = g_error_copy(writer->broken);
        else if (!store_accept(writer->store, &pending->delivery, 1,
                               &pending->error))
            note_if_broken(writer, pending->error);
    }
}

/* Commit the batch; the array is taken. */
static void accept_batch(Writer *writer, GPtrArray *batch)
{
    g_autofree Delivery **deliveries = g_new(Delivery *, batch->len);
    for (guint i = 0; i < batch->len; i++)
        deliveries[i] = ((Pending *)batch->pdata[i])->delivery;
    g_autoptr(GError) error = NULL;
    if (writer->broken) {
        fail_all(batch, writer->broken);
    } else if (!store_accept(writer->store, deliveries, batch->len, &error)) {
        note_if_broken(writer, error);
        if (writer->broken || batch->len == 1)
            fail_all(batch, error);
        else
            accept_singly(writer, batch);
    }
    loop_post(writer->loop, report_accepted, batch);
}

static void run_job(Writer *writer, Job *job)
{
    if (writer->broken) {
        job->error = g_error_copy(writer->broken);
        return;
    }
    if (job->work(writer->store, job->data, &job->error))
        return;
    if (!job->error)
        g_set_error(&job->error, DESK_ERROR, DESK_ERROR_TEMPORARY,
                    "the store did not say why it refused");
    note_if_broken(writer, job->error);
}

static void finish_job(Writer *writer, Job *job)
{
    if (!job->is_waited) {
        loop_post(writer->loop, report_job, job);
        return;
    }
    g_mutex_lock(&writer->lock);
    job->is_done = true;
    g_cond_broadcast(&writer->finished);
    g_mutex_unlock(&writer->lock);
}

/* At most max items from the front of queue, as an array of their own. */
static GPtrArray *take_front(GPtrArray *queue, guint max)
{
    guint count = MIN(queue->len, max);
    GPtrArray *taken = g_ptr_array_sized_new(count);
    for (guint i = 0; i < count; i++)
        g_ptr_array_add(taken, queue->pdata[i]);
    if (count > 0)
        g_ptr_array_remove_range(queue, 0, count);
    return taken;
}

/* Run taken jobs, in order, until the slice is over. */
static void run_slice(Writer *writer)
{
    uint64_t end = loop_now_ms() + JOB_SLICE_MS;
    while (writer->next < writer->taken->len) {
        run_job(writer, writer->taken->pdata[writer->next++]);
        if (loop_now_ms() >= end)
            return;
    }
}

/* A slice of jobs is one commit: none of them is done before it is, and if
 * it fails none has happened. */
static void run_jobs(Writer *writer)
{
    guint first = writer->next;
    g_autoptr(GError) error = NULL;
    if (first == writer->taken->len)
        return;
    bool is_grouped = !writer->broken && store_group_begin(writer->store, NULL);
    run_slice(writer);
    if (is_grouped && !store_group_commit(writer->store, &error))
        note_if_broken(writer, error);
    for (guint i = first; i < writer->next; i++) {
        Job *job = writer->taken->pdata[i];
        if (error && !job->error)
            job->error = g_error_copy(error);
        finish_job(writer, job);
    }
}

/* One round with the lock held on entry and on return. */
static void write_round(Writer *writer)
{
    GPtrArray *batch = take_front(writer->deliveries, BATCH_MAX);
    if (writer->next == writer->taken->len) {
        g_ptr_array_unref(writer->taken);
        writer->taken = take_front(writer->jobs, BATCH_MAX);
        writer->next = 0;
    }
    g_mutex_unlock(&writer->lock);
    if (batch->len > 0)
        accept_batch(writer, batch);
    else
        g_ptr_array_unref(batch);
    run_jobs(writer);
    g_mutex_lock(&writer->lock);
}

static bool has_work(const Writer *writer)
{
    return writer->deliveries->len > 0 || writer->jobs->len > 0 ||
           writer->next < writer->taken->len;
}

static void *write_until_stopped(void *data)
{
    Writer *writer = data;
    g_mutex_lock(&writer->lock);
    for (;;) {
        if (has_work(writer))
            write_round(writer);
        else if (writer->is_stopping)
            break;
        else
            g_cond_wait(&writer->changed, &writer->lock);
    }
    g_mutex_unlock(&writer->lock);
    store_hand_over(writer->store);
    return NULL;
}

/* ---- for the other threads ------------------------------------------ */

Writer *writer_start(Loop *loop, Store *store, WriterFatal *fatal, void *data)
{
    Writer *writer = g_new0(Writer, 1);
    writer->loop = loop;
    writer->store = store;
    writer->fatal = fatal;
    writer->fatal_data = data;
    g_mutex_init(&writer->lock);
    g_cond_init(&writer->changed);
    g_cond_init(&writer->finished);
    writer->deliveries = g_ptr_array_new();
    writer->jobs = g_ptr_array_new();
    writer->taken = g_ptr_array_new();
    writer->thread = g_thread_new("writer", write_until_stopped, writer);
    return writer;
}

/* False, with error set: too late. */
static bool enqueue(Writer *writer, GPtrArray *queue, void *item,
                    GError **error)
{
    g_mutex_lock(&writer->lock);
    bool is_taken = !writer->is_stopping;
    if (is_taken) {
        g_ptr_array_add(queue, item);
        g_cond_signal(&writer->changed);
    }
    g_mutex_unlock(&writer->lock);
    if (!is_taken)
        g_set_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY,
                    "the desk is stopping");
    return is_taken;
}

void writer_accept(Writer *writer, Delivery *delivery, WriterAccepted *done,
                   void *data)
{
    Pending *pending = g_new0(Pending, 1);
    *pending = (Pending){.delivery = delivery, .done = done, .data = data};
    if (enqueue(writer, writer->deliveries, pending, &pending->error))
        return;
    GPtrArray *batch = g_ptr_array_new();
    g_ptr_array_add(batch, pending);
    loop_post(writer->loop, report_accepted, batch);
}

void writer_run(Writer *writer, WriterWork *work, WriterDone *done, void *data)
{
    Job *job = g_new0(Job, 1);
    *job = (Job){.work = work, .done = done, .data = data};
    if (!enqueue(writer, writer->jobs, job, &job->error))
        loop_post(writer->loop, report_job, job);
}

bool writer_call(Writer *writer, WriterWork *work, void *data, GError **error)
{
    Job job = {.work = work, .data = data, .is_waited = true};
    if (!enqueue(writer, writer->jobs, &job, error))
        return false;
    g_mutex_lock(&writer->lock);
    while (!job.is_done)
        g_cond_wait(&writer->finished, &writer->lock);
    g_mutex_unlock(&writer->lock);
    if (!job.error)
        return true;
    g_propagate_error(error, job.error);
    return false;
}

guint writer_backlog(Writer *writer)
{
    g_mutex_lock(&writer->lock);
    guint waiting = writer->deliveries->len + writer->jobs->len;
    g_mutex_unlock(&writer->lock);
    return waiting;
}

void writer_stop(Writer *writer)
{
    g_mutex_lock(&writer->lock);
    writer->is_stopping = true;
    g_cond_signal(&writer->changed);
    g_mutex_unlock(&writer->lock);
    g_thread_join(writer->thread);
    store_close(writer->store);
    for (int rounds = 0; rounds < SETTLE_ROUNDS; rounds++)
        if (!loop_settle(writer->loop))
            break;
    g_ptr_array_unref(writer->deliveries);
    g_ptr_array_unref(writer->jobs);
    g_ptr_array_unref(writer->taken);
    g_clear_error(&writer->broken);
    g_cond_clear(&writer->changed);
    g_cond_clear(&writer->finished);
    g_mutex_clear(&writer->lock);
    g_free(writer);
}
