/*
 * From a report to its incidents: what a format states comes first, then what
 * the text shows.
 *
 * A statement of a structured format already is an address with its time. The
 * text is read all the same: it tells who else is mentioned, and gives the
 * time where the format gave none.
 */
#include "incident/hop.h"
#include "incident/incident.h"

#include "incident/mailport.h"
#include "incident/pair.h"
#include "incident/standing.h"
#include "incident/subject.h"
#include "incident/target.h"
#include "incident/target_sole.h"

#include <string.h>

#define OTHERS_MAX 200 /* victims, hops and so on that are shown */
#define ANY_PORT   (-2)

typedef struct {
    const Sheet *sheet;
    const Chronology *chronology;
    const Cast *cast;
    Report *report;
    const GArray *hints;
    GPtrArray *incidents;
    GPtrArray *tables; /* of Tables or NULL, one a page */
    GHashTable *seen;  /* seen_key() -> Incident */
    bool zone_missing, order_open, year_missing, after_mail, far_time, own_time,
        no_time;
} Finding;

/* The one address in the words of a statement. */
static bool quote_address(const Quote *quote, AddressHit *hit)
{
    if (!quote)
        return false;
    g_autoptr(GArray) hits = g_array_new(FALSE, FALSE, sizeof(AddressHit));
    address_scan((Cursor){quote->words, strlen(quote->words)}, hits);
    if (hits->len > 0) {
        *hit = g_array_index(hits, AddressHit, 0);
        return true;
    }
    *hit = (AddressHit){.port = -1};
    return ip_parse(quote->words, strlen(quote->words), &hit->ip);
}

static int quote_port(const Quote *quote)
{
    if (!quote)
        return -1;
    char *end;
    gint64 port = g_ascii_strtoll(quote->words, &end, 10);
    return end != quote->words && port > 0 && port <= 65535 ? (int)port : -1;
}

static bool quote_stamp(const Quote *quote, Stamp *stamp)
{
    size_t length = strlen(quote->words);
    g_autofree char *folded = fold_new(quote->words, length);
    g_autoptr(GArray) stamps = g_array_new(FALSE, FALSE, sizeof(Stamp));
    stamp_scan((Cursor){quote->words, length}, (Cursor){folded, length},
               stamps);
    if (stamps->len == 0)
        return false;
    *stamp = g_array_index(stamps, Stamp, 0);
    return true;
}

static bool quote_zone(const Quote *quote, Zone *zone)
{
    if (!quote)
        return false;
    Cursor in = {quote->words, strlen(quote->words)};
    for (size_t at = 0; at < in.length; at++)
        if ((at == 0 || !cursor_is_word(in, at - 1)) &&
            zone_read(in, at, ZONE_AFTER_ZONE_WORD, zone) > 0)
            return true;
    return false;
}

static void note_time(Finding *finding, const Stamp *stamp,
                      const ReadingFacts *facts)
{
    finding->after_mail = finding->after_mail || facts->is_after_mail;
    finding->zone_missing = finding->zone_missing || facts->zone_is_open;
    if (facts->is_certain)
        return;
    finding->order_open = finding->order_open || stamp->order_is_open;
    finding->year_missing = finding->year_missing ||
                            (stamp->kind == STAMP_FULL && stamp->year == 0);
}

/* A key of what is known: an address at a time, against a port (-1: any). */
static char *seen_key(const Incident *incident, int port)
{
    char text[IP_TEXT_MAX];
    gint64 when = INSTANT_NONE;
    if (incident->time && incident->time->readings->len > 0)
        when = ((Reading *)incident->time->readings->pdata[0])->from;
    return g_strdup_printf("%s %" G_GINT64_FORMAT " %d",
                           ip_text(&incident->address, text), when, port);
}

static Incident *find_known(const Finding *finding, const Incident *incident,
                            int port)
{
    g_autofree char *key = seen_key(incident, port);
    return g_hash_table_lookup(finding->seen, key);
}

/* The incident that says the same. One that cites no port says the same as
 * one that does; but two ports in one second are two events, since a relay's
 * policy may allow the one and refuse the other. */
static Incident *find_same(const Finding *finding, const Incident *incident)
{
    Incident *known = find_known(finding, incident, incident->target_port);
    if (known)
        return known;
    Incident *any = find_known(finding, incident, ANY_PORT);
    return any && (incident->target_port < 0 || any->target_port < 0) ? any
                                                                      : NULL;
}

static void note_known(Finding *finding, Incident *incident)
{
    g_hash_table_replace(finding->seen,
                         seen_key(incident, incident->target_port), incident);
    if (!find_known(finding, incident, ANY_PORT))
        g_hash_table_insert(finding->seen, seen_key(incident, ANY_PORT),
                            incident);
}

/* Keep an incident unless its address is known at that very time. */
static void keep(Finding *finding, Incident *incident)
{
    Incident *known = find_same(finding, incident);
    if (known) {
        known->count += incident->count;
        if (known->target_port < 0 && incident->target_port >= 0) {
            known->target_port = incident->target_port;
            known->port_is_prose = incident->port_is_prose;
            note_known(finding, known);
        }
        if (!known->target)
            known->target = g_steal_pointer(&incident->target);
        incident_free(incident);
        return;
    }
    if (finding->incidents->len >= INCIDENTS_MAX) {
        report_add_flag(finding->report, "too-many-incidents");
        incident_free(incident);
        return;
    }
    note_known(finding, incident);
    g_ptr_array_add(finding->incidents, incident);
}

static CitedTime *statement_time(Finding *finding, const Statement *statement)
{
    Stamp stamp;
    const Quote *quote =
        statement->time ? statement->time : statement->time_last;
    if (!quote || !quote_stamp(quote, &stamp))
        return NULL;
    Zone zone;
    bool has_zone = quote_zone(statement->zone, &zone);
    ReadingFacts facts;
    CitedTime *time = cited_time_new(
        finding->chronology, &stamp, G_MAXUINT, 0, has_zone ? &zone : NULL,
        has_zone ? statement->zone->words : NULL, quote_copy(quote), &facts);
    /* A zone that only the feed's documentation states is a reason for the
     * reading, but nothing that this mail says, unless it does. */
    if (has_zone && !stamp.zone.is_known &&
        statement->zone->place.part == PLACE_NOWHERE &&
        !chronology_states_zone(finding->chronology, &stamp, &zone))
        time->certain = false;
    note_time(finding, &stamp, &facts);
    return time;
}

static CitedTime *pair_time(Finding *finding, const Pair *pair)
{
    if (pair->how == PAIR_NONE)
        return NULL;
    const Page *page = sheet_page(finding->sheet, pair->page);
    Quote *quote =
        page_quote(finding->sheet, page, pair->stamp.at, pair->stamp.length);
    ReadingFacts facts;
    CitedTime *time =
        cited_time_new(finding->chronology, &pair->stamp, pair->page,
                       pair->line, NULL, NULL, quote, &facts);
    note_time(finding, &pair->stamp, &facts);
    if (pair->how == PAIR_PAGE || pair->how == PAIR_ELSEWHERE ||
        pair->how == PAIR_SUBJECT)
        finding->far_time = true;
    if (pair->how == PAIR_CLERICAL)
        finding->own_time = true;
    return time;
}

/* X-ARF's Date is the event's, but some reporters write their own there and
 * say below when it was first seen: that counts, if it is earlier. */
static void prefer_first_seen(Finding *finding, const Player *player,
                              Incident *incident)
{
    Pair pair = pair_find(finding->chronology, finding->cast, player);
    if (g_strcmp0(finding->report->format, "xarf-mail") != 0 ||
        incident->time->readings->len == 0 || !pair_is_first_seen(&pair))
        return;
    CitedTime *first = pair_time(finding, &pair);
    const Reading *stated = incident->time->readings->pdata[0];
    bool is_earlier =
        first->certain && first->readings->len > 0 &&
        ((Reading *)first->readings->pdata[0])->from < stated->from;
    CitedTime *other = is_earlier ? incident->time : first;
    incident->time = is_earlier ? first : incident->time;
    cited_time_free(other);
}

static void add_statement(Finding *finding, const Statement *statement)
{
    AddressHit hit;
    if (!quote_address(statement->address, &hit))
        return;
    Incident *incident = g_new0(Incident, 1);
    incident->address = hit.ip;
    incident->address_quote = quote_copy(statement->address);
    incident->port = quote_port(statement->port);
    if (incident->port < 0)
        incident->port = hit.port;
    incident->target = quote_copy(statement->target);
    incident->target_port = quote_port(statement->target_port);
    if (statement->protocol)
        incident->protocol = g_ascii_strdown(statement->protocol->words, 15);
    incident->role = ROLE_OFFENDER;
    incident->role_why = g_strdup("stated by the report's format");
    incident->category = g_strdup(statement->category);
    incident->count = 1;
    incident->time = statement_time(finding, statement);
    const Player *player = cast_find(finding->cast, &hit.ip);
    if (incident->time && player && finding->report->statements->len == 1)
        prefer_first_seen(finding, player, incident);
    if (!incident->time && player) {
        Pair pair = pair_find(finding->chronology, finding->cast, player);
        incident->time = pair_time(finding, &pair);
    }
    if (!incident->time)
        finding->no_time = true;
    keep(finding, incident);
}

/* The tables of a page, cut when first asked for. */
static const Tables *page_tables(Finding *finding, guint page)
{
    Tables **tables = (Tables **)&finding->tables->pdata[page];
    if (!*tables)
        *tables = tables_new(sheet_page(finding->sheet, page));
    return *tables;
}

/* What a player did, or that it is there; pair: when, or NULL; lost: to be
 * said with its first event. */
static void add_event(Finding *finding, const Player *player, const Pair *pair,
                      guint count, const Loser *lost)
{
    Incident *incident = g_new0(Incident, 1);
    const Mention *telling = cast_mention(
        finding->cast,
        pair && pair->how != PAIR_NONE ? pair->mention : player->telling);
    incident->address = player->ip;
    incident->port = incident->target_port = -1;
    incident->role = player->role;
    incident->role_why = g_strdup(player->why);
    incident->role_lost = loser_copy(lost);
    incident->count = MAX(count, 1);
    if (pair) {
        incident->time = pair_time(finding, pair);
        target_read(finding->sheet, finding->cast,
                    page_tables(finding, telling->page), telling, incident);
    }
    const Page *page = sheet_page(finding->sheet, telling->page);
    const AddressHit *hit = page_address(page, telling->address);
    incident->address_quote =
        page_quote(finding->sheet, page, hit->at, hit->length);
    keep(finding, incident);
}

static void add_offender(Finding *finding, const Player *player)
{
    g_autoptr(GArray) more = g_array_new(FALSE, FALSE, sizeof(Pair));
    Pair best = pair_find(finding->chronology, finding->cast, player);
    if (!pair_find_more(finding->chronology, finding->cast, player, &best,
                        more))
        report_add_flag(finding->report, "too-many-incidents");
    if (best.how == PAIR_NONE)
        finding->no_time = true;
    add_event(finding, player, &best,
              best.how == PAIR_NONE ? player->mentions->len : 1, player->lost);
    for (guint i = 0; i < more->len; i++)
        add_event(finding, player, &g_array_index(more, Pair, i), 1, NULL);
}

/* One Received field of a reported message, if it tells of a hop from outside.
 * The mail itself accuses nobody and such fields can be forged: only a member's
 * address is taken for the accused. */
static bool add_hop(Finding *finding, const MailHeader *header)
{
    AddressHit hit;
    Stamp stamp;
    if (g_ascii_strcasecmp(header->name, "Received") != 0 ||
        !hop_read(header->value, &hit, &stamp))
        return false;
    Place place = {.part = PLACE_NOWHERE, .raw_at = header->raw_at};
    Incident *incident = g_new0(Incident, 1);
    incident->address = hit.ip;
    incident->address_quote =
        quote_new(header->value + hit.at, hit.length, place);
    incident->port = incident->target_port = -1;
    bool is_hinted = ip_is_hinted(finding->hints, &hit.ip);
    incident->role = is_hinted ? ROLE_OFFENDER : ROLE_MAIL_RELAY;
    incident->role_why = g_strdup("it handed the reported message in");
    incident->count = 1;
    ReadingFacts facts;
    incident->time = cited_time_new(
        finding->chronology, &stamp, G_MAXUINT, 0, NULL, NULL,
        quote_new(header->value + stamp.at, stamp.length, place), &facts);
    if (is_hinted)
        note_time(finding, &stamp, &facts);
    keep(finding, incident);
    return is_hinted;
}

/* Feedback loops that send the reported message and no word about it. True if
 * one of its hops is a member's. */
static bool add_inner_hops(Finding *finding)
{
    const Mail *mail = finding->sheet->mail;
    for (guint i = 0; i < mail->parts->len; i++) {
        const MailPart *part = mail->parts->pdata[i];
        bool is_inner = part->parent >= 0 &&
                        ((MailPart *)mail->parts->pdata[part->parent])->kind ==
                            PART_MESSAGE;
        for (guint h = 0; is_inner && h < MIN(part->headers->len, 50); h++)
            if (add_hop(finding, part->headers->pdata[h]))
                return true;
    }
    return false;
}

static GArray *named_by_statements(const Report *report)
{
    GArray *named = g_array_new(FALSE, FALSE, sizeof(IpAddress));
    for (guint i = 0; i < report->statements->len; i++) {
        const Statement *statement = report->statements->pdata[i];
        AddressHit hit;
        if (quote_address(statement->address, &hit))
            g_array_append_val(named, hit.ip);
    }
    return named;
}

/* A program wrote it of itself, and it names no abuse: monitoring, notices. */
static bool is_programs_notice(const Mail *mail)
{
    const char *value = mail_header(mail, "Auto-Submitted");
    return value && g_ascii_strncasecmp(value, "auto-", strlen("auto-")) == 0;
}

static Accusal accusal_of(const Mail *mail, const Report *report)
{
    switch (report->disposition) {
    case DISPOSITION_COMPLAINT:
    case DISPOSITION_LEGAL:
    case DISPOSITION_REPLY:
    case DISPOSITION_UNREADABLE:
        return ACCUSES;
    case DISPOSITION_OTHER:
        if (g_strcmp0(report->format, "arf") == 0)
            return ACCUSES_NOBODY; /* it says itself that it is no abuse */
        return is_programs_notice(mail) ||
                       g_str_has_prefix(report->disposition_why, "it says")
                   ? ACCUSES_TOLD
                   : ACCUSES;
    case DISPOSITION_QUESTION:
        return ACCUSES_TOLD;
    case DISPOSITION_BOUNCE:
    case DISPOSITION_AUTO_REPLY:
    case DISPOSITION_ACKNOWLEDGEMENT:
    case DISPOSITION_NEWSLETTER:
    case DISPOSITION_AGGREGATE:
    case DISPOSITION_COUNT:
        return ACCUSES_NOBODY;
    }
    return ACCUSES_NOBODY;
}

static void add_flags(const Finding *finding, bool has_offender)
{
    Report *report = finding->report;
    standing_flag(finding->sheet, finding->cast, report);
    if (subject_contradicts(finding->sheet, finding->cast))
        report_add_flag(report, "subject-contradicts");
    if (!has_offender)
        report_add_flag(report, "no-address");
    if (finding->cast->is_unclear ||
        subject_names_hop(finding->sheet, finding->cast) ||
        (has_offender && report->disposition == DISPOSITION_OTHER &&
         report->statements->len > 0))
        report_add_flag(report, "offender-unclear");
    if (finding->no_time)
        report_add_flag(report, "no-time");
    if (finding->zone_missing)
        report_add_flag(report, "zone-missing");
    if (finding->order_open)
        report_add_flag(report, "date-order-unclear");
    if (finding->year_missing)
        report_add_flag(report, "year-missing");
    if (finding->after_mail)
        report_add_flag(report, "time-after-mail");
    if (finding->far_time)
        report_add_flag(report, "time-far-from-address");
    if (finding->own_time)
        report_add_flag(report, "time-of-the-report");
    target_sole(finding->sheet, finding->cast, finding->incidents);
    if (mail_port_is_missing(finding->sheet, finding->incidents))
        report_add_flag(report, "mail-port-missing");
}

static void add_all(Finding *finding)
{
    const Report *report = finding->report;
    for (guint i = 0; i < report->statements->len; i++)
        add_statement(finding, report->statements->pdata[i]);
    bool has_stated = finding->incidents->len > 0;
    const Cast *cast = finding->cast;
    for (guint i = 0; i < cast->players->len && !has_stated; i++)
        if (cast_player(cast, i)->role == ROLE_OFFENDER)
            add_offender(finding, cast_player(cast, i));
    bool has_offender = finding->incidents->len > 0;
    if (!has_offender &&
        accusal_of(finding->sheet->mail, report) != ACCUSES_NOBODY)
        has_offender = add_inner_hops(finding);
    guint others = 0;
    for (guint i = 0; i < cast->players->len && others < OTHERS_MAX; i++)
        if (cast_player(cast, i)->role != ROLE_OFFENDER) {
            const Player *other = cast_player(cast, i);
            add_event(finding, other, NULL, other->mentions->len, other->lost);
            others++;
        }
    add_flags(finding, has_offender);
}

GPtrArray *incident_find(const Mail *mail, Report *report, const GArray *hints)
{
    g_autoptr(Sheet) sheet = sheet_new(mail, report);
    g_autoptr(Chronology) chronology = chronology_new(sheet);
    g_autoptr(GArray) named = named_by_statements(report);
    g_autoptr(Cast) cast =
        cast_new(sheet, report, named, hints, accusal_of(mail, report));
    Finding finding = {
        .sheet = sheet,
        .chronology = chronology,
        .cast = cast,
        .report = report,
        .hints = hints,
        .incidents =
            g_ptr_array_new_with_free_func((GDestroyNotify)incident_free),
        .tables = g_ptr_array_new_with_free_func((GDestroyNotify)tables_free),
        .seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
    };
    g_ptr_array_set_size(finding.tables, (int)sheet->pages->len);
    add_all(&finding);
    g_ptr_array_unref(finding.tables);
    g_hash_table_unref(finding.seen);
    return finding.incidents;
}
