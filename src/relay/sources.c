/*
 * The documents we know.
 *
 * To add one: write source_NAME.c with its read function, add one row here,
 * and a fixture to tests/relay/. Rows without a read function are recognised
 * only to be skipped by name, so that a whole archive can be handed in.
 * Order matters where one starter begins another ("network-status-version 2"
 * before any network-status-version). Types are those of CollecTor's index
 * (https://metrics.torproject.org/collector.html#data-formats, read 2026-11).
 */
#include "relay/sources.h"

#include "base/errors.h"
#include "base/ipaddress.h"

#include <stdarg.h>

static bool is_address(const Text *line)
{
    IpAddress ip;
    return ip_parse(line->at, text_length(line), &ip);
}

/* Bandwidth files as authorities serve them begin with the time of the scan,
 * in seconds (https://spec.torproject.org/bandwidth-file-spec/). */
static bool is_seconds(const Text *line)
{
    for (const char *at = line->at; at < line->end; at++)
        if (!g_ascii_isdigit(*at))
            return false;
    return text_length(line) == 10;
}

/* A tor that serves directories keeps older consensuses and what to change in
 * them in diff-cache/, packed, behind lines that name them. */
static bool is_diff_cache(const Text *line)
{
    static const char *const WORDS[] = {"compression", "document-type",
                                        "sha3-digest"};
    for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++) {
        Text copy = *line;
        if (line_keyword(&copy, WORDS[i]))
            return true;
    }
    return false;
}

const Source SOURCES[] = {
    {.word = "v2-status",
     .type = "network-status-2",
     .starter = "network-status-version 2",
     .next = "network-status-version",
     .read = source_status_read},
    {.word = "consensus",
     .type = "network-status-consensus-3",
     .starter = "network-status-version",
     .next = "network-status-version",
     .read = source_consensus_read},
    {.word = "consensus",
     .type = "network-status-microdesc-consensus-3",
     .starter = "network-status-version",
     .next = "network-status-version",
     .read = source_consensus_read},
    /* One authority's opinion: recognised by its vote-status, and skipped. */
    {.word = "vote",
     .type = "network-status-vote-3",
     .starter = "network-status-version",
     .next = "network-status-version",
     .read = source_consensus_read},
    {.word = "server-descriptor",
     .type = "server-descriptor",
     .starter = "router",
     .next = "router",
     .stopper = "router-signature",
     .undoes_cr = true,
     .read = source_descriptor_read},
    {.word = "microdescriptor",
     .type = "microdescriptor",
     .starter = "onion-key",
     .next = "onion-key",
     .undoes_cr = true,
     .read = source_micro_read},
    {.word = "exit-list",
     .type = "tordnsel",
     .starter = "ExitNode",
     .next = "Downloaded",
     .read = source_exitlist_read},
    {.word = "exit-list",
     .type = "tordnsel",
     .starter = "Downloaded",
     .next = "Downloaded",
     .read = source_exitlist_read},
    {.word = "extra-info",
     .type = "extra-info",
     .starter = "extra-info",
     .next = "extra-info",
     .stopper = "router-signature",
     .undoes_cr = true,
     .read = source_extrainfo_read},
    {.word = "certificate",
     .type = "dir-key-certificate-3",
     .starter = "dir-key-certificate-version",
     .next = "dir-key-certificate-version",
     .stopper = "dir-key-certification",
     .undoes_cr = true, /* tor on Windows writes its cached-certs so */
     .read = source_certificate_read},
    {.word = "v1-directory",
     .type = "directory",
     .starter = "signed-directory",
     .next = "signed-directory",
     .read = source_directory_read},
    /* Of no use here; named, so that it is told what was passed over. */
    {.word = "bridge", .type = "bridge-server-descriptor"},
    {.word = "bridge", .type = "bridge-extra-info"},
    {.word = "bridge", .type = "bridge-network-status"},
    {.word = "bridge",
     .type = "bridge-pool-assignment",
     .starter = "bridge-pool-assignment"},
    {.word = "statistics",
     .type = "bridgedb-metrics",
     .starter = "bridgedb-metrics-end"},
    {.word = "statistics",
     .type = "bridgestrap-stats",
     .starter = "bridgestrap-stats-end"},
    {.word = "statistics",
     .type = "snowflake-stats",
     .starter = "snowflake-stats-end"},
    {.word = "statistics", .type = "torperf", .opening = "SOURCE="},
    {.word = "statistics", .type = "onionperf"},
    {.word = "web-log", .opening = "0.0.0."}, /* CollecTor's have no @type */
    {.word = "bandwidth", .type = "bandwidth-file", .is_first = is_seconds},
    {.word = "onion-service",
     .type = "hidden-service-descriptor",
     .starter = "rendezvous-service-descriptor",
     .next = "rendezvous-service-descriptor"},
    {.word = "onion-service", .starter = "hs-descriptor"},
    {.word = "signatures", .starter = "consensus-digest"}, /* detached */
    {.word = "consensus-diff", .starter = "network-status-diff-version"},
    {.word = "consensus-diff", .is_first = is_diff_cache},
    /* Version 1's short list: identities that are up, without addresses. */
    {.word = "v1-running-routers", .starter = "network-status"},
    /* Hints of the last seven days; what follows has no time of its own. */
    {.word = "onionoo",
     .opening = "{\"version\":\"",
     .read = source_onionoo_read},
    {.word = "onionoo", /* before August 2014 */
     .opening = "{\"relays_published\":\"",
     .read = source_onionoo_read},
    {.word = "bulk-exit-list",
     .is_first = is_address,
     .read = source_bulk_read},
};
const guint SOURCE_COUNT = G_N_ELEMENTS(SOURCES);

const Source *source_of_line(const Text *line)
{
    for (guint i = 0; i < SOURCE_COUNT; i++) {
        Text copy = *line;
        const Source *source = &SOURCES[i];
        if ((source->starter && line_keyword(&copy, source->starter)) ||
            (source->opening && text_begins(line, source->opening)) ||
            (source->is_first && source->is_first(line)))
            return source;
    }
    return NULL;
}

const Source *source_of_type(const Text *type)
{
    for (guint i = 0; i < SOURCE_COUNT; i++)
        if (SOURCES[i].type && text_is(type, SOURCES[i].type))
            return &SOURCES[i];
    return NULL;
}

/* A vote without an annotation begins as a consensus does. */
const Source *source_of_document(const Source *source, const Text *document)
{
    Text rest = *document, line;
    if (source->read != source_consensus_read || !line_take(&rest, &line) ||
        !line_take(&rest, &line) || !line_keyword(&line, "vote-status") ||
        !text_is(&line, "vote"))
        return source;
    static const char TYPE[] = "network-status-vote-3";
    Text type = text_of_bytes(TYPE, sizeof TYPE - 1);
    return source_of_type(&type);
}

ReadResult source_damaged(GError **error, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID, why);
    return READ_DAMAGED;
}

char *source_without_cr(Text document, size_t *length)
{
    const char *first =
        memchr(document.at, '\n', (size_t)(document.end - document.at));
    if (!first || first == document.at || first[-1] != '\r')
        return NULL;
    char *plain = g_malloc(text_length(&document) + 1), *out = plain;
    for (const char *at = document.at; at < document.end; at++)
        if (*at != '\r' || at + 1 == document.end || at[1] != '\n')
            *out++ = *at;
    *length = (size_t)(out - plain);
    *out = 0;
    return plain;
}

static bool digits(const char *at, int count, int *out)
{
    *out = 0;
    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9')
            return false;
        *out = *out * 10 + at[i] - '0';
    }
    return true;
}

bool time_take(Text *line, uint32_t *out)
{
    Text date, time;
    Civil c;
    if (!word_take(line, &date) || !word_take(line, &time) ||
        text_length(&date) != 10 || text_length(&time) != 8 ||
        date.at[4] != '-' || date.at[7] != '-' || time.at[2] != ':' ||
        time.at[5] != ':')
        return false;
    if (!digits(date.at, 4, &c.year) || !digits(date.at + 5, 2, &c.month) ||
        !digits(date.at + 8, 2, &c.day) || !digits(time.at, 2, &c.hour) ||
        !digits(time.at + 3, 2, &c.minute) ||
        !digits(time.at + 6, 2, &c.second) || !civil_is_valid(&c))
        return false;
    Instant instant = instant_from_civil(&c, 0);
    if (instant <= 0 || instant >= UINT32_MAX)
        return false;
    *out = (uint32_t)instant;
    return true;
}
