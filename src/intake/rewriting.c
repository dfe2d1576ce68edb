/*
 * From a person's order to a draft that waits.
 *
 *   find     case, mail, draft -> mail read again, gate asked again
 *   allow    what binds a person, too (rewriting_rules.c)
 *   address  the one recipient, and where it comes from
 *   compose  another text from the same evidence, or own words past lint
 *   keep     a new version, or for a trial nothing
 *
 * Reading again costs what reading costs, a hundredth of a second; what was
 * read when the mail came is not believed, as before a letter leaves.
 */
#include "intake/rewriting.h"

#include "base/control_wire.h"
#include "base/errors.h"
#include "base/log.h"
#include "intake/joint.h"
#include "intake/remedying.h"
#include "intake/reporter.h"
#include "intake/rewriting_letter.h"
#include "store/versions.h"

#include <string.h>

#define NAME_BYTES_MAX 120
#define ORDER_FIELDS   10 /* in the first line; own words follow it */

/* ---- the order as text ----------------------------------------------------- */

static void list_fields(RewriteOrder *order, char **fields[ORDER_FIELDS])
{
    char **const ALL[ORDER_FIELDS] = {
        &order->verb,     &order->id,      &order->seen, &order->template,
        &order->language, &order->subject, &order->to,   &order->by,
        &order->checked,  &order->trial};
    memcpy(fields, ALL, sizeof ALL);
}

void rewrite_order_clear(RewriteOrder *order)
{
    char **fields[ORDER_FIELDS];
    list_fields(order, fields);
    for (guint i = 0; i < ORDER_FIELDS; i++)
        g_clear_pointer(fields[i], g_free);
    g_clear_pointer(&order->text, g_free);
}

char *rewrite_order_new_text(const RewriteOrder *order)
{
    char **fields[ORDER_FIELDS];
    RewriteOrder copy = *order;
    list_fields(&copy, fields);
    g_autofree char *line =
        control_fields_new_text((char *const *const *)fields, ORDER_FIELDS);
    return order->text ? g_strconcat(line, "\n", order->text, NULL)
                       : g_steal_pointer(&line);
}

static bool is_verb(const RewriteOrder *order)
{
    return g_strcmp0(order->verb, "edit") == 0 ||
           g_strcmp0(order->verb, "write") == 0;
}

bool rewrite_order_read(const char *text, RewriteOrder *out, GError **error)
{
    const char *end = strchr(text, '\n');
    g_autofree char *line =
        end ? g_strndup(text, (gsize)(end - text)) : g_strdup(text);
    char **fields[ORDER_FIELDS];
    *out = (RewriteOrder){0};
    list_fields(out, fields);
    bool is_whole = control_fields_read(line, fields, ORDER_FIELDS);
    out->text = end ? g_strdup(end + 1) : NULL;
    if (is_whole && out->id && is_verb(out))
        return true;
    rewrite_order_clear(out);
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID,
                        "the request names no letter");
    return false;
}

/* ---- finding ---------------------------------------------------------------- */

static void rewriting_clear(Rewriting *work)
{
    rewrite_order_clear(&work->order);
    g_clear_pointer(&work->filed, case_free);
    g_clear_pointer(&work->delivery, delivery_free);
    g_clear_pointer(&work->judgement, judgement_free);
    g_clear_pointer(&work->before, draft_free);
    g_clear_pointer(&work->findings, g_ptr_array_unref);
    g_clear_pointer(&work->reply, reply_free);
    g_free(work->source);
    g_free(work->change);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Rewriting, rewriting_clear)

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

static bool find_before(Rewriting *work, GError **error)
{
    bool is_new = g_str_equal(work->order.verb, "write");
    g_autoptr(GError) cause = NULL;
    g_autoptr(Draft) newest =
        store_draft(work->desk.store, work->order.id, &cause);
    if (is_new && newest && g_str_equal(newest->state, "waiting")) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "%s: a letter waits already. Change it: exitdesk draft "
                    "edit %s",
                    work->order.id, work->order.id);
        return false;
    }
    if (is_new)
        return true;
    work->before = g_steal_pointer(&newest);
    if (work->before)
        return true;
    if (g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING))
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "%s has no letter to change. Write one: exitdesk draft "
                    "write %s",
                    work->order.id, work->order.id);
    else
        g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

static bool find(Rewriting *work, GError **error)
{
    const Desk *desk = &work->desk;
    if (!store_may_write(desk->store, work->order.id, error) ||
        !find_before(work, error))
        return false;
    work->filed = store_case(desk->store, work->order.id, error);
    work->delivery =
        work->filed
            ? store_delivery(desk->store, work->filed->row->inbox_id, error)
            : NULL;
    work->judgement = work->delivery
                          ? intake_read(desk, work->delivery, work->now, error)
                          : NULL;
    if (!work->judgement)
        return false;
    joint_add(work->judgement);
    work->judged = rewriting_ticket(work->judgement, work->filed);
    if (!work->judged)
        return deny(error, "the mail of %s is no longer about that member",
                    work->order.id);
    work->judged->case_id = g_strdup(work->filed->row->case_id);
    /* Whether one letter answers for all is known when all are decided. */
    JudgedTicket *joint = joint_of(work->judgement);
    return intake_decide_again(desk, work->delivery, work->judgement,
                               joint ? joint : work->judged, work->now, error);
}

/* ---- allowing --------------------------------------------------------------- */

static const char *checked_by(const Rewriting *work)
{
    return work->order.checked ? work->order.checked
           : work->before      ? work->before->checked_by
                               : NULL;
}

/* A mail about several members is answered once. */
static bool is_answered_elsewhere(const Rewriting *work)
{
    return work->judged->member && joint_of(work->judgement) &&
           joint_is_filed(work->judgement);
}

static bool allow(Rewriting *work, GError **error)
{
    const char *id = work->order.id;
    g_autofree char *never =
        rewriting_objection(work->judgement, work->judged, "whoever");
    if (never)
        return deny(error, "%s: no letter in the member's name: %s", id, never);
    g_autofree char *unread =
        rewriting_objection(work->judgement, work->judged, checked_by(work));
    if (unread)
        return deny(error,
                    "%s: %s. Read it (exitdesk case brief %s), then say who "
                    "did: --checked NAME",
                    id, unread, id);
    if (work->before && remedying_is_letter(work->before->template_id))
        return deny(error,
                    "%s: the letter says what the relay record shows of a "
                    "remedy; it can only be approved or stopped",
                    id);
    if (is_answered_elsewhere(work))
        return deny(error,
                    "%s: one letter of the desk answers the whole mail; change "
                    "that one",
                    id);
    if (!work->order.by && !*work->login)
        return deny(error, "who says so? --by NAME");
    return true;
}

/* ---- the address ------------------------------------------------------------- */

static bool choose_address(Rewriting *work, GError **error)
{
    const Judgement *judgement = work->judgement;
    const char *by = rewriting_by(work);
    g_autofree char *why = NULL;
    work->to = work->order.to ? work->order.to
               : work->before ? work->before->to
               : reporter_has_no_address(judgement)
                   ? NULL
                   : judgement->authentication->destination;
    if (!work->to && (work->before || reporter_has_no_address(judgement)))
        return true; /* of a web form: nobody is written to */
    g_autofree char *offers = rewriting_offers(work->delivery, judgement);
    if (!work->to)
        return deny(error, "to whom? --to ADDRESS. The mail offers: %s",
                    offers);
    if (!rewriting_may_reach(&work->desk, work->to, work->now, &why, error))
        return false;
    if (why)
        return deny(error,
                    "no letter to %s: %s. Another one: --to ADDRESS. The mail "
                    "offers: %s",
                    work->to, why, offers);
    work->source = rewriting_source(work->delivery, judgement, work->to, by);
    return true;
}

/* ---- keeping ----------------------------------------------------------------- */

static bool keep(Rewriting *work, guint *version, GError **error)
{
    const RewriteOrder *order = &work->order;
    const NewVersion new_version = {
        .case_id = order->id,
        .seen = work->before ? work->seen : 0,
        .reply = work->reply,
        .by = rewriting_by(work),
        .login = work->login,
        .change = work->change,
        .source = work->source,
        .checked_by = checked_by(work),
        .note = work->note,
    };
    return store_put_version(work->desk.store, &new_version, work->now, version,
                             error);
}

static bool read_seen(Rewriting *work, GError **error)
{
    guint64 number;
    if (!work->before)
        return true;
    if (!work->order.seen) {
        work->seen = work->before->version;
        return true;
    }
    if (g_ascii_string_to_unsigned(work->order.seen, 10, 1, G_MAXINT32, &number,
                                   NULL)) {
        work->seen = (guint)number;
        return store_expect_version(work->desk.store, work->order.id,
                                    work->seen, error);
    }
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "\"%s\" is no number of a version", work->order.seen);
    return false;
}

/* Names are shown and kept: nothing but what can be read. */
static void clean_name(char **name)
{
    if (!*name)
        return;
    char *clean = foreign_text(*name, NAME_BYTES_MAX);
    g_free(*name);
    *name = clean;
}

static bool read_order(Rewriting *work, const char *order, GError **error)
{
    if (!rewrite_order_read(order, &work->order, error))
        return false;
    clean_name(&work->order.by);
    clean_name(&work->order.checked);
    return true;
}

static char *answer_new(const Rewriting *work, guint version)
{
    GString *out = g_string_new(NULL);
    if (work->order.trial)
        g_string_append_printf(out, "Nothing is changed: it would be %s.",
                               work->change);
    else
        g_string_append_printf(out,
                               "Version %u of the letter waits: %s.\n"
                               "It goes nowhere before a yes: exitdesk draft "
                               "approve %s --version %u",
                               version, work->change, work->order.id, version);
    rewriting_put_warnings(work, out);
    if (work->order.trial)
        g_string_append_printf(out, "\n\nTo: %s\nSubject: %s\n\n%s",
                               work->reply->to ? work->reply->to : "nobody",
                               work->reply->subject, work->reply->text);
    return g_string_free(out, FALSE);
}

bool rewriting_do(const Desk *desk, Store *store, const char *order,
                  const char *note, const char *login, Instant now,
                  char **answer, GError **error)
{
    g_auto(Rewriting) work = {0};
    work.note = note;
    work.login = login;
    work.now = now;
    guint version = 0;
    work.desk = *desk;
    work.desk.store = store;
    if (!read_order(&work, order, error) || !find(&work, error) ||
        !read_seen(&work, error) || !allow(&work, error) ||
        !choose_address(&work, error) || !rewriting_compose(&work, error))
        return false;
    if (!work.order.trial && !keep(&work, &version, error))
        return false;
    *answer = answer_new(&work, version);
    return true;
}
