#include "relay/history_build.h"
#include "relay/sources.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Facts) facts = facts_new();
    Text document = text_of_bytes((const char *)data, size);
    source_exitlist_read(&(Records){.facts = facts}, document, "fuzz", NULL);
    facts_settle(facts);
    g_autoptr(GBytes) history = history_build(facts, 0, (uint8_t[32]){0}, NULL);
    g_assert_nonnull(history);
    return 0;
}
