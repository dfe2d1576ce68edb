#include "relay/sources.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Hints) hints = hints_load("/nonexistent", NULL);
    Records records = {.hints = hints, .fetched = 1};
    Text text = text_of_bytes((const char *)data, size);
    source_onionoo_read(&records, text, "fuzz", NULL);
    source_bulk_read(&records, text, "fuzz", NULL);
    return 0;
}
