#include "cli/commands_list.h"

#include "base/errors.h"
#include "base/log.h"
#include "cli/context.h"

#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

/* To add one: see commands_list.h. The order is that of "exitdesk help". */
static const Command *const COMMANDS[] = {
    &command_todo,
    &command_why,
    &command_replay,
    &command_case_list,
    &command_case_show,
    &command_case_brief,
    &command_case_note,
    &command_case_assign,
    &command_case_close,
    &command_case_reopen,
    &command_case_join,
    &command_case_split,
    &command_case_done,
    &command_alert_list,
    &command_alert_acknowledge,
    &command_draft_list,
    &command_draft_show,
    &command_draft_edit,
    &command_draft_write,
    &command_draft_approve,
    &command_draft_stop,
    &command_member_list,
    &command_member_show,
    &command_member_relays,
    &command_member_suggest,
    &command_member_notices,
    &command_notice_list,
    &command_notice_seen,
    &command_member_acknowledge,
    &command_member_add,
    &command_member_invite,
    &command_member_consent,
    &command_member_promote,
    &command_member_pause,
    &command_member_resume,
    &command_member_withdraw,
    &command_member_end,
    &command_member_export,
    &command_remedy_propose,
    &command_remedy_list,
    &command_remedy_show,
    &command_remedy_agree,
    &command_remedy_torrc,
    &command_remedy_withdraw,
    &command_remedy_look,
    &command_relay_list,
    &command_relay_lookup,
    &command_relay_prove,
    &command_relay_status,
    &command_relay_coverage,
    &command_relay_whois,
    &command_relay_import,
    &command_contact_read,
    &command_contact_list,
    &command_contact_verify,
    &command_contact_confirm,
    &command_key_make,
    &command_breaker_close,
    &command_pause,
    &command_resume,
    &command_template_list,
    &command_template_words,
    &command_template_lint,
    &command_template_preview,
    &command_template_languages,
    &command_template_routes,
    &command_policy_list,
    &command_policy_explain,
    &command_policy_show,
    &command_policy_rules,
    &command_profile_list,
    &command_profile_show,
    &command_profile_check,
    &command_profile_make,
    &command_profile_approve,
    &command_policy_lint,
    &command_law_list,
    &command_law_explain,
    &command_doctor,
    &command_demo,
    &command_config,
    &command_config_check,
    &command_completion,
};

guint command_count(void)
{
    return G_N_ELEMENTS(COMMANDS);
}

const Command *command_at(guint index)
{
    g_assert(index < command_count());
    return COMMANDS[index];
}

const Command *command_find(const char *noun, const char *verb)
{
    for (guint i = 0; i < command_count(); i++)
        if (g_str_equal(COMMANDS[i]->noun, noun) &&
            g_strcmp0(COMMANDS[i]->verb, verb) == 0)
            return COMMANDS[i];
    return NULL;
}

char *command_new_name(const Command *command)
{
    return g_strconcat(command->noun, command->verb ? " " : "",
                       command->verb ? command->verb : "", NULL);
}

/* What whoever called us should do about it (sysexits.h). */
static int exit_status(const GError *error)
{
    if (error->domain == CLI_USAGE_ERROR)
        return EX_USAGE;
    if (error->domain != DESK_ERROR)
        return EX_SOFTWARE;
    switch ((DeskErrorCode)error->code) {
    case DESK_ERROR_TEMPORARY:
    case DESK_ERROR_CONFLICT:
        return EX_TEMPFAIL;
    case DESK_ERROR_LIMIT:
    case DESK_ERROR_INVALID:
        return EX_DATAERR;
    case DESK_ERROR_MISSING:
        return EX_NOINPUT;
    case DESK_ERROR_DENIED:
        return EX_NOPERM;
    case DESK_ERROR_CONFIG:
        return EX_CONFIG;
    case DESK_ERROR_BROKEN:
        return EX_IOERR;
    }
    return EX_SOFTWARE;
}

/* Lines of "file:line:column: words" stand alone, as compilers print them. */
static int report(const CliContext *context, const GError *error)
{
    g_auto(GStrv) lines = g_strsplit(error->message, "\n", -1);
    guint count = g_strv_length(lines);
    for (guint i = 0; i < count; i++) {
        g_autofree char *safe = foreign_text(lines[i], 2000);
        fprintf(stderr, "%s%s\n", count > 1 ? "" : "exitdesk: ", safe);
    }
    if (count > 1)
        fprintf(stderr, "exitdesk: %u errors above\n", count);
    if (error->domain == CLI_USAGE_ERROR && context->command) {
        g_autofree char *name = command_new_name(context->command);
        fprintf(stderr, "  Help: exitdesk help %s\n", name);
    }
    return exit_status(error);
}

/* "exitdesk help", "exitdesk help case", "exitdesk help case show". */
static bool print_help(const CliContext *context, GError **error)
{
    const char *noun = cli_arg(context, 0), *verb = cli_arg(context, 1);
    if (context->command) {
        help_command(context->command);
        return true;
    }
    if (!noun) {
        help_all();
        return true;
    }
    const Command *command = command_find(noun, verb);
    if (command) {
        help_command(command);
        return true;
    }
    for (guint i = 0; i < command_count() && !verb; i++)
        if (g_str_equal(COMMANDS[i]->noun, noun)) {
            help_noun(noun);
            return true;
        }
    return cli_usage_error(error,
                           "there is no command \"%s%s%s\". All of "
                           "them: exitdesk help",
                           noun, verb ? " " : "", verb ? verb : "");
}

static int run(CliContext *context, int argc, char **argv, GError **error)
{
    if (!options_read(context, argc, argv, error))
        return EX_USAGE;
    if (context->version) {
        puts("exitdesk " EXITDESK_VERSION);
        return EX_OK;
    }
    if (context->help)
        return print_help(context, error) ? EX_OK : EX_USAGE;
    if (!context->command) {
        help_overview();
        return EX_OK;
    }
    log_set_level(context->verbose ? LOG_LEVEL_DEBUG
                  : context->quiet ? LOG_LEVEL_ERROR
                                   : LOG_LEVEL_WARNING);
    return context->command->run(context, error);
}

int cli_main(int argc, char **argv)
{
    setlocale(LC_CTYPE, "");
    CliContext context = {0};
    g_autoptr(GError) error = NULL;
    int status = run(&context, argc, argv, &error);
    if (error)
        status = report(&context, error);
    cli_context_clear(&context);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "exitdesk: cannot write the output\n");
        return status == EX_OK ? EX_IOERR : status;
    }
    return status;
}
