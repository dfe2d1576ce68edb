/*
 * relay status: what is known, from when to when, and on whose word.
 */
#include "cli/commands_list.h"

#include "base/log.h"
#include "relay/beside.h"
#include "relay/history_figures.h"

#define MEGABYTE 1e6

/* How old the newest consensus is, and what that means for letters. */
typedef struct {
    int64_t age_s;
    bool is_fresh; /* letters may leave by themselves */
} Freshness;

static Freshness freshness_of(const HistoryFigures *f, const Settings *settings,
                              Instant now)
{
    Freshness out = {.age_s = now - f->span.to};
    out.is_fresh =
        f->span.to != INSTANT_NONE && out.age_s <= settings->relays.max_age_s;
    return out;
}

static void print_freshness(const Freshness *fresh, const HistoryFigures *f)
{
    if (f->span.to == INSTANT_NONE)
        return;
    int64_t hours = fresh->age_s / INSTANT_HOUR_S;
    g_autofree char *age =
        fresh->age_s < 0 ? g_strdup("of the future")
        : hours < 48     ? g_strdup_printf("%d h %d min old", (int)hours,
                                           (int)(fresh->age_s / 60 % 60))
                         : g_strdup_printf("%d days old", (int)(hours / 24));
    cli_print("the newest is %s%s\n", age,
              fresh->is_fresh ? ""
                              : ": no letter leaves by itself until a newer "
                                "one is imported");
}

static void put_early(Json *json, const char *name, uint64_t hours,
                      Interval span)
{
    json_key(json, name);
    json_object(json);
    json_put_number(json, "hours", (int64_t)hours);
    json_put_instant(json, "from", span.from);
    json_put_instant(json, "to", span.to);
    json_end_object(json);
}

static void print_status_json(const HistoryFigures *f, const BesideFigures *b,
                              const Freshness *fresh, bool verified)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_instant(&json, "from", f->span.from);
    json_put_instant(&json, "to", f->span.to);
    json_put_bool(&json, "is_fresh", fresh->is_fresh);
    json_put_number(&json, "hours", (int64_t)f->hours);
    json_put_number(&json, "missing_hours", (int64_t)f->missing_hours);
    json_put_number(&json, "quarantined_hours", (int64_t)f->quarantined_hours);
    json_put_number(&json, "contradicted_hours", (int64_t)b->contradictions);
    put_early(&json, "statuses", b->status_hours, b->statuses);
    put_early(&json, "directories", b->directory_hours, b->directories);
    json_put_number(&json, "traffic_days", (int64_t)b->traffic_days);
    json_put_number(&json, "hints", (int64_t)b->hints);
    json_put_number(&json, "relays", (int64_t)f->relays);
    json_put_number(&json, "ipv4_intervals", (int64_t)f->ipv4_intervals);
    json_put_number(&json, "ipv6_intervals", (int64_t)f->ipv6_intervals);
    json_put_number(&json, "periods", (int64_t)f->periods);
    json_put_number(&json, "scans", (int64_t)f->scans);
    json_put_number(&json, "bytes", (int64_t)f->file_bytes);
    json_put_bool(&json, "verified", verified);
    json_key(&json, "documents");
    json_object(&json);
    for (guint i = 0; history_document_word(i); i++)
        json_put_number(&json, history_document_word(i),
                        (int64_t)f->documents[i]);
    json_end_object(&json);
    json_end_object(&json);
    cli_print_json(&json);
}

static void print_number(const char *name, uint64_t value)
{
    cli_print("%-20s %12" G_GUINT64_FORMAT "\n", name, value);
}

static void print_early(const char *what, uint64_t hours, Interval span)
{
    if (hours == 0)
        return;
    g_autofree char *from = instant_new_text(span.from);
    g_autofree char *to = instant_new_text(span.to);
    cli_print("%s from %s to %s, %" G_GUINT64_FORMAT " hours\n", what, from, to,
              hours);
}

static void print_status(const HistoryFigures *f, const BesideFigures *b,
                         const Freshness *fresh, const char *directory,
                         bool verified)
{
    g_autofree char *from = instant_new_text(f->span.from);
    g_autofree char *to = instant_new_text(f->span.to);
    cli_print("%s, %.1f MB%s\n", directory, (double)f->file_bytes / MEGABYTE,
              verified ? ", content matches its hash" : "");
    cli_print("consensuses from %s to %s\n", from, to);
    print_freshness(fresh, f);
    print_early("before them: authorities' statuses", b->status_hours,
                b->statuses);
    print_early("before them: servers' directories", b->directory_hours,
                b->directories);
    cli_print("\n");
    print_number("hours known", f->hours);
    print_number("hours missing", f->missing_hours);
    print_number("hours in quarantine", f->quarantined_hours);
    print_number("hours contradicted", b->contradictions);
    print_number("relays", f->relays);
    print_number("IPv4 intervals", f->ipv4_intervals);
    print_number("IPv6 intervals", f->ipv6_intervals);
    print_number("policy periods", f->periods);
    print_number("exit scans", f->scans);
    for (guint i = 0; history_document_word(i); i++)
        print_number(history_document_word(i), f->documents[i]);
    print_number("days of exit traffic", b->traffic_days);
    print_number("hints", b->hints);
}

static int run_relay_status(CliContext *context, GError **error)
{
    const Settings *settings = cli_settings_or_default(context, error);
    if (!settings)
        return 0;
    g_autoptr(History) history =
        history_open(settings->relays.directory, error);
    if (!history)
        return 0;
    bool verify = cli_flag(context, "verify") != NULL;
    if (verify && !history_verify(history, error))
        return 0;
    HistoryFigures figures = history_figures(history);
    BesideFigures beside = beside_figures(settings->relays.directory);
    Freshness fresh = freshness_of(&figures, settings, cli_now(context));
    if (cli_wants_json(context))
        print_status_json(&figures, &beside, &fresh, verify);
    else
        print_status(&figures, &beside, &fresh, settings->relays.directory,
                     verify);
    return 0;
}

static const CommandFlag STATUS_FLAGS[] = {
    {"verify", NULL, "read the whole history and compare it with its hash"},
    FLAG_NOW,
    {0},
};

const Command command_relay_status = {
    .noun = "relay",
    .verb = "status",
    .summary = "what the relay history holds",
    .examples = "exitdesk relay status\n"
                "exitdesk relay status --verify --json",
    .about = "From when to when consensuses are known, how old the newest is, "
             "how many hours are\nmissing between, and how many relays, "
             "addresses and documents there are. A missing\nhour is never "
             "answered with no. An hour in quarantine has a consensus whose "
             "signatures\ncould not be checked, and one that is contradicted "
             "has two that were signed and\ndiffer: no verdict rests on "
             "either. Hints are what unsigned lists say; no verdict\nrests on "
             "them.",
    .flags = STATUS_FLAGS,
    .has_json = true,
    .run = run_relay_status,
};
