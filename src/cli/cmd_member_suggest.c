/* member suggest: relays that may be a member's, or want to be one's. */
#include "cli/commands_list.h"
#include "cli/relaylook.h"
#include "intake/noticing.h"
#include "relay/candidates.h"

#include <string.h>

/* What to type next; the member must be asked first, whatever it says. */
static char *next_command(const Candidate *candidate)
{
    g_autofree char *hex = fingerprint_new_text(&candidate->relay);
    return candidate->member
               ? g_strdup_printf("exitdesk member add %s --from-relay %s",
                                 candidate->member->id, hex)
               : g_strdup_printf("exitdesk member add --from-relay %s", hex);
}

static void print_json(const RelayLook *look, const Candidate *candidate)
{
    g_autoptr(RelayRow) row = relay_look_row(look, &candidate->relay);
    g_autofree char *hex = fingerprint_new_text(&candidate->relay);
    g_autofree char *with = fingerprint_new_text(&candidate->with);
    g_autofree char *next = next_command(candidate);
    Evidence strongest = attribution_strongest(candidate->found);
    bool by_family =
        strongest == EVIDENCE_FAMILY_KEY || strongest == EVIDENCE_MUTUAL_FAMILY;
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "fingerprint", hex);
    json_put_text(&json, "nickname", row->roster.nickname);
    json_put_bool(&json, "is_exit", row->roster.is_exit);
    json_put_text(&json, "member",
                  candidate->member ? candidate->member->id : NULL);
    json_put_bool(&json, "is_two_sided", candidate_is_two_sided(candidate));
    json_put_bool(&json, "names_desk", candidate->names_desk);
    json_key(&json, "evidence");
    json_array(&json);
    for (Evidence e = EVIDENCE_FAMILY_KEY; e > EVIDENCE_NONE; e--)
        if (candidate->found & 1u << e)
            json_text(&json, evidence_word(e));
    json_end_array(&json);
    json_put_text(&json, "with", by_family ? with : NULL);
    json_put_text(&json, "proven_domain", candidate->domain);
    json_put_text(&json, "contact", row->contact.text);
    json_put_instant(&json, "since", candidate->since);
    json_put_text(&json, "document",
                  *candidate->document ? candidate->document : NULL);
    json_put_text(&json, "next", next);
    json_end_object(&json);
    cli_print_json(&json);
}

static void print_one(const RelayLook *look, const Candidate *candidate)
{
    g_autoptr(RelayRow) row = relay_look_row(look, &candidate->relay);
    g_autofree char *addresses = relay_row_addresses(row);
    g_autofree char *contact = relay_row_contact(row);
    g_autofree char *why = candidate_new_why(candidate);
    g_autofree char *next = next_command(candidate);
    char since[INSTANT_TEXT_MAX];
    cli_print("%s  %s  %s%s\n", candidate->member ? candidate->member->id : "-",
              row->roster.nickname, addresses,
              row->roster.is_exit ? "  exit" : "");
    if (candidate->since == INSTANT_NONE)
        cli_print("  %s\n", why);
    else
        cli_print("  %s, since %.16s, %s %.16s...\n", why,
                  instant_text(candidate->since, since),
                  row->family.is_micro ? "document" : "descriptor",
                  candidate->document);
    cli_print("  contact: %s\n", contact);
    cli_print("  %s\n",
              candidate_is_two_sided(candidate)
                  ? "Both sides say so: ask the member, then"
                  : "Anybody can write this: ask whoever runs it, then");
    cli_print("    %s\n", next);
}

static int run_member_suggest(CliContext *context, GError **error)
{
    g_auto(RelayLook) look = {0};
    const Settings *settings = cli_settings(context, error);
    if (!settings || !relay_look_open(context, &look, error))
        return 0;
    g_autoptr(Proofs) proofs = proofs_load(settings->relays.directory, error);
    if (!proofs)
        return 0;
    g_autoptr(GPtrArray) addresses = desk_addresses(settings);
    g_autoptr(GArray) list = candidates_find(&(CandidateQuestion){
        .people = look.people,
        .families = look.families,
        .proofs = proofs,
        .members = settings->members,
        .desk_addresses = (const char *const *)addresses->pdata,
        .when = look.when,
        .now = cli_now(context),
    });
    for (guint i = 0; i < list->len; i++) {
        const Candidate *candidate = &g_array_index(list, Candidate, i);
        if (cli_wants_json(context))
            print_json(&look, candidate);
        else
            print_one(&look, candidate);
    }
    if (list->len == 0)
        cli_say(context, "No relay outside of the members' files names the "
                         "desk or a member, or stands in a mutual family "
                         "with one.\n");
    return list->len ? 0 : EXIT_NO;
}

static const CommandFlag FLAGS[] = {
    FLAG_AT,
    FLAG_NOW,
    {0},
};

const Command command_member_suggest = {
    .noun = "member",
    .verb = "suggest",
    .summary = "relays that may be a member's, or want to be one's",
    .examples = "exitdesk member suggest\n"
                "exitdesk member suggest --json",
    .about =
        "Of the relays that no member's file names: those in a mutual family "
        "or under a\nfamily key with a member's relay, those whose domain is "
        "proven to be a member's,\nand those whose ContactInfo names an "
        "address of the desk or of a member. The last\nis a claim that anybody "
        "can write. A family that only one side names is not shown.\nNothing "
        "changes by itself: each comes with the command to type after the "
        "member was\nasked. Exit status 1: there is none.",
    .flags = FLAGS,
    .has_json = true,
    .run = run_member_suggest,
};
