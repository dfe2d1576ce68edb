/* relay prove: an answer with the documents that show it. */
#include "cli/commands_list.h"
#include "cli/typed.h"

#include "base/log.h"
#include "relay/prove.h"

static bool read_question(CliContext *context, IpAddress *ip, Instant *when,
                          uint32_t *port, GError **error)
{
    if (!ip_typed(cli_arg(context, 0), ip, error) ||
        !moment_typed(cli_arg(context, 1), when, error))
        return false;
    if (!cli_flag(context, "output"))
        return cli_usage_error(error, "\"relay prove\" needs -o DIRECTORY: "
                                      "where the documents are to stand");
    return cli_flag_number(context, "port", 0, 65535, port, error);
}

static void print_proof(CliContext *context, const ProofSummary *summary)
{
    const char *into = cli_flag(context, "output");
    cli_print("%s: %s\n\n", verdict_word(summary->lookup->verdict),
              summary->lookup->why);
    cli_print("%s has %u files. To check them on any machine:\n\n"
              "    sh %s/check.sh\n",
              into, summary->files->len, into);
    for (guint i = 0; i < summary->missing->len; i++) {
        g_autofree char *safe =
            foreign_text(g_ptr_array_index(summary->missing, i), 500);
        cli_say(context, "not found, so not in it: %s\n", safe);
    }
}

static void put_texts(Json *json, const char *name, const GPtrArray *texts)
{
    json_key(json, name);
    json_array(json);
    for (guint i = 0; i < texts->len; i++)
        json_text(json, g_ptr_array_index(texts, i));
    json_end_array(json);
}

static void print_json(CliContext *context, const ProofSummary *summary)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "verdict", verdict_word(summary->lookup->verdict));
    json_put_text(&json, "why", summary->lookup->why);
    json_put_text(&json, "directory", cli_flag(context, "output"));
    put_texts(&json, "files", summary->files);
    put_texts(&json, "missing", summary->missing);
    json_end_object(&json);
    cli_print_json(&json);
}

static int run_relay_prove(CliContext *context, GError **error)
{
    IpAddress ip;
    Instant when;
    uint32_t port = 0;
    const Settings *settings;
    if (!read_question(context, &ip, &when, &port, error) ||
        !(settings = cli_settings_or_default(context, error)))
        return 0;
    g_autoptr(Authorities) own = NULL;
    if (settings->relays.authorities &&
        !(own = authorities_read(settings->relays.authorities, error)))
        return 0;
    g_autoptr(GPtrArray) paths = g_ptr_array_new();
    for (int i = 2; i < cli_arg_count(context); i++)
        g_ptr_array_add(paths, (gpointer)cli_arg(context, i));
    g_ptr_array_add(paths, NULL);
    ProofSummary summary;
    bool done =
        relay_prove(settings->relays.directory, own,
                    paths->len > 1 ? (const char *const *)paths->pdata : NULL,
                    &ip, when, cli_flag(context, "port") ? (int)port : -1,
                    cli_flag(context, "output"), &summary, error);
    if (done && cli_wants_json(context))
        print_json(context, &summary);
    else if (done)
        print_proof(context, &summary);
    bool is_complete = done && summary.missing->len == 0;
    proof_summary_clear(&summary);
    return is_complete ? 0 : EXIT_NO;
}

static const CommandFlag PROVE_FLAGS[] = {
    {"output", "DIR", "the directory to make; also -o DIR"},
    {"port", "N", "the port that was attacked"},
    {0},
};

const Command command_relay_prove = {
    .noun = "relay",
    .verb = "prove",
    .args = "ADDRESS TIME [PATH...]",
    .min_args = 2,
    .max_args = -1,
    .summary = "write the documents that show it, with a check for anybody",
    .examples = "exitdesk relay prove 192.0.2.77 2026-05-03T14:02Z -o proof\n"
                "exitdesk relay prove 192.0.2.77 2026-05-03T14:02Z --port 22 "
                "-o proof-22",
    .about = "Writes the consensus of that moment, the certificates of the "
             "authorities that\nsigned it, the descriptors it names, the exit "
             "lists, and a README.txt and a\ncheck.sh that check all of it "
             "with openssl on a machine without exitdesk.\nDocuments are "
             "looked for in PATH, or where they were imported from. Exit "
             "status 1:\nsome were not found.",
    .flags = PROVE_FLAGS,
    .has_json = true,
    .run = run_relay_prove,
};
