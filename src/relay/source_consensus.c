/*
 * Consensuses of both flavours (dir-spec, "consensus formats").
 *
 *   network-status-version 3 [microdesc]
 *   vote-status consensus
 *   consensus-method N
 *   valid-after YYYY-MM-DD HH:MM:SS
 *   r NICK IDENTITY [DIGEST] DATE TIME IPV4 ORPORT DIRPORT   (no DIGEST in
 *   a [IPV6]:PORT                                    the microdesc flavour)
 *   s FLAG ...
 *   m BASE64                                         (microdesc flavour)
 *   p accept|reject PORTLIST                         (ns flavour)
 *   directory-signature ...
 *
 * Only the signed bytes are read, and nothing of them is believed that a
 * majority of the authorities did not sign (signatures.h). What may be signed
 * but cannot be checked yet is kept apart. So a file that was cut, whose line
 * ends were changed or to which lines were added is refused.
 *
 * Its bytes are gone through once: read, hashed and kept for the next hour some
 * KB at a time, since three megabytes do not stay near the processor. The line
 * at which the signed bytes end is met on the way. So one that is known
 * already is only found to be after it was read, by comparison mostly.
 *
 * Tolerated, as seen in real files: extra arguments, unknown lines, missing p
 * lines (methods before 5). The published time of an r line is not used:
 * since method 33 it is a constant.
 */
#include "relay/sources.h"

#include "relay/consensus.h"
#include "relay/portpolicy.h"

#include "base/digest.h"
#include "base/ipaddress.h"

#define ADDRESSES_MAX  8 /* "a" lines of one relay that are kept */
#define NICKNAME_MAX   19
#define METHOD_MICRO_A 27    /* microdesc consensuses list IPv6 since then */
#define SLICE_BYTES    16384 /* of 48 KB of cache: with the one before */

static bool nickname_is_valid(const Text *word)
{
    if (text_length(word) > NICKNAME_MAX)
        return false;
    for (const char *at = word->at; at < word->end; at++)
        if (!g_ascii_isalnum(*at))
            return false;
    return true;
}

/* Four plain numbers, as nearly all are; false: not so, look again. */
static bool read_plain_v4(const Text *text, IpAddress *out)
{
    const char *at = text->at;
    *out = (IpAddress){.bytes = {[10] = 0xff, [11] = 0xff}};
    for (int i = 0; i < 4; i++) {
        unsigned value = 0;
        const char *start = at;
        for (; at < text->end && g_ascii_isdigit(*at) && at - start < 3; at++)
            value = value * 10 + (unsigned)(*at - '0');
        if (at == start || value > 255 || (*start == '0' && at - start > 1) ||
            (i < 3 ? at == text->end || *at++ != '.' : at != text->end))
            return false;
        out->bytes[12 + i] = (uint8_t)value;
    }
    return true;
}

/* As word_take(), faster for the long words of r lines. */
static bool long_word_take(Text *line, Text *word)
{
    const char *stop = memchr(line->at, ' ', text_length(line));
    if (!stop || stop == line->at)
        return word_take(line, word);
    *word = (Text){line->at, stop};
    line->at = stop + 1;
    return true;
}

static bool read_r(const Consensus *c, Text line, Listing *out)
{
    Text words[8];
    guint count = c->is_micro ? 7 : 8;
    bool has_tabs = memchr(line.at, '\t', text_length(&line)) != NULL;
    for (guint i = 0; i < count; i++)
        if (!(has_tabs ? word_take(&line, &words[i])
                       : long_word_take(&line, &words[i])))
            return false;
    const Text *ip = &words[count - 3];
    out->nickname = consensus_place(c, &words[0]);
    if (!c->is_micro) {
        if (!base64_parse(words[2].at, text_length(&words[2]), out->digest, 20))
            return false;
        out->has_digest = true;
    }
    return nickname_is_valid(&words[0]) &&
           base64_parse(words[1].at, text_length(&words[1]), out->fingerprint,
                        20) &&
           (read_plain_v4(ip, &out->v4) ||
            (ip_parse(ip->at, text_length(ip), &out->v4) &&
             ip_is_v4(&out->v4)));
}

/* "[2001:db8::1]:9001"; IPv4 here repeats nothing we need. */
static bool read_a(Consensus *c, Text line, Listing *out)
{
    IpAddress ip;
    if (line.at == line.end || *line.at != '[')
        return true;
    const char *stop = memchr(line.at, ']', text_length(&line));
    if (!stop || !ip_parse(line.at + 1, (size_t)(stop - line.at) - 1, &ip))
        return false;
    if (ip_is_v4(&ip) || out->v6_count >= ADDRESSES_MAX)
        return true;
    g_array_append_val(c->v6, ip);
    out->v6_count++;
    return true;
}

static void read_s(Text line, Listing *out)
{
    Text flag;
    while (word_take(&line, &flag)) {
        if (text_is(&flag, "Exit"))
            out->flags |= STATUS_EXIT;
        else if (text_is(&flag, "BadExit"))
            out->flags |= STATUS_BAD_EXIT;
    }
}

static bool read_m(Text line, Listing *out)
{
    Text word;
    if (!word_take(&line, &word))
        return false;
    out->has_digest =
        base64_parse(word.at, text_length(&word), out->digest, 32);
    return out->has_digest;
}

static bool read_p(const Consensus *c, Text line, Listing *out)
{
    while (line.end > line.at && line.end[-1] == ' ')
        line.end--;
    out->summary = consensus_place(c, &line);
    out->has_summary = true;
    return port_summary_is_valid(line.at, text_length(&line));
}

/* A line of the relay whose r line came last. False if it is malformed. */
static bool read_listing_line(Consensus *c, Text line)
{
    Listing *last = c->listings->len ? &g_array_index(c->listings, Listing,
                                                      c->listings->len - 1)
                                     : NULL;
    if (text_length(&line) < 2 || line.at[1] != ' ')
        return true;
    char keyword = *line.at;
    line.at += 2;
    if (keyword == 'r') {
        Listing fresh = {.v6_first = c->v6->len};
        if (!read_r(c, line, &fresh) ||
            c->listings->len >= CONSENSUS_RELAYS_MAX)
            return false;
        g_array_append_val(c->listings, fresh);
        return true;
    }
    if (!last)
        return true;
    switch (keyword) {
    case 'a':
        return read_a(c, line, last);
    case 's':
        read_s(line, last);
        return true;
    case 'm':
        return !c->is_micro || read_m(line, last);
    case 'p':
        return read_p(c, line, last);
    default:
        return true;
    }
}

static bool read_header_line(Consensus *c, Text line)
{
    if (line_keyword(&line, "network-status-version")) {
        Text version, flavour;
        if (!word_take(&line, &version) || !text_is(&version, "3"))
            return false;
        c->is_micro =
            word_take(&line, &flavour) && text_is(&flavour, "microdesc");
        c->is_mixed |= c->listings->len > 0;
        return true;
    }
    if (line_keyword(&line, "vote-status")) {
        c->is_vote = text_is(&line, "vote");
        return c->is_vote || text_is(&line, "consensus");
    }
    if (line_keyword(&line, "valid-after"))
        return time_take(&line, &c->valid_after);
    if (line_keyword(&line, "consensus-method")) {
        c->method = 0;
        for (; line.at < line.end && g_ascii_isdigit(*line.at) &&
               c->method < 10000;
             line.at++)
            c->method = c->method * 10 + (uint32_t)(*line.at - '0');
        return true;
    }
    return true;
}

/* Take the next line of the document, or an entry that repeats one before: so
 * many lines. False if it is malformed. */
static bool take_lines(Consensus *c, Remembered *before, Text *rest,
                       guint *lines)
{
    if (*rest->at == 'r' && consensus_repeat(c, before, rest, lines))
        return true;
    Text line;
    size_t from = (size_t)(rest->at - c->text);
    *lines = 1;
    line_take(rest, &line);
    consensus_note_line(c, &line, from, (size_t)(rest->at - c->text));
    if (text_length(&line) < 2 || line.at[1] != ' ')
        return read_header_line(c, line);
    if (!read_listing_line(c, line))
        return false;
    if (*line.at == 'r')
        consensus_pass(c, before);
    return true;
}

/* A document on its way through. */
typedef struct {
    Consensus *c;
    Remembered *before[2]; /* of each flavour, or NULL */
    RunningDigest *digest;
    const char *hashed; /* up to there */
    bool is_kept;       /* its text, for the next to be compared with */
} Passage;

/* Line by line, while the bytes are in the processor's nearest memory. */
static void hash_until(Passage *p, const char *end)
{
    size_t length = (size_t)(end - p->hashed);
    running_digest_add(p->digest, p->hashed, length);
    if (p->is_kept)
        g_byte_array_append(p->c->copy, (const uint8_t *)p->hashed,
                            (guint)length);
    p->hashed = end;
}

/* part: what is signed, as consensus_signed_part() finds it. */
static bool parse(Passage *p, Text document, Text *part, GError **error)
{
    Consensus *c = p->c;
    Text rest = document;
    *part = (Text){0};
    for (guint number = 1, lines; rest.at < rest.end; number += lines) {
        if (rest.at > document.at && text_begins(&rest, SIGNED_END)) {
            *part = (Text){document.at, rest.at + strlen(SIGNED_END)};
            break;
        }
        if (!take_lines(c, p->before[c->is_micro], &rest, &lines)) {
            source_damaged(error, "line %u is malformed", number);
            return false;
        }
        if (c->is_vote)
            return true;
        if (rest.at - p->hashed > SLICE_BYTES)
            hash_until(p, rest.at);
    }
    if (c->valid_after == 0)
        source_damaged(error, "it has no valid-after line");
    else if (!part->at)
        source_damaged(error, "it ends before its signatures");
    else if (c->listings->len == 0)
        source_damaged(error, "it lists no relay");
    else
        return true;
    return false;
}

static uint32_t put_text_near(Facts *facts, const Consensus *c, Place place,
                              uint32_t guess)
{
    Text text = consensus_text_at(c, place);
    return intern_put_near(facts->texts, text.at, text_length(&text), guess);
}

/* What the listing is in the facts. */
static void put_names(Facts *facts, Consensus *c, const Listing *listing,
                      ListingNumbers *out)
{
    LastListing *last;
    out->relay = facts_put_relay(facts, listing->fingerprint, &last);
    out->v4 = last->v4 =
        intern_put_near(facts->addresses, listing->v4.bytes, 0, last->v4);
    for (uint32_t i = 0; i < listing->v6_count; i++) {
        uint32_t number = listing->v6_first + i;
        const IpAddress *ip = &g_array_index(c->v6, IpAddress, number);
        last->v6 = intern_put_near(facts->addresses, ip->bytes, 0, last->v6);
        g_array_index(c->v6_numbers, uint32_t, number) = last->v6;
    }
    out->nickname = last->nickname =
        put_text_near(facts, c, listing->nickname, last->nickname);
    if (listing->has_digest) {
        uint32_t *digest = c->is_micro ? &last->micro : &last->router;
        out->digest = *digest =
            facts_put_digest(facts, c->is_micro, listing->digest, *digest);
    }
    if (!c->is_micro && listing->has_summary)
        out->summary = last->summary =
            put_text_near(facts, c, listing->summary, last->summary);
}

static void store_listing(Facts *facts, Consensus *c, const Remembered *before,
                          guint number)
{
    const Listing *listing = &g_array_index(c->listings, Listing, number);
    ListingNumbers *n = &g_array_index(c->numbers, ListingNumbers, number);
    if (before && consensus_recall(c, before, facts, number))
        facts->stream->next_relay = n->relay + 1;
    else
        put_names(facts, c, listing, n);
    facts_put_listing(facts, FACT_V4, n->relay, n->v4);
    for (uint32_t i = 0; i < listing->v6_count; i++)
        facts_put_listing(
            facts, FACT_V6, n->relay,
            g_array_index(c->v6_numbers, uint32_t, listing->v6_first + i));
    facts_put_listing(facts, FACT_STATUS, n->relay,
                      n->nickname << STATUS_SHIFT | listing->flags);
    if (listing->has_digest)
        facts_put_listing(facts, c->is_micro ? FACT_MICRO : FACT_ROUTER,
                          n->relay, n->digest);
    if (!c->is_micro && listing->has_summary)
        facts_put_listing(facts, FACT_SUMMARY, n->relay, n->summary);
}

static void store(Facts *facts, Consensus *c, const Remembered *before,
                  const uint8_t sha256[SHA256_BYTES], const char *name)
{
    bool has_v6 = !c->is_micro || c->method >= METHOD_MICRO_A;
    facts_begin_hour(facts, c->valid_after,
                     (c->is_micro ? HOUR_MICRO : HOUR_NS) |
                         (has_v6 ? HOUR_HAS_V6 : 0));
    g_array_set_size(c->numbers, c->listings->len);
    g_array_set_size(c->v6_numbers, c->v6->len);
    for (guint i = 0; i < c->listings->len; i++)
        store_listing(facts, c, before, i);
    facts_put_document(
        facts, c->is_micro ? DOCUMENT_CONSENSUS_MICRO : DOCUMENT_CONSENSUS,
        c->valid_after, sha256, name);
}

/* How relays are listed, and where their contacts and families stand. */
static void tell_people(PeopleTaking *people, guint stream, const Consensus *c)
{
    for (guint i = 0; people && i < c->listings->len; i++) {
        Listing *listing = &g_array_index(c->listings, Listing, i);
        listing->told = people_take_listing(
            people,
            &(PeopleListing){
                .stream = stream,
                .same = listing->told,
                .valid_after = c->valid_after,
                .is_micro = c->is_micro,
                .fingerprint = listing->fingerprint,
                .digest = listing->has_digest ? listing->digest : NULL,
                .nickname = consensus_text_at(c, listing->nickname),
                .is_exit = listing->flags & STATUS_EXIT,
                .is_bad_exit = listing->flags & STATUS_BAD_EXIT,
                .v4 = &listing->v4,
                .v6 = (const IpAddress *)c->v6->data + listing->v6_first,
                .v6_count = listing->v6_count,
                .has_v6 = !c->is_micro || c->method >= METHOD_MICRO_A,
            });
    }
}

/* It was signed: is it the only one of its hour? */
static ReadResult take_verified(Records *records, Consensus *c,
                                const Remembered *before,
                                const uint8_t sha256[SHA256_BYTES],
                                const uint8_t part_sha256[SHA256_BYTES],
                                const char *name, GError **error)
{
    store(records->facts, c, before, sha256, name);
    if (records->hours && !signed_hours_put(records->hours, c->valid_after,
                                            c->is_micro, part_sha256)) {
        source_damaged(error, "another consensus that was signed for the same "
                              "hour says something else: neither is believed");
        return READ_UNVERIFIED;
    }
    tell_people(records->people,
                (guint)(records->facts->stream - records->facts->streams), c);
    return READ_NEW;
}

static ReadResult take(Records *records, Passage *p, Text document, Text part,
                       const char *name, GError **error)
{
    uint8_t sha256[SHA256_BYTES], part_sha256[SHA256_BYTES];
    Consensus *c = p->c;
    hash_until(p, part.end);
    running_digest_get(p->digest, part_sha256);
    running_digest_add(p->digest, part.end, (size_t)(document.end - part.end));
    running_digest_get(p->digest, sha256);
    Remembered *old = c->is_mixed ? NULL : p->before[c->is_micro];
    if (facts_has_document(records->facts, sha256, name)) {
        consensus_remember(c, records->memory, old, NULL);
        return READ_KNOWN;
    }
    SignatureCheck check =
        consensus_check(records->authorities, records->certificates, document,
                        part, part_sha256, c->valid_after);
    g_autofree char *why = signature_check_new_why(&check);
    if (check.standing == STANDING_REFUSED)
        return source_damaged(error, "%s", why);
    ReadResult result = READ_UNVERIFIED;
    Facts *facts = NULL;
    if (check.standing == STANDING_VERIFIED) {
        facts = records->facts;
        result =
            take_verified(records, c, old, sha256, part_sha256, name, error);
    } else {
        if (!facts_has_document(records->unverified, sha256, name)) {
            facts = records->unverified;
            store(facts, c, old, sha256, name);
        }
        source_damaged(error, "%s", why);
    }
    consensus_remember(c, records->memory, old, facts);
    return result;
}

ReadResult source_consensus_read(Records *records, Text document,
                                 const char *name, GError **error)
{
    g_auto(Consensus) c;
    g_autoptr(RunningDigest) digest = running_digest_new();
    Text part;
    consensus_begin(&c, records->memory, document.at);
    Passage p = {
        .c = &c,
        .before = {consensus_remembered(records->memory, records->facts, false),
                   consensus_remembered(records->memory, records->facts, true)},
        .digest = digest,
        .hashed = document.at,
        .is_kept = records->memory,
    };
    if (!parse(&p, document, &part, error))
        return READ_DAMAGED;
    return c.is_vote ? READ_SKIPPED
                     : take(records, &p, document, part, name, error);
}
