#include "reply/words_record.h"

#include "base/digest.h"
#include "reply/claims.h"

#include <string.h>

#define DAYS_OF_A_LINK 2 /* ExoneraTor looks at the days beside the named */

static guint incident_count(const ReplyContext *context)
{
    return context->ticket->incidents->len;
}

/* "2026-05-03 14:00"; NULL for no instant. */
static char *minute_text(Instant when)
{
    char text[INSTANT_TEXT_MAX];
    if (when == INSTANT_NONE)
        return NULL;
    instant_text(when, text);
    return g_strdup_printf("%.10s %.5s", text, text + 11);
}

/* The moment that an incident certainly cites, or INSTANT_NONE. */
static Instant certain_moment(const Incident *incident)
{
    const CitedTime *time = incident->time;
    if (!time || !time->certain || time->readings->len != 1)
        return INSTANT_NONE;
    const Reading *reading = time->readings->pdata[0];
    return reading->from == reading->to ? reading->from : INSTANT_NONE;
}

/* "2026-05-03 14:02:11", if that is the one possible meaning of all. */
char *word_time_utc(const ReplyContext *context)
{
    Instant moment = INSTANT_NONE;
    for (guint i = 0; i < incident_count(context); i++) {
        Instant cited = certain_moment(claims_incident(context, i));
        if (cited == INSTANT_NONE || (i > 0 && cited != moment))
            return NULL;
        moment = cited;
    }
    if (moment == INSTANT_NONE)
        return NULL;
    char text[INSTANT_TEXT_MAX];
    instant_text(moment, text);
    return g_strdup_printf("%.10s %.8s", text, text + 11);
}

/* A page that anyone can open, for the address and the UTC day in question;
 * none if the possible moments are further apart than that page looks. */
char *word_exonerator(const ReplyContext *context)
{
    Interval span;
    if (incident_count(context) == 0)
        return NULL;
    const Incident *incident = claims_incident(context, 0);
    if (!claims_possible_span(incident, &span) ||
        span.to - span.from > DAYS_OF_A_LINK * INSTANT_DAY_S)
        return NULL;
    Instant middle = span.from + (span.to - span.from) / 2;
    char day[INSTANT_TEXT_MAX];
    instant_text(middle, day);
    g_autofree char *ip = ip_new_text(&incident->address);
    g_autofree char *escaped = g_uri_escape_string(ip, NULL, FALSE);
    return g_strdup_printf("https://metrics.torproject.org/exonerator.html"
                           "?ip=%s&timestamp=%.10s&lang=en",
                           escaped, day);
}

char *word_consensus(const ReplyContext *context)
{
    const Match *match =
        incident_count(context) == 1 ? context->matches[0] : NULL;
    for (guint i = 0; match && match->documents && i < match->documents->len;
         i++) {
        const RelayDocument *document = match->documents->pdata[i];
        if (!g_str_has_prefix(document->type, "consensus") ||
            document->when == INSTANT_NONE)
            continue;
        char text[INSTANT_TEXT_MAX];
        instant_text(document->when, text);
        return g_strdup_printf("%.10s %.5s", text, text + 11);
    }
    return NULL;
}

/* If it was one relay throughout. */
char *word_fingerprint(const ReplyContext *context)
{
    const uint8_t *only = NULL;
    for (guint i = 0; i < incident_count(context); i++) {
        const Match *match = context->matches[i];
        if (!match || !match->member || !match->relays)
            return NULL;
        for (guint j = 0; j < match->relays->len; j++) {
            const RelaySighting *relay = match->relays->pdata[j];
            if (only && memcmp(only, relay->fingerprint, FINGERPRINT_BYTES))
                return NULL;
            only = relay->fingerprint;
        }
    }
    if (!only)
        return NULL;
    g_autofree char *hex = hex_new(only, FINGERPRINT_BYTES);
    return g_ascii_strup(hex, -1);
}

/* ---- how long the relay was there -------------------------------------- */

/* The unbroken run of lists around the cited times of the one relay. */
static bool find_run(const ReplyContext *context, Interval *run)
{
    g_autofree char *only = word_fingerprint(context);
    if (!only)
        return false;
    *run = (Interval){INT64_MAX, INT64_MIN};
    for (guint i = 0; i < incident_count(context); i++) {
        const GPtrArray *relays = context->matches[i]->relays;
        for (guint j = 0; j < relays->len; j++) {
            const RelaySighting *relay = relays->pdata[j];
            run->from = MIN(run->from, relay->listed.from);
            run->to = MAX(run->to, relay->listed.to);
        }
    }
    return run->from != INSTANT_NONE && run->from <= run->to;
}

char *word_first_seen(const ReplyContext *context)
{
    Interval run;
    return find_run(context, &run) ? minute_text(run.from) : NULL;
}

char *word_last_seen(const ReplyContext *context)
{
    Interval run;
    return find_run(context, &run) ? minute_text(run.to) : NULL;
}

char *word_relays_several(const ReplyContext *context)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(
        g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    for (guint i = 0; i < incident_count(context); i++) {
        const Match *match = context->matches[i];
        for (guint j = 0; match && match->relays && j < match->relays->len;
             j++) {
            const RelaySighting *relay = match->relays->pdata[j];
            g_hash_table_add(
                seen, g_bytes_new(relay->fingerprint, FINGERPRINT_BYTES));
        }
    }
    guint count = g_hash_table_size(seen);
    return count > 1 ? g_strdup_printf("%u", count) : NULL;
}

/* ---- rules and lists --------------------------------------------------- */

/* "22, 80, 443": with blanks, so that lines can break. */
char *word_ports(const ReplyContext *context)
{
    g_autofree char *ports = claims_ports_new(context);
    if (!ports)
        return NULL;
    g_auto(GStrv) parts = g_strsplit(ports, ",", -1);
    return g_strjoinv(", ", parts);
}

char *word_record_newest(const ReplyContext *context)
{
    return minute_text(claims_newest_list(context));
}

char *word_remedy_seen(const ReplyContext *context)
{
    return minute_text(claims_remedy_seen(context));
}

char *word_incident_protocol(const ReplyContext *context)
{
    return g_strdup(claims_protocol(context));
}
