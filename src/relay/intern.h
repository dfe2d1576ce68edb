/*
 * intern.h - each distinct byte string once, known by a small number.
 *
 * Numbers run from 0 in order of arrival. Hashing is seeded at random, so
 * that nobody can choose inputs that all fall on one place.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Intern Intern;

/* width: bytes of each item, or 0 for texts of any length. */
Intern *intern_new(size_t width);
void intern_free(Intern *intern);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Intern, intern_free)

/* The number of the item, new or known. length is ignored if the width is
 * fixed. */
uint32_t intern_put(Intern *intern, const void *item, size_t length);
/* The same, looking at the item with the number guess first (any number will
 * do): consensuses mostly repeat the one before, and hashing costs more. */
uint32_t intern_put_near(Intern *intern, const void *item, size_t length,
                         uint32_t guess);
/* Put items that are all distinct into an empty intern, one after the other in
 * bytes (texts with their NULs): what intern_bytes() gave. */
void intern_fill(Intern *intern, const void *bytes, size_t length);
/* The same of items of fixed width that stand stride bytes apart. */
void intern_fill_column(Intern *intern, const void *first, size_t stride,
                        size_t count);
/* Be ready to look items up, which the first look would do otherwise. */
void intern_index(Intern *intern);
/* The number of a known item, or UINT32_MAX. */
uint32_t intern_find(const Intern *intern, const void *item, size_t length);
uint32_t intern_count(const Intern *intern);
/* The item; texts end with a NUL. Borrowed until the next put. */
const void *intern_at(const Intern *intern, uint32_t number);
size_t intern_length(const Intern *intern, uint32_t number);
/* All items one after the other (texts with their NULs). */
const void *intern_bytes(const Intern *intern, size_t *length);

/* Replace the intern by one in byte order that keeps only the numbers marked
 * in used (NULL: all). Returns new number by old, UINT32_MAX for those left
 * out; yours. */
uint32_t *intern_sort(Intern **intern, const bool *used);
