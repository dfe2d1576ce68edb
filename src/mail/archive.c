/*
 * Feeds and hosters attach their tables and logs packed. Each file that can
 * be text becomes a part behind the archive's, with the archive for a parent
 * and its place in the raw message for a place: a person is shown the line
 * where the attachment begins, which is as near as the mail comes.
 *
 * Bounds are those of base/unpack_memory.h and the text that the mail may
 * still make: files that turn out to be no text are taken off that, too, so
 * that many archives in one mail cost no more than one.
 */
#include "mail/archive.h"

#include "base/unpack_memory.h"
#include "mail/anchors.h"
#include "mail/body.h"
#include "mail/nested.h"
#include "mail/parts.h"

#include <string.h>

#define SHEETS_LOOK 4096 /* where office documents name their parts */

/* Files whose names promise text, and the type each is read as; "" is no
 * suffix at all. */
static const struct {
    const char *suffix, *type;
} READ_AS[] = {
    {"csv", "text/csv"},
    {"tsv", "text/tab-separated-values"},
    {"txt", "text/plain"},
    {"log", "text/plain"},
    {"text", "text/plain"},
    {"out", "text/plain"},
    {"asc", "text/plain"},
    {"md", "text/plain"},
    {"xml", "application/xml"},
    {"json", "application/json"},
    {"jsonl", "application/json"},
    {"yaml", "application/yaml"},
    {"yml", "application/yaml"},
    {"eml", "message/rfc822"},
    {"html", "text/html"},
    {"htm", "text/html"},
    {"arf", "text/plain"},
    {"", "application/octet-stream"},
    {"pdf", "application/pdf"},
    {"rtf", "application/rtf"},
    {"json5", "text/plain"},
    {"conf", "text/plain"},
    {"p7m", "application/pkcs7-mime"},
    {"docx", "application/octet-stream"},
    {"odt", "application/octet-stream"},
    {"xlsx", "application/octet-stream"},
};

static const char *type_of_name(const char *name)
{
    const char *dot = strrchr(name, '.');
    const char *suffix = dot ? dot + 1 : "";
    for (size_t i = 0; i < G_N_ELEMENTS(READ_AS); i++)
        if (g_ascii_strcasecmp(suffix, READ_AS[i].suffix) == 0)
            return READ_AS[i].type;
    return NULL;
}

/* "._name" is what macOS keeps beside a file. */
static bool wants_file(const char *name)
{
    return type_of_name(name) && !g_str_has_prefix(name, "._");
}

static bool is_office_document(const GByteArray *bytes)
{
    static const char *const MARKS[] = {
        "[Content_Types].xml", "mimetypeapplication/", "META-INF/MANIFEST.MF"};
    size_t looked = MIN(bytes->len, SHEETS_LOOK);
    for (size_t i = 0; i < G_N_ELEMENTS(MARKS); i++)
        if (memmem(bytes->data, looked, MARKS[i], strlen(MARKS[i])))
            return true;
    return false;
}

bool archive_is_one(const MailPart *part, const Decoded *decoded)
{
    const GByteArray *bytes = decoded->bytes;
    switch (unpack_sniff(bytes->data, bytes->len)) {
    case UNPACK_NONE:
        return false;
    case UNPACK_ZIP:
        return !is_office_document(bytes);
    case UNPACK_GZIP:
    case UNPACK_XZ:
    case UNPACK_BZIP2:
    case UNPACK_TAR:
    case UNPACK_7Z:
        return true;
    }
    return false;
}

/* The name that a packed file had: "a.csv.gz" is called after it. */
static char *name_of_member(const MailPart *archive,
                            const UnpackedMember *member)
{
    if (*member->name || !archive->filename)
        return g_strdup(member->name);
    static const char *const SUFFIXES[] = {".gz", ".xz", ".bz2"};
    size_t length = strlen(archive->filename);
    for (size_t i = 0; i < G_N_ELEMENTS(SUFFIXES); i++) {
        size_t cut = strlen(SUFFIXES[i]);
        if (length > cut && g_ascii_strcasecmp(archive->filename + length - cut,
                                               SUFFIXES[i]) == 0)
            return g_strndup(archive->filename, length - cut);
    }
    return g_strndup(archive->filename, length);
}

static void read_member(Mail *mail, guint at, guint archive_index,
                        const UnpackedMember *member, size_t *budget)
{
    MailPart *part = mail_part_insert(mail, at, (int)archive_index);
    const MailPart *archive = mail->parts->pdata[archive_index];
    gsize length;
    const uint8_t *data = g_bytes_get_data(member->bytes, &length);
    Decoded decoded = {.bytes = g_byte_array_new(),
                       .anchors = anchors_new(),
                       .flaw = member->is_cut ? "file in archive cut" : NULL};
    g_byte_array_append(decoded.bytes, data ? data : (const uint8_t *)"",
                        (guint)length);
    anchors_add(decoded.anchors, 0, archive->raw_at);
    anchors_add(decoded.anchors, length + 1, archive->raw_at);
    part->filename = name_of_member(archive, member);
    const char *type = type_of_name(part->filename);
    part->content_type = g_strdup(type ? type : "application/octet-stream");
    part->attached = true;
    part->raw_at = archive->raw_at;
    part->raw_length = archive->raw_length;
    body_take(mail, at, &decoded, NESTED_LEVELS_MAX - 1, budget);
    g_clear_pointer(&part->anchors, g_array_unref);
    if (part->bytes)
        *budget -= MIN(*budget, length);
    decoded_clear(&decoded);
}

/* May one more part go below the archive's? */
static bool has_room(const Mail *mail, guint index)
{
    const MailPart *part = mail->parts->pdata[index];
    return mail->parts->len < MAIL_PARTS_MAX &&
           part->depth + 1 < MAIL_DEPTH_MAX;
}

bool archive_read(Mail *mail, guint index, const Decoded *decoded,
                  size_t *budget)
{
    const GByteArray *bytes = decoded->bytes;
    MailPart *part = mail->parts->pdata[index];
    Unpacked unpacked;
    /* UTF-16 becomes half as long. */
    unpack_memory(bytes->data, bytes->len,
                  unpack_sniff(bytes->data, bytes->len), wants_file,
                  2 * *budget, &unpacked);
    guint at = index + 1;
    for (guint i = 0; i < unpacked.members->len; i++) {
        if (!has_room(mail, index)) {
            unpacked.flaw = UNPACK_FLAW_LIMIT;
            break;
        }
        guint before = mail->parts->len;
        read_member(mail, at, index, unpacked.members->pdata[i], budget);
        at += mail->parts->len - before;
    }
    bool has_read = at > index + 1;
    if (has_read)
        part->kind = PART_MULTIPART;
    part->flaw = unpacked.flaw      ? unpacked.flaw
                 : unpacked.skipped ? MAIL_FLAW_ARCHIVE_REST
                                    : decoded->flaw;
    unpacked_clear(&unpacked);
    return has_read;
}
