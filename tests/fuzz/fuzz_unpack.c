#include "base/unpack_memory.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Unpacked unpacked;
    UnpackKind kind = unpack_sniff(data, size);
    unpack_memory(data, size, kind == UNPACK_NONE ? UNPACK_ZIP : kind, NULL,
                  1 << 20, &unpacked);
    unpacked_clear(&unpacked);
    return 0;
}
