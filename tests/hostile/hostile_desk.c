/*
 * A desk without sockets: mails in on standard input, decisions and letters
 * out on standard output, through the same stages as a running desk's.
 *
 *   MAIL MODE NOW FROM TO LENGTH\n and that many bytes
 *      MODE bare: without a store, so that no count hides a hole;
 *           kept: accepted, filed, and every letter handed over at once
 *      NOW seconds since 1970; FROM an address, <> or - (not known)
 *   => ACTION RULE LETTERS TEMPLATE\n, the boldest of its tickets (TEMPLATE -
 *      if it has no draft), and for each letter
 *      TO ENVELOPE-FROM LENGTH\n and its bytes
 *
 * The desk is the demo's: its members, relays, policies and letters, with the
 * limits of a new installation except for the first letters' yes. It can lose
 * a rule of its gate (mutant.c).
 */
#include "../intake/demo_desk.h"
#include "base/files.h"
#include "store/drafts.h"
#include "store/filing.h"
#include "store/outbox.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *what, const GError *error)
{
    fprintf(stderr, "%s: %s\n", what, error ? error->message : "failed");
    exit(2);
}

typedef struct {
    char mode[8], from[400], to[400];
    long long now;
    size_t length;
} Request;

static bool read_request(Request *request)
{
    char line[1000];
    if (!fgets(line, sizeof line, stdin))
        return false;
    if (sscanf(line, "MAIL %7s %lld %399s %399s %zu", request->mode,
               &request->now, request->from, request->to,
               &request->length) != 5)
        fail(line, NULL);
    return true;
}

static Delivery *read_delivery(const Request *request)
{
    uint8_t *bytes = g_malloc(request->length + 1);
    if (fread(bytes, 1, request->length, stdin) != request->length)
        fail("the mail is cut", NULL);
    Delivery *delivery = g_new0(Delivery, 1);
    delivery->raw = g_bytes_new_take(bytes, request->length);
    delivery->recipients = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(delivery->recipients, g_strdup(request->to));
    delivery->received = request->now;
    delivery->way = "lmtp";
    if (g_str_equal(request->from, "<>"))
        delivery->envelope_from = g_strdup("");
    else if (!g_str_equal(request->from, "-"))
        delivery->envelope_from = g_strdup(request->from);
    return delivery;
}

/* ---- the boldest ticket ------------------------------------------------ */

static void say(const Judgement *judgement, guint letters)
{
    const JudgedTicket *boldest = NULL;
    for (guint i = 0; i < judgement->tickets->len; i++) {
        const JudgedTicket *judged = judgement->tickets->pdata[i];
        if (!boldest || judged->decision->action > boldest->decision->action)
            boldest = judged;
    }
    bool has_draft = boldest && boldest->reply;
    printf("%s %s %u %s\n",
           boldest ? action_word(boldest->decision->action) : "noise",
           boldest ? boldest->decision->rule : "none", letters,
           has_draft ? boldest->reply->template_id : "-");
}

static void say_letter(const char *to, const char *from, GBytes *bytes)
{
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    printf("%s %s %zu\n", to, from, length);
    fwrite(data, 1, length, stdout);
}

static void answer_bare(const Judgement *judgement)
{
    guint letters = 0;
    for (guint i = 0; i < judgement->tickets->len; i++) {
        const JudgedTicket *judged = judgement->tickets->pdata[i];
        letters += judged->decision->action == ACTION_SEND;
    }
    say(judgement, letters);
    for (guint i = 0; i < judgement->tickets->len; i++) {
        const JudgedTicket *judged = judgement->tickets->pdata[i];
        if (judged->decision->action == ACTION_SEND)
            say_letter(judged->reply->to, judged->reply->envelope_from,
                       judged->reply->bytes);
    }
}

/* ---- with a store ------------------------------------------------------ */

/* Everything that waits leaves, whatever its delay. */
static GPtrArray *take_letters(Store *store, Instant now)
{
    g_autoptr(GError) error = NULL;
    const Instant late = now + 30 * INSTANT_DAY_S;
    GPtrArray *rows = store_outbox_due(store, late, 100, &error);
    if (!rows)
        fail("outbox", error);
    for (guint i = 0; i < rows->len; i++) {
        const OutboxRow *row = rows->pdata[i];
        if (!store_outbox_begin(store, row->id, late, &error) ||
            !store_outbox_dot(store, row->id, &error) ||
            !store_outbox_done(store, row->id, SENT_OK, "250 ok", now, now,
                               &error))
            fail("sending", error);
    }
    return rows;
}

static void answer_kept(const Desk *desk, Delivery *delivery,
                        Judgement *judgement, Instant now)
{
    g_autoptr(GError) error = NULL;
    if (!store_accept(desk->store, &delivery, 1, &error))
        fail("accepting", error);
    if (delivery->is_known) {
        printf("noise known 0 -\n");
        return;
    }
    if (!intake_file(desk, delivery, judgement, now, &error))
        fail("filing", error);
    g_autoptr(GPtrArray) rows = take_letters(desk->store, now);
    say(judgement, rows->len);
    for (guint i = 0; i < rows->len; i++) {
        const OutboxRow *row = rows->pdata[i];
        say_letter(row->to, row->envelope_from, row->bytes);
    }
}

static void answer(const Desk *bare, const Desk *kept, const Request *request)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Delivery) delivery = read_delivery(request);
    bool is_kept = g_str_equal(request->mode, "kept");
    const Desk *desk = is_kept ? kept : bare;
    if (is_kept)
        demo_desk_prove_border(desk, request->now);
    g_autoptr(Judgement) judgement =
        intake_read(desk, delivery, request->now, &error);
    if (!judgement)
        fail("reading", error);
    if (is_kept) {
        answer_kept(desk, delivery, judgement, request->now);
        return;
    }
    if (!intake_decide(desk, delivery, judgement, request->now, &error))
        fail("deciding", error);
    answer_bare(judgement);
}

int main(void)
{
    demo_desk_set_up();
    g_autoptr(GError) error = NULL;
    g_autofree char *data = g_build_filename(demo_desk.directory, "own", NULL);
    if (!directory_ensure(data, &error))
        fail(data, error);
    Store *store = store_open(data, STORE_WRITE, &error);
    if (!store)
        fail("store", error);
    Desk bare = demo_desk.desk, kept = demo_desk.desk;
    kept.store = store;
    bare.loop_key = kept.loop_key = store_secret(store, "loop", &error);
    Request request;
    while (read_request(&request)) {
        answer(&bare, &kept, &request);
        fflush(stdout);
    }
    g_bytes_unref(kept.loop_key);
    store_close(store);
    demo_desk_tear_down();
    return 0;
}
