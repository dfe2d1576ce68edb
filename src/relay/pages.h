/*
 * pages.h - large pages for large memory, and none for what waits.
 *
 * An hour's import fills some 500 MB of fresh memory for a moment; in pages of
 * 4 kB the kernel's part in that is a fifth of its time.
 */
#pragma once

#include <stddef.h>

/* Ask for large pages in memory that is about to be filled for the first time.
 * A wish: nothing else depends on it. */
void pages_enlarge(void *memory, size_t bytes);

/* A mapped file is not needed for a while: have its pages no longer count as
 * this process's memory. They are there again when they are looked at. Never
 * of memory that is not a file's. */
void pages_leave(const void *file, size_t bytes);
