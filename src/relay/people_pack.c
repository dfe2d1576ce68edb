/* DIR/people as bytes and back; see people_file.h. */
#include "relay/people_taking.h"

#include "relay/family.h"

#include "base/errors.h"

#include <string.h>

const SectionLayout PEOPLE_LAYOUT = {
    .magic = "EXDpeop\n",
    .version = 1,
    .count = PEOPLE_SECTIONS,
    .item_bytes =
        {
            [PEOPLE_RELAYS] = sizeof(PeopleRelay),
            [PEOPLE_RUNS] = sizeof(PeopleRun),
            [PEOPLE_PAPERS] = sizeof(PeoplePaper),
            [PEOPLE_SPANS] = sizeof(PeopleSpan),
            [PEOPLE_TEXT] = 1,
        },
};

/* ---- what is kept ------------------------------------------------------- */

static int compare_newest(gconstpointer a, gconstpointer b)
{
    const PeoplePaper *pa = a, *pb = b;
    if (pa->when != pb->when)
        return pa->when > pb->when ? -1 : 1;
    return memcmp(pa->digest, pb->digest, sizeof pa->digest);
}

static int compare_digests(gconstpointer a, gconstpointer b)
{
    return memcmp(((const PeoplePaper *)a)->digest,
                  ((const PeoplePaper *)b)->digest, PEOPLE_DIGEST_BYTES);
}

/* Without what only a cache had and nobody named. */
static GArray *kept_papers(const PeopleTaking *taking)
{
    GArray *kept = g_array_new(FALSE, FALSE, sizeof(PeoplePaper));
    for (guint i = 0; i < taking->papers->len; i++) {
        PeoplePaper paper = g_array_index(taking->papers, PeoplePaper, i);
        if ((paper.flags & PAPER_CACHED) && !(paper.flags & PAPER_NAMED))
            continue;
        paper.flags &= PAPER_MICRO;
        g_array_append_val(kept, paper);
    }
    if (kept->len > PEOPLE_PAPERS_MAX) {
        g_array_sort(kept, compare_newest);
        g_array_set_size(kept, PEOPLE_PAPERS_MAX);
    }
    g_array_sort(kept, compare_digests);
    return kept;
}

static int compare_latest(gconstpointer a, gconstpointer b)
{
    const PeopleSpan *sa = a, *sb = b;
    if (sa->to != sb->to)
        return sa->to > sb->to ? -1 : 1;
    if (sa->relay != sb->relay)
        return sa->relay < sb->relay ? -1 : 1;
    return memcmp(sa->digest, sb->digest, sizeof sa->digest);
}

static int compare_spans(gconstpointer a, gconstpointer b)
{
    const PeopleSpan *sa = a, *sb = b;
    int digest = memcmp(sa->digest, sb->digest, sizeof sa->digest);
    if (sa->relay != sb->relay)
        return sa->relay < sb->relay ? -1 : 1;
    if (digest != 0)
        return digest;
    return sa->from < sb->from ? -1 : sa->from > sb->from;
}

static bool spans_touch(const PeopleSpan *a, const PeopleSpan *b)
{
    return a->relay == b->relay &&
           memcmp(a->digest, b->digest, sizeof a->digest) == 0 &&
           (int64_t)b->from - a->to <= PEOPLE_GAP_S;
}

void people_keep_newest(GArray *spans, guint count)
{
    g_array_sort(spans, compare_latest);
    g_array_set_size(spans, MIN(spans->len, count));
}

static GArray *kept_spans(const PeopleTaking *taking, const uint32_t *moved)
{
    GArray *kept = g_array_copy(taking->spans);
    PeopleSpan *all = (PeopleSpan *)kept->data;
    guint count = 0;
    for (guint i = 0; i < kept->len; i++)
        all[i].relay = moved[all[i].relay];
    g_array_sort(kept, compare_spans);
    for (guint i = 0; i < kept->len; i++) {
        if (count > 0 && spans_touch(&all[count - 1], &all[i]))
            all[count - 1].to = MAX(all[count - 1].to, all[i].to);
        else
            all[count++] = all[i];
    }
    g_array_set_size(kept, count);
    if (count > PEOPLE_SPANS_MAX) {
        people_keep_newest(kept, PEOPLE_SPANS_MAX);
        g_array_sort(kept, compare_spans);
    }
    return kept;
}

static int compare_runs(gconstpointer a, gconstpointer b)
{
    const PeopleRun *ra = a, *rb = b;
    if (ra->kind != rb->kind)
        return ra->kind < rb->kind ? -1 : 1;
    if (ra->from != rb->from)
        return ra->from < rb->from ? -1 : 1;
    return ra->text < rb->text ? -1 : ra->text > rb->text;
}

static int compare_hours(gconstpointer a, gconstpointer b)
{
    const uint32_t *ha = a, *hb = b;
    return *ha > *hb ? -1 : *ha < *hb;
}

/* What ended before this hour is too much. */
static uint32_t first_hour_kept(const PeopleTaking *taking)
{
    g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < taking->taken->len; i++) {
        const GArray *runs = g_array_index(taking->taken, TakenRelay, i).runs;
        for (guint k = 0; runs && k < runs->len; k++)
            g_array_append_val(ends, g_array_index(runs, PeopleRun, k).to);
    }
    if (ends->len <= PEOPLE_RUNS_MAX)
        return 0;
    g_array_sort(ends, compare_hours);
    return g_array_index(ends, uint32_t, PEOPLE_RUNS_MAX);
}

/* The latest first. */
static int compare_ends(gconstpointer a, gconstpointer b)
{
    const PeopleRun *ra = a, *rb = b;
    if (ra->to != rb->to)
        return ra->to > rb->to ? -1 : 1;
    return compare_runs(a, b);
}

/* What is too old goes, and all but the last ways of being listed. */
static void drop_old(const PeopleTaking *taking)
{
    uint32_t first = first_hour_kept(taking);
    for (guint i = 0; i < taking->taken->len; i++) {
        GArray *runs = g_array_index(taking->taken, TakenRelay, i).runs;
        guint kept = 0, listed = 0;
        if (!runs)
            continue;
        g_array_sort(runs, compare_ends);
        for (guint k = 0; k < runs->len; k++) {
            PeopleRun *all = (PeopleRun *)runs->data;
            if (all[k].to < first ||
                (all[k].kind == SAID_ROSTER && listed++ >= PEOPLE_ROSTER_MAX))
                continue;
            all[kept++] = all[k];
        }
        g_array_set_size(runs, kept);
    }
}

/* ---- packing ------------------------------------------------------------ */

static void use_text(bool *used, uint32_t text)
{
    if (text != NO_TEXT)
        used[text] = true;
}

static bool *used_texts(const PeopleTaking *taking, const GArray *papers)
{
    bool *used = g_new0(bool, intern_count(taking->texts) + 1);
    for (guint i = 0; i < papers->len; i++) {
        use_text(used, g_array_index(papers, PeoplePaper, i).contact);
        use_text(used, g_array_index(papers, PeoplePaper, i).family);
    }
    for (guint i = 0; i < taking->taken->len; i++) {
        const GArray *runs = g_array_index(taking->taken, TakenRelay, i).runs;
        for (guint k = 0; runs && k < runs->len; k++)
            use_text(used, g_array_index(runs, PeopleRun, k).text);
    }
    return used;
}

/* Text number → offset in the file. Afterwards the intern is the sorted one,
 * and numbers of before are of no use. */
static uint32_t *text_offsets(PeopleTaking *taking, const GArray *papers)
{
    uint32_t count = intern_count(taking->texts), at = 0;
    g_autofree bool *used = used_texts(taking, papers);
    g_autofree uint32_t *moved = intern_sort(&taking->texts, used);
    g_autofree uint32_t *offsets =
        g_new(uint32_t, intern_count(taking->texts) + 1);
    for (uint32_t i = 0; i < intern_count(taking->texts); i++) {
        offsets[i] = at;
        at += (uint32_t)intern_length(taking->texts, i) + 1;
    }
    uint32_t *out = g_new(uint32_t, count + 1);
    for (uint32_t i = 0; i < count; i++)
        out[i] = moved[i] == UINT32_MAX ? NO_TEXT : offsets[moved[i]];
    return out;
}

static void move_text(uint32_t *text, const uint32_t *offsets)
{
    if (*text != NO_TEXT)
        *text = offsets[*text];
}

/* All runs in the order of the sorted relays. */
static void lay_out_runs(const PeopleTaking *taking, const uint32_t *moved,
                         const uint32_t *offsets, GArray *relays, GArray *runs)
{
    g_autofree uint32_t *order =
        g_new(uint32_t, intern_count(taking->relays) + 1);
    for (uint32_t i = 0; i < taking->taken->len; i++)
        order[moved[i]] = i;
    for (uint32_t i = 0; i < intern_count(taking->relays); i++) {
        const GArray *own =
            g_array_index(taking->taken, TakenRelay, order[i]).runs;
        PeopleRelay relay = {.first_run = runs->len};
        memcpy(relay.fingerprint, intern_at(taking->relays, i),
               sizeof relay.fingerprint);
        g_array_append_val(relays, relay);
        if (!own)
            continue;
        for (guint k = 0; k < own->len; k++)
            move_text(&g_array_index(own, PeopleRun, k).text, offsets);
        g_array_sort((GArray *)own, compare_runs);
        g_array_append_vals(runs, own->data, own->len);
    }
}

GBytes *people_pack(PeopleTaking *taking)
{
    if (taking->taken->len < intern_count(taking->relays))
        g_array_set_size(taking->taken, intern_count(taking->relays));
    g_autoptr(GArray) relays = g_array_new(FALSE, FALSE, sizeof(PeopleRelay));
    g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(PeopleRun));
    drop_old(taking);
    g_autoptr(GArray) papers = kept_papers(taking);
    g_autofree uint32_t *offsets = text_offsets(taking, papers);
    g_autofree uint32_t *moved = intern_sort(&taking->relays, NULL);
    g_autoptr(GArray) spans = kept_spans(taking, moved);
    for (guint i = 0; i < papers->len; i++) {
        move_text(&g_array_index(papers, PeoplePaper, i).contact, offsets);
        move_text(&g_array_index(papers, PeoplePaper, i).family, offsets);
    }
    lay_out_runs(taking, moved, offsets, relays, runs);
    size_t text_bytes;
    const void *text = intern_bytes(taking->texts, &text_bytes);
    Section sections[PEOPLE_SECTIONS] = {
        [PEOPLE_RELAYS] = {relays->data, relays->len},
        [PEOPLE_RUNS] = {runs->data, runs->len},
        [PEOPLE_PAPERS] = {papers->data, papers->len},
        [PEOPLE_SPANS] = {spans->data, spans->len},
        [PEOPLE_TEXT] = {text, text_bytes},
    };
    return sections_pack(&PEOPLE_LAYOUT, sections);
}

/* ---- unpacking ---------------------------------------------------------- */

typedef struct {
    GArray *offsets; /* of uint32_t: where each text begins, ascending */
} Texts;

static bool read_texts(PeopleTaking *taking, const Section *section,
                       Texts *texts)
{
    const char *start = section->items, *end = start + section->count;
    if (section->count > 0 && end[-1] != '\0')
        return false;
    for (const char *at = start; at < end; at += strlen(at) + 1) {
        uint32_t offset = (uint32_t)(at - start);
        if (intern_put(taking->texts, at, strlen(at)) != texts->offsets->len)
            return false; /* one stands there twice */
        g_array_append_val(texts->offsets, offset);
    }
    return true;
}

static int compare_offsets(gconstpointer a, gconstpointer b)
{
    const uint32_t *oa = a, *ob = b;
    return *oa < *ob ? -1 : *oa > *ob;
}

static bool number_text(const Texts *texts, uint32_t *text)
{
    guint number;
    if (*text == NO_TEXT)
        return true;
    if (!g_array_binary_search(texts->offsets, text, compare_offsets, &number))
        return false;
    *text = number;
    return true;
}

static bool read_papers(PeopleTaking *taking, const Section *section,
                        const Texts *texts)
{
    const PeoplePaper *all = section->items;
    for (size_t i = 0; i < section->count; i++) {
        PeoplePaper paper = all[i];
        paper.flags &= PAPER_MICRO;
        if (!number_text(texts, &paper.contact) ||
            !number_text(texts, &paper.family))
            return false;
        people_put_paper(taking, &paper);
    }
    return taking->papers->len == section->count;
}

static bool read_runs(PeopleTaking *taking, const Section *relays,
                      const Section *runs, const Texts *texts)
{
    const PeopleRelay *relay = relays->items;
    const PeopleRun *all = runs->items;
    for (size_t i = 0; i < relays->count; i++) {
        size_t end =
            i + 1 < relays->count ? relay[i + 1].first_run : runs->count;
        if (intern_put(taking->relays, relay[i].fingerprint, 0) != i ||
            relay[i].first_run > end || end > runs->count)
            return false;
        TakenRelay *taken = people_taken_relay(taking, (uint32_t)i);
        if (relay[i].first_run < end)
            taken->runs = g_array_new(FALSE, FALSE, sizeof(PeopleRun));
        for (size_t k = relay[i].first_run; k < end; k++) {
            PeopleRun run = all[k];
            if (run.kind >= SAID_KINDS || run.from > run.to ||
                run.text == NO_TEXT || !number_text(texts, &run.text))
                return false;
            g_array_append_val(taken->runs, run);
        }
    }
    return true;
}

static bool read_spans(PeopleTaking *taking, const Section *section)
{
    const PeopleSpan *all = section->items;
    for (size_t i = 0; i < section->count; i++)
        if (all[i].relay >= intern_count(taking->relays) ||
            all[i].from > all[i].to)
            return false;
    if (section->count > 0)
        g_array_append_vals(taking->spans, all, (guint)section->count);
    return true;
}

PeopleTaking *people_unpack(const void *data, size_t length, const char *path,
                            GError **error)
{
    Section sections[PEOPLE_SECTIONS];
    if (!sections_open(&PEOPLE_LAYOUT, data, length, path, sections, error) ||
        !sections_verify(data, length, path, error))
        return NULL;
    g_autoptr(PeopleTaking) taking = people_taking_new();
    g_autoptr(GArray) offsets = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    Texts texts = {offsets};
    if (read_texts(taking, &sections[PEOPLE_TEXT], &texts) &&
        read_papers(taking, &sections[PEOPLE_PAPERS], &texts) &&
        read_runs(taking, &sections[PEOPLE_RELAYS], &sections[PEOPLE_RUNS],
                  &texts) &&
        read_spans(taking, &sections[PEOPLE_SPANS]))
        return g_steal_pointer(&taking);
    g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                "%s is damaged (numbers do not fit): remove it and import "
                "again; only what was known of contacts and families is lost",
                path);
    return NULL;
}
