#include "relay/history_map.h"

#include "relay/history_figures.h"

#include "base/errors.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUCKETS     65537
#define PROOFS_BACK 4 /* a descriptor and a microdescriptor, twice */

static void set_views(History *h)
{
    const Section *s = h->sections;
    h->hours = s[SECTION_HOURS].items;
    h->relays = s[SECTION_RELAYS].items;
    h->periods = s[SECTION_PERIODS].items;
    h->buckets = s[SECTION_V4_BUCKETS].items;
    h->v4 = s[SECTION_V4].items;
    h->v6 = s[SECTION_V6].items;
    h->scans = s[SECTION_SCANS].items;
    h->proofs = s[SECTION_PROOFS].items;
    h->documents = s[SECTION_DOCUMENTS].items;
    h->text = s[SECTION_TEXT].items;
    h->hour_count = s[SECTION_HOURS].count;
    h->relay_count = s[SECTION_RELAYS].count - 1; /* the last one ends it */
    h->period_count = s[SECTION_PERIODS].count;
    h->v4_count = s[SECTION_V4].count;
    h->v6_count = s[SECTION_V6].count;
    h->scan_count = s[SECTION_SCANS].count;
    h->proof_count = s[SECTION_PROOFS].count;
    h->document_count = s[SECTION_DOCUMENTS].count;
    h->text_bytes = s[SECTION_TEXT].count;
}

static bool open_sections(History *h, GError **error)
{
    const char *data = g_mapped_file_get_contents(h->file);
    if (!sections_open(&HISTORY_LAYOUT, data, g_mapped_file_get_length(h->file),
                       h->path, h->sections, error))
        return false;
    const Section *s = h->sections;
    const char *text = s[SECTION_TEXT].items;
    if (s[SECTION_ABOUT].count != 1 || s[SECTION_RELAYS].count < 1 ||
        s[SECTION_V4_BUCKETS].count != BUCKETS || s[SECTION_TEXT].count < 1 ||
        text[s[SECTION_TEXT].count - 1] != 0) {
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
    h->file = g_mapped_file_new_from_fd(fd, FALSE, &cause);
    close(fd);
    if (h->file && g_mapped_file_get_length(h->file) > 0)
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID, "cannot map %s: %s",
                h->path, cause ? cause->message : "it is empty");
    return false;
}

static History *open_one(const char *directory, GError **error)
{
    g_autoptr(History) h = g_new0(History, 1);
    g_atomic_ref_count_init(&h->references);
    h->path = g_build_filename(directory, HISTORY_NAME, NULL);
    if (!map_file(h, error) || !open_sections(h, error))
        return NULL;
    return g_steal_pointer(&h);
}

History *history_open(const char *directory, GError **error)
{
    g_autoptr(History) h = open_one(directory, error);
    g_autofree char *apart = g_build_filename(directory, UNVERIFIED_NAME, NULL);
    /* It only adds words to an answer: without it there are none to add. */
    if (h)
        h->unverified = open_one(apart, NULL);
    return g_steal_pointer(&h);
}

bool history_verify(const History *h, GError **error)
{
    return sections_verify(g_mapped_file_get_contents(h->file),
                           g_mapped_file_get_length(h->file), h->path, error);
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
    g_clear_pointer(&history->file, g_mapped_file_unref);
    g_free(history->path);
    g_free(history);
}

bool history_is_stale(const History *history)
{
    struct stat about;
    return stat(history->path, &about) == 0 &&
           (about.st_dev != history->device || about.st_ino != history->inode);
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
    G_STATIC_ASSERT(DOCUMENT_TYPES <= 8);
    HistoryFigures figures = {
        .span = history_span(h),
        .hours = h->hour_count,
        .quarantined_hours = quarantined_hours(h),
        .relays = h->relay_count,
        .ipv4_intervals = h->v4_count,
        .ipv6_intervals = h->v6_count,
        .periods = h->period_count,
        .scans = h->scan_count,
        .file_bytes = g_mapped_file_get_length(h->file),
    };
    for (size_t i = 1; i < h->hour_count; i++) {
        uint32_t step = h->hours[i].valid_after - h->hours[i - 1].valid_after;
        figures.missing_hours += step > 3600 ? (step - 1) / 3600 : 0;
    }
    for (size_t i = 0; i < h->document_count; i++)
        if (h->documents[i].type < DOCUMENT_TYPES)
            figures.documents[h->documents[i].type]++;
    return figures;
}

const char *map_text(const History *h, uint32_t offset)
{
    return offset < h->text_bytes ? h->text + offset : NULL;
}

uint32_t map_hour_bits(const IpAddress *ip)
{
    return ip_is_v4(ip) ? HOUR_NS | HOUR_MICRO : HOUR_HAS_V6;
}

/* Hours are nearly evenly spaced, so a guess from the ends lands near: look
 * outwards from there in growing steps, then halve. */
size_t map_hour_index(const History *h, Instant t)
{
    size_t count = h->hour_count, low = 0, high = count;
    if (count == 0 || t < h->hours[0].valid_after)
        return 0;
    if (t >= h->hours[count - 1].valid_after)
        return count;
    uint64_t span =
        MAX(1, h->hours[count - 1].valid_after - h->hours[0].valid_after);
    size_t guess =
        (size_t)((uint64_t)(t - h->hours[0].valid_after) * count / span);
    guess = MIN(guess, count - 1);
    for (size_t step = 4;; step *= 4) {
        low = guess > step ? guess - step : 0;
        high = MIN(guess + step, count);
        if ((low == 0 || h->hours[low - 1].valid_after <= t) &&
            (high == count || h->hours[high].valid_after > t))
            break;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (h->hours[middle].valid_after <= t)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const Hour *map_hour_at(const History *h, Instant t, uint32_t bits)
{
    size_t low = map_hour_index(h, t);
    for (; low > 0; low--) {
        const Hour *hour = &h->hours[low - 1];
        if (t - hour->valid_after >= INSTANT_DAY_S)
            return NULL;
        if (hour->bits & bits)
            return hour;
    }
    return NULL;
}

static uint32_t v4_number(const IpAddress *ip)
{
    return (uint32_t)ip->bytes[12] << 24 | (uint32_t)ip->bytes[13] << 16 |
           (uint32_t)ip->bytes[14] << 8 | ip->bytes[15];
}

/* First V4 interval in [low, high) whose address is not below. */
static size_t v4_lower(const History *h, size_t low, size_t high,
                       uint64_t address)
{
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (h->v4[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Intervals with first <= address <= last; both share their upper half. */
static Range v4_range(const History *h, uint32_t first, uint32_t last)
{
    size_t low = MIN(h->buckets[first >> 16], h->v4_count);
    size_t high = MIN(h->buckets[(first >> 16) + 1], h->v4_count);
    if (low >= high)
        return (Range){0, 0};
    size_t begin = v4_lower(h, low, high, first), end = begin;
    while (end < high && h->v4[end].address <= last)
        end++;
    return (Range){begin, end};
}

/* First item of a table sorted by its leading 16 bytes that is not below. */
static size_t lower_16(const void *table, size_t count, size_t item,
                       const uint8_t *key)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp((const uint8_t *)table + middle * item, key, 16) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Items whose address begins with the first bytes of key. */
static Range range_16(const void *table, size_t count, size_t item,
                      const IpPrefix *prefix)
{
    size_t first = lower_16(table, count, item, prefix->base.bytes);
    size_t end = first;
    while (end < count && memcmp((const uint8_t *)table + end * item,
                                 prefix->base.bytes, prefix->bits / 8) == 0)
        end++;
    return (Range){first, end};
}

Range map_intervals(const History *h, const IpAddress *ip)
{
    if (ip_is_v4(ip))
        return v4_range(h, v4_number(ip), v4_number(ip));
    IpPrefix host = {.base = *ip, .bits = 128};
    return range_16(h->v6, h->v6_count, sizeof *h->v6, &host);
}

Range map_neighbours(const History *h, const IpAddress *ip)
{
    if (ip_is_v4(ip))
        return v4_range(h, v4_number(ip) & 0xffffff00, v4_number(ip) | 0xff);
    IpPrefix site = ip_prefix_of(ip, 48);
    return range_16(h->v6, h->v6_count, sizeof *h->v6, &site);
}

Range map_scans(const History *h, const IpAddress *ip)
{
    IpPrefix host = {.base = *ip, .bits = 128};
    return range_16(h->scans, h->scan_count, sizeof *h->scans, &host);
}

AnyInterval map_interval(const History *h, bool is_v6, size_t index)
{
    if (is_v6) {
        const V6Interval *v6 = &h->v6[index];
        AnyInterval any = {.relay = v6->relay, .from = v6->from, .to = v6->to};
        memcpy(any.address.bytes, v6->address, 16);
        return any;
    }
    const V4Interval *v4 = &h->v4[index];
    AnyInterval any = {
        .address.bytes = {[10] = 0xff,
                          [11] = 0xff,
                          [12] = (uint8_t)(v4->address >> 24),
                          [13] = (uint8_t)(v4->address >> 16),
                          [14] = (uint8_t)(v4->address >> 8),
                          [15] = (uint8_t)v4->address},
        .relay = v4->relay,
        .from = v4->from,
        .to = v4->to,
    };
    return any;
}

Range map_periods(const History *h, uint32_t relay)
{
    if (relay >= h->relay_count)
        return (Range){0, 0};
    size_t first = h->relays[relay].first_period;
    size_t end = MIN(h->relays[relay + 1].first_period, h->period_count);
    return first <= end ? (Range){first, end} : (Range){0, 0};
}

const Period *map_period_at(const History *h, uint32_t relay, Instant t)
{
    Range range = map_periods(h, relay);
    size_t low = range.first, high = range.end;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (h->periods[middle].from <= t)
            low = middle + 1;
        else
            high = middle;
    }
    return low > range.first ? &h->periods[low - 1] : NULL;
}

const Document *map_document(const History *h, uint32_t index)
{
    return index < h->document_count ? &h->documents[index] : NULL;
}

Range map_proofs_until(const History *h, uint32_t relay, Instant t)
{
    size_t low = 0, high = h->proof_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const Proof *proof = &h->proofs[middle];
        if (proof->relay < relay || (proof->relay == relay && proof->from <= t))
            low = middle + 1;
        else
            high = middle;
    }
    Range range = {low, low};
    while (range.first > 0 && range.end - range.first < PROOFS_BACK &&
           h->proofs[range.first - 1].relay == relay)
        range.first--;
    return range;
}

bool map_has_exit_list(const History *h, Instant t)
{
    size_t low = 0, high = h->document_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const Document *document = &h->documents[middle];
        if (document->type < DOCUMENT_EXIT_LIST ||
            (document->type == DOCUMENT_EXIT_LIST && document->when < t))
            low = middle + 1;
        else
            high = middle;
    }
    const Document *next = map_document(h, (uint32_t)low);
    return next && next->type == DOCUMENT_EXIT_LIST &&
           next->when < t + INSTANT_DAY_S;
}

static void add_relay(const History *h, uint32_t relay, GPtrArray *relays)
{
    if (relay >= h->relay_count)
        return;
    gpointer fingerprint = (gpointer)h->relays[relay].fingerprint;
    if (!g_ptr_array_find(relays, fingerprint, NULL))
        g_ptr_array_add(relays, fingerprint);
}

GPtrArray *history_address_relays(const History *h, const IpAddress *ip)
{
    GPtrArray *relays = g_ptr_array_new();
    Range range = map_intervals(h, ip);
    for (size_t i = range.first; i < range.end; i++)
        add_relay(h, map_interval(h, !ip_is_v4(ip), i).relay, relays);
    range = map_scans(h, ip);
    for (size_t i = range.first; i < range.end; i++)
        add_relay(h, h->scans[i].relay, relays);
    return relays;
}

static int compare_addresses(gconstpointer a, gconstpointer b)
{
    return ip_compare(a, b);
}

static void add_interval_addresses(const History *h, const bool *wanted,
                                   GArray *addresses)
{
    for (int is_v6 = 0; is_v6 < 2; is_v6++) {
        size_t count = is_v6 ? h->v6_count : h->v4_count;
        for (size_t i = 0; i < count; i++) {
            uint32_t relay = is_v6 ? h->v6[i].relay : h->v4[i].relay;
            if (relay >= h->relay_count || !wanted[relay])
                continue;
            AnyInterval any = map_interval(h, is_v6, i);
            g_array_append_val(addresses, any.address);
        }
    }
    for (size_t i = 0; i < h->scan_count; i++)
        if (h->scans[i].relay < h->relay_count && wanted[h->scans[i].relay])
            g_array_append_vals(addresses, h->scans[i].address, 1);
}

GArray *history_member_addresses(const History *h, const Members *members)
{
    g_autofree bool *wanted = g_new0(bool, h->relay_count + 1);
    for (size_t i = 0; i < h->relay_count; i++)
        wanted[i] =
            members_by_fingerprint(members, h->relays[i].fingerprint) != NULL;
    GArray *addresses = g_array_new(FALSE, FALSE, sizeof(IpAddress));
    add_interval_addresses(h, wanted, addresses);
    g_array_sort(addresses, compare_addresses);
    guint kept = 0;
    for (guint i = 0; i < addresses->len; i++) {
        IpAddress *at = &g_array_index(addresses, IpAddress, 0);
        if (kept == 0 || !ip_is_equal(&at[kept - 1], &at[i]))
            at[kept++] = at[i];
    }
    g_array_set_size(addresses, kept);
    return addresses;
}
