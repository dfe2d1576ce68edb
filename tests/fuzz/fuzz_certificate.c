#include "relay/certificates.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Authorities) authorities = authorities_new();
    g_autoptr(Certificates) certificates = certificates_new();
    g_autoptr(GError) error = NULL;
    bool is_new;
    g_assert(certificates_add(certificates, authorities,
                              text_of_bytes((const char *)data, size), &is_new,
                              &error) == !error);
    return 0;
}
