/*
 * Server descriptors (dir-spec, "server descriptor format"), for their exit
 * policy: the consensus names a descriptor by the SHA-1 of its bytes from
 * "router " to the line "router-signature". That digest is the join, so the
 * fingerprint in the descriptor need not be believed. Contact and family are
 * read by people_take.c.
 *
 *   router NICK IPV4 ORPORT SOCKSPORT DIRPORT
 *   published YYYY-MM-DD HH:MM:SS
 *   accept|reject PATTERN            in order
 *   ipv6-policy accept|reject PORTLIST
 *   router-signature
 *
 * Tolerated: "opt " before any keyword (until 2010), dotted masks (2005),
 * CRLF (the digest is of the text without CR), unknown lines.
 */
#include "relay/sources.h"

#include "relay/portpolicy.h"

#include "base/digest.h"

typedef struct {
    PolicyRules rules;
    uint32_t published;
    char *ipv6;
    bool has_router;
} Descriptor;

static void descriptor_clear(Descriptor *d)
{
    policy_rules_clear(&d->rules);
    g_free(d->ipv6);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Descriptor, descriptor_clear)

static bool read_router(Descriptor *d, Text line)
{
    Text nickname, ip;
    if (d->has_router || !word_take(&line, &nickname) || !word_take(&line, &ip))
        return false;
    d->has_router = true;
    return ip_parse(ip.at, text_length(&ip), &d->rules.own);
}

static bool read_rule(Descriptor *d, bool accept, Text line)
{
    Text pattern;
    return word_take(&line, &pattern) &&
           policy_rules_add(&d->rules, accept, pattern.at,
                            text_length(&pattern));
}

static bool read_line(Descriptor *d, Text line)
{
    line_keyword(&line, "opt");
    if (line_keyword(&line, "router"))
        return read_router(d, line);
    if (line_keyword(&line, "published"))
        return time_take(&line, &d->published);
    if (line_keyword(&line, "accept"))
        return read_rule(d, true, line);
    if (line_keyword(&line, "reject"))
        return read_rule(d, false, line);
    if (!line_keyword(&line, "ipv6-policy"))
        return true;
    g_free(d->ipv6);
    d->ipv6 = g_strndup(line.at, text_length(&line));
    g_strchomp(d->ipv6);
    return port_summary_is_valid(d->ipv6, strlen(d->ipv6));
}

/* The part that the consensus's digest covers. */
static bool signed_part(Text document, Text *out)
{
    static const char END[] = "\nrouter-signature\n";
    const char *end =
        memmem(document.at, text_length(&document), END, sizeof END - 1);
    *out = (Text){document.at, end ? end + sizeof END - 1 : NULL};
    return end != NULL;
}

static ReadResult parse(Descriptor *d, Text document, uint8_t digest[20],
                        GError **error)
{
    Text part, line;
    if (!signed_part(document, &part))
        return source_damaged(error, "it ends before its signature");
    digest_sha1(part.at, text_length(&part), digest);
    for (guint number = 1; line_take(&part, &line); number++)
        if (!read_line(d, line))
            return source_damaged(error, "line %u is malformed", number);
    if (d->published == 0)
        return source_damaged(error, "it has no published line");
    return READ_NEW;
}

ReadResult source_descriptor_read(Records *records, Text document,
                                  const char *name, GError **error)
{
    Facts *facts = records->facts;
    uint8_t sha256[SHA256_BYTES], digest[SHA1_BYTES];
    digest_sha256(document.at, text_length(&document), sha256);
    if (facts_has_document(facts, sha256, name)) {
        if (!records->is_cached)
            facts_release(facts, sha256);
        return READ_KNOWN;
    }
    size_t plain_length;
    g_autofree char *plain = source_without_cr(document, &plain_length);
    if (plain)
        document = text_of_bytes(plain, plain_length);
    g_auto(Descriptor) d = {0};
    policy_rules_init(&d.rules, &(IpAddress){0});
    if (parse(&d, document, digest, error) == READ_DAMAGED)
        return READ_DAMAGED;
    g_autofree char *policy = policy_from_rules(&d.rules, d.ipv6);
    uint32_t number = facts_put_document(facts, DOCUMENT_DESCRIPTOR,
                                         d.published, sha256, name);
    if (records->is_cached)
        facts_hold(facts, number);
    facts_put_descriptor(facts, false, digest, policy, number);
    if (records->people)
        people_take_descriptor(records->people, document, digest, d.published,
                               records->is_cached);
    return READ_NEW;
}
