#include "relay/sections.h"

#include "relay/pages.h"

#include "base/digest.h"
#include "base/errors.h"

#include <string.h>

G_STATIC_ASSERT(G_BYTE_ORDER == G_LITTLE_ENDIAN);

typedef struct {
    char magic[8];
    uint32_t version, sections;
    uint8_t content_hash[SHA256_BYTES], head_hash[SHA256_BYTES];
} Head;

typedef struct {
    uint32_t id, item_bytes;
    uint64_t at, count;
} Row;

G_STATIC_ASSERT(sizeof(Head) == 80 && sizeof(Row) == 24);

static void hash_head(const Head *head, const Row *rows,
                      uint8_t out[SHA256_BYTES])
{
    uint8_t bytes[sizeof(Head) + SECTIONS_MAX * sizeof(Row)];
    Head blank = *head;
    memset(blank.head_hash, 0, sizeof blank.head_hash);
    memcpy(bytes, &blank, sizeof blank);
    memcpy(bytes + sizeof blank, rows, head->sections * sizeof *rows);
    digest_sha256(bytes, sizeof blank + head->sections * sizeof *rows, out);
}

#define PRIME_1 UINT64_C(0x9e3779b185ebca87)
#define PRIME_2 UINT64_C(0xc2b2ae3d27d4eb4f)

static uint64_t mix(uint64_t lane, uint64_t word)
{
    lane += word * PRIME_2;
    return (lane << 31 | lane >> 33) * PRIME_1;
}

/* Four lanes of multiplications, as in xxHash, that end in each other. */
static void checksum(const uint8_t *data, size_t length, uint8_t out[32])
{
    uint64_t lanes[4] = {PRIME_1, PRIME_2, ~PRIME_1, ~PRIME_2}, words[4];
    size_t at = 0;
    for (; at + sizeof words <= length; at += sizeof words) {
        memcpy(words, data + at, sizeof words);
        for (int i = 0; i < 4; i++)
            lanes[i] = mix(lanes[i], words[i]);
    }
    memset(words, 0, sizeof words);
    if (length > at)
        memcpy(words, data + at, length - at);
    for (int i = 0; i < 4; i++)
        lanes[i] = mix(lanes[i], words[i] ^ length);
    for (int i = 0; i < 8; i++)
        lanes[i % 4] = mix(lanes[i % 4], lanes[(i + 1) % 4]);
    memcpy(out, lanes, sizeof lanes);
}

static void hash_content(uint32_t version, const void *data, size_t length,
                         uint8_t out[SHA256_BYTES])
{
    if (version == 1)
        digest_sha256(data, length, out);
    else
        checksum(data, length, out);
}

GBytes *sections_pack(const SectionLayout *layout, const Section *sections)
{
    Head head = {.version = layout->version, .sections = layout->count};
    Row rows[SECTIONS_MAX];
    memcpy(head.magic, layout->magic, sizeof head.magic);
    size_t start = sizeof head + layout->count * sizeof *rows, size = start;
    for (uint32_t i = 0; i < layout->count; i++) {
        rows[i] = (Row){i, layout->item_bytes[i], size, sections[i].count};
        size += (sections[i].count * layout->item_bytes[i] + 7) & ~(size_t)7;
    }
    uint8_t *file = g_malloc(size);
    pages_enlarge(file, size);
    for (uint32_t i = 0; i < layout->count; i++) {
        size_t length = sections[i].count * layout->item_bytes[i];
        if (length > 0)
            memcpy(file + rows[i].at, sections[i].items, length);
        memset(file + rows[i].at + length, 0, -length & 7);
    }
    hash_content(layout->version, file + start, size - start,
                 head.content_hash);
    hash_head(&head, rows, head.head_hash);
    memcpy(file, &head, sizeof head);
    memcpy(file + sizeof head, rows, layout->count * sizeof *rows);
    return g_bytes_new_take(file, size);
}

static bool refuse(GError **error, const char *path, const char *why)
{
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "%s is damaged (%s): remove it and import again", path, why);
    return false;
}

static bool row_fits(const Row *row, uint32_t item_bytes, size_t length)
{
    return row->item_bytes == item_bytes && row->at % 8 == 0 &&
           row->at <= length && row->count <= (length - row->at) / item_bytes;
}

bool sections_open(const SectionLayout *layout, const void *data, size_t length,
                   const char *path, Section *sections, GError **error)
{
    const Head *head = data;
    if (length < sizeof *head ||
        memcmp(head->magic, layout->magic, sizeof head->magic) != 0)
        return refuse(error, path, "it does not begin as one of ours");
    if (head->version != layout->version) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "%s is of an older version of this program (%u, now %u): "
                    "the next \"exitdesk relay import\" of anything converts "
                    "it",
                    path, head->version, layout->version);
        return false;
    }
    if (head->sections != layout->count ||
        length < sizeof *head + layout->count * sizeof(Row))
        return refuse(error, path, "it ends within its table");
    const Row *rows = (const Row *)(head + 1);
    uint8_t hash[SHA256_BYTES];
    hash_head(head, rows, hash);
    if (memcmp(hash, head->head_hash, sizeof hash) != 0)
        return refuse(error, path, "its table does not match its hash");
    for (uint32_t i = 0; i < layout->count; i++) {
        if (rows[i].id != i ||
            !row_fits(&rows[i], layout->item_bytes[i], length))
            return refuse(error, path, "a section lies outside the file");
        sections[i].items = (const uint8_t *)data + rows[i].at;
        sections[i].count = rows[i].count;
    }
    return true;
}

uint32_t sections_version(const void *data, size_t length)
{
    return length < sizeof(Head) ? 0 : ((const Head *)data)->version;
}

void sections_hash(const void *data, uint8_t out[SHA256_BYTES])
{
    memcpy(out, ((const Head *)data)->head_hash, SHA256_BYTES);
}

bool sections_verify(const void *data, size_t length, const char *path,
                     GError **error)
{
    const Head *head = data;
    size_t start = sizeof *head + head->sections * sizeof(Row);
    uint8_t hash[SHA256_BYTES];
    hash_content(head->version, (const uint8_t *)data + start, length - start,
                 hash);
    if (memcmp(hash, head->content_hash, sizeof hash) != 0)
        return refuse(error, path, "its content does not match its hash");
    return true;
}
