#include "cli/doctor.h"
#include "cli/trustlook.h"

#include "base/errors.h"
#include "reply/reply.h"
#include "settings/settings_alerts.h"
#include "store/breaker.h"
#include "store/cases.h"
#include "store/drafts.h"

#include <string.h>

#define RELAYS_LATE_S (3 * 3600) /* a consensus an hour, and two to be late */

bool doctor_pause(Doctor *doctor, DoctorFinding *out)
{
    PauseState state = {0};
    g_autoptr(GError) error = NULL;
    if (!doctor->store)
        return false;
    if (!store_pause_state(doctor->store, &state, &error))
        return doctor_say(out, DOCTOR_FAIL, "look at the daemon's log", "%s",
                          error->message);
    if (!state.is_paused)
        return doctor_say(out, DOCTOR_OK, NULL, "sending is not paused");
    char since[INSTANT_TEXT_MAX];
    doctor_say(out, DOCTOR_WARN, "exitdesk resume, when the reason is gone",
               "sending is paused since %s by %s%s%s",
               instant_text(state.since, since), state.by ? state.by : "-",
               state.why ? ": " : "", state.why ? state.why : "");
    pause_state_clear(&state);
    return true;
}

bool doctor_breaker(Doctor *doctor, DoctorFinding *out)
{
    g_auto(BreakerState) state = {0};
    g_autoptr(GError) error = NULL;
    if (!doctor->store)
        return false;
    if (!store_breaker_state(doctor->store, &state, &error))
        return doctor_say(out, DOCTOR_FAIL, "look at the daemon's log", "%s",
                          error->message);
    if (!state.is_open)
        return doctor_say(out, DOCTOR_OK, NULL, "is closed");
    char since[INSTANT_TEXT_MAX];
    return doctor_say(out, DOCTOR_FAIL,
                      "look at the letters, then: exitdesk breaker close",
                      "open since %s, nothing leaves by itself: %s",
                      instant_text(state.since, since), state.why);
}

bool doctor_relays(Doctor *doctor, DoctorFinding *out)
{
    if (!doctor->settings)
        return false;
    g_autoptr(GError) error = NULL;
    g_autoptr(History) history =
        history_open(doctor->settings->relays.directory, &error);
    if (!history)
        return doctor_say(out, DOCTOR_FAIL,
                          "exitdesk relay import PATH of consensuses, see "
                          "https://collector.torproject.org",
                          "%s", error->message);
    Interval span = history_span(history);
    if (span.to == INSTANT_NONE)
        return doctor_say(out, DOCTOR_FAIL, "exitdesk relay import PATH",
                          "no consensus is stored");
    char newest[INSTANT_TEXT_MAX];
    int64_t age = doctor->now - span.to;
    int hours = (int)(age / 3600), minutes = (int)(age / 60 % 60);
    instant_text(span.to, newest);
    if (age > doctor->settings->relays.max_age_s)
        return doctor_say(out, DOCTOR_FAIL,
                          "exitdesk relay import PATH, and see why the import "
                          "does not run",
                          "newest consensus is of %s, %d h %d min old: no "
                          "letter leaves by itself",
                          newest, hours, minutes);
    if (age > RELAYS_LATE_S)
        return doctor_say(
            out, DOCTOR_WARN, "see that the import runs every hour",
            "newest consensus is %d h %d min old", hours, minutes);
    return doctor_say(out, DOCTOR_OK, NULL, "newest consensus is of %s",
                      newest);
}

bool doctor_policies(Doctor *doctor, DoctorFinding *out)
{
    if (!doctor->settings)
        return false;
    g_autoptr(GError) error = NULL;
    g_autoptr(Policies) policies = policies_load(
        (const char *const *)doctor->settings->policy_directories->pdata,
        &error);
    g_autoptr(Profiles) profiles =
        policies
            ? profiles_load((const char *const *)
                                doctor->settings->policy_directories->pdata,
                            &error)
            : NULL;
    if (profiles)
        return doctor_say(out, DOCTOR_OK, NULL,
                          "%u packs, %u profiles of reporters",
                          policies_count(policies), profiles_count(profiles));
    g_autofree char *first =
        g_strndup(error->message, strcspn(error->message, "\n"));
    return doctor_say(out, DOCTOR_FAIL, "put the file right", "%s", first);
}

/* Errors of all templates that their text shows, and the first one's place. */
static void count_findings(const Templates *templates, Instant now,
                           guint *errors, char **first)
{
    for (guint i = 0; i < templates_count(templates); i++) {
        const char *id = template_id(templates_at(templates, i));
        g_autoptr(GPtrArray) findings =
            template_lint(templates, id, reply_words(), LINT_TEXT, now);
        for (guint f = 0; f < findings->len; f++) {
            const TemplateFinding *finding = findings->pdata[f];
            if (!finding->is_error)
                continue;
            ++*errors;
            if (!*first)
                *first = g_strdup_printf("%s:%d:%d: %s", finding->file,
                                         finding->line, finding->column,
                                         finding->message);
        }
    }
}

bool doctor_templates(Doctor *doctor, DoctorFinding *out)
{
    if (!doctor->settings)
        return false;
    g_autoptr(GError) error = NULL;
    g_autoptr(Templates) templates = templates_load(
        (const char *const *)doctor->settings->template_directories->pdata,
        &error);
    if (!templates)
        return doctor_say(out, DOCTOR_FAIL, "see that it can be read", "%s",
                          error->message);
    guint count = templates_count(templates), errors = 0, stale = 0;
    g_autofree char *first = NULL;
    g_autoptr(Policies) policies = policies_load(
        (const char *const *)doctor->settings->policy_directories->pdata, NULL);
    templates_know_law(templates, policies ? policies_laws(policies) : NULL);
    count_findings(templates, doctor->now, &errors, &first);
    for (guint i = 0; i < count; i++)
        stale += !template_is_reviewed(templates_at(templates, i), doctor->now);
    if (count == 0)
        return doctor_say(out, DOCTOR_FAIL, "see the setting templates",
                          "there are none: no letter can be written");
    if (errors > 0)
        return doctor_say(out, DOCTOR_FAIL, "exitdesk template lint",
                          "%u errors, the first: %s", errors, first);
    if (stale > 0)
        return doctor_say(out, DOCTOR_WARN,
                          "exitdesk template lint; have them reviewed",
                          "%u of %u are not reviewed or the review has run "
                          "out: their letters wait for a person",
                          stale, count);
    return doctor_say(out, DOCTOR_OK, NULL, "%u, all reviewed", count);
}

/* One that has left needs none. */
static bool has_consent(Doctor *doctor, const Member *member)
{
    g_autoptr(TrustState) state = trustlook_state(doctor->context, member);
    bool has_left =
        (member->ended != INSTANT_NONE && member->ended <= doctor->now) ||
        (state && state->ends != INSTANT_NONE && state->ends <= doctor->now);
    return has_left || trust_has_consent(member, state, doctor->now);
}

bool doctor_members(Doctor *doctor, DoctorFinding *out)
{
    if (!doctor->settings)
        return false;
    const Members *members = doctor->settings->members;
    guint count = members_count(members), mute = 0;
    for (guint i = 0; i < count; i++)
        mute += !has_consent(doctor, members_at(members, i));
    if (count == 0)
        return doctor_say(out, DOCTOR_WARN,
                          "one file each: members.d/ID.yaml, see "
                          "exitdesk-member(5)",
                          "none yet: every complaint waits for staff");
    if (mute > 0)
        return doctor_say(out, DOCTOR_WARN,
                          "exitdesk member list; ask them: exitdesk member "
                          "invite",
                          "%u of %u have given no consent or took it "
                          "back: no letters in "
                          "their name",
                          mute, count);
    return doctor_say(out, DOCTOR_OK, NULL, "%u, all with consent", count);
}

/* What no program answers must reach somebody, and a second one while the
 * first is ill. */
bool doctor_alerts(Doctor *doctor, DoctorFinding *out)
{
    if (!doctor->settings)
        return false;
    const GPtrArray *people = doctor->settings->alerts.people;
    const char *WHAT = "alerts.people: two or more, see exitdesk.yaml(5)";
    if (doctor->settings->desk.mode != MODE_LIVE)
        return doctor_say(out, DOCTOR_OK, NULL,
                          "%u people are told at once (mode observe)",
                          people->len);
    if (people->len == 0)
        return doctor_say(out, DOCTOR_WARN, WHAT,
                          "nobody is told at once when an authority writes or "
                          "a hoster's deadline is half over");
    if (people->len == 1)
        return doctor_say(out, DOCTOR_WARN, WHAT,
                          "only %s is told at once when an authority writes: "
                          "nobody while that person is away",
                          ((const AlertPerson *)people->pdata[0])->name);
    return doctor_say(out, DOCTOR_OK, NULL, "%u people are told at once",
                      people->len);
}

bool doctor_mails(Doctor *doctor, DoctorFinding *out)
{
    StoreNumbers numbers;
    g_autoptr(GError) error = NULL;
    if (!doctor->store)
        return false;
    if (!store_numbers(doctor->store, &numbers, &error))
        return doctor_say(out, DOCTOR_FAIL, "look at the daemon's log", "%s",
                          error->message);
    if (numbers.parked > 0)
        return doctor_say(out, DOCTOR_WARN,
                          "exitdesk case list --state triage, and read them "
                          "raw",
                          "%" G_GINT64_FORMAT " could not be read and were set "
                          "aside",
                          numbers.parked);
    if (numbers.undecided > 100)
        return doctor_say(
            out, DOCTOR_WARN, "see that the daemon runs; raise read.workers",
            "%" G_GINT64_FORMAT " wait to be read", numbers.undecided);
    return doctor_say(out, DOCTOR_OK, NULL,
                      "%" G_GINT64_FORMAT " received, %" G_GINT64_FORMAT
                      " wait to be read",
                      numbers.mails, numbers.undecided);
}

bool doctor_letters(Doctor *doctor, DoctorFinding *out)
{
    StoreNumbers numbers;
    if (!doctor->store || !store_numbers(doctor->store, &numbers, NULL))
        return false;
    if (numbers.failed > 0)
        return doctor_say(
            out, DOCTOR_WARN, "exitdesk todo; their cases are back with staff",
            "%" G_GINT64_FORMAT " could not be delivered", numbers.failed);
    return doctor_say(out, DOCTOR_OK, NULL,
                      "%" G_GINT64_FORMAT " sent, %" G_GINT64_FORMAT
                      " on their way, %" G_GINT64_FORMAT " wait for a yes",
                      numbers.sent, numbers.outbox_waiting,
                      numbers.drafts_waiting);
}
