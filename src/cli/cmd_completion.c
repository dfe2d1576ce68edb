#include "cli/commands_list.h"

/* The nouns, or the verbs of a noun, each once, with blanks between. */
static char *words_new(const char *noun)
{
    GString *words = g_string_new(NULL);
    const char *last = NULL;
    for (guint i = 0; i < command_count(); i++) {
        const Command *command = command_at(i);
        if (noun && (!command->verb || !g_str_equal(command->noun, noun)))
            continue;
        const char *word = noun ? command->verb : command->noun;
        if (g_strcmp0(word, last) != 0)
            g_string_append_printf(words, "%s%s", last ? " " : "", word);
        last = word;
    }
    return g_string_free(words, FALSE);
}

static char *flags_new(const Command *command)
{
    GString *flags = g_string_new(NULL);
    for (const CommandFlag *flag = command->flags; flag && flag->name; flag++)
        g_string_append_printf(flags, "--%s ", flag->name);
    if (command->has_json)
        g_string_append(flags, "--json ");
    return g_string_free(flags, FALSE);
}

/* Lines that go on with a verb that was typed: its flags. Before the bare
 * ones, because bash takes the first pattern that fits. */
static void print_verbs(void)
{
    for (guint i = 0; i < command_count(); i++) {
        const Command *command = command_at(i);
        g_autofree char *name = command_new_name(command);
        g_autofree char *flags = flags_new(command);
        if (command->verb)
            cli_print("    '%s'*) words=(%s) ;;\n", name, flags);
    }
}

/* Lines with a noun alone, or a bare verb: what may follow. */
static void print_bare(void)
{
    const char *last = NULL;
    for (guint i = 0; i < command_count(); i++) {
        const Command *command = command_at(i);
        if (g_strcmp0(command->noun, last) == 0)
            continue;
        last = command->noun;
        const Command *bare = command_find(last, NULL);
        g_autofree char *verbs = words_new(last);
        g_autofree char *flags = bare ? flags_new(bare) : g_strdup("");
        cli_print("    '%s'%s) words=(%s%s%s) ;;\n", last, bare ? "*" : "",
                  verbs, *verbs && *flags ? " " : "", flags);
    }
}

static int run_completion(CliContext *context, GError **error)
{
    if (!g_str_equal(cli_arg(context, 0), "bash")) {
        cli_usage_error(error, "there are completions for: bash");
        return 0;
    }
    g_autofree char *nouns = words_new(NULL);
    cli_print("# bash completion for exitdesk, made by: exitdesk completion "
              "bash\n"
              "_exitdesk() {\n"
              "    local word=${COMP_WORDS[COMP_CWORD]} words=()\n"
              "    local line=\"${COMP_WORDS[*]:1:COMP_CWORD-1}\"\n"
              "    case $line in\n"
              "    '') words=(%s help) ;;\n",
              nouns);
    print_verbs();
    print_bare();
    cli_print("    esac\n"
              "    mapfile -t COMPREPLY < <(compgen -W \"${words[*]}\" -- "
              "\"$word\")\n"
              "    [[ ${#COMPREPLY[@]} -gt 0 ]] ||\n"
              "        mapfile -t COMPREPLY < <(compgen -f -- \"$word\")\n"
              "}\n"
              "complete -o filenames -F _exitdesk exitdesk\n");
    return 0;
}

const Command command_completion = {
    .noun = "completion",
    .args = "bash",
    .min_args = 1,
    .max_args = 1,
    .summary = "print what the shell needs to complete command lines",
    .examples = "exitdesk completion bash > "
                "~/.local/share/bash-completion/completions/exitdesk",
    .about = "The package installs it already.",
    .run = run_completion,
};
