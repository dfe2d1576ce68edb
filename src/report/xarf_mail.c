/*
 * X-ARF 0.1 and 0.2 (2010-2014), still sent: a mail with X-XARF: PLAIN, SECURE
 * or BULK, whose second part is a YAML-like list of "Name: value", and whose
 * third is the evidence.
 *
 * Tolerated: the header missing, or "X-ARF: yes"; the part not named
 * report.txt, or inline in the text; blanks around colons. It is known by its
 * own fields: Report-Type together with Source or Reported-From.
 *
 * Only that one level of "Name: value" is read; YAML proper is never needed
 * and its readers are a hazard.
 */
#include "report/formats.h"

#include "report/lines.h"
#include "report/xarf.h"

#include <string.h>

#define LINES_MAX      400
#define PARTS_READ_MAX 20

typedef struct {
    Study *study;
    uint16_t part;
    const char *text;
    Quote *category, *type, *source, *port, *date, *target, *target_port;
    Quote *protocol, *report_id, *reported_from;
} Fields;

static void fields_clear(Fields *fields)
{
    quote_free(fields->category);
    quote_free(fields->type);
    quote_free(fields->source);
    quote_free(fields->port);
    quote_free(fields->date);
    quote_free(fields->target);
    quote_free(fields->target_port);
    quote_free(fields->protocol);
    quote_free(fields->report_id);
    quote_free(fields->reported_from);
}

bool xarf_mail_detect(const Study *study)
{
    if (mail_header(study->mail, "X-XARF") || mail_header(study->mail, "X-ARF"))
        return true;
    for (size_t i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        if (part->text && strstr(part->text, "Report-Type"))
            return true;
    }
    return false;
}

static Quote **slot_of(Fields *fields, Line name)
{
    if (line_is(name, "Category"))
        return &fields->category;
    if (line_is(name, "Report-Type"))
        return &fields->type;
    if (line_is(name, "Source"))
        return &fields->source;
    if (line_is(name, "Source-Port"))
        return &fields->port;
    if (line_is(name, "Date"))
        return &fields->date;
    if (line_is(name, "Destination"))
        return &fields->target;
    /* Port is the attacked one (schemas 0.1: "port of the service"). */
    if (line_is(name, "Port") || line_is(name, "Destination-Port"))
        return &fields->target_port;
    if (line_is(name, "Protocol"))
        return &fields->protocol;
    if (line_is(name, "Report-ID"))
        return &fields->report_id;
    if (line_is(name, "Reported-From"))
        return &fields->reported_from;
    return NULL;
}

/* Read the fields from offset at; where they end. */
static size_t read_fields(Fields *fields, size_t length, size_t at)
{
    size_t cursor = at, end = at;
    Line line, name, value;
    for (int i = 0; i < LINES_MAX; i++) {
        if (!line_next(fields->text, length, &cursor, &line))
            break;
        Line bare = line_bare(line);
        if (bare.length > 0 && !line_field(bare, &name, &value))
            break;
        end = cursor;
        Quote **slot = bare.length > 0 ? slot_of(fields, name) : NULL;
        if (slot && !*slot && value.length > 0)
            *slot =
                study_quote(fields->study, fields->part,
                            (size_t)(value.at - fields->text), value.length);
    }
    return end;
}

/* Where the run of fields around Report-Type begins, or SIZE_MAX. */
static size_t find_fields(const char *text, size_t length)
{
    size_t cursor = 0, begin = SIZE_MAX, at = 0;
    Line line, name, value;
    while (line_next(text, length, &cursor, &line)) {
        Line bare = line_bare(line);
        bool is_field = bare.length > 0 && line_field(bare, &name, &value);
        if (!is_field)
            begin = SIZE_MAX;
        else if (begin == SIZE_MAX)
            begin = at;
        if (is_field && line_is(name, "Report-Type"))
            return begin;
        at = cursor;
    }
    return SIZE_MAX;
}

/* The types of 0.1/0.2, and the category where the type says nothing. */
static const char *category_of(const Fields *fields)
{
    const char *type = fields->type->words;
    const char *category = xarf_category(NULL, type);
    if (category || !fields->category)
        return category;
    return xarf_category(NULL, fields->category->words);
}

static void hand_over(Fields *fields)
{
    Study *study = fields->study;
    const char *category = category_of(fields);
    if (category)
        study_state_category(study, category, quote_copy(fields->type), true);
    study_add_reference(study, g_steal_pointer(&fields->report_id),
                        "X-ARF Report-ID");
    Statement *statement = fields->source ? study_add_statement(study) : NULL;
    if (!statement)
        return;
    statement->address = g_steal_pointer(&fields->source);
    statement->port = g_steal_pointer(&fields->port);
    statement->target = g_steal_pointer(&fields->target);
    statement->target_port = g_steal_pointer(&fields->target_port);
    statement->time = g_steal_pointer(&fields->date);
    statement->protocol = g_steal_pointer(&fields->protocol);
    statement->category = g_strdup(category);
}

static bool read_part(Study *study, uint16_t part)
{
    Fields fields = {
        .study = study, .part = part, .text = study_part_text(study, part)};
    size_t length = strlen(fields.text);
    size_t begin = find_fields(fields.text, length);
    if (begin == SIZE_MAX)
        return false;
    size_t end = read_fields(&fields, length, begin);
    bool found = fields.type && (fields.source || fields.reported_from);
    if (found) {
        study_mark(study, part, begin, end - begin, BLOCK_MACHINE);
        hand_over(&fields);
    }
    fields_clear(&fields);
    return found;
}

bool xarf_mail_read(Study *study)
{
    bool found = false;
    size_t tried = 0;
    for (size_t i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        if (!part->text || study->uses[i] != USE_READ ||
            study_is_within(study, i, USE_SAMPLE) ||
            !strstr(part->text, "Report-Type") || tried++ >= PARTS_READ_MAX)
            continue;
        found = read_part(study, (uint16_t)i) || found;
    }
    if (found && study->sender_class == SENDER_UNKNOWN) {
        study->sender_class = SENDER_AUTOMATED;
        study->sender_why = "an X-ARF report";
    }
    return found;
}
