/* relay list: the relays of a moment and who is said to run them. */
#include "cli/commands_list.h"
#include "cli/memberlook.h"
#include "cli/relaylook.h"

#include <string.h>

typedef struct {
    const Member *member; /* or NULL */
    const char *contact;  /* or NULL */
} Wanted;

/* Is it said in the contact, in either case of letters, or how it is read? */
static bool says(const RelayRow *row, const char *needle)
{
    g_autofree char *low = g_ascii_strdown(needle, -1);
    g_autofree char *said =
        row->contact.text ? g_ascii_strdown(row->contact.text, -1) : NULL;
    if (said && strstr(said, low))
        return true;
    if (!row->read)
        return false;
    return (row->read->address && strstr(row->read->address, low)) ||
           (row->read->abuse && strstr(row->read->abuse, low));
}

/* Of a member all, else only those that were listed at the moment. */
static bool is_wanted(const RelayRow *row, gpointer data)
{
    const Wanted *wanted = data;
    if (wanted->member && row->member != wanted->member)
        return false;
    if (wanted->contact && !says(row, wanted->contact))
        return false;
    return row->is_listed || wanted->member;
}

static int run_relay_list(CliContext *context, GError **error)
{
    g_auto(RelayLook) look = {0};
    if (cli_flag(context, "at") && cli_flag(context, "now")) {
        cli_usage_error(error, "--at and --now are two moments");
        return 0;
    }
    if (!relay_look_open(context, &look, error))
        return 0;
    Wanted wanted = {.contact = cli_flag(context, "contact")};
    const char *id = cli_flag(context, "member");
    if (id && !(wanted.member = member_typed(look.settings, id, error)))
        return 0;
    g_autoptr(GPtrArray) rows = relay_look_rows(&look);
    guint count = relay_rows_print(context, rows, is_wanted, &wanted);
    if (cli_wants_json(context))
        return count ? 0 : EXIT_NO;
    char when[INSTANT_TEXT_MAX];
    cli_say(context, "%u relay%s, as of %s\n", count, count == 1 ? "" : "s",
            instant_text(look.when, when));
    return count ? 0 : EXIT_NO;
}

static const CommandFlag FLAGS[] = {
    {"member", "ID", "only this member's, also those that are gone"},
    {"contact", "TEXT", "only those whose ContactInfo holds this"},
    {"now", NULL, "in the newest consensus that is known (as without it)"},
    FLAG_AT,
    {0},
};

const Command command_relay_list = {
    .noun = "relay",
    .verb = "list",
    .summary = "relays of a moment, and who is said to run them",
    .examples = "exitdesk relay list --member bib-musterstadt\n"
                "exitdesk relay list --contact umbrella.example --json\n"
                "exitdesk relay list --at 2026-05-03T14:00Z",
    .about =
        "Nickname, addresses, whether it was an exit, whose member's file "
        "names it, how\nmany relays are its relatives (each names the other, "
        "or one family key has both),\nand the contact as it is read. Contact "
        "and family are the relay's own word and\nprove nothing; with --json "
        "stand since when it says so and in which document.\nFrom server "
        "descriptors that a verified consensus named; \"not known\"\nwhere "
        "they were not imported. Exit status 1: no such "
        "relay.",
    .flags = FLAGS,
    .has_json = true,
    .run = run_relay_list,
};
