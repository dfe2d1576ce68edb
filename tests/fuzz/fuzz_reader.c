#include "reader/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    if (!ready)
        mail_prepare(), incident_prepare(), ready = true;
    g_autoptr(GBytes) raw = g_bytes_new(data, size);
    g_autoptr(Findings) findings = reader_read(raw, NULL);
    g_autoptr(GBytes) record = findings_pack(findings);
    /* Whatever a mail says, the desk must be able to take it. */
    g_autoptr(Findings) same = findings_unpack(record, NULL);
    g_assert(same);
    return 0;
}
