/*
 * Microdescriptors (dir-spec, "microdescriptors"), for their p and p6 lines.
 * An m line of a microdesc consensus names one by the SHA-256 of its bytes,
 * from "onion-key" to its last line. It has neither time nor relay of its own.
 * No p line means "reject 1-65535", and so for p6.
 */
#include "relay/sources.h"

#include "relay/portpolicy.h"

#include "base/digest.h"

static bool read_summary(Text line, char **out)
{
    g_free(*out);
    *out = g_strndup(line.at, text_length(&line));
    g_strchomp(*out);
    return port_summary_is_valid(*out, strlen(*out));
}

static bool read_line(Text line, char **ipv4, char **ipv6)
{
    if (line_keyword(&line, "p"))
        return read_summary(line, ipv4);
    return !line_keyword(&line, "p6") || read_summary(line, ipv6);
}

ReadResult source_micro_read(Records *records, Text document, const char *name,
                             GError **error)
{
    Facts *facts = records->facts;
    uint8_t sha256[SHA256_BYTES];
    digest_sha256(document.at, text_length(&document), sha256);
    if (facts_has_document(facts, sha256, name)) {
        if (!records->is_cached)
            facts_release(facts, sha256);
        return READ_KNOWN;
    }
    const Text whole = document;
    g_autofree char *ipv4 = g_strdup(REJECT_ALL);
    g_autofree char *ipv6 = g_strdup(REJECT_ALL);
    Text line;
    bool is_whole = document.end > document.at && document.end[-1] == '\n';
    if (!is_whole)
        return source_damaged(error, "it ends within a line");
    for (guint number = 1; line_take(&document, &line); number++)
        if (!read_line(line, &ipv4, &ipv6))
            return source_damaged(error, "line %u is malformed", number);
    g_autofree char *policy = policy_from_summaries(ipv4, ipv6);
    uint32_t known = facts_put_document(facts, DOCUMENT_MICRO, 0, sha256, name);
    if (records->is_cached)
        facts_hold(facts, known);
    facts_put_descriptor(facts, true, sha256, policy, known);
    if (records->people)
        people_take_micro(records->people, whole, sha256, records->is_cached);
    return READ_NEW;
}
