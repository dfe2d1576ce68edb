#include "relay/history_build.h"
#include "relay/sources.h"

/* Facts are only stored of what is signed; so whether it is signed is asked,
 * and then it is stored as one that waits for certificates would be. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Authorities) authorities = authorities_new();
    g_autoptr(Certificates) certificates = certificates_new();
    g_autoptr(Facts) facts = facts_new(), unverified = facts_new();
    Records records = {.authorities = authorities,
                       .certificates = certificates,
                       .facts = facts,
                       .unverified = unverified};
    source_consensus_read(&records, text_of_bytes((const char *)data, size),
                          "fuzz", NULL);
    g_assert(facts->documents->len == 0);
    facts_settle(unverified);
    g_autoptr(GBytes) history =
        history_build(unverified, 0, (uint8_t[32]){0}, NULL);
    g_assert_nonnull(history);
    return 0;
}
