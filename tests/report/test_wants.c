/* What a writer wants, and the works of a notice, as tables; their bounds. */
#include "../mail/table.h"
#include "letter.h"

static void append_folded(GString *out, const char *words)
{
    for (; *words; words++)
        if (!g_ascii_isspace(*words))
            g_string_append_c(out, *words);
        else if (out->len > 0 && out->str[out->len - 1] != ' ')
            g_string_append_c(out, ' ');
}

static char *channels_of(const char *line)
{
    g_autoptr(Report) report = letter_read(line);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < report->channels->len; i++) {
        const Channel *channel = report->channels->pdata[i];
        g_assert_nonnull(channel->quote);
        g_string_append_printf(
            out, "%s%s%s%s@%s", i ? " " : "", channel_kind_word(channel->kind),
            channel->value ? ":" : "", channel->value ? channel->value : "",
            channel->where);
    }
    return g_string_free(out, FALSE);
}

static char *demands_of(const char *line)
{
    g_autoptr(Report) report = letter_read(line);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < report->demands->len; i++) {
        const Demand *demand = report->demands->pdata[i];
        g_assert_cmpuint(demand->quote->place.line, >, 0);
        g_assert_cmpuint(demand->quote->place.column, >, 0);
        g_string_append_printf(out, "%s%s \"", i ? " " : "",
                               demand_kind_word(demand->kind));
        append_folded(out, demand->quote->words);
        g_string_append_c(out, '"');
    }
    return g_string_free(out, FALSE);
}

static char *works_of(const char *line)
{
    g_autoptr(Report) report = letter_read(line);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < report->works->len; i++) {
        const NamedWork *work = report->works->pdata[i];
        g_string_append_printf(out, "%s%s:%s", i ? "; " : "",
                               work_kind_word(work->kind), work->quote->words);
    }
    return g_string_free(out, FALSE);
}

static void test_channel(void)
{
    table_run("channel.table", channels_of);
}

static void test_demand(void)
{
    table_run("demand.table", demands_of);
}

static void test_works(void)
{
    table_run("works.table", works_of);
}

/* More works than are kept: each its own, the rest flagged. */
static void test_works_bound(void)
{
    GString *line = g_string_new("Copyright infringement | We saw it.\n");
    for (int i = 0; i < WORKS_MAX + 9; i++)
        g_string_append_printf(line, "Title: Film %d\n", i);
    g_autoptr(Report) report = letter_read(line->str);
    g_string_free(line, TRUE);
    g_assert_cmpuint(report->works->len, ==, WORKS_MAX);
    const NamedWork *last = report->works->pdata[WORKS_MAX - 1];
    g_assert_cmpstr(last->quote->words, ==, "Film 49");
    g_assert_true(report_has_flag(report, "works-cut"));
}

/* A link that is longer than its key's reach is kept whole. */
static void test_long_link(void)
{
    g_autoptr(GString) link = g_string_new("https://e.example/a");
    while (link->len < 900)
        g_string_append(link, "\xc3\xa9");
    g_autofree char *line =
        g_strdup_printf("Notice | <?xml version=\"1.0\"?>\n<Infringement>\n"
                        "<Complainant><Url>%s</Url></Complainant>\n"
                        "<Source><IP_Address>192.0.2.7</IP_Address></Source>\n"
                        "</Infringement>",
                        link->str);
    g_autoptr(Report) report = letter_read(line);
    g_assert_cmpuint(report->channels->len, ==, 1);
    const Channel *channel = report->channels->pdata[0];
    g_assert_cmpstr(channel->value, ==, link->str);
}

static double seconds_for(const char *piece, size_t bytes)
{
    GString *line = g_string_new("Copyright infringement | ");
    while (line->len < bytes)
        g_string_append(line, piece);
    gint64 begin_us = g_get_monotonic_time();
    g_autoptr(Report) report = letter_read(line->str);
    gint64 end_us = g_get_monotonic_time();
    g_assert_cmpuint(report->channels->len, <=, CHANNELS_MAX);
    g_string_free(line, TRUE);
    return (double)(end_us - begin_us) / G_USEC_PER_SEC;
}

/* Whatever is repeated, four times as much costs no more than linear time;
 * bounds are wide, since the machine may be busy. */
static void test_hostile(void)
{
    static const char *const PIECES[] = {
        "please reply to ", "a! ",
        "reply to @",       "https://e.example/reply?x=1 ",
        "<Title>",          "urn:btih:",
        "Title: x\n",       "please stop we have ",
        "your ip attack ",  "a@b.c",
        "> > > ",           "\n\nplease reply to"};
    for (size_t i = 0; i < G_N_ELEMENTS(PIECES); i++) {
        double small = seconds_for(PIECES[i], 100000);
        double large = seconds_for(PIECES[i], 400000);
        g_test_message("\"%s\": %.3f s, %.3f s", PIECES[i], small, large);
        g_assert_cmpfloat(large, <, 8 * small + 0.2);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    report_prepare();
    g_test_add_func("/wants/channel", test_channel);
    g_test_add_func("/wants/demand", test_demand);
    g_test_add_func("/wants/works", test_works);
    g_test_add_func("/wants/long-link", test_long_link);
    g_test_add_func("/wants/works-bound", test_works_bound);
    g_test_add_func("/wants/hostile", test_hostile);
    return g_test_run();
}
