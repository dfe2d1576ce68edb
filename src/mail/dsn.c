#include "mail/dsn.h"

#include <string.h>

#define FIELDS_MAX 500

void dsn_clear(Dsn *dsn)
{
    g_clear_pointer(&dsn->diagnostic, g_free);
    g_clear_pointer(&dsn->recipient, g_free);
    g_clear_pointer(&dsn->envelope_id, g_free);
}

/* ---- status codes ----------------------------------------------------- */

static size_t count_digits(const char *at, const char *end)
{
    size_t count = 0;
    while (at + count < end && g_ascii_isdigit(at[count]))
        count++;
    return count;
}

/* status-code = ("2" / "4" / "5") "." 1*3digit "." 1*3digit; its length, or 0
 * if none begins there. An address in dotted form is none. */
static size_t enhanced_length(const char *at, const char *end)
{
    if (end - at < 5 || !strchr("245", *at) || at[1] != '.')
        return 0;
    size_t subject = count_digits(at + 2, end);
    const char *dot = at + 2 + subject;
    if (subject < 1 || subject > 3 || dot >= end || *dot != '.')
        return 0;
    size_t detail = count_digits(dot + 1, end);
    const char *after = dot + 1 + detail;
    if (detail < 1 || detail > 3)
        return 0;
    if (after + 1 < end && *after == '.' && g_ascii_isdigit(after[1]))
        return 0;
    return (size_t)(after - at);
}

/* A reply code: 400 to 599 with a blank or a hyphen behind it. */
static bool is_reply_code(const char *at, const char *end)
{
    return end - at >= 4 && (*at == '4' || *at == '5') && at[1] >= '0' &&
           at[1] <= '5' && g_ascii_isdigit(at[2]) &&
           (at[3] == ' ' || at[3] == '-');
}

static bool is_edge(const char *text, const char *at)
{
    return at == text || (!g_ascii_isalnum(at[-1]) && !strchr(".-_@", at[-1]));
}

bool dsn_status_in(const char *text, size_t length, char out[DSN_STATUS_SIZE])
{
    const char *end = text + MIN(length, DSN_TEXT_MAX);
    char from_reply = 0;
    out[0] = 0;
    for (const char *at = text; at < end; at++) {
        if (!g_ascii_isdigit(*at) || !is_edge(text, at))
            continue;
        size_t size = enhanced_length(at, end);
        if (size > 0 && *at != '2' && (!out[0] || *at > out[0]))
            g_strlcpy(out, at, size + 1);
        else if (is_reply_code(at, end))
            from_reply = MAX(from_reply, *at);
        at += size > 0 ? size - 1 : 0;
    }
    if (!out[0] && from_reply)
        g_snprintf(out, DSN_STATUS_SIZE, "%c.0.0", from_reply);
    return out[0] != 0;
}

/* ---- fields ----------------------------------------------------------- */

/* One group of fields while it is read. */
typedef struct {
    bool is_about_recipient;
    DsnAction action;
    char status[DSN_STATUS_SIZE];
    char *diagnostic, *recipient;
} Group;

static void group_clear(Group *group)
{
    g_free(group->diagnostic);
    g_free(group->recipient);
    *group = (Group){0};
}

static char *trimmed_new(const char *text, size_t length)
{
    char *out = g_strndup(text, MIN(length, DSN_DIAGNOSTIC_MAX));
    char *valid = g_utf8_make_valid(out, -1);
    g_free(out);
    for (char *at = valid; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7f)
            *at = ' ';
    return g_strstrip(valid);
}

/* "rfc822; a@b" -> "a@b"; without a type as it is. */
static char *without_type_new(const char *value, size_t length)
{
    const char *mark = memchr(value, ';', length);
    size_t skip = mark ? (size_t)(mark - value) + 1 : 0;
    return trimmed_new(value + skip, length - skip);
}

static DsnAction action_of(const char *value, size_t length)
{
    static const struct {
        const char *word;
        DsnAction action;
    } WORDS[] = {{"failed", DSN_FAILED},        {"failure", DSN_FAILED},
                 {"undeliverable", DSN_FAILED}, {"delayed", DSN_DELAYED},
                 {"delivered", DSN_DELIVERED},  {"relayed", DSN_RELAYED},
                 {"expanded", DSN_EXPANDED}};
    for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++) {
        size_t size = strlen(WORDS[i].word);
        if (length >= size &&
            g_ascii_strncasecmp(value, WORDS[i].word, size) == 0)
            return WORDS[i].action;
    }
    return DSN_NOTHING;
}

/* The first of two values that a field gives counts. */
static void keep(char **to, char *value)
{
    if (!*to && *value)
        *to = value;
    else
        g_free(value);
}

static void take_status(Group *group, const char *value, size_t length)
{
    const char *end = value + length;
    for (const char *at = value; at < end && !group->status[0]; at++) {
        size_t size = is_edge(value, at) ? enhanced_length(at, end) : 0;
        if (size > 0)
            g_strlcpy(group->status, at, size + 1);
    }
}

static void take_field(Dsn *dsn, Group *group, const char *name, size_t size,
                       const char *value, size_t length)
{
    g_autofree char *lower = g_ascii_strdown(name, (gssize)size);
    if (g_str_equal(lower, "final-recipient") ||
        g_str_equal(lower, "original-recipient")) {
        group->is_about_recipient = true;
        keep(&group->recipient, without_type_new(value, length));
    } else if (g_str_equal(lower, "action")) {
        group->is_about_recipient = true;
        group->action = action_of(value, length);
    } else if (g_str_equal(lower, "status")) {
        take_status(group, value, length);
    } else if (g_str_equal(lower, "diagnostic-code")) {
        keep(&group->diagnostic, without_type_new(value, length));
    } else if (g_str_equal(lower, "original-envelope-id")) {
        keep(&dsn->envelope_id, trimmed_new(value, length));
    }
}

/* Without Action the class of the status tells: 5 for good, 4 not yet. */
static DsnAction action_by_status(const char *status)
{
    return status[0] == '5'   ? DSN_FAILED
           : status[0] == '4' ? DSN_DELAYED
           : status[0] == '2' ? DSN_DELIVERED
                              : DSN_NOTHING;
}

static void end_group(Dsn *dsn, Group *group, bool *found)
{
    if (group->is_about_recipient) {
        const char *said = group->diagnostic ? group->diagnostic : "";
        bool has_class = group->status[0] == '4' || group->status[0] == '5';
        if (!group->status[0] || (!has_class && group->action >= DSN_DELAYED))
            dsn_status_in(said, strlen(said), group->status);
        if (group->action == DSN_NOTHING)
            group->action = action_by_status(group->status);
        if (!*found || group->action > dsn->action) {
            dsn->action = group->action;
            g_strlcpy(dsn->status, group->status, DSN_STATUS_SIZE);
            g_free(dsn->diagnostic);
            g_free(dsn->recipient);
            dsn->diagnostic = g_steal_pointer(&group->diagnostic);
            dsn->recipient = g_steal_pointer(&group->recipient);
        }
        *found = true;
    }
    group_clear(group);
}

/* ---- lines ------------------------------------------------------------ */

static const char *line_end(const char *at, const char *end)
{
    const char *lf = memchr(at, '\n', (size_t)(end - at));
    return lf ? lf : end;
}

/* The field at `at` with its folded lines; where the next one begins. */
static const char *field_end(const char *at, const char *end)
{
    const char *stop = line_end(at, end);
    while (stop + 1 < end && (stop[1] == ' ' || stop[1] == '\t') &&
           stop + 2 < end && stop[2] != '\n' && stop[2] != '\r')
        stop = line_end(stop + 1, end);
    return stop;
}

static bool is_blank(const char *at, const char *stop)
{
    while (at < stop && g_ascii_isspace(*at))
        at++;
    return at == stop;
}

bool dsn_read(const char *text, size_t length, Dsn *out)
{
    const char *end = text + MIN(length, DSN_TEXT_MAX);
    Group group = {0};
    bool found = false;
    guint fields = 0;
    *out = (Dsn){0};
    for (const char *at = text; at < end && fields < FIELDS_MAX;) {
        const char *stop = field_end(at, end);
        const char *colon = memchr(at, ':', (size_t)(stop - at));
        if (is_blank(at, stop)) {
            end_group(out, &group, &found);
        } else if (colon && colon - at < 40) {
            size_t name = (size_t)(colon - at);
            while (name > 0 && g_ascii_isspace(at[name - 1]))
                name--;
            const char *value = colon + 1;
            while (value < stop && g_ascii_isspace(*value))
                value++;
            take_field(out, &group, at, name, value, (size_t)(stop - value));
            fields++;
        }
        at = stop + 1;
    }
    end_group(out, &group, &found);
    if (!found)
        dsn_clear(out);
    return found;
}
