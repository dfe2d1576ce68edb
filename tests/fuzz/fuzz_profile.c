/* Any bytes as a profile: errors or a profile, never both. */
#include "policy/profile_load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GBytes) bytes = g_bytes_new(data, size);
    Profile *profile = profile_parse("fuzz.yaml", "fuzz", bytes, errors);
    g_assert((profile != NULL) == (errors->len == 0));
    profile_free(profile);
    return 0;
}
