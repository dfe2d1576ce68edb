#include "base/wire.h"

#include "base/errors.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define NULL_TEXT UINT32_MAX

void wire_out_init(WireOut *out)
{
    out->bytes = g_byte_array_new();
}

GBytes *wire_out_steal(WireOut *out)
{
    return g_byte_array_free_to_bytes(g_steal_pointer(&out->bytes));
}

void wire_out_clear(WireOut *out)
{
    g_clear_pointer(&out->bytes, g_byte_array_unref);
}

void wire_put_u8(WireOut *out, uint8_t value)
{
    g_byte_array_append(out->bytes, &value, 1);
}

void wire_put_u32(WireOut *out, uint32_t value)
{
    uint32_t little = GUINT32_TO_LE(value);
    g_byte_array_append(out->bytes, (const uint8_t *)&little, sizeof little);
}

void wire_put_i64(WireOut *out, int64_t value)
{
    int64_t little = GINT64_TO_LE(value);
    g_byte_array_append(out->bytes, (const uint8_t *)&little, sizeof little);
}

void wire_put_bytes(WireOut *out, const void *data, size_t length)
{
    g_assert(length < NULL_TEXT);
    wire_put_u32(out, (uint32_t)length);
    if (length > 0)
        g_byte_array_append(out->bytes, data, (guint)length);
}

void wire_put_text(WireOut *out, const char *text)
{
    if (text)
        wire_put_bytes(out, text, strlen(text));
    else
        wire_put_u32(out, NULL_TEXT);
}

WireIn wire_in(const void *data, size_t length)
{
    return (WireIn){.at = data, .end = (const uint8_t *)data + length};
}

/* The next length bytes, or NULL and broken. */
static const uint8_t *take(WireIn *in, size_t length)
{
    if (in->broken || (size_t)(in->end - in->at) < length) {
        in->broken = true;
        return NULL;
    }
    const uint8_t *taken = in->at;
    in->at += length;
    return taken;
}

uint8_t wire_get_u8(WireIn *in)
{
    const uint8_t *at = take(in, 1);
    return at ? *at : 0;
}

uint32_t wire_get_u32(WireIn *in)
{
    uint32_t value = 0;
    const uint8_t *at = take(in, sizeof value);
    if (at)
        memcpy(&value, at, sizeof value);
    return GUINT32_FROM_LE(value);
}

int64_t wire_get_i64(WireIn *in)
{
    int64_t value = 0;
    const uint8_t *at = take(in, sizeof value);
    if (at)
        memcpy(&value, at, sizeof value);
    return GINT64_FROM_LE(value);
}

uint32_t wire_get_count(WireIn *in, uint32_t max)
{
    uint32_t count = wire_get_u32(in);
    if (count > max)
        in->broken = true;
    return in->broken ? 0 : count;
}

uint8_t wire_get_choice(WireIn *in, uint8_t limit)
{
    uint8_t value = wire_get_u8(in);
    if (value >= limit)
        in->broken = true;
    return in->broken ? 0 : value;
}

const uint8_t *wire_get_bytes(WireIn *in, size_t *length, size_t max)
{
    uint32_t count = wire_get_u32(in);
    *length = 0;
    if (count > max)
        in->broken = true;
    const uint8_t *at = in->broken ? NULL : take(in, count);
    if (at)
        *length = count;
    return at;
}

char *wire_get_text(WireIn *in, size_t max)
{
    uint32_t count = wire_get_u32(in);
    if (in->broken || count == NULL_TEXT)
        return NULL;
    const uint8_t *at = count <= max ? take(in, count) : NULL;
    if (!at || !g_utf8_validate_len((const char *)at, count, NULL)) {
        in->broken = true;
        return NULL;
    }
    return g_strndup((const char *)at, count);
}

bool wire_in_finish(const WireIn *in)
{
    return !in->broken && in->at == in->end;
}

bool wire_send(int fd, GBytes *record, GError **error)
{
    gsize length;
    const char *data = g_bytes_get_data(record, &length);
    g_autofree char *frame = g_malloc(length + 4);
    uint32_t little = GUINT32_TO_LE((uint32_t)length);
    memcpy(frame, &little, 4);
    if (length > 0)
        memcpy(frame + 4, data, length);
    for (size_t done = 0; done < length + 4;) {
        ssize_t n = send(fd, frame + done, length + 4 - done, MSG_NOSIGNAL);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            g_set_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY,
                        "the other process does not take our message: %s",
                        g_strerror(errno));
            return false;
        }
        done += (size_t)n;
    }
    return true;
}

static bool read_fully(int fd, void *buffer, size_t length, GError **error)
{
    for (size_t done = 0; done < length;) {
        ssize_t n = read(fd, (char *)buffer + done, length - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            g_set_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY,
                        "the other process is gone%s%s", n < 0 ? ": " : "",
                        n < 0 ? g_strerror(errno) : "");
            return false;
        }
        done += (size_t)n;
    }
    return true;
}

GBytes *wire_receive(int fd, size_t max, GError **error)
{
    uint32_t length;
    if (!read_fully(fd, &length, sizeof length, error))
        return NULL;
    length = GUINT32_FROM_LE(length);
    if (length > max) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_LIMIT,
                    "a message of %u bytes came, %zu are allowed", length, max);
        return NULL;
    }
    g_autofree uint8_t *data = g_malloc(length + 1u);
    if (!read_fully(fd, data, length, error))
        return NULL;
    return g_bytes_new_take(g_steal_pointer(&data), length);
}
