/*
 * The report between processes. get treats the other side as hostile: every
 * enum, count, length and character set is checked again, and the first value
 * out of bounds breaks the whole record.
 */
#include "report/category.h"
#include "report/formats.h"
#include "report/report.h"
#include "report/study.h"

#include <string.h>

#define WHY_TEXT_MAX  400
#define NAME_TEXT_MAX 998 /* one header line, RFC 5322 2.1.1 */

void quote_put(const Quote *quote, WireOut *out)
{
    wire_put_u8(out, quote != NULL);
    if (!quote)
        return;
    wire_put_text(out, quote->words);
    wire_put_u32(out, quote->place.part);
    wire_put_u32(out, quote->place.at);
    wire_put_u32(out, quote->place.length);
    wire_put_u32(out, quote->place.raw_at);
    wire_put_u32(out, quote->place.line);
    wire_put_u32(out, quote->place.column);
}

Quote *quote_get(WireIn *in)
{
    if (!wire_get_choice(in, 2))
        return NULL;
    g_autofree char *words = wire_get_text(in, QUOTE_MAX);
    Place place = {.part = (uint16_t)wire_get_count(in, UINT16_MAX),
                   .at = wire_get_count(in, MAIL_TEXT_MAX),
                   .length = wire_get_count(in, MAIL_TEXT_MAX),
                   .raw_at = wire_get_count(in, MAIL_BYTES_MAX),
                   .line = wire_get_count(in, MAIL_BYTES_MAX),
                   .column = wire_get_count(in, COLUMN_MAX + 1)};
    if (!words)
        in->broken = true;
    return in->broken ? NULL : quote_new(words, strlen(words), place);
}

static void put_quotes(const GPtrArray *quotes, WireOut *out)
{
    wire_put_u32(out, quotes->len);
    for (guint i = 0; i < quotes->len; i++)
        quote_put(quotes->pdata[i], out);
}

static void get_quotes(GPtrArray *quotes, WireIn *in)
{
    uint32_t count = wire_get_count(in, WHY_MAX);
    for (uint32_t i = 0; i < count && !in->broken; i++) {
        Quote *quote = quote_get(in);
        if (quote)
            g_ptr_array_add(quotes, quote);
        else
            in->broken = true;
    }
}

void report_put(const Report *report, WireOut *out)
{
    wire_put_u8(out, (uint8_t)report->disposition);
    wire_put_text(out, report->disposition_why);
    wire_put_text(out, report->format);
    wire_put_u8(out, (uint8_t)report->sender_class);
    wire_put_text(out, report->sender_class_why);
    wire_put_text(out, report->reporter_address);
    wire_put_text(out, report->reporter_name);
    wire_put_text(out, report->subject);
    wire_put_text(out, report->claimed_address);
    wire_put_text(out, report->category);
    put_quotes(report->category_why, out);
    wire_put_u32(out, report->sensitive);
    put_quotes(report->sensitive_why, out);
    wire_put_text(out, report->language);
    wire_put_u32(out, report->references->len);
    for (guint i = 0; i < report->references->len; i++) {
        const Reference *reference = report->references->pdata[i];
        quote_put(reference->value, out);
        wire_put_text(out, reference->where);
        wire_put_u8(out, reference->is_inner);
    }
    quote_put(report->deadline_words, out);
    wire_put_i64(out, report->deadline);
    quote_put(report->accusation, out);
    wants_put(report->channels, report->demands, report->works, out);
    losers_put(report->losers, out);
    wire_put_u32(out, report->flags->len);
    for (guint i = 0; i < report->flags->len; i++)
        wire_put_text(out, report->flags->pdata[i]);
    wire_put_i64(out, report->date);
    returned_put(report->returned, out);
    wire_put_text(out, report->first_line);
}

static void get_category(Report *report, WireIn *in)
{
    g_autofree char *category = wire_get_text(in, NAME_TEXT_MAX);
    if (!category || !category_is_known(category)) {
        in->broken = true;
        return;
    }
    g_free(report->category);
    report->category = g_steal_pointer(&category);
}

static void get_format(Report *report, WireIn *in)
{
    g_autofree char *name = wire_get_text(in, NAME_TEXT_MAX);
    const char *known = name ? format_name_known(name) : NULL;
    if (known)
        report->format = known;
    else
        in->broken = true;
}

/* A language is "und" or two or three letters with an optional script. */
static void get_language(Report *report, WireIn *in)
{
    g_autofree char *language = wire_get_text(in, 16);
    size_t length = language ? strlen(language) : 0;
    if (length < 2 ||
        strspn(language, "abcdefghijklmnopqrstuvwxyz"
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-") != length) {
        in->broken = true;
        return;
    }
    g_free(report->language);
    report->language = g_steal_pointer(&language);
}

static void get_references(Report *report, WireIn *in)
{
    uint32_t count = wire_get_count(in, REFERENCES_MAX);
    for (uint32_t i = 0; i < count && !in->broken; i++) {
        g_autoptr(Quote) value = quote_get(in);
        g_autofree char *where = wire_get_text(in, NAME_TEXT_MAX);
        bool is_inner = wire_get_choice(in, 2);
        if (!value || !where || !reference_is_valid(value->words)) {
            in->broken = true;
            return;
        }
        Reference *reference = g_new0(Reference, 1);
        reference->value = g_steal_pointer(&value);
        reference->where = g_steal_pointer(&where);
        reference->is_inner = is_inner;
        g_ptr_array_add(report->references, reference);
    }
}

static void get_flags(Report *report, WireIn *in)
{
    uint32_t count = wire_get_count(in, FLAGS_MAX);
    for (uint32_t i = 0; i < count && !in->broken; i++) {
        g_autofree char *flag = wire_get_text(in, WHY_TEXT_MAX);
        if (flag)
            report_add_flag(report, flag);
        else
            in->broken = true;
    }
}

/* An instant that our arithmetic can bear, or none. */
static Instant get_instant(WireIn *in)
{
    Instant value = wire_get_i64(in);
    if (value != INSTANT_NONE && !instant_is_dated(value))
        in->broken = true;
    return in->broken ? INSTANT_NONE : value;
}

Report *report_get(WireIn *in)
{
    g_autoptr(Report) report = report_new();
    report->disposition = wire_get_choice(in, DISPOSITION_COUNT);
    report->disposition_why = wire_get_text(in, WHY_TEXT_MAX);
    get_format(report, in);
    report->sender_class = wire_get_choice(in, SENDER_COUNT);
    report->sender_class_why = wire_get_text(in, WHY_TEXT_MAX);
    report->reporter_address = wire_get_text(in, ADDRESS_TEXT_MAX);
    report->reporter_name = wire_get_text(in, NAME_TEXT_MAX);
    report->subject = wire_get_text(in, QUOTE_MAX + 8);
    report->claimed_address = wire_get_text(in, ADDRESS_TEXT_MAX);
    get_category(report, in);
    get_quotes(report->category_why, in);
    report->sensitive = wire_get_count(in, SENSITIVE_ALL);
    get_quotes(report->sensitive_why, in);
    get_language(report, in);
    get_references(report, in);
    report->deadline_words = quote_get(in);
    report->deadline = get_instant(in);
    report->accusation = quote_get(in);
    wants_get(report->channels, report->demands, report->works, in);
    losers_get(report->losers, in);
    get_flags(report, in);
    report->date = get_instant(in);
    report->returned = returned_get(in);
    report->first_line = wire_get_text(in, FIRST_LINE_MAX);
    return in->broken ? NULL : g_steal_pointer(&report);
}
