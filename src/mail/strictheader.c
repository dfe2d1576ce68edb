/*
 * A line scanner over the raw top header block and one small reader a field.
 * It is deliberately dull: no decoding, no repair, no help from headers.c,
 * mailbox.c or GMime, so that one bug cannot fool both readings. Whatever two
 * sane programs might read differently (RFC 7103) is "ambiguous": repeated
 * fields, bare CR, NUL, mixed line ends, blanks before a colon, lines that
 * are no field, folded lines of blanks only, group syntax, routes, quoted
 * local parts, address literals, 8-bit addresses.
 *
 * Values are unfolded into one buffer on the stack; only results are
 * allocated.
 */
#include "mail/strictheader.h"

#include "mail/strictfields.h"

#include <string.h>

#define BLOCK_BYTES_MAX    (256 * 1024)
#define FIELDS_MAX         1000
#define NAME_MAX_BYTES     80
#define AUTHENTICATION_MAX 200
#define SIGNATURES_MAX     20

typedef struct {
    StrictHeader *header;
    char name[NAME_MAX_BYTES + 1];    /* lower case */
    char value[STRICT_VALUE_MAX + 1]; /* unfolded, trimmed */
    uint32_t seen;                    /* bits of single_fields */
    bool is_cut;
    bool saw_crlf, saw_lf;
} Scan;

/* Fields that may stand once, and the words when they stand twice. */
static const struct {
    const char *name, *twice;
} single_fields[] = {
    {"from", "more than one From"},
    {"sender", "more than one Sender"},
    {"reply-to", "more than one Reply-To"},
    {"to", "more than one To"},
    {"cc", "more than one Cc"},
    {"date", "more than one Date"},
    {"subject", "more than one Subject"},
    {"message-id", "more than one Message-ID"},
    {"in-reply-to", "more than one In-Reply-To"},
    {"references", "more than one References"},
    {"return-path", "more than one Return-Path"},
    {"auto-submitted", "more than one Auto-Submitted"},
    {"precedence", "more than one Precedence"},
    {"mime-version", "more than one MIME-Version"},
    {"content-type", "more than one Content-Type"},
    {"content-transfer-encoding", "more than one Content-Transfer-Encoding"},
    {"x-exitdesk-loop", "more than one X-Exitdesk-Loop"},
};

static void check_single(Scan *scan)
{
    if (strcmp(scan->name, "auto-submitted") == 0)
        scan->header->auto_is_odd |= scan->header->auto_submitted != NULL;
    for (unsigned i = 0; i < G_N_ELEMENTS(single_fields); i++) {
        if (strcmp(scan->name, single_fields[i].name) != 0)
            continue;
        if (scan->seen & 1u << i)
            strict_ambiguous(scan->header, single_fields[i].twice);
        scan->seen |= 1u << i;
    }
}

static void strict_field_free(StrictField *field)
{
    g_free(field->name);
    g_free(field->value);
    g_free(field);
}

static void keep_field(Scan *scan, GPtrArray *fields, guint max)
{
    if (fields->len >= max)
        return;
    StrictField *field = g_new0(StrictField, 1);
    field->name = g_strdup(scan->name);
    field->value = g_strdup(scan->value);
    field->index = scan->header->field_count;
    g_ptr_array_add(fields, field);
}

/* Which one passed is told by a few letters of it: all must be known. */
static void keep_signature(Scan *scan)
{
    GPtrArray *signatures = scan->header->signatures;
    if (scan->is_cut || signatures->len == SIGNATURES_MAX)
        strict_ambiguous(scan->header,
                         "more or longer signatures than are read");
    else
        keep_field(scan, signatures, SIGNATURES_MAX);
}

/* name and value are complete. */
static void finish_field(Scan *scan)
{
    StrictHeader *header = scan->header;
    bool is_received = strcmp(scan->name, "received") == 0;
    bool is_used = is_received;
    check_single(scan);
    header->received_count += is_received;
    if (is_received || strcmp(scan->name, "authentication-results") == 0) {
        keep_field(scan, header->authentication, AUTHENTICATION_MAX);
        is_used = true;
    }
    if (strcmp(scan->name, "dkim-signature") == 0)
        keep_signature(scan);
    is_used |= strict_take_field(header, scan->name, scan->value);
    if (scan->is_cut && is_used)
        strict_ambiguous(header, "a header value of more than 2048 bytes");
    header->field_count++;
}

/* Copy the value with line ends taken out, tabs as blanks, trimmed. */
static void unfold(Scan *scan, const char *at, const char *end)
{
    size_t length = 0;
    scan->is_cut = false;
    for (; at < end; at++) {
        char c = *at == '\t' ? ' ' : *at;
        if (c == '\r' || c == '\n' || (length == 0 && c == ' '))
            continue;
        if (length == STRICT_VALUE_MAX) {
            scan->is_cut = true;
            break;
        }
        scan->value[length++] = c ? c : '?';
    }
    while (length > 0 && scan->value[length - 1] == ' ')
        length--;
    scan->value[length] = '\0';
}

/* The name of the field at `at`; returns the byte behind the colon or NULL. */
static const char *take_name(Scan *scan, const char *at, const char *end)
{
    size_t length = 0;
    while (at<end && * at> ' ' && *at < 127 && *at != ':') {
        if (length < NAME_MAX_BYTES)
            scan->name[length++] = g_ascii_tolower(*at);
        at++;
    }
    scan->name[length] = '\0';
    if (at < end && (*at == ' ' || *at == '\t')) {
        while (at < end && (*at == ' ' || *at == '\t'))
            at++;
        if (at < end && *at == ':')
            strict_ambiguous(scan->header, "a blank before a colon");
    }
    return length > 0 && at < end && *at == ':' ? at + 1 : NULL;
}

static const char *next_line(const char *at, const char *end)
{
    const char *newline = memchr(at, '\n', (size_t)(end - at));
    return newline ? newline + 1 : end;
}

/* Odd bytes and line ends of one line. */
static void check_line(Scan *scan, const char *at, const char *next)
{
    const char *end = next;
    if (end > at && end[-1] == '\n') {
        end--;
        if (end > at && end[-1] == '\r') {
            end--;
            scan->saw_crlf = true;
        } else {
            scan->saw_lf = true;
        }
    }
    if (memchr(at, '\r', (size_t)(end - at)))
        strict_ambiguous(scan->header, "bare CR in the header");
    if (memchr(at, '\0', (size_t)(end - at)))
        strict_ambiguous(scan->header, "NUL in the header");
    if (end == at || (*at != ' ' && *at != '\t'))
        return;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if (at == end)
        strict_ambiguous(scan->header, "a folded line of blanks only");
}

static bool is_end(const char *at, const char *next)
{
    return (next - at == 1 && *at == '\n') ||
           (next - at == 2 && at[0] == '\r' && at[1] == '\n');
}

/* The lines of the field at `at`; returns its end. */
static const char *scan_field(Scan *scan, const char *at, const char *end)
{
    const char *next = next_line(at, end);
    check_line(scan, at, next);
    while (next < end && (*next == ' ' || *next == '\t')) {
        const char *line = next;
        next = next_line(line, end);
        check_line(scan, line, next);
    }
    const char *value = take_name(scan, at, next);
    if (!value) {
        strict_ambiguous(scan->header, "a line that is no header field");
        return next;
    }
    unfold(scan, value, next);
    finish_field(scan);
    return next;
}

static void scan_block(Scan *scan, const char *at, const char *end)
{
    StrictHeader *header = scan->header;
    while (at < end) {
        const char *next = next_line(at, end);
        if (is_end(at, next))
            break;
        if (header->field_count == FIELDS_MAX) {
            strict_ambiguous(header, "more than 1000 header fields");
            break;
        }
        at = scan_field(scan, at, end);
    }
    if (at == end)
        strict_ambiguous(header, "no end of the header within 256 KiB");
    if (scan->saw_crlf && scan->saw_lf)
        strict_ambiguous(header, "mixed line ends in the header");
    if (!header->from && !(scan->seen & 1))
        strict_ambiguous(header, "no From");
}

StrictHeader *strict_header_scan(const void *raw, size_t length)
{
    StrictHeader *header = g_new0(StrictHeader, 1);
    header->to = g_ptr_array_new_with_free_func(g_free);
    header->resent = g_ptr_array_new_with_free_func(g_free);
    header->authentication =
        g_ptr_array_new_with_free_func((GDestroyNotify)strict_field_free);
    header->signatures =
        g_ptr_array_new_with_free_func((GDestroyNotify)strict_field_free);
    header->references = g_ptr_array_new_with_free_func(g_free);
    header->in_reply_to = g_ptr_array_new_with_free_func(g_free);
    header->ambiguous = g_ptr_array_new();
    Scan scan = {.header = header};
    const char *at = raw;
    scan_block(&scan, at, at + MIN(length, BLOCK_BYTES_MAX));
    strict_join_references(header);
    return header;
}

void strict_header_free(StrictHeader *header)
{
    if (!header)
        return;
    g_free(header->from);
    g_free(header->date);
    g_free(header->auto_submitted);
    g_free(header->message_id);
    g_free(header->return_path);
    g_free(header->content_type);
    g_free(header->report_type);
    g_free(header->loop_token);
    g_ptr_array_unref(header->to);
    g_ptr_array_unref(header->resent);
    g_ptr_array_unref(header->authentication);
    g_ptr_array_unref(header->signatures);
    g_ptr_array_unref(header->references);
    g_ptr_array_unref(header->in_reply_to);
    g_ptr_array_unref(header->ambiguous);
    g_free(header);
}
