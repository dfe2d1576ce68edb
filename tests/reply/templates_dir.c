#include "templates_dir.h"

#include <glib/gstdio.h>

TemplatesDir *templates_dir_new(void)
{
    TemplatesDir *dir = g_new0(TemplatesDir, 1);
    dir->path = g_dir_make_tmp("templates-XXXXXX", NULL);
    g_assert_nonnull(dir->path);
    return dir;
}

void templates_dir_write(const TemplatesDir *dir, const char *name,
                         const char *text)
{
    g_autofree char *path = g_build_filename(dir->path, name, NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    g_assert_cmpint(g_mkdir_with_parents(folder, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
}

Templates *templates_dir_load(const TemplatesDir *dir, bool with_shipped)
{
    const char *const BOTH[] = {TEMPLATE_DIR, dir->path, NULL};
    g_autoptr(GError) error = NULL;
    Templates *templates =
        templates_load(with_shipped ? BOTH : BOTH + 1, &error);
    g_assert_no_error(error);
    return templates;
}

/* Two levels: folders and their files. */
void templates_dir_free(TemplatesDir *dir)
{
    g_autoptr(GDir) top = g_dir_open(dir->path, 0, NULL);
    for (const char *name; (name = g_dir_read_name(top));) {
        g_autofree char *folder = g_build_filename(dir->path, name, NULL);
        g_autoptr(GDir) inner = g_dir_open(folder, 0, NULL);
        for (const char *file; (file = g_dir_read_name(inner));) {
            g_autofree char *path = g_build_filename(folder, file, NULL);
            g_remove(path);
        }
        g_rmdir(folder);
    }
    g_rmdir(dir->path);
    g_free(dir->path);
    g_free(dir);
}

char *templates_dir_letter(const char *country, const char *name,
                           const char *language, const char *body)
{
    return g_strdup_printf("Template: %s\nCountry: %s\nLanguage: %s\n"
                           "Version: 3\nReviewed: none yet\n"
                           "Subject: Auto: [{{case.id}}]\n\n%s",
                           name, country, language, body);
}
