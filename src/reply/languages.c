#include "reply/languages.h"

#include "reply/template_file.h"

#include <string.h>

#define ENGLISH "en"

typedef bool (*Visit)(void *data, const Template *one, bool is_block);

static void visit_table(GHashTable *table, bool is_block, Visit visit,
                        void *data)
{
    GHashTableIter iterator;
    gpointer value;
    g_hash_table_iter_init(&iterator, table);
    while (g_hash_table_iter_next(&iterator, NULL, &value)) {
        const Template *one = value;
        if (one->language && *one->language)
            visit(data, one, is_block);
    }
}

static void visit_all(const Templates *templates, Visit visit, void *data)
{
    visit_table(templates->all, false, visit, data);
    visit_table(templates->blocks, true, visit, data);
}

/* Literal text only: "{{> x}}" and "{{! note }}" are no words to translate. */
static guint count_words(const Template *one)
{
    guint count = 0;
    for (guint i = 0; one->body && i < one->body->nodes->len; i++) {
        const MustacheNode *node =
            &g_array_index(one->body->nodes, MustacheNode, i);
        if (node->kind != NODE_TEXT)
            continue;
        g_auto(GStrv) words = g_strsplit_set(node->text, " \t\n", -1);
        for (char **word = words; *word; word++)
            count += **word != 0;
    }
    return count;
}

/* "XX/ddos" or "blocks/step.ddos": the id without its language. */
static char *name_of(const Template *one, bool is_block)
{
    size_t length = strlen(one->id) - strlen(one->language) - 1;
    return g_strdup_printf("%s%.*s", is_block ? "blocks/" : "", (int)length,
                           one->id);
}

/* ---- what is missing --------------------------------------------------- */

typedef struct {
    const char *language;
    GHashTable *names; /* set of char * */
} NameSet;

static bool collect_name(void *data, const Template *one, bool is_block)
{
    const NameSet *set = data;
    if (!g_str_equal(one->language, set->language))
        return false;
    return g_hash_table_add(set->names, name_of(one, is_block));
}

static GHashTable *names_in(const Templates *templates, const char *language)
{
    NameSet set = {
        language, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    visit_all(templates, collect_name, &set);
    return set.names;
}

static int compare_texts(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

GPtrArray *templates_missing(const Templates *templates, const char *language)
{
    g_autoptr(GHashTable) english = names_in(templates, ENGLISH);
    g_autoptr(GHashTable) own = names_in(templates, language);
    GPtrArray *missing = g_ptr_array_new_with_free_func(g_free);
    GHashTableIter iterator;
    gpointer name;
    g_hash_table_iter_init(&iterator, english);
    while (g_hash_table_iter_next(&iterator, &name, NULL))
        if (!g_hash_table_contains(own, name))
            g_ptr_array_add(missing, g_strdup(name));
    g_ptr_array_sort(missing, compare_texts);
    return missing;
}

/* ---- languages --------------------------------------------------------- */

static void language_free(void *data)
{
    TemplateLanguage *language = data;
    g_free(language->language);
    g_free(language);
}

static TemplateLanguage *language_in(GPtrArray *list, const char *code)
{
    for (guint i = 0; i < list->len; i++) {
        TemplateLanguage *language = list->pdata[i];
        if (g_str_equal(language->language, code))
            return language;
    }
    TemplateLanguage *language = g_new0(TemplateLanguage, 1);
    language->language = g_strdup(code);
    g_ptr_array_add(list, language);
    return language;
}

static bool count_one(void *data, const Template *one, bool is_block)
{
    TemplateLanguage *language = language_in(data, one->language);
    if (is_block)
        language->blocks++;
    else
        language->letters++;
    language->words += count_words(one);
    return true;
}

static int compare_languages(gconstpointer a, gconstpointer b)
{
    const TemplateLanguage *one = *(TemplateLanguage *const *)a;
    const TemplateLanguage *two = *(TemplateLanguage *const *)b;
    bool one_is_english = g_str_equal(one->language, ENGLISH);
    bool two_is_english = g_str_equal(two->language, ENGLISH);
    if (one_is_english != two_is_english)
        return one_is_english ? -1 : 1;
    return strcmp(one->language, two->language);
}

GPtrArray *templates_languages(const Templates *templates)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(language_free);
    visit_all(templates, count_one, list);
    g_ptr_array_sort(list, compare_languages);
    for (guint i = 0; i < list->len; i++) {
        TemplateLanguage *language = list->pdata[i];
        g_autoptr(GPtrArray) missing =
            templates_missing(templates, language->language);
        language->missing = missing->len;
    }
    return list;
}
