/*
 * Each stream unpacks one file into blocks of events and waits when a few of
 * them are ready; the caller takes a block of each stream in turn. So the
 * order of events is that of the blocks, whose borders depend on the files'
 * contents only, however fast the threads are.
 *
 * Rejected: one queue for all, which would give whoever is first the turn, and
 * reading one file wholly before the next, which leaves the other cores idle
 * when the files are months of consensuses.
 */
#include "relay/walk_files.h"

#include <string.h>

#define BLOCK_BYTES (1u << 20) /* a block is handed over when it is as big */
#define BLOCKS_MAX  4          /* ready ones of a stream */

typedef enum { EVENT_DOCUMENT, EVENT_END, EVENT_FILE_END } EventKind;

typedef struct {
    EventKind kind;
    const Source *source;
    const char *flaw;
    bool is_cached, is_archived;
    size_t text, length; /* into the block's bytes */
    size_t name;         /* likewise */
    uint64_t packed;
} Event;

typedef struct {
    GArray *events; /* of Event */
    GByteArray *bytes;
    size_t unpacked; /* bytes since the block before */
    GError *error;   /* of the file that ends here */
} Block;

typedef struct {
    const WalkFile *file; /* NULL: idle */
    GMutex lock;
    GCond changed;
    GQueue ready;  /* of Block */
    Block *filled; /* by the thread */
} Stream;

static Block *block_new(void)
{
    Block *block = g_new0(Block, 1);
    block->events = g_array_new(FALSE, TRUE, sizeof(Event));
    block->bytes = g_byte_array_new();
    return block;
}

static void block_free(Block *block)
{
    g_array_unref(block->events);
    g_byte_array_unref(block->bytes);
    g_clear_error(&block->error);
    g_free(block);
}

/* ---- the threads' side ------------------------------------------------------- */

/* From the moment the last block is ready the stream may be another thread's:
 * nothing of it is touched behind the lock. */
static void hand_over(Stream *stream)
{
    Block *next = block_new();
    g_mutex_lock(&stream->lock);
    while (stream->ready.length >= BLOCKS_MAX)
        g_cond_wait(&stream->changed, &stream->lock);
    g_queue_push_tail(&stream->ready, stream->filled);
    stream->filled = next;
    g_cond_signal(&stream->changed);
    g_mutex_unlock(&stream->lock);
}

static size_t put_bytes(Block *block, const void *data, size_t length)
{
    size_t at = block->bytes->len;
    g_byte_array_append(block->bytes, data, (guint)length);
    g_byte_array_append(block->bytes, (const uint8_t *)"", 1);
    return at;
}

static void put_event(Stream *stream, Event event)
{
    g_array_append_val(stream->filled->events, event);
    if (stream->filled->bytes->len >= BLOCK_BYTES)
        hand_over(stream);
}

static void take_document(const Source *source, Text document, const char *flaw,
                          const WalkPlace *place, gpointer data)
{
    Stream *stream = data;
    Event event = {
        .kind = EVENT_DOCUMENT,
        .source = source,
        .flaw = flaw,
        .is_cached = place->is_cached,
        .is_archived = place->is_archived,
        .length = text_length(&document),
    };
    event.text = put_bytes(stream->filled, document.at, event.length);
    event.name = put_bytes(stream->filled, place->name, strlen(place->name));
    put_event(stream, event);
}

static void take_bytes(size_t length, gpointer data)
{
    Stream *stream = data;
    stream->filled->unpacked += length;
}

static void end_member(const char *name, uint64_t packed, gpointer data)
{
    Stream *stream = data;
    Event event = {.kind = EVENT_END, .packed = packed};
    event.name = put_bytes(stream->filled, name, strlen(name));
    put_event(stream, event);
}

static void unpack(gpointer data, gpointer unused)
{
    static const WalkReader READER = {take_document, take_bytes, end_member};
    Stream *stream = data;
    GError *error = NULL;
    walk_file(stream->file->path, &READER, stream, &error);
    stream->filled->error = error;
    Event event = {.kind = EVENT_FILE_END};
    g_array_append_val(stream->filled->events, event);
    hand_over(stream);
}

/* ---- the caller's side ------------------------------------------------------- */

typedef struct {
    const WalkFilesReader *reader;
    gpointer data;
    GThreadPool *pool;
    Stream streams[WALK_STREAMS];
} Walk;

static Block *take_block(Stream *stream)
{
    g_mutex_lock(&stream->lock);
    while (stream->ready.length == 0)
        g_cond_wait(&stream->changed, &stream->lock);
    Block *block = g_queue_pop_head(&stream->ready);
    g_cond_signal(&stream->changed);
    g_mutex_unlock(&stream->lock);
    return block;
}

static void tell_document(const Walk *walk, const Stream *stream, guint number,
                          const Block *block, const Event *event)
{
    const char *bytes = (const char *)block->bytes->data;
    WalkPlace place = {
        .name = bytes + event->name,
        .is_cached = event->is_cached,
        .is_archived = event->is_archived,
    };
    walk->reader->document(stream->file, number, event->source,
                           text_of_bytes(bytes + event->text, event->length),
                           event->flaw, &place, walk->data);
}

/* True when the file is over. */
static bool tell_block(const Walk *walk, guint number, const Block *block)
{
    const Stream *stream = &walk->streams[number];
    const char *bytes = (const char *)block->bytes->data;
    walk->reader->bytes(block->unpacked, walk->data);
    for (guint i = 0; i < block->events->len; i++) {
        const Event *event = &g_array_index(block->events, Event, i);
        switch (event->kind) {
        case EVENT_DOCUMENT:
            tell_document(walk, stream, number, block, event);
            break;
        case EVENT_END:
            walk->reader->end(number, bytes + event->name, event->packed,
                              walk->data);
            break;
        case EVENT_FILE_END:
            walk->reader->end_file(stream->file, number, block->error,
                                   walk->data);
            return true;
        }
    }
    return false;
}

static void begin_file(Walk *walk, guint number, const WalkFile *file)
{
    walk->streams[number].file = file;
    g_thread_pool_push(walk->pool, &walk->streams[number], NULL);
}

/* Files from first until end, so many streams at once. */
static void walk_range(Walk *walk, const GPtrArray *files, guint first,
                       guint end, guint streams)
{
    guint next = first;
    for (guint i = 0; i < streams && next < end; i++)
        begin_file(walk, i, g_ptr_array_index(files, next++));
    for (bool is_busy = true; is_busy;) {
        is_busy = false;
        for (guint i = 0; i < streams; i++) {
            Stream *stream = &walk->streams[i];
            if (!stream->file)
                continue;
            is_busy = true;
            Block *block = take_block(stream);
            bool is_over = tell_block(walk, i, block);
            block_free(block);
            if (!is_over)
                continue;
            stream->file = NULL;
            if (next < end)
                begin_file(walk, i, g_ptr_array_index(files, next++));
        }
    }
}

static guint certificate_count(const GPtrArray *files)
{
    guint count = 0;
    while (count < files->len &&
           ((const WalkFile *)g_ptr_array_index(files, count))->is_certificates)
        count++;
    return count;
}

void walk_files(const GPtrArray *files, const WalkFilesReader *reader,
                gpointer data)
{
    Walk walk = {
        .reader = reader,
        .data = data,
        .pool = g_thread_pool_new(unpack, NULL, WALK_STREAMS, FALSE, NULL),
    };
    for (guint i = 0; i < WALK_STREAMS; i++) {
        Stream *stream = &walk.streams[i];
        g_mutex_init(&stream->lock);
        g_cond_init(&stream->changed);
        g_queue_init(&stream->ready);
        stream->filled = block_new();
    }
    guint certificates = certificate_count(files);
    walk_range(&walk, files, 0, certificates, 1);
    walk_range(&walk, files, certificates, files->len, WALK_STREAMS);
    g_thread_pool_free(walk.pool, FALSE, TRUE);
    for (guint i = 0; i < WALK_STREAMS; i++) {
        block_free(walk.streams[i].filled);
        g_mutex_clear(&walk.streams[i].lock);
        g_cond_clear(&walk.streams[i].changed);
    }
}
