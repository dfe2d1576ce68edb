#include "base/unpack_inflate.h"

#include <zlib.h>

#define PIECE_BYTES 16384

InflateResult unpack_inflate(const void *bytes, size_t length, size_t max_bytes,
                             GByteArray *out, size_t *taken, size_t *made)
{
    z_stream stream = {.next_in = (Bytef *)bytes,
                       .avail_in = (uInt)MIN(length, G_MAXUINT32)};
    Bytef piece[PIECE_BYTES];
    size_t total = 0;
    int status = inflateInit(&stream);
    while (status == Z_OK && total < max_bytes) {
        stream.next_out = piece;
        stream.avail_out = (uInt)MIN(sizeof piece, max_bytes - total);
        status = inflate(&stream, Z_NO_FLUSH);
        size_t fresh = (size_t)(stream.next_out - piece);
        if (out)
            g_byte_array_append(out, piece, (guint)fresh);
        total += fresh;
    }
    inflateEnd(&stream);
    if (taken)
        *taken = (size_t)(stream.next_in - (const Bytef *)bytes);
    if (made)
        *made = total;
    if (status == Z_STREAM_END)
        return INFLATE_WHOLE;
    return status == Z_OK ? INFLATE_CUT : INFLATE_DAMAGED;
}
