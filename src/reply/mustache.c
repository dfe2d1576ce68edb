/*
 * Problem: letters are written by people who are no programmers and go to
 * strangers in somebody's name. The language must be small enough to be
 * learned from one example, and it must be impossible for a value to become
 * template text, to loop, or to leave a hole in silence.
 *
 * Parsing cuts the text into a flat list of nodes in one pass; sections are
 * matched by a small stack and know the index of their end. Expanding walks
 * the list with an index and a stack of blocks (TEMPLATE_DEPTH_MAX), so
 * nothing recurses; every step is counted, since eight levels of blocks that
 * each name eight more would otherwise be sixteen million.
 *
 * Rejected: lists and nested contexts (letters speak of one case; a list is
 * a value that compose has already made), a block's indentation (letters are
 * refilled), HTML escaping (letters are plain text).
 */
#include "reply/mustache.h"

#include "base/errors.h"

#include <string.h>

typedef struct {
    const char *file;
    const char *at, *line_start;
    int line;
    int shift; /* columns of the file before the line that is read */
    GArray *nodes;
    guint open[TEMPLATE_DEPTH_MAX * 2]; /* indices of open sections */
    guint open_count;
} Parser;

static void node_clear(void *data)
{
    MustacheNode *node = data;
    g_free(node->text);
}

void mustache_free(Mustache *mustache)
{
    if (!mustache)
        return;
    g_array_unref(mustache->nodes);
    g_free(mustache->file);
    g_free(mustache);
}

static bool fail_at(const char *file, int line, int column, GError **error,
                    const char *format, ...) G_GNUC_PRINTF(5, 6);
static bool fail_at(const char *file, int line, int column, GError **error,
                    const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *words = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID, "%s:%d:%d: %s", file,
                line, column, words);
    return false;
}

static int column_at(const Parser *parser, const char *at)
{
    return (int)(at - parser->line_start) + 1 + parser->shift;
}

static bool add_node(Parser *parser, NodeKind kind, char *text, const char *at,
                     GError **error)
{
    MustacheNode node = {.kind = kind,
                         .text = text,
                         .line = parser->line,
                         .column = column_at(parser, at)};
    g_array_append_val(parser->nodes, node);
    return parser->nodes->len <= MUSTACHE_NODES_MAX ||
           fail_at(parser->file, node.line, node.column, error,
                   "more than %d tags and texts", MUSTACHE_NODES_MAX);
}

/* Go on to end, counting lines. */
static void skip_to(Parser *parser, const char *end)
{
    for (; parser->at < end; parser->at++)
        if (*parser->at == '\n') {
            parser->line++;
            parser->line_start = parser->at + 1;
            parser->shift = 0;
        }
}

static bool add_text(Parser *parser, const char *end, GError **error)
{
    const char *start = parser->at;
    if (start == end)
        return true;
    bool added = add_node(parser, NODE_TEXT, g_strndup(start, end - start),
                          start, error);
    skip_to(parser, end);
    return added;
}

static bool word_is_valid(const char *word)
{
    size_t length = strlen(word);
    if (length == 0 || length > MUSTACHE_WORD_MAX)
        return false;
    for (const char *at = word; *at; at++)
        if (!g_ascii_isalnum(*at) && !strchr(".-_", *at))
            return false;
    return true;
}

static bool close_section(Parser *parser, const char *word, const char *at,
                          GError **error)
{
    int column = column_at(parser, at);
    if (parser->open_count == 0)
        return fail_at(parser->file, parser->line, column, error,
                       "{{/%s}} closes nothing", word);
    guint opened = parser->open[--parser->open_count];
    MustacheNode *node = &g_array_index(parser->nodes, MustacheNode, opened);
    if (!g_str_equal(node->text, word))
        return fail_at(parser->file, parser->line, column, error,
                       "{{/%s}} stands where {{/%s}} (opened in line %d) "
                       "is due",
                       word, node->text, node->line);
    node->jump = parser->nodes->len;
    return add_node(parser, NODE_END, NULL, at, error);
}

static bool open_section(Parser *parser, NodeKind kind, char *word,
                         const char *at, GError **error)
{
    if (parser->open_count == G_N_ELEMENTS(parser->open)) {
        g_free(word);
        return fail_at(parser->file, parser->line, column_at(parser, at), error,
                       "more than %zu sections in one another",
                       G_N_ELEMENTS(parser->open));
    }
    parser->open[parser->open_count++] = parser->nodes->len;
    return add_node(parser, kind, word, at, error);
}

/* One tag from its sigil and word. */
static bool add_tag(Parser *parser, char sigil, const char *content,
                    const char *at, GError **error)
{
    g_autofree char *word = g_strstrip(g_strdup(content));
    int column = column_at(parser, at);
    if (sigil == '!')
        return !g_str_equal(word, MUSTACHE_MORE) ||
               add_node(parser, NODE_MORE, NULL, at, error);
    if (sigil == '{' || sigil == '&' || sigil == '=')
        return fail_at(parser->file, parser->line, column, error,
                       "{{%c is not used here: plain {{word}} puts the "
                       "value in as it is",
                       sigil);
    if (!word_is_valid(word))
        return fail_at(parser->file, parser->line, column, error,
                       "\"%.*s\" is no word: letters, digits, dots and "
                       "hyphens, at most %d",
                       MUSTACHE_WORD_MAX, word, MUSTACHE_WORD_MAX);
    switch (sigil) {
    case '/':
        return close_section(parser, word, at, error);
    case '#':
        return open_section(parser, NODE_SECTION, g_steal_pointer(&word), at,
                            error);
    case '^':
        return open_section(parser, NODE_INVERTED, g_steal_pointer(&word), at,
                            error);
    case '>':
        return add_node(parser, NODE_BLOCK, g_steal_pointer(&word), at, error);
    default:
        return add_node(parser, NODE_WORD, g_steal_pointer(&word), at, error);
    }
}

/* If only blanks stand beside the tag on its line: where the next line
 * begins; else NULL. *before: where the blanks before it begin. */
static const char *lone_line_end(const char *line_start, const char *tag,
                                 const char *end, const char **before)
{
    const char *start = tag;
    while (start > line_start && (start[-1] == ' ' || start[-1] == '\t'))
        start--;
    if (start != line_start)
        return NULL;
    while (*end == ' ' || *end == '\t' || *end == '\r')
        end++;
    if (*end && *end != '\n')
        return NULL;
    *before = start;
    return *end ? end + 1 : end;
}

static bool parse_tag(Parser *parser, const char *tag, GError **error)
{
    const char *close = strstr(tag + 2, "}}");
    if (!close) {
        skip_to(parser, tag);
        return fail_at(parser->file, parser->line, column_at(parser, tag),
                       error, "{{ without }}");
    }
    const char *line = memrchr(parser->at, '\n', tag - parser->at);
    char sigil = tag[2] && strchr("#^/>!{&=", tag[2]) ? tag[2] : 0;
    const char *from = MIN(tag + 2 + (sigil != 0), close);
    g_autofree char *content = g_strndup(from, close - from);
    const char *before = tag;
    const char *next = NULL;
    if (sigil && sigil != '>')
        next = lone_line_end(line ? line + 1 : parser->line_start, tag,
                             close + 2, &before);
    if (!add_text(parser, before, error) ||
        !add_tag(parser, sigil, content, tag, error))
        return false;
    skip_to(parser, next ? next : close + 2);
    return true;
}

static bool parse_all(Parser *parser, GError **error)
{
    const char *tag;
    while ((tag = strstr(parser->at, "{{")))
        if (!parse_tag(parser, tag, error))
            return false;
    if (!add_text(parser, parser->at + strlen(parser->at), error))
        return false;
    if (parser->open_count == 0)
        return true;
    const MustacheNode *node = &g_array_index(
        parser->nodes, MustacheNode, parser->open[parser->open_count - 1]);
    return fail_at(parser->file, node->line, node->column, error,
                   "the section \"%s\" is not closed", node->text);
}

Mustache *mustache_parse(const char *file, const char *text, int first_line,
                         int first_column, GError **error)
{
    g_autoptr(Mustache) mustache = g_new0(Mustache, 1);
    mustache->file = g_strdup(file);
    mustache->nodes = g_array_new(FALSE, FALSE, sizeof(MustacheNode));
    g_array_set_clear_func(mustache->nodes, node_clear);
    Parser parser = {.file = file,
                     .at = text,
                     .line_start = text,
                     .line = first_line,
                     .shift = first_column - 1,
                     .nodes = mustache->nodes};
    return parse_all(&parser, error) ? g_steal_pointer(&mustache) : NULL;
}

/* ---- expanding -------------------------------------------------------- */

typedef struct {
    const Mustache *mustache;
    guint next;
} Frame;

typedef struct {
    const TemplateValues *values;
    MustacheBlock block;
    const void *block_data;
    Frame frames[TEMPLATE_DEPTH_MAX];
    guint depth; /* frames in use */
    guint steps;
    GString *out;
    size_t more_at;
} Expansion;

static bool put_word(Expansion *expansion, const char *file,
                     const MustacheNode *node, GError **error)
{
    const TemplateValues *values = expansion->values;
    const char *text = values->text(values->data, node->text);
    if (!text)
        return fail_at(file, node->line, node->column, error,
                       "no such word: {{%s}}", node->text);
    if (!*text)
        return fail_at(file, node->line, node->column, error,
                       "{{%s}} has no value here; put the sentence into "
                       "{{#%s}}...{{/%s}}",
                       node->text, node->text, node->text);
    g_string_append(expansion->out, text);
    return true;
}

/* Enter the section or jump over it. */
static bool put_section(Expansion *expansion, Frame *frame,
                        const MustacheNode *node, GError **error)
{
    const TemplateValues *values = expansion->values;
    int truth = values->truth(values->data, node->text);
    if (truth < 0)
        return fail_at(frame->mustache->file, node->line, node->column, error,
                       "no such word: {{%c%s}}",
                       node->kind == NODE_SECTION ? '#' : '^', node->text);
    if ((truth == 1) != (node->kind == NODE_SECTION))
        frame->next = node->jump + 1;
    return true;
}

static bool put_block(Expansion *expansion, const char *file,
                      const MustacheNode *node, GError **error)
{
    const Mustache *block =
        expansion->block ? expansion->block(expansion->block_data, node->text)
                         : NULL;
    if (!block)
        return fail_at(file, node->line, node->column, error,
                       "there is no block \"%s\" in this language", node->text);
    if (expansion->depth == TEMPLATE_DEPTH_MAX)
        return fail_at(file, node->line, node->column, error,
                       "blocks in blocks, more than %d deep",
                       TEMPLATE_DEPTH_MAX);
    expansion->frames[expansion->depth++] = (Frame){.mustache = block};
    return true;
}

static bool expand_node(Expansion *expansion, GError **error)
{
    Frame *frame = &expansion->frames[expansion->depth - 1];
    const Mustache *mustache = frame->mustache;
    if (frame->next == mustache->nodes->len) {
        expansion->depth--;
        return true;
    }
    const MustacheNode *node =
        &g_array_index(mustache->nodes, MustacheNode, frame->next++);
    if (++expansion->steps > MUSTACHE_STEPS_MAX ||
        expansion->out->len > MUSTACHE_OUT_MAX)
        return fail_at(mustache->file, node->line, node->column, error,
                       "the text grows beyond all bounds");
    switch (node->kind) {
    case NODE_TEXT:
        g_string_append(expansion->out, node->text);
        return true;
    case NODE_WORD:
        return put_word(expansion, mustache->file, node, error);
    case NODE_SECTION:
    case NODE_INVERTED:
        return put_section(expansion, frame, node, error);
    case NODE_BLOCK:
        return put_block(expansion, mustache->file, node, error);
    case NODE_MORE:
        expansion->more_at = MIN(expansion->more_at, expansion->out->len);
        return true;
    case NODE_END:
        return true;
    }
    g_assert_not_reached();
}

char *mustache_expand(const Mustache *mustache, const TemplateValues *values,
                      MustacheBlock block, const void *block_data,
                      size_t *more_at, GError **error)
{
    Expansion expansion = {.values = values,
                           .block = block,
                           .block_data = block_data,
                           .out = g_string_new(NULL),
                           .more_at = SIZE_MAX};
    expansion.frames[expansion.depth++] = (Frame){.mustache = mustache};
    while (expansion.depth > 0)
        if (!expand_node(&expansion, error)) {
            g_string_free(expansion.out, TRUE);
            return NULL;
        }
    if (more_at)
        *more_at = MIN(expansion.more_at, expansion.out->len);
    return g_string_free(expansion.out, FALSE);
}
