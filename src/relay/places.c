#include "relay/places.h"

#include "base/files.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLACES_NAME      "places" /* one absolute path a line */
#define PLACES_MAX       1000
#define PLACES_BYTES_MAX (4u << 20)

static char **read_all(const char *directory)
{
    g_autofree char *path = g_build_filename(directory, PLACES_NAME, NULL);
    g_autoptr(GBytes) bytes = file_read(path, PLACES_BYTES_MAX, NULL);
    gsize length = 0;
    const char *data = bytes ? g_bytes_get_data(bytes, &length) : "";
    g_autofree char *text = g_strndup(data, length);
    return g_strsplit(g_strchomp(text), "\n", 0);
}

bool places_add(const char *directory, const char *const *paths, GError **error)
{
    g_auto(GStrv) known = read_all(directory);
    g_autoptr(GString) text = g_string_new(NULL);
    guint count = g_strv_length(known), before = count;
    for (guint i = 0; i < count; i++)
        g_string_append_printf(text, "%s\n", known[i]);
    for (; *paths && count < PLACES_MAX; paths++) {
        g_autofree char *real = realpath(*paths, NULL);
        if (!real || strchr(real, '\n') ||
            g_strv_contains((const char *const *)known, real))
            continue;
        g_string_append_printf(text, "%s\n", real);
        count++;
    }
    if (count == before)
        return true;
    g_autofree char *path = g_build_filename(directory, PLACES_NAME, NULL);
    return file_replace(path, text->str, text->len, 0644, error);
}

char **places_read(const char *directory)
{
    g_auto(GStrv) known = read_all(directory);
    g_autoptr(GStrvBuilder) there = g_strv_builder_new();
    for (char **path = known; *path; path++)
        if (**path == '/' && access(*path, R_OK) == 0)
            g_strv_builder_add(there, *path);
    return g_strv_builder_end(there);
}
