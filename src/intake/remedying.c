#include "intake/remedying.h"

#include "base/control_wire.h"
#include "base/digest.h"
#include "base/errors.h"
#include "store/cases.h"

#include <stdlib.h>
#include <string.h>

#define ORDER_FIELDS 8

const MemberStatement *remedying_word(const Member *member, Instant now)
{
    for (guint i = 0; i < member->statements->len; i++) {
        const MemberStatement *said = member->statements->pdata[i];
        if (g_str_equal(said->name, REMEDY_WORD) && said->said <= now &&
            (said->until == INSTANT_NONE || now <= said->until))
            return said;
    }
    return NULL;
}

bool remedying_is_letter(const char *template_id)
{
    const char *slash = template_id ? strchr(template_id, '/') : NULL;
    return slash && g_str_has_prefix(slash + 1, REMEDY_LETTER ".");
}

char *remedying_relay_text(const uint8_t fingerprint[FINGERPRINT_BYTES])
{
    g_autofree char *text = hex_new(fingerprint, FINGERPRINT_BYTES);
    return g_ascii_strup(text, -1);
}

/* ---- the request --------------------------------------------------------- */

static void list_fields(RemedyOrder *order, char **fields[ORDER_FIELDS])
{
    char **const ALL[ORDER_FIELDS] = {
        &order->verb, &order->id,    &order->destination, &order->ports,
        &order->days, &order->owner, &order->forced,      &order->by};
    memcpy(fields, ALL, sizeof ALL);
}

void remedy_order_clear(RemedyOrder *order)
{
    char **fields[ORDER_FIELDS];
    list_fields(order, fields);
    for (guint i = 0; i < ORDER_FIELDS; i++)
        g_clear_pointer(fields[i], g_free);
}

char *remedy_order_new_text(const RemedyOrder *order)
{
    char **fields[ORDER_FIELDS];
    RemedyOrder copy = *order;
    list_fields(&copy, fields);
    return control_fields_new_text((char *const *const *)fields, ORDER_FIELDS);
}

bool remedy_order_read(const char *text, RemedyOrder *out, GError **error)
{
    char **fields[ORDER_FIELDS];
    *out = (RemedyOrder){0};
    list_fields(out, fields);
    if (control_fields_read(text, fields, ORDER_FIELDS))
        return true;
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID,
                        "the request names no remedy");
    return false;
}

static bool deny(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool deny(GError **error, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    g_autofree char *words = g_strdup_vprintf(format, values);
    va_end(values);
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_DENIED, words);
    return false;
}

/* ---- proposing ----------------------------------------------------------- */

static void warn(GPtrArray *warnings, bool is_grave, char *text)
{
    RemedyWarning *warning = g_new0(RemedyWarning, 1);
    warning->text = text;
    warning->is_grave = is_grave;
    g_ptr_array_add(warnings, warning);
}

static void warn_of_relay(GPtrArray *warnings, const char *relay,
                          const RemedyLook *look, const RemedyTarget *target)
{
    if (look->sight.view == REMEDY_OPEN && look->sight.is_meant)
        warn(warnings, false,
             g_strdup_printf("%.8s lets out there by a rule of its own: %s",
                             relay, look->sight.rule));
    if (look->sight.view == REMEDY_CLOSED)
        warn(warnings, false,
             g_strdup_printf("%.8s is closed to it already: %s", relay,
                             look->sight.rule));
    if (remedy_is_general_exit(look->policy, NULL) &&
        !remedy_is_general_exit(look->policy, target))
        warn(warnings, true,
             g_strdup_printf("%.8s would lose the Exit flag", relay));
}

GPtrArray *remedying_warnings(const Desk *desk, const Member *member,
                              const RemedyTarget *target)
{
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) operators = shared_load(
        (const char *const *)desk->settings->policy_directories->pdata, errors);
    GPtrArray *warnings = remedy_warnings(target, operators);
    if (errors->len > 0)
        warn(warnings, true,
             g_strdup_printf("not all lists of shared addresses can be read: "
                             "%s",
                             (const char *)errors->pdata[0]));
    for (guint i = 0; i < member->fingerprints->len; i++) {
        const uint8_t *fingerprint =
            (const uint8_t *)member->fingerprints->data + i * FINGERPRINT_BYTES;
        g_autofree char *relay = remedying_relay_text(fingerprint);
        g_auto(RemedyLook) look = {0};
        remedy_look(desk->history, fingerprint, target, &look);
        warn_of_relay(warnings, relay, &look, target);
    }
    if (member->fingerprints->len == 0)
        warn(warnings, false,
             g_strdup("the member's file names no relays: whether the line "
                      "holds cannot be seen"));
    return warnings;
}

static const Member *member_of_case(const Desk *desk, Store *store,
                                    const char *case_id, Instant now,
                                    GError **error)
{
    g_autoptr(Case) found = store_case(store, case_id, error);
    if (!found)
        return NULL;
    const Member *member =
        found->row->member
            ? members_by_id(desk->settings->members, found->row->member)
            : NULL;
    if (!member || (member->ended != INSTANT_NONE && member->ended <= now)) {
        deny(error, "%s is no case of a member of ours", case_id);
        return NULL;
    }
    if (!remedying_word(member, now)) {
        deny(error,
             "%s wants no lines proposed: its file has no statement \"%s\" "
             "that holds now",
             member->id, REMEDY_WORD);
        return NULL;
    }
    return member;
}

/* What is grave needs a name and a reason. */
static bool is_answered_for(const GPtrArray *warnings, const RemedyOrder *order,
                            GError **error)
{
    for (guint i = 0; i < warnings->len; i++) {
        const RemedyWarning *warning = warnings->pdata[i];
        if (warning->is_grave && (!order->forced || !order->by))
            return deny(error,
                        "%s. If it must be: --force REASON --by WHO answers "
                        "for it",
                        warning->text);
    }
    return true;
}

static bool read_days(const RemedyOrder *order, Instant now, Instant *expires,
                      GError **error)
{
    char *end = NULL;
    long days = order->days ? strtol(order->days, &end, 10) : REMEDY_DAYS;
    if (days >= 1 && days <= REMEDY_DAYS_MAX && (!end || !*end)) {
        *expires = now + days * INSTANT_DAY_S;
        return true;
    }
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "a remedy holds 1 to %d days, not \"%s\"", REMEDY_DAYS_MAX,
                order->days);
    return false;
}

static bool propose(const Desk *desk, Store *store, const RemedyOrder *order,
                    const char *note, const char *login, Instant now,
                    char **text, GError **error)
{
    RemedyTarget target;
    NewRemedy remedy = {.case_id = order->id,
                        .destination = order->destination,
                        .ports = order->ports ? order->ports : "*",
                        .reason = note ? note : "none was given",
                        .owner = order->owner,
                        .by = login};
    const Member *member = member_of_case(desk, store, order->id, now, error);
    if (!member ||
        !remedy_target_parse(order->destination ? order->destination : "",
                             order->ports, &target, error) ||
        !read_days(order, now, &remedy.expires, error))
        return false;
    if (!order->owner)
        return deny(error,
                    "nobody said how it is known that %s is the "
                    "complainant's: --owner HOW",
                    order->destination);
    g_autoptr(GPtrArray) warnings = remedying_warnings(desk, member, &target);
    if (!is_answered_for(warnings, order, error))
        return false;
    g_autofree char *forced =
        order->forced && order->by
            ? g_strdup_printf("%s, says %s", order->forced, order->by)
            : NULL;
    int64_t number;
    remedy.forced = forced;
    if (!store_remedy_propose(store, &remedy, now, &number, error))
        return false;
    *text = g_strdup_printf(
        "Proposed as remedy %" G_GINT64_FORMAT ". Ask %s, and when it says "
        "yes: exitdesk remedy agree %" G_GINT64_FORMAT " --by WHO",
        number, member->id, number);
    return true;
}

/* ---- the other steps ----------------------------------------------------- */

static bool agree(const Desk *desk, Store *store, int64_t number,
                  const RemedyOrder *order, const char *note, const char *login,
                  Instant now, char **text, GError **error)
{
    if (!order->by)
        return deny(error, "say who of the member agreed: --by WHO");
    g_autoptr(RemedyRow) row = store_remedy(store, number, error);
    const Member *member =
        row ? member_of_case(desk, store, row->case_id, now, error) : NULL;
    if (!member ||
        !store_remedy_agree(store, number, order->by, login, note, now, error))
        return false;
    *text = g_strdup_printf("Agreed. The lines for its torrc: exitdesk remedy "
                            "torrc %s",
                            member->id);
    return true;
}

static bool withdraw(Store *store, int64_t number, const char *note,
                     const char *login, Instant now, char **text,
                     GError **error)
{
    if (!store_remedy_end(store, number, REMEDY_WITHDRAWN, login, note, now,
                          error))
        return false;
    *text = g_strdup("Withdrawn. Where the line stands in torrc it is to be "
                     "taken out.");
    return true;
}

static bool look_now(const Desk *desk, Store *store, Instant now, char **text,
                     GError **error)
{
    guint changed;
    if (!remedying_look(desk, store, now, &changed, error))
        return false;
    *text = g_strdup_printf("Looked: %u changed.", changed);
    return true;
}

bool remedying_do(const Desk *desk, Store *store, const char *order_text,
                  const char *note, const char *login, Instant now, char **text,
                  GError **error)
{
    g_auto(RemedyOrder) order = {0};
    if (!remedy_order_read(order_text, &order, error))
        return false;
    const char *verb = order.verb ? order.verb : "";
    int64_t number = order.id ? g_ascii_strtoll(order.id, NULL, 10) : 0;
    if (g_str_equal(verb, "look"))
        return look_now(desk, store, now, text, error);
    if (g_str_equal(verb, "propose") && order.id)
        return propose(desk, store, &order, note, login, now, text, error);
    if (g_str_equal(verb, "agree"))
        return agree(desk, store, number, &order, note, login, now, text,
                     error);
    if (g_str_equal(verb, "withdraw"))
        return withdraw(store, number, note, login, now, text, error);
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID,
                        "the request names no step of a remedy");
    return false;
}
