/*
 * The whole pipeline without a store, on the demo's members and relays: which
 * mails may be answered by themselves, and that nothing else ever is.
 *
 * One good complaint is answered; then each mail that differs from it in one
 * thing that must hold a letter back is tried, alone and in random company.
 */
#include "intake/why.h"

#include "demo_desk.h"

#include <stdio.h>
#include <string.h>

#define RANDOM_MAILS 3000

/* What a complaint is made of; each field has one good value and bad ones. */
typedef struct {
    const char *envelope_from, *authentication, *from, *to, *extra, *subject,
        *body;
} Pieces;

static const Pieces GOOD = {
    .envelope_from = "noc@games.example",
    .authentication =
        "Authentication-Results: mx.umbrella.example;\r\n"
        "\tdkim=pass header.d=games.example header.s=m header.b=AbCd;\r\n"
        "\tspf=pass smtp.mailfrom=noc@games.example;\r\n"
        "\tdmarc=pass header.from=games.example\r\n",
    .from = "NOC <noc@games.example>",
    .to = "abuse@umbrella.example",
    .extra = "",
    .subject = "SSH login attack",
    .body = "198.51.100.9 tried to log in to our SSH server "
            "203.0.113.61 port 22 by brute force\r\n"
            "at 2026-05-04T07:41:10Z. Please look into it.\r\n",
};

/* Only to the return path, if it leaves by itself; and of the stranger's
 * words nothing but what was read as an address, a moment or a reference. */
static void check_letter(const JudgedTicket *judged, const Pieces *pieces)
{
    const Reply *reply = judged->reply;
    if (judged->decision->action == ACTION_SEND)
        g_assert_cmpstr(reply->to, ==, pieces->envelope_from);
    g_autofree char *bytes = g_strndup(g_bytes_get_data(reply->bytes, NULL),
                                       g_bytes_get_size(reply->bytes));
    const char *text = strstr(bytes, "\r\nSubject:"); /* behind To */
    static const char *const FOREIGN[] = {
        "brute", "SSH server", "look into", "NOC",  "victim",
        "evil",  "handle",     "{{",        "MARK", NULL};
    for (guint i = 0; FOREIGN[i]; i++)
        if (strstr(text, FOREIGN[i]))
            g_error("a letter repeats \"%s\":\n%s", FOREIGN[i], bytes);
}

static Action judge(const Pieces *pieces)
{
    g_autofree char *text = g_strdup_printf(
        "%sReceived: from mail.games.example (mail.games.example "
        "[203.0.113.200])\r\n\tby mx.umbrella.example; Mon, 04 May 2026 "
        "08:00:00 +0000\r\n"
        "DKIM-Signature: v=1; a=rsa-sha256; d=games.example; s=m; "
        "t=1777881540;\r\n\th=from:to:date:subject:message-id; bh=x; "
        "b=AbCdEfGhIjKl\r\n"
        "From: %s\r\nTo: %s\r\nSubject: %s\r\n"
        "Date: Mon, 04 May 2026 07:59:00 +0000\r\n"
        "Message-ID: <one@games.example>\r\n%s"
        "Content-Type: text/plain; charset=utf-8\r\n\r\n%s",
        pieces->authentication, pieces->from, pieces->to, pieces->subject,
        pieces->extra, pieces->body);
    g_autoptr(GBytes) raw = g_bytes_new(text, strlen(text));
    Delivery delivery = {.id = "TEST",
                         .envelope_from = (char *)pieces->envelope_from,
                         .recipients = g_ptr_array_new(),
                         .raw = raw,
                         .received = demo_desk.now,
                         .way = "lmtp"};
    g_ptr_array_add(delivery.recipients, (char *)"abuse@umbrella.example");
    g_autoptr(GError) error = NULL;
    g_autoptr(Judgement) judgement =
        intake_read(&demo_desk.desk, &delivery, demo_desk.now, &error);
    g_assert_no_error(error);
    g_assert_true(intake_decide(&demo_desk.desk, &delivery, judgement,
                                demo_desk.now, &error));
    g_ptr_array_unref(delivery.recipients);
    g_autofree char *json = judgement_new_json(judgement);
    g_test_message("%s", json);
    Action boldest = ACTION_NOISE;
    for (guint i = 0; i < judgement->tickets->len; i++) {
        const JudgedTicket *judged = judgement->tickets->pdata[i];
        boldest = MAX(boldest, judged->decision->action);
        /* Whatever was decided, a letter exists only where one may. */
        g_assert_true(!judged->reply ||
                      judged->decision->action == ACTION_HOLD ||
                      judged->decision->action == ACTION_SEND);
        if (judged->reply)
            check_letter(judged, pieces);
    }
    return boldest;
}

/* One thing each that must keep a letter from leaving by itself. */
typedef struct {
    const char *what;
    size_t field; /* offset in Pieces */
    const char *value;
} Flaw;
#define FLAW(what_, field_, value_)                                            \
    {                                                                          \
        .what = (what_), .field = offsetof(Pieces, field_), .value = (value_)  \
    }
static const Flaw FLAWS[] = {
    FLAW("null path", envelope_from, ""),
    FLAW("return path of another domain", envelope_from, "x@other.example"),
    FLAW("no-reply return path", envelope_from, "no-reply@games.example"),
    FLAW("our own address", from, "Desk <abuse@umbrella.example>"),
    FLAW("a member's address", from, "Space <tor@hackerspace.example>"),
    FLAW("two authors", from, "a@games.example, b@games.example"),
    FLAW("another domain in From", from, "NOC <noc@victim.example>"),
    FLAW("nothing is authenticated", authentication, ""),
    FLAW("forged by a stranger's name", authentication,
         "Authentication-Results: mx.evil.example; dkim=pass "
         "header.d=games.example; dmarc=pass header.from=games.example\r\n"),
    FLAW("dmarc fails", authentication,
         "Authentication-Results: mx.umbrella.example; dkim=none; spf=fail "
         "smtp.mailfrom=noc@games.example; dmarc=fail "
         "header.from=games.example\r\n"),
    FLAW("dmarc error", authentication,
         "Authentication-Results: mx.umbrella.example; dkim=temperror "
         "header.d=games.example; dmarc=temperror "
         "header.from=games.example\r\n"),
    FLAW("pass only in a comment", authentication,
         "Authentication-Results: mx.umbrella.example; dkim=fail (dkim=pass "
         "header.d=games.example); dmarc=fail (dmarc=pass "
         "header.from=games.example) header.from=games.example\r\n"),
    FLAW("auto-replied", extra, "Auto-Submitted: auto-replied\r\n"),
    FLAW("auto-generated", extra, "Auto-Submitted: auto-generated\r\n"),
    FLAW("unknown Auto-Submitted", extra, "Auto-Submitted: maybe\r\n"),
    FLAW("two Auto-Submitted", extra,
         "Auto-Submitted: no\r\nAuto-Submitted: no\r\n"),
    FLAW("a list", extra, "List-Id: <l.games.example>\r\n"),
    FLAW("bulk", extra, "Precedence: bulk\r\n"),
    FLAW("asks for no answer", extra, "X-Auto-Response-Suppress: All\r\n"),
    FLAW("second Message-ID", extra, "Message-ID: <two@games.example>\r\n"),
    FLAW("second From", extra, "From: other@games.example\r\n"),
    FLAW("marked as spam", extra, "X-Spam-Flag: YES\r\n"),
    FLAW("not written to us", to, "somebody@else.example"),
    FLAW("police", body,
         "Polizeiinspektion Musterstadt, Ermittlungsverfahren 4711/26: wem war "
         "198.51.100.9 am 2026-05-04T07:41:10Z zugeordnet? Login-Angriff.\r\n"),
    FLAW("court order", body,
         "By order of the District Court, subpoena 12-345: identify the user "
         "of 198.51.100.9 at 2026-05-04T07:41:10Z (login attack).\r\n"),
    FLAW("threat to life", body,
         "From 198.51.100.9 at 2026-05-04T07:41:10Z a login was used to write "
         "\"I will kill you tomorrow\".\r\n"),
    FLAW("child abuse", body,
         "198.51.100.9 distributed child sexual abuse material (CSAM) at "
         "2026-05-04T07:41:10Z.\r\n"),
    FLAW("lawyer", body,
         "We are the law firm of Exempel & Partner. Cease and desist: "
         "198.51.100.9, 2026-05-04T07:41:10Z, login attack. We will file a "
         "lawsuit.\r\n"),
    FLAW("somebody else's exit", body,
         "203.0.113.99 tried to log in to SSH at 2026-05-04T07:41:10Z.\r\n"),
    FLAW("no relay data then", body,
         "198.51.100.9 tried to log in to SSH at 2025-01-04T07:41:10Z.\r\n"),
    FLAW("no time", body, "198.51.100.9 tried to log in to our SSH.\r\n"),
    FLAW("Subject accuses another address", subject,
         "SSH login attack from 203.0.113.99"),
    FLAW("members that read each letter", body,
         "192.0.2.77 tried to log in to SSH at 2026-05-04T07:41:10Z.\r\n"),
    FLAW("SRS return path", envelope_from,
         "SRS0=ab=cd=games.example=noc@forward.example"),
    FLAW("VERP of a list", envelope_from, "noc-bounces@lists.games.example"),
    FLAW("return path of a subdomain", envelope_from, "noc@mail.games.example"),
    FLAW("quoted return path", envelope_from, "\"noc\"@games.example"),
    FLAW("return path of a robot", envelope_from,
         "mailer-daemon@games.example"),
    FLAW("group in From", from, "Group: noc@games.example;"),
    FLAW("empty From", from, ""),
    FLAW("route in From", from, "<@evil.example:noc@games.example>"),
    FLAW("two signs in From", from, "noc@games.example@evil.example"),
    FLAW("quoted address in From", from, "\"noc@evil.example\"@games.example"),
    FLAW("address literal in From", from, "noc@[203.0.113.200]"),
    FLAW("homoglyph in From", from, "NOC <noc@g\xd0\xb0mes.example>"),
    FLAW("the homoglyph's A-label", from, "NOC <noc@xn--gmes-53d.example>"),
    FLAW("subdomain in From", from, "NOC <noc@www.games.example>"),
    FLAW("parent domain in From", from, "NOC <noc@example>"),
    FLAW("second mailbox after a fold", from,
         "NOC <noc@games.example>,\r\n\tVictim <v@victim.example>"),
    FLAW("no angle at the end", from, "NOC <noc@games.example"),
    FLAW("robot in From", from, "no-reply@games.example"),
    FLAW("dmarc passes for a subdomain", authentication,
         "Authentication-Results: mx.umbrella.example; dkim=pass "
         "header.d=games.example; dmarc=pass "
         "header.from=mail.games.example\r\n"),
    FLAW("signature of a child", authentication,
         "Authentication-Results: mx.umbrella.example; dkim=pass "
         "header.d=mail.games.example; spf=none; dmarc=pass "
         "header.from=games.example\r\n"),
    FLAW("signature of another domain", authentication,
         "Authentication-Results: mx.umbrella.example; dkim=pass "
         "header.d=evil.example; dmarc=pass header.from=games.example\r\n"),
    FLAW("SPF of another sender", authentication,
         "Authentication-Results: mx.umbrella.example; spf=pass "
         "smtp.mailfrom=x@evil.example; dmarc=pass "
         "header.from=games.example\r\n"),
    FLAW("SPF of the HELO name", authentication,
         "Authentication-Results: mx.umbrella.example; spf=pass "
         "smtp.helo=games.example; dmarc=pass header.from=games.example\r\n"),
    FLAW("SPF softfail", authentication,
         "Authentication-Results: mx.umbrella.example; spf=softfail "
         "smtp.mailfrom=noc@games.example; dmarc=pass "
         "header.from=games.example\r\n"),
    FLAW("no dmarc", authentication,
         "Authentication-Results: mx.umbrella.example; dkim=pass "
         "header.d=games.example; spf=pass "
         "smtp.mailfrom=noc@games.example\r\n"),
    FLAW("dmarc none", authentication,
         "Authentication-Results: mx.umbrella.example; dkim=pass "
         "header.d=games.example; dmarc=none header.from=games.example\r\n"),
    FLAW("dmarc permerror", authentication,
         "Authentication-Results: mx.umbrella.example; dkim=pass "
         "header.d=games.example; dmarc=permerror "
         "header.from=games.example\r\n"),
    FLAW("only ARC passes", authentication,
         "ARC-Authentication-Results: i=1; mx.umbrella.example; dkim=pass "
         "header.d=games.example; dmarc=pass header.from=games.example\r\n"),
    FLAW("our name with more behind it", authentication,
         "Authentication-Results: mx.umbrella.example.evil.example; "
         "dkim=pass header.d=games.example; dmarc=pass "
         "header.from=games.example\r\n"),
    FLAW("our name in a comment", authentication,
         "Authentication-Results: (mx.umbrella.example) mx.evil.example; "
         "dkim=pass header.d=games.example; dmarc=pass "
         "header.from=games.example\r\n"),
    FLAW("pass in a quoted string", authentication,
         "Authentication-Results: mx.umbrella.example; dkim=fail "
         "reason=\"x; dmarc=pass header.from=games.example; dkim=pass "
         "header.d=games.example\"\r\n"),
    FLAW("pass in a folded comment", authentication,
         "Authentication-Results: mx.umbrella.example; dkim=fail (\r\n"
         "\tdmarc=pass header.from=games.example;\r\n"
         "\tdkim=pass header.d=games.example)\r\n"),
    FLAW("fail above a forged pass", extra,
         "Authentication-Results: mx.umbrella.example; dkim=fail "
         "header.d=games.example; dmarc=fail header.from=games.example\r\n"),
    FLAW("forged field below a second Received", extra,
         "Received: from a by b; Mon, 04 May 2026 07:58:00 +0000\r\n"
         "Authentication-Results: mx.umbrella.example; dkim=pass "
         "header.d=games.example; dmarc=pass header.from=games.example\r\n"),
    FLAW("auto-replied in capitals", extra, "AUTO-SUBMITTED: AUTO-REPLIED\r\n"),
    FLAW("auto-replied, folded", extra,
         "Auto-Submitted:\r\n auto-replied; type=vacation\r\n"),
    FLAW("empty Auto-Submitted", extra, "Auto-Submitted:\r\n"),
    FLAW("Precedence list", extra, "Precedence: list\r\n"),
    FLAW("Precedence junk", extra, "Precedence: junk\r\n"),
    FLAW("Precedence auto_reply", extra, "Precedence: auto_reply\r\n"),
    FLAW("List-Unsubscribe", extra,
         "List-Unsubscribe: <mailto:u@games.example>\r\n"),
    FLAW("List-Post", extra, "List-Post: <mailto:l@games.example>\r\n"),
    FLAW("no out-of-office answers", extra,
         "X-Auto-Response-Suppress: DR, OOF\r\n"),
    FLAW("X-Autoreply", extra, "X-Autoreply: yes\r\n"),
    FLAW("X-Autorespond", extra, "X-Autorespond: vacation\r\n"),
    FLAW("a forged mark of ours", extra,
         "X-Exitdesk-Loop: UA-2026-00001-W.0123456789abcdef01234567\r\n"),
    FLAW("second Subject", extra, "Subject: other\r\n"),
    FLAW("second To", extra, "To: victim@victim.example\r\n"),
    FLAW("second Content-Type", extra, "Content-Type: text/html\r\n"),
    FLAW("blank before the colon", extra, "From : x@evil.example\r\n"),
    FLAW("a line that is no field", extra, "this is no field\r\n"),
    FLAW("our address only as a name", to,
         "\"abuse@umbrella.example\" <x@else.example>"),
    FLAW("nobody in To", to, "undisclosed-recipients:;"),
    FLAW("names a case in the Subject", subject,
         "SSH login attack, your UA-2026-00001-W"),
    FLAW("quotes a letter of ours", body,
         "198.51.100.9 tried to log in to our SSH server 203.0.113.61 port 22 "
         "by brute force\r\nat 2026-05-04T07:41:10Z.\r\n"
         "> Your reference: 4711. Our case: UA-2026-00001-W.\r\n"),
    FLAW("only an IPv6 OR address", body,
         "2001:db8:5::1 tried to log in to our SSH server 2001:db8:99::61 port "
         "22 by brute force\r\nat 2026-05-04T07:41:10Z.\r\n"),
    FLAW("day and month can be exchanged", body,
         "198.51.100.9 tried to log in to our SSH server by brute force\r\n"
         "on 03/05/2026 at 07:41:10.\r\n"),
    FLAW("a moment to come", body,
         "198.51.100.9 tried to log in to our SSH server by brute force\r\n"
         "at 2026-06-04T07:41:10Z.\r\n"),
    FLAW("port 25 in prose", body,
         "198.51.100.9 tried to log in to our mail server 203.0.113.61 port 25 "
         "by brute force\r\nat 2026-05-04T07:41:10Z.\r\n"),
    FLAW("a mail server's log", body,
         "Login attack. 2026-05-04T07:41:10Z mx postfix/smtpd[12]: warning: "
         "unknown[198.51.100.9]: SASL LOGIN authentication failed\r\n"),
    FLAW("a relay that is no exit", body,
         "203.0.113.130 tried to log in to our SSH server by brute force at "
         "2026-05-04T07:41:10Z.\r\n"),
    FLAW("passed on", body,
         "FYI, please handle.\r\n\r\n---------- Forwarded message ---------"
         "\r\nFrom: Victim <v@victim.example>\r\nDate: Mon, 4 May 2026\r\n"
         "Subject: attack\r\nTo: <noc@games.example>\r\n\r\n198.51.100.9 "
         "tried to log in to SSH at 2026-05-04T07:41:10Z.\r\n"),
    FLAW("two accused, one a stranger's", body,
         "198.51.100.9 and 203.0.113.99 tried to log in to our SSH server by "
         "brute force\r\nat 2026-05-04T07:41:10Z.\r\n"),
};

static const char **field_of(Pieces *pieces, const Flaw *flaw)
{
    return (const char **)((char *)pieces + flaw->field);
}

static void test_good_is_answered(void)
{
    g_assert_cmpstr(action_word(judge(&GOOD)), ==, action_word(ACTION_SEND));
}

static void test_one_flaw_holds(gconstpointer data)
{
    const Flaw *flaw = data;
    Pieces pieces = GOOD;
    *field_of(&pieces, flaw) = flaw->value;
    Action action = judge(&pieces);
    if (action == ACTION_SEND)
        g_test_message("answered although: %s", flaw->what);
    g_assert_cmpint(action, !=, ACTION_SEND);
}

/* Never where a person must come first: not even a draft for police,
 * court, lawyer, threat and child abuse. */
static void test_sensitive_has_no_draft(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(FLAWS); i++) {
        static const char *const SENSITIVE[] = {"police",         "court order",
                                                "threat to life", "child abuse",
                                                "lawyer",         NULL};
        if (!g_strv_contains(SENSITIVE, FLAWS[i].what))
            continue;
        Pieces pieces = GOOD;
        *field_of(&pieces, &FLAWS[i]) = FLAWS[i].value;
        g_assert_cmpstr(action_word(judge(&pieces)), ==,
                        action_word(ACTION_ESCALATE));
    }
}

static void test_random_company(void)
{
    guint sent = 0;
    for (guint i = 0; i < RANDOM_MAILS / (g_test_slow() ? 1 : 10); i++) {
        Pieces pieces = GOOD;
        int count = g_test_rand_int_range(1, 5);
        for (int k = 0; k < count; k++) {
            const Flaw *flaw =
                &FLAWS[g_test_rand_int_range(0, (int)G_N_ELEMENTS(FLAWS))];
            *field_of(&pieces, flaw) = flaw->value;
        }
        sent += judge(&pieces) == ACTION_SEND;
    }
    g_assert_cmpuint(sent, ==, 0);
}

/* Words that would do harm in a letter, wherever a complaint can carry them. */
static void test_nothing_is_repeated(void)
{
    static const char *const HARM[] = {"MARK{{case.id}}",
                                       "MARK%s%n",
                                       "MARK<script>",
                                       "MARK https://evil.test",
                                       "\xe2\x80\xaeMARK",
                                       "=?utf-8?q?MARK?=",
                                       "=?utf-8?q?=0D=0ABcc:_x@evil?="};
    for (size_t i = 0; i < G_N_ELEMENTS(HARM); i++) {
        Pieces pieces = GOOD;
        g_autofree char *from =
            g_strdup_printf("\"%s\" <noc@games.example>", HARM[i]);
        g_autofree char *subject = g_strdup_printf(
            "SSH login attack [%s 4711] Ticket #%s-1", HARM[i], HARM[i]);
        g_autofree char *body = g_strdup_printf("%s\r\n%sTicket ID: %s4711\r\n",
                                                HARM[i], GOOD.body, HARM[i]);
        pieces.from = from;
        judge(&pieces);
        pieces.subject = subject;
        pieces.body = body;
        judge(&pieces);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    demo_desk_set_up();
    g_test_add_func("/intake/good", test_good_is_answered);
    for (size_t i = 0; i < G_N_ELEMENTS(FLAWS); i++) {
        g_autofree char *path =
            g_strdup_printf("/intake/held/%s", FLAWS[i].what);
        g_test_add_data_func(path, &FLAWS[i], test_one_flaw_holds);
    }
    g_test_add_func("/intake/sensitive", test_sensitive_has_no_draft);
    g_test_add_func("/intake/repeats-nothing", test_nothing_is_repeated);
    g_test_add_func("/intake/random", test_random_company);
    int failed = g_test_run();
    demo_desk_tear_down();
    return failed;
}
