/*
 * Reading the mails of feeds by a table.
 *
 * Problem: blocklist.de, fail2ban, SpamCop and their like send most of what
 * arrives, each in a shape that has not changed for years; what they say is
 * surer than what general rules find, and their fixed sentences name abuses
 * that did not happen ("failed logins (ssh, imap ...)").
 *
 * Approach: one row a feed. A sign (author's domain, Subject, header, fixed
 * words) chooses it; then each line is compared with its patterns. What a line
 * says fills slots; a row, the next address, a new record or the end makes a
 * statement of them. Where another format has read the mail already (X-ARF,
 * CSV), only what it did not say is added: zone, sender, category.
 *
 * A sign can be forged by anybody. It makes no address guilty that the mail
 * does not name as such, and no letter goes to where it does not say.
 */
#include "report/feeds.h"

#include "report/category.h"
#include "report/formats.h"

#include <string.h>

#define TEXT_SIGN_BYTES 32768 /* fixed words stand near the top */
#define LINES_MAX       100000
#define PARTS_MAX       50

/* --- which feed --- */

static bool domain_ends(const char *address, const char *domain)
{
    const char *at = address ? strrchr(address, '@') : NULL;
    size_t length = at ? strlen(at) : 0, wanted = strlen(domain);
    if (length <= wanted)
        return false;
    const char *end = at + length - wanted;
    return g_ascii_strcasecmp(end, domain) == 0 && strchr("@.", end[-1]);
}

/* From, and who stands behind a list or a ticket system. */
static bool is_from(const Mail *mail, const char *domain)
{
    static const char *const FIELDS[] = {"From", "Reply-To", "X-Original-From",
                                         "X-RT-Originator"};
    for (size_t i = 0; i < G_N_ELEMENTS(FIELDS); i++) {
        g_autofree char *address = NULL, *name = NULL;
        const char *value = mail_header(mail, FIELDS[i]);
        if (value && mail_mailbox(value, &address, &name) &&
            domain_ends(address, domain))
            return true;
    }
    return false;
}

static bool has_words(const Study *study, const char *words)
{
    for (size_t i = 0; i < MIN(study->mail->parts->len, PARTS_MAX); i++) {
        const char *text = study_part_text(study, i);
        if (text &&
            memmem(text, strnlen(text, TEXT_SIGN_BYTES), words, strlen(words)))
            return true;
    }
    return false;
}

static bool has_sign(const Study *study, const FeedSign *sign)
{
    FeedMatch match;
    const char *subject = study->mail->subject;
    switch (sign->where) {
    case SIGN_NONE:
        return false;
    case SIGN_FROM:
        return is_from(study->mail, sign->what);
    case SIGN_SUBJECT:
        return feed_pattern_match(sign->what, (Line){subject, strlen(subject)},
                                  &match);
    case SIGN_HEADER:
        return mail_header(study->mail, sign->what) != NULL;
    case SIGN_TEXT:
        return has_words(study, sign->what);
    }
    g_assert_not_reached();
}

static const Feed *find_feed(const Study *study)
{
    for (const Feed *feed = FEEDS; feed->name; feed++)
        for (size_t i = 0; i < FEED_SIGNS_MAX; i++)
            if (has_sign(study, &feed->signs[i]))
                return feed;
    return NULL;
}

bool feeds_detect(const Study *study)
{
    return find_feed(study) != NULL;
}

/* --- what its lines say --- */

typedef struct {
    Study *study;
    const Feed *feed;
    Quote *slots[SLOT_COUNT];
    Quote *subject[SLOT_COUNT]; /* what the Subject says */
    const char *subject_kind;
    const char *section; /* category of it, static; or NULL */
    const char *kind;    /* category that words of the record name; or NULL */
    bool used;           /* the address made a row already */
    size_t made;         /* statements */
    GHashTable *counts;  /* category -> statements */
} Reading;

static const char *kind_of(const Feed *feed, const Quote *quote)
{
    for (const FeedKind *kind = feed->kinds; quote && kind && kind->words;
         kind++)
        if (strcasestr(quote->words, kind->words))
            return kind->category;
    return NULL;
}

static const char *kind_of_slots(const Feed *feed, Quote *const *slots)
{
    static const FeedSlot TELLING[] = {SLOT_KIND, SLOT_TARGET, SLOT_REFERENCE};
    const char *category = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(TELLING) && !category; i++)
        category = kind_of(feed, slots[TELLING[i]]);
    return category;
}

static void slots_clear(Quote **slots)
{
    for (int i = 0; i < SLOT_COUNT; i++)
        g_clear_pointer(&slots[i], quote_free);
}

/* What a row's own words name, else its record, section, Subject, feed. */
static const char *category_of(const Reading *reading, Quote *const *own)
{
    const char *const NAMED[] = {
        kind_of_slots(reading->feed, own), reading->kind, reading->section,
        reading->subject_kind, reading->feed->category};
    for (size_t i = 0; i < G_N_ELEMENTS(NAMED); i++)
        if (NAMED[i])
            return NAMED[i];
    return NULL;
}

static void count_category(Reading *reading, const char *category)
{
    gsize count =
        GPOINTER_TO_SIZE(g_hash_table_lookup(reading->counts, category));
    g_hash_table_insert(reading->counts, (char *)category,
                        GSIZE_TO_POINTER(count + 1));
}

/* Make a statement of a row's own slots, and of what holds where it has none. */
static void make_statement(Reading *reading, Quote *const *own)
{
    Quote *all[SLOT_COUNT];
    for (int i = 0; i < SLOT_COUNT; i++)
        all[i] = own[i] ? own[i] : reading->slots[i];
    if (!all[SLOT_ADDRESS])
        return;
    reading->made++;
    const char *category = category_of(reading, own);
    if (category)
        count_category(reading, category);
    if (reading->feed->events_in_log && !all[SLOT_TIME])
        return;
    Statement *statement = study_add_statement(reading->study);
    if (!statement)
        return;
    statement->address = quote_copy(all[SLOT_ADDRESS]);
    statement->port = quote_copy(all[SLOT_PORT]);
    statement->target = quote_copy(all[SLOT_TARGET]);
    statement->target_port = quote_copy(all[SLOT_TARGET_PORT]);
    statement->time = quote_copy(all[SLOT_TIME]);
    statement->time_last = quote_copy(all[SLOT_TIME_LAST]);
    statement->zone = quote_copy(all[SLOT_ZONE]);
    statement->protocol = quote_copy(all[SLOT_PROTOCOL]);
    statement->category = g_strdup(category);
}

static void end_record(Reading *reading)
{
    Quote *none[SLOT_COUNT] = {0};
    if (!reading->used)
        make_statement(reading, none);
    reading->used = false;
}

/* Take the words of a match out of the mail; part is PLACE_SUBJECT for the
 * Subject's. */
static void take_slots(const Reading *reading, uint16_t part, const char *text,
                       const FeedMatch *match, Quote **out)
{
    for (int i = 0; i < SLOT_COUNT; i++) {
        const Line *value = &match->slots[i];
        out[i] = NULL;
        if (value->length == 0)
            continue;
        size_t at = (size_t)(value->at - text);
        out[i] =
            part == PLACE_SUBJECT
                ? study_subject_quote(reading->study->mail, at, value->length)
                : study_quote(reading->study, part, at, value->length);
    }
}

/* "Sat Nov 21 14:03:11 2026 +0100": the words behind the last blank. */
static void keep_zone_of_time(Reading *reading)
{
    const Quote *time = reading->slots[SLOT_TIME];
    const char *blank = time ? strrchr(time->words, ' ') : NULL;
    if (!blank || !blank[1])
        return;
    quote_free(reading->slots[SLOT_ZONE]);
    reading->slots[SLOT_ZONE] =
        quote_new(blank + 1, strlen(blank + 1), time->place);
}

/* What a line says holds from now on. */
static void fill(Reading *reading, Quote **own)
{
    if (own[SLOT_ADDRESS] && reading->slots[SLOT_ADDRESS]) {
        end_record(reading);
        g_clear_pointer(&reading->slots[SLOT_ADDRESS], quote_free);
    }
    const char *kind = kind_of_slots(reading->feed, own);
    reading->kind = kind ? kind : reading->kind;
    for (int i = 0; i < SLOT_COUNT; i++)
        if (own[i]) {
            quote_free(reading->slots[i]);
            reading->slots[i] = g_steal_pointer(&own[i]);
        }
    if (reading->feed->zone_in_time)
        keep_zone_of_time(reading);
}

static void use_line(Reading *reading, const FeedLine *line, Quote **own)
{
    if (own[SLOT_REFERENCE])
        study_add_reference(reading->study, quote_copy(own[SLOT_REFERENCE]),
                            reading->feed->name);
    switch (line->use) {
    case LINE_IGNORED:
        return;
    case LINE_SECTION:
        end_record(reading);
        slots_clear(reading->slots);
        reading->section = line->category;
        return;
    case LINE_IS_ROW:
        make_statement(reading, own);
        reading->used = true;
        return;
    case LINE_BEGINS:
        end_record(reading);
        slots_clear(reading->slots);
        reading->kind = NULL;
        fill(reading, own);
        return;
    case LINE_FILLS:
    case LINE_SUBJECT:
        fill(reading, own);
        return;
    }
}

/* Compare one line with the patterns meant for it. */
static void read_line(Reading *reading, uint16_t part, const char *text,
                      Line line)
{
    FeedMatch match;
    bool is_subject = part == PLACE_SUBJECT;
    for (const FeedLine *row = reading->feed->lines; row->pattern; row++) {
        if ((row->use == LINE_SUBJECT) != is_subject ||
            !feed_pattern_match(row->pattern, line, &match))
            continue;
        Quote *own[SLOT_COUNT];
        take_slots(reading, part, text, &match, own);
        use_line(reading, row, own);
        slots_clear(own);
        return;
    }
}

static void read_part(Reading *reading, uint16_t part)
{
    const char *text = study_part_text(reading->study, part);
    size_t length = strlen(text), cursor = 0;
    Line line;
    for (int i = 0; i < LINES_MAX; i++) {
        if (!line_next(text, length, &cursor, &line))
            break;
        Line bare = line_bare(line);
        if (bare.length > 0)
            read_line(reading, part, text, bare);
    }
    end_record(reading);
    slots_clear(reading->slots);
}

/* Text first; of two halves of an alternative only what says something. */
static void read_lines(Reading *reading)
{
    static const PartKind ORDER[] = {PART_TEXT, PART_HTML};
    const GPtrArray *parts = reading->study->mail->parts;
    for (size_t pass = 0; pass < G_N_ELEMENTS(ORDER) && reading->made == 0;
         pass++)
        for (size_t i = 0; i < MIN(parts->len, PARTS_MAX); i++) {
            const MailPart *part = parts->pdata[i];
            if (part->kind == ORDER[pass] && part->text &&
                reading->study->uses[i] == USE_READ &&
                !study_is_within(reading->study, i, USE_SAMPLE))
                read_part(reading, (uint16_t)i);
        }
}

/* What the Subject names holds for the kind of all, and is a statement of its
 * own if the text made none: its words may be cut. */
static void read_subject(Reading *reading)
{
    const char *subject = reading->study->mail->subject;
    read_line(reading, PLACE_SUBJECT, subject,
              (Line){subject, strlen(subject)});
    memcpy(reading->subject, reading->slots, sizeof reading->subject);
    memset(reading->slots, 0, sizeof reading->slots);
    reading->subject_kind = reading->kind;
    reading->kind = NULL;
}

/* --- the whole --- */

/* The category of most statements; NULL if they have none. */
static const char *usual_category(const Reading *reading)
{
    GHashTableIter iter;
    gpointer category, count;
    const char *best = NULL;
    gsize most = 0;
    g_hash_table_iter_init(&iter, reading->counts);
    while (g_hash_table_iter_next(&iter, &category, &count)) {
        gsize of = GPOINTER_TO_SIZE(count);
        if (of > most || (of == most && strcmp(category, best) < 0)) {
            best = category;
            most = of;
        }
    }
    return best;
}

/* The zone of a feed that states it in its documentation only. */
static void add_zone(const Feed *feed, const Report *report)
{
    for (guint i = 0; feed->zone && i < report->statements->len; i++) {
        Statement *statement = report->statements->pdata[i];
        if (!statement->zone)
            statement->zone = quote_new(feed->zone, strlen(feed->zone),
                                        (Place){.part = PLACE_NOWHERE});
    }
}

static void read_feed(Reading *reading)
{
    const Feed *feed = reading->feed;
    read_subject(reading);
    read_lines(reading);
    if (reading->made == 0)
        make_statement(reading, reading->subject);
    const char *category = usual_category(reading);
    if (!category)
        category = feed->category;
    if (category && reading->made > 0)
        study_state_category(reading->study, category, NULL, true);
}

bool feeds_read(Study *study)
{
    const Feed *feed = find_feed(study);
    if (!feed)
        return false;
    if (study->sender_class == SENDER_UNKNOWN) {
        study->sender_class = feed->sender;
        study->sender_why = feed->sender_why;
    }
    if (feed->no_complaint) {
        study->no_complaint = feed->no_complaint;
        return false;
    }
    Reading reading = {.study = study, .feed = feed};
    reading.counts = g_hash_table_new(g_str_hash, g_str_equal);
    if (feed->lines && study->report->statements->len == 0)
        read_feed(&reading);
    add_zone(feed, study->report);
    slots_clear(reading.subject);
    g_hash_table_unref(reading.counts);
    study->feed = reading.made > 0 ? feed->name : NULL;
    return reading.made > 0;
}
