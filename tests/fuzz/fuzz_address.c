/* Any bytes: no address outside the text. */
#include "incident/address.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(AddressHit));
    address_scan((Cursor){(const char *)data, size}, hits);
    for (guint i = 0; i < hits->len; i++)
        g_assert(g_array_index(hits, AddressHit, i).end <= size);
    return 0;
}
