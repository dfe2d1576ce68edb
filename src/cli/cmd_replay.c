/*
 * "exitdesk replay": what other rules would have decided.
 *
 * The mails of the last days are decided twice, by the rules in force and by
 * those of --with, and the differences are counted by kind. The database is
 * only read.
 */
#include "cli/commands_list.h"
#include "cli/parts.h"

#include "base/errors.h"
#include "intake/replay.h"
#include "settings/settings_member.h"
#include "store/cases.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAYS_MAX        36500
#define PROGRESS_STEP_S 0.5

/* Settings and parts to be tried; what --with does not have is in force. */
typedef struct {
    Settings settings;
    Members *members; /* of --with, or NULL */
    Parts rules;      /* policies, profiles, templates alone */
    GPtrArray *policies, *templates;
} Tried;

static void tried_clear(Tried *tried)
{
    parts_clear(&tried->rules);
    g_clear_pointer(&tried->members, members_unref);
    g_clear_pointer(&tried->policies, g_ptr_array_unref);
    g_clear_pointer(&tried->templates, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tried, tried_clear)

/* The directories in force, and behind them DIR/NAME if it is there. */
static GPtrArray *layered(const GPtrArray *in_force, const char *directory,
                          const char *name, bool *is_there)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; in_force->pdata[i]; i++)
        g_ptr_array_add(list, g_strdup(in_force->pdata[i]));
    g_autofree char *path = g_build_filename(directory, name, NULL);
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        g_ptr_array_add(list, g_steal_pointer(&path));
        *is_there = true;
    }
    g_ptr_array_add(list, NULL);
    return list;
}

/* DIR/members.d in place of the members in force. */
static bool try_members(Tried *tried, const char *directory, bool *is_there,
                        GError **error)
{
    g_autofree char *path = g_build_filename(directory, "members.d", NULL);
    if (!g_file_test(path, G_FILE_TEST_IS_DIR))
        return true;
    *is_there = true;
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    tried->members = settings_read_members(directory, errors);
    if (errors->len > 0) {
        g_ptr_array_add(errors, NULL);
        g_autofree char *all = g_strjoinv("\n", (char **)errors->pdata);
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG, "%s", all);
        return false;
    }
    tried->settings.members = tried->members;
    return true;
}

static bool tried_load(Tried *tried, const Settings *in_force,
                       const char *directory, GError **error)
{
    bool is_there = false;
    tried->settings = *in_force;
    tried->policies =
        layered(in_force->policy_directories, directory, "policies", &is_there);
    tried->templates = layered(in_force->template_directories, directory,
                               "templates", &is_there);
    if (!try_members(tried, directory, &is_there, error))
        return false;
    if (!is_there) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "%s has no policies/, templates/ or members.d/: there is "
                    "nothing to try",
                    directory);
        return false;
    }
    return parts_load_rules(tried->policies, tried->templates, &tried->rules,
                            error);
}

/* "90d", or a date. */
static bool since_moment(CliContext *context, Instant *out, GError **error)
{
    const char *text = cli_flag(context, "since");
    char *end;
    long days = text ? strtol(text, &end, 10) : 90;
    if (!text || (end != text && strcmp(end, "d") == 0 && days > 0 &&
                  days <= DAYS_MAX)) {
        *out = cli_now(context) - days * INSTANT_DAY_S;
        return true;
    }
    if (instant_parse(text, out))
        return true;
    return cli_usage_error(error,
                           "--since takes days like 90d or a date like "
                           "2026-05-03, not \"%s\"",
                           text);
}

static bool kind_to_show(const CliContext *context, ReplayKind *out,
                         GError **error)
{
    const char *word = cli_flag(context, "show");
    *out = REPLAY_KINDS;
    for (ReplayKind kind = 0; word && kind < REPLAY_KINDS; kind++)
        if (strcmp(word, replay_kind_word(kind)) == 0)
            *out = kind;
    if (!word || *out < REPLAY_KINDS)
        return true;
    g_autoptr(GString) words = g_string_new(NULL);
    for (ReplayKind kind = 0; kind < REPLAY_KINDS; kind++)
        g_string_append_printf(words, " %s", replay_kind_word(kind));
    return cli_usage_error(error, "--show takes one of:%s", words->str);
}

/* What was counted, and how it is told. */
typedef struct {
    CliContext *context;
    ReplayKind show; /* REPLAY_KINDS: counts alone */
    guint mails, counts[REPLAY_KINDS];
    char *first[REPLAY_KINDS]; /* the id to look at */
    gint64 shown;
} Tally;

static void tally_clear(Tally *tally)
{
    for (ReplayKind kind = 0; kind < REPLAY_KINDS; kind++)
        g_free(tally->first[kind]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tally, tally_clear)

static void show_progress(Tally *tally, guint total)
{
    gint64 now = g_get_monotonic_time();
    if (!isatty(STDERR_FILENO) ||
        (double)(now - tally->shown) < PROGRESS_STEP_S * G_USEC_PER_SEC)
        return;
    tally->shown = now;
    cli_say(tally->context, "\r\033[K%u of %u mails", tally->mails, total);
}

/* The id that people know: of the case, else of the mail. */
static char *known_id(Store *store, const char *inbox_id, const char *member)
{
    g_autoptr(Case) found = store_case(store, inbox_id, NULL);
    return g_strdup(found && g_strcmp0(found->row->member, member) == 0
                        ? found->row->case_id
                        : inbox_id);
}

static void print_finding(const ReplayFinding *finding, const char *id,
                          Instant received)
{
    g_autofree char *when = instant_new_text(received);
    cli_print("%s  %s  %s\n  before  %s\n  after   %s\n", id, when,
              finding->member ? finding->member : "-", finding->before,
              finding->after);
    g_auto(GStrv) lines =
        g_strsplit(finding->lines ? finding->lines : "", "\n", -1);
    for (guint i = 0; lines[i] && *lines[i]; i++)
        cli_print("    %s\n", lines[i]);
    cli_print("\n");
}

static void print_finding_json(const ReplayFinding *finding, const char *id,
                               Instant received)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "id", id);
    json_put_instant(&json, "received", received);
    json_put_text(&json, "member", finding->member);
    json_put_text(&json, "kind", replay_kind_word(finding->kind));
    json_put_text(&json, "before", finding->before);
    json_put_text(&json, "after", finding->after);
    json_put_text(&json, "lines", finding->lines);
    json_end_object(&json);
    cli_print_json(&json);
}

static void note_finding(Tally *tally, Store *store, const Delivery *delivery,
                         const ReplayFinding *finding)
{
    ReplayKind kind = finding->kind;
    bool is_shown = tally->show == kind ||
                    (tally->show == REPLAY_KINDS &&
                     cli_wants_json(tally->context) && kind != REPLAY_SAME);
    if (tally->counts[kind]++ > 0 && !is_shown)
        return;
    g_autofree char *id = known_id(store, delivery->id, finding->member);
    if (!tally->first[kind])
        tally->first[kind] = g_strdup(id);
    if (!is_shown)
        return;
    if (cli_wants_json(tally->context))
        print_finding_json(finding, id, delivery->received);
    else
        print_finding(finding, id, delivery->received);
}

static bool replay_all(Tally *tally, Store *store, const Desk *in_force,
                       const Desk *tried, const GPtrArray *ids, GError **error)
{
    for (guint i = 0; i < ids->len; i++) {
        g_autoptr(Delivery) delivery =
            store_delivery(store, ids->pdata[i], error);
        g_autoptr(GPtrArray) findings =
            delivery ? replay_mail(in_force, tried, delivery, error) : NULL;
        if (!findings)
            return false;
        tally->mails++;
        for (guint k = 0; k < findings->len; k++)
            note_finding(tally, store, delivery, findings->pdata[k]);
        show_progress(tally, ids->len);
    }
    return true;
}

static void print_tally(const Tally *tally, Instant since)
{
    g_autofree char *from = instant_new_text(since);
    cli_say(tally->context, "%s", tally->shown ? "\r\033[K" : "");
    cli_print("Replayed %u mails since %s.\n", tally->mails, from);
    for (ReplayKind kind = 0; kind < REPLAY_KINDS; kind++) {
        if (tally->counts[kind] == 0 && kind != REPLAY_SAME &&
            kind != REPLAY_SENT_NOW)
            continue;
        cli_print("  %-12s %6u  %s", replay_kind_word(kind),
                  tally->counts[kind], replay_kind_about(kind));
        if (kind != REPLAY_SAME && tally->first[kind])
            cli_print(" (first: %s)", tally->first[kind]);
        cli_print("\n");
    }
    cli_print("Nothing was written or sent. Limits, pauses and earlier letters "
              "count on neither side.\n");
}

static int run_replay(CliContext *context, GError **error)
{
    g_auto(Parts) parts = {0};
    g_auto(Tried) tried = {0};
    g_auto(Tally) tally = {.context = context};
    Instant since;
    const char *with = cli_flag(context, "with");
    if (!with)
        return cli_usage_error(error, "--with DIR is missing: where are the "
                                      "rules to try?");
    const Settings *settings = cli_settings(context, error);
    if (!settings || !kind_to_show(context, &tally.show, error) ||
        !since_moment(context, &since, error) ||
        !parts_load(settings, &parts, error) ||
        !tried_load(&tried, settings, with, error))
        return 0;
    Store *store = cli_store(context, error);
    g_autoptr(GPtrArray) ids =
        store ? store_mails_between(store, since, cli_now(context) + 1, error)
              : NULL;
    if (!ids)
        return 0;
    Desk in_force = parts_desk(&parts, settings);
    Desk other = parts_desk(&parts, &tried.settings);
    other.policies = tried.rules.policies;
    other.profiles = tried.rules.profiles;
    other.templates = tried.rules.templates;
    if (!replay_all(&tally, store, &in_force, &other, ids, error))
        return 0;
    if (!cli_wants_json(context))
        print_tally(&tally, since);
    guint findings = 0;
    for (ReplayKind kind = 0; kind < REPLAY_SAME; kind++)
        findings += tally.counts[kind];
    return findings > 0 ? EXIT_NO : 0;
}

static const CommandFlag REPLAY_FLAGS[] = {
    {"with", "DIR",
     "policies/, templates/ and members.d/ to try; what is not there is as in "
     "force"},
    {"since", "DAYS", "mails of so many days like 30d (90d), or since a date"},
    {"show", "KIND", "list each difference of a kind, like sent-now"},
    FLAG_NOW,
    {0},
};

const Command command_replay = {
    .noun = "replay",
    .summary = "what changed rules would have decided",
    .examples = "exitdesk replay --with ./working-copy\n"
                "exitdesk replay --with ./working-copy --since 30d --show "
                "sent-now\n"
                "exitdesk replay --with ./working-copy --json",
    .about =
        "Decides the mails of the last days twice, by the rules in force and "
        "by those of\nDIR, and counts what differs. Files of DIR/policies and "
        "DIR/templates replace those\nof the same name; DIR/members.d stands "
        "for all members. Each mail is judged as of\nits arrival with today's "
        "relay data; what was counted, paused or answered then is\non neither "
        "side. Writes and sends nothing. Exit status 1: something differs.",
    .flags = REPLAY_FLAGS,
    .has_json = true,
    .run = run_replay,
};
