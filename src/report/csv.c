/*
 * Tables that are attached: feeds, exports of firewalls and spreadsheets.
 *
 * Problem: thousands of senders, no common columns. Approach: the first row
 * whose cells are heads (csv_heads.c), one of them an address's, begins a
 * table (csv_table.c); its mark is the one that makes most heads. Each row
 * that has an address is one Statement, in the words of the mail: what the
 * words mean is incident/'s business.
 *
 * Tables in the body are not read here: there, prose around them says whose
 * addresses they hold. A table without heads is told by what its cells look
 * like (csv_bare.c), and flagged.
 *
 * If the subject names one address and the table has it among others, the
 * others are bystanders: an excerpt of a log with everybody's visits.
 */
#include "report/category.h"
#include "report/category_words.h"
#include "report/csv_table.h"
#include "report/formats.h"

#include <string.h>

#define TABLES_MAX     200 /* parts looked at in one mail */
#define KIND_BYTES_MAX 200 /* of a cell that names the abuse */
#define CATEGORY_SHARE 10  /* one row in ten must name the whole's */

/* --- rows --- */

/* The category that the words of a cell name, or "". "Attack" says that there
 * was one, not of which kind. */
static const char *category_of_words(const char *text, size_t length)
{
    g_autoptr(FoldedText) folded = folded_text_new(text, length);
    g_autoptr(GArray) hits = word_index_find(category_words(), folded, 20);
    const char *best = "";
    int weight = 1;
    for (guint i = 0; i < hits->len; i++) {
        const WordHit *hit = &g_array_index(hits, WordHit, i);
        if (hit->row->weight > weight && category_is_known(hit->row->meaning)) {
            best = hit->row->meaning;
            weight = hit->row->weight;
        }
    }
    return best;
}

static const char *row_category(CsvTable *table)
{
    size_t length;
    const char *text = csv_cell_text(table, table->column[HEAD_KIND], &length);
    if (length == 0)
        return "";
    g_autofree char *words = g_utf8_substring(
        text, 0, g_utf8_strlen(text, (gssize)MIN(length, KIND_BYTES_MAX)));
    const char *known = g_hash_table_lookup(table->kinds, words);
    if (known)
        return known;
    known = category_of_words(words, strlen(words));
    g_hash_table_insert(table->kinds, g_steal_pointer(&words), (char *)known);
    return known;
}

static void count_category(CsvTable *table, const char *category)
{
    gsize rows = GPOINTER_TO_SIZE(g_hash_table_lookup(table->counts, category));
    g_hash_table_insert(table->counts, (char *)category,
                        GSIZE_TO_POINTER(rows + 1));
}

/* "2015-03-02" and "01:45:59" of two columns, in this order. */
static Quote *row_time(const CsvTable *table)
{
    g_autoptr(Quote) date = csv_cell_quote(table, table->column[HEAD_TIME]);
    g_autoptr(Quote) clock = csv_cell_quote(table, table->clock);
    if (!date || !clock)
        return date ? g_steal_pointer(&date) : NULL;
    g_autofree char *both = g_strconcat(date->words, " ", clock->words, NULL);
    return quote_new(both, strlen(both), date->place);
}

/* False if there is no room for more. */
static bool add_row(CsvTable *table)
{
    Statement *statement = study_add_statement(table->study);
    if (!statement)
        return false;
    statement->address = csv_cell_quote(table, table->column[HEAD_ADDRESS]);
    statement->port = csv_cell_quote(table, table->column[HEAD_PORT]);
    statement->target = csv_cell_quote(table, table->column[HEAD_TARGET]);
    statement->target_port =
        csv_cell_quote(table, table->column[HEAD_TARGET_PORT]);
    statement->time = row_time(table);
    statement->time_last = csv_cell_quote(table, table->column[HEAD_TIME_LAST]);
    statement->protocol = csv_cell_quote(table, table->column[HEAD_PROTOCOL]);
    statement->zone = csv_cell_quote(table, table->column[HEAD_ZONE]);
    if (!statement->zone)
        statement->zone = quote_copy(table->zone);
    const char *category = row_category(table);
    if (!*category && table->feed && table->feed->category)
        category = table->feed->category;
    count_category(table, category);
    if (*category)
        statement->category = g_strdup(category);
    return true;
}

static bool is_meant(const CsvTable *table)
{
    size_t length;
    IpAddress ip;
    char buffer[IP_TEXT_MAX];
    const char *text =
        csv_cell_text(table, table->column[HEAD_ADDRESS], &length);
    if (!csv_is_address(text, length, &ip))
        return false;
    const char *plain = ip_text(&ip, buffer);
    return strcmp(plain, "0.0.0.0") != 0 && strcmp(plain, "::") != 0 &&
           (!table->only || strcmp(plain, table->only) == 0);
}

static size_t add_rows(CsvTable *table)
{
    size_t added = 0;
    while (csv_next_row(&table->reader))
        if (is_meant(table)) {
            if (!add_row(table))
                break;
            added++;
        }
    return added;
}

/* --- the one address of the subject --- */

/* The only address in the subject, yours, or NULL. */
static char *subject_address(const Mail *mail)
{
    g_auto(GStrv) words = g_strsplit_set(mail->subject, " \t,;()[]<>'\"", 200);
    char *only = NULL;
    for (size_t i = 0; words[i]; i++) {
        IpAddress ip;
        size_t length = strlen(words[i]);
        while (length > 0 && strchr(".:!?", words[i][length - 1]))
            length--;
        if (!csv_is_address(words[i], length, &ip))
            continue;
        g_autofree char *text = ip_new_text(&ip);
        if (only && strcmp(only, text) != 0) {
            g_free(only);
            return NULL;
        }
        g_free(only);
        only = g_steal_pointer(&text);
    }
    return only;
}

/* Is that address in the table, which the reader is in front of? */
static bool table_has(CsvTable *table, const char *address)
{
    CsvReader before = table->reader;
    bool found = false;
    table->only = address;
    while (!found && csv_next_row(&table->reader))
        found = is_meant(table);
    table->reader = before;
    table->only = NULL;
    return found;
}

/* --- the whole --- */

/* The category of most rows that name one, if it is not a rare exception. */
static void state_category(const CsvTable *table, size_t rows_read)
{
    GHashTableIter iter;
    gpointer category, rows;
    const char *best = "";
    gsize most = rows_read / CATEGORY_SHARE;
    g_hash_table_iter_init(&iter, table->counts);
    while (g_hash_table_iter_next(&iter, &category, &rows)) {
        gsize count = GPOINTER_TO_SIZE(rows);
        if (*(const char *)category == '\0')
            continue;
        if (count > most || (count == most && strcmp(category, best) < 0)) {
            best = category;
            most = count;
        }
    }
    if (*best)
        study_state_category(table->study, best, NULL, false);
}

static bool read_table(Study *study, uint16_t part, const char *only,
                       bool may_be_bare)
{
    const char *text = study_part_text(study, part);
    g_autofree CsvTable *table = g_new0(CsvTable, 1);
    table->study = study;
    table->part = part;
    table->reader = (CsvReader){.text = text, .length = strlen(text)};
    CsvReader front = table->reader;
    if (!csv_table_open(table)) {
        table->reader = front;
        if (!may_be_bare || !csv_table_open_bare(table, only))
            return false;
        report_add_flag(study->report, "table-without-heads");
    }
    table->kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    table->counts = g_hash_table_new(g_str_hash, g_str_equal);
    table->only = only && table_has(table, only) ? only : NULL;
    size_t added = add_rows(table);
    state_category(table, added);
    g_hash_table_unref(table->kinds);
    g_hash_table_unref(table->counts);
    quote_free(table->zone);
    return added > 0;
}

static bool is_table_name(const char *name)
{
    const char *dot = name ? strrchr(name, '.') : NULL;
    return dot && (g_ascii_strcasecmp(dot, ".csv") == 0 ||
                   g_ascii_strcasecmp(dot, ".tsv") == 0);
}

static bool may_be_table(const MailPart *part)
{
    if (part->kind != PART_TEXT || !part->text)
        return false;
    return strcmp(part->content_type, "text/csv") == 0 ||
           strcmp(part->content_type, "application/csv") == 0 ||
           strcmp(part->content_type, "text/tab-separated-values") == 0 ||
           is_table_name(part->filename) || part->attached ||
           part->filename != NULL;
}

bool csv_detect(const Study *study)
{
    for (size_t i = 0; i < study->mail->parts->len; i++)
        if (may_be_table(study->mail->parts->pdata[i]))
            return true;
    return false;
}

bool csv_read(Study *study)
{
    g_autofree char *only = subject_address(study->mail);
    bool found = false;
    /* Beside a report of another format it is evidence. */
    bool may_be_bare = study->report->statements->len == 0;
    int tables = 0;
    for (size_t i = 0; i < study->mail->parts->len && tables < TABLES_MAX;
         i++) {
        if (study->uses[i] != USE_READ ||
            !may_be_table(study->mail->parts->pdata[i]) ||
            study_is_within(study, i, USE_SAMPLE))
            continue;
        tables++;
        found = read_table(study, (uint16_t)i, only, may_be_bare) || found;
    }
    return found;
}
