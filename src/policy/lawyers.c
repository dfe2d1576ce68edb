#include "policy/lawyers.h"

#include "base/files.h"
#include "policy/pack.h"

#include <string.h>

#define LAWYER_FOLDER "lawyers"
#define SUFFIX        ".yaml"

#define FIELD(member) SCHEMA_FIELD(Lawyer, member)

/* To add one: a row here, a field of Lawyer, its line in exitdesk-policy(5). */
static const SchemaRow LAWYER_ROWS[] = {
    {.path = "name",
     .type = SCHEMA_TEXT,
     .field = FIELD(name),
     .is_required = true,
     .about = "Who it is."},
    {.path = "languages",
     .type = SCHEMA_LANGUAGE,
     .shape = SCHEMA_LIST,
     .field = FIELD(languages),
     .about = "What can be spoken there."},
    {.path = "fields",
     .type = SCHEMA_TEXT,
     .shape = SCHEMA_LIST,
     .field = FIELD(fields),
     .about = "What they know: criminal law, copyright, data protection."},
    {.path = "phone",
     .type = SCHEMA_TEXT,
     .field = FIELD(phone),
     .about = "The number to call."},
    {.path = "mail",
     .type = SCHEMA_ADDRESS,
     .field = FIELD(mail),
     .about = "The address to write to."},
    {.path = "hours",
     .type = SCHEMA_TEXT,
     .field = FIELD(hours),
     .about = "When somebody answers."},
    {.path = "may_call",
     .type = SCHEMA_TEXT,
     .field = FIELD(may_call),
     .about = "Who may call: members, the desk only, after asking whom."},
    {.path = "note",
     .type = SCHEMA_TEXT,
     .field = FIELD(note),
     .about = "What else to know: who pays, what to have ready."},
    {0},
};

static const SchemaRow FILE_ROWS[] = {
    {.path = "lawyers",
     .type = SCHEMA_RECORD,
     .shape = SCHEMA_LIST,
     .rows = LAWYER_ROWS,
     .about = "Whom to call, best first."},
    {0},
};

void lawyer_free(Lawyer *lawyer)
{
    if (!lawyer)
        return;
    g_free(lawyer->name);
    g_free(lawyer->phone);
    g_free(lawyer->mail);
    g_free(lawyer->hours);
    g_free(lawyer->may_call);
    g_free(lawyer->note);
    g_free(lawyer->country);
    g_clear_pointer(&lawyer->languages, g_ptr_array_unref);
    g_clear_pointer(&lawyer->fields, g_ptr_array_unref);
    g_free(lawyer);
}

static void load_file(const char *path, const char *code, GPtrArray *lawyers,
                      GPtrArray *errors)
{
    g_autoptr(SchemaValues) values = schema_load(FILE_ROWS, path, errors);
    guint count = values ? schema_count(values, "lawyers") : 0;
    for (guint i = 0; i < count; i++) {
        Lawyer *lawyer = g_new0(Lawyer, 1);
        schema_bind(schema_item(values, "lawyers", i)->record, lawyer);
        lawyer->country = g_strdup(code);
        g_ptr_array_add(lawyers, lawyer);
    }
}

static void load_folder(const char *folder, const char *wanted,
                        GPtrArray *lawyers, GPtrArray *errors)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) names = directory_list(folder, SUFFIX, &error);
    if (!names)
        g_ptr_array_add(errors, g_strdup(error->message));
    for (guint i = 0; names && i < names->len; i++) {
        const char *name = names->pdata[i];
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *code = g_strndup(name, strlen(name) - strlen(SUFFIX));
        g_autofree char *objection = pack_code_objection(code);
        if (wanted && !g_str_equal(code, wanted))
            continue;
        if (objection)
            yaml_complain(errors, path, 0, 0, "%s", objection);
        else
            load_file(path, code, lawyers, errors);
    }
}

GPtrArray *lawyers_load(const char *const *directories, const char *chain,
                        GPtrArray *errors)
{
    GPtrArray *lawyers =
        g_ptr_array_new_with_free_func((GDestroyNotify)lawyer_free);
    g_auto(GStrv) codes = g_strsplit(chain ? chain : "", " ", -1);
    for (guint i = 0; !chain || codes[i]; i++) {
        for (const char *const *at = directories; *at; at++) {
            g_autofree char *folder =
                g_build_filename(*at, LAWYER_FOLDER, NULL);
            load_folder(folder, chain ? codes[i] : NULL, lawyers, errors);
        }
        if (!chain)
            break;
    }
    return lawyers;
}
