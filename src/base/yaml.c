/*
 * yaml.c - libfyaml's events made into our own small tree.
 *
 * Events and not libfyaml's document: the document compares every key of a
 * mapping with every other (6,400 keys take seconds), and we want both places
 * of a duplicate, limits that bite while reading, and no aliases at all (the
 * "billion laughs" need them). A stack of at most YAML_DEPTH_MAX open nodes
 * stands in for recursion.
 */
#include "base/yaml.h"

#include "base/errors.h"
#include "base/files.h"
#include "base/log.h"

#include <libfyaml.h>
#include <string.h>

/* An open mapping or list; the tree owns the node. */
typedef struct {
    YamlNode *node;
    GHashTable *seen; /* MAP: key text to its YamlNode, borrowed */
    YamlNode *key;    /* MAP: the key whose value comes next; owned */
} Level;

typedef struct {
    const char *file;
    GPtrArray *errors;
    YamlNode *root;
    Level levels[YAML_DEPTH_MAX];
    guint depth, nodes;
    int line, column; /* of the last thing with a place */
} Builder;

static void yaml_node_free(YamlNode *node)
{
    if (!node)
        return;
    g_free(node->text);
    g_clear_pointer(&node->items, g_ptr_array_unref);
    g_clear_pointer(&node->keys, g_ptr_array_unref);
    g_free(node);
}

static void node_free(gpointer node)
{
    yaml_node_free(node);
}

static YamlNode *node_new(YamlKind kind, int line, int column)
{
    YamlNode *node = g_new0(YamlNode, 1);
    *node = (YamlNode){.kind = kind, .line = line, .column = column};
    if (kind != YAML_TEXT)
        node->items = g_ptr_array_new_with_free_func(node_free);
    if (kind == YAML_MAP)
        node->keys = g_ptr_array_new_with_free_func(node_free);
    return node;
}

void yaml_file_free(YamlFile *file)
{
    if (!file)
        return;
    yaml_node_free(file->root);
    g_free(file->file);
    g_free(file);
}

void yaml_complain(GPtrArray *errors, const char *file, int line, int column,
                   const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *words = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    char *text =
        line > 0 ? g_strdup_printf("%s:%d:%d: %s", file, line, column, words)
                 : g_strdup_printf("%s: %s", file, words);
    g_ptr_array_add(errors, text);
}

#define COMPLAIN(builder, ...)                                                 \
    yaml_complain((builder)->errors, (builder)->file, (builder)->line,         \
                  (builder)->column, __VA_ARGS__)

/* Remember where we are; tokens that were not written have no place. */
static void move_to(Builder *builder, struct fy_token *token)
{
    const struct fy_mark *mark = token ? fy_token_start_mark(token) : NULL;
    if (!mark)
        return;
    builder->line = mark->line + 1;
    builder->column = mark->column + 1;
}

static Level *top(Builder *builder)
{
    return builder->depth > 0 ? &builder->levels[builder->depth - 1] : NULL;
}

/* A scalar in the place of a key. Takes node over. */
static bool take_key(Builder *builder, Level *level, YamlNode *node)
{
    level->key = node;
    if (g_str_equal(node->text, "<<") && !node->is_quoted) {
        COMPLAIN(builder, "merge keys (<<) are not used here. Write the "
                          "settings out.");
        return false;
    }
    const YamlNode *first = g_hash_table_lookup(level->seen, node->text);
    if (first) {
        g_autofree char *shown = foreign_text(node->text, 60);
        COMPLAIN(builder, "\"%s\" is there twice: in lines %d and %d.", shown,
                 first->line, node->line);
    } else {
        g_hash_table_insert(level->seen, node->text, node);
    }
    return true;
}

/* Hang a node where it belongs. */
static void hang(Builder *builder, YamlNode *node)
{
    Level *level = top(builder);
    if (!level)
        builder->root = node;
    else if (level->node->kind == YAML_MAP)
        g_ptr_array_add(level->node->keys, g_steal_pointer(&level->key));
    if (level)
        g_ptr_array_add(level->node->items, node);
}

static bool is_at_key(Builder *builder)
{
    const Level *level = top(builder);
    return level && level->node->kind == YAML_MAP && !level->key;
}

static bool on_scalar(Builder *builder, struct fy_token *value)
{
    size_t length = 0;
    const char *text = value ? fy_token_get_text(value, &length) : NULL;
    for (size_t i = 0; i < length; i++)
        if (((unsigned char)text[i] < 0x20 && text[i] != '\n') ||
            text[i] == 0x7f) {
            COMPLAIN(builder, "a control character (0x%02x) is not text.",
                     (unsigned char)text[i]);
            return false;
        }
    YamlNode *node = node_new(YAML_TEXT, builder->line, builder->column);
    node->text = g_strndup(text ? text : "", length);
    enum fy_scalar_style style =
        value ? fy_scalar_token_get_style(value) : FYSS_PLAIN;
    node->is_quoted = style != FYSS_PLAIN;
    if (style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED)
        node->column--; /* its mark is behind the quote */
    if (is_at_key(builder))
        return take_key(builder, top(builder), node);
    hang(builder, node);
    return true;
}

static bool on_open(Builder *builder, YamlKind kind)
{
    if (is_at_key(builder)) {
        COMPLAIN(builder, "a key must be a word, not a list or a mapping.");
        return false;
    }
    if (builder->depth == YAML_DEPTH_MAX) {
        COMPLAIN(builder, "nested more than %d deep.", YAML_DEPTH_MAX);
        return false;
    }
    YamlNode *node = node_new(kind, builder->line, builder->column);
    hang(builder, node);
    Level *level = &builder->levels[builder->depth++];
    *level = (Level){.node = node};
    if (kind == YAML_MAP)
        level->seen = g_hash_table_new(g_str_hash, g_str_equal);
    return true;
}

static void close_level(Builder *builder)
{
    Level *level = &builder->levels[--builder->depth];
    g_clear_pointer(&level->seen, g_hash_table_unref);
    g_clear_pointer(&level->key, yaml_node_free);
}

/* Anything by which a file says something other than what stands there. */
static bool refuse(Builder *builder, struct fy_token *anchor,
                   struct fy_token *tag)
{
    if (anchor) {
        move_to(builder, anchor);
        COMPLAIN(builder, "anchors (&name) are not used here. Write the value "
                          "out, or in quotes if it begins with \"&\".");
        return true;
    }
    if (tag) {
        move_to(builder, tag);
        COMPLAIN(builder, "tags (!name) are not used here. Write the value in "
                          "quotes if it begins with \"!\".");
        return true;
    }
    return false;
}

/* One event of the parser; false stops the reading. */
static bool on_event(Builder *builder, const struct fy_event *event)
{
    switch (event->type) {
    case FYET_SCALAR:
        move_to(builder, event->scalar.value);
        return !refuse(builder, event->scalar.anchor, event->scalar.tag) &&
               on_scalar(builder, event->scalar.value);
    case FYET_SEQUENCE_START:
        move_to(builder, event->sequence_start.sequence_start);
        return !refuse(builder, event->sequence_start.anchor,
                       event->sequence_start.tag) &&
               on_open(builder, YAML_LIST);
    case FYET_MAPPING_START:
        move_to(builder, event->mapping_start.mapping_start);
        return !refuse(builder, event->mapping_start.anchor,
                       event->mapping_start.tag) &&
               on_open(builder, YAML_MAP);
    case FYET_SEQUENCE_END:
    case FYET_MAPPING_END:
        close_level(builder);
        return true;
    case FYET_ALIAS:
        move_to(builder, event->alias.anchor);
        COMPLAIN(builder, "aliases (*name) are not used here. Write the value "
                          "out, or in quotes if it begins with \"*\".");
        return false;
    case FYET_DOCUMENT_START:
        move_to(builder, event->document_start.document_start);
        if (builder->root)
            COMPLAIN(builder, "a second document (---) is not read. Put it "
                              "into a file of its own.");
        return builder->root == NULL;
    case FYET_NONE:
    case FYET_STREAM_START:
    case FYET_STREAM_END:
    case FYET_DOCUMENT_END:
        return true;
    }
    g_assert_not_reached();
}

/* libfyaml's words (by their beginning) and ours for who never saw YAML. */
static const struct {
    const char *theirs, *ours;
} SYNTAX_WORDS[] = {
    {"invalid tab as indendation", "a tab cannot indent. Use blanks."},
    {"tab character may not", "a tab cannot indent. Use blanks."},
    {"invalid indentation in mapping",
     "the indentation fits no line above this one."},
    {"invalid nested block mapping",
     "a second \": \" in one line. Put the value in quotes."},
    {"flow sequence without", "a \"[\" above is not closed."},
    {"missing comma in flow", "a \"{\" or \"[\" above is not closed, or a "
                              "comma is missing."},
    {"double-quoted scalar without", "this quote (\") is not closed."},
    {"single-quoted scalar without", "this quote (') is not closed."},
    {"plain scalar cannot start",
     "a value cannot begin with this character. Put it in quotes."},
    {"invalid multiline plain key",
     "this line is no \"key: value\". Is the line above complete?"},
    {"invalid value after mapping",
     "a \"key: value\" is expected here. Is a colon missing?"},
    {"invalid trailing content", "nothing may follow the closing quote."},
};

/* What libfyaml found wrong; only its first, others follow from that. */
static void take_diagnostics(Builder *builder, struct fy_diag *diag)
{
    void *at = NULL;
    const struct fy_diag_error *found = fy_diag_errors_iterate(diag, &at);
    if (!found) {
        COMPLAIN(builder, "this is not YAML.");
        return;
    }
    builder->line = found->line;
    builder->column = found->column;
    for (size_t i = 0; i < G_N_ELEMENTS(SYNTAX_WORDS); i++)
        if (g_str_has_prefix(found->msg, SYNTAX_WORDS[i].theirs)) {
            COMPLAIN(builder, "%s", SYNTAX_WORDS[i].ours);
            return;
        }
    g_autofree char *words = foreign_text(found->msg, 200);
    COMPLAIN(builder, "%s.", words);
}

static bool read_events(Builder *builder, struct fy_parser *parser)
{
    for (;;) {
        struct fy_event *event = fy_parser_parse(parser);
        if (!event)
            return true; /* the end, or an error that the caller asks for */
        bool goes_on = ++builder->nodes <= YAML_NODES_MAX;
        if (!goes_on)
            COMPLAIN(builder, "more than %d entries.", YAML_NODES_MAX);
        goes_on = goes_on && on_event(builder, event);
        fy_parser_event_free(parser, event);
        if (!goes_on)
            return false;
    }
}

static bool build(Builder *builder, const char *text, size_t length)
{
    struct fy_diag_cfg diag_config;
    fy_diag_cfg_default(&diag_config);
    struct fy_diag *diag = fy_diag_create(&diag_config);
    g_assert(diag);
    fy_diag_set_collect_errors(diag, true);
    struct fy_parse_cfg config = {
        .flags = FYPCF_QUIET | FYPCF_COLLECT_DIAG | FYPCF_JSON_NONE |
                 FYPCF_DEFAULT_VERSION_1_2,
        .diag = diag,
    };
    struct fy_parser *parser = fy_parser_create(&config);
    g_assert(parser);
    bool good = fy_parser_set_string(parser, text, length) == 0 &&
                read_events(builder, parser);
    if (good && (fy_parser_get_stream_error(parser) || builder->depth > 0)) {
        take_diagnostics(builder, diag);
        good = false;
    }
    while (builder->depth > 0)
        close_level(builder);
    fy_parser_destroy(parser);
    fy_diag_destroy(diag);
    return good;
}

/* The first "%" that begins a line, or NULL. */
static const char *find_directive(const char *text, size_t length)
{
    const char *end = text + length;
    for (const char *at = text; at && at < end; at++) {
        if (*at == '%')
            return at;
        at = memchr(at, '\n', (size_t)(end - at));
        if (!at)
            return NULL;
    }
    return NULL;
}

static void complain_at(GPtrArray *errors, const char *file, const char *text,
                        const char *at, const char *words)
{
    int line = 1;
    const char *start = text;
    for (const char *walk = text; walk < at; walk++)
        if (*walk == '\n') {
            line++;
            start = walk + 1;
        }
    yaml_complain(errors, file, line, (int)g_utf8_strlen(start, at - start) + 1,
                  "%s", words);
}

/* Only UTF-8 text, not too much of it, and without directives: %YAML would
 * change what words mean, and libfyaml's time grows with the square of their
 * length (64 KiB take 12 s). */
static bool is_text(const char *file, const char *text, size_t length,
                    GPtrArray *errors)
{
    if (length > YAML_BYTES_MAX) {
        yaml_complain(errors, file, 0, 0, "larger than %d bytes.",
                      YAML_BYTES_MAX);
        return false;
    }
    const char *end = text;
    if (length > 0 && !g_utf8_validate_len(text, length, &end)) {
        complain_at(errors, file, text, end, "this byte is not UTF-8 text.");
        return false;
    }
    const char *directive = find_directive(text, length);
    if (directive)
        complain_at(errors, file, text, directive,
                    "directives (%YAML, %TAG) are not used here.");
    return !directive;
}

YamlFile *yaml_parse(const char *file, GBytes *bytes, GPtrArray *errors)
{
    size_t length;
    const char *text = g_bytes_get_data(bytes, &length);
    if (!is_text(file, text, length, errors))
        return NULL;
    Builder builder = {.file = file, .errors = errors, .line = 1, .column = 1};
    if (length > 0 && !build(&builder, text, length)) {
        yaml_node_free(builder.root);
        return NULL;
    }
    YamlNode *root = builder.root;
    if (root && root->kind == YAML_TEXT && !*root->text)
        g_clear_pointer(&root, yaml_node_free);
    YamlFile *read = g_new0(YamlFile, 1);
    read->file = g_strdup(file);
    read->root = root ? root : node_new(YAML_MAP, 1, 1);
    return read;
}

YamlFile *yaml_read(const char *path, GPtrArray *errors)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = file_read(path, YAML_BYTES_MAX, &error);
    if (!bytes) {
        g_ptr_array_add(errors, g_strdup(error->message));
        return NULL;
    }
    return yaml_parse(path, bytes, errors);
}

const YamlNode *yaml_get(const YamlNode *map, const char *key)
{
    g_assert(map->kind == YAML_MAP);
    for (guint i = 0; i < map->keys->len; i++) {
        const YamlNode *name = map->keys->pdata[i];
        if (g_str_equal(name->text, key))
            return map->items->pdata[i];
    }
    return NULL;
}

/* Words that other YAML readers take for a truth value or for nothing. */
static bool is_loaded_word(const char *text)
{
    static const char *const WORDS[] = {"true", "false", "yes", "no",   "on",
                                        "off",  "y",     "n",   "null", "~"};
    for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
        if (g_ascii_strcasecmp(text, WORDS[i]) == 0)
            return true;
    return false;
}

/* Letters, digits and marks without a meaning of their own, beginning with a
 * letter or digit; a colon or number sign inside only where YAML allows. */
static bool is_safe_plain(const char *text)
{
    if (!g_ascii_isalnum(*text) && (unsigned char)*text < 0x80 && *text != '/')
        return false;
    for (const char *at = text; *at; at++) {
        unsigned char c = (unsigned char)*at;
        if (c < 0x20 || c == 0x7f || strchr("\"'{}[],&*|>%`", c))
            return false;
        if (c == ':' && (!at[1] || at[1] == ' '))
            return false;
        if (c == '#' && at > text && at[-1] == ' ')
            return false;
        if (c == ' ' && !at[1])
            return false;
    }
    return !is_loaded_word(text);
}

char *yaml_scalar_new(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    if (is_safe_plain(valid))
        return g_steal_pointer(&valid);
    GString *quoted = g_string_new("\"");
    for (const char *at = valid; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        if (c == '"' || c == '\\')
            g_string_append_printf(quoted, "\\%c", (char)c);
        else if (c == '\n')
            g_string_append(quoted, "\\n");
        else if (c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 ||
                 c == 0x2029 || c == 0xfeff)
            g_string_append_printf(quoted, "\\u%04x", c);
        else
            g_string_append_unichar(quoted, c);
    }
    return g_string_free(g_string_append_c(quoted, '"'), FALSE);
}
