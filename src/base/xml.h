/*
 * xml.h - walking over an XML document of a stranger.
 *
 * The home of expat. Namespaces are ignored: names come without prefix. A
 * DOCTYPE ends the reading: entities are never needed here, and are an old
 * weapon. Whatever the declaration says, the text is UTF-8.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

#define XML_DEPTH_MAX       64
#define XML_NAME_BYTES_MAX  64   /* longer ones come cut */
#define XML_VALUE_BYTES_MAX 4000 /* longer values come cut */

/* What stands between an element's tags. */
typedef struct {
    const char *text;  /* entities resolved, blanks at the ends taken off; ""
                          if it holds other elements or nothing */
    const char *whole; /* the same with its blanks */
    size_t at, length; /* where text is in the document, with its entities */
} XmlValue;

typedef struct {
    /* attributes: name, value, name, value, NULL. depth: 1 for the top. */
    void (*begin)(const char *name, const char *const *attributes, int depth,
                  void *data);
    void (*end)(const char *name, const XmlValue *value, int depth, void *data);
} XmlReader;

/* Walk over all of it. False if it is damaged, too deep or has a DOCTYPE; what
 * came before was handed out. Not reentrant from the callbacks. */
bool xml_walk(const char *text, size_t length, const XmlReader *reader,
              void *data);

/* The same; words is handed the text between any two tags as well, in pieces,
 * for documents in which text and elements are mixed. */
bool xml_walk_words(const char *text, size_t length, const XmlReader *reader,
                    void (*words)(const char *text, size_t length, void *data),
                    void *data);

/* The value of an attribute whatever its prefix and case, or NULL. */
const char *xml_attribute(const char *const *attributes, const char *name);
