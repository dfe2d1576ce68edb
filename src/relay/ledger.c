/*
 * Problem: whoever leaves archives where they are imported from has them all
 * unpacked again each hour, to find that every document is known.
 *
 * Approach: a row for each file, known by the hash of its path, with size and
 * both times of its inode. The second (ctime) cannot be set, so a file that was
 * replaced or written to differs in it, whatever became of the first.
 *
 * What a row says is true of the state that stood beside it. So the ledger
 * names the files of the state with the times they were written at: where one
 * is gone, or older, as when it came back from a backup, nothing counts. Newer
 * ones are right: an import only ever adds, and one that was killed had not
 * come to its ledger. Not named are DIR/people, on which no verdict rests and
 * which reading again would not bring back, what is derived, and the part of the
 * state without a month, which comes and goes.
 *
 * Rejected: a hash of each file's content, which costs reading it; the paths
 * themselves (three times as large, and nobody else needs them); the inode's
 * number (some network file systems make them up anew).
 */
#include "relay/ledger.h"

#include "relay/certificates.h"
#include "relay/early_file.h"
#include "relay/hints.h"
#include "relay/history_file.h"
#include "relay/intern.h"
#include "relay/month_map.h"
#include "relay/sections.h"
#include "relay/sources.h"
#include "relay/traffic.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"

#include <string.h>
#include <sys/stat.h>

#define PATH_BYTES     16 /* of the hash of a path */
#define NAME_BYTES     56 /* "early/v2-" and an identity have 49 */
#define NANOSECONDS    1000000000
#define FILE_BYTES_MAX (LEDGER_MAX * sizeof(Row) + (1u << 20))

typedef struct {
    uint8_t path[PATH_BYTES];
    uint64_t bytes;
    int64_t written_ns, changed_ns;
    LedgerDescriptors descriptors;
    uint32_t standing; /* FileStanding */
} Row;

/* A file of the state. */
typedef struct {
    char name[NAME_BYTES]; /* below the directory */
    int64_t written_ns;
} Stamp;

typedef struct {
    uint8_t hash[SHA256_BYTES];         /* of what reading rests on */
    uint8_t certificates[SHA256_BYTES]; /* by which files wait; zero: none */
} Basis;

enum { LEDGER_BASIS, LEDGER_STAMPS, LEDGER_ROWS, LEDGER_SECTIONS };

static const SectionLayout LAYOUT = {
    .magic = "EXDread\n",
    .version = 3,
    .count = LEDGER_SECTIONS,
    .item_bytes = {[LEDGER_BASIS] = sizeof(Basis),
                   [LEDGER_STAMPS] = sizeof(Stamp),
                   [LEDGER_ROWS] = sizeof(Row)},
};

struct Ledger {
    Basis basis;
    Intern *paths;  /* number: of the row */
    GArray *rows;   /* of Row */
    GArray *stamps; /* of Stamp: as it was written */
    bool is_changed;
};

static Ledger *ledger_new(const Basis *basis)
{
    Ledger *ledger = g_new0(Ledger, 1);
    ledger->basis = *basis;
    ledger->paths = intern_new(PATH_BYTES);
    ledger->rows = g_array_new(FALSE, FALSE, sizeof(Row));
    ledger->stamps = g_array_new(FALSE, FALSE, sizeof(Stamp));
    return ledger;
}

void ledger_free(Ledger *ledger)
{
    if (!ledger)
        return;
    intern_free(ledger->paths);
    g_array_unref(ledger->rows);
    g_array_unref(ledger->stamps);
    g_free(ledger);
}

static void hash_certificates(const char *directory, uint8_t out[SHA256_BYTES])
{
    g_autofree char *path =
        g_build_filename(directory, CERTIFICATES_NAME, NULL);
    g_autoptr(GBytes) bytes = file_read(path, FILE_BYTES_MAX, NULL);
    memset(out, 0, SHA256_BYTES);
    if (bytes)
        digest_sha256(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes),
                      out);
}

/* What decides which documents are read and believed. */
static Basis basis_of(const char *directory, const Authorities *authorities)
{
    Basis basis;
    hash_certificates(directory, basis.certificates);
    uint8_t trusted[SHA256_BYTES];
    g_autoptr(GString) text = g_string_new(NULL);
    authorities_hash(authorities, trusted);
    g_autofree char *hex = hex_new(trusted, sizeof trusted);
    g_string_append_printf(text, "%d %s\n", LEDGER_READING, hex);
    for (guint i = 0; i < SOURCE_COUNT; i++)
        g_string_append_printf(text, "%s %s %d\n", SOURCES[i].word,
                               SOURCES[i].type ? SOURCES[i].type : "",
                               SOURCES[i].read != NULL);
    digest_sha256(text->str, text->len, basis.hash);
    return basis;
}

/* ---- the state that it vouches for ---------------------------------------- */

/* False: there is no such file. */
static bool read_stamp(const char *directory, const char *name, Stamp *out)
{
    struct stat about;
    g_autofree char *path = g_build_filename(directory, name, NULL);
    *out = (Stamp){0};
    if (stat(path, &about) != 0 || !S_ISREG(about.st_mode) ||
        g_strlcpy(out->name, name, sizeof out->name) >= sizeof out->name)
        return false;
    out->written_ns =
        (int64_t)about.st_mtim.tv_sec * NANOSECONDS + about.st_mtim.tv_nsec;
    return true;
}

static void add_stamp(GArray *stamps, const char *directory, const char *name)
{
    Stamp stamp;
    if (read_stamp(directory, name, &stamp))
        g_array_append_val(stamps, stamp);
}

static bool is_month(const char *name)
{
    uint32_t month;
    return month_parse_name(name, &month) && month != MONTH_NONE;
}

/* What a server said, or policies; not what was derived of them. */
static bool is_early(const char *name)
{
    return g_str_equal(name, EARLY_POLICIES) ||
           (strchr(name, '-') && !strchr(name, '.'));
}

static bool add_stamps(GArray *stamps, const char *directory,
                       const char *folder, bool (*is_named)(const char *name),
                       GError **error)
{
    g_autofree char *path = g_build_filename(directory, folder, NULL);
    g_autoptr(GPtrArray) names = directory_list(path, "", error);
    for (guint i = 0; names && i < names->len; i++) {
        const char *name = g_ptr_array_index(names, i);
        g_autofree char *below = g_build_filename(folder, name, NULL);
        if (is_named(name))
            add_stamp(stamps, directory, below);
    }
    return names != NULL;
}

static GArray *stamps_new(const char *directory, GError **error)
{
    static const char *const NAMES[] = {CERTIFICATES_NAME, TRAFFIC_NAME,
                                        HINTS_NAME, "signed"};
    g_autoptr(GArray) stamps = g_array_new(FALSE, FALSE, sizeof(Stamp));
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++)
        add_stamp(stamps, directory, NAMES[i]);
    if (!add_stamps(stamps, directory, MONTHS_NAME, is_month, error) ||
        !add_stamps(stamps, directory, UNVERIFIED_NAME "/" MONTHS_NAME,
                    is_month, error) ||
        !add_stamps(stamps, directory, EARLY_NAME, is_early, error))
        return NULL;
    return g_steal_pointer(&stamps);
}

/* NULL, or what is not as it was; yours. */
static char *find_missing(const char *directory, const GArray *stamps)
{
    for (guint i = 0; i < stamps->len; i++) {
        Stamp then = g_array_index(stamps, Stamp, i), now;
        then.name[NAME_BYTES - 1] = 0;
        if (!read_stamp(directory, then.name, &now) ||
            now.written_ns < then.written_ns)
            return g_strdup_printf("%s/%s is gone, or older than it was",
                                   directory, then.name);
    }
    return NULL;
}

/* ---- reading -------------------------------------------------------------- */

/* Rows of files that wait are left out if they do so by other certificates.
 * False: there is one row twice. */
static bool fill(Ledger *ledger, const Section *s)
{
    const Section *stamps = &s[LEDGER_STAMPS], *rows = &s[LEDGER_ROWS];
    const Basis *then = s[LEDGER_BASIS].items;
    bool may_wait = memcmp(then->certificates, ledger->basis.certificates,
                           SHA256_BYTES) == 0;
    g_array_append_vals(ledger->stamps, stamps->items, (guint)stamps->count);
    for (size_t i = 0; i < rows->count; i++) {
        Row row = ((const Row *)rows->items)[i];
        if (row.standing != FILE_READ && !may_wait)
            continue;
        if (intern_put(ledger->paths, row.path, 0) != ledger->rows->len)
            return false;
        g_array_append_val(ledger->rows, row);
    }
    return true;
}

static Ledger *unpack(const char *directory, const char *path, GBytes *bytes,
                      const Basis *basis, char **why)
{
    Section sections[LEDGER_SECTIONS];
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    g_autoptr(Ledger) ledger = ledger_new(basis);
    bool is_whole =
        sections_open(&LAYOUT, data, length, path, sections, NULL) &&
        sections_verify(data, length, path, NULL) &&
        sections[LEDGER_BASIS].count == 1;
    if (is_whole &&
        memcmp(sections[LEDGER_BASIS].items, basis->hash, SHA256_BYTES) != 0)
        *why = g_strdup("they were read by another version of exitdesk, or "
                        "with other authorities");
    else if (!is_whole || !fill(ledger, sections))
        *why = g_strdup_printf("%s is damaged", path);
    else
        *why = find_missing(directory, ledger->stamps);
    return *why ? NULL : g_steal_pointer(&ledger);
}

Ledger *ledger_open(const char *directory, const Authorities *authorities,
                    char **why)
{
    g_autofree char *path = g_build_filename(directory, LEDGER_NAME, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = file_read(path, FILE_BYTES_MAX, &error);
    Basis basis = basis_of(directory, authorities);
    *why = NULL;
    Ledger *ledger = bytes ? unpack(directory, path, bytes, &basis, why) : NULL;
    if (!bytes && !g_error_matches(error, DESK_ERROR, DESK_ERROR_MISSING))
        *why = g_strdup(error->message);
    return ledger ? ledger : ledger_new(&basis);
}

/* ---- rows ----------------------------------------------------------------- */

static Row row_of(const WalkFile *file)
{
    uint8_t hash[SHA256_BYTES];
    Row row = {
        .bytes = file->bytes,
        .written_ns = file->written_ns,
        .changed_ns = file->changed_ns,
    };
    digest_sha256(file->path, strlen(file->path), hash);
    memcpy(row.path, hash, sizeof row.path);
    return row;
}

static uint32_t find(const Ledger *ledger, const WalkFile *file)
{
    Row row = row_of(file);
    return intern_find(ledger->paths, row.path, 0);
}

FileStanding ledger_find(const Ledger *ledger, const WalkFile *file,
                         LedgerDescriptors *descriptors)
{
    uint32_t number = find(ledger, file);
    if (number == UINT32_MAX)
        return FILE_UNREAD;
    const Row *row = &g_array_index(ledger->rows, Row, number);
    if (row->bytes != file->bytes || row->written_ns != file->written_ns ||
        row->changed_ns != file->changed_ns)
        return FILE_UNREAD;
    if (descriptors)
        *descriptors = row->descriptors;
    return row->standing == FILE_READ ? FILE_READ : FILE_WAITING;
}

static void add_row(Ledger *ledger, const Row *row)
{
    if (intern_put(ledger->paths, row->path, 0) == ledger->rows->len)
        g_array_append_vals(ledger->rows, row, 1);
}

/* Take over the rows of another, and free it. */
static void take_rows(Ledger *ledger, Ledger *from)
{
    Ledger old = *ledger;
    ledger->paths = from->paths;
    ledger->rows = from->rows;
    from->paths = old.paths;
    from->rows = old.rows;
    ledger_free(from);
}

/* Keep only what is met with. */
void ledger_expect(Ledger *ledger, const GPtrArray *files)
{
    if ((uint64_t)ledger->rows->len + files->len <= LEDGER_MAX)
        return;
    Ledger *kept = ledger_new(&ledger->basis);
    for (guint i = 0; i < files->len; i++) {
        uint32_t number = find(ledger, g_ptr_array_index(files, i));
        if (number != UINT32_MAX)
            add_row(kept, &g_array_index(ledger->rows, Row, number));
    }
    take_rows(ledger, kept);
}

void ledger_free_waiting(Ledger *ledger, const char *directory)
{
    uint8_t now[SHA256_BYTES];
    hash_certificates(directory, now);
    if (memcmp(now, ledger->basis.certificates, sizeof now) == 0)
        return;
    memcpy(ledger->basis.certificates, now, sizeof now);
    Ledger *kept = ledger_new(&ledger->basis);
    for (guint i = 0; i < ledger->rows->len; i++) {
        const Row *row = &g_array_index(ledger->rows, Row, i);
        if (row->standing == FILE_READ)
            add_row(kept, row);
    }
    take_rows(ledger, kept);
    ledger->is_changed = true;
}

void ledger_put(Ledger *ledger, const WalkFile *file, FileStanding standing,
                const LedgerDescriptors *descriptors)
{
    Row row = row_of(file);
    row.descriptors = *descriptors;
    row.standing = standing;
    uint32_t number = intern_find(ledger->paths, row.path, 0);
    if (number == UINT32_MAX && ledger->rows->len >= LEDGER_MAX)
        return;
    ledger->is_changed = true;
    if (number == UINT32_MAX)
        add_row(ledger, &row);
    else
        g_array_index(ledger->rows, Row, number) = row;
}

/* Has this import taken a file of the state away, as a part that became empty?
 */
static bool is_of_other_state(const Ledger *ledger, const char *directory)
{
    g_autofree char *missing = find_missing(directory, ledger->stamps);
    return missing != NULL;
}

bool ledger_save(Ledger *ledger, const char *directory, GError **error)
{
    if (!ledger->is_changed && !is_of_other_state(ledger, directory))
        return true;
    g_autoptr(GArray) stamps = stamps_new(directory, error);
    if (!stamps)
        return false;
    Section sections[LEDGER_SECTIONS] = {
        [LEDGER_BASIS] = {&ledger->basis, 1},
        [LEDGER_STAMPS] = {stamps->data, stamps->len},
        [LEDGER_ROWS] = {ledger->rows->data, ledger->rows->len},
    };
    g_autofree char *path = g_build_filename(directory, LEDGER_NAME, NULL);
    if (!sections_replace(&LAYOUT, sections, path, error))
        return false;
    ledger->is_changed = false;
    g_array_unref(ledger->stamps);
    ledger->stamps = g_steal_pointer(&stamps);
    return true;
}
