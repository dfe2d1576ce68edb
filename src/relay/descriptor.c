/*
 * Server descriptors (dir-spec, "server descriptor format").
 *
 *   router NICK IPV4 ORPORT SOCKSPORT DIRPORT
 *   published YYYY-MM-DD HH:MM:SS
 *   fingerprint FFFF FFFF ...
 *   extra-info-digest SHA1 [SHA256]
 *   signing-key                      (and the key: the relay's identity)
 *   accept|reject PATTERN            in order
 *   ipv6-policy accept|reject PORTLIST
 *   router-signature
 *
 * Tolerated: "opt " before any keyword (until 2010), dotted masks (2005),
 * unknown lines. Contact, family and the other keys are not read here.
 */
#include "relay/descriptor.h"

#include "relay/portpolicy.h"

#include "base/digest.h"

typedef struct {
    DescriptorReading *out;
    PolicyRules rules;
    GString *told; /* all that the policy depends on, for its memory */
    char *ipv6;
    bool has_router;
} Parse;

void descriptor_reading_clear(DescriptorReading *reading)
{
    g_clear_pointer(&reading->policy, g_free);
}

static bool read_router(Parse *p, Text line)
{
    Text nickname, ip;
    if (p->has_router || !word_take(&line, &nickname) || !word_take(&line, &ip))
        return false;
    p->has_router = true;
    size_t length = MIN(text_length(&nickname), sizeof p->out->nickname - 1);
    memcpy(p->out->nickname, nickname.at, length);
    if (!ip_parse(ip.at, text_length(&ip), &p->rules.own))
        return false;
    g_string_append_c(p->told, '@');
    g_string_append_len(p->told, (const char *)p->rules.own.bytes,
                        sizeof p->rules.own.bytes);
    return true;
}

static bool read_rule(Parse *p, bool accept, Text line)
{
    Text pattern;
    if (!word_take(&line, &pattern) ||
        !policy_rules_add(&p->rules, accept, pattern.at, text_length(&pattern)))
        return false;
    g_string_append_c(p->told, accept ? '+' : '-');
    g_string_append_len(p->told, pattern.at, (gssize)text_length(&pattern));
    g_string_append_c(p->told, '\n');
    return true;
}

/* 40 hex digits, with or without blanks; nothing of it is believed, so what
 * is malformed is only not there. */
static bool take_hex(Text line, guint words, uint8_t out[20])
{
    char hex[41];
    guint length = 0;
    Text word;
    for (guint i = 0; i < words && word_take(&line, &word); i++)
        for (const char *at = word.at; at < word.end; at++) {
            if (length == 40)
                return false;
            hex[length++] = *at;
        }
    hex[length] = 0;
    return hex_parse(hex, out, 20);
}

static void read_key(DescriptorReading *out, Text *rest)
{
    if (!out->wants_identity)
        return;
    g_autoptr(GBytes) der = pem_take(rest, "RSA PUBLIC KEY");
    if (!der)
        return;
    digest_sha1(g_bytes_get_data(der, NULL), g_bytes_get_size(der),
                out->identity);
    out->has_identity = true;
}

static bool read_ipv6_policy(Parse *p, Text line)
{
    g_free(p->ipv6);
    p->ipv6 = g_strndup(line.at, text_length(&line));
    g_strchomp(p->ipv6);
    return port_summary_is_valid(p->ipv6, strlen(p->ipv6));
}

static bool read_line(Parse *p, Text line, Text *rest)
{
    DescriptorReading *out = p->out;
    line_keyword(&line, "opt");
    if (!text_begins_any(&line, "rpaifes"))
        return true;
    if (line_keyword(&line, "router"))
        return read_router(p, line);
    if (line_keyword(&line, "published"))
        return time_take(&line, &out->published);
    if (line_keyword(&line, "accept"))
        return read_rule(p, true, line);
    if (line_keyword(&line, "reject"))
        return read_rule(p, false, line);
    if (line_keyword(&line, "ipv6-policy"))
        return read_ipv6_policy(p, line);
    if (line_keyword(&line, "fingerprint"))
        out->has_fingerprint = take_hex(line, 10, out->fingerprint);
    else if (line_keyword(&line, "extra-info-digest"))
        out->has_extra = take_hex(line, 1, out->extra);
    else if (line_keyword(&line, "signing-key"))
        read_key(out, rest);
    return true;
}

bool descriptor_signed_part(Text document, Text *out)
{
    static const char END[] = "\nrouter-signature\n";
    const char *end =
        memmem(document.at, text_length(&document), END, sizeof END - 1);
    *out = (Text){document.at, end ? end + sizeof END - 1 : NULL};
    return end != NULL;
}

static bool parse(Parse *p, Text document, GError **error)
{
    Text part, line;
    if (!descriptor_signed_part(document, &part)) {
        source_damaged(error, "it ends before its signature");
        return false;
    }
    digest_sha1(part.at, text_length(&part), p->out->digest);
    for (guint number = 1; line_take(&part, &line); number++)
        if (!read_line(p, line, &part)) {
            source_damaged(error, "line %u is malformed", number);
            return false;
        }
    if (p->out->published != 0)
        return true;
    source_damaged(error, "it has no published line");
    return false;
}

static char *policy_of(Parse *p)
{
    PolicyMemory *memory = p->out->policies;
    if (!memory)
        return policy_from_rules(&p->rules, p->ipv6);
    g_string_append_c(p->told, p->ipv6 ? '6' : '4');
    g_string_append(p->told, p->ipv6 ? p->ipv6 : "");
    const char *known = policy_memory_find(memory, p->told);
    if (known)
        return g_strdup(known);
    char *policy = policy_from_rules(&p->rules, p->ipv6);
    policy_memory_put(memory, p->told, policy);
    return policy;
}

bool descriptor_read(Text document, DescriptorReading *reading, GError **error)
{
    g_autoptr(GString) told = g_string_sized_new(512);
    Parse p = {.out = reading, .told = told};
    policy_rules_init(&p.rules, &(IpAddress){0});
    bool done = parse(&p, document, error);
    reading->own = p.rules.own;
    if (done)
        reading->policy = policy_of(&p);
    policy_rules_clear(&p.rules);
    g_free(p.ipv6);
    return done;
}
