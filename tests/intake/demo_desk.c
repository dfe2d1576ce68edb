#include "demo_desk.h"

#include "cli/demo_border.h"
#include "cli/demo_setup.h"
#include "intake/probing.h"
#include "store/drafts.h"

DemoDesk demo_desk;

void demo_desk_set_up(void)
{
    g_autoptr(GError) error = NULL;
    demo_desk.directory = g_dir_make_tmp("exitdesk-intake.XXXXXX", &error);
    g_assert_no_error(error);
    g_assert_true(
        demo_write_config(demo_desk.directory, "2026-05-04T09:00:00Z", &error));
    g_assert_true(demo_prepare(demo_desk.directory, &error));
    demo_desk.settings = settings_load(demo_desk.directory, NULL, &error);
    g_assert_no_error(error);
    demo_desk.policies = policies_load(
        (const char *const *)demo_desk.settings->policy_directories->pdata,
        &error);
    g_assert_no_error(error);
    demo_desk.profiles = profiles_load(
        (const char *const *)demo_desk.settings->policy_directories->pdata,
        &error);
    g_assert_no_error(error);
    demo_desk.templates = templates_load(
        (const char *const *)demo_desk.settings->template_directories->pdata,
        &error);
    g_assert_no_error(error);
    demo_desk.history =
        history_open(demo_desk.settings->relays.directory, &error);
    g_assert_no_error(error);
    demo_desk.hints = history_member_addresses(demo_desk.history,
                                               demo_desk.settings->members);
    g_assert_true(instant_parse("2026-05-04T09:00:00Z", &demo_desk.now));
    demo_desk.desk = (Desk){.settings = demo_desk.settings,
                            .policies = demo_desk.policies,
                            .profiles = demo_desk.profiles,
                            .templates = demo_desk.templates,
                            .history = demo_desk.history,
                            .hints = demo_desk.hints};
    mail_prepare();
    report_prepare();
    incident_prepare();
}

void demo_desk_tear_down(void)
{
    g_array_unref(demo_desk.hints);
    history_unref(demo_desk.history);
    templates_unref(demo_desk.templates);
    profiles_unref(demo_desk.profiles);
    policies_unref(demo_desk.policies);
    settings_free(demo_desk.settings);
    char *remove[] = {(char *)"rm", (char *)"-r", demo_desk.directory, NULL};
    g_assert_true(g_spawn_sync(NULL, remove, NULL, G_SPAWN_SEARCH_PATH, NULL,
                               NULL, NULL, NULL, NULL, NULL));
    g_free(demo_desk.directory);
}

/* ---- the border --------------------------------------------------------- */

/* Take the probe out of the outbox, as the courier would. */
static OutboxRow *hand_over(Store *store, Instant now)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) due = store_outbox_due(store, now, 1, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(due->len, ==, 1);
    OutboxRow *row = g_ptr_array_steal_index(due, 0);
    g_assert_cmpint(row->id, <, 0);
    g_assert_true(
        store_outbox_begin(store, row->id, now, &error) &&
        store_outbox_dot(store, row->id, &error) &&
        store_outbox_done(store, row->id, SENT_OK, "250 ok", now, now, &error));
    g_assert_no_error(error);
    return row;
}

static void come_home(const Desk *desk, const char *to, GBytes *mail,
                      Instant now)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Delivery) delivery = g_new0(Delivery, 1);
    delivery->raw = g_bytes_ref(mail);
    delivery->recipients = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(delivery->recipients, g_strdup(to));
    delivery->envelope_from = g_strdup("");
    delivery->received = now;
    delivery->way = "lmtp";
    g_assert_true(store_accept(desk->store, &delivery, 1, &error));
    g_autoptr(Judgement) judgement = intake_read(desk, delivery, now, &error);
    g_assert_no_error(error);
    g_assert_true(intake_file(desk, delivery, judgement, now, &error));
    g_assert_no_error(error);
    g_assert_nonnull(judgement->probe_token);
    g_assert_cmpuint(judgement->tickets->len, ==, 0);
}

void demo_desk_probe(const Desk *desk, DemoBorder *border, Instant now)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) key = store_secret(desk->store, "loop", &error);
    Desk own = *desk;
    if (!own.loop_key)
        own.loop_key = key;
    g_assert_true(
        probing_send(own.store, own.settings, own.loop_key, now, &error));
    g_assert_no_error(error);
    OutboxRow *row = hand_over(own.store, now);
    g_autoptr(GBytes) mail = border(row->bytes);
    come_home(&own, row->to, mail, now);
    outbox_row_free(row);
}

void demo_desk_prove_border(const Desk *desk, Instant now)
{
    g_autoptr(GError) error = NULL;
    g_auto(ProbeState) state = {0};
    g_assert_true(store_probe_state(desk->store, 0, now, &state, &error));
    if (!state.is_proven)
        demo_desk_probe(desk, demo_border_pass, now);
}

Desk demo_desk_with_store(const char *name, GBytes *loop_key)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *data = g_build_filename(demo_desk.directory, name, NULL);
    Desk desk = demo_desk.desk;
    desk.store = store_open(data, STORE_WRITE, &error);
    g_assert_no_error(error);
    desk.loop_key = loop_key;
    return desk;
}
