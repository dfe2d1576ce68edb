#include "report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    if (!ready)
        mail_prepare(), ready = true;
    g_autoptr(GBytes) raw = g_bytes_new(data, size);
    g_autoptr(Mail) mail = mail_parse(raw, NULL);
    g_autoptr(Report) report = mail ? report_read(mail) : NULL;
    WireIn in = wire_in(data, size);
    g_autoptr(Report) record = report_get(&in);
    return 0;
}
