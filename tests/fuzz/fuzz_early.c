#include "relay/sources.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Authorities) authorities = authorities_new();
    g_autoptr(Facts) facts = facts_new();
    g_autoptr(Early) early = early_new("/nonexistent", authorities);
    Records records = {
        .authorities = authorities, .facts = facts, .early = early};
    Text text = text_of_bytes((const char *)data, size);
    source_status_read(&records, text, "fuzz", NULL);
    source_directory_read(&records, text, "fuzz", NULL);
    return 0;
}
