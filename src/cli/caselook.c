#include "cli/caselook.h"

#include "intake/digesting.h"

#include <string.h>

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

char *case_digest_text(CliContext *context, const char *case_id)
{
    Store *store = cli_store(context, NULL);
    const Settings *settings = cli_settings_or_default(context, NULL);
    char *text = NULL;
    if (case_id && store && settings)
        digesting_says(store, settings, case_id, cli_now(context), &text, NULL);
    return text;
}
