#include "courier/smtpurl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(SmtpUrl) url = {0};
    smtp_url_parse(text, &url, NULL);
    return 0;
}
