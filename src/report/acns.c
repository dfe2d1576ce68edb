/*
 * ACNS: an <Infringement> document of a rights holder's robot, attached, or
 * pasted into the text, often between dashes.
 *
 * Authority: Automated Copyright Notice System 1.1 and 1.2 (acns.net); the
 * dialects of several agents differ in names below Source.
 *
 * Read by expat from "<Infringement" to its end tag, as UTF-8 whatever the
 * declaration says (the mail part is decoded already). A DOCTYPE ends the
 * reading: entities are never needed here, and are an old weapon. What was
 * read before damage (a bare '&' in a title) still counts.
 */
#include "report/formats.h"

#include <expat.h>
#include <string.h>

#define DOCUMENT_BYTES_MAX (1024u * 1024)
#define DOCUMENTS_MAX      500 /* of one part */
#define DEPTH_MAX          32
#define VALUE_BYTES_MAX    200

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
    XML_Parser parser;
    Study *study;
    uint16_t part;
    size_t at; /* of the document in the part's text */
    int depth, source_depth, case_depth; /* 0 = not inside */
    char element[40]; /* the innermost, if it may hold a value */
    size_t value_at;  /* of its text in the document */
    GString *value;
    Quote *id, *address, *port, *time, *type;
} Notice;

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

static void XMLCALL on_start(void *data, const char *name,
                             const char **attributes)
{
    Notice *notice = data;
    const char *local = local_name(name);
    if (++notice->depth > DEPTH_MAX)
        XML_StopParser(notice->parser, XML_FALSE);
    if (strcmp(local, "Source") == 0)
        notice->source_depth = notice->depth;
    else if (strcmp(local, "Case") == 0)
        notice->case_depth = notice->depth;
    g_strlcpy(notice->element, local, sizeof notice->element);
    g_string_truncate(notice->value, 0);
}

static void XMLCALL on_text(void *data, const char *text, int length)
{
    Notice *notice = data;
    if (notice->element[0] == '\0' ||
        notice->value->len + (size_t)length > VALUE_BYTES_MAX)
        return;
    if (notice->value->len == 0)
        notice->value_at = (size_t)XML_GetCurrentByteIndex(notice->parser);
    g_string_append_len(notice->value, text, length);
}

static Quote **slot_of(Notice *notice)
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
    if (notice->case_depth && strcmp(notice->element, "ID") == 0)
        return &notice->id;
    for (size_t i = 0; notice->source_depth && i < G_N_ELEMENTS(SOURCE); i++)
        if (strcmp(notice->element, SOURCE[i].name) == 0)
            return (Quote **)((char *)notice + SOURCE[i].slot);
    return NULL;
}

static void XMLCALL on_end(void *data, const char *name)
{
    Notice *notice = data;
    Quote **slot = notice->value->len > 0 ? slot_of(notice) : NULL;
    if (slot && !*slot)
        *slot = study_quote(notice->study, notice->part,
                            notice->at + notice->value_at, notice->value->len);
    notice->element[0] = '\0';
    if (notice->depth == notice->source_depth)
        notice->source_depth = 0;
    if (notice->depth == notice->case_depth)
        notice->case_depth = 0;
    notice->depth--;
}

static void XMLCALL on_doctype(void *data, const char *name,
                               const char *system_id, const char *public_id,
                               int has_internal)
{
    Notice *notice = data;
    report_add_flag(notice->study->report, "machine-part-damaged");
    XML_StopParser(notice->parser, XML_FALSE);
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
    Notice notice = {.study = study,
                     .part = part,
                     .at = at,
                     .value = g_string_new(NULL),
                     .parser = XML_ParserCreate("UTF-8")};
    XML_SetUserData(notice.parser, &notice);
    XML_SetHashSalt(notice.parser, 1 + (unsigned long)length);
    XML_SetElementHandler(notice.parser, on_start, on_end);
    XML_SetCharacterDataHandler(notice.parser, on_text);
    XML_SetStartDoctypeDeclHandler(notice.parser, on_doctype);
    const char *text = study_part_text(study, part) + at;
    if (XML_Parse(notice.parser, text, (int)length, XML_TRUE) != XML_STATUS_OK)
        report_add_flag(study->report, "machine-part-damaged");
    hand_over(&notice);
    quote_free(notice.id);
    quote_free(notice.address);
    quote_free(notice.port);
    quote_free(notice.time);
    quote_free(notice.type);
    g_string_free(notice.value, TRUE);
    XML_ParserFree(notice.parser);
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
