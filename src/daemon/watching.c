#include "daemon/watching.h"

#include "base/log.h"
#include "intake/digesting.h"
#include "intake/probing.h"
#include "store/breaker.h"

#define PROBE_EVERY_MS  (60 * 1000)
#define CLOCK_EVERY_MS  (5 * 1000)
#define DIGEST_EVERY_MS (60 * 1000)

struct Watching {
    WatchingConfig config;
    LoopTimer *probe_timer, *clock_timer, *digest_timer;
    int64_t jump_s; /* not on record yet */
    bool has_more;  /* digests are due */
};

/* ---- the border --------------------------------------------------------- */

static bool probe(Store *store, void *data, GError **error)
{
    const WatchingConfig *config = &((Watching *)data)->config;
    g_autoptr(Knowledge) knowledge = config->knowledge(config->data);
    bool lost;
    if (!probing_renew(store, knowledge_settings(knowledge), config->loop_key,
                       config->clock->began, clock_now(config->clock), &lost,
                       error))
        return false;
    if (lost)
        log_warning(NULL, "the probe of the mail server did not come back: "
                          "no letter leaves by itself. See exitdesk doctor");
    return true;
}

static void probed(void *data, const GError *error)
{
    const WatchingConfig *config = &((Watching *)data)->config;
    if (error)
        log_warning(NULL, "probe of the mail server: %s", error->message);
    else
        config->changed(config->data);
}

static void look_at_border(void *data)
{
    writer_run(((Watching *)data)->config.writer, probe, probed, data);
}

/* ---- the clock ---------------------------------------------------------- */

static bool open_breaker(Store *store, void *data, GError **error)
{
    const Watching *watching = data;
    int64_t by_s = watching->jump_s;
    g_autofree char *why =
        g_strdup_printf("the clock jumped %s by %" G_GINT64_FORMAT " minutes",
                        by_s > 0 ? "ahead" : "back", ABS(by_s) / 60);
    return store_breaker_open(store, why, clock_now(watching->config.clock),
                              error);
}

static void opened(void *data, const GError *error)
{
    Watching *watching = data;
    if (error)
        log_error(NULL, "the clock jumped, and the breaker: %s",
                  error->message);
    else
        watching->jump_s = 0;
}

/* A desk with a clock of its own does not see the system's. */
static void look_at_clock(void *data)
{
    Watching *watching = data;
    int64_t by_s = clock_jump(watching->config.clock);
    if (by_s != 0 && watching->config.clock->start == INSTANT_NONE)
        watching->jump_s = by_s;
    if (watching->jump_s != 0)
        writer_run(watching->config.writer, open_breaker, opened, watching);
}

/* ---- reporters' digests ------------------------------------------------- */

static void look_at_digests(void *data);

static bool write_digest(Store *store, void *data, GError **error)
{
    Watching *watching = data;
    const WatchingConfig *config = &watching->config;
    g_autoptr(Knowledge) knowledge = config->knowledge(config->data);
    Desk desk = knowledge_desk(knowledge);
    desk.store = store;
    desk.reader = config->reader;
    desk.loop_key = config->loop_key;
    desk.started = config->clock->began;
    guint written;
    return digesting_run(&desk, clock_now(config->clock), &written,
                         &watching->has_more, error);
}

/* One at a time, so that mail is answered in between. */
static void digest_written(void *data, const GError *error)
{
    Watching *watching = data;
    if (error) {
        log_warning(NULL, "digest: %s", error->message);
        return;
    }
    watching->config.changed(watching->config.data);
    if (watching->has_more)
        look_at_digests(watching);
}

static void look_at_digests(void *data)
{
    Watching *watching = data;
    watching->has_more = false;
    writer_run(watching->config.writer, write_digest, digest_written, watching);
}

Watching *watching_start(const WatchingConfig *config)
{
    Watching *watching = g_new0(Watching, 1);
    watching->config = *config;
    watching->probe_timer = loop_timer(
        config->loop, PROBE_EVERY_MS, PROBE_EVERY_MS, look_at_border, watching);
    watching->clock_timer = loop_timer(config->loop, CLOCK_EVERY_MS,
                                       CLOCK_EVERY_MS, look_at_clock, watching);
    watching->digest_timer =
        loop_timer(config->loop, DIGEST_EVERY_MS, DIGEST_EVERY_MS,
                   look_at_digests, watching);
    look_at_border(watching);
    return watching;
}

void watching_free(Watching *watching)
{
    g_clear_pointer(&watching->probe_timer, loop_timer_free);
    g_clear_pointer(&watching->clock_timer, loop_timer_free);
    g_clear_pointer(&watching->digest_timer, loop_timer_free);
    g_free(watching);
}
