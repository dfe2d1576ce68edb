#include "reader/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GBytes) record = g_bytes_new(data, size);
    g_autoptr(Findings) findings = findings_unpack(record, NULL);
    if (!findings)
        return 0;
    g_autoptr(GBytes) again = findings_pack(findings);
    g_autoptr(Findings) same = findings_unpack(again, NULL);
    g_assert(same);
    return 0;
}
