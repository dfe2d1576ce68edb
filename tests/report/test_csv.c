/* Heads of columns, cells of rows, and whole tables that are hostile. */
#include "report/csv_cells.h"
#include "report/csv_heads.h"
#include "report/report.h"

#include <string.h>

/* Every row is written as heads are reduced, and stands there once. */
static void test_rows(void)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    for (const CsvHeadRow *row = CSV_HEADS; row->key; row++) {
        g_autofree char *key = csv_head_new_key(row->key, strlen(row->key));
        g_assert_cmpstr(row->key, ==, key);
        g_assert_cmpint(row->rank, >, 0);
        if (!g_hash_table_add(seen, (char *)row->key))
            g_error("%s stands twice in CSV_HEADS", row->key);
    }
}

static void test_heads(void)
{
    static const struct {
        const char *head;
        HeadMeaning meaning;
        const char *zone;
    } CASES[] = {
        {"Source IP", HEAD_ADDRESS, ""},
        {"src_ip", HEAD_ADDRESS, ""},
        {"source.ip", HEAD_ADDRESS, ""},
        {"Zdrojová IP", HEAD_ADDRESS, ""},
        {"IP-АДРЕС ИСТОЧНИКА", HEAD_ADDRESS, ""},
        {"送信元IP", HEAD_ADDRESS, ""},
        {"Timestamp (UTC+8)", HEAD_TIME, "UTC+8"},
        {"timestamp(UTC+0)", HEAD_TIME, "UTC+0"},
        {"Time_UTC", HEAD_TIME, "UTC"},
        {"Date/Time GMT-5", HEAD_TIME, "GMT-5"},
        {"last_seen_utc", HEAD_TIME_LAST, "utc"},
        {"Uhrzeit [MESZ]", HEAD_TIME, "MESZ"},
        {"UTC", HEAD_TIME, "UTC"},
        {"Port (source)", HEAD_PORT, ""},
        {"time-taken", HEAD_NONE, ""},
        {"report_date", HEAD_NONE, ""},
        {"", HEAD_NONE, ""},
        {"(", HEAD_NONE, ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const char *text = CASES[i].head;
        Head head = csv_head_read(text, strlen(text));
        g_test_message("%s", text);
        g_assert_cmpint(head.meaning, ==, CASES[i].meaning);
        g_assert_cmpmem(text + head.zone_at, head.zone_length, CASES[i].zone,
                        strlen(CASES[i].zone));
    }
}

/* The rows of a text as "a|b/c|d/". */
static void rows_are(const char *text, char mark, const char *wanted)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    g_autofree CsvReader *reader = g_new0(CsvReader, 1);
    reader->text = text;
    reader->length = strlen(text);
    reader->mark = mark;
    while (csv_next_row(reader)) {
        for (size_t i = 0; i < reader->count; i++)
            g_string_append_printf(seen, "%s%.*s", i > 0 ? "|" : "",
                                   (int)reader->cells[i].length,
                                   text + reader->cells[i].at);
        g_string_append_c(seen, '/');
    }
    g_assert_cmpstr(seen->str, ==, wanted);
}

static void test_cells(void)
{
    rows_are("a,b\nc,d\n", ',', "a|b/c|d/");
    rows_are(" a ; \"b;c\" ;", ';', "a|b;c|/");
    rows_are("\"a\nb\",c\nd", ',', "a\nb|c/d/");
    rows_are("\"say \"\"hi\"\"\",b\n", ',', "say \"\"hi\"\"|b/");
    rows_are("\"\",b\n\"\"", ',', "|b//");
    rows_are("\"a,b\nc,\"d\"\n", ',', "\"a|b/c|d/");
    rows_are("\"a\"b\",c", ',', "a\"b|c/");
    rows_are("\n\n", ',', "//");
    rows_are("", ',', "");
}

/* CPU milliseconds for a mail with a table of about that many bytes. */
static double read_ms(const char *heads, const char *piece, size_t bytes)
{
    GString *raw = g_string_new(
        "From: a@example.com\nDate: Fri, 01 May 2026 12:00:00 +0000\n"
        "Subject: abuse from 192.0.2.7\nContent-Type: text/csv\n"
        "Content-Disposition: attachment; filename=a.csv\n\n");
    g_string_append(raw, heads);
    for (size_t i = 0, length = strlen(piece); i < bytes; i += length)
        g_string_append(raw, piece);
    g_autoptr(GBytes) message = g_string_free_to_bytes(raw);
    g_autoptr(Mail) mail = mail_parse(message, NULL);
    g_assert_nonnull(mail);
    gint64 begin = g_get_monotonic_time();
    g_autoptr(Report) report = report_read(mail);
    return (double)(g_get_monotonic_time() - begin) / 1000;
}

static void test_hostile(void)
{
    static const char *const HEADS[] = {"", "ip,time\n", "\"ip\";\"time\"\n"};
    static const char *const PIECES[] = {
        "\"a\n",
        "\"a,\"a,",
        "\"",
        "\"\"",
        ",",
        ",\n",
        "\"a\"b",
        "ip,time\n",
        "ip,",
        "192.0.2.7,",
        "192.0.2.7,1\n",
        "192.0.2.7,\"2026\n",
        ";\t|,\n",
        "\" ",
        "\"\n\"\n",
    };
    for (size_t h = 0; h < G_N_ELEMENTS(HEADS); h++)
        for (size_t i = 0; i < G_N_ELEMENTS(PIECES); i++) {
            double taken = read_ms(HEADS[h], PIECES[i], 1u << 17);
            g_test_message("%s: %.1f ms", PIECES[i], taken);
            g_assert_cmpfloat(taken, <, 4000);
        }
}

static const char KINDS[] =
    "From: a@example.com\nDate: Fri, 01 May 2026 12:00:00 +0000\n"
    "Subject: abuse\nContent-Type: text/csv\n"
    "Content-Disposition: attachment; filename=a.csv\n\n"
    "ip,time,attack\n"
    "192.0.2.7,2026-05-01T10:00:00Z,hack attempt\n"
    "192.0.2.8,2026-05-01T10:00:00Z,port scan\n";

/* "Hack attempt" tells no kind of attack: a row says one of the list or none. */
static void test_kinds(void)
{
    g_autoptr(GBytes) message = g_bytes_new_static(KINDS, sizeof KINDS - 1);
    g_autoptr(Mail) mail = mail_parse(message, NULL);
    g_assert_nonnull(mail);
    g_autoptr(Report) report = report_read(mail);
    g_assert_cmpuint(report->statements->len, ==, 2);
    const Statement *vague = report->statements->pdata[0];
    const Statement *exact = report->statements->pdata[1];
    g_assert_cmpstr(vague->category, ==, NULL);
    g_assert_cmpstr(exact->category, ==, "connection/port_scan");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    g_test_add_func("/csv/rows", test_rows);
    g_test_add_func("/csv/heads", test_heads);
    g_test_add_func("/csv/cells", test_cells);
    g_test_add_func("/csv/kinds", test_kinds);
    g_test_add_func("/csv/hostile", test_hostile);
    return g_test_run();
}
