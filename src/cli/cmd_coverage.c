/* relay coverage: month by month, what the history can answer for. */
#include "cli/commands_list.h"

#include "relay/coverage.h"

static char *percent(const MonthCoverage *month)
{
    return g_strdup_printf("%.1f %%", 100.0 * month->known / month->hours);
}

static void print_json(const GArray *months)
{
    for (guint i = 0; i < months->len; i++) {
        const MonthCoverage *month = &g_array_index(months, MonthCoverage, i);
        g_autofree char *name =
            g_strdup_printf("%04d-%02d", month->year, month->month);
        Json json;
        json_init(&json);
        json_object(&json);
        json_put_text(&json, "month", name);
        json_put_number(&json, "hours", month->hours);
        json_put_number(&json, "known", month->known);
        json_put_number(&json, "quarantined", month->quarantined);
        json_put_number(&json, "exit_lists", month->lists);
        json_end_object(&json);
        cli_print_json(&json);
    }
}

/* Months without anything are one row. */
static void print_gap(Table *table, const GArray *months, guint from, guint to)
{
    const MonthCoverage *first = &g_array_index(months, MonthCoverage, from);
    const MonthCoverage *last = &g_array_index(months, MonthCoverage, to);
    g_autofree char *name =
        from == to ? g_strdup_printf("%04d-%02d", first->year, first->month)
                   : g_strdup_printf("%04d-%02d .. %04d-%02d", first->year,
                                     first->month, last->year, last->month);
    TABLE_ADD(table, name, "nothing", NULL, NULL, NULL);
}

static void print_month(Table *table, const MonthCoverage *month)
{
    g_autofree char *name =
        g_strdup_printf("%04d-%02d", month->year, month->month);
    g_autofree char *share = percent(month);
    g_autofree char *missing = g_strdup_printf(
        "%u", month->hours > month->known + month->quarantined
                  ? month->hours - month->known - month->quarantined
                  : 0);
    g_autofree char *apart = g_strdup_printf("%u", month->quarantined);
    g_autofree char *lists = g_strdup_printf("%u", month->lists);
    TABLE_ADD(table, name, share, missing, apart, lists);
}

static bool is_empty(const GArray *months, guint i)
{
    const MonthCoverage *month = &g_array_index(months, MonthCoverage, i);
    return month->known + month->quarantined + month->lists == 0;
}

static void print_table(const GArray *months)
{
    static const char *const HEADINGS[] = {"month",          ">known",
                                           ">missing hours", ">quarantine",
                                           ">exit lists",    NULL};
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < months->len; i++) {
        guint from = i;
        while (i + 1 < months->len && is_empty(months, from) &&
               is_empty(months, i + 1))
            i++;
        if (is_empty(months, from))
            print_gap(table, months, from, i);
        else
            print_month(table, &g_array_index(months, MonthCoverage, i));
    }
    table_print(table);
    cli_print("\nA missing hour is never answered with no. To fill one, import "
              "CollecTor's archive of\nthat month: exitdesk relay import "
              "consensuses-YYYY-MM.tar.xz\n");
}

static int run_relay_coverage(CliContext *context, GError **error)
{
    const Settings *settings = cli_settings_or_default(context, error);
    if (!settings)
        return 0;
    g_autoptr(History) history =
        history_open(settings->relays.directory, error);
    if (!history)
        return 0;
    g_autoptr(GArray) months = history_coverage(history);
    if (cli_wants_json(context))
        print_json(months);
    else
        print_table(months);
    return 0;
}

const Command command_relay_coverage = {
    .noun = "relay",
    .verb = "coverage",
    .summary = "month by month, what the relay history can answer for",
    .examples = "exitdesk relay coverage\n"
                "exitdesk relay coverage --json",
    .about = "How many of a month's hours have a verified consensus, how many "
             "have none, how\nmany one in quarantine, and how many exit lists "
             "there are.",
    .has_json = true,
    .run = run_relay_coverage,
};
