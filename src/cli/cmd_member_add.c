/*
 * member add: a member's file out of what its relays say of each other.
 *
 * Only fingerprints are taken from the network, and only those that stand in a
 * mutual family or under one family key with the relay that was named. Name
 * and country are what the organisation says; they are given as flags or asked
 * at a terminal, never read from a ContactInfo. Without them the file is
 * written beside (ID.yaml.draft), with marks that "config check" refuses
 * should it be put in place unfilled. There is no consent in it, and all is
 * off.
 */
#include "cli/commands_list.h"
#include "cli/relaylook.h"
#include "cli/typed.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"
#include "base/log.h"
#include "settings/settings_member.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SHOWN_MAX       200
#define NAMED_SHOWN_MAX 20 /* relays of one nickname */

typedef struct {
    const char *id;                  /* or NULL */
    char *name, *country, *language; /* as typed, or NULL */
    Fingerprint from;
    GArray *relays;     /* of Fingerprint */
    GPtrArray *foreign; /* of char *: relatives that are others' */
} Plan;

static void plan_clear(Plan *plan)
{
    g_free(plan->name);
    g_free(plan->country);
    g_free(plan->language);
    g_clear_pointer(&plan->relays, g_array_unref);
    g_clear_pointer(&plan->foreign, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Plan, plan_clear)

static bool id_is_valid(const char *id)
{
    return *id && strlen(id) <= 40 &&
           strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(id);
}

/* One line from the terminal; NULL if there is none or nobody answers. */
static char *ask(const CliContext *context, const char *question)
{
    char line[300];
    if (!isatty(STDIN_FILENO) || cli_is_quiet(context))
        return NULL;
    fprintf(stderr, "%s ", question);
    if (!fgets(line, sizeof line, stdin))
        return NULL;
    g_strstrip(line);
    return *line ? g_strdup(line) : NULL;
}

/* In double quotes, as YAML reads it. */
static char *quoted(const char *text)
{
    g_autofree char *safe = foreign_text(text, SHOWN_MAX);
    g_autoptr(GString) out = g_string_new("\"");
    for (const char *at = safe; *at; at++) {
        if (*at == '"' || *at == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *at);
    }
    g_string_append_c(out, '"');
    return g_strdup(out->str);
}

/* A value that the file's own reader refused would stop the desk. */
static bool settle_values(Plan *plan, GError **error)
{
    return member_value_typed("name", &plan->name, error) &&
           member_value_typed("country", &plan->country, error) &&
           member_value_typed("language", &plan->language, error);
}

static bool read_plan(CliContext *context, Plan *plan, GError **error)
{
    plan->id = cli_arg(context, 0);
    if (plan->id && !id_is_valid(plan->id))
        return cli_usage_error(error,
                               "\"%s\" is no id like bib-musterstadt: 1 to 40 "
                               "of a-z, 0-9 and -",
                               plan->id);
    if (!cli_flag(context, "from-relay"))
        return cli_usage_error(error, "--from-relay RELAY is missing: a "
                                      "fingerprint or a nickname");
    plan->name = g_strdup(cli_flag(context, "name"));
    plan->country = g_strdup(cli_flag(context, "country"));
    plan->language = g_strdup(cli_flag(context, "language"));
    return settle_values(plan, error);
}

/* ---- the relay ---------------------------------------------------------- */

/* Those of the moment that call themselves so. */
static GArray *relays_named(const RelayLook *look, const char *nickname)
{
    GArray *found = g_array_new(false, false, sizeof(Fingerprint));
    g_autoptr(GPtrArray) rows = relay_look_rows(look);
    for (guint i = 0; i < rows->len; i++) {
        const RelayRow *row = rows->pdata[i];
        if (row->is_listed &&
            g_ascii_strcasecmp(row->roster.nickname, nickname) == 0)
            g_array_append_val(found, row->fingerprint);
    }
    return found;
}

/* Anybody can take a nickname: one that two relays have names none. */
static bool find_named(const RelayLook *look, const char *nickname,
                       Fingerprint *out, GError **error)
{
    g_autoptr(GArray) found = relays_named(look, nickname);
    if (found->len == 1) {
        *out = g_array_index(found, Fingerprint, 0);
        return true;
    }
    if (found->len == 0) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "\"%s\" is neither a fingerprint (40 hex digits) nor the "
                    "nickname of a relay that is listed. All of them: exitdesk "
                    "relay list",
                    nickname);
        return false;
    }
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < MIN(found->len, NAMED_SHOWN_MAX); i++) {
        g_autofree char *hex =
            fingerprint_new_text(&g_array_index(found, Fingerprint, i));
        g_string_append_printf(all, "\n  %s", hex);
    }
    g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                "%u relays call themselves \"%s\"; name one by its "
                "fingerprint:%s%s",
                found->len, nickname, all->str,
                found->len > NAMED_SHOWN_MAX ? "\n  ..." : "");
    return false;
}

/* A fingerprint is taken also of a relay that is not listed now. */
static bool find_from(CliContext *context, const RelayLook *look, Plan *plan,
                      GError **error)
{
    const char *from = cli_flag(context, "from-relay");
    return hex_parse(*from == '$' ? from + 1 : from, plan->from.bytes,
                     sizeof plan->from.bytes) ||
           find_named(look, from, &plan->from, error);
}

static bool is_known(const RelayLook *look, const Plan *plan, GError **error)
{
    g_autoptr(RelayRow) row = relay_look_row(look, &plan->from);
    if (row->roster.count > 0)
        return true;
    g_autofree char *hex = fingerprint_new_text(&plan->from);
    g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                "no consensus that is known lists the relay %s", hex);
    return false;
}

/* The relay and its relatives; what is another member's is only told. */
static void find_relays(const RelayLook *look, const Member *own, Plan *plan)
{
    plan->relays = families_relatives(look->families, &plan->from);
    plan->foreign = g_ptr_array_new_with_free_func(g_free);
    g_array_append_val(plan->relays, plan->from);
    fingerprints_settle(plan->relays);
    for (guint i = plan->relays->len; i-- > 0;) {
        Fingerprint relay = g_array_index(plan->relays, Fingerprint, i);
        const Member *member =
            members_by_fingerprint(look->settings->members, relay.bytes);
        if (!member)
            continue;
        if (member != own) {
            g_autofree char *hex = fingerprint_new_text(&relay);
            g_ptr_array_add(plan->foreign,
                            g_strdup_printf("%s (%s)", hex, member->id));
        }
        g_array_remove_index(plan->relays, i);
    }
}

static void write_relay(GString *text, const RelayLook *look,
                        const Fingerprint *relay)
{
    g_autoptr(RelayRow) row = relay_look_row(look, relay);
    g_autofree char *hex = fingerprint_new_text(relay);
    g_autofree char *addresses = relay_row_addresses(row);
    g_string_append_printf(text, "    - %s  # %s %s%s\n", hex,
                           row->roster.nickname, addresses,
                           row->roster.is_exit ? " exit" : "");
}

static char *contact_line(const RelayLook *look, const Plan *plan)
{
    g_autoptr(RelayRow) row = relay_look_row(look, &plan->from);
    g_autofree char *said = row->contact.text && *row->contact.text
                                ? foreign_text(row->contact.text, SHOWN_MAX)
                                : NULL;
    return g_strdup_printf("# Its relay %s says, and nobody checked it: %s\n",
                           row->roster.nickname, said ? said : "nothing");
}

/* The relays to be added, as lines of the file. */
static void write_relays(GString *text, const RelayLook *look, const Plan *plan)
{
    for (guint i = 0; i < plan->relays->len; i++)
        write_relay(text, look, &g_array_index(plan->relays, Fingerprint, i));
}

static char *new_file(CliContext *context, const RelayLook *look,
                      const Plan *plan)
{
    char now[INSTANT_TEXT_MAX];
    g_autofree char *contact = contact_line(look, plan);
    g_autofree char *name =
        plan->name ? quoted(plan->name) : g_strdup(MEMBER_BLANK);
    g_autofree char *country =
        plan->country ? quoted(plan->country) : g_strdup(MEMBER_BLANK);
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(
        text,
        "# Made by exitdesk member add on %.10s from what the network says.\n"
        "# Nothing is sent in this member's name: consent is missing, and all "
        "is off.\n%s%s"
        "name: %s\n"
        "country: %s\n"
        "language: %s\n"
        "relays:\n"
        "  fingerprints:  # in mutual family or under one key with the first "
        "asked for\n",
        instant_text(cli_now(context), now), contact,
        plan->name && plan->country
            ? ""
            : "# Ask the organisation for what is marked " MEMBER_BLANK
              " and for its contacts.\n",
        name, country, plan->language ? plan->language : "en");
    write_relays(text, look, plan);
    g_string_append(text, "contacts: []\nautomation: off\n");
    return g_strdup(text->str);
}

static void tell_foreign(CliContext *context, const Plan *plan)
{
    for (guint i = 0; i < plan->foreign->len; i++)
        cli_say(context, "Left out, it is another member's: %s\n",
                (const char *)plan->foreign->pdata[i]);
}

/* path NULL: nothing was written; text: the file, or the lines to add. */
static int print_json(const Plan *plan, const char *path, bool is_there,
                      const char *text)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "member", plan->id);
    json_put_bool(&json, "is_there", is_there);
    json_put_bool(&json, "is_whole", is_there || (plan->name && plan->country));
    json_key(&json, "fingerprints");
    json_array(&json);
    for (guint i = 0; i < plan->relays->len; i++) {
        g_autofree char *hex =
            fingerprint_new_text(&g_array_index(plan->relays, Fingerprint, i));
        json_text(&json, hex);
    }
    json_end_array(&json);
    json_key(&json, "left_out");
    json_array(&json);
    for (guint i = 0; i < plan->foreign->len; i++)
        json_text(&json, plan->foreign->pdata[i]);
    json_end_array(&json);
    json_put_text(&json, "file", path);
    json_put_text(&json, "text", text);
    json_end_object(&json);
    cli_print_json(&json);
    return 0;
}

/* The member is there: say what to put into its file, and write nothing. */
static int tell_lines(CliContext *context, const RelayLook *look,
                      const Plan *plan)
{
    if (plan->relays->len == 0 && !cli_wants_json(context)) {
        cli_print("%s.yaml names it and all its relatives already.\n",
                  plan->id);
        return 0;
    }
    g_autoptr(GString) text = g_string_new(NULL);
    write_relays(text, look, plan);
    if (cli_wants_json(context))
        return print_json(plan, NULL, true, text->str);
    cli_print("# After the member said yes: into %s/members.d/%s.yaml, under "
              "relays.fingerprints\n%s",
              look->settings->directory ? look->settings->directory : "",
              plan->id, text->str);
    return 0;
}

static int write_file(CliContext *context, const RelayLook *look,
                      const Plan *plan, GError **error)
{
    bool is_whole = plan->name && plan->country;
    g_autofree char *text = new_file(context, look, plan);
    if (!plan->id || !look->settings->directory) {
        if (cli_wants_json(context))
            return print_json(plan, NULL, false, text);
        cli_print("%s", text);
        return 0;
    }
    g_autofree char *directory =
        g_build_filename(look->settings->directory, "members.d", NULL);
    g_autofree char *path = g_strdup_printf("%s/%s.yaml%s", directory, plan->id,
                                            is_whole ? "" : ".draft");
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "%s is there already", path);
        return 0;
    }
    if (!directory_ensure(directory, error) ||
        !file_replace(path, text, strlen(text), 0644, error))
        return 0;
    if (cli_wants_json(context))
        return print_json(plan, path, false, text);
    cli_print("Wrote %s: %u relay%s, letters off, no consent.\n", path,
              plan->relays->len, plan->relays->len == 1 ? "" : "s");
    if (!is_whole)
        cli_print("Fill in what is marked " MEMBER_BLANK
                  ", then rename it to %s.yaml.\n",
                  plan->id);
    cli_print("Next: exitdesk config check, then systemctl reload exitdeskd\n");
    return 0;
}

static int run_member_add(CliContext *context, GError **error)
{
    g_auto(RelayLook) look = {0};
    g_auto(Plan) plan = {0};
    const Settings *settings = cli_settings(context, error);
    if (!settings || !read_plan(context, &plan, error) ||
        !relay_look_open(context, &look, error) ||
        !find_from(context, &look, &plan, error) ||
        !is_known(&look, &plan, error))
        return 0;
    const Member *own =
        plan.id ? members_by_id(settings->members, plan.id) : NULL;
    find_relays(&look, own, &plan);
    tell_foreign(context, &plan);
    if (own)
        return tell_lines(context, &look, &plan);
    if (plan.relays->len == 0) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "the relay is in another member's file");
        return 0;
    }
    if (plan.id && !plan.name)
        plan.name = ask(context, "Legal name of the organisation:");
    if (plan.id && !plan.country)
        plan.country = ask(context, "Country whose law holds for it, like DE:");
    if (!settle_values(&plan, error))
        return 0;
    return write_file(context, &look, &plan, error);
}

static const CommandFlag FLAGS[] = {
    {"from-relay", "RELAY", "fingerprint, or nickname if only one has it"},
    {"name", "TEXT", "legal name, as the organisation gives it"},
    {"country", "CC", "country whose law holds for it, like DE"},
    {"language", "LL", "language of its people; else en"},
    FLAG_AT,
    FLAG_NOW,
    {0},
};

const Command command_member_add = {
    .noun = "member",
    .verb = "add",
    .args = "[ID]",
    .min_args = 0,
    .max_args = 1,
    .summary = "make a member's file from one of its relays",
    .examples = "exitdesk member add --from-relay "
                "4444444444444444444444444444444444444444\n"
                "exitdesk member add new-one --from-relay SomebodyElse "
                "--country DE",
    .about =
        "Takes the relay and those that stand in a mutual family or under one "
        "family key\nwith it. With ID it writes members.d/ID.yaml, without "
        "consent and with letters off;\nwithout ID it prints the file. Name "
        "and country are never guessed: they are given,\nor asked at a "
        "terminal, else the file is written as ID.yaml.draft with marks that\n"
        "\"config check\" refuses. For a member that is there already it "
        "prints the lines to\nadd after the member said yes, and writes "
        "nothing.",
    .flags = FLAGS,
    .has_json = true,
    .run = run_member_add,
};
