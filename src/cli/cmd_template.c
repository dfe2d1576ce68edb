/*
 * "exitdesk template list|words|lint"; preview is in cmd_template_preview.c.
 */
#include "cli/commands_list.h"

#include "base/errors.h"

#include <string.h>

/* The settings' templates and, above them, those of directory if not NULL. */
static Templates *load_templates(CliContext *context, const char *directory,
                                 GError **error)
{
    const Settings *settings = cli_settings_or_default(context, error);
    if (!settings)
        return NULL;
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    const GPtrArray *configured = settings->template_directories;
    for (guint i = 0; i < configured->len && configured->pdata[i]; i++)
        g_ptr_array_add(all, configured->pdata[i]);
    if (directory)
        g_ptr_array_add(all, (gpointer)directory);
    g_ptr_array_add(all, NULL);
    return templates_load((const char *const *)all->pdata, error);
}

static Policies *load_policies(CliContext *context, GError **error)
{
    const Settings *settings = cli_settings_or_default(context, error);
    return settings
               ? policies_load(
                     (const char *const *)settings->policy_directories->pdata,
                     error)
               : NULL;
}

/* ---- template list ---------------------------------------------------- */

static void put_template(const Templates *templates, const char *id,
                         Instant now)
{
    const Template *template = templates_by_id(templates, id);
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "id", id);
    json_put_text(&json, "version",
                  template ? template_version(template) : NULL);
    json_put_text(&json, "reviewed",
                  template ? template_reviewed(template) : NULL);
    json_put_bool(&json, "is_usable", template != NULL);
    json_put_bool(&json, "is_reviewed",
                  template && template_is_reviewed(template, now));
    json_put_text(&json, "file", template ? template_file(template) : NULL);
    json_end_object(&json);
    cli_print_json(&json);
}

static int run_template_list(CliContext *context, GError **error)
{
    static const char *const HEADINGS[] = {"template",  "version", "reviewed",
                                           "usable in", "file",    NULL};
    g_autoptr(Templates) templates = load_templates(context, NULL, error);
    if (!templates)
        return 0;
    Instant now = cli_now(context);
    g_autoptr(Table) table = table_new(HEADINGS);
    const GPtrArray *ids = templates_ids(templates);
    for (guint i = 0; i < ids->len; i++) {
        const char *id = ids->pdata[i];
        const Template *template = templates_by_id(templates, id);
        if (cli_wants_json(context))
            put_template(templates, id, now);
        else if (!template)
            TABLE_ADD(table, id, NULL, NULL, "nothing: see template lint",
                      NULL);
        else
            TABLE_ADD(table, id, template_version(template),
                      template_reviewed(template),
                      template_is_reviewed(template, now) ? "hold, auto"
                                                          : "hold",
                      template_file(template));
    }
    if (table_count(table) > 0)
        table_print(table);
    return 0;
}

static const CommandFlag NOW_FLAGS[] = {FLAG_NOW, {0}};

const Command command_template_list = {
    .noun = "template",
    .verb = "list",
    .summary = "the letters there are, and who reviewed them",
    .examples = "exitdesk template list",
    .about = "A letter that nobody reviewed, or whose review ran out, waits "
             "for a person\neach time (\"hold\"). To review one, copy it "
             "into the desk's own templates/ and\nwrite into its Reviewed "
             "line the date and your name.",
    .flags = NOW_FLAGS,
    .has_json = true,
    .run = run_template_list,
};

/* ---- template words --------------------------------------------------- */

static int run_template_words(CliContext *context, GError **error)
{
    static const char *const HEADINGS[] = {"word", "always there", "meaning",
                                           NULL};
    g_autoptr(Table) table = table_new(HEADINGS);
    for (const char *const *word = reply_words(); *word; word++) {
        if (!cli_wants_json(context)) {
            TABLE_ADD(table, *word,
                      reply_word_is_optional(*word) ? "no" : "yes",
                      reply_word_meaning(*word));
            continue;
        }
        Json json;
        json_init(&json);
        json_object(&json);
        json_put_text(&json, "word", *word);
        json_put_bool(&json, "is_optional", reply_word_is_optional(*word));
        json_put_text(&json, "meaning", reply_word_meaning(*word));
        json_end_object(&json);
        cli_print_json(&json);
    }
    if (table_count(table) > 0)
        table_print(table);
    return 0;
}

const Command command_template_words = {
    .noun = "template",
    .verb = "words",
    .summary = "the words that a letter may use",
    .examples = "exitdesk template words",
    .about = "A word that is not always there needs a section: "
             "{{#time.utc}}at {{time.utc}}{{/time.utc}}.\nA claim is true "
             "only if the evidence carries it; what else the letter says "
             "then\nstands in {{^claim.exit-then}}...{{/claim.exit-then}}.",
    .has_json = true,
    .run = run_template_words,
};

/* ---- template lint ---------------------------------------------------- */

/* What to look at. */
typedef struct {
    char *directory; /* with folders CC and blocks; NULL: the settings' */
    char *under;     /* only files at or below this; NULL: all */
    const char *id;  /* only this one; NULL: all */
} LintTarget;

static void lint_target_clear(LintTarget *target)
{
    g_free(target->directory);
    g_free(target->under);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(LintTarget, lint_target_clear)

/* A folder of one country, or of blocks, by its name. */
static bool is_country_folder(const char *path)
{
    g_autofree char *name = g_path_get_basename(path);
    return g_str_equal(name, "blocks") ||
           (strlen(name) == 2 && g_ascii_isupper(name[0]) &&
            g_ascii_isupper(name[1]));
}

/* "templates/", "templates/FI", "templates/FI/x.fi.txt" or an id. */
static void read_target(const char *path, LintTarget *target)
{
    if (!path)
        return;
    bool is_directory = g_file_test(path, G_FILE_TEST_IS_DIR);
    if (!is_directory && !g_file_test(path, G_FILE_TEST_EXISTS)) {
        target->id = path;
        return;
    }
    target->under = g_canonicalize_filename(path, NULL);
    g_autofree char *folder = is_directory ? g_strdup(target->under)
                                           : g_path_get_dirname(target->under);
    target->directory = is_directory && !is_country_folder(folder)
                            ? g_strdup(folder)
                            : g_path_get_dirname(folder);
}

static bool is_under(const char *file, const char *under)
{
    if (!under)
        return true;
    g_autofree char *whole = g_canonicalize_filename(file, NULL);
    size_t length = strlen(under);
    return strncmp(whole, under, length) == 0 &&
           (!whole[length] || whole[length] == '/');
}

static void print_finding(const TemplateFinding *finding)
{
    cli_print("%s:%d:%d: %s: %s\n", finding->file, finding->line,
              finding->column, finding->is_error ? "error" : "warning",
              finding->message);
}

static void put_finding(Json *json, const TemplateFinding *finding)
{
    json_object(json);
    json_put_text(json, "file", finding->file);
    json_put_number(json, "line", finding->line);
    json_put_number(json, "column", finding->column);
    json_put_text(json, "level", finding->is_error ? "error" : "warning");
    json_put_text(json, "message", finding->message);
    json_end_object(json);
}

/* What was found so far; a block's finding is shown once, though every
 * letter that uses the block has it. */
typedef struct {
    GHashTable *seen;
    guint letters, errors, warnings;
} LintTally;

/* Those of the findings that were asked for and not shown yet; borrowed. */
static GPtrArray *new_findings(const GPtrArray *findings,
                               const LintTarget *target, bool is_meant,
                               LintTally *tally)
{
    GPtrArray *fresh = g_ptr_array_new();
    for (guint i = 0; i < findings->len; i++) {
        TemplateFinding *finding = findings->pdata[i];
        char *key = g_strdup_printf("%s:%d:%d:%s", finding->file, finding->line,
                                    finding->column, finding->message);
        if (!g_hash_table_add(tally->seen, key) ||
            (!is_meant && !is_under(finding->file, target->under)))
            continue;
        g_ptr_array_add(fresh, finding);
        tally->errors += finding->is_error;
        tally->warnings += !finding->is_error;
    }
    return fresh;
}

static void print_letter_json(const char *id, const GPtrArray *findings)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "template", id);
    json_key(&json, "findings");
    json_array(&json);
    for (guint i = 0; i < findings->len; i++)
        put_finding(&json, findings->pdata[i]);
    json_end_array(&json);
    json_end_object(&json);
    cli_print_json(&json);
}

static void lint_one(CliContext *context, const Templates *templates,
                     const char *id, const LintTarget *target, LintTally *tally)
{
    g_autoptr(GPtrArray) all = template_lint(
        templates, id, reply_words(), LINT_ALL_BRANCHES, cli_now(context));
    const Template *template = templates_by_id(templates, id);
    bool is_meant =
        template && is_under(template_file(template), target->under);
    g_autoptr(GPtrArray) findings = new_findings(all, target, is_meant, tally);
    if (!is_meant && findings->len == 0)
        return;
    tally->letters++;
    if (cli_wants_json(context))
        print_letter_json(id, findings);
    else
        for (guint i = 0; i < findings->len; i++)
            print_finding(findings->pdata[i]);
}

static int run_template_lint(CliContext *context, GError **error)
{
    g_auto(LintTarget) target = {0};
    read_target(cli_arg(context, 0), &target);
    g_autoptr(Templates) templates =
        load_templates(context, target.directory, error);
    g_autoptr(Policies) policies =
        templates ? load_policies(context, error) : NULL;
    if (!policies)
        return 0;
    templates_know_law(templates, policies_laws(policies));
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    LintTally tally = {.seen = seen};
    const GPtrArray *ids = templates_ids(templates);
    bool is_found = !target.id;
    for (guint i = 0; i < ids->len; i++) {
        bool is_it = target.id && g_str_equal(target.id, ids->pdata[i]);
        is_found |= is_it;
        if (!target.id || is_it)
            lint_one(context, templates, ids->pdata[i], &target, &tally);
    }
    if (!is_found) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "there is no file and no template \"%s\"", target.id);
        return 0;
    }
    if (!cli_wants_json(context))
        cli_say(context, "%u errors, %u warnings in %u letters\n", tally.errors,
                tally.warnings, tally.letters);
    return tally.errors + tally.warnings > 0 ? EXIT_NO : 0;
}

const Command command_template_lint = {
    .noun = "template",
    .verb = "lint",
    .args = "[PATH|ID]",
    .max_args = 1,
    .summary = "what is wrong with the letters",
    .examples = "exitdesk template lint\n"
                "exitdesk template lint templates/XX/\n"
                "exitdesk template lint XX/login-attack.de",
    .about = "Finds unknown words, claims without an else-branch, sentences "
             "with a hole, repealed\nlaw, typed-in numbers, an answer that "
             "comes too late, too many words. The status\nis 1 if anything "
             "was found.",
    .flags = NOW_FLAGS,
    .has_json = true,
    .run = run_template_lint,
};
