#include "intake/joining.h"

#include "base/errors.h"
#include "intake/alerting.h"
#include "intake/returns.h"
#include "store/cases.h"
#include "store/casework.h"
#include "store/outbox.h"

#include <string.h>

const char *address_domain(const char *address)
{
    const char *at = address ? strrchr(address, '@') : NULL;
    return at ? at + 1 : NULL;
}

static bool is_same_domain(const char *a, const char *b)
{
    const char *domain_a = address_domain(a), *domain_b = address_domain(b);
    return domain_a && domain_b && g_ascii_strcasecmp(domain_a, domain_b) == 0;
}

/* Ours: the desk's domain, or the domain a member writes from. */
bool address_is_ours(const Settings *settings, const char *address)
{
    if (!address || !*address)
        return false;
    if (is_same_domain(address, settings->desk.address) ||
        is_same_domain(address, settings->send.bounce))
        return true;
    guint count = settings->members ? members_count(settings->members) : 0;
    for (guint i = 0; i < count; i++)
        if (is_same_domain(address, members_at(settings->members, i)->address))
            return true;
    return false;
}

bool return_path_is_ours(const Settings *settings, const char *path)
{
    bool is_rewritten = path && (g_ascii_strncasecmp(path, "SRS0", 4) == 0 ||
                                 g_ascii_strncasecmp(path, "SRS1", 4) == 0);
    return !is_rewritten && address_is_ours(settings, path);
}

static bool is_of(const Member *member, const char *address)
{
    for (guint i = 0; member->contacts && i < member->contacts->len; i++)
        if (g_ascii_strcasecmp(member->contacts->pdata[i], address) == 0)
            return true;
    return is_same_domain(address, member->address);
}

const Member *joining_member_of(const Settings *settings, const char *address)
{
    guint count = settings->members ? members_count(settings->members) : 0;
    for (guint i = 0; address && i < count; i++)
        if (is_of(members_at(settings->members, i), address))
            return members_at(settings->members, i);
    return NULL;
}

static bool list_has_address(const GPtrArray *list, const char *address)
{
    for (guint i = 0; list && i < list->len; i++)
        if (g_ascii_strcasecmp(list->pdata[i], address) == 0)
            return true;
    return false;
}

bool list_names_us(const Settings *settings, const GPtrArray *recipients)
{
    for (guint i = 0; i < recipients->len; i++) {
        const char *to = recipients->pdata[i];
        if (address_is_ours(settings, to) ||
            list_has_address(settings->desk.recipients, to))
            return true;
    }
    return false;
}

/* Who may add to a case: a Message-ID of ours is only known to whom our
 * letter reached, so anybody of that domain (ticket systems have an address
 * for each ticket). A case id can be guessed: its reporter alone. */
typedef bool IsCredible(const char *reporter, const char *sender);

static bool is_same_address(const char *a, const char *b)
{
    return a && b && g_ascii_strcasecmp(a, b) == 0;
}

/* Take it into the case, or leave it to make a case of its own. */
static bool join_if(IsCredible *is_credible, const Desk *desk,
                    Judgement *judgement, const char *case_id, const char *why,
                    GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(Case) found = store_case(desk->store, case_id, &cause);
    if (found && is_credible(found->row->reporter, judgement->strict->from)) {
        judgement->joins_case = g_strdup(case_id);
        judgement->joins_why = g_strdup(why);
    }
    if (!cause || g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING))
        return true;
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

/* An answer to a letter of ours by In-Reply-To or References. */
static bool join_by_reference(const Desk *desk, Judgement *judgement,
                              GError **error)
{
    if (judgement->strict->references->len == 0)
        return true;
    g_autoptr(GError) cause = NULL;
    g_autofree char *case_id = store_case_of_message_ids(
        desk->store, judgement->strict->references, &cause);
    if (cause) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    if (!case_id)
        return true;
    judgement->answers_us = true;
    return join_if(is_same_domain, desk, judgement, case_id,
                   "answers a letter of ours", error);
}

/* An answer to the mail that told somebody of a case: only who had it knows
 * its Message-ID. It is kept with the case and is no matter of its own. */
static bool join_by_alert(const Desk *desk, Judgement *judgement,
                          GError **error)
{
    const GPtrArray *references = judgement->strict->references;
    for (guint i = 0; i < references->len && !judgement->joins_case; i++) {
        g_autofree char *token = alerting_token(references->pdata[i]);
        g_autoptr(GError) cause = NULL;
        if (token)
            judgement->joins_case =
                store_case_of_alert(desk->store, token, &cause);
        if (cause) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return false;
        }
    }
    judgement->answers_alert = judgement->joins_case != NULL;
    if (judgement->answers_alert)
        judgement->joins_why = g_strdup("answers an alert of ours");
    return true;
}

/* One whose Subject names a case. A case that only the text names may be
 * quoted beside a new matter: that is kept apart, but not answered. */
static bool join_by_subject(const Desk *desk, Judgement *judgement,
                            GError **error)
{
    const char *subject = judgement->findings->report->subject;
    g_autofree char *case_id =
        subject ? ticket_case_id_in(subject, desk->settings->desk.case_prefix)
                : NULL;
    return !case_id || join_if(is_same_address, desk, judgement, case_id,
                               "names the case in its Subject", error);
}

bool mail_names_a_case(const Settings *settings, const Report *report)
{
    const char *prefix = settings->desk.case_prefix;
    g_autofree char *in_subject =
        report->subject ? ticket_case_id_in(report->subject, prefix) : NULL;
    if (in_subject)
        return true;
    for (guint i = 0; i < report->references->len; i++) {
        const Reference *reference = report->references->pdata[i];
        g_autofree char *found =
            ticket_case_id_in(reference->value->words, prefix);
        if (found)
            return true;
    }
    return false;
}

/* The same mail by another path: Message-ID and text are both the same. */
static bool join_by_mail_key(const Desk *desk, Judgement *judgement,
                             Instant now, GError **error)
{
    g_autoptr(GError) cause = NULL;
    judgement->joins_case = store_case_of_mail(
        desk->store, judgement->findings->mail_key, now, &cause);
    judgement->is_duplicate = judgement->joins_case != NULL;
    if (judgement->is_duplicate)
        judgement->joins_why = g_strdup("the same mail came before");
    if (!cause)
        return true;
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

/* To a return path without its token, as people write it from memory: kept
 * with the case if it answers a letter of ours, else only counted. */
static bool join_at_home(const Desk *desk, const Delivery *delivery,
                         Judgement *judgement, GError **error)
{
    if (!returns_is_personal(delivery, judgement))
        return true;
    if (!join_by_reference(desk, judgement, error))
        return false;
    judgement->came_home = judgement->joins_case == NULL;
    return true;
}

bool joining_find(const Desk *desk, const Delivery *delivery,
                  Judgement *judgement, Instant now, GError **error)
{
    if (!returns_find(desk, delivery, judgement, now, error))
        return false;
    if (judgement->joins_case)
        return true;
    if (judgement->came_home)
        return join_at_home(desk, delivery, judgement, error);
    bool is_split;
    if (!store_mail_is_split(desk->store, delivery->id, &is_split, error))
        return false;
    if (is_split) {
        judgement->answers_us = true; /* of a thread of ours: never automatic */
        return true;
    }
    if (!join_by_mail_key(desk, judgement, now, error))
        return false;
    if (!judgement->joins_case && !join_by_alert(desk, judgement, error))
        return false;
    if (!judgement->joins_case && !join_by_reference(desk, judgement, error))
        return false;
    return judgement->joins_case || join_by_subject(desk, judgement, error);
}
