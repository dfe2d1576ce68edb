#include "relay/whois.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Whois) whois = whois_new();
    guint found = whois_read(whois, (const char *)data, size, 0);
    g_assert(found == 0 || whois_count(whois) > 0);
    return 0;
}
