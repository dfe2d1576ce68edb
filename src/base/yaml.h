/*
 * yaml.h - a YAML file as a small tree in which every scalar is text.
 *
 * What a word means is decided by the key's declared type (schema.h), never
 * by how it looks: "country: NO" stays the two letters NO, "1.10" stays 1.10.
 * Anchors, aliases, tags, merge keys and several documents in one file are
 * refused: what is written is what holds. The only user of libfyaml.
 *
 * Authority: https://yaml.org/spec/1.2.2/
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* A configuration is written by hand; anything above these is a mistake. */
#define YAML_DEPTH_MAX 16
#define YAML_NODES_MAX 100000
#define YAML_BYTES_MAX (1024 * 1024)

typedef enum { YAML_TEXT, YAML_LIST, YAML_MAP } YamlKind;

typedef struct YamlNode {
    YamlKind kind;
    int line, column; /* where it begins, from 1 */
    bool is_quoted;   /* TEXT: so that '' and nothing at all differ */
    char *text;       /* TEXT: UTF-8 without NUL */
    GPtrArray *items; /* LIST, MAP: of YamlNode */
    GPtrArray *keys;  /* MAP: of YamlNode (TEXT), parallel to items; all
                         different unless that error was added */
} YamlNode;

typedef struct {
    char *file;     /* as errors name it */
    YamlNode *root; /* an empty file is an empty MAP */
} YamlFile;

/* Read a file, or bytes that came from somewhere called file. What is wrong
 * is appended to errors (of char *, "file:line:column: words"), all of it as
 * far as can be. NULL if there is no tree at all; a tree with errors added
 * must not be put to use, but can be checked further. */
YamlFile *yaml_read(const char *path, GPtrArray *errors);
YamlFile *yaml_parse(const char *file, GBytes *bytes, GPtrArray *errors);
void yaml_file_free(YamlFile *file);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(YamlFile, yaml_file_free)

/* The item under a key of a MAP; borrowed, NULL if there is none. */
const YamlNode *yaml_get(const YamlNode *map, const char *key);

/* Append one line to errors. Line 0 leaves line and column out. */
void yaml_complain(GPtrArray *errors, const char *file, int line, int column,
                   const char *format, ...) G_GNUC_PRINTF(5, 6);

/* The text as a scalar that every YAML reader takes for that text: quoted
 * where it must be. Yours to free. */
char *yaml_scalar_new(const char *text);
