/*
 * options.c - one command line read against the table.
 *
 * Twice getopt_long: once up to the noun with the flags that all commands
 * take, once behind the command's words with its own flags too, so that
 * flags may stand anywhere ("exitdesk case show 142 --json"). "--" ends them.
 */
#include "base/suggest.h"
#include "cli/context.h"

#include "base/log.h"

#include <getopt.h>
#include <string.h>

#define OWN_FLAG 1000 /* getopt's value of the command's first own flag */

static const struct option GLOBAL[] = {
    {"config", required_argument, NULL, 'C'},
    {"data", required_argument, NULL, 'D'},
    {"json", no_argument, NULL, 'j'},
    {"quiet", no_argument, NULL, 'q'},
    {"verbose", no_argument, NULL, 'v'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {0},
};

static void take_global(CliContext *context, int letter)
{
    switch (letter) {
    case 'C':
        context->config = optarg;
        break;
    case 'D':
        context->data = optarg;
        break;
    case 'j':
        context->json = true;
        break;
    case 'q':
        context->quiet = true;
        break;
    case 'v':
        context->verbose = true;
        break;
    case 'h':
        context->help = true;
        break;
    case 'V':
        context->version = true;
        break;
    default:
        g_assert_not_reached();
    }
}

/* What getopt_long did not understand; word is what was typed. */
static bool complain(GError **error, int found, const char *word,
                     const struct option *options, const char *who)
{
    g_autofree char *shown = foreign_text(word, 60);
    if (found == ':')
        return cli_usage_error(error, "%s needs a value", shown);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (; options->name; options++)
        g_ptr_array_add(names, g_strconcat("--", options->name, NULL));
    g_ptr_array_add(names, NULL);
    g_autofree char *name = g_strndup(word, strcspn(word, "="));
    const char *meant = suggest_word(name, (const char *const *)names->pdata);
    return meant ? cli_usage_error(error, "%s has no flag %s. Did you mean %s?",
                                   who, shown, meant)
                 : cli_usage_error(error, "%s has no flag %s", who, shown);
}

/* The flags in front of the noun. */
static bool read_front(CliContext *context, int argc, char **argv,
                       GError **error)
{
    opterr = 0;
    optind = 0; /* GNU: start anew */
    for (int c;
         (c = getopt_long(argc, argv, "+:C:D:qvhV", GLOBAL, NULL)) != -1;) {
        if (c == '?' || c == ':')
            return complain(error, c, argv[optind - 1], GLOBAL, "exitdesk");
        take_global(context, c);
    }
    return true;
}

static struct option *all_options(const Command *command)
{
    guint own = 0, global = G_N_ELEMENTS(GLOBAL) - 1;
    while (command->flags && command->flags[own].name)
        own++;
    struct option *options = g_new0(struct option, global + own + 1);
    /* Its own come first: getopt_long takes the first of one name, and behind
     * "draft show" --version is that of the letter. */
    memcpy(options + own, GLOBAL, global * sizeof *options);
    for (guint i = 0; i < own; i++)
        options[i] = (struct option){
            .name = command->flags[i].name,
            .has_arg =
                command->flags[i].value ? required_argument : no_argument,
            .val = OWN_FLAG + (int)i,
        };
    return options;
}

static bool check_arguments(const CliContext *context, GError **error)
{
    const Command *command = context->command;
    g_autofree char *name = command_new_name(command);
    if (context->help)
        return true;
    if (context->json && !command->has_json)
        return cli_usage_error(error, "\"%s\" prints no JSON", name);
    if (context->arg_count < command->min_args)
        return cli_usage_error(error, "\"%s\" needs: %s", name, command->args);
    if (command->max_args >= 0 && context->arg_count > command->max_args) {
        g_autofree char *shown =
            foreign_text(context->args[command->max_args], 60);
        return cli_usage_error(error, "\"%s\" takes %s%s, not \"%s\"", name,
                               command->args ? "only: " : "nothing more",
                               command->args ? command->args : "", shown);
    }
    for (int i = 0; command->flags && command->flags[i].name; i++) {
        Instant ignored;
        const char *value = context->flag_values[i];
        if (value && command->flags[i].value &&
            g_str_equal(command->flags[i].name, "now") &&
            !instant_parse(value, &ignored))
            return cli_usage_error(error,
                                   "--now takes a moment like "
                                   "2026-05-04T09:00Z, not \"%s\"",
                                   value);
    }
    return true;
}

/* -o stands for --output where there is that flag; -1: not here. */
static int output_flag(const Command *command)
{
    for (int i = 0; command->flags && command->flags[i].name; i++)
        if (g_str_equal(command->flags[i].name, "output"))
            return i;
    return -1;
}

/* Flags and arguments behind the command's words: argv[0] is the last of
 * those words. */
static bool read_rest(CliContext *context, int argc, char **argv,
                      GError **error)
{
    const Command *command = context->command;
    g_autofree struct option *options = all_options(command);
    g_autofree char *name = command_new_name(command);
    g_autofree char *who = g_strdup_printf("\"%s\"", name);
    guint count = 0;
    while (options[count].name)
        count++;
    context->flag_values = g_new0(const char *, count + 1);
    optind = 0;
    for (int c;
         (c = getopt_long(argc, argv, ":C:D:o:qvhV", options, NULL)) != -1;) {
        if (c == 'o' && output_flag(command) >= 0)
            c = OWN_FLAG + output_flag(command);
        if (c == 'o' || c == '?' || c == ':')
            return complain(error, c, argv[optind - 1], options, who);
        if (c >= OWN_FLAG)
            context->flag_values[c - OWN_FLAG] = optarg ? optarg : "";
        else
            take_global(context, c);
    }
    context->arg_count = argc - optind;
    context->args = g_new0(char *, context->arg_count + 1);
    memcpy(context->args, argv + optind,
           (size_t)context->arg_count * sizeof *context->args);
    return check_arguments(context, error);
}

/* Nouns (verb NULL), or the verbs of a noun; NULL-terminated, borrowed. */
static GPtrArray *known_words(const char *noun)
{
    GPtrArray *words = g_ptr_array_new();
    for (guint i = 0; i < command_count(); i++) {
        const Command *command = command_at(i);
        if (!noun)
            g_ptr_array_add(words, (gpointer)command->noun);
        else if (g_str_equal(command->noun, noun) && command->verb)
            g_ptr_array_add(words, (gpointer)command->verb);
    }
    g_ptr_array_add(words, NULL);
    return words;
}

static bool complain_noun(GError **error, const char *noun)
{
    g_autoptr(GPtrArray) words = known_words(NULL);
    g_autofree char *shown = foreign_text(noun, 60);
    const char *meant = suggest_word(noun, (const char *const *)words->pdata);
    return meant ? cli_usage_error(error,
                                   "there is no command \"%s\". Did you mean "
                                   "\"%s\"?",
                                   shown, meant)
                 : cli_usage_error(error,
                                   "there is no command \"%s\". All of them: "
                                   "exitdesk help",
                                   shown);
}

static bool complain_verb(GError **error, const char *noun, const char *verb)
{
    g_autoptr(GPtrArray) words = known_words(noun);
    const char *const *list = (const char *const *)words->pdata;
    g_autofree char *all = g_strjoinv(", ", (char **)list);
    if (!verb)
        return cli_usage_error(error, "\"%s\" needs one of: %s", noun, all);
    g_autofree char *shown = foreign_text(verb, 60);
    const char *meant = suggest_word(verb, list);
    return meant ? cli_usage_error(error,
                                   "\"%s\" has no \"%s\". Did you mean \"%s "
                                   "%s\"?",
                                   noun, shown, noun, meant)
                 : cli_usage_error(error, "\"%s\" has no \"%s\", only: %s",
                                   noun, shown, all);
}

static bool noun_is_known(const char *noun)
{
    for (guint i = 0; i < command_count(); i++)
        if (g_str_equal(command_at(i)->noun, noun))
            return true;
    return false;
}

/* "exitdesk case --help" and "exitdesk case -h". */
static bool is_help_flag(const char *word)
{
    return word && (g_str_equal(word, "--help") || g_str_equal(word, "-h"));
}

bool options_read(CliContext *context, int argc, char **argv, GError **error)
{
    if (!read_front(context, argc, argv, error))
        return false;
    if (context->version || optind >= argc)
        return true;
    int at = optind;
    const char *noun = argv[at];
    const char *verb = at + 1 < argc ? argv[at + 1] : NULL;
    if (g_str_equal(noun, "help")) {
        context->help = true;
        context->args = g_new0(char *, argc - at);
        context->arg_count = argc - at - 1;
        memcpy(context->args, argv + at + 1,
               (size_t)context->arg_count * sizeof *context->args);
        return true;
    }
    context->command = command_find(noun, NULL);
    if (context->command && verb && command_find(noun, verb))
        context->command = command_find(noun, verb);
    else if (!context->command)
        context->command = verb ? command_find(noun, verb) : NULL;
    if (context->command)
        return read_rest(context, argc - at - (context->command->verb != NULL),
                         argv + at + (context->command->verb != NULL), error);
    if (!noun_is_known(noun))
        return complain_noun(error, noun);
    if (!context->help && !is_help_flag(verb))
        return complain_verb(error, noun, verb);
    context->help = true;
    context->args = g_new0(char *, 2);
    context->args[0] = argv[at];
    context->arg_count = 1;
    return true;
}
