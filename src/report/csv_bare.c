/*
 * Tables without heads: columns are told by what their cells look like.
 *
 * Problem: exports of scripts have no heads, and the first address of a row is
 * not always the accused. Approach: the mark that cuts the first rows into the
 * same number of cells; a column is of a kind if nearly all of its cells are.
 * One column of addresses is the accused's. Of two, it must be shown which:
 *
 *   - the Subject names one address, and it stands in one of them only;
 *   - all of the other are private (RFC 1918, 4193): somebody's own machines;
 *   - the ports behind it are the low numbers of services, or those behind
 *     the other one the high numbers of clients; if both have ports, both.
 *
 * Without such a sign, with three columns of addresses, or with two and no
 * time, nothing is stated: incident/ reads the text and says that it guesses.
 * Order alone is no sign; exports of firewalls write both.
 */
#include "report/csv_table.h"

#include <string.h>

#define ROWS_LOOKED_AT 40
#define ROWS_MIN       2
#define CELLS_MAX      32 /* more columns are no list of events */
#define NEARLY_ALL     9  /* tenths of the rows */
#define SERVICE_LAST   10000
#define PORT_BYTES_MAX 5

typedef struct {
    size_t addresses, privates, subjects, times, dates, clocks, ports, services;
    size_t protocols;
} Kinds;

typedef struct {
    size_t rows, columns;
    Kinds kinds[CELLS_MAX];
} Look;

static bool is_number(const char *text, size_t length, guint64 *out)
{
    char buffer[16];
    if (length == 0 || length >= sizeof buffer)
        return false;
    memcpy(buffer, text, length);
    buffer[length] = '\0';
    *out = g_ascii_strtoull(buffer, NULL, 10);
    return strspn(buffer, "0123456789") == length;
}

/* Date and clock in one, or seconds or milliseconds since 1970 that are of
 * this century. */
static bool is_stamp(const char *text, size_t length)
{
    guint64 number;
    size_t digits = 0, colons = 0;
    if (is_number(text, length, &number))
        return length == 10 ? number > 946684800 : length == 13 && *text == '1';
    if (length < 11 || length > 48)
        return false;
    for (size_t i = 1; i + 1 < length; i++) {
        digits += g_ascii_isdigit(text[i]) != 0;
        colons += text[i] == ':' && g_ascii_isdigit(text[i - 1]) &&
                  g_ascii_isdigit(text[i + 1]);
    }
    return colons >= 1 && colons <= 3 && digits >= 5;
}

static bool is_protocol(const char *text, size_t length)
{
    static const char *const WORDS[] = {"tcp", "udp", "icmp", "sctp"};
    for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
        if (strlen(WORDS[i]) == length &&
            g_ascii_strncasecmp(text, WORDS[i], length) == 0)
            return true;
    return false;
}

static void look_at_cell(const CsvTable *table, size_t column,
                         const char *accused, Kinds *kinds)
{
    size_t length;
    IpAddress ip;
    guint64 number;
    char plain[IP_TEXT_MAX];
    const char *text = csv_cell_text(table, (int)column, &length);
    if (csv_is_address(text, length, &ip)) {
        kinds->addresses++;
        kinds->privates += !ip_is_public(&ip);
        kinds->subjects += accused && strcmp(ip_text(&ip, plain), accused) == 0;
    } else if (is_stamp(text, length)) {
        kinds->times++;
    } else if (is_number(text, length, &number)) {
        bool is_port = length <= PORT_BYTES_MAX && number <= 65535;
        kinds->ports += is_port;
        kinds->services += is_port && number < SERVICE_LAST;
    } else if (is_protocol(text, length)) {
        kinds->protocols++;
    } else if (length > 0 && csv_is_clock(text, length)) {
        kinds->clocks++;
    } else if (length > 0 && csv_is_date(text, length)) {
        kinds->dates++;
    }
}

/* Look at the first rows cut by the table's mark. False if they do not have
 * the same number of cells. */
static bool look(const CsvTable *table, const char *accused, Look *out)
{
    g_autofree CsvTable *copy = g_memdup2(table, sizeof *table);
    *out = (Look){0};
    for (int i = 0; i < ROWS_LOOKED_AT && csv_next_row(&copy->reader); i++) {
        const CsvReader *reader = &copy->reader;
        if (reader->count == 1 && reader->cells[0].length == 0)
            continue;
        if (out->rows == 0)
            out->columns = reader->count;
        if (reader->count != out->columns || reader->count > CELLS_MAX)
            return false;
        out->rows++;
        for (size_t column = 0; column < out->columns; column++)
            look_at_cell(copy, column, accused, &out->kinds[column]);
    }
    return out->rows >= ROWS_MIN;
}

static bool is_most(const Look *all, size_t count)
{
    return count * 10 >= all->rows * NEARLY_ALL;
}

static size_t kind_count(const Look *all, size_t column, HeadMeaning meaning)
{
    const Kinds *kinds = &all->kinds[column];
    switch (meaning) {
    case HEAD_ADDRESS:
        return kinds->addresses;
    case HEAD_PORT:
        return kinds->ports;
    case HEAD_TIME:
        return kinds->times;
    case HEAD_PROTOCOL:
        return kinds->protocols;
    case HEAD_NONE:
    case HEAD_TARGET:
    case HEAD_TARGET_PORT:
    case HEAD_TIME_LAST:
    case HEAD_ZONE:
    case HEAD_KIND:
    case HEAD_COUNT:
        return 0;
    }
    g_assert_not_reached();
}

/* The next column of the kind from `from` on, -1 if there is none. */
static int next_of(const Look *all, HeadMeaning meaning, int from)
{
    for (size_t i = (size_t)from; i < all->columns; i++)
        if (is_most(all, kind_count(all, i, meaning)))
            return (int)i;
    return -1;
}

/* The column of ports that belongs to an address: behind it, before the next
 * address. */
static int port_of(const Look *all, int address, int next_address)
{
    int port = next_of(all, HEAD_PORT, address + 1);
    return next_address > address && port > next_address ? -1 : port;
}

/* Is `a` shown to be the accused's rather than `b`? */
static bool is_shown(const Look *all, int a, int b)
{
    const Kinds *mine = &all->kinds[a], *other = &all->kinds[b];
    if ((mine->subjects > 0) != (other->subjects > 0))
        return mine->subjects > 0;
    if (is_most(all, other->privates) != is_most(all, mine->privates))
        return is_most(all, other->privates);
    int my_port = port_of(all, a, b), its_port = port_of(all, b, a);
    bool mine_is_high =
        my_port >= 0 && all->kinds[my_port].services * 2 < all->rows;
    bool its_is_service =
        its_port >= 0 && is_most(all, all->kinds[its_port].services);
    if (my_port < 0 || its_port < 0)
        return mine_is_high || its_is_service;
    return my_port != its_port && mine_is_high && its_is_service;
}

/* Both columns of addresses, the accused's first; false if it is not shown. */
static bool choose_addresses(const Look *all, int *accused, int *target)
{
    int a = next_of(all, HEAD_ADDRESS, 0);
    int b = a < 0 ? -1 : next_of(all, HEAD_ADDRESS, a + 1);
    *accused = a;
    *target = b;
    if (a < 0 || b < 0)
        return a >= 0;
    if (next_of(all, HEAD_ADDRESS, b + 1) >= 0)
        return false;
    if (is_shown(all, b, a)) {
        *accused = b;
        *target = a;
        return true;
    }
    return is_shown(all, a, b);
}

/* A stamp, or date and clock side by side. */
static void choose_time(CsvTable *table, const Look *all)
{
    table->column[HEAD_TIME] = next_of(all, HEAD_TIME, 0);
    for (size_t i = 0; i + 1 < all->columns && table->column[HEAD_TIME] < 0;
         i++) {
        const Kinds *left = &all->kinds[i], *right = &all->kinds[i + 1];
        if (is_most(all, left->dates) && is_most(all, right->clocks)) {
            table->column[HEAD_TIME] = (int)i;
            table->clock = (int)i + 1;
        }
    }
}

static bool choose_columns(CsvTable *table, const Look *all)
{
    int accused, target;
    for (int i = 0; i < HEAD_COUNT; i++)
        table->column[i] = -1;
    table->clock = -1;
    if (!choose_addresses(all, &accused, &target))
        return false;
    choose_time(table, all);
    if (table->column[HEAD_TIME] < 0 && all->columns > 1)
        return false;
    table->column[HEAD_ADDRESS] = accused;
    table->column[HEAD_TARGET] = target;
    table->column[HEAD_PROTOCOL] = next_of(all, HEAD_PROTOCOL, 0);
    if (target >= 0) {
        table->column[HEAD_TARGET_PORT] = port_of(all, target, accused);
        table->column[HEAD_PORT] = port_of(all, accused, target);
        if (table->column[HEAD_PORT] == table->column[HEAD_TARGET_PORT])
            table->column[HEAD_PORT] = -1;
    }
    return true;
}

bool csv_table_open_bare(CsvTable *table, const char *accused)
{
    static const char MARKS[] = {'\t', ';', '|', ','};
    g_autofree Look *all = g_new(Look, 1);
    for (size_t i = 0; i < sizeof MARKS; i++) {
        table->reader.mark = MARKS[i];
        bool is_table = look(table, accused, all) && all->columns > 1;
        if (is_table && choose_columns(table, all))
            return true;
    }
    /* Nothing but addresses, one a line. */
    return look(table, accused, all) && all->columns == 1 &&
           choose_columns(table, all);
}
