/*
 * What is wrong with a template, as far as a program can tell.
 *
 * Findings of three kinds: what would stop a letter at run time (unknown
 * words and blocks, a hole), what would make it wrong (a claim without an
 * else-branch, repealed law, no word that a program wrote it, the answer not
 * in the first two lines), and what goes stale or annoys (typed-in numbers,
 * an expired review, too many words).
 */
#include "reply/lint.h"

#include "base/suggest.h"
#include "reply/claims.h"

#include <string.h>

#define CLAIM "claim."

static bool word_is_known(const Lint *lint, const char *word)
{
    return g_strv_contains(lint->known, word);
}

static void complain_unknown_word(Lint *lint, const char *file,
                                  const MustacheNode *node)
{
    const char *meant = suggest_word(node->text, lint->known);
    if (g_str_has_prefix(node->text, "complaint."))
        LINT_ERROR(lint, file, node->line, node->column,
                   "no such word: {{%s}}; of the complaint itself only "
                   "{{complaint.reference}} and {{incident.address}} can "
                   "stand in a letter",
                   node->text);
    else if (meant)
        LINT_ERROR(lint, file, node->line, node->column,
                   "no such word: {{%s}}; did you mean {{%s}}?", node->text,
                   meant);
    else
        LINT_ERROR(lint, file, node->line, node->column,
                   "no such word: {{%s}}; exitdesk template words lists all",
                   node->text);
}

static const char *find_block_meant(const Template *template, const char *name)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *ending = g_strconcat(".", template->language, NULL);
    GHashTableIter iterator;
    gpointer id;
    g_hash_table_iter_init(&iterator, template->templates->blocks);
    while (g_hash_table_iter_next(&iterator, &id, NULL))
        if (g_str_has_suffix(id, ending))
            g_ptr_array_add(names, g_strndup(id, strlen(id) - strlen(ending)));
    g_ptr_array_add(names, NULL);
    const char *meant = suggest_word(name, (const char *const *)names->pdata);
    return meant ? g_intern_string(meant) : NULL;
}

static void check_block(Lint *lint, const char *file, const MustacheNode *node)
{
    const Template *template = lint->template;
    if (template_block(template, node->text))
        return;
    g_autofree char *id =
        g_strdup_printf("%s.%s", node->text, template->language);
    const Template *broken =
        g_hash_table_lookup(template->templates->blocks, id);
    const char *meant = find_block_meant(template, node->text);
    if (broken)
        for (guint i = 0; i < broken->findings->len; i++) {
            const TemplateFinding *finding = broken->findings->pdata[i];
            LINT_ERROR(lint, finding->file, finding->line, finding->column,
                       "%s", finding->message);
        }
    else
        LINT_ERROR(lint, file, node->line, node->column,
                   "there is no block blocks/%s.%s.txt%s%s%s", node->text,
                   template->language, meant ? "; did you mean " : "",
                   meant ? meant : "", meant ? "?" : "");
}

GPtrArray *lint_parts(const Template *template)
{
    GPtrArray *parts = g_ptr_array_new();
    if (template->body)
        g_ptr_array_add(parts, template->body);
    for (guint i = 0; i < parts->len; i++) {
        const Mustache *part = parts->pdata[i];
        for (guint j = 0; j < part->nodes->len; j++) {
            const MustacheNode *node =
                &g_array_index(part->nodes, MustacheNode, j);
            const Mustache *block = node->kind == NODE_BLOCK
                                        ? template_block(template, node->text)
                                        : NULL;
            if (block && !g_ptr_array_find(parts, block, NULL))
                g_ptr_array_add(parts, (gpointer)block);
        }
    }
    return parts;
}

bool template_uses_word(const Template *template, const char *word)
{
    g_autoptr(GPtrArray) parts = lint_parts(template);
    for (guint i = 0; i < parts->len; i++) {
        const Mustache *part = parts->pdata[i];
        for (guint j = 0; j < part->nodes->len; j++) {
            const MustacheNode *node =
                &g_array_index(part->nodes, MustacheNode, j);
            if (node->kind == NODE_WORD && g_str_equal(node->text, word))
                return true;
        }
    }
    return false;
}

/* ---- words and sections ----------------------------------------------- */

/* "claim.no-logs" guards "stated.no-logs" as well as the word itself, and
 * "law" what is cited. */
static bool is_guarded_by(const MustacheNode *node, const char *word)
{
    if (node->kind != NODE_SECTION)
        return false;
    if (g_str_equal(node->text, "law"))
        return g_str_equal(word, "law_sentence") ||
               g_str_equal(word, "law_citation");
    return g_str_equal(node->text, word) ||
           (g_str_has_prefix(node->text, CLAIM) &&
            claims_guards_word(node->text + strlen(CLAIM), word));
}

/* What a claim lets a letter say stands in the claim's own section: a
 * section of the word itself would say it where the claim does not hold. */
static bool is_in_claim(const Mustache *part, guint index, const char *claim)
{
    const MustacheNode *nodes = (const MustacheNode *)part->nodes->data;
    for (guint i = 0; i < index; i++)
        if (nodes[i].kind == NODE_SECTION && nodes[i].jump > index &&
            g_str_has_prefix(nodes[i].text, CLAIM) &&
            g_str_equal(nodes[i].text + strlen(CLAIM), claim))
            return true;
    return false;
}

/* Does an open section around node index guard its word? */
static bool is_guarded(const Mustache *part, guint index)
{
    const MustacheNode *nodes = (const MustacheNode *)part->nodes->data;
    for (guint i = 0; i < index; i++)
        if (is_guarded_by(&nodes[i], nodes[index].text) &&
            nodes[i].jump > index)
            return true;
    return false;
}

static bool has_else(const Mustache *part, const char *word)
{
    for (guint i = 0; i < part->nodes->len; i++) {
        const MustacheNode *node = &g_array_index(part->nodes, MustacheNode, i);
        if (node->kind == NODE_INVERTED && g_str_equal(node->text, word))
            return true;
    }
    return false;
}

static void check_word(Lint *lint, const Mustache *part, guint index)
{
    const MustacheNode *node = &g_array_index(part->nodes, MustacheNode, index);
    const char *claim = claims_guard_of(node->text);
    if (!word_is_known(lint, node->text))
        complain_unknown_word(lint, part->file, node);
    else if (g_str_has_prefix(node->text, CLAIM))
        LINT_ERROR(lint, part->file, node->line, node->column,
                   "{{%s}} is no text; put the sentence into "
                   "{{#%s}}...{{/%s}}",
                   node->text, node->text, node->text);
    else if (claim && !is_in_claim(part, index, claim))
        LINT_ERROR(lint, part->file, node->line, node->column,
                   "{{%s}} says what only {{#claim.%s}} lets a letter say; "
                   "put the sentence into that section",
                   node->text, claim);
    else if (reply_word_is_optional(node->text) && !is_guarded(part, index))
        LINT_ERROR(lint, part->file, node->line, node->column,
                   "{{%s}} can be without a value; put the sentence into "
                   "{{#%s}}...{{/%s}}",
                   node->text, node->text, node->text);
}

static void check_node(Lint *lint, const Mustache *part, guint index)
{
    const MustacheNode *node = &g_array_index(part->nodes, MustacheNode, index);
    switch (node->kind) {
    case NODE_TEXT:
    case NODE_END:
    case NODE_MORE:
        return;
    case NODE_BLOCK:
        check_block(lint, part->file, node);
        return;
    case NODE_WORD:
        check_word(lint, part, index);
        return;
    case NODE_SECTION:
    case NODE_INVERTED:
        if (!word_is_known(lint, node->text))
            complain_unknown_word(lint, part->file, node);
        else if (node->kind == NODE_SECTION &&
                 g_str_has_prefix(node->text, CLAIM) &&
                 !has_else(part, node->text))
            LINT_ERROR(lint, part->file, node->line, node->column,
                       "claim \"%s\" has no else-branch {{^%s}}: say what "
                       "the letter says when it does not hold",
                       node->text + strlen(CLAIM), node->text);
        return;
    }
}

static void check_part(Lint *lint, const Mustache *part)
{
    for (guint i = 0; i < part->nodes->len; i++)
        check_node(lint, part, i);
}

/* ---- all of it -------------------------------------------------------- */

static void check_review(Lint *lint)
{
    const Template *template = lint->template;
    if (template->reviewed == INSTANT_NONE ||
        template_is_reviewed(template, lint->now))
        return;
    int line = template->header_lines[HEADER_REVIEW_AGAIN];
    const char *words = template->reviewed > lint->now
                            ? "the review lies in the future"
                            : "the review has run out; without a new one the "
                              "letter needs a person each time";
    LINT_WARNING(lint, template->file,
                 line ? line : template->header_lines[HEADER_REVIEWED], 1, "%s",
                 words);
}

/* What one language leaves to a person no other may send by itself. */
static void check_siblings(Lint *lint)
{
    const Template *template = lint->template;
    GHashTableIter iterator;
    gpointer value;
    g_hash_table_iter_init(&iterator, template->templates->all);
    while (g_hash_table_iter_next(&iterator, NULL, &value)) {
        const Template *other = value;
        if (template->name && g_strcmp0(other->name, template->name) == 0 &&
            other->is_never_automatic && !template->is_never_automatic) {
            LINT_ERROR(lint, template->file,
                       MAX(template->header_lines[HEADER_SUBJECT], 1), 1,
                       "the line \"Automatic: never\" is missing: %s has it",
                       other->id);
            return;
        }
    }
}

static const Template *block_of(const Templates *templates,
                                const Mustache *part)
{
    GHashTableIter iterator;
    gpointer value;
    g_hash_table_iter_init(&iterator, templates->blocks);
    while (g_hash_table_iter_next(&iterator, NULL, &value))
        if (((const Template *)value)->body == part)
            return value;
    return NULL;
}

static void check_texts(Lint *lint, const GPtrArray *parts)
{
    const Template *template = lint->template;
    if (template->headers[HEADER_SUBJECT])
        lint_text(lint, template->file, template->headers[HEADER_SUBJECT],
                  template->header_lines[HEADER_SUBJECT],
                  template->subject_column);
    if (template->text)
        lint_text(lint, template->file, template->text, template->body_line, 1);
    for (guint i = 1; i < parts->len; i++) {
        const Template *block = block_of(template->templates, parts->pdata[i]);
        lint_text(lint, block->file, block->text, block->body_line, 1);
    }
}

static int compare_findings(gconstpointer a, gconstpointer b)
{
    const TemplateFinding *one = *(TemplateFinding *const *)a;
    const TemplateFinding *two = *(TemplateFinding *const *)b;
    int by_file = strcmp(one->file, two->file);
    if (by_file != 0)
        return by_file;
    return one->line != two->line ? one->line - two->line
                                  : one->column - two->column;
}

static void check_template(Lint *lint, LintDepth depth)
{
    const Template *template = lint->template;
    for (guint i = 0; i < template->findings->len; i++) {
        const TemplateFinding *finding = template->findings->pdata[i];
        LINT_ERROR(lint, finding->file, finding->line, finding->column, "%s",
                   finding->message);
    }
    g_autoptr(GPtrArray) parts = lint_parts(template);
    if (template->subject)
        check_part(lint, template->subject);
    for (guint i = 0; i < parts->len; i++)
        check_part(lint, parts->pdata[i]);
    check_texts(lint, parts);
    check_review(lint);
    check_siblings(lint);
    bool is_sound = true;
    for (guint i = 0; i < lint->findings->len; i++)
        is_sound &= !((TemplateFinding *)lint->findings->pdata[i])->is_error;
    if (is_sound && depth == LINT_ALL_BRANCHES)
        lint_branches(lint);
}

GPtrArray *template_lint(const Templates *templates, const char *id,
                         const char *const *known, LintDepth depth, Instant now)
{
    Lint lint = {.template = g_hash_table_lookup(templates->all, id),
                 .known = known,
                 .now = now,
                 .findings = g_ptr_array_new_with_free_func(
                     (GDestroyNotify)template_finding_free)};
    if (lint.template)
        check_template(&lint, depth);
    else
        LINT_ERROR(&lint, id, 0, 0, "there is no such template");
    g_ptr_array_sort(lint.findings, compare_findings);
    return lint.findings;
}
