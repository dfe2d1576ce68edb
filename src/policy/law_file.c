/*
 * Reading policies/law/CC.yaml: the settings of an entry, and its checks.
 */
#include "policy/law_file.h"

#include "base/files.h"
#include "policy/pack.h"
#include "report/category.h"

#include <string.h>

#define PACK_SUFFIX ".yaml"
#define LAW_FOLDER  "law"

/* Conditions that hold if the member states them of itself, with a date; the
 * first is the relay record's. To add one: a word here, and its line in
 * exitdesk-policy(5). */
static const char *const CONDITIONS[] = {"exit", "non-profit", "remunerated",
                                         "host-checked", NULL};

/* What an entry can be about. To add one: a word here, and its line in
 * exitdesk-policy(5). */
static const char *const TOPICS[] = {
    "mere-conduit",      /* who carries traffic is not liable for it */
    "copyright-conduit", /* the same, said of copyright alone */
    "no-general-monitoring",
    "notice-is-for-hosting-only",
    "not-the-speaker",   /* not the publisher of what others say */
    "no-logs",           /* secrecy of telecommunications, no records */
    "data-subject",      /* requests about personal data */
    "authority-channel", /* how an authority has to ask */
    "other",             /* known to lint only */
    NULL};

static const char *const CONFIDENCES[] = {"low", "medium", "high", NULL};

const char *confidence_word(Confidence confidence)
{
    return CONFIDENCES[confidence];
}

const char *const *law_topics(void)
{
    return TOPICS;
}

bool law_topic_is_known(const char *topic)
{
    return g_strv_contains(TOPICS, topic);
}

static const char *language_objection(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz");
    return length == 2 && (!name[length] || name[length] == '-')
               ? NULL
               : "is no language. Write a BCP 47 code: en, de, pt-BR.";
}

/* The letter puts the citation in brackets behind it, and the full stop. */
static const char *sentence_objection(const char *text)
{
    size_t length = strlen(text);
    return length > 0 && strchr(".!?;:,", text[length - 1])
               ? "ends in a sign. Leave it out: the letter puts the citation "
                 "in brackets behind the sentence, then the full stop."
               : NULL;
}

static const char *id_objection(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return length > 0 && !name[length]
               ? NULL
               : "is no name of an entry: only small letters, digits and "
                 "hyphens.";
}

static const char *category_objection(const char *text)
{
    return policy_entry_is_known(text)
               ? NULL
               : "is no kind of complaint. Write a class (\"copyright\") or "
                 "a class and type (\"copyright/p2p\").";
}

/* To add one: a row here, its line in exitdesk-policy(5), and its part in
 * law.c. */
static const SchemaRow LAW_ROWS[] = {
    {.path = "topic",
     .type = SCHEMA_CHOICE,
     .choices = TOPICS,
     .is_required = true,
     .about = "What it is about; letters ask by topic."},
    {.path = "citation",
     .type = SCHEMA_TEXT,
     .shape = SCHEMA_MAP,
     .name_objection = language_objection,
     .about = "How a lawyer writes it, for each language of letters."},
    {.path = "says",
     .type = SCHEMA_TEXT,
     .shape = SCHEMA_MAP,
     .name_objection = language_objection,
     .objection = sentence_objection,
     .about = "What it says, in one sentence of our own, for each language; "
              "without it the entry is never cited."},
    {.path = "from",
     .type = SCHEMA_DATE,
     .about = "The first day it was in force; if not set, long ago."},
    {.path = "until",
     .type = SCHEMA_DATE,
     .about = "The last day it was in force; if not set, it still is."},
    {.path = "replaced_by",
     .type = SCHEMA_TEXT,
     .about = "What holds instead, for law that is gone."},
    {.path = "names",
     .type = SCHEMA_TEXT,
     .shape = SCHEMA_LIST,
     .about = "Names under which law that is gone is found in texts."},
    {.path = "applies_if",
     .type = SCHEMA_CHOICE,
     .choices = CONDITIONS,
     .shape = SCHEMA_LIST,
     .about = "All of these must hold: exit (by the relay record), or what "
              "the member states of itself. What is not known does not."},
    {.path = "categories",
     .type = SCHEMA_TEXT,
     .shape = SCHEMA_LIST,
     .objection = category_objection,
     .about = "Only for these kinds of complaints; if not set, for all."},
    {.path = "source",
     .type = SCHEMA_URL,
     .about = "Where the text of the law can be read."},
    {.path = "reviewed",
     .type = SCHEMA_TEXT,
     .fallback = "none yet",
     .about = "\"none yet\", or the day and who: 2026-02-02 RA M. Beispiel."},
    {.path = "confidence",
     .type = SCHEMA_CHOICE,
     .choices = CONFIDENCES,
     .is_required = true,
     .about = "How sure we are: only \"high\" is ever cited."},
    {.path = "note",
     .type = SCHEMA_TEXT,
     .about = "What whoever reviews it should know; never in a letter."},
    {0},
};

static const SchemaRow PACK_ROWS[] = {
    {.path = "laws",
     .type = SCHEMA_RECORD,
     .shape = SCHEMA_MAP,
     .rows = LAW_ROWS,
     .name_objection = id_objection,
     .about = "The entries, in the order they are asked."},
    {0},
};

/* ---- one entry --------------------------------------------------------- */

const char *law_words(const Law *law, const char *path, const char *language)
{
    for (guint i = 0; i < schema_count(law->values, path); i++) {
        const SchemaItem *item = schema_item(law->values, path, i);
        if (g_str_equal(item->key, language))
            return item->text;
    }
    return NULL;
}

static void law_free(void *data)
{
    Law *law = data;
    g_free(law->id);
    g_free(law->gone);
    g_free(law);
}

static void complain_at(GPtrArray *errors, const SchemaItem *item,
                        const char *words)
{
    yaml_complain(errors, item->file, item->line, item->column, "%s", words);
}

/* "2026-02-02 RA M. Beispiel": the day and a name behind it. */
static void read_review(Law *law, GPtrArray *errors)
{
    const SchemaItem *item = schema_item(law->values, "reviewed", 0);
    law->reviewed = INSTANT_NONE;
    if (g_str_equal(item->text, "none yet"))
        return;
    g_autofree char *day = g_strndup(item->text, strcspn(item->text, " "));
    const char *name = item->text + strlen(day);
    if (strlen(day) != strlen("2026-02-02") ||
        !instant_parse(day, &law->reviewed) ||
        strspn(name, " ") == strlen(name))
        complain_at(errors, item,
                    "\"reviewed\" is \"none yet\", or a day and a name: "
                    "2026-02-02 RA M. Beispiel.");
}

static void read_span(Law *law, GPtrArray *errors)
{
    law->from = law->until = INSTANT_NONE;
    if (schema_count(law->values, "from") > 0)
        law->from = schema_number(law->values, "from");
    if (schema_count(law->values, "until") > 0)
        law->until = schema_number(law->values, "until") + INSTANT_DAY_S - 1;
    if (law->from != INSTANT_NONE && law->until != INSTANT_NONE &&
        law->until < law->from)
        complain_at(errors, schema_item(law->values, "until", 0),
                    "\"until\" is before \"from\".");
}

/* "not to be cited since 2024-05-14; now DDG": until is the day before. Not
 * "repealed": law of a member state may stand in the books though a
 * regulation has displaced it. */
static char *gone_words(const Law *law)
{
    if (law->until == INSTANT_NONE)
        return NULL;
    const char *instead = schema_text(law->values, "replaced_by");
    char day[INSTANT_TEXT_MAX];
    instant_text(law->until + 1, day);
    return g_strdup_printf("not to be cited since %.10s%s%s", day,
                           instead ? "; now " : "", instead ? instead : "");
}

static void check_law(const Law *law, const SchemaItem *entry,
                      GPtrArray *errors)
{
    for (guint i = 0; i < schema_count(law->values, "says"); i++) {
        const SchemaItem *item = schema_item(law->values, "says", i);
        if (!law_words(law, "citation", item->key))
            yaml_complain(errors, item->file, item->line, item->column,
                          "there are words in \"%s\" but no citation in it.",
                          item->key);
    }
    if (schema_count(law->values, "names") > 0 && law->until == INSTANT_NONE)
        complain_at(errors, schema_item(law->values, "names", 0),
                    "\"names\" are for law that is gone: say \"until\" when.");
    if (schema_count(law->values, "says") > 0 && !law_words(law, "says", "en"))
        yaml_complain(errors, entry->file, entry->line, entry->column,
                      "\"says\" has no English sentence (en).");
}

static Law *law_new(const char *code, const SchemaItem *entry,
                    GPtrArray *errors)
{
    Law *law = g_new0(Law, 1);
    law->values = entry->record;
    law->id = g_strdup_printf("%s/%s", code, entry->key);
    law->code = code;
    law->file = entry->file;
    law->line = entry->line;
    law->topic = schema_text(entry->record, "topic");
    law->confidence = (Confidence)schema_number(entry->record, "confidence");
    read_span(law, errors);
    read_review(law, errors);
    law->gone = gone_words(law);
    check_law(law, entry, errors);
    return law;
}

/* ---- files ------------------------------------------------------------- */

static void law_pack_free(void *data)
{
    LawPack *pack = data;
    g_ptr_array_unref(pack->laws);
    schema_values_free(pack->values);
    g_free(pack->code);
    g_free(pack->file);
    g_free(pack);
}

static void add_pack(Laws *laws, LawPack *pack)
{
    for (guint i = 0; i < laws->packs->len; i++)
        if (g_str_equal(((LawPack *)laws->packs->pdata[i])->code, pack->code)) {
            g_ptr_array_remove_index(laws->packs, i);
            break;
        }
    g_ptr_array_add(laws->packs, pack);
}

static void load_pack(Laws *laws, const char *folder, const char *name,
                      GPtrArray *errors)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *code = g_strndup(name, strlen(name) - strlen(PACK_SUFFIX));
    g_autofree char *objection = pack_code_objection(code);
    if (objection) {
        yaml_complain(errors, path, 0, 0, "%s", objection);
        return;
    }
    guint before = errors->len;
    SchemaValues *values = schema_load(PACK_ROWS, path, errors);
    if (!values)
        return;
    LawPack *pack = g_new0(LawPack, 1);
    pack->code = g_steal_pointer(&code);
    pack->file = g_steal_pointer(&path);
    pack->values = values;
    pack->laws = g_ptr_array_new_with_free_func(law_free);
    if (errors->len == before)
        for (guint i = 0; i < schema_count(values, "laws"); i++)
            g_ptr_array_add(
                pack->laws,
                law_new(pack->code, schema_item(values, "laws", i), errors));
    add_pack(laws, pack);
}

static int compare_packs(gconstpointer a, gconstpointer b)
{
    const LawPack *const *one = a, *const *two = b;
    return strcmp((*one)->code, (*two)->code);
}

Laws *laws_load(const char *const *directories, GPtrArray *errors)
{
    Laws *laws = g_new0(Laws, 1);
    laws->packs = g_ptr_array_new_with_free_func(law_pack_free);
    laws->all = g_ptr_array_new();
    for (; *directories; directories++) {
        g_autofree char *folder =
            g_build_filename(*directories, LAW_FOLDER, NULL);
        g_autoptr(GError) error = NULL;
        g_autoptr(GPtrArray) names =
            directory_list(folder, PACK_SUFFIX, &error);
        if (!names)
            g_ptr_array_add(errors, g_strdup(error->message));
        for (guint i = 0; names && i < names->len; i++)
            load_pack(laws, folder, names->pdata[i], errors);
    }
    g_ptr_array_sort(laws->packs, compare_packs);
    for (guint i = 0; i < laws->packs->len; i++) {
        const LawPack *pack = laws->packs->pdata[i];
        for (guint j = 0; j < pack->laws->len; j++)
            g_ptr_array_add(laws->all, pack->laws->pdata[j]);
    }
    law_names_prepare(laws);
    return laws;
}

void laws_free(Laws *laws)
{
    if (!laws)
        return;
    law_names_free(laws);
    g_ptr_array_unref(laws->all);
    g_ptr_array_unref(laws->packs);
    g_free(laws);
}
