/*
 * "exitdesk why": what a mail says and what would become of it.
 *
 * Drives the same pipeline as the desk, without a store: nothing is written,
 * and nothing that happened before counts (budgets, earlier cases), so that a
 * mail gives the same answer today and next year. The moment it is judged as
 * of is --now, else a stored mail's arrival, else the mail's own Date.
 */
#include "cli/caselook.h"
#include "cli/commands_list.h"
#include "cli/parts.h"

#include "base/errors.h"
#include "base/files.h"
#include "base/log.h"
#include "intake/why.h"

#include <string.h>

/* Who sent it, as the server that delivers it would be told: what --from
 * says, else what the last server wrote on top, else the writer. */
static char *envelope_sender(const CliContext *context, GBytes *raw)
{
    const char *told = cli_flag(context, "from");
    if (told)
        return g_strdup(told);
    gsize length;
    const void *data = g_bytes_get_data(raw, &length);
    StrictHeader *strict = strict_header_scan(data, length);
    char *sender =
        g_strdup(strict->return_path ? strict->return_path : strict->from);
    strict_header_free(strict);
    return sender;
}

/* A file's mail as if the mail server handed it over now. */
static Delivery *delivery_of_file(const CliContext *context, const char *path,
                                  GError **error)
{
    GBytes *raw = file_read(path, MAIL_BYTES_MAX, error);
    if (!raw)
        return NULL;
    Delivery *delivery = g_new0(Delivery, 1);
    delivery->raw = raw;
    delivery->envelope_from = envelope_sender(context, raw);
    delivery->recipients = g_ptr_array_new_with_free_func(g_free);
    if (cli_flag(context, "to"))
        g_ptr_array_add(delivery->recipients,
                        g_strdup(cli_flag(context, "to")));
    delivery->received = INSTANT_NONE;
    delivery->way = "lmtp";
    return delivery;
}

/* The mail of a case or of an inbox id. */
static Delivery *delivery_of_id(CliContext *context, const char *text,
                                GError **error)
{
    g_autofree char *id = strchr(text, '-')
                              ? case_id_typed(context, text, error)
                              : g_strdup(text);
    Store *store = id ? cli_store(context, error) : NULL;
    g_autoptr(Case) found = store ? store_case(store, id, error) : NULL;
    return found ? store_delivery(store, found->row->inbox_id, error) : NULL;
}

static Delivery *find_delivery(CliContext *context, GError **error)
{
    const char *text = cli_arg(context, 0);
    if (g_str_equal(text, "-") || g_file_test(text, G_FILE_TEST_EXISTS))
        return delivery_of_file(context, text, error);
    g_autoptr(GError) cause = NULL;
    Delivery *delivery = delivery_of_id(context, text, &cause);
    if (delivery)
        return delivery;
    /* Neither a file nor an id: a name with a dot or slash was a file. */
    if (strpbrk(text, "./"))
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "there is no file %s", text);
    else
        g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
}

static Instant judged_as_of(CliContext *context, const Delivery *delivery,
                            const Judgement *judgement)
{
    if (cli_now_is_given(context))
        return cli_now(context);
    if (delivery->received != INSTANT_NONE)
        return delivery->received;
    Instant date = judgement->findings->report->date;
    return date != INSTANT_NONE ? date : cli_now(context);
}

static int run_why(CliContext *context, GError **error)
{
    g_auto(Parts) parts = {0};
    const Settings *settings = cli_settings_or_default(context, error);
    g_autoptr(Delivery) delivery =
        settings ? find_delivery(context, error) : NULL;
    if (!delivery || !parts_load(settings, &parts, error))
        return 0;
    Desk desk = parts_desk(&parts, settings);
    g_autoptr(Judgement) judgement =
        intake_read(&desk, delivery, cli_now(context), error);
    if (!judgement)
        return 0;
    Instant now = judged_as_of(context, delivery, judgement);
    if (!intake_decide(&desk, delivery, judgement, now, error))
        return 0;
    g_autofree char *text = cli_wants_json(context)
                                ? judgement_new_json(judgement)
                                : judgement_new_text(judgement);
    cli_print("%s%s", text, g_str_has_suffix(text, "\n") ? "" : "\n");
    return 0;
}

static const CommandFlag WHY_FLAGS[] = {
    FLAG_NOW,
    {"from", "ADDRESS",
     "envelope sender of a FILE, \"\" for <>; else its Return-Path or From"},
    {"to", "ADDRESS", "envelope recipient of a FILE"},
    {0},
};

const Command command_why = {
    .noun = "why",
    .args = "FILE|ID|-",
    .min_args = 1,
    .max_args = 1,
    .summary = "what a mail says and what becomes of it",
    .examples = "exitdesk why complaint.eml\n"
                "exitdesk why UA-2026-00142-K\n"
                "exitdesk why --json - < complaint.eml\n"
                "exitdesk why complaint.eml --now 2026-05-04T09:00Z",
    .about =
        "Reads a mail as the desk would and prints each step with its reason; "
        "writes\nnothing, needs no daemon and no configuration. ID is a case "
        "id or the id of a\nmail from the log. Without --now a file is judged "
        "as of its own Date, a stored\nmail as of its arrival.",
    .flags = WHY_FLAGS,
    .has_json = true,
    .run = run_why,
};
