#include "relay/intern.h"

#include "relay/pages.h"

#include "base/digest.h"

#include <string.h>

#define EMPTY UINT32_MAX

struct Intern {
    size_t width;
    uint64_t seed;
    GByteArray *bytes;
    GArray *starts;       /* of uint32_t, for texts: where each begins */
    GArray *hashes;       /* of uint32_t, by number; fewer than the items
                             until somebody looks for one */
    uint32_t *places;     /* open addressing: number or EMPTY */
    uint32_t place_count; /* a power of two, at least twice the items */
    uint32_t count;
};

Intern *intern_new(size_t width)
{
    Intern *intern = g_new0(Intern, 1);
    intern->width = width;
    random_fill(&intern->seed, sizeof intern->seed);
    intern->bytes = g_byte_array_new();
    intern->starts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    intern->hashes = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    intern->place_count = 1024;
    intern->places = g_new(uint32_t, intern->place_count);
    memset(intern->places, 0xff, intern->place_count * sizeof(uint32_t));
    return intern;
}

void intern_free(Intern *intern)
{
    if (!intern)
        return;
    g_byte_array_unref(intern->bytes);
    g_array_unref(intern->starts);
    g_array_unref(intern->hashes);
    g_free(intern->places);
    g_free(intern);
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    __uint128_t product =
        (__uint128_t)(hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint32_t hash_of(const Intern *intern, const uint8_t *item,
                        size_t length)
{
    uint64_t hash = mix(intern->seed, length + 1), word;
    for (; length >= sizeof word; item += sizeof word, length -= sizeof word) {
        memcpy(&word, item, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    memcpy(&word, item, length);
    hash = mix(hash, word ^ intern->seed);
    return (uint32_t)(hash ^ hash >> 32);
}

uint32_t intern_count(const Intern *intern)
{
    return intern->count;
}

const void *intern_at(const Intern *intern, uint32_t number)
{
    g_assert(number < intern->count);
    size_t start = intern->width
                       ? number * intern->width
                       : g_array_index(intern->starts, uint32_t, number);
    return intern->bytes->data + start;
}

size_t intern_length(const Intern *intern, uint32_t number)
{
    if (intern->width)
        return intern->width;
    uint32_t end = number + 1 < intern->starts->len
                       ? g_array_index(intern->starts, uint32_t, number + 1)
                       : intern->bytes->len;
    return end - g_array_index(intern->starts, uint32_t, number) - 1;
}

const void *intern_bytes(const Intern *intern, size_t *length)
{
    *length = intern->bytes->len;
    return intern->bytes->data;
}

/* The place where the item is, or where it belongs. */
static uint32_t place_of(const Intern *intern, const void *item, size_t length,
                         uint32_t hash)
{
    uint32_t mask = intern->place_count - 1, place = hash & mask;
    for (;; place = (place + 1) & mask) {
        uint32_t number = intern->places[place];
        if (number == EMPTY)
            return place;
        if (g_array_index(intern->hashes, uint32_t, number) == hash &&
            intern_length(intern, number) == length &&
            memcmp(intern_at(intern, number), item, length) == 0)
            return place;
    }
}

static void grow_to(Intern *intern, uint32_t place_count)
{
    uint32_t mask = place_count - 1;
    g_free(intern->places);
    intern->place_count = place_count;
    intern->places = g_new(uint32_t, intern->place_count);
    memset(intern->places, 0xff, intern->place_count * sizeof(uint32_t));
    for (uint32_t i = 0; i < intern->hashes->len; i++) {
        uint32_t place = g_array_index(intern->hashes, uint32_t, i) & mask;
        while (intern->places[place] != EMPTY)
            place = (place + 1) & mask;
        intern->places[place] = i;
    }
}

/* Many are filled and never searched: hash their items when the first is. */
void intern_index(Intern *intern)
{
    uint32_t place_count = intern->place_count;
    if (intern->hashes->len == intern->count)
        return;
    for (uint32_t i = intern->hashes->len; i < intern->count; i++) {
        uint32_t hash =
            hash_of(intern, intern_at(intern, i), intern_length(intern, i));
        g_array_append_val(intern->hashes, hash);
    }
    while (place_count / 2 < intern->count)
        place_count *= 2;
    grow_to(intern, place_count);
}

/* Make an empty intern's bytes so long; the caller fills them. */
static uint8_t *intern_new_room(Intern *intern, size_t length)
{
    g_assert(intern->count == 0);
    g_byte_array_set_size(intern->bytes, (guint)length);
    pages_enlarge(intern->bytes->data, length);
    return intern->bytes->data;
}

/* The bytes were filled: find the items in them. */
static void count_items(Intern *intern)
{
    const char *begin = (const char *)intern->bytes->data;
    size_t length = intern->bytes->len;
    if (intern->width) {
        intern->count = (uint32_t)(length / intern->width);
        return;
    }
    for (size_t at = 0; at < length; intern->count++) {
        uint32_t start = (uint32_t)at;
        g_array_append_val(intern->starts, start);
        at += strnlen(begin + at, length - at) + 1;
    }
}

void intern_fill(Intern *intern, const void *bytes, size_t length)
{
    uint8_t *room = intern_new_room(intern, length);
    if (length > 0)
        memcpy(room, bytes, length);
    count_items(intern);
}

void intern_fill_column(Intern *intern, const void *first, size_t stride,
                        size_t count)
{
    g_assert(intern->width > 0);
    uint8_t *room = intern_new_room(intern, count * intern->width);
    const uint8_t *item = first;
    for (size_t i = 0; i < count; i++, item += stride, room += intern->width)
        memcpy(room, item, intern->width);
    count_items(intern);
}

uint32_t intern_find(const Intern *intern, const void *item, size_t length)
{
    length = intern->width ? intern->width : length;
    intern_index((Intern *)intern);
    uint32_t hash = hash_of(intern, item, length);
    return intern->places[place_of(intern, item, length, hash)];
}

uint32_t intern_put(Intern *intern, const void *item, size_t length)
{
    length = intern->width ? intern->width : length;
    intern_index(intern);
    uint32_t hash = hash_of(intern, item, length);
    uint32_t place = place_of(intern, item, length, hash);
    if (intern->places[place] != EMPTY)
        return intern->places[place];
    uint32_t number = intern->count++;
    uint32_t start = intern->bytes->len;
    g_byte_array_append(intern->bytes, item, (guint)length);
    if (!intern->width) {
        g_byte_array_append(intern->bytes, (const uint8_t *)"", 1);
        g_array_append_val(intern->starts, start);
    }
    g_array_append_val(intern->hashes, hash);
    intern->places[place] = number;
    if (intern->hashes->len > intern->place_count / 2)
        grow_to(intern, intern->place_count * 2);
    return number;
}

uint32_t intern_put_near(Intern *intern, const void *item, size_t length,
                         uint32_t guess)
{
    length = intern->width ? intern->width : length;
    bool is_it = guess < intern->count &&
                 intern_length(intern, guess) == length &&
                 memcmp(intern_at(intern, guess), item, length) == 0;
    return is_it ? guess : intern_put(intern, item, length);
}

static int compare_items(gconstpointer a, gconstpointer b, gpointer data)
{
    const Intern *intern = data;
    uint32_t na = *(const uint32_t *)a, nb = *(const uint32_t *)b;
    size_t la = intern_length(intern, na), lb = intern_length(intern, nb);
    int order =
        memcmp(intern_at(intern, na), intern_at(intern, nb), MIN(la, lb));
    return order ? order : (la > lb) - (la < lb);
}

/* Numbers in byte order. What was sorted once mostly begins sorted, with a few
 * new items behind: sort these alone and merge. */
static void sort_numbers(Intern *intern, GArray *order)
{
    uint32_t *all = (uint32_t *)order->data;
    guint sorted = order->len > 0;
    while (sorted < order->len &&
           compare_items(&all[sorted - 1], &all[sorted], intern) < 0)
        sorted++;
    if (sorted == order->len)
        return;
    guint fresh = order->len - sorted;
    g_qsort_with_data(all + sorted, (int)fresh, sizeof *all, compare_items,
                      intern);
    g_autofree uint32_t *old = g_memdup2(all, sorted * sizeof *all);
    g_autofree uint32_t *added = g_memdup2(all + sorted, fresh * sizeof *all);
    for (guint i = 0, a = 0, b = 0; i < order->len; i++)
        all[i] = b == fresh || (a < sorted &&
                                compare_items(&old[a], &added[b], intern) < 0)
                     ? old[a++]
                     : added[b++];
}

/* Where an item begins, or after the last one the bytes' end. */
static size_t start_of(const Intern *intern, uint32_t number)
{
    if (intern->width)
        return number * intern->width;
    return number < intern->count
               ? g_array_index(intern->starts, uint32_t, number)
               : intern->bytes->len;
}

/* Copy items in that order, as many at once as stand behind each other. */
static void copy_items(const Intern *from, const uint32_t *order, guint count,
                       Intern *into)
{
    size_t length = 0;
    for (guint i = 0; i < count; i++)
        length += start_of(from, order[i] + 1) - start_of(from, order[i]);
    uint8_t *room = intern_new_room(into, length);
    for (guint i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && order[end] == order[end - 1] + 1;)
            end++;
        size_t start = start_of(from, order[i]);
        size_t stretch = start_of(from, order[end - 1] + 1) - start;
        memcpy(room, from->bytes->data + start, stretch);
        room += stretch;
    }
}

uint32_t *intern_sort(Intern **intern, const bool *used)
{
    Intern *old = *intern;
    g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t count = intern_count(old);
    for (uint32_t i = 0; i < count; i++)
        if (!used || used[i])
            g_array_append_val(order, i);
    sort_numbers(old, order);
    uint32_t *moved = g_new(uint32_t, count + 1);
    memset(moved, 0xff, (count + 1) * sizeof *moved);
    for (guint i = 0; i < order->len; i++)
        moved[g_array_index(order, uint32_t, i)] = i;
    Intern *sorted = intern_new(old->width);
    copy_items(old, (const uint32_t *)order->data, order->len, sorted);
    count_items(sorted);
    intern_free(old);
    *intern = sorted;
    return moved;
}
