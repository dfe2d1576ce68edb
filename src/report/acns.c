/*
 * ACNS: an <Infringement> document of a rights holder's robot, attached, or
 * pasted into the text, often between dashes.
 *
 * Authority: Automated Copyright Notice System 1.1 and 1.2 (acns.net); the
 * dialects of several agents differ in names below Source.
 *
 * Read from "<Infringement" to its end tag; the mail part is decoded already,
 * so what the declaration says of its charset does not count. What was read
 * before damage (a bare '&' in a title) still counts.
 */
#include "report/formats.h"

#include "base/xml.h"

#include <string.h>

#define DOCUMENT_BYTES_MAX (1024u * 1024)
#define DOCUMENTS_MAX      500 /* of one part */

bool acns_detect(const Study *study)
{
    for (size_t i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        if (part->text && strstr(part->text, "<Infringement"))
            return true;
    }
    return false;
}

typedef struct {
    Study *study;
    uint16_t part;
    size_t at;                    /* of the document in the part's text */
    int source_depth, case_depth; /* 0 = not inside */
    Quote *id, *address, *port, *time, *type;
    Quote *item_time; /* of the first Item, where Source has none */
    bool is_web;      /* <SubType BaseType="WEB"/> of 1.2 */
} Notice;

static bool is_web_type(const char *type)
{
    static const char *const WEB[] = {"HTTP", "HTTPS", "Web", "FTP", "UGC"};
    for (size_t i = 0; i < G_N_ELEMENTS(WEB); i++)
        if (g_ascii_strcasecmp(type, WEB[i]) == 0)
            return true;
    return false;
}

static void on_begin(const char *name, const char *const *attributes, int depth,
                     void *data)
{
    Notice *notice = data;
    const char *base = xml_attribute(attributes, "BaseType");
    if (g_ascii_strcasecmp(name, "Source") == 0)
        notice->source_depth = depth;
    else if (g_ascii_strcasecmp(name, "Case") == 0)
        notice->case_depth = depth;
    else if (notice->source_depth && base)
        notice->is_web = is_web_type(base);
}

/* "IP_Address", "IPAddress" and "ip_address" are one. */
static bool is_named(const char *element, const char *name)
{
    for (; *element; element++) {
        if (*element == '_' || *element == '-')
            continue;
        if (g_ascii_tolower(*element) != *name++)
            return false;
    }
    return *name == '\0';
}

static Quote **slot_of(Notice *notice, const char *element)
{
    static const struct {
        const char *name;
        size_t slot;
    } SOURCE[] = {
        {"ipaddress", offsetof(Notice, address)},
        {"ip", offsetof(Notice, address)},
        {"ipv6address", offsetof(Notice, address)},
        {"port", offsetof(Notice, port)},
        {"portnumber", offsetof(Notice, port)},
        {"timestamp", offsetof(Notice, time)},
        {"type", offsetof(Notice, type)},
        {"subtype", offsetof(Notice, type)},
    };
    if (notice->case_depth && is_named(element, "id"))
        return &notice->id;
    for (size_t i = 0; notice->source_depth && i < G_N_ELEMENTS(SOURCE); i++)
        if (is_named(element, SOURCE[i].name))
            return (Quote **)((char *)notice + SOURCE[i].slot);
    if (!notice->source_depth && !notice->case_depth &&
        is_named(element, "timestamp"))
        return &notice->item_time;
    return NULL;
}

static void on_end(const char *name, const XmlValue *value, int depth,
                   void *data)
{
    Notice *notice = data;
    Quote **slot = value->length > 0 ? slot_of(notice, name) : NULL;
    if (slot && !*slot)
        *slot = study_quote(notice->study, notice->part, notice->at + value->at,
                            value->length);
    if (depth == notice->source_depth)
        notice->source_depth = 0;
    if (depth == notice->case_depth)
        notice->case_depth = 0;
}

static void hand_over(Notice *notice)
{
    Study *study = notice->study;
    bool is_web =
        notice->is_web || (notice->type && is_web_type(notice->type->words));
    study_state_category(study,
                         is_web ? "copyright/copyright" : "copyright/p2p",
                         quote_copy(notice->type), true);
    study_add_reference(study, g_steal_pointer(&notice->id), "ACNS case");
    Statement *statement = notice->address ? study_add_statement(study) : NULL;
    if (!statement)
        return;
    statement->address = g_steal_pointer(&notice->address);
    statement->port = g_steal_pointer(&notice->port);
    statement->time = notice->time ? g_steal_pointer(&notice->time)
                                   : g_steal_pointer(&notice->item_time);
}

static void read_document(Study *study, uint16_t part, size_t at, size_t length)
{
    static const XmlReader READER = {on_begin, on_end};
    Notice notice = {.study = study, .part = part, .at = at};
    const char *text = study_part_text(study, part) + at;
    if (!xml_walk(text, length, &READER, &notice))
        report_add_flag(study->report, "machine-part-damaged");
    hand_over(&notice);
    quote_free(notice.id);
    quote_free(notice.address);
    quote_free(notice.port);
    quote_free(notice.time);
    quote_free(notice.item_time);
    quote_free(notice.type);
}

/* A document without end tag reaches as far as the text, and is damaged. */
static size_t document_length(const char *at)
{
    static const char END[] = "</Infringement>";
    const char *end = strstr(at, END);
    return end ? (size_t)(end - at) + strlen(END) : strlen(at);
}

static bool read_part(Study *study, uint16_t part)
{
    const char *text = study_part_text(study, part);
    bool found = false;
    const char *at = text;
    for (int i = 0; i < DOCUMENTS_MAX; i++) {
        at = strstr(at, "<Infringement");
        if (!at)
            break;
        size_t length = document_length(at);
        if (length <= DOCUMENT_BYTES_MAX) {
            read_document(study, part, (size_t)(at - text), length);
            study_mark(study, part, (size_t)(at - text), length, BLOCK_MACHINE);
            found = true;
        }
        at += length;
    }
    return found;
}

bool acns_read(Study *study)
{
    bool found = false;
    for (size_t i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        if (part->text && study->uses[i] == USE_READ &&
            !study_is_within(study, i, USE_SAMPLE) &&
            strstr(part->text, "<Infringement"))
            found = read_part(study, (uint16_t)i) || found;
    }
    if (found && study->sender_class == SENDER_UNKNOWN) {
        study->sender_class = SENDER_RIGHTS_HOLDER;
        study->sender_why = "an ACNS notice";
    }
    return found;
}
