#include "relay/family.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Text document = text_of_bytes((const char *)data, size);
    g_autoptr(Family) family = family_new();
    Fingerprint fingerprint;
    family_read_descriptor(family, document, 1, &fingerprint);
    family_read_microdescriptor(family, document);
    return 0;
}
