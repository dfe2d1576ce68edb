/*
 * leftovers.h - files that an import was writing when it was killed.
 *
 * Each is written beside its name and renamed (file_replace()), so a killed
 * import leaves what it was writing: tens of megabytes, for good.
 */
#pragma once

/* Remove them below the history's directory. The lock must be held: what
 * another import is writing looks the same. */
void leftovers_remove(const char *directory);
