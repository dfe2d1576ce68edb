/*
 * Remedies against the newest public record, and the letter for those that
 * hold.
 *
 * A remedy is installed when every listed relay of the member that lets
 * anything out is closed to the destination, by the full policy of its
 * descriptor. One relay whose policy is not known is enough to say nothing.
 *
 * The letter says that the relay no longer lets out to what the complaint
 * named. So it must have been an exit to it then, all that the ticket names
 * must be covered by this remedy, and the relays that the complaint cites must
 * be among those seen closed; where that cannot be shown there is no letter,
 * and the reason stands with the remedy.
 * It passes the gate like every letter and always waits for a person.
 */
#include "intake/remedying.h"

#include "base/errors.h"
#include "base/log.h"
#include "store/cases.h"

#include <string.h>

/* ---- looking ------------------------------------------------------------- */

typedef struct {
    guint closed, open, unseen, own; /* of listed relays */
} Tally;

static RemedyRelay *relay_of_look(const uint8_t *fingerprint,
                                  const RemedyLook *look)
{
    RemedyRelay *relay = g_new0(RemedyRelay, 1);
    relay->fingerprint = remedying_relay_text(fingerprint);
    relay->view = g_strdup(remedy_view_word(look->sight.view));
    relay->rule = g_strdup(look->sight.rule);
    relay->is_own_line = look->sight.is_own_line;
    relay->consensus = look->consensus;
    relay->since = look->since;
    if (look->document)
        relay->document = relay_document_copy(look->document);
    return relay;
}

static void count_look(Tally *tally, const RemedyLook *look)
{
    if (!look->is_listed)
        return;
    tally->own += look->sight.is_own_line;
    tally->closed += look->sight.view == REMEDY_CLOSED;
    tally->open += look->sight.view == REMEDY_OPEN;
    tally->unseen += look->sight.view == REMEDY_UNSEEN;
}

static GPtrArray *look_at(const Desk *desk, const RemedyRow *row, Tally *tally)
{
    GPtrArray *relays =
        g_ptr_array_new_with_free_func((GDestroyNotify)remedy_relay_free);
    const Member *member = members_by_id(desk->settings->members, row->member);
    for (guint i = 0; member && i < member->fingerprints->len; i++) {
        const uint8_t *fingerprint =
            (const uint8_t *)member->fingerprints->data + i * FINGERPRINT_BYTES;
        g_auto(RemedyLook) look = {0};
        remedy_look(desk->history, fingerprint, &row->target, &look);
        count_look(tally, &look);
        g_ptr_array_add(relays, relay_of_look(fingerprint, &look));
    }
    return relays;
}

/* Another remedy of the member wants the same line. */
static bool has_twin(const GPtrArray *rows, const RemedyRow *row)
{
    for (guint i = 0; i < rows->len; i++) {
        const RemedyRow *other = rows->pdata[i];
        if (other->number != row->number && remedy_is_wanted(other->state) &&
            g_str_equal(other->member, row->member) &&
            g_str_equal(other->destination, row->destination) &&
            g_str_equal(other->ports, row->ports))
            return true;
    }
    return false;
}

static RemedyState state_after(const GPtrArray *rows, const RemedyRow *row,
                               const Tally *tally)
{
    switch (row->state) {
    case REMEDY_AGREED:
        return tally->closed > 0 && tally->open == 0 && tally->unseen == 0
                   ? REMEDY_INSTALLED
                   : REMEDY_AGREED;
    case REMEDY_INSTALLED:
        return tally->open > 0 ? REMEDY_AGREED : REMEDY_INSTALLED;
    case REMEDY_WITHDRAWN:
    case REMEDY_EXPIRED:
        return (tally->own == 0 && tally->unseen == 0) || has_twin(rows, row)
                   ? REMEDY_REMOVED
                   : row->state;
    case REMEDY_PROPOSED:
    case REMEDY_REMOVED:
    case REMEDY_STATES:
        break;
    }
    return row->state;
}

/* ---- the letter ---------------------------------------------------------- */

static bool is_covered(const Incident *incident, const RemedyTarget *target,
                       const char **host)
{
    IpAddress ip;
    const char *words = incident->target ? incident->target->words : NULL;
    bool has_ports = incident->target_port >= 0
                         ? incident->target_port >= target->low &&
                               incident->target_port <= target->high
                         : target->low == 1 && target->high == UINT16_MAX;
    if (!words || !has_ports)
        return false;
    if (ip_parse(words, strlen(words), &ip))
        return ip_prefix_contains(&target->destination, &ip);
    /* A name: whoever proposed the address knew its one. */
    bool is_same = !*host || g_ascii_strcasecmp(*host, words) == 0;
    *host = words;
    return is_same;
}

/* The descriptor of a relay in the look that shows it closed. */
static const RelayDocument *document_of(const GPtrArray *relays,
                                        const uint8_t *fingerprint)
{
    g_autofree char *text = remedying_relay_text(fingerprint);
    for (guint i = 0; i < relays->len; i++) {
        const RemedyRelay *relay = relays->pdata[i];
        if (g_str_equal(relay->fingerprint, text))
            return relay->document;
    }
    return NULL;
}

/* Was the descriptor published after all that is complained of? */
static bool is_later(const Incident *incident, const RelayDocument *document)
{
    const CitedTime *time = incident->time;
    for (guint i = 0; time && i < time->readings->len; i++)
        if (((const Reading *)time->readings->pdata[i])->to >= document->when)
            return false;
    return time && time->readings->len > 0;
}

/* Why the letter cannot say it, or NULL; then the oldest document of the cited
 * relays, so that "seen" is true of all. */
static const char *objection(const JudgedTicket *judged,
                             const Judgement *judgement, const RemedyRow *row,
                             const GPtrArray *relays,
                             const RelayDocument **document)
{
    const char *host = NULL;
    const GArray *indices = judged->ticket->incidents;
    if (judged->ticket->verdict != VERDICT_EXIT)
        return "the relay did not let out to it then: \"no longer\" would be "
               "wrong";
    for (guint i = 0; i < indices->len; i++) {
        const Incident *incident =
            judgement->findings->incidents
                ->pdata[g_array_index(indices, guint, i)];
        const Match *match = judged->matches->pdata[i];
        if (!is_covered(incident, &row->target, &host))
            return "the remedy does not cover all that the complaint names";
        for (guint r = 0; match && match->relays && r < match->relays->len;
             r++) {
            const RelaySighting *sighting = match->relays->pdata[r];
            const RelayDocument *found =
                document_of(relays, sighting->fingerprint);
            if (!found)
                return "a relay that the complaint cites is not seen closed";
            if (!is_later(incident, found))
                return "the relay's rules are older than what is complained "
                       "of";
            if (!*document || found->when < (*document)->when)
                *document = found;
        }
    }
    return *document ? NULL
                     : "the complaint cites no relay that is seen closed";
}

static JudgedTicket *ticket_of(const Judgement *judgement, const char *member)
{
    for (guint i = 0; i < judgement->tickets->len; i++) {
        JudgedTicket *judged = judgement->tickets->pdata[i];
        if (g_strcmp0(judged->ticket->member, member) == 0)
            return judged;
    }
    return NULL;
}

static bool keep_letter(const Desk *desk, const RemedyRow *row,
                        const JudgedTicket *judged, Instant now, GError **error)
{
    if (judged->reply)
        return store_remedy_letter(desk->store, row, judged->reply, now, error);
    const GateHit *hit = &g_array_index(judged->decision->hits, GateHit, 0);
    g_autofree char *why =
        g_strdup_printf("%s (rule %s: %s)",
                        judged->letter_why ? judged->letter_why : "no letter",
                        hit->id, hit->why);
    return store_remedy_no_letter(desk->store, row, why, now, error);
}

static bool write_letter(const Desk *desk, const RemedyRow *row,
                         const GPtrArray *relays, const Delivery *delivery,
                         Instant now, GError **error)
{
    g_autoptr(Judgement) judgement = intake_read(desk, delivery, now, error);
    if (!judgement)
        return false;
    JudgedTicket *judged = ticket_of(judgement, row->member);
    const RelayDocument *document = NULL;
    const char *why = judged
                          ? objection(judged, judgement, row, relays, &document)
                          : "the mail is no longer about this member";
    if (why)
        return store_remedy_no_letter(desk->store, row, why, now, error);
    judged->case_id = g_strdup(row->case_id);
    judged->follow_up = REMEDY_LETTER;
    judged->remedy = document;
    return intake_decide_follow_up(desk, delivery, judgement, judged, now,
                                   error) &&
           keep_letter(desk, row, judged, now, error);
}

/* What cannot be written now waits: the mail is gone, the first letter has not
 * left yet. It holds up no other remedy. */
static bool try_letter(const Desk *desk, const RemedyRow *row,
                       const GPtrArray *relays, Instant now, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(Case) found = store_case(desk->store, row->case_id, &cause);
    g_autoptr(Delivery) delivery =
        found ? store_delivery(desk->store, found->row->inbox_id, &cause)
              : NULL;
    if (delivery && write_letter(desk, row, relays, delivery, now, &cause))
        return true;
    if (g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING) ||
        g_error_matches(cause, DESK_ERROR, DESK_ERROR_CONFLICT))
        return store_remedy_no_letter(desk->store, row, cause->message, now,
                                      error);
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

/* ---- all of them --------------------------------------------------------- */

static bool end_if_over(Store *store, RemedyRow *row, Instant now,
                        guint *changed, GError **error)
{
    if (row->state > REMEDY_INSTALLED || now < row->expires)
        return true;
    if (!store_remedy_end(store, row->number, REMEDY_EXPIRED, "the desk", NULL,
                          now, error))
        return false;
    row->state =
        row->state == REMEDY_PROPOSED ? REMEDY_REMOVED : REMEDY_EXPIRED;
    (*changed)++;
    return true;
}

static bool look_at_one(const Desk *desk, const GPtrArray *rows, RemedyRow *row,
                        Instant now, guint *changed, GError **error)
{
    Tally tally = {0};
    if (row->state == REMEDY_REMOVED)
        return true;
    g_autoptr(GPtrArray) relays = look_at(desk, row, &tally);
    RemedyState next = state_after(rows, row, &tally);
    if (!store_remedy_seen(desk->store, row, relays, next, now, error))
        return false;
    *changed += next != row->state;
    row->state = next;
    return next != REMEDY_INSTALLED || row->letter != 0 || !desk->reader ||
           try_letter(desk, row, relays, now, error);
}

static bool is_fresh(const Desk *desk, Instant now)
{
    Instant newest =
        desk->history ? history_span(desk->history).to : INSTANT_NONE;
    return newest != INSTANT_NONE &&
           now - newest <= (Instant)desk->settings->relays.max_age_s;
}

bool remedying_look(const Desk *desk, Store *store, Instant now, guint *changed,
                    GError **error)
{
    Desk own = *desk;
    own.store = store;
    *changed = 0;
    g_autoptr(GPtrArray) rows = store_remedies(store, NULL, false, error);
    if (!rows)
        return false;
    for (guint i = 0; i < rows->len; i++)
        if (!end_if_over(store, rows->pdata[i], now, changed, error))
            return false;
    for (guint i = 0; i < rows->len && is_fresh(desk, now); i++)
        if (!look_at_one(&own, rows, rows->pdata[i], now, changed, error))
            return false;
    if (*changed > 0)
        log_info(NULL, "remedies: %u changed, see exitdesk remedy list",
                 *changed);
    return true;
}
