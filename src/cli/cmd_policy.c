#include "cli/commands_list.h"
#include "cli/memberlook.h"
#include "cli/typed.h"

#include "base/country.h"
#include "base/errors.h"
#include "report/category.h"

static Policies *load_policies(CliContext *context, const Settings **settings,
                               GError **error)
{
    *settings = cli_settings_or_default(context, error);
    if (!*settings)
        return NULL;
    return policies_load(
        (const char *const *)(*settings)->policy_directories->pdata, error);
}

/* ---- policy list ------------------------------------------------------ */

static const char *pack_name(const char *code)
{
    return g_str_equal(code, "EU")   ? "European Union"
           : g_str_equal(code, "XX") ? "everywhere"
                                     : country_name(code);
}

static int run_policy_list(CliContext *context, GError **error)
{
    static const char *const HEADINGS[] = {"pack", "for", "looked up in",
                                           "file", NULL};
    const Settings *settings;
    g_autoptr(Policies) policies = load_policies(context, &settings, error);
    if (!policies)
        return 0;
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < policies_count(policies); i++) {
        const char *code = policies_code(policies, i);
        g_autofree char *chain = policy_chain(policies, code);
        if (cli_wants_json(context)) {
            Json json;
            json_init(&json);
            json_object(&json);
            json_put_text(&json, "pack", code);
            json_put_text(&json, "chain", chain);
            json_put_text(&json, "file", policies_file(policies, i));
            json_end_object(&json);
            cli_print_json(&json);
        } else {
            TABLE_ADD(table, code, pack_name(code), chain,
                      policies_file(policies, i));
        }
    }
    if (table_count(table) > 0)
        table_print(table);
    return 0;
}

const Command command_policy_list = {
    .noun = "policy",
    .verb = "list",
    .summary = "the countries that have rules of their own",
    .examples = "exitdesk policy list",
    .about = "A country without a file of its own is looked up in EU (member "
             "states) and XX.",
    .has_json = true,
    .run = run_policy_list,
};

/* ---- policy explain --------------------------------------------------- */

typedef struct {
    const char *country;
    const Member *member; /* or NULL */
} Asked;

static bool read_member(CliContext *context, const Settings *settings,
                        Asked *asked, GError **error)
{
    const char *id = cli_flag(context, "member");
    if (!id)
        return true;
    asked->member = member_typed(settings, id, error);
    if (!asked->member)
        return false;
    if (!asked->country)
        asked->country = asked->member->country;
    return true;
}

static bool read_country(CliContext *context, Asked *asked, GError **error)
{
    const char *code = cli_flag(context, "country");
    asked->country = code;
    if (!code || country_is_known(code) || g_str_equal(code, "EU") ||
        g_str_equal(code, "XX"))
        return true;
    const char *meant = country_meant(code);
    return cli_usage_error(error, "\"%s\" is not an ISO 3166-1 code%s%s%s",
                           code, meant ? "; did you mean " : "",
                           meant ? meant : "", meant ? "?" : "");
}

static char *place_of(const PolicyLine *line)
{
    return line->file ? g_strdup_printf("%s:%d", line->file, line->line)
                      : g_strdup("built in");
}

static void put_origins(Json *json, const PolicyRule *rule)
{
    json_key(json, "lines");
    json_array(json);
    for (guint i = 0; i < rule->origins->len; i++) {
        const PolicyLine *line = rule->origins->pdata[i];
        json_object(json);
        json_put_text(json, "key", line->key);
        json_put_text(json, "value", line->value);
        json_put_text(json, "file", line->file);
        json_put_number(json, "line", line->line);
        json_end_object(json);
    }
    json_end_array(json);
}

static void print_rule_json(const PolicyRule *rule, const Asked *asked,
                            const char *chain, Instant now)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "category", rule->category);
    json_put_text(&json, "chain", chain);
    json_put_text(&json, "reply", policy_reply_word(rule->reply));
    json_put_text(&json, "automatic", policy_auto_word(rule->automatic));
    json_put_text(&json, "template", rule->template);
    json_put_number(&json, "wait_s", rule->wait_s);
    json_put_number(&json, "promise_s", rule->promise_s);
    json_put_text(&json, "member", asked->member ? asked->member->id : NULL);
    json_put_text(&json, "automation",
                  asked->member ? automation_word(member_automation(
                                      asked->member, rule->category, now))
                                : NULL);
    put_origins(&json, rule);
    json_end_object(&json);
    cli_print_json(&json);
}

/* What the packs say of the country as a whole; the steps for authorities
 * only with what no program may answer. */
static void add_country_lines(Table *table, const Policies *policies,
                              const char *country, const char *category)
{
    g_autoptr(GPtrArray) lines = policy_country_lines(policies, country);
    for (guint i = 0; i < lines->len; i++) {
        const PolicyLine *line = lines->pdata[i];
        g_autofree char *place = place_of(line);
        if (policy_is_never_automatic(category) ||
            !g_str_has_prefix(line->key, "authority."))
            TABLE_ADD(table, line->key, line->value, place);
    }
}

static void print_rule(const PolicyRule *rule, const Policies *policies,
                       const Asked *asked, const char *chain, Instant now)
{
    static const char *const HEADINGS[] = {"setting", "value", "from", NULL};
    cli_print("%s (%s), looked up in %s\n", rule->category,
              category_meaning(rule->category), chain);
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < rule->origins->len; i++) {
        const PolicyLine *line = rule->origins->pdata[i];
        g_autofree char *place = place_of(line);
        TABLE_ADD(table, line->key, line->value, place);
    }
    add_country_lines(table, policies, asked->country, rule->category);
    table_print(table);
    if (asked->member)
        cli_print("%s: letters of this kind are \"%s\" for this member\n",
                  asked->member->id,
                  automation_word(
                      member_automation(asked->member, rule->category, now)));
}

static int run_policy_explain(CliContext *context, GError **error)
{
    Asked asked = {0};
    const Settings *settings;
    const char *category = cli_arg(context, 0);
    if (!category_typed(category, false, error) ||
        !read_country(context, &asked, error))
        return 0;
    g_autoptr(Policies) policies = load_policies(context, &settings, error);
    if (!policies || !read_member(context, settings, &asked, error))
        return 0;
    if (!asked.country)
        asked.country = settings->desk.country;
    g_autoptr(PolicyRule) rule =
        policy_explain(policies, asked.country, category);
    g_autofree char *chain = policy_chain(policies, asked.country);
    if (cli_wants_json(context))
        print_rule_json(rule, &asked, chain, cli_now(context));
    else
        print_rule(rule, policies, &asked, chain, cli_now(context));
    return 0;
}

static const CommandFlag EXPLAIN_FLAGS[] = {
    {"country", "CC",
     "the country (ISO 3166-1), EU or XX; else the member's "
     "or the desk's"},
    {"member", "ID", "also say what is in force for this member"},
    FLAG_NOW,
    {0},
};

const Command command_policy_explain = {
    .noun = "policy",
    .verb = "explain",
    .args = "CATEGORY",
    .min_args = 1,
    .max_args = 1,
    .summary = "what holds for a kind of complaint, line by line",
    .examples = "exitdesk policy explain copyright/p2p --country DE\n"
                "exitdesk policy explain connection/login_attack --member "
                "bib-musterstadt",
    .about = "Prints each setting with the file and line that decides it: the "
             "most exact entry\n(class/type, class, any), and among equals "
             "the nearest pack (country, EU, XX).",
    .flags = EXPLAIN_FLAGS,
    .has_json = true,
    .run = run_policy_explain,
};

/* ---- policy rules ----------------------------------------------------- */

static int run_policy_rules(CliContext *context, GError **error)
{
    static const char *const HEADINGS[] = {"rule", "does", "when", "authority",
                                           NULL};
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < gate_rule_count(); i++) {
        const char *id, *authority;
        Action action;
        const char *why = gate_rule_text(i, &id, &action, &authority);
        if (!cli_wants_json(context)) {
            TABLE_ADD(table, id, action_word(action), why, authority);
            continue;
        }
        Json json;
        json_init(&json);
        json_object(&json);
        json_put_text(&json, "rule", id);
        json_put_text(&json, "action", action_word(action));
        json_put_text(&json, "when", why);
        json_put_text(&json, "authority", authority);
        json_end_object(&json);
        cli_print_json(&json);
    }
    if (table_count(table) > 0)
        table_print(table);
    return 0;
}

const Command command_policy_rules = {
    .noun = "policy",
    .verb = "rules",
    .summary = "when a letter may leave: the rules no policy can change",
    .examples = "exitdesk policy rules",
    .about = "In the order they are asked; the first that applies decides, "
             "and all that apply\nare kept with the case.",
    .has_json = true,
    .run = run_policy_rules,
};
