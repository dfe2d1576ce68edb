/*
 * Patterns of lines, and the table of feeds as a whole. What each feed's mails
 * say is in golden/FEED.
 */
#include "report/feeds.h"

#include "report/category.h"
#include "report/report.h"

#include <string.h>

/* "a=192.0.2.7 t=..." in the order of the slots, or "no". */
static char *slots_of(const char *pattern, const char *line)
{
    static const char LETTERS[] = "apvPtTzxkr";
    FeedMatch match;
    if (!feed_pattern_match(pattern, (Line){line, strlen(line)}, &match))
        return g_strdup("no");
    GString *out = g_string_new(NULL);
    for (int i = 0; i < SLOT_COUNT; i++)
        if (match.slots[i].length > 0)
            g_string_append_printf(out, "%s%c=%.*s", out->len ? " " : "",
                                   LETTERS[i], (int)match.slots[i].length,
                                   match.slots[i].at);
    return g_string_free(out, FALSE);
}

static void test_patterns(void)
{
    static const struct {
        const char *pattern, *line, *slots;
    } CASES[] = {
        {"Email from %a / %t", "email from 192.0.2.7 / 1 May 2026 10:00 +0000",
         "a=192.0.2.7 t=1 May 2026 10:00 +0000"},
        {"Email from %a / %t", "Email from somebody / 1 May 2026", "no"},
        {"Email from %a / %t", "Email from 192.0.2.7 / soon", "no"},
        {"Email from %a / %t", "An Email from 192.0.2.7 / 1 May", "no"},
        {"IP: %a (%*", "IP:\t 2001:db8::7 (DE/Germany/-)", "a=2001:db8::7"},
        {"IP: %a", "IP: 192.0.2.7 and more", "no"},
        {"IP: %a%*", "IP: *192.0.2.7* and more", "a=192.0.2.7"},
        {"%t|%*|%a|%v|", "2026-05-01 10:00 CET\t|12\t|192.0.2.7 \t| x.example|",
         "a=192.0.2.7 v=x.example t=2026-05-01 10:00 CET"},
        {"%t\t%*\t%a\t%p\t%x%*", "2026-05-01\t\t192.0.2.7\t40122\ttcp\tS",
         "a=192.0.2.7 p=40122 t=2026-05-01 x=tcp"},
        {"%t\t%*\t%a\t%p", "2026-05-01\t1\t192.0.2.7\t???", "no"},
        {"url=\"%h\"%*", "url=\"http://192.0.2.7:81/x\" />",
         "a=http://192.0.2.7:81/x"},
        {"url=\"%h\"%*", "url=\"http://[2001:db8::7]:81/x\" />",
         "a=http://[2001:db8::7]:81/x"},
        {"url=\"%h\"%*", "url=\"http://example.com/192.0.2.7\"", "no"},
        {"url=\"%h\"%*", "url=\"http://a.example:81/\"", "no"},
        {"[%r](%a)%*", "[clean-7](192.0.2.7)-->(x)", "a=192.0.2.7 r=clean-7"},
        {"Failures: %* (%k)", "Failures: 5 (sshd)", "k=sshd"},
        {"%k", "  ", "no"},
        {"x", "x   ", ""},
        {"%*", "", ""},
        {"x", "", "no"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *seen = slots_of(CASES[i].pattern, CASES[i].line);
        g_test_message("%s with %s", CASES[i].pattern, CASES[i].line);
        g_assert_cmpstr(seen, ==, CASES[i].slots);
    }
}

/* Only known letters behind a %, and something between two of them. */
static void pattern_is_sound(const char *pattern)
{
    g_test_message("%s", pattern);
    for (const char *at = strchr(pattern, '%'); at; at = strchr(at + 2, '%')) {
        g_assert_nonnull(strchr("ahpvPtTzxkr*", at[1]));
        g_assert_true(at[2] != '%' || at[3] == '*');
    }
}

static void test_table(void)
{
    for (const Feed *feed = FEEDS; feed->name; feed++) {
        g_assert_cmpint(feed->signs[0].where, !=, SIGN_NONE);
        g_assert_nonnull(feed->sender_why);
        g_assert_true(!feed->category || category_is_known(feed->category));
        g_assert_true(!feed->zone == !feed->zone_source);
        for (const FeedKind *kind = feed->kinds; kind && kind->words; kind++)
            g_assert_true(!kind->category || category_is_known(kind->category));
        for (const FeedLine *line = feed->lines; line && line->pattern;
             line++) {
            pattern_is_sound(line->pattern);
            g_assert_true(!line->category || line->use == LINE_SECTION);
            g_assert_true(!line->category || category_is_known(line->category));
        }
        for (size_t i = 0; i < FEED_SIGNS_MAX; i++)
            if (feed->signs[i].where == SIGN_SUBJECT)
                pattern_is_sound(feed->signs[i].what);
    }
}

/* CPU milliseconds for a mail of that Subject and about that many bytes. */
static double read_ms(const char *subject, const char *piece, size_t bytes)
{
    GString *raw = g_string_new("From: a@example.com\n"
                                "Date: Fri, 01 May 2026 12:00:00 +0000\n");
    g_string_append_printf(raw, "Subject: %s\n\n", subject);
    for (size_t i = 0, length = strlen(piece); i < bytes; i += length)
        g_string_append(raw, piece);
    g_autoptr(GBytes) message = g_string_free_to_bytes(raw);
    g_autoptr(Mail) mail = mail_parse(message, NULL);
    g_assert_nonnull(mail);
    gint64 begin = g_get_monotonic_time();
    g_autoptr(Report) report = report_read(mail);
    return (double)(g_get_monotonic_time() - begin) / 1000;
}

static void test_hostile(void)
{
    static const char *const SUBJECTS[] = {
        "FORMAT DSHIELD USERID 1 TZ",
        "lfd on a: blocked 192.0.2.7 (",
        "[clean-mx-x](192.0.2.7)",
        "[SpamCop (192.0.2.7) id:1]",
        "myNetWatchman Incident [1] Src:(192.0.2.7)",
        "Safe Browsing Report for x"};
    static const char *const PIECES[] = {"|",
                                         "||\n",
                                         "\t",
                                         ", ",
                                         "1 kernel: SRC=",
                                         "%a",
                                         "IP: ",
                                         " ",
                                         "<url_info url=\"",
                                         "192.0.2.7 ",
                                         "192.0.2.7 (DE) # x\n",
                                         "Time: 1\n"};
    for (size_t s = 0; s < G_N_ELEMENTS(SUBJECTS); s++)
        for (size_t i = 0; i < G_N_ELEMENTS(PIECES); i++) {
            double taken = read_ms(SUBJECTS[s], PIECES[i], 1u << 16);
            g_test_message("%s: %.1f ms", PIECES[i], taken);
            g_assert_cmpfloat(taken, <, 3000);
        }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    g_test_add_func("/feeds/patterns", test_patterns);
    g_test_add_func("/feeds/table", test_table);
    g_test_add_func("/feeds/hostile", test_hostile);
    return g_test_run();
}
