/*
 * The works a copyright notice says were copied.
 *
 * Only of mail about copyright: "Title:" is a word of many forms. Three ways:
 * elements of an XML notice (<Title>, <FileName>, <Hash>), lines "Title:
 * value" in a dozen languages, and magnet links with their btih. Each value
 * is one work; two names of one film are two rows, since nothing in a notice
 * says that they belong together. At most WORKS_MAX, more are flagged.
 *
 * An XML value's words are unescaped ("Tom &amp; Jerry" is shown as people
 * read it); its place is that of what stands in the mail.
 */
#include "report/judges.h"
#include "report/lines.h"

#include <string.h>

#define NAMES_LOOKED_AT 60 /* bytes of a label */
#define VALUE_BYTES_MAX 300
#define BTIH            "urn:btih:"

/* meaning: unused; weight: the WorkKind. Compared whole with a label. */
static const WordRow LABELS[] = {
    {"title", "", WORK_TITLE},
    {"titles", "", WORK_TITLE},
    {"work", "", WORK_TITLE},
    {"works", "", WORK_TITLE},
    {"work title", "", WORK_TITLE},
    {"title of work", "", WORK_TITLE},
    {"title of the work", "", WORK_TITLE},
    {"name of work", "", WORK_TITLE},
    {"infringed work", "", WORK_TITLE},
    {"infringed works", "", WORK_TITLE},
    {"infringing work", "", WORK_TITLE},
    {"infringing title", "", WORK_TITLE},
    {"infringement title", "", WORK_TITLE},
    {"infringed title", "", WORK_TITLE},
    {"copyrighted work", "", WORK_TITLE},
    {"copyrighted works", "", WORK_TITLE},
    {"original work", "", WORK_TITLE},
    {"protected work", "", WORK_TITLE},
    {"content title", "", WORK_TITLE},
    {"content name", "", WORK_TITLE},
    {"asset", "", WORK_TITLE},
    {"movie", "", WORK_TITLE},
    {"film", "", WORK_TITLE},
    {"song", "", WORK_TITLE},
    {"album", "", WORK_TITLE},
    {"torrent name", "", WORK_TITLE},
    {"titel", "", WORK_TITLE},
    {"werk", "", WORK_TITLE},
    {"werke", "", WORK_TITLE},
    {"werktitel", "", WORK_TITLE},
    {"titel des werks", "", WORK_TITLE},
    {"titel des werkes", "", WORK_TITLE},
    {"geschutztes werk", "", WORK_TITLE},
    {"verletztes werk", "", WORK_TITLE},
    {"filmtitel", "", WORK_TITLE},
    {"titre", "", WORK_TITLE},
    {"oeuvre", "", WORK_TITLE},
    {"titre de l'oeuvre", "", WORK_TITLE},
    {"titulo", "", WORK_TITLE},
    {"obra", "", WORK_TITLE},
    {"titulo de la obra", "", WORK_TITLE},
    {"titulo da obra", "", WORK_TITLE},
    {"obra protegida", "", WORK_TITLE},
    {"titolo", "", WORK_TITLE},
    {"opera", "", WORK_TITLE},
    {"titolo dell'opera", "", WORK_TITLE},
    {"titel van het werk", "", WORK_TITLE},
    {"tytul", "", WORK_TITLE},
    {"utwor", "", WORK_TITLE},
    {"tytul utworu", "", WORK_TITLE},
    {"nazev", "", WORK_TITLE},
    {"dilo", "", WORK_TITLE},
    {"nazev dila", "", WORK_TITLE},
    {"название", "", WORK_TITLE},
    {"произведение", "", WORK_TITLE},
    {"название произведения", "", WORK_TITLE},
    {"verk", "", WORK_TITLE},
    {"verkets titel", "", WORK_TITLE},
    {"eser", "", WORK_TITLE},
    {"eser adi", "", WORK_TITLE},
    {"baslik", "", WORK_TITLE},
    {"filename", "", WORK_FILE},
    {"file name", "", WORK_FILE},
    {"filenames", "", WORK_FILE},
    {"file", "", WORK_FILE},
    {"infringing file", "", WORK_FILE},
    {"infringing filename", "", WORK_FILE},
    {"infringing file name", "", WORK_FILE},
    {"file infringed", "", WORK_FILE},
    {"dateiname", "", WORK_FILE},
    {"datei", "", WORK_FILE},
    {"nom du fichier", "", WORK_FILE},
    {"nom de fichier", "", WORK_FILE},
    {"fichier", "", WORK_FILE},
    {"nombre del archivo", "", WORK_FILE},
    {"nombre de archivo", "", WORK_FILE},
    {"archivo", "", WORK_FILE},
    {"nome file", "", WORK_FILE},
    {"nome del file", "", WORK_FILE},
    {"nome do arquivo", "", WORK_FILE},
    {"nome do ficheiro", "", WORK_FILE},
    {"ficheiro", "", WORK_FILE},
    {"arquivo", "", WORK_FILE},
    {"bestandsnaam", "", WORK_FILE},
    {"bestand", "", WORK_FILE},
    {"nazwa pliku", "", WORK_FILE},
    {"plik", "", WORK_FILE},
    {"nazev souboru", "", WORK_FILE},
    {"soubor", "", WORK_FILE},
    {"имя файла", "", WORK_FILE},
    {"файл", "", WORK_FILE},
    {"filnamn", "", WORK_FILE},
    {"dosya adi", "", WORK_FILE},
    {"dosya", "", WORK_FILE},
    {"infohash", "", WORK_HASH},
    {"info hash", "", WORK_HASH},
    {"hash", "", WORK_HASH},
    {"torrent hash", "", WORK_HASH},
    {"torrent infohash", "", WORK_HASH},
    {"bittorrent hash", "", WORK_HASH},
    {"file hash", "", WORK_HASH},
    {"content hash", "", WORK_HASH},
    {"hash sha1", "", WORK_HASH},
    {"btih", "", WORK_HASH},
};
WORD_INDEX(label_index, LABELS)

static bool is_copyright(const Study *study)
{
    return g_str_has_prefix(study->report->category, "copyright/") ||
           strcmp(study->report->format, "acns") == 0;
}

/* 40 hex digits, 32 of base 32, or SHA-256's 64: what names a torrent. */
static bool is_hash(const char *text, size_t length)
{
    size_t hex = 0, alnum = 0;
    for (size_t i = 0; i < length; i++) {
        hex += g_ascii_isxdigit(text[i]);
        alnum += g_ascii_isalnum(text[i]);
    }
    return (hex == length && (length == 40 || length == 64)) ||
           (alnum == length && length == 32);
}

static bool is_known(const Report *report, WorkKind kind, const char *words)
{
    for (guint i = 0; i < report->works->len; i++) {
        const NamedWork *work = report->works->pdata[i];
        if (work->kind == kind &&
            g_ascii_strcasecmp(work->quote->words, words) == 0)
            return true;
    }
    return false;
}

/* Takes quote. */
static void add_work(Study *study, WorkKind kind, Quote *quote)
{
    Report *report = study->report;
    bool is_full = report->works->len >= WORKS_MAX;
    bool is_empty = quote->words[strspn(quote->words, " -_\"'./*")] == '\0';
    if (is_empty || is_known(report, kind, quote->words) ||
        (kind == WORK_HASH && !is_hash(quote->words, strlen(quote->words)))) {
        quote_free(quote);
        return;
    }
    if (is_full) {
        report_add_flag(report, "works-cut");
        quote_free(quote);
        return;
    }
    NamedWork *work = g_new0(NamedWork, 1);
    *work = (NamedWork){kind, quote};
    g_ptr_array_add(report->works, work);
}

static Quote *quote_at(const Study *study, const Block *block, size_t at,
                       size_t length)
{
    WordHit hit = {.at = (uint32_t)at, .length = (uint32_t)length};
    return study_hit_quote(study, block, &hit);
}

/* --- XML --- */

static void unescape(char *words)
{
    static const struct {
        const char *name;
        char byte;
    } NAMED[] = {{"&amp;", '&'},
                 {"&lt;", '<'},
                 {"&gt;", '>'},
                 {"&quot;", '"'},
                 {"&apos;", '\''}};
    char *to = words;
    for (const char *from = words; *from;) {
        size_t i = 0;
        while (i < G_N_ELEMENTS(NAMED) &&
               !g_str_has_prefix(from, NAMED[i].name))
            i++;
        bool named = i < G_N_ELEMENTS(NAMED);
        *to++ = named ? NAMED[i].byte : *from;
        from += named ? strlen(NAMED[i].name) : 1;
    }
    *to = '\0';
}

static bool element_kind(const char *name, size_t length, WorkKind *kind)
{
    static const struct {
        const char *name;
        WorkKind kind;
    } ELEMENTS[] = {
        {"Title", WORK_TITLE},       {"FileName", WORK_FILE},
        {"File_Name", WORK_FILE},    {"Hash", WORK_HASH},
        {"InfoHash", WORK_HASH},     {"TorrentHash", WORK_HASH},
        {"TorrentName", WORK_TITLE}, {"Work", WORK_TITLE},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(ELEMENTS); i++) {
        if (strlen(ELEMENTS[i].name) == length &&
            g_ascii_strncasecmp(name, ELEMENTS[i].name, length) == 0) {
            *kind = ELEMENTS[i].kind;
            return true;
        }
    }
    return false;
}

/* "<Hash Type="SHA1">value</Hash>": from each '<' on. */
static void read_elements(Study *study, const Block *block)
{
    const char *text = study_block_text(study, block);
    const char *end = text + block->length;
    for (const char *at = text; (at = memchr(at, '<', (size_t)(end - at)));) {
        const char *name = ++at;
        while (at < end && (g_ascii_isalnum(*at) || *at == '_'))
            at++;
        WorkKind kind;
        if (!element_kind(name, (size_t)(at - name), &kind))
            continue;
        const char *open =
            memchr(at, '>', MIN((size_t)(end - at), VALUE_BYTES_MAX));
        if (!open || open[-1] == '/')
            continue;
        const char *close = memchr(open, '<', (size_t)(end - open));
        if (!close)
            return;
        Quote *quote = quote_at(study, block, (size_t)(open + 1 - text),
                                (size_t)(close - open - 1));
        unescape(quote->words);
        add_work(study, kind, quote);
        at = close;
    }
}

/* --- lines --- */

/* Is the label, as a whole, one of ours? */
static const WordRow *label_of(Line name)
{
    if (name.length > NAMES_LOOKED_AT)
        return NULL;
    g_autoptr(FoldedText) folded = folded_text_new(name.at, name.length);
    g_autoptr(GArray) hits = word_index_find(label_index(), folded, 20);
    for (guint i = 0; i < hits->len; i++) {
        const WordRow *row = g_array_index(hits, WordHit, i).row;
        g_autoptr(FoldedText) whole =
            folded_text_new(row->words, strlen(row->words));
        if (whole->length == folded->length &&
            memcmp(whole->text, folded->text, whole->length) == 0)
            return row;
    }
    return NULL;
}

/* Without list marks in front and quotation marks around. */
static Line cleaned(Line line)
{
    static const char *const MARKS[] = {
        "\"",           "'",        "*",       "\xe2\x80\x9c", "\xe2\x80\x9d",
        "\xe2\x80\x9e", "\xc2\xab", "\xc2\xbb"};
    for (size_t i = 0; i < G_N_ELEMENTS(MARKS); i++) {
        size_t n = strlen(MARKS[i]);
        if (line.length > 2 * n && memcmp(line.at, MARKS[i], n) == 0)
            line.at += n, line.length -= n;
        if (line.length > 2 * n &&
            memcmp(line.at + line.length - n, MARKS[i], n) == 0)
            line.length -= n;
    }
    return line;
}

static Line without_list_mark(Line line)
{
    line = line_bare(line);
    while (line.length > 0 && strchr("-*+ \t", *line.at))
        line.at++, line.length--;
    return line;
}

static void read_lines(Study *study, const Block *block)
{
    const char *text = study_block_text(study, block);
    size_t cursor = 0;
    Line line, name, value;
    while (line_next(text, block->length, &cursor, &line)) {
        if (!line_field(without_list_mark(line), &name, &value))
            continue;
        const WordRow *label = label_of(name);
        if (!label || value.length > VALUE_BYTES_MAX)
            continue;
        value = cleaned(value);
        if (value.length == 0) /* the value stands on the next line */
            continue;
        add_work(
            study, (WorkKind)label->weight,
            quote_at(study, block, (size_t)(value.at - text), value.length));
    }
}

/* "magnet:?xt=urn:btih:HASH" */
static void read_magnets(Study *study, const Block *block)
{
    const char *text = study_block_text(study, block);
    const char *end = text + block->length;
    const char *at = text;
    while ((at = memmem(at, (size_t)(end - at), BTIH, strlen(BTIH)))) {
        at += strlen(BTIH);
        const char *begin = at;
        while (at < end && g_ascii_isalnum(*at))
            at++;
        if (at > begin)
            add_work(study, WORK_HASH,
                     quote_at(study, block, (size_t)(begin - text),
                              (size_t)(at - begin)));
    }
}

void works_judge(Study *study)
{
    const GPtrArray *blocks = study->report->blocks;
    if (!is_copyright(study))
        return;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        if (block->kind == BLOCK_SAMPLE || block->kind == BLOCK_SIGNATURE ||
            block->kind == BLOCK_SUBJECT)
            continue;
        read_elements(study, block);
        read_lines(study, block);
        read_magnets(study, block);
    }
}
