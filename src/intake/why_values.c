/* Which words each answer rests on, and which rule chose it. */
#include "intake/why_values.h"

#include <string.h>

static void value_free(void *data)
{
    Value *value = data;
    g_free(value->answer);
    g_free(value->rule);
    g_ptr_array_unref(value->quotes);
    g_free(value);
}

static Value *add(GPtrArray *values, const char *name, const char *title,
                  const char *answer, const char *rule)
{
    Value *value = g_new0(Value, 1);
    *value = (Value){.name = name,
                     .title = title,
                     .answer = g_strdup(answer),
                     .rule = g_strdup(rule),
                     .quotes = g_ptr_array_new()};
    g_ptr_array_add(values, value);
    return value;
}

static void cite(Value *value, const Quote *quote)
{
    if (quote)
        g_ptr_array_add(value->quotes, (gpointer)quote);
}

static void cite_all(Value *value, const GPtrArray *quotes)
{
    for (guint i = 0; i < quotes->len; i++)
        cite(value, quotes->pdata[i]);
}

static const char *category_rule(const Report *report)
{
    if (strcmp(report->category, "unknown") == 0)
        return "no words of a category weigh enough";
    return report->category_why->len > 0
               ? "these words together weigh most, or a format states it"
               : "a format states it";
}

static void add_judgements(GPtrArray *values, const Report *report)
{
    Value *value = add(values, "disposition", "kind",
                       disposition_word(report->disposition),
                       report->disposition_why ? report->disposition_why : "-");
    value->none = "weighed over the whole text, not by single words";
    value = add(values, "sender_class", "sender",
                sender_class_word(report->sender_class),
                report->sender_class_why ? report->sender_class_why : "-");
    value->none = "the reason names what it rests on";
    value = add(values, "reporter", "reporter", report->reporter_address,
                report->reporter_address
                    ? "the one mailbox of the From field"
                    : "From does not name exactly one mailbox");
    value->none = "it is a header field as a whole";
    value = add(values, "category", "category", report->category,
                category_rule(report));
    cite_all(value, report->category_why);
    value->none = "stated by the format's own field, or by nothing";
    value = add(values, "language", "language", report->language,
                strcmp(report->language, "und") == 0
                    ? "too little text, or no language is clear"
                    : "the sender's own sentences, by letters and stop words");
    value->none = "weighed over the whole text, not by single words";
}

static void add_sensitive(GPtrArray *values, const Report *report)
{
    for (uint32_t bit = 1; bit <= SENSITIVE_ALL; bit <<= 1) {
        if (!(report->sensitive & bit))
            continue;
        Value *value = add(
            values, "sensitive", "sensitive", sensitive_word((Sensitive)bit),
            "one such phrase is enough; no program answers this");
        cite_all(value, report->sensitive_why);
        value->none = "told by the sender or the format, not by words";
    }
}

static void add_references(GPtrArray *values, const Report *report)
{
    for (guint i = 0; i < report->references->len; i++) {
        const Reference *reference = report->references->pdata[i];
        g_autofree char *rule = g_strdup_printf(
            "%s%s%s", reference->is_inner ? "of the passed-on complaint, " : "",
            reference->where,
            i == 0 && report->references->len > 1 ? "; the first of several"
                                                  : "");
        Value *value = add(values, "reference", "reference",
                           reference->value->words, rule);
        cite(value, reference->value);
    }
    if (report->references->len == 0)
        add(values, "reference", "reference", NULL,
            "no label, bracket or header field gives one")
            ->none = "there is none";
}

static void add_deadline(GPtrArray *values, const Report *report)
{
    char text[INSTANT_TEXT_MAX];
    bool is_stated = report->deadline_words != NULL;
    Value *value = add(values, "deadline", "deadline",
                       is_stated ? instant_text(report->deadline, text) : NULL,
                       is_stated ? "a demand with a time to it"
                                 : "no demand has a time to it");
    cite(value, report->deadline_words);
    value->none = "there is none";
}

static void add_accusation(GPtrArray *values, const Report *report)
{
    const Quote *quote = report->accusation;
    Value *value =
        add(values, "accusation", "accuses", quote ? quote->words : NULL,
            quote ? "of all sentences it says most plainly who did "
                    "what"
                  : "no sentence says who did what");
    cite(value, quote);
    value->none = "there is none";
}

static void add_wants(GPtrArray *values, const Report *report)
{
    for (guint i = 0; i < report->channels->len; i++) {
        const Channel *channel = report->channels->pdata[i];
        g_autofree char *answer = g_strdup_printf(
            "%s%s%s", channel_kind_word(channel->kind),
            channel->value ? " " : "", channel->value ? channel->value : "");
        g_autofree char *rule = g_strdup_printf(
            "%s; a wish, no letter goes there by itself", channel->where);
        cite(add(values, "channel", "answer to", answer, rule), channel->quote);
    }
    for (guint i = 0; i < report->demands->len; i++) {
        const Demand *demand = report->demands->pdata[i];
        cite(add(values, "demand", "demands", demand_kind_word(demand->kind),
                 "the first sentence that asks for it"),
             demand->quote);
    }
    for (guint i = 0; i < report->works->len; i++) {
        const NamedWork *work = report->works->pdata[i];
        g_autofree char *answer = g_strdup_printf(
            "%s %s", work_kind_word(work->kind), work->quote->words);
        cite(add(values, "work", "work", answer,
                 "a label, an element or a magnet link names it"),
             work->quote);
    }
}

GPtrArray *values_new(const Report *report)
{
    GPtrArray *values = g_ptr_array_new_with_free_func(value_free);
    add_judgements(values, report);
    add_sensitive(values, report);
    add_references(values, report);
    add_deadline(values, report);
    add_accusation(values, report);
    add_wants(values, report);
    return values;
}

const char *quote_where(const Quote *quote)
{
    if (quote->place.part == PLACE_SUBJECT)
        return "subject";
    if (quote->place.part != PLACE_NOWHERE)
        return "text";
    return quote->place.line > 0 ? "header" : "nowhere";
}

char *quote_place_text(const Quote *quote)
{
    const Place *place = &quote->place;
    if (place->part == PLACE_NOWHERE && place->line == 0)
        return g_strdup("no place in the mail");
    GString *text = g_string_new(NULL);
    if (place->part == PLACE_SUBJECT)
        g_string_append(text, "Subject");
    else if (place->part == PLACE_NOWHERE)
        g_string_append_printf(text, "header, line %u", place->line);
    else
        g_string_append_printf(text, "line %u", place->line);
    if (place->column > 0)
        g_string_append_printf(text, ", column %u", place->column);
    return g_string_free(text, FALSE);
}
