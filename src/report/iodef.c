/*
 * IODEF: an <IODEF-Document> of a CERT or its tools, attached or in the text.
 *
 * Authority: RFC 5070 (version 1), RFC 7970 (version 2); the parts used here
 * are the same in both, and namespaces are ignored.
 *
 * Incident and EventData hold times and flows, a Flow the Systems of both
 * sides. EventData may be nested and inherits the times of what holds it. The
 * schema puts times in front of flows, so one pass with a short stack will do:
 * each accused System (category "source", or none) becomes Statements when
 * its Flow, or lacking that its EventData, ends. Sensors, intermediate systems
 * and infrastructure are nobody's fault.
 */
#include "report/formats.h"

#include "base/xml.h"

#include <string.h>

#define MARK               "IODEF-Document"
#define DOCUMENT_BYTES_MAX (4u * 1024 * 1024)
#define DOCUMENTS_MAX      100  /* of one part */
#define LEVELS_MAX         16   /* of Incident and EventData */
#define SOURCES_MAX        1000 /* of one flow */

bool iodef_detect(const Study *study)
{
    for (size_t i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        if (part->text && strstr(part->text, MARK))
            return true;
    }
    return false;
}

typedef struct {
    int depth;
    Quote *start, *detect, *end;
} Level;

typedef enum { SIDE_NONE, SIDE_SOURCE, SIDE_TARGET } Side;

typedef struct {
    Quote *address, *port;
    const char *protocol; /* static, or NULL */
} Endpoint;

typedef struct {
    Study *study;
    uint16_t part;
    size_t at; /* of the document in the part's text */
    Level levels[LEVELS_MAX];
    int level_count;
    int flow_depth, system_depth; /* 0 = not inside */
    Side side;                    /* of the system */
    bool is_address;              /* the element is an IP address */
    guint first;                  /* of the system's endpoints in sources */
    GArray *sources;              /* of Endpoint, of this flow */
    Endpoint target;
} Document;

static void endpoint_clear(void *data)
{
    Endpoint *endpoint = data;
    g_clear_pointer(&endpoint->address, quote_free);
    g_clear_pointer(&endpoint->port, quote_free);
}

static void level_clear(Level *level)
{
    quote_free(level->start);
    quote_free(level->detect);
    quote_free(level->end);
}

static Quote *quote_of(const Document *document, const XmlValue *value)
{
    return study_quote(document->study, document->part,
                       document->at + value->at, value->length);
}

/* --- begin tags --- */

static bool is_level(const char *name)
{
    return strcmp(name, "Incident") == 0 || strcmp(name, "EventData") == 0;
}

static Side side_of(const char *const *attributes)
{
    const char *category = xml_attribute(attributes, "category");
    if (!category || g_ascii_strcasecmp(category, "source") == 0)
        return SIDE_SOURCE;
    return g_ascii_strcasecmp(category, "target") == 0 ? SIDE_TARGET
                                                       : SIDE_NONE;
}

static const char *protocol_of(const char *const *attributes)
{
    static const char *const NUMBERS[][2] = {
        {"1", "icmp"}, {"6", "tcp"}, {"17", "udp"}, {"58", "icmp"}};
    const char *number = xml_attribute(attributes, "ip_protocol");
    if (!number)
        number = xml_attribute(attributes, "ip-protocol");
    for (size_t i = 0; number && i < G_N_ELEMENTS(NUMBERS); i++)
        if (strcmp(number, NUMBERS[i][0]) == 0)
            return NUMBERS[i][1];
    return NULL;
}

/* What an Impact is of, where that is a category of ours. */
static const char *category_of_impact(const char *type)
{
    static const char *const IMPACTS[][2] = {
        {"dos", "connection/ddos"},
        {"recon", "connection/port_scan"},
        {"social-engineering", "content/phishing"}};
    for (size_t i = 0; type && i < G_N_ELEMENTS(IMPACTS); i++)
        if (g_ascii_strcasecmp(type, IMPACTS[i][0]) == 0)
            return IMPACTS[i][1];
    return NULL;
}

static void set_protocol(Document *document, const char *protocol)
{
    if (document->side == SIDE_TARGET)
        document->target.protocol = protocol;
    for (guint i = document->first;
         document->side == SIDE_SOURCE && i < document->sources->len; i++)
        g_array_index(document->sources, Endpoint, i).protocol = protocol;
}

static void on_begin(const char *name, const char *const *attributes, int depth,
                     void *data)
{
    Document *document = data;
    document->is_address = false;
    if (is_level(name) && document->level_count < LEVELS_MAX) {
        document->levels[document->level_count++] = (Level){.depth = depth};
    } else if (strcmp(name, "Flow") == 0) {
        document->flow_depth = depth;
    } else if (strcmp(name, "System") == 0) {
        document->system_depth = depth;
        document->side = side_of(attributes);
        document->first = document->sources->len;
    } else if (strcmp(name, "Address") == 0) {
        const char *kind = xml_attribute(attributes, "category");
        document->is_address =
            !kind || g_ascii_strncasecmp(kind, "ipv", 3) == 0;
    } else if (strcmp(name, "Service") == 0 && document->system_depth) {
        set_protocol(document, protocol_of(attributes));
    } else if (strcmp(name, "Impact") == 0 ||
               strcmp(name, "SystemImpact") == 0) {
        const char *category =
            category_of_impact(xml_attribute(attributes, "type"));
        if (category)
            study_state_category(document->study, category, NULL, false);
    }
}

/* --- end tags --- */

static void take_address(Document *document, const XmlValue *value)
{
    Endpoint source = {0};
    if (document->side == SIDE_TARGET && !document->target.address)
        document->target.address = quote_of(document, value);
    if (document->side != SIDE_SOURCE || document->sources->len >= SOURCES_MAX)
        return;
    source.address = quote_of(document, value);
    g_array_append_val(document->sources, source);
}

/* "22" is a port, "22,80" and "1-1024" are none that could be matched. */
static void take_port(Document *document, const XmlValue *value)
{
    if (strspn(value->text, "0123456789") != strlen(value->text))
        return;
    if (document->side == SIDE_TARGET && !document->target.port)
        document->target.port = quote_of(document, value);
    for (guint i = document->first;
         document->side == SIDE_SOURCE && i < document->sources->len; i++) {
        Endpoint *source = &g_array_index(document->sources, Endpoint, i);
        if (!source->port)
            source->port = quote_of(document, value);
    }
}

static void take_time(Document *document, const char *name,
                      const XmlValue *value)
{
    if (document->level_count == 0)
        return;
    Level *level = &document->levels[document->level_count - 1];
    Quote **slot = strcmp(name, "StartTime") == 0    ? &level->start
                   : strcmp(name, "DetectTime") == 0 ? &level->detect
                   : strcmp(name, "EndTime") == 0    ? &level->end
                                                     : NULL;
    if (slot && !*slot)
        *slot = quote_of(document, value);
}

/* The nearest level that states a time says all of them. */
static const Level *level_with_time(const Document *document)
{
    for (int i = document->level_count; i-- > 0;)
        if (document->levels[i].start || document->levels[i].detect)
            return &document->levels[i];
    return NULL;
}

static void hand_over(Document *document)
{
    const Level *level = level_with_time(document);
    for (guint i = 0; i < document->sources->len; i++) {
        Endpoint *source = &g_array_index(document->sources, Endpoint, i);
        Statement *statement = study_add_statement(document->study);
        if (!statement)
            break;
        const char *protocol =
            source->protocol ? source->protocol : document->target.protocol;
        statement->address = g_steal_pointer(&source->address);
        statement->port = g_steal_pointer(&source->port);
        statement->target = quote_copy(document->target.address);
        statement->target_port = quote_copy(document->target.port);
        if (protocol)
            statement->protocol = quote_new(protocol, strlen(protocol),
                                            (Place){.part = PLACE_NOWHERE});
        if (level) {
            statement->time =
                quote_copy(level->start ? level->start : level->detect);
            statement->time_last = quote_copy(level->end);
        }
    }
    g_array_set_size(document->sources, 0);
    endpoint_clear(&document->target);
    document->target.protocol = NULL;
    document->first = 0;
}

static void take_value(Document *document, const char *name,
                       const XmlValue *value)
{
    if (document->is_address && strcmp(name, "Address") == 0)
        take_address(document, value);
    else if (document->system_depth && strcmp(name, "Port") == 0)
        take_port(document, value);
    else if (strcmp(name, "IncidentID") == 0 && document->level_count == 1)
        study_add_reference(document->study, quote_of(document, value),
                            "IODEF incident");
    else
        take_time(document, name, value);
}

static void on_end(const char *name, const XmlValue *value, int depth,
                   void *data)
{
    Document *document = data;
    if (value->length > 0)
        take_value(document, name, value);
    document->is_address = false;
    if (depth == document->system_depth)
        document->system_depth = 0;
    if (depth == document->flow_depth) {
        hand_over(document);
        document->flow_depth = 0;
    }
    if (document->level_count > 0 &&
        document->levels[document->level_count - 1].depth == depth) {
        hand_over(document);
        level_clear(&document->levels[--document->level_count]);
    }
}

/* --- the whole --- */

static void read_document(Study *study, uint16_t part, size_t at, size_t length)
{
    static const XmlReader READER = {on_begin, on_end};
    Document document = {.study = study, .part = part, .at = at};
    document.sources = g_array_new(FALSE, FALSE, sizeof(Endpoint));
    g_array_set_clear_func(document.sources, endpoint_clear);
    const char *text = study_part_text(study, part) + at;
    if (!xml_walk(text, length, &READER, &document))
        report_add_flag(study->report, "machine-part-damaged");
    hand_over(&document);
    while (document.level_count > 0)
        level_clear(&document.levels[--document.level_count]);
    g_array_unref(document.sources);
}

static bool read_part(Study *study, uint16_t part)
{
    const char *text = study_part_text(study, part), *at = text;
    bool found = false;
    for (int i = 0; i < DOCUMENTS_MAX && (at = strstr(at, MARK)); i++) {
        const char *begin = at;
        while (begin > text && *begin != '<' && at - begin < 40)
            begin--;
        const char *end = strstr(at + strlen(MARK), MARK ">");
        if (*begin != '<' || !end)
            break;
        at = end + strlen(MARK ">");
        size_t offset = (size_t)(begin - text), length = (size_t)(at - begin);
        if (length > DOCUMENT_BYTES_MAX)
            continue;
        read_document(study, part, offset, length);
        study_mark(study, part, offset, length, BLOCK_MACHINE);
        found = true;
    }
    return found;
}

bool iodef_read(Study *study)
{
    bool found = false;
    for (size_t i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        if (part->text && study->uses[i] == USE_READ &&
            !study_is_within(study, i, USE_SAMPLE) && strstr(part->text, MARK))
            found = read_part(study, (uint16_t)i) || found;
    }
    if (found && study->sender_class == SENDER_UNKNOWN) {
        study->sender_class = SENDER_AUTOMATED;
        study->sender_why = "an IODEF document";
    }
    return found;
}
