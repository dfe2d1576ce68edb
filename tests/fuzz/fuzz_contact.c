#include "relay/contact.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(Contact) contact = contact_read((const char *)data, size);
    g_assert_nonnull(contact->reason);
    return 0;
}
