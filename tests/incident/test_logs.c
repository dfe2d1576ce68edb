/* Lines of logs and tables, each as the body of a mail that names nobody. */
#include "incident/incident.h"

#include <string.h>

#include "table.h"

static void append_target(GString *out, const Incident *incident)
{
    if (incident->port >= 0)
        g_string_append_printf(out, " port %d", incident->port);
    if (incident->target || incident->target_port >= 0)
        g_string_append(out, " ->");
    if (incident->target)
        g_string_append_printf(out, " %s", incident->target->words);
    if (incident->target_port >= 0)
        g_string_append_printf(out, " port %d", incident->target_port);
    if (incident->protocol)
        g_string_append_printf(out, " %s", incident->protocol);
}

static void append_incident(GString *out, const Incident *incident)
{
    char address[IP_TEXT_MAX], when[INSTANT_TEXT_MAX];
    bool is_victim = incident->role == ROLE_VICTIM;
    if (incident->role != ROLE_OFFENDER && !is_victim)
        return;
    g_string_append_printf(out, "%s%s%s", out->len ? "; " : "",
                           is_victim ? "v " : "",
                           ip_text(&incident->address, address));
    if (is_victim)
        return;
    if (!incident->time || incident->time->readings->len == 0) {
        g_string_append(out, " no time");
        return;
    }
    const Reading *best = incident->time->readings->pdata[0];
    g_string_append_printf(out, " %s%s", instant_text(best->from, when),
                           incident->time->certain ? "" : "?");
    append_target(out, incident);
}

static char *answer(const char *lines)
{
    g_autofree char *text =
        g_strdup_printf("From: admin@example.com\n"
                        "Subject: please look\n"
                        "Date: Sat, 13 Aug 2022 12:00:00 +0000\n"
                        "Content-Type: text/plain; charset=utf-8\n\n"
                        "Hello,\n\n%s\n",
                        lines);
    g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));
    g_autoptr(Mail) mail = mail_parse(raw, NULL);
    g_assert_nonnull(mail);
    g_autoptr(Report) report = report_read(mail);
    g_autoptr(GPtrArray) incidents = incident_find(mail, report, NULL);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < incidents->len; i++)
        append_incident(out, incidents->pdata[i]);
    return g_string_free(out, FALSE);
}

static void test_table(void)
{
    table_run("logs.table", answer);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    incident_prepare();
    g_test_add_func("/logs/table", test_table);
    return g_test_run();
}
