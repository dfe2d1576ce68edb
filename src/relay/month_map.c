#include "relay/month_map.h"

#include "base/errors.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

char *month_new_name(uint32_t month)
{
    return month == MONTH_NONE
               ? g_strdup("undated")
               : g_strdup_printf("%04u-%02u", month / 12, month % 12 + 1);
}

bool month_parse_name(const char *name, uint32_t *out)
{
    unsigned year, month;
    *out = MONTH_NONE;
    if (g_str_equal(name, "undated"))
        return true;
    if (strlen(name) != 7 || sscanf(name, "%4u-%2u", &year, &month) != 2 ||
        year < 1970 || month < 1 || month > 12)
        return false;
    *out = year * 12 + month - 1;
    return true;
}

static bool map_file(MonthMap *map, GError **error)
{
    int fd = open(map->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        int code = errno;
        g_set_error(error, DESK_ERROR,
                    code == ENOENT ? DESK_ERROR_MISSING : DESK_ERROR_DENIED,
                    "cannot read %s: %s", map->path, g_strerror(code));
        return false;
    }
    g_autoptr(GError) cause = NULL;
    g_autoptr(GMappedFile) file = g_mapped_file_new_from_fd(fd, FALSE, &cause);
    close(fd);
    if (!file || g_mapped_file_get_length(file) == 0) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID, "cannot map %s: %s",
                    map->path, cause ? cause->message : "it is empty");
        return false;
    }
    map->bytes = g_mapped_file_get_bytes(file);
    return true;
}

MonthMap *month_map_open(const char *directory, uint32_t month, GError **error)
{
    g_autoptr(MonthMap) map = g_new0(MonthMap, 1);
    g_autofree char *name = month_new_name(month);
    map->month = month;
    map->path = g_build_filename(directory, MONTHS_NAME, name, NULL);
    if (!map_file(map, error))
        return NULL;
    size_t length;
    const void *data = g_bytes_get_data(map->bytes, &length);
    return state_open(data, length, map->path, map->sections, error)
               ? g_steal_pointer(&map)
               : NULL;
}

void month_map_free(MonthMap *map)
{
    if (!map)
        return;
    g_clear_pointer(&map->bytes, g_bytes_unref);
    g_free(map->path);
    g_free(map);
}

static uint64_t leading(const uint8_t *hash)
{
    uint64_t value;
    memcpy(&value, hash, sizeof value);
    return GUINT64_FROM_BE(value);
}

/* Hashes are evenly spread, so a guess lands near: look outwards from there in
 * growing steps, then halve. */
uint32_t month_map_find(const MonthMap *map, StateSection table,
                        const void *hash)
{
    const Section *s = &map->sections[table];
    size_t width = STATE_LAYOUT.item_bytes[table], count = s->count;
    const uint8_t *items = s->items;
    if (count == 0)
        return NO_INDEX;
    size_t guess = (size_t)((__uint128_t)leading(hash) * count >> 64);
    size_t low = guess, high = guess;
    for (size_t step = 2;
         low > 0 && memcmp(items + low * width, hash, width) > 0; step *= 2)
        low = low > step ? low - step : 0;
    for (size_t step = 2;
         high < count && memcmp(items + high * width, hash, width) < 0;
         step *= 2)
        high = MIN(high + step, count);
    high = MIN(high + 1, count);
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(items + middle * width, hash, width) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && memcmp(items + low * width, hash, width) == 0
               ? (uint32_t)low
               : NO_INDEX;
}

const char *month_map_text(const MonthMap *map, uint32_t number)
{
    const Section *starts = &map->sections[STATE_TEXT_STARTS];
    const Section *text = &map->sections[STATE_TEXT];
    if (number >= starts->count)
        return NULL;
    uint32_t start = ((const uint32_t *)starts->items)[number];
    const char *bytes = text->items;
    return start < text->count && bytes[text->count - 1] == 0 ? bytes + start
                                                              : NULL;
}

const Document *month_map_document(const MonthMap *map, uint32_t number)
{
    const Section *s = &map->sections[STATE_DOCUMENTS];
    return number < s->count ? &((const Document *)s->items)[number] : NULL;
}

const DescriptorFacts *month_map_descriptor(const MonthMap *map, bool is_micro,
                                            uint32_t digest)
{
    const Section *s =
        &map->sections[is_micro ? STATE_MICRO_FACTS : STATE_ROUTER_FACTS];
    return digest < s->count ? &((const DescriptorFacts *)s->items)[digest]
                             : NULL;
}
