#include "cli/commands_list.h"

#include "base/errors.h"
#include "intake/digesting.h"
#include "policy/profile_load.h"
#include "store/reporters.h"

static Profiles *load_profiles(CliContext *context, const Settings **settings,
                               GError **error)
{
    *settings = cli_settings_or_default(context, error);
    if (!*settings)
        return NULL;
    return profiles_load(
        (const char *const *)(*settings)->policy_directories->pdata, error);
}

/* What a mail of the reporter can come to, in a word or two. */
static const char *standing_of(const Profile *profile, Instant now)
{
    if (profile->proposed)
        return "proposed";
    if (profile->answer == ANSWER_NEVER)
        return "silent";
    if (profile->dkim->len == 0)
        return "not provable";
    if (profile->answer == ANSWER_FORM_ONLY)
        return "by hand";
    return profile_is_reviewed(profile, now) ? "in use" : "held";
}

static void put_list(Json *json, const char *name, const GPtrArray *texts)
{
    json_key(json, name);
    json_array(json);
    for (guint i = 0; i < texts->len; i++)
        json_text(json, texts->pdata[i]);
    json_end_array(json);
}

static void put_profile(Json *json, const Profile *profile, Instant now)
{
    json_put_text(json, "profile", profile->id);
    json_put_text(json, "name", profile->name);
    json_put_text(json, "kind", reporter_kind_word(profile->kind));
    json_put_text(json, "standing", standing_of(profile, now));
    json_put_text(json, "automatic", reporter_answer_word(profile->answer));
    json_put_text(json, "to", profile->to);
    put_list(json, "dkim", profile->dkim);
    put_list(json, "from", profile->from);
    json_put_text(json, "template", profile->template);
    json_put_text(json, "reference", profile->reference);
    json_put_text(json, "form", profile->form);
    json_put_number(json, "deadline_s", profile->deadline_s);
    json_put_number(json, "per_day", profile->per_day);
    put_list(json, "source", profile->sources);
    json_put_text(json, "reviewed", profile->reviewed);
    json_put_text(json, "confidence", confidence_word(profile->confidence));
    json_put_text(json, "missing", profile->missing);
    json_put_text(json, "file", profile->file);
    json_put_text(json, "sha256", profile->sha256);
}

/* ---- profile list ------------------------------------------------------ */

static void add_row(CliContext *context, Table *table, const Profile *profile,
                    Instant now)
{
    if (!cli_wants_json(context)) {
        TABLE_ADD(table, profile->id, reporter_kind_word(profile->kind),
                  standing_of(profile, now),
                  reporter_answer_word(profile->answer), profile->to,
                  profile->name);
        return;
    }
    Json json;
    json_init(&json);
    json_object(&json);
    put_profile(&json, profile, now);
    json_end_object(&json);
    cli_print_json(&json);
}

static int run_profile_list(CliContext *context, GError **error)
{
    static const char *const HEADINGS[] = {
        "profile", "kind", "mail is", "answered", "to", "reporter", NULL};
    const Settings *settings;
    g_autoptr(Profiles) profiles = load_profiles(context, &settings, error);
    if (!profiles)
        return 0;
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < profiles_count(profiles); i++)
        add_row(context, table, profiles_at(profiles, i), cli_now(context));
    if (table_count(table) > 0)
        table_print(table);
    return 0;
}

static const CommandFlag NOW_FLAGS[] = {FLAG_NOW, {0}};

const Command command_profile_list = {
    .noun = "profile",
    .verb = "list",
    .summary = "known reporters, and what becomes of their mail",
    .examples = "exitdesk profile list",
    .about = "\"in use\": letters may leave; \"held\": nobody reviewed it, so "
             "a person sends each\nletter; \"not provable\": how it signs is "
             "not known; \"by hand\": it has a web form;\n\"silent\": it "
             "wants no answers; \"proposed\": it waits for two people.",
    .flags = NOW_FLAGS,
    .has_json = true,
    .run = run_profile_list,
};

/* ---- profile show ------------------------------------------------------- */

/* Those who said yes to a proposed one; none without a database. */
static GPtrArray *find_approvals(CliContext *context, const Profile *profile)
{
    Store *store = profile->proposed ? cli_store(context, NULL) : NULL;
    return store ? store_profile_approvals(store, profile->id, profile->sha256,
                                           NULL)
                 : NULL;
}

static void print_profile_json(const Profile *profile,
                               const GPtrArray *approvals, Instant now)
{
    Json json;
    json_init(&json);
    json_object(&json);
    put_profile(&json, profile, now);
    json_key(&json, "approvals");
    json_array(&json);
    for (guint i = 0; approvals && i < approvals->len; i++) {
        const ProfileApproval *approval = approvals->pdata[i];
        json_object(&json);
        json_put_text(&json, "by", approval->person);
        json_put_text(&json, "login", approval->login);
        json_put_instant(&json, "at", approval->at);
        json_end_object(&json);
    }
    json_end_array(&json);
    json_end_object(&json);
    cli_print_json(&json);
}

static char *joined(const GPtrArray *texts)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < texts->len; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? " " : "",
                               (const char *)texts->pdata[i]);
    return g_string_free(out, FALSE);
}

static void print_line(const char *label, const char *text)
{
    if (text && *text)
        cli_print("%-10s %s\n", label, text);
}

static void print_profile(const Profile *profile, const GPtrArray *approvals,
                          Instant now)
{
    g_autofree char *dkim = joined(profile->dkim);
    g_autofree char *from = joined(profile->from);
    g_autofree char *sources = joined(profile->sources);
    cli_print("%s: %s (%s), %s\n", profile->id, profile->name,
              reporter_kind_word(profile->kind), standing_of(profile, now));
    print_line("signs", dkim);
    print_line("from", from);
    print_line("answered", reporter_answer_word(profile->answer));
    print_line("to", profile->to);
    print_line("template", profile->template);
    print_line("reference", profile->reference);
    print_line("form", profile->form);
    print_line("source", sources);
    print_line("reviewed", profile->reviewed);
    print_line("confidence", confidence_word(profile->confidence));
    print_line("missing", profile->missing);
    print_line("file", profile->file);
    for (guint i = 0; approvals && i < approvals->len; i++) {
        const ProfileApproval *approval = approvals->pdata[i];
        char at[INSTANT_TEXT_MAX];
        cli_print("approved   by %s (login %s) at %s\n", approval->person,
                  approval->login, instant_text(approval->at, at));
    }
    if (approvals)
        cli_print(
            "approvals  %u of %d: %s\n", approvals->len, PROFILE_APPROVALS,
            approvals->len >= PROFILE_APPROVALS ? "in use" : "no effect yet");
}

/* What waits for its digest, a line for each member. */
static bool print_waiting(CliContext *context, const Profile *profile,
                          GError **error)
{
    const Settings *settings = cli_settings_or_default(context, error);
    Store *store =
        profile->answer == ANSWER_DIGEST ? cli_store(context, NULL) : NULL;
    g_autoptr(GPtrArray) groups =
        store ? store_digest_groups(store, profile->id, error) : NULL;
    for (guint i = 0; groups && i < groups->len; i++) {
        const DigestGroup *group = groups->pdata[i];
        g_autofree char *behind = NULL;
        Instant when;
        char at[INSTANT_TEXT_MAX];
        if (!digesting_next(store, settings, group, cli_now(context), &when,
                            &behind, error))
            return false;
        cli_print("waiting    %u case%s of %s, written %s%s\n", group->waiting,
                  group->waiting == 1 ? "" : "s", group->member,
                  behind ? "once a person decided " : "at ",
                  behind ? behind : instant_text(when, at));
    }
    return groups || !store;
}

static int run_profile_show(CliContext *context, GError **error)
{
    const Settings *settings;
    g_autoptr(Profiles) profiles = load_profiles(context, &settings, error);
    if (!profiles)
        return 0;
    const Profile *profile = profiles_by_id(profiles, cli_arg(context, 0));
    if (!profile) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "there is no profile \"%s\"; all of them: exitdesk profile "
                    "list",
                    cli_arg(context, 0));
        return 0;
    }
    g_autoptr(GPtrArray) approvals = find_approvals(context, profile);
    if (cli_wants_json(context))
        print_profile_json(profile, approvals, cli_now(context));
    else
        print_profile(profile, approvals, cli_now(context));
    if (!cli_wants_json(context))
        print_waiting(context, profile, error);
    return 0;
}

const Command command_profile_show = {
    .noun = "profile",
    .verb = "show",
    .args = "NAME",
    .min_args = 1,
    .max_args = 1,
    .summary = "one reporter: how it signs, where answers go, who says so",
    .examples = "exitdesk profile show hetzner",
    .about = "Of a proposed profile also who approved it as it stands.",
    .flags = NOW_FLAGS,
    .has_json = true,
    .run = run_profile_show,
};

/* ---- profile check ------------------------------------------------------ */

static int run_profile_check(CliContext *context, GError **error)
{
    const Settings *settings;
    g_autoptr(Profiles) profiles = load_profiles(context, &settings, error);
    if (!profiles)
        return 0;
    guint provable = 0, reviewed = 0, proposed = 0;
    for (guint i = 0; i < profiles_count(profiles); i++) {
        const Profile *profile = profiles_at(profiles, i);
        provable += profile->dkim->len > 0;
        reviewed += profile_is_reviewed(profile, cli_now(context));
        proposed += profile->proposed;
    }
    if (cli_wants_json(context)) {
        Json json;
        json_init(&json);
        json_object(&json);
        json_put_number(&json, "profiles", profiles_count(profiles));
        json_put_number(&json, "pinned", provable);
        json_put_number(&json, "reviewed", reviewed);
        json_put_number(&json, "proposed", proposed);
        json_end_object(&json);
        cli_print_json(&json);
        return 0;
    }
    cli_print("%u profiles can be read: %u with a pinned signature, %u "
              "reviewed, %u proposed\n",
              profiles_count(profiles), provable, reviewed, proposed);
    return 0;
}

const Command command_profile_check = {
    .noun = "profile",
    .verb = "check",
    .summary = "read all profiles and say what is wrong, by file and line",
    .examples = "exitdesk profile check",
    .about = "The desk does not start, and does not reload, with a profile "
             "that contradicts itself.",
    .flags = NOW_FLAGS,
    .has_json = true,
    .run = run_profile_check,
};
