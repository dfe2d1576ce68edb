/*
 * pages.h - large pages for large memory.
 *
 * An hour's import fills some 500 MB of fresh memory for a moment; in pages of
 * 4 kB the kernel's part in that is a fifth of its time.
 */
#pragma once

#include <stddef.h>

/* Ask for large pages in memory that is about to be filled for the first time.
 * A wish: nothing else depends on it. */
void pages_enlarge(void *memory, size_t bytes);
