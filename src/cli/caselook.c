#include "cli/caselook.h"

#include "cli/kept.h"
#include "intake/digesting.h"

#include <string.h>

#define DOCUMENTS_SHOWN 10u

/* The letters in front of the first hyphen, if there are only letters. */
static char *typed_prefix(const char *text)
{
    size_t length = 0;
    while (g_ascii_isalpha(text[length]))
        length++;
    if (length == 0 || text[length] != '-')
        return NULL;
    return g_ascii_strup(text, (gssize)length);
}

char *case_id_typed(CliContext *context, const char *text, GError **error)
{
    const Settings *settings = cli_settings_or_default(context, error);
    if (!settings)
        return NULL;
    g_autofree char *typed = typed_prefix(text);
    const char *prefix = typed ? typed : settings->desk.case_prefix;
    int year;
    uint32_t number;
    if (!ticket_id_parse(text, prefix, &year, &number, error)) {
        g_prefix_error(error, "%s: ", text);
        return NULL;
    }
    return ticket_id_new(prefix, year, number);
}

void case_row_put_json(Json *json, const CaseRow *row)
{
    json_put_text(json, "case", row->case_id);
    json_put_text(json, "mail", row->inbox_id);
    json_put_text(json, "member", row->member);
    json_put_text(json, "category", row->category);
    json_put_text(json, "state", row->state);
    json_put_text(json, "action", row->action);
    json_put_text(json, "rule", row->rule);
    json_put_text(json, "why", row->why);
    json_put_text(json, "verdict", row->verdict);
    json_put_text(json, "reporter", row->reporter);
    json_put_text(json, "subject", row->subject);
    json_put_instant(json, "received", row->received);
    json_put_instant(json, "due", row->due);
    json_put_instant(json, "changed", row->changed);
    json_put_text(json, "assigned", row->assigned);
    json_put_text(json, "form", row->form);
    json_put_text(json, "joined_to", row->joined_to);
}

bool case_assignee_asked(const CliContext *context, const char **out,
                         GError **error)
{
    bool is_mine = cli_flag(context, "mine") != NULL;
    *out = cli_flag(context, "to");
    if (is_mine && *out)
        return cli_usage_error(error, "--mine and --to exclude each other");
    if (is_mine)
        *out = cli_user();
    return true;
}

char *age_new_text(Instant from, Instant to)
{
    int64_t age = to > from ? to - from : from - to;
    if (age < 3600)
        return g_strdup_printf("%d min", (int)(age / 60));
    if (age < 2 * INSTANT_DAY_S)
        return g_strdup_printf("%d h", (int)(age / 3600));
    return g_strdup_printf("%d d", (int)(age / INSTANT_DAY_S));
}

/* ---- documents ---------------------------------------------------------- */

/* The documents of one incident, but for those that were seen. */
static void print_documents(const char *list, const char *end, GHashTable *seen)
{
    const char *at = list;
    for (;;) {
        g_autofree char *type = kept_value(&at, "type", end);
        g_autofree char *when = type ? kept_value(&at, "when", end) : NULL;
        g_autofree char *sha256 = when ? kept_value(&at, "sha256", end) : NULL;
        if (!sha256)
            return;
        guint before = g_hash_table_size(seen);
        if (g_hash_table_add(seen, g_strdup(sha256)) &&
            before < DOCUMENTS_SHOWN)
            cli_print("%-9s %-18s %s  %s\n", before ? "" : "rests on", type,
                      when, sha256);
    }
}

/* Address and best reading of an incident, as "relay prove" takes them; yours,
 * NULL: it cites no time. */
static char *proof_new_command(const char *incident, const char *end)
{
    g_autofree char *address = kept_value(&incident, "address", end);
    g_autofree char *from = address ? kept_value(&incident, "from", end) : NULL;
    return from ? g_strdup_printf("exitdesk relay prove %s %s -o proof",
                                  address, from)
                : NULL;
}

void case_documents_print(const char *matches_json)
{
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *command = NULL;
    const char *at = matches_json ? matches_json : "", *list, *end;
    while ((list = kept_list(at, "documents", &end))) {
        guint before = g_hash_table_size(seen);
        print_documents(list, end, seen);
        if (!command && g_hash_table_size(seen) > before)
            command = proof_new_command(at, list);
        at = end;
    }
    if (g_hash_table_size(seen) > DOCUMENTS_SHOWN)
        cli_print("          and %u more, by --json\n",
                  g_hash_table_size(seen) - DOCUMENTS_SHOWN);
    if (command)
        cli_print("proof     %s\n", command);
}

char *case_digest_text(CliContext *context, const char *case_id)
{
    Store *store = cli_store(context, NULL);
    const Settings *settings = cli_settings_or_default(context, NULL);
    char *text = NULL;
    if (case_id && store && settings)
        digesting_says(store, settings, case_id, cli_now(context), &text, NULL);
    return text;
}
