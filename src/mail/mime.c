/*
 * GMime builds the tree; we walk it with a stack of our own (32 levels) and
 * keep, for each part, its headers and the place of its body in the raw
 * message. GMime's persistent stream tells the place: a part's content is a
 * window into the stream it was parsed from. Header fields are split again
 * by headers.c from the offset of their first field, so that each has its
 * exact raw bytes and one decoder reads them all.
 *
 * Nothing is ever re-encoded: GMime 3.2.13 can loop for ever on that.
 *
 * A multipart in which GMime finds no part (boundary missing or never used)
 * is a leaf here: its text must not vanish.
 */
#include "mail/mime.h"

#include "base/errors.h"
#include "mail/charset.h"
#include "mail/headers.h"
#include "mail/parts.h"
#include "mail/words.h"

#include <gmime/gmime.h>
#include <string.h>

#define FILENAME_BYTES_MAX 1000

G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeStream, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParser, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeMessage, g_object_unref)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GMimeParserOptions, g_mime_parser_options_free)

/* A node of the tree still to be visited. */
typedef struct {
    GMimeObject *object;   /* borrowed from the message */
    GMimeMessage *message; /* whose body it is, or NULL */
    int parent;
} Node;

typedef struct {
    Mail *mail;
    const char *raw;
    size_t start, length; /* of the raw message */
    GArray *nodes;        /* of Node: a stack */
} Walk;

static void take_warning(gint64 offset, GMimeParserWarning code,
                         const char *item, void *data)
{
    Mail *mail = data;
    switch (code) {
    case GMIME_WARN_TRUNCATED_MESSAGE:
        mail_add_flag(mail, MAIL_FLAG_CUT_SHORT);
        break;
    case GMIME_WARN_MALFORMED_MULTIPART:
    case GMIME_WARN_MALFORMED_MESSAGE:
    case GMIME_CRIT_MULTIPART_WITHOUT_BOUNDARY:
        mail_add_flag(mail, MAIL_FLAG_MALFORMED);
        break;
    case GMIME_CRIT_CONFLICTING_HEADER:
        mail_add_flag(mail, MAIL_FLAG_CONFLICT);
        break;
    case GMIME_CRIT_CONFLICTING_PARAMETER:
        mail_add_flag(mail, MAIL_FLAG_MIME_CONFLICT);
        break;
    case GMIME_CRIT_INVALID_HEADER_NAME:
        mail_add_flag(mail, MAIL_FLAG_GARBAGE);
        break;
    case GMIME_WARN_DUPLICATED_HEADER:
    case GMIME_WARN_DUPLICATED_PARAMETER:
    case GMIME_WARN_UNENCODED_8BIT_HEADER:
    case GMIME_WARN_INVALID_CONTENT_TYPE:
    case GMIME_WARN_INVALID_RFC2047_HEADER_VALUE:
    case GMIME_WARN_INVALID_PARAMETER:
    case GMIME_WARN_INVALID_ADDRESS_LIST:
    case GMIME_CRIT_NESTING_OVERFLOW:
    case GMIME_WARN_PART_WITHOUT_CONTENT:
    case GMIME_CRIT_PART_WITHOUT_HEADERS_OR_CONTENT:
        break;
    }
}

void mime_prepare(void)
{
    static bool is_prepared;
    if (!is_prepared)
        g_mime_init();
    is_prepared = true;
}

/* Offset in raw of the first field of a header list, or SIZE_MAX. */
static size_t first_field(const Walk *walk, GMimeObject *object)
{
    GMimeHeaderList *list = g_mime_object_get_header_list(object);
    size_t first = SIZE_MAX;
    for (int i = 0; i < g_mime_header_list_get_count(list); i++) {
        gint64 at =
            g_mime_header_get_offset(g_mime_header_list_get_header_at(list, i));
        if (at >= 0 && walk->start + (size_t)at < walk->length)
            first = MIN(first, walk->start + (size_t)at);
    }
    return first;
}

/* The raw bytes of a leaf's body; false if GMime has none. */
static bool find_content(const Walk *walk, GMimeObject *object, size_t *at,
                         size_t *length)
{
    if (!GMIME_IS_PART(object))
        return false;
    GMimeDataWrapper *content = g_mime_part_get_content((GMimePart *)object);
    GMimeStream *stream =
        content ? g_mime_data_wrapper_get_stream(content) : NULL;
    if (!stream || stream->bound_start < 0 ||
        stream->bound_end < stream->bound_start)
        return false;
    *at = walk->start + (size_t)stream->bound_start;
    *length = (size_t)(stream->bound_end - stream->bound_start);
    return *at + *length <= walk->length;
}

/* The header fields of a node; for the top of an inner message those of the
 * message, which GMime divides between the two. */
static GPtrArray *node_headers(const Walk *walk, const Node *node,
                               size_t *body_at)
{
    size_t at = first_field(walk, node->object);
    if (node->message)
        at = MIN(at, first_field(walk, (GMimeObject *)node->message));
    size_t content_at, length, end = walk->length;
    if (find_content(walk, node->object, &content_at, &length))
        end = content_at;
    if (at == SIZE_MAX || at > end) {
        *body_at = end;
        HeaderEnd none;
        return headers_parse(walk->raw, end, end, &none);
    }
    HeaderEnd how;
    GPtrArray *headers = headers_parse(walk->raw, at, end, &how);
    *body_at = how.body_at;
    return headers;
}

static char *new_filename(GMimeObject *object)
{
    const char *name =
        g_mime_object_get_content_disposition_parameter(object, "filename");
    if (!name || !*name)
        name = g_mime_object_get_content_type_parameter(object, "name");
    if (!name || !*name)
        return NULL;
    size_t length = strnlen(name, FILENAME_BYTES_MAX);
    g_autofree char *text = charset_new_text(NULL, name, length);
    return words_decode(text, false);
}

static void describe(MailPart *part, GMimeObject *object)
{
    GMimeContentType *type = g_mime_object_get_content_type(object);
    g_autofree char *mime = g_mime_content_type_get_mime_type(type);
    g_autofree char *utf8 = g_utf8_make_valid(mime, -1);
    const char *charset = g_mime_content_type_get_parameter(type, "charset");
    GMimeContentDisposition *disposition =
        g_mime_object_get_content_disposition(object);
    part->content_type = g_ascii_strdown(utf8, -1);
    if (charset && *charset) {
        g_autofree char *valid = g_utf8_make_valid(charset, -1);
        part->charset = g_ascii_strdown(valid, -1);
    }
    part->filename = new_filename(object);
    part->attached =
        disposition && g_mime_content_disposition_is_attachment(disposition);
}

/* Where the body that begins at `at` ends: before the first line that is a
 * boundary of an enclosing multipart. */
static size_t find_body_end(const Walk *walk, const Node *node, size_t at)
{
    const char *begin = walk->raw + at, *end = walk->raw + walk->length;
    g_autoptr(GPtrArray) marks = g_ptr_array_new_with_free_func(g_free);
    for (int i = node->parent; i >= 0;) {
        const MailPart *part = walk->mail->parts->pdata[i];
        if (part->boundary)
            g_ptr_array_add(marks, g_strconcat("--", part->boundary, NULL));
        i = part->parent;
    }
    for (const char *line = begin; line < end;) {
        const char *newline = memchr(line, '\n', (size_t)(end - line));
        size_t length = (size_t)((newline ? newline : end) - line);
        for (guint i = 0; i < marks->len; i++) {
            size_t mark = strlen(marks->pdata[i]);
            if (length >= mark && memcmp(line, marks->pdata[i], mark) == 0)
                return (size_t)(line - walk->raw);
        }
        line = newline ? newline + 1 : end;
    }
    return walk->length;
}

static void push(Walk *walk, GMimeObject *object, GMimeMessage *message,
                 int parent)
{
    Node node = {.object = object, .message = message, .parent = parent};
    if (object)
        g_array_append_val(walk->nodes, node);
}

/* Push the children in reverse, so that they are visited in order. */
static void visit_multipart(Walk *walk, MailPart *part, GMimeObject *object,
                            int index)
{
    GMimeMultipart *multipart = (GMimeMultipart *)object;
    part->kind = PART_MULTIPART;
    part->boundary = g_strdup(g_mime_multipart_get_boundary(multipart));
    if (strcmp(part->content_type, "multipart/signed") == 0)
        mail_add_flag(walk->mail, MAIL_FLAG_NOT_CHECKED);
    for (int i = g_mime_multipart_get_count(multipart); i-- > 0;)
        push(walk, g_mime_multipart_get_part(multipart, i), NULL, index);
}

static bool is_opaque(GMimeObject *object, const MailPart *part)
{
    return strcmp(part->content_type, "multipart/encrypted") == 0 ||
           g_mime_multipart_get_count((GMimeMultipart *)object) == 0;
}

static void visit(Walk *walk, const Node *node)
{
    size_t body_at, content_at, length;
    bool is_top = node->parent < 0;
    GPtrArray *headers = is_top ? NULL : node_headers(walk, node, &body_at);
    MailPart *part = mail_part_add(walk->mail, node->parent, headers);
    if (is_top)
        body_at = walk->mail->body_at;
    int index = (int)walk->mail->parts->len - 1;
    describe(part, node->object);
    part->raw_at = (uint32_t)body_at;
    if (GMIME_IS_MESSAGE_PART(node->object)) {
        GMimeMessage *inner =
            g_mime_message_part_get_message((GMimeMessagePart *)node->object);
        part->kind = PART_MESSAGE;
        push(walk, inner ? g_mime_message_get_mime_part(inner) : NULL, inner,
             index);
    } else if (GMIME_IS_MULTIPART(node->object) &&
               !is_opaque(node->object, part)) {
        visit_multipart(walk, part, node->object, index);
    } else if (find_content(walk, node->object, &content_at, &length)) {
        part->raw_at = (uint32_t)content_at;
        part->raw_length = (uint32_t)length;
    } else if (GMIME_IS_MULTIPART(node->object)) {
        part->raw_length =
            (uint32_t)(find_body_end(walk, node, body_at) - body_at);
    }
}

/* A container reaches as far as its last descendant. */
static void extend_containers(Mail *mail)
{
    for (guint i = mail->parts->len; i-- > 0;) {
        const MailPart *part = mail->parts->pdata[i];
        uint32_t end = part->raw_at + part->raw_length;
        MailPart *parent =
            part->parent >= 0 ? mail->parts->pdata[part->parent] : NULL;
        if (parent && parent->raw_length == 0)
            parent->raw_at = MIN(parent->raw_at, part->raw_at);
        if (parent && end > parent->raw_at + parent->raw_length)
            parent->raw_length = end - parent->raw_at;
    }
}

static bool walk_tree(Walk *walk, GMimeMessage *message, GError **error)
{
    g_autoptr(GArray) nodes = g_array_new(false, false, sizeof(Node));
    walk->nodes = nodes;
    push(walk, g_mime_message_get_mime_part(message), message, -1);
    while (nodes->len > 0) {
        Node node = g_array_index(nodes, Node, nodes->len - 1);
        g_array_set_size(nodes, nodes->len - 1);
        const MailPart *parent =
            node.parent >= 0 ? walk->mail->parts->pdata[node.parent] : NULL;
        if (parent && parent->depth + 1 >= MAIL_DEPTH_MAX) {
            g_set_error(error, DESK_ERROR, DESK_ERROR_LIMIT,
                        "parts nested more than %d deep", MAIL_DEPTH_MAX);
            return false;
        }
        if (walk->mail->parts->len >= MAIL_PARTS_MAX) {
            g_set_error(error, DESK_ERROR, DESK_ERROR_LIMIT,
                        "more than %d parts", MAIL_PARTS_MAX);
            return false;
        }
        visit(walk, &node);
    }
    extend_containers(walk->mail);
    return true;
}

static GMimeMessage *parse_tree(Mail *mail, const char *raw, size_t length)
{
    g_autoptr(GMimeStream) stream =
        g_mime_stream_mem_new_with_buffer(raw, length);
    g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
    g_autoptr(GMimeParserOptions) options = g_mime_parser_options_new();
    g_mime_parser_options_set_warning_callback(options, take_warning, mail);
    g_mime_parser_set_format(parser, GMIME_FORMAT_MESSAGE);
    g_mime_parser_set_persist_stream(parser, true);
    return g_mime_parser_construct_message(parser, options);
}

/* What GMime will not read is one part of plain text. */
static void add_plain_part(Mail *mail, size_t length)
{
    MailPart *part = mail_part_add(mail, -1, NULL);
    part->content_type = g_strdup("text/plain");
    part->raw_at = (uint32_t)mail->body_at;
    part->raw_length = (uint32_t)(length - mail->body_at);
}

bool mime_parse(Mail *mail, size_t start, GError **error)
{
    gsize length;
    const char *raw = g_bytes_get_data(mail->raw, &length);
    Walk walk = {.mail = mail, .raw = raw, .start = start, .length = length};
    g_autoptr(GMimeMessage) message =
        mail->headers->len > 0 ? parse_tree(mail, raw + start, length - start)
                               : NULL;
    if (!message || !g_mime_message_get_mime_part(message)) {
        add_plain_part(mail, length);
        return true;
    }
    return walk_tree(&walk, message, error);
}
