/*
 * Where a table begins, which of its columns say what, and its zone.
 *
 * Of columns with the same meaning one is chosen for the whole table, by what
 * the first rows hold: the column "source" may name a feed, "time" may lack
 * the date, "cc" may be a country.
 */
#include "report/csv_table.h"

#include <string.h>

#define HEAD_LINES_MAX  15 /* titles and comments in front of the heads */
#define HEAD_KEY_BYTES  80
#define SAMPLE_ROWS     20 /* rows that choose the columns */
#define ADDRESS_MAX     64
#define PORT_OF_ANYBODY 2  /* the rank of "port" in CSV_HEADS */
#define SCHEME_MAX      12 /* "hxxps[:]//" */

/* --- cells --- */

bool csv_is_address(const char *text, size_t length, IpAddress *ip)
{
    char plain[ADDRESS_MAX + 1];
    size_t used = 0, dots = 0, colons = 0;
    const char *host = memmem(text, MIN(length, SCHEME_MAX), "://", 3);
    if (host) {
        host += strlen("://");
        length -= (size_t)(host - text);
        text = host;
        const char *path = memchr(text, '/', length);
        length = path ? (size_t)(path - text) : length;
    }
    if (length < 3 || length > ADDRESS_MAX)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == ']' && colons >= 2)
            break;
        if (strchr("[](){}'\" ", text[i]))
            continue;
        if (text[i] == '/' || (text[i] == ':' && dots == 3))
            break;
        dots += text[i] == '.';
        colons += text[i] == ':';
        plain[used++] = text[i];
    }
    plain[used] = '\0';
    return (dots == 3 || colons >= 2) && ip_parse(plain, used, ip);
}

const char *csv_cell_text(const CsvTable *table, int column, size_t *length)
{
    *length = 0;
    if (column < 0 || (size_t)column >= table->reader.count)
        return "";
    const CsvCell *cell = &table->reader.cells[column];
    const char *text = table->reader.text + cell->at;
    bool is_empty =
        cell->length == 0 ||
        (cell->length == 1 && (*text == '-' || *text == '?')) ||
        (cell->length == 4 && (g_ascii_strncasecmp(text, "null", 4) == 0 ||
                               g_ascii_strncasecmp(text, "none", 4) == 0)) ||
        (cell->length == 3 && g_ascii_strncasecmp(text, "n/a", 3) == 0);
    if (!is_empty)
        *length = cell->length;
    return text;
}

Quote *csv_cell_quote(const CsvTable *table, int column)
{
    size_t length;
    csv_cell_text(table, column, &length);
    if (length == 0)
        return NULL;
    return study_quote(table->study, table->part,
                       table->reader.cells[column].at, length);
}

static bool holds_address(const CsvTable *table, int column)
{
    size_t length;
    IpAddress ip;
    const char *text = csv_cell_text(table, column, &length);
    return csv_is_address(text, length, &ip);
}

/* --- heads --- */

static bool has_heads(const CsvTable *table, const char *const *keys)
{
    for (; *keys; keys++) {
        bool found = false;
        for (size_t i = 0; i < table->head_count && !found; i++) {
            const CsvCell *cell = &table->reader.cells[i];
            g_autofree char *key =
                csv_head_new_key(table->reader.text + cell->at,
                                 MIN(cell->length, HEAD_KEY_BYTES));
            found = strcmp(key, *keys) == 0;
        }
        if (!found)
            return false;
    }
    return true;
}

static bool is_from(const Mail *mail, const char *domain)
{
    g_autofree char *address = NULL, *name = NULL;
    const char *from = mail_header(mail, "From");
    if (!from || !mail_mailbox(from, &address, &name))
        return false;
    const char *at = strrchr(address, '@');
    return at && g_str_has_suffix(at, domain) &&
           strchr("@.", at[strlen(at) - strlen(domain) - 1]);
}

/* Whose heads the current row holds, or NULL. */
static const CsvFeed *feed_of_heads(const CsvTable *table)
{
    for (const CsvFeed *feed = CSV_FEEDS; feed->name; feed++)
        if (has_heads(table, feed->heads) &&
            (!feed->sender || is_from(table->study->mail, feed->sender)))
            return feed;
    return NULL;
}

/* What the feed's own heads mean instead. */
static void use_own_heads(CsvTable *table)
{
    for (size_t i = 0; i < table->head_count; i++) {
        const CsvCell *cell = &table->reader.cells[i];
        g_autofree char *key = csv_head_new_key(
            table->reader.text + cell->at, MIN(cell->length, HEAD_KEY_BYTES));
        for (const CsvHeadRow *own = table->feed->own; own->key; own++)
            if (strcmp(own->key, key) == 0) {
                table->heads[i].meaning = own->meaning;
                table->heads[i].rank = own->rank;
            }
    }
}

/* Read the cells of the current row as heads; how many are known, 0 if none
 * is an address's. */
static size_t read_heads(CsvTable *table)
{
    size_t known = 0;
    bool has_address = false;
    table->head_count = table->reader.count;
    for (size_t i = 0; i < table->reader.count; i++) {
        size_t length;
        const char *text = csv_cell_text(table, (int)i, &length);
        /* A comment of heads: # "first_seen", "ip" */
        while (i == 0 && length > 0 && strchr("# \"", *text))
            text++, length--;
        while (i == 0 && length > 0 && text[length - 1] == '"')
            length--;
        table->heads[i] = csv_head_read(text, length);
        table->head_at[i] = (size_t)(text - table->reader.text);
    }
    table->feed = feed_of_heads(table);
    if (table->feed && table->feed->own)
        use_own_heads(table);
    for (size_t i = 0; i < table->head_count; i++) {
        known += table->heads[i].meaning != HEAD_NONE;
        has_address = has_address || table->heads[i].meaning == HEAD_ADDRESS;
    }
    return has_address ? known : 0;
}

/* Find the row of heads and the mark; the reader stands behind it then. */
static bool find_heads(CsvTable *table)
{
    static const char MARKS[] = {',', ';', '\t', '|'};
    CsvReader best = table->reader;
    size_t begin = 0, most = 0;
    for (int line = 0; line < HEAD_LINES_MAX && most == 0; line++) {
        for (size_t i = 0; i < sizeof MARKS; i++) {
            table->reader.cursor = begin;
            table->reader.mark = MARKS[i];
            if (!csv_next_row(&table->reader))
                return false;
            size_t known = read_heads(table);
            if (known > most && (known >= 2 || table->reader.count == 1)) {
                most = known;
                best = table->reader;
            }
        }
        const char *end = memchr(table->reader.text + begin, '\n',
                                 table->reader.length - begin);
        if (!end)
            break;
        begin = (size_t)(end + 1 - table->reader.text);
    }
    table->reader = best;
    return most > 0 && read_heads(table) > 0;
}

/* --- which columns --- */

bool csv_is_clock(const char *text, size_t length)
{
    size_t digits = 0;
    while (digits < length && g_ascii_isdigit(text[digits]))
        digits++;
    if (digits < 1 || digits > 2 || digits >= length || text[digits] != ':')
        return false;
    return !memchr(text, '/', length) && length <= 24;
}

bool csv_is_date(const char *text, size_t length)
{
    size_t digits = 0, marks = 0;
    for (size_t i = 0; i < length; i++) {
        if (text[i] == ':')
            return false;
        digits += g_ascii_isdigit(text[i]);
        marks += strchr("-./ ", text[i]) != NULL || (text[i] & 0x80);
    }
    return digits >= 3 && marks >= 2 && length <= 40;
}

/* How many of the sampled cells of a column fit its meaning. */
typedef struct {
    size_t filled, addresses, clocks, dates;
} Sample;

static void sample_rows(const CsvTable *table, Sample *samples)
{
    CsvTable copy = *table;
    for (int row = 0; row < SAMPLE_ROWS && csv_next_row(&copy.reader); row++)
        for (size_t i = 0; i < copy.head_count; i++) {
            size_t length;
            const char *text = csv_cell_text(&copy, (int)i, &length);
            samples[i].filled += length > 0;
            samples[i].addresses += holds_address(&copy, (int)i);
            samples[i].clocks += csv_is_clock(text, length);
            samples[i].dates += csv_is_date(text, length);
        }
}

static int best_column(const CsvTable *table, const Sample *samples,
                       HeadMeaning meaning)
{
    int best = -1, best_rank = 0;
    for (size_t i = 0; i < table->head_count; i++) {
        const Head *head = &table->heads[i];
        if (head->meaning != meaning || samples[i].filled == 0)
            continue;
        bool wants_address = meaning == HEAD_ADDRESS ||
                             (meaning == HEAD_TARGET && head->rank == 1);
        if (wants_address && samples[i].addresses * 2 < samples[i].filled)
            continue;
        if (head->rank > best_rank) {
            best = (int)i;
            best_rank = head->rank;
        }
    }
    return best;
}

/* A date and a time of day in two columns: the nearest other one. */
static void choose_clock(CsvTable *table, const Sample *samples)
{
    int time = table->column[HEAD_TIME], best = -1;
    table->clock = -1;
    if (time < 0)
        return;
    bool is_clock = samples[time].clocks * 2 > samples[time].filled;
    bool is_date = samples[time].dates * 2 > samples[time].filled;
    if (!is_clock && !is_date)
        return;
    for (int i = 0; i < (int)table->head_count; i++) {
        const Sample *sample = &samples[i];
        bool fits = is_clock ? sample->dates * 2 > sample->filled
                             : sample->clocks * 2 > sample->filled;
        if (i != time && fits && table->heads[i].meaning == HEAD_TIME &&
            (best < 0 || ABS(i - time) < ABS(best - time)))
            best = i;
    }
    if (best < 0)
        return;
    table->clock = is_clock ? time : best;
    table->column[HEAD_TIME] = is_clock ? best : time;
}

/* A "port" and nothing more, behind the target: it is the target's. */
static void choose_port(CsvTable *table)
{
    int port = table->column[HEAD_PORT], target = table->column[HEAD_TARGET];
    bool is_open = port >= 0 && target >= 0 &&
                   table->column[HEAD_TARGET_PORT] < 0 &&
                   table->heads[port].rank == PORT_OF_ANYBODY;
    if (!is_open || port < target ||
        (table->column[HEAD_ADDRESS] > target &&
         table->column[HEAD_ADDRESS] < port))
        return;
    table->column[HEAD_TARGET_PORT] = port;
    table->column[HEAD_PORT] = -1;
}

static bool choose_columns(CsvTable *table)
{
    g_autofree Sample *samples = g_new0(Sample, CSV_COLUMNS_MAX);
    sample_rows(table, samples);
    for (int meaning = 0; meaning < HEAD_COUNT; meaning++)
        table->column[meaning] =
            best_column(table, samples, (HeadMeaning)meaning);
    choose_clock(table, samples);
    choose_port(table);
    return table->column[HEAD_ADDRESS] >= 0;
}

/* --- the zone --- */

/* The zone of a feed that states it in its documentation only. */
static Quote *documented_zone(const CsvTable *table)
{
    if (!table->feed)
        return NULL;
    return quote_new(table->feed->zone, strlen(table->feed->zone),
                     (Place){.part = PLACE_NOWHERE});
}

/* The zone in the head of the time columns, while the reader stands at the
 * row of heads. */
static Quote *zone_of_heads(const CsvTable *table)
{
    int columns[] = {table->clock, table->column[HEAD_TIME]};
    for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) {
        if (columns[i] < 0)
            continue;
        const Head *head = &table->heads[columns[i]];
        if (head->zone_length > 0)
            return study_quote(table->study, table->part,
                               table->head_at[columns[i]] + head->zone_at,
                               head->zone_length);
    }
    return NULL;
}

bool csv_table_open(CsvTable *table)
{
    if (!find_heads(table))
        return false;
    CsvReader heads = table->reader;
    if (!choose_columns(table))
        return false;
    table->reader = heads;
    table->zone = zone_of_heads(table);
    if (!table->zone)
        table->zone = documented_zone(table);
    return true;
}
