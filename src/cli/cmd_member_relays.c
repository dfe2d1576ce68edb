/* member relays: what the public record says of one member's relays. */
#include "cli/commands_list.h"
#include "cli/memberlook.h"
#include "cli/relaylook.h"

#include <string.h>

static GPtrArray *rows_of(const RelayLook *look, const Member *member)
{
    GPtrArray *rows =
        g_ptr_array_new_with_free_func((GDestroyNotify)relay_row_free);
    for (guint i = 0; i < member->fingerprints->len; i++) {
        Fingerprint relay;
        memcpy(relay.bytes,
               member->fingerprints->data + (gsize)i * FINGERPRINT_BYTES,
               FINGERPRINT_BYTES);
        g_ptr_array_add(rows, relay_look_row(look, &relay));
    }
    return rows;
}

static bool all(const RelayRow *row, gpointer data)
{
    return true;
}

static guint count_listed(const GPtrArray *rows)
{
    guint count = 0;
    for (guint i = 0; i < rows->len; i++)
        count += ((const RelayRow *)rows->pdata[i])->is_listed;
    return count;
}

static int run_member_relays(CliContext *context, GError **error)
{
    const Settings *settings = cli_settings(context, error);
    const Member *member =
        settings ? member_typed(settings, cli_arg(context, 0), error) : NULL;
    g_auto(RelayLook) look = {0};
    if (!member || !relay_look_open(context, &look, error))
        return 0;
    g_autoptr(GPtrArray) rows = rows_of(&look, member);
    relay_rows_print(context, rows, all, NULL);
    guint listed = count_listed(rows);
    char when[INSTANT_TEXT_MAX];
    cli_say(context,
            "%u of %u relays of %s listed, as of %s. Others that may be its: "
            "exitdesk member suggest\n",
            listed, rows->len, member->id, instant_text(look.when, when));
    return listed == rows->len ? 0 : EXIT_NO;
}

static const CommandFlag FLAGS[] = {
    FLAG_AT,
    {0},
};

const Command command_member_relays = {
    .noun = "member",
    .verb = "relays",
    .args = "ID",
    .min_args = 1,
    .max_args = 1,
    .summary = "what the public record says of one member's relays",
    .examples = "exitdesk member relays bib-musterstadt",
    .about = "One line a fingerprint of members.d/ID.yaml, as in relay list, "
             "also of relays that\nwere never listed. Exit status 1: not all "
             "are listed.",
    .flags = FLAGS,
    .has_json = true,
    .run = run_member_relays,
};
