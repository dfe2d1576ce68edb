/*
 * What crosses from the sandbox to the desk. The desk treats the other side
 * as hostile: counts have a ceiling, every field is checked by its own get,
 * and nothing may be left over.
 */
#include "reader/reader.h"

#include "base/errors.h"

#include <string.h>

#define RECORD_VERSION 1

Findings *findings_new(Report *report, GPtrArray *incidents)
{
    Findings *findings = g_new0(Findings, 1);
    findings->report = report;
    findings->incidents = incidents;
    return findings;
}

void findings_free(Findings *findings)
{
    if (!findings)
        return;
    report_free(findings->report);
    g_clear_pointer(&findings->incidents, g_ptr_array_unref);
    g_free(findings);
}

GBytes *findings_pack(const Findings *findings)
{
    WireOut out;
    wire_out_init(&out);
    wire_put_u8(&out, RECORD_VERSION);
    wire_put_bytes(&out, findings->mail_key, sizeof findings->mail_key);
    report_put(findings->report, &out);
    wire_put_u32(&out, findings->incidents->len);
    for (guint i = 0; i < findings->incidents->len; i++)
        incident_put(findings->incidents->pdata[i], &out);
    return wire_out_steal(&out);
}

static GPtrArray *get_incidents(WireIn *in)
{
    GPtrArray *incidents =
        g_ptr_array_new_with_free_func((GDestroyNotify)incident_free);
    uint32_t count = wire_get_count(in, INCIDENTS_MAX);
    for (uint32_t i = 0; i < count && !in->broken; i++) {
        Incident *incident = incident_get(in);
        if (incident)
            g_ptr_array_add(incidents, incident);
        else
            in->broken = true;
    }
    return incidents;
}

static void get_key(WireIn *in, uint8_t key[32])
{
    size_t length;
    const uint8_t *bytes = wire_get_bytes(in, &length, 32);
    if (length == 32)
        memcpy(key, bytes, 32);
    else
        in->broken = true;
}

Findings *findings_unpack(GBytes *record, GError **error)
{
    gsize length;
    const void *data = g_bytes_get_data(record, &length);
    WireIn in = wire_in(data, length);
    g_autoptr(Findings) findings = findings_new(NULL, NULL);
    if (wire_get_u8(&in) != RECORD_VERSION)
        in.broken = true;
    get_key(&in, findings->mail_key);
    findings->report = in.broken ? NULL : report_get(&in);
    findings->incidents = get_incidents(&in);
    if (findings->report && wire_in_finish(&in))
        return g_steal_pointer(&findings);
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "the reader answered nonsense");
    return NULL;
}
