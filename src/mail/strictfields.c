/*
 * One small reader a field. To add a field: a row in the table at the end.
 */
#include "mail/strictfields.h"

#include "mail/strictaddress.h"

#include <string.h>

#define REFERENCES_MAX 40
#define RECIPIENTS_MAX 200

void strict_ambiguous(StrictHeader *header, const char *why)
{
    for (guint i = 0; i < header->ambiguous->len; i++)
        if (strcmp(header->ambiguous->pdata[i], why) == 0)
            return;
    g_ptr_array_add(header->ambiguous, (char *)why);
}

static void take_from(StrictHeader *header, const char *value)
{
    const char *why;
    g_autofree char *address = strict_mailbox_next(&value, &why);
    g_clear_pointer(&header->from, g_free);
    if (!address)
        strict_ambiguous(header, why);
    else if (*value)
        strict_ambiguous(header, "From names more than one address");
    else
        header->from = g_steal_pointer(&address);
}

static void add_recipients(StrictHeader *header, GPtrArray *recipients,
                           const char *value)
{
    if (g_ascii_strncasecmp(value, "undisclosed", 11) == 0 && *value &&
        strstr(value, ":;"))
        return;
    value += strspn(value, " ");
    while (*value) {
        const char *why;
        char *address = strict_mailbox_next(&value, &why);
        if (!address || recipients->len >= RECIPIENTS_MAX) {
            g_free(address);
            strict_ambiguous(header,
                             address ? "more than 200 recipients" : why);
            return;
        }
        g_ptr_array_add(recipients, address);
        value += strspn(value, " ");
    }
}

static void take_to(StrictHeader *header, const char *value)
{
    header->has_to = true;
    add_recipients(header, header->to, value);
}

static void take_cc(StrictHeader *header, const char *value)
{
    header->has_cc = true;
    add_recipients(header, header->to, value);
}

static void take_resent(StrictHeader *header, const char *value)
{
    add_recipients(header, header->resent, value);
}

static void take_date(StrictHeader *header, const char *value)
{
    g_free(header->date);
    header->date = g_strdup(value);
}

static void take_return_path(StrictHeader *header, const char *value)
{
    size_t length = strlen(value);
    g_clear_pointer(&header->return_path, g_free);
    if (strcmp(value, "<>") == 0)
        header->return_path = g_strdup("");
    else if (length > 2 && value[0] == '<' && value[length - 1] == '>')
        header->return_path = strict_address_new(value + 1, length - 2);
    if (!header->return_path)
        strict_ambiguous(header, "Return-Path not readable");
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
        strict_ambiguous(header, "Message-ID not readable");
    else
        header->message_id = g_strdup(value);
}

static bool has_id(const GPtrArray *ids, const char *at, size_t length)
{
    for (guint i = 0; i < ids->len; i++) {
        const char *known = ids->pdata[i];
        if (strlen(known) == length && memcmp(known, at, length) == 0)
            return true;
    }
    return false;
}

/* Of too many the second goes: the first names the thread, the last ones are
 * nearest. */
static void add_id(GPtrArray *ids, const char *at, size_t length)
{
    if (has_id(ids, at, length))
        return;
    if (ids->len == REFERENCES_MAX)
        g_ptr_array_remove_index(ids, 1);
    g_ptr_array_add(ids, g_strndup(at, length));
}

static void add_ids(GPtrArray *ids, const char *value)
{
    for (const char *at = value; (at = strchr(at, '<'));) {
        size_t length = message_id_length(at);
        if (length > 0)
            add_id(ids, at, length);
        at += length > 0 ? length : 1;
    }
}

static void take_references(StrictHeader *header, const char *value)
{
    add_ids(header->references, value);
}

static void take_in_reply_to(StrictHeader *header, const char *value)
{
    add_ids(header->in_reply_to, value);
}

void strict_join_references(StrictHeader *header)
{
    header->has_fork =
        header->references->len == 0 && header->in_reply_to->len > 1;
    for (guint i = 0; i < header->in_reply_to->len; i++) {
        const char *id = header->in_reply_to->pdata[i];
        add_id(header->references, id, strlen(id));
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
    bool is_parameter = *rest == ';' && strchr(rest, '=');
    if (length == 0 || (*rest && !is_parameter && *rest != '(')) {
        strict_ambiguous(header, "Auto-Submitted not readable");
        header->auto_is_odd = true;
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

/* One parameter, behind its semicolon. */
static void take_parameter(StrictHeader *header, const char *at,
                           bool *has_boundary)
{
    static const char type[] = "report-type=", boundary[] = "boundary=";
    if (g_ascii_strncasecmp(at, boundary, strlen(boundary)) == 0) {
        const char *value = at + strlen(boundary);
        *has_boundary = *value && *value != ';' && strncmp(value, "\"\"", 2);
    }
    if (g_ascii_strncasecmp(at, type, strlen(type)) != 0)
        return;
    if (header->report_type)
        strict_ambiguous(header, "more than one report-type");
    g_free(header->report_type);
    header->report_type = new_parameter(at + strlen(type));
    if (!header->report_type)
        strict_ambiguous(header, "Content-Type not readable");
}

/* The parameters, each behind a semicolon that stands outside of quotes. */
static void take_parameters(StrictHeader *header, const char *at)
{
    bool has_boundary = false;
    while (*at) {
        if (*at == '"' || *at == '(') {
            if (*at == '(' || !(at = strict_skip_enclosed(at))) {
                strict_ambiguous(header, "Content-Type not readable");
                return;
            }
            continue;
        }
        if (*at++ != ';')
            continue;
        at += strspn(at, " ");
        take_parameter(header, at, &has_boundary);
    }
    if (g_str_has_prefix(header->content_type, "multipart/") && !has_boundary)
        strict_ambiguous(header, "parts without a boundary");
    /* RFC 2046 sections 5.2.2 and 5.2.3: the text is not, or not all, here */
    if (g_str_equal(header->content_type, "message/partial") ||
        g_str_equal(header->content_type, "message/external-body"))
        strict_ambiguous(header, "a piece of a mail");
}

static void take_content_type(StrictHeader *header, const char *value)
{
    size_t main = token_length(value);
    size_t sub = value[main] == '/' ? token_length(value + main + 1) : 0;
    g_clear_pointer(&header->content_type, g_free);
    g_clear_pointer(&header->report_type, g_free);
    if (main == 0 || sub == 0) {
        strict_ambiguous(header, "Content-Type not readable");
        return;
    }
    size_t length = main + 1 + sub;
    header->content_type = g_ascii_strdown(value, (gssize)length);
    take_parameters(header, value + length);
}

/* RFC 2045 section 6.4: with another nobody knows what the bytes are. */
static void take_encoding(StrictHeader *header, const char *value)
{
    static const char *const KNOWN[] = {"7bit", "8bit", "binary", "base64",
                                        "quoted-printable"};
    size_t length = token_length(value);
    for (size_t i = 0; i < G_N_ELEMENTS(KNOWN); i++)
        if (length == strlen(KNOWN[i]) &&
            g_ascii_strncasecmp(value, KNOWN[i], length) == 0)
            return;
    strict_ambiguous(header, "unknown Content-Transfer-Encoding");
}

static void take_loop(StrictHeader *header, const char *value)
{
    if (!header->loop_token)
        header->loop_token = g_strdup(value);
}

static const struct {
    const char *name;
    void (*take)(StrictHeader *header, const char *value);
} fields[] = {
    {"from", take_from},
    {"to", take_to},
    {"cc", take_cc},
    {"resent-to", take_resent},
    {"resent-cc", take_resent},
    {"date", take_date},
    {"return-path", take_return_path},
    {"message-id", take_message_id},
    {"in-reply-to", take_in_reply_to},
    {"references", take_references},
    {"auto-submitted", take_auto_submitted},
    {"content-type", take_content_type},
    {"content-transfer-encoding", take_encoding},
    {"x-exitdesk-loop", take_loop},
};

bool strict_take_field(StrictHeader *header, const char *name,
                       const char *value)
{
    bool is_used = strict_take_mark(header, name, value);
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (strcmp(name, fields[i].name) != 0)
            continue;
        fields[i].take(header, value);
        is_used = true;
    }
    return is_used;
}
