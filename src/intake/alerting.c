/*
 * Whom to tell, when, and how often.
 *
 * A flood must neither bury the one mail that matters nor make a flood of our
 * own. So the first of each kind in an hour have a mail each; what is more is
 * told as a list, once an hour; and all that nobody took on shares one
 * reminder, at most one in alerts.repeat. With eight kinds and the defaults a
 * person gets at most 24 + 1 + 4 mails in an hour, whatever comes.
 *
 * Who is told: two people at first, with each reminder one more of the list.
 * Once all were told twice, the reminders come hourly, after a day daily: then
 * it is not for lack of mails that nobody takes it on.
 */
#include "intake/alerting_mail.h"

#include "base/errors.h"
#include "base/log.h"
#include "intake/briefing.h"
#include "store/alarms.h"

#include <string.h>

static const struct {
    const char *kind;
    uint32_t sensitive;
    const char *category; /* prefix; NULL: none */
    const char *meaning;
} KINDS[] = {
    {"life", SENSITIVE_LIFE, "threat", "a threat to life"},
    {"abuse", SENSITIVE_CHILD_ABUSE, "content/csam",
     "abuse of children; nothing of the mail is shown here"},
    {"court", SENSITIVE_COURT, "legal/court", "a court or an order"},
    {"authority", SENSITIVE_AUTHORITY, "legal/police",
     "police, prosecutor or regulator"},
    {"lawyer", SENSITIVE_LAWYER, NULL, "a lawyer"},
    {"data-subject", SENSITIVE_DATA_SUBJECT, "legal/data_subject_request",
     "somebody asks for their own data"},
    {"other", SENSITIVE_PRESS, NULL, "the press, or another legal matter"},
    /* not of a mail: when half of its time is over */
    {ALARM_KIND, 0, NULL, "half of the time that a hoster gives is over"},
};

const char *alerting_meaning(const char *kind)
{
    for (guint i = 0; i < G_N_ELEMENTS(KINDS); i++)
        if (g_strcmp0(KINDS[i].kind, kind) == 0)
            return KINDS[i].meaning;
    return "a matter for people";
}

/* ---- is it one? ---------------------------------------------------------- */

/* Rules of the gate by which a mail is ours, or old. */
static const char *const SILENT[] = {"D03a", "D04",  "D04a",
                                     "D04b", "D04d", NULL};

bool alerting_is_silent(const Decision *decision)
{
    for (guint i = 0; decision->hits && i < decision->hits->len; i++)
        if (g_strv_contains(SILENT,
                            g_array_index(decision->hits, GateHit, i).id))
            return true;
    return false;
}

static bool is_of_one_told(const Settings *settings, const char *address)
{
    const GPtrArray *people = settings->alerts.people;
    for (guint i = 0; address && people && i < people->len; i++) {
        const AlertPerson *person = people->pdata[i];
        if (g_ascii_strcasecmp(person->address, address) == 0)
            return true;
    }
    return false;
}

const char *alerting_kind(const Desk *desk, const Judgement *judgement,
                          const JudgedTicket *judged)
{
    const Report *report = judgement->findings->report;
    if (judged->decision->action != ACTION_ESCALATE ||
        alerting_is_silent(judged->decision) || judgement->answers_alert ||
        is_of_one_told(desk->settings, judgement->strict->from))
        return NULL;
    for (guint i = 0; i < G_N_ELEMENTS(KINDS); i++) {
        const char *category = KINDS[i].category;
        if ((report->sensitive & KINDS[i].sensitive) ||
            (category &&
             (g_str_has_prefix(report->category, category) ||
              g_str_has_prefix(judged->ticket->category, category))))
            return KINDS[i].kind;
    }
    if (report->sender_class == SENDER_AUTHORITY)
        return "authority";
    return report->sender_class == SENDER_LAW_FIRM ? "lawyer" : "other";
}

char *alerting_page(const Desk *desk, const Delivery *delivery,
                    const Judgement *judgement, const JudgedTicket *judged)
{
    const BriefingQuestion question = {
        .settings = desk->settings,
        .policies = desk->policies,
        .history = desk->history,
        .case_id = judged->case_id,
        .received = delivery->received,
        .judgement = judgement,
        .judged = judged,
    };
    g_autoptr(GError) error = NULL;
    char *page = desk->policies ? briefing_new(&question, &error) : NULL;
    if (page)
        return page;
    /* An alert without its page is better than none. */
    return g_strdup_printf("There is no page for it: %s\n",
                           error ? error->message : "no policies were read");
}

/* ---- who ----------------------------------------------------------------- */

static bool reads(const AlertPerson *person, const char *language)
{
    if (!language || !person->languages || person->languages->len == 0)
        return true;
    for (guint i = 0; i < person->languages->len; i++)
        if (g_ascii_strcasecmp(person->languages->pdata[i], language) == 0)
            return true;
    return false;
}

GPtrArray *alerting_people(const Settings *settings, const char *language,
                           guint count, Instant now)
{
    const GPtrArray *people = settings->alerts.people;
    GPtrArray *chosen = g_ptr_array_new();
    for (int rank = 3; rank >= 0; rank--)
        for (guint i = 0; i < people->len && chosen->len < count; i++) {
            AlertPerson *person = people->pdata[i];
            int own = 2 * alert_hours_hold(person->hours, now) +
                      reads(person, language);
            if (own == rank)
                g_ptr_array_add(chosen, person);
        }
    return chosen;
}

static char *names_of(const GPtrArray *people)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < people->len; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? ", " : "",
                               ((const AlertPerson *)people->pdata[i])->name);
    return g_string_free(out, FALSE);
}

/* ---- telling ------------------------------------------------------------- */

typedef struct {
    Store *store;
    const Settings *settings;
    GBytes *loop_key;
    Instant now;
    guint *told;
    AlertNumbers numbers;
} Run;

static bool tell(Run *run, AlertState state, int64_t number,
                 const GPtrArray *people, const AlertMail *mail, GError **error)
{
    g_autoptr(GArray) messages = g_array_new(FALSE, TRUE, sizeof(NewMessage));
    g_array_set_clear_func(messages, alert_message_clear);
    for (guint i = 0; i < people->len; i++) {
        NewMessage message;
        if (!alert_message_new(mail, people->pdata[i], &message, error))
            return false;
        g_array_append_val(messages, message);
    }
    g_autofree char *who = names_of(people);
    const AlertRound round = {
        .state = state,
        .number = number,
        .messages = (const NewMessage *)(void *)messages->data,
        .count = messages->len,
        .who = who,
    };
    *run->told += messages->len;
    return store_alert_tell(run->store, &round, run->now, error);
}

static AlertMail mail_of(const Run *run, const char *about, const char *subject,
                         const char *text, const char *page)
{
    return (AlertMail){.settings = run->settings,
                       .loop_key = run->loop_key,
                       .about = about,
                       .subject = subject,
                       .text = text,
                       .page = page,
                       .now = run->now};
}

static bool tell_alone(Run *run, const Alert *alert, GError **error)
{
    g_autoptr(GPtrArray) people =
        alerting_people(run->settings, alert->language, ALERT_FIRST, run->now);
    g_autofree char *who = names_of(people);
    bool is_alarm = g_str_equal(alert->kind, ALARM_KIND);
    g_autofree char *subject =
        g_strdup_printf("Alert: case %s needs a person now", alert->case_id);
    g_autofree char *text = g_strdup_printf(
        "Case %s: %s.\n"
        "%s Told now: %s.\n"
        "\n"
        "Whoever takes it on says so; until then more people are told, in\n"
        "%u minutes:\n"
        "\n"
        "  exitdesk alert acknowledge %s --by \"YOUR NAME\"\n"
        "\n"
        "Do not answer this message. %s:\n"
        "\n"
        "------------------------------------------------------------------\n",
        alert->case_id, alerting_meaning(alert->kind),
        is_alarm ? "It still waits for a person." : "No program answers it.",
        who, run->settings->alerts.repeat_s / 60, alert->case_id,
        is_alarm ? "What waits"
                 : "The page for the member follows; what\n"
                   "came with the mail is only at the desk");
    const AlertMail mail =
        mail_of(run, alert->case_id, subject, text, alert->page);
    return tell(run, ALERTS_ALL, alert->number, people, &mail, error);
}

static void put_list(GString *out, const GPtrArray *alerts, uint32_t count)
{
    char at[INSTANT_TEXT_MAX];
    for (guint kind = 0; kind < G_N_ELEMENTS(KINDS); kind++)
        for (guint i = 0; i < alerts->len; i++) {
            const Alert *alert = alerts->pdata[i];
            if (g_str_equal(alert->kind, KINDS[kind].kind))
                g_string_append_printf(out, "  %s  %.16s  %s\n", alert->case_id,
                                       instant_text(alert->made, at),
                                       KINDS[kind].meaning);
        }
    if (count > alerts->len)
        g_string_append_printf(out, "  and %u more: exitdesk alert list\n",
                               count - alerts->len);
}

/* All that are fresh, or all that nobody took on, in one mail. */
static bool tell_list(Run *run, AlertState state, uint32_t count,
                      guint person_count, const char *words, GError **error)
{
    g_autoptr(GPtrArray) alerts =
        store_alerts(run->store, state, ALERT_LIST_MAX, error);
    if (!alerts)
        return false;
    g_autoptr(GPtrArray) people =
        alerting_people(run->settings, NULL, person_count, run->now);
    g_autofree char *who = names_of(people);
    g_autofree char *subject =
        g_strdup_printf("Alert: %u case%s a person now", count,
                        count == 1 ? " needs" : "s need");
    g_autoptr(GString) text = g_string_new(words);
    g_string_append(text, "\n\n");
    put_list(text, alerts, count);
    g_string_append_printf(
        text,
        "\nTold now: %s. Whoever takes one on, or all of them, says so:\n\n"
        "  exitdesk alert acknowledge CASE --by \"YOUR NAME\"\n"
        "  exitdesk alert acknowledge all --by \"YOUR NAME\"\n\n"
        "The page for each: exitdesk case brief CASE. Do not answer this\n"
        "message.\n",
        who);
    const AlertMail mail = mail_of(run, "alerts", subject, text->str, NULL);
    return tell(run, state, 0, people, &mail, error);
}

/* ---- when ---------------------------------------------------------------- */

/* A clock that was set back makes nothing wait. */
static bool is_over(Instant since, Instant wait_s, Instant now)
{
    return since == INSTANT_NONE || now - since >= wait_s || since > now;
}

static bool tell_fresh_alone(Run *run, GError **error)
{
    g_autoptr(GPtrArray) fresh =
        store_alerts(run->store, ALERTS_FRESH, ALERT_LIST_MAX, error);
    for (guint i = 0; fresh && i < fresh->len; i++) {
        const Alert *alert = fresh->pdata[i];
        uint32_t alone;
        if (!store_alerts_alone(run->store, alert->kind,
                                run->now - INSTANT_HOUR_S, &alone, error))
            return false;
        if (alone >= run->settings->alerts.per_hour)
            continue;
        if (!tell_alone(run, alert, error))
            return false;
        run->numbers.fresh--;
    }
    return fresh != NULL;
}

static bool tell_fresh(Run *run, GError **error)
{
    if (run->numbers.fresh == 0)
        return true;
    if (!tell_fresh_alone(run, error))
        return false;
    if (run->numbers.fresh == 0 ||
        !is_over(run->numbers.listed, INSTANT_HOUR_S, run->now))
        return true;
    return tell_list(run, ALERTS_FRESH, run->numbers.fresh, ALERT_FIRST,
                     "More of these mails came than get a message each. No "
                     "program answers\nthem:",
                     error);
}

static Instant wait_of(const Run *run)
{
    Instant repeat_s = run->settings->alerts.repeat_s;
    guint all = run->settings->alerts.people->len;
    if (run->numbers.rounds <= all)
        return repeat_s;
    if (run->numbers.rounds < all + 24)
        return MAX(repeat_s, INSTANT_HOUR_S);
    return INSTANT_DAY_S;
}

static bool remind(Run *run, GError **error)
{
    if (run->numbers.told == 0 ||
        !is_over(run->numbers.told_least, wait_of(run), run->now))
        return true;
    return tell_list(
        run, ALERTS_TOLD, run->numbers.told, ALERT_FIRST + run->numbers.rounds,
        "Nobody has taken these on yet. No program answers them:", error);
}

/* ---- deadlines ------------------------------------------------------------ */

/* What waits, and by when; nothing of the mail. */
static char *alarm_page(const Settings *settings, const Alarm *alarm)
{
    const Member *member = alarm->member && settings->members
                               ? members_by_id(settings->members, alarm->member)
                               : NULL;
    bool has_draft = g_str_equal(alarm->state, "drafted");
    char received[INSTANT_TEXT_MAX], due[INSTANT_TEXT_MAX];
    return g_strdup_printf(
        "Case %s, for %s\n"
        "\n"
        "  complaint  %s, received %s\n"
        "  answer due %s\n"
        "  waits      %s\n"
        "\n"
        "A hoster that gets no answer in time may switch the relay off.\n"
        "\n"
        "  exitdesk %s show %s\n",
        alarm->case_id, member ? member->name : "the desk", alarm->category,
        instant_text(alarm->received, received), instant_text(alarm->due, due),
        has_draft ? "a draft, for a yes" : "for a person to write or decide",
        has_draft ? "draft" : "case", alarm->case_id);
}

/* Alerts of those whose moment has come; those of answered cases end. */
static bool look_at_deadlines(Store *store, const Settings *settings,
                              Instant now, GError **error)
{
    guint over;
    g_autoptr(GPtrArray) alarms =
        store_alarms(store, now, ALERT_LIST_MAX, error);
    for (guint i = 0; alarms && i < alarms->len; i++) {
        g_autofree char *page = alarm_page(settings, alarms->pdata[i]);
        if (!store_alarm_raise(store, alarms->pdata[i], page, now, error))
            return false;
    }
    return alarms && store_alarms_rest(store, now, &over, error);
}

bool alerting_run(Store *store, const Settings *settings, GBytes *loop_key,
                  Instant now, guint *told, GError **error)
{
    Run run = {.store = store,
               .settings = settings,
               .loop_key = loop_key,
               .now = now,
               .told = told};
    *told = 0;
    if (!look_at_deadlines(store, settings, now, error))
        return false;
    if (settings->alerts.people->len == 0 || !settings->send.via)
        return true;
    return store_alert_numbers(store, &run.numbers, error) &&
           remind(&run, error) && tell_fresh(&run, error);
}

bool alerting_take(Store *store, const char *subject, const char *by,
                   const char *login, Instant now, char **text, GError **error)
{
    bool is_all = g_str_equal(subject, "all");
    uint32_t count;
    if (!store_alert_take(store, is_all ? NULL : subject, by, login, NULL, now,
                          &count, error))
        return false;
    *text = g_strdup_printf("%u alert%s taken on by %s. Nobody is told again.",
                            count, count == 1 ? "" : "s", by);
    return true;
}
