/*
 * "exitdesk law list|explain" and "exitdesk policy lint|show".
 */
#include "cli/commands_list.h"
#include "cli/memberlook.h"
#include "cli/typed.h"

#include "base/country.h"
#include "base/page.h"
#include "policy/lawyers.h"

#include <string.h>

static Policies *load_policies(CliContext *context, const Settings **settings,
                               GError **error)
{
    *settings = cli_settings_or_default(context, error);
    return *settings ? policies_load((const char *const *)(*settings)
                                         ->policy_directories->pdata,
                                     error)
                     : NULL;
}

static bool country_is_pack(const char *code, GError **error)
{
    if (country_is_known(code) || g_str_equal(code, "EU") ||
        g_str_equal(code, "XX"))
        return true;
    const char *meant = country_meant(code);
    return cli_usage_error(error, "\"%s\" is not an ISO 3166-1 code%s%s%s",
                           code, meant ? "; did you mean " : "",
                           meant ? meant : "", meant ? "?" : "");
}

/* ---- law list ---------------------------------------------------------- */

/* "since 2024-05-14", "until 2024-05-13". */
static char *span_of(const LawView *law)
{
    char from[INSTANT_TEXT_MAX], until[INSTANT_TEXT_MAX];
    instant_text(law->from, from);
    instant_text(law->until, until);
    if (law->until != INSTANT_NONE)
        return g_strdup_printf("until %.10s", until);
    return law->from == INSTANT_NONE ? g_strdup("in force")
                                     : g_strdup_printf("since %.10s", from);
}

static bool is_of(const LawView *law, const char *country)
{
    size_t length = country ? strlen(country) : 0;
    return !country ||
           (strncmp(law->id, country, length) == 0 && law->id[length] == '/');
}

static void print_law_json(const LawView *law, const char *citation)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "law", law->id);
    json_put_text(&json, "topic", law->topic);
    json_put_instant(&json, "from", law->from);
    json_put_instant(&json, "until", law->until);
    json_put_text(&json, "confidence", confidence_word(law->confidence));
    json_put_text(&json, "reviewed", law->reviewed);
    json_put_text(&json, "citation", citation);
    json_put_text(&json, "replaced_by", law->replaced_by);
    json_put_text(&json, "source", law->source);
    json_put_text(&json, "file", law->file);
    json_put_number(&json, "line", law->line);
    json_end_object(&json);
    cli_print_json(&json);
}

static int run_law_list(CliContext *context, GError **error)
{
    static const char *const HEADINGS[] = {
        "law", "topic", "in force", "confidence", "reviewed", "citation", NULL};
    const char *country = cli_flag(context, "country");
    if (country && !country_is_pack(country, error))
        return 0;
    const Settings *settings;
    g_autoptr(Policies) policies = load_policies(context, &settings, error);
    if (!policies)
        return 0;
    const Laws *laws = policies_laws(policies);
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < laws_count(laws); i++) {
        LawView law = laws_view(laws, i);
        g_autofree char *span = span_of(&law);
        const char *citation = laws_citation(laws, i, "en");
        if (!is_of(&law, country))
            continue;
        if (cli_wants_json(context))
            print_law_json(&law, citation);
        else
            TABLE_ADD(table, law.id, law.topic, span,
                      confidence_word(law.confidence), law.reviewed,
                      citation ? citation : law.replaced_by);
    }
    if (table_count(table) > 0)
        table_print(table);
    else if (!cli_wants_json(context))
        cli_say(context, "No law pack for %s.\n", country);
    return 0;
}

static const CommandFlag LIST_FLAGS[] = {
    {"country", "CC", "only this country's, EU's or XX's"},
    {0},
};

const Command command_law_list = {
    .noun = "law",
    .verb = "list",
    .summary = "the law that letters may cite, and law that is gone",
    .examples = "exitdesk law list --country DE",
    .about = "Only law of confidence \"high\" is ever cited, and only what "
             "somebody has reviewed in a\nletter that leaves by itself. Law "
             "that is gone is kept so that lint finds its name.",
    .flags = LIST_FLAGS,
    .has_json = true,
    .run = run_law_list,
};

/* ---- law explain ------------------------------------------------------- */

static void print_candidates(const GPtrArray *laws)
{
    static const char *const HEADINGS[] = {"law", "topic", "cited", "from",
                                           NULL};
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < laws->len; i++) {
        const LawCandidate *law = laws->pdata[i];
        g_autofree char *place = g_strdup_printf("%s:%d", law->file, law->line);
        g_autofree char *answer = law->why_not
                                      ? g_strconcat("no: ", law->why_not, NULL)
                                      : g_strdup("yes");
        TABLE_ADD(table, law->id, law->topic, answer, place);
    }
    if (table_count(table) > 0)
        table_print(table);
    const LawCandidate *cited = law_cited(laws);
    if (cited)
        cli_print("\n%s (%s).\n", cited->sentence, cited->citation);
    else
        cli_print("\nThe letter cites no law.\n");
}

static void print_candidates_json(const GPtrArray *laws)
{
    for (guint i = 0; i < laws->len; i++) {
        const LawCandidate *law = laws->pdata[i];
        Json json;
        json_init(&json);
        json_object(&json);
        json_put_text(&json, "law", law->id);
        json_put_text(&json, "topic", law->topic);
        json_put_bool(&json, "is_cited", law->why_not == NULL);
        json_put_text(&json, "why_not", law->why_not);
        json_put_text(&json, "citation", law->citation);
        json_put_text(&json, "sentence", law->sentence);
        json_put_text(&json, "source", law->source);
        json_put_text(&json, "file", law->file);
        json_put_number(&json, "line", law->line);
        json_end_object(&json);
        cli_print_json(&json);
    }
}

/* Topics that were named, else those of the policy. NULL-terminated. */
static char **topics_of(CliContext *context, const PolicyRule *rule)
{
    const char *named = cli_flag(context, "topics");
    return named ? g_strsplit(named, ",", -1) : g_strdupv((char **)rule->law);
}

static bool check_topics(char *const *topics, GError **error)
{
    for (; *topics; topics++)
        if (!law_topic_is_known(*topics)) {
            g_autofree char *all = g_strjoinv(", ", (char **)law_topics());
            return cli_usage_error(error,
                                   "there is no topic \"%s\"; there "
                                   "are: %s",
                                   *topics, all);
        }
    return true;
}

static bool find_member(CliContext *context, const Settings *settings,
                        const Member **member, GError **error)
{
    const char *id = cli_flag(context, "member");
    *member = id ? member_typed(settings, id, error) : NULL;
    return !id || *member;
}

static int run_law_explain(CliContext *context, GError **error)
{
    const Settings *settings;
    const Member *member;
    const char *country = cli_flag(context, "country");
    const char *category = cli_arg(context, 0);
    const char *language = cli_flag(context, "lang");
    if ((country && !country_is_pack(country, error)))
        return 0;
    if (!category_typed(category, false, error))
        return 0;
    g_autoptr(Policies) policies = load_policies(context, &settings, error);
    if (!policies || !find_member(context, settings, &member, error))
        return 0;
    if (!country)
        country = member ? member->country : settings->desk.country;
    g_autoptr(PolicyRule) rule = policy_explain(policies, country, category);
    g_autofree char *chain = policy_chain(policies, country);
    g_auto(GStrv) topics = topics_of(context, rule);
    if (!check_topics(topics, error))
        return 0;
    LawQuestion question = {
        .chain = chain,
        .topics = (const char *const *)topics,
        .language = language ? language : "en",
        .category = category,
        .member = member,
        .date = cli_now(context),
        .is_exit = !cli_flag(context, "no-exit"),
        .is_automatic = cli_flag(context, "automatic") != NULL,
    };
    g_autoptr(GPtrArray) laws = law_find(policies_laws(policies), &question);
    if (cli_wants_json(context))
        print_candidates_json(laws);
    else
        print_candidates(laws);
    return 0;
}

static const CommandFlag EXPLAIN_FLAGS[] = {
    {"country", "CC", "the member's seat; else the member's or the desk's"},
    {"member", "ID", "with what this member states of itself"},
    {"lang", "LANG", "language of the letter (en)"},
    {"topics", "LIST", "topics with commas between; else the policy's"},
    {"automatic", NULL, "for a letter that nobody reads before it leaves"},
    {"no-exit", NULL, "as if the relay record showed no exit"},
    FLAG_NOW,
    {0},
};

const Command command_law_explain = {
    .noun = "law",
    .verb = "explain",
    .args = "CATEGORY",
    .min_args = 1,
    .max_args = 1,
    .summary = "which law a letter would cite, and why no other",
    .examples = "exitdesk law explain copyright/p2p --country DE --lang de\n"
                "exitdesk law explain copyright/p2p --country US --automatic",
    .about = "Every entry of the policy's topics is shown with the first "
             "reason against it. A letter\ncites one law, or none.",
    .flags = EXPLAIN_FLAGS,
    .has_json = true,
    .run = run_law_explain,
};

/* ---- policy show ------------------------------------------------------- */

static void print_line_json(const PolicyLine *line)
{
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "key", line->key);
    json_put_text(&json, "value", line->value);
    json_put_text(&json, "file", line->file);
    json_put_number(&json, "line", line->line);
    json_end_object(&json);
    cli_print_json(&json);
}

static int run_policy_show(CliContext *context, GError **error)
{
    const char *country = cli_arg(context, 0);
    const Settings *settings;
    if (!country_is_pack(country, error))
        return 0;
    g_autoptr(Policies) policies = load_policies(context, &settings, error);
    if (!policies)
        return 0;
    bool authority_only = cli_flag(context, "authority") != NULL;
    g_autoptr(GPtrArray) lines = policy_country_lines(policies, country);
    g_autoptr(GString) out = g_string_new(NULL);
    const char *last = NULL;
    for (guint i = 0; i < lines->len; i++) {
        const PolicyLine *line = lines->pdata[i];
        if (authority_only && !g_str_has_prefix(line->key, "authority."))
            continue;
        if (cli_wants_json(context)) {
            print_line_json(line);
            continue;
        }
        if (g_strcmp0(last, line->key) != 0)
            g_string_append_printf(out, "%s%s\n", last ? "\n" : "", line->key);
        last = line->key;
        page_paragraph(out, "  - ", line->value);
        if (cli_flag(context, "lines"))
            g_string_append_printf(out, "    (%s:%d)\n", line->file,
                                   line->line);
    }
    cli_print("%s", out->str);
    return 0;
}

static const CommandFlag SHOW_FLAGS[] = {
    {"authority", NULL, "only what is to be done when an authority writes"},
    {"lines", NULL, "with the file and line of each"},
    {0},
};

const Command command_policy_show = {
    .noun = "policy",
    .verb = "show",
    .args = "CC",
    .min_args = 1,
    .max_args = 1,
    .summary = "what holds for a country as a whole: steps, traps, retention",
    .examples = "exitdesk policy show AT\n"
                "exitdesk policy show DE --authority --lines",
    .about = "With what holds in EU (member states) and everywhere: the "
             "general steps first, of traps\nthe country's own. For a case: "
             "exitdesk case brief.",
    .flags = SHOW_FLAGS,
    .has_json = true,
    .run = run_policy_show,
};
