/*
 * XARF v1 to v4 as JSON: a part of its own, an attachment, or in the text.
 *
 * Problem: JSON may stand anywhere, in a mail that may be hostile, in four
 * generations of names. Approach: objects are found by a scanner of our own
 * that knows strings and brackets, keeps no stack and stops at DEPTH_MAX, so
 * that jansson (recursive, 2048 levels) only ever sees a small and shallow
 * text. An object is XARF if it says its version or has a Report or the names
 * of v4. Arrays and JSON lines of reports are read object by object.
 *
 * Senders break the schemas in every way (missing reporter, own classes), and
 * what is there is still a statement. A v4 report that breaks its rules is
 * flagged with each (xarf_valid.c); if its category itself is broken, the
 * mail's words may overrule it. Of older generations no rules are asked.
 */
#include "report/formats.h"

#include "report/category.h"
#include "report/xarf.h"
#include "report/xarf_valid.h"

#include <jansson.h>
#include <string.h>

#define OBJECT_BYTES_MAX (512u * 1024)
#define DEPTH_MAX        32
#define OBJECTS_MAX      2000 /* of one mail */
#define FAILURES_MAX     50   /* braces that begin no object */
#define SOURCES_MAX      1000 /* addresses listed in one report */

static bool may_hold_json(const MailPart *part)
{
    return part->text && strchr(part->text, '{') &&
           (strstr(part->text, "xarf_version") ||
            strstr(part->text, "\"Report\"") ||
            strstr(part->text, "source_identifier") ||
            strstr(part->text, "ReporterInfo"));
}

bool xarf_json_detect(const Study *study)
{
    for (size_t i = 0; i < study->mail->parts->len; i++)
        if (may_hold_json(study->mail->parts->pdata[i]))
            return true;
    return false;
}

/* The length of the JSON object that begins at text ('{'), 0 if it does not
 * end, is too deep or too long. */
static size_t object_length(const char *text, size_t length)
{
    int depth = 0;
    bool in_string = false;
    length = MIN(length, OBJECT_BYTES_MAX);
    for (size_t i = 0; i < length; i++) {
        char c = text[i];
        if (in_string && c == '\\') {
            i++;
        } else if (c == '"') {
            in_string = !in_string;
        } else if (!in_string && (c == '{' || c == '[')) {
            if (++depth > DEPTH_MAX)
                return 0;
        } else if (!in_string && (c == '}' || c == ']')) {
            if (--depth == 0)
                return i + 1;
        }
    }
    return 0;
}

typedef struct {
    Study *study;
    uint16_t part;
    const char *text;  /* of the part */
    size_t at, length; /* of the object in it */
} Found;

/* A quote of a value as it stands in the text; where an escape makes it
 * differ, the value with the object's place. */
static Quote *quote_of(const Found *found, const char *value)
{
    size_t length = strlen(value);
    if (length == 0)
        return NULL;
    const char *object = found->text + found->at;
    const char *at = memmem(object, found->length, value, length);
    if (at)
        return study_quote(found->study, found->part,
                           (size_t)(at - found->text), length);
    length = MIN(length, QUOTE_MAX);
    while (length > 0 && (value[length] & 0xc0) == 0x80)
        length--;
    return quote_new(
        value, length,
        mail_place(found->study->mail, found->part, found->at, found->length));
}

/* A string or number member under the first of the names that is there. */
static Quote *member(const Found *found, const json_t *object,
                     const char *const *names)
{
    for (; *names; names++) {
        const json_t *value = json_object_get(object, *names);
        if (json_is_string(value))
            return quote_of(found, json_string_value(value));
        if (json_is_integer(value)) {
            g_autofree char *digits = g_strdup_printf(
                "%" JSON_INTEGER_FORMAT, json_integer_value(value));
            return quote_of(found, digits);
        }
    }
    return NULL;
}

static const char *text_of(const json_t *object, const char *a, const char *b)
{
    const json_t *value = json_object_get(object, a);
    if (!json_is_string(value) && b)
        value = json_object_get(object, b);
    return json_is_string(value) ? json_string_value(value) : NULL;
}

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* The object that holds the event: Report in v1-v3, the whole in v4. */
static const json_t *event_of(const json_t *root)
{
    const json_t *report = json_object_get(root, "Report");
    if (json_is_object(report))
        return report;
    bool is_v4 = json_object_get(root, "xarf_version") ||
                 (json_object_get(root, "source_identifier") &&
                  json_object_get(root, "type"));
    return is_v4 ? root : NULL;
}

static void fill_statement(const Found *found, const json_t *event,
                           Statement *statement)
{
    const json_t *source = json_object_get(event, "Source");
    statement->address =
        member(found, event,
               NAMES("SourceIp", "SourceIP", "source_identifier", "source_ip"));
    if (!statement->address && json_is_object(source))
        statement->address = member(found, source, NAMES("IP", "Ip"));
    statement->port = member(found, event, NAMES("SourcePort", "source_port"));
    if (!statement->port && json_is_object(source))
        statement->port = member(found, source, NAMES("Port"));
    statement->target = member(found, event,
                               NAMES("DestinationIp", "DestinationIP",
                                     "destination_ip", "target", "target_url"));
    statement->target_port =
        member(found, event, NAMES("DestinationPort", "destination_port"));
    /* The event is dated by Date or timestamp; first and last seen bound the
     * whole of an attack, and stand in where that is missing. */
    statement->time = member(found, event, NAMES("Date", "timestamp"));
    if (!statement->time) {
        statement->time =
            member(found, event, NAMES("FirstSeen", "first_seen"));
        statement->time_last =
            member(found, event, NAMES("LastSeen", "last_seen"));
    }
    statement->protocol = member(
        found, event, NAMES("TransportProtocol", "Protocol", "protocol"));
}

/* v3 lists several hosts as Sources: [{"IP": ...}] or plain strings. */
static void add_listed_sources(const Found *found, const json_t *event,
                               const char *category)
{
    const json_t *list = json_object_get(event, "Sources");
    size_t index;
    const json_t *item;
    json_array_foreach(list, index, item)
    {
        const json_t *address =
            json_is_object(item) ? json_object_get(item, "IP") : item;
        if (index >= SOURCES_MAX || !json_is_string(address))
            continue;
        Statement *statement = study_add_statement(found->study);
        if (!statement)
            return;
        fill_statement(found, event, statement);
        quote_free(statement->address);
        statement->address = quote_of(found, json_string_value(address));
        statement->category = g_strdup(category);
    }
}

/* v4 calls the class "category", older drafts of it "class". */
static const char *category_of(const json_t *event)
{
    const char *type = text_of(event, "ReportType", "type");
    const char *class_name = text_of(event, "ReportClass", "category");
    if (!class_name)
        class_name = text_of(event, "class", NULL);
    const char *category = type ? xarf_category(class_name, type) : NULL;
    const char *method = text_of(event, "Protocol", "protocol");
    if (category && method && strcmp(category, "copyright/copyright") == 0 &&
        g_ascii_strcasecmp(method, "bittorrent") == 0)
        return "copyright/p2p";
    return category;
}

static void add_references(const Found *found, const json_t *root,
                           const json_t *event)
{
    study_add_reference(found->study,
                        member(found, root, NAMES("report_id", "ReportID")),
                        "XARF report_id");
    study_add_reference(
        found->study,
        member(found, event,
               NAMES("ReporterCaseID", "ReportID", "reporter_reference_id")),
        "XARF case id");
}

static bool read_object(const Found *found)
{
    json_error_t error;
    json_t *root =
        json_loadb(found->text + found->at, found->length, 0, &error);
    const json_t *event = root ? event_of(root) : NULL;
    if (!event) {
        if (!root)
            report_add_flag(found->study->report, "machine-part-damaged");
        json_decref(root);
        return false;
    }
    const char *category = category_of(event);
    bool is_firm =
        event != root || xarf_valid_judge(root, found->study->report);
    if (category)
        study_state_category(found->study, category,
                             member(found, event, NAMES("ReportType", "type")),
                             is_firm);
    add_references(found, root, event);
    Statement *statement = study_add_statement(found->study);
    if (statement) {
        fill_statement(found, event, statement);
        statement->category = g_strdup(category);
        if (!statement->address)
            g_ptr_array_remove(found->study->report->statements, statement);
    }
    add_listed_sources(found, event, category);
    study_mark(found->study, found->part, found->at, found->length,
               BLOCK_MACHINE);
    json_decref(root);
    return true;
}

/* Objects that begin at a line's start, behind quote marks and blanks, or in
 * an array of such objects. */
static bool begins_here(const char *text, size_t at)
{
    while (at > 0 && strchr(" \t>[,`", text[at - 1]))
        at--;
    return at == 0 || text[at - 1] == '\n' || text[at - 1] == '}';
}

static size_t read_part(Study *study, uint16_t part, size_t budget)
{
    const char *text = study_part_text(study, part);
    size_t length = strlen(text), found_count = 0, failures = 0;
    const char *brace = text;
    while ((brace = strchr(brace, '{')) && failures < FAILURES_MAX &&
           found_count < budget) {
        Found found = {.study = study,
                       .part = part,
                       .text = text,
                       .at = (size_t)(brace - text)};
        if (begins_here(text, found.at))
            found.length = object_length(brace, length - found.at);
        if (found.length > 0 && read_object(&found))
            found_count++;
        else
            failures += found.length > 0 || begins_here(text, found.at);
        brace += MAX(found.length, 1);
    }
    return found_count;
}

bool xarf_json_read(Study *study)
{
    size_t found = 0;
    for (size_t i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        if (study_is_within(study, i, USE_SAMPLE) ||
            study->uses[i] == USE_MACHINE || !may_hold_json(part))
            continue;
        found += read_part(study, (uint16_t)i, OBJECTS_MAX - found);
    }
    if (found > 0 && study->sender_class == SENDER_UNKNOWN) {
        study->sender_class = SENDER_AUTOMATED;
        study->sender_why = "a XARF report";
    }
    return found > 0;
}

void xarf_json_prepare(void)
{
    /* jansson seeds its hash from /dev/urandom at first use; do it while
     * there still are files. */
    json_object_seed(0);
}
