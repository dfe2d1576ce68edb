#include "reply/phrases.h"

#include "base/errors.h"
#include "base/files.h"

#include <stdbool.h>
#include <string.h>

#define FOLDER "notices"

struct Phrases {
    GHashTable *texts; /* key -> text */
};

void phrases_free(Phrases *phrases)
{
    if (!phrases)
        return;
    g_hash_table_unref(phrases->texts);
    g_free(phrases);
}

static bool is_key(const char *line)
{
    size_t length = strlen(line);
    return length > 2 && line[0] == '[' && line[length - 1] == ']' &&
           strspn(line + 1, "abcdefghijklmnopqrstuvwxyz_-./0123456789") ==
               length - 2;
}

static void keep(Phrases *phrases, char *key, GString *text)
{
    if (!key)
        return;
    while (text->len > 0 && text->str[text->len - 1] == '\n')
        g_string_truncate(text, text->len - 1);
    g_hash_table_replace(phrases->texts, key, g_strdup(text->str));
    g_string_truncate(text, 0);
}

static bool read_text(Phrases *phrases, const char *file, const char *whole,
                      GError **error)
{
    g_auto(GStrv) lines = g_strsplit(whole, "\n", -1);
    g_autoptr(GString) text = g_string_new(NULL);
    char *key = NULL;
    for (guint i = 0; lines[i]; i++) {
        char *line = g_strchomp(lines[i]);
        if (is_key(line)) {
            keep(phrases, key, text);
            key = g_strndup(line + 1, strlen(line) - 2);
        } else if (key) {
            g_string_append_printf(text, "%s\n", line);
        } else if (*line && *line != '#') {
            g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                        "%s:%u: text before the first [key]", file, i + 1);
            return false;
        }
    }
    keep(phrases, key, text);
    return true;
}

/* A file that is not there is nothing wrong. */
static bool read_file(Phrases *phrases, const char *directory,
                      const char *language, GError **error)
{
    g_autofree char *name = g_strdup_printf("notice.%s.txt", language);
    g_autofree char *file = g_build_filename(directory, FOLDER, name, NULL);
    if (!g_file_test(file, G_FILE_TEST_IS_REGULAR))
        return true;
    g_autoptr(GBytes) bytes = file_read(file, PHRASES_BYTES_MAX, error);
    if (!bytes)
        return false;
    g_autofree char *whole =
        g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    if (g_utf8_validate(whole, -1, NULL))
        return read_text(phrases, file, whole, error);
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID, "%s: is not UTF-8",
                file);
    return false;
}

Phrases *phrases_load(const char *const *directories, const char *language,
                      GError **error)
{
    g_autoptr(Phrases) phrases = g_new0(Phrases, 1);
    phrases->texts =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) main = g_strsplit(language ? language : "en", "-", 2);
    const char *const order[] = {"en", main[0] ? main[0] : "en",
                                 language ? language : "en"};
    for (guint l = 0; l < G_N_ELEMENTS(order); l++)
        for (guint i = 0; directories[i]; i++)
            if (!read_file(phrases, directories[i], order[l], error))
                return NULL;
    if (g_hash_table_size(phrases->texts) > 0)
        return g_steal_pointer(&phrases);
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_MISSING,
                        "no templates/" FOLDER "/notice.en.txt");
    return NULL;
}

const char *phrases_get(const Phrases *phrases, const char *key)
{
    return g_hash_table_lookup(phrases->texts, key);
}

static const char *value_of(const GPtrArray *pairs, const char *name,
                            size_t length)
{
    for (guint i = 0; i + 1 < pairs->len; i += 2) {
        const char *known = pairs->pdata[i];
        if (strlen(known) == length && strncmp(known, name, length) == 0)
            return pairs->pdata[i + 1];
    }
    return NULL;
}

static char *fill(const char *text, const GPtrArray *pairs)
{
    GString *out = g_string_new(NULL);
    while (*text) {
        size_t plain = strcspn(text, "{");
        g_string_append_len(out, text, (gssize)plain);
        text += plain;
        if (!*text)
            break;
        size_t length = strcspn(text + 1, "}\n");
        const char *value = value_of(pairs, text + 1, length);
        if (value && text[1 + length] == '}') {
            g_string_append(out, value);
            text += length + 2;
        } else {
            g_string_append_c(out, *text++);
        }
    }
    return g_string_free(out, FALSE);
}

char *phrases_fill(const Phrases *phrases, const char *key, ...)
{
    const char *text = phrases_get(phrases, key);
    g_autoptr(GPtrArray) pairs = g_ptr_array_new();
    va_list list;
    va_start(list, key);
    for (const char *name; (name = va_arg(list, const char *));) {
        const char *value = va_arg(list, const char *);
        g_ptr_array_add(pairs, (gpointer)name);
        g_ptr_array_add(pairs, (gpointer)(value ? value : "-"));
    }
    va_end(list);
    return fill(text ? text : key, pairs);
}

static int compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *phrases_keys(const Phrases *phrases)
{
    GPtrArray *keys = g_ptr_array_new();
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, phrases->texts);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        g_ptr_array_add(keys, key);
    g_ptr_array_sort(keys, compare_texts);
    return keys;
}
