/*
 * phrases.h - the words of mail to members' people, by language.
 *
 * templates/notices/notice.LANG.txt: "[key]" on a line of its own, then the
 * text up to the next one. {word} is replaced by a value, once: a value is
 * never looked into. Lines that begin with "#" before the first key are notes.
 * What a language lacks is said in English.
 */
#pragma once

#include <glib.h>

#define PHRASES_BYTES_MAX (64 * 1024)

typedef struct Phrases Phrases;

/* directories: as of settings, the package's first; NULL-terminated. Errors:
 * MISSING (no English file), INVALID (text before the first key), those of
 * file_read(). */
Phrases *phrases_load(const char *const *directories, const char *language,
                      GError **error);
void phrases_free(Phrases *phrases);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Phrases, phrases_free)

/* NULL if there is no such key. Borrowed. */
const char *phrases_get(const Phrases *phrases, const char *key);
/* The text with its words filled in: pairs of name and value, then NULL. A key
 * or word that is not known stands as it is. Yours. */
char *phrases_fill(const Phrases *phrases, const char *key,
                   ...) G_GNUC_NULL_TERMINATED;

/* For the tests: all keys, sorted; borrowed texts, the array is yours. */
GPtrArray *phrases_keys(const Phrases *phrases);
