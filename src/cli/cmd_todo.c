#include "cli/caselook.h"
#include "cli/commands_list.h"
#include "store/challenges.h"
#include "store/notices.h"
#include "store/tellings.h"

#include <string.h>

/* What a person has to do with it, in a few words. */
static const char *waits_for(const CaseRow *row)
{
    if (g_strcmp0(row->state, "drafted") == 0)
        return "a yes to the draft";
    if (g_strcmp0(row->action, "escalate") == 0)
        return "staff, at once";
    return "staff";
}

static char *due_text(const CaseRow *row, Instant now)
{
    if (row->due == INSTANT_NONE)
        return g_strdup("-");
    char day[INSTANT_TEXT_MAX];
    g_autofree char *age = age_new_text(now, row->due);
    return g_strdup_printf("%.10s (%s%s)", instant_text(row->due, day), age,
                           row->due < now ? " ago" : "");
}

static bool is_wanted(const CaseRow *row, const char *member)
{
    return !member || g_strcmp0(row->member, member) == 0;
}

static void print_json(const GPtrArray *rows, const char *member)
{
    for (guint i = 0; i < rows->len; i++) {
        const CaseRow *row = rows->pdata[i];
        if (!is_wanted(row, member))
            continue;
        Json json;
        json_init(&json);
        json_object(&json);
        case_row_put_json(&json, row);
        json_put_text(&json, "waits_for", waits_for(row));
        json_end_object(&json);
        cli_print_json(&json);
    }
}

/* Changes of members' relays stand behind the cases. */
static bool add_notices(CliContext *context, Store *store, const char *member,
                        Table *table, GError **error)
{
    g_autoptr(GPtrArray) rows = store_notices(store, member, false, error);
    for (guint i = 0; rows && i < rows->len; i++) {
        const NoticeRow *row = rows->pdata[i];
        g_autofree char *what =
            g_strdup_printf("relays: %s%s%s", row->kind, row->relay ? " " : "",
                            row->relay ? row->relay : "");
        TABLE_ADD(table, "-", NULL, row->member, what,
                  row->holds ? "staff, letters are held" : "staff, the member",
                  row->what);
    }
    return rows != NULL;
}

/* What members' people wrote, and who did not answer. */
static bool add_people(CliContext *context, Store *store, const char *member,
                       Table *table, GError **error)
{
    g_autoptr(GPtrArray) answers = store_answers(store, false, error);
    g_autoptr(GPtrArray) silent =
        answers ? store_told(store, true, error) : NULL;
    for (guint i = 0; silent && i < answers->len; i++) {
        const AnswerRow *row = answers->pdata[i];
        g_autofree char *what =
            g_strdup_printf("mail of %s", row->sender ? row->sender : "nobody");
        if (!member || g_strcmp0(row->member, member) == 0)
            TABLE_ADD(table, "-", row->case_id, row->member, what,
                      "staff, notice seen", row->why);
    }
    for (guint i = 0; silent && i < silent->len; i++) {
        const ToldRow *row = silent->pdata[i];
        if (!member || g_strcmp0(row->member, member) == 0)
            TABLE_ADD(table, "-", row->case_id, row->member, row->address,
                      "staff, the member", "it does not answer");
    }
    return silent != NULL;
}

/* Verified contacts to whom mail no longer arrives: they are told nothing. */
static bool add_unreachable(CliContext *context, Store *store,
                            const char *member, Table *table, GError **error)
{
    g_autoptr(GPtrArray) rows = store_contacts(store, error);
    for (guint i = 0; rows && i < rows->len; i++) {
        const ContactRow *row = rows->pdata[i];
        Instant failed;
        if (row->verified == INSTANT_NONE ||
            (member && g_strcmp0(row->member, member) != 0))
            continue;
        if (!store_told_failed(store, row->address, &failed, error))
            return false;
        if (failed == INSTANT_NONE || failed < row->verified)
            continue;
        TABLE_ADD(table, "-", NULL, row->member, row->address,
                  "staff, contact verify", "our mail to it came back");
    }
    return rows != NULL;
}

static int run_todo(CliContext *context, GError **error)
{
    static const char *const HEADINGS[] = {
        "due", "case", "member", "what", "waits for", "why", NULL};
    Store *store = cli_store(context, error);
    g_autoptr(GPtrArray) rows = store ? store_todo(store, error) : NULL;
    if (!rows)
        return 0;
    const char *member = cli_flag(context, "member");
    if (cli_wants_json(context)) {
        print_json(rows, member);
        return 0;
    }
    Instant now = cli_now(context);
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < rows->len; i++) {
        const CaseRow *row = rows->pdata[i];
        if (!is_wanted(row, member))
            continue;
        g_autofree char *due = due_text(row, now);
        TABLE_ADD(table, due, row->case_id, row->member, row->category,
                  waits_for(row), row->why);
    }
    if (!add_notices(context, store, member, table, error) ||
        !add_people(context, store, member, table, error) ||
        !add_unreachable(context, store, member, table, error))
        return 0;
    if (table_count(table) == 0) {
        cli_say(context, "Nothing waits for a person.\n");
        return 0;
    }
    table_print(table);
    cli_say(context, "\nNext: exitdesk case show CASE, exitdesk draft show "
                     "CASE, exitdesk member notices\n");
    return 0;
}

static const CommandFlag TODO_FLAGS[] = {
    {"member", "ID", "only this member's"},
    FLAG_NOW,
    {0},
};

const Command command_todo = {
    .noun = "todo",
    .summary = "what waits for a person, by deadline",
    .examples = "exitdesk todo\n"
                "exitdesk todo --member bib-musterstadt",
    .about =
        "Cases in triage and drafts that wait for a yes: what is due "
        "first stands first,\nthen what has waited longest; then changes of "
        "members' relays (member notices).\nWith --json only cases.",
    .flags = TODO_FLAGS,
    .has_json = true,
    .run = run_todo,
};
