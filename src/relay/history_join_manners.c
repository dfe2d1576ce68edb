/*
 * The texts and manners of joined histories: only those that a period which
 * is kept refers to, since a policy that became better known leaves its old
 * words behind. Numbers follow the order of the texts, so each source's stay
 * in order when they are renumbered, and merging is one pass.
 */
#include "relay/history_joining.h"

#include "relay/layer.h"

#include <string.h>

/* Which manners of the source periods within its windows have. */
static bool *used_manners(const JoinSource *s)
{
    const History *h = s->history;
    bool *used = g_new0(bool, h->manner_count + 1);
    for (size_t i = 0; i < h->period_count; i++) {
        HourRun run = unpacked_run(h->periods[i]);
        if (run.value < h->manner_count && !used[run.value])
            used[run.value] = join_keeps(s, fact_hour_bits(FACT_STATUS), &run);
    }
    return used;
}

static uint32_t nickname_of(const Manner *manner)
{
    return manner->status >> STATUS_SHIFT;
}

static bool *used_texts(const History *h, const bool *manners)
{
    bool *used = g_new0(bool, h->text_count + 1);
    for (size_t i = 0; i < h->manner_count; i++) {
        const Manner *manner = &h->manners[i];
        if (!manners[i])
            continue;
        if (nickname_of(manner) < h->text_count)
            used[nickname_of(manner)] = true;
        if (manner->policy < h->text_count)
            used[manner->policy] = true;
    }
    return used;
}

/* The next used number from s->at on; false if there is none. */
static bool skip_unused(JoinSource *s, const bool *used, size_t count)
{
    while (s->at < count && !used[s->at])
        s->at++;
    return s->at < count;
}

static const char *next_text(Join *join, bool *const *used)
{
    const char *least = NULL;
    for (guint i = 0; i < join->sources->len; i++) {
        JoinSource *s = join_source(join, i);
        if (!skip_unused(s, used[i], s->history->text_count))
            continue;
        const char *one = map_text(s->history, (uint32_t)s->at);
        if (!one)
            s->at = s->history->text_count; /* a damaged file */
        else if (!least || strcmp(one, least) < 0)
            least = one;
    }
    return least;
}

static void merge_texts(Join *join, bool *const *used)
{
    for (const char *next; (next = next_text(join, used));) {
        uint32_t number = history_rows_add_text(join->rows, next, strlen(next));
        for (guint i = 0; i < join->sources->len; i++) {
            JoinSource *s = join_source(join, i);
            if (s->at >= s->history->text_count)
                continue;
            const char *one = map_text(s->history, (uint32_t)s->at);
            if (one == next || strcmp(one, next) == 0)
                s->texts[s->at++] = number;
        }
    }
}

/* A manner of the source in new numbers. */
static Manner renumbered(const JoinSource *s, size_t index)
{
    const History *h = s->history;
    Manner manner = h->manners[index];
    uint32_t flags = manner.status & ((1u << STATUS_SHIFT) - 1);
    uint32_t nickname = nickname_of(&manner);
    nickname = nickname < h->text_count ? s->texts[nickname] : 0;
    manner.status = nickname << STATUS_SHIFT | flags;
    manner.policy =
        manner.policy < h->text_count ? s->texts[manner.policy] : NO_INDEX;
    return manner;
}

static int compare(const Manner *a, const Manner *b)
{
    if (a->status != b->status)
        return a->status < b->status ? -1 : 1;
    return (a->policy > b->policy) - (a->policy < b->policy);
}

static bool next_manner(Join *join, bool *const *used, Manner *least)
{
    bool found = false;
    for (guint i = 0; i < join->sources->len; i++) {
        JoinSource *s = join_source(join, i);
        if (!skip_unused(s, used[i], s->history->manner_count))
            continue;
        Manner one = renumbered(s, s->at);
        if (!found || compare(&one, least) < 0)
            *least = one;
        found = true;
    }
    return found;
}

static void merge_manners(Join *join, bool *const *used)
{
    for (Manner next; next_manner(join, used, &next);) {
        uint32_t number = join->rows->manners->len;
        g_array_append_val(join->rows->manners, next);
        for (guint i = 0; i < join->sources->len; i++) {
            JoinSource *s = join_source(join, i);
            if (s->at >= s->history->manner_count)
                continue;
            Manner one = renumbered(s, s->at);
            if (compare(&one, &next) == 0)
                s->manners[s->at++] = number;
        }
    }
}

void join_manners(Join *join)
{
    guint count = join->sources->len;
    g_autofree bool **manners = g_new0(bool *, count + 1);
    g_autofree bool **texts = g_new0(bool *, count + 1);
    for (guint i = 0; i < count; i++) {
        JoinSource *s = join_source(join, i);
        s->at = 0;
        manners[i] = used_manners(s);
        texts[i] = used_texts(s->history, manners[i]);
    }
    merge_texts(join, texts);
    for (guint i = 0; i < count; i++)
        join_source(join, i)->at = 0;
    merge_manners(join, manners);
    for (guint i = 0; i < count; i++) {
        g_free(manners[i]);
        g_free(texts[i]);
    }
}
