#include "relay/sections.h"

#include "relay/pages.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"

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
typedef struct {
    uint64_t lanes[4], length;
    uint8_t rest[32]; /* of the last block, if that is not whole yet */
} Checksum;

#define CHECKSUM_START                                                         \
    {                                                                          \
        .lanes = {PRIME_1, PRIME_2, ~PRIME_1, ~PRIME_2},                       \
    }

static const uint8_t *mix_blocks(Checksum *sum, const uint8_t *at, size_t count)
{
    uint64_t lanes[4], words[4];
    memcpy(lanes, sum->lanes, sizeof lanes);
    for (size_t block = 0; block < count; block++, at += sizeof words) {
        memcpy(words, at, sizeof words);
        for (int i = 0; i < 4; i++)
            lanes[i] = mix(lanes[i], words[i]);
    }
    memcpy(sum->lanes, lanes, sizeof lanes);
    return at;
}

static void checksum_add(Checksum *sum, const void *data, size_t length)
{
    const uint8_t *at = data;
    size_t held = sum->length % sizeof sum->rest;
    sum->length += length;
    if (held > 0) {
        size_t more = MIN(sizeof sum->rest - held, length);
        if (more > 0)
            memcpy(sum->rest + held, at, more);
        if (held + more < sizeof sum->rest)
            return;
        mix_blocks(sum, sum->rest, 1);
        at += more;
        length -= more;
    }
    at = mix_blocks(sum, at, length / sizeof sum->rest);
    if (length % sizeof sum->rest > 0)
        memcpy(sum->rest, at, length % sizeof sum->rest);
}

static void checksum_end(Checksum *sum, uint8_t out[32])
{
    uint64_t words[4] = {0}, *lanes = sum->lanes;
    memcpy(words, sum->rest, sum->length % sizeof sum->rest);
    for (int i = 0; i < 4; i++)
        lanes[i] = mix(lanes[i], words[i] ^ sum->length);
    for (int i = 0; i < 8; i++)
        lanes[i % 4] = mix(lanes[i % 4], lanes[(i + 1) % 4]);
    memcpy(out, lanes, sizeof sum->lanes);
}

static void hash_content(uint32_t version, const void *data, size_t length,
                         uint8_t out[SHA256_BYTES])
{
    Checksum sum = CHECKSUM_START;
    if (version == 1) {
        digest_sha256(data, length, out);
        return;
    }
    checksum_add(&sum, data, length);
    checksum_end(&sum, out);
}

/* ---- writing --------------------------------------------------------------
 *
 * The head stands first and holds the checksum of all that follows. So it is
 * written last, and the checksum is taken in a thread of its own while the
 * contents are written; both only read the sections. */

/* A file before it is written: its first bytes, and where the others lie. */
typedef struct {
    struct {
        Head head;
        Row rows[SECTIONS_MAX];
    } top;
    FilePiece pieces[1 + 2 * SECTIONS_MAX]; /* the top, then the content */
    size_t piece_count, top_bytes, bytes;
    GThread *hashing; /* makes the top's hashes, or NULL */
} Plan;

static void plan_add(Plan *plan, const void *data, size_t length)
{
    if (length > 0)
        plan->pieces[plan->piece_count++] = (FilePiece){data, length};
    plan->bytes += length;
}

static void plan_file(Plan *plan, const SectionLayout *layout,
                      const Section *sections)
{
    static const uint8_t PADDING[8];
    plan->top.head =
        (Head){.version = layout->version, .sections = layout->count};
    memcpy(plan->top.head.magic, layout->magic, sizeof plan->top.head.magic);
    plan->top_bytes = sizeof(Head) + layout->count * sizeof(Row);
    plan->piece_count = plan->bytes = 0;
    plan_add(plan, &plan->top, plan->top_bytes);
    for (uint32_t i = 0; i < layout->count; i++) {
        size_t length = sections[i].count * layout->item_bytes[i];
        plan->top.rows[i] =
            (Row){i, layout->item_bytes[i], plan->bytes, sections[i].count};
        plan_add(plan, sections[i].items, length);
        plan_add(plan, PADDING, -length & 7);
    }
}

static void plan_hash(Plan *plan)
{
    Head *head = &plan->top.head;
    Checksum sum = CHECKSUM_START;
    for (size_t i = 1; i < plan->piece_count; i++)
        checksum_add(&sum, plan->pieces[i].data, plan->pieces[i].length);
    checksum_end(&sum, head->content_hash);
    hash_head(head, plan->top.rows, head->head_hash);
}

static gpointer hash_plan(gpointer data)
{
    plan_hash(data);
    return NULL;
}

static void await_hash(gpointer data)
{
    Plan *plan = data;
    if (plan->hashing)
        g_thread_join(g_steal_pointer(&plan->hashing));
}

GBytes *sections_pack(const SectionLayout *layout, const Section *sections)
{
    Plan plan;
    plan_file(&plan, layout, sections);
    uint8_t *file = g_malloc(plan.bytes), *at = file;
    pages_enlarge(file, plan.bytes);
    for (size_t i = 0; i < plan.piece_count; at += plan.pieces[i++].length)
        memcpy(at, plan.pieces[i].data, plan.pieces[i].length);
    Head *head = &plan.top.head;
    hash_content(layout->version, file + plan.top_bytes,
                 plan.bytes - plan.top_bytes, head->content_hash);
    hash_head(head, plan.top.rows, head->head_hash);
    memcpy(file, head, sizeof *head);
    return g_bytes_new_take(file, plan.bytes);
}

bool sections_replace_hashed(const SectionLayout *layout,
                             const Section *sections, const char *path,
                             uint8_t hash[SHA256_BYTES], GError **error)
{
    Plan plan;
    g_assert(layout->version > 1);
    plan_file(&plan, layout, sections);
    plan.hashing = g_thread_new("hash", hash_plan, &plan);
    bool done = file_replace_headed(path, plan.pieces, plan.piece_count, 0644,
                                    await_hash, &plan, error);
    await_hash(&plan);
    memcpy(hash, plan.top.head.head_hash, SHA256_BYTES);
    return done;
}

bool sections_replace(const SectionLayout *layout, const Section *sections,
                      const char *path, GError **error)
{
    uint8_t unused[SHA256_BYTES];
    if (layout->version > 1)
        return sections_replace_hashed(layout, sections, path, unused, error);
    /* Its SHA-256 is taken of all in one piece. */
    g_autoptr(GBytes) bytes = sections_pack(layout, sections);
    return file_replace(path, g_bytes_get_data(bytes, NULL),
                        g_bytes_get_size(bytes), 0644, error);
}

bool sections_stand(const SectionLayout *layout, const Section *sections,
                    const char *path)
{
    Plan plan;
    g_assert(layout->version > 1);
    plan_file(&plan, layout, sections);
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    if (!file || g_mapped_file_get_length(file) != plan.bytes)
        return false;
    const char *at = g_mapped_file_get_contents(file);
    plan_hash(&plan);
    for (size_t i = 0; i < plan.piece_count; at += plan.pieces[i++].length)
        if (memcmp(at, plan.pieces[i].data, plan.pieces[i].length) != 0)
            return false;
    return true;
}

/* ---- reading --------------------------------------------------------------*/

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
