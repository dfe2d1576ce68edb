/* Reports between processes: what is put comes back, hostile records break. */
#include "letter.h"

#include "report/category.h"

static GBytes *pack(const Report *report)
{
    WireOut out;
    wire_out_init(&out);
    report_put(report, &out);
    return wire_out_steal(&out);
}

static Report *unpack(const void *data, size_t length, bool *finished)
{
    WireIn in = wire_in(data, length);
    Report *report = report_get(&in);
    *finished = wire_in_finish(&in);
    return report;
}

static Report *rich_report(void)
{
    return letter_read(
        "{X-RT-Ticket: example #5512}[AbuseID:4711:2F] Brute force | "
        "Your IP 192.0.2.7 runs a brute force attack. Please answer within "
        "24 hours. Our lawyers and the police know, ticket ID: 77-1. Please "
        "reply to soc@example.org.");
}

static void check_quote(const Quote *a, const Quote *b)
{
    g_assert_true((a == NULL) == (b == NULL));
    if (!a)
        return;
    g_assert_cmpstr(a->words, ==, b->words);
    g_assert_cmpuint(a->place.part, ==, b->place.part);
    g_assert_cmpuint(a->place.at, ==, b->place.at);
    g_assert_cmpuint(a->place.length, ==, b->place.length);
    g_assert_cmpuint(a->place.raw_at, ==, b->place.raw_at);
    g_assert_cmpuint(a->place.line, ==, b->place.line);
    g_assert_cmpuint(a->place.column, ==, b->place.column);
}

static void check_same(const Report *a, const Report *b)
{
    g_assert_cmpint(a->disposition, ==, b->disposition);
    g_assert_cmpstr(a->disposition_why, ==, b->disposition_why);
    g_assert_true(a->format == b->format);
    g_assert_cmpint(a->sender_class, ==, b->sender_class);
    g_assert_cmpstr(a->sender_class_why, ==, b->sender_class_why);
    g_assert_cmpstr(a->reporter_address, ==, b->reporter_address);
    g_assert_cmpstr(a->reporter_name, ==, b->reporter_name);
    g_assert_cmpstr(a->claimed_address, ==, b->claimed_address);
    g_assert_cmpstr(a->category, ==, b->category);
    g_assert_cmpuint(a->sensitive, ==, b->sensitive);
    g_assert_cmpstr(a->language, ==, b->language);
    g_assert_cmpint(a->deadline, ==, b->deadline);
    g_assert_cmpint(a->date, ==, b->date);
    check_quote(a->deadline_words, b->deadline_words);
    check_quote(a->accusation, b->accusation);
    g_assert_cmpuint(a->category_why->len, ==, b->category_why->len);
    for (guint i = 0; i < a->category_why->len; i++)
        check_quote(a->category_why->pdata[i], b->category_why->pdata[i]);
    g_assert_cmpuint(a->sensitive_why->len, ==, b->sensitive_why->len);
    g_assert_cmpuint(a->references->len, ==, b->references->len);
    for (guint i = 0; i < a->references->len; i++) {
        const Reference *left = a->references->pdata[i];
        const Reference *right = b->references->pdata[i];
        check_quote(left->value, right->value);
        g_assert_cmpstr(left->where, ==, right->where);
    }
    g_assert_cmpuint(a->flags->len, ==, b->flags->len);
    g_assert_cmpuint(a->channels->len, ==, b->channels->len);
    for (guint i = 0; i < a->channels->len; i++) {
        const Channel *left = a->channels->pdata[i];
        const Channel *right = b->channels->pdata[i];
        g_assert_cmpint(left->kind, ==, right->kind);
        g_assert_cmpstr(left->value, ==, right->value);
        check_quote(left->quote, right->quote);
    }
    g_assert_cmpuint(a->demands->len, ==, b->demands->len);
    g_assert_cmpuint(a->works->len, ==, b->works->len);
}

static void test_round_trip(void)
{
    g_autoptr(Report) report = rich_report();
    g_assert_cmpuint(report->references->len, >=, 3);
    g_assert_nonnull(report->deadline_words);
    g_assert_nonnull(report->accusation);
    g_assert_cmpuint(report->channels->len, >, 0);
    g_assert_cmpuint(report->demands->len, >, 0);
    g_assert_cmpuint(report->sensitive_why->len, >, 0);
    g_autoptr(GBytes) record = pack(report);
    bool finished;
    gsize length;
    const void *data = g_bytes_get_data(record, &length);
    g_autoptr(Report) back = unpack(data, length, &finished);
    g_assert_true(finished);
    g_assert_nonnull(back);
    check_same(report, back);
}

static void test_unreadable(void)
{
    g_autoptr(Report) report = report_new_unreadable("over a limit");
    g_autoptr(GBytes) record = pack(report);
    bool finished;
    gsize length;
    const void *data = g_bytes_get_data(record, &length);
    g_autoptr(Report) back = unpack(data, length, &finished);
    g_assert_true(finished);
    g_assert_cmpint(back->disposition, ==, DISPOSITION_UNREADABLE);
    g_assert_cmpstr(back->disposition_why, ==, "over a limit");
    g_assert_cmpint(back->deadline, ==, INSTANT_NONE);
}

/* A record cut anywhere is broken, never half a report. */
static void test_cut(void)
{
    g_autoptr(Report) report = rich_report();
    g_autoptr(GBytes) record = pack(report);
    gsize length;
    const void *data = g_bytes_get_data(record, &length);
    for (gsize cut = 0; cut < length; cut++) {
        bool finished;
        g_autoptr(Report) back = unpack(data, cut, &finished);
        g_assert_null(back);
        g_assert_false(finished);
    }
}

/* Whatever one changed byte makes of it, every answer is within bounds. */
static void test_changed(void)
{
    g_autoptr(Report) report = rich_report();
    g_autoptr(GBytes) record = pack(report);
    gsize length;
    const uint8_t *data = g_bytes_get_data(record, &length);
    g_autofree uint8_t *copy = g_memdup2(data, length);
    unsigned kept = 0;
    for (gsize i = 0; i < length; i++) {
        copy[i] ^= 0xff;
        bool finished;
        g_autoptr(Report) back = unpack(copy, length, &finished);
        copy[i] = data[i];
        g_assert_true(!finished || back);
        if (!back)
            continue;
        kept++;
        g_assert_cmpint(back->disposition, <, DISPOSITION_COUNT);
        g_assert_cmpint(back->sender_class, <, SENDER_COUNT);
        g_assert_true(category_is_known(back->category));
        g_assert_cmpuint(back->sensitive, <=, SENSITIVE_ALL);
    }
    g_assert_cmpuint(kept, <, length);
}

/* Each field with a value that no reader of ours would send. */
static void break_field(void (*spoil)(Report *report))
{
    g_autoptr(Report) report = rich_report();
    spoil(report);
    g_autoptr(GBytes) record = pack(report);
    gsize length;
    const void *data = g_bytes_get_data(record, &length);
    bool finished;
    g_autoptr(Report) back = unpack(data, length, &finished);
    g_assert_null(back);
}

static void spoil_category(Report *report)
{
    g_free(report->category);
    report->category = g_strdup("connection/unheard_of");
}

static void spoil_language(Report *report)
{
    g_free(report->language);
    report->language = g_strdup("en; rm");
}

static void spoil_reference(Report *report)
{
    Reference *reference = report->references->pdata[0];
    reference->value->words[0] = '\n';
}

static void spoil_deadline(Report *report)
{
    report->deadline = INT64_MAX;
}

static void spoil_format(Report *report)
{
    report->format = "telepathy";
}

static void spoil_sensitive(Report *report)
{
    report->sensitive = SENSITIVE_ALL + 1;
}

static void test_hostile(void)
{
    break_field(spoil_category);
    break_field(spoil_language);
    break_field(spoil_reference);
    break_field(spoil_deadline);
    break_field(spoil_format);
    break_field(spoil_sensitive);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    g_test_add_func("/report/wire/round-trip", test_round_trip);
    g_test_add_func("/report/wire/unreadable", test_unreadable);
    g_test_add_func("/report/wire/cut", test_cut);
    g_test_add_func("/report/wire/changed", test_changed);
    g_test_add_func("/report/wire/hostile", test_hostile);
    return g_test_run();
}
