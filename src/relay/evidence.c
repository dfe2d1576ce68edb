#include "relay/evidence.h"

#include "relay/month_map.h"

#include "base/digest.h"

#include <string.h>

#define MAPS_MAX 2 /* a moment and the month before it */

struct Evidence {
    GMutex lock;
    char *directory;
    MonthMap *maps[MAPS_MAX]; /* the one used last first */
};

Evidence *evidence_new(const char *directory)
{
    Evidence *evidence = g_new0(Evidence, 1);
    g_mutex_init(&evidence->lock);
    evidence->directory = g_strdup(directory);
    return evidence;
}

void evidence_free(Evidence *evidence)
{
    if (!evidence)
        return;
    for (int i = 0; i < MAPS_MAX; i++)
        month_map_free(evidence->maps[i]);
    g_mutex_clear(&evidence->lock);
    g_free(evidence->directory);
    g_free(evidence);
}

/* Of a month, or NULL; borrowed until two others were asked for. */
static const MonthMap *map_of(Evidence *evidence, uint32_t month)
{
    for (int i = 0; i < MAPS_MAX; i++) {
        MonthMap *map = evidence->maps[i];
        if (!map || map->month != month)
            continue;
        memmove(evidence->maps + 1, evidence->maps, (size_t)i * sizeof map);
        return evidence->maps[0] = map;
    }
    MonthMap *map = month_map_open(evidence->directory, month, NULL);
    if (!map)
        return NULL;
    month_map_free(evidence->maps[MAPS_MAX - 1]);
    memmove(evidence->maps + 1, evidence->maps, (MAPS_MAX - 1) * sizeof map);
    return evidence->maps[0] = map;
}

/* What is being looked for, and who is told. */
typedef struct {
    const History *history;
    EvidenceFound *found;
    gpointer data;
} Search;

static void tell(const Search *s, const MonthMap *map, const Document *document)
{
    const char *name = document ? month_map_text(map, document->name) : NULL;
    if (!name)
        return;
    g_autofree char *sha256 =
        hex_new(document->sha256, sizeof document->sha256);
    RelayDocument out = {
        .type = document_type_word(document->type),
        .when = document->when ? document->when : INSTANT_NONE,
        .sha256 = sha256,
        .name = (char *)name,
    };
    s->found(&out, s->data);
}

/* The first document of that type and time. */
static const Document *find_document(const MonthMap *map, DocumentType type,
                                     uint32_t when)
{
    const Section *section = &map->sections[STATE_DOCUMENTS];
    const Document *all = section->items;
    size_t low = 0, high = section->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all[middle].type < type ||
            (all[middle].type == type && all[middle].when < when))
            low = middle + 1;
        else
            high = middle;
    }
    return low < section->count && all[low].type == type &&
                   all[low].when == when
               ? &all[low]
               : NULL;
}

static void tell_hour(const Search *s, const Hour *hour, uint32_t bits)
{
    const MonthMap *map =
        map_of(s->history->evidence, month_of(hour->valid_after));
    if (!map)
        return;
    if (bits & HOUR_NS)
        tell(s, map, find_document(map, DOCUMENT_CONSENSUS, hour->valid_after));
    if (bits & HOUR_MICRO)
        tell(s, map,
             find_document(map, DOCUMENT_CONSENSUS_MICRO, hour->valid_after));
}

/* ---- descriptors ------------------------------------------------------------ */

/* The relay's number in the month, or NO_INDEX. */
static uint32_t relay_in(const Search *s, const MonthMap *map, uint32_t relay)
{
    return month_map_find(map, STATE_RELAYS,
                          s->history->relays[relay].fingerprint);
}

/* First of the relay's runs. */
static size_t first_run(const Section *runs, uint32_t relay)
{
    const Run *all = runs->items;
    size_t low = 0, high = runs->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all[middle].relay < relay)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The descriptors that consensuses up to at named for the relay, with the last
 * such consensus: of two flavours one may be missing for the hour asked about.
 * False: the month knows of none. */
static bool tell_descriptors(const Search *s, uint32_t month, uint32_t relay,
                             FactKind kind, Instant at)
{
    bool found = false;
    const MonthMap *map = map_of(s->history->evidence, month);
    uint32_t number = map ? relay_in(s, map, relay) : NO_INDEX;
    if (number == NO_INDEX)
        return false;
    const Section *runs = &map->sections[STATE_RUNS + kind];
    const Run *all = runs->items;
    uint32_t flavour = kind == FACT_MICRO ? HOUR_MICRO : HOUR_NS;
    for (size_t i = first_run(runs, number);
         i < runs->count && all[i].relay == number; i++) {
        if (all[i].from > at || all[i].to + (Instant)RUN_GAP_S <= at)
            continue;
        const DescriptorFacts *facts =
            month_map_descriptor(map, kind == FACT_MICRO, all[i].value);
        const Document *document =
            facts ? month_map_document(map, facts->document) : NULL;
        if (!document)
            continue;
        tell(s, map, document);
        found = true;
        const Hour *hour =
            map_hour_at(s->history, MIN(at, (Instant)all[i].to), flavour);
        if (hour)
            tell_hour(s, hour, flavour);
    }
    return found;
}

static void tell_proofs(const Search *s, const Sight *sight, Instant t)
{
    Instant at = MIN(t, (Instant)sight->period.to);
    uint32_t month = month_of((uint32_t)at);
    uint32_t before = month_of((uint32_t)(at - RUN_GAP_S));
    for (int kind = FACT_ROUTER; kind <= FACT_MICRO; kind++)
        if (!tell_descriptors(s, month, sight->relay, (FactKind)kind, at) &&
            before != month)
            tell_descriptors(s, before, sight->relay, (FactKind)kind, at);
}

/* ---- exit lists ------------------------------------------------------------- */

/* The lists of one month that state the ends of the scan. */
static void tell_lists(const Search *s, const MonthMap *map,
                       const IpAddress *ip, const Scan *scan, bool ends[2])
{
    uint32_t relay = relay_in(s, map, scan->relay);
    uint32_t address = month_map_find(map, STATE_ADDRESSES, ip->bytes);
    const Section *section = &map->sections[STATE_SCANS];
    const ScanFacts *all = section->items;
    size_t low = 0, high = section->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all[middle].relay < relay)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < section->count && all[low].relay == relay; low++) {
        if (all[low].address != address)
            continue;
        if (!ends[0] && all[low].first == scan->first) {
            tell(s, map, month_map_document(map, all[low].first_document));
            ends[0] = true;
        }
        if (!ends[1] && all[low].last == scan->last) {
            tell(s, map, month_map_document(map, all[low].last_document));
            ends[1] = true;
        }
    }
}

/* A list may be of the month after the scan's. */
static void tell_scan(const Search *s, const IpAddress *ip, const Scan *scan)
{
    uint32_t last = month_of(scan->last) + 1;
    bool ends[2] = {false, false};
    for (uint32_t m = month_of(scan->first); m <= last && !(ends[0] && ends[1]);
         m++) {
        const MonthMap *map = map_of(s->history->evidence, m);
        if (map)
            tell_lists(s, map, ip, scan, ends);
    }
}

/* ---- both -------------------------------------------------------------------- */

void evidence_of_hour(const History *history, const Hour *hour, uint32_t bits,
                      EvidenceFound *found, gpointer data)
{
    Search search = {history, found, data};
    if (!history->evidence)
        return;
    g_mutex_lock(&history->evidence->lock);
    tell_hour(&search, hour, bits);
    g_mutex_unlock(&history->evidence->lock);
}

void evidence_of_sight(const History *history, const IpAddress *ip,
                       const Sight *sight, Instant t, EvidenceFound *found,
                       gpointer data)
{
    Search search = {history, found, data};
    if (!history->evidence)
        return;
    g_mutex_lock(&history->evidence->lock);
    if (sight->has_period)
        tell_proofs(&search, sight, t);
    if (sight->scan)
        tell_scan(&search, ip, sight->scan);
    g_mutex_unlock(&history->evidence->lock);
}
