#include "relay/splitter.h"

#define FIRST_LINE_MAX 65536 /* longer: no document of Tor's */

/* How far is looked ahead for the next line that matters. Short, so that input
 * made of nothing but such lines is still read in linear time. */
#define WINDOW_BYTES 4096

typedef enum {
    BETWEEN,  /* no document has begun */
    WITHIN,   /* collecting one that will be read */
    SKIPPING, /* within one that nobody reads */
} Phase;

struct Splitter {
    DocumentFound found;
    gpointer data;
    GByteArray *bytes;
    size_t start;   /* of the document, while WITHIN */
    size_t scanned; /* where the next line begins */
    size_t looked;  /* no line ends between there and here */
    Phase phase;
    const Source *source;
    bool has_type;      /* an @type stands above */
    const Source *type; /* of it; NULL: unknown */
    bool is_newer;      /* of a format version that we do not know */
    bool is_told;       /* of the present document: what became of it */
    bool has_begun;     /* some line of the stream was seen */
    bool stopping;      /* the stopper was seen */
    bool is_cached;     /* of the present document */
    bool next_is_cached;
};

Splitter *splitter_new(DocumentFound found, gpointer data)
{
    Splitter *s = g_new0(Splitter, 1);
    s->found = found;
    s->data = data;
    s->bytes = g_byte_array_new();
    return s;
}

void splitter_free(Splitter *s)
{
    if (!s)
        return;
    g_byte_array_unref(s->bytes);
    g_free(s);
}

/* The document ends before the byte at end. */
static void end_document(Splitter *s, size_t end)
{
    const char *data = (const char *)s->bytes->data;
    Text document = {data, data};
    if (s->phase == WITHIN) {
        document = text_of_bytes(data + s->start, end - s->start);
        s->found(source_of_document(s->source, &document), document, NULL,
                 s->data);
    } else if (s->phase == SKIPPING && !s->is_told) {
        s->found(s->source, document, NULL, s->data);
    }
    s->phase = BETWEEN;
}

/* Say that the present document will not be read, and why. */
static void refuse_document(Splitter *s, const char *flaw)
{
    s->found(s->source, (Text){0}, flaw, s->data);
    s->phase = SKIPPING;
    s->is_told = true;
}

static void begin_document(Splitter *s, const Text *line, size_t start)
{
    s->source = s->has_type ? s->type : source_of_line(line);
    s->phase = s->source && s->source->read ? WITHIN : SKIPPING;
    s->is_told = false;
    if (s->phase == WITHIN && s->has_type && s->is_newer)
        refuse_document(s, "its format has a version that is not known here");
    s->start = start;
    s->stopping = false;
    s->is_cached = s->next_is_cached;
    s->next_is_cached = false;
}

/* Those that tor writes into its cache, and nobody else. */
static bool is_of_cache(Text line)
{
    static const char *const WORDS[] = {"@downloaded-at", "@source", "@purpose",
                                        "@last-listed"};
    for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
        if (line_keyword(&line, WORDS[i]))
            return true;
    return false;
}

/* "1.0": what a later minor version adds may be passed over. */
static bool is_known_version(Text line)
{
    Text version;
    return !word_take(&line, &version) || text_is(&version, "1") ||
           text_begins(&version, "1.");
}

static void read_annotation(Splitter *s, Text line)
{
    Text type;
    if (is_of_cache(line))
        s->next_is_cached = true;
    if (!line_keyword(&line, "@type") || !word_take(&line, &type))
        return;
    s->has_type = true;
    s->type = source_of_type(&type);
    s->is_newer = !is_known_version(line);
}

static bool begins_next(const Splitter *s, const Text *line)
{
    const char *next = s->source ? s->source->next : NULL;
    Text copy = *line;
    return next && *line->at == *next && line_keyword(&copy, next);
}

/* Step over the mark that Windows writes before UTF-8. */
static void drop_mark(Splitter *s, Text *line, size_t *start)
{
    static const char MARK[] = "\xef\xbb\xbf";
    if (!s->has_begun && text_begins(line, MARK)) {
        line->at += sizeof MARK - 1;
        *start += sizeof MARK - 1;
    }
    s->has_begun = true;
}

static void take_line(Splitter *s, Text *line, size_t start, size_t end)
{
    drop_mark(s, line, &start);
    if (text_length(line) == 0)
        return;
    /* Whoever saved it said where it came from. */
    if (s->phase == BETWEEN && *line->at == '#')
        return;
    if (*line->at == '@') {
        end_document(s, start);
        read_annotation(s, *line);
        return;
    }
    if (s->phase != BETWEEN && begins_next(s, line))
        end_document(s, start);
    if (s->phase == BETWEEN) {
        begin_document(s, line, start);
        return;
    }
    const char *stopper = s->source ? s->source->stopper : NULL;
    if (!stopper)
        return;
    if (s->stopping && text_begins(line, "-----END "))
        end_document(s, end);
    else if (*line->at == *stopper && text_is(line, stopper))
        s->stopping = true;
}

typedef uint8_t Bytes __attribute__((vector_size(16)));

/* The first place within so many bytes where a line begins with "@" or the
 * other character; at least one byte stands before at. NULL: none. One look at
 * sixteen bytes for both, since a consensus has a line for each forty. */
static const char *find_line(const char *at, size_t length, char other)
{
    const char *end = at + length;
    Bytes before, here;
    uint64_t halves[2] = {0};
    for (; (size_t)(end - at) >= sizeof here; at += sizeof here) {
        memcpy(&before, at - 1, sizeof before);
        memcpy(&here, at, sizeof here);
        Bytes hits = (Bytes)((before == '\n') &
                             ((here == '@') | (here == (uint8_t)other)));
        memcpy(halves, &hits, sizeof hits);
        if (halves[0] | halves[1])
            break;
    }
    for (; at < end; at++)
        if (at[-1] == '\n' && (*at == '@' || *at == other))
            return at;
    return NULL;
}

/* Within a document that nothing but its last line ends, a line means nothing
 * unless it is an annotation or may begin the next one: pass over the others. */
static void pass_lines(Splitter *s)
{
    const char *next = s->source ? s->source->next : NULL;
    if (s->phase == BETWEEN || (s->source && s->source->stopper))
        return;
    const char *base = (const char *)s->bytes->data;
    while (s->scanned > 0 && s->bytes->len - s->scanned > WINDOW_BYTES) {
        const char *at = base + s->scanned, *last;
        const char *found = find_line(at, WINDOW_BYTES, next ? *next : '@');
        if (found || !(last = memrchr(at, '\n', WINDOW_BYTES))) {
            s->scanned = found ? (size_t)(found - base) : s->scanned;
            return;
        }
        s->scanned = (size_t)(last + 1 - base);
    }
}

/* Forget what has been handed out, and refuse what grows too long. */
static void tidy(Splitter *s)
{
    if (s->phase == WITHIN && s->bytes->len - s->start > DOCUMENT_BYTES_MAX) {
        refuse_document(s, "it is larger than 64 MB");
        s->source = NULL;
    }
    if (s->phase == BETWEEN && s->bytes->len - s->scanned > FIRST_LINE_MAX) {
        s->phase = SKIPPING;
        s->source = NULL;
        s->is_told = false;
    }
    /* While skipping, the rest of a long line is of no use either, but its
     * last byte is: is the next one at the beginning of a line? */
    size_t keep = s->phase == WITHIN ? s->start : s->scanned;
    if (s->phase == SKIPPING && s->bytes->len - keep > FIRST_LINE_MAX)
        keep = s->bytes->len - 1;
    if (keep > 0) /* else all of it would be moved onto itself */
        g_byte_array_remove_range(s->bytes, 0, (guint)keep);
    s->scanned = s->scanned > keep ? s->scanned - keep : 0;
    s->looked = s->bytes->len;
    s->start = 0;
}

void splitter_feed(Splitter *s, const void *data, size_t length)
{
    g_byte_array_append(s->bytes, data, (guint)length);
    for (;;) {
        const char *base = (const char *)s->bytes->data;
        size_t from = MAX(s->scanned, s->looked);
        const char *stop = memchr(base + from, '\n', s->bytes->len - from);
        if (!stop)
            break;
        size_t start = s->scanned, end = (size_t)(stop - base) + 1;
        Text line = {base + start, stop};
        if (line.end > line.at && line.end[-1] == '\r')
            line.end--;
        take_line(s, &line, start, end);
        s->scanned = end;
        pass_lines(s);
    }
    tidy(s);
}

void splitter_finish(Splitter *s)
{
    size_t length = s->bytes->len;
    if (s->scanned < length) {
        const char *base = (const char *)s->bytes->data;
        Text line = text_of_bytes(base + s->scanned, length - s->scanned);
        take_line(s, &line, s->scanned, length);
    }
    end_document(s, length);
    g_byte_array_set_size(s->bytes, 0);
    s->scanned = s->start = s->looked = 0;
    s->has_type = false;
    s->type = NULL;
    s->next_is_cached = s->has_begun = false;
}

bool splitter_is_cached(const Splitter *s)
{
    return s->is_cached;
}
