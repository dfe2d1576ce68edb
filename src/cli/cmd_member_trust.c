/* member invite, consent, promote, pause, resume, end, withdraw: how far
 * letters in a member's name go by themselves. */
#include "cli/commands_list.h"
#include "cli/deed.h"
#include "cli/desk.h"
#include "cli/memberlook.h"
#include "cli/parts.h"
#include "cli/typed.h"
#include "intake/inviting.h"
#include "intake/promoting.h"
#include "intake/verifying.h"
#include "store/drafts.h"

#include <string.h>

static bool request_offline(CliContext *context, Store *store, const char *id,
                            char **text, GError **error)
{
    const Settings *settings = cli_settings(context, error);
    g_auto(Parts) parts = {0};
    bool done;
    if (!settings || !parts_load(settings, &parts, error))
        return false;
    g_autoptr(GBytes) key = store_secret(store, "loop", error);
    if (!key)
        return false;
    Desk desk = parts_desk(&parts, settings);
    desk.store = store;
    desk.loop_key = key;
    return promoting_request(&desk, id, cli_flag(context, "note"), cli_user(),
                             cli_now(context), text, &done, error);
}

/* Send a request, print the answer. A checklist that lacks something is a no,
 * as its lines show. */
static int request(CliContext *context, const char *subject, GError **error)
{
    g_autofree char *text = NULL;
    int status =
        desk_ask_text(context, CONTROL_MEMBER, subject,
                      cli_flag(context, "note"), request_offline, &text, error);
    if (!text)
        return status;
    bool lacks = strstr(text, "\n [ ] ") != NULL;
    deed_print(context, !lacks, text);
    return lacks ? EXIT_NO : status;
}

static const Member *member_named(CliContext *context, GError **error)
{
    const Settings *settings = cli_settings(context, error);
    return settings ? member_typed(settings, cli_arg(context, 0), error) : NULL;
}

static int run_simple(CliContext *context, const char *verb, GError **error)
{
    const Member *member = member_named(context, error);
    if (!member)
        return 0;
    g_autofree char *subject = g_strdup_printf("%s %s", verb, member->id);
    return request(context, subject, error);
}

static const CommandFlag NOTE_FLAGS[] = {
    {"note", "TEXT", "why, for the record"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

/* ---- invite, consent ---------------------------------------------------- */

/* Not another language in its place: nobody agrees to words they cannot read.
 */
static bool language_typed(const char *language, GError **error)
{
    return !language ||
           g_ascii_strcasecmp(delegation_in(language)->language, language) ==
               0 ||
           cli_usage_error(error,
                           "there are no words to agree to in \"%s\", only in "
                           "en and de",
                           language);
}

static int run_invite(CliContext *context, GError **error)
{
    const Member *member = member_named(context, error);
    const char *language = cli_flag(context, "lang");
    if (!member || !mailbox_typed(cli_arg(context, 1), error) ||
        !language_typed(language, error))
        return 0;
    g_autofree char *subject =
        g_strdup_printf("invite %s %s%s%s", member->id, cli_arg(context, 1),
                        language ? " " : "", language ? language : "");
    return request(context, subject, error);
}

static const CommandFlag INVITE_FLAGS[] = {
    {"lang", "LANG", "language of the words to agree to: en, de"},
    {"note", "TEXT", "why, for the record"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_member_invite = {
    .noun = "member",
    .verb = "invite",
    .args = "ID ADDRESS",
    .min_args = 2,
    .max_args = 2,
    .summary = "ask a member to agree to letters in its name",
    .examples = "exitdesk member invite bib-musterstadt direktion@bib.example "
                "--lang de",
    .about = "Sends who we are, what \"hold\" means and the words to agree to. "
             "To agree, somebody who\nreads that address writes to an address "
             "in the message, once, within 7 days; nothing\nelse agrees. The "
             "words' version and hash, who and when go on the record.",
    .flags = INVITE_FLAGS,
    .has_json = true,
    .run = run_invite,
};

static bool consent_offline(CliContext *context, Store *store, const char *id,
                            char **text, GError **error)
{
    return verifying_confirm(store, id, cli_user(), cli_now(context), text,
                             error);
}

static int run_consent(CliContext *context, GError **error)
{
    const char *token = cli_flag(context, "token");
    if (!token) {
        cli_usage_error(error, "--token NUMBER is missing: the number in the "
                               "message that was sent");
        return 0;
    }
    if (!token_typed(token, error))
        return 0;
    return desk_ask(context, CONTROL_CONFIRM, token, NULL, consent_offline,
                    error);
}

static const CommandFlag CONSENT_FLAGS[] = {
    {"token", "NUMBER", "the number that stands in the message"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_member_consent = {
    .noun = "member",
    .verb = "consent",
    .summary = "a member said the number of an invitation, or of a step",
    .examples = "exitdesk member consent --token "
                "0123456789abcdef0123456789abcdef",
    .about = "For who agrees by telephone or in person. Who typed it is kept "
             "in the record.",
    .flags = CONSENT_FLAGS,
    .has_json = true,
    .run = run_consent,
};

/* ---- promote ------------------------------------------------------------ */

static int run_promote(CliContext *context, GError **error)
{
    const Member *member = member_named(context, error);
    static const char *const LEVELS[] = {"auto", "hold", "off", NULL};
    const char *category = cli_flag(context, "category"), *to;
    if (!member)
        return 0;
    if (!cli_flag_choice(context, "to", LEVELS, &to, error) ||
        (category && !category_typed(category, true, error)))
        return 0;
    if (!category || !to) {
        cli_usage_error(
            error, "%s is missing: %s", category ? "--to" : "--category",
            category ? "auto, hold or off" : "like connection/login_attack");
        return 0;
    }
    g_autofree char *subject =
        g_strdup_printf("promote %s %s %s", member->id, category, to);
    return request(context, subject, error);
}

static const CommandFlag PROMOTE_FLAGS[] = {
    {"category", "CATEGORY", "like connection/login_attack"},
    {"to", "LEVEL", "auto, hold or off"},
    {"note", "TEXT", "why, for the record"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_member_promote = {
    .noun = "member",
    .verb = "promote",
    .args = "ID",
    .min_args = 1,
    .max_args = 1,
    .summary = "let letters of one kind leave by themselves, or not",
    .examples = "exitdesk member promote bib-musterstadt --category "
                "connection/login_attack --to auto\n"
                "exitdesk member promote bib-musterstadt --category '*' --to "
                "hold",
    .about = "Up to \"auto\" a checklist is shown; when all but the member's "
             "own yes holds, the desk\nasks for that by mail, and the next "
             "call does the step. Exit status 1: something\nlacks. Down is at "
             "once, also for letters that wait.",
    .flags = PROMOTE_FLAGS,
    .has_json = true,
    .run = run_promote,
};

/* ---- pause, resume, end, withdraw --------------------------------------- */

static int run_member_pause(CliContext *context, GError **error)
{
    return run_simple(context, "pause", error);
}

static int run_member_resume(CliContext *context, GError **error)
{
    return run_simple(context, "resume", error);
}

static int run_member_withdraw(CliContext *context, GError **error)
{
    return run_simple(context, "withdraw", error);
}

const Command command_member_pause = {
    .noun = "member",
    .verb = "pause",
    .args = "ID",
    .min_args = 1,
    .max_args = 1,
    .summary = "stop all letters in one member's name, now",
    .examples = "exitdesk member pause bib-musterstadt --note \"board meets\"",
    .about = "Letters that wait to leave are held for a person. Drafts are "
             "still made. Mail of a\ncontact to the stop address in our "
             "messages does the same.",
    .flags = NOTE_FLAGS,
    .has_json = true,
    .run = run_member_pause,
};

const Command command_member_resume = {
    .noun = "member",
    .verb = "resume",
    .args = "ID",
    .min_args = 1,
    .max_args = 1,
    .summary = "go on after a member's pause",
    .examples = "exitdesk member resume bib-musterstadt",
    .about = "What the pause held back waits for a person; it does not leave "
             "by itself.",
    .flags = NOTE_FLAGS,
    .has_json = true,
    .run = run_member_resume,
};

const Command command_member_withdraw = {
    .noun = "member",
    .verb = "withdraw",
    .args = "ID",
    .min_args = 1,
    .max_args = 1,
    .summary = "a member takes its consent back",
    .examples = "exitdesk member withdraw bib-musterstadt --note \"by phone, "
                "Ms Beispiel\"",
    .about = "At once: nothing is written in its name, not even a draft, and "
             "letters that wait are\nheld, until it agrees to a new "
             "invitation. Consent in its file does not count then.",
    .flags = NOTE_FLAGS,
    .has_json = true,
    .run = run_member_withdraw,
};

static int run_member_end(CliContext *context, GError **error)
{
    const Member *member = member_named(context, error);
    const char *on = cli_flag(context, "on");
    Instant when = cli_now(context);
    if (!member)
        return 0;
    g_autofree char *midnight = on ? g_strdup_printf("%sT00:00:00Z", on) : NULL;
    if (on && (strlen(on) != strlen("2026-06-30") ||
               !instant_parse(midnight, &when))) {
        cli_usage_error(error, "--on %s is no day like 2026-06-30", on);
        return 0;
    }
    if (on) /* the last day is one of membership */
        when += INSTANT_DAY_S;
    g_autofree char *subject =
        g_strdup_printf("end %s %" G_GINT64_FORMAT, member->id, (gint64)when);
    return request(context, subject, error);
}

static const CommandFlag END_FLAGS[] = {
    {"on", "DATE", "the last day, like 2026-06-30; if not given, now"},
    {"note", "TEXT", "why, for the record"},
    {"offline", NULL, "write into the database; the daemon must not run"},
    FLAG_NOW,
    {0},
};

const Command command_member_end = {
    .noun = "member",
    .verb = "end",
    .args = "ID",
    .min_args = 1,
    .max_args = 1,
    .summary = "a member leaves: no letter after that day",
    .examples = "exitdesk member end bib-musterstadt --on 2026-06-30",
    .about = "Days are in UTC. Cases and record stay; \"member export\" gives "
             "them to the member.",
    .flags = END_FLAGS,
    .has_json = true,
    .run = run_member_end,
};
