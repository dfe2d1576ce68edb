#include "cli/demo_setup.h"

#include "base/files.h"
#include "cli/demo_relays.h"
#include "relay/import.h"
#include "settings/settings.h"

#include <string.h>

#define FILE_BYTES (1024 * 1024)

char *demo_samples(void)
{
    const char *share = settings_share_directory();
    char *installed = g_build_filename(share, "demo", NULL);
    if (g_file_test(installed, G_FILE_TEST_IS_DIR))
        return installed;
    g_free(installed);
    return g_build_filename(share, "contrib", "demo", NULL);
}

bool demo_write_config(const char *directory, const char *clock, GError **error)
{
    g_autofree char *path = g_build_filename(directory, "exitdesk.yaml", NULL);
    g_autofree char *text = g_strdup_printf(
        "# The demo's settings; every path is inside the demo's directory.\n"
        "desk:\n"
        "  name: Onion Umbrella\n"
        "  address: abuse@umbrella.example\n"
        "  country: DE\n"
        "  case-prefix: UA\n"
        "  mode: live\n"
        "receive:\n"
        "  socket: %s/lmtp.sock\n"
        "  authserv-id: mx.umbrella.example\n"
        "send:\n"
        "  via: unix:%s/sink.sock\n"
        "dkim:\n"
        "  signed-by: next-hop\n"
        "limits: # a new desk's first letters would all wait for a person\n"
        "  first-letters: 0\n"
        "  first-of-template: 0\n"
        "data: %s/data\n"
        "relays:\n"
        "  authorities: %s/relay-documents/" DEMO_AUTHORITIES "\n"
        "clock: %s\n",
        directory, directory, directory, directory, clock);
    return file_replace(path, text, strlen(text), 0644, error);
}

/* Copy every file of a directory; edit may change the text. */
static bool copy_files(const char *from, const char *to, const char *suffix,
                       char *(*edit)(const char *text), GError **error)
{
    g_autoptr(GPtrArray) names = directory_list(from, suffix, error);
    if (!names || !directory_ensure(to, error))
        return false;
    for (guint i = 0; i < names->len; i++) {
        g_autofree char *source = g_build_filename(from, names->pdata[i], NULL);
        g_autofree char *target = g_build_filename(to, names->pdata[i], NULL);
        g_autoptr(GBytes) bytes = file_read(source, FILE_BYTES, error);
        if (!bytes)
            return false;
        g_autofree char *text =
            g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
        g_autofree char *edited = edit ? edit(text) : g_strdup(text);
        if (!file_replace(target, edited, strlen(edited), 0644, error))
            return false;
    }
    return true;
}

/* The package's letters wait for a lawyer; here we play that one came. */
static char *mark_reviewed(const char *text)
{
    static const char NOT_YET[] = "Reviewed: none yet\n";
    const char *at = strstr(text, NOT_YET);
    if (!at)
        return g_strdup(text);
    return g_strdup_printf("%.*sReviewed: 2026-05-01 the demo\n"
                           "Review-again: 2027-05-01\n%s",
                           (int)(at - text), text, at + strlen(NOT_YET));
}

static bool copy_templates(const char *directory, GError **error)
{
    static const char *const PACKS[] = {"XX", "blocks"};
    for (size_t i = 0; i < G_N_ELEMENTS(PACKS); i++) {
        g_autofree char *from = g_build_filename(settings_share_directory(),
                                                 "templates", PACKS[i], NULL);
        g_autofree char *to =
            g_build_filename(directory, "templates", PACKS[i], NULL);
        if (!copy_files(from, to, ".txt", mark_reviewed, error))
            return false;
    }
    return true;
}

static bool import_relays(const char *directory, GError **error)
{
    g_autofree char *documents =
        g_build_filename(directory, "relay-documents", NULL);
    g_autofree char *history =
        g_build_filename(directory, "data", "relays", NULL);
    g_autofree char *list = g_build_filename(documents, DEMO_AUTHORITIES, NULL);
    const char *const paths[] = {documents, NULL};
    if (!demo_relays_write(documents, error) ||
        !directory_ensure(history, error))
        return false;
    g_autoptr(Authorities) authorities = authorities_read(list, error);
    if (!authorities)
        return false;
    ImportSummary summary = {0};
    bool is_done = relay_import(history, paths, authorities, NULL, NULL, NULL,
                                &summary, error);
    import_summary_clear(&summary);
    return is_done;
}

bool demo_prepare(const char *directory, GError **error)
{
    g_autofree char *samples = demo_samples();
    g_autofree char *from = g_build_filename(samples, "members.d", NULL);
    g_autofree char *to = g_build_filename(directory, "members.d", NULL);
    return copy_files(from, to, ".yaml", NULL, error) &&
           copy_templates(directory, error) && import_relays(directory, error);
}
