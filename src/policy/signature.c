/*
 * Reading DKIM-Signature fields, after our mail server has verified them.
 *
 *   field = tag "=" value *( ";" tag "=" value ) [ ";" ]
 *
 * Which of several fields a dkim=pass speaks of is told by header.d, header.s
 * and the first letters of header.b (RFC 6008); what is not told is not
 * compared, and then every field that may be meant must be fit. A tag that
 * stands twice makes the whole field unfit (RFC 6376 section 3.2).
 *
 * The key's length cannot be seen here: verifiers refuse RSA keys of less
 * than 1024 bits (RFC 8301 section 3.2), and ours is believed.
 */
#include "policy/signature.h"

#include "mail/date.h"

#include <string.h>

#define TAGS_MAX 40
#define B_KEPT   44 /* base64 letters of b=: 264 bits know it again */
#define B_SHOWN  8  /* what RFC 6008 wants at least */

typedef struct {
    const char *name;
    char *value; /* without blanks */
} Tag;

typedef struct {
    Tag tags[TAGS_MAX];
    guint count;
    char *text;
    bool is_broken;
} Tags;

static void tags_clear(Tags *tags)
{
    g_clear_pointer(&tags->text, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tags, tags_clear)

static const char *tag_value(const Tags *tags, const char *name)
{
    for (guint i = 0; i < tags->count; i++)
        if (strcmp(tags->tags[i].name, name) == 0)
            return tags->tags[i].value;
    return NULL;
}

/* Blanks mean nothing in any tag that is looked at here. */
static char *without_blanks(const char *text)
{
    GString *out = g_string_sized_new(strlen(text));
    for (; *text; text++)
        if (*text != ' ' && *text != '\t')
            g_string_append_c(out, *text);
    return g_string_free(out, FALSE);
}

static void read_tags(const char *field, Tags *tags)
{
    *tags = (Tags){.text = without_blanks(field)};
    char *at = tags->text;
    while (*at) {
        char *end = at + strcspn(at, ";");
        char *next = *end ? end + 1 : end;
        *end = '\0';
        char *equals = strchr(at, '=');
        if (equals)
            *equals = '\0';
        if (*at && (!equals || tags->count == TAGS_MAX || tag_value(tags, at)))
            tags->is_broken = true;
        else if (*at)
            tags->tags[tags->count++] = (Tag){at, equals + 1};
        at = next;
    }
}

static bool is_same(const char *a, const char *b)
{
    return a && b && g_ascii_strcasecmp(a, b) == 0;
}

const char *signature_domain(const AuthresResult *result)
{
    const char *domain = authres_property(result, "header.d");
    if (domain)
        return domain;
    const char *identity = authres_property(result, "header.i");
    const char *at = identity ? strrchr(identity, '@') : NULL;
    return at ? at + 1 : NULL;
}

/* May the result speak of this field? */
static bool is_meant(const AuthresResult *result, const Tags *tags)
{
    const char *selector = authres_property(result, "header.s");
    const char *shown = authres_property(result, "header.b");
    const char *algorithm = authres_property(result, "header.a");
    const char *b = tag_value(tags, "b");
    if (!is_same(signature_domain(result), tag_value(tags, "d")))
        return false;
    if (algorithm && !is_same(algorithm, tag_value(tags, "a")))
        return false;
    if (selector && !is_same(selector, tag_value(tags, "s")))
        return false;
    return !shown || (b && *shown && g_str_has_prefix(b, shown));
}

/* ---- what it must be -------------------------------------------------- */

static bool covers(const char *signed_names, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = signed_names; *at;) {
        size_t item = strcspn(at, ":");
        if (item == length && g_ascii_strncasecmp(at, name, length) == 0)
            return true;
        at += item + (at[item] == ':');
    }
    return false;
}

static bool covers_all(const StrictHeader *header, const char *names)
{
    return covers(names, "from") && covers(names, "date") &&
           covers(names, "subject") && covers(names, "message-id") &&
           (!header->has_to || covers(names, "to")) &&
           (!header->has_cc || covers(names, "cc"));
}

/* Digits only, at most 12 (RFC 6376 section 3.5); NONE, which is long past, if
 * it is no moment. */
static Instant read_moment(const char *text)
{
    size_t length = strlen(text);
    if (length > 12 || strspn(text, "0123456789") != length)
        return INSTANT_NONE;
    return g_ascii_strtoll(text, NULL, 10);
}

static bool is_timely(Instant at, Instant received)
{
    return at >= received - SIGNATURE_AGE_MAX_S &&
           at <= received + SIGNATURE_AHEAD_MAX_S;
}

static const char *time_objection(const Tags *tags, Instant received)
{
    const char *expires = tag_value(tags, "x"), *made = tag_value(tags, "t");
    Instant end = expires ? read_moment(expires) : INSTANT_NONE;
    if (expires && end < received)
        return "the signature has expired";
    if (made && !is_timely(read_moment(made), received))
        return "the signature is old, or from the future";
    return NULL;
}

/* Whoever signs speaks for its domain and those below it only (RFC 6376
 * section 3.5, i=). */
static bool speaks_for_itself(const Tags *tags)
{
    const char *identity = tag_value(tags, "i"), *domain = tag_value(tags, "d");
    if (!identity)
        return true;
    const char *at = strrchr(identity, '@');
    size_t own = strlen(domain), theirs = at ? strlen(at + 1) : 0;
    if (theirs < own || !is_same(at + 1 + theirs - own, domain))
        return false;
    return theirs == own || at[theirs - own] == '.';
}

static const char *field_objection(const StrictHeader *header, const Tags *tags,
                                   Instant received)
{
    const char *version = tag_value(tags, "v"), *names = tag_value(tags, "h");
    const char *algorithm = tag_value(tags, "a");
    if (tags->is_broken || g_strcmp0(version, "1") != 0 || !names)
        return "the signature cannot be read";
    if (!is_same(algorithm, "rsa-sha256") &&
        !is_same(algorithm, "ed25519-sha256"))
        return "the signature is of a kind that proves nothing today";
    if (!speaks_for_itself(tags))
        return "the signature names somebody outside of its domain";
    if (tag_value(tags, "l"))
        return "the signature covers only a part of the text";
    if (!covers_all(header, names))
        return "the signature does not cover author, recipients, date, "
               "subject and Message-ID";
    return time_objection(tags, received);
}

/* ---- which it is ------------------------------------------------------ */

const char *signature_objection(const StrictHeader *header,
                                const AuthresResult *result, Instant received)
{
    bool found = false;
    MailDate date = mail_date_parse(header->date);
    if (!header->message_id || !is_timely(date.at, received))
        return "the mail has no Message-ID, or its Date is not of these days";
    for (guint i = 0; i < header->signatures->len; i++) {
        const StrictField *field = header->signatures->pdata[i];
        g_auto(Tags) tags = {0};
        read_tags(field->value, &tags);
        if (!is_meant(result, &tags))
            continue;
        const char *objection = field_objection(header, &tags, received);
        if (objection)
            return objection;
        found = true;
    }
    return found ? NULL : "the signature that passed is not in the mail";
}

char *signature_key(const StrictHeader *header, const AuthresResult *result)
{
    for (guint i = 0; i < header->signatures->len; i++) {
        const StrictField *field = header->signatures->pdata[i];
        g_auto(Tags) tags = {0};
        read_tags(field->value, &tags);
        const char *b = tag_value(&tags, "b");
        const char *selector = tag_value(&tags, "s");
        if (!is_meant(result, &tags) || !b || strlen(b) < B_SHOWN)
            continue;
        g_autofree char *domain = g_ascii_strdown(tag_value(&tags, "d"), -1);
        return g_strdup_printf("d=%s; s=%s; b=%.*s", domain,
                               selector ? selector : "", B_KEPT, b);
    }
    return NULL;
}
