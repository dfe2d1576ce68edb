#include "cli/caselook.h"
#include "cli/commands_list.h"
#include "cli/formlook.h"
#include "cli/memberlook.h"
#include "store/challenges.h"
#include "store/messages.h"
#include "store/notices.h"
#include "store/tellings.h"

#include <string.h>

/* What a person has to do with it, in a few words. */
static const char *waits_for_person(const CaseRow *row)
{
    if (row->form)
        return "its web form, case done";
    if (g_strcmp0(row->state, "drafted") == 0)
        return "a yes to the draft";
    if (g_strcmp0(row->action, "escalate") == 0)
        return "staff, at once";
    return "staff";
}

/* Or by itself, for the digest to its reporter. Yours. */
static char *waits_for(CliContext *context, const CaseRow *row)
{
    static const char PREFIX[] = "waits for ";
    g_autofree char *digest = case_digest_text(context, row->case_id);
    return g_strdup(digest && g_str_has_prefix(digest, PREFIX)
                        ? digest + strlen(PREFIX)
                        : waits_for_person(row));
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

static bool is_wanted(const CaseRow *row, const char *member,
                      const char *assigned)
{
    return (!member || g_strcmp0(row->member, member) == 0) &&
           (!assigned || (row->assigned &&
                          g_ascii_strcasecmp(row->assigned, assigned) == 0));
}

/* Cases that are asked for. */
static GPtrArray *wanted_rows(Store *store, const char *member,
                              const char *assigned, GError **error)
{
    GPtrArray *rows = store_todo(store, error);
    for (guint i = rows ? rows->len : 0; i-- > 0;)
        if (!is_wanted(rows->pdata[i], member, assigned))
            g_ptr_array_remove_index(rows, i);
    return rows;
}

static bool print_json(CliContext *context, Store *store, const GPtrArray *rows,
                       GError **error)
{
    for (guint i = 0; i < rows->len; i++) {
        const CaseRow *row = rows->pdata[i];
        g_autoptr(GError) cause = NULL;
        g_autofree char *text =
            row->form ? form_new_text(store, row, &cause) : NULL;
        if (cause) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return false;
        }
        g_autofree char *what = waits_for(context, row);
        Json json;
        json_init(&json);
        json_object(&json);
        case_row_put_json(&json, row);
        json_put_text(&json, "waits_for", what);
        json_put_text(&json, "form_text", text);
        json_end_object(&json);
        cli_print_json(&json);
    }
    return true;
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

/* Mail to people that could not be sealed, and so was not sent. */
static bool add_held(Store *store, const char *member, Table *table,
                     GError **error)
{
    g_autoptr(GPtrArray) rows = store_messages_held(store, error);
    for (guint i = 0; rows && i < rows->len; i++) {
        const HeldMessage *row = rows->pdata[i];
        const char *whose = g_str_has_prefix(row->about, "member:")
                                ? row->about + strlen("member:")
                                : NULL;
        g_autofree char *what = g_strdup_printf("mail to %s", row->address);
        if (!member || g_strcmp0(whose, member) == 0)
            TABLE_ADD(table, "-", NULL, whose, what, "staff, it was not sent",
                      row->why);
    }
    return rows != NULL;
}

/* What is no case and nobody's in particular. */
static bool add_others(CliContext *context, Store *store, const char *member,
                       Table *table, GError **error)
{
    return add_notices(context, store, member, table, error) &&
           add_people(context, store, member, table, error) &&
           add_unreachable(context, store, member, table, error) &&
           add_held(store, member, table, error);
}

/* Of whom nothing waits: of others something may. */
static void say_nothing(CliContext *context, const char *member,
                        const char *assigned)
{
    if (assigned)
        cli_say(context,
                "No case that waits is assigned to %s. All that waits: "
                "exitdesk todo\n",
                assigned);
    else if (member)
        cli_say(context, "Nothing of %s waits for a person.\n", member);
    else
        cli_say(context, "Nothing waits for a person.\n");
}

static int run_todo(CliContext *context, GError **error)
{
    static const char *const HEADINGS[] = {
        "due", "case", "member", "what", "waits for", "why", NULL};
    const char *member = cli_flag(context, "member"), *assigned;
    if (!case_assignee_asked(context, &assigned, error))
        return 0;
    Store *store = cli_store(context, error);
    g_autoptr(GPtrArray) rows =
        store ? wanted_rows(store, member, assigned, error) : NULL;
    if (!rows || (rows->len == 0 && !member_is_there(context, member, error)))
        return 0;
    if (cli_wants_json(context)) {
        print_json(context, store, rows, error);
        return 0;
    }
    Instant now = cli_now(context);
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < rows->len; i++) {
        const CaseRow *row = rows->pdata[i];
        g_autofree char *due = due_text(row, now);
        g_autofree char *what = waits_for(context, row);
        g_autofree char *whom =
            row->assigned ? g_strdup_printf("%s: %s", row->assigned, what)
                          : g_strdup(what);
        TABLE_ADD(table, due, row->case_id, row->member, row->category, whom,
                  row->why);
    }
    if (!assigned && !add_others(context, store, member, table, error))
        return 0;
    if (table_count(table) == 0) {
        say_nothing(context, member, assigned);
        return 0;
    }
    table_print(table);
    if (!forms_print(context, store, rows, error))
        return 0;
    cli_say(context, "\nNext: exitdesk case show CASE, exitdesk draft show "
                     "CASE, exitdesk member notices\n");
    return 0;
}

static const CommandFlag TODO_FLAGS[] = {
    {"member", "ID", "only this member's"},
    FLAGS_ASSIGNEE,
    FLAG_NOW,
    {0},
};

const Command command_todo = {
    .noun = "todo",
    .summary = "what waits for a person, by deadline",
    .examples = "exitdesk todo\n"
                "exitdesk todo --member bib-musterstadt\n"
                "exitdesk todo --mine",
    .about =
        "Cases in triage and drafts that wait for a yes: what people are told "
        "of at once\nstands first, then what is due first, then what has "
        "waited longest. Then changes\nof members' relays (member notices), "
        "mail of members' people (notice list) and\nmail to them that did not "
        "arrive or was not sent. Answers that a reporter takes\nin a web form "
        "only follow with their text (case done). With --json, --mine and\n"
        "--to only cases.",
    .flags = TODO_FLAGS,
    .has_json = true,
    .run = run_todo,
};
