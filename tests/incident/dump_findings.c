/*
 * dump_findings FILE - what the pure stages find in one mail, as the JSON that
 * `exitdesk why --json` prints (without verdicts). Measures incident/ alone;
 * not installed.
 */
#include "base/files.h"
#include "base/json.h"
#include "incident/incident.h"

#include <stdio.h>

static void put_time(Json *json, const CitedTime *time)
{
    json_key(json, "time");
    if (!time) {
        json_null(json);
        return;
    }
    json_object(json);
    json_put_text(json, "text", time->quote->words);
    json_put_bool(json, "certain", time->certain);
    json_key(json, "readings");
    json_array(json);
    for (guint i = 0; i < time->readings->len; i++) {
        const Reading *reading = time->readings->pdata[i];
        json_object(json);
        json_put_instant(json, "from", reading->from);
        json_put_instant(json, "to", reading->to);
        json_put_text(json, "why", reading->why);
        json_end_object(json);
    }
    json_end_array(json);
    json_end_object(json);
}

static void put_incident(Json *json, const Incident *incident)
{
    g_autofree char *address = ip_new_text(&incident->address);
    json_object(json);
    json_put_text(json, "address", address);
    json_put_number(json, "port", incident->port);
    json_put_text(json, "target",
                  incident->target ? incident->target->words : NULL);
    json_put_number(json, "target_port", incident->target_port);
    json_put_text(json, "role", role_word(incident->role));
    json_put_text(json, "role_why", incident->role_why);
    json_put_number(json, "count", incident->count);
    put_time(json, incident->time);
    json_end_object(json);
}

static void put_report(Json *json, const Report *report)
{
    json_put_text(json, "disposition", disposition_word(report->disposition));
    json_put_text(json, "format", report->format);
    json_put_text(json, "category", report->category);
    json_put_text(json, "sender_class",
                  sender_class_word(report->sender_class));
    json_put_text(json, "language", report->language);
    json_key(json, "references");
    json_array(json);
    for (guint i = 0; i < report->references->len; i++)
        json_text(json,
                  ((Reference *)report->references->pdata[i])->value->words);
    json_end_array(json);
    json_put_instant(json, "deadline", report->deadline);
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;
    if (argc != 2) {
        fprintf(stderr, "usage: dump_findings FILE\n");
        return 64;
    }
    g_autoptr(GBytes) raw = file_read(argv[1], MAIL_BYTES_MAX, &error);
    if (!raw) {
        fprintf(stderr, "%s\n", error->message);
        return 66;
    }
    mail_prepare();
    incident_prepare();
    g_autoptr(Mail) mail = mail_parse(raw, &error);
    g_autoptr(Report) report =
        mail ? report_read(mail) : report_new_unreadable(error->message);
    g_autoptr(GPtrArray) incidents =
        mail ? incident_find(mail, report, NULL)
             : g_ptr_array_new_with_free_func((GDestroyNotify)incident_free);

    Json json;
    json_init(&json);
    json_object(&json);
    put_report(&json, report);
    json_key(&json, "incidents");
    json_array(&json);
    for (guint i = 0; i < incidents->len; i++)
        put_incident(&json, incidents->pdata[i]);
    json_end_array(&json);
    json_key(&json, "flags");
    json_array(&json);
    for (guint i = 0; i < report->flags->len; i++)
        json_text(&json, report->flags->pdata[i]);
    json_end_array(&json);
    json_end_object(&json);
    g_autofree char *text = json_steal(&json);
    puts(text);
    return 0;
}
