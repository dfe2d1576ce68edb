/*
 * Problem: parsing was half the time of an import, though an hour's consensus
 * differs from the one before in a few entries and many bandwidths.
 *
 * Approach: keep the text of the one before and where each entry stands in it.
 * Relays are listed in order, so the next entry is mostly the next one there:
 * one memcmp up to its w line, one behind it. Whatever differs in any other
 * byte is parsed. Parsing an entry depends on its bytes and the flavour alone,
 * so equal bytes are equal listings, whoever signed the one before.
 *
 * An entry is compared with only if parsing its lines changes nothing but its
 * listing: no header line stands among them, and it ends where the next relay
 * begins.
 *
 * Rejected: a table of entries by their hash, which costs more than the
 * comparison; comparing line by line, which gains the r lines that changed
 * (one in fifteen) and costs a look at seven lines for each relay.
 */
#include "relay/consensus.h"

#include <string.h>

struct Remembered {
    Consensus c;
    guint next;         /* entry: where to look */
    const Facts *facts; /* that it was stored in, or NULL; never looked into */
};

struct ConsensusMemory {
    Remembered of[FACTS_STREAMS][2]; /* by flavour */
    Consensus spare;                 /* one that is over, for its room */
};

static void init(Consensus *c)
{
    *c = (Consensus){
        .copy = g_byte_array_new(),
        .listings = g_array_new(FALSE, FALSE, sizeof(Listing)),
        .v6 = g_array_new(FALSE, FALSE, sizeof(IpAddress)),
        .entries = g_array_new(FALSE, FALSE, sizeof(Entry)),
        .numbers = g_array_new(FALSE, TRUE, sizeof(ListingNumbers)),
        .v6_numbers = g_array_new(FALSE, TRUE, sizeof(uint32_t)),
    };
}

void consensus_clear(Consensus *c)
{
    g_byte_array_unref(c->copy);
    g_array_unref(c->listings);
    g_array_unref(c->v6);
    g_array_unref(c->entries);
    g_array_unref(c->numbers);
    g_array_unref(c->v6_numbers);
}

ConsensusMemory *consensus_memory_new(void)
{
    ConsensusMemory *memory = g_new0(ConsensusMemory, 1);
    for (guint i = 0; i < FACTS_STREAMS * 2; i++)
        init(&memory->of[i / 2][i % 2].c);
    init(&memory->spare);
    return memory;
}

void consensus_memory_free(ConsensusMemory *memory)
{
    if (!memory)
        return;
    for (guint i = 0; i < FACTS_STREAMS * 2; i++)
        consensus_clear(&memory->of[i / 2][i % 2].c);
    consensus_clear(&memory->spare);
    g_free(memory);
}

static void take_room(Consensus *c, Consensus *spare)
{
    GArray *all[] = {spare->listings, spare->v6, spare->entries, spare->numbers,
                     spare->v6_numbers};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_array_set_size(all[i], 0);
    g_byte_array_set_size(spare->copy, 0);
    *c = (Consensus){
        .copy = spare->copy,
        .listings = spare->listings,
        .v6 = spare->v6,
        .entries = spare->entries,
        .numbers = spare->numbers,
        .v6_numbers = spare->v6_numbers,
    };
    init(spare);
}

void consensus_begin(Consensus *c, ConsensusMemory *memory, const char *text)
{
    if (memory)
        take_room(c, &memory->spare);
    else
        init(c);
    c->text = text;
}

Remembered *consensus_remembered(ConsensusMemory *memory, const Facts *facts,
                                 bool is_micro)
{
    if (!memory)
        return NULL;
    Remembered *one = &memory->of[facts->stream - facts->streams][is_micro];
    one->next = 0;
    return one;
}

/* ---- where entries stand ------------------------------------------------- */

/* The last entry ends there. */
static void end_entry(Consensus *c, size_t until)
{
    if (c->entries->len == 0)
        return;
    Entry *last = &g_array_index(c->entries, Entry, c->entries->len - 1);
    last->length = c->is_odd ? 0 : (uint32_t)until - last->start;
    if (last->skipped == 0)
        last->head = last->length;
    c->is_odd = false;
}

static bool is_short(const Text *line)
{
    return text_length(line) >= 2 && line->at[1] == ' ';
}

/* May it be a header line that means something? (They all begin so.) */
static bool may_be_of_header(const Text *line)
{
    return text_length(line) > 0 && !is_short(line) && strchr("nvc", *line->at);
}

void consensus_note_line(Consensus *c, const Text *line, size_t from,
                         size_t until)
{
    if (is_short(line) && *line->at == 'r') {
        Entry entry = {.start = (uint32_t)from};
        end_entry(c, from);
        g_array_append_val(c->entries, entry);
    } else if (c->listings->len > 0) {
        /* One line more than the one before had, if it was a repetition. */
        g_array_index(c->listings, Listing, c->listings->len - 1).repeats = 0;
    }
    if (c->entries->len == 0)
        return;
    Entry *last = &g_array_index(c->entries, Entry, c->entries->len - 1);
    last->length = 0; /* it goes on */
    last->lines++;
    if (may_be_of_header(line))
        c->is_odd = true;
    if (!is_short(line) || *line->at != 'w' || last->skipped > 0)
        return;
    last->head = (uint32_t)from - last->start;
    last->skipped = (uint32_t)(until - from);
}

/* ---- comparing ----------------------------------------------------------- */

/* Does the text at that place repeat the entry? Returns what the new one is, of
 * length 0 if not. */
static Entry compare_entry(const Entry *entry, const char *old, Text rest)
{
    Entry fresh = {.head = entry->head, .lines = entry->lines};
    const char *at = rest.at;
    if (entry->length == 0 || text_length(&rest) < entry->length ||
        memcmp(at, old, entry->head) != 0)
        return fresh;
    at += entry->head;
    if (entry->skipped == 0) {
        fresh.length = entry->length;
        return fresh;
    }
    const char *stop = memchr(at, '\n', (size_t)(rest.end - at));
    if (!stop || at[0] != 'w' || at[1] != ' ')
        return fresh;
    size_t done = entry->head + entry->skipped, tail = entry->length - done;
    fresh.skipped = (uint32_t)(stop + 1 - at);
    at = stop + 1;
    if ((size_t)(rest.end - at) >= tail && memcmp(at, old + done, tail) == 0)
        fresh.length = (uint32_t)(entry->head + fresh.skipped + tail);
    return fresh;
}

/* The same place in the new entry. */
static void move_place(Place *place, const Entry *entry, const Entry *fresh)
{
    uint32_t offset = place->at - entry->start;
    if (offset >= entry->head)
        offset += fresh->skipped - entry->skipped;
    place->at = fresh->start + offset;
}

bool consensus_repeat(Consensus *c, Remembered *before, Text *rest,
                      guint *lines)
{
    if (!before || before->next >= before->c.entries->len ||
        before->c.is_micro != c->is_micro ||
        c->listings->len >= CONSENSUS_RELAYS_MAX)
        return false;
    const Entry *entry = &g_array_index(before->c.entries, Entry, before->next);
    const char *old = (const char *)before->c.copy->data + entry->start;
    Entry fresh = compare_entry(entry, old, *rest);
    if (fresh.length == 0)
        return false;
    fresh.start = (uint32_t)(rest->at - c->text);
    Listing listing = g_array_index(before->c.listings, Listing, before->next);
    move_place(&listing.nickname, entry, &fresh);
    move_place(&listing.summary, entry, &fresh);
    if (listing.v6_count > 0)
        g_array_append_vals(
            c->v6, &g_array_index(before->c.v6, IpAddress, listing.v6_first),
            listing.v6_count);
    listing.v6_first = c->v6->len - listing.v6_count;
    listing.repeats = ++before->next;
    end_entry(c, fresh.start);
    g_array_append_val(c->entries, fresh);
    g_array_append_val(c->listings, listing);
    rest->at += fresh.length;
    *lines = fresh.lines;
    return true;
}

void consensus_pass(const Consensus *c, Remembered *before)
{
    const Listing *last =
        &g_array_index(c->listings, Listing, c->listings->len - 1);
    while (before && before->next < before->c.listings->len &&
           memcmp(g_array_index(before->c.listings, Listing, before->next)
                      .fingerprint,
                  last->fingerprint, sizeof last->fingerprint) <= 0)
        before->next++;
}

/* ---- numbers ------------------------------------------------------------- */

bool consensus_recall(Consensus *c, const Remembered *before,
                      const Facts *facts, guint number)
{
    const Listing *listing = &g_array_index(c->listings, Listing, number);
    if (listing->repeats == 0 || before->facts != facts)
        return false;
    const Consensus *old = &before->c;
    guint same = listing->repeats - 1;
    g_array_index(c->numbers, ListingNumbers, number) =
        g_array_index(old->numbers, ListingNumbers, same);
    uint32_t first = g_array_index(old->listings, Listing, same).v6_first;
    for (uint32_t i = 0; i < listing->v6_count; i++)
        g_array_index(c->v6_numbers, uint32_t, listing->v6_first + i) =
            g_array_index(old->v6_numbers, uint32_t, first + i);
    return true;
}

void consensus_remember(Consensus *c, ConsensusMemory *memory,
                        Remembered *before, const Facts *facts)
{
    if (!before)
        return;
    consensus_clear(&memory->spare);
    memory->spare = before->c;
    before->c = *c;
    before->facts = facts;
    init(c);
}
