/*
 * Robots paste titles without escaping them: "R&D", "&nbsp;". Such a '&' would
 * end the reading, so it is blanked out in a copy, where all places stay.
 */
#include "base/xml.h"

#include <expat.h>
#include <limits.h>
#include <string.h>

typedef struct {
    const char *text;
    XML_Parser parser;
    const XmlReader *reader;
    void (*words)(const char *text, size_t length, void *data); /* or NULL */
    void *data;
    int depth;
    bool is_leaf;   /* nothing but text since the last begin tag */
    bool has_words; /* not only blanks */
    GString *value;
    size_t at, end; /* of the value in the document */
} Walk;

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *xml_attribute(const char *const *attributes, const char *name)
{
    for (; attributes && *attributes; attributes += 2)
        if (g_ascii_strcasecmp(local_name(attributes[0]), name) == 0)
            return attributes[1];
    return NULL;
}

static void XMLCALL on_begin(void *data, const char *name,
                             const char **attributes)
{
    Walk *walk = data;
    if (++walk->depth > XML_DEPTH_MAX) {
        XML_StopParser(walk->parser, XML_FALSE);
        return;
    }
    char cut[XML_NAME_BYTES_MAX + 1];
    g_strlcpy(cut, local_name(name), sizeof cut);
    walk->is_leaf = true;
    walk->has_words = false;
    g_string_truncate(walk->value, 0);
    walk->reader->begin(cut, (const char *const *)attributes, walk->depth,
                        walk->data);
}

/* The value's place is that of its first word. */
static void XMLCALL on_text(void *data, const char *text, int length)
{
    Walk *walk = data;
    size_t blanks = 0;
    if (walk->words)
        walk->words(text, (size_t)length, walk->data);
    if (!walk->is_leaf ||
        walk->value->len + (size_t)length > XML_VALUE_BYTES_MAX)
        return;
    while (blanks < (size_t)length && g_ascii_isspace(text[blanks]))
        blanks++;
    g_string_append_len(walk->value, text, length);
    if (blanks == (size_t)length)
        return;
    size_t here = (size_t)XML_GetCurrentByteIndex(walk->parser);
    if (!walk->has_words)
        walk->at = here + blanks;
    walk->has_words = true;
    walk->end = here + (size_t)XML_GetCurrentByteCount(walk->parser);
}

static void XMLCALL on_end(void *data, const char *name)
{
    Walk *walk = data;
    char cut[XML_NAME_BYTES_MAX + 1];
    g_strlcpy(cut, local_name(name), sizeof cut);
    XmlValue value = {.text = "", .whole = ""};
    g_autofree char *trimmed = NULL;
    while (walk->end > walk->at && g_ascii_isspace(walk->text[walk->end - 1]))
        walk->end--;
    if (walk->is_leaf) {
        trimmed = g_strstrip(g_strdup(walk->value->str));
        value.text = trimmed;
        value.whole = walk->value->str;
    }
    if (walk->is_leaf && walk->has_words) {
        value.at = walk->at;
        value.length = walk->end - walk->at;
    }
    walk->reader->end(cut, &value, walk->depth, walk->data);
    g_string_truncate(walk->value, 0);
    walk->is_leaf = walk->has_words = false;
    walk->depth--;
}

static void XMLCALL on_doctype(void *data, const char *name,
                               const char *system_id, const char *public_id,
                               int has_internal)
{
    XML_StopParser(((Walk *)data)->parser, XML_FALSE);
}

/* Does one of the five entities that XML knows, or a number, begin here? */
static bool is_entity(const char *at, const char *end)
{
    static const char *const KNOWN[] = {"&amp;", "&lt;", "&gt;", "&quot;",
                                        "&apos;"};
    size_t left = (size_t)(end - at);
    for (size_t i = 0; i < G_N_ELEMENTS(KNOWN); i++)
        if (left >= strlen(KNOWN[i]) &&
            memcmp(at, KNOWN[i], strlen(KNOWN[i])) == 0)
            return true;
    if (left < 4 || at[1] != '#')
        return false;
    size_t digits = 2;
    while (digits < MIN(left, 10) && g_ascii_isalnum(at[digits]))
        digits++;
    return digits < left && at[digits] == ';';
}

/* A copy without the '&' that begin nothing, or NULL if all do. */
static char *new_repaired(const char *text, size_t length)
{
    const char *end = text + length, *at = text;
    char *copy = NULL;
    for (; (at = memchr(at, '&', (size_t)(end - at))); at++) {
        if (is_entity(at, end))
            continue;
        if (!copy)
            copy = g_memdup2(text, length);
        copy[at - text] = ' ';
    }
    return copy;
}

bool xml_walk_words(const char *text, size_t length, const XmlReader *reader,
                    void (*words)(const char *text, size_t length, void *data),
                    void *data)
{
    if (length > INT_MAX)
        return false;
    g_autofree char *repaired = new_repaired(text, length);
    Walk walk = {.text = text,
                 .reader = reader,
                 .words = words,
                 .data = data,
                 .value = g_string_new(NULL),
                 .parser = XML_ParserCreate("UTF-8")};
    XML_SetUserData(walk.parser, &walk);
    XML_SetElementHandler(walk.parser, on_begin, on_end);
    XML_SetCharacterDataHandler(walk.parser, on_text);
    XML_SetStartDoctypeDeclHandler(walk.parser, on_doctype);
    bool is_whole = XML_Parse(walk.parser, repaired ? repaired : text,
                              (int)length, XML_TRUE) == XML_STATUS_OK;
    g_string_free(walk.value, TRUE);
    XML_ParserFree(walk.parser);
    return is_whole;
}

bool xml_walk(const char *text, size_t length, const XmlReader *reader,
              void *data)
{
    return xml_walk_words(text, length, reader, NULL, data);
}
