#include "courier/guard.h"

#include <stdint.h>
#include <string.h>

void guard_init(Guard *guard)
{
    *guard = (Guard){
        .raw = g_byte_array_new(),
        .clean = g_byte_array_new(),
        .text = g_string_new(NULL),
    };
}

void guard_clear(Guard *guard)
{
    g_byte_array_unref(guard->raw);
    g_byte_array_unref(guard->clean);
    g_string_free(guard->text, TRUE);
}

/* "250" and "250 words" and "250-words": 3 digits from 200 to 599. */
static int read_code(const uint8_t *line, size_t length)
{
    if (length < 3 || line[0] < '2' || line[0] > '5')
        return 0;
    if (!g_ascii_isdigit(line[1]) || !g_ascii_isdigit(line[2]))
        return 0;
    if (length > 3 && line[3] != ' ' && line[3] != '-')
        return 0;
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
}

static void keep_words(Guard *guard, const char *words, size_t length)
{
    if (guard->text->len >= GUARD_TEXT_MAX)
        return;
    if (guard->text->len > 0 && length > 0)
        g_string_append_c(guard->text, ' ');
    size_t room = GUARD_TEXT_MAX - MIN(guard->text->len, GUARD_TEXT_MAX);
    g_string_append_len(guard->text, words, (gssize)MIN(length, room));
}

/* One line of a reply, without its end. Controls become blanks in place. */
static bool take_line(Guard *guard, uint8_t *line, size_t length)
{
    int code = read_code(line, length);
    if (code == 0) {
        guard->flaw = "the server does not speak SMTP";
        return false;
    }
    if (guard->code != 0 && guard->code != code) {
        guard->flaw = "the lines of a reply have different codes";
        return false;
    }
    if (++guard->lines > GUARD_LINES_MAX) {
        guard->flaw = "a reply has more than 100 lines";
        return false;
    }
    for (size_t i = 3; i < length; i++)
        if (line[i] < ' ' || line[i] == 0x7f)
            line[i] = ' ';
    guard->code = code;
    guard->is_complete = length == 3 || line[3] == ' ';
    g_byte_array_append(guard->clean, line, (guint)length);
    g_byte_array_append(guard->clean, (const uint8_t *)"\r\n", 2);
    if (length > 4)
        keep_words(guard, (const char *)line + 4, length - 4);
    return true;
}

/* Move whole lines from raw to clean, up to the end of one reply. */
static bool clean_up(Guard *guard)
{
    size_t at = 0;
    while (!guard->is_complete) {
        uint8_t *line = guard->raw->data + at;
        size_t left = guard->raw->len - at;
        uint8_t *lf = left > 0 ? memchr(line, '\n', left) : NULL;
        size_t length = lf ? (size_t)(lf - line) : left;
        if (length >= GUARD_LINE_MAX) {
            guard->flaw = "a reply line has more than 2048 bytes";
            return false;
        }
        if (!lf)
            break;
        if (length > 0 && line[length - 1] == '\r')
            length--;
        if (!take_line(guard, line, length))
            return false;
        at += (size_t)(lf - line) + 1;
    }
    if (at > 0)
        g_byte_array_remove_range(guard->raw, 0, (guint)at);
    return true;
}

bool guard_feed(Guard *guard, const void *data, size_t length)
{
    if (guard->flaw)
        return false;
    g_byte_array_append(guard->raw, data, (guint)length);
    return clean_up(guard);
}

size_t guard_take(Guard *guard, void *out, size_t size)
{
    if (!guard->is_complete || guard->flaw)
        return 0;
    size_t count = MIN(size, guard->clean->len);
    if (count == 0)
        return 0;
    memcpy(out, guard->clean->data, count);
    g_byte_array_remove_range(guard->clean, 0, (guint)count);
    return count;
}

bool guard_expect(Guard *guard)
{
    if (guard->raw->len > 0 || guard->clean->len > 0)
        guard->flaw = "the server spoke out of turn";
    guard->is_complete = false;
    guard->code = 0;
    guard->lines = 0;
    g_string_truncate(guard->text, 0);
    return !guard->flaw;
}
