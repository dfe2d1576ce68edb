#include "cli/desk.h"
#include "cli/doctor.h"

#include "intake/probing.h"

#define LOOK_US (100 * 1000)
#define LOOKS   300 /* half a minute: some mail servers take their time */

/* The setting "clock" is where the desk's clock began; it has run on since. */
static bool ask(Store *store, const Settings *settings, Instant now,
                ProbeState *out, GError **error)
{
    if (!store_probe_state(store, 0, now, out, error))
        return false;
    Instant newest = MAX(out->sent, out->came);
    if (!settings->clock || newest <= now)
        return true;
    probe_state_clear(out);
    return store_probe_state(store, 0, newest, out, error);
}

/* ---- what is known ------------------------------------------------------ */

static bool say_lost(const ProbeState *state, DoctorFinding *out)
{
    char sent[INSTANT_TEXT_MAX];
    return doctor_say(out, DOCTOR_FAIL,
                      "see in the mail server's log where it went: mail to "
                      "bounce+TOKEN must reach the desk, see "
                      "exitdesk-postfix(7); then: exitdesk doctor --probe",
                      "the probe of %s did not come back: nothing shows that "
                      "forged results are taken out, and no letter leaves by "
                      "itself",
                      instant_text(state->sent, sent));
}

static bool say_open(const Doctor *doctor, const ProbeState *state,
                     DoctorFinding *out)
{
    g_auto(GStrv) parts =
        g_strsplit(doctor->settings->receive.authserv_id, ".", -1);
    g_autofree char *name = g_strjoinv("\\.", parts);
    g_autofree char *what_to_do =
        g_strdup_printf("Postfix: header_checks = "
                        "regexp:/etc/postfix/exitdesk-header-checks with "
                        "/^Authentication-Results:.*%s/ IGNORE, see "
                        "exitdesk-postfix(7); then: exitdesk doctor --probe",
                        name);
    return doctor_say(out, DOCTOR_FAIL, what_to_do,
                      "the mail server lets forged results in our name "
                      "through (%s), so anybody could write as anybody: no "
                      "letter leaves by itself",
                      state->got_through);
}

bool doctor_border(Doctor *doctor, DoctorFinding *out)
{
    g_auto(ProbeState) state = {0};
    g_autoptr(GError) error = NULL;
    char came[INSTANT_TEXT_MAX];
    if (!doctor->settings || !doctor->store ||
        !probing_is_needed(doctor->settings))
        return false;
    if (!ask(doctor->store, doctor->settings, doctor->now, &state, &error))
        return doctor_say(out, DOCTOR_FAIL, "look at the daemon's log", "%s",
                          error->message);
    if (state.got_through)
        return say_open(doctor, &state, out);
    if (state.is_lost)
        return say_lost(&state, out);
    if (state.is_proven)
        return doctor_say(out, DOCTOR_OK, NULL,
                          "takes forged results out, seen %s",
                          instant_text(state.came, came));
    return doctor_say(out, DOCTOR_WARN, "exitdesk doctor --probe",
                      state.is_under_way
                          ? "is being tested: letters wait for the probe"
                          : "was not tested for a day: no letter leaves by "
                            "itself");
}

/* ---- testing now -------------------------------------------------------- */

/* Is the newest probe home? */
static bool is_home(Store *store, const Settings *settings, Instant now)
{
    g_auto(ProbeState) state = {0};
    g_autoptr(GError) error = NULL;
    return ask(store, settings, now, &state, &error) && state.is_home;
}

bool doctor_probe(CliContext *context, GError **error)
{
    const Settings *settings = cli_settings(context, error);
    ControlRequest request = {.kind = CONTROL_PROBE};
    if (!settings ||
        !control_ask(settings->control, &request, DESK_TIMEOUT_S, NULL, error))
        return false;
    Store *store = cli_store(context, error);
    if (!store)
        return false;
    for (int i = 0; i < LOOKS && !is_home(store, settings, cli_now(context));
         i++)
        g_usleep(LOOK_US);
    return true;
}
