/*
 * Answers to notices through the whole pipeline: each mail of the table, with
 * what is kept of it and what becomes of the draft. Nothing of it ever makes a
 * case.
 */
#include "base/files.h"
#include "handing.h"
#include "intake/consenting.h"
#include "reply/token.h"
#include "store/drafts.h"
#include "told_desk.h"

#include "../store/paper.h"

#include <string.h>

#define NOW (PAPER_NOW + 3600)

static guint files;

typedef struct {
    const char *odd;
    char *address; /* of the draft's answers */
    char *notice;  /* Message-ID of the notice */
} Case;

static bool is_odd(const Case *c, const char *word)
{
    return g_str_equal(c->odd, word);
}

static const char *sender_of(const Case *c)
{
    if (is_odd(c, "chair"))
        return TOLD_CHAIR;
    if (is_odd(c, "other"))
        return TOLD_OTHER;
    if (is_odd(c, "stranger"))
        return "someone@bib.example";
    return is_odd(c, "claimed") ? "third@bib.example" : TOLD_BOARD;
}

/* What our border wrote. */
static char *results_of(const Case *c)
{
    const char *domain = strrchr(sender_of(c), '@') + 1;
    const char *signer = is_odd(c, "aside") ? "list.example" : domain;
    if (is_odd(c, "unsigned") || is_odd(c, "below"))
        return g_strdup("Authentication-Results: mx.umbrella.example; "
                        "dkim=none; spf=none; dmarc=fail\n");
    if (is_odd(c, "spf"))
        return g_strdup_printf("Authentication-Results: mx.umbrella.example; "
                               "dkim=none; spf=pass smtp.mailfrom=x@%s; "
                               "dmarc=pass header.from=%s\n",
                               domain, domain);
    return g_strdup_printf("Authentication-Results: mx.umbrella.example; "
                           "dkim=pass header.d=%s header.s=k1; "
                           "dmarc=%s header.from=%s\n",
                           signer, is_odd(c, "aside") ? "fail" : "pass",
                           domain);
}

static const char *extra_of(const Case *c)
{
    static const char *const EXTRA[][2] = {
        {"vacation", "Auto-Submitted: auto-replied\n"},
        {"auto", "Auto-Submitted: yes\nAuto-Submitted: no\n"},
        {"bulk", "Precedence: bulk\n"},
        {"list", "List-Id: <x.list.example>\n"},
        {"loop", "X-Exitdesk-Loop: notice.00\n"},
        {"twofrom", "From: someone@else.example\n"},
        {"below", "Authentication-Results: mx.umbrella.example; dkim=pass "
                  "header.d=bib.example header.s=k1; dmarc=pass "
                  "header.from=bib.example\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(EXTRA); i++)
        if (is_odd(c, EXTRA[i][0]))
            return EXTRA[i][1];
    return "";
}

static char *body_of(const Case *c, const char *words)
{
    g_autofree char *text = g_strcompress(words);
    if (is_odd(c, "html"))
        return g_strdup_printf("Content-Type: text/html; charset=utf-8\n\n"
                               "<div>%s</div><blockquote>no</blockquote>\n",
                               text);
    if (is_odd(c, "base64")) {
        g_autofree char *coded =
            g_base64_encode((const guchar *)text, strlen(text));
        return g_strdup_printf("Content-Type: text/plain; charset=utf-8\n"
                               "Content-Transfer-Encoding: base64\n\n%s\n",
                               coded);
    }
    return g_strdup_printf("Content-Type: text/plain; charset=utf-8\n\n%s\n",
                           text);
}

static char *mail_of(const Case *c, const char *words)
{
    const char *from = sender_of(c), *domain = strrchr(from, '@') + 1;
    g_autofree char *results = results_of(c);
    g_autofree char *body = body_of(c, words);
    const char *to = is_odd(c, "desk")        ? TOLD_DESK
                     : is_odd(c, "elsewhere") ? "them@bib.example"
                                              : c->address;
    return g_strdup_printf(
        "%s"
        "Received: from m.bib.example (m.bib.example [192.0.2.25])\n"
        "\tby mx.umbrella.example id %u; Sun, 03 May 2026 15:00:00 +0000\n"
        "DKIM-Signature: v=1; a=rsa-sha256; d=%s; s=k1; "
        "h=from:to:date:subject:message-id; bh=x; b=AbCdEfGhIjKlMn%u\n"
        "%sFrom: %s\nTo: %s\nSubject: Re: Please check\n"
        "Date: Sun, 03 May 2026 15:00:00 +0000\n"
        "Message-ID: <%u@%s>\nIn-Reply-To: %s\nMIME-Version: 1.0\n%s",
        results, files, domain, files, extra_of(c), from, to, files, domain,
        c->notice, body);
}

static void deliver(const Case *c, const char *words, Instant now)
{
    g_autoptr(GError) error = NULL;
    files++;
    g_autofree char *text = mail_of(c, words);
    judgement_free(
        hand_over(&told_desk.desk, is_odd(c, "null") ? "" : sender_of(c),
                  is_odd(c, "desk") ? TOLD_DESK : c->address, text, now));
}

/* A draft that the board was told of. */
static char *prepare(Case *c)
{
    g_autofree char *tag = g_strdup_printf("answer%u", files++);
    told_desk_set_up();
    told_verify("bib", TOLD_BOARD, PAPER_NOW - 10);
    told_verify("bib", TOLD_CHAIR, PAPER_NOW - 10);
    told_verify("club", TOLD_OTHER, PAPER_NOW - 10);
    g_ptr_array_add(told_desk.member->contacts, g_strdup("third@bib.example"));
    told_desk.member->answers_by_mail = !is_odd(c, "off");
    char *case_id = paper_file(told_desk.store, ACTION_HOLD, tag);
    g_assert_cmpuint(told_run(PAPER_NOW), ==, 2);
    g_autofree char *token = told_ask(
        "SELECT token FROM told_draft WHERE address = '" TOLD_BOARD "'");
    g_autofree char *message =
        told_ask("SELECT token FROM message WHERE recipient = '" TOLD_BOARD
                 "' ORDER BY number DESC LIMIT 1");
    c->address = token_bounce_address_new("bounce@umbrella.example", token,
                                          told_desk.desk.loop_key);
    c->notice = g_strdup_printf("<tell.%s@umbrella.example>",
                                is_odd(c, "forged") ? "none" : message);
    if (is_odd(c, "forged")) {
        char *mac = strchr(c->address, '.') + 1;
        *mac = *mac == '0' ? '1' : '0';
    }
    return case_id;
}

static void do_before(const Case *c, const char *case_id)
{
    g_autoptr(GError) error = NULL;
    if (is_odd(c, "decided"))
        g_assert_true(store_stop_draft(told_desk.store, case_id, "staff", NULL,
                                       NOW - 60, &error));
    if (is_odd(c, "twice") || is_odd(c, "after"))
        deliver(c, "ok", NOW - 60);
}

static void check(const char *name, const char *wanted, bool sends)
{
    g_autofree char *got = told_ask(
        "SELECT coalesce((SELECT what FROM told_answer ORDER BY number DESC "
        "LIMIT 1), 'none') || ' ' || (SELECT state FROM draft)");
    if (!g_str_equal(got, wanted))
        g_error("%s: \"%s\" is not \"%s\" (%s)", name, got, wanted,
                told_ask("SELECT group_concat(why, '; ') FROM told_answer"));
    told_expect("SELECT count(*) FROM ticket", "1");
    g_autofree char *letters =
        told_ask("SELECT count(*) FROM outbox WHERE state = 'waiting'");
    g_assert_cmpstr(letters, ==, sends ? "1" : "0");
    /* After the send delay, never before. */
    g_autofree char *early = told_ask(
        "SELECT count(*) FROM outbox WHERE next_at < %" G_GINT64_FORMAT,
        NOW - 60 + (Instant)told_desk.settings->send.delay_s);
    g_assert_cmpstr(early, ==, "0");
}

static void run_line(const char *line)
{
    const char *arrow = g_strrstr(line, "==>");
    g_assert_nonnull(arrow);
    g_autofree char *left = g_strndup(line, (gsize)(arrow - line));
    g_auto(GStrv) pieces = g_strsplit(left, "|", 3);
    g_assert_cmpuint(g_strv_length(pieces), ==, 3);
    g_autofree char *wanted = g_strstrip(g_strdup(arrow + 3));
    Case c = {.odd = g_strstrip(pieces[1])};
    g_autofree char *case_id = prepare(&c);
    do_before(&c, case_id);
    deliver(&c, g_strstrip(pieces[2]), NOW);
    check(pieces[0], wanted, g_str_has_suffix(wanted, " approved"));
    told_desk_tear_down();
    g_free(c.address);
    g_free(c.notice);
}

static void test_table(void)
{
    g_autoptr(GBytes) bytes =
        file_read(TEST_DIR "/answers.table", 1 << 20, NULL);
    g_autofree char *text =
        g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint count = 0;
    for (guint i = 0; lines[i]; i++)
        if (*lines[i] && *lines[i] != '#') {
            run_line(lines[i]);
            count++;
        }
    g_assert_cmpuint(count, >=, 40);
}

/* Who forges mail cannot fill a person's mailbox through us. */
static void test_refusals_are_told_once(void)
{
    Case c = {.odd = "unsigned"};
    g_autofree char *case_id = prepare(&c);
    for (int i = 0; i < 20; i++)
        deliver(&c, "ok", NOW + i);
    told_expect("SELECT count(*) FROM told_answer WHERE what = 'refused'",
                "20");
    told_expect("SELECT count(*) FROM message WHERE queued >= 1777820520", "1");
    told_expect("SELECT recipient FROM message WHERE queued >= 1777820520",
                TOLD_BOARD);
    told_desk_tear_down();
    g_free(c.address);
    g_free(c.notice);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/consenting/table", test_table);
    g_test_add_func("/consenting/refusals", test_refusals_are_told_once);
    return g_test_run();
}
