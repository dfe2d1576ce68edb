/*
 * Tables in text: CSV, tab-separated, "|" borders, columns two blanks apart,
 * and the logs that name their columns in a line "#Fields:" (W3C extended log
 * format of IIS, Zeek), where single blanks or tabs part them.
 *
 * A line whose cells are labels (source ip, timestamp, port) and that holds
 * neither address nor stamp is a head; the lines after it with as many cells
 * (one more or fewer is tolerated: trailing separators) are its rows. Only the
 * columns that hold an accused, a harmed or a time are of interest.
 */
#include "incident/role.h"
#include "incident/target_port.h"

#include <string.h>

#define COLUMNS_MAX   120
#define TABLES_MAX    500
#define ROW_BYTES_MAX 8000
#define LABEL_BLANKS  24 /* around the colon of a label */

#define MARK_BLANK '_' /* one blank */

typedef struct {
    char mark;         /* between cells; ' ' means two or more blanks */
    guint first, last; /* lines of the rows, first > last if none */
    guint columns;
    Column column[COLUMNS_MAX];
} Table;

struct Tables {
    const Page *page;
    GPtrArray *tables; /* of Table */
};

/* Words in a head that make its column the time of the event, or not. */
static const char *const TIME_HEADS[] = {
    "timestamp", "time",  "date", "first seen", "first_seen", "firstseen",
    "event",     "start", "zeit", "datum",      "fecha",      "hora",
    "heure",     "дата",  "врем", "when",       "seen",       "utc",
};
static const char *const NO_TIME_HEADS[] = {
    "expire", "last", "end", "until", "report", "updated", "german"};

/* The place of the next cell's begin, or end of line + 1. */
static uint32_t cell_next(const Page *page, const Line *line, uint32_t at,
                          char mark)
{
    bool quoted = cursor_at(page->text, at) == '"';
    for (uint32_t i = quoted ? at + 1 : at; i < line->end; i++) {
        unsigned char c = cursor_at(page->text, i);
        if (quoted) {
            quoted = c != '"';
            continue;
        }
        if (mark == MARK_BLANK ? c == ' '
                               : mark != ' ' && c == (unsigned char)mark)
            return i + 1;
        if (mark == ' ' && c == ' ' && cursor_at(page->text, i + 1) == ' ') {
            while (i < line->end && cursor_at(page->text, i) == ' ')
                i++;
            return i;
        }
    }
    return line->end + 1;
}

static guint cell_count(const Page *page, const Line *line, char mark)
{
    guint cells = 0;
    uint32_t at = line->at;
    while (mark == ' ' && cursor_at(page->text, at) == ' ')
        at++;
    while (at <= line->end && cells <= COLUMNS_MAX) {
        cells++;
        at = cell_next(page, line, at, mark);
    }
    return cells;
}

static bool holds_any(const char *text, size_t length, const char *const *words,
                      size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (memmem(text, length, words[i], strlen(words[i])))
            return true;
    return false;
}

/* Words in a head that make its column the port of the harmed, beside those of
 * labels (target_port.h). */
static const char *const PORT_HEADS[] = {
    "port dest",     "port de dest", "porta dest",
    "porta de dest", "s-port",       "dstp",
};

/* Heads that say only "port": that of the address in the column before. */
static const char *const BARE_PORTS[] = {"port",  "ports", "puerto", "porta",
                                         "poort", "порт",  "portti", "ポート",
                                         "端口",  "포트"};

size_t port_label(Cursor folded, size_t at)
{
    for (size_t i = 0; i < G_N_ELEMENTS(BARE_PORTS); i++) {
        size_t end = at + strlen(BARE_PORTS[i]);
        if (!cursor_has(folded, at, BARE_PORTS[i]))
            continue;
        end = cursor_skip_blanks(folded, end, LABEL_BLANKS);
        if (cursor_at(folded, end) == ':')
            return cursor_skip_blanks(folded, end + 1, LABEL_BLANKS);
    }
    return 0;
}

/* "Affected systems (victims)": brackets at a head's end say it outright. */
static bool label_in_brackets(const char *folded, size_t length, Column *column)
{
    const char *open = length > 2 && folded[length - 1] == ')'
                           ? memrchr(folded, '(', length)
                           : NULL;
    size_t inner = open ? (size_t)(folded + length - 1 - (open + 1)) : 0;
    return inner > 0 && label_read(open + 1, inner, &column->role,
                                   &column->weight, &column->words);
}

static Column column_read(const char *folded, size_t length)
{
    Column column = {0};
    while (length > 0 && strchr(" \"'*|\t\r", folded[0])) {
        folded++;
        length--;
    }
    while (length > 0 && strchr(" \"'*|\t\r\n:,;", folded[length - 1]))
        length--;
    if (length == 0 || length > 60)
        return column;
    if (!label_in_brackets(folded, length, &column) &&
        !label_read(folded, length, &column.role, &column.weight,
                    &column.words))
        column.role = ROLE_UNKNOWN;
    column.is_time =
        holds_any(folded, length, TIME_HEADS, G_N_ELEMENTS(TIME_HEADS)) &&
        !holds_any(folded, length, NO_TIME_HEADS, G_N_ELEMENTS(NO_TIME_HEADS));
    column.is_target_port =
        holds_any(folded, length, PORT_HEADS, G_N_ELEMENTS(PORT_HEADS)) ||
        names_harmed_port(folded, length);
    for (size_t i = 0; i < G_N_ELEMENTS(BARE_PORTS); i++)
        column.is_bare_port =
            column.is_bare_port || (length == strlen(BARE_PORTS[i]) &&
                                    memcmp(folded, BARE_PORTS[i], length) == 0);
    return column;
}

/* "source, destination, port": the harmed's. "source, port" may be either's. */
static void settle_bare_ports(Table *table)
{
    Role before = ROLE_UNKNOWN;
    for (guint i = 0; i < table->columns; i++) {
        Column *column = &table->column[i];
        if (column->words && column->role != ROLE_UNKNOWN)
            before = column->role;
        if (column->is_bare_port && before == ROLE_VICTIM)
            column->is_target_port = true;
    }
}

/* "User agent:   scanner": a label and what it says, no head of two columns. */
static bool is_label_line(const Page *page, const Line *line, uint32_t first,
                          uint32_t next)
{
    const char *text = page->text.text;
    uint32_t end = MIN(next, line->end), last = line->end;
    while (end > first && (unsigned char)text[end - 1] <= ' ')
        end--;
    while (last > next && (unsigned char)text[last - 1] <= ' ')
        last--;
    return end > first && text[end - 1] == ':' && last > next &&
           text[last - 1] != ':';
}

/* Read a line as a head from a place on; NULL if too few of its cells are
 * labels. */
static Table *head_read(const Page *page, const Line *line, uint32_t at,
                        char mark)
{
    Table *table = g_new0(Table, 1);
    table->mark = mark;
    guint telling = 0;
    while (mark == ' ' && cursor_at(page->text, at) == ' ')
        at++;
    while (at <= line->end && table->columns < COLUMNS_MAX) {
        uint32_t next = cell_next(page, line, at, mark);
        uint32_t end = MIN(next, line->end + 1) - 1;
        if (table->columns == 0 && is_label_line(page, line, at, next))
            break;
        Column column =
            column_read(page->folded.text + at, end > at ? end - at + 1 : 0);
        telling += column.words != NULL || column.is_time;
        table->column[table->columns++] = column;
        at = next;
    }
    settle_bare_ports(table);
    if (telling >= 2 || (telling >= 1 && table->columns == 2))
        return table;
    g_free(table);
    return NULL;
}

/* "#Fields: date time s-ip ..." */
static Table *fields_read(const Page *page, const Line *line)
{
    uint32_t at = line->at + (uint32_t)strlen("#fields");
    while (cursor_at(page->text, at) &&
           strchr(": \t", cursor_at(page->text, at)))
        at++;
    bool has_tabs = memchr(page->text.text + at, '\t',
                           line->end - MIN(at, line->end)) != NULL;
    return head_read(page, line, at, has_tabs ? '\t' : MARK_BLANK);
}

static const char MARKS[] = {'\t', '|', ';', ',', ' '};

static Table *head_of(const Page *page, const Line *line)
{
    if (line->address_count > 0 || line->stamp_count > 0 ||
        line->kind == LINE_BLANK || line->end - line->at > ROW_BYTES_MAX)
        return NULL;
    if (cursor_has(page->folded, line->at, "#fields") &&
        line->end - line->at > strlen("#fields: "))
        return fields_read(page, line);
    for (size_t i = 0; i < sizeof MARKS; i++)
        if (cell_count(page, line, MARKS[i]) >= 2) {
            Table *table = head_read(page, line, line->at, MARKS[i]);
            if (table)
                return table;
        }
    return NULL;
}

static bool is_row(const Page *page, const Table *table, const Line *line)
{
    if (line->end - line->at > ROW_BYTES_MAX)
        return false;
    guint cells = cell_count(page, line, table->mark);
    return cells + 1 >= table->columns && cells <= table->columns + 1 &&
           cells >= 2;
}

Tables *tables_new(const Page *page)
{
    Tables *tables = g_new0(Tables, 1);
    tables->page = page;
    tables->tables = g_ptr_array_new_with_free_func(g_free);
    Table *open = NULL;
    guint misses = 0;
    for (guint i = 0; i < page->lines->len; i++) {
        const Line *line = page_line(page, i);
        if (open && line->kind != LINE_BLANK && is_row(page, open, line) &&
            (line->address_count > 0 || line->stamp_count > 0)) {
            open->last = i;
            misses = 0;
            continue;
        }
        if (line->kind == LINE_BLANK || ++misses > 4)
            open =
                misses > 4 || (open && open->last >= open->first) ? NULL : open;
        if (tables->tables->len >= TABLES_MAX)
            break;
        Table *table = head_of(page, line);
        if (!table)
            continue;
        table->first = i + 1;
        table->last = i;
        g_ptr_array_add(tables->tables, table);
        open = table;
        misses = 0;
    }
    return tables;
}

void tables_free(Tables *tables)
{
    if (!tables)
        return;
    g_ptr_array_unref(tables->tables);
    g_free(tables);
}

static const Table *table_at(const Tables *tables, guint line)
{
    guint low = 0, high = tables->tables->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        const Table *table = tables->tables->pdata[middle];
        if (line < table->first)
            high = middle;
        else if (line > table->last)
            low = middle + 1;
        else
            return table;
    }
    return NULL;
}

bool tables_has_line(const Tables *tables, guint line)
{
    return table_at(tables, line) != NULL;
}

/* The table of a row and where its first cell begins; NULL if it is none. */
static const Table *table_of_row(const Tables *tables, guint line,
                                 uint32_t *cell)
{
    const Table *table = table_at(tables, line);
    if (!table || !is_row(tables->page, table, page_line(tables->page, line)))
        return NULL;
    *cell = page_line(tables->page, line)->at;
    while (table->mark == ' ' && cursor_at(tables->page->text, *cell) == ' ')
        (*cell)++;
    return table;
}

/* In text columns a single blank may part the time from what follows, so that
 * the first two cells look like one: such a row is counted from the right. */
static guint first_column(const Page *page, const Table *table, const Line *row)
{
    if (table->mark != ' ' || row->stamp_count == 0 ||
        page_stamp(page, row->stamp)->at > row->at + 2)
        return 0;
    return cell_count(page, row, table->mark) + 1 == table->columns ? 1 : 0;
}

const Column *tables_column(const Tables *tables, guint line, uint32_t at)
{
    uint32_t cell;
    const Table *table = table_of_row(tables, line, &cell);
    const Line *row = page_line(tables->page, line);
    guint first = table ? first_column(tables->page, table, row) : 0;
    for (guint i = first; table && i < table->columns && cell <= row->end;
         i++) {
        uint32_t next = cell_next(tables->page, row, cell, table->mark);
        if (at >= cell && at < next)
            return &table->column[i];
        cell = next;
    }
    return NULL;
}

bool tables_is_one_cell(const Tables *tables, guint line, uint32_t one,
                        uint32_t other)
{
    const Column *column = tables_column(tables, line, other);
    return !column || tables_column(tables, line, one) == column;
}

bool tables_target_port(const Tables *tables, guint line, uint32_t *at)
{
    uint32_t cell;
    const Table *table = table_of_row(tables, line, &cell);
    const Line *row = page_line(tables->page, line);
    guint first = table ? first_column(tables->page, table, row) : 0;
    for (guint i = first; table && i < table->columns && cell <= row->end;
         i++) {
        if (table->column[i].is_target_port) {
            while (cursor_at(tables->page->text, cell) &&
                   strchr(" \"'", cursor_at(tables->page->text, cell)))
                cell++;
            *at = cell;
            return true;
        }
        cell = cell_next(tables->page, row, cell, table->mark);
    }
    return false;
}
