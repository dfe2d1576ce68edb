#include "relay/pages.h"

#include <stdint.h>
#include <sys/mman.h>

#define LARGE_PAGE_BYTES (2u << 20)

void pages_enlarge(void *memory, size_t bytes)
{
    uintptr_t start = (uintptr_t)memory, end = start + bytes;
    start = (start + LARGE_PAGE_BYTES - 1) & ~(uintptr_t)(LARGE_PAGE_BYTES - 1);
    end &= ~(uintptr_t)(LARGE_PAGE_BYTES - 1);
    if (start < end)
        (void)madvise((void *)start, end - start, MADV_HUGEPAGE);
}

void pages_leave(const void *file, size_t bytes)
{
    (void)madvise((void *)file, bytes, MADV_DONTNEED);
}
