#include "relay/shared.h"

#include "base/files.h"
#include "base/schema.h"

#include <string.h>

#define FOLDER    "shared"
#define SUFFIX    ".yaml"
#define UNCHECKED "none yet"

/* A file as its rows bind it. */
typedef struct {
    char *name, *source, *checked;
    GPtrArray *ranges; /* of char * */
} FileValues;

#define FIELD(member) SCHEMA_FIELD(FileValues, member)

static bool day_read(const char *text, Instant *out)
{
    g_autofree char *midnight = g_strdup_printf("%sT00:00:00Z", text);
    return strlen(text) == strlen("2026-05-04") && instant_parse(midnight, out);
}

static const char *object_to_checked(const char *text)
{
    Instant ignored;
    return g_str_equal(text, UNCHECKED) || day_read(text, &ignored)
               ? NULL
               : "is no day like 2026-05-04, nor \"none yet\".";
}

/* To add one: a row here, a field of FileValues, its line in
 * exitdesk-policy(5). */
static const SchemaRow ROWS[] = {
    {.path = "name",
     .type = SCHEMA_TEXT,
     .field = FIELD(name),
     .is_required = true,
     .about = "Whose addresses they are."},
    {.path = "source",
     .type = SCHEMA_URL,
     .field = FIELD(source),
     .is_required = true,
     .about = "Where the operator publishes them."},
    {.path = "checked",
     .type = SCHEMA_TEXT,
     .field = FIELD(checked),
     .is_required = true,
     .objection = object_to_checked,
     .about = "The day somebody last compared the two, or none yet."},
    {.path = "ranges",
     .type = SCHEMA_PREFIX,
     .shape = SCHEMA_LIST,
     .field = FIELD(ranges),
     .is_required = true,
     .about = "The ranges that its customers share."},
    {0},
};

static void operator_free(void *data)
{
    SharedOperator *one = data;
    g_free(one->name);
    g_free(one->source);
    g_free(one->checked);
    g_free(one->file);
    g_array_unref(one->ranges);
    g_free(one);
}

static GArray *ranges_of(const GPtrArray *texts)
{
    GArray *ranges = g_array_new(FALSE, FALSE, sizeof(IpPrefix));
    for (guint i = 0; texts && i < texts->len; i++) {
        IpPrefix range;
        bool is_range = ip_prefix_parse(texts->pdata[i], &range);
        g_assert(is_range); /* the schema has read it */
        g_array_append_val(ranges, range);
    }
    return ranges;
}

static SharedOperator *load_file(const char *path, GPtrArray *errors)
{
    FileValues file = {0};
    guint before = errors->len;
    g_autoptr(SchemaValues) values = schema_load(ROWS, path, errors);
    if (!values || errors->len > before)
        return NULL;
    schema_bind(values, &file);
    SharedOperator *one = g_new0(SharedOperator, 1);
    one->name = file.name;
    one->source = file.source;
    one->file = g_strdup(path);
    one->line = schema_item(values, "checked", 0)->line;
    one->ranges = ranges_of(file.ranges);
    if (!g_str_equal(file.checked, UNCHECKED))
        one->checked = g_strdup(file.checked);
    g_free(file.checked);
    g_clear_pointer(&file.ranges, g_ptr_array_unref);
    return one;
}

/* The same file name in an earlier directory; false: none. */
static bool find_file(const GPtrArray *all, const char *name, guint *index)
{
    for (*index = 0; *index < all->len; (*index)++) {
        const SharedOperator *seen = all->pdata[*index];
        g_autofree char *base = g_path_get_basename(seen->file);
        if (g_str_equal(base, name))
            return true;
    }
    return false;
}

static void load_folder(const char *folder, GPtrArray *all, GPtrArray *errors)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(GPtrArray) names = directory_list(folder, SUFFIX, &cause);
    if (!names)
        g_ptr_array_add(errors, g_strdup(cause->message));
    for (guint i = 0; names && i < names->len; i++) {
        g_autofree char *path = g_build_filename(folder, names->pdata[i], NULL);
        SharedOperator *one = load_file(path, errors);
        guint earlier;
        if (one && find_file(all, names->pdata[i], &earlier))
            g_ptr_array_remove_index(all, earlier);
        if (one)
            g_ptr_array_add(all, one);
    }
}

GPtrArray *shared_load(const char *const *directories, GPtrArray *errors)
{
    GPtrArray *all = g_ptr_array_new_with_free_func(operator_free);
    for (; *directories; directories++) {
        g_autofree char *folder = g_build_filename(*directories, FOLDER, NULL);
        load_folder(folder, all, errors);
    }
    return all;
}

bool shared_is_stale(const SharedOperator *one, Instant now)
{
    Instant day;
    return one->checked && day_read(one->checked, &day) &&
           (day > now || now - day > SHARED_CHECKED_DAYS * INSTANT_DAY_S);
}

const SharedOperator *shared_find(const GPtrArray *operators,
                                  const IpPrefix *wanted)
{
    for (guint i = 0; i < operators->len; i++) {
        const SharedOperator *one = operators->pdata[i];
        for (guint k = 0; k < one->ranges->len; k++) {
            const IpPrefix *range = &g_array_index(one->ranges, IpPrefix, k);
            if (ip_prefix_contains(range, &wanted->base) ||
                ip_prefix_contains(wanted, &range->base))
                return one;
        }
    }
    return NULL;
}
