/* relay whois: do complaints about members' addresses reach the umbrella? */
#include "cli/commands_list.h"

#include "base/errors.h"
#include "base/files.h"
#include "base/log.h"
#include "relay/whois.h"

#include <string.h>

#define LATELY_S (30 * INSTANT_DAY_S)

/* One address of a member and whom the registry names for it. */
typedef struct {
    const Member *member;
    IpAddress ip;
    const IpPrefix *network; /* that begins with it; NULL: a relay's address */
    const WhoisRange *range; /* NULL: no answer was handed in */
    const char *state;
} Row;

/* How many are not ours, by what is to be done. */
typedef struct {
    guint others, unknown;
} Astray;

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
        return *range->where ? "none" : "unknown";
    return is_ours(settings, range->address) ? "ours" : "another";
}

static void add_row(const Settings *settings, const Whois *whois,
                    const Member *member, const IpAddress *ip,
                    const IpPrefix *network, GArray *rows)
{
    Row row = {.member = member,
               .ip = *ip,
               .network = network,
               .range = whois_find(whois, ip)};
    row.state = state_of(settings, row.range);
    g_array_append_val(rows, row);
}

/* The first address of each network that a member holds. */
static void add_networks(const Settings *settings, const Whois *whois,
                         const Member *member, Instant now, GArray *rows)
{
    for (guint i = 0; i < member->prefixes->len; i++) {
        const MemberPrefix *held =
            &g_array_index(member->prefixes, MemberPrefix, i);
        if (held->to == INSTANT_NONE || held->to >= now)
            add_row(settings, whois, member, &held->prefix.base, &held->prefix,
                    rows);
    }
}

static bool has_ended(const Member *member, Instant now)
{
    return member->ended != INSTANT_NONE && member->ended <= now;
}

/* The member one of whose relays was there: lately, or (is_ever) at any time;
 * NULL: none. */
static const Member *user_of(const Settings *settings, const History *history,
                             const IpAddress *ip, bool is_ever)
{
    const Member *member = NULL;
    Interval lately = history_span(history);
    lately.from = MAX(lately.from, lately.to - LATELY_S);
    g_autoptr(Lookup) lookup = history_lookup(history, ip, lately, -1, NULL);
    for (guint i = 0; i < lookup->relays->len && !member; i++)
        member = members_by_fingerprint(
            settings->members,
            ((const RelaySighting *)lookup->relays->pdata[i])->fingerprint);
    g_autoptr(GPtrArray) relays = history_address_relays(history, ip);
    for (guint i = 0; is_ever && i < relays->len && !member; i++)
        member = members_by_fingerprint(settings->members, relays->pdata[i]);
    return member;
}

static int compare_rows(gconstpointer a, gconstpointer b)
{
    const Row *ra = a, *rb = b;
    int order = strcmp(ra->member->id, rb->member->id);
    return order ? order : ip_compare(&ra->ip, &rb->ip);
}

/* The networks that members hold, and the addresses of their relays. */
static GArray *rows_of(CliContext *context, const Settings *settings,
                       const Whois *whois, const History *history)
{
    Instant now = cli_now(context);
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(Row));
    for (guint i = 0; i < members_count(settings->members); i++) {
        const Member *member = members_at(settings->members, i);
        if (!has_ended(member, now))
            add_networks(settings, whois, member, now, rows);
    }
    g_autoptr(GArray) all =
        history ? history_member_addresses(history, settings->members) : NULL;
    for (guint i = 0; all && i < all->len; i++) {
        const IpAddress *ip = &g_array_index(all, IpAddress, i);
        const Member *member =
            user_of(settings, history, ip, cli_flag(context, "all") != NULL);
        if (member && !has_ended(member, now))
            add_row(settings, whois, member, ip, NULL, rows);
    }
    g_array_sort(rows, compare_rows);
    return rows;
}

static bool is_wanted(const CliContext *context, const Row *row)
{
    return !cli_flag(context, "not-ours") || !g_str_equal(row->state, "ours");
}

static void print_json(const Row *row)
{
    g_autofree char *ip = ip_new_text(&row->ip);
    g_autofree char *network =
        row->network ? ip_prefix_new_text(row->network) : NULL;
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "member", row->member->id);
    json_put_text(&json, "address", ip);
    json_put_text(&json, "network", network);
    json_put_text(&json, "state", row->state);
    json_put_text(&json, "contact", row->range ? row->range->address : NULL);
    json_put_text(&json, "where", row->range ? row->range->where : NULL);
    json_put_instant(&json, "when",
                     row->range ? row->range->when : INSTANT_NONE);
    json_end_object(&json);
    cli_print_json(&json);
}

static void add_to_table(Table *table, const Row *row)
{
    g_autofree char *ip =
        row->network ? ip_prefix_new_text(row->network) : ip_new_text(&row->ip);
    g_autofree char *when =
        row->range ? instant_new_text(row->range->when) : NULL;
    TABLE_ADD(table, row->member->id, ip, row->state,
              row->range ? row->range->address : NULL, when);
}

static Astray print_rows(CliContext *context, const GArray *rows)
{
    static const char *const HEADINGS[] = {"member",  "address",   "contact is",
                                           "contact", "handed in", NULL};
    g_autoptr(Table) table = table_new(HEADINGS);
    Astray astray = {0};
    for (guint i = 0; i < rows->len; i++) {
        const Row *row = &g_array_index(rows, Row, i);
        bool is_unknown = g_str_equal(row->state, "unknown");
        astray.unknown += is_unknown;
        astray.others += !is_unknown && !g_str_equal(row->state, "ours");
        if (!is_wanted(context, row))
            continue;
        if (cli_wants_json(context))
            print_json(row);
        else
            add_to_table(table, row);
    }
    if (table_count(table) > 0)
        table_print(table);
    return astray;
}

/* What to do about them. */
static void print_advice(const GArray *rows, const Astray *astray)
{
    if (rows->len == 0) {
        cli_print("No member has an address yet.\n");
        return;
    }
    if (astray->others + astray->unknown == 0)
        cli_print("\nComplaints about all of them come here.\n");
    if (astray->others > 0)
        cli_print("\nOf %u the published abuse contact is not ours: ask the "
                  "hoster to change it, and hand in\nwhat whois answers "
                  "then.\n",
                  astray->others);
    if (astray->unknown > 0)
        cli_print("\nOf %u nobody has handed in what the registry says:\n"
                  "    whois ADDRESS > answers.txt\n"
                  "    exitdesk relay whois import answers.txt\n",
                  astray->unknown);
}

static bool read_answers(CliContext *context, Whois *whois, GError **error)
{
    Instant now = cli_now(context);
    guint all = 0;
    for (int i = 1; i < cli_arg_count(context); i++) { /* behind "import" */
        const char *path = cli_arg(context, i);
        g_autoptr(GBytes) bytes = file_read(path, WHOIS_FILE_BYTES_MAX, error);
        if (!bytes)
            return false;
        gsize length;
        const char *text = g_bytes_get_data(bytes, &length);
        guint found = whois_read(whois, text ? text : "", length, now);
        all += found;
        if (found == 0)
            cli_say(context,
                    "%s: no address range in it, so it is left out. A file "
                    "should hold what \"whois ADDRESS\" or an RDAP server "
                    "answers.\n",
                    path);
    }
    if (all > 0 || cli_arg_count(context) == 0)
        return true;
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID,
                        "nothing was taken in");
    return false;
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
    g_autoptr(GArray) rows = rows_of(context, settings, whois, history);
    Astray astray = print_rows(context, rows);
    if (!cli_wants_json(context))
        print_advice(rows, &astray);
    return astray.others + astray.unknown > 0 ? EXIT_NO : 0;
}

static const CommandFlag WHOIS_FLAGS[] = {
    {"not-ours", NULL, "only addresses whose contact is not ours"},
    {"all", NULL, "also addresses that relays left over 30 days ago"},
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
    .about = "Shown are the networks that members hold and the addresses that "
             "their relays used in the\nlast 30 days of the record, with the "
             "contact that the registry publishes: ours,\nanother, none, or "
             "unknown because no answer was handed in. With \"import\" files "
             "are\nread first: "
             "what whois or an RDAP server answered, for one address or "
             "several.\nNothing is fetched. Exit status 1: some are not ours.",
    .flags = WHOIS_FLAGS,
    .has_json = true,
    .run = run_relay_whois,
};
