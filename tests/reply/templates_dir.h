/*
 * templates_dir.h - templates of a test's own, in a temporary directory.
 */
#pragma once

#include "reply/template.h"

/* All shipped letters in all branches are looked at; under a sanitizer, which
 * takes ten times as long, every seventh (of all ten languages in turn): the
 * code is the same for all. */
#ifdef __SANITIZE_ADDRESS__
#define LETTERS_STEP 7
#else
#define LETTERS_STEP 1
#endif

typedef struct {
    char *path;
} TemplatesDir;

TemplatesDir *templates_dir_new(void);
/* name: "XX/letter.en.txt"; folders are made. */
void templates_dir_write(const TemplatesDir *dir, const char *name,
                         const char *text);
/* The templates there and, if with_shipped, the shipped ones below them. */
Templates *templates_dir_load(const TemplatesDir *dir, bool with_shipped);
void templates_dir_free(TemplatesDir *dir);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(TemplatesDir, templates_dir_free)

/* A template file's text: sound header lines for the name and this body. */
char *templates_dir_letter(const char *country, const char *name,
                           const char *language, const char *body);
