#include "mail/strictheader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(StrictHeader) header = strict_header_scan(data, size);
    g_assert(header->from || header->ambiguous->len > 0);
    return 0;
}
