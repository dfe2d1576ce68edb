#include "cli/caselook.h"
#include "cli/commands_list.h"
#include "cli/deed.h"
#include "cli/desk.h"

#include "base/control_wire.h"
#include "base/errors.h"
#include "base/files.h"
#include "policy/profile_make.h"
#include "store/reporters.h"

#include <string.h>
#include <sysexits.h>

/* ---- profile make ------------------------------------------------------- */

static bool read_answer(CliContext *context, ReporterAnswer *answer,
                        GError **error)
{
    const char *text = cli_flag(context, "automatic");
    *answer = ANSWER_CASE;
    if (!text || g_str_equal(text, reporter_answer_word(ANSWER_CASE)))
        return true;
    *answer = ANSWER_DIGEST;
    return g_str_equal(text, reporter_answer_word(ANSWER_DIGEST)) ||
           cli_usage_error(error,
                           "--automatic is once-per-case or "
                           "digest-per-day, not \"%s\"",
                           text);
}

/* reporters/NAME.yaml of the desk's own policies. */
static char *new_path(const Settings *settings, const char *id, GError **error)
{
    const GPtrArray *directories = settings->policy_directories;
    if (directories->len < 3) { /* the package's, the desk's, NULL */
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                    "the desk has no policies of its own: make the directory "
                    "%s/policies, or set \"policies\"",
                    settings->directory ? settings->directory
                                        : "/etc/exitdesk");
        return NULL;
    }
    g_autofree char *directory = g_build_filename(
        directories->pdata[directories->len - 2], "reporters", NULL);
    g_autofree char *name = g_strconcat(id, ".yaml", NULL);
    char *path = g_build_filename(directory, name, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS) &&
        directory_ensure_readable(directory, error))
        return path;
    if (error && !*error)
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "%s exists already; choose another name with --name", path);
    g_free(path);
    return NULL;
}

static Delivery *delivery_of_case(CliContext *context, const char *text,
                                  char **subject, GError **error)
{
    Store *store = cli_store(context, error);
    g_autofree char *id = store ? case_id_typed(context, text, error) : NULL;
    g_autoptr(Case) found = id ? store_case(store, id, error) : NULL;
    if (!found)
        return NULL;
    *subject = g_strdup(found->row->subject);
    return store_delivery(store, found->row->inbox_id, error);
}

static void print_made_json(const ProfileSample *sample, const char *id,
                            const char *path, const char *text)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "profile", id);
    json_put_text(&json, "case", sample->case_id);
    json_put_text(&json, "to", sample->to);
    json_put_text(&json, "automatic", reporter_answer_word(sample->answer));
    json_put_text(&json, "file", path);
    json_put_text(&json, "text", text);
    json_end_object(&json);
    cli_print_json(&json);
}

static bool write_profile(CliContext *context, const Settings *settings,
                          const ProfileSample *sample, GError **error)
{
    g_autofree char *text = profile_make(sample, error);
    const char *named = cli_flag(context, "name");
    g_autofree char *id =
        named ? g_strdup(named) : profile_make_id(sample->header);
    if (!text)
        return false;
    if (strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(id))
        return cli_usage_error(error,
                               "--name has small letters, digits and "
                               "hyphens, not \"%s\"",
                               id);
    g_autofree char *path = new_path(settings, id, error);
    if (!path || !file_replace(path, text, strlen(text), 0644, error))
        return false;
    if (cli_wants_json(context)) {
        print_made_json(sample, id, path, text);
        return true;
    }
    cli_print("%s", text);
    cli_say(context,
            "\nWritten to %s; it has no effect yet.\n"
            "Next: look at it, then two people: exitdesk profile approve %s "
            "--by WHO\n",
            path, id);
    return true;
}

static int run_profile_make(CliContext *context, GError **error)
{
    const char *from = cli_flag(context, "from"), *to = cli_flag(context, "to");
    ReporterAnswer answer;
    if (!from || !to) {
        cli_usage_error(error, "say from which case (--from) and where its "
                               "letters shall go (--to)");
        return 0;
    }
    const Settings *settings = cli_settings(context, error);
    g_autofree char *subject = NULL;
    if (!settings || !read_answer(context, &answer, error))
        return 0;
    g_autoptr(Delivery) delivery =
        delivery_of_case(context, from, &subject, error);
    if (!delivery)
        return 0;
    gsize length;
    const void *raw = g_bytes_get_data(delivery->raw, &length);
    g_autoptr(StrictHeader) header = strict_header_scan(raw, length);
    const ProfileSample sample = {
        .header = header,
        .authserv_id = settings->receive.authserv_id,
        .envelope_from = delivery->envelope_from,
        .to = to,
        .case_id = from,
        .subject = subject,
        .answer = answer,
    };
    write_profile(context, settings, &sample, error);
    return 0;
}

static const CommandFlag MAKE_FLAGS[] = {
    {"from", "CASE", "the case whose mail shows how the reporter signs"},
    {"to", "ADDRESS", "where its letters shall go: one that it publishes"},
    {"name", "NAME", "of the profile; else the domain of From"},
    {"automatic", "HOW", "once-per-case (if not given) or digest-per-day"},
    {0},
};

const Command command_profile_make = {
    .noun = "profile",
    .verb = "make",
    .summary = "begin a profile from a case, for two people to approve",
    .examples = "exitdesk profile make --from UA-2026-00142-K --to "
                "abuse@hoster.example",
    .about = "Pins what our own mail server found to be good: the domain of "
             "the signature, and\nFrom. The profile is proposed: it has no "
             "effect until two people approved it, and\nnone again when its "
             "file is changed.",
    .flags = MAKE_FLAGS,
    .has_json = true,
    .run = run_profile_make,
};

/* ---- profile approve ---------------------------------------------------- */

static const Profile *find_proposed(const Profiles *profiles, const char *id,
                                    GError **error)
{
    const Profile *profile = profiles_by_id(profiles, id);
    if (profile && profile->proposed)
        return profile;
    g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                profile ? "the profile \"%s\" is not proposed; its file says "
                          "who reviewed it"
                        : "there is no profile \"%s\"",
                id);
    return NULL;
}

static bool approve_here(CliContext *context, const Settings *settings,
                         const Profile *profile, const char *who,
                         GError **error)
{
    g_autoptr(Store) store = store_open(settings->data, STORE_WRITE, error);
    uint32_t count;
    if (!store ||
        !store_approve_profile(store, profile->id, profile->sha256, who,
                               cli_user(), cli_now(context), error) ||
        !store_profile_yes_count(store, profile->id, profile->sha256, &count,
                                 error))
        return false;
    g_autofree char *told = g_strdup_printf(
        "Approved %s: %u of %d.", profile->id, count, PROFILE_APPROVALS);
    deed_print(context, true, told);
    return true;
}

/* The desk notes it, and reads the file that it was about. */
static bool ask_desk(CliContext *context, const Settings *settings,
                     const Profile *profile, const char *who, GError **error)
{
    g_autofree char *subject =
        g_strdup_printf("%s %s", profile->id, profile->sha256);
    const ControlRequest yes = {
        .kind = CONTROL_PROFILE, .subject = subject, .note = (char *)who};
    const ControlRequest reload = {.kind = CONTROL_RELOAD};
    g_autofree char *text = NULL;
    if (!control_ask(settings->control, &yes, DESK_TIMEOUT_S, &text, error))
        return false;
    deed_print(context, true, text ? text : "Approved.");
    return control_ask(settings->control, &reload, DESK_TIMEOUT_S, NULL, error);
}

static int run_profile_approve(CliContext *context, GError **error)
{
    const char *who = cli_flag(context, "by");
    if (!who) {
        cli_usage_error(error, "say who approves: --by WHO");
        return 0;
    }
    const Settings *settings = cli_settings(context, error);
    g_autoptr(Profiles) profiles =
        settings ? profiles_load(
                       (const char *const *)settings->policy_directories->pdata,
                       error)
                 : NULL;
    const Profile *profile =
        profiles ? find_proposed(profiles, cli_arg(context, 0), error) : NULL;
    if (!profile)
        return 0;
    if (cli_flag(context, "offline"))
        approve_here(context, settings, profile, who, error);
    else
        ask_desk(context, settings, profile, who, error);
    return 0;
}

static const CommandFlag APPROVE_FLAGS[] = {
    {"by", "WHO", "the person who looked at it"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_profile_approve = {
    .noun = "profile",
    .verb = "approve",
    .args = "NAME",
    .min_args = 1,
    .max_args = 1,
    .summary = "say yes to a proposed profile; it takes two people",
    .examples = "exitdesk profile approve hoster-example --by \"A. Beispiel\"",
    .about = "The name and your login go into the record. The same person "
             "cannot say it twice,\nand a changed file needs both again.",
    .flags = APPROVE_FLAGS,
    .has_json = true,
    .run = run_profile_approve,
};
