/*
 * The member's seat chooses the law, the letter's language its words, the
 * policy of the kind of complaint its topics; law.c says whether it may be
 * cited. A letter without a member speaks for no seat and cites none.
 */
#include "reply/law_words.h"

#include <string.h>

static bool is_exit(const ReplyContext *context)
{
    g_autoptr(GPtrArray) claims = claims_evaluate(context);
    for (guint i = 0; i < claims->len; i++) {
        const Claim *claim = claims->pdata[i];
        if (g_str_equal(claim->name, "exit-then"))
            return claim->answer == CLAIM_YES;
    }
    return false;
}

static GPtrArray *consider(const ReplyContext *context,
                           const char *const *topics)
{
    g_autofree char *chain =
        policy_chain(context->policies, context->member->country);
    LawQuestion question = {
        .chain = chain,
        .topics = topics,
        .language = context->language,
        .category = context->ticket->category,
        .member = context->member,
        .date = context->now,
        .is_exit = is_exit(context),
        .is_automatic = !context->is_held,
    };
    return law_find(policies_laws(context->policies), &question);
}

static bool can_ask(const ReplyContext *context)
{
    return context->policies && context->member && context->language;
}

GPtrArray *law_considered(const ReplyContext *context)
{
    if (!can_ask(context))
        return g_ptr_array_new_with_free_func(
            (GDestroyNotify)law_candidate_free);
    g_autoptr(PolicyRule) rule = policy_explain(
        context->policies, context->member->country, context->ticket->category);
    return consider(context, rule->law);
}

/* With one blank for each run of white space. */
static char *on_one_line(const char *text)
{
    g_auto(GStrv) words = g_strsplit_set(text, " \t\n", -1);
    GString *line = g_string_new(NULL);
    for (char **word = words; *word; word++)
        if (**word)
            g_string_append_printf(line, "%s%s", line->len > 0 ? " " : "",
                                   *word);
    return g_string_free(line, FALSE);
}

void law_mark_unsaid(GPtrArray *laws, const char *text)
{
    g_autofree char *line = on_one_line(text);
    for (guint i = 0; i < laws->len; i++) {
        LawCandidate *law = laws->pdata[i];
        if (!law->why_not && !strstr(line, law->sentence))
            law->why_not = g_strdup("the letter has no place for it");
    }
}

char *law_word_sentence(const ReplyContext *context)
{
    g_autoptr(GPtrArray) laws = law_considered(context);
    const LawCandidate *cited = law_cited(laws);
    return cited ? g_strdup(cited->sentence) : NULL;
}

char *law_word_citation(const ReplyContext *context)
{
    g_autoptr(GPtrArray) laws = law_considered(context);
    const LawCandidate *cited = law_cited(laws);
    return cited ? g_strdup(cited->citation) : NULL;
}

static char *word_of_topic(const ReplyContext *context, const char *topic)
{
    if (!can_ask(context))
        return NULL;
    g_autoptr(GPtrArray) laws =
        consider(context, (const char *const[]){topic, NULL});
    const LawCandidate *cited = law_cited(laws);
    return cited ? g_strdup_printf("%s (%s)", cited->sentence, cited->citation)
                 : NULL;
}

char *law_word_hosting(const ReplyContext *context)
{
    return word_of_topic(context, "notice-is-for-hosting-only");
}

char *law_word_data_subject(const ReplyContext *context)
{
    return word_of_topic(context, "data-subject");
}

char *law_word_no_monitoring(const ReplyContext *context)
{
    return word_of_topic(context, "no-general-monitoring");
}
