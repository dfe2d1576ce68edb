#include "store/inbox.h"
#include "store/seen.h"

#include "base/digest.h"
#include "base/errors.h"

#include <string.h>

#define ID_CHARACTERS 10
#define SALT_BITS     15
#define SALT_MASK     ((INT64_C(1) << SALT_BITS) - 1)

/* Crockford's base 32: no I, L, O, U. */
static const char DIGITS[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void inbox_id_write(int64_t number, int64_t salt, char out[INBOX_ID_SIZE])
{
    uint64_t bits = (uint64_t)number << SALT_BITS | (uint64_t)salt;
    for (int i = ID_CHARACTERS - 1; i >= 0; i--, bits >>= 5)
        out[i] = DIGITS[bits & 31];
    out[ID_CHARACTERS] = 0;
}

bool inbox_id_parse(const char *text, int64_t *number, int64_t *salt)
{
    if (strlen(text) != ID_CHARACTERS)
        return false;
    uint64_t bits = 0;
    for (; *text; text++) {
        const char *digit = strchr(DIGITS, g_ascii_toupper(*text));
        if (!digit)
            return false;
        bits = bits << 5 | (uint64_t)(digit - DIGITS);
    }
    *number = (int64_t)(bits >> SALT_BITS);
    *salt = (int64_t)bits & SALT_MASK;
    return true;
}

void mail_row_clear(MailRow *row)
{
    g_clear_pointer(&row->state, g_free);
}

static bool fail_missing(const char *inbox_id, GError **error)
{
    g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING, "no mail with the id %s",
                inbox_id);
    return false;
}

bool mail_row_find(Store *store, const char *inbox_id, MailRow *out,
                   GError **error)
{
    int64_t number, salt;
    if (!inbox_id_parse(inbox_id, &number, &salt))
        return fail_missing(inbox_id, error);
    g_auto(Query) query = query_new(store, SQL_MAIL_FIND);
    query_put_number(&query, number);
    query_put_number(&query, salt);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    if (!found)
        return fail_missing(inbox_id, error);
    *out = (MailRow){.number = number};
    inbox_id_write(number, salt, out->id);
    out->state = query_get_text(&query);
    out->received = query_get_number(&query);
    out->attempts = (uint32_t)query_get_number(&query);
    g_autoptr(GBytes) key = query_get_bytes(&query);
    memcpy(out->delivery_key, g_bytes_get_data(key, NULL),
           MIN(g_bytes_get_size(key), sizeof out->delivery_key));
    return true;
}

/* ---- accepting -------------------------------------------------------- */

/* Recipients as they are kept, one a line. SMTP has no line breaks in an
 * address, and what brought one would have ended its command there. */
static char *lines_of(const GPtrArray *list)
{
    GString *lines = g_string_new(NULL);
    for (guint i = 0; i < list->len; i++) {
        const char *address = list->pdata[i];
        g_assert(!strchr(address, '\n'));
        g_string_append_printf(lines, "%s%s", i ? "\n" : "", address);
    }
    return g_string_free(lines, FALSE);
}

static GPtrArray *list_of(const char *lines)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) parts = g_strsplit(lines, "\n", -1);
    for (char **part = parts; *part; part++)
        g_ptr_array_add(list, g_strdup(*part));
    return list;
}

static int64_t random_salt(void)
{
    uint16_t random;
    random_fill(&random, sizeof random);
    return random & SALT_MASK;
}

static bool add_row(Store *store, const Delivery *delivery,
                    const uint8_t key[32], int64_t salt, int64_t *number,
                    GError **error)
{
    g_autofree char *recipients = lines_of(delivery->recipients);
    g_auto(Query) query = query_new(store, SQL_MAIL_ADD);
    query_put_number(&query, salt);
    query_put_bytes(&query, key, 32);
    query_put_text(&query, delivery->way);
    query_put_text(&query, delivery->envelope_from);
    query_put_text(&query, recipients);
    query_put_number(&query, delivery->received);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    *number = query_get_number(&query);
    return true;
}

static bool add_bytes(Store *store, int64_t number, GBytes *raw, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_MAIL_ADD_BYTES);
    query_put_number(&query, number);
    query_put_bytes(&query, g_bytes_get_data(raw, NULL), g_bytes_get_size(raw));
    return query_run(&query, NULL, error);
}

/* A mail that came before with the same key. */
typedef struct {
    int64_t number, salt; /* number 0: none */
    char *recipients;     /* lines */
} Known;

static void known_clear(Known *known)
{
    g_clear_pointer(&known->recipients, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Known, known_clear)

static bool find_known(Store *store, const uint8_t key[32], Known *known,
                       GError **error)
{
    int64_t number = seen_find(store, key);
    if (number == 0)
        return true;
    g_auto(Query) query = query_new(store, SQL_MAIL_KNOWN);
    query_put_number(&query, number);
    bool found;
    if (!query_one(&query, &found, error))
        return false;
    if (!found)
        return true;
    int64_t salt = query_get_number(&query);
    g_autoptr(GBytes) its_key = query_get_bytes(&query);
    if (g_bytes_get_size(its_key) != 32 ||
        memcmp(g_bytes_get_data(its_key, NULL), key, 32) != 0)
        return true;
    *known = (Known){
        .number = number, .salt = salt, .recipients = query_get_text(&query)};
    return true;
}

/* A retry for the remaining recipients: they join those it has. */
static bool join_recipients(Store *store, const Known *known,
                            const GPtrArray *recipients, GError **error)
{
    g_autoptr(GPtrArray) all = list_of(known->recipients);
    guint before = all->len;
    for (guint i = 0; i < recipients->len; i++)
        if (!g_ptr_array_find_with_equal_func(all, recipients->pdata[i],
                                              g_str_equal, NULL))
            g_ptr_array_add(all, g_strdup(recipients->pdata[i]));
    if (all->len == before)
        return true;
    g_autofree char *lines = lines_of(all);
    g_auto(Query) query = query_new(store, SQL_MAIL_SET_RECIPIENTS);
    query_put_text(&query, lines);
    query_put_number(&query, known->number);
    return query_run(&query, NULL, error);
}

static bool accept_new(Store *store, Delivery *delivery, const uint8_t key[32],
                       GError **error)
{
    int64_t number = 0, salt = random_salt();
    if (!add_row(store, delivery, key, salt, &number, error) ||
        !add_bytes(store, number, delivery->raw, error))
        return false;
    seen_add(store, key, number);
    inbox_id_write(number, salt, delivery->id);
    return true;
}

static bool accept_one(Store *store, Delivery *delivery, GError **error)
{
    uint8_t key[32];
    ticket_delivery_key(delivery->envelope_from, delivery->raw, key);
    g_auto(Known) known = {0};
    if (!find_known(store, key, &known, error))
        return false;
    delivery->is_known = known.number != 0;
    if (!delivery->is_known)
        return accept_new(store, delivery, key, error);
    inbox_id_write(known.number, known.salt, delivery->id);
    return join_recipients(store, &known, delivery->recipients, error);
}

bool store_accept(Store *store, Delivery *const *deliveries, guint count,
                  GError **error)
{
    if (!transaction_begin(store, error))
        return false;
    bool ok = true;
    for (guint i = 0; ok && i < count; i++)
        ok = accept_one(store, deliveries[i], error);
    return transaction_finish(store, ok, error);
}

/* ---- looking ---------------------------------------------------------- */

void delivery_free(Delivery *delivery)
{
    if (!delivery)
        return;
    g_free(delivery->envelope_from);
    g_clear_pointer(&delivery->recipients, g_ptr_array_unref);
    g_clear_pointer(&delivery->raw, g_bytes_unref);
    g_free(delivery);
}

Delivery *store_delivery(Store *store, const char *inbox_id, GError **error)
{
    g_auto(MailRow) row = {0};
    if (!mail_row_find(store, inbox_id, &row, error))
        return NULL;
    g_autoptr(Delivery) delivery = g_new0(Delivery, 1);
    g_auto(Query) query = query_new(store, SQL_MAIL_DELIVERY);
    query_put_number(&query, row.number);
    bool found;
    if (!query_one(&query, &found, error))
        return NULL;
    if (!found) {
        fail_missing(inbox_id, error);
        return NULL;
    }
    memcpy(delivery->id, row.id, sizeof delivery->id);
    delivery->received = row.received;
    delivery->envelope_from = query_get_text(&query);
    g_autofree char *way = query_get_text(&query);
    delivery->way = g_intern_string(way);
    g_autofree char *recipients = query_get_text(&query);
    delivery->recipients = list_of(recipients);
    delivery->raw = query_get_bytes(&query);
    return g_steal_pointer(&delivery);
}

/* The ids of all rows of a query: number and salt. */
static GPtrArray *read_ids(Query *query, GError **error)
{
    g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) cause = NULL;
    while (query_next(query, &cause)) {
        int64_t number = query_get_number(query);
        char id[INBOX_ID_SIZE];
        inbox_id_write(number, query_get_number(query), id);
        g_ptr_array_add(ids, g_strdup(id));
    }
    if (!cause)
        return g_steal_pointer(&ids);
    g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
}

GPtrArray *store_undecided(Store *store, guint max, GError **error)
{
    g_auto(Query) query = query_new(store, SQL_MAIL_UNDECIDED);
    query_put_number(&query, max);
    return read_ids(&query, error);
}

GPtrArray *store_mails_between(Store *store, Instant since, Instant until,
                               GError **error)
{
    g_auto(Query) query = query_new(store, SQL_MAIL_BETWEEN);
    query_put_number(&query, since);
    query_put_number(&query, until);
    return read_ids(&query, error);
}

static bool count_attempt(Store *store, int64_t number, int *changes,
                          GError **error)
{
    g_auto(Query) query = query_new(store, SQL_MAIL_ATTEMPT);
    query_put_number(&query, number);
    return query_run(&query, changes, error);
}

bool store_begin_reading(Store *store, const char *inbox_id, uint32_t *attempts,
                         GError **error)
{
    g_auto(MailRow) row = {0};
    if (!mail_row_find(store, inbox_id, &row, error) ||
        !transaction_begin(store, error))
        return false;
    int changes = 0;
    bool ok = count_attempt(store, row.number, &changes, error);
    if (ok && changes == 0) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT, "%s is %s already",
                    row.id, row.state);
        ok = false;
    }
    *attempts = row.attempts + 1;
    return transaction_finish(store, ok, error);
}
