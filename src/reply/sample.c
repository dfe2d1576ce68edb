#include "reply/sample.h"

#include <string.h>

#define SAMPLE_NOW       INT64_C(1777897200) /* 2026-05-04 12:20:00 UTC */
#define SAMPLE_EVENT     INT64_C(1777816931) /* 2026-05-03 14:02:11 UTC */
#define SAMPLE_CONSENSUS INT64_C(1777816800) /* 2026-05-03 14:00:00 UTC */
#define SAMPLE_EVENTS    4

static const char SAMPLE_HEADER[] =
    "From: Example NOC <noc@shop.example>\r\n"
    "To: abuse@umbrella.example\r\n"
    "Message-ID: <a1.2026@shop.example>\r\n"
    "References: <a0.2026@shop.example>\r\n\r\n";

static const Place NOWHERE = {.part = PLACE_NOWHERE};

static Quote *quote_of(const char *words)
{
    return quote_new(words, strlen(words), NOWHERE);
}

/* ---- the member ------------------------------------------------------- */

static void statement_of_member_free(void *data)
{
    MemberStatement *statement = data;
    g_free(statement->name);
    g_free(statement->text);
    g_free(statement->by);
    g_free(statement);
}

static const struct {
    SampleBranch branch;
    const char *name, *text;
    Instant said, until;
} STATEMENTS[] = {
    {SAMPLE_NO_LOGS, "no-logs", "We keep no record of connections.",
     SAMPLE_NOW - 30 * INSTANT_DAY_S, INSTANT_NONE},
    {SAMPLE_NON_PROFIT, "non-profit", "We are a registered association.",
     SAMPLE_NOW - 30 * INSTANT_DAY_S, INSTANT_NONE},
    {SAMPLE_CHECKED, "host-checked", "We found nothing amiss.",
     SAMPLE_NOW - INSTANT_HOUR_S, SAMPLE_NOW + 30 * INSTANT_DAY_S},
    {SAMPLE_SHARED, "address-shared", "Others use our addresses, too.",
     SAMPLE_NOW - 30 * INSTANT_DAY_S, INSTANT_NONE},
};

static void add_statements(Member *member, uint32_t branches)
{
    for (guint i = 0; i < G_N_ELEMENTS(STATEMENTS); i++) {
        if (!(branches & STATEMENTS[i].branch))
            continue;
        MemberStatement *statement = g_new0(MemberStatement, 1);
        statement->name = g_strdup(STATEMENTS[i].name);
        statement->text = g_strdup(STATEMENTS[i].text);
        statement->by = g_strdup("the board");
        statement->said = STATEMENTS[i].said;
        statement->until = STATEMENTS[i].until;
        g_ptr_array_add(member->statements, statement);
    }
}

static Member *sample_member(uint32_t branches)
{
    Member *member = g_new0(Member, 1);
    member->id = g_strdup("library-example");
    member->name = g_strdup("Example Town Library");
    member->country = g_strdup("DE");
    member->language = g_strdup("de");
    member->address = g_strdup("abuse@library.example");
    if (branches & SAMPLE_WEBSITE)
        member->website = g_strdup("https://library.example/tor");
    member->statements =
        g_ptr_array_new_with_free_func(statement_of_member_free);
    add_statements(member, branches);
    member->automation = AUTOMATION_AUTO;
    member->ceiling = CEILING_AUTOMATIC;
    member->consent_given = SAMPLE_NOW - 100 * INSTANT_DAY_S;
    member->ended = INSTANT_NONE;
    return member;
}

/* ---- the complaint ---------------------------------------------------- */

static void reading_of_time_free(void *data)
{
    Reading *reading = data;
    g_free(reading->why);
    g_free(reading);
}

static CitedTime *sample_time(Instant when, bool is_certain)
{
    CitedTime *time = g_new0(CitedTime, 1);
    time->quote = quote_of("May  3 14:02:11");
    time->certain = is_certain;
    time->readings = g_ptr_array_new_with_free_func(reading_of_time_free);
    for (int i = 0; i < (is_certain ? 1 : 2); i++) {
        Reading *reading = g_new0(Reading, 1);
        reading->from = reading->to = when + i * INSTANT_HOUR_S;
        reading->why = g_strdup("sample");
        g_ptr_array_add(time->readings, reading);
    }
    return time;
}

static Incident *sample_incident(uint32_t branches, guint index)
{
    Incident *incident = g_new0(Incident, 1);
    const char *address = index % 2 ? "2001:db8::77" : "192.0.2.77";
    g_assert(ip_parse(address, strlen(address), &incident->address));
    incident->address_quote = quote_of(address);
    incident->port = -1;
    incident->target_port = branches & SAMPLE_PORT ? 22 : -1;
    incident->protocol = g_strdup(branches & SAMPLE_UDP ? "udp" : "tcp");
    incident->role = ROLE_OFFENDER;
    incident->role_why = g_strdup("sample");
    incident->time =
        sample_time(SAMPLE_EVENT + index * 60, branches & SAMPLE_TIME);
    incident->count = 1;
    return incident;
}

static void add_reference(Report *report)
{
    Reference *reference = g_new0(Reference, 1);
    reference->value = quote_of("NOC-20260503-17");
    reference->where = g_strdup("subject");
    g_ptr_array_add(report->references, reference);
}

static Findings *sample_findings(uint32_t branches, const char *category)
{
    Report *report = report_new_unreadable("sample");
    report->disposition = DISPOSITION_COMPLAINT;
    report->sender_class = SENDER_PERSON;
    report->reporter_address = g_strdup("noc@shop.example");
    g_free(report->category);
    report->category = g_strdup(category);
    g_free(report->language);
    report->language = g_strdup("en");
    if (branches & SAMPLE_REFERENCE)
        add_reference(report);
    GPtrArray *incidents =
        g_ptr_array_new_with_free_func((GDestroyNotify)incident_free);
    guint count = branches & SAMPLE_SEVERAL ? SAMPLE_EVENTS : 1;
    for (guint i = 0; i < count; i++)
        g_ptr_array_add(incidents, sample_incident(branches, i));
    return findings_new(report, incidents);
}

/* ---- the relay record ------------------------------------------------- */

static Verdict sample_verdict(uint32_t branches)
{
    return branches & SAMPLE_EXIT          ? VERDICT_EXIT
           : branches & SAMPLE_PORT_CLOSED ? VERDICT_PORT_CLOSED
           : branches & SAMPLE_NOT_EXIT    ? VERDICT_NOT_EXIT
           : branches & SAMPLE_NOT_LISTED  ? VERDICT_NOT_LISTED
           : branches & SAMPLE_NOT_OURS    ? VERDICT_NOT_OURS
                                           : VERDICT_UNDECIDABLE;
}

static RelaySighting *sample_relay(uint32_t branches)
{
    RelaySighting *relay = g_new0(RelaySighting, 1);
    memset(relay->fingerprint, 0xAB, FINGERPRINT_BYTES);
    relay->listed = (Interval){SAMPLE_CONSENSUS - 90 * INSTANT_DAY_S,
                               SAMPLE_CONSENSUS + INSTANT_DAY_S / 2};
    relay->policy = branches & SAMPLE_EXIT ? POLICY_ACCEPTED : POLICY_REJECTED;
    relay->policy_text =
        g_strdup(branches & SAMPLE_NOT_EXIT    ? "reject 1-65535"
                 : branches & SAMPLE_ALL_PORTS ? "accept 1-65535"
                                               : "accept 22,80,443");
    return relay;
}

static RelayDocument *sample_document(const char *type, Instant when, char hex,
                                      const char *name)
{
    RelayDocument *document = g_new0(RelayDocument, 1);
    document->type = type;
    document->when = when;
    document->sha256 = g_strnfill(64, hex);
    document->name = g_strdup(name);
    return document;
}

static Match *sample_match(uint32_t branches)
{
    Match *match = g_new0(Match, 1);
    match->verdict = sample_verdict(branches);
    match->why = g_strdup("sample");
    match->member = g_strdup("library-example");
    match->is_certain = match->verdict != VERDICT_UNDECIDABLE;
    match->relays =
        g_ptr_array_new_with_free_func((GDestroyNotify)relay_sighting_free);
    match->documents =
        g_ptr_array_new_with_free_func((GDestroyNotify)relay_document_free);
    match->readings = g_ptr_array_new();
    if (!match->is_certain)
        return match;
    g_ptr_array_add(match->documents,
                    sample_document("consensus", SAMPLE_CONSENSUS, 'a',
                                    "2026-05-03-14-00-00-consensus"));
    if (!(branches & (SAMPLE_NOT_LISTED | SAMPLE_NOT_OURS)))
        g_ptr_array_add(match->relays, sample_relay(branches));
    return match;
}

static Ticket *sample_ticket(const Sample *sample, uint32_t branches)
{
    Ticket *ticket = g_new0(Ticket, 1);
    ticket->member = g_strdup(sample->member->id);
    ticket->incidents = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < sample->findings->incidents->len; i++)
        g_array_append_val(ticket->incidents, i);
    ticket->verdict = sample_verdict(branches);
    ticket->category = g_strdup(sample->findings->report->category);
    ticket->why = g_strdup("sample");
    return ticket;
}

static ReplyContext sample_context(const Sample *sample, uint32_t branches)
{
    return (ReplyContext){
        .case_id = "EX-2026-00142-K",
        .member = branches & SAMPLE_DESK ? NULL : sample->member,
        .findings = sample->findings,
        .ticket = sample->ticket,
        .matches = (const Match *const *)sample->matches->pdata,
        .desk_name = "Example Umbrella",
        .desk_address = "abuse@umbrella.example",
        .message_domain = "umbrella.example",
        .bounce_address = "bounce@umbrella.example",
        .strict = sample->strict,
        .to = "noc@shop.example",
        .now = SAMPLE_NOW,
        .token = "0123456789abcdef",
        .loop_key = sample->key,
        .is_held = branches & SAMPLE_HELD,
        .remedy = sample->remedy,
        .retention =
            branches & SAMPLE_NO_LOGS ? RETENTION_NONE : RETENTION_UNKNOWN,
    };
}

/* ---- all branches ------------------------------------------------------ */

static const struct {
    SampleBranch branch;
    const char *words;
} BRANCH_WORDS[] = {
    {SAMPLE_EXIT, "an exit"},
    {SAMPLE_PORT_CLOSED, "closed to the port"},
    {SAMPLE_NOT_EXIT, "no exit"},
    {SAMPLE_NOT_LISTED, "no relay"},
    {SAMPLE_NOT_OURS, "not ours"},
    {SAMPLE_TIME, "time is clear"},
    {SAMPLE_SEVERAL, "several events"},
    {SAMPLE_PORT, "port cited"},
    {SAMPLE_REFERENCE, "reference"},
    {SAMPLE_WEBSITE, "web page"},
    {SAMPLE_NO_LOGS, "no logs"},
    {SAMPLE_HELD, "read by a person"},
    {SAMPLE_NON_PROFIT, "non-profit"},
    {SAMPLE_CHECKED, "machine checked"},
    {SAMPLE_SHARED, "address shared"},
    {SAMPLE_UDP, "UDP"},
    {SAMPLE_ALL_PORTS, "all ports"},
    {SAMPLE_REMEDY, "closed since"},
    {SAMPLE_DESK, "the desk speaks"},
};

char *sample_branch_title(uint32_t branches)
{
    g_autoptr(GString) title =
        g_string_new(branches & SAMPLE_VERDICTS ? "" : "undecided");
    for (guint i = 0; i < G_N_ELEMENTS(BRANCH_WORDS); i++)
        if (branches & BRANCH_WORDS[i].branch)
            g_string_append_printf(title, "%s%s", title->len > 0 ? ", " : "",
                                   BRANCH_WORDS[i].words);
    return g_string_free(g_steal_pointer(&title), FALSE);
}

/* The usual letter of each verdict comes first. */
GArray *sample_all_branches(void)
{
    static const uint32_t VERDICTS[] = {SAMPLE_EXIT,     SAMPLE_PORT_CLOSED,
                                        SAMPLE_NOT_EXIT, SAMPLE_NOT_LISTED,
                                        SAMPLE_NOT_OURS, 0};
    const uint32_t others =
        ((1u << SAMPLE_BRANCHES) - 1) & ~SAMPLE_VERDICTS & ~SAMPLE_DESK;
    const uint32_t bases[] = {SAMPLE_USUAL & others, 0, others};
    GArray *all = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint v = 0; v < G_N_ELEMENTS(VERDICTS); v++)
        for (guint b = 0; b < G_N_ELEMENTS(bases); b++) {
            uint32_t base = VERDICTS[v] | bases[b];
            g_array_append_val(all, base);
            for (uint32_t bit = 1; bit <= others; bit <<= 1) {
                uint32_t flipped = base ^ bit;
                if (bit & others)
                    g_array_append_val(all, flipped);
            }
        }
    return all;
}

Sample *sample_new(uint32_t branches, const char *category)
{
    Sample *sample = g_new0(Sample, 1);
    sample->member = sample_member(branches);
    sample->findings = sample_findings(branches, category);
    sample->ticket = sample_ticket(sample, branches);
    sample->matches =
        g_ptr_array_new_with_free_func((GDestroyNotify)match_free);
    for (guint i = 0; i < sample->findings->incidents->len; i++)
        g_ptr_array_add(sample->matches, sample_match(branches));
    sample->strict =
        strict_header_scan(SAMPLE_HEADER, sizeof SAMPLE_HEADER - 1);
    if (branches & SAMPLE_REMEDY)
        sample->remedy =
            sample_document("server-descriptor", SAMPLE_NOW - INSTANT_HOUR_S,
                            'b', "descriptor");
    sample->key = g_bytes_new_static("sample", 6);
    sample->context = sample_context(sample, branches);
    return sample;
}

void sample_free(Sample *sample)
{
    if (!sample)
        return;
    member_free(sample->member);
    findings_free(sample->findings);
    ticket_free(sample->ticket);
    g_ptr_array_unref(sample->matches);
    strict_header_free(sample->strict);
    relay_document_free(sample->remedy);
    g_bytes_unref(sample->key);
    g_free(sample);
}
