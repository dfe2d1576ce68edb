/* Every mail of the corpus, labelled or odd, gets an answer; under sanitizers
 * this is the proof that none of them breaks a scanner. */
#include "base/files.h"
#include "incident/incident.h"

#include <string.h>

static void check_incident(const Incident *incident)
{
    g_assert_nonnull(incident->address_quote);
    g_assert_nonnull(incident->role_why);
    g_assert_cmpuint(incident->count, >=, 1);
    if (!incident->time)
        return;
    g_assert_cmpuint(incident->time->readings->len, <=, READINGS_MAX);
    if (incident->time->certain)
        g_assert_cmpuint(incident->time->readings->len, ==, 1);
    for (guint i = 0; i < incident->time->readings->len; i++) {
        const Reading *reading = incident->time->readings->pdata[i];
        g_assert_cmpint(reading->from, <=, reading->to);
    }
}

static void read_mail(const char *path)
{
    g_autoptr(GBytes) raw = file_read(path, MAIL_BYTES_MAX, NULL);
    g_assert_nonnull(raw);
    g_autoptr(Mail) mail = mail_parse(raw, NULL);
    if (!mail)
        return;
    g_autoptr(Report) report = report_read(mail);
    g_autoptr(GPtrArray) incidents = incident_find(mail, report, NULL);
    for (guint i = 0; i < incidents->len; i++)
        check_incident(incidents->pdata[i]);
}

static void test_folder(gconstpointer data)
{
    const char *shared = g_getenv("EXITDESK_SHARED");
    g_autofree char *folder =
        g_build_filename(shared ? shared : "", "corpus", data, NULL);
    g_autoptr(GDir) dir = shared ? g_dir_open(folder, 0, NULL) : NULL;
    if (!dir) {
        g_test_skip("shared/ is absent");
        return;
    }
    guint mails = 0;
    const char *name;
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            continue;
        read_mail(path);
        mails++;
    }
    g_assert_cmpuint(mails, >, 100);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    incident_prepare();
    g_test_add_data_func("/corpus/complaints", "complaints", test_folder);
    g_test_add_data_func("/corpus/robustness", "robustness", test_folder);
    return g_test_run();
}
