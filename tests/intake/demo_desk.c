#include "demo_desk.h"

#include "cli/demo_setup.h"

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
