/*
 * relay import, lookup, status: the public record by itself, without members
 * or a daemon. "-D DIR" alone is enough.
 */
#include "cli/bywhom.h"
#include "cli/commands_list.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/log.h"
#include "intake/noticing.h"
#include "relay/hints.h"
#include "relay/import.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PROGRESS_STEP_S 0.2
#define MEGABYTE        1e6

/* ---- import ------------------------------------------------------------ */

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
    double left = seconds * (double)(p->packed_total - p->packed_done) /
                  (double)p->packed_done;
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
    if (!due)
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

static void print_import(CliContext *context, const ImportSummary *summary)
{
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
    bool done = relay_import(
        settings->relays.directory, (const char *const *)paths->pdata, own,
        settings->relays.archive, show_progress, &meter, &summary, error);
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
        "exitdesk -D /tmp/try relay import ~/collector/recent",
    .about =
        "Takes files and directories with consensuses (both flavours), exit "
        "lists, server\ndescriptors, microdescriptors, extra-infos, and the "
        "statuses and directories of 2004\nto 2010: plain, .xz, .gz or in "
        "CollecTor's tar archives; Onionoo's details and the\nbulk exit list "
        "as "
        "hints. exitdesk-relays(7) says what each is good for. "
        "Other\ndocuments "
        "are skipped. What is "
        "known already changes nothing, and the order\ndoes not matter; but of "
        "a tor's cache only what a verified consensus names,\nimported before "
        "or "
        "with it, is kept: no bridges. With relays.archive the documents\nare "
        "kept as files, too.\n\n"
        "A consensus is believed only if more than half of the directory "
        "authorities of its\ntime signed it; their certificates come from a "
        "tor's cached-certs or CollecTor's\ncerts.tar.xz and are imported "
        "like the rest. Where they are missing the consensus\nstays in "
        "quarantine. What is damaged or forged is named and left out (exit "
        "status\n1); the others are still imported. Lookups go on while this "
        "runs.",
    .has_json = true,
    .run = run_relay_import,
};

/* ---- lookup ------------------------------------------------------------ */

static void put_sighting(Json *json, const RelaySighting *s)
{
    g_autofree char *hex = hex_new(s->fingerprint, FINGERPRINT_BYTES);
    g_autofree char *upper = g_ascii_strup(hex, -1);
    json_object(json);
    json_put_text(json, "fingerprint", upper);
    json_put_text(json, "nickname", s->nickname);
    json_put_instant(json, "listed_from", s->listed.from);
    json_put_instant(json, "listed_to", s->listed.to);
    json_put_text(json, "certainty", certainty_word(s->certainty));
    json_put_bool(json, "exit_flag", s->has_exit_flag);
    json_put_bool(json, "bad_exit", s->is_bad_exit);
    json_put_bool(json, "allows_anything", s->allows_anything);
    json_put_bool(json, "by_exit_list", s->by_exit_list);
    json_put_bool(json, "ipv6_probable", s->ipv6_probable);
    json_put_instant(json, "scanned", s->scanned);
    json_put_text(json, "policy", policy_answer_word(s->policy));
    json_put_text(json, "policy_text", s->policy_text);
    json_put_text(json, "own_ports", s->own_ports);
    json_end_object(json);
}

/* What unsigned lists say of the address: beside the answer, never in it. */
static GArray *find_hints(const char *directory, const IpAddress *ip,
                          Hints **hints)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Hint));
    *hints = hints_load(directory, NULL);
    if (*hints)
        hints_find(*hints, ip, found);
    return found;
}

static void put_hint(Json *json, const Hint *hint)
{
    g_autofree char *hex = hex_new(hint->fingerprint, FINGERPRINT_BYTES);
    g_autofree char *upper = g_ascii_strup(hex, -1);
    json_object(json);
    json_put_text(json, "source", hint->is_bulk ? "bulk-exit-list" : "onionoo");
    json_put_instant(json, "seen", hint->seen);
    json_put_text(json, "fingerprint", hint->is_bulk ? NULL : upper);
    json_put_text(json, "nickname", hint->nickname);
    json_put_text(json, "contact", hint->contact);
    json_put_text(json, "as", hint->as);
    json_put_text(json, "country", hint->country);
    json_end_object(json);
}

static void print_hints(const GArray *hints)
{
    static const char *const HEADINGS[] = {
        "hint (no evidence)", "last seen", "relay", "AS", "country", NULL};
    if (hints->len == 0)
        return;
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < hints->len; i++) {
        const Hint *hint = &g_array_index(hints, Hint, i);
        g_autofree char *seen = instant_new_text(hint->seen);
        TABLE_ADD(table, hint->is_bulk ? "bulk exit list" : "Onionoo", seen,
                  hint->nickname, hint->as, hint->country);
    }
    cli_print("\n");
    table_print(table);
}

static void print_lookup_json(const Settings *settings, const Lookup *lookup,
                              Instant when, const GArray *hints)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "verdict", verdict_word(lookup->verdict));
    json_put_text(&json, "why", lookup->why);
    json_put_text(&json, "basis", lookup_basis_word(lookup->basis));
    g_autofree char *neighbour = lookup->verdict == VERDICT_NEIGHBOUR
                                     ? ip_new_text(&lookup->neighbour)
                                     : NULL;
    json_put_text(&json, "neighbour", neighbour);
    json_key(&json, "relays");
    json_array(&json);
    for (guint i = 0; i < lookup->relays->len; i++)
        put_sighting(&json, g_ptr_array_index(lookup->relays, i));
    json_end_array(&json);
    json_key(&json, "documents");
    json_array(&json);
    for (guint i = 0; i < lookup->documents->len; i++) {
        const RelayDocument *d = g_ptr_array_index(lookup->documents, i);
        json_object(&json);
        json_put_text(&json, "type", d->type);
        json_put_instant(&json, "when", d->when);
        json_put_text(&json, "sha256", d->sha256);
        json_put_text(&json, "name", d->name);
        json_end_object(&json);
    }
    json_end_array(&json);
    bywhom_put_json(&json, settings, lookup, when);
    json_key(&json, "hints");
    json_array(&json);
    for (guint i = 0; i < hints->len; i++)
        put_hint(&json, &g_array_index(hints, Hint, i));
    json_end_array(&json);
    json_end_object(&json);
    cli_print_json(&json);
}

static void print_sightings(const Lookup *lookup)
{
    static const char *const HEADINGS[] = {"relay",  "fingerprint", "how sure",
                                           "listed", "policy",      NULL};
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < lookup->relays->len; i++) {
        const RelaySighting *s = g_ptr_array_index(lookup->relays, i);
        g_autofree char *hex = hex_new(s->fingerprint, FINGERPRINT_BYTES);
        g_autofree char *upper = g_ascii_strup(hex, -1);
        g_autofree char *from = instant_new_text(s->listed.from);
        g_autofree char *to = instant_new_text(s->listed.to);
        g_autofree char *listed = g_strdup_printf("%s .. %s", from, to);
        g_autofree char *policy = g_strdup_printf(
            "%s%s%s", policy_answer_word(s->policy), s->policy_text ? ": " : "",
            s->policy_text ? s->policy_text : "");
        TABLE_ADD(table, *s->nickname ? s->nickname : NULL, upper,
                  certainty_word(s->certainty), listed, policy);
    }
    table_print(table);
}

static void print_documents(const Lookup *lookup)
{
    static const char *const HEADINGS[] = {"document", "time", "name", "sha256",
                                           NULL};
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < lookup->documents->len; i++) {
        const RelayDocument *d = g_ptr_array_index(lookup->documents, i);
        g_autofree char *when = instant_new_text(d->when);
        TABLE_ADD(table, d->type, when, d->name, d->sha256);
    }
    table_print(table);
}

static void print_lookup(const Settings *settings, const Lookup *lookup,
                         Instant when, const GArray *hints)
{
    cli_print("%s: %s\n", verdict_word(lookup->verdict), lookup->why);
    if (lookup->relays->len > 0) {
        cli_print("\n");
        print_sightings(lookup);
        bywhom_print(settings, lookup, when);
    }
    if (lookup->documents->len > 0) {
        cli_print("\n");
        print_documents(lookup);
    }
    print_hints(hints);
}

static bool read_question(CliContext *context, IpAddress *ip, Interval *when,
                          GError **error)
{
    const char *address = cli_arg(context, 0), *time = cli_arg(context, 1);
    if (!ip_parse(address, strlen(address), ip))
        return cli_usage_error(error,
                               "\"%s\" is not an address like 192.0.2.77 or "
                               "2001:db8::1",
                               address);
    if (!instant_parse(time, &when->from))
        return cli_usage_error(error,
                               "\"%s\" is not a time like 2026-05-03T14:02Z "
                               "or 2026-05-03",
                               time);
    /* A date alone is the whole day, a time without seconds its minute. */
    bool is_date = strlen(time) == strlen("2026-05-03");
    bool has_seconds = *time == '@' || (strlen(time) > 16 && time[16] == ':');
    when->to = when->from + (is_date       ? INSTANT_DAY_S - 1
                             : has_seconds ? 0
                                           : 59);
    return true;
}

static int run_relay_lookup(CliContext *context, GError **error)
{
    IpAddress ip;
    Interval when;
    uint32_t port = 0;
    const Settings *settings;
    if (!read_question(context, &ip, &when, error) ||
        !cli_flag_number(context, "port", 0, 65535, &port, error) ||
        !(settings = cli_settings_or_default(context, error)))
        return 0;
    g_autoptr(History) history =
        history_open(settings->relays.directory, error);
    if (!history)
        return 0;
    g_autoptr(Lookup) lookup = history_lookup(
        history, &ip, when, cli_flag(context, "port") ? (int)port : -1,
        cli_flag(context, "protocol"));
    Hints *all;
    g_autoptr(GArray) hints = find_hints(settings->relays.directory, &ip, &all);
    if (cli_wants_json(context))
        print_lookup_json(settings, lookup, when.from, hints);
    else
        print_lookup(settings, lookup, when.from, hints);
    hints_free(all);
    return lookup->verdict == VERDICT_EXIT ? 0 : EXIT_NO;
}

static const CommandFlag LOOKUP_FLAGS[] = {
    {"port", "N", "the port that was attacked: was it open to that?"},
    {"protocol", "P", "tcp, udp or icmp; only tcp leaves through Tor"},
    {0},
};

const Command command_relay_lookup = {
    .noun = "relay",
    .verb = "lookup",
    .args = "ADDRESS TIME",
    .min_args = 2,
    .max_args = 2,
    .summary = "was this address a Tor exit then?",
    .examples = "exitdesk relay lookup 192.0.2.77 2026-05-03T14:02Z\n"
                "exitdesk relay lookup 192.0.2.77 2026-05-03T14:02Z --port 22\n"
                "exitdesk relay lookup 2001:db8::1 2026-05-03 --json",
    .about = "Answers with one of exit, port-closed, not-exit, not-listed, "
             "neighbour or\nundecidable, the relays that used the address, "
             "and the documents that say so.\nTimes are UTC unless they say "
             "otherwise; a date alone is the whole day. Exit\nstatus 0: exit; "
             "1: any other answer.",
    .flags = LOOKUP_FLAGS,
    .has_json = true,
    .run = run_relay_lookup,
};
