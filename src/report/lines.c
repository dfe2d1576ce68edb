#include "report/lines.h"

#include <glib.h>
#include <string.h>

#define NAME_BYTES_MAX 40

bool line_next(const char *text, size_t length, size_t *cursor, Line *out)
{
    if (*cursor >= length)
        return false;
    const char *at = text + *cursor;
    const char *end = memchr(at, '\n', length - *cursor);
    size_t line_length = end ? (size_t)(end - at) : length - *cursor;
    *cursor += line_length + (end ? 1 : 0);
    if (line_length > 0 && at[line_length - 1] == '\r')
        line_length--;
    *out = (Line){.at = at, .length = line_length};
    return true;
}

static Line trimmed(Line line)
{
    while (line.length > 0 && g_ascii_isspace(*line.at))
        line.at++, line.length--;
    while (line.length > 0 && g_ascii_isspace(line.at[line.length - 1]))
        line.length--;
    return line;
}

Line line_bare(Line line)
{
    line = trimmed(line);
    while (line.length > 0 &&
           (*line.at == '>' || *line.at == '|' || g_ascii_isspace(*line.at)))
        line.at++, line.length--;
    return line;
}

bool line_field(Line line, Line *name, Line *value)
{
    const char *colon =
        memchr(line.at, ':', MIN(line.length, NAME_BYTES_MAX + 1));
    if (!colon)
        return false;
    *name = trimmed((Line){.at = line.at, .length = (size_t)(colon - line.at)});
    *value =
        trimmed((Line){.at = colon + 1,
                       .length = line.length - 1 - (size_t)(colon - line.at)});
    return name->length > 0 && !memchr(name->at, '<', name->length) &&
           !memchr(name->at, '>', name->length);
}

bool line_is(Line line, const char *words)
{
    return strlen(words) == line.length &&
           g_ascii_strncasecmp(line.at, words, line.length) == 0;
}

bool line_begins(Line line, const char *words)
{
    size_t length = strlen(words);
    return line.length >= length &&
           g_ascii_strncasecmp(line.at, words, length) == 0;
}

bool line_contains(Line line, const char *words)
{
    size_t length = strlen(words);
    for (size_t i = 0; i + length <= line.length; i++)
        if (g_ascii_strncasecmp(line.at + i, words, length) == 0)
            return true;
    return false;
}
