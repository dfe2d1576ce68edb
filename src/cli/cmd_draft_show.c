/*
 * "exitdesk draft show": one letter, also as it was before a person changed
 * it, and what became different.
 */
#include "cli/caselook.h"
#include "cli/commands_list.h"
#include "cli/draftlook.h"

#include "base/errors.h"
#include "base/linediff.h"
#include "base/log.h"
#include "store/versions.h"

#include <stdio.h>
#include <string.h>

static void print_draft_json(const Draft *draft)
{
    Json json;
    json_init(&json);
    json_object(&json);
    draft_put_json(&json, draft);
    json_put_text(&json, "text", draft->text);
    json_key(&json, "claims");
    if (draft->claims_json && *draft->claims_json)
        json_kept(&json, draft->claims_json);
    else
        json_null(&json);
    json_end_object(&json);
    cli_print_json(&json);
}

static Draft *find_draft(CliContext *context, GError **error)
{
    Store *store = cli_store(context, error);
    uint32_t version;
    g_autofree char *id =
        store ? case_id_typed(context, cli_arg(context, 0), error) : NULL;
    if (!id ||
        !cli_flag_number(context, "version", 0, G_MAXINT32, &version, error))
        return NULL;
    return version ? store_version(store, id, version, error)
                   : store_draft(store, id, error);
}

static void print_raw(const Draft *draft)
{
    gsize length;
    const void *bytes = g_bytes_get_data(draft->bytes, &length);
    fwrite(bytes, 1, length, stdout);
}

static void print_with_next(CliContext *context, const Draft *draft)
{
    draft_print(draft);
    if (g_strcmp0(draft->state, "waiting") != 0)
        return;
    g_autofree char *version =
        draft->changed_by ? g_strdup_printf(" --version %u", draft->version)
                          : g_strdup("");
    cli_say(context,
            "\nNext: exitdesk draft approve %s%s, exitdesk draft edit %s, or "
            "exitdesk draft stop %s\n",
            draft->case_id, version, draft->case_id, draft->case_id);
}

/* ---- what is changed --------------------------------------------------------- */

static char *whole_letter(const Draft *draft)
{
    return g_strdup_printf("To: %s\nSubject: %s\n\n%s",
                           draft->to ? draft->to : "nobody", draft->subject,
                           draft->text);
}

/* Lines that both have are shown, too: a letter is short, and is read whole. */
static void print_changes(const Draft *before, const Draft *after)
{
    g_autofree char *old = whole_letter(before);
    g_autofree char *young = whole_letter(after);
    g_autoptr(GPtrArray) lines = linediff_new(old, young);
    cli_print("%s  version %u -> %u, by %s: %s\n\n", after->case_id,
              before->version, after->version, after->changed_by,
              after->change);
    for (guint i = 0; i < lines->len; i++) {
        const DiffLine *line = lines->pdata[i];
        g_autofree char *safe = foreign_text(line->line, G_MAXSIZE);
        cli_print("%c %s\n", line->mark, safe);
    }
}

static bool show_changes(CliContext *context, const Draft *draft,
                         GError **error)
{
    if (draft->replaces == 0) {
        cli_print("%s  version %u is made from no other\n", draft->case_id,
                  draft->version);
        return true;
    }
    g_autoptr(Draft) before = store_version(
        cli_store(context, NULL), draft->case_id, draft->replaces, error);
    if (before)
        print_changes(before, draft);
    return before != NULL;
}

static int run_draft_show(CliContext *context, GError **error)
{
    g_autoptr(Draft) draft = find_draft(context, error);
    if (!draft)
        return 0;
    if (cli_wants_json(context))
        print_draft_json(draft);
    else if (cli_flag(context, "raw"))
        print_raw(draft);
    else if (cli_flag(context, "changes"))
        show_changes(context, draft, error);
    else
        print_with_next(context, draft);
    return 0;
}

static const CommandFlag SHOW_FLAGS[] = {
    {"raw", NULL, "the exact bytes that are sent"},
    {"version", "N", "of the case's letters, the first is 1 (the newest)"},
    {"changes", NULL, "line by line against the one it was made from"},
    {0},
};

const Command command_draft_show = {
    .noun = "draft",
    .verb = "show",
    .args = "CASE",
    .min_args = 1,
    .max_args = 1,
    .summary = "a letter as it would be sent, and what it rests on",
    .examples = "exitdesk draft show UA-2026-00142-K\n"
                "exitdesk draft show UA-2026-00142-K --raw > letter.eml\n"
                "exitdesk draft show UA-2026-00142-K --version 1",
    .about = "Each claim of the letter is shown with what proves it. What a "
             "person changed is a\nversion of its own; those before stay "
             "readable.",
    .flags = SHOW_FLAGS,
    .has_json = true,
    .run = run_draft_show,
};
