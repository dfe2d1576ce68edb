#include "incident/incident.h"

#include "incident/reading.h"
#include "incident/zone.h"

#include <string.h>

/* Bounds of what another process may hand over. */
#define WHY_MAX      600
#define CATEGORY_MAX 80
#define PROTOCOL_MAX 16

const char *role_word(Role role)
{
    static const char *const WORDS[ROLE_COUNT] = {
        [ROLE_UNKNOWN] = "unknown",       [ROLE_OFFENDER] = "offender",
        [ROLE_VICTIM] = "victim",         [ROLE_REPORTER] = "reporter",
        [ROLE_MAIL_RELAY] = "mail-relay", [ROLE_RESOLVER] = "resolver",
        [ROLE_SINKHOLE] = "sinkhole",     [ROLE_BYSTANDER] = "bystander",
    };
    g_assert(role < ROLE_COUNT);
    return WORDS[role];
}

void incident_prepare(void)
{
    zone_prepare();
}

void cited_time_free(CitedTime *time)
{
    if (!time)
        return;
    quote_free(time->quote);
    g_ptr_array_unref(time->readings);
    g_free(time);
}

void incident_free(Incident *incident)
{
    if (!incident)
        return;
    if (incident->address_quote)
        quote_free(incident->address_quote);
    if (incident->target)
        quote_free(incident->target);
    g_free(incident->protocol);
    g_free(incident->role_why);
    loser_free(incident->role_lost);
    cited_time_free(incident->time);
    g_free(incident->category);
    g_free(incident);
}

static void put_time(const CitedTime *time, WireOut *out)
{
    wire_put_u8(out, time != NULL);
    if (!time)
        return;
    quote_put(time->quote, out);
    wire_put_u8(out, time->certain);
    wire_put_u32(out, time->readings->len);
    for (guint i = 0; i < time->readings->len; i++) {
        const Reading *reading = time->readings->pdata[i];
        wire_put_i64(out, reading->from);
        wire_put_i64(out, reading->to);
        wire_put_text(out, reading->why);
    }
}

static Reading *get_reading(WireIn *in)
{
    Reading *reading = g_new0(Reading, 1);
    reading->from = wire_get_i64(in);
    reading->to = wire_get_i64(in);
    reading->why = wire_get_text(in, WHY_MAX);
    if (!reading->why || reading->from > reading->to ||
        !instant_is_dated(reading->from) || !instant_is_dated(reading->to))
        in->broken = true;
    return reading;
}

static CitedTime *get_time(WireIn *in)
{
    if (wire_get_choice(in, 2) == 0)
        return NULL;
    CitedTime *time = g_new0(CitedTime, 1);
    time->readings =
        g_ptr_array_new_with_free_func((GDestroyNotify)reading_free);
    time->quote = quote_get(in);
    time->certain = wire_get_choice(in, 2) == 1;
    uint32_t count = wire_get_count(in, READINGS_MAX);
    for (uint32_t i = 0; i < count && !in->broken; i++)
        g_ptr_array_add(time->readings, get_reading(in));
    if (!time->quote || (time->certain && time->readings->len != 1))
        in->broken = true;
    return time;
}

/* Ports travel shifted by one: 0 is "not cited". */
static void put_port(int port, WireOut *out)
{
    wire_put_u32(out, (uint32_t)(port + 1));
}

static int get_port(WireIn *in)
{
    return (int)wire_get_count(in, 65536) - 1;
}

void incident_put(const Incident *incident, WireOut *out)
{
    wire_put_bytes(out, incident->address.bytes,
                   sizeof incident->address.bytes);
    quote_put(incident->address_quote, out);
    put_port(incident->port, out);
    quote_put(incident->target, out);
    put_port(incident->target_port, out);
    wire_put_text(out, incident->protocol);
    wire_put_u8(out, incident->role);
    wire_put_text(out, incident->role_why);
    loser_put(incident->role_lost, out);
    put_time(incident->time, out);
    wire_put_text(out, incident->category);
    wire_put_u32(out, incident->count);
}

Incident *incident_get(WireIn *in)
{
    Incident *incident = g_new0(Incident, 1);
    size_t length;
    const uint8_t *bytes =
        wire_get_bytes(in, &length, sizeof incident->address.bytes);
    if (bytes && length == sizeof incident->address.bytes)
        memcpy(incident->address.bytes, bytes, length);
    else
        in->broken = true;
    incident->address_quote = quote_get(in);
    incident->port = get_port(in);
    incident->target = quote_get(in);
    incident->target_port = get_port(in);
    incident->protocol = wire_get_text(in, PROTOCOL_MAX);
    incident->role = wire_get_choice(in, ROLE_COUNT);
    incident->role_why = wire_get_text(in, WHY_MAX);
    incident->role_lost = loser_get(in);
    incident->time = get_time(in);
    incident->category = wire_get_text(in, CATEGORY_MAX);
    incident->count = wire_get_u32(in);
    if (!incident->address_quote || incident->count == 0)
        in->broken = true;
    return incident;
}
