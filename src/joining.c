#include "joining.h"

#include "store/cases.h"
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

static bool list_has_address(const GPtrArray *list, const char *address)
{
    for (guint i = 0; list && i < list->len; i++)
        if (g_ascii_strcasecmp(list->pdata[i], address) == 0)
            return true;
    return false;
}

/* Does To or Cc name an address at which we take complaints? */
bool mail_is_to_us(const Settings *settings, const StrictHeader *strict)
{
    for (guint i = 0; i < strict->to->len; i++) {
        const char *to = strict->to->pdata[i];
        if (address_is_ours(settings, to) ||
            list_has_address(settings->desk.recipients, to))
            return true;
    }
    return false;
}

static bool join_is_credible(const Desk *desk, const char *case_id,
                             const char *sender, GError **error)
{
    g_autoptr(Case) found = store_case(desk->store, case_id, error);
    return found && is_same_domain(found->row->reporter, sender);
}

/* A bounce that came home by its VERP token. */
static bool join_by_token(const Desk *desk, const Delivery *delivery,
                          Judgement *judgement, GError **error)
{
    for (guint i = 0; i < delivery->recipients->len; i++) {
        g_autofree char *token =
            reply_bounce_token(delivery->recipients->pdata[i],
                               desk->settings->send.bounce, desk->loop_key);
        if (!token)
            continue;
        g_autoptr(GError) cause = NULL;
        judgement->joins_case = store_case_of_token(desk->store, token, &cause);
        if (cause) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return false;
        }
        if (judgement->joins_case) {
            judgement->bounce_token = g_steal_pointer(&token);
            judgement->joins_why = g_strdup("came to the return path of a "
                                            "letter of ours");
            return true;
        }
    }
    return true;
}

/* An answer to a letter of ours, from the domain it was written to. From
 * anybody else the same reference makes a case of its own: a Message-ID is
 * no secret. */
static bool join_by_reference(const Desk *desk, Judgement *judgement,
                              GError **error)
{
    if (judgement->strict->references->len == 0)
        return true;
    g_autoptr(GError) cause = NULL;
    g_autofree char *case_id = store_case_of_message_ids(
        desk->store, judgement->strict->references, &cause);
    if (case_id &&
        join_is_credible(desk, case_id, judgement->strict->from, &cause)) {
        judgement->joins_case = g_steal_pointer(&case_id);
        judgement->joins_why = g_strdup("answers a letter of ours");
    }
    if (!cause)
        return true;
    g_propagate_error(error, g_steal_pointer(&cause));
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

bool joining_find(const Desk *desk, const Delivery *delivery,
                  Judgement *judgement, Instant now, GError **error)
{
    if (!join_by_token(desk, delivery, judgement, error))
        return false;
    if (judgement->joins_case)
        return true;
    if (!join_by_mail_key(desk, judgement, now, error))
        return false;
    return judgement->joins_case || join_by_reference(desk, judgement, error);
}
