/* Any bytes: no stamp outside the text. */
#include "incident/timestamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *folded = fold_new((const char *)data, size);
    g_autoptr(GArray) stamps = g_array_new(FALSE, FALSE, sizeof(Stamp));
    stamp_scan((Cursor){(const char *)data, size}, (Cursor){folded, size},
               stamps);
    return 0;
}
