/*
 * From what single servers said to what can be answered.
 *
 * For each full hour, of each server its last statement of the two hours
 * before is heard (EARLY_USABLE_S). n servers there were, k were heard, and x
 * of them list the relay as running and valid at that address.
 *
 * Version 2: a client called a relay up if more than half of the statuses it
 * had said so, once it had those of more than half of the authorities. Which
 * of them it had is not known, nor what those said that nobody archived, so:
 *
 *   the hour is known if     2k > n
 *   the relay was there if   2x > n
 *   it was not there if      2(x + n - k) <= n     (if all unheard said yes)
 *
 * and between the two nothing is said: such a relay is kept as "not sure".
 *
 * Version 1: a client asked one server and believed it. So a relay was there
 * if all that were heard say so (x = k), and that it was *not* there is never
 * said: any of the others may have listed it.
 *
 * A relay's policy is that of the descriptor that more than half of those who
 * list it name; if none has that many (it had just published a new one), the
 * one policy that all named descriptors share; else it is not known.
 *
 * Rejected: filling these hours into the history as if they were consensuses.
 * They are signed by one server each, and an answer must say so.
 */
#include "relay/early_file.h"

#include "relay/history_file.h"
#include "relay/intern.h"

#include <stdlib.h>
#include <string.h>

#define HOUR_S      3600
#define SERVERS_MAX 16
#define STATE_AHEAD 1024 /* arrays by number grow by so many */

/* Where the walk through one server's statements is. */
typedef struct {
    const ServerView *view;
    size_t hour, run;  /* the next ones */
    GArray *active;    /* u32: runs that may hold */
    uint32_t spoke_at; /* the statement that is heard; 0: none */
} Speaker;

/* What the servers say of one relay at one address. */
typedef struct {
    const EarlyListing *by[SERVERS_MAX];
    guint count;
    const Speaker *last; /* who spoke: each counts once */
} Tally;

typedef struct {
    const Authorities *authorities;
    guint protocol;
    EarlyPolicyOf policy_of;
    gpointer data;
    Speaker speakers[SERVERS_MAX];
    guint count;
    Intern *places;  /* fingerprint and address: 24 bytes */
    GArray *tallies; /* of Tally, by place */
    GArray *touched; /* u32: places of this hour */
    Intern *texts;
    GArray *hours; /* of FoundHour */
    GArray *runs;  /* of FoundRun, policy: number of a text */
    GArray *open;  /* u32, by place: 1 + its last run, or 0 */
} Builder;

static int compare_u32(gconstpointer a, gconstpointer b)
{
    uint32_t ua = *(const uint32_t *)a, ub = *(const uint32_t *)b;
    return (ua > ub) - (ua < ub);
}

/* Every full hour for which anybody may be heard, once, ascending. */
static GArray *hours_to_look_at(const Builder *b)
{
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < b->count; i++) {
        const ServerView *view = b->speakers[i].view;
        for (size_t h = 0; h < view->hour_count; h++) {
            uint32_t at = (view->hours[h] + HOUR_S - 1) / HOUR_S * HOUR_S;
            for (; at - view->hours[h] < EARLY_USABLE_S; at += HOUR_S)
                g_array_append_val(all, at);
        }
    }
    g_array_sort(all, compare_u32);
    GArray *once = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < all->len; i++)
        if (i == 0 || g_array_index(all, uint32_t, i) !=
                          g_array_index(all, uint32_t, i - 1))
            g_array_append_vals(once, &g_array_index(all, uint32_t, i), 1);
    return once;
}

/* Go to the last statement at or before t; false if it is too old. */
static bool advance(Speaker *s, uint32_t t)
{
    const ServerView *v = s->view;
    while (s->hour < v->hour_count && v->hours[s->hour] <= t)
        s->spoke_at = v->hours[s->hour++];
    for (; s->run < v->run_count && v->runs[s->run].from <= s->spoke_at;
         s->run++) {
        uint32_t number = (uint32_t)s->run;
        g_array_append_val(s->active, number);
    }
    guint kept = 0;
    for (guint i = 0; i < s->active->len; i++) {
        uint32_t number = g_array_index(s->active, uint32_t, i);
        if (v->runs[number].to >= s->spoke_at)
            g_array_index(s->active, uint32_t, kept++) = number;
    }
    g_array_set_size(s->active, kept);
    return s->spoke_at != 0 && t - s->spoke_at < EARLY_USABLE_S;
}

static void hear(Builder *b, const Speaker *s)
{
    for (guint i = 0; i < s->active->len; i++) {
        const ServerRun *run =
            &s->view->runs[g_array_index(s->active, uint32_t, i)];
        const EarlyListing *listing = &s->view->listings[run->listing];
        uint8_t key[24];
        memcpy(key, listing->fingerprint, 20);
        memcpy(key + 20, listing->address, 4);
        uint32_t place = intern_put(b->places, key, 0);
        if (place >= b->tallies->len) {
            g_array_set_size(b->tallies, place + STATE_AHEAD);
            g_array_set_size(b->open, place + STATE_AHEAD);
        }
        Tally *tally = &g_array_index(b->tallies, Tally, place);
        if (tally->count > 0 && tally->last == s)
            continue;
        if (tally->count == 0)
            g_array_append_val(b->touched, place);
        tally->last = s;
        tally->by[tally->count++] = listing;
    }
}

/* The descriptor that more than half of them name, or NULL. */
static const uint8_t *agreed_digest(const Tally *tally)
{
    for (guint i = 0; i < tally->count; i++) {
        guint same = 0;
        for (guint k = 0; k < tally->count; k++)
            same += memcmp(tally->by[i]->digest, tally->by[k]->digest, 20) == 0;
        if (2 * same > tally->count)
            return tally->by[i]->digest;
    }
    return NULL;
}

static uint32_t policy_number(Builder *b, const Tally *tally)
{
    const uint8_t *digest = agreed_digest(tally);
    const char *policy =
        b->policy_of(digest ? digest : tally->by[0]->digest, b->data);
    for (guint i = 0; policy && !digest && i < tally->count; i++) {
        const char *other = b->policy_of(tally->by[i]->digest, b->data);
        if (!other || !g_str_equal(other, policy))
            policy = NULL;
    }
    return policy ? intern_put(b->texts, policy, strlen(policy)) : EARLY_NONE;
}

/* Flags that more than half of them give, and any warning. */
static uint32_t agreed_flags(const Tally *tally)
{
    guint exits = 0;
    uint32_t flags = 0;
    for (guint i = 0; i < tally->count; i++) {
        exits += (tally->by[i]->flags & EARLY_EXIT) != 0;
        flags |= tally->by[i]->flags & EARLY_BAD_EXIT;
    }
    return flags | (2 * exits > tally->count ? EARLY_EXIT : 0);
}

typedef enum { THERE, NOT_THERE, NOT_SURE } Presence;

static Presence presence(guint protocol, const FoundHour *hour, guint listing)
{
    guint unheard = (guint)hour->servers - hour->heard;
    if (protocol == 1)
        return listing == hour->heard ? THERE : NOT_SURE;
    if (2 * listing > hour->servers)
        return THERE;
    return 2 * (listing + unheard) <= hour->servers ? NOT_THERE : NOT_SURE;
}

/* Continue the place's last run if nothing changed since the hour before. */
static void add_run(Builder *b, uint32_t place, const FoundRun *fresh,
                    uint32_t before)
{
    uint32_t *open = &g_array_index(b->open, uint32_t, place);
    FoundRun *last =
        *open ? &g_array_index(b->runs, FoundRun, *open - 1) : NULL;
    if (last && last->to == before && last->policy == fresh->policy &&
        last->flags == fresh->flags && last->is_sure == fresh->is_sure &&
        fresh->from - before <= RUN_GAP_S) {
        last->to = fresh->to;
        return;
    }
    g_array_append_vals(b->runs, fresh, 1);
    *open = b->runs->len;
}

static void conclude_place(Builder *b, const FoundHour *hour, uint32_t place,
                           uint32_t before)
{
    const Tally *tally = &g_array_index(b->tallies, Tally, place);
    Presence there = presence(b->protocol, hour, tally->count);
    if (there == NOT_THERE)
        return;
    const EarlyListing *one = tally->by[0];
    FoundRun run = {
        .address = (uint32_t)one->address[0] << 24 |
                   (uint32_t)one->address[1] << 16 |
                   (uint32_t)one->address[2] << 8 | one->address[3],
        .from = hour->from,
        .to = hour->from,
        .flags = agreed_flags(tally),
        .policy = policy_number(b, tally),
        .is_sure = there == THERE,
    };
    memcpy(run.fingerprint, one->fingerprint, 20);
    memcpy(run.nickname, one->nickname, sizeof run.nickname - 1);
    add_run(b, place, &run, before);
}

static void look_at_hour(Builder *b, uint32_t t)
{
    uint32_t before =
        b->hours->len
            ? g_array_index(b->hours, FoundHour, b->hours->len - 1).from
            : 0;
    FoundHour hour = {
        .from = t,
        .servers =
            (uint16_t)authorities_count_early(b->authorities, b->protocol, t),
    };
    bool can_hear[SERVERS_MAX];
    for (guint i = 0; i < b->count; i++) {
        can_hear[i] = advance(&b->speakers[i], t);
        hour.heard += can_hear[i];
    }
    hour.servers = MAX(hour.servers, hour.heard);
    if (hour.heard == 0 || (b->protocol == 2 && 2 * hour.heard <= hour.servers))
        return;
    for (guint i = 0; i < b->count; i++)
        if (can_hear[i])
            hear(b, &b->speakers[i]);
    for (guint i = 0; i < b->touched->len; i++) {
        uint32_t place = g_array_index(b->touched, uint32_t, i);
        conclude_place(b, &hour, place, before);
        g_array_index(b->tallies, Tally, place).count = 0;
    }
    g_array_set_size(b->touched, 0);
    g_array_append_val(b->hours, hour);
}

/* ---- packing ----------------------------------------------------------- */

static int compare_runs(gconstpointer a, gconstpointer b)
{
    const FoundRun *ra = a, *rb = b;
    if (ra->address != rb->address)
        return ra->address < rb->address ? -1 : 1;
    if (ra->from != rb->from)
        return ra->from < rb->from ? -1 : 1;
    return memcmp(ra->fingerprint, rb->fingerprint, sizeof ra->fingerprint);
}

static int compare_documents(gconstpointer a, gconstpointer b)
{
    const EarlyDocument *da = a, *db = b;
    if (da->when != db->when)
        return da->when < db->when ? -1 : 1;
    return memcmp(da->sha256, db->sha256, sizeof da->sha256);
}

/* Policies go behind the documents' names. */
static void place_policies(Builder *b, GString *text)
{
    uint32_t count = intern_count(b->texts);
    g_autofree uint32_t *places = g_new(uint32_t, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        places[i] = (uint32_t)text->len;
        g_string_append_len(text, intern_at(b->texts, i),
                            (gssize)intern_length(b->texts, i) + 1);
    }
    for (guint i = 0; i < b->runs->len; i++) {
        FoundRun *run = &g_array_index(b->runs, FoundRun, i);
        if (run->policy != EARLY_NONE)
            run->policy = places[run->policy];
    }
}

static GBytes *pack(Builder *b, const GArray *documents, const GString *names)
{
    g_autoptr(GString) text = g_string_new_len(names->str, (gssize)names->len);
    g_autoptr(GArray) sorted = g_array_new(FALSE, FALSE, sizeof(EarlyDocument));
    g_array_append_vals(sorted, documents->data, documents->len);
    g_array_sort(sorted, compare_documents);
    place_policies(b, text);
    g_array_sort(b->runs, compare_runs);
    Section sections[FOUND_SECTIONS] = {
        [FOUND_HOURS] = {b->hours->data, b->hours->len},
        [FOUND_RUNS] = {b->runs->data, b->runs->len},
        [FOUND_DOCUMENTS] = {sorted->data, sorted->len},
        [FOUND_TEXT] = {text->str, text->len},
    };
    return sections_pack(&FOUND_LAYOUT, sections);
}

static void builder_init(Builder *b, const ServerView *servers, guint count)
{
    b->count = MIN(count, SERVERS_MAX);
    for (guint i = 0; i < b->count; i++) {
        b->speakers[i].view = &servers[i];
        b->speakers[i].active = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    }
    b->places = intern_new(24);
    b->texts = intern_new(0);
    b->tallies = g_array_new(FALSE, TRUE, sizeof(Tally));
    b->touched = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    b->hours = g_array_new(FALSE, FALSE, sizeof(FoundHour));
    b->runs = g_array_new(FALSE, FALSE, sizeof(FoundRun));
    b->open = g_array_new(FALSE, TRUE, sizeof(uint32_t));
}

static void builder_clear(Builder *b)
{
    for (guint i = 0; i < b->count; i++)
        g_array_unref(b->speakers[i].active);
    intern_free(b->places);
    intern_free(b->texts);
    GArray *arrays[] = {b->tallies, b->touched, b->hours, b->runs, b->open};
    for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++)
        g_array_unref(arrays[i]);
}

GBytes *early_build(const Authorities *authorities, guint protocol,
                    const ServerView *servers, guint count,
                    EarlyPolicyOf policy_of, gpointer data,
                    const GArray *documents, const GString *text)
{
    Builder b = {
        .authorities = authorities,
        .protocol = protocol,
        .policy_of = policy_of,
        .data = data,
    };
    builder_init(&b, servers, count);
    g_autoptr(GArray) hours = hours_to_look_at(&b);
    for (guint i = 0; i < hours->len; i++)
        look_at_hour(&b, g_array_index(hours, uint32_t, i));
    GBytes *bytes = pack(&b, documents, text);
    builder_clear(&b);
    return bytes;
}
