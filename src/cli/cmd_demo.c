/*
 * "exitdesk demo": the whole desk on sample complaints, in one directory.
 *
 * A real exitdeskd with a real store runs on the samples of contrib/demo, on
 * relay documents made for it, with a sink where the next hop would be. Its
 * clock starts at a fixed moment so that the samples never grow old; after
 * the mails are in, the desk is started again a quarter of an hour later, so
 * that the letters whose time to be stopped is over leave.
 */
#include "cli/commands_list.h"

#include "base/errors.h"
#include "base/files.h"
#include "cli/demo_setup.h"
#include "cli/demo_wire.h"
#include "store/cases.h"
#include "store/outbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#define START_CLOCK "2026-05-04T09:00:00Z"
#define LATER_CLOCK "2026-05-04T09:15:00Z"
#define MAIL_BYTES  (1024 * 1024)
#define WAIT_S      30
#define LOOK_US     (20 * 1000)

typedef struct {
    const char *directory; /* all of it is in here */
    char *samples;         /* contrib/demo */
    char *config, *socket;
    pid_t daemon;
    Store *store;
    GPtrArray *mails; /* of SampleMail */
    bool wants_json;
} Demo;

static char *inside(const Demo *demo, const char *name)
{
    return g_build_filename(demo->directory, name, NULL);
}

typedef struct {
    char *name;     /* "01-login-attack-german" */
    char *from;     /* envelope sender */
    char *inbox_id; /* as the 250 named it */
} SampleMail;

static void sample_mail_free(SampleMail *mail)
{
    g_free(mail->name);
    g_free(mail->from);
    g_free(mail->inbox_id);
    g_free(mail);
}

static bool prepare(const Demo *demo, GError **error)
{
    g_autofree char *sink = inside(demo, "sink.sock");
    g_autofree char *letters = inside(demo, "letters");
    return demo_write_config(demo->directory, START_CLOCK, error) &&
           demo_prepare(demo->directory, error) &&
           demo_sink_start(sink, letters, demo->socket, error);
}

/* ---- the daemon ------------------------------------------------------- */

/* exitdeskd as built beside this program, else as installed beside it. */
static char *find_daemon(void)
{
    static const char *const PLACES[] = {"../daemon/exitdeskd",
                                         "../sbin/exitdeskd"};
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *here = self ? g_path_get_dirname(self) : g_strdup(".");
    for (size_t i = 0; i < G_N_ELEMENTS(PLACES); i++) {
        g_autofree char *path = g_build_filename(here, PLACES[i], NULL);
        if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
            return g_steal_pointer(&path);
    }
    return NULL;
}

static bool start_daemon(Demo *demo, GError **error)
{
    g_autofree char *program = find_daemon();
    if (!program) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "there is no exitdeskd beside this program");
        return false;
    }
    g_autofree char *log = inside(demo, "exitdeskd.log");
    demo->daemon = fork();
    if (demo->daemon == 0) {
        int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0644);
        if (fd < 0 || dup2(fd, STDERR_FILENO) < 0)
            _exit(EX_CANTCREAT);
        execl(program, program, "-C", demo->config, NULL);
        _exit(EX_UNAVAILABLE);
    }
    for (int i = 0; i < WAIT_S * 1000000 / LOOK_US; i++) {
        if (demo_lmtp_answers(demo->socket))
            return true;
        if (waitpid(demo->daemon, NULL, WNOHANG) == demo->daemon) {
            demo->daemon = 0;
            break;
        }
        g_usleep(LOOK_US);
    }
    g_set_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY,
                "exitdeskd did not start; see %s", log);
    return false;
}

static void stop_daemon(Demo *demo)
{
    if (demo->daemon <= 0)
        return;
    kill(demo->daemon, SIGTERM);
    while (waitpid(demo->daemon, NULL, 0) < 0 && errno == EINTR)
        ;
    demo->daemon = 0;
    unlink(demo->socket);
}

typedef int64_t StillWaiting(const StoreNumbers *numbers);

static int64_t mails_undecided(const StoreNumbers *numbers)
{
    return numbers->undecided;
}

static int64_t letters_waiting(const StoreNumbers *numbers)
{
    return numbers->outbox_waiting;
}

/* Wait until nothing of that kind waits any more. */
static bool wait_until_none(const Demo *demo, StillWaiting *still,
                            GError **error)
{
    for (int i = 0; i < WAIT_S * 1000000 / LOOK_US; i++) {
        StoreNumbers numbers;
        if (!store_numbers(demo->store, &numbers, error))
            return false;
        if (still(&numbers) == 0)
            return true;
        g_usleep(LOOK_US);
    }
    g_set_error(error, DESK_ERROR, DESK_ERROR_TEMPORARY,
                "the desk did not finish in %d seconds; see exitdeskd.log",
                WAIT_S);
    return false;
}

/* ---- the mails -------------------------------------------------------- */

/* "<a@b>" of a header line of the sample; yours. */
static char *address_of_line(const char *text, const char *line_start)
{
    const char *line = strstr(text, line_start);
    const char *open = line ? strchr(line, '<') : NULL;
    const char *close = open ? strchr(open, '>') : NULL;
    return close ? g_strndup(open + 1, (size_t)(close - open - 1))
                 : g_strdup("");
}

/* The id in "250 2.0.0 <words> ID ..." is the last word of the answer. */
static char *id_of_answer(const char *answer)
{
    const char *last = strrchr(answer, ' ');
    return g_strdup(last ? last + 1 : "");
}

static bool feed_one(Demo *demo, const char *directory, const char *name,
                     GError **error)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    g_autoptr(GBytes) bytes = file_read(path, MAIL_BYTES, error);
    if (!bytes)
        return false;
    g_autofree char *text =
        g_strndup(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
    SampleMail *mail = g_new0(SampleMail, 1);
    g_ptr_array_add(demo->mails, mail);
    mail->name = g_strndup(name, strcspn(name, "."));
    mail->from = address_of_line(text, "Return-Path:");
    g_autofree char *answer = demo_lmtp_send(
        demo->socket, mail->from, "abuse@umbrella.example", bytes, error);
    if (!answer)
        return false;
    mail->inbox_id = id_of_answer(answer);
    return true;
}

static bool feed_all(Demo *demo, GError **error)
{
    g_autofree char *directory = g_build_filename(demo->samples, "mails", NULL);
    g_autoptr(GPtrArray) names = directory_list(directory, ".eml", error);
    if (!names)
        return false;
    for (guint i = 0; i < names->len; i++)
        if (!feed_one(demo, directory, names->pdata[i], error) ||
            !wait_until_none(demo, mails_undecided, error))
            return false;
    return true;
}

/* ---- the table -------------------------------------------------------- */

static const char *outcome(const CaseRow *row)
{
    if (g_str_equal(row->state, "answered"))
        return "answered by itself";
    if (g_str_equal(row->state, "drafted"))
        return "draft waits for a yes";
    if (g_strcmp0(row->action, "escalate") == 0)
        return "to a person at once";
    return g_str_equal(row->state, "filed") ? "filed, no answer"
                                            : "waits for staff";
}

static void add_case(Table *table, const char *number, const SampleMail *mail,
                     const CaseRow *row)
{
    TABLE_ADD(table, number, mail->name + 3, row->member ? row->member : "-",
              row->verdict ? row->verdict : "-", outcome(row), row->case_id,
              row->why);
}

static bool add_mail(const Demo *demo, Table *table, const GPtrArray *cases,
                     guint index, GError **error)
{
    const SampleMail *mail = demo->mails->pdata[index];
    g_autofree char *number = g_strdup_printf("%u", index + 1);
    guint before = table_count(table);
    for (guint i = 0; i < cases->len; i++) {
        const CaseRow *row = cases->pdata[i];
        if (g_str_equal(row->inbox_id, mail->inbox_id))
            add_case(table, number, mail, row);
    }
    if (table_count(table) > before)
        return true;
    g_autoptr(Case) found = store_case(demo->store, mail->inbox_id, error);
    if (!found)
        return false;
    TABLE_ADD(table, number, mail->name + 3, "-", "-",
              found->row->case_id ? "joined an older case"
                                  : "kept, no case made",
              found->row->case_id, found->row->why);
    return true;
}

static bool print_table(const Demo *demo, GError **error)
{
    static const char *const HEADINGS[] = {
        ">#",   "complaint", "member", "verdict", "what happened",
        "case", "why",       NULL};
    g_autoptr(GPtrArray) cases = store_cases(
        demo->store,
        &(CaseFilter){
            .since = INSTANT_NONE, .until = INSTANT_NONE, .max = 1000},
        error);
    if (!cases)
        return false;
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < demo->mails->len; i++)
        if (!add_mail(demo, table, cases, i, error))
            return false;
    table_print(table);
    return true;
}

/* What became of each complaint: exitdesk -C DIRECTORY case list --json. */
static void print_numbers_json(const Demo *demo, const StoreNumbers *numbers,
                               gint64 took_us)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "directory", demo->directory);
    json_put_number(&json, "mails", demo->mails->len);
    json_put_number(&json, "took_ms", took_us / 1000);
    json_put_number(&json, "sent", numbers->sent);
    json_put_number(&json, "drafts", numbers->drafts_waiting);
    json_put_number(&json, "cases", numbers->cases);
    json_end_object(&json);
    cli_print_json(&json);
}

static bool print_result(const Demo *demo, gint64 took_us, GError **error)
{
    StoreNumbers numbers;
    if (!store_numbers(demo->store, &numbers, error))
        return false;
    if (demo->wants_json) {
        print_numbers_json(demo, &numbers, took_us);
        return true;
    }
    if (!print_table(demo, error))
        return false;
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    cli_print("\n%u mails in %.1f s: %" G_GINT64_FORMAT
              " letters sent, %" G_GINT64_FORMAT
              " drafts wait for a yes, %" G_GINT64_FORMAT " cases.\n\n",
              demo->mails->len, (double)took_us / G_USEC_PER_SEC, numbers.sent,
              numbers.drafts_waiting, numbers.cases);
    const char *program = self ? self : "exitdesk", *where = demo->directory;
    cli_print("All of it is in %s; remove it with: rm -r %s\n", where, where);
    cli_print("Look further:\n");
    cli_print("  %s -C %s todo\n", program, where);
    cli_print("  %s -C %s draft list\n", program, where);
    cli_print("  %s -C %s why %s/mails/01-login-attack-german.eml\n", program,
              where, demo->samples);
    cli_print("  ls %s/letters\n", where);
    g_autofree char *desk = find_daemon();
    cli_print("To approve letters and work on cases start the desk again "
              "(letters then stay\nwith it, since the demo's mail server has "
              "ended):\n  %s -C %s\n",
              desk ? desk : "exitdeskd", where);
    return true;
}

/* ---- the command ------------------------------------------------------ */

static bool run_twice(Demo *demo, GError **error)
{
    g_autofree char *data = inside(demo, "data");
    if (!start_daemon(demo, error))
        return false;
    demo->store = store_open(data, STORE_READ, error);
    if (!demo->store || !feed_all(demo, error))
        return false;
    stop_daemon(demo);
    return demo_write_config(demo->directory, LATER_CLOCK, error) &&
           start_daemon(demo, error) &&
           wait_until_none(demo, letters_waiting, error);
}

static char *choose_directory(const CliContext *context, GError **error)
{
    const char *chosen = cli_flag(context, "dir");
    if (!chosen)
        return g_dir_make_tmp("exitdesk-demo.XXXXXX", error);
    g_autofree char *path = g_canonicalize_filename(chosen, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "%s is there already; the demo wants a new directory",
                    path);
        return NULL;
    }
    return directory_ensure(path, error) ? g_steal_pointer(&path) : NULL;
}

static int run(CliContext *context, GError **error)
{
    g_autofree char *directory = choose_directory(context, error);
    if (!directory)
        return EX_CANTCREAT;
    gint64 began_us = g_get_monotonic_time();
    Demo demo = {
        .directory = directory,
        .samples = demo_samples(),
        .mails =
            g_ptr_array_new_with_free_func((GDestroyNotify)sample_mail_free),
    };
    demo.config = inside(&demo, "exitdesk.yaml");
    demo.socket = inside(&demo, "lmtp.sock");
    demo.wants_json = cli_wants_json(context);
    if (!demo.wants_json)
        cli_print(
            "The desk's clock starts at 2026-05-04 09:00 UTC, so that the "
            "samples never grow old.\nMembers: a library in Germany that "
            "reads every letter, a hackerspace in the\nNetherlands and a "
            "non-profit in the United States that do not have to.\n\n");
    bool is_done = prepare(&demo, error) && run_twice(&demo, error);
    stop_daemon(&demo);
    is_done = is_done &&
              print_result(&demo, g_get_monotonic_time() - began_us, error);
    g_clear_pointer(&demo.store, store_close);
    g_ptr_array_unref(demo.mails);
    g_free(demo.samples);
    g_free(demo.config);
    g_free(demo.socket);
    return is_done ? EX_OK : EX_UNAVAILABLE;
}

static const CommandFlag FLAGS[] = {
    {"dir", "DIR", "put everything into this new directory"},
    {0},
};

const Command command_demo = {
    .noun = "demo",
    .summary = "run the desk on sample complaints and show what it did",
    .examples = "exitdesk demo\n"
                "exitdesk demo --dir ./demo-data",
    .about = "A real exitdeskd runs on samples with documentation addresses, "
             "in a temporary\ndirectory: no port is opened, nothing outside "
             "that directory is touched, no mail\nleaves the machine.",
    .flags = FLAGS,
    .has_json = true,
    .run = run,
};
