#include "base/schema.h"

#include "base/log.h"
#include "base/schema_types.h"
#include "base/suggest.h"

#include <string.h>

struct SchemaValues {
    const SchemaRow *rows;
    GPtrArray **items; /* one per row: array of SchemaItem, or NULL */
    bool *is_set;      /* one per row: written in a file */
    const char *file;  /* of a record: where it begins */
    int line, column;
};

/* Where we are in reading one file. */
typedef struct {
    const char *file; /* interned */
    GPtrArray *errors;
} Reader;

#define COMPLAIN(reader, node, ...)                                            \
    yaml_complain((reader)->errors, (reader)->file, (node)->line,              \
                  (node)->column, __VA_ARGS__)

static void item_free(gpointer data)
{
    SchemaItem *item = data;
    g_free((char *)item->text);
    g_free((char *)item->key);
    schema_values_free(item->record);
    g_free(item);
}

static guint row_count(const SchemaRow *rows)
{
    guint count = 0;
    while (rows[count].path)
        count++;
    return count;
}

static GPtrArray *items_new(void)
{
    return g_ptr_array_new_with_free_func(item_free);
}

/* The default of a row as items; a bad one is a bug in the table. */
static GPtrArray *fallback_items(const SchemaRow *row)
{
    GPtrArray *items = items_new();
    g_auto(GStrv) texts = NULL;
    if (row->shape == SCHEMA_ONE)
        texts = g_strsplit(row->fallback, "\n", 1);
    else
        texts = g_strsplit(row->fallback, " ", -1);
    for (guint i = 0; texts[i]; i++) {
        SchemaItem *item = g_new0(SchemaItem, 1);
        char *words = NULL;
        if (!schema_type_read(row, texts[i], (char **)&item->text,
                              &item->number, &words))
            g_error("default of %s: %s", row->path, words);
        g_ptr_array_add(items, item);
    }
    return items;
}

SchemaValues *schema_values_new(const SchemaRow *rows)
{
    SchemaValues *values = g_new0(SchemaValues, 1);
    guint count = row_count(rows);
    values->rows = rows;
    values->items = g_new0(GPtrArray *, count);
    values->is_set = g_new0(bool, count);
    for (guint i = 0; i < count; i++)
        if (rows[i].fallback)
            values->items[i] = fallback_items(&rows[i]);
    return values;
}

void schema_values_free(SchemaValues *values)
{
    if (!values)
        return;
    for (guint i = 0; values->rows[i].path; i++)
        g_clear_pointer(&values->items[i], g_ptr_array_unref);
    g_free(values->items);
    g_free(values->is_set);
    g_free(values);
}

/* ---- words about unknown keys --------------------------------------- */

/* Length of the section part of a path: "send.delay" has 4, "name" 0. */
static size_t section_length(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot ? (size_t)(dot - path) : 0;
}

/* Names that may stand in a section ("" is the top), NULL-terminated. */
static GPtrArray *names_in(const SchemaRow *rows, const char *section)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    size_t length = strlen(section);
    size_t skip = length > 0 ? length + 1 : 0;
    for (; rows->path; rows++) {
        if (length > 0 && (strncmp(rows->path, section, length) != 0 ||
                           rows->path[length] != '.'))
            continue;
        const char *name = rows->path + skip;
        g_ptr_array_add(names, g_strndup(name, strcspn(name, ".")));
    }
    g_ptr_array_add(names, NULL);
    return names;
}

static void complain_unknown(Reader *reader, const SchemaRow *rows,
                             const char *section, const YamlNode *key)
{
    g_autofree char *shown = foreign_text(key->text, 60);
    g_autoptr(GString) words = g_string_new(NULL);
    g_string_printf(words, "unknown setting \"%s\"", shown);
    if (*section)
        g_string_append_printf(words, " in %s", section);
    g_string_append_c(words, '.');

    g_autoptr(GPtrArray) names = names_in(rows, section);
    const char *meant =
        suggest_word(key->text, (const char *const *)names->pdata);
    const SchemaRow *elsewhere = NULL;
    for (const SchemaRow *row = rows; row->path && !elsewhere; row++) {
        size_t length = section_length(row->path);
        if (g_str_equal(row->path + (length > 0 ? length + 1 : 0), key->text) ||
            g_str_equal(row->path, key->text))
            elsewhere = row;
    }
    if (elsewhere && section_length(elsewhere->path) > 0)
        g_string_append_printf(
            words, " \"%s\" belongs into the section \"%.*s\".",
            elsewhere->path + section_length(elsewhere->path) + 1,
            (int)section_length(elsewhere->path), elsewhere->path);
    else if (elsewhere)
        g_string_append_printf(words,
                               " \"%s\" belongs to the left margin, "
                               "into no section.",
                               elsewhere->path);
    else if (meant)
        g_string_append_printf(words, " Did you mean \"%s\"?", meant);
    COMPLAIN(reader, key, "%s", words->str);
}

/* ---- values ---------------------------------------------------------- */

static SchemaItem *item_at(const Reader *reader, const YamlNode *node,
                           const YamlNode *key)
{
    SchemaItem *item = g_new0(SchemaItem, 1);
    item->file = reader->file;
    item->line = node->line;
    item->column = node->column;
    item->key = key ? g_strdup(key->text) : NULL;
    return item;
}

static void read_map(Reader *reader, SchemaValues *values, const char *section,
                     const YamlNode *map);

static void complain_missing(const SchemaValues *values, const char *file,
                             GPtrArray *errors)
{
    for (guint i = 0; values->rows[i].path; i++) {
        const SchemaRow *row = &values->rows[i];
        if (row->is_required && !values->items[i])
            yaml_complain(errors, file, values->line, values->column,
                          "\"%s\" is missing. %s", row->path, row->about);
    }
}

static SchemaItem *read_record(Reader *reader, const SchemaRow *row,
                               const YamlNode *key, const YamlNode *node)
{
    if (node->kind != YAML_MAP) {
        COMPLAIN(reader, node,
                 "\"%s\" holds sections: lines of \"key: "
                 "value\".",
                 row->path);
        return NULL;
    }
    SchemaItem *item = item_at(reader, node, key);
    item->record = schema_values_new(row->rows);
    item->record->file = reader->file;
    item->record->line = node->line;
    item->record->column = node->column;
    read_map(reader, item->record, "", node);
    complain_missing(item->record, reader->file, reader->errors);
    return item;
}

/* One scalar of a row; NULL with a complaint if it is none. */
static SchemaItem *read_scalar(Reader *reader, const SchemaRow *row,
                               const YamlNode *key, const YamlNode *node)
{
    if (node->kind != YAML_TEXT) {
        COMPLAIN(reader, node, "\"%s\" takes %s, not a %s.", row->path,
                 row->shape == SCHEMA_ONE ? "one value" : "plain values",
                 node->kind == YAML_LIST ? "list" : "section");
        return NULL;
    }
    if (!*node->text) {
        COMPLAIN(reader, key ? key : node,
                 "\"%s\" has no value. Leave the line out for the default.",
                 key ? key->text : row->path);
        return NULL;
    }
    SchemaItem *item = item_at(reader, node, key);
    g_autofree char *words = NULL;
    if (schema_type_read(row, node->text, (char **)&item->text, &item->number,
                         &words))
        return item;
    bool several = row->shape == SCHEMA_LIST && strpbrk(node->text, " ,");
    COMPLAIN(reader, node, "%s%s", words,
             several ? " Write a list: [one, two]." : "");
    item_free(item);
    return NULL;
}

static SchemaItem *read_item(Reader *reader, const SchemaRow *row,
                             const YamlNode *key, const YamlNode *node)
{
    return row->type == SCHEMA_RECORD ? read_record(reader, row, key, node)
                                      : read_scalar(reader, row, key, node);
}

static void add_item(GPtrArray *items, SchemaItem *item)
{
    if (item)
        g_ptr_array_add(items, item);
}

static void read_names(Reader *reader, const SchemaRow *row,
                       const YamlNode *node, GPtrArray *items)
{
    if (node->kind != YAML_MAP) {
        COMPLAIN(reader, node,
                 "\"%s\" is a section of names, each with its "
                 "own value.",
                 row->path);
        return;
    }
    for (guint i = 0; i < node->items->len; i++) {
        const YamlNode *key = node->keys->pdata[i];
        const char *objection =
            row->name_objection ? row->name_objection(key->text) : NULL;
        g_autofree char *shown = foreign_text(key->text, 60);
        if (objection)
            COMPLAIN(reader, key, "\"%s\" %s", shown, objection);
        add_item(items, read_item(reader, row, key, node->items->pdata[i]));
    }
}

static void read_row(Reader *reader, SchemaValues *values, guint index,
                     const YamlNode *key, const YamlNode *node)
{
    const SchemaRow *row = &values->rows[index];
    GPtrArray *items = items_new();
    bool is_empty = node->kind == YAML_TEXT && !*node->text;
    if (is_empty && (row->type == SCHEMA_RECORD || row->shape == SCHEMA_MAP))
        ; /* a section whose lines are all commented out */
    else if (is_empty)
        COMPLAIN(reader, key,
                 "\"%s\" has no value. Leave the line out for the default.",
                 key->text);
    else if (row->shape == SCHEMA_MAP)
        read_names(reader, row, node, items);
    else if (row->shape == SCHEMA_LIST && node->kind == YAML_LIST)
        for (guint i = 0; i < node->items->len; i++)
            add_item(items,
                     read_item(reader, row, NULL, node->items->pdata[i]));
    else
        add_item(items, read_item(reader, row, NULL, node));
    if (values->items[index])
        g_ptr_array_unref(values->items[index]);
    values->items[index] = items;
    values->is_set[index] = true;
}

static bool is_section(const SchemaRow *rows, const char *path)
{
    size_t length = strlen(path);
    for (; rows->path; rows++)
        if (strncmp(rows->path, path, length) == 0 && rows->path[length] == '.')
            return true;
    return false;
}

static void read_section(Reader *reader, SchemaValues *values, const char *path,
                         const YamlNode *node)
{
    if (node->kind == YAML_MAP)
        read_map(reader, values, path, node);
    else if (node->kind != YAML_TEXT || *node->text)
        COMPLAIN(reader, node,
                 "\"%s\" is a section: its settings stand on "
                 "lines below it, indented.",
                 path);
}

/* Recursion goes only as deep as the table's own paths and records. */
static void read_map(Reader *reader, SchemaValues *values, const char *section,
                     const YamlNode *map)
{
    for (guint i = 0; i < map->items->len; i++) {
        const YamlNode *key = map->keys->pdata[i];
        const YamlNode *node = map->items->pdata[i];
        g_autofree char *path =
            *section ? g_strdup_printf("%s.%s", section, key->text)
                     : g_strdup(key->text);
        guint index = 0;
        while (values->rows[index].path &&
               !g_str_equal(values->rows[index].path, path))
            index++;
        if (strchr(key->text, '.') || !*key->text)
            complain_unknown(reader, values->rows, section, key);
        else if (values->rows[index].path)
            read_row(reader, values, index, key, node);
        else if (is_section(values->rows, path))
            read_section(reader, values, path, node);
        else
            complain_unknown(reader, values->rows, section, key);
    }
}

void schema_read(SchemaValues *values, const YamlFile *file, GPtrArray *errors)
{
    Reader reader = {.file = g_intern_string(file->file), .errors = errors};
    if (file->root->kind != YAML_MAP) {
        COMPLAIN(&reader, file->root,
                 "a file of settings holds lines of "
                 "\"key: value\".");
        return;
    }
    read_map(&reader, values, "", file->root);
}

void schema_finish(const SchemaValues *values, const char *file,
                   GPtrArray *errors)
{
    complain_missing(values, file, errors);
}

SchemaValues *schema_load(const SchemaRow *rows, const char *path,
                          GPtrArray *errors)
{
    g_autoptr(YamlFile) file = yaml_read(path, errors);
    if (!file)
        return NULL;
    SchemaValues *values = schema_values_new(rows);
    schema_read(values, file, errors);
    schema_finish(values, path, errors);
    return values;
}

/* ---- getters --------------------------------------------------------- */

const SchemaRow *schema_rows(const SchemaValues *values)
{
    return values->rows;
}

static guint index_of(const SchemaValues *values, const char *path)
{
    for (guint i = 0; values->rows[i].path; i++)
        if (g_str_equal(values->rows[i].path, path))
            return i;
    g_error("no setting %s in this table", path);
}

guint schema_count(const SchemaValues *values, const char *path)
{
    const GPtrArray *items = values->items[index_of(values, path)];
    return items ? items->len : 0;
}

const SchemaItem *schema_item(const SchemaValues *values, const char *path,
                              guint index)
{
    const GPtrArray *items = values->items[index_of(values, path)];
    g_assert(items && index < items->len);
    return items->pdata[index];
}

static const SchemaItem *first_item(const SchemaValues *values,
                                    const char *path)
{
    return schema_count(values, path) > 0 ? schema_item(values, path, 0) : NULL;
}

const char *schema_text(const SchemaValues *values, const char *path)
{
    const SchemaItem *item = first_item(values, path);
    return item ? item->text : NULL;
}

int64_t schema_number(const SchemaValues *values, const char *path)
{
    const SchemaItem *item = first_item(values, path);
    return item ? item->number : 0;
}

bool schema_flag(const SchemaValues *values, const char *path)
{
    return schema_number(values, path) != 0;
}

bool schema_is_set(const SchemaValues *values, const char *path)
{
    return values->is_set[index_of(values, path)];
}

static void bind_list(const GPtrArray *items, GPtrArray **into)
{
    *into = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; items && i < items->len; i++) {
        const SchemaItem *item = items->pdata[i];
        g_ptr_array_add(*into, g_strdup(item->text));
    }
}

static void bind_one(const SchemaRow *row, const SchemaItem *item, void *into)
{
    switch (row->type) {
    case SCHEMA_FLAG:
        *(bool *)into = item && item->number != 0;
        return;
    case SCHEMA_NUMBER:
    case SCHEMA_DURATION:
    case SCHEMA_SIZE:
        *(uint32_t *)into = item ? (uint32_t)item->number : 0;
        return;
    case SCHEMA_CHOICE:
        *(int *)into = item ? (int)item->number : 0;
        return;
    case SCHEMA_DATE:
        *(Instant *)into = item ? item->number : INSTANT_NONE;
        return;
    case SCHEMA_TEXT:
    case SCHEMA_COUNTRY:
    case SCHEMA_LANGUAGE:
    case SCHEMA_ADDRESS:
    case SCHEMA_DOMAIN:
    case SCHEMA_URL:
    case SCHEMA_LISTEN:
    case SCHEMA_PATH:
    case SCHEMA_FINGERPRINT:
    case SCHEMA_PREFIX:
        *(char **)into = item ? g_strdup(item->text) : NULL;
        return;
    case SCHEMA_RECORD:
        break;
    }
    g_assert_not_reached();
}

void schema_bind(const SchemaValues *values, void *into)
{
    for (guint i = 0; values->rows[i].path; i++) {
        const SchemaRow *row = &values->rows[i];
        const GPtrArray *items = values->items[i];
        if (row->field == 0)
            continue;
        char *field = (char *)into + row->field - 1;
        if (row->shape == SCHEMA_LIST)
            bind_list(items, (GPtrArray **)(void *)field);
        else
            bind_one(row, items && items->len > 0 ? items->pdata[0] : NULL,
                     field);
    }
}
