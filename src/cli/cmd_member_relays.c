/* member relays: what the public record says of one member's relays. */
#include "cli/commands_list.h"
#include "cli/memberlook.h"
#include "cli/relaylook.h"
#include "intake/noticing.h"
#include "store/notices.h"

#include <string.h>

static GPtrArray *rows_of(const RelayLook *look, const Member *member)
{
    GPtrArray *rows =
        g_ptr_array_new_with_free_func((GDestroyNotify)relay_row_free);
    for (guint i = 0; i < member->fingerprints->len; i++) {
        Fingerprint relay;
        memcpy(relay.bytes,
               member->fingerprints->data + (gsize)i * FINGERPRINT_BYTES,
               FINGERPRINT_BYTES);
        g_ptr_array_add(rows, relay_look_row(look, &relay));
    }
    return rows;
}

/* ---- states ------------------------------------------------------------- */

static void add_state(RelayRow *row, const char *word)
{
    if (!g_ptr_array_find_with_equal_func(row->states, word, g_str_equal, NULL))
        g_ptr_array_add(row->states, g_strdup(word));
}

/* What is wrong as it stands. */
static void add_standing(RelayRow *row, const WatchedRelay *now)
{
    if (!now->is_listed)
        add_state(row, notice_kind_word(NOTICE_RELAY_GONE));
    if (!now->contact || !*now->contact)
        add_state(row, notice_kind_word(NOTICE_CONTACT_UNKNOWN));
    if (g_strcmp0(now->proof, proof_state_word(PROOF_STATE_GONE)) == 0)
        add_state(row, notice_kind_word(NOTICE_PROOF_GONE));
    if (g_strcmp0(now->proof, proof_state_word(PROOF_STATE_EXPIRED)) == 0)
        add_state(row, notice_kind_word(NOTICE_PROOF_EXPIRED));
    if (now->sharers && *now->sharers)
        add_state(row, notice_kind_word(NOTICE_ADDRESS_SHARED));
}

static RelayRow *row_of(const GPtrArray *rows, const char *fingerprint)
{
    for (guint i = 0; fingerprint && i < rows->len; i++) {
        RelayRow *row = rows->pdata[i];
        g_autofree char *hex = fingerprint_new_text(&row->fingerprint);
        if (g_ascii_strcasecmp(hex, fingerprint) == 0)
            return row;
    }
    return NULL;
}

/* What changed and nobody has looked at yet: where there is a database. */
static bool add_notices(CliContext *context, const Member *member,
                        const GPtrArray *rows, GError **error)
{
    Store *store = cli_store(context, NULL);
    g_autoptr(GPtrArray) notices =
        store ? store_notices(store, member->id, false, error) : NULL;
    for (guint i = 0; notices && i < notices->len; i++) {
        const NoticeRow *notice = notices->pdata[i];
        RelayRow *row = row_of(rows, notice->relay);
        if (row)
            add_state(row, notice->kind);
    }
    return notices || !store;
}

static bool add_states(CliContext *context, const RelayLook *look,
                       const Member *member, const GPtrArray *rows,
                       GError **error)
{
    const Settings *settings = look->settings;
    const char *directory = settings->relays.directory;
    g_autoptr(Proofs) proofs = proofs_load(directory, error);
    g_autoptr(Hints) hints = proofs ? hints_load(directory, error) : NULL;
    if (!hints)
        return false;
    g_autoptr(GPtrArray) addresses = desk_addresses(settings);
    g_autoptr(WatchPlace) place = watch_place_new(
        look->people, proofs, hints, settings->members,
        (const char *const *)addresses->pdata, cli_now(context));
    if (look->history)
        watch_place_use_history(place, look->history);
    g_autoptr(GPtrArray) seen = watch_look(place, member);
    for (guint i = 0; i < rows->len; i++)
        ((RelayRow *)rows->pdata[i])->states =
            g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < seen->len; i++) {
        RelayRow *row =
            row_of(rows, ((WatchedRelay *)seen->pdata[i])->fingerprint);
        if (row)
            add_standing(row, seen->pdata[i]);
    }
    return add_notices(context, member, rows, error);
}

/* ---- the command -------------------------------------------------------- */

static bool all(const RelayRow *row, gpointer data)
{
    return true;
}

static guint count_listed(const GPtrArray *rows)
{
    guint count = 0;
    for (guint i = 0; i < rows->len; i++)
        count += ((const RelayRow *)rows->pdata[i])->is_listed;
    return count;
}

static int run_member_relays(CliContext *context, GError **error)
{
    const Settings *settings = cli_settings(context, error);
    const Member *member =
        settings ? member_typed(settings, cli_arg(context, 0), error) : NULL;
    g_auto(RelayLook) look = {0};
    if (!member || !relay_look_open(context, &look, error))
        return 0;
    g_autoptr(GPtrArray) rows = rows_of(&look, member);
    /* Of the past only the record is known. */
    if (!cli_flag(context, "at") &&
        !add_states(context, &look, member, rows, error))
        return 0;
    relay_rows_print(context, rows, all, NULL);
    guint listed = count_listed(rows);
    char when[INSTANT_TEXT_MAX];
    cli_say(context,
            "%u of %u relays of %s listed, as of %s. Others that may be its: "
            "exitdesk member suggest\n",
            listed, rows->len, member->id, instant_text(look.when, when));
    return listed == rows->len ? 0 : EXIT_NO;
}

static const CommandFlag FLAGS[] = {
    FLAG_AT,
    FLAG_NOW,
    {0},
};

const Command command_member_relays = {
    .noun = "member",
    .verb = "relays",
    .args = "ID",
    .min_args = 1,
    .max_args = 1,
    .summary = "what the public record says of one member's relays",
    .examples = "exitdesk member relays bib-musterstadt",
    .about = "One line a fingerprint of members.d/ID.yaml, as in relay list, "
             "also of relays that\nwere never listed. The state is ok, or what "
             "is wrong with it or changed and waits for\na person, in the "
             "words of \"member notices --kinds\": relay-gone, "
             "contact-unknown,\nproof-gone, address-shared, moved-country and "
             "so on. Not with --at. Exit status 1:\nnot all are listed.",
    .flags = FLAGS,
    .has_json = true,
    .run = run_member_relays,
};
