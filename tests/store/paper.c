#include "paper.h"

#include "base/digest.h"

#include <stdio.h>
#include <string.h>

char *paper_directory(void)
{
    g_autoptr(GError) error = NULL;
    char *path = g_dir_make_tmp("exitdesk-XXXXXX", &error);
    g_assert_no_error(error);
    return path;
}

void paper_remove(const char *directory)
{
    static const char *const NAMES[] = {"exitdesk.db", "exitdesk.db-wal",
                                        "exitdesk.db-shm", "exitdesk.lock",
                                        "ledger"};
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *path = g_build_filename(directory, NAMES[i], NULL);
        remove(path);
    }
    g_assert_cmpint(remove(directory), ==, 0);
}

Delivery *paper_delivery(const char *from, const char *text)
{
    Delivery *delivery = g_new0(Delivery, 1);
    delivery->envelope_from = g_strdup(from);
    delivery->recipients = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(delivery->recipients, g_strdup("abuse@umbrella.example"));
    delivery->raw = g_bytes_new(text, strlen(text));
    delivery->received = PAPER_NOW;
    delivery->way = "lmtp";
    return delivery;
}

char *paper_accept(Store *store, const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Delivery) delivery = paper_delivery("noc@shop.example", text);
    store_accept(store, &delivery, 1, &error);
    g_assert_no_error(error);
    return g_strdup(delivery->id);
}

static void fill_reply(Reply *reply, const char *tag)
{
    *reply = (Reply){
        .bytes = g_bytes_new(tag, strlen(tag)),
        .text = g_strdup("The address was a Tor exit."),
        .subject = g_strdup("Your report"),
        .envelope_from = g_strdup_printf("bounce+%s@umbrella.example", tag),
        .to = g_strdup("noc@shop.example"),
        .message_id = g_strdup_printf("<t.%s@umbrella.example>", tag),
        .token = g_strdup(tag),
        .template_id = g_strdup("DE/login-attack.de"),
        .template_version = g_strdup("4"),
        .claims = g_ptr_array_new(),
    };
}

void paper_init(Paper *paper, const char *inbox_id, Action action,
                const char *tag)
{
    static const GateHit HIT = {"D20", ACTION_SEND, "nothing speaks against"};
    const guint first = 0;
    *paper = (Paper){.tag = g_strdup(tag)};
    paper->report = (Report){
        .disposition = DISPOSITION_COMPLAINT,
        .category = g_strdup("connection/login_attack"),
        .reporter_address = g_strdup("noc@shop.example"),
    };
    g_assert_true(ip_parse("192.0.2.77", 10, &paper->incident.address));
    paper->findings.report = &paper->report;
    paper->findings.incidents = g_ptr_array_new();
    g_ptr_array_add(paper->findings.incidents, &paper->incident);
    paper->ticket = (Ticket){
        .member = g_strdup("bib"),
        .incidents = g_array_new(FALSE, FALSE, sizeof(guint)),
        .verdict = VERDICT_EXIT,
        .category = g_strdup("connection/login_attack"),
        .why = g_strdup("the cited address was this member's"),
    };
    g_array_append_val(paper->ticket.incidents, first);
    paper->decision = (Decision){
        .action = action,
        .rule = "D20",
        .hits = g_array_new(FALSE, FALSE, sizeof(GateHit)),
        .inputs = g_strdup("{\"member\":\"bib\"}"),
    };
    g_array_append_val(paper->decision.hits, HIT);
    fill_reply(&paper->reply, tag);
    paper->events = g_ptr_array_new();
    g_ptr_array_add(paper->events, (char *)"192.0.2.77 20576");
    paper->filed = (FiledTicket){
        .ticket = &paper->ticket,
        .decision = &paper->decision,
        .reply = &paper->reply,
        .matches_json = g_strdup("[]"),
        .send_at = PAPER_NOW + 600,
        .events = paper->events,
        .due = INSTANT_NONE,
    };
    paper->filing = (Filing){
        .inbox_id = inbox_id,
        .findings = &paper->findings,
        .findings_json = g_strdup("{}"),
        .case_prefix = "UA",
        .tickets = g_ptr_array_new(),
        .subject = "Login attempts",
        .now = PAPER_NOW,
    };
    digest_sha256(tag, strlen(tag), paper->filing.mail_key);
    g_ptr_array_add(paper->filing.tickets, &paper->filed);
}

void paper_clear(Paper *paper)
{
    g_free(paper->report.category);
    g_free(paper->report.reporter_address);
    g_ptr_array_unref(paper->findings.incidents);
    g_free(paper->ticket.member);
    g_array_unref(paper->ticket.incidents);
    g_ptr_array_unref(paper->events);
    g_free(paper->ticket.category);
    g_free(paper->ticket.why);
    g_array_unref(paper->decision.hits);
    g_free(paper->decision.inputs);
    g_bytes_unref(paper->reply.bytes);
    g_free(paper->reply.text);
    g_free(paper->reply.subject);
    g_free(paper->reply.envelope_from);
    g_free(paper->reply.to);
    g_free(paper->reply.message_id);
    g_free(paper->reply.token);
    g_free(paper->reply.template_id);
    g_free(paper->reply.template_version);
    g_ptr_array_unref(paper->reply.claims);
    g_free(paper->filed.matches_json);
    g_free(paper->filed.case_id);
    g_free(paper->filing.findings_json);
    g_ptr_array_unref(paper->filing.tickets);
    g_free(paper->tag);
}

char *paper_file(Store *store, Action action, const char *tag)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *inbox_id = paper_accept(store, tag);
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, action, tag);
    store_file(store, &paper.filing, &error);
    g_assert_no_error(error);
    return g_steal_pointer(&paper.filed.case_id);
}
