/* relay import: without a daemon or members; "-D DIR" alone is enough. */
#include "cli/commands_list.h"

#include "base/errors.h"
#include "base/log.h"
#include "intake/noticing.h"
#include "relay/import.h"

#include <stdio.h>
#include <unistd.h>

#define PROGRESS_STEP_S 0.2
#define MEGABYTE        1e6

/* Shown on a terminal a few times a second, else a line each ten percent. */
typedef struct {
    const CliContext *context;
    bool on_terminal;
    gint64 started, shown; /* microseconds */
    int percent;
} Meter;

static char *time_left(const ImportProgress *p, double seconds)
{
    if (p->packed_done == 0 || seconds < 1)
        return g_strdup("");
    uint64_t done = MIN(p->packed_done, p->packed_total);
    double left =
        seconds * (double)(p->packed_total - done) / (double)p->packed_done;
    return g_strdup_printf(", %.0f s left", left);
}

static void show_progress(const ImportProgress *p, gpointer data)
{
    Meter *meter = data;
    gint64 now = g_get_monotonic_time();
    double seconds = (double)(now - meter->started) / G_USEC_PER_SEC;
    int percent = p->packed_total ? (int)(MIN(p->packed_done, p->packed_total) *
                                          100 / p->packed_total)
                                  : 100;
    bool due = meter->on_terminal ? (double)(now - meter->shown) >
                                        PROGRESS_STEP_S * G_USEC_PER_SEC
                                  : percent / 10 > meter->percent / 10;
    if (!due || p->files_total == 0)
        return;
    meter->shown = now;
    meter->percent = percent;
    g_autofree char *left = time_left(p, seconds);
    cli_say(meter->context,
            "%s%3d %%: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
            " files, %.0f MB read, %.0f MB/s%s%s",
            meter->on_terminal ? "\r\033[K" : "", percent, p->files_done,
            p->files_total, (double)p->bytes / MEGABYTE,
            seconds > 0 ? (double)p->bytes / MEGABYTE / seconds : 0, left,
            meter->on_terminal ? "" : "\n");
}

static void print_counts(const ImportSummary *summary)
{
    static const char *const HEADINGS[] = {
        "documents",   ">new",     ">known", ">skipped",
        ">quarantine", ">refused", NULL};
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < summary->counts->len; i++) {
        const ImportCount *c = &g_array_index(summary->counts, ImportCount, i);
        g_autofree char *fresh =
            g_strdup_printf("%" G_GUINT64_FORMAT, c->fresh);
        g_autofree char *known =
            g_strdup_printf("%" G_GUINT64_FORMAT, c->known);
        g_autofree char *skipped =
            g_strdup_printf("%" G_GUINT64_FORMAT, c->skipped);
        g_autofree char *unverified =
            g_strdup_printf("%" G_GUINT64_FORMAT, c->unverified);
        g_autofree char *damaged =
            g_strdup_printf("%" G_GUINT64_FORMAT, c->damaged);
        TABLE_ADD(table, c->word, fresh, known, skipped, unverified, damaged);
    }
    table_print(table);
}

static void print_import_json(const ImportSummary *summary)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_number(&json, "files", (int64_t)summary->files);
    json_put_number(&json, "unchanged", (int64_t)summary->unchanged);
    json_put_number(&json, "waiting", (int64_t)summary->waiting);
    json_put_text(&json, "anew", summary->anew);
    json_put_number(&json, "bytes", (int64_t)summary->bytes);
    json_put_bool(&json, "published", summary->published);
    json_put_number(&json, "history_bytes", (int64_t)summary->history_bytes);
    json_put_number(&json, "archived", (int64_t)summary->shelved);
    json_key(&json, "documents");
    json_array(&json);
    for (guint i = 0; i < summary->counts->len; i++) {
        const ImportCount *c = &g_array_index(summary->counts, ImportCount, i);
        json_object(&json);
        json_put_text(&json, "type", c->word);
        json_put_number(&json, "new", (int64_t)c->fresh);
        json_put_number(&json, "known", (int64_t)c->known);
        json_put_number(&json, "skipped", (int64_t)c->skipped);
        json_put_number(&json, "unverified", (int64_t)c->unverified);
        json_put_number(&json, "damaged", (int64_t)c->damaged);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_key(&json, "damaged");
    json_array(&json);
    for (guint i = 0; i < summary->complaints->len; i++)
        json_text(&json, g_ptr_array_index(summary->complaints, i));
    json_end_array(&json);
    json_end_object(&json);
    cli_print_json(&json);
}

/* What was not read, or why it was after all. */
static void print_unchanged(CliContext *context, const ImportSummary *summary)
{
    if (summary->anew) {
        g_autofree char *safe = foreign_text(summary->anew, 500);
        cli_say(context, "All files are read again: %s.\n", safe);
    }
    if (summary->unchanged > 0 && !cli_wants_json(context))
        cli_print("%" G_GUINT64_FORMAT " %s unchanged since %s read: not read "
                  "again.\n",
                  summary->unchanged,
                  summary->unchanged == 1 ? "file" : "files",
                  summary->unchanged == 1 ? "it was" : "they were");
    if (summary->waiting > 0 && !cli_wants_json(context))
        cli_print("%" G_GUINT64_FORMAT
                  " of them with documents in quarantine or "
                  "refused; new certificates have them read again.\n",
                  summary->waiting);
}

static void print_import(CliContext *context, const ImportSummary *summary)
{
    print_unchanged(context, summary);
    for (guint i = 0; i < summary->complaints->len; i++) {
        g_autofree char *safe =
            foreign_text(g_ptr_array_index(summary->complaints, i), 500);
        cli_say(context, "not believed: %s\n", safe);
    }
    uint64_t complaints = summary->damaged + summary->unverified;
    if (complaints > summary->complaints->len)
        cli_say(context, "... and %" G_GUINT64_FORMAT " more\n",
                complaints - summary->complaints->len);
    if (cli_wants_json(context)) {
        print_import_json(summary);
        return;
    }
    if (summary->counts->len > 0)
        print_counts(summary);
    if (summary->published)
        cli_print("Published: %.1f MB\n",
                  (double)summary->history_bytes / MEGABYTE);
    else
        cli_print("Nothing new; the history stays as it is.\n");
    if (summary->shelved > 0)
        cli_print("Archived: %" G_GUINT64_FORMAT " files\n", summary->shelved);
    if (summary->unverified > 0)
        cli_print("%" G_GUINT64_FORMAT " consensuses are in quarantine: no "
                  "verdict rests on them. Import the\nauthorities' "
                  "certificates of their time (CollecTor's certs.tar.xz, a "
                  "tor's\ncached-certs), then the same files again.\n",
                  summary->unverified);
}

/* Where no desk runs, its look at members' relays is done here. One that runs
 * does it when it takes the new history. */
static void look_at_members(CliContext *context, const Settings *settings)
{
    g_autofree char *database =
        g_build_filename(settings->data, "exitdesk.db", NULL);
    if (!settings->members || members_count(settings->members) == 0 ||
        !g_file_test(database, G_FILE_TEST_EXISTS))
        return;
    guint noticed = 0;
    g_autoptr(GError) error = NULL;
    g_autoptr(Store) store = store_open(settings->data, STORE_WRITE, &error);
    if (store &&
        noticing_look(store, settings, cli_now(context), &noticed, &error)) {
        if (noticed > 0)
            cli_say(context, "Members' relays changed: exitdesk member "
                             "notices\n");
        return;
    }
    if (!g_error_matches(error, DESK_ERROR, DESK_ERROR_TEMPORARY))
        cli_say(context, "members' relays were not looked at: %s\n",
                error->message);
}

static int run_relay_import(CliContext *context, GError **error)
{
    const Settings *settings = cli_settings_or_default(context, error);
    if (!settings)
        return 0;
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    for (int i = 0; i < cli_arg_count(context); i++)
        g_ptr_array_add(paths, (gpointer)cli_arg(context, i));
    g_ptr_array_add(paths, NULL);
    Meter meter = {
        .context = context,
        .on_terminal = isatty(STDERR_FILENO),
        .started = g_get_monotonic_time(),
    };
    ImportSummary summary;
    g_autoptr(Authorities) own = NULL;
    if (settings->relays.authorities &&
        !(own = authorities_read(settings->relays.authorities, error)))
        return 0;
    ImportTask task = {
        .directory = settings->relays.directory,
        .paths = (const char *const *)paths->pdata,
        .authorities = own,
        .shelf = settings->relays.archive,
        .now = cli_now(context),
        .reads_all = cli_flag(context, "again") != NULL,
        .progressed = show_progress,
        .data = &meter,
    };
    bool done = relay_import_run(&task, &summary, error);
    if (meter.on_terminal && meter.shown)
        cli_say(context, "\r\033[K");
    if (done)
        print_import(context, &summary);
    if (done && summary.published)
        look_at_members(context, settings);
    bool has_damage = summary.damaged > 0;
    import_summary_clear(&summary);
    return has_damage ? EXIT_NO : 0;
}

static const CommandFlag IMPORT_FLAGS[] = {
    {"again", NULL, "also read files that are unchanged since they were read"},
    {0},
};

const Command command_relay_import = {
    .noun = "relay",
    .verb = "import",
    .args = "PATH...",
    .min_args = 1,
    .max_args = -1,
    .summary = "add Tor documents to the relay history",
    .examples =
        "exitdesk relay import /var/lib/tor\n"
        "exitdesk relay import certs.tar.xz consensuses-2026-05.tar.xz\n"
        "exitdesk -D /tmp/try relay import ~/collector/recent\n"
        "exitdesk relay import --again ~/collector/recent",
    .about =
        "Takes files and directories with consensuses (both flavours), exit "
        "lists, server\ndescriptors, microdescriptors, extra-infos, and the "
        "statuses and directories of 2004\nto 2010: plain or packed (.xz, .gz, "
        ".bz2, .zst), also in CollecTor's tar archives;\nOnionoo's details and "
        "the bulk exit list as hints. exitdesk-relays(7) says what\neach is "
        "good for. Other documents are skipped. What is known already "
        "changes\nnothing, and the order does not matter; but of a tor's cache "
        "only what a verified\nconsensus names, imported before or with it, is "
        "kept: no bridges. With\nrelays.archive the documents are kept as "
        "files, too.\n\n"
        "A consensus is believed only if more than half of the directory "
        "authorities of its\ntime signed it; their certificates come from a "
        "tor's cached-certs or CollecTor's\ncerts.tar.xz and are imported "
        "like the rest. Where they are missing the consensus\nstays in "
        "quarantine. What is damaged or forged is named and left out (exit "
        "status\n1); the others are still imported. Lookups go on while this "
        "runs.\n\n"
        "Interrupted, it goes on where it was when the same is imported again. "
        "A file that\nwas read to its end is not opened again while it is "
        "unchanged, unless it is a tor's\ncache, or no archive and something "
        "of "
        "it was refused, or new certificates came for\nwhat was not believed; "
        "so a directory may be imported every hour.",
    .flags = IMPORT_FLAGS,
    .has_json = true,
    .run = run_relay_import,
};
