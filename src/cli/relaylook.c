#include "cli/relaylook.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/log.h"

#include <string.h>

#define LISTED_S  (3 * INSTANT_HOUR_S) /* clients use a consensus that long */
#define SHOWN_MAX 300

/* ---- opening ------------------------------------------------------------ */

static bool read_moment(CliContext *context, RelayLook *look, GError **error)
{
    const char *at = cli_flag(context, "at");
    look->when = people_newest(look->people);
    look->is_newest = true;
    if (look->when == INSTANT_NONE) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "no relay is known yet: exitdesk relay import PATH...");
        return false;
    }
    Instant asked;
    if (!at)
        return true;
    if (!instant_parse(at, &asked))
        return cli_usage_error(error,
                               "--at takes a time like 2026-05-03T14:02Z, not "
                               "\"%s\"",
                               at);
    look->is_newest = asked >= look->when;
    look->when = asked;
    return true;
}

bool relay_look_open(CliContext *context, RelayLook *out, GError **error)
{
    *out = (RelayLook){.settings = cli_settings_or_default(context, error)};
    if (!out->settings)
        return false;
    out->people = people_open(out->settings->relays.directory, error);
    if (!out->people || !read_moment(context, out, error))
        return false;
    out->history = history_open(out->settings->relays.directory, NULL);
    out->families = people_families(out->people, out->when);
    return true;
}

void relay_look_clear(RelayLook *look)
{
    g_clear_pointer(&look->families, families_free);
    g_clear_pointer(&look->history, history_unref);
    g_clear_pointer(&look->people, people_close);
}

/* ---- rows --------------------------------------------------------------- */

void relay_row_free(RelayRow *row)
{
    if (!row)
        return;
    contact_free(row->read);
    g_clear_pointer(&row->states, g_ptr_array_unref);
    g_free(row);
}

/* Runs go on over gaps of days; of a moment in the past the history knows
 * whether it was listed in that hour. */
static bool is_listed(const RelayLook *look, const RelayRow *row)
{
    const Roster *roster = &row->roster;
    if (roster->count == 0 || look->when - roster->listed.to > LISTED_S)
        return false;
    if (look->is_newest || !look->history || look->when > roster->listed.to)
        return true;
    g_autoptr(Lookup) lookup =
        history_lookup(look->history, &roster->addresses[0],
                       (Interval){look->when, look->when}, -1, NULL);
    for (guint i = 0; i < lookup->relays->len; i++) {
        const RelaySighting *seen = lookup->relays->pdata[i];
        if (memcmp(seen->fingerprint, row->fingerprint.bytes,
                   FINGERPRINT_BYTES) == 0)
            return seen->certainty != CERTAINTY_CONCEIVABLE;
    }
    return false;
}

RelayRow *relay_look_row(const RelayLook *look, const Fingerprint *relay)
{
    RelayRow *row = g_new0(RelayRow, 1);
    row->fingerprint = *relay;
    people_roster(look->people, relay, look->when, &row->roster);
    row->is_listed = is_listed(look, row);
    people_contact(look->people, relay, look->when, &row->contact);
    people_family(look->people, relay, look->when, &row->family);
    if (row->contact.text && *row->contact.text)
        row->read = contact_read(row->contact.text, strlen(row->contact.text));
    if (look->settings->members)
        row->member =
            members_by_fingerprint(look->settings->members, relay->bytes);
    g_autoptr(GArray) relatives = families_relatives(look->families, relay);
    row->relatives = relatives->len;
    return row;
}

static int compare_rows(gconstpointer a, gconstpointer b)
{
    const RelayRow *ra = *(RelayRow *const *)a, *rb = *(RelayRow *const *)b;
    int order = g_ascii_strcasecmp(ra->roster.nickname, rb->roster.nickname);
    return order ? order
                 : memcmp(&ra->fingerprint, &rb->fingerprint,
                          sizeof ra->fingerprint);
}

GPtrArray *relay_look_rows(const RelayLook *look)
{
    GPtrArray *rows =
        g_ptr_array_new_with_free_func((GDestroyNotify)relay_row_free);
    for (size_t i = 0; i < people_relay_count(look->people); i++) {
        RelayRow *row = relay_look_row(look, people_relay(look->people, i));
        if (row->roster.count > 0)
            g_ptr_array_add(rows, row);
        else
            relay_row_free(row);
    }
    g_ptr_array_sort(rows, compare_rows);
    return rows;
}

/* ---- texts -------------------------------------------------------------- */

char *relay_row_addresses(const RelayRow *row)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < row->roster.count; i++) {
        char ip[IP_TEXT_MAX];
        g_string_append_printf(text, "%s%s", i ? " " : "",
                               ip_text(&row->roster.addresses[i], ip));
    }
    return g_strdup(text->str);
}

char *fingerprint_new_text(const Fingerprint *relay)
{
    g_autofree char *hex = hex_new(relay->bytes, FINGERPRINT_BYTES);
    return g_ascii_strup(hex, -1);
}

char *relay_row_contact(const RelayRow *row)
{
    if (!row->contact.text)
        return g_strdup("not known");
    if (!row->read)
        return g_strdup("none given");
    if (row->read->abuse && row->read->address)
        return g_strdup_printf("%s (abuse: %s)", row->read->address,
                               row->read->abuse);
    if (row->read->abuse || row->read->address)
        return g_strdup(row->read->abuse ? row->read->abuse
                                         : row->read->address);
    g_autofree char *said = foreign_text(row->contact.text, SHOWN_MAX);
    return g_strdup_printf("no address in \"%s\"", said);
}

/* ---- printing ----------------------------------------------------------- */

static void put_said(Json *json, const char *name, const Said *said)
{
    json_key(json, name);
    if (!said->text) {
        json_null(json);
        return;
    }
    json_object(json);
    json_put_text(json, "text", said->text);
    json_put_instant(json, "since", said->named.from);
    json_put_instant(json, "until", said->named.to);
    json_put_text(json, "first_document", said->first);
    json_put_text(json, "last_document", said->last);
    json_end_object(json);
}

static void put_addresses(Json *json, const RelayRow *row)
{
    json_key(json, "addresses");
    json_array(json);
    for (guint i = 0; i < row->roster.count; i++) {
        char ip[IP_TEXT_MAX];
        json_text(json, ip_text(&row->roster.addresses[i], ip));
    }
    json_end_array(json);
}

static void put_states(Json *json, const RelayRow *row)
{
    if (!row->states)
        return;
    json_key(json, "states");
    json_array(json);
    for (guint i = 0; i < row->states->len; i++)
        json_text(json, row->states->pdata[i]);
    json_end_array(json);
}

void relay_row_put_json(Json *json, const RelayRow *row)
{
    g_autofree char *hex = fingerprint_new_text(&row->fingerprint);
    json_object(json);
    json_put_text(json, "fingerprint", hex);
    json_put_text(json, "nickname", row->roster.nickname);
    put_addresses(json, row);
    json_put_bool(json, "is_listed", row->is_listed);
    json_put_bool(json, "is_exit", row->roster.is_exit);
    json_put_bool(json, "is_bad_exit", row->roster.is_bad_exit);
    json_put_text(json, "member", row->member ? row->member->id : NULL);
    json_put_text(json, "email", row->read ? row->read->address : NULL);
    json_put_text(json, "abuse", row->read ? row->read->abuse : NULL);
    put_said(json, "contact", &row->contact);
    put_said(json, "family", &row->family);
    json_put_number(json, "relatives", row->relatives);
    json_put_instant(json, "listed_since",
                     row->roster.count ? row->roster.listed.from
                                       : INSTANT_NONE);
    json_put_instant(json, "last_seen",
                     row->roster.count ? row->roster.listed.to : INSTANT_NONE);
    put_states(json, row);
    json_end_object(json);
}

/* "address-shared, proof-gone", "ok"; NULL: not asked. Yours. */
static char *states_text(const RelayRow *row)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; row->states && i < row->states->len; i++)
        g_string_append_printf(text, "%s%s", i ? ", " : "",
                               (const char *)row->states->pdata[i]);
    return !row->states     ? NULL
           : text->len == 0 ? g_strdup("ok")
                            : g_strdup(text->str);
}

static void add_to_table(Table *table, const RelayRow *row)
{
    g_autofree char *hex = fingerprint_new_text(&row->fingerprint);
    g_autofree char *addresses = relay_row_addresses(row);
    g_autofree char *contact = relay_row_contact(row);
    g_autofree char *family = g_strdup_printf("%u", row->relatives);
    g_autofree char *states = states_text(row);
    const char *exit = row->roster.is_exit ? "exit" : "-";
    const char *member = row->member ? row->member->id : NULL;
    char seen[INSTANT_TEXT_MAX];
    instant_text(row->roster.count ? row->roster.listed.to : INSTANT_NONE,
                 seen);
    seen[MIN(strlen(seen), (size_t)16)] = '\0';
    const char *listed = row->is_listed ? "listed" : seen;
    if (states)
        TABLE_ADD(table, hex, row->roster.nickname, addresses, exit, member,
                  family, listed, states, contact);
    else
        TABLE_ADD(table, hex, row->roster.nickname, addresses, exit, member,
                  family, listed, contact);
}

guint relay_rows_print(CliContext *context, const GPtrArray *rows,
                       RelayRowWanted *wanted, gpointer data)
{
    static const char *const HEADINGS[] = {"relay",     "nickname", "addresses",
                                           "exit",      "member",   ">related",
                                           "last seen", "contact",  NULL};
    static const char *const WITH_STATES[] = {
        "relay",    "nickname",  "addresses", "exit",    "member",
        ">related", "last seen", "state",     "contact", NULL};
    bool has_states = rows->len > 0 && ((RelayRow *)rows->pdata[0])->states;
    g_autoptr(Table) table = table_new(has_states ? WITH_STATES : HEADINGS);
    guint count = 0;
    for (guint i = 0; i < rows->len; i++) {
        const RelayRow *row = rows->pdata[i];
        if (!wanted(row, data))
            continue;
        count++;
        if (!cli_wants_json(context)) {
            add_to_table(table, row);
            continue;
        }
        Json json;
        json_init(&json);
        relay_row_put_json(&json, row);
        cli_print_json(&json);
    }
    if (table_count(table) > 0)
        table_print(table);
    return count;
}
