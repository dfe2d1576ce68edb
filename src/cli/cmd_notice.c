/* notice list, seen: mail to members' people about drafts, and what came back. */
#include "cli/commands_list.h"
#include "cli/desk.h"
#include "cli/typed.h"
#include "intake/consenting.h"
#include "store/tellings.h"

/* ---- list --------------------------------------------------------------- */

static void print_answers(const GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++) {
        const AnswerRow *row = rows->pdata[i];
        char at[INSTANT_TEXT_MAX], seen[INSTANT_TEXT_MAX];
        cli_print("%" G_GINT64_FORMAT "  %.16s  %s  %s  %s  from %s\n",
                  row->number, instant_text(row->at, at), row->what,
                  row->member, row->case_id ? row->case_id : "-",
                  row->sender ? row->sender : "nobody");
        cli_print("    %s; exitdesk why %s\n", row->why, row->inbox_id);
        if (row->seen != INSTANT_NONE)
            cli_print("    looked at by %s, %.16s\n", row->seen_by,
                      instant_text(row->seen, seen));
    }
}

static void print_told(const GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++) {
        const ToldRow *row = rows->pdata[i];
        char last[INSTANT_TEXT_MAX], next[INSTANT_TEXT_MAX];
        cli_print("%s  %s  %s  told %u time%s, last %.16s, %s%.16s\n",
                  row->case_id, row->member, row->address, row->times,
                  row->times == 1 ? "" : "s", instant_text(row->last, last),
                  row->next_at == INSTANT_NONE ? "never again" : "next ",
                  row->next_at == INSTANT_NONE
                      ? ""
                      : instant_text(row->next_at, next));
    }
}

/* Both kinds of rows have the same names, so that one program reads both. */
typedef struct {
    const AnswerRow *answer; /* one of the two */
    const ToldRow *told;
} NoticeLine;

static void print_json(NoticeLine line)
{
    const AnswerRow *answer = line.answer;
    const ToldRow *told = line.told;
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "kind", answer ? "answer" : "told");
    json_put_text(&json, "member", answer ? answer->member : told->member);
    json_put_text(&json, "case", answer ? answer->case_id : told->case_id);
    json_put_text(&json, "address", answer ? answer->sender : told->address);
    json_put_instant(&json, "at", answer ? answer->at : told->last);
    json_key(&json, "number"); /* for notice seen */
    if (answer)
        json_number(&json, answer->number);
    else
        json_null(&json);
    json_put_text(&json, "what", answer ? answer->what : told->state);
    json_put_text(&json, "why", answer ? answer->why : NULL);
    json_put_text(&json, "mail", answer ? answer->inbox_id : NULL);
    json_put_instant(&json, "seen", answer ? answer->seen : INSTANT_NONE);
    json_put_text(&json, "seen_by", answer ? answer->seen_by : NULL);
    json_put_number(&json, "times", told ? told->times : 0);
    json_put_instant(&json, "first", told ? told->first : INSTANT_NONE);
    json_put_instant(&json, "next", told ? told->next_at : INSTANT_NONE);
    json_end_object(&json);
    cli_print_json(&json);
}

static void print_rows_json(const GPtrArray *answers, const GPtrArray *told)
{
    for (guint i = 0; i < answers->len; i++)
        print_json((NoticeLine){.answer = answers->pdata[i]});
    for (guint i = 0; i < told->len; i++)
        print_json((NoticeLine){.told = told->pdata[i]});
}

static int run_notice_list(CliContext *context, GError **error)
{
    bool all = cli_flag(context, "all") != NULL;
    Store *store = cli_store(context, error);
    g_autoptr(GPtrArray) answers =
        store ? store_answers(store, all, error) : NULL;
    g_autoptr(GPtrArray) told = answers ? store_told(store, !all, error) : NULL;
    if (!told)
        return 0;
    if (cli_wants_json(context)) {
        print_rows_json(answers, told);
    } else {
        print_answers(answers);
        print_told(told);
    }
    if (answers->len == 0 && told->len == 0)
        cli_say(context, "No mail of members' people waits for staff.\n");
    return answers->len + told->len > 0 ? 0 : EXIT_NO;
}

static const CommandFlag LIST_FLAGS[] = {
    {"all", NULL, "everything: who was told of which draft, all that came"},
    {0},
};

const Command command_notice_list = {
    .noun = "notice",
    .verb = "list",
    .summary = "mail of members' people that waits for staff",
    .examples = "exitdesk notice list\n"
                "exitdesk notice list --all",
    .about = "Answers to our mail about drafts that were no plain yes or no, "
             "those that were\nrefused, and people who were told of a draft "
             "for the last time and did not answer.\nExit status 1: nothing "
             "waits.",
    .flags = LIST_FLAGS,
    .has_json = true,
    .run = run_notice_list,
};

/* ---- seen --------------------------------------------------------------- */

static bool see_offline(CliContext *context, Store *store, const char *id,
                        char **text, GError **error)
{
    return consenting_see(store, id, cli_user(), cli_now(context), text, error);
}

static int run_notice_seen(CliContext *context, GError **error)
{
    int64_t number;
    if (!number_typed(cli_arg(context, 0), &number, error))
        return 0;
    g_autofree char *subject =
        g_strdup_printf(ANSWER_SUBJECT "%s", cli_arg(context, 0));
    return desk_ask(context, CONTROL_ACKNOWLEDGE, subject, NULL, see_offline,
                    error);
}

static const CommandFlag SEEN_FLAGS[] = {
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_notice_seen = {
    .noun = "notice",
    .verb = "seen",
    .args = "NUMBER",
    .min_args = 1,
    .max_args = 1,
    .summary = "somebody has looked at a mail of a member's people",
    .examples = "exitdesk notice seen 12",
    .about = "It leaves the list of what waits. Who looked is kept.",
    .flags = SEEN_FLAGS,
    .has_json = true,
    .run = run_notice_seen,
};
