/*
 * lines.h - walking the lines and words of a directory document.
 *
 * Lines end with LF or CRLF (some mirrors mangle them). Nothing is copied.
 */
#pragma once

#include "base/instant.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    const char *at, *end;
} Text;

static inline Text text_of_bytes(const char *data, size_t length)
{
    return (Text){data, data + length};
}

/* Take the next line off, without its end. */
static inline bool line_take(Text *text, Text *line)
{
    if (text->at >= text->end)
        return false;
    const char *stop = memchr(text->at, '\n', (size_t)(text->end - text->at));
    line->at = text->at;
    line->end = stop ? stop : text->end;
    text->at = stop ? stop + 1 : text->end;
    if (line->end > line->at && line->end[-1] == '\r')
        line->end--;
    return true;
}

static inline size_t text_length(const Text *text)
{
    return (size_t)(text->end - text->at);
}

/* Take the next blank-separated word off; false if there is none. */
static inline bool word_take(Text *line, Text *word)
{
    while (line->at < line->end && (*line->at == ' ' || *line->at == '\t'))
        line->at++;
    word->at = line->at;
    while (line->at < line->end && *line->at != ' ' && *line->at != '\t')
        line->at++;
    word->end = line->at;
    return word->end > word->at;
}

static inline bool text_is(const Text *text, const char *literal)
{
    size_t length = strlen(literal);
    return text_length(text) == length &&
           memcmp(text->at, literal, length) == 0;
}

static inline bool text_begins(const Text *text, const char *literal)
{
    size_t length = strlen(literal);
    return text_length(text) >= length &&
           memcmp(text->at, literal, length) == 0;
}

/* Does it begin with one of those characters? Most lines of a descriptor are
 * those of keys and signatures; one look spares one for each keyword. */
static inline bool text_begins_any(const Text *text, const char *characters)
{
    return text->at < text->end && *text->at && strchr(characters, *text->at);
}

/* If the line is "keyword" or "keyword ...", leave what follows the blank. */
static inline bool line_keyword(Text *line, const char *keyword)
{
    size_t length = strlen(keyword);
    if (!text_begins(line, keyword) ||
        (text_length(line) > length && line->at[length] != ' ' &&
         line->at[length] != '\t'))
        return false;
    line->at += length;
    while (line->at < line->end && (*line->at == ' ' || *line->at == '\t'))
        line->at++;
    return true;
}

/* Take "2026-05-03 14:00:00" off, as seconds since 1970; false if it is none
 * or does not fit into 32 bits. */
bool time_take(Text *line, uint32_t *out);
