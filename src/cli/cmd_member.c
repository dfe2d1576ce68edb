#include "cli/commands_list.h"
#include "cli/memberlook.h"
#include "cli/trustlook.h"

#include "base/digest.h"

#include <stdio.h>

/* A relay's fingerprint as Tor writes it; yours to free. */
static char *relay_new_text(const Member *member, guint index)
{
    const uint8_t *all = (const uint8_t *)member->fingerprints->data;
    g_autofree char *hex =
        hex_new(all + index * FINGERPRINT_BYTES, FINGERPRINT_BYTES);
    return g_ascii_strup(hex, -1);
}

static const char *ceiling_word(Ceiling ceiling)
{
    switch (ceiling) {
    case CEILING_NEVER:
        return "never";
    case CEILING_ASK:
        return "ask";
    case CEILING_AUTOMATIC:
        return "automatic";
    }
    g_assert_not_reached();
}

/* For all that has no level of its own; state as trustlook_state() has it. */
static const char *level_of(const Member *member, const TrustState *state,
                            Instant now)
{
    return automation_word(trust_answer(member, state, "", now).level);
}

static bool has_ended(const Member *member, const TrustState *state,
                      Instant now)
{
    Instant kept = state ? state->ends : INSTANT_NONE;
    return (member->ended != INSTANT_NONE && member->ended <= now) ||
           (kept != INSTANT_NONE && kept <= now);
}

/* One word for the list. */
static const char *list_word(const Member *member, const TrustState *state,
                             Instant now)
{
    if (has_ended(member, state, now))
        return "ended";
    if (trust_has_consent(member, state, now) && state &&
        state->paused != INSTANT_NONE)
        return "paused";
    return level_of(member, state, now);
}

static void put_texts(Json *json, const char *name, const GPtrArray *texts)
{
    json_key(json, name);
    json_array(json);
    for (guint i = 0; texts && i < texts->len; i++)
        json_text(json, texts->pdata[i]);
    json_end_array(json);
}

static void put_relays(Json *json, const Member *member)
{
    json_key(json, "fingerprints");
    json_array(json);
    for (guint i = 0; i < member->fingerprints->len; i++) {
        g_autofree char *hex = relay_new_text(member, i);
        json_text(json, hex);
    }
    json_end_array(json);
    json_key(json, "prefixes");
    json_array(json);
    for (guint i = 0; i < member->prefixes->len; i++) {
        const MemberPrefix *held =
            &g_array_index(member->prefixes, MemberPrefix, i);
        g_autofree char *text = ip_prefix_new_text(&held->prefix);
        json_object(json);
        json_put_text(json, "prefix", text);
        json_put_instant(json, "from", held->from);
        json_put_instant(json, "to", held->to);
        json_end_object(json);
    }
    json_end_array(json);
}

static void put_modes(Json *json, const Member *member)
{
    json_key(json, "modes");
    json_array(json);
    for (guint i = 0; i < member->modes->len; i++) {
        const MemberMode *mode = member->modes->pdata[i];
        json_object(json);
        json_put_text(json, "category", mode->category);
        json_put_text(json, "automation", automation_word(mode->automation));
        json_put_instant(json, "since", mode->since);
        json_end_object(json);
    }
    json_end_array(json);
}

static void put_member(Json *json, const Member *member,
                       const TrustState *state, Instant now)
{
    json_put_text(json, "id", member->id);
    json_put_text(json, "name", member->name);
    json_put_text(json, "country", member->country);
    json_put_text(json, "language", member->language);
    json_put_text(json, "website", member->website);
    json_put_text(json, "address", member->address);
    put_texts(json, "contacts", member->contacts);
    put_relays(json, member);
    json_put_instant(json, "consent_given", member->consent_given);
    json_put_text(json, "consent_by", member->consent_by);
    json_put_text(json, "automation", automation_word(member->automation));
    json_put_text(json, "ceiling", ceiling_word(member->ceiling));
    json_put_text(json, "in_force", level_of(member, state, now));
    put_modes(json, member);
    json_put_instant(json, "ended", member->ended);
}

static void print_member_json(CliContext *context, const Member *member,
                              bool with_trust)
{
    Instant now = cli_now(context);
    g_autoptr(TrustState) state = trustlook_state(context, member);
    Json json;
    json_init(&json);
    json_object(&json);
    put_member(&json, member, state, now);
    if (with_trust)
        trustlook_put_json(&json, context, member, now);
    json_end_object(&json);
    cli_print_json(&json);
}

static int run_member_list(CliContext *context, GError **error)
{
    static const char *const HEADINGS[] = {
        "member", "country", ">relays", ">networks", "letters", "name", NULL};
    const Settings *settings = cli_settings(context, error);
    if (!settings)
        return 0;
    Instant now = cli_now(context);
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < members_count(settings->members); i++) {
        const Member *member = members_at(settings->members, i);
        if (cli_wants_json(context)) {
            print_member_json(context, member, false);
            continue;
        }
        g_autoptr(TrustState) state = trustlook_state(context, member);
        g_autofree char *relays =
            g_strdup_printf("%u", member->fingerprints->len);
        g_autofree char *networks =
            g_strdup_printf("%u", member->prefixes->len);
        TABLE_ADD(table, member->id, member->country, relays, networks,
                  list_word(member, state, now), member->name);
    }
    if (cli_wants_json(context))
        return 0;
    if (table_count(table) > 0)
        table_print(table);
    else
        cli_say(context, "No members yet. One file each: "
                         "members.d/ID.yaml, see exitdesk-member(5).\n");
    return 0;
}

const Command command_member_list = {
    .noun = "member",
    .verb = "list",
    .summary = "the organisations that letters are written for",
    .examples = "exitdesk member list\n"
                "exitdesk member list --json",
    .about =
        "One line a member. \"letters\" is what is in force today: off, hold "
        "(a person sends\nthem), auto, paused or ended, never more than "
        "the member allows.",
    .has_json = true,
    .run = run_member_list,
};

static void print_texts(const char *label, const GPtrArray *texts)
{
    for (guint i = 0; i < texts->len; i++)
        cli_print("%-10s %s\n", i == 0 ? label : "", (char *)texts->pdata[i]);
}

static void print_member_relays(const Member *member)
{
    for (guint i = 0; i < member->fingerprints->len; i++) {
        g_autofree char *hex = relay_new_text(member, i);
        cli_print("%-10s %s\n", i == 0 ? "relays" : "", hex);
    }
    for (guint i = 0; i < member->prefixes->len; i++) {
        const MemberPrefix *held =
            &g_array_index(member->prefixes, MemberPrefix, i);
        g_autofree char *text = ip_prefix_new_text(&held->prefix);
        char from[INSTANT_TEXT_MAX], to[INSTANT_TEXT_MAX];
        cli_print("%-10s %s  (%s .. %s)\n", i == 0 ? "networks" : "", text,
                  instant_text(held->from, from), instant_text(held->to, to));
    }
}

static void print_member(const Member *member, const TrustState *state,
                         Instant now)
{
    char when[INSTANT_TEXT_MAX];
    cli_print("%s  %s (%s, %s)\n", member->id, member->name, member->country,
              member->language);
    if (member->website)
        cli_print("%-10s %s\n", "website", member->website);
    cli_print("%-10s %s\n", "address",
              member->address ? member->address : "the desk's");
    print_texts("contacts", member->contacts);
    print_member_relays(member);
    if (member->consent_given == INSTANT_NONE)
        cli_print("%-10s %s\n", "consent",
                  trust_has_consent(member, state, now)
                      ? "none in its file"
                      : "none on record: no letters in its name");
    else
        cli_print("%-10s %.10s by %s\n", "consent",
                  instant_text(member->consent_given, when),
                  member->consent_by ? member->consent_by : "?");
    cli_print("%-10s %s (set %s, allows %s)\n", "letters",
              level_of(member, state, now), automation_word(member->automation),
              ceiling_word(member->ceiling));
    for (guint i = 0; i < member->modes->len; i++) {
        const MemberMode *mode = member->modes->pdata[i];
        cli_print("%-10s %s for %s\n", "",
                  automation_word(
                      trust_answer(member, state, mode->category, now).level),
                  mode->category);
    }
    for (guint i = 0; i < member->statements->len; i++) {
        const MemberStatement *statement = member->statements->pdata[i];
        cli_print("%-10s %s: \"%s\" (%s, %.10s)\n", i == 0 ? "says" : "",
                  statement->name, statement->text, statement->by,
                  instant_text(statement->said, when));
    }
    if (member->ended != INSTANT_NONE)
        cli_print("%-10s %.10s\n", "ended", instant_text(member->ended, when));
}

static int run_member_show(CliContext *context, GError **error)
{
    const Settings *settings = cli_settings(context, error);
    const Member *member =
        settings ? member_typed(settings, cli_arg(context, 0), error) : NULL;
    if (!member)
        return 0;
    if (cli_wants_json(context))
        print_member_json(context, member, true);
    else {
        g_autoptr(TrustState) state = trustlook_state(context, member);
        print_member(member, state, cli_now(context));
        trustlook_print(context, member, cli_now(context));
    }
    return 0;
}

const Command command_member_show = {
    .noun = "member",
    .verb = "show",
    .args = "ID",
    .min_args = 1,
    .max_args = 1,
    .summary = "one member: relays, consent, what is sent in its name",
    .examples = "exitdesk member show bib-musterstadt",
    .about = "Prints what members.d/ID.yaml says, what was agreed to since, "
             "and how far letters\nof each kind go by themselves today, and "
             "why.",
    .has_json = true,
    .run = run_member_show,
};
