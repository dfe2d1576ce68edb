#include "relay/history_map.h"

#include <string.h>

const char *map_text(const History *h, uint32_t number)
{
    return number < h->text_count && h->text_starts[number] < h->text_bytes
               ? h->text + h->text_starts[number]
               : NULL;
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

const Hour *map_hour_before(const History *h, size_t end, Instant t,
                            uint32_t bits)
{
    for (; end > 0; end--) {
        const Hour *hour = &h->hours[end - 1];
        if (t - hour->valid_after >= INSTANT_DAY_S)
            return NULL;
        if (hour->bits & bits)
            return hour;
    }
    return NULL;
}

const Hour *map_hour_at(const History *h, Instant t, uint32_t bits)
{
    return map_hour_before(h, map_hour_index(h, t), t, bits);
}

/* ---- addresses --------------------------------------------------------- */

/* The key of an address in the table of its family. */
static const uint8_t *key_of(const IpAddress *ip)
{
    return ip_is_v4(ip) ? ip->bytes + 12 : ip->bytes;
}

static uint32_t v4_number(const uint8_t *address)
{
    uint32_t number;
    memcpy(&number, address, sizeof number);
    return GUINT32_FROM_BE(number);
}

/* First address of the range that is not below the key. Halving moves one end
 * only, by a choice that needs no guess of the processor's. */
static size_t lower_v4(const AddressTable *table, Range range,
                       const uint8_t *key)
{
    uint32_t number = v4_number(key);
    const uint8_t *base = table->addresses + range.first * 4;
    size_t count = range.end - range.first;
    while (count > 1) {
        size_t half = count / 2;
        base += v4_number(base + (half - 1) * 4) < number ? half * 4 : 0;
        count -= half;
    }
    size_t index = (size_t)(base - table->addresses) / 4;
    return index + (count == 1 && v4_number(base) < number);
}

static size_t lower_v6(const AddressTable *table, const uint8_t *key)
{
    size_t low = 0, high = table->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(table->addresses + middle * 16, key, 16) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Where addresses that share the upper half with a v4 key stand. */
static Range bucket_of(const History *h, const uint8_t *key)
{
    size_t half = (size_t)(key[0] << 8 | key[1]);
    size_t high = MIN(h->buckets[half + 1], h->addresses[0].count);
    return (Range){MIN(h->buckets[half], high), high};
}

/* Begin to fetch what is read next, all at once, from where it would stand if
 * the addresses of a bucket were spread evenly. */
static void fetch_ahead(const AddressTable *table, Range range,
                        const uint8_t *key)
{
    size_t low = (size_t)(key[2] << 8 | key[3]);
    size_t guess = range.first + ((range.end - range.first) * low >> 16);
    __builtin_prefetch(table->addresses + guess * 4);
    __builtin_prefetch(table->starts + guess);
    __builtin_prefetch(table->scan_starts + guess);
}

/* Index of the first address that is not below the key. */
static size_t find(const History *h, bool is_v6, const uint8_t *key)
{
    const AddressTable *table = &h->addresses[is_v6];
    if (is_v6)
        return lower_v6(table, key);
    Range range = bucket_of(h, key);
    fetch_ahead(table, range, key);
    return lower_v4(table, range, key);
}

Range map_address_runs(const AddressTable *table, size_t index)
{
    size_t first = table->starts[index];
    size_t end = MIN(table->starts[index + 1], table->run_count);
    return first <= end ? (Range){first, end} : (Range){0, 0};
}

Range map_address_scans(const AddressTable *table, size_t index)
{
    size_t first = table->scan_starts[index];
    size_t end = MIN(table->scan_starts[index + 1], table->scan_count);
    return first <= end ? (Range){first, end} : (Range){0, 0};
}

bool map_find(const History *h, const IpAddress *ip, size_t *index)
{
    bool is_v6 = !ip_is_v4(ip);
    const AddressTable *table = &h->addresses[is_v6];
    *index = find(h, is_v6, key_of(ip));
    return *index < table->count &&
           memcmp(table->addresses + *index * table->width, key_of(ip),
                  table->width) == 0;
}

Range map_neighbours(const History *h, const IpAddress *ip)
{
    bool is_v6 = !ip_is_v4(ip);
    const AddressTable *table = &h->addresses[is_v6];
    size_t same = is_v6 ? 6 : 3; /* bytes: /48 or /24 */
    uint8_t base[16] = {0};
    memcpy(base, key_of(ip), same);
    size_t first = find(h, is_v6, base), end = first;
    while (end < table->count &&
           memcmp(table->addresses + end * table->width, base, same) == 0)
        end++;
    return (Range){first, end};
}

IpAddress map_address(const History *h, bool is_v6, size_t index)
{
    const uint8_t *address = h->addresses[is_v6].addresses + index * 4;
    IpAddress ip = {.bytes = {[10] = 0xff, [11] = 0xff}};
    if (is_v6)
        memcpy(ip.bytes, h->addresses[1].addresses + index * 16, 16);
    else
        memcpy(ip.bytes + 12, address, 4);
    return ip;
}

AnyInterval map_interval(const History *h, bool is_v6, size_t index)
{
    HourRun run = unpacked_run(h->addresses[is_v6].runs[index]);
    if (run.from >= h->hour_count || run.to >= h->hour_count)
        return (AnyInterval){.relay = NO_INDEX};
    return (AnyInterval){
        .relay = run.value,
        .from = h->hours[run.from].valid_after,
        .to = h->hours[run.to].valid_after,
    };
}

/* ---- periods ----------------------------------------------------------- */

Range map_periods(const History *h, uint32_t relay)
{
    if (relay >= h->relay_count)
        return (Range){0, 0};
    size_t first = h->relays[relay].first_period;
    size_t end = MIN(h->relays[relay + 1].first_period, h->period_count);
    return first <= end ? (Range){first, end} : (Range){0, 0};
}

bool map_period(const History *h, size_t index, Period *out)
{
    HourRun run = unpacked_run(h->periods[index]);
    if (run.from >= h->hour_count || run.to >= h->hour_count ||
        run.value >= h->manner_count)
        return false;
    *out = (Period){
        .from = h->hours[run.from].valid_after,
        .to = h->hours[run.to].valid_after,
        .policy = h->manners[run.value].policy,
        .status = h->manners[run.value].status,
    };
    return true;
}

bool map_period_before(const History *h, uint32_t relay, size_t end,
                       Period *out)
{
    Range range = map_periods(h, relay);
    size_t low = range.first, high = range.end;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (unpacked_run(h->periods[middle]).from < end)
            low = middle + 1;
        else
            high = middle;
    }
    return low > range.first && map_period(h, low - 1, out);
}

bool map_has_exit_list(const History *h, Instant t)
{
    size_t low = 0, high = h->list_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (h->lists[middle] < t)
            low = middle + 1;
        else
            high = middle;
    }
    return low < h->list_count && h->lists[low] < t + INSTANT_DAY_S;
}

/* ---- whole addresses --------------------------------------------------- */

static void add_relay(const History *h, uint32_t relay, GPtrArray *relays)
{
    if (relay >= h->relay_count)
        return;
    gpointer fingerprint = (gpointer)h->relays[relay].fingerprint;
    if (!g_ptr_array_find(relays, fingerprint, NULL))
        g_ptr_array_add(relays, fingerprint);
}

GPtrArray *map_address_relays(const History *h, const IpAddress *ip,
                              bool signed_only)
{
    GPtrArray *relays = g_ptr_array_new();
    const AddressTable *table = &h->addresses[!ip_is_v4(ip)];
    size_t index;
    if (!map_find(h, ip, &index))
        return relays;
    Range range = map_address_runs(table, index);
    for (size_t i = range.first; i < range.end; i++)
        add_relay(h, unpacked_run(table->runs[i]).value, relays);
    range = map_address_scans(table, index);
    for (size_t i = range.first; i < range.end && !signed_only; i++)
        add_relay(h, table->scans[i].relay, relays);
    return relays;
}

GPtrArray *history_address_relays(const History *h, const IpAddress *ip)
{
    return map_address_relays(h, ip, false);
}

static int compare_addresses(gconstpointer a, gconstpointer b)
{
    return ip_compare(a, b);
}

static bool is_wanted(const History *h, const AddressTable *table, size_t index,
                      const bool *wanted)
{
    Range range = map_address_runs(table, index);
    for (size_t i = range.first; i < range.end; i++) {
        uint32_t relay = unpacked_run(table->runs[i]).value;
        if (relay < h->relay_count && wanted[relay])
            return true;
    }
    range = map_address_scans(table, index);
    for (size_t i = range.first; i < range.end; i++) {
        uint32_t relay = table->scans[i].relay;
        if (relay < h->relay_count && wanted[relay])
            return true;
    }
    return false;
}

static void add_addresses(const History *h, const bool *wanted,
                          GArray *addresses)
{
    for (int is_v6 = 0; is_v6 < 2; is_v6++)
        for (size_t i = 0; i < h->addresses[is_v6].count; i++) {
            if (!is_wanted(h, &h->addresses[is_v6], i, wanted))
                continue;
            IpAddress ip = map_address(h, is_v6, i);
            g_array_append_val(addresses, ip);
        }
}

GArray *history_member_addresses(const History *h, const Members *members)
{
    g_autofree bool *wanted = g_new0(bool, h->relay_count + 1);
    for (size_t i = 0; i < h->relay_count; i++)
        wanted[i] =
            members_by_fingerprint(members, h->relays[i].fingerprint) != NULL;
    GArray *addresses = g_array_new(FALSE, FALSE, sizeof(IpAddress));
    add_addresses(h, wanted, addresses);
    g_array_sort(addresses, compare_addresses);
    return addresses;
}
