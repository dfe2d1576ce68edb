/*
 * "exitdesk doctor": is all in order, and what to do if not.
 *
 * A table of checks, each looking at one thing with what the checks before
 * it found (settings, the store). Whatever is not "ok" says what to do.
 */
#include "cli/commands_list.h"

#include "base/log.h"
#include "cli/doctor.h"

static const struct {
    const char *name;
    DoctorCheck *check;
} CHECKS[] = {
    /* To add one: its function in doctor_*.c, its row here. Order matters:
     * settings first, then the store. */
    {"configuration", doctor_settings},
    {"data directory", doctor_data_directory},
    {"database", doctor_database},
    {"daemon", doctor_daemon},
    {"LMTP", doctor_lmtp},
    {"Postfix", doctor_postfix},
    {"sending", doctor_sending},
    {"border", doctor_border},
    {"signing", doctor_signing},
    {"pause", doctor_pause},
    {"breaker", doctor_breaker},
    {"relay data", doctor_relays},
    {"policies", doctor_policies},
    {"templates", doctor_templates},
    {"members", doctor_members},
    {"alerts", doctor_alerts},
    {"mails", doctor_mails},
    {"letters", doctor_letters},
};

static const char *const RESULT_WORDS[] = {"ok", "warn", "FAIL"};

static void print_finding(CliContext *context, const char *name,
                          const DoctorFinding *finding)
{
    if (cli_wants_json(context)) {
        Json json;
        json_init(&json);
        json_object(&json);
        json_put_text(&json, "check", name);
        json_put_text(&json, "result", RESULT_WORDS[finding->result]);
        json_put_text(&json, "words", finding->words);
        json_put_text(&json, "do", finding->what_to_do);
        json_end_object(&json);
        cli_print_json(&json);
        return;
    }
    g_autofree char *words = foreign_text(finding->words, 600);
    cli_print(" %-4s  %-15s %s\n", RESULT_WORDS[finding->result], name, words);
    if (finding->what_to_do)
        cli_print("       %-15s do: %s\n", "", finding->what_to_do);
}

/* What "--probe" looks at, and what that check needs. */
static bool is_for_border(DoctorCheck *check)
{
    return check == doctor_settings || check == doctor_database ||
           check == doctor_border;
}

static int run_doctor(CliContext *context, GError **error)
{
    bool only_border = cli_flag(context, "probe") != NULL;
    if (only_border && !doctor_probe(context, error))
        return EXIT_NO;
    /* Read first, for the clock; its errors are the first check's. */
    cli_settings(context, NULL);
    Doctor doctor = {.context = context, .now = cli_now(context)};
    guint counts[DOCTOR_FAIL + 1] = {0};
    for (size_t i = 0; i < G_N_ELEMENTS(CHECKS); i++) {
        DoctorFinding finding = {0};
        if (only_border && !is_for_border(CHECKS[i].check))
            continue;
        if (!CHECKS[i].check(&doctor, &finding))
            continue;
        counts[finding.result]++;
        print_finding(context, CHECKS[i].name, &finding);
        g_free(finding.words);
        g_free(finding.what_to_do);
    }
    if (!cli_wants_json(context))
        cli_print("%u checks: %u ok, %u warn, %u FAIL.\n",
                  counts[DOCTOR_OK] + counts[DOCTOR_WARN] + counts[DOCTOR_FAIL],
                  counts[DOCTOR_OK], counts[DOCTOR_WARN], counts[DOCTOR_FAIL]);
    return counts[DOCTOR_FAIL] > 0 ? EXIT_NO : 0;
}

static const CommandFlag DOCTOR_FLAGS[] = {
    {"probe", NULL, "test the mail server with forged results, only that"},
    FLAG_NOW,
    {0},
};

const Command command_doctor = {
    .noun = "doctor",
    .summary = "is all in order, and what to do if not",
    .examples = "exitdesk doctor\n"
                "exitdesk doctor --probe\n"
                "exitdesk doctor --json",
    .about = "Looks at settings, sockets, relay data, templates and what "
             "waits, and changes\nnothing. Each warn and FAIL comes with what "
             "to do. Exit status 1 if anything\nis FAIL. With --probe the "
             "daemon sends itself a mail with forged\n"
             "Authentication-Results, and only what your mail server left of "
             "it is told, in the\nrow \"border\"; it waits half a minute for "
             "that mail at most.",
    .flags = DOCTOR_FLAGS,
    .has_json = true,
    .run = run_doctor,
};
