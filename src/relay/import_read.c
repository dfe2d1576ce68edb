#include "relay/import_read.h"

#include "relay/tally.h"

#include "base/errors.h"

#include <string.h>

/* Keep what the facts just took on the shelf, if there is one. */
static void shelve(ImportReading *reading, const WalkPlace *place, Text text)
{
    Facts *facts = reading->state->records.facts;
    if (!reading->shelf || place->is_archived || reading->shelf_error ||
        shelf_holds(reading->shelf, reading->path))
        return;
    Document document =
        g_array_index(facts->documents, Document, facts->latest);
    g_autoptr(GError) error = NULL;
    if (shelf_put(reading->shelf, facts, &document, text, &error))
        return;
    if (g_error_matches(error, DESK_ERROR, DESK_ERROR_LIMIT))
        tally_complain(place->name, error->message, reading->summary);
    else
        reading->shelf_error = g_steal_pointer(&error);
}

/* ---- what becomes of a file ---------------------------------------------- */

/* Its "published", or 0. */
static uint32_t published(Text descriptor)
{
    static const char KEYWORD[] = "\npublished ";
    const char *at = memmem(descriptor.at, text_length(&descriptor), KEYWORD,
                            sizeof KEYWORD - 1);
    Text line,
        rest = {at ? at + sizeof KEYWORD - 1 : descriptor.end, descriptor.end};
    uint32_t time;
    return line_take(&rest, &line) && time_take(&line, &time) ? time : 0;
}

static void note_descriptor(const Records *records, FileReading *file,
                            Text document)
{
    LedgerDescriptors *all = &file->descriptors;
    uint32_t time = published(document);
    if (time == 0)
        return;
    if (all->first == 0)
        *all = (LedgerDescriptors){time, time, traffic_count(records->traffic)};
    all->first = MIN(all->first, time);
    all->last = MAX(all->last, time);
}

/* What is refused may be believed with other certificates, as what is in
 * quarantine. A whole archive is not unpacked each hour for one such document;
 * a file of its own is read and named each time. */
static void note_result(const Records *records, FileReading *file,
                        const Source *source, Text document, bool is_archived,
                        ReadResult result)
{
    file->is_refused |= result == READ_DAMAGED && !is_archived;
    if ((result == READ_UNVERIFIED || result == READ_DAMAGED) &&
        !file->is_waiting) {
        file->is_waiting = true;
        file->certificates = certificates_count(records->certificates);
    }
    if (source && source->read == source_descriptor_read)
        note_descriptor(records, file, document);
}

/* The file is over: need it not be read again? */
static void note_file(ImportReading *reading, const WalkFile *file,
                      const FileReading *about)
{
    FileRead done = {
        .file = file,
        .standing = about->is_waiting ? FILE_WAITING : FILE_READ,
        .certificates = about->certificates,
        .descriptors = about->descriptors,
    };
    if (!about->is_cached && !about->is_refused)
        g_array_append_val(reading->read, done);
}

/* What a stage forgets of a cache, a later consensus may name. */
static void note_cached(ImportReading *reading, const WalkFile *file,
                        guint stream)
{
    if (!reading->is_last && !reading->files[stream].is_cached)
        g_ptr_array_add(reading->again, (gpointer)file);
    reading->files[stream].is_cached = true;
}

static ReadResult read_document(Records *records, const Source *source,
                                Text document, const WalkPlace *place,
                                GError **error)
{
    records->facts->latest = NO_INDEX;
    return source && source->read
               ? source->read(records, document, place->name, error)
               : READ_SKIPPED;
}

static void take_document(const WalkFile *file, guint stream,
                          const Source *source, Text document, const char *flaw,
                          const WalkPlace *place, gpointer data)
{
    ImportReading *reading = data;
    Records *records = &reading->state->records;
    reading->path = file->path;
    records->fetched = file->written;
    records->is_cached = place->is_cached;
    facts_use_stream(records->facts, stream);
    facts_use_stream(records->unverified, stream);
    if (place->is_cached)
        note_cached(reading, file, stream);
    g_autoptr(GError) error = NULL;
    ReadResult result =
        flaw ? READ_DAMAGED
             : read_document(records, source, document, place, &error);
    note_result(records, &reading->files[stream], source, document,
                place->is_archived, result);
    tally_document(reading->summary, source, result, place->name,
                   error ? error->message : flaw);
    if (!flaw && records->facts->latest != NO_INDEX)
        shelve(reading, place, document);
}

static void take_bytes(size_t length, gpointer data)
{
    ImportReading *reading = data;
    reading->progress.bytes += length;
}

/* ---- progress ------------------------------------------------------------ */

void import_report(ImportReading *reading, const char *name)
{
    reading->progress.name = name;
    if (reading->progressed)
        reading->progressed(&reading->progress, reading->progressed_data);
}

/* Bytes as stored of files that are read or being read. */
static void count_packed(ImportReading *reading)
{
    reading->progress.packed_done = reading->packed_before;
    for (guint i = 0; i < WALK_STREAMS; i++)
        reading->progress.packed_done += reading->packed[i];
}

static void end_member(guint stream, const char *name, uint64_t packed,
                       gpointer data)
{
    ImportReading *reading = data;
    reading->packed[stream] = packed;
    count_packed(reading);
    import_report(reading, name);
}

static void end_file(const WalkFile *file, guint stream, const GError *error,
                     gpointer data)
{
    ImportReading *reading = data;
    if (error)
        tally_file(reading->summary, file->path, error->message);
    else
        note_file(reading, file, &reading->files[stream]);
    reading->files[stream] = (FileReading){0};
    reading->packed[stream] = 0;
    reading->packed_before += file->bytes;
    count_packed(reading);
    reading->progress.files_done++;
    import_report(reading, file->path);
}

void import_expect(ImportReading *reading, const GPtrArray *files)
{
    reading->progress.files_total += files->len;
    for (guint i = 0; i < files->len; i++)
        reading->progress.packed_total +=
            ((const WalkFile *)g_ptr_array_index(files, i))->bytes;
}

void import_read(ImportReading *reading, const GPtrArray *files)
{
    static const WalkFilesReader READER = {take_document, take_bytes,
                                           end_member, end_file};
    walk_files(files, &READER, reading);
    reading->summary->files = reading->progress.files_done;
    reading->summary->packed_bytes = reading->progress.packed_done;
    reading->summary->bytes = reading->progress.bytes;
}
