#include "cli/context.h"

#include <stdio.h>
#include <string.h>

void help_overview(void)
{
    fputs("exitdesk answers abuse complaints for operators of Tor exit "
          "relays.\n"
          "\n"
          "  exitdesk todo              what waits for a person, by deadline\n"
          "  exitdesk why FILE|ID|-     what a mail says and what becomes of "
          "it\n"
          "  exitdesk case list         complaints; case show ID: one with "
          "its record\n"
          "  exitdesk draft list        letters that wait for a yes\n"
          "  exitdesk member list       who the letters are written for\n"
          "  exitdesk relay lookup ADDRESS TIME\n"
          "                             was that a Tor exit then?\n"
          "  exitdesk doctor            is all in order, and what to do if "
          "not\n"
          "\n"
          "All commands: exitdesk help      Manual: man exitdesk\n",
          stdout);
}

/* The words and arguments of a command: "case show ID". */
static char *usage_of(const Command *command)
{
    g_autofree char *name = command_new_name(command);
    return g_strconcat(name, command->args ? " " : "",
                       command->args ? command->args : "", NULL);
}

static void print_summaries(const char *noun)
{
    guint width = 0;
    for (int pass = 0; pass < 2; pass++)
        for (guint i = 0; i < command_count(); i++) {
            const Command *command = command_at(i);
            if (noun && !g_str_equal(command->noun, noun))
                continue;
            g_autofree char *usage = usage_of(command);
            if (pass == 0)
                width = MAX(width, (guint)strlen(usage));
            else
                printf("  %-*s  %s\n", (int)MIN(width, 34), usage,
                       command->summary);
        }
}

static void print_common_flags(void)
{
    fputs(
        "Flags that all take:\n"
        "  -C, --config PATH  directory with exitdesk.yaml, or that file\n"
        "                     (default /etc/exitdesk)\n"
        "  -D, --data DIR     data directory, instead of the setting; alone,\n"
        "                     with DIR/exitdesk.yaml if there is one\n"
        "  --json             print JSON (all but completion)\n"
        "  -q, --quiet        say less      -v, --verbose  say more\n"
        "  -h, --help         help          -V, --version  version\n",
        stdout);
}

void help_all(void)
{
    fputs("Examples:\n"
          "  exitdesk why complaint.eml\n"
          "  exitdesk draft approve UA-2026-00142-K\n"
          "  exitdesk help relay lookup\n"
          "\n"
          "Commands:\n",
          stdout);
    print_summaries(NULL);
    fputc('\n', stdout);
    print_common_flags();
    fputs("\nManual: exitdesk(1)\n", stdout);
}

static void print_lines(const char *lines)
{
    g_auto(GStrv) list = g_strsplit(lines, "\n", -1);
    for (guint i = 0; list[i]; i++)
        if (*list[i])
            printf("  %s\n", list[i]);
}

void help_noun(const char *noun)
{
    fputs("Examples:\n", stdout);
    for (guint i = 0; i < command_count(); i++) {
        const Command *command = command_at(i);
        if (!g_str_equal(command->noun, noun))
            continue;
        g_autofree char *first =
            g_strndup(command->examples, strcspn(command->examples, "\n"));
        print_lines(first);
    }
    fputs("\nCommands:\n", stdout);
    print_summaries(noun);
    printf("\nMore: exitdesk help %s VERB, or exitdesk(1)\n", noun);
}

/* Words set anew into lines of at most 78 columns; a newline in front of a
 * blank or another newline (lists, paragraphs) stays. */
static void print_wrapped(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    glong used = 0;
    for (guint i = 0; lines[i]; i++) {
        bool stands_alone = !*lines[i] || *lines[i] == ' ';
        if (stands_alone) {
            printf("%s%s\n", used > 0 ? "\n" : "", lines[i]);
            used = 0;
            continue;
        }
        g_auto(GStrv) words = g_strsplit(lines[i], " ", -1);
        for (guint w = 0; words[w]; w++) {
            glong width = g_utf8_strlen(words[w], -1);
            bool fits = used > 0 && used + 1 + width <= 78;
            printf("%s%s", used == 0 ? "" : fits ? " " : "\n", words[w]);
            used = fits ? used + 1 + width : width;
        }
    }
    if (used > 0)
        putchar('\n');
}

static void print_flags(const Command *command)
{
    fputs("\nFlags:\n", stdout);
    for (const CommandFlag *flag = command->flags; flag->name; flag++) {
        g_autofree char *text =
            g_strconcat("--", flag->name, flag->value ? " " : "",
                        flag->value ? flag->value : "", NULL);
        printf("  %-18s %s\n", text, flag->about);
    }
}

void help_command(const Command *command)
{
    g_autofree char *usage = usage_of(command);
    fputs("Examples:\n", stdout);
    print_lines(command->examples);
    printf("\nUsage: exitdesk %s%s%s\n", usage,
           command->flags ? " [FLAGS]" : "",
           command->has_json ? " [--json]" : "");
    putchar('\n');
    print_wrapped(command->about);
    if (command->flags)
        print_flags(command);
    printf("\nFlags that all commands take: exitdesk help. Manual: "
           "exitdesk(1)\n");
}
