/*
 * Contacts and families joined with the hours in which consensuses named them.
 *
 * Problem: a descriptor says who runs a relay, a consensus says which
 * descriptor was the relay's and when; they come apart, in any order, and a
 * year has four million descriptors that mostly repeat each other.
 *
 * Approach: per relay and text one run of hours, joined over gaps of up to
 * PEOPLE_GAP_S whatever other texts were said in between. That is a union of
 * intervals, which does not depend on the order. A document is needed until
 * it is named; afterwards its hours lie in the run. It is kept a while, since
 * consensuses go on naming it.
 *
 * A family is kept in one form, so that equal ones are equal texts: sorted,
 * with the relay itself (most lists hold it, it says nothing), fingerprints as
 * "$HEX" in one line, then in a second line the keys as "ed25519:KEY".
 *
 * Hour after hour says the same, so the last hours of each relay are held apart
 * until something else is said, for each stream of files by itself: of months
 * that are read at once none is an hour after another's. A listing with the
 * bytes of the last one that was told is not even compared.
 *
 * Rejected: keeping every descriptor (gigabytes); runs that end where another
 * text begins (the order of imports would show); taking the time from
 * "published" (the relay's own word; microdescriptors have none).
 */
#include "relay/people_taking.h"

#include "relay/contact.h"
#include "relay/family.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/files.h"

#include <string.h>

#define FILE_BYTES_MAX (UINT64_C(2) << 30)
/* Held in memory before they are joined with the documents there are; then, if
 * they are still more than half, the newest half is kept. */
#define SPANS_HELD_MAX (4 * PEOPLE_SPANS_MAX)

PeopleTaking *people_taking_new(void)
{
    PeopleTaking *taking = g_new0(PeopleTaking, 1);
    taking->relays = intern_new(FINGERPRINT_BYTES);
    taking->taken = g_array_new(FALSE, TRUE, sizeof(TakenRelay));
    taking->texts = intern_new(0);
    taking->digests = intern_new(PEOPLE_DIGEST_BYTES);
    taking->papers = g_array_new(FALSE, FALSE, sizeof(PeoplePaper));
    taking->spans = g_array_new(FALSE, FALSE, sizeof(PeopleSpan));
    for (guint i = 0; i < FACTS_STREAMS; i++)
        taking->streams[i].open = g_array_new(FALSE, TRUE, sizeof(OpenRelay));
    return taking;
}

void people_taking_free(PeopleTaking *taking)
{
    if (!taking)
        return;
    for (guint i = 0; i < taking->taken->len; i++) {
        GArray *runs = g_array_index(taking->taken, TakenRelay, i).runs;
        if (runs)
            g_array_unref(runs);
    }
    intern_free(taking->relays);
    g_array_unref(taking->taken);
    intern_free(taking->texts);
    intern_free(taking->digests);
    g_array_unref(taking->papers);
    g_array_unref(taking->spans);
    for (guint i = 0; i < FACTS_STREAMS; i++)
        g_array_unref(taking->streams[i].open);
    g_free(taking);
}

TakenRelay *people_taken_relay(PeopleTaking *taking, uint32_t relay)
{
    if (relay >= taking->taken->len)
        g_array_set_size(taking->taken, relay + 1);
    return &g_array_index(taking->taken, TakenRelay, relay);
}

static uint32_t put_text(PeopleTaking *taking, const char *text, size_t length)
{
    size_t all;
    uint32_t known = intern_find(taking->texts, text, length);
    if (known != UINT32_MAX)
        return known;
    intern_bytes(taking->texts, &all);
    if (length > PEOPLE_TEXT_MAX || all > PEOPLE_TEXTS_MAX)
        return NO_TEXT;
    return intern_put(taking->texts, text, length);
}

/* ---- runs --------------------------------------------------------------- */

static bool runs_touch(const PeopleRun *a, const PeopleRun *b)
{
    return a->kind == b->kind && a->text == b->text &&
           (int64_t)b->from - a->to <= PEOPLE_GAP_S &&
           (int64_t)a->from - b->to <= PEOPLE_GAP_S;
}

static void join_run(PeopleRun *into, const PeopleRun *other)
{
    int first = memcmp(other->first, into->first, sizeof into->first);
    int last = memcmp(other->last, into->last, sizeof into->last);
    if (other->from < into->from || (other->from == into->from && first < 0))
        memcpy(into->first, other->first, sizeof into->first);
    if (other->to > into->to || (other->to == into->to && last < 0))
        memcpy(into->last, other->last, sizeof into->last);
    into->from = MIN(into->from, other->from);
    into->to = MAX(into->to, other->to);
}

void people_add_run(PeopleTaking *taking, uint32_t relay, const PeopleRun *run)
{
    TakenRelay *taken = people_taken_relay(taking, relay);
    PeopleRun joined = *run;
    if (!taken->runs)
        taken->runs = g_array_new(FALSE, FALSE, sizeof(PeopleRun));
    for (guint i = 0; i < taken->runs->len;) {
        PeopleRun *known = &g_array_index(taken->runs, PeopleRun, i);
        if (!runs_touch(known, &joined)) {
            i++;
            continue;
        }
        join_run(&joined, known);
        g_array_remove_index_fast(taken->runs, i);
        i = 0; /* what is longer now may touch one passed over */
    }
    g_array_append_val(taken->runs, joined);
}

static void add_said(PeopleTaking *taking, const PeopleSpan *span,
                     SaidKind kind, uint32_t text)
{
    if (text == NO_TEXT)
        return;
    PeopleRun run = {
        .kind = kind, .text = text, .from = span->from, .to = span->to};
    memcpy(run.first, span->digest, sizeof run.first);
    memcpy(run.last, span->digest, sizeof run.last);
    people_add_run(taking, span->relay, &run);
}

/* False: nobody has the document yet. */
static bool resolve(PeopleTaking *taking, const PeopleSpan *span)
{
    uint32_t number = intern_find(taking->digests, span->digest, 0);
    if (number == UINT32_MAX)
        return false;
    PeoplePaper *paper = &g_array_index(taking->papers, PeoplePaper, number);
    paper->flags |= PAPER_NAMED;
    paper->when = MAX(paper->when, span->to);
    if (paper->flags & PAPER_MICRO) {
        add_said(taking, span, SAID_FAMILY_MICRO, paper->family);
        return true;
    }
    add_said(taking, span, SAID_CONTACT, paper->contact);
    add_said(taking, span, SAID_FAMILY, paper->family);
    return true;
}

/* Join what waits with the documents there are now. */
static void resolve_all(PeopleTaking *taking)
{
    guint kept = 0;
    for (guint i = 0; i < taking->spans->len; i++) {
        PeopleSpan *all = (PeopleSpan *)taking->spans->data;
        if (!resolve(taking, &all[i]))
            all[kept++] = all[i];
    }
    g_array_set_size(taking->spans, kept);
}

/* Documents that never come must not have all be looked at for each span. */
static void limit_spans(PeopleTaking *taking)
{
    if (taking->spans->len < SPANS_HELD_MAX)
        return;
    resolve_all(taking);
    if (taking->spans->len > SPANS_HELD_MAX / 2)
        people_keep_newest(taking->spans, SPANS_HELD_MAX / 2);
}

/* ---- consensuses -------------------------------------------------------- */

/* Put what was listed into a run. */
static void close_listed(PeopleTaking *taking, uint32_t relay, OpenRelay *open)
{
    if (open->listed_to == 0)
        return;
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_append_printf(text, "%s %s", open->listed.nickname,
                           open->listed.flags);
    for (guint i = 0; i < open->listed.count; i++) {
        g_autofree char *ip = ip_new_text(&open->listed.addresses[i]);
        g_string_append_printf(text, " %s", ip);
    }
    PeopleRun run = {.kind = SAID_ROSTER,
                     .text = put_text(taking, text->str, text->len),
                     .from = open->listed_from,
                     .to = open->listed_to};
    open->listed_to = 0;
    if (run.text != NO_TEXT)
        people_add_run(taking, relay, &run);
}

static void put_flags(const PeopleListing *listing, char out[4])
{
    memset(out, 0, 4);
    if (listing->is_exit)
        *out++ = 'e';
    if (listing->is_bad_exit)
        *out++ = 'b';
    if (!listing->is_exit && !listing->is_bad_exit)
        *out = '-';
}

static size_t nickname_length(const PeopleListing *listing)
{
    return MIN(text_length(&listing->nickname),
               sizeof((Listed *)NULL)->nickname - 1);
}

static Listed listed_of(const PeopleListing *listing)
{
    Listed out;
    memset(&out, 0, sizeof out);
    memcpy(out.nickname, listing->nickname.at, nickname_length(listing));
    put_flags(listing, out.flags);
    out.addresses[out.count++] = *listing->v4;
    for (guint i = 0; i < listing->v6_count && out.count < PEOPLE_ADDRESSES_MAX;
         i++)
        out.addresses[out.count++] = listing->v6[i];
    return out;
}

/* Is it what listed_of() would make? Nearly always, so it is not made. */
static bool is_listed_so(const Listed *listed, const PeopleListing *listing)
{
    size_t length = nickname_length(listing);
    guint v6_count = MIN(listing->v6_count, PEOPLE_ADDRESSES_MAX - 1);
    char flags[4];
    put_flags(listing, flags);
    return memcmp(listed->flags, flags, sizeof flags) == 0 &&
           listed->count == 1 + v6_count &&
           memcmp(&listed->addresses[0], listing->v4, sizeof(IpAddress)) == 0 &&
           memcmp(listed->nickname, listing->nickname.at, length) == 0 &&
           listed->nickname[length] == 0 &&
           (v6_count == 0 || memcmp(&listed->addresses[1], listing->v6,
                                    v6_count * sizeof(IpAddress)) == 0);
}

static bool is_near(uint32_t from, uint32_t to, uint32_t when)
{
    return to != 0 && (int64_t)when - to <= PEOPLE_GAP_S &&
           (int64_t)from - when <= PEOPLE_GAP_S;
}

static void take_listed(PeopleTaking *taking, uint32_t relay, OpenRelay *open,
                        const PeopleListing *listing, bool is_same)
{
    uint32_t when = listing->valid_after;
    if (!is_near(open->listed_from, open->listed_to, when) ||
        !(is_same || is_listed_so(&open->listed, listing))) {
        close_listed(taking, relay, open);
        open->listed = listed_of(listing);
        open->listed_from = open->listed_to = when;
        return;
    }
    open->listed_from = MIN(open->listed_from, when);
    open->listed_to = MAX(open->listed_to, when);
}

static void close_span(PeopleTaking *taking, uint32_t relay, OpenSpan *open)
{
    if (open->to == 0)
        return;
    PeopleSpan span = {.relay = relay, .from = open->from, .to = open->to};
    memcpy(span.digest, open->digest, sizeof span.digest);
    open->to = 0;
    if (resolve(taking, &span))
        return;
    g_array_append_val(taking->spans, span);
    limit_spans(taking);
}

static void take_named(PeopleTaking *taking, uint32_t relay, OpenSpan *open,
                       const PeopleListing *listing, bool is_same)
{
    size_t length = listing->is_micro ? SHA256_BYTES : SHA1_BYTES;
    uint32_t when = listing->valid_after;
    if (is_near(open->from, open->to, when) &&
        (is_same || memcmp(open->digest, listing->digest, length) == 0)) {
        open->from = MIN(open->from, when);
        open->to = MAX(open->to, when);
        return;
    }
    close_span(taking, relay, open);
    *open = (OpenSpan){.from = when, .to = when};
    memcpy(open->digest, listing->digest, length);
}

static OpenRelay *open_relay(PeopleStream *stream, uint32_t relay)
{
    if (relay >= stream->open->len)
        g_array_set_size(stream->open, relay + 1);
    return &g_array_index(stream->open, OpenRelay, relay);
}

uint64_t people_take_listing(PeopleTaking *taking, const PeopleListing *listing)
{
    PeopleStream *stream = &taking->streams[listing->stream];
    uint32_t relay = intern_put_near(taking->relays, listing->fingerprint, 0,
                                     stream->next_relay);
    OpenRelay *open = open_relay(stream, relay);
    bool is_same = listing->same != 0 && listing->same == open->told;
    stream->next_relay = relay + 1;
    taking->is_changed = true;
    if (listing->has_v6)
        take_listed(taking, relay, open, listing, is_same);
    if (listing->digest)
        take_named(taking, relay, &open->open[listing->is_micro], listing,
                   is_same);
    open->told = listing->has_v6 ? ++taking->told : 0;
    return open->told;
}

/* Join all that is held apart. */
static void close_stream(PeopleTaking *taking, PeopleStream *stream)
{
    for (uint32_t i = 0; i < stream->open->len; i++) {
        OpenRelay *open = open_relay(stream, i);
        close_listed(taking, i, open);
        for (int micro = 0; micro < 2; micro++)
            close_span(taking, i, &open->open[micro]);
    }
    g_array_set_size(stream->open, 0);
}

/* ---- documents ---------------------------------------------------------- */

/* What follows "contact ", to the first NUL; the line may stand there once. */
static uint32_t put_contact(PeopleTaking *taking, Text document)
{
    Text line;
    while (line_take(&document, &line)) {
        line_keyword(&line, "opt");
        if (line_keyword(&line, "contact"))
            return put_text(
                taking, line.at,
                strnlen(line.at, MIN(text_length(&line), CONTACT_BYTES_MAX)));
    }
    return put_text(taking, "", 0);
}

static int compare_ids(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(FamilyId));
}

static uint32_t put_family(PeopleTaking *taking, Family *family,
                           const Fingerprint *self)
{
    g_autoptr(GString) text = g_string_new(NULL);
    if (self && family->relays->len > 0) {
        g_array_append_val(family->relays, *self);
        fingerprints_settle(family->relays);
    }
    for (guint i = 0; i < family->relays->len; i++) {
        g_autofree char *hex = hex_new(
            g_array_index(family->relays, Fingerprint, i).bytes, SHA1_BYTES);
        g_string_append_printf(text, "%s$%s", i ? " " : "", hex);
    }
    g_array_sort(family->ids, compare_ids);
    for (guint i = 0; i < family->ids->len; i++) {
        g_autofree char *id =
            family_id_new_text(&g_array_index(family->ids, FamilyId, i));
        g_string_append_printf(text, "%sed25519:%s", i ? " " : "\n", id);
    }
    return put_text(taking, text->str, text->len);
}

void people_put_paper(PeopleTaking *taking, const PeoplePaper *paper)
{
    uint32_t number = intern_put(taking->digests, paper->digest, 0);
    if (number == taking->papers->len) {
        g_array_append_val(taking->papers, *paper);
        return;
    }
    PeoplePaper *known = &g_array_index(taking->papers, PeoplePaper, number);
    if (!(paper->flags & PAPER_CACHED))
        known->flags &= ~PAPER_CACHED;
}

static bool is_known(PeopleTaking *taking, const PeoplePaper *paper)
{
    if (intern_find(taking->digests, paper->digest, 0) == UINT32_MAX)
        return false;
    people_put_paper(taking, paper);
    return true;
}

void people_take_descriptor(PeopleTaking *taking, Text document,
                            const uint8_t digest[20], uint32_t published,
                            bool is_cached)
{
    PeoplePaper paper = {.flags = is_cached ? PAPER_CACHED : 0,
                         .when = published};
    memcpy(paper.digest, digest, SHA1_BYTES);
    if (is_known(taking, &paper))
        return;
    g_autoptr(Family) family = family_new();
    Fingerprint self;
    bool has_self = family_read_descriptor(family, document, published, &self);
    paper.contact = put_contact(taking, document);
    paper.family = put_family(taking, family, has_self ? &self : NULL);
    people_put_paper(taking, &paper);
    taking->is_changed = true;
}

void people_take_micro(PeopleTaking *taking, Text document,
                       const uint8_t digest[32], bool is_cached)
{
    PeoplePaper paper = {
        .flags = PAPER_MICRO | (is_cached ? PAPER_CACHED : 0),
        .contact = NO_TEXT,
    };
    memcpy(paper.digest, digest, SHA256_BYTES);
    if (is_known(taking, &paper))
        return;
    g_autoptr(Family) family = family_new();
    family_read_microdescriptor(family, document);
    paper.family = put_family(taking, family, NULL);
    people_put_paper(taking, &paper);
    taking->is_changed = true;
}

/* ---- the file ----------------------------------------------------------- */

PeopleTaking *people_load(const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, PEOPLE_NAME, NULL);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GBytes) bytes = file_read(path, FILE_BYTES_MAX, &cause);
    if (bytes)
        return people_unpack(g_bytes_get_data(bytes, NULL),
                             g_bytes_get_size(bytes), path, error);
    if (g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING))
        return people_taking_new();
    g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
}

bool people_save(PeopleTaking *taking, const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, PEOPLE_NAME, NULL);
    if (!taking->is_changed)
        return true;
    for (guint i = 0; i < FACTS_STREAMS; i++)
        close_stream(taking, &taking->streams[i]);
    resolve_all(taking);
    g_autoptr(GBytes) bytes = people_pack(taking);
    return directory_ensure_readable(directory, error) &&
           file_replace(path, g_bytes_get_data(bytes, NULL),
                        g_bytes_get_size(bytes), 0644, error);
}
