/*
 * "exitdesk draft edit" and "exitdesk draft write": a letter as a person wants
 * it.
 *
 * The desk composes; what is typed here are wishes. Own words come from a
 * file, from standard input, or at a terminal out of an editor, whose file
 * has the recipient and the subject on top like a mail.
 */
#include "cli/caselook.h"
#include "cli/commands_list.h"
#include "cli/deed.h"
#include "cli/desk.h"
#include "cli/draftlook.h"
#include "cli/parts.h"
#include "intake/rewriting.h"

#include "base/errors.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#define TEXT_BYTES_MAX 8000 /* a letter has 8 KiB, its header included */

/* ---- own words ------------------------------------------------------------ */

static char *read_stream(FILE *file, const char *name, GError **error)
{
    char *text = g_malloc0(TEXT_BYTES_MAX + 2);
    size_t length = fread(text, 1, TEXT_BYTES_MAX + 1, file);
    if (!ferror(file) && length <= TEXT_BYTES_MAX && !memchr(text, 0, length))
        return text;
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "%s cannot be read, is no text, or has more than %d bytes",
                name, TEXT_BYTES_MAX);
    g_free(text);
    return NULL;
}

static char *read_text(const char *path, GError **error)
{
    if (g_str_equal(path, "-"))
        return read_stream(stdin, "standard input", error);
    FILE *file = fopen(path, "re");
    if (!file) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING, "%s: %s", path,
                    g_strerror(errno));
        return NULL;
    }
    char *text = read_stream(file, path, error);
    fclose(file);
    return text;
}

/* ---- the editor ------------------------------------------------------------ */

static bool run_editor(const char *path, GError **error)
{
    const char *editor = g_getenv("VISUAL");
    g_auto(GStrv) words = NULL;
    int status;
    if (!editor || !*editor)
        editor = g_getenv("EDITOR");
    if (!g_shell_parse_argv(editor && *editor ? editor : "editor", NULL, &words,
                            error))
        return false;
    g_autoptr(GPtrArray) line = g_ptr_array_new();
    for (guint i = 0; words[i]; i++)
        g_ptr_array_add(line, words[i]);
    g_ptr_array_add(line, (char *)path);
    g_ptr_array_add(line, NULL);
    return g_spawn_sync(NULL, (char **)line->pdata, NULL,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_CHILD_INHERITS_STDIN,
                        NULL, NULL, NULL, NULL, &status, error) &&
           g_spawn_check_wait_status(status, error);
}

/* "To: ...", "Subject: ...", an empty line, the text. */
static bool take_edited(const char *edited, RewriteOrder *order, GError **error)
{
    g_auto(GStrv) lines = g_strsplit(edited, "\n", 4);
    if (g_strv_length(lines) != 4 || !g_str_has_prefix(lines[0], "To:") ||
        !g_str_has_prefix(lines[1], "Subject:") || *g_strchomp(lines[2])) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID,
                            "the lines To and Subject, and the empty line "
                            "below them, have to stay");
        return false;
    }
    const char *to = g_strstrip(lines[0] + strlen("To:"));
    order->to = *to ? g_strdup(to) : NULL;
    order->subject = g_strdup(g_strstrip(lines[1] + strlen("Subject:")));
    order->text = g_strdup(lines[3]);
    return true;
}

/* *path: where the text stays; yours. Nothing is lost if the desk says no. */
static bool edit_text(const Draft *draft, RewriteOrder *order, char **path,
                      bool *is_changed, GError **error)
{
    g_autofree char *before =
        g_strdup_printf("To: %s\nSubject: %s\n\n%s", draft->to ? draft->to : "",
                        draft->subject, draft->text);
    g_autofree char *edited = NULL;
    int fd = g_file_open_tmp("exitdesk-letter-XXXXXX", path, error);
    if (fd < 0)
        return false;
    close(fd);
    if (!g_file_set_contents(*path, before, -1, error) ||
        !run_editor(*path, error) ||
        !g_file_get_contents(*path, &edited, NULL, error))
        return false;
    *is_changed = !g_str_equal(before, edited);
    return take_edited(edited, order, error);
}

/* ---- asking the desk --------------------------------------------------------- */

static bool rewrite_offline(CliContext *context, Store *store,
                            const char *order, char **text, GError **error)
{
    const Settings *settings = cli_settings(context, error);
    g_auto(Parts) parts = {0};
    if (!settings || !parts_load(settings, &parts, error))
        return false;
    g_autoptr(GBytes) key = store_secret(store, "loop", error);
    if (!key)
        return false;
    Desk desk = parts_desk(&parts, settings);
    desk.loop_key = key;
    return rewriting_do(&desk, store, order, cli_flag(context, "note"),
                        cli_user(), cli_now(context), text, error);
}

static void read_flags(CliContext *context, RewriteOrder *order)
{
    order->template = g_strdup(cli_flag(context, "template"));
    order->language = g_strdup(cli_flag(context, "language"));
    order->subject = g_strdup(cli_flag(context, "subject"));
    order->to = g_strdup(cli_flag(context, "to"));
    order->by = g_strdup(cli_flag(context, "by"));
    order->checked = g_strdup(cli_flag(context, "checked"));
    order->trial = cli_flag(context, "dry-run") ? g_strdup("yes") : NULL;
}

static int send_order(CliContext *context, const RewriteOrder *order,
                      GError **error)
{
    g_autofree char *text = rewrite_order_new_text(order), *answer = NULL;
    bool is_trial = order->trial != NULL;
    int status =
        desk_ask_text(context, CONTROL_REWRITE, text, cli_flag(context, "note"),
                      rewrite_offline, &answer, error);
    if (!answer)
        return status;
    deed_print(context, !is_trial, answer);
    if (is_trial || cli_wants_json(context) || cli_is_quiet(context))
        return status;
    g_autoptr(Draft) draft =
        store_draft(cli_store(context, NULL), order->id, error);
    if (draft) {
        cli_print("\n");
        draft_print(draft);
    }
    return status;
}

/* ---- draft edit ---------------------------------------------------------------- */

static bool names_a_wish(CliContext *context)
{
    static const char *const WISHES[] = {"template", "language", "text",
                                         "subject", "to"};
    for (guint i = 0; i < G_N_ELEMENTS(WISHES); i++)
        if (cli_flag(context, WISHES[i]))
            return true;
    return false;
}

static int edit_at_terminal(CliContext *context, const Draft *draft,
                            RewriteOrder *order, GError **error)
{
    g_autofree char *path = NULL;
    bool is_changed = false;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        cli_usage_error(error, "what shall be changed? --template, --language, "
                               "--text, --subject or --to; at a terminal an "
                               "editor opens");
        return 0;
    }
    bool done = edit_text(draft, order, &path, &is_changed, error);
    if (done && !is_changed) {
        unlink(path);
        cli_say(context, "Nothing is changed.\n");
        return EX_OK;
    }
    int status = done ? send_order(context, order, error) : 0;
    if (*error || status != EX_OK)
        cli_say(context, "Your text is kept in %s\n", path ? path : "(none)");
    else
        unlink(path);
    return status;
}

static int run_draft_edit(CliContext *context, GError **error)
{
    g_auto(RewriteOrder) order = {.verb = g_strdup("edit")};
    const char *text = cli_flag(context, "text");
    Store *store = cli_store(context, error);
    order.id =
        store ? case_id_typed(context, cli_arg(context, 0), error) : NULL;
    g_autoptr(Draft) draft =
        order.id ? store_draft(store, order.id, error) : NULL;
    if (!draft && order.id)
        g_prefix_error(
            error, "nothing to change (exitdesk draft write %s): ", order.id);
    if (!draft)
        return 0;
    order.seen = g_strdup_printf("%u", draft->version);
    read_flags(context, &order);
    if (!names_a_wish(context))
        return edit_at_terminal(context, draft, &order, error);
    order.text = text ? read_text(text, error) : NULL;
    return text && !order.text ? 0 : send_order(context, &order, error);
}

static int run_draft_write(CliContext *context, GError **error)
{
    g_auto(RewriteOrder) order = {.verb = g_strdup("write")};
    const char *text = cli_flag(context, "text");
    order.id = cli_store(context, error)
                   ? case_id_typed(context, cli_arg(context, 0), error)
                   : NULL;
    if (!order.id)
        return 0;
    read_flags(context, &order);
    order.text = text ? read_text(text, error) : NULL;
    return text && !order.text ? 0 : send_order(context, &order, error);
}

static const CommandFlag REWRITE_FLAGS[] = {
    {"template", "NAME", "a letter of ours, like login-attack"},
    {"language", "LANG", "in which language, like de"},
    {"text", "FILE", "own words; - reads standard input"},
    {"subject", "TEXT", "of own words; the case's number is put in front"},
    {"to", "ADDRESS", "the one address that it goes to"},
    {"by", "NAME", "who wants it so, if not the login"},
    {"checked", "NAME", "who went through the checklist for authorities"},
    {"note", "TEXT", "why, for the record"},
    {"dry-run", NULL, "only show what it would be"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_draft_edit = {
    .noun = "draft",
    .verb = "edit",
    .args = "CASE",
    .min_args = 1,
    .max_args = 1,
    .summary = "change a letter that waits: its text or its address",
    .examples = "exitdesk draft edit UA-2026-00142-K --template general "
                "--language en --by \"A. Beispiel\"\n"
                "exitdesk draft edit UA-2026-00142-K --text letter.txt "
                "--dry-run\n"
                "exitdesk draft edit UA-2026-00142-K --to ciso@shop.example "
                "--note \"asked for on the phone\"",
    .about =
        "A letter of ours is composed anew from the same evidence: what is not "
        "shown cannot\nbe said. Own words are looked at: repealed law, "
        "promises that nobody can keep, and\nstatements that the evidence does "
        "not show are refused. Without any wish $EDITOR\nopens, at a "
        "terminal. The change is a version of its own and waits for a yes; it "
        "does\nnot count for the promotion to automatic letters.",
    .flags = REWRITE_FLAGS,
    .has_json = true,
    .run = run_draft_edit,
};

const Command command_draft_write = {
    .noun = "draft",
    .verb = "write",
    .args = "CASE",
    .min_args = 1,
    .max_args = 1,
    .summary = "write a letter for a case that has none that waits",
    .examples = "exitdesk draft write UA-2026-00142-K --template please-send\n"
                "exitdesk draft write UA-2026-00142-K --text letter.txt --to "
                "noc@shop.example --by \"A. Beispiel\"",
    .about =
        "For a case in triage, one that was filed, or whose letter was "
        "stopped. Without a\nmember's consent nothing is written in its name; "
        "a case of no member gets only letters\nthat name nobody (not-ours, "
        "please-send-desk) or own words of the desk. Mail of police,\ncourts, "
        "lawyers, threats and abuse of children is answered only when "
        "somebody went\nthrough the country's checklist (\"exitdesk case "
        "brief\"): --checked says who. The\nletter waits for a yes like every "
        "other.",
    .flags = REWRITE_FLAGS,
    .has_json = true,
    .run = run_draft_write,
};
