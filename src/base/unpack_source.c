#include "base/unpack_source.h"

#include <glib.h>
#include <lzma.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define BLOCK_BYTES 262144

struct UnpackSource {
    int fd;
    uint64_t packed;
    bool has_begun, is_lzma, is_zlib, is_over;
    lzma_stream lzma;
    lzma_ret code; /* of the last step */
    z_stream zlib;
    int zlib_code;     /* likewise */
    uint8_t *in, *out; /* of BLOCK_BYTES each */
};

UnpackSource *unpack_source_new(int fd)
{
    UnpackSource *s = g_new(UnpackSource, 1);
    *s = (UnpackSource){
        .fd = fd,
        .lzma = LZMA_STREAM_INIT,
        .in = g_malloc(BLOCK_BYTES),
        .out = g_malloc(BLOCK_BYTES),
    };
    return s;
}

void unpack_source_free(UnpackSource *s)
{
    if (!s)
        return;
    lzma_end(&s->lzma);
    if (s->is_zlib)
        inflateEnd(&s->zlib);
    g_free(s->in);
    g_free(s->out);
    g_free(s);
}

uint64_t unpack_source_packed(const UnpackSource *s)
{
    return s->packed;
}

static ssize_t read_block(UnpackSource *s, const char **why)
{
    ssize_t got = TEMP_FAILURE_RETRY(read(s->fd, s->in, BLOCK_BYTES));
    if (got < 0)
        *why = "it cannot be read";
    else
        s->packed += (uint64_t)got;
    return got;
}

/* By the first bytes: those of xz, or of lzma with its usual settings. */
static bool is_lzma(const uint8_t *at, size_t length)
{
    static const uint8_t XZ[] = {0xfd, '7', 'z', 'X', 'Z', 0};
    static const uint8_t LZMA[] = {0x5d, 0, 0};
    return (length >= sizeof XZ && memcmp(at, XZ, sizeof XZ) == 0) ||
           (length >= sizeof LZMA && memcmp(at, LZMA, sizeof LZMA) == 0);
}

static const char *word_of(lzma_ret code)
{
    if (code == LZMA_MEMLIMIT_ERROR || code == LZMA_MEM_ERROR)
        return "it wants more memory to be unpacked than is plausible";
    return code == LZMA_BUF_ERROR ? "it is cut" : "it is damaged";
}

/* Unpack until the block of output is full or the file ends. */
static ssize_t take_lzma(UnpackSource *s, const char **why)
{
    s->lzma.next_out = s->out;
    s->lzma.avail_out = BLOCK_BYTES;
    while (s->code == LZMA_OK && s->lzma.avail_out > 0) {
        if (s->lzma.avail_in == 0 && !s->is_over) {
            ssize_t got = read_block(s, why);
            if (got < 0)
                return -1;
            s->is_over = got == 0;
            s->lzma.next_in = s->in;
            s->lzma.avail_in = (size_t)got;
        }
        s->code = lzma_code(&s->lzma, s->is_over ? LZMA_FINISH : LZMA_RUN);
    }
    size_t length = BLOCK_BYTES - s->lzma.avail_out;
    if (length > 0 || s->code == LZMA_STREAM_END)
        return (ssize_t)length; /* what is wrong is said by the next call */
    *why = word_of(s->code);
    return -1;
}

/* A stream of RFC 1950, as directory servers give what is asked for with ".z":
 * deflate, a window of 32 KB, no dictionary, and a sum that fits. */
static bool is_zlib(const uint8_t *at, size_t length)
{
    return length >= 2 && at[0] == 0x78 && !(at[1] & 0x20) &&
           (at[0] << 8 | at[1]) % 31 == 0;
}

static ssize_t take_zlib(UnpackSource *s, const char **why)
{
    s->zlib.next_out = s->out;
    s->zlib.avail_out = BLOCK_BYTES;
    while (s->zlib_code == Z_OK && s->zlib.avail_out > 0) {
        if (s->zlib.avail_in == 0) {
            ssize_t got = read_block(s, why);
            if (got < 0)
                return -1;
            s->zlib.next_in = s->in;
            s->zlib.avail_in = (uInt)got;
        }
        s->zlib_code = inflate(&s->zlib, Z_NO_FLUSH);
    }
    size_t length = BLOCK_BYTES - s->zlib.avail_out;
    if (length > 0 || s->zlib_code == Z_STREAM_END)
        return (ssize_t)length; /* what is wrong is said by the next call */
    *why = s->zlib_code == Z_BUF_ERROR ? "it is cut" : "it is damaged";
    return -1;
}

static ssize_t begin_zlib(UnpackSource *s, ssize_t got, const char **why)
{
    s->zlib.next_in = s->in;
    s->zlib.avail_in = (uInt)got;
    s->is_zlib = inflateInit(&s->zlib) == Z_OK;
    if (s->is_zlib)
        return got;
    *why = "there is no memory to unpack it";
    return -1;
}

/* The first block tells what the file is; 1: its bytes are what is wanted. */
static ssize_t begin(UnpackSource *s, const char **why)
{
    ssize_t got = read_block(s, why);
    s->has_begun = true;
    if (got > 0 && is_zlib(s->in, (size_t)got))
        return begin_zlib(s, got, why);
    if (got <= 0 || !is_lzma(s->in, (size_t)got))
        return got;
    s->is_lzma = true;
    s->lzma.next_in = s->in;
    s->lzma.avail_in = (size_t)got;
    lzma_ret code =
        lzma_auto_decoder(&s->lzma, UNPACK_LZMA_BYTES_MAX, LZMA_CONCATENATED);
    if (code == LZMA_OK)
        return got;
    *why = word_of(code);
    return -1;
}

ssize_t unpack_source_take(UnpackSource *s, const void **bytes,
                           const char **why)
{
    ssize_t got = s->has_begun ? 0 : begin(s, why);
    if (got < 0)
        return -1;
    if (s->is_lzma) {
        *bytes = s->out;
        return take_lzma(s, why);
    }
    if (s->is_zlib) {
        *bytes = s->out;
        return take_zlib(s, why);
    }
    *bytes = s->in;
    return got > 0 ? got : read_block(s, why);
}
