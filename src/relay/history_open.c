#include "relay/history_map.h"

#include "relay/beside.h"
#include "relay/evidence.h"
#include "relay/history_figures.h"

#include "base/errors.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUCKETS 65537

static void set_addresses(AddressTable *table, size_t width, const Section *s)
{
    *table = (AddressTable){
        .width = width,
        .addresses = s[0].items,
        .starts = s[1].items,
        .runs = s[2].items,
        .scan_starts = s[3].items,
        .scans = s[4].items,
        .count = s[0].count,
        .run_count = s[2].count,
        .scan_count = s[4].count,
    };
}

static void set_views(History *h)
{
    const Section *s = h->sections;
    h->parts = s[SECTION_PARTS].items;
    h->hours = s[SECTION_HOURS].items;
    h->relays = s[SECTION_RELAYS].items;
    h->periods = s[SECTION_PERIODS].items;
    h->manners = s[SECTION_MANNERS].items;
    h->buckets = s[SECTION_V4_BUCKETS].items;
    h->lists = s[SECTION_LISTS].items;
    h->text_starts = s[SECTION_TEXT_STARTS].items;
    h->text = s[SECTION_TEXT].items;
    set_addresses(&h->addresses[0], 4, &s[SECTION_V4_ADDRESSES]);
    set_addresses(&h->addresses[1], 16, &s[SECTION_V6_ADDRESSES]);
    h->part_count = s[SECTION_PARTS].count;
    h->hour_count = s[SECTION_HOURS].count;
    h->relay_count = s[SECTION_RELAYS].count - 1; /* the last one ends it */
    h->period_count = s[SECTION_PERIODS].count;
    h->manner_count = s[SECTION_MANNERS].count;
    h->list_count = s[SECTION_LISTS].count;
    h->text_count = s[SECTION_TEXT_STARTS].count;
    h->text_bytes = s[SECTION_TEXT].count;
}

static bool sections_are_whole(const Section *s)
{
    const char *text = s[SECTION_TEXT].items;
    size_t text_bytes = s[SECTION_TEXT].count;
    return s[SECTION_RELAYS].count >= 1 &&
           s[SECTION_HOURS].count < RUN_HOURS_MAX &&
           s[SECTION_V4_BUCKETS].count == BUCKETS &&
           s[SECTION_V4_STARTS].count == s[SECTION_V4_ADDRESSES].count + 1 &&
           s[SECTION_V6_STARTS].count == s[SECTION_V6_ADDRESSES].count + 1 &&
           s[SECTION_V4_SCAN_STARTS].count == s[SECTION_V4_STARTS].count &&
           s[SECTION_V6_SCAN_STARTS].count == s[SECTION_V6_STARTS].count &&
           (text_bytes == 0 || text[text_bytes - 1] == 0);
}

static bool open_sections(History *h, GError **error)
{
    size_t length;
    const void *data = g_bytes_get_data(h->bytes, &length);
    if (!sections_open(&HISTORY_LAYOUT, data, length, h->path, h->sections,
                       error))
        return false;
    if (!sections_are_whole(h->sections)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "%s is damaged (a section is too short): remove it and "
                    "import again",
                    h->path);
        return false;
    }
    set_views(h);
    return true;
}

static bool map_file(History *h, GError **error)
{
    int fd = open(h->path, O_RDONLY | O_CLOEXEC);
    struct stat about;
    if (fd < 0 || fstat(fd, &about) < 0) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "no relay history at %s: import some with \"exitdesk "
                    "relay import PATH\"",
                    h->path);
        if (fd >= 0)
            close(fd);
        return false;
    }
    g_autoptr(GError) cause = NULL;
    h->device = about.st_dev;
    h->inode = about.st_ino;
    g_autoptr(GMappedFile) file = g_mapped_file_new_from_fd(fd, FALSE, &cause);
    close(fd);
    if (file && g_mapped_file_get_length(file) > 0) {
        h->bytes = g_mapped_file_get_bytes(file);
        return true;
    }
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID, "cannot map %s: %s",
                h->path, cause ? cause->message : "it is empty");
    return false;
}

static History *open_one(const char *directory, GError **error)
{
    g_autoptr(History) h = g_new0(History, 1);
    g_atomic_ref_count_init(&h->references);
    h->path = g_build_filename(directory, HISTORY_NAME, NULL);
    h->evidence = evidence_new(directory);
    if (!map_file(h, error) || !open_sections(h, error))
        return NULL;
    return g_steal_pointer(&h);
}

History *history_open(const char *directory, GError **error)
{
    g_autoptr(History) h = open_one(directory, error);
    g_autofree char *apart = g_build_filename(directory, UNVERIFIED_NAME, NULL);
    /* It only adds words to an answer: without it there are none to add. */
    if (h) {
        h->unverified = open_one(apart, NULL);
        h->beside = beside_open(directory);
    }
    return g_steal_pointer(&h);
}

History *history_of_bytes(GBytes *bytes, const char *name, GError **error)
{
    g_autoptr(History) h = g_new0(History, 1);
    g_atomic_ref_count_init(&h->references);
    h->path = g_strdup(name);
    h->bytes = g_bytes_ref(bytes);
    return open_sections(h, error) ? g_steal_pointer(&h) : NULL;
}

bool history_verify(const History *h, GError **error)
{
    size_t length;
    const void *data = g_bytes_get_data(h->bytes, &length);
    return sections_verify(data, length, h->path, error);
}

History *history_ref(History *history)
{
    g_atomic_ref_count_inc(&history->references);
    return history;
}

void history_unref(History *history)
{
    if (!history || !g_atomic_ref_count_dec(&history->references))
        return;
    history_unref(history->unverified);
    beside_free(history->beside);
    g_clear_pointer(&history->bytes, g_bytes_unref);
    evidence_free(history->evidence);
    g_free(history->path);
    g_free(history);
}

bool history_is_stale(const History *history)
{
    struct stat about;
    return (stat(history->path, &about) == 0 &&
            (about.st_dev != history->device ||
             about.st_ino != history->inode)) ||
           (history->beside && beside_is_stale(history->beside));
}

Interval history_span(const History *h)
{
    if (h->hour_count == 0)
        return (Interval){INSTANT_NONE, INSTANT_NONE};
    return (Interval){h->hours[0].valid_after,
                      h->hours[h->hour_count - 1].valid_after};
}

const char *history_document_word(guint kind)
{
    return kind < DOCUMENT_TYPES ? document_type_word(kind) : NULL;
}

/* Hours that only an unverified consensus is known of. */
static uint64_t quarantined_hours(const History *h)
{
    const History *apart = h->unverified;
    uint64_t count = 0;
    for (size_t i = 0; apart && i < apart->hour_count; i++) {
        Instant t = apart->hours[i].valid_after;
        const Hour *known = map_hour_at(h, t, HOUR_NS | HOUR_MICRO);
        count += !known || known->valid_after != t;
    }
    return count;
}

HistoryFigures history_figures(const History *h)
{
    G_STATIC_ASSERT(DOCUMENT_TYPES_MAX <=
                    G_N_ELEMENTS(((HistoryFigures *)NULL)->documents));
    HistoryFigures figures = {
        .span = history_span(h),
        .hours = h->hour_count,
        .quarantined_hours = quarantined_hours(h),
        .relays = h->relay_count,
        .ipv4_intervals = h->addresses[0].run_count,
        .ipv6_intervals = h->addresses[1].run_count,
        .periods = h->period_count,
        .scans = h->addresses[0].scan_count + h->addresses[1].scan_count,
        .file_bytes = g_bytes_get_size(h->bytes),
    };
    for (size_t i = 1; i < h->hour_count; i++) {
        uint32_t step = h->hours[i].valid_after - h->hours[i - 1].valid_after;
        figures.missing_hours += step > 3600 ? (step - 1) / 3600 : 0;
    }
    for (size_t i = 0; i < h->part_count; i++)
        for (guint type = 0; type < DOCUMENT_TYPES; type++)
            figures.documents[type] += h->parts[i].documents[type];
    return figures;
}
