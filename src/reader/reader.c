/*
 * The pure stages in a row, and the same in a child of the pool. The request
 * is the raw message and the addresses of members; the answer is a packed
 * Findings. The message travels on the child's own socket: no descriptor and
 * no shared memory enters the sandbox.
 */
#include "reader/reader.h"

#include "base/digest.h"
#include "base/errors.h"
#include "reader/pool.h"

#include <string.h>

#define ANSWER_BYTES_MAX (64 * 1024 * 1024)
#define HINTS_BYTES_MAX  (16 * 1024 * 1024)
/* An odd mail, by its time. Seven quicker ones leave the last mail of a child
 * its 2 s of CPU (READER_CPU_SECONDS_MAX). */
#define SLOW_US (G_USEC_PER_SEC / 10)

struct Reader {
    Pool *pool;
};

static Findings *read_unreadable(GBytes *raw, const char *why)
{
    gsize length;
    const void *data = g_bytes_get_data(raw, &length);
    GPtrArray *none =
        g_ptr_array_new_with_free_func((GDestroyNotify)incident_free);
    Findings *findings = findings_new(report_new_unreadable(why), none);
    digest_sha256(data ? data : "", length, findings->mail_key);
    return findings;
}

Findings *reader_read(GBytes *raw, const GArray *hints)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Mail) mail = mail_parse(raw, &error);
    if (!mail)
        return read_unreadable(raw, error->message);
    Report *report = report_read(mail);
    Findings *findings =
        findings_new(report, incident_find(mail, report, hints));
    mail_key(mail, findings->mail_key);
    return findings;
}

/* --- in the zygote and its children ------------------------------------- */

/* Prepare the stages and read one complaint, so that what is set up at first
 * use is set up once and not in every child. */
static void prepare(void)
{
    static const char sample[] =
        "From: Ann <ann@example.org>\r\nSubject: Abuse from 192.0.2.7\r\n"
        "Date: Sat, 02 Nov 2024 20:13:45 +0100\r\n\r\n"
        "Dear abuse team,\r\n\r\nplease stop 192.0.2.7 from attacking our "
        "server 198.51.100.9 within 24 hours.\r\n\r\n"
        "2024-11-02 20:00:00 UTC 192.0.2.7:4711 -> 198.51.100.9:22\r\n";
    mail_prepare();
    report_prepare();
    incident_prepare();
    g_autoptr(GBytes) raw = g_bytes_new_static(sample, sizeof sample - 1);
    findings_free(reader_read(raw, NULL));
}

static GBytes *answer(GBytes *request)
{
    gsize length;
    const void *data = g_bytes_get_data(request, &length);
    WireIn in = wire_in(data, length);
    size_t raw_length, hints_length;
    const uint8_t *raw_data = wire_get_bytes(&in, &raw_length, MAIL_BYTES_MAX);
    const uint8_t *hints_data =
        wire_get_bytes(&in, &hints_length, HINTS_BYTES_MAX);
    g_autoptr(GArray) hints = g_array_new(false, false, sizeof(IpAddress));
    if (hints_length > 0)
        g_array_append_vals(hints, hints_data,
                            (guint)(hints_length / sizeof(IpAddress)));
    g_autoptr(GBytes) raw = g_bytes_new_static(raw_data, raw_length);
    g_autoptr(Findings) findings = reader_read(raw, hints);
    return findings_pack(findings);
}

/* --- in the desk -------------------------------------------------------- */

Reader *reader_start(GError **error)
{
    const SandboxLimits limits = {.cpu_seconds = READER_CPU_SECONDS_MAX,
                                  .memory_bytes = READER_MEMORY_MAX};
    return reader_start_limited(&limits, error);
}

Reader *reader_start_limited(const SandboxLimits *limits, GError **error)
{
    const PoolJob job = {
        .prepare = prepare,
        .answer = answer,
        .limits = *limits,
        .seconds_max = READER_SECONDS_MAX,
        .answer_bytes_max = ANSWER_BYTES_MAX,
    };
    Pool *pool = pool_start(&job, error);
    if (!pool)
        return NULL;
    Reader *reader = g_new0(Reader, 1);
    reader->pool = pool;
    return reader;
}

void reader_stop(Reader *reader)
{
    if (!reader)
        return;
    pool_stop(reader->pool);
    g_free(reader);
}

static GBytes *new_request(GBytes *raw, const GArray *hints)
{
    WireOut out;
    gsize length;
    const void *data = g_bytes_get_data(raw, &length);
    size_t hints_length = hints ? hints->len * sizeof(IpAddress) : 0;
    wire_out_init(&out);
    wire_put_bytes(&out, data, length);
    wire_put_bytes(&out, hints ? hints->data : NULL,
                   MIN(hints_length, HINTS_BYTES_MAX));
    return wire_out_steal(&out);
}

static Findings *ask(Reader *reader, GBytes *raw, const GArray *hints,
                     GError **error)
{
    gint64 begin_us = g_get_monotonic_time();
    g_autoptr(GBytes) request = new_request(raw, hints);
    PoolChild *child;
    g_autoptr(GBytes) record = pool_ask(reader->pool, request, &child, error);
    if (!record)
        return NULL;
    Findings *findings = findings_unpack(record, error);
    bool is_odd = !findings ||
                  findings->report->disposition == DISPOSITION_UNREADABLE ||
                  g_get_monotonic_time() - begin_us > SLOW_US;
    pool_release(reader->pool, child, is_odd);
    return findings;
}

/* The front of the message, to the end of a line. */
static GBytes *front_of(GBytes *raw)
{
    gsize length;
    const char *data = g_bytes_get_data(raw, &length);
    length = MIN(length, READER_FRONT_BYTES);
    const char *end = memrchr(data, '\n', length);
    return g_bytes_new_from_bytes(raw, 0,
                                  end ? (gsize)(end + 1 - data) : length);
}

/* What the front of a message says that cannot be read as a whole. It is for
 * a person, whatever the front looks like. */
static Findings *read_front(Reader *reader, GBytes *raw, const GArray *hints,
                            const char *cause)
{
    g_autoptr(GBytes) front = front_of(raw);
    Findings *findings = ask(reader, front, hints, NULL);
    if (!findings)
        return NULL;
    Report *report = findings->report;
    report->disposition = DISPOSITION_UNREADABLE;
    g_free(report->disposition_why);
    report->disposition_why = g_strdup_printf(
        "too large to read: %s; what is shown is from its first %u KiB", cause,
        READER_FRONT_BYTES / 1024);
    report_add_flag(report, "too-large");
    /* Two messages with the same front are two messages. */
    gsize length;
    const void *data = g_bytes_get_data(raw, &length);
    digest_sha256(data, length, findings->mail_key);
    return findings;
}

Findings *reader_run(Reader *reader, GBytes *raw, const GArray *hints,
                     GError **error)
{
    if (g_bytes_get_size(raw) > MAIL_BYTES_MAX) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_LIMIT,
                    "the mail has more than %d MiB",
                    MAIL_BYTES_MAX / 1024 / 1024);
        return NULL;
    }
    g_autoptr(GError) cause = NULL;
    Findings *findings = ask(reader, raw, hints, &cause);
    if (findings)
        return findings;
    /* A library that gets no memory may end the child without a word. */
    if (!g_error_matches(cause, DESK_ERROR, DESK_ERROR_TEMPORARY) &&
        g_bytes_get_size(raw) > READER_FRONT_BYTES)
        findings = read_front(reader, raw, hints, cause->message);
    if (!findings)
        g_propagate_error(error, g_steal_pointer(&cause));
    return findings;
}

bool reader_is_lost(const Reader *reader)
{
    return pool_is_lost(reader->pool);
}
