#include "intake/returns.h"

#include "store/cases.h"

#include <string.h>

/* ---- return paths ----------------------------------------------------- */

/* "bounce@desk.example" or "bounce+anything@desk.example". */
static bool is_return_path(const Settings *settings, const char *recipient)
{
    const char *bounce = settings->send.bounce;
    const char *at = bounce ? strchr(bounce, '@') : NULL;
    const char *domain = strrchr(recipient, '@');
    if (!at || !domain || g_ascii_strcasecmp(at, domain) != 0)
        return false;
    size_t length = (size_t)(at - bounce);
    if (g_ascii_strncasecmp(recipient, bounce, length) != 0)
        return false;
    /* Where letters come back to the desk's own address, only the token tells
     * them from complaints. */
    bool is_shared = settings->desk.address &&
                     g_ascii_strcasecmp(bounce, settings->desk.address) == 0;
    return !is_shared && (recipient[length] == '+' || recipient[length] == '@');
}

/* The token of the first recipient that is a return path which we made. */
static char *find_token(const Desk *desk, const Delivery *delivery)
{
    for (guint i = 0; desk->loop_key && i < delivery->recipients->len; i++) {
        char *token =
            reply_bounce_token(delivery->recipients->pdata[i],
                               desk->settings->send.bounce, desk->loop_key);
        if (token)
            return token;
    }
    return NULL;
}

static bool goes_nowhere_else(const Desk *desk, const Delivery *delivery)
{
    for (guint i = 0; i < delivery->recipients->len; i++)
        if (!is_return_path(desk->settings, delivery->recipients->pdata[i]))
            return false;
    return delivery->recipients->len > 0;
}

/* ---- finding ---------------------------------------------------------- */

static const Returned *returned_of(const Judgement *judgement)
{
    static const Returned unclear = {.kind = RETURN_UNCLEAR};
    const Returned *returned = judgement->findings->report->returned;
    return returned ? returned : &unclear;
}

static LetterReturn letter_return(const Delivery *delivery,
                                  const Judgement *judgement, Instant now)
{
    const Returned *returned = returned_of(judgement);
    return (LetterReturn){.inbox_id = delivery->id,
                          .token = judgement->bounce_token,
                          .message_id = returned->kind == RETURN_FEEDBACK
                                            ? returned->message_id
                                            : NULL,
                          .returned = returned,
                          .now = now};
}

static bool ask_store(const Desk *desk, const Delivery *delivery,
                      Judgement *judgement, const char *why, Instant now,
                      GError **error)
{
    LetterReturn back = letter_return(delivery, judgement, now);
    if (!store_return_judge(desk->store, &back, &judgement->home_fate,
                            &judgement->joins_case, error))
        return false;
    if (judgement->joins_case)
        judgement->joins_why = g_strdup(why);
    return true;
}

/* Whoever reports to us that our letter is unwanted sends it from anywhere;
 * that it encloses the letter, or knows its return path, shows that it had
 * it. */
static bool find_feedback(const Desk *desk, const Delivery *delivery,
                          Judgement *judgement, Instant now, GError **error)
{
    const Returned *returned = judgement->findings->report->returned;
    if (!returned || returned->kind != RETURN_FEEDBACK)
        return true;
    if (returned->return_path && desk->loop_key)
        judgement->bounce_token = reply_bounce_token(
            returned->return_path, desk->settings->send.bounce, desk->loop_key);
    if (!judgement->bounce_token && !returned->message_id)
        return true;
    if (!ask_store(desk, delivery, judgement, "is feedback on a letter of ours",
                   now, error))
        return false;
    judgement->came_home = judgement->home_fate != FATE_NO_LETTER;
    if (!judgement->joins_case)
        g_clear_pointer(&judgement->bounce_token, g_free);
    return true;
}

bool returns_is_personal(const Delivery *delivery, const Judgement *judgement)
{
    const StrictHeader *strict = judgement->strict;
    const Report *report = judgement->findings->report;
    const char *from = delivery->envelope_from;
    if (!from || !*from || strict->auto_is_odd || strict->is_bulk ||
        strict->is_list || strict->is_spam || strict->loop_token ||
        (strict->auto_submitted &&
         g_ascii_strcasecmp(strict->auto_submitted, "no") != 0) ||
        (report->returned && report->returned->kind != RETURN_NONE))
        return false;
    switch (report->disposition) {
    case DISPOSITION_COMPLAINT:
    case DISPOSITION_QUESTION:
    case DISPOSITION_LEGAL:
    case DISPOSITION_REPLY:
    case DISPOSITION_UNREADABLE:
    case DISPOSITION_OTHER:
        return true;
    case DISPOSITION_BOUNCE:
    case DISPOSITION_AUTO_REPLY:
    case DISPOSITION_ACKNOWLEDGEMENT:
    case DISPOSITION_NEWSLETTER:
    case DISPOSITION_AGGREGATE:
    case DISPOSITION_COUNT:
        break;
    }
    return false;
}

/* Somebody answered to the address that his program showed him. Only who had
 * the letter knows it, so it belongs to its case and waits there for staff;
 * of what programs say it is none. */
static bool find_person(const Desk *desk, Judgement *judgement, GError **error)
{
    g_autoptr(GError) cause = NULL;
    judgement->joins_case =
        store_case_of_token(desk->store, judgement->bounce_token, &cause);
    g_clear_pointer(&judgement->bounce_token, g_free);
    if (cause) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    judgement->came_home = judgement->joins_case == NULL;
    judgement->answers_us |= judgement->joins_case != NULL;
    if (judgement->came_home)
        judgement->home_fate = FATE_NO_LETTER;
    else
        judgement->joins_why = g_strdup("a person wrote to the return path of "
                                        "a letter of ours");
    return true;
}

bool returns_find(const Desk *desk, const Delivery *delivery,
                  Judgement *judgement, Instant now, GError **error)
{
    judgement->bounce_token = find_token(desk, delivery);
    bool is_home = goes_nowhere_else(desk, delivery);
    if (!judgement->bounce_token && !is_home)
        return find_feedback(desk, delivery, judgement, now, error);
    judgement->came_home = is_home;
    bool is_null = delivery->envelope_from && !*delivery->envelope_from;
    if (judgement->bounce_token && is_null) {
        judgement->came_home = true;
        if (!ask_store(desk, delivery, judgement,
                       "came to the return path of a letter of ours", now,
                       error))
            return false;
    } else if (judgement->bounce_token && is_home &&
               returns_is_personal(delivery, judgement)) {
        return find_person(desk, judgement, error);
    } else {
        judgement->home_fate =
            judgement->bounce_token ? FATE_NOT_NULL : FATE_FORGED;
    }
    if (!judgement->joins_case)
        g_clear_pointer(&judgement->bounce_token, g_free);
    return true;
}

/* ---- noting ----------------------------------------------------------- */

/* An automatic answer to a letter, sent to the desk's address. */
static bool is_answer(ReturnKind kind)
{
    return kind == RETURN_ABSENT || kind == RETURN_RECEIPT ||
           kind == RETURN_CHALLENGE;
}

bool returns_note(const Desk *desk, const Delivery *delivery,
                  const Judgement *judgement, Instant now, GError **error)
{
    LetterReturn back = letter_return(delivery, judgement, now);
    if (judgement->came_home && judgement->joins_case)
        return store_return(desk->store, &back, error);
    if (judgement->came_home)
        return store_return_count(desk->store, &back, judgement->home_fate,
                                  error);
    if (judgement->joins_case && !judgement->is_duplicate &&
        is_answer(back.returned->kind))
        return store_return_to_case(desk->store, judgement->joins_case, &back,
                                    error);
    return true;
}
