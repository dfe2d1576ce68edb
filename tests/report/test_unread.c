#include "report/report.h"

#include <string.h>

/* What stands behind From and Subject, and the flag it earns; NULL: none. */
static const struct {
    const char *name, *mail, *flag;
} MAILS[] = {
    {"halves that say the same",
     "Content-Type: multipart/alternative; boundary=b\n\n"
     "--b\n\n198.51.100.9 attacks our server, please look into it.\n"
     "--b\nContent-Type: text/html\n\n<h1>198.51.100.9 attacks our server,</h1>"
     "<p>please <b>look</b> into it. <a href=x>View online</a></p>\n--b--\n",
     NULL},
    {"an order in the page only",
     "Content-Type: multipart/alternative; boundary=b\n\n"
     "--b\n\n198.51.100.9 attacks our server, please look into it.\n"
     "--b\nContent-Type: text/html\n\n<p>Police headquarters: preserve the "
     "customer's records.</p>\n--b--\n",
     "alternatives-differ"},
    {"another address in the page",
     "Content-Type: multipart/alternative; boundary=b\n\n"
     "--b\n\n198.51.100.9 attacks our server, please look into it.\n"
     "--b\nContent-Type: text/html\n\n<p>203.0.113.99 attacks our server, "
     "please look into it.</p>\n--b--\n",
     "alternatives-differ"},
    {"letters of another script",
     "Content-Type: multipart/alternative; boundary=b\n\n"
     "--b\n\n198.51.100.9 attacks our server, please look into it.\n"
     "--b\nContent-Type: text/html; "
     "charset=utf-8\n\n<p>\xd0\xbf\xd0\xbe\xd0\xbb"
     "\xd0\xb8\xd1\x86\xd0\xb8\xd1\x8f \xd1\x81\xd1\x83\xd0\xb4\xd0\xb0 "
     "\xd0\xb7\xd0\xb0\xd0\xbf\xd1\x80\xd0\xbe\xd1\x81</p>\n--b--\n",
     "alternatives-differ"},
    {"a notice that only the page has",
     "Content-Type: multipart/alternative; boundary=b\n\n"
     "--b\n\n198.51.100.9 attacks our server, please look into it.\n"
     "--b\nContent-Type: text/html\n\n<p>View this message in browser</p>"
     "<p>198.51.100.9 attacks our server, please look into it.</p>"
     "<p>This email is confidential and intended solely for the addressee. "
     "Unsubscribe</p>\n--b--\n",
     NULL},
    {"a notice and an order behind it",
     "Content-Type: multipart/alternative; boundary=b\n\n"
     "--b\n\n198.51.100.9 attacks our server, please look into it.\n"
     "--b\nContent-Type: text/html\n\n<p>198.51.100.9 attacks our server, "
     "please look into it.</p><p>This email is confidential and intended "
     "solely for the addressee. Disclose whose line this was.</p>\n--b--\n",
     "alternatives-differ"},
    {"a half that says it is no use",
     "Content-Type: multipart/alternative; boundary=b\n\n"
     "--b\n\nThis message cannot be displayed. Please open it in a browser.\n"
     "--b\nContent-Type: text/html\n\n<p>198.51.100.9 attacks our server, "
     "please look into it. It goes on since Monday, 4 May.</p>\n--b--\n",
     NULL},
    {"a half without a digit that says more",
     "Content-Type: multipart/alternative; boundary=b\n\n"
     "--b\n\nWe order you to tell us whose line this was.\n"
     "--b\nContent-Type: text/html\n\n<p>198.51.100.9 attacks our server, "
     "please look into it. It goes on since Monday, 4 May.</p>\n--b--\n",
     "alternatives-differ"},
    {"the spam itself may differ",
     "Content-Type: multipart/report; report-type=feedback-report; boundary=r\n"
     "\n--r\n\nabuse report\n--r\nContent-Type: message/feedback-report\n\n"
     "Feedback-Type: abuse\nUser-Agent: x\nVersion: 1\n\n--r\n"
     "Content-Type: message/rfc822\n\nFrom: a@example.org\nSubject: pills\n"
     "Content-Type: multipart/alternative; boundary=b\n\n--b\n\ncheap pills "
     "for "
     "everybody who reads this here\n--b\nContent-Type: text/html\n\n<p>other "
     "words altogether stand there</p>\n--b--\n--r--\n",
     NULL},
    {"a picture that is attached",
     "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee the picture.\n"
     "--b\nContent-Type: image/png\nContent-Disposition: attachment\n"
     "Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--\n",
     "image-not-read"},
    {"a picture that nothing shows",
     "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nSee the picture.\n"
     "--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n"
     "iVBORw0KGgo=\n--b--\n",
     "image-not-read"},
    {"the logo of a page",
     "Content-Type: multipart/related; boundary=b\n\n--b\n"
     "Content-Type: text/html\n\n<img src=cid:1>Hello there\n--b\n"
     "Content-Type: image/png\nContent-ID: <1>\nContent-Disposition: inline\n"
     "Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--\n",
     NULL},
    {"a logo that calls itself attached",
     "Content-Type: multipart/related; boundary=b\n\n--b\n"
     "Content-Type: text/html\n\n<img src=cid:1>Hello there\n--b\n"
     "Content-Type: image/png\nContent-ID: <1>\n"
     "Content-Disposition: attachment\n"
     "Content-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--b--\n",
     NULL},
    {"an invitation",
     "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\n"
     "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\n--b--\n",
     "calendar"},
    {"a heading of a court", "\nB E S C H L U S S\n198.51.100.9 ...\n",
     "letters-spaced"},
    {"a row of letters that is none", "\na b c dd e f g h2 i j k l\n", NULL},
    {"Thai",
     "Content-Type: text/plain; charset=utf-8\n\n"
     "\xe0\xb8\x84\xe0\xb8\xb3\xe0\xb8\xaa\xe0\xb8\xb1\xe0\xb9\x88\xe0\xb8\x87"
     "\xe0\xb8\xa8\xe0\xb8\xb2\xe0\xb8\xa5\n",
     "script-not-read"},
    {"Persian",
     "Content-Type: text/plain; charset=utf-8\n\n"
     "\xd9\xbe\xda\xaf\xda\x86\xdb\x8c\xda\x98\n",
     "script-not-read"},
    {"Arabic",
     "Content-Type: text/plain; charset=utf-8\n\n"
     "\xd8\xa7\xd9\x84\xd9\x85\xd8\xad\xd9\x83\xd9\x85\xd8\xa9\n",
     NULL},
    {"a name with a Vietnamese letter",
     "Content-Type: text/plain; charset=utf-8\n\nNguy\xe1\xbb\x85n\n", NULL},
    {"turned round",
     "Content-Type: text/plain; charset=utf-8\n\n\xe2\x80\xaeredro\n",
     "text-turned-round"},
    {"a piece of a mail",
     "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\n"
     "Content-Type: message/partial; id=x; number=1; total=2\n\nmore\n--b--\n",
     "piece-of-a-mail"},
    {"a link to the mail",
     "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhello\n--b\n"
     "Content-Type: message/external-body; access-type=URL\n\nx\n--b--\n",
     "piece-of-a-mail"},
};

static Report *report_of(const char *rest)
{
    g_autofree char *text =
        g_strdup_printf("From: a@example.net\nSubject: attack\n%s", rest);
    g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));
    g_autoptr(Mail) mail = mail_parse(raw, NULL);
    return report_read(mail);
}

static void test_flags(void)
{
    static const char *const FLAGS[] = {
        "alternatives-differ", "image-not-read",  "calendar",
        "piece-of-a-mail",     "script-not-read", "text-turned-round",
        "letters-spaced"};
    for (guint i = 0; i < G_N_ELEMENTS(MAILS); i++) {
        g_autoptr(Report) report = report_of(MAILS[i].mail);
        for (guint k = 0; k < G_N_ELEMENTS(FLAGS); k++)
            if (report_has_flag(report, FLAGS[k]) !=
                (g_strcmp0(MAILS[i].flag, FLAGS[k]) == 0))
                g_error("%s: %s", MAILS[i].name, FLAGS[k]);
    }
}

/* A logo as large as a scanned letter is one. */
static void test_large_picture(void)
{
    GString *text = g_string_new(
        "Content-Type: multipart/related; boundary=b\n\n--b\n"
        "Content-Type: text/html\n\n<img src=cid:1>Hello there\n--b\n"
        "Content-Type: image/png\nContent-ID: <1>\n"
        "Content-Transfer-Encoding: base64\n\n");
    for (int i = 0; i < 1500; i++)
        g_string_append(text, "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"
                              "QUFBQUFBQUFBQUFB\n");
    g_string_append(text, "--b--\n");
    g_autoptr(Report) report = report_of(text->str);
    g_assert_true(report_has_flag(report, "image-not-read"));
    g_string_free(text, TRUE);
}

/* Two halves of many different words: linear. */
static void test_many_words(void)
{
    GString *text = g_string_new(
        "Content-Type: multipart/alternative; boundary=b\n\n--b\n\n");
    for (int i = 0; i < 60000; i++)
        g_string_append_printf(text, "word%d\n", i);
    g_string_append(text, "--b\nContent-Type: text/html\n\n<p>");
    for (int i = 0; i < 60000; i++)
        g_string_append_printf(text, "word%d\n", i);
    g_string_append(text, "--b--\n");
    g_autoptr(Report) report = report_of(text->str);
    g_assert_true(report_has_flag(report, "alternatives-differ"));
    g_string_free(text, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    report_prepare();
    g_test_add_func("/report/unread/flags", test_flags);
    g_test_add_func("/report/unread/large-picture", test_large_picture);
    g_test_add_func("/report/unread/many-words", test_many_words);
    return g_test_run();
}
