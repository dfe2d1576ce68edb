#include "relay/sources.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Traffic) traffic = traffic_load("/nonexistent", NULL);
    Text text = text_of_bytes((const char *)data, size);
    traffic_put_descriptor(traffic, text, (const uint8_t[32]){0});
    source_extrainfo_read(&(Records){.traffic = traffic}, text, "fuzz", NULL);
    return 0;
}
