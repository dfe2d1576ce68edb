/*
 * member export: everything that is kept about one member, in one file that
 * it can take home and check without us.
 *
 * The mail of a case is handed over only where it concerns nobody else: its
 * words, and what was read in them, would tell of other members
 * (apart_case.h makes what is seen of a case).
 */
#include "cli/caselook.h"
#include "cli/commands_list.h"
#include "cli/memberlook.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"
#include "base/pack.h"
#include "intake/apart_case.h"
#include "store/cases.h"
#include "store/drafts.h"
#include "store/trust.h"

#include <string.h>

#define CASES_MAX  100000
#define FILE_BYTES (1024 * 1024)

static const char README[] =
    "Everything that the desk keeps about this member.\n"
    "\n"
    "manifest.sha256   check with: sha256sum -c manifest.sha256\n"
    "settings.yaml     the member's file: relays, contacts, statements\n"
    "trust.json        consent, levels for each category, switches\n"
    "record.json       what was agreed and changed; the first entry first\n"
    "cases/ID/         one case: case.json (what was decided and why),\n"
    "                  record.json (its history), mail.eml (the complaint as\n"
    "                  it came), letter-N.eml (what was written; \"state\" in\n"
    "                  letters.json tells what became of it)\n"
    "\n"
    "Where mail.eml, a letter or other words are missing they concerned "
    "others,\n"
    "too (\"concerns_others\"), or are no longer kept: ask the desk. The hash "
    "of\n"
    "each entry of a record covers the entry before it in the desk's whole\n"
    "record, and the entry's words as the desk has them.\n";

static void pack_file_free(void *data)
{
    PackFile *file = data;
    g_free(file->name);
    g_bytes_unref(file->bytes);
    g_free(file);
}

static void add_bytes(GPtrArray *files, GBytes *bytes, char *name)
{
    PackFile *file = g_new0(PackFile, 1);
    file->name = name;
    file->bytes = g_bytes_ref(bytes);
    g_ptr_array_add(files, file);
}

static void add_json(GPtrArray *files, Json *json, char *name)
{
    char *text = json_steal(json);
    g_autoptr(GBytes) bytes = g_bytes_new_take(text, strlen(text));
    add_bytes(files, bytes, name);
}

/* ---- the member --------------------------------------------------------- */

static void put_levels(Json *json, const TrustState *state)
{
    json_key(json, "levels");
    json_array(json);
    for (guint i = 0; i < state->levels->len; i++) {
        const TrustLevel *level = state->levels->pdata[i];
        json_object(json);
        json_put_text(json, "category", level->category);
        json_put_text(json, "level", automation_word(level->level));
        json_put_instant(json, "since", level->since);
        json_put_text(json, "by", level->by);
        json_put_text(json, "why", level->why);
        json_end_object(json);
    }
    json_end_array(json);
}

static bool add_trust(GPtrArray *files, Store *store, const Member *member,
                      GError **error)
{
    g_autoptr(TrustState) state = store_trust(store, member->id, false, error);
    if (!state)
        return false;
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "member", member->id);
    json_put_instant(&json, "consent", state->consent);
    json_put_text(&json, "consent_by", state->consent_by);
    json_put_text(&json, "consent_text", state->consent_text);
    json_put_text(&json, "consent_sha256", state->consent_sha256);
    json_put_instant(&json, "withdrawn", state->withdrawn);
    json_put_instant(&json, "paused", state->paused);
    json_put_text(&json, "paused_by", state->paused_by);
    json_put_instant(&json, "ends", state->ends);
    put_levels(&json, state);
    json_end_object(&json);
    add_json(files, &json, g_strdup("trust.json"));
    return true;
}

static bool add_member(GPtrArray *files, CliContext *context, Store *store,
                       const Apart *apart, const Member *member, GError **error)
{
    g_autofree char *config = cli_new_config_path(context);
    g_autofree char *folder = config && !g_file_test(config, G_FILE_TEST_IS_DIR)
                                  ? g_path_get_dirname(config)
                                  : g_strdup(config ? config : "/etc/exitdesk");
    g_autofree char *name = g_strconcat(member->id, ".yaml", NULL);
    g_autofree char *path = g_build_filename(folder, "members.d", name, NULL);
    g_autoptr(GBytes) settings = file_read(path, FILE_BYTES, error);
    if (!settings)
        return false;
    g_autoptr(GBytes) readme = g_bytes_new_static(README, strlen(README));
    add_bytes(files, readme, g_strdup("README.txt"));
    add_bytes(files, settings, g_strdup("settings.yaml"));
    g_autoptr(GPtrArray) record = store_trust_record(store, member->id, error);
    if (!record || !add_trust(files, store, member, error))
        return false;
    Json json;
    json_init(&json);
    member_record_put(&json, apart, member->id, record);
    add_json(files, &json, g_strdup("record.json"));
    return true;
}

/* ---- its cases ---------------------------------------------------------- */

static void add_case_json(GPtrArray *files, const MemberCase *seen)
{
    const char *id = seen->found->row->case_id;
    Json json;
    json_init(&json);
    json_object(&json);
    member_case_put(&json, seen);
    json_end_object(&json);
    add_json(files, &json, g_strdup_printf("cases/%s/case.json", id));
    json_init(&json);
    member_case_put_record(&json, seen);
    add_json(files, &json, g_strdup_printf("cases/%s/record.json", id));
}

/* A mail that is no longer kept is no error. */
static bool add_mail(GPtrArray *files, Store *store, const Apart *apart,
                     const MemberCase *seen, GError **error)
{
    const CaseRow *row = seen->found->row;
    g_autoptr(GError) cause = NULL;
    g_autoptr(Delivery) delivery = store_delivery(store, row->inbox_id, &cause);
    if (!delivery && !g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    if (delivery && member_case_may_have_mail(apart, seen, delivery->raw))
        add_bytes(files, delivery->raw,
                  g_strdup_printf("cases/%s/mail.eml", row->case_id));
    return true;
}

static bool add_case(GPtrArray *files, Store *store, const Apart *apart,
                     const char *case_id, GError **error)
{
    bool alone;
    g_autoptr(Case) found = store_case(store, case_id, error);
    if (!found || !store_trust_is_alone(store, case_id, &alone, error))
        return false;
    g_autoptr(MemberCase) seen = member_case_new(apart, found, alone);
    add_case_json(files, seen);
    return add_mail(files, store, apart, seen, error);
}

static bool add_letters(GPtrArray *files, Store *store, const Apart *apart,
                        const char *member, GError **error)
{
    g_autoptr(GPtrArray) drafts = store_drafts(store, NULL, member, error);
    if (!drafts)
        return false;
    Json json;
    json_init(&json);
    json_array(&json);
    for (guint i = 0; i < drafts->len; i++) {
        const Draft *draft = drafts->pdata[i];
        json_object(&json);
        g_autofree char *name =
            g_strdup_printf("cases/%s/letter-%u.eml", draft->case_id, i + 1);
        bool is_shown = member_case_may_have_letter(apart, draft);
        json_put_text(&json, "file", is_shown ? name : NULL);
        json_put_text(&json, "state", draft->state);
        json_put_text(&json, "to", draft->to);
        json_put_text(&json, "decided_by", draft->decided_by);
        json_put_instant(&json, "decided", draft->decided);
        json_end_object(&json);
        if (is_shown)
            add_bytes(files, draft->bytes, g_steal_pointer(&name));
    }
    json_end_array(&json);
    add_json(files, &json, g_strdup("letters.json"));
    return true;
}

static bool add_cases(GPtrArray *files, Store *store, const Apart *apart,
                      const Member *member, guint *count, GError **error)
{
    CaseFilter filter = {.member = member->id,
                         .since = 0,
                         .until = G_MAXINT64,
                         .max = CASES_MAX};
    g_autoptr(GPtrArray) rows = store_cases(store, &filter, error);
    for (guint i = 0; rows && i < rows->len; i++) {
        const CaseRow *row = rows->pdata[i];
        if (!add_case(files, store, apart, row->case_id, error))
            return false;
    }
    *count = rows ? rows->len : 0;
    return rows && add_letters(files, store, apart, member->id, error);
}

/* ---- the file ----------------------------------------------------------- */

static void add_manifest(GPtrArray *files)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < files->len; i++) {
        const PackFile *file = files->pdata[i];
        uint8_t hash[SHA256_BYTES];
        gsize length;
        const void *data = g_bytes_get_data(file->bytes, &length);
        digest_sha256(data, length, hash);
        g_autofree char *hex = hex_new(hash, sizeof hash);
        g_string_append_printf(out, "%s  %s\n", hex, file->name);
    }
    g_autoptr(GBytes) bytes = g_string_free_to_bytes(out);
    add_bytes(files, bytes, g_strdup("manifest.sha256"));
}

static int run_member_export(CliContext *context, GError **error)
{
    const char *path = cli_flag(context, "output");
    const Settings *settings = cli_settings(context, error);
    const Member *member =
        settings ? member_typed(settings, cli_arg(context, 0), error) : NULL;
    if (member && !path)
        cli_usage_error(error, "-o FILE is missing");
    Store *store = member && path ? cli_store(context, error) : NULL;
    if (!store)
        return 0;
    guint count;
    g_auto(MemberSigns) signs = {0};
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(pack_file_free);
    if (!member_signs_open(settings, &signs, error) ||
        !add_member(files, context, store, signs.apart, member, error) ||
        !add_cases(files, store, signs.apart, member, &count, error))
        return 0;
    add_manifest(files);
    g_autoptr(GBytes) zip = pack_zip(files, error);
    gsize length;
    const void *data = zip ? g_bytes_get_data(zip, &length) : NULL;
    if (!zip || !file_replace(path, data, length, 0600, error))
        return 0;
    if (cli_wants_json(context)) {
        Json json;
        json_init(&json);
        json_object(&json);
        json_put_text(&json, "member", member->id);
        json_put_text(&json, "file", path);
        json_put_number(&json, "bytes", (int64_t)length);
        json_put_number(&json, "files", files->len);
        json_put_number(&json, "cases", count);
        json_end_object(&json);
        cli_print_json(&json);
        return 0;
    }
    cli_say(context, "%s: %u case%s of %s. It holds personal data.\n", path,
            count, count == 1 ? "" : "s", member->id);
    return 0;
}

static const CommandFlag EXPORT_FLAGS[] = {
    {"output", "FILE", "the .zip to write"},
    {0},
};

const Command command_member_export = {
    .noun = "member",
    .verb = "export",
    .args = "ID",
    .min_args = 1,
    .max_args = 1,
    .summary = "all that is kept about a member, in one file",
    .examples = "exitdesk member export bib-musterstadt -o bib.zip",
    .about = "Cases, letters, decisions, record, settings and statements, with "
             "a README and a list of\nhashes for sha256sum -c. A complaint "
             "that concerned others, too, is not in it.",
    .flags = EXPORT_FLAGS,
    .has_json = true,
    .run = run_member_export,
};
