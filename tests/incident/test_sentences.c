/* Sentences and labels of many languages, each as the body of a mail. */
#include "incident/incident.h"

#include <string.h>

#include "table.h"

static void append_incident(GString *out, const Incident *incident)
{
    char address[IP_TEXT_MAX];
    bool is_victim = incident->role == ROLE_VICTIM;
    if (incident->role != ROLE_OFFENDER && !is_victim)
        return;
    g_string_append_printf(out, "%s%s%s", out->len ? "; " : "",
                           is_victim ? "v " : "",
                           ip_text(&incident->address, address));
    if (!is_victim && strstr(incident->role_why, "the only address"))
        g_string_append(out, " guessed");
}

static char *answer(const char *sentence)
{
    g_autofree char *text =
        g_strdup_printf("From: admin@example.com\n"
                        "Subject: abuse\n"
                        "Date: Sat, 13 Aug 2022 12:00:00 +0000\n"
                        "Content-Type: text/plain; charset=utf-8\n\n%s\n",
                        sentence);
    g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));
    g_autoptr(Mail) mail = mail_parse(raw, NULL);
    g_assert_nonnull(mail);
    g_autoptr(Report) report = report_read(mail);
    g_autoptr(GPtrArray) incidents = incident_find(mail, report, NULL);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < incidents->len; i++)
        append_incident(out, incidents->pdata[i]);
    if (report_has_flag(report, "offender-unclear"))
        g_string_append(out, " unclear");
    return g_string_free(out, FALSE);
}

static void test_table(void)
{
    table_run("sentences.table", answer);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    incident_prepare();
    g_test_add_func("/sentences/table", test_table);
    return g_test_run();
}
