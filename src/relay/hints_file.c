#include "relay/hints_file.h"

#include "relay/sections.h"

#include "base/errors.h"
#include "base/files.h"

#include <string.h>

#define FILE_BYTES_MAX (512u << 20)

enum { HINTS_RELAYS, HINTS_ADDRESSES, HINTS_TEXT, HINTS_SECTIONS };

static const SectionLayout LAYOUT = {
    .magic = "EXDhint\n",
    .version = 1,
    .count = HINTS_SECTIONS,
    .item_bytes = {[HINTS_RELAYS] = sizeof(HintRelay),
                   [HINTS_ADDRESSES] = sizeof(HintAddress),
                   [HINTS_TEXT] = 1},
};

static Hints *hints_new(void)
{
    Hints *hints = g_new0(Hints, 1);
    hints->relays = g_array_new(FALSE, FALSE, sizeof(HintRelay));
    hints->fingerprints = intern_new(20);
    hints->addresses = g_array_new(FALSE, FALSE, sizeof(HintAddress));
    hints->keys = intern_new(24);
    hints->texts = intern_new(0);
    return hints;
}

void hints_free(Hints *hints)
{
    if (!hints)
        return;
    g_array_unref(hints->relays);
    intern_free(hints->fingerprints);
    g_array_unref(hints->addresses);
    intern_free(hints->keys);
    intern_free(hints->texts);
    g_free(hints);
}

static bool fill_relays(Hints *hints, const Section *s)
{
    const HintRelay *rows = s[HINTS_RELAYS].items;
    const char *text = s[HINTS_TEXT].items;
    size_t length = s[HINTS_TEXT].count;
    if (length > 0 && text[length - 1] != 0)
        return false;
    for (size_t i = 0; i < s[HINTS_RELAYS].count; i++) {
        HintRelay row = rows[i];
        uint32_t *places[] = {&row.nickname, &row.contact, &row.as,
                              &row.country};
        for (size_t k = 0; k < G_N_ELEMENTS(places); k++) {
            if (*places[k] >= length)
                return false;
            const char *at = text + *places[k];
            *places[k] = intern_put(hints->texts, at, strlen(at));
        }
        if (intern_put(hints->fingerprints, row.fingerprint, 0) != i)
            return false;
        g_array_append_val(hints->relays, row);
    }
    return true;
}

static bool fill_addresses(Hints *hints, const Section *s)
{
    const HintAddress *rows = s[HINTS_ADDRESSES].items;
    for (size_t i = 0; i < s[HINTS_ADDRESSES].count; i++) {
        uint8_t key[24];
        memcpy(key, rows[i].address, 16);
        memcpy(key + 16, &rows[i].relay, 4);
        memcpy(key + 20, &rows[i].kind, 4);
        if (intern_put(hints->keys, key, 0) != i)
            return false;
        g_array_append_vals(hints->addresses, &rows[i], 1);
    }
    return true;
}

Hints *hints_load(const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, HINTS_NAME, NULL);
    g_autoptr(Hints) hints = hints_new();
    g_autoptr(GError) cause = NULL;
    g_autoptr(GBytes) bytes = file_read(path, FILE_BYTES_MAX, &cause);
    if (!bytes && g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING))
        return g_steal_pointer(&hints);
    if (!bytes) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    Section sections[HINTS_SECTIONS];
    gsize length;
    const void *data = g_bytes_get_data(bytes, &length);
    if (!sections_open(&LAYOUT, data, length, path, sections, error) ||
        !sections_verify(data, length, path, error))
        return NULL;
    if (fill_relays(hints, sections) && fill_addresses(hints, sections))
        return g_steal_pointer(&hints);
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "%s is damaged (numbers do not fit): remove it and import "
                "again",
                path);
    return NULL;
}

bool hints_save(Hints *hints, const char *directory, GError **error)
{
    if (!hints->is_changed)
        return true;
    uint32_t count = intern_count(hints->texts), at = 0;
    g_autofree uint32_t *places = g_new(uint32_t, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        places[i] = at;
        at += (uint32_t)intern_length(hints->texts, i) + 1;
    }
    g_autoptr(GArray) relays = g_array_new(FALSE, FALSE, sizeof(HintRelay));
    for (guint i = 0; i < hints->relays->len; i++) {
        HintRelay row = g_array_index(hints->relays, HintRelay, i);
        row.nickname = places[row.nickname];
        row.contact = places[row.contact];
        row.as = places[row.as];
        row.country = places[row.country];
        g_array_append_val(relays, row);
    }
    size_t text_bytes;
    const void *text = intern_bytes(hints->texts, &text_bytes);
    Section sections[HINTS_SECTIONS] = {
        [HINTS_RELAYS] = {relays->data, relays->len},
        [HINTS_ADDRESSES] = {hints->addresses->data, hints->addresses->len},
        [HINTS_TEXT] = {text, text_bytes},
    };
    g_autoptr(GBytes) bytes = sections_pack(&LAYOUT, sections);
    g_autofree char *path = g_build_filename(directory, HINTS_NAME, NULL);
    return file_replace(path, g_bytes_get_data(bytes, NULL),
                        g_bytes_get_size(bytes), 0644, error);
}
