/*
 * Checking a XARF v4 report against the rules of its schema.
 *
 * Problem: a report that breaks its own format may still tell the truth, and
 * one that keeps it may lie; but a person should know that a field is missing
 * or says what it may not. Approach: the table XARF_RULES by class and type,
 * and the few rules that depend on other fields, here. Each broken rule is a
 * flag with our own name of the field, never with words of the report.
 *
 * A library for JSON schemas was rejected: none in C is kept well, and the
 * schemas are recursive, which is no shape for input of strangers. Not looked
 * at: what stands inside the objects of single types, and fields the schema
 * does not know, which it allows.
 */
#include "report/xarf_valid.h"

#include "base/ipaddress.h"
#include "report/category.h"
#include "report/xarf_rules.h"

#include <jansson.h>
#include <string.h>

#define EVIDENCE_MAX 50 /* the schema's */
#define TAGS_MAX     20
#define PORT_LAST    65535

typedef struct {
    const json_t *root;
    Report *report;
    char *of; /* "connection/ddos" */
    int flaws;
    bool is_class_broken; /* not even the kind of abuse is said right */
} Check;

static void tell(Check *check, const char *field, const char *flaw)
{
    g_autofree char *flag =
        g_strdup_printf(XARF_FLAW_PREFIX "%s %s", field, flaw);
    if (check->flaws++ < XARF_FLAWS_MAX)
        report_add_flag(check->report, flag);
}

/* --- kinds of values --- */

static bool is_word_of(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; length > 0 && (at = strstr(at, word));
         at += length)
        if ((at == words || at[-1] == ' ') &&
            (at[length] == ' ' || at[length] == '\0'))
            return !strchr(word, ' ');
    return false;
}

/* "9999-99-99T99:99:99" and a zone; whether the day exists is asked when the
 * time is read. RFC 3339 section 5.6. */
static bool is_time(const char *text)
{
    static const char SHAPE[] = "9999-99-99T99:99:99";
    for (const char *shape = SHAPE; *shape; shape++, text++) {
        bool fits = *shape == '9'   ? g_ascii_isdigit(*text)
                    : *shape == 'T' ? *text && strchr("Tt ", *text)
                                    : *text == *shape;
        if (!fits)
            return false;
    }
    if (*text == '.')
        text += 1 + strspn(text + 1, "0123456789");
    if (*text == 'Z' || *text == 'z')
        return text[1] == '\0';
    return (*text == '+' || *text == '-') && strlen(text) == 6 &&
           g_ascii_isdigit(text[1]) && g_ascii_isdigit(text[2]) &&
           text[3] == ':' && g_ascii_isdigit(text[4]) &&
           g_ascii_isdigit(text[5]);
}

static bool is_mail(const char *text)
{
    const char *at = strrchr(text, '@');
    return at && at > text && at[1] != '\0' && !strpbrk(text, " \t\r\n<>");
}

static bool is_url(const char *text)
{
    size_t scheme = strspn(text, "abcdefghijklmnopqrstuvwxyz"
                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
    return scheme > 0 && g_ascii_isalpha(*text) && text[scheme] == ':' &&
           text[scheme + 1] != '\0' && !strpbrk(text, " \t\r\n<>\"");
}

static bool is_version(const char *text)
{
    if (strncmp(text, "4.", 2) != 0)
        return false;
    size_t minor = strspn(text + 2, "0123456789");
    const char *rest = text + 2 + minor;
    return minor > 0 && *rest == '.' && rest[1] != '\0' &&
           rest[1 + strspn(rest + 1, "0123456789")] == '\0';
}

static bool is_cve(const char *text)
{
    return strncmp(text, "CVE-", 4) == 0 &&
           strspn(text + 4, "0123456789") == 4 && text[8] == '-' &&
           text[9] != '\0' && text[9 + strspn(text + 9, "0123456789")] == '\0';
}

/* "malware:conficker": lower case, both halves begin with a letter or digit. */
static bool is_tag(const char *text)
{
    static const char BYTES[] = "abcdefghijklmnopqrstuvwxyz0123456789_+-";
    size_t name = strspn(text, BYTES);
    if (name == 0 || strchr("_+-", *text) || text[name] != ':')
        return false;
    const char *rest = text + name + 1;
    return *rest && !strchr("_+-", *rest) && rest[strspn(rest, BYTES)] == '\0';
}

static bool is_list_of_tags(const json_t *value)
{
    size_t index;
    const json_t *item;
    if (!json_is_array(value) || json_array_size(value) > TAGS_MAX)
        return false;
    json_array_foreach(value, index, item)
    {
        if (!json_is_string(item) || !is_tag(json_string_value(item)))
            return false;
    }
    return true;
}

static bool is_evidence(const json_t *value)
{
    size_t index;
    const json_t *item;
    if (!json_is_array(value) || json_array_size(value) > EVIDENCE_MAX)
        return false;
    json_array_foreach(value, index, item)
    {
        if (!json_is_string(json_object_get(item, "content_type")) ||
            !json_is_string(json_object_get(item, "payload")))
            return false;
    }
    return true;
}

static bool is_contact(const json_t *value)
{
    const json_t *contact = json_object_get(value, "contact");
    return json_is_string(json_object_get(value, "org")) &&
           json_is_string(json_object_get(value, "domain")) &&
           json_is_string(contact) && is_mail(json_string_value(contact));
}

static bool is_between(const json_t *value, double least, double most)
{
    return json_is_number(value) && json_number_value(value) >= least &&
           json_number_value(value) <= most;
}

static bool is_count(const json_t *value, const char *least)
{
    return json_is_integer(value) &&
           json_integer_value(value) >=
               (least ? g_ascii_strtoll(least, NULL, 10) : 0);
}

static bool is_port(const json_t *value)
{
    return json_is_integer(value) && is_between(value, 1, PORT_LAST);
}

/* NULL if the value is what the rule asks, else what is wrong with it. */
static const char *flaw_of_text(const XarfRule *rule, const char *text)
{
    switch (rule->value) {
    case XARF_WORD:
        return is_word_of(rule->words, text) ? NULL : "is no word it may be";
    case XARF_TIME:
        return is_time(text) ? NULL : "is no time with a zone";
    case XARF_UUID:
        return g_uuid_string_is_valid(text) ? NULL : "is no UUID";
    case XARF_VERSION:
        return is_version(text) ? NULL : "is not 4.x.y";
    case XARF_URL:
        return is_url(text) ? NULL : "is no URL";
    case XARF_MAIL:
        return is_mail(text) ? NULL : "is no mail address";
    case XARF_CVE:
        return is_cve(text) ? NULL : "is no CVE number";
    case XARF_COUNTRY:
        return strlen(text) == 2 && g_ascii_isupper(text[0]) &&
                       g_ascii_isupper(text[1])
                   ? NULL
                   : "is no country";
    case XARF_TEXT:
        return *text || rule->need == MAY ? NULL : "is empty";
    case XARF_PORT:
    case XARF_COUNT:
    case XARF_NUMBER:
    case XARF_SHARE:
    case XARF_TRUTH:
    case XARF_LIST:
    case XARF_FULL_LIST:
    case XARF_OBJECT:
    case XARF_CONTACT:
    case XARF_EVIDENCE:
    case XARF_TAGS:
        return "is a text";
    }
    g_assert_not_reached();
}

static const char *flaw_of_value(const XarfRule *rule, const json_t *value)
{
    switch (rule->value) {
    case XARF_PORT:
        return is_port(value) ? NULL : "is no port";
    case XARF_COUNT:
        return is_count(value, rule->words) ? NULL : "is no count it may be";
    case XARF_NUMBER:
        return json_is_number(value) ? NULL : "is no number";
    case XARF_SHARE:
        return is_between(value, 0, 1) ? NULL : "is no number from 0 to 1";
    case XARF_TRUTH:
        return json_is_boolean(value) ? NULL : "is neither true nor false";
    case XARF_LIST:
        return json_is_array(value) ? NULL : "is no list";
    case XARF_FULL_LIST:
        return json_array_size(value) > 0 ? NULL : "is no list of anything";
    case XARF_OBJECT:
        return json_is_object(value) ? NULL : "is no object";
    case XARF_CONTACT:
        return is_contact(value) ? NULL : "lacks org, contact or domain";
    case XARF_EVIDENCE:
        return is_evidence(value) ? NULL : "lacks content_type or payload";
    case XARF_TAGS:
        return is_list_of_tags(value) ? NULL : "are no tags of the form a:b";
    case XARF_TEXT:
    case XARF_WORD:
    case XARF_TIME:
    case XARF_UUID:
    case XARF_VERSION:
    case XARF_URL:
    case XARF_MAIL:
    case XARF_CVE:
    case XARF_COUNTRY:
        return json_is_string(value)
                   ? flaw_of_text(rule, json_string_value(value))
                   : "is no text";
    }
    g_assert_not_reached();
}

/* --- rules --- */

static const char *text_of(const Check *check, const char *field)
{
    const json_t *value = json_object_get(check->root, field);
    return json_is_string(value) ? json_string_value(value) : "";
}

static bool holds_for(const XarfRule *rule, const char *of)
{
    size_t length = strlen(rule->of);
    bool is_class = length > 0 && rule->of[length - 1] == '/';
    return length == 0 || (is_class ? g_str_has_prefix(of, rule->of)
                                    : strcmp(of, rule->of) == 0);
}

static void check_rules(Check *check)
{
    for (const XarfRule *rule = XARF_RULES; rule->field; rule++) {
        if (!holds_for(rule, check->of))
            continue;
        const json_t *value = json_object_get(check->root, rule->field);
        const char *flaw = value                ? flaw_of_value(rule, value)
                           : rule->need == MUST ? "is missing"
                                                : NULL;
        if (!flaw)
            continue;
        tell(check, rule->field, flaw);
        check->is_class_broken = check->is_class_broken ||
                                 strcmp(rule->field, "category") == 0 ||
                                 strcmp(rule->field, "type") == 0;
    }
}

static bool has(const Check *check, const char *field)
{
    return json_object_get(check->root, field) != NULL;
}

/* Attacks over a network from an address need the port (address sharing). */
static void check_source_port(Check *check)
{
    IpAddress ip;
    const char *source = text_of(check, "source_identifier");
    bool asks = strcmp(check->of, "connection/ddos") == 0 ||
                strcmp(check->of, "connection/login_attack") == 0 ||
                strcmp(check->of, "connection/port_scan") == 0;
    if (asks && !has(check, "source_port") &&
        ip_parse(source, strlen(source), &ip))
        tell(check, "source_port", "is missing");
}

static void check_smtp(Check *check)
{
    if (!g_str_has_prefix(check->of, "messaging/") ||
        strcmp(text_of(check, "protocol"), "smtp") != 0)
        return;
    if (!has(check, "smtp_from"))
        tell(check, "smtp_from", "is missing");
    if (!has(check, "source_port"))
        tell(check, "source_port", "is missing");
}

static void check_copyright(Check *check)
{
    const json_t *swarm = json_object_get(check->root, "swarm_info");
    const json_t *message = json_object_get(check->root, "message_info");
    if (strcmp(check->of, "copyright/p2p") == 0 &&
        !json_object_get(swarm, "info_hash") &&
        !json_object_get(swarm, "magnet_uri"))
        tell(check, "swarm_info", "lacks info_hash and magnet_uri");
    if (strcmp(check->of, "copyright/usenet") == 0 &&
        !json_object_get(message, "message_id"))
        tell(check, "message_info", "lacks message_id");
}

/* Only pairs that the schema has; ours for legal matters are not XARF's. */
static void check_pair(Check *check)
{
    bool is_ours = g_str_has_prefix(check->of, "legal/") ||
                   g_str_has_prefix(check->of, "threat/") ||
                   g_str_has_prefix(check->of, "service/");
    if (!check->is_class_broken && (is_ours || !category_is_known(check->of)))
        tell(check, "type", "is none of its category");
}

bool xarf_valid_judge(const json_t *root, Report *report)
{
    Check check = {.root = root, .report = report};
    check.of = g_strconcat(text_of(&check, "category"), "/",
                           text_of(&check, "type"), NULL);
    check_rules(&check);
    check_pair(&check);
    check_source_port(&check);
    check_smtp(&check);
    check_copyright(&check);
    g_free(check.of);
    return !check.is_class_broken;
}
