/*
 * A file that unpacks to gigabytes would be unpacked whole by qpdf where it
 * looks for objects (object streams, cross-reference streams). So each
 * deflated stream that does not call itself an image is inflated into nothing
 * first and counted; the search goes on behind what was read, so that this is
 * linear. What hides from that (two filters in a row) meets the memory limit
 * of the sandbox: qpdf turns it into an error.
 */
#include "mail/pdf_object.h"

#include "base/unpack_inflate.h"
#include "mail/flags.h"
#include "mail/pdf_filter.h"

#include <qpdf/qpdf-c.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FILTERS_MAX      4
#define DICTIONARY_BYTES 512           /* looked at in front of a stream */
#define QPDF_BYTES_MAX   (256u * 1024) /* of streams that qpdf decodes */

struct PdfFile {
    qpdf_data qpdf;
};

/* --- before qpdf sees it --- */

static bool is_image(const char *bytes, size_t at)
{
    size_t looked = MIN(at, DICTIONARY_BYTES);
    const char *from = bytes + at - looked;
    const char *last = from, *end = bytes + at, *next;
    while ((next = memmem(last, (size_t)(end - last), " obj", 4)))
        last = next + 4;
    return memmem(last, (size_t)(end - last), "/Image", 6) != NULL;
}

/* The deflated data of the stream whose keyword ends at `at`, or NULL. */
static const uint8_t *deflated_at(const char *bytes, size_t length, size_t at)
{
    at += at < length && bytes[at] == '\r';
    at += at < length && bytes[at] == '\n';
    const uint8_t *data = (const uint8_t *)bytes + at;
    if (at + 2 > length || (data[0] & 0x0f) != 8 ||
        (data[0] << 8 | data[1]) % 31 != 0)
        return NULL;
    return data;
}

static bool inflates_too_far(const char *bytes, size_t length)
{
    static const char WORD[] = "stream";
    size_t total = 0, at = 0;
    const char *found;
    while (total < PDF_INFLATED_MAX &&
           (found = memmem(bytes + at, length - at, WORD, sizeof WORD - 1))) {
        size_t word_at = (size_t)(found - bytes);
        at = word_at + sizeof WORD - 1;
        const uint8_t *data = deflated_at(bytes, length, at);
        if (!data || is_image(bytes, word_at))
            continue;
        size_t data_at = (size_t)(data - (const uint8_t *)bytes);
        size_t taken, made;
        unpack_inflate(data, length - data_at, PDF_INFLATED_MAX - total, NULL,
                       &taken, &made);
        total += made;
        at = data_at + taken;
    }
    return total >= PDF_INFLATED_MAX;
}

static bool has_too_many_objects(const char *bytes, size_t length)
{
    size_t count = 0;
    const char *at = bytes, *end = bytes + length;
    while ((at = memmem(at, (size_t)(end - at), " obj", 4))) {
        count++;
        at += 4;
    }
    return count > PDF_OBJECTS_MAX;
}

/* --- the file --- */

PdfFile *pdf_file_open(const char *bytes, size_t length, const char **flaw)
{
    if (length == 0) {
        *flaw = MAIL_FLAW_PDF_DAMAGED;
        return NULL;
    }
    if (length > PDF_BYTES_MAX || has_too_many_objects(bytes, length) ||
        inflates_too_far(bytes, length)) {
        *flaw = MAIL_FLAW_PDF_LIMIT;
        return NULL;
    }
    PdfFile *file = g_new0(PdfFile, 1);
    file->qpdf = qpdf_init();
    qpdf_set_suppress_warnings(file->qpdf, QPDF_TRUE);
    qpdf_silence_errors(file->qpdf);
    QPDF_ERROR_CODE status =
        qpdf_read_memory(file->qpdf, "pdf", bytes, length, "");
    if (!(status & QPDF_ERRORS))
        return file;
    qpdf_error error = qpdf_get_error(file->qpdf);
    enum qpdf_error_code_e code = qpdf_get_error_code(file->qpdf, error);
    *flaw = code == qpdf_e_password || code == qpdf_e_unsupported
                ? MAIL_FLAW_PDF_ENCRYPTED
                : MAIL_FLAW_PDF_DAMAGED;
    pdf_file_close(file);
    return NULL;
}

void pdf_file_close(PdfFile *file)
{
    if (!file)
        return;
    /* else it is told on standard error */
    if (qpdf_has_error(file->qpdf))
        qpdf_get_error(file->qpdf);
    qpdf_cleanup(&file->qpdf);
    g_free(file);
}

PdfObject pdf_root(PdfFile *file)
{
    return qpdf_get_root(file->qpdf);
}

static bool is_dictionary(PdfFile *file, PdfObject object)
{
    return object && qpdf_oh_is_dictionary(file->qpdf, object);
}

/* What is missing is null to qpdf. */
static PdfObject or_nothing(PdfFile *file, PdfObject object)
{
    if (!qpdf_oh_is_null(file->qpdf, object))
        return object;
    pdf_release(file, object);
    return 0;
}

/* Of a stream, its dictionary is asked. */
PdfObject pdf_get(PdfFile *file, PdfObject dictionary, const char *key)
{
    if (pdf_is_stream(file, dictionary))
        dictionary = qpdf_oh_get_dict(file->qpdf, dictionary);
    return is_dictionary(file, dictionary)
               ? or_nothing(file, qpdf_oh_get_key(file->qpdf, dictionary, key))
               : 0;
}

bool pdf_is_array(PdfFile *file, PdfObject object)
{
    return object && qpdf_oh_is_array(file->qpdf, object);
}

bool pdf_is_stream(PdfFile *file, PdfObject object)
{
    return object && qpdf_oh_is_stream(file->qpdf, object);
}

int pdf_length(PdfFile *file, PdfObject array)
{
    return pdf_is_array(file, array)
               ? qpdf_oh_get_array_n_items(file->qpdf, array)
               : 0;
}

PdfObject pdf_item(PdfFile *file, PdfObject array, int index)
{
    return index >= 0 && index < pdf_length(file, array)
               ? or_nothing(file,
                            qpdf_oh_get_array_item(file->qpdf, array, index))
               : 0;
}

const char *pdf_name(PdfFile *file, PdfObject object)
{
    if (!object || !qpdf_oh_is_name(file->qpdf, object))
        return "";
    const char *name = qpdf_oh_get_name(file->qpdf, object);
    return name + (*name == '/');
}

bool pdf_is_number(PdfFile *file, PdfObject object)
{
    return object && qpdf_oh_is_number(file->qpdf, object);
}

double pdf_number(PdfFile *file, PdfObject object)
{
    return pdf_is_number(file, object)
               ? qpdf_oh_get_numeric_value(file->qpdf, object)
               : 0;
}

int pdf_id(PdfFile *file, PdfObject object)
{
    return object ? qpdf_oh_get_object_id(file->qpdf, object) : 0;
}

void pdf_release(PdfFile *file, PdfObject object)
{
    if (object)
        qpdf_oh_release(file->qpdf, object);
}

/* --- streams --- */

static GBytes *take_data(PdfFile *file, PdfObject stream,
                         enum qpdf_stream_decode_level_e level)
{
    unsigned char *data = NULL;
    size_t length = 0;
    QPDF_BOOL is_filtered;
    QPDF_ERROR_CODE status = qpdf_oh_get_stream_data(
        file->qpdf, stream, level, &is_filtered, &data, &length);
    bool is_good =
        !(status & QPDF_ERRORS) && (level == qpdf_dl_none || is_filtered);
    GBytes *bytes =
        is_good ? g_bytes_new(data ? data : (void *)"", length) : NULL;
    free(data);
    return bytes;
}

/* The names of its filters; -1 if one of them needs qpdf. */
static int filters_of(PdfFile *file, PdfObject stream,
                      char *names[static FILTERS_MAX])
{
    PdfObject filter = pdf_get(file, stream, "/Filter");
    PdfObject settings = pdf_get(file, stream, "/DecodeParms");
    bool is_list = pdf_is_array(file, filter);
    int count =
        is_list ? pdf_length(file, filter) : *pdf_name(file, filter) != 0;
    if (count > FILTERS_MAX)
        return -1;
    for (int i = 0; i < count; i++) {
        PdfObject one = is_list ? pdf_item(file, filter, i) : filter;
        PdfObject set = pdf_is_array(file, settings)
                            ? pdf_item(file, settings, i)
                            : settings;
        g_strlcpy(names[i], pdf_name(file, one), 32);
        if (!pdf_filter_is_known(names[i]) ||
            pdf_number(file, pdf_get(file, set, "/Predictor")) > 1)
            return -1;
    }
    return count;
}

static GBytes *cut(GBytes *bytes, size_t max_bytes, bool *is_cut)
{
    if (!bytes || g_bytes_get_size(bytes) <= max_bytes)
        return bytes;
    GBytes *head = g_bytes_new_from_bytes(bytes, 0, max_bytes);
    g_bytes_unref(bytes);
    *is_cut = true;
    return head;
}

GBytes *pdf_stream(PdfFile *file, PdfObject stream, size_t max_bytes,
                   size_t *cost, bool *is_cut)
{
    *cost = 0;
    char words[FILTERS_MAX][32];
    char *names[FILTERS_MAX] = {words[0], words[1], words[2], words[3]};
    if (!pdf_is_stream(file, stream))
        return NULL;
    int count = filters_of(file, stream, names);
    GBytes *bytes = take_data(file, stream, qpdf_dl_none);
    *cost = bytes ? g_bytes_get_size(bytes) : 0;
    if (bytes && count < 0) {
        bool is_small = g_bytes_get_size(bytes) <= QPDF_BYTES_MAX;
        g_bytes_unref(bytes);
        bytes = is_small ? take_data(file, stream, qpdf_dl_generalized) : NULL;
    }
    for (int i = 0; bytes && i < count; i++) {
        gsize length;
        const void *data = g_bytes_get_data(bytes, &length);
        bool is_one_cut;
        GByteArray *undone =
            pdf_filter_undo(names[i], data, length, max_bytes, &is_one_cut);
        *is_cut |= is_one_cut;
        g_bytes_unref(bytes);
        bytes = g_byte_array_free_to_bytes(undone);
    }
    return cut(bytes, max_bytes, is_cut);
}
