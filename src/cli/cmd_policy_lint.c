/*
 * "exitdesk policy lint": what is wrong or stale in policies, law packs,
 * lawyers' lists, lists of shared addresses and the members' statements.
 */
#include "cli/commands_list.h"

#include "base/errors.h"
#include "base/files.h"
#include "policy/lawyers.h"
#include "relay/shared.h"

#include <string.h>

#define POLICY_BYTES_MAX (1024 * 1024)

typedef struct {
    const Laws *laws;
    Instant now;
    bool wants_json;
    guint found;
} PolicyLint;

/* line 0: the message says where. */
static void print_finding(PolicyLint *lint, const char *where, int line,
                          bool is_error, const char *message)
{
    const char *level = is_error ? "error" : "warning";
    lint->found++;
    if (lint->wants_json) {
        Json json;
        json_init(&json);
        json_object(&json);
        json_put_text(&json, "where", where);
        json_put_number(&json, "line", line);
        json_put_text(&json, "level", level);
        json_put_text(&json, "message", message);
        json_end_object(&json);
        cli_print_json(&json);
    } else if (line > 0) {
        cli_print("%s:%d: %s: %s\n", where, line, level, message);
    } else {
        cli_print("%s\n", message);
    }
}

static void print_gone(PolicyLint *lint, const char *place, int first_line,
                       const char *text)
{
    g_autoptr(GArray) findings = laws_find_gone(lint->laws, text, lint->now);
    for (guint i = 0; i < findings->len; i++) {
        const LawFinding *gone = &g_array_index(findings, LawFinding, i);
        int line = first_line;
        for (size_t at = 0; at < gone->at; at++)
            line += text[at] == '\n';
        g_autofree char *message =
            g_strdup_printf("cites \"%.*s\": %s", (int)gone->length,
                            text + gone->at, gone->message);
        print_finding(lint, place, line, gone->is_sure, message);
    }
}

/* A policy's file without its comments: those may tell of what is gone. */
static char *without_comments(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        if ((*line)[strspn(*line, " ")] == '#')
            **line = 0;
    return g_strjoinv("\n", lines);
}

static bool lint_file(PolicyLint *lint, const char *path, GError **error)
{
    g_autoptr(GBytes) bytes = file_read(path, POLICY_BYTES_MAX, error);
    if (!bytes)
        return false;
    gsize length;
    const char *data = g_bytes_get_data(bytes, &length);
    g_autofree char *text = g_strndup(data, length);
    g_autofree char *plain = without_comments(text);
    print_gone(lint, path, 1, plain);
    return true;
}

static void lint_members(PolicyLint *lint, const Members *members)
{
    for (guint i = 0; members && i < members_count(members); i++) {
        const Member *member = members_at(members, i);
        for (guint j = 0; j < member->statements->len; j++) {
            const MemberStatement *said = member->statements->pdata[j];
            g_autofree char *place = g_strdup_printf("member %s, statement %s",
                                                     member->id, said->name);
            print_gone(lint, place, 1, said->text);
        }
    }
}

static void lint_reviews(PolicyLint *lint)
{
    g_autoptr(GPtrArray) warnings = laws_check(lint->laws, lint->now);
    for (guint i = 0; i < warnings->len; i++) {
        const LawWarning *warning = warnings->pdata[i];
        print_finding(lint, warning->file, warning->line, false,
                      warning->message);
    }
}

static void lint_lawyers(PolicyLint *lint, const Settings *settings)
{
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) lawyers = lawyers_load(
        (const char *const *)settings->policy_directories->pdata, NULL, errors);
    for (guint i = 0; i < errors->len; i++)
        print_finding(lint, NULL, 0, true, errors->pdata[i]);
}

/* A list that was compared with its source is to be compared again one day;
 * one that nobody has compared yet says so itself, as laws do. */
static void lint_shared(PolicyLint *lint, const Settings *settings)
{
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) operators = shared_load(
        (const char *const *)settings->policy_directories->pdata, errors);
    for (guint i = 0; i < errors->len; i++)
        print_finding(lint, NULL, 0, true, errors->pdata[i]);
    for (guint i = 0; i < operators->len; i++) {
        const SharedOperator *one = operators->pdata[i];
        if (!shared_is_stale(one, lint->now))
            continue;
        g_autofree char *message =
            g_strdup_printf("the list was compared with %s on %s; compare it "
                            "again",
                            one->source, one->checked);
        print_finding(lint, one->file, one->line, false, message);
    }
}

static int run_policy_lint(CliContext *context, GError **error)
{
    const Settings *settings = cli_settings_or_default(context, error);
    g_autoptr(Policies) policies =
        settings ? policies_load(
                       (const char *const *)settings->policy_directories->pdata,
                       error)
                 : NULL;
    if (!policies)
        return 0;
    PolicyLint lint = {.laws = policies_laws(policies),
                       .now = cli_now(context),
                       .wants_json = cli_wants_json(context)};
    for (guint i = 0; i < policies_count(policies); i++)
        if (!lint_file(&lint, policies_file(policies, i), error))
            return 0;
    lint_members(&lint, settings->members);
    lint_reviews(&lint);
    lint_lawyers(&lint, settings);
    lint_shared(&lint, settings);
    cli_say(context, "%u things found in %u policies and %u laws\n", lint.found,
            policies_count(policies), laws_count(lint.laws));
    return lint.found > 0 ? EXIT_NO : 0;
}

static const CommandFlag NOW_FLAGS[] = {FLAG_NOW, {0}};

const Command command_policy_lint = {
    .noun = "policy",
    .verb = "lint",
    .summary = "law that is gone, reviews that ran out, wrong lines",
    .examples = "exitdesk policy lint",
    .about = "Looks through policies, law packs, lists of lawyers and of "
             "shared addresses, and the\nmembers' statements. Letters have "
             "\"exitdesk template lint\". The status is 1 if\nanything was "
             "found.",
    .flags = NOW_FLAGS,
    .has_json = true,
    .run = run_policy_lint,
};
