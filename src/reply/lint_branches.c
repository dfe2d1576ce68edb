/*
 * The letter as its readers get it: expanded with stand-ins for the words, in
 * every branch of its claims and, for each, with the other sections all
 * there, all absent, and each one otherwise.
 */
#include "reply/lint.h"

#include "reply/refill.h"

#include <string.h>

#define SECTIONS_MAX  32 /* of a letter; more are taken as absent */
#define CLAIMS_MAX    6  /* of these every combination is tried */
#define STAND_IN      "192.0.2.77"
#define ADDRESS_WORD  "incident.address"
#define FIRST_LINES   4 /* salutation, empty line, two of text */
#define MEMBER        "Example Town Library"
#define MEMBER_WORD   "member.name"
#define PROGRAM_BLOCK "program"

typedef struct {
    Lint *lint;
    const char *sections[SECTIONS_MAX]; /* claims first */
    guint section_count, claim_count;
    uint32_t truths;
    guint most_words;
    bool is_about_address;              /* it names an address anywhere */
    bool says_program, answers_at_once; /* in all branches so far */
    uint32_t phrases_told;              /* of lint_phrases.c */
    GHashTable *seen; /* each text, to its Look: many branches say the same */
} Branches;

typedef struct {
    char *folded; /* for lint_phrases() */
    size_t more_at;
    guint words; /* before that */
} Look;

static void look_free(void *data)
{
    Look *look = data;
    g_free(look->folded);
    g_free(look);
}

static const char *text_of(void *data, const char *word)
{
    return g_str_equal(word, ADDRESS_WORD)  ? STAND_IN
           : g_str_equal(word, MEMBER_WORD) ? MEMBER
                                            : "x";
}

static int truth_of(void *data, const char *word)
{
    const Branches *branches = data;
    for (guint i = 0; i < branches->section_count; i++)
        if (g_str_equal(branches->sections[i], word))
            return (branches->truths >> i) & 1;
    return 0;
}

static guint count_words(const char *text, size_t length)
{
    const char *signature = g_strstr_len(text, (gssize)length, "\n-- \n");
    const char *end = signature ? signature : text + length;
    bool in_word = false;
    guint count = 0;
    for (const char *at = text; at < end; at++) {
        bool was_in_word = in_word;
        in_word = *at != ' ' && *at != '\t' && *at != '\n';
        count += in_word && !was_in_word;
    }
    return count;
}

/* "Hello," on a line of its own with an empty one below. */
static bool is_salutation(char *const *lines)
{
    size_t length = strlen(lines[0]);
    return length > 0 && strchr(",!:", lines[0][length - 1]) && lines[1] &&
           !*lines[1];
}

/* What its first lines come from, as a reader gets them: filling paragraphs
 * anew moves nothing from one to another. */
static char *beginning_new(const char *raw)
{
    const char *end = raw;
    for (guint i = 0; end && i < FIRST_LINES; i++) {
        end = strstr(end, "\n\n");
        end = end ? end + strspn(end, "\n") : NULL;
    }
    g_autofree char *start =
        end ? g_strndup(raw, (gsize)(end - raw)) : g_strdup(raw);
    return refill_new(start);
}

/* A letter about an address names it in its first two lines; one that answers
 * a question says there for whom it speaks. */
static bool names_at_once(const char *body, const char *words)
{
    g_auto(GStrv) lines = g_strsplit(body, "\n", FIRST_LINES + 1);
    char **at = is_salutation(lines) ? lines + 2 : lines;
    for (guint i = 0; i < 2 && *at; i++, at++)
        if (strstr(*at, words))
            return true;
    return false;
}

static bool claim_is_true(const void *data, const char *claim)
{
    g_autofree char *word = g_strconcat("claim.", claim, NULL);
    return truth_of((void *)data, word) == 1;
}

/* Takes the text. */
static const Look *look_at_text(Branches *branches, char *raw, size_t more_at)
{
    g_autofree char *beginning = beginning_new(raw);
    branches->answers_at_once &=
        names_at_once(beginning, STAND_IN) ||
        (!branches->is_about_address && names_at_once(beginning, MEMBER));
    Look *look = g_new(Look, 1);
    *look = (Look){
        .folded = lint_phrases_fold(raw),
        .more_at = more_at,
        .words = count_words(raw, more_at),
    };
    branches->says_program &= strstr(look->folded, "program") != NULL;
    branches->most_words = MAX(branches->most_words, look->words);
    g_hash_table_replace(branches->seen, raw, look);
    return look;
}

static void look_at_branch(Branches *branches)
{
    const Template *template = branches->lint->template;
    TemplateValues values = {
        .text = text_of, .truth = truth_of, .data = branches};
    size_t more_at;
    g_autoptr(GError) cause = NULL;
    g_autofree char *raw = mustache_expand(
        template->body, &values, template_block, template, &more_at, &cause);
    if (!raw) {
        LINT_ERROR(branches->lint, template->file, template->body_line, 1,
                   "does not expand: %s", cause->message);
        return;
    }
    const Look *look = g_hash_table_lookup(branches->seen, raw);
    if (!look || look->more_at != more_at)
        look = look_at_text(branches, g_steal_pointer(&raw), more_at);
    lint_phrases(branches->lint, look->folded, claim_is_true, branches,
                 &branches->phrases_told);
}

/* Sections of the whole letter, each once; claims are put in front. */
static void collect_sections(Branches *branches, const GPtrArray *parts,
                             bool claims)
{
    for (guint i = 0; i < parts->len; i++) {
        const Mustache *part = parts->pdata[i];
        for (guint j = 0; j < part->nodes->len; j++) {
            const MustacheNode *node =
                &g_array_index(part->nodes, MustacheNode, j);
            bool is_section =
                node->kind == NODE_SECTION || node->kind == NODE_INVERTED;
            if (!is_section ||
                claims != g_str_has_prefix(node->text, "claim.") ||
                branches->section_count == SECTIONS_MAX)
                continue;
            bool is_new = true;
            for (guint k = 0; k < branches->section_count; k++)
                is_new &= !g_str_equal(branches->sections[k], node->text);
            if (is_new)
                branches->sections[branches->section_count++] = node->text;
        }
    }
    if (claims)
        branches->claim_count = MIN(branches->section_count, CLAIMS_MAX);
}

static void look_at_all(Branches *branches)
{
    uint32_t claim_bits = (1u << branches->claim_count) - 1;
    uint32_t all = (uint32_t)((UINT64_C(1) << branches->section_count) - 1);
    for (uint32_t claims = 0; claims <= claim_bits; claims++)
        for (uint32_t others = 0; others < 2; others++) {
            uint32_t base = claims | (others ? all & ~claim_bits : 0);
            branches->truths = base;
            look_at_branch(branches);
            for (guint i = branches->claim_count; i < branches->section_count;
                 i++) {
                branches->truths = base ^ (1u << i);
                look_at_branch(branches);
            }
        }
}

static bool uses_program_block(const Template *template, const GPtrArray *parts)
{
    const Mustache *block = template_block(template, PROGRAM_BLOCK);
    return block && g_ptr_array_find((GPtrArray *)parts, block, NULL);
}

void lint_branches(Lint *lint)
{
    const Template *template = lint->template;
    g_autoptr(GPtrArray) parts = lint_parts(template);
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, look_free);
    Branches branches = {.lint = lint,
                         .says_program = true,
                         .answers_at_once = true,
                         .seen = seen};
    branches.is_about_address = template_uses_word(template, ADDRESS_WORD);
    collect_sections(&branches, parts, true);
    collect_sections(&branches, parts, false);
    look_at_all(&branches);
    if (!branches.answers_at_once)
        LINT_ERROR(lint, template->file, template->body_line, 1,
                   "the first two lines do not name {{%s}} in every branch",
                   branches.is_about_address ? ADDRESS_WORD : MEMBER_WORD);
    if (!branches.says_program && !uses_program_block(template, parts))
        LINT_ERROR(lint, template->file, template->body_line, 1,
                   "nowhere says that a program wrote it; {{> %s}} does",
                   PROGRAM_BLOCK);
    if (branches.most_words > TEMPLATE_WORDS_MAX)
        LINT_WARNING(lint, template->file, template->body_line, 1,
                     "up to %u words before {{! more }}, %d are enough",
                     branches.most_words, TEMPLATE_WORDS_MAX);
}
