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

#include <string.h>

#define BLOCK_BYTES_MAX    (256 * 1024)
#define FIELDS_MAX         1000
#define REFERENCES_MAX     40
#define RECIPIENTS_MAX     200
#define NAME_MAX_BYTES     80
#define AUTHENTICATION_MAX 200

typedef struct {
    StrictHeader *header;
    char name[NAME_MAX_BYTES + 1];    /* lower case */
    char value[STRICT_VALUE_MAX + 1]; /* unfolded, trimmed */
    uint32_t seen;                    /* bits of single_fields */
    bool is_cut;
    bool saw_crlf, saw_lf;
} Scan;

static void ambiguous(StrictHeader *header, const char *why)
{
    for (guint i = 0; i < header->ambiguous->len; i++)
        if (strcmp(header->ambiguous->pdata[i], why) == 0)
            return;
    g_ptr_array_add(header->ambiguous, (char *)why);
}

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
    for (unsigned i = 0; i < G_N_ELEMENTS(single_fields); i++) {
        if (strcmp(scan->name, single_fields[i].name) != 0)
            continue;
        if (scan->seen & 1u << i)
            ambiguous(scan->header, single_fields[i].twice);
        scan->seen |= 1u << i;
    }
}

/* --- addresses --------------------------------------------------------- */

static bool is_atom(char c)
{
    return g_ascii_isalnum(c) || (c && strchr("!#$%&'*+-/=?^_`{|}~", c));
}

/* Dot-atom of at least one atom; returns its length, 0 if it is none. */
static size_t dot_atom(const char *at, size_t length, bool is_domain)
{
    size_t i = 0;
    for (; i < length; i++) {
        bool is_dot = at[i] == '.';
        if (is_dot && (i == 0 || i + 1 == length || at[i - 1] == '.'))
            return 0;
        if (!is_dot && !(is_domain ? g_ascii_isalnum(at[i]) || at[i] == '-'
                                   : is_atom(at[i])))
            return 0;
    }
    return i;
}

/* A new addr-spec with lower-case domain, or NULL. */
static char *new_address(const char *at, size_t length)
{
    const char *sign = memchr(at, '@', length);
    if (!sign)
        return NULL;
    size_t local = (size_t)(sign - at), domain = length - local - 1;
    if (local > 64 || domain > 255 || !dot_atom(at, local, false) ||
        !dot_atom(sign + 1, domain, true))
        return NULL;
    char *address = g_strndup(at, length);
    for (char *c = address + local + 1; *c; c++)
        *c = g_ascii_tolower(*c);
    return address;
}

/* The end of a quoted string or comment that begins at `at`; NULL if it does
 * not end. Nested comments are not understood. */
static const char *skip_enclosed(const char *at)
{
    char close = *at == '"' ? '"' : ')';
    for (at++; *at && *at != close; at++) {
        if (*at == '\\' && at[1])
            at++;
        else if (close == ')' && *at == '(')
            return NULL;
    }
    return *at ? at + 1 : NULL;
}

/* One mailbox of a list at *cursor, moved behind it and its comma. NULL with
 * *why set if it is not plainly one. */
static char *next_mailbox(const char **cursor, const char **why)
{
    const char *at = *cursor, *angle = NULL, *angle_end = NULL;
    const char *bare = NULL, *bare_end = NULL;
    bool has_phrase = false;
    *why = "address not readable";
    for (; *at && *at != ',';) {
        if (*at == '"' || *at == '(') {
            has_phrase |= *at == '"';
            if (!(at = skip_enclosed(at)))
                return NULL;
        } else if (*at == '<') {
            angle_end = strchr(at, '>');
            if (angle || !angle_end)
                return NULL;
            angle = at + 1;
            at = angle_end + 1;
        } else if (*at == ' ') {
            at++;
        } else if (strchr(":;>\\[]", *at)) {
            *why = "group syntax or special characters in an address";
            return NULL;
        } else {
            const char *word = at;
            while (*at && !strchr(" ,\"(<>:;\\[]", *at))
                at++;
            has_phrase |= bare != NULL || angle != NULL;
            bare = bare ? bare : word;
            bare_end = at;
            if (angle)
                return NULL;
        }
    }
    *cursor = *at == ',' ? at + 1 : at;
    if (!angle && (has_phrase || !bare))
        return NULL;
    if (angle && bare && memchr(bare, '@', (size_t)(bare_end - bare))) {
        *why = "an address as display name";
        return NULL;
    }
    return angle ? new_address(angle, (size_t)(angle_end - angle))
                 : new_address(bare, (size_t)(bare_end - bare));
}

static void take_from(StrictHeader *header, const char *value)
{
    const char *why;
    g_autofree char *address = next_mailbox(&value, &why);
    g_clear_pointer(&header->from, g_free);
    if (!address)
        ambiguous(header, why);
    else if (*value)
        ambiguous(header, "From names more than one address");
    else
        header->from = g_steal_pointer(&address);
}

static void take_recipients(StrictHeader *header, const char *value)
{
    if (g_ascii_strncasecmp(value, "undisclosed", 11) == 0 && *value &&
        strstr(value, ":;"))
        return;
    value += strspn(value, " ");
    while (*value) {
        const char *why;
        char *address = next_mailbox(&value, &why);
        if (!address || header->to->len >= RECIPIENTS_MAX) {
            g_free(address);
            ambiguous(header, address ? "more than 200 recipients" : why);
            return;
        }
        g_ptr_array_add(header->to, address);
        value += strspn(value, " ");
    }
}

static void take_return_path(StrictHeader *header, const char *value)
{
    size_t length = strlen(value);
    g_clear_pointer(&header->return_path, g_free);
    if (strcmp(value, "<>") == 0)
        header->return_path = g_strdup("");
    else if (length > 2 && value[0] == '<' && value[length - 1] == '>')
        header->return_path = new_address(value + 1, length - 2);
    if (!header->return_path)
        ambiguous(header, "Return-Path not readable");
}

/* --- identifiers, tokens ----------------------------------------------- */

/* "<left@right>" at `at`: its length, or 0. */
static size_t message_id_length(const char *at)
{
    size_t length = 1, signs = 0;
    if (*at != '<')
        return 0;
    for (; at[length] && at[length] != '>'; length++) {
        if (at[length] <= ' ' || at[length] >= 127 || at[length] == '<')
            return 0;
        signs += at[length] == '@';
    }
    if (at[length] != '>' || signs != 1 || length < 4 || at[1] == '@' ||
        at[length - 1] == '@')
        return 0;
    return length + 1;
}

static void take_message_id(StrictHeader *header, const char *value)
{
    size_t length = message_id_length(value);
    g_clear_pointer(&header->message_id, g_free);
    if (length == 0 || value[length] != '\0')
        ambiguous(header, "Message-ID not readable");
    else
        header->message_id = g_strdup(value);
}

static bool has_reference(const StrictHeader *header, const char *at,
                          size_t length)
{
    for (guint i = 0; i < header->references->len; i++) {
        const char *known = header->references->pdata[i];
        if (strlen(known) == length && memcmp(known, at, length) == 0)
            return true;
    }
    return false;
}

/* Add the identifiers; the oldest go first when there are too many. */
static void take_references(StrictHeader *header, const char *value)
{
    for (const char *at = value; (at = strchr(at, '<'));) {
        size_t length = message_id_length(at);
        if (length > 0 && !has_reference(header, at, length)) {
            if (header->references->len == REFERENCES_MAX)
                g_ptr_array_remove_index(header->references, 0);
            g_ptr_array_add(header->references, g_strndup(at, length));
        }
        at += length > 0 ? length : 1;
    }
}

static size_t token_length(const char *at)
{
    size_t length = 0;
    while (at[length] > ' ' && at[length] < 127 &&
           !strchr("()<>@,;:\\\"/[]?=", at[length]))
        length++;
    return length;
}

static void take_auto_submitted(StrictHeader *header, const char *value)
{
    size_t length = token_length(value);
    const char *rest = value + length + strspn(value + length, " ");
    g_free(header->auto_submitted);
    if (length == 0 || (*rest && *rest != ';' && *rest != '(')) {
        ambiguous(header, "Auto-Submitted not readable");
        length = strlen(value);
    }
    header->auto_submitted = g_ascii_strdown(value, (gssize)length);
}

/* The value of a parameter at `at` (token or quoted); yours, or NULL. */
static char *new_parameter(const char *at)
{
    if (*at != '"') {
        size_t length = token_length(at);
        return length > 0 ? g_ascii_strdown(at, (gssize)length) : NULL;
    }
    const char *close = strpbrk(at + 1, "\"\\");
    if (!close || *close == '\\')
        return NULL;
    return g_ascii_strdown(at + 1, close - at - 1);
}

/* Look for report-type among the parameters, each behind a semicolon that
 * stands outside of quotes. */
static void take_report_type(StrictHeader *header, const char *at)
{
    static const char name[] = "report-type=";
    while (*at) {
        if (*at == '"' || *at == '(') {
            if (*at == '(' || !(at = skip_enclosed(at))) {
                ambiguous(header, "Content-Type not readable");
                return;
            }
            continue;
        }
        if (*at++ != ';')
            continue;
        at += strspn(at, " ");
        if (g_ascii_strncasecmp(at, name, strlen(name)) != 0)
            continue;
        if (header->report_type)
            ambiguous(header, "more than one report-type");
        g_free(header->report_type);
        header->report_type = new_parameter(at + strlen(name));
        if (!header->report_type)
            ambiguous(header, "Content-Type not readable");
    }
}

static void take_content_type(StrictHeader *header, const char *value)
{
    size_t main = token_length(value);
    size_t sub = value[main] == '/' ? token_length(value + main + 1) : 0;
    g_clear_pointer(&header->content_type, g_free);
    g_clear_pointer(&header->report_type, g_free);
    if (main == 0 || sub == 0) {
        ambiguous(header, "Content-Type not readable");
        return;
    }
    size_t length = main + 1 + sub;
    header->content_type = g_ascii_strdown(value, (gssize)length);
    take_report_type(header, value + length);
}

/* Does a comma-separated list hold the word? */
static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; *at;) {
        size_t item = strcspn(at, ", ;");
        if (item == length && g_ascii_strncasecmp(at, word, length) == 0)
            return true;
        at += item;
        at += strspn(at, ", ;");
    }
    return false;
}

static void take_precedence(StrictHeader *header, const char *value)
{
    header->is_list |= has_word(value, "list");
    header->is_bulk |= has_word(value, "bulk") || has_word(value, "junk");
}

static void take_suppress(StrictHeader *header, const char *value)
{
    header->is_suppressed |= has_word(value, "all") || has_word(value, "oof") ||
                             has_word(value, "autoreply");
}

static void take_spam(StrictHeader *header, const char *value)
{
    header->is_spam |= has_word(value, "yes") || has_word(value, "true");
}

static void take_loop(StrictHeader *header, const char *value)
{
    if (!header->loop_token)
        header->loop_token = g_strdup(value);
}

static void take_feedback_id(StrictHeader *header, const char *value)
{
    header->is_bulk = true;
}

static void take_list(StrictHeader *header, const char *value)
{
    header->is_list = true;
}

/* --- fields ------------------------------------------------------------ */

static const struct {
    const char *name;
    void (*take)(StrictHeader *header, const char *value);
} fields[] = {
    {"from", take_from},
    {"to", take_recipients},
    {"cc", take_recipients},
    {"resent-to", take_recipients},
    {"resent-cc", take_recipients},
    {"return-path", take_return_path},
    {"message-id", take_message_id},
    {"in-reply-to", take_references},
    {"references", take_references},
    {"auto-submitted", take_auto_submitted},
    {"content-type", take_content_type},
    {"precedence", take_precedence},
    {"feedback-id", take_feedback_id},
    {"mailing-list", take_list},
    {"x-mailing-list", take_list},
    {"x-auto-response-suppress", take_suppress},
    {"x-spam-flag", take_spam},
    {"x-spam-status", take_spam},
    {"x-spam", take_spam},
    {"x-exitdesk-loop", take_loop},
};

static void strict_field_free(StrictField *field)
{
    g_free(field->name);
    g_free(field->value);
    g_free(field);
}

static void keep_field(Scan *scan)
{
    if (scan->header->authentication->len >= AUTHENTICATION_MAX)
        return;
    StrictField *field = g_new0(StrictField, 1);
    field->name = g_strdup(scan->name);
    field->value = g_strdup(scan->value);
    field->index = scan->header->field_count;
    g_ptr_array_add(scan->header->authentication, field);
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
        keep_field(scan);
        is_used = true;
    }
    if (g_str_has_prefix(scan->name, "list-"))
        header->is_list = true;
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (strcmp(scan->name, fields[i].name) != 0)
            continue;
        fields[i].take(header, scan->value);
        is_used = true;
    }
    if (scan->is_cut && is_used)
        ambiguous(header, "a header value of more than 2048 bytes");
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
            ambiguous(scan->header, "a blank before a colon");
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
        ambiguous(scan->header, "bare CR in the header");
    if (memchr(at, '\0', (size_t)(end - at)))
        ambiguous(scan->header, "NUL in the header");
    if (end == at || (*at != ' ' && *at != '\t'))
        return;
    while (at < end && (*at == ' ' || *at == '\t'))
        at++;
    if (at == end)
        ambiguous(scan->header, "a folded line of blanks only");
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
        ambiguous(scan->header, "a line that is no header field");
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
            ambiguous(header, "more than 1000 header fields");
            break;
        }
        at = scan_field(scan, at, end);
    }
    if (at == end)
        ambiguous(header, "no end of the header within 256 KiB");
    if (scan->saw_crlf && scan->saw_lf)
        ambiguous(header, "mixed line ends in the header");
    if (!header->from && !(scan->seen & 1))
        ambiguous(header, "no From");
}

StrictHeader *strict_header_scan(const void *raw, size_t length)
{
    StrictHeader *header = g_new0(StrictHeader, 1);
    header->to = g_ptr_array_new_with_free_func(g_free);
    header->authentication =
        g_ptr_array_new_with_free_func((GDestroyNotify)strict_field_free);
    header->references = g_ptr_array_new_with_free_func(g_free);
    header->ambiguous = g_ptr_array_new();
    Scan scan = {.header = header};
    const char *at = raw;
    scan_block(&scan, at, at + MIN(length, BLOCK_BYTES_MAX));
    return header;
}

void strict_header_free(StrictHeader *header)
{
    if (!header)
        return;
    g_free(header->from);
    g_free(header->auto_submitted);
    g_free(header->message_id);
    g_free(header->return_path);
    g_free(header->content_type);
    g_free(header->report_type);
    g_free(header->loop_token);
    g_ptr_array_unref(header->to);
    g_ptr_array_unref(header->authentication);
    g_ptr_array_unref(header->references);
    g_ptr_array_unref(header->ambiguous);
    g_free(header);
}
