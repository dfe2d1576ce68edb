/*
 * Problem: to bound what the MIME parser will build without parsing MIME.
 *
 * Approach: a line machine with two states, "in a header block" and "in a
 * body". A block begins the message, follows every line that equals a
 * declared boundary, and follows the blank line of a block whose Content-Type
 * is a message. Boundaries are collected from every Content-Type field seen
 * in a block, wherever it stands: a superset of those that the parser will
 * honour, so nothing that it counts escapes us, while the many "--" lines of
 * a diff or a signature do not count. Only if a boundary is written in a way
 * we do not read (RFC 2231 continuations, comments) does every "--" line
 * count.
 *
 * One pass, a hash lookup a "--" line, no recursion. Rejected: counting all
 * "--" lines (refuses real mail with patches), and trusting rlimits alone (a
 * person would see "the parser died" instead of the reason).
 */
#include "mail/prescan.h"

#include "base/errors.h"
#include "mail/mail.h"

#include <string.h>

typedef enum { FIELD_OTHER, FIELD_ADDRESS, FIELD_MIME, FIELD_TYPE } FieldKind;

typedef struct {
    const char *at, *end; /* what is left */
    uint32_t line;
    bool in_block, is_part_block, is_first_line;
    bool block_is_message, block_has_type;
    bool has_digest, count_all_dashes;
    const char *block_at, *field_at;
    FieldKind field;
    uint32_t block_headers, all_headers, parts, marks, bare_names;
    GHashTable *boundaries;
    GString *type; /* the Content-Type field that is being read */
} Prescan;

static bool refuse(const Prescan *scan, const char *what, GError **error)
{
    g_set_error(error, DESK_ERROR, DESK_ERROR_LIMIT, "%s (line %u)", what,
                scan->line);
    return false;
}

static bool starts_with(const char *at, const char *end, const char *word)
{
    size_t length = strlen(word);
    return (size_t)(end - at) >= length &&
           g_ascii_strncasecmp(at, word, length) == 0;
}

/* Is the line a field of that name, blanks before the colon allowed? */
static bool is_field(const char *at, const char *end, const char *name)
{
    if (!starts_with(at, end, name))
        return false;
    at += strlen(name);
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    return at < end && *at == ':';
}

static FieldKind field_kind(const char *at, const char *end)
{
    static const char *const addresses[] = {"from",
                                            "to",
                                            "cc",
                                            "bcc",
                                            "sender",
                                            "reply-to",
                                            "resent-to",
                                            "resent-cc",
                                            "resent-from",
                                            "resent-bcc",
                                            "resent-sender",
                                            "resent-reply-to",
                                            "return-path",
                                            "disposition-notification-to",
                                            "mail-followup-to",
                                            "mail-reply-to"};
    if (is_field(at, end, "content-type"))
        return FIELD_TYPE;
    if (starts_with(at, end, "content-"))
        return FIELD_MIME;
    for (size_t i = 0; i < G_N_ELEMENTS(addresses); i++)
        if (is_field(at, end, addresses[i]))
            return FIELD_ADDRESS;
    return FIELD_OTHER;
}

/* Read the value behind "boundary"; false if it is written in a form we do
 * not read. Escapes in quotes are undone as the parser does. */
static bool read_boundary(const char *at, GString *boundary)
{
    at += strspn(at, " \t\r\n");
    if (*at++ != '=')
        return false;
    at += strspn(at, " \t\r\n");
    if (*at == '(')
        return false;
    bool is_quoted = *at == '"';
    if (is_quoted)
        at++;
    for (; *at; at++) {
        if (is_quoted ? *at == '"' : strchr("; \t\r\n", *at) != NULL)
            break;
        if (is_quoted && *at == '\\' && at[1])
            at++;
        if (*at != '\r' && *at != '\n')
            g_string_append_c(boundary, *at);
    }
    return boundary->len > 0;
}

static bool take_boundaries(Prescan *scan, GError **error)
{
    const char *at = scan->type->str;
    while ((at = strcasestr(at, "boundary"))) {
        g_autoptr(GString) boundary = g_string_new("--");
        at += strlen("boundary");
        if (!read_boundary(at, boundary)) {
            scan->count_all_dashes = true;
            continue;
        }
        while (boundary->len > 2 &&
               g_ascii_isspace(boundary->str[boundary->len - 1]))
            g_string_truncate(boundary, boundary->len - 1);
        if (boundary->len > PRESCAN_BOUNDARY_MAX + 2)
            return refuse(scan, "a boundary of more than 256 bytes", error);
        g_hash_table_add(scan->boundaries, g_strdup(boundary->str));
        if (g_hash_table_size(scan->boundaries) > MAIL_PARTS_MAX)
            return refuse(scan, "more than 1000 boundaries", error);
    }
    return true;
}

/* The Content-Type field is complete: what does it make of the block? */
static bool finish_type(Prescan *scan, GError **error)
{
    const char *value = scan->type->str + strcspn(scan->type->str, ":");
    value += strspn(value, ": \t\r\n");
    scan->block_has_type = true;
    static const char *const messages[] = {"rfc822", "rfc2822", "global",
                                           "news"};
    if (g_ascii_strncasecmp(value, "message", 7) == 0) {
        const char *subtype = value + 7 + strspn(value + 7, " \t\r\n/");
        for (size_t i = 0; i < G_N_ELEMENTS(messages); i++)
            if (g_ascii_strncasecmp(subtype, messages[i],
                                    strlen(messages[i])) == 0)
                scan->block_is_message = true;
    }
    if (strcasestr(value, "digest"))
        scan->has_digest = true;
    return take_boundaries(scan, error);
}

static uint32_t count_bytes(const char *at, const char *end, char byte)
{
    uint32_t count = 0;
    while ((at = memchr(at, byte, (size_t)(end - at)))) {
        count++;
        at++;
    }
    return count;
}

/* Commas with no '@' before them: "Doe, John <...>", or what is no address.
 * Each makes GMime 3.2.13 walk the rest of the field (measured). */
static uint32_t count_bare_names(const char *at, const char *end)
{
    uint32_t count = 0;
    bool has_domain = false;
    for (; at < end; at++) {
        has_domain = has_domain || *at == '@';
        if (*at != ',')
            continue;
        count += !has_domain;
        has_domain = false;
    }
    return count;
}

static bool finish_field(Prescan *scan, GError **error)
{
    const char *at = scan->field_at, *end = scan->at;
    scan->field_at = NULL;
    if (!at)
        return true;
    if (end - at > PRESCAN_FIELD_BYTES_MAX)
        return refuse(scan, "a header field of more than 64 KiB", error);
    switch (scan->field) {
    case FIELD_ADDRESS:
        if (count_bytes(at, end, ':') > PRESCAN_COLONS_MAX ||
            count_bytes(at, end, '(') > PRESCAN_COLONS_MAX)
            return refuse(scan, "an address field with too many groups", error);
        scan->bare_names += count_bare_names(at, end);
        return scan->bare_names <= PRESCAN_BARE_NAMES_MAX ||
               refuse(scan, "too many names without an address", error);
    case FIELD_TYPE:
        g_string_truncate(scan->type, 0);
        g_string_append_len(scan->type, at, end - at);
        return count_bytes(at, end, ';') <= PRESCAN_PARAMETERS_MAX
                   ? finish_type(scan, error)
                   : refuse(scan, "too many MIME parameters", error);
    case FIELD_MIME:
        if (count_bytes(at, end, ';') > PRESCAN_PARAMETERS_MAX)
            return refuse(scan, "too many MIME parameters", error);
        return true;
    case FIELD_OTHER:
        break;
    }
    return true;
}

static void start_block(Prescan *scan, bool is_part)
{
    scan->in_block = true;
    scan->is_part_block = is_part;
    scan->block_at = scan->at;
    scan->block_headers = 0;
    scan->block_is_message = scan->block_has_type = false;
}

/* A blank line: the body follows, or the header of an inner message. */
static bool finish_block(Prescan *scan, const char *next, GError **error)
{
    if (!finish_field(scan, error))
        return false;
    bool is_message =
        scan->block_is_message ||
        (scan->has_digest && scan->is_part_block && !scan->block_has_type);
    scan->in_block = false;
    if (!is_message)
        return true;
    if (++scan->parts > MAIL_PARTS_MAX)
        return refuse(scan, "more than 1000 parts", error);
    scan->at = next;
    start_block(scan, false);
    return true;
}

static bool take_field_line(Prescan *scan, const char *next, GError **error)
{
    bool is_continued = *scan->at == ' ' || *scan->at == '\t';
    if (next - scan->block_at > MAIL_HEADER_BYTES_MAX)
        return refuse(scan, "a header block of more than 256 KiB", error);
    if (is_continued && scan->field_at)
        return true;
    if (!finish_field(scan, error))
        return false;
    scan->field_at = scan->at;
    scan->field = field_kind(scan->at, next);
    if (++scan->block_headers > MAIL_HEADERS_MAX)
        return refuse(scan, "more than 1000 header fields", error);
    if (++scan->all_headers > PRESCAN_HEADERS_MAX)
        return refuse(scan, "more than 10000 header fields in all parts",
                      error);
    return true;
}

/* Does a line that begins with "--" equal a declared boundary, with or
 * without the final "--"? */
static bool is_boundary(const Prescan *scan, const char *at, const char *end)
{
    char line[PRESCAN_BOUNDARY_MAX + 8];
    if (scan->count_all_dashes)
        return true;
    if (g_hash_table_size(scan->boundaries) == 0)
        return false;
    while (end > at && g_ascii_isspace(end[-1]))
        end--;
    size_t length = (size_t)(end - at);
    if (length >= sizeof line)
        return false;
    memcpy(line, at, length);
    line[length] = '\0';
    if (g_hash_table_contains(scan->boundaries, line))
        return true;
    if (length < 4 || memcmp(line + length - 2, "--", 2) != 0)
        return false;
    line[length - 2] = '\0';
    return g_hash_table_contains(scan->boundaries, line);
}

static bool take_line(Prescan *scan, const char *next, GError **error)
{
    const char *at = scan->at;
    bool is_blank = *at == '\n' || (*at == '\r' && next - at == 2);
    bool is_dashes = next - at > 2 && at[0] == '-' && at[1] == '-';
    if (is_dashes && scan->in_block && !finish_field(scan, error))
        return false;
    if (is_dashes && is_boundary(scan, at, next)) {
        if (++scan->marks > 2 * MAIL_PARTS_MAX)
            return refuse(scan, "more than 1000 parts", error);
        scan->at = next;
        start_block(scan, true);
        return true;
    }
    if (!scan->in_block)
        return true;
    return is_blank ? finish_block(scan, next, error)
                    : take_field_line(scan, next, error);
}

bool prescan_check(const char *raw, size_t length, GError **error)
{
    g_autoptr(GHashTable) boundaries =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GString) type = g_string_new(NULL);
    Prescan scan = {
        .at = raw, .end = raw + length, .boundaries = boundaries, .type = type};
    start_block(&scan, false);
    while (scan.at < scan.end) {
        const char *newline =
            memchr(scan.at, '\n', (size_t)(scan.end - scan.at));
        const char *next = newline ? newline + 1 : scan.end;
        scan.line++;
        if (!take_line(&scan, next, error))
            return false;
        scan.at = next;
    }
    return !scan.in_block || finish_field(&scan, error);
}
