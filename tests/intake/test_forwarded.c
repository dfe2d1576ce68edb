/*
 * Complaints that somebody passes on, through the desk: forwarded.table.
 */
#include "demo_desk.h"

#include "base/files.h"
#include "store/cases.h"

#include <string.h>

#define TABLE_MAX (1 << 20)

static Store *store;
static Desk desk;
static GBytes *key;

/* What our border writes of a domain that signed. */
static char *border_of(const char *domain, int number)
{
    return g_strdup_printf(
        "Authentication-Results: mx.umbrella.example;\r\n"
        " dkim=pass header.d=%s header.s=m header.b=Ab%06d;\r\n"
        " spf=none; dmarc=pass header.from=%s\r\n"
        "Received: from a by mx.umbrella.example; Mon, 04 May 2026 08:59:30 "
        "+0000\r\n"
        "DKIM-Signature: v=1; a=rsa-sha256; d=%s; s=m; "
        "h=from:to:date:subject:message-id; bh=x; b=Ab%06dAAAABBBB\r\n",
        domain, number, domain, domain, number);
}

static Delivery *delivery_of(const char *mail)
{
    static int number;
    g_autoptr(GString) text = g_string_new(mail);
    if (g_str_has_prefix(mail, "@AUTH ")) {
        const char *end = strstr(mail, "@\n");
        g_autofree char *domain = g_strndup(mail + 6, (gsize)(end - mail) - 6);
        g_autofree char *border = border_of(domain, ++number);
        g_string_erase(text, 0, end + 2 - mail);
        g_string_replace(text, "\n", "\r\n", 0);
        g_string_prepend(text, border);
    } else {
        g_string_replace(text, "\n", "\r\n", 0);
    }
    Delivery *delivery = g_new0(Delivery, 1);
    delivery->raw = g_bytes_new(text->str, text->len);
    g_autoptr(StrictHeader) strict = strict_header_scan(text->str, text->len);
    delivery->envelope_from = g_strdup(strict->return_path);
    delivery->recipients = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(delivery->recipients, g_strdup("abuse@umbrella.example"));
    delivery->received = demo_desk.now;
    delivery->way = "lmtp";
    return delivery;
}

static bool waits_for_person(const char *case_id, const char *note)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Case) found = store_case(store, case_id, &error);
    g_assert_no_error(error);
    bool has_note = false;
    for (guint i = 0; i < found->record->len; i++)
        has_note |= strstr(((RecordEntry *)found->record->pdata[i])->what,
                           note) != NULL;
    return has_note && g_str_equal(found->row->state, "triage");
}

static char *describe(const char *name, const char *mail)
{
    static const char *const LEVELS[] = {"S0", "S1", "S2", "S3"};
    g_autoptr(GError) error = NULL;
    g_autoptr(Delivery) delivery = delivery_of(mail);
    g_assert_true(store_accept(store, &delivery, 1, &error));
    g_autoptr(Judgement) judgement =
        intake_read(&desk, delivery, demo_desk.now, &error);
    g_assert_no_error(error);
    g_assert_true(
        intake_file(&desk, delivery, judgement, demo_desk.now, &error));
    g_assert_no_error(error);
    const Report *report = judgement->findings->report;
    const Authentication *known = judgement->authentication;
    const JudgedTicket *judged = judgement->tickets->pdata[0];
    g_assert_nonnull(judged->member);
    if (judged->reply && judged->reply->to)
        g_assert_cmpstr(judged->reply->to, ==,
                        known->destination ? known->destination
                                           : judgement->strict->from);
    return g_strdup_printf(
        "==> %s: reporter=%s claimed=%s to=%s %s %s%s", name,
        report->reporter_address ? report->reporter_address : "-",
        report->claimed_address ? report->claimed_address : "-",
        known->destination ? known->destination : "-", LEVELS[known->level],
        action_word(judged->decision->action),
        waits_for_person(judged->case_id, "Passed on by") ? " task" : "");
}

static void test_table(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes =
        file_read(TEST_DIR "/forwarded.table", TABLE_MAX, &error);
    g_assert_no_error(error);
    g_autofree char *all =
        g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    g_auto(GStrv) rows = g_strsplit(all, "\n==> ", -1);
    guint wrong = 0;
    g_assert_cmpuint(g_strv_length(rows), >, 7);
    for (guint i = 1; rows[i]; i++) {
        char *mail = strchr(rows[i], '\n');
        *mail++ = 0;
        g_autofree char *wanted = g_strconcat("==> ", rows[i], NULL);
        g_autofree char *name =
            g_strndup(rows[i], (gsize)(strstr(rows[i], ": ") - rows[i]));
        g_autofree char *got = describe(name, mail);
        if (!g_str_equal(got, wanted)) {
            g_test_message("wanted %s\n   got %s", wanted, got);
            wrong++;
        }
    }
    g_assert_cmpuint(wrong, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    demo_desk_set_up();
    key = g_bytes_new_static("0123456789abcdef0123456789abcdef", 32);
    desk = demo_desk_with_store("forwarded", key);
    store = desk.store;
    demo_desk_prove_border(&desk, demo_desk.now);
    g_test_add_func("/forwarded/table", test_table);
    int status = g_test_run();
    store_close(store);
    g_bytes_unref(key);
    demo_desk_tear_down();
    return status;
}
