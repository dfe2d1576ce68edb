/* The nouns of loser.h, and which categories lost. */
#include "report/loser.h"

#include "report/category_scale.h"

#define LOSER_TEXT_MAX 200
#define CATEGORIES_MAX 2 /* more would be noise */

void loser_free(Loser *loser)
{
    if (!loser)
        return;
    g_free(loser->question);
    g_free(loser->answer);
    g_free(loser->why);
    quote_free(loser->quote);
    g_free(loser);
}

Loser *loser_copy(const Loser *loser)
{
    if (!loser)
        return NULL;
    Loser *copy = g_new0(Loser, 1);
    copy->question = g_strdup(loser->question);
    copy->answer = g_strdup(loser->answer);
    copy->why = g_strdup(loser->why);
    copy->quote = quote_copy(loser->quote);
    return copy;
}

void loser_put(const Loser *loser, WireOut *out)
{
    wire_put_u8(out, loser != NULL);
    if (!loser)
        return;
    wire_put_text(out, loser->question);
    wire_put_text(out, loser->answer);
    wire_put_text(out, loser->why);
    quote_put(loser->quote, out);
}

Loser *loser_get(WireIn *in)
{
    if (wire_get_choice(in, 2) == 0)
        return NULL;
    Loser *loser = g_new0(Loser, 1);
    loser->question = wire_get_text(in, LOSER_TEXT_MAX);
    loser->answer = wire_get_text(in, LOSER_TEXT_MAX);
    loser->why = wire_get_text(in, LOSER_TEXT_MAX);
    loser->quote = quote_get(in);
    if (!loser->question || !loser->answer || !loser->why)
        in->broken = true;
    return loser;
}

void losers_put(const GPtrArray *losers, WireOut *out)
{
    wire_put_u32(out, losers->len);
    for (guint i = 0; i < losers->len; i++)
        loser_put(losers->pdata[i], out);
}

void losers_get(GPtrArray *losers, WireIn *in)
{
    uint32_t count = wire_get_count(in, LOSERS_MAX);
    for (uint32_t i = 0; i < count && !in->broken; i++) {
        Loser *loser = loser_get(in);
        if (loser)
            g_ptr_array_add(losers, loser);
        else
            in->broken = true;
    }
}

/* The heaviest category below and beside those already taken; -1 if none. */
static int next_best(const Scale *scale, const bool *taken)
{
    int best = -1;
    for (int i = 0; i < CATEGORY_COUNT; i++)
        if (!taken[i] && scale->weights[i].score > 0 &&
            (best < 0 || scale->weights[i].score > scale->weights[best].score))
            best = i;
    return best;
}

void study_note_lost_categories(Study *study, const Scale *scale, int best)
{
    bool taken[CATEGORY_COUNT] = {false};
    GPtrArray *losers = study->report->losers;
    taken[best] = true;
    for (int n = 0; n < CATEGORIES_MAX && losers->len < LOSERS_MAX; n++) {
        int next = next_best(scale, taken);
        if (next < 0)
            return;
        taken[next] = true;
        const Weight *weight = &scale->weights[next];
        Loser *loser = g_new0(Loser, 1);
        loser->question = g_strdup("category");
        loser->answer = g_strdup(category_word((size_t)next));
        loser->why = g_strdup_printf("weight %d against %d", weight->score,
                                     scale->weights[best].score);
        if (weight->quotes && weight->quotes->len > 0)
            loser->quote = quote_copy(weight->quotes->pdata[0]);
        g_ptr_array_add(losers, loser);
    }
}
