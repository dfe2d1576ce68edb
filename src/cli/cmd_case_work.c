/* case note, assign, close, reopen, join, split, done: what staff do. */
#include "cli/caselook.h"
#include "cli/commands_list.h"
#include "cli/desk.h"

#include "intake/handling.h"

/* What is said with it: the text of a note, else the reason. */
static const char *words_of(const CliContext *context, const char *verb)
{
    if (g_str_equal(verb, "note"))
        return cli_arg(context, 1);
    return cli_flag(context, g_str_equal(verb, "done") ? "note" : "why");
}

static bool do_offline(CliContext *context, Store *store, const char *order,
                       char **text, GError **error)
{
    g_auto(GStrv) words = g_strsplit(order, "\t", 2);
    return handling_do(store, order, words_of(context, words[0]), cli_user(),
                       cli_now(context), text, error);
}

static int ask(CliContext *context, const HandlingOrder *order, GError **error)
{
    g_autofree char *text = handling_order_new_text(order);
    return desk_ask(context, CONTROL_CASE, text, words_of(context, order->verb),
                    do_offline, error);
}

/* A request about the case of the first argument. */
static int ask_of_case(CliContext *context, const char *verb, const char *other,
                       const char *from, GError **error)
{
    g_autofree char *id = case_id_typed(context, cli_arg(context, 0), error);
    return id ? ask(context,
                    &(HandlingOrder){.verb = verb,
                                     .id = id,
                                     .by = cli_flag(context, "by"),
                                     .other = other,
                                     .from = from},
                    error)
              : 0;
}

#define FLAG_BY                                                                \
    {                                                                          \
        "by", "WHO", "who does it, for the record, if not the login"           \
    }
#define FLAG_WHY                                                               \
    {                                                                          \
        "why", "TEXT", "the reason, for the record"                            \
    }
#define FLAG_OFFLINE                                                           \
    {                                                                          \
        "offline", NULL, "write into the database; the daemon must not run"    \
    }

static const CommandFlag REASON_FLAGS[] = {
    FLAG_WHY, FLAG_BY, FLAG_OFFLINE, FLAG_NOW, {0},
};

/* ---- note --------------------------------------------------------------- */

static int run_note(CliContext *context, GError **error)
{
    return ask_of_case(context, "note", NULL, NULL, error);
}

static const CommandFlag NOTE_FLAGS[] = {FLAG_BY, FLAG_OFFLINE, FLAG_NOW, {0}};

const Command command_case_note = {
    .noun = "case",
    .verb = "note",
    .args = "CASE TEXT",
    .min_args = 2,
    .max_args = 2,
    .summary = "write a note into the record, for staff only",
    .examples = "exitdesk case note UA-2026-00142-K \"Phoned with Ms "
                "Beispiel, she looks into it\"",
    .about = "A note stands in the record of the case and cannot be taken "
             "back. It never leaves the\ndesk: no letter, brief or member "
             "export has it. The same note of the same person is\nkept once.",
    .flags = NOTE_FLAGS,
    .has_json = true,
    .run = run_note,
};

/* ---- assign ------------------------------------------------------------- */

static int run_assign(CliContext *context, GError **error)
{
    const char *to = cli_flag(context, "to");
    if (to)
        return ask_of_case(context, "assign", to, cli_flag(context, "from"),
                           error);
    cli_usage_error(error, "say whom it is given to: --to NAME (%s: nobody)",
                    HANDLING_NOBODY);
    return 0;
}

static const CommandFlag ASSIGN_FLAGS[] = {
    {"to", "NAME", "who looks after it from now on; -: nobody"},
    {"from", "NAME", "who has it now, to take it over"},
    FLAG_WHY,
    FLAG_BY,
    FLAG_OFFLINE,
    FLAG_NOW,
    {0},
};

const Command command_case_assign = {
    .noun = "case",
    .verb = "assign",
    .args = "CASE",
    .min_args = 1,
    .max_args = 1,
    .summary = "say who looks after a case",
    .examples = "exitdesk case assign UA-2026-00142-K --to anna",
    .about = "Todo and \"case list\" show it and can be asked for it (--to "
             "NAME, --mine for your login\nname). A case that somebody has is "
             "only taken over with --from, so that two who take\nit at once "
             "know of each other. Members do not see it.",
    .flags = ASSIGN_FLAGS,
    .has_json = true,
    .run = run_assign,
};

/* ---- close, reopen ------------------------------------------------------ */

static int run_close(CliContext *context, GError **error)
{
    if (cli_flag(context, "why"))
        return ask_of_case(context, "close", NULL, NULL, error);
    cli_usage_error(error, "say why it is closed: --why TEXT");
    return 0;
}

const Command command_case_close = {
    .noun = "case",
    .verb = "close",
    .args = "CASE",
    .min_args = 1,
    .max_args = 1,
    .summary = "nothing more is to be done",
    .examples = "exitdesk case close UA-2026-00142-K --why \"a test of our "
                "own\"",
    .about = "A draft that waits is stopped with it. A letter whose delay "
             "runs is not: stop it first\n(draft stop), or let it go. An "
             "alert has to be taken on first (alert acknowledge). A\nlater "
             "mail of the case opens it again. The reason must be given: it "
             "is part of the\nrecord that its member may ask for.",
    .flags = REASON_FLAGS,
    .has_json = true,
    .run = run_close,
};

static int run_reopen(CliContext *context, GError **error)
{
    return ask_of_case(context, "reopen", NULL, NULL, error);
}

const Command command_case_reopen = {
    .noun = "case",
    .verb = "reopen",
    .args = "CASE",
    .min_args = 1,
    .max_args = 1,
    .summary = "a case that is over waits for staff again",
    .examples = "exitdesk case reopen UA-2026-00142-K --why \"they sent the "
                "log after all\"",
    .about = "Also one that was answered or filed. A case that was joined to "
             "another stands for\nitself again. A letter that was stopped "
             "stays so.",
    .flags = REASON_FLAGS,
    .has_json = true,
    .run = run_reopen,
};

/* ---- join, split -------------------------------------------------------- */

static int run_join(CliContext *context, GError **error)
{
    g_autofree char *into = case_id_typed(context, cli_arg(context, 1), error);
    return into ? ask_of_case(context, "join", into, NULL, error) : 0;
}

const Command command_case_join = {
    .noun = "case",
    .verb = "join",
    .args = "CASE INTO",
    .min_args = 2,
    .max_args = 2,
    .summary = "the same complaint came twice: one case is enough",
    .examples = "exitdesk case join UA-2026-00143-L UA-2026-00142-K",
    .about = "CASE is closed, its draft stopped, and later mails of it go to "
             "the case INTO, which\nkeeps the earlier deadline of both. Both "
             "records say so. Cases of different members\nstay apart: no "
             "member learns of another. Undone by \"case reopen\".",
    .flags = REASON_FLAGS,
    .has_json = true,
    .run = run_join,
};

static int run_split(CliContext *context, GError **error)
{
    return ask(context,
               &(HandlingOrder){.verb = "split",
                                .id = cli_arg(context, 0),
                                .by = cli_flag(context, "by")},
               error);
}

const Command command_case_split = {
    .noun = "case",
    .verb = "split",
    .args = "MAIL",
    .min_args = 1,
    .max_args = 1,
    .summary = "a mail that joined a case is another matter",
    .examples = "exitdesk case split 000000C569 --why \"another server, of "
                "May\"",
    .about = "MAIL is the id of a later mail of a case, as \"case show\" lists "
             "it. It is read and\ndecided anew, as if it had just come, joins "
             "no case, and makes one of its own (one for\neach member that it "
             "concerns). Its letter waits for a person. The old case's record "
             "keeps\nwhat it had.",
    .flags = REASON_FLAGS,
    .has_json = true,
    .run = run_split,
};

/* ---- done --------------------------------------------------------------- */

static int run_done(CliContext *context, GError **error)
{
    return ask_of_case(context, "done", NULL, NULL, error);
}

static const CommandFlag DONE_FLAGS[] = {
    {"note", "TEXT", "what was entered, if not the draft; a number it got"},
    FLAG_BY,
    FLAG_OFFLINE,
    FLAG_NOW,
    {0},
};

const Command command_case_done = {
    .noun = "case",
    .verb = "done",
    .args = "CASE",
    .min_args = 1,
    .max_args = 1,
    .summary = "the answer is in the reporter's web form",
    .examples = "exitdesk case done UA-2026-00142-K --note \"their ticket "
                "4711\"",
    .about = "For reporters that take answers in a web form only (profile "
             "show): \"todo\" has the form\nand the text. The record keeps who "
             "entered it when, and whether that was in time.",
    .flags = DONE_FLAGS,
    .has_json = true,
    .run = run_done,
};
