/* Whole mails: who is accused, and when. */
#include "incident/incident.h"

#include <string.h>
#include <time.h>

/* The flags that incident_find() adds; the others are report/'s. */
static const char *const FLAGS[] = {
    "no-address",
    "offender-unclear",
    "no-time",
    "zone-missing",
    "date-order-unclear",
    "year-missing",
    "time-after-mail",
    "time-far-from-address",
    "time-of-the-report",
    "mail-port-missing",
    NULL,
};

static void append_time(GString *out, const CitedTime *time)
{
    if (!time) {
        g_string_append(out, " no time");
        return;
    }
    if (time->readings->len == 0) {
        g_string_append(out, " unreadable time");
        return;
    }
    const Reading *best = time->readings->pdata[0];
    char from[INSTANT_TEXT_MAX], to[INSTANT_TEXT_MAX];
    g_string_append_printf(out, " %s", instant_text(best->from, from));
    if (best->to - best->from >= 60 || best->to < best->from)
        g_string_append_printf(out, "..%s", instant_text(best->to, to));
    if (!time->certain)
        g_string_append_printf(out, "? (%u readings)", time->readings->len);
}

static void append_incident(GString *out, const Incident *incident)
{
    char text[IP_TEXT_MAX];
    g_string_append_printf(out, "%s %s", ip_text(&incident->address, text),
                           role_word(incident->role));
    if (incident->role == ROLE_OFFENDER) {
        append_time(out, incident->time);
        if (incident->port >= 0)
            g_string_append_printf(out, " port %d", incident->port);
        if (incident->target)
            g_string_append_printf(out, " target %s", incident->target->words);
        if (incident->target_port >= 0)
            g_string_append_printf(out, ":%d", incident->target_port);
        if (incident->protocol)
            g_string_append_printf(out, " %s", incident->protocol);
        if (incident->count > 1)
            g_string_append_printf(out, " x%u", incident->count);
    }
    g_string_append_c(out, '\n');
}

static char *findings_new_text(const char *mail_text)
{
    g_autoptr(GBytes) raw = g_bytes_new(mail_text, strlen(mail_text));
    g_autoptr(Mail) mail = mail_parse(raw, NULL);
    g_assert_nonnull(mail);
    g_autoptr(Report) report = report_read(mail);
    g_autoptr(GPtrArray) incidents = incident_find(mail, report, NULL);
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < incidents->len; i++) {
        const Incident *incident = incidents->pdata[i];
        if (incident->role != ROLE_UNKNOWN)
            append_incident(out, incident);
    }
    g_string_append(out, "flags:");
    for (guint i = 0; FLAGS[i]; i++)
        if (report_has_flag(report, FLAGS[i]))
            g_string_append_printf(out, " %s", FLAGS[i]);
    return g_string_free(out, FALSE);
}

static void test_mail(gconstpointer data)
{
    g_auto(GStrv) parts = g_strsplit(data, "\n---\n", 2);
    g_assert_nonnull(parts[0]);
    g_assert_nonnull(parts[1]);
    g_autofree char *expected = g_strdup(g_strchomp(parts[1]));
    g_autofree char *got = findings_new_text(parts[0]);
    if (strcmp(got, expected) == 0)
        return;
    g_printerr("expected\n%s\ngot\n%s\n", expected, got);
    g_test_fail();
}

static void test_incident_survives_the_wire(void)
{
    static const char MAIL[] =
        "From: a@example.com\nDate: Wed, 11 Jan 2023 08:00:00 +0000\n"
        "Subject: x\n\nAttack from 192.0.2.5:4711 to 198.51.100.9:22 at "
        "2023-01-11 07:00:00\n";
    g_autoptr(GBytes) raw = g_bytes_new_static(MAIL, sizeof MAIL - 1);
    g_autoptr(Mail) mail = mail_parse(raw, NULL);
    g_autoptr(Report) report = report_read(mail);
    g_autoptr(GPtrArray) incidents = incident_find(mail, report, NULL);
    g_assert_cmpuint(incidents->len, >=, 1);
    const Incident *sent = incidents->pdata[0];
    WireOut out;
    wire_out_init(&out);
    incident_put(sent, &out);
    g_autoptr(GBytes) record = wire_out_steal(&out);
    size_t length;
    const uint8_t *bytes = g_bytes_get_data(record, &length);
    WireIn in = wire_in(bytes, length);
    Incident *received = incident_get(&in);
    g_assert_true(wire_in_finish(&in));
    g_autoptr(GString) one = g_string_new(NULL), two = g_string_new(NULL);
    append_incident(one, sent);
    append_incident(two, received);
    g_assert_cmpstr(one->str, ==, two->str);
    g_assert_cmpstr(sent->role_why, ==, received->role_why);
    incident_free(received);

    /* Every shorter record is refused, none crashes. */
    for (size_t cut = 0; cut < length; cut++) {
        in = wire_in(bytes, cut);
        incident_free(incident_get(&in));
        g_assert_false(wire_in_finish(&in));
    }
    /* Neither does any flipped byte. */
    g_autofree uint8_t *bad = g_memdup2(bytes, length);
    for (size_t at = 0; at < length; at++) {
        bad[at] ^= 0xff;
        in = wire_in(bad, length);
        incident_free(incident_get(&in));
        bad[at] ^= 0xff;
    }
}

/* A mail when 192.0.2.5 is a member's, who must be its first incident. */
static Report *report_hinted(const char *mail_text)
{
    g_autoptr(GBytes) raw = g_bytes_new(mail_text, strlen(mail_text));
    g_autoptr(Mail) mail = mail_parse(raw, NULL);
    Report *report = report_read(mail);
    g_autoptr(GArray) hints = g_array_new(FALSE, FALSE, sizeof(IpAddress));
    IpAddress member;
    g_assert_true(ip_parse("192.0.2.5", 9, &member));
    g_array_append_val(hints, member);
    g_autoptr(GPtrArray) incidents = incident_find(mail, report, hints);
    g_assert_cmpuint(incidents->len, >=, 1);
    const Incident *first = incidents->pdata[0];
    g_assert_cmpint(first->role, ==, ROLE_OFFENDER);
    g_assert_true(ip_is_equal(&first->address, &member));
    return report;
}

static void check_hinted(const char *mail_text)
{
    g_autoptr(Report) report = report_hinted(mail_text);
    g_assert_false(report_has_flag(report, "offender-unclear"));
    g_assert_false(report_has_flag(report, "no-address"));
}

static void test_hint_names_the_offender(void)
{
    check_hinted("From: a@example.com\n"
                 "Date: Wed, 11 Jan 2023 08:00:00 +0000\nSubject: x\n\n"
                 "203.0.113.1 and 192.0.2.5 are in the log.\n");
}

/* A reported message without a word: a member that handed it in is meant. */
static void test_hint_in_hop(void)
{
    check_hinted("From: fbl@isp.example\nSubject: report\n"
                 "Date: Fri, 12 Aug 2022 10:00:00 +0000\nMIME-Version: 1.0\n"
                 "Content-Type: message/rfc822\n\n"
                 "Received: from mail.example.org (mail.example.org "
                 "[192.0.2.5]) by mx.isp.example with ESMTP; "
                 "Fri, 12 Aug 2022 09:00:00 +0000\n"
                 "From: a@example.org\nSubject: pills\n\nBuy.\n");
}

static const struct {
    const char *text, *flag; /* NULL: neither of the two */
} CITED[] = {
    {"192.0.2.5 tried to log in to our SSH server.", NULL},
    {"192.0.2.5/32 tried to log in to our SSH server.", NULL},
    {"192.0.2.5 attacks us, see https://list.example/check/192.0.2.5", NULL},
    {"192.0.2.5/24 tried to log in to our SSH server.", "may-be-a-network"},
    {"192.0.2.5.evil.example tried to log in to our SSH server.",
     "accused-by-nobody"},
    {"http://192.0.2.5.evil.example/x tried to log in to our SSH server.",
     "accused-by-nobody"},
    {"root@192.0.2.5.evil.example tried to log in to our server.",
     "accused-by-nobody"},
    {"192.0.2.5-20 tried to log in to our SSH server.", "accused-by-nobody"},
    {"Somebody attacks us, see https://list.example/check/192.0.2.5",
     "accused-by-nobody"},
};

/* A member's address is the accused wherever it stands, but not always because
 * the mail says so. */
static void test_hint_against_its_place(void)
{
    static const char *const CITED_FLAGS[] = {"accused-by-nobody",
                                              "may-be-a-network"};
    for (guint i = 0; i < G_N_ELEMENTS(CITED); i++) {
        g_autofree char *text =
            g_strdup_printf("From: a@example.com\nSubject: attack\n"
                            "Date: Wed, 11 Jan 2023 08:00:00 +0000\n\n%s\n",
                            CITED[i].text);
        g_autoptr(Report) report = report_hinted(text);
        for (guint k = 0; k < G_N_ELEMENTS(CITED_FLAGS); k++)
            if (report_has_flag(report, CITED_FLAGS[k]) !=
                (g_strcmp0(CITED[i].flag, CITED_FLAGS[k]) == 0))
                g_error("%s: %s", CITED[i].text, CITED_FLAGS[k]);
    }
}

/* Records without a blank line between them, as many as a mail may hold: a
 * tenth of a second, where looking at whole paragraphs would take seconds. */
static void test_many_records(void)
{
    enum { RECORDS = 5000, MOST_S = 8 }; /* sanitizers cost ten times as much */
    GString *text = g_string_new("From: a@example.com\nSubject: scans\n"
                                 "Date: Tue, 23 May 2023 10:00:00 +0000\n\n");
    for (int i = 0; i < RECORDS; i++)
        g_string_append_printf(
            text, "Source: 192.0.2.%d\nTime: 2023-05-22 %02d:%02d:%02d UTC\n",
            i % 250 + 1, i / 3600, i / 60 % 60, i % 60);
    g_autoptr(GBytes) raw = g_string_free_to_bytes(text);
    g_autoptr(Mail) mail = mail_parse(raw, NULL);
    g_autoptr(Report) report = report_read(mail);
    clock_t begin = clock();
    g_autoptr(GPtrArray) incidents = incident_find(mail, report, NULL);
    g_assert_cmpint((clock() - begin) / CLOCKS_PER_SEC, <, MOST_S);
    g_assert_cmpuint(incidents->len, ==, RECORDS);
    const Incident *second = incidents->pdata[1];
    const Reading *reading = second->time->readings->pdata[0];
    char from[INSTANT_TEXT_MAX];
    g_assert_cmpstr(instant_text(reading->from, from), ==,
                    "2023-05-22T00:04:10Z");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    incident_prepare();
    g_autofree char *path = g_build_filename(TEST_DIR, "mails.table", NULL);
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_auto(GStrv) mails = g_strsplit(text, "\n=== ", -1);
    for (guint i = 1; mails[i]; i++) {
        char *body = strchr(mails[i], '\n');
        *body = 0;
        g_autofree char *slug = g_strdelimit(g_strdup(mails[i]), "/", ' ');
        g_autofree char *name = g_strdup_printf("/find/%02u %s", i, slug);
        g_test_add_data_func(name, body + 1, test_mail);
    }
    g_test_add_func("/find/many-records", test_many_records);
    g_test_add_func("/find/wire", test_incident_survives_the_wire);
    g_test_add_func("/find/hint", test_hint_names_the_offender);
    g_test_add_func("/find/hint-in-hop", test_hint_in_hop);
    g_test_add_func("/find/hint-against-its-place",
                    test_hint_against_its_place);
    return g_test_run();
}
