#include "intake/trusting.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/log.h"
#include "store/cases.h"
#include "store/drafts.h"

#include <string.h>

/* ---- what is agreed ----------------------------------------------------- */

char *trusting_rule_hash(const PolicyRule *rule)
{
    uint8_t hash[SHA256_BYTES];
    if (!rule)
        return NULL;
    g_autofree char *text = g_strdup_printf(
        "%s %s %s %u %u", policy_reply_word(rule->reply),
        policy_auto_word(rule->automatic), rule->template ? rule->template : "",
        rule->wait_s, rule->verdicts);
    digest_sha256(text, strlen(text), hash);
    return hex_new(hash, sizeof hash);
}

char *trusting_texts(const Templates *templates)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; templates && i < templates_count(templates); i++) {
        const Template *template = templates_at(templates, i);
        g_string_append_printf(out, "%s %s\n", template_id(template),
                               template_version(template));
    }
    return g_string_free(out, FALSE);
}

/* ---- deciding ----------------------------------------------------------- */

static TrustState *state_of(Store *store, const Member *member, GError **error)
{
    return store_trust(store, member->id, member->mentor != NULL, error);
}

/* Did contacts answer once, and none within the half year? */
static bool ask_contacts(Store *store, const char *member, Instant now,
                         bool *has_expired, GError **error)
{
    g_autoptr(GPtrArray) rows = store_contacts(store, error);
    guint verified = 0, expired = 0;
    for (guint i = 0; rows && i < rows->len; i++) {
        const ContactRow *row = rows->pdata[i];
        if (g_strcmp0(row->member, member) != 0)
            continue;
        switch (contact_state(row, now)) {
        case CONTACT_VERIFIED:
            verified++;
            break;
        case CONTACT_EXPIRED:
            expired++;
            break;
        case CONTACT_CLAIMED:
            break;
        }
    }
    *has_expired = verified == 0 && expired > 0;
    return rows != NULL;
}

/* What is told of relays counts for a level that was promoted, when they were
 * looked at; a level of the file is only held by D01g. */
static bool ask_relays(Store *store, const char *member,
                       const TrustAnswer *answer, bool *changed, GError **error)
{
    *changed = false;
    return !answer->kept || store_trust_relays_changed(
                                store, member, answer->since, changed, error);
}

static bool find_trigger(const Desk *desk, JudgedTicket *judged,
                         const Template *template, const TrustAnswer *answer,
                         const GateInput *input, Instant now, GError **error)
{
    const char *category = judged->ticket->category;
    bool is_exact =
        answer->kept && g_strcmp0(answer->kept->category, category) == 0;
    g_autofree char *rule = is_exact ? trusting_rule_hash(judged->rule) : NULL;
    TrustFacts facts = {
        .template_id = template ? template_id(template) : NULL,
        .template_version = template ? template_version(template) : NULL,
        .template_reviewed = template && template_is_reviewed(template, now),
        .rule = rule,
        .letters_1d = input->counts.by_member_1d,
        .letters_max = input->limits.member_1d,
    };
    if (!ask_contacts(desk->store, judged->member->id, now,
                      &facts.has_contact_expired, error) ||
        !ask_relays(desk->store, judged->member->id, answer,
                    &facts.relays_changed, error))
        return false;
    int trigger = trust_trigger(answer, &facts);
    if (trigger < 0)
        return true;
    judged->step_back = trigger + 1;
    g_free(judged->step_scope);
    judged->step_scope = g_strdup(answer->scope);
    return true;
}

bool trusting_ask(const Desk *desk, JudgedTicket *judged,
                  const Template *template, Instant now, GateInput *input,
                  GError **error)
{
    const Member *member = judged->member;
    if (!desk->store || !member)
        return true;
    g_autoptr(TrustState) state = state_of(desk->store, member, error);
    if (!state)
        return false;
    TrustAnswer answer =
        trust_answer(member, state, judged->ticket->category, now);
    input->automation = answer.level;
    input->automation_why = answer.why;
    input->has_agreed = trust_has_consent(member, state, now);
    if (answer.level != AUTOMATION_AUTO)
        return true;
    if (!find_trigger(desk, judged, template, &answer, input, now, error))
        return false;
    if (judged->step_back > 0) {
        input->automation = AUTOMATION_HOLD;
        trust_trigger_text((guint)judged->step_back - 1,
                           &input->automation_why);
    }
    return true;
}

/* ---- what follows ------------------------------------------------------- */

bool trusting_step(const Desk *desk, const JudgedTicket *judged, Instant now,
                   GError **error)
{
    if (judged->step_back <= 0 || !judged->member)
        return true;
    return store_trust_step_back(desk->store, judged->member->id,
                                 judged->step_scope, judged->step_back - 1, now,
                                 error);
}

bool trusting_event(const Desk *desk, const char *member, const char *category,
                    const TrustFacts *facts, Instant now, GError **error)
{
    const Member *who = member && desk->settings->members
                            ? members_by_id(desk->settings->members, member)
                            : NULL;
    if (!who)
        return true;
    g_autoptr(TrustState) state = state_of(desk->store, who, error);
    if (!state)
        return false;
    TrustAnswer answer = trust_answer(who, state, category, now);
    int trigger = trust_trigger(&answer, facts);
    return trigger < 0 ||
           store_trust_step_back(desk->store, member, answer.scope, trigger,
                                 now, error);
}

/* Words that only people with lawyers, courts or the police behind them use. */
static bool is_legal(const Report *report)
{
    return report->sensitive != 0 || report->disposition == DISPOSITION_LEGAL ||
           report->sender_class == SENDER_LAW_FIRM ||
           report->sender_class == SENDER_AUTHORITY ||
           report_has_flag(report, "may-be-sensitive");
}

static bool note_answer(const Desk *desk, const Judgement *judgement,
                        Instant now, GError **error)
{
    const Report *report = judgement->findings->report;
    const Returned *returned = report->returned;
    g_autofree char *member = NULL, *category = NULL;
    bool was_automatic = false;
    if (!judgement->joins_case || judgement->is_duplicate)
        return true;
    if (!store_trust_case(desk->store, judgement->joins_case, &member,
                          &category, &was_automatic, error))
        return false;
    TrustFacts facts = {
        .has_bounced = judgement->came_home &&
                       judgement->home_fate == FATE_TAKEN && returned &&
                       returned->kind == RETURN_FAILED,
        .has_legal_answer =
            !judgement->came_home && was_automatic && is_legal(report),
    };
    return trusting_event(desk, member, category, &facts, now, error);
}

/* Mail to the stop address: whoever has it may stop, never start. */
static bool note_stop(const Desk *desk, const Delivery *delivery,
                      const Judgement *judgement, Instant now, GError **error)
{
    g_autoptr(GError) cause = NULL;
    bool is_null = !delivery->envelope_from || !*delivery->envelope_from;
    if (!judgement->stop_member || is_null)
        return true;
    g_autofree char *why = g_strdup_printf("mail %s", delivery->id);
    if (store_trust_pause(desk->store, judgement->stop_member, true,
                          delivery->envelope_from, why, now, &cause) ||
        g_error_matches(cause, DESK_ERROR, DESK_ERROR_CONFLICT))
        return true;
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

bool trusting_note(const Desk *desk, const Delivery *delivery,
                   const Judgement *judgement, Instant now, GError **error)
{
    for (guint i = 0; i < judgement->tickets->len; i++)
        if (!trusting_step(desk, judgement->tickets->pdata[i], now, error))
            return false;
    return note_answer(desk, judgement, now, error) &&
           note_stop(desk, delivery, judgement, now, error);
}

const char *trusting_objection(Store *store, const Member *member,
                               const char *category, bool automatic,
                               Instant now)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(TrustState) state =
        store ? state_of(store, member, &error) : NULL;
    if (error)
        return "what the member agreed to cannot be read";
    TrustAnswer answer = trust_answer(member, state, category, now);
    if (state && state->withdrawn != INSTANT_NONE)
        return "the member took its consent back";
    if (!trust_has_consent(member, state, now))
        return "the member's consent is no longer on record";
    if ((member->ended != INSTANT_NONE && member->ended <= now) ||
        (state && state->ends != INSTANT_NONE && state->ends <= now))
        return "the membership has ended";
    if (state && state->paused != INSTANT_NONE)
        return "letters in the member's name are paused";
    return automatic && answer.level != AUTOMATION_AUTO
               ? "the member no longer answers this automatically"
               : NULL;
}

/* ---- a yes, or two ------------------------------------------------------ */

bool trusting_read_version(char *subject, guint *version, GError **error)
{
    char *slash = strchr(subject, '/');
    guint64 number = 0;
    if (slash)
        *slash++ = 0;
    if (slash &&
        !g_ascii_string_to_unsigned(slash, 10, 1, G_MAXINT32, &number, NULL)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "\"%s\" is no number of a version", slash);
        return false;
    }
    *version = (guint)number;
    return true;
}

static bool approve_now(Store *store, const Settings *settings,
                        const char *case_id, const char *by, const char *note,
                        Instant now, char **text, GError **error)
{
    Instant send_at = now + settings->send.delay_s;
    char at[INSTANT_TEXT_MAX];
    if (!store_approve_draft(store, case_id, by, note, now, send_at, error))
        return false;
    *text = g_strdup_printf(
        "Approved. Goes out at %s. Stop it with: exitdesk draft stop %s",
        instant_text(send_at, at), case_id);
    return true;
}

static bool has_two(Store *store, const Member *member, const char *case_id,
                    const char *name, const char *login, Instant now,
                    char **text, bool *enough, GError **error)
{
    guint count;
    bool has_mentor;
    if (!store_trust_yes(store, case_id, name, login, member->mentor, now,
                         &count, &has_mentor, error))
        return false;
    *enough = count >= 2 && has_mentor;
    if (*enough)
        return true;
    *text = has_mentor
                ? g_strdup_printf("Noted. The letter waits for one more "
                                  "person.")
                : g_strdup_printf("Noted. The letter waits for the mentor: "
                                  "exitdesk draft approve %s --as \"%s\"",
                                  case_id, member->mentor);
    return true;
}

bool trusting_approve(Store *store, const Settings *settings,
                      const char *case_id, const char *as, const char *login,
                      const char *note, Instant now, char **text,
                      GError **error)
{
    const char *by = as ? as : login;
    g_autoptr(Case) found = store_case(store, case_id, error);
    if (!found)
        return false;
    const Member *member =
        found->row->member && settings->members
            ? members_by_id(settings->members, found->row->member)
            : NULL;
    if (!member || !member->mentor)
        return approve_now(store, settings, case_id, by, note, now, text,
                           error);
    g_autoptr(TrustState) state = state_of(store, member, error);
    bool enough = false;
    if (!state)
        return false;
    if (trust_wants_mentor(member, state) &&
        !has_two(store, member, case_id, by, login, now, text, &enough, error))
        return false;
    if (trust_wants_mentor(member, state) && !enough)
        return true;
    return approve_now(store, settings, case_id, by, note, now, text, error);
}
