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
} Notice;

static void on_begin(const char *name, const char *const *attributes, int depth,
                     void *data)
{
    Notice *notice = data;
    if (strcmp(name, "Source") == 0)
        notice->source_depth = depth;
    else if (strcmp(name, "Case") == 0)
        notice->case_depth = depth;
}

static Quote **slot_of(Notice *notice, const char *element)
{
    static const struct {
        const char *name;
        size_t slot;
    } SOURCE[] = {
        {"IP_Address", offsetof(Notice, address)},
        {"IPAddress", offsetof(Notice, address)},
        {"IP", offsetof(Notice, address)},
        {"Port", offsetof(Notice, port)},
        {"TimeStamp", offsetof(Notice, time)},
        {"Timestamp", offsetof(Notice, time)},
        {"Type", offsetof(Notice, type)},
        {"SubType", offsetof(Notice, type)},
    };
    if (notice->case_depth && strcmp(element, "ID") == 0)
        return &notice->id;
    for (size_t i = 0; notice->source_depth && i < G_N_ELEMENTS(SOURCE); i++)
        if (strcmp(element, SOURCE[i].name) == 0)
            return (Quote **)((char *)notice + SOURCE[i].slot);
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
    static const char *const WEB[] = {"HTTP", "Web", "FTP", "UGC"};
    bool is_p2p = true;
    for (size_t i = 0; notice->type && i < G_N_ELEMENTS(WEB); i++)
        is_p2p = is_p2p && g_ascii_strcasecmp(notice->type->words, WEB[i]) != 0;
    study_state_category(study,
                         is_p2p ? "copyright/p2p" : "copyright/copyright",
                         quote_copy(notice->type), true);
    study_add_reference(study, g_steal_pointer(&notice->id), "ACNS case");
    Statement *statement = notice->address ? study_add_statement(study) : NULL;
    if (!statement)
        return;
    statement->address = g_steal_pointer(&notice->address);
    statement->port = g_steal_pointer(&notice->port);
    statement->time = g_steal_pointer(&notice->time);
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
    quote_free(notice.type);
}

static bool read_part(Study *study, uint16_t part)
{
    static const char END[] = "</Infringement>";
    const char *text = study_part_text(study, part);
    bool found = false;
    const char *at = text;
    for (int i = 0; i < DOCUMENTS_MAX; i++) {
        at = strstr(at, "<Infringement");
        const char *end = at ? strstr(at, END) : NULL;
        if (!end)
            break;
        size_t length = (size_t)(end - at) + strlen(END);
        if (length <= DOCUMENT_BYTES_MAX) {
            read_document(study, part, (size_t)(at - text), length);
            study_mark(study, part, (size_t)(at - text), length, BLOCK_MACHINE);
            found = true;
        }
        at = end + strlen(END);
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
