/*
 * libxml2's HTML parser calls us for each element and run of text; we build
 * no tree. It repairs tag soup, closes what was left open and decodes
 * entities; what remains is layout: blocks begin lines, cells are parted by
 * tabs, white space collapses except in <pre>, links show where they lead if
 * their text does not say so, and what a reader would not see is left out.
 *
 * libxml2 2.9 takes quadratic time on deep nesting (each end tag walks the
 * stack) and on many attributes in one tag. So a tag with over 100 attributes
 * is never shown to it, and at 200 levels we stop it; the rest of such a page
 * is stripped of its tags by a plain loop, and the part is flagged. The same
 * goes for what follows the first MiB: each oddity costs 0.3 us.
 */
#include "mail/html.h"

#include "mail/anchors.h"
#include "mail/html_span.h"
#include "mail/html_strip.h"

#include <libxml/HTMLparser.h>
#include <libxml/parserInternals.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define DEPTH_MAX      200
#define HREF_BYTES_MAX 2000
#define HTML_BYTES_MAX (1024 * 1024)

typedef struct {
    HtmlText *out;
    htmlParserCtxtPtr parser;
    int depth;      /* open elements */
    int skip_depth; /* depth of the outermost element not shown, or 0 */
    int pre;        /* open <pre> */
    bool wants_space;
    bool is_too_deep;
    size_t deep_at; /* where that was seen */
    size_t link_at; /* where the text of the open link begins */
    char *href;     /* of the open link, or NULL */
    Spans spans;    /* cells that stand for several rows */
} Page;

typedef enum {
    ELEMENT_INLINE,
    ELEMENT_BLOCK,     /* begins and ends a line */
    ELEMENT_PARAGRAPH, /* and is parted by an empty line */
    ELEMENT_BREAK,
    ELEMENT_CELL,
    ELEMENT_ITEM,
    ELEMENT_IMAGE,
    ELEMENT_LINK,
    ELEMENT_UNSEEN,
} Element;

static const struct {
    const char *name;
    Element element;
} elements[] = {
    {"a", ELEMENT_LINK},        {"address", ELEMENT_BLOCK},
    {"article", ELEMENT_BLOCK}, {"blockquote", ELEMENT_PARAGRAPH},
    {"br", ELEMENT_BREAK},      {"caption", ELEMENT_BLOCK},
    {"center", ELEMENT_BLOCK},  {"dd", ELEMENT_BLOCK},
    {"div", ELEMENT_BLOCK},     {"dl", ELEMENT_PARAGRAPH},
    {"dt", ELEMENT_BLOCK},      {"fieldset", ELEMENT_BLOCK},
    {"footer", ELEMENT_BLOCK},  {"form", ELEMENT_BLOCK},
    {"h1", ELEMENT_PARAGRAPH},  {"h2", ELEMENT_PARAGRAPH},
    {"h3", ELEMENT_PARAGRAPH},  {"h4", ELEMENT_PARAGRAPH},
    {"h5", ELEMENT_PARAGRAPH},  {"h6", ELEMENT_PARAGRAPH},
    {"head", ELEMENT_UNSEEN},   {"header", ELEMENT_BLOCK},
    {"hr", ELEMENT_BLOCK},      {"iframe", ELEMENT_UNSEEN},
    {"img", ELEMENT_IMAGE},     {"li", ELEMENT_ITEM},
    {"main", ELEMENT_BLOCK},    {"nav", ELEMENT_BLOCK},
    {"object", ELEMENT_UNSEEN}, {"ol", ELEMENT_PARAGRAPH},
    {"option", ELEMENT_BLOCK},  {"p", ELEMENT_PARAGRAPH},
    {"pre", ELEMENT_PARAGRAPH}, {"script", ELEMENT_UNSEEN},
    {"section", ELEMENT_BLOCK}, {"style", ELEMENT_UNSEEN},
    {"svg", ELEMENT_UNSEEN},    {"table", ELEMENT_PARAGRAPH},
    {"td", ELEMENT_CELL},       {"template", ELEMENT_UNSEEN},
    {"th", ELEMENT_CELL},       {"title", ELEMENT_UNSEEN},
    {"tr", ELEMENT_BLOCK},      {"ul", ELEMENT_PARAGRAPH},
};

static Element element_of(const char *name)
{
    size_t low = 0, high = G_N_ELEMENTS(elements);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, elements[middle].name);
        if (order == 0)
            return elements[middle].element;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return ELEMENT_INLINE;
}

static char last_char(const Page *page)
{
    const GString *text = page->out->text;
    return text->len > 0 ? text->str[text->len - 1] : '\n';
}

static size_t source_at(const Page *page)
{
    const xmlParserInput *input = page->parser->input;
    return input ? input->consumed + (size_t)(input->cur - input->base) : 0;
}

static void start_line(Page *page)
{
    GString *text = page->out->text;
    page->wants_space = false;
    while (text->len > 0 && last_char(page) == ' ')
        g_string_truncate(text, text->len - 1);
    if (last_char(page) != '\n')
        g_string_append_c(text, '\n');
}

static void start_paragraph(Page *page)
{
    start_line(page);
    size_t length = page->out->text->len;
    if (length > 1 && page->out->text->str[length - 2] != '\n')
        g_string_append_c(page->out->text, '\n');
}

/* Bytes of a character at `at` that nobody sees (soft hyphen, zero width
 * space, word joiner, byte order mark), or 0. */
static size_t unseen_length(const char *at, size_t left)
{
    if (left >= 2 && memcmp(at, "\xC2\xAD", 2) == 0)
        return 2;
    if (left >= 3 && (memcmp(at, "\xE2\x80\x8B", 3) == 0 ||
                      memcmp(at, "\xE2\x81\xA0", 3) == 0 ||
                      memcmp(at, "\xEF\xBB\xBF", 3) == 0))
        return 3;
    return 0;
}

static void append_char(Page *page, const char *at, size_t from)
{
    GString *text = page->out->text;
    if (page->wants_space && last_char(page) != '\n' && last_char(page) != '\t')
        g_string_append_c(text, ' ');
    page->wants_space = false;
    if (last_char(page) == '\n')
        anchors_add(page->out->anchors, text->len, from);
    g_string_append_c(text, *at);
}

static void append_text(Page *page, const char *text, size_t length,
                        size_t from)
{
    for (size_t i = 0; i < length;) {
        size_t unseen = unseen_length(text + i, length - i);
        bool is_nbsp = i + 1 < length && memcmp(text + i, "\xC2\xA0", 2) == 0;
        if (unseen > 0) {
            i += unseen;
            continue;
        }
        if (page->pre > 0 &&
            (text[i] == '\n' || text[i] == '\t' || text[i] == ' '))
            append_char(page, text + i, from + i);
        else if (is_nbsp || strchr(" \t\n\r\f", text[i]))
            page->wants_space = true;
        else
            append_char(page, text + i, from + i);
        i += is_nbsp ? 2 : 1;
    }
}

static void take_characters(void *data, const xmlChar *text, int length)
{
    Page *page = data;
    size_t at = source_at(page);
    if (page->skip_depth == 0 && length > 0)
        append_text(page, (const char *)text, (size_t)length,
                    at > (size_t)length ? at - (size_t)length : 0);
}

static const char *attribute(const xmlChar **attributes, const char *name)
{
    for (; attributes && attributes[0]; attributes += 2)
        if (strcmp((const char *)attributes[0], name) == 0)
            return attributes[1] ? (const char *)attributes[1] : "";
    return NULL;
}

static bool is_hidden(const xmlChar **attributes)
{
    if (attribute(attributes, "hidden"))
        return true;
    const char *style = attribute(attributes, "style");
    if (!style)
        return false;
    char plain[512];
    size_t length = 0;
    for (; *style && length < sizeof plain - 1; style++)
        if (*style != ' ' && *style != '\t' && *style != '\n')
            plain[length++] = g_ascii_tolower(*style);
    plain[length] = '\0';
    return strstr(plain, "display:none") || strstr(plain, "visibility:hidden");
}

static void open_link(Page *page, const xmlChar **attributes)
{
    const char *href = attribute(attributes, "href");
    g_clear_pointer(&page->href, g_free);
    page->link_at = page->out->text->len;
    if (href && strlen(href) <= HREF_BYTES_MAX)
        page->href = g_strstrip(g_strdup(href));
}

/* "https://example.org/" and "example.org" say the same. */
static bool says_the_same(const char *text, const char *href)
{
    static const char *const schemes[] = {"https://", "http://",
                                          "mailto:", "tel:"};
    for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++) {
        size_t length = strlen(schemes[i]);
        if (g_ascii_strncasecmp(href, schemes[i], length) == 0)
            href += length;
        if (g_ascii_strncasecmp(text, schemes[i], length) == 0)
            text += length;
    }
    size_t text_length = strlen(text), href_length = strlen(href);
    if (href_length > 0 && href[href_length - 1] == '/')
        href_length--;
    if (text_length > 0 && text[text_length - 1] == '/')
        text_length--;
    return text_length == href_length &&
           g_ascii_strncasecmp(text, href, text_length) == 0;
}

static void close_link(Page *page)
{
    g_autofree char *href = g_steal_pointer(&page->href);
    GString *text = page->out->text;
    if (!href || page->skip_depth > 0 || text->len <= page->link_at ||
        !(g_ascii_strncasecmp(href, "http", 4) == 0 ||
          g_ascii_strncasecmp(href, "mailto:", 7) == 0 ||
          g_ascii_strncasecmp(href, "ftp", 3) == 0))
        return;
    g_autofree char *shown = g_strdup(text->str + page->link_at);
    if (!says_the_same(g_strstrip(shown), href) && !strpbrk(href, "<> \t\r\n"))
        g_string_append_printf(text, " <%s>", href);
}

static void part_cells(Page *page)
{
    page->wants_space = false;
    if (last_char(page) != '\n')
        g_string_append_c(page->out->text, '\t');
}

/* Cells of rows above that stand at this place of the row, too. */
static void repeat_cells(Page *page)
{
    const char *text;
    while ((text = spans_take(&page->spans))) {
        part_cells(page);
        append_text(page, text, strlen(text), source_at(page));
    }
}

/* Where a table, a row or a cell begins. */
static void note_table(Page *page, const char *name, const xmlChar **attributes)
{
    if (strcmp(name, "table") == 0)
        spans_clear(&page->spans);
    else if (strcmp(name, "tr") == 0)
        spans_begin_row(&page->spans);
    else if (strcmp(name, "td") == 0 || strcmp(name, "th") == 0)
        spans_begin_cell(&page->spans, attribute(attributes, "rowspan"),
                         attribute(attributes, "colspan"),
                         page->out->text->len);
}

static void lay_out(Page *page, Element element, const xmlChar **attributes)
{
    switch (element) {
    case ELEMENT_BLOCK:
        start_line(page);
        break;
    case ELEMENT_ITEM:
        start_line(page);
        append_text(page, "- ", 2, source_at(page));
        break;
    case ELEMENT_PARAGRAPH:
        start_paragraph(page);
        break;
    case ELEMENT_BREAK:
        page->wants_space = false;
        g_string_append_c(page->out->text, '\n');
        break;
    case ELEMENT_CELL:
        repeat_cells(page);
        part_cells(page);
        break;
    case ELEMENT_IMAGE: {
        const char *alt = attribute(attributes, "alt");
        if (alt)
            append_text(page, alt, strlen(alt), source_at(page));
        break;
    }
    case ELEMENT_LINK:
        open_link(page, attributes);
        break;
    case ELEMENT_INLINE:
    case ELEMENT_UNSEEN:
        break;
    }
}

static void start_element(void *data, const xmlChar *name,
                          const xmlChar **attributes)
{
    Page *page = data;
    Element element = element_of((const char *)name);
    if (++page->depth > DEPTH_MAX) {
        page->is_too_deep = true;
        page->deep_at = source_at(page);
        xmlStopParser(page->parser);
        return;
    }
    page->pre += strcmp((const char *)name, "pre") == 0;
    if (page->skip_depth == 0 &&
        (element == ELEMENT_UNSEEN || is_hidden(attributes)))
        page->skip_depth = page->depth;
    if (page->skip_depth > 0)
        return;
    lay_out(page, element, attributes);
    note_table(page, (const char *)name, attributes);
}

static void end_element(void *data, const xmlChar *name)
{
    Page *page = data;
    Element element = element_of((const char *)name);
    page->pre -= page->pre > 0 && strcmp((const char *)name, "pre") == 0;
    if (page->skip_depth == page->depth)
        page->skip_depth = 0;
    else if (page->skip_depth == 0 && element == ELEMENT_CELL)
        spans_end_cell(&page->spans, page->out->text);
    else if (page->skip_depth == 0 &&
             (element == ELEMENT_BLOCK || element == ELEMENT_ITEM)) {
        if (strcmp((const char *)name, "tr") == 0)
            repeat_cells(page);
        start_line(page);
    } else if (page->skip_depth == 0 && element == ELEMENT_PARAGRAPH) {
        if (strcmp((const char *)name, "table") == 0)
            spans_clear(&page->spans);
        start_paragraph(page);
    } else if (element == ELEMENT_LINK)
        close_link(page);
    if (page->depth > 0)
        page->depth--;
}

static htmlParserCtxtPtr new_parser(const char *html, size_t length)
{
    htmlParserCtxtPtr parser = htmlCreateMemoryParserCtxt(html, (int)length);
    if (!parser)
        return NULL;
    htmlCtxtUseOptions(parser, HTML_PARSE_RECOVER | HTML_PARSE_NOERROR |
                                   HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                   HTML_PARSE_IGNORE_ENC);
    xmlSwitchEncoding(parser, XML_CHAR_ENCODING_UTF8);
    return parser;
}

/* False if the page was too deep; it is then stripped from there on. */
static bool parse(const char *html, size_t tame, size_t length, HtmlText *out)
{
    static htmlSAXHandler handler = {
        .startElement = start_element,
        .endElement = end_element,
        .characters = take_characters,
        .ignorableWhitespace = take_characters,
    };
    g_autofree char *clean = html_without_declarations(html, tame);
    Page page = {.out = out, .parser = new_parser(clean, tame)};
    g_assert(page.parser);
    htmlSAXHandlerPtr own = page.parser->sax;
    page.parser->sax = &handler;
    page.parser->userData = &page;
    htmlParseDocument(page.parser);
    size_t stopped_at = MIN(page.deep_at, tame);
    page.parser->sax = own;
    htmlFreeParserCtxt(page.parser);
    g_free(page.href);
    spans_clear(&page.spans);
    if (!page.is_too_deep)
        return true;
    out->flaw = "HTML too deep, tags stripped";
    html_strip(html, stopped_at, length, out);
    return false;
}

/* Where to cut a page that is too long: before a tag, or else before any
 * character. */
static size_t tame_length(const char *html, size_t length)
{
    if (length <= HTML_BYTES_MAX)
        return length;
    const char *tag = memrchr(html, '<', HTML_BYTES_MAX);
    if (tag && tag > html)
        return (size_t)(tag - html);
    length = HTML_BYTES_MAX;
    while (length > 0 && ((uint8_t)html[length] & 0xC0) == 0x80)
        length--;
    return length;
}

void html_to_text(const char *html, size_t length, HtmlText *out)
{
    *out = (HtmlText){.text = g_string_sized_new(length / 2 + 1),
                      .anchors = anchors_new()};
    size_t tame = tame_length(html, length);
    if (length == 0)
        return;
    if (!html_is_tame(html, tame)) {
        out->flaw = "HTML too odd, tags stripped";
        html_strip(html, 0, length, out);
    } else if (parse(html, tame, length, out) && tame < length) {
        out->flaw = "HTML too long, tags stripped";
        html_strip(html, tame, length, out);
    }
    while (out->text->len > 0 &&
           g_ascii_isspace(out->text->str[out->text->len - 1]))
        g_string_truncate(out->text, out->text->len - 1);
    const char *end;
    if (!g_utf8_validate_len(out->text->str, out->text->len, &end)) {
        g_autofree char *valid =
            g_utf8_make_valid(out->text->str, (gssize)out->text->len);
        g_string_assign(out->text, valid);
    }
}

void html_text_clear(HtmlText *text)
{
    if (text->text)
        g_string_free(g_steal_pointer(&text->text), true);
    g_clear_pointer(&text->anchors, g_array_unref);
}

void html_prepare(void)
{
    xmlInitParser();
}
