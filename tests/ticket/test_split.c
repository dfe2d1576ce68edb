#include "ticket/ticket.h"

#include <string.h>

/* Runs split_cases.txt, which explains itself; see TEST_DIR. */

static Disposition disposition_of(const char *word)
{
    for (int i = 0; i < DISPOSITION_COUNT; i++)
        if (g_str_equal(word, disposition_word((Disposition)i)))
            return (Disposition)i;
    g_error("no disposition \"%s\"", word);
}

static Verdict verdict_of(const char *word)
{
    for (int i = 0; i < VERDICT_COUNT; i++)
        if (g_str_equal(word, verdict_word((Verdict)i)))
            return (Verdict)i;
    g_error("no verdict \"%s\"", word);
}

static void reading_match_free(void *data)
{
    ReadingMatch *reading = data;
    g_free(reading->member);
    g_free(reading);
}

static void match_clear_own(void *data)
{
    Match *match = data;
    if (!match)
        return;
    g_free(match->member);
    g_clear_pointer(&match->readings, g_ptr_array_unref);
    g_free(match);
}

/* "bib=exit", "bib/club=undecidable", "-=not-ours" or "." */
static Match *match_of(const char *text)
{
    if (g_str_equal(text, "."))
        return NULL;
    g_auto(GStrv) halves = g_strsplit(text, "=", 2);
    Match *match = g_new0(Match, 1);
    match->verdict = verdict_of(halves[1]);
    match->readings = g_ptr_array_new_with_free_func(reading_match_free);
    if (!strchr(halves[0], '/')) {
        match->member =
            g_str_equal(halves[0], "-") ? NULL : g_strdup(halves[0]);
        return match;
    }
    g_auto(GStrv) members = g_strsplit(halves[0], "/", -1);
    for (char **member = members; *member; member++) {
        ReadingMatch *reading = g_new0(ReadingMatch, 1);
        reading->member = **member ? g_strdup(*member) : NULL;
        g_ptr_array_add(match->readings, reading);
    }
    return match;
}

static char *tickets_text(const GPtrArray *tickets)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < tickets->len; i++) {
        const Ticket *ticket = tickets->pdata[i];
        g_assert_cmpstr(ticket->category, ==, "connection/login_attack");
        g_assert_nonnull(ticket->why);
        g_string_append_printf(out, "%s%s:%s:", i ? " " : "",
                               ticket->member ? ticket->member : "-",
                               verdict_word(ticket->verdict));
        for (guint j = 0; j < ticket->incidents->len; j++)
            g_string_append_printf(out, "%s%u", j ? "," : "",
                                   g_array_index(ticket->incidents, guint, j));
    }
    return g_string_free(out, FALSE);
}

/* "complaint bib=exit ." to the tickets it makes. */
static char *split(const char *line)
{
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    char category[] = "connection/login_attack";
    Report report = {.disposition = disposition_of(words[0]),
                     .category = category};
    Incident incident = {.role = ROLE_OFFENDER};
    g_autoptr(GPtrArray) incidents = g_ptr_array_new();
    g_autoptr(GPtrArray) matches =
        g_ptr_array_new_with_free_func(match_clear_own);
    for (char **word = words + 1; *word; word++) {
        g_ptr_array_add(incidents, &incident);
        g_ptr_array_add(matches, match_of(*word));
    }
    const Findings findings = {.report = &report, .incidents = incidents};
    g_autoptr(GPtrArray) tickets = ticket_split(&findings, matches);
    return tickets_text(tickets);
}

static void test_cases(void)
{
    g_autofree char *text = NULL;
    g_assert_true(
        g_file_get_contents(TEST_DIR "/split_cases.txt", &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint count = 0;
    for (char **line = lines; *line; line++) {
        if (!**line || **line == '#')
            continue;
        g_auto(GStrv) halves = g_strsplit(*line, " ==> ", 2);
        g_assert_nonnull(halves[1]);
        g_autofree char *is = split(halves[0]);
        if (!g_str_equal(is, halves[1]))
            g_test_message("%s", *line);
        g_assert_cmpstr(is, ==, halves[1]);
        count++;
    }
    g_assert_cmpuint(count, >, 20);
}

/* The ticket's category: its incidents' own if they agree, else the mail's. */
static void test_category(void)
{
    char general[] = "messaging/spam", own[] = "connection/port_scan";
    char bib[] = "bib";
    Report report = {.category = general};
    Incident with = {.category = own}, without = {0};
    Match match = {.verdict = VERDICT_EXIT, .member = bib};
    g_autoptr(GPtrArray) incidents = g_ptr_array_new();
    g_autoptr(GPtrArray) matches = g_ptr_array_new();
    const Findings findings = {.report = &report, .incidents = incidents};
    g_ptr_array_add(incidents, &with);
    g_ptr_array_add(matches, &match);
    g_autoptr(GPtrArray) alone = ticket_split(&findings, matches);
    g_assert_cmpstr(((Ticket *)alone->pdata[0])->category, ==, own);
    g_ptr_array_add(incidents, &without);
    g_ptr_array_add(matches, &match);
    g_autoptr(GPtrArray) mixed = ticket_split(&findings, matches);
    g_assert_cmpstr(((Ticket *)mixed->pdata[0])->category, ==, general);
    /* Most of its rows decide, not what the rest of the mail is about. */
    g_ptr_array_add(incidents, &with);
    g_ptr_array_add(matches, &match);
    g_autoptr(GPtrArray) most = ticket_split(&findings, matches);
    g_assert_cmpstr(((Ticket *)most->pdata[0])->category, ==, own);
}

/* A complaint of 20,000 rows about as many members is split in linear time. */
static void test_many_members(void)
{
    char category[] = "general";
    Report report = {.category = category};
    Incident incident = {0};
    g_autoptr(GPtrArray) incidents = g_ptr_array_new();
    g_autoptr(GPtrArray) matches =
        g_ptr_array_new_with_free_func(match_clear_own);
    for (guint i = 0; i < INCIDENTS_MAX; i++) {
        Match *match = g_new0(Match, 1);
        match->verdict = VERDICT_EXIT;
        match->member = g_strdup_printf("member-%u", i);
        g_ptr_array_add(incidents, &incident);
        g_ptr_array_add(matches, match);
    }
    const Findings findings = {.report = &report, .incidents = incidents};
    g_autoptr(GPtrArray) tickets = ticket_split(&findings, matches);
    g_assert_cmpuint(tickets->len, ==, INCIDENTS_MAX);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ticket/split/cases", test_cases);
    g_test_add_func("/ticket/split/category", test_category);
    g_test_add_func("/ticket/split/many-members", test_many_members);
    return g_test_run();
}
