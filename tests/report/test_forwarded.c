/*
 * forwarded.table: who wrote the inner mail, in each program's and language's
 * way. Then forwards within forwards, attached messages within attached ones,
 * lists that rewrite From, and documents that are the letter.
 */
#include "base/files.h"
#include "report/report.h"

#include <string.h>

#define ACCUSES "192.0.2.7 attacked our ssh server: brute force, failed logins."

static Report *read_mail(const char *text)
{
    g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));
    g_autoptr(Mail) mail = mail_parse(raw, NULL);
    g_assert_nonnull(mail);
    return report_read(mail);
}

static Report *read_body(const char *subject, const char *body)
{
    g_autofree char *text =
        g_strdup_printf("From: Desk <desk@example.org>\nSubject: %s\n"
                        "Content-Type: text/plain; charset=utf-8\n\n%s\n",
                        subject, body);
    return read_mail(text);
}

static bool run_row(char *row, const char *want)
{
    const char *subject = "ssh";
    char *end = *row == '{' ? strchr(row, '}') : NULL;
    if (end) {
        *end = '\0';
        subject = row + 1;
        row = end + 1;
    }
    g_autofree char *lines = g_strcompress(row);
    g_autofree char *body = g_strdup_printf("FYI\n\n%s\n\n" ACCUSES, lines);
    g_autoptr(Report) report = read_body(subject, body);
    bool is_told = report_has_flag(report, "forwarded") == (want != NULL);
    bool is_good = is_told && g_strcmp0(report->claimed_address, want) == 0;
    if (!is_good)
        g_test_message("%s: %s%s", row,
                       report->claimed_address ? report->claimed_address : "-",
                       is_told ? "" : ", flag");
    g_assert_cmpstr(report->reporter_address, ==, "desk@example.org");
    return is_good;
}

static void test_table(void)
{
    g_autoptr(GBytes) file =
        file_read(TEST_DIR "/forwarded.table", 1 << 20, NULL);
    g_assert_nonnull(file);
    g_autofree char *all =
        g_strndup(g_bytes_get_data(file, NULL), g_bytes_get_size(file));
    g_auto(GStrv) lines = g_strsplit(all, "\n", 0);
    size_t run = 0, good = 0;
    for (char **line = lines; *line; line++) {
        char *arrow = strstr(*line, " ==> ");
        if (**line == '#' || !arrow)
            continue;
        *arrow = '\0';
        good += run_row(*line, strcmp(arrow + 5, "-") == 0 ? NULL : arrow + 5);
        run++;
    }
    g_assert_cmpuint(good, ==, run);
    g_assert_cmpuint(run, >=, 90);
}

/* Three deep: the innermost complains. */
static void test_nested_inline(void)
{
    g_autoptr(Report) report = read_body(
        "FW: ssh", "Please handle.\n\n"
                   "---------- Forwarded message ---------\n"
                   "From: Noc <noc@example.net>\nDate: Fri, 1 May 2026\n"
                   "To: desk@example.org\n\nsee below\n\n"
                   "-----Ursprüngliche Nachricht-----\n"
                   "Von: Hoster <hoster@example.com>\n"
                   "Gesendet: Freitag, 1. Mai 2026\n\nzur Kenntnis\n\n"
                   "Begin forwarded message:\n\n"
                   "From: Victim <victim@example.edu>\n"
                   "Date: 1 May 2026\n\n" ACCUSES);
    g_assert_cmpstr(report->claimed_address, ==, "victim@example.edu");
    g_assert_true(report_has_flag(report, "forwarded"));
}

/* What the inner complaint shows is not its author. */
static void test_inline_sample(void)
{
    g_autoptr(Report) report =
        read_body("FW: spam",
                  "FYI\n\n---------- Forwarded message ---------\n"
                  "From: Victim <victim@example.edu>\nTo: desk@example.org\n\n"
                  "We complain about spam, an abuse from your network, "
                  "192.0.2.7 sends unsolicited bulk mail. Please stop this "
                  "abuse.\n\n-----Original Message-----\n"
                  "From: Win <win@example.biz>\nSent: Friday\n\n"
                  "You won a watch, click here\n");
    g_assert_cmpstr(report->claimed_address, ==, "victim@example.edu");
}

/* A message in a message: the inner one's author. */
static void test_nested_attached(void)
{
    g_autoptr(Report) report = read_mail(
        "From: desk@example.org\nSubject: Fwd: ssh\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=a\n\n--a\n\n"
        "Please handle what the customer sent us.\n--a\n"
        "Content-Type: message/rfc822\n\n"
        "From: Noc <noc@example.net>\nSubject: Fwd: ssh\n"
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsee attached\n"
        "--b\nContent-Type: message/rfc822\n\n"
        "From: Victim <victim@example.edu>\nSubject: ssh\n\n" ACCUSES
        "\n--b--\n--a--\n");
    g_assert_cmpstr(report->claimed_address, ==, "victim@example.edu");
    g_assert_true(report_has_flag(report, "forwarded"));
}

/* A message of base64 is one all the same, though RFC 2046 forbids it. */
static void test_attached_base64(void)
{
    static const char INNER[] =
        "From: Victim <victim@example.edu>\nSubject: ssh\n\n" ACCUSES "\n";
    g_autofree char *packed =
        g_base64_encode((const guchar *)INNER, sizeof INNER - 1);
    g_autofree char *text = g_strdup_printf(
        "From: desk@example.org\nSubject: Fwd: ssh\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=a\n\n--a\n\nPlease handle "
        "what the customer sent us.\n--a\n"
        "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
        "%s\n--a--\n",
        packed);
    g_autoptr(Report) report = read_mail(text);
    g_assert_cmpstr(report->claimed_address, ==, "victim@example.edu");
}

static const struct {
    const char *head, *author;
} LISTS[] = {
    {"From: \"'Ann' via abuse\" <abuse@example.org>\n"
     "X-Original-From: Ann <ann@example.com>\n",
     "ann@example.com"},
    {"From: \"'Ann' via abuse\" <abuse@example.org>\n"
     "X-Original-Sender: ann@example.com\n",
     "ann@example.com"},
    {"From: Ann via Abuse list <abuse@lists.example.org>\n"
     "Reply-To: Ann <ann@example.com>\n",
     "ann@example.com"},
    {"From: SRS0=HHHH=TT=example.com=ann@forward.example.org\n",
     "ann@example.com"},
    {"From: SRS1=HHHH=first.example.net==HHHH=TT=example.com=ann@b.example\n",
     "ann@example.com"},
    {"From: SRS0=broken@forward.example.org\n", NULL},
    {"From: Ann <ann@example.com>\nReply-To: other@example.net\n", NULL},
    {"From: Ann <ann@example.com>\nX-Original-Sender: b@example.net\n", NULL},
};

/* The author behind a list is claimed, the reporter stays who it is. */
static void test_lists(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(LISTS); i++) {
        g_autofree char *text =
            g_strdup_printf("%sSubject: ssh\n\n" ACCUSES "\n", LISTS[i].head);
        g_autoptr(Report) report = read_mail(text);
        g_assert_cmpstr(report->claimed_address, ==, LISTS[i].author);
        g_assert_cmpint(report_has_flag(report, "list-rewritten-from"), ==,
                        LISTS[i].author != NULL);
        g_assert_cmpstr(report->reporter_address, !=, LISTS[i].author);
    }
}

static const char LETTER[] =
    "{\\rtf1 Our server was attacked: brute force, failed ssh logins from "
    "192.0.2.7.\\par Please stop this abuse.}";

static BlockKind kind_of_letter(const char *cover)
{
    g_autofree char *text = g_strdup_printf(
        "From: ann@example.com\nSubject: letter\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=a\n\n--a\n\n%s\n--a\n"
        "Content-Type: application/rtf; name=letter.rtf\n\n%s\n--a--\n",
        cover, LETTER);
    g_autoptr(Report) report = read_mail(text);
    for (guint i = 0; i < report->blocks->len; i++) {
        const Block *block = report->blocks->pdata[i];
        if (block->part == 3)
            return block->kind;
    }
    g_assert_not_reached();
}

/* "See the attached letter": the document speaks. Below an accusation it is
 * evidence. */
static void test_letters(void)
{
    g_assert_cmpint(kind_of_letter("Please see the attached letter."), ==,
                    BLOCK_BODY);
    g_assert_cmpint(
        kind_of_letter("Abuse complaint: your IP 192.0.2.7 attacked us, brute "
                       "force attack with failed logins, port scan, hacking "
                       "attempts and spam. Stop this abuse, take action."),
        ==, BLOCK_ATTACHMENT);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    report_prepare();
    g_test_add_func("/forwarded/table", test_table);
    g_test_add_func("/forwarded/nested-inline", test_nested_inline);
    g_test_add_func("/forwarded/inline-sample", test_inline_sample);
    g_test_add_func("/forwarded/nested-attached", test_nested_attached);
    g_test_add_func("/forwarded/attached-base64", test_attached_base64);
    g_test_add_func("/forwarded/lists", test_lists);
    g_test_add_func("/forwarded/letters", test_letters);
    return g_test_run();
}
