/* Any text as a letter: channels, demands, works, accusation, references. */
#include "report/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool ready;
    ready = ready || (mail_prepare(), report_prepare(), true);
    GString *raw = g_string_new("Content-Type: text/plain; charset=utf-8\n\n");
    g_string_append_len(raw, (const char *)data, (gssize)size);
    g_autoptr(GBytes) bytes = g_string_free_to_bytes(raw);
    g_autoptr(Mail) mail = mail_parse(bytes, NULL);
    g_autoptr(Report) report = mail ? report_read(mail) : NULL;
    return 0;
}
