/*
 * Hostile and broken mail: an answer within bounds of time, and blocks that
 * neither overlap nor leave their part.
 */
#include "report/report.h"
#include "report/study.h"

#include <string.h>

#define FLOOD_BYTES (1u << 17) /* a megabyte takes 0.1 to 0.5 s, plain */

static void check_blocks(const Mail *mail, const Report *report)
{
    for (guint i = 0; i < report->blocks->len; i++) {
        const Block *block = report->blocks->pdata[i];
        const char *text =
            block->part == PLACE_SUBJECT
                ? mail->subject
                : ((const MailPart *)mail->parts->pdata[block->part])->text;
        g_assert_cmpuint(block->at + block->length, <=, strlen(text));
        g_assert_true(g_utf8_validate(text + block->at, block->length, NULL));
        if (i == 0)
            continue;
        const Block *before = report->blocks->pdata[i - 1];
        g_assert_true(before->part != block->part ||
                      before->at + before->length <= block->at);
    }
}

static void check_quotes(const Report *report)
{
    const GPtrArray *lists[] = {report->category_why, report->sensitive_why};
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_assert_cmpuint(lists[i]->len, <=, WHY_MAX);
        for (guint k = 0; k < lists[i]->len; k++) {
            const Quote *quote = lists[i]->pdata[k];
            g_assert_cmpuint(strlen(quote->words), <=, QUOTE_MAX);
            g_assert_true(g_utf8_validate(quote->words, -1, NULL));
        }
    }
}

static void read_raw(const char *what, const GString *raw)
{
    g_autoptr(GBytes) bytes = g_bytes_new(raw->str, raw->len);
    g_autoptr(Mail) mail = mail_parse(bytes, NULL);
    if (!mail)
        return;
    gint64 begin = g_get_monotonic_time();
    g_autoptr(Report) report = report_read(mail);
    int taken_ms = (int)((g_get_monotonic_time() - begin) / 1000);
    g_test_message("%s: %d ms, %u blocks, %u statements", what, taken_ms,
                   report->blocks->len, report->statements->len);
    g_assert_cmpint(taken_ms, <, 4000);
    g_assert_nonnull(report->disposition_why);
    check_blocks(mail, report);
    check_quotes(report);
}

/* Much of a piece, in a text part. */
static void flood(const char *piece)
{
    GString *raw = g_string_new("From: a@example.com\n"
                                "Date: Fri, 01 May 2026 12:00:00 +0000\n"
                                "Subject: abuse\n"
                                "Content-Type: text/plain; charset=utf-8\n"
                                "\n");
    while (raw->len < FLOOD_BYTES)
        g_string_append(raw, piece);
    read_raw(piece, raw);
    g_string_free(raw, TRUE);
}

static void test_floods(void)
{
    static const char *const PIECES[] = {
        "{",
        "[{\"Report\":",
        "{\"xarf_version\":\n",
        "{\"Report\":{\"Sources\":[\"192.0.2.7\"]}}\n",
        "<Infringement>",
        "<Infringement></Infringement>\n",
        "Report-Type: x\n",
        "Source: 192.0.2.7\nReport-Type: x\n\n",
        "-----Original Message-----\n",
        "---------- Forwarded message ---------\nFrom: a@example.com\n\n",
        "From: x\nSent: y\n",
        "Received: from a by b\nReturn-Path: <a>\nX: y\n\n",
        "Received: from a\n ",
        "--\n",
        "-- \nx\n",
        "inetnum: x\n",
        "This e-mail and any attachments\n\n",
        "within ",
        "please within 24 hours. ",
        "by 2026-05-04 please ",
        "Ticket ID: 12 ",
        "case #1 ",
        "police ",
        "the ",
        ">",
        "> > > ",
        ":\n",
        "a: b\n",
        "\n",
        "ж",
        "Z\xcc\x81",
        "?",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(PIECES); i++)
        flood(PIECES[i]);
}

/* Many parts, and messages in messages. */
static void test_parts(void)
{
    GString *raw = g_string_new("From: a@example.com\n"
                                "Content-Type: multipart/mixed; "
                                "boundary=b\n\n");
    for (int i = 0; i < 900; i++)
        g_string_append(raw, "--b\nContent-Type: message/feedback-report\n\n"
                             "Feedback-Type: abuse\nSource-IP: 192.0.2.7\n");
    read_raw("feedback parts", raw);
    g_string_assign(raw, "From: a@example.com\n");
    for (int i = 0; i < 25; i++)
        g_string_append(raw, "Content-Type: message/rfc822\n\n"
                             "Subject: your IP has attacked us\n");
    g_string_append(raw, "\nabuse from your network\n");
    read_raw("nested messages", raw);
    g_string_free(raw, TRUE);
}

static const char *const NONSENSE[] = {"{",
                                       "}",
                                       "\"Report\":",
                                       "\"SourceIp\":",
                                       "\"",
                                       ",",
                                       "[",
                                       "]",
                                       "\n",
                                       ": ",
                                       "Report-Type",
                                       "Source",
                                       "192.0.2.7",
                                       "> ",
                                       "-- ",
                                       "<Infringement>",
                                       "</Infringement>",
                                       "<Source>",
                                       "<IP_Address>",
                                       "</IP_Address>",
                                       "&",
                                       "<!DOCTYPE",
                                       "within",
                                       "24",
                                       "hours",
                                       "by",
                                       "2026-05-04",
                                       "May",
                                       "Ticket",
                                       "#",
                                       "Received: from a\n",
                                       "-----Original Message-----\n",
                                       "From: a@b\n",
                                       "Sent: x\n",
                                       "\xc3\xa9",
                                       "\xe2\x80\xae",
                                       "\xf0\x9f\x92\xa3",
                                       "police",
                                       "spam",
                                       "Feedback-Type: abuse\n",
                                       "'",
                                       "(",
                                       ")",
                                       "\t",
                                       "-",
                                       "+0200"};

static void append_nonsense(GRand *random, int count, GString *raw)
{
    for (int i = 0; i < count; i++)
        g_string_append(
            raw, NONSENSE[g_rand_int_range(random, 0, G_N_ELEMENTS(NONSENSE))]);
}

/* Nonsense made of the words that the readers look for. */
static void test_nonsense(void)
{
    GRand *random = g_rand_new_with_seed(20260501);
    for (int round = 0; round < 400; round++) {
        GString *raw = g_string_new("From: a@example.com\n"
                                    "Date: Fri, 1 May 2026 12:00:00 +0000\n"
                                    "Content-Type: text/plain; "
                                    "charset=utf-8\nSubject: ");
        int count = g_rand_int_range(random, 1, 300);
        append_nonsense(random, count, raw);
        g_string_append(raw, "\n\n");
        append_nonsense(random, count, raw);
        read_raw("nonsense", raw);
        g_string_free(raw, TRUE);
    }
    g_rand_free(random);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    report_prepare();
    g_test_add_func("/report/bounds/floods", test_floods);
    g_test_add_func("/report/bounds/parts", test_parts);
    g_test_add_func("/report/bounds/nonsense", test_nonsense);
    return g_test_run();
}
