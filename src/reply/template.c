/*
 * The set of templates: loading, choosing, expanding.
 */
#include "reply/template.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"
#include "reply/refill.h"
#include "reply/template_file.h"

#include <string.h>

#define FILE_SUFFIX      ".txt"
#define BLOCKS_DIRECTORY "blocks"
#define REVIEW_HOLDS_S   (365 * INSTANT_DAY_S)

/* ---- loading ---------------------------------------------------------- */

static bool load_file(Templates *templates, const char *directory,
                      const char *code, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(directory, code, name, NULL);
    g_autoptr(GBytes) bytes = file_read(path, TEMPLATE_BYTES_MAX, error);
    if (!bytes)
        return false;
    bool is_block = g_str_equal(code, BLOCKS_DIRECTORY);
    Template *template = is_block ? template_read_block(path, name, bytes)
                                  : template_read(path, code, name, bytes);
    template->templates = templates;
    g_hash_table_replace(is_block ? templates->blocks : templates->all,
                         template->id, template);
    return true;
}

static bool load_country(Templates *templates, const char *directory,
                         const char *code, GError **error)
{
    g_autofree char *path = g_build_filename(directory, code, NULL);
    /* notices: mail to members' people, no letters (phrases.h) */
    if (!g_file_test(path, G_FILE_TEST_IS_DIR) || g_str_equal(code, "notices"))
        return true;
    g_autoptr(GPtrArray) names = directory_list(path, FILE_SUFFIX, error);
    for (guint i = 0; names && i < names->len; i++)
        if (!load_file(templates, directory, code, names->pdata[i], error))
            return false;
    return names != NULL;
}

static bool load_directory(Templates *templates, const char *directory,
                           GError **error)
{
    g_autoptr(GPtrArray) codes = directory_list(directory, "", error);
    for (guint i = 0; codes && i < codes->len; i++)
        if (!load_country(templates, directory, codes->pdata[i], error))
            return false;
    return codes != NULL;
}

static int compare_ids(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The header's number, and 8 hex digits over text and blocks. Blocks of
 * blocks are found by a list that grows while it is walked. */
static char *version_new(const Template *template)
{
    g_autoptr(GString) all = g_string_new(template->headers[HEADER_SUBJECT]);
    g_string_append(all, template->text);
    g_autoptr(GPtrArray) used = g_ptr_array_new();
    g_ptr_array_add(used, template->body);
    for (guint i = 0; i < used->len; i++) {
        const Mustache *mustache = used->pdata[i];
        for (guint j = 0; j < mustache->nodes->len; j++) {
            const MustacheNode *node =
                &g_array_index(mustache->nodes, MustacheNode, j);
            if (i > 0 && node->text)
                g_string_append_printf(all, "%d%s", (int)node->kind,
                                       node->text);
            const Mustache *block = node->kind == NODE_BLOCK
                                        ? template_block(template, node->text)
                                        : NULL;
            if (block && !g_ptr_array_find(used, block, NULL))
                g_ptr_array_add(used, (gpointer)block);
        }
    }
    uint8_t digest[SHA256_BYTES];
    digest_sha256(all->str, all->len, digest);
    g_autofree char *hex = hex_new(digest, 4);
    return g_strdup_printf("%s-%s", template->headers[HEADER_VERSION], hex);
}

static void finish(Templates *templates)
{
    GHashTableIter iterator;
    gpointer id, value;
    g_hash_table_iter_init(&iterator, templates->all);
    while (g_hash_table_iter_next(&iterator, &id, &value))
        g_ptr_array_add(templates->ids, id);
    g_ptr_array_sort(templates->ids, compare_ids);
    for (guint i = 0; i < templates->ids->len; i++) {
        Template *template =
            g_hash_table_lookup(templates->all, templates->ids->pdata[i]);
        if (template->findings->len > 0)
            continue;
        template->version = version_new(template);
        g_ptr_array_add(templates->usable, template);
    }
}

Templates *templates_load(const char *const *directories, GError **error)
{
    g_autoptr(Templates) templates = g_new0(Templates, 1);
    templates->references = 1;
    templates->usable = g_ptr_array_new();
    templates->ids = g_ptr_array_new();
    templates->all = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
                                           (GDestroyNotify)template_free);
    templates->blocks = g_hash_table_new_full(g_str_hash, g_str_equal, NULL,
                                              (GDestroyNotify)template_free);
    for (; *directories; directories++)
        if (!load_directory(templates, *directories, error))
            return NULL;
    finish(templates);
    return g_steal_pointer(&templates);
}

Templates *templates_ref(Templates *templates)
{
    g_atomic_int_inc(&templates->references);
    return templates;
}

void templates_know_law(Templates *templates, const Laws *laws)
{
    templates->laws = laws;
}

void templates_unref(Templates *templates)
{
    if (!templates || !g_atomic_int_dec_and_test(&templates->references))
        return;
    g_ptr_array_unref(templates->usable);
    g_ptr_array_unref(templates->ids);
    g_hash_table_unref(templates->all);
    g_hash_table_unref(templates->blocks);
    g_free(templates);
}

/* ---- choosing --------------------------------------------------------- */

const Template *templates_by_id(const Templates *templates, const char *id)
{
    const Template *template = g_hash_table_lookup(templates->all, id);
    return template && template->findings->len == 0 ? template : NULL;
}

const Template *templates_choose(const Templates *templates, const char *chain,
                                 const char *name, const char *const *languages)
{
    g_auto(GStrv) codes = g_strsplit(chain, " ", -1);
    for (; *languages; languages++)
        for (char **code = codes; *code; code++) {
            g_autofree char *id =
                g_strdup_printf("%s/%s.%s", *code, name, *languages);
            const Template *template = templates_by_id(templates, id);
            if (template)
                return template;
        }
    return NULL;
}

guint templates_count(const Templates *templates)
{
    return templates->usable->len;
}

const Template *templates_at(const Templates *templates, guint index)
{
    return templates->usable->pdata[index];
}

const GPtrArray *templates_ids(const Templates *templates)
{
    return templates->ids;
}

const char *template_id(const Template *template)
{
    return template->id;
}

const char *template_version(const Template *template)
{
    return template->version;
}

const char *template_file(const Template *template)
{
    return template->file;
}

const char *template_reviewed(const Template *template)
{
    return template->headers[HEADER_REVIEWED];
}

const char *template_language(const Template *template)
{
    return template->language;
}

bool template_is_never_automatic(const Template *template)
{
    return template->is_never_automatic;
}

bool template_is_reviewed(const Template *template, Instant now)
{
    if (template->is_never_automatic || template->reviewed == INSTANT_NONE ||
        template->reviewed > now)
        return false;
    Instant end = template->review_again != INSTANT_NONE
                      ? template->review_again
                      : template->reviewed + REVIEW_HOLDS_S;
    return now < end;
}

/* ---- expanding -------------------------------------------------------- */

const Mustache *template_block(const void *data, const char *name)
{
    const Template *template = data;
    g_autofree char *id = g_strdup_printf("%s.%s", name, template->language);
    const Template *block =
        g_hash_table_lookup(template->templates->blocks, id);
    return block && block->findings->len == 0 ? block->body : NULL;
}

bool template_expand(const Template *template, const TemplateValues *values,
                     char **subject, char **body, GError **error)
{
    g_autofree char *head = mustache_expand(
        template->subject, values, template_block, template, NULL, error);
    if (!head)
        return false;
    g_autofree char *text = mustache_expand(
        template->body, values, template_block, template, NULL, error);
    if (!text)
        return false;
    *subject = g_steal_pointer(&head);
    *body = refill_new(text);
    return true;
}
