/*
 * Server descriptors, for their exit policy: the consensus names a descriptor
 * by the SHA-1 of its bytes from "router " to the line "router-signature".
 * That digest is the join, so nothing in the descriptor need be believed.
 */
#include "relay/descriptor.h"

#include "base/digest.h"
#include "base/errors.h"

/* What other tables want of it. */
static bool pass_on(Records *records, const DescriptorReading *d,
                    GError **error)
{
    return !records->early || records->is_cached ||
           !early_wants(records->early, d->published) ||
           early_put_policy(records->early, d->digest, d->policy, error);
}

ReadResult source_descriptor_read(Records *records, Text document,
                                  const char *name, GError **error)
{
    Facts *facts = records->facts;
    uint8_t sha256[SHA256_BYTES];
    Text part;
    if (!descriptor_signed_part(document, &part))
        return source_damaged(error, "it ends before its signature");
    digest_sha256(document.at, text_length(&document), sha256);
    if (records->traffic)
        traffic_put_descriptor(records->traffic, part, sha256);
    bool is_known = facts_has_document(facts, sha256, name);
    if (is_known && !records->is_cached)
        facts_release(facts, sha256);
    if (is_known)
        return READ_KNOWN;
    g_auto(DescriptorReading) d = {.policies = records->policies};
    if (!descriptor_read(document, &d, error) || !pass_on(records, &d, error))
        return READ_DAMAGED;
    uint32_t number = facts_put_document(facts, DOCUMENT_DESCRIPTOR,
                                         d.published, sha256, name);
    if (records->is_cached)
        facts_hold(facts, number);
    facts_put_descriptor(facts, false, d.digest, d.policy, number);
    if (records->people)
        people_take_descriptor(records->people, part, d.digest, d.published,
                               records->is_cached);
    return READ_NEW;
}
