/* relay whois: do complaints about members' addresses reach the umbrella? */
#include "cli/commands_list.h"

#include "base/files.h"
#include "base/log.h"
#include "relay/whois.h"

#include <string.h>

/* One address of a member and whom the registry names for it. */
typedef struct {
    const Member *member;
    IpAddress ip;
    const WhoisRange *range; /* NULL: no answer was handed in */
    const char *state;
} Row;

/* Is the contact one where our mail arrives? */
static bool is_ours(const Settings *settings, const char *address)
{
    if (settings->desk.address &&
        g_ascii_strcasecmp(address, settings->desk.address) == 0)
        return true;
    for (guint i = 0; i < settings->desk.recipients->len; i++)
        if (g_ascii_strcasecmp(address, settings->desk.recipients->pdata[i]) ==
            0)
            return true;
    for (guint i = 0; i < members_count(settings->members); i++) {
        const char *own = members_at(settings->members, i)->address;
        if (own && g_ascii_strcasecmp(address, own) == 0)
            return true;
    }
    return false;
}

static const char *state_of(const Settings *settings, const WhoisRange *range)
{
    if (!range)
        return "unknown";
    if (!range->address)
        return "none";
    return is_ours(settings, range->address) ? "ours" : "another";
}

static void add_row(const Settings *settings, const Whois *whois,
                    const Member *member, const IpAddress *ip, GArray *rows)
{
    Row row = {.member = member, .ip = *ip, .range = whois_find(whois, ip)};
    row.state = state_of(settings, row.range);
    g_array_append_val(rows, row);
}

/* The addresses its relays used, and the first of each network it holds. */
static GArray *rows_of(const Settings *settings, const Whois *whois,
                       const History *history, Instant now)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(Row));
    for (guint i = 0; i < members_count(settings->members); i++) {
        const Member *member = members_at(settings->members, i);
        if (member->ended != INSTANT_NONE && member->ended <= now)
            continue;
        for (guint k = 0; k < member->prefixes->len; k++)
            add_row(
                settings, whois, member,
                &g_array_index(member->prefixes, MemberPrefix, k).prefix.base,
                rows);
    }
    g_autoptr(GArray) all =
        history ? history_member_addresses(history, settings->members) : NULL;
    for (guint i = 0; all && i < all->len; i++) {
        const IpAddress *ip = &g_array_index(all, IpAddress, i);
        g_autoptr(GPtrArray) relays = history_address_relays(history, ip);
        const Member *member = NULL;
        for (guint k = 0; k < relays->len && !member; k++)
            member = members_by_fingerprint(settings->members,
                                            g_ptr_array_index(relays, k));
        if (member)
            add_row(settings, whois, member, ip, rows);
    }
    return rows;
}

static bool is_wanted(const CliContext *context, const Row *row)
{
    return !cli_flag(context, "not-ours") || !g_str_equal(row->state, "ours");
}

/* Both return how many are not ours. */
static guint print_json(const CliContext *context, const GArray *rows)
{
    guint astray = 0;
    for (guint i = 0; i < rows->len; i++) {
        const Row *row = &g_array_index(rows, Row, i);
        astray += !g_str_equal(row->state, "ours");
        if (!is_wanted(context, row))
            continue;
        g_autofree char *ip = ip_new_text(&row->ip);
        Json json;
        json_init(&json);
        json_object(&json);
        json_put_text(&json, "member", row->member->id);
        json_put_text(&json, "address", ip);
        json_put_text(&json, "state", row->state);
        json_put_text(&json, "contact",
                      row->range ? row->range->address : NULL);
        json_put_text(&json, "where", row->range ? row->range->where : NULL);
        json_put_instant(&json, "when",
                         row->range ? row->range->when : INSTANT_NONE);
        json_end_object(&json);
        cli_print_json(&json);
    }
    return astray;
}

static guint print_table(const CliContext *context, const GArray *rows)
{
    static const char *const HEADINGS[] = {"member",  "address",   "contact is",
                                           "contact", "handed in", NULL};
    g_autoptr(Table) table = table_new(HEADINGS);
    guint astray = 0;
    for (guint i = 0; i < rows->len; i++) {
        const Row *row = &g_array_index(rows, Row, i);
        astray += !g_str_equal(row->state, "ours");
        if (!is_wanted(context, row))
            continue;
        g_autofree char *ip = ip_new_text(&row->ip);
        g_autofree char *when =
            row->range ? instant_new_text(row->range->when) : NULL;
        TABLE_ADD(table, row->member->id, ip, row->state,
                  row->range ? row->range->address : NULL, when);
    }
    if (table_count(table) > 0)
        table_print(table);
    return astray;
}

static bool read_answers(CliContext *context, Whois *whois, GError **error)
{
    Instant now = cli_now(context);
    for (int i = 1; i < cli_arg_count(context); i++) { /* behind "import" */
        const char *path = cli_arg(context, i);
        g_autoptr(GBytes) bytes = file_read(path, WHOIS_FILE_BYTES_MAX, error);
        if (!bytes)
            return false;
        gsize length;
        const char *text = g_bytes_get_data(bytes, &length);
        guint found = whois_read(whois, text ? text : "", length, now);
        if (found == 0)
            cli_say(context,
                    "%s: no address range in it, so it is left out. A file "
                    "should hold what \"whois ADDRESS\" or an RDAP server "
                    "answers.\n",
                    path);
    }
    return true;
}

/* Words behind the command: none, or "import" and what to read. */
static bool check_words(const CliContext *context, GError **error)
{
    const char *word = cli_arg(context, 0);
    if (!word)
        return true;
    if (!g_str_equal(word, "import"))
        return cli_usage_error(error, "to hand in what whois answered: "
                                      "exitdesk relay whois import FILE...");
    return cli_arg_count(context) > 1 ||
           cli_usage_error(error, "\"relay whois import\" needs: FILE...");
}

static int run_relay_whois(CliContext *context, GError **error)
{
    const Settings *settings =
        check_words(context, error) ? cli_settings(context, error) : NULL;
    if (!settings)
        return 0;
    const char *directory = settings->relays.directory;
    g_autoptr(Whois) whois = whois_load(directory, error);
    if (!whois || !read_answers(context, whois, error) ||
        (cli_arg_count(context) > 0 && (!directory_ensure(directory, error) ||
                                        !whois_save(whois, directory, error))))
        return 0;
    g_autoptr(History) history = history_open(directory, NULL);
    g_autoptr(GArray) rows =
        rows_of(settings, whois, history, cli_now(context));
    if (cli_wants_json(context))
        return print_json(context, rows) ? EXIT_NO : 0;
    guint astray = print_table(context, rows);
    if (rows->len == 0)
        cli_print("No member has an address yet.\n");
    else if (astray == 0)
        cli_print("\nComplaints about all of them come here.\n");
    else
        cli_print("\nOf %u addresses %u do not name an address of ours as the "
                  "abuse contact, as far as is\nknown here. Ask the hoster to "
                  "change it, save the new answer of whois, and hand it\nin: "
                  "exitdesk relay whois import FILE...\n",
                  rows->len, astray);
    return astray ? EXIT_NO : 0;
}

static const CommandFlag WHOIS_FLAGS[] = {
    {"not-ours", NULL, "only addresses whose contact is not ours"},
    FLAG_NOW,
    {0},
};

const Command command_relay_whois = {
    .noun = "relay",
    .verb = "whois",
    .args = "[import FILE...]",
    .max_args = -1,
    .summary = "whom the registries name as members' abuse contact",
    .examples = "exitdesk relay whois import answers.txt\n"
                "exitdesk relay whois --not-ours",
    .about = "Shown are all members' addresses with the contact that the "
             "registry publishes: ours,\nanother, none, or unknown because no "
             "answer was handed in. With \"import\" files are\nread first: "
             "what whois or an RDAP server answered, for one address or "
             "several.\nNothing is fetched. Exit status 1: some are not ours.",
    .flags = WHOIS_FLAGS,
    .has_json = true,
    .run = run_relay_whois,
};
