/*
 * Answers from the lists that single servers signed (early_build.c).
 *
 * The rules are those of the history: what was listed less than an hour ago
 * is certain, up to 3 hours possible, up to a day conceivable (sight.h); a yes
 * wants a policy that is known and allows the port; a no wants a known hour
 * and nobody of whom it is doubtful. All that can change does so at full
 * hours, so a stretch is judged at its beginning and at each full hour in it.
 *
 * Version 1 states only a yes, and says on whose word.
 */
#include "relay/early_lookup.h"

#include "relay/early_file.h"
#include "relay/history_query.h"
#include "relay/portpolicy.h"
#include "relay/sight.h"

#include "base/digest.h"

#include <string.h>
#include <sys/stat.h>

#define HOURS_MAX     100 /* of a stretch; longer ones are not judged */
#define DOCUMENTS_MAX 64

struct EarlyMap {
    guint protocol;
    GMappedFile *file;
    guint64 device, inode;
    const FoundHour *hours;
    const FoundRun *runs;
    const EarlyDocument *documents;
    const char *text;
    size_t hour_count, run_count, document_count, text_bytes;
};

static char *path_of(const char *directory, guint protocol)
{
    return g_strdup_printf("%s/%s/v%u", directory, EARLY_NAME, protocol);
}

EarlyMap *early_map_open(const char *directory, guint protocol)
{
    g_autofree char *path = path_of(directory, protocol);
    struct stat about;
    Section s[FOUND_SECTIONS];
    g_autoptr(EarlyMap) map = g_new0(EarlyMap, 1);
    map->protocol = protocol;
    if (stat(path, &about) < 0 ||
        !(map->file = g_mapped_file_new(path, FALSE, NULL)) ||
        !sections_open(&FOUND_LAYOUT, g_mapped_file_get_contents(map->file),
                       g_mapped_file_get_length(map->file), path, s, NULL))
        return NULL;
    map->device = about.st_dev;
    map->inode = about.st_ino;
    map->hours = s[FOUND_HOURS].items;
    map->runs = s[FOUND_RUNS].items;
    map->documents = s[FOUND_DOCUMENTS].items;
    map->text = s[FOUND_TEXT].items;
    map->hour_count = s[FOUND_HOURS].count;
    map->run_count = s[FOUND_RUNS].count;
    map->document_count = s[FOUND_DOCUMENTS].count;
    map->text_bytes = s[FOUND_TEXT].count;
    if (map->text_bytes == 0 || map->text[map->text_bytes - 1] != 0)
        return NULL;
    return g_steal_pointer(&map);
}

void early_map_free(EarlyMap *map)
{
    if (!map)
        return;
    g_clear_pointer(&map->file, g_mapped_file_unref);
    g_free(map);
}

bool early_map_is_stale(const EarlyMap *map, const char *directory,
                        guint protocol)
{
    g_autofree char *path = path_of(directory, protocol);
    struct stat about;
    if (stat(path, &about) < 0)
        return map != NULL;
    return !map || about.st_dev != map->device || about.st_ino != map->inode;
}

uint64_t early_map_hours(const EarlyMap *map, Interval *span)
{
    *span = (Interval){INSTANT_NONE, INSTANT_NONE};
    if (!map || map->hour_count == 0)
        return 0;
    *span =
        (Interval){map->hours[0].from, map->hours[map->hour_count - 1].from};
    return map->hour_count;
}

static const char *text_at(const EarlyMap *map, uint32_t offset)
{
    return offset < map->text_bytes ? map->text + offset : NULL;
}

/* The last known hour at or before t, no more than a day ago; or NULL. */
static const FoundHour *hour_at(const EarlyMap *map, Instant t)
{
    size_t low = 0, high = map->hour_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((Instant)map->hours[middle].from <= t)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || t - map->hours[low - 1].from >= INSTANT_DAY_S)
        return NULL;
    return &map->hours[low - 1];
}

/* First run of an address at or above. */
static size_t first_run(const EarlyMap *map, uint32_t address)
{
    size_t low = 0, high = map->run_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (map->runs[middle].address < address)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- one moment -------------------------------------------------------- */

typedef struct {
    const EarlyMap *map;
    uint32_t address;
    int port;
    bool is_tcp;
    GPtrArray *relays; /* of RelaySighting: all that were seen */
} Question;

/* What a moment shows. */
typedef struct {
    bool has_exit, has_doubt, has_closed, has_relay, is_known;
    bool is_unsure; /* a doubt because the servers disagree */
} Glance;

static void keep_sighting(const Question *q, const FoundRun *run,
                          Certainty certainty, PolicyReading *reading)
{
    for (guint i = 0; i < q->relays->len; i++) {
        RelaySighting *known = g_ptr_array_index(q->relays, i);
        if (memcmp(known->fingerprint, run->fingerprint, 20) != 0)
            continue;
        known->certainty = MAX(known->certainty, certainty);
        if (known->policy != reading->answer)
            known->policy = POLICY_UNKNOWN;
        return;
    }
    RelaySighting *out = g_new0(RelaySighting, 1);
    memcpy(out->fingerprint, run->fingerprint, 20);
    g_strlcpy(out->nickname, run->nickname, sizeof out->nickname);
    out->listed = (Interval){run->from, run->to};
    out->certainty = certainty;
    out->has_exit_flag = run->flags & EARLY_EXIT;
    out->is_bad_exit = run->flags & EARLY_BAD_EXIT;
    out->allows_anything = reading->allows_anything;
    out->scanned = INSTANT_NONE;
    out->policy = reading->answer;
    out->policy_text = g_steal_pointer(&reading->text);
    g_ptr_array_add(q->relays, out);
}

/* What one run adds. Who is merely conceivable, or not surely there, can only
 * raise a doubt. */
static void weigh(const Question *q, const FoundRun *run, Certainty certainty,
                  const PolicyReading *reading, Glance *glance)
{
    bool allows = reading->answer == POLICY_ACCEPTED ||
                  reading->answer == POLICY_PROBABLY_ACCEPTED;
    bool is_open =
        reading->answer == POLICY_UNKNOWN || allows || reading->is_partial;
    glance->has_relay = true;
    if (!run->is_sure || certainty == CERTAINTY_CONCEIVABLE) {
        glance->is_unsure |= !run->is_sure;
        glance->has_doubt |= is_open;
    } else if (!q->is_tcp) {
        glance->has_closed = true;
    } else if (allows) {
        glance->has_exit = true;
    } else if (is_open) {
        glance->has_doubt = true;
    } else {
        glance->has_closed |= reading->allows_anything;
    }
}

static Glance look_at(const Question *q, Instant t)
{
    const EarlyMap *map = q->map;
    const FoundHour *hour = hour_at(map, t);
    Glance glance = {
        .is_known = hour && t - hour->from < INSTANT_HOUR_S,
    };
    if (!hour)
        return glance;
    for (size_t i = first_run(map, q->address);
         i < map->run_count && map->runs[i].address == q->address; i++) {
        const FoundRun *run = &map->runs[i];
        Certainty certainty;
        if (run->from > hour->from ||
            !certainty_of_age(MIN(run->to, hour->from), t, &certainty))
            continue;
        PolicyReading reading =
            policy_read(text_at(map, run->policy), false, q->port);
        weigh(q, run, certainty, &reading, &glance);
        keep_sighting(q, run, certainty, &reading);
        g_free(reading.text);
    }
    return glance;
}

static Verdict verdict_of(const Question *q, const Glance *g)
{
    if (g->has_exit)
        return VERDICT_EXIT;
    if (g->has_doubt || !g->is_known || q->map->protocol == 1)
        return VERDICT_UNDECIDABLE;
    if (g->has_closed)
        return q->is_tcp ? VERDICT_PORT_CLOSED : VERDICT_NOT_TCP;
    return g->has_relay ? VERDICT_NOT_EXIT : VERDICT_NOT_LISTED;
}

/* ---- in words ---------------------------------------------------------- */

/* The first consensus is of 2007-10-27; the servers went on with their own
 * lists for years, which answer where no consensus of then is stored. */
#define FIRST_CONSENSUS_S INT64_C(1193443200)

static bool had_consensus(Instant t)
{
    return t >= FIRST_CONSENSUS_S;
}

static char *new_word_of_whom(guint protocol, Instant t)
{
    if (protocol == 1)
        return g_strdup("on the word of one directory server, as there was "
                        "nothing else then");
    return g_strdup_printf("as more than half of the directory authorities "
                           "said one by one; %s",
                           had_consensus(t) ? "no consensus of then is stored"
                                            : "there was no consensus then");
}

static char *undecided_why(const Question *q, const Glance *g, const char *ip,
                           const char *when, Instant t)
{
    const char *none = had_consensus(t) ? "is stored" : "exists";
    if (g->is_unsure)
        return g_strdup_printf(
            "no consensus %s of %s UTC, and of the directory authorities "
            "some listed %s then, but not more than half of them",
            none, when, ip);
    if (!g->is_known)
        return g_strdup_printf("no consensus %s of %s UTC, and too few "
                               "directory servers' own lists are stored",
                               none, when);
    g_autofree char *whose = new_word_of_whom(q->map->protocol, t);
    if (g->has_doubt)
        return g_strdup_printf("%s was a Tor relay about %s UTC (%s), but its "
                               "exit policy then is not stored or changed",
                               ip, when, whose);
    return g_strdup_printf("no consensus %s of %s UTC; the directory "
                           "server whose list is stored does not show %s as "
                           "an exit for that, but others may have",
                           none, when, ip);
}

static char *why(const Question *q, Verdict verdict, const Glance *g,
                 const IpAddress *address, Instant t)
{
    g_autofree char *ip = ip_new_text(address);
    g_autofree char *when = clock_new_text(t);
    g_autofree char *whose = new_word_of_whom(q->map->protocol, t);
    switch (verdict) {
    case VERDICT_EXIT:
        if (q->port >= 0)
            return g_strdup_printf("%s was a Tor exit at %s UTC and its policy "
                                   "allowed port %d: %s",
                                   ip, when, q->port, whose);
        return g_strdup_printf("%s was a Tor exit at %s UTC: %s", ip, when,
                               whose);
    case VERDICT_NOT_TCP:
        return g_strdup_printf("%s was a Tor relay at %s UTC, but only TCP "
                               "leaves through Tor: %s",
                               ip, when, whose);
    case VERDICT_PORT_CLOSED:
        return g_strdup_printf("%s was a Tor relay at %s UTC, but its exit "
                               "policy rejected port %d: %s",
                               ip, when, q->port, whose);
    case VERDICT_NOT_EXIT:
        return g_strdup_printf("%s was a Tor relay at %s UTC that lets nothing "
                               "out: %s",
                               ip, when, whose);
    case VERDICT_NOT_LISTED:
        return g_strdup_printf("%s was no Tor relay at %s UTC: not more than "
                               "half of the directory authorities can have "
                               "listed it; %s, and there was no exit list",
                               ip, when,
                               had_consensus(t) ? "no consensus of then is "
                                                  "stored"
                                                : "there was no consensus "
                                                  "then");
    case VERDICT_UNDECIDABLE:
    case VERDICT_NEIGHBOUR:
    case VERDICT_NOT_OURS:
    case VERDICT_COUNT:
        return undecided_why(q, g, ip, when, t);
    }
    g_assert_not_reached();
}

/* The first document that is newer. */
static size_t first_document(const EarlyMap *map, Instant than)
{
    size_t low = 0, high = map->document_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if ((Instant)map->documents[middle].when <= than)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* All that the hour of the beginning, and what follows, was derived from. */
static void add_documents(const EarlyMap *map, Interval when, Lookup *lookup)
{
    Instant from = hour_at(map, when.from)->from;
    size_t low = first_document(map, from - EARLY_USABLE_S);
    for (; low < map->document_count &&
           (Instant)map->documents[low].when <= when.to &&
           lookup->documents->len < DOCUMENTS_MAX;
         low++) {
        const EarlyDocument *document = &map->documents[low];
        const char *name = text_at(map, document->name);
        RelayDocument *out = g_new0(RelayDocument, 1);
        out->type = map->protocol == 1 ? "v1-directory" : "v2-status";
        out->when = document->when;
        out->sha256 = hex_new(document->sha256, sizeof document->sha256);
        out->name = g_strdup(name ? name : "");
        g_ptr_array_add(lookup->documents, out);
    }
}

/* All pieces say the same, or it is undecidable. */
static Verdict judge(const Question *q, Interval when, Glance *first,
                     bool *changes)
{
    *first = look_at(q, when.from);
    Verdict verdict = verdict_of(q, first);
    Instant t = when.from - when.from % INSTANT_HOUR_S + INSTANT_HOUR_S;
    for (; t <= when.to; t += INSTANT_HOUR_S) {
        Glance next = look_at(q, t);
        *changes |= verdict_of(q, &next) != verdict;
    }
    return *changes ? VERDICT_UNDECIDABLE : verdict;
}

/* Some servers' lists of then are stored, but no hour rests on so few. */
static void tell_too_few(const EarlyMap *map, Instant t, Lookup *lookup)
{
    size_t first = first_document(map, t - EARLY_USABLE_S);
    if (first == map->document_count || (Instant)map->documents[first].when > t)
        return;
    const Glance nothing = {.is_known = false};
    const Question q = {.map = map};
    g_autofree char *when = clock_new_text(t);
    g_free(lookup->why);
    lookup->why = undecided_why(&q, &nothing, "", when, t);
}

bool early_map_answer(const EarlyMap *map, const IpAddress *ip, Interval when,
                      int port, bool is_tcp, Lookup *lookup)
{
    if (!map || !ip_is_v4(ip) ||
        when.to - when.from > HOURS_MAX * INSTANT_HOUR_S)
        return false;
    if (!hour_at(map, when.from)) {
        tell_too_few(map, when.from, lookup);
        return false;
    }
    Question q = {
        .map = map,
        .address = (uint32_t)ip->bytes[12] << 24 |
                   (uint32_t)ip->bytes[13] << 16 |
                   (uint32_t)ip->bytes[14] << 8 | ip->bytes[15],
        .port = port,
        .is_tcp = is_tcp,
        .relays = lookup->relays,
    };
    Glance first;
    bool changes = false;
    g_ptr_array_set_size(lookup->relays, 0);
    lookup->verdict = judge(&q, when, &first, &changes);
    lookup->basis = map->protocol == 1 ? BASIS_DIRECTORY : BASIS_STATUSES;
    g_free(lookup->why);
    lookup->why =
        changes ? g_strdup("no consensus is stored of the cited time, and what "
                           "the directory servers said changes within it")
                : why(&q, lookup->verdict, &first, ip, when.from);
    add_documents(map, when, lookup);
    return true;
}
