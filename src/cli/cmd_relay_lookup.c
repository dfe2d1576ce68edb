/* relay lookup: was this address a Tor exit then? */
#include "cli/bywhom.h"
#include "cli/commands_list.h"
#include "cli/timelook.h"
#include "cli/typed.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/log.h"
#include "relay/hints.h"

#include <string.h>

static void put_sighting(Json *json, const RelaySighting *s)
{
    g_autofree char *hex = hex_new(s->fingerprint, FINGERPRINT_BYTES);
    g_autofree char *upper = g_ascii_strup(hex, -1);
    json_object(json);
    json_put_text(json, "fingerprint", upper);
    json_put_text(json, "nickname", s->nickname);
    json_put_instant(json, "listed_from", s->listed.from);
    json_put_instant(json, "listed_to", s->listed.to);
    json_put_text(json, "certainty", certainty_word(s->certainty));
    json_put_bool(json, "exit_flag", s->has_exit_flag);
    json_put_bool(json, "bad_exit", s->is_bad_exit);
    json_put_bool(json, "allows_anything", s->allows_anything);
    json_put_bool(json, "by_exit_list", s->by_exit_list);
    json_put_bool(json, "ipv6_probable", s->ipv6_probable);
    json_put_instant(json, "scanned", s->scanned);
    json_put_text(json, "policy", policy_answer_word(s->policy));
    json_put_text(json, "policy_text", s->policy_text);
    json_put_text(json, "own_ports", s->own_ports);
    json_end_object(json);
}

/* What unsigned lists say of the address: beside the answer, never in it. */
static GArray *find_hints(const char *directory, const IpAddress *ip,
                          Hints **hints)
{
    GArray *found = g_array_new(FALSE, FALSE, sizeof(Hint));
    *hints = hints_load(directory, NULL);
    if (*hints)
        hints_find(*hints, ip, found);
    return found;
}

static void put_hint(Json *json, const Hint *hint)
{
    g_autofree char *hex = hex_new(hint->fingerprint, FINGERPRINT_BYTES);
    g_autofree char *upper = g_ascii_strup(hex, -1);
    json_object(json);
    json_put_text(json, "source", hint->is_bulk ? "bulk-exit-list" : "onionoo");
    json_put_instant(json, "seen", hint->seen);
    json_put_text(json, "fingerprint", hint->is_bulk ? NULL : upper);
    json_put_text(json, "nickname", hint->nickname);
    json_put_text(json, "contact", hint->contact);
    json_put_text(json, "as", hint->as);
    json_put_text(json, "country", hint->country);
    json_end_object(json);
}

static void print_hints(const GArray *hints)
{
    static const char *const HEADINGS[] = {
        "hint (no evidence)", "last seen", "relay", "AS", "country", NULL};
    if (hints->len == 0)
        return;
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < hints->len; i++) {
        const Hint *hint = &g_array_index(hints, Hint, i);
        g_autofree char *seen = instant_new_text(hint->seen);
        TABLE_ADD(table, hint->is_bulk ? "bulk exit list" : "Onionoo", seen,
                  hint->nickname, hint->as, hint->country);
    }
    cli_print("\n");
    table_print(table);
}

/* Of what is said of the relays' people: the best reading by which there are
 * data, else the best. */
static Instant moment_shown(const CitedTime *time, const Match *match)
{
    guint shown = 0;
    for (guint i = match->readings->len; i-- > 0;) {
        const ReadingMatch *one = match->readings->pdata[i];
        if (one->verdict != VERDICT_UNDECIDABLE)
            shown = i;
    }
    return ((const Reading *)time->readings->pdata[shown])->from;
}

static void print_lookup_json(const Settings *settings, const Lookup *lookup,
                              const CitedTime *time, const Match *match,
                              const GArray *hints)
{
    Instant when = moment_shown(time, match);
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "verdict", verdict_word(lookup->verdict));
    json_put_text(&json, "why", lookup->why);
    json_put_text(&json, "basis", lookup_basis_word(lookup->basis));
    bool is_neighbour =
        lookup->verdict == VERDICT_NEIGHBOUR && match->readings->len == 1;
    g_autofree char *neighbour =
        is_neighbour ? ip_new_text(&lookup->neighbour) : NULL;
    json_put_text(&json, "neighbour", neighbour);
    time_put_json(&json, time, match);
    json_key(&json, "relays");
    json_array(&json);
    for (guint i = 0; i < lookup->relays->len; i++)
        put_sighting(&json, g_ptr_array_index(lookup->relays, i));
    json_end_array(&json);
    json_key(&json, "documents");
    json_array(&json);
    for (guint i = 0; i < lookup->documents->len; i++) {
        const RelayDocument *d = g_ptr_array_index(lookup->documents, i);
        json_object(&json);
        json_put_text(&json, "type", d->type);
        json_put_instant(&json, "when", d->when);
        json_put_text(&json, "sha256", d->sha256);
        json_put_text(&json, "name", d->name);
        json_end_object(&json);
    }
    json_end_array(&json);
    bywhom_put_json(&json, settings, lookup, when);
    json_key(&json, "hints");
    json_array(&json);
    for (guint i = 0; i < hints->len; i++)
        put_hint(&json, &g_array_index(hints, Hint, i));
    json_end_array(&json);
    json_end_object(&json);
    cli_print_json(&json);
}

static void print_sightings(const Lookup *lookup)
{
    static const char *const HEADINGS[] = {"relay",  "fingerprint", "how sure",
                                           "listed", "policy",      NULL};
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < lookup->relays->len; i++) {
        const RelaySighting *s = g_ptr_array_index(lookup->relays, i);
        g_autofree char *hex = hex_new(s->fingerprint, FINGERPRINT_BYTES);
        g_autofree char *upper = g_ascii_strup(hex, -1);
        g_autofree char *from = instant_new_text(s->listed.from);
        g_autofree char *to = instant_new_text(s->listed.to);
        g_autofree char *listed = g_strdup_printf("%s .. %s", from, to);
        g_autofree char *policy =
            lookup->verdict == VERDICT_NOT_TCP
                ? g_strdup("of TCP alone")
                : g_strdup_printf("%s%s%s", policy_answer_word(s->policy),
                                  s->policy_text ? ": " : "",
                                  s->policy_text ? s->policy_text : "");
        TABLE_ADD(table, *s->nickname ? s->nickname : NULL, upper,
                  certainty_word(s->certainty), listed, policy);
    }
    table_print(table);
}

static void print_documents(const Lookup *lookup)
{
    static const char *const HEADINGS[] = {"document", "time", "name", "sha256",
                                           NULL};
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < lookup->documents->len; i++) {
        const RelayDocument *d = g_ptr_array_index(lookup->documents, i);
        g_autofree char *when = instant_new_text(d->when);
        TABLE_ADD(table, d->type, when, d->name, d->sha256);
    }
    table_print(table);
}

static void print_lookup(const Settings *settings, const Lookup *lookup,
                         const CitedTime *time, const Match *match,
                         const GArray *hints)
{
    Instant when = moment_shown(time, match);
    cli_print("%s: %s\n", verdict_word(lookup->verdict), lookup->why);
    time_print_answers(time, match);
    if (lookup->relays->len > 0) {
        cli_print("\n");
        print_sightings(lookup);
        bywhom_print(settings, lookup, when);
    }
    if (lookup->documents->len > 0) {
        cli_print("\n");
        print_documents(lookup);
    }
    print_hints(hints);
}

/* What the readings come to together: of one it is the history's own answer. */
static Lookup *answer_of(const History *history, const Incident *incident,
                         const Match *match)
{
    const Reading *best = incident->time->readings->pdata[0];
    Lookup *lookup = history_lookup(history, &incident->address,
                                    (Interval){best->from, best->to},
                                    incident->target_port, incident->protocol);
    if (match->readings->len == 1)
        return lookup;
    lookup->verdict = match->verdict;
    g_free(lookup->why);
    lookup->why = g_strdup(match->why);
    g_ptr_array_unref(lookup->relays);
    lookup->relays = g_ptr_array_ref(match->relays);
    g_ptr_array_unref(lookup->documents);
    lookup->documents = g_ptr_array_ref(match->documents);
    return lookup;
}

/* The question as an incident: its time is yours. */
static bool read_question(CliContext *context, Incident *out, GError **error)
{
    static const char *const PROTOCOLS[] = {"tcp", "udp", "icmp", NULL};
    uint32_t port;
    const char *protocol;
    *out = (Incident){.target_port = -1};
    if (!ip_typed(cli_arg(context, 0), &out->address, error) ||
        !cli_flag_number(context, "port", 0, 65535, &port, error) ||
        !cli_flag_choice(context, "protocol", PROTOCOLS, &protocol, error))
        return false;
    if (cli_flag(context, "port"))
        out->target_port = (int)port;
    out->protocol = (char *)protocol;
    out->time = time_typed(cli_arg(context, 1), error);
    return out->time != NULL;
}

static int look_up(CliContext *context, const Incident *incident,
                   GError **error)
{
    const Settings *settings = cli_settings_or_default(context, error);
    g_autoptr(History) history =
        settings ? history_open(settings->relays.directory, error) : NULL;
    if (!history)
        return 0;
    g_autoptr(Match) match = match_incident(history, NULL, incident);
    g_autoptr(Lookup) lookup = answer_of(history, incident, match);
    Hints *all;
    g_autoptr(GArray) hints =
        find_hints(settings->relays.directory, &incident->address, &all);
    if (cli_wants_json(context))
        print_lookup_json(settings, lookup, incident->time, match, hints);
    else
        print_lookup(settings, lookup, incident->time, match, hints);
    hints_free(all);
    return lookup->verdict == VERDICT_EXIT ? 0 : EXIT_NO;
}

static int run_relay_lookup(CliContext *context, GError **error)
{
    Incident incident;
    if (!read_question(context, &incident, error))
        return 0;
    int status = look_up(context, &incident, error);
    cited_time_free(incident.time);
    return status;
}

static const CommandFlag LOOKUP_FLAGS[] = {
    {"port", "N", "the port that was attacked: was it open to that?"},
    {"protocol", "P", "tcp, udp or icmp; only tcp leaves through Tor"},
    {0},
};

const Command command_relay_lookup = {
    .noun = "relay",
    .verb = "lookup",
    .args = "ADDRESS TIME",
    .min_args = 2,
    .max_args = 2,
    .summary = "was this address a Tor exit then?",
    .examples = "exitdesk relay lookup 192.0.2.77 2026-05-03T14:02Z\n"
                "exitdesk relay lookup 192.0.2.77 2026-05-03T14:02Z --port 22\n"
                "exitdesk relay lookup 192.0.2.77 '03/05/2026 14:02'\n"
                "exitdesk relay lookup 2001:db8::1 2026-05-03 --json",
    .about = "Answers with one of exit, port-closed, not-tcp, not-exit, "
             "not-listed, neighbour or\nundecidable, the relays that used the "
             "address, and the documents that say so.\nA time as in the "
             "examples is UTC unless it says otherwise; a date alone is the "
             "whole\nday. Words of a complaint are read in all the ways that "
             "they can be meant, and the\nanswer is stated if all agree. Exit "
             "status 0: exit; 1: any other answer.",
    .flags = LOOKUP_FLAGS,
    .has_json = true,
    .run = run_relay_lookup,
};
