/* contact verify, confirm, list: which of members' addresses are read. */
#include "cli/commands_list.h"
#include "cli/desk.h"
#include "cli/memberlook.h"
#include "cli/typed.h"
#include "intake/verifying.h"
#include "store/drafts.h"

#include "base/errors.h"

static bool verify_offline(CliContext *context, Store *store, const char *id,
                           char **text, GError **error)
{
    const Settings *settings = cli_settings(context, error);
    g_autoptr(GBytes) key =
        settings ? store_secret(store, "loop", error) : NULL;
    return key &&
           verifying_ask(store, settings, key, cli_flag(context, "member"), id,
                         cli_user(), cli_now(context), text, error);
}

static int run_contact_verify(CliContext *context, GError **error)
{
    const char *member = cli_flag(context, "member");
    const Settings *settings = cli_settings(context, error);
    if (!settings)
        return 0;
    if (!member) {
        cli_usage_error(error, "--member ID is missing: for whom is the "
                               "address to speak?");
        return 0;
    }
    if (!member_typed(settings, member, error) ||
        !mailbox_typed(cli_arg(context, 0), error))
        return 0;
    return desk_ask(context, CONTROL_VERIFY, cli_arg(context, 0), member,
                    verify_offline, error);
}

static const CommandFlag VERIFY_FLAGS[] = {
    {"member", "ID", "the member that the address is to speak for"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_contact_verify = {
    .noun = "contact",
    .verb = "verify",
    .args = "ADDRESS",
    .min_args = 1,
    .max_args = 1,
    .summary = "ask an address whether it reads mail for a member",
    .examples =
        "exitdesk contact verify it@bib.example --member bib-musterstadt",
    .about =
        "Sends a short message with a token that is used once and holds for 7 "
        "days. An answer\nto it, or the token typed with \"contact confirm\", "
        "shows that somebody reads the\naddress: no more, no consent and no "
        "membership. At most three a day to one address.\nAfter half a year "
        "the desk asks again.",
    .flags = VERIFY_FLAGS,
    .has_json = true,
    .run = run_contact_verify,
};

static bool confirm_offline(CliContext *context, Store *store, const char *id,
                            char **text, GError **error)
{
    return verifying_confirm(store, id, cli_user(), cli_now(context), text,
                             error);
}

static int run_contact_confirm(CliContext *context, GError **error)
{
    if (!token_typed(cli_arg(context, 0), error))
        return 0;
    return desk_ask(context, CONTROL_CONFIRM, cli_arg(context, 0), NULL,
                    confirm_offline, error);
}

static const CommandFlag CONFIRM_FLAGS[] = {
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_contact_confirm = {
    .noun = "contact",
    .verb = "confirm",
    .args = "TOKEN",
    .min_args = 1,
    .max_args = 1,
    .summary = "a member said the token that was mailed to it",
    .examples = "exitdesk contact confirm 0123456789abcdef0123456789abcdef",
    .about = "The token stands in the message of \"contact verify\". It is "
             "taken once, within 7\ndays; who typed it is kept in the record.",
    .flags = CONFIRM_FLAGS,
    .has_json = true,
    .run = run_contact_confirm,
};

/* ---- list --------------------------------------------------------------- */

static const ContactRow *row_of(const GPtrArray *rows, const char *member,
                                const char *address)
{
    for (guint i = 0; i < rows->len; i++) {
        const ContactRow *row = rows->pdata[i];
        if (g_str_equal(row->member, member) &&
            g_ascii_strcasecmp(row->address, address) == 0)
            return row;
    }
    return NULL;
}

/* Is a question under way? */
static bool is_asked(const ContactRow *row, Instant now)
{
    return row && row->asked != INSTANT_NONE && now <= row->expires &&
           (row->verified == INSTANT_NONE || row->verified < row->asked);
}

typedef struct {
    CliContext *context;
    Table *table;
    Instant now;
    guint unverified;
} Listing;

static void print_json(const Listing *listing, const char *member,
                       const char *address, bool is_given,
                       const ContactRow *row)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "member", member);
    json_put_text(&json, "address", address);
    json_put_text(&json, "state",
                  contact_state_word(contact_state(row, listing->now)));
    json_put_bool(&json, "is_in_file", is_given);
    json_put_instant(&json, "verified", row ? row->verified : INSTANT_NONE);
    json_put_text(&json, "verified_by", row ? row->verified_by : NULL);
    json_put_text(&json, "way", row ? row->way : NULL);
    json_put_instant(&json, "asked", row ? row->asked : INSTANT_NONE);
    json_put_text(&json, "asked_by", row ? row->asked_by : NULL);
    json_put_bool(&json, "is_asked", is_asked(row, listing->now));
    json_end_object(&json);
    cli_print_json(&json);
}

static void add_contact(Listing *listing, const char *member,
                        const char *address, bool is_given,
                        const ContactRow *row)
{
    ContactState state = contact_state(row, listing->now);
    listing->unverified += is_given && state != CONTACT_VERIFIED;
    if (cli_wants_json(listing->context)) {
        print_json(listing, member, address, is_given, row);
        return;
    }
    char verified[INSTANT_TEXT_MAX], asked[INSTANT_TEXT_MAX];
    g_autofree char *when =
        row && row->verified != INSTANT_NONE
            ? g_strdup_printf("%.10s by %s (%s)",
                              instant_text(row->verified, verified), row->way,
                              row->verified_by)
            : NULL;
    g_autofree char *question =
        is_asked(row, listing->now)
            ? g_strdup_printf("%.10s by %s", instant_text(row->asked, asked),
                              row->asked_by)
            : NULL;
    TABLE_ADD(listing->table, member, address, contact_state_word(state),
              is_given ? "yes" : "no", when, question);
}

static void add_member(Listing *listing, const Member *member,
                       const GPtrArray *rows)
{
    for (guint i = 0; member->contacts && i < member->contacts->len; i++) {
        const char *address = member->contacts->pdata[i];
        add_contact(listing, member->id, address, true,
                    row_of(rows, member->id, address));
    }
}

static bool is_given(const Settings *settings, const ContactRow *row)
{
    const Member *member = members_by_id(settings->members, row->member);
    for (guint i = 0; member && member->contacts && i < member->contacts->len;
         i++)
        if (g_ascii_strcasecmp(member->contacts->pdata[i], row->address) == 0)
            return true;
    return false;
}

static int run_contact_list(CliContext *context, GError **error)
{
    static const char *const HEADINGS[] = {
        "member", "address", "state", "in file", "verified", "asked", NULL};
    const Settings *settings = cli_settings(context, error);
    Store *store = settings ? cli_store(context, error) : NULL;
    g_autoptr(GPtrArray) rows = store ? store_contacts(store, error) : NULL;
    if (!rows)
        return 0;
    g_autoptr(Table) table = table_new(HEADINGS);
    Listing listing = {
        .context = context, .table = table, .now = cli_now(context)};
    for (guint i = 0; i < members_count(settings->members); i++)
        add_member(&listing, members_at(settings->members, i), rows);
    for (guint i = 0; i < rows->len; i++) {
        const ContactRow *row = rows->pdata[i];
        if (!is_given(settings, row))
            add_contact(&listing, row->member, row->address, false, row);
    }
    if (table_count(table) > 0)
        table_print(table);
    else if (!cli_wants_json(context))
        cli_say(context, "No member has a contact yet.\n");
    if (listing.unverified > 0 && !cli_wants_json(context))
        cli_say(context,
                "\nTo ask one that is not verified: exitdesk contact verify "
                "ADDRESS --member ID\n");
    return listing.unverified ? EXIT_NO : 0;
}

static const CommandFlag LIST_FLAGS[] = {
    FLAG_NOW,
    {0},
};

const Command command_contact_list = {
    .noun = "contact",
    .verb = "list",
    .summary = "members' addresses, and which somebody was shown to read",
    .examples = "exitdesk contact list\n"
                "exitdesk contact list --json",
    .about =
        "Addresses from members' files (contacts) and those that were asked. "
        "claimed: only\nsaid; verified: a token came back from it; expired: "
        "that is more than half a year\nago. With when, by mail or console, "
        "and by whom; the record has it, too. Exit\nstatus 1: not all in the "
        "files are verified.",
    .flags = LIST_FLAGS,
    .has_json = true,
    .run = run_contact_list,
};
