/*
 * Which statute a letter may cite.
 *
 * The wanted topics are asked in their order, for each the member's country,
 * then EU (member states only: the European Economic Area does not share the
 * Union's regulations by itself), then XX. Every entry of the topic is
 * weighed and keeps the first reason against it, so that a reader of the case
 * sees what was considered. The first without a reason is cited; one letter
 * cites one law.
 *
 * Rejected: to fall back to another language's words (the reader would get a
 * sentence that cannot be read), and to cite law of medium confidence in
 * drafts (whoever approves forty drafts a day does not look it up).
 */
#include "policy/law_file.h"

#include <string.h>

#define MONTH_S   (INSTANT_DAY_S * 30)
#define CHAIN_MAX 3

/* ---- weighing one entry ------------------------------------------------ */

static bool member_states(const Member *member, const char *name, Instant date)
{
    const GPtrArray *statements = member ? member->statements : NULL;
    for (guint i = 0; statements && i < statements->len; i++) {
        const MemberStatement *statement = statements->pdata[i];
        if (g_str_equal(statement->name, name) && statement->said <= date &&
            (statement->until == INSTANT_NONE || date < statement->until))
            return true;
    }
    return false;
}

static char *object_to_date(const Law *law, Instant date)
{
    char day[INSTANT_TEXT_MAX];
    if (law->from != INSTANT_NONE && date < law->from)
        return g_strdup_printf("in force only from %.10s",
                               instant_text(law->from, day));
    if (law->until != INSTANT_NONE && date > law->until)
        return g_strdup(law->gone);
    return NULL;
}

static bool covers(const char *entry, const char *category)
{
    size_t length = strlen(entry);
    return strncmp(entry, category, length) == 0 &&
           (!category[length] || category[length] == '/');
}

static char *object_to_category(const Law *law, const char *category)
{
    guint count = schema_count(law->values, "categories");
    for (guint i = 0; i < count; i++)
        if (covers(schema_item(law->values, "categories", i)->text, category))
            return NULL;
    return count > 0 ? g_strdup_printf("is not about %s", category) : NULL;
}

static char *object_to_facts(const Law *law, const LawQuestion *question)
{
    for (guint i = 0; i < schema_count(law->values, "applies_if"); i++) {
        const char *condition = schema_item(law->values, "applies_if", i)->text;
        if (g_str_equal(condition, "exit")) {
            if (!question->is_exit)
                return g_strdup("holds for exits; the relay record does not "
                                "show one for all that is cited");
        } else if (!member_states(question->member, condition,
                                  question->date)) {
            return g_strdup_printf("needs the member's statement \"%s\"; "
                                   "there is none that holds",
                                   condition);
        }
    }
    return NULL;
}

static bool review_has_run_out(const Law *law, Instant date)
{
    return law->reviewed > date ||
           date - law->reviewed > LAW_REVIEW_MONTHS * MONTH_S +
                                      5 * INSTANT_DAY_S; /* 12 x 30 = 360 */
}

static char *object_to_review(const Law *law, const LawQuestion *question)
{
    if (!question->is_automatic)
        return NULL;
    if (law->reviewed == INSTANT_NONE)
        return g_strdup("nobody who knows the law has reviewed it, and "
                        "nobody reads this letter before it leaves");
    if (review_has_run_out(law, question->date))
        return g_strdup("its review has run out, and nobody reads this "
                        "letter before it leaves");
    return NULL;
}

static char *object_to_words(const Law *law, const char *language)
{
    if (law_words(law, "says", language))
        return NULL;
    return schema_count(law->values, "says") == 0
               ? g_strdup("has no words for letters")
               : g_strdup_printf("has no words in \"%s\"", language);
}

/* The first reason against it; yours, NULL if there is none. */
static char *object(const Law *law, const LawQuestion *question)
{
    char *why = object_to_date(law, question->date);
    if (!why && law->confidence != CONFIDENCE_HIGH)
        why = g_strdup_printf("we are not sure enough of it (confidence %s)",
                              confidence_word(law->confidence));
    if (!why)
        why = object_to_category(law, question->category);
    if (!why)
        why = object_to_facts(law, question);
    if (!why)
        why = object_to_words(law, question->language);
    if (!why)
        why = object_to_review(law, question);
    return why;
}

/* ---- asking ------------------------------------------------------------ */

void law_candidate_free(LawCandidate *candidate)
{
    if (!candidate)
        return;
    g_free(candidate->id);
    g_free(candidate->topic);
    g_free(candidate->citation);
    g_free(candidate->sentence);
    g_free(candidate->source);
    g_free(candidate->file);
    g_free(candidate->why_not);
    g_free(candidate);
}

static void add_candidate(GPtrArray *candidates, const Law *law,
                          const LawQuestion *question, const char **cited)
{
    LawCandidate *candidate = g_new0(LawCandidate, 1);
    candidate->id = g_strdup(law->id);
    candidate->topic = g_strdup(law->topic);
    candidate->source = g_strdup(schema_text(law->values, "source"));
    candidate->file = g_strdup(law->file);
    candidate->line = law->line;
    candidate->why_not = object(law, question);
    if (!candidate->why_not && *cited)
        candidate->why_not =
            g_strdup_printf("%s comes first; one is enough", *cited);
    if (!candidate->why_not) {
        *cited = law->id;
        candidate->citation =
            g_strdup(law_words(law, "citation", question->language));
        candidate->sentence =
            g_strdup(law_words(law, "says", question->language));
    }
    g_ptr_array_add(candidates, candidate);
}

static const LawPack *pack_of(const Laws *laws, const char *code)
{
    for (guint i = 0; i < laws->packs->len; i++) {
        const LawPack *pack = laws->packs->pdata[i];
        if (g_str_equal(pack->code, code))
            return pack;
    }
    return NULL;
}

GPtrArray *law_find(const Laws *laws, const LawQuestion *question)
{
    GPtrArray *candidates =
        g_ptr_array_new_with_free_func((GDestroyNotify)law_candidate_free);
    g_auto(GStrv) codes = g_strsplit(question->chain, " ", CHAIN_MAX);
    const char *cited = NULL;
    for (const char *const *topic = question->topics; *topic; topic++)
        for (char **code = codes; *code; code++) {
            const LawPack *pack = pack_of(laws, *code);
            for (guint i = 0; pack && i < pack->laws->len; i++) {
                const Law *law = pack->laws->pdata[i];
                if (g_str_equal(law->topic, *topic))
                    add_candidate(candidates, law, question, &cited);
            }
        }
    return candidates;
}

const LawCandidate *law_cited(const GPtrArray *candidates)
{
    for (guint i = 0; i < candidates->len; i++) {
        const LawCandidate *candidate = candidates->pdata[i];
        if (!candidate->why_not)
            return candidate;
    }
    return NULL;
}

/* ---- looking at the packs ---------------------------------------------- */

guint laws_count(const Laws *laws)
{
    return laws->all->len;
}

LawView laws_view(const Laws *laws, guint index)
{
    const Law *law = laws->all->pdata[index];
    return (LawView){
        .id = law->id,
        .topic = law->topic,
        .source = schema_text(law->values, "source"),
        .reviewed = schema_text(law->values, "reviewed"),
        .replaced_by = schema_text(law->values, "replaced_by"),
        .note = schema_text(law->values, "note"),
        .from = law->from,
        .until = law->until,
        .confidence = law->confidence,
        .file = law->file,
        .line = law->line,
    };
}

const char *laws_citation(const Laws *laws, guint index, const char *language)
{
    return law_words(laws->all->pdata[index], "citation", language);
}

const char *laws_sentence(const Laws *laws, guint index, const char *language)
{
    return law_words(laws->all->pdata[index], "says", language);
}

void law_warning_free(LawWarning *warning)
{
    if (!warning)
        return;
    g_free(warning->file);
    g_free(warning->message);
    g_free(warning);
}

static void warn(GPtrArray *warnings, const Law *law, const SchemaItem *item,
                 char *message)
{
    LawWarning *warning = g_new0(LawWarning, 1);
    warning->file = g_strdup(law->file);
    warning->line = item && item->file ? item->line : law->line;
    warning->message = message;
    g_ptr_array_add(warnings, warning);
}

static void check_one(const Law *law, Instant now, GPtrArray *warnings)
{
    const SchemaItem *reviewed = schema_item(law->values, "reviewed", 0);
    bool is_gone = law->until != INSTANT_NONE && law->until < now;
    if (!is_gone && law->reviewed != INSTANT_NONE &&
        review_has_run_out(law, now))
        warn(warnings, law, reviewed,
             g_strdup_printf("%s: the review has run out (%d months)", law->id,
                             LAW_REVIEW_MONTHS));
    if (is_gone && schema_count(law->values, "names") == 0)
        warn(warnings, law, schema_item(law->values, "until", 0),
             g_strdup_printf("%s is no longer in force and has no \"names\": "
                             "lint cannot find it in texts",
                             law->id));
    if (!is_gone && law->confidence == CONFIDENCE_HIGH &&
        schema_count(law->values, "source") == 0)
        warn(warnings, law, NULL,
             g_strdup_printf("%s can be cited but names no source", law->id));
}

GPtrArray *laws_check(const Laws *laws, Instant now)
{
    GPtrArray *warnings =
        g_ptr_array_new_with_free_func((GDestroyNotify)law_warning_free);
    for (guint i = 0; i < laws->all->len; i++)
        check_one(laws->all->pdata[i], now, warnings);
    return warnings;
}
