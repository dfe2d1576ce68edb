/*
 * A mail that costs more than a mail may: a ticket "too large to read" in a
 * real store, with what its front says, and never an answer by itself.
 */
#include "intake/why.h"
#include "store/cases.h"
#include "store/filing.h"

#include "demo_desk.h"

#include <string.h>

#define BIG_BYTES (20u * 1024 * 1024)

/* Answered by itself if nothing stands behind it (test_intake.c has why). */
static const char FRONT[] =
    "Authentication-Results: mx.umbrella.example;\r\n"
    "\tdkim=pass header.d=games.example header.s=m header.b=AbCd;\r\n"
    "\tspf=pass smtp.mailfrom=noc@games.example;\r\n"
    "\tdmarc=pass header.from=games.example\r\n"
    "Received: from mail.games.example (mail.games.example "
    "[203.0.113.200])\r\n\tby mx.umbrella.example; Mon, 04 May 2026 "
    "08:00:00 +0000\r\n"
    "DKIM-Signature: v=1; a=rsa-sha256; d=games.example; s=m; "
    "t=1777881540;\r\n\th=from:to:date:subject:message-id; bh=x; "
    "b=AbCdEfGhIjKl\r\n"
    "From: NOC <noc@games.example>\r\nTo: abuse@umbrella.example\r\n"
    "Subject: SSH login attack\r\n"
    "Date: Mon, 04 May 2026 07:59:00 +0000\r\n"
    "Message-ID: <large@games.example>\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\n"
    "198.51.100.9 tried to log in to our SSH server 203.0.113.61 port 22 by "
    "brute force\r\nat 2026-05-04T07:41:10Z. Please look into it.\r\n";

static GBytes *new_mail(bool is_costly)
{
    GString *raw = g_string_new(FRONT);
    while (is_costly && raw->len < BIG_BYTES)
        g_string_append(raw, "Title: x\r\n");
    return g_string_free_to_bytes(raw);
}

/* Accept, read in a child and file it; the only case is yours. */
static Case *file_mail(const char *name, Reader *reader, GBytes *raw)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *data = g_build_filename(demo_desk.directory, name, NULL);
    g_assert_cmpint(g_mkdir_with_parents(data, 0700), ==, 0);
    g_autoptr(Store) store = store_open(data, STORE_WRITE, &error);
    g_assert_no_error(error);
    Desk desk = demo_desk.desk;
    desk.store = store;
    demo_desk_prove_border(&desk, demo_desk.now);
    desk.reader = reader;
    g_autoptr(Delivery) delivery = g_new0(Delivery, 1);
    delivery->envelope_from = g_strdup("noc@games.example");
    delivery->recipients = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(delivery->recipients, g_strdup("abuse@umbrella.example"));
    delivery->raw = g_bytes_ref(raw);
    delivery->received = demo_desk.now;
    delivery->way = "lmtp";
    g_assert_true(store_accept(store, &delivery, 1, &error));
    g_autoptr(Judgement) judgement =
        intake_read(&desk, delivery, demo_desk.now, &error);
    g_assert_no_error(error);
    g_assert_true(
        intake_file(&desk, delivery, judgement, demo_desk.now, &error));
    Case *found = store_case(store, delivery->id, &error);
    g_assert_no_error(error);
    return found;
}

static void test_cpu(void)
{
    /* Room enough: it is the time that runs out. */
    const SandboxLimits limits = {.cpu_seconds = 1,
                                  .memory_bytes = (size_t)8 << 30};
    g_autoptr(GError) error = NULL;
    g_autoptr(Reader) reader = reader_start_limited(&limits, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) good = new_mail(false);
    g_autoptr(Case) answered = file_mail("good", reader, good);
    g_assert_cmpstr(answered->row->action, ==, "send");
    g_autoptr(GBytes) costly = new_mail(true);
    gint64 begun = g_get_monotonic_time();
    g_autoptr(Case) held = file_mail("costly", reader, costly);
    g_test_message("%.2f s", (double)(g_get_monotonic_time() - begun) / 1e6);
    g_assert_cmpstr(held->row->action, ==, "hold");
    g_assert_cmpstr(held->row->rule, ==, "D10b");
    g_assert_cmpstr(held->row->state, !=, "sending");
    g_assert_nonnull(strstr(held->findings_json,
                            "\"disposition_why\":\"too large to read: "));
    g_assert_nonnull(strstr(held->findings_json, "too-large"));
    /* What was read is there: who, what, whose. */
    g_assert_cmpstr(held->row->reporter, ==, "noc@games.example");
    g_assert_cmpstr(held->row->member, ==, "hackerspace");
    g_assert_cmpstr(held->row->category, ==, "connection/login_attack");
    g_assert_nonnull(strstr(held->matches_json, "2026-05-04T07:41:10Z"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    demo_desk_set_up();
    g_test_add_func("/intake/large/cpu", test_cpu);
    int failed = g_test_run();
    demo_desk_tear_down();
    return failed;
}
