#include "daemon/daemon.h"

#include "base/errors.h"
#include "base/files.h"
#include "base/log.h"
#include "daemon/handing.h"
#include "daemon/outgoing.h"
#include "daemon/requests.h"
#include "daemon/watching.h"
#include "daemon/workers.h"
#include "intake/inviting.h"
#include "intake/noticing.h"
#include "intake/remedying.h"
#include "intake/telling.h"
#include "intake/verifying.h"
#include "receive/server.h"
#include "receive/service.h"
#include "store/drafts.h"
#include "store/outbox.h"

#include <signal.h>
#include <unistd.h>

#define RENEW_EVERY_MS (10 * 1000) /* look for a newer relay history */
#define ALERT_EVERY_MS (2 * 1000)
#define ASK_EVERY_MS   (60 * 1000) /* one member's address again */
#define TELL_EVERY_MS  (5 * 1000)  /* members' people, if a mail came */
#define DRAIN_MS       (45 * 1000) /* then the rest is cut off */

typedef struct {
    const DaemonOptions *options;
    DeskClock clock;
    GMutex mutex; /* guards knowledge */
    Knowledge *knowledge;
    GBytes *loop_key;
    Reader *reader;
    Courier *courier;
    OutgoingSlot slot;
    Loop *loop;
    Writer *writer;
    Workers *workers;
    Outgoing *outgoing;
    Watching *watching;
    Receiver *receiver;
    ControlServer *control;
    RequestsConfig requests;
    LoopTimer *alert_timer, *ask_timer, *tell_timer, *renew_timer, *drain_timer;
    guint draining; /* parts that have not ended yet */
    bool is_ending;
    bool has_news; /* members' people may have to be told */
    GError *fatal;
} Daemon;

/* ---- the snapshot ----------------------------------------------------- */

static Knowledge *knowledge_now(void *data)
{
    Daemon *daemon = data;
    g_mutex_lock(&daemon->mutex);
    Knowledge *knowledge = knowledge_ref(daemon->knowledge);
    g_mutex_unlock(&daemon->mutex);
    return knowledge;
}

static void knowledge_swap(Daemon *daemon, Knowledge *knowledge)
{
    g_mutex_lock(&daemon->mutex);
    Knowledge *old = daemon->knowledge;
    daemon->knowledge = knowledge;
    g_mutex_unlock(&daemon->mutex);
    knowledge_unref(old);
}

/* ---- the members' relays and addresses --------------------------------- */

static bool look_around(Store *store, void *data, GError **error)
{
    Daemon *daemon = data;
    g_autoptr(Knowledge) knowledge = knowledge_now(daemon);
    guint noticed;
    if (!noticing_look(store, knowledge_settings(knowledge),
                       clock_now(&daemon->clock), &noticed, error))
        return false;
    if (noticed > 0)
        log_warning(NULL, "members' relays: %u notice%s, see exitdesk todo",
                    noticed, noticed == 1 ? "" : "s");
    return true;
}

static bool look_at_remedies(Store *store, void *data, GError **error)
{
    Daemon *daemon = data;
    g_autoptr(Knowledge) knowledge = knowledge_now(daemon);
    Desk desk = knowledge_desk(knowledge);
    guint changed;
    desk.reader = daemon->reader;
    desk.loop_key = daemon->loop_key;
    return remedying_look(&desk, store, clock_now(&daemon->clock), &changed,
                          error);
}

static bool ask_again(Store *store, void *data, GError **error)
{
    Daemon *daemon = data;
    g_autoptr(Knowledge) knowledge = knowledge_now(daemon);
    const Settings *settings = knowledge_settings(knowledge);
    Instant now = clock_now(&daemon->clock);
    bool asked = false;
    return settings->desk.mode != MODE_LIVE || !settings->send.via ||
           (verifying_renew(store, settings, daemon->loop_key, now, &asked,
                            error) &&
            inviting_tell(store, settings, daemon->loop_key, now, error));
}

static bool tell_members(Store *store, void *data, GError **error)
{
    Daemon *daemon = data;
    g_autoptr(Knowledge) knowledge = knowledge_now(daemon);
    guint told = 0;
    if (!telling_run(store, knowledge_settings(knowledge), daemon->loop_key,
                     clock_now(&daemon->clock), &told, error))
        return false;
    if (told > 0)
        log_info(NULL, "mails to members' people queued: %u", told);
    return true;
}

static void looked(void *data, const GError *error)
{
    if (error)
        log_warning(NULL, "members' relays and addresses: %s", error->message);
}

static void look_at_members(Daemon *daemon)
{
    writer_run(daemon->writer, look_around, looked, daemon);
    writer_run(daemon->writer, look_at_remedies, looked, daemon);
}

/* Once a minute, and soon after something was filed. */
static void tell(void *data)
{
    Daemon *daemon = data;
    if (!daemon->has_news)
        return;
    daemon->has_news = false;
    writer_run(daemon->writer, tell_members, looked, daemon);
}

static void ask_members(void *data)
{
    ((Daemon *)data)->has_news = true;
    writer_run(((Daemon *)data)->writer, ask_again, looked, data);
}

static void alert_people(void *data)
{
    handing_alert(&((Daemon *)data)->requests);
}

static void renew(void *data)
{
    Daemon *daemon = data;
    Knowledge *renewed = knowledge_renew(daemon->knowledge);
    if (!renewed)
        return;
    knowledge_swap(daemon, renewed);
    log_info(NULL, "relay data: a newer history is in use");
    look_at_members(daemon);
}

static bool reload(void *data, GError **error)
{
    Daemon *daemon = data;
    Knowledge *loaded =
        knowledge_load(daemon->options->config, daemon->options->data, error);
    if (!loaded)
        return false;
    knowledge_swap(daemon, loaded);
    log_info(NULL, "configuration reloaded; sockets, data directory, "
                   "smarthost and signing keys change with a restart only");
    return true;
}

static void reload_on_signal(void *data)
{
    g_autoptr(GError) error = NULL;
    service_is_reloading();
    if (!reload(data, &error))
        log_error(NULL, "reload refused, the running configuration stays: %s",
                  error->message);
    service_is_ready();
}

/* ---- mail in ---------------------------------------------------------- */

typedef struct {
    Daemon *daemon;
    ReceiveSession *session;
} Arrival;

static bool accepts(void *data, const char *address)
{
    return knowledge_accepts(((Daemon *)data)->knowledge, address);
}

static Instant now(void *data)
{
    return clock_now(&((Daemon *)data)->clock);
}

static void accepted(void *data, const Delivery *delivery, const GError *error)
{
    Arrival *arrival = data;
    receive_answer(arrival->session, error ? NULL : delivery->id, error);
    if (error) {
        log_warning(NULL, "from=<%s>, status=refused (%s)",
                    delivery->envelope_from, error->message);
    } else {
        log_info(delivery->id, "from=<%s>, size=%zu, in=%s, status=%s",
                 delivery->envelope_from, g_bytes_get_size(delivery->raw),
                 delivery->way,
                 delivery->is_known ? "known (same delivery again)"
                                    : "received");
        /* After workers_stop the store keeps it for the next start. */
        if (!delivery->is_known && arrival->daemon->workers)
            workers_push(arrival->daemon->workers, delivery);
    }
    g_free(arrival);
}

static void deliver(void *data, ReceiveSession *session, Delivery *delivery)
{
    Daemon *daemon = data;
    Arrival *arrival = g_new0(Arrival, 1);
    *arrival = (Arrival){.daemon = daemon, .session = session};
    writer_accept(daemon->writer, delivery, accepted, arrival);
}

/* ---- ending ----------------------------------------------------------- */

static void part_drained(void *data)
{
    Daemon *daemon = data;
    if (--daemon->draining == 0)
        loop_stop(daemon->loop);
}

static void drain_took_too_long(void *data)
{
    log_warning(NULL, "stopping without waiting for the sessions left");
    loop_stop(((Daemon *)data)->loop);
}

static void end(void *data)
{
    Daemon *daemon = data;
    if (daemon->is_ending)
        return;
    daemon->is_ending = true;
    service_is_stopping();
    log_info(NULL, "stopping: sessions and the letter under way are finished");
    daemon->drain_timer =
        loop_timer(daemon->loop, DRAIN_MS, 0, drain_took_too_long, daemon);
    daemon->draining = 2;
    receiver_drain(daemon->receiver, part_drained, daemon);
    outgoing_drain(daemon->outgoing, part_drained, daemon);
}

/* The store can no longer be trusted: everybody has been told 451. */
static void store_broke(void *data, const GError *error)
{
    Daemon *daemon = data;
    log_error(NULL, "the store failed, stopping at once: %s", error->message);
    if (!daemon->fatal)
        daemon->fatal = g_error_copy(error);
    loop_stop(daemon->loop);
}

/* A process that the desk cannot make anew, because it has threads now: end
 * in order, and let whoever watches start us again. */
static void process_lost(Daemon *daemon, const char *which)
{
    if (daemon->fatal)
        return;
    g_set_error(&daemon->fatal, DESK_ERROR, DESK_ERROR_TEMPORARY,
                "%s is gone; a new start makes a new one", which);
    log_error(NULL, "%s", daemon->fatal->message);
    end(daemon);
}

static void courier_lost(void *data)
{
    process_lost(data, "the process that sends");
}

static void reader_lost_on_loop(void *data)
{
    process_lost(data, "the process that reads");
}

static void reader_lost(void *data)
{
    loop_post(((Daemon *)data)->loop, reader_lost_on_loop, data);
}

/* ---- starting --------------------------------------------------------- */

static void poke(void *data)
{
    ((Daemon *)data)->has_news = true;
    outgoing_poke(((Daemon *)data)->outgoing);
}

static void filed(void *data)
{
    loop_post(((Daemon *)data)->loop, poke, data);
}

static bool start_processes(Daemon *daemon, GError **error)
{
    const Settings *settings = knowledge_settings(daemon->knowledge);
    daemon->reader = reader_start(error);
    if (!daemon->reader)
        return false;
    if (!settings->send.via)
        return true;
    CourierEvents events = outgoing_events(&daemon->slot);
    daemon->courier = handing_start(settings, &events, error);
    return daemon->courier != NULL;
}

static bool start_store(Daemon *daemon, GError **error)
{
    const Settings *settings = knowledge_settings(daemon->knowledge);
    if (!directory_ensure(settings->data, error))
        return false;
    g_autoptr(Store) store = store_open(settings->data, STORE_WRITE, error);
    if (!store ||
        !store_outbox_recover(store, clock_now(&daemon->clock), error))
        return false;
    daemon->loop_key = store_secret(store, "loop", error);
    if (!daemon->loop_key)
        return false;
    store_hand_over(store);
    daemon->loop = loop_new();
    daemon->writer = writer_start(daemon->loop, g_steal_pointer(&store),
                                  store_broke, daemon);
    return true;
}

static void start_work(Daemon *daemon)
{
    const Settings *settings = knowledge_settings(daemon->knowledge);
    OutgoingConfig outgoing = {
        .loop = daemon->loop,
        .writer = daemon->writer,
        .courier = daemon->courier,
        .reader = daemon->reader,
        .loop_key = daemon->loop_key,
        .clock = &daemon->clock,
        .knowledge = knowledge_now,
        .lost = courier_lost,
        .data = daemon,
    };
    /* First of all: its probe is queued before any letter is decided. */
    daemon->watching = watching_start(&(WatchingConfig){
        .loop = daemon->loop,
        .writer = daemon->writer,
        .clock = &daemon->clock,
        .loop_key = daemon->loop_key,
        .reader = daemon->reader,
        .knowledge = knowledge_now,
        .changed = poke,
        .data = daemon,
    });
    daemon->outgoing = outgoing_start(&outgoing);
    daemon->slot.outgoing = daemon->outgoing;
    WorkersConfig workers = {
        .writer = daemon->writer,
        .reader = daemon->reader,
        .clock = &daemon->clock,
        .loop_key = daemon->loop_key,
        .knowledge = knowledge_now,
        .filed = filed,
        .lost = reader_lost,
        .data = daemon,
    };
    daemon->workers = workers_start(&workers, settings->read.workers);
}

static bool start_sockets(Daemon *daemon, GError **error)
{
    const Settings *settings = knowledge_settings(daemon->knowledge);
    ReceiveConfig receive = {
        .hostname = g_get_host_name(),
        .socket = settings->receive.socket,
        .listen = settings->receive.listen,
        .max_bytes = settings->receive.max_bytes,
        .max_sessions = settings->receive.max_sessions,
        .accepts = accepts,
        .now = now,
        .deliver = deliver,
        .data = daemon,
    };
    daemon->receiver = receiver_start(daemon->loop, &receive, error);
    if (!daemon->receiver)
        return false;
    daemon->requests = (RequestsConfig){
        .writer = daemon->writer,
        .clock = &daemon->clock,
        .reader = daemon->reader,
        .loop_key = daemon->loop_key,
        .knowledge = knowledge_now,
        .reload = reload,
        .changed = poke,
        .workers = &daemon->workers,
        .data = daemon,
    };
    daemon->control = control_start(daemon->loop, settings->control, 0600, NULL,
                                    requests_handle, &daemon->requests, error);
    return daemon->control != NULL;
}

static bool start(Daemon *daemon, GError **error)
{
    daemon->knowledge =
        knowledge_load(daemon->options->config, daemon->options->data, error);
    if (!daemon->knowledge)
        return false;
    const Settings *settings = knowledge_settings(daemon->knowledge);
    if (!clock_init(&daemon->clock, settings->clock)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                    "clock: \"%s\" is no moment", settings->clock);
        return false;
    }
    if (!start_processes(daemon, error) || !start_store(daemon, error))
        return false;
    start_work(daemon);
    if (!start_sockets(daemon, error))
        return false;
    loop_on_signal(daemon->loop, SIGTERM, end, daemon);
    loop_on_signal(daemon->loop, SIGINT, end, daemon);
    loop_on_signal(daemon->loop, SIGHUP, reload_on_signal, daemon);
    daemon->renew_timer =
        loop_timer(daemon->loop, RENEW_EVERY_MS, RENEW_EVERY_MS, renew, daemon);
    daemon->alert_timer = loop_timer(daemon->loop, ALERT_EVERY_MS,
                                     ALERT_EVERY_MS, alert_people, daemon);
    daemon->ask_timer = loop_timer(daemon->loop, ASK_EVERY_MS, ASK_EVERY_MS,
                                   ask_members, daemon);
    daemon->tell_timer =
        loop_timer(daemon->loop, TELL_EVERY_MS, TELL_EVERY_MS, tell, daemon);
    look_at_members(daemon);
    ask_members(daemon);
    log_info(NULL, "ready: %s, %u member%s, mode %s", settings->desk.name,
             settings->members ? members_count(settings->members) : 0,
             settings->members && members_count(settings->members) == 1 ? ""
                                                                        : "s",
             settings->desk.mode == MODE_LIVE ? "live" : "observe");
    return true;
}

/* In the reverse order of starting; parts that never started are NULL. */
static void stop(Daemon *daemon)
{
    g_clear_pointer(&daemon->workers, workers_stop);
    g_clear_pointer(&daemon->writer, writer_stop);
    g_clear_pointer(&daemon->watching, watching_free);
    g_clear_pointer(&daemon->drain_timer, loop_timer_free);
    g_clear_pointer(&daemon->renew_timer, loop_timer_free);
    g_clear_pointer(&daemon->ask_timer, loop_timer_free);
    g_clear_pointer(&daemon->tell_timer, loop_timer_free);
    g_clear_pointer(&daemon->alert_timer, loop_timer_free);
    g_clear_pointer(&daemon->control, control_free);
    g_clear_pointer(&daemon->receiver, receiver_free);
    g_clear_pointer(&daemon->outgoing, outgoing_free);
    g_clear_pointer(&daemon->loop, loop_free);
    g_clear_pointer(&daemon->courier, courier_stop);
    g_clear_pointer(&daemon->reader, reader_stop);
    g_clear_pointer(&daemon->loop_key, g_bytes_unref);
    g_clear_pointer(&daemon->knowledge, knowledge_unref);
    g_mutex_clear(&daemon->mutex);
}

bool daemon_run(const DaemonOptions *options, GError **error)
{
    Daemon daemon = {.options = options};
    g_mutex_init(&daemon.mutex);
    bool is_started = start(&daemon, error);
    if (is_started) {
        service_is_ready();
        loop_run(daemon.loop);
    }
    stop(&daemon);
    if (daemon.fatal) {
        g_propagate_error(error, daemon.fatal);
        return false;
    }
    return is_started;
}
