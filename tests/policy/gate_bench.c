#include "gate_bench.h"

#include <stdlib.h>
#include <string.h>

#define NOW INT64_C(1777897200)

static const GateLimits LIMITS = {.address_1d = 1,
                                  .address_7d = 3,
                                  .domain_s1_1d = 5,
                                  .domain_s2_1d = 20,
                                  .member_1d = 200,
                                  .all_1h = 60,
                                  .all_1d = 500,
                                  .case_letters = 1,
                                  .thread_letters = 2,
                                  .domain_new_1d = 5,
                                  .first_letters = 200,
                                  .first_of_template = 10};

GateBench *gate_bench_new(void)
{
    GateBench *b = g_new0(GateBench, 1);
    b->member = (Member){.id = (char *)"library-example",
                         .consent_given = NOW - 1000,
                         .ended = INSTANT_NONE};
    b->report = (Report){.disposition = DISPOSITION_COMPLAINT,
                         .sender_class = SENDER_PERSON,
                         .reporter_address = (char *)"noc@shop.example",
                         .category = (char *)"connection/port_scan",
                         .flags = g_ptr_array_new(),
                         .demands = g_ptr_array_new_with_free_func(g_free),
                         .channels = g_ptr_array_new_with_free_func(g_free)};
    b->incidents[0].role = b->incidents[1].role = ROLE_OFFENDER;
    b->incidents[0].target_port = b->incidents[2].target_port = 443;
    b->findings =
        (Findings){.report = &b->report, .incidents = g_ptr_array_new()};
    g_ptr_array_add(b->findings.incidents, &b->incidents[0]);
    b->strict = (StrictHeader){.from = (char *)"noc@shop.example",
                               .ambiguous = g_ptr_array_new(),
                               .received_count = 3};
    b->known = (Authentication){.level = AUTH_S2,
                                .destination = (char *)"noc@shop.example"};
    b->ticket = (Ticket){.member = (char *)"library-example",
                         .verdict = VERDICT_EXIT,
                         .category = (char *)"connection/port_scan",
                         .incidents = g_array_new(FALSE, TRUE, sizeof(guint))};
    g_array_set_size(b->ticket.incidents, 1); /* the first of the findings */
    b->match = (Match){.verdict = VERDICT_EXIT,
                       .member = (char *)"library-example",
                       .is_certain = true};
    b->matches[0] = &b->match;
    b->rule = (PolicyRule){.reply = REPLY_YES,
                           .automatic = AUTO_ALLOWED,
                           .template = "port-scan",
                           .verdicts = 1u << VERDICT_EXIT};
    b->input = (GateInput){
        .envelope_from = "noc@shop.example",
        .strict = &b->strict,
        .findings = &b->findings,
        .authentication = &b->known,
        .ticket = &b->ticket,
        .matches = b->matches,
        .match_count = 1,
        .member = &b->member,
        .member_count = 1,
        .rule = &b->rule,
        .automation = AUTOMATION_AUTO,
        .template_found = true,
        .template_reviewed = true,
        .claims_hold = true,
        .relay_data_is_fresh = true,
        .own_recipient = true,
        .limits = LIMITS,
        .counts = {.letters_ever = 200, .of_template_ever = 10},
        .border_is_proven = true,
    };
    return b;
}

void gate_bench_free(GateBench *bench)
{
    g_ptr_array_unref(bench->report.flags);
    g_ptr_array_unref(bench->report.demands);
    g_ptr_array_unref(bench->report.channels);
    g_ptr_array_unref(bench->strict.ambiguous);
    g_ptr_array_unref(bench->findings.incidents);
    g_array_unref(bench->ticket.incidents);
    g_free(bench);
}

static bool is_yes(const char *value)
{
    return g_str_equal(value, "yes");
}

/* The interned value, or NULL for "-". */
static char *text_of(const char *value)
{
    return g_str_equal(value, "-") ? NULL : (char *)g_intern_string(value);
}

static bool set_mail(GateBench *b, const char *key, const char *value)
{
    if (g_str_equal(key, "envelope"))
        b->input.envelope_from = g_str_equal(value, "<>") ? "" : text_of(value);
    else if (g_str_equal(key, "from"))
        b->strict.from = b->report.reporter_address = text_of(value);
    else if (g_str_equal(key, "reader-from"))
        b->report.reporter_address = text_of(value);
    else if (g_str_equal(key, "auto"))
        b->strict.auto_submitted = text_of(value);
    else if (g_str_equal(key, "return-path"))
        b->strict.return_path =
            g_str_equal(value, "<>") ? (char *)"" : text_of(value);
    else if (g_str_equal(key, "odd-auto"))
        b->strict.auto_is_odd = is_yes(value);
    else if (g_str_equal(key, "report-type")) {
        b->strict.content_type = (char *)"multipart/report";
        b->strict.report_type = text_of(value);
    } else if (g_str_equal(key, "content-type"))
        b->strict.content_type = text_of(value);
    else if (g_str_equal(key, "list"))
        b->strict.is_list = is_yes(value);
    else if (g_str_equal(key, "bulk"))
        b->strict.is_bulk = is_yes(value);
    else if (g_str_equal(key, "suppressed"))
        b->strict.is_suppressed = is_yes(value);
    else if (g_str_equal(key, "spam"))
        b->strict.is_spam = is_yes(value);
    else if (g_str_equal(key, "loop"))
        b->strict.loop_token = text_of(value);
    else if (g_str_equal(key, "received"))
        b->strict.received_count = (uint32_t)atoi(value);
    else if (g_str_equal(key, "ambiguous"))
        g_ptr_array_add(b->strict.ambiguous, text_of(value));
    else
        return false;
    return true;
}

static Disposition disposition_of(const char *word)
{
    for (guint i = 0; i < DISPOSITION_COUNT; i++)
        if (g_str_equal(word, disposition_word((Disposition)i)))
            return (Disposition)i;
    g_error("no disposition %s", word);
}

static SenderClass sender_of(const char *word)
{
    for (guint i = 0; i < SENDER_COUNT; i++)
        if (g_str_equal(word, sender_class_word((SenderClass)i)))
            return (SenderClass)i;
    g_error("no sender class %s", word);
}

static Verdict verdict_of(const char *word)
{
    for (guint i = 0; i < VERDICT_COUNT; i++)
        if (g_str_equal(word, verdict_word((Verdict)i)))
            return (Verdict)i;
    g_error("no verdict %s", word);
}

static void add_demand(GateBench *b, const char *word)
{
    for (guint i = 0; i < DEMAND_COUNT; i++) {
        if (!g_str_equal(word, demand_kind_word((DemandKind)i)))
            continue;
        Demand *demand = g_new0(Demand, 1);
        demand->kind = (DemandKind)i;
        g_ptr_array_add(b->report.demands, demand);
        return;
    }
    g_error("no demand %s", word);
}

static void add_channel(GateBench *b, const char *word)
{
    for (guint i = 0; i < CHANNEL_COUNT; i++) {
        if (!g_str_equal(word, channel_kind_word((ChannelKind)i)))
            continue;
        Channel *channel = g_new0(Channel, 1);
        channel->kind = (ChannelKind)i;
        g_ptr_array_add(b->report.channels, channel);
        return;
    }
    g_error("no channel %s", word);
}

static bool set_report(GateBench *b, const char *key, const char *value)
{
    if (g_str_equal(key, "disposition"))
        b->report.disposition = disposition_of(value);
    else if (g_str_equal(key, "sender"))
        b->report.sender_class = sender_of(value);
    else if (g_str_equal(key, "sensitive"))
        b->report.sensitive |= (uint32_t)atoi(value);
    else if (g_str_equal(key, "category"))
        b->report.category = text_of(value);
    else if (g_str_equal(key, "ticket-category"))
        b->ticket.category = text_of(value);
    else if (g_str_equal(key, "claimed"))
        b->report.claimed_address = text_of(value);
    else if (g_str_equal(key, "flag"))
        g_ptr_array_add(b->report.flags, text_of(value));
    else if (g_str_equal(key, "demand"))
        add_demand(b, value);
    else if (g_str_equal(key, "channel"))
        add_channel(b, value);
    else if (g_str_equal(key, "format"))
        b->report.format = text_of(value);
    else
        return false;
    return true;
}

static bool set_match(GateBench *b, const char *key, const char *value)
{
    if (g_str_equal(key, "level"))
        b->known.level = (AuthLevel)(value[1] - '0');
    else if (g_str_equal(key, "destination"))
        b->known.destination =
            g_str_equal(value, "<>") ? (char *)"" : text_of(value);
    else if (g_str_equal(key, "verdict"))
        b->match.verdict = b->ticket.verdict = verdict_of(value);
    else if (g_str_equal(key, "authentication"))
        b->input.authentication = NULL;
    else if (g_str_equal(key, "match-verdict"))
        b->match.verdict = verdict_of(value);
    else if (g_str_equal(key, "certain"))
        b->match.is_certain = is_yes(value);
    else if (g_str_equal(key, "match-member"))
        b->match.member = text_of(value);
    else if (g_str_equal(key, "matches")) {
        b->input.match_count = g_str_equal(value, "0") ? 0 : 1;
        b->matches[0] = g_str_equal(value, "-") ? NULL : &b->match;
    } else if (g_str_equal(key, "member")) {
        b->input.member = NULL;
        b->input.member_count = 0;
        b->match.member = b->ticket.member = NULL;
    } else if (g_str_equal(key, "other")) {
        b->incidents[1].role = is_yes(value) ? ROLE_OFFENDER : ROLE_VICTIM;
        g_ptr_array_add(b->findings.incidents, &b->incidents[1]);
    } else if (g_str_equal(key, "row-category")) {
        const guint second = b->findings.incidents->len;
        b->incidents[2].category = text_of(value);
        g_ptr_array_add(b->findings.incidents, &b->incidents[2]);
        g_array_append_val(b->ticket.incidents, second);
    } else if (g_str_equal(key, "members"))
        b->input.member_count = (guint)atoi(value);
    else if (g_str_equal(key, "port"))
        b->incidents[0].target_port = atoi(value);
    else if (g_str_equal(key, "consent"))
        b->member.consent_given = INSTANT_NONE;
    else if (g_str_equal(key, "ended"))
        b->member.ended = NOW;
    else if (g_str_equal(key, "agreed"))
        b->input.has_agreed = is_yes(value);
    else if (g_str_equal(key, "automation"))
        b->input.automation = g_str_equal(value, "off")    ? AUTOMATION_OFF
                              : g_str_equal(value, "hold") ? AUTOMATION_HOLD
                                                           : AUTOMATION_AUTO;
    else
        return false;
    return true;
}

static bool set_policy(GateBench *b, const char *key, const char *value)
{
    if (g_str_equal(key, "rule"))
        b->input.rule = NULL;
    else if (g_str_equal(key, "reply"))
        b->rule.reply = g_str_equal(value, "no")      ? REPLY_NO
                        : g_str_equal(value, "staff") ? REPLY_STAFF
                                                      : REPLY_YES;
    else if (g_str_equal(key, "automatic"))
        b->rule.automatic =
            g_str_equal(value, "never") ? AUTO_NEVER : AUTO_ALLOWED;
    else if (g_str_equal(key, "verdicts"))
        b->rule.verdicts = (uint32_t)atoi(value);
    else if (g_str_equal(key, "template"))
        b->input.template_found = is_yes(value);
    else if (g_str_equal(key, "reviewed"))
        b->input.template_reviewed = is_yes(value);
    else if (g_str_equal(key, "claims"))
        b->input.claims_hold = is_yes(value);
    else if (g_str_equal(key, "paused"))
        b->input.is_paused = is_yes(value);
    else if (g_str_equal(key, "member-held"))
        b->input.member_is_held = is_yes(value);
    else if (g_str_equal(key, "observing"))
        b->input.is_observing = is_yes(value);
    else if (g_str_equal(key, "fresh"))
        b->input.relay_data_is_fresh = is_yes(value);
    else if (g_str_equal(key, "own-sender"))
        b->input.own_sender = is_yes(value);
    else if (g_str_equal(key, "own-recipient"))
        b->input.own_recipient = is_yes(value);
    else if (g_str_equal(key, "own-message-id"))
        b->input.own_message_id = is_yes(value);
    else if (g_str_equal(key, "only-resent"))
        b->input.only_resent = is_yes(value);
    else if (g_str_equal(key, "own-received"))
        b->input.own_received = (uint32_t)atoi(value);
    else if (g_str_equal(key, "domain-new"))
        b->input.domain_is_new = is_yes(value);
    else if (g_str_equal(key, "breaker"))
        b->input.breaker_is_open = g_str_equal(value, "open");
    else if (g_str_equal(key, "border"))
        b->input.border_is_proven = g_str_equal(value, "proven");
    else if (g_str_equal(key, "duplicate"))
        b->input.is_duplicate = is_yes(value);
    else if (g_str_equal(key, "answers-us"))
        b->input.answers_us = is_yes(value);
    else if (g_str_equal(key, "old"))
        b->input.is_old_mail = is_yes(value);
    else
        return false;
    return true;
}

static bool set_count(GateBench *b, const char *key, const char *value)
{
    GateCounts *counts = &b->input.counts;
    const struct {
        const char *key;
        uint32_t *field;
    } FIELDS[] = {
        {"address-1d", &counts->to_address_1d},
        {"address-7d", &counts->to_address_7d},
        {"domain-1d", &counts->to_domain_1d},
        {"member-1d", &counts->by_member_1d},
        {"all-1h", &counts->all_1h},
        {"all-1d", &counts->all_1d},
        {"case-letters", &counts->case_letters},
        {"thread-letters", &counts->thread_letters},
        {"same-1d", &counts->same_1d},
        {"same-7d", &counts->same_7d},
        {"same-domain-1d", &counts->same_domain_1d},
        {"letters-ever", &counts->letters_ever},
        {"of-template-ever", &counts->of_template_ever},
    };
    for (guint i = 0; i < G_N_ELEMENTS(FIELDS); i++)
        if (g_str_equal(FIELDS[i].key, key)) {
            *FIELDS[i].field = (uint32_t)atoi(value);
            return true;
        }
    if (g_str_equal(key, "dkim-seen"))
        counts->dkim_seen = is_yes(value);
    else if (g_str_equal(key, "address-suppressed"))
        counts->address_suppressed = is_yes(value);
    else
        return false;
    return true;
}

/* "once", "digest", "form", "never"; with a hoster's kind, a robot's path or
 * without review by what stands behind it: "once+hoster+robot+new". */
static void set_profile(GateBench *b, const char *value)
{
    b->profile.id = (char *)"example";
    b->profile.sha256 = (char *)"";
    b->profile.form = (char *)"https://shop.example/form";
    b->profile.per_day = 30;
    b->profile.kind = strstr(value, "+hoster") ? REPORTER_HOSTER
                      : strstr(value, "+isp")  ? REPORTER_ISP
                                               : REPORTER_FEED;
    b->profile.robot_path = strstr(value, "+robot") != NULL;
    b->profile.answer = g_str_has_prefix(value, "once")     ? ANSWER_CASE
                        : g_str_has_prefix(value, "digest") ? ANSWER_DIGEST
                        : g_str_has_prefix(value, "form")   ? ANSWER_FORM_ONLY
                                                            : ANSWER_NEVER;
    b->input.reporter.profile = &b->profile;
    b->input.reporter.is_reviewed = !strstr(value, "+new");
}

static bool set_reporter(GateBench *b, const char *key, const char *value)
{
    if (g_str_equal(key, "reporter"))
        set_profile(b, value);
    else if (g_str_equal(key, "quote"))
        b->input.reporter.quote = text_of(value);
    else if (g_str_equal(key, "quote-letters"))
        b->input.reporter.letters_of_quote = (uint32_t)atoi(value);
    else if (g_str_equal(key, "reporter-1d"))
        b->input.reporter.letters_1d = (uint32_t)atoi(value);
    else if (g_str_equal(key, "reporter-waiting"))
        b->input.reporter.waiting = (uint32_t)atoi(value);
    else
        return false;
    return true;
}

bool gate_bench_set(GateBench *bench, const char *key, const char *value)
{
    if (set_reporter(bench, key, value))
        return true;
    return set_mail(bench, key, value) || set_report(bench, key, value) ||
           set_match(bench, key, value) || set_policy(bench, key, value) ||
           set_count(bench, key, value);
}

const GateSpoil GATE_SPOILS[] = {
    {"envelope", {"<>", "-", "root@shop.example", "SRS0=x=y@fwd.example"}},
    {"from", {"-", "noreply@shop.example", "postmaster@shop.example"}},
    {"reader-from", {"-", "victim@other.example", "NOC@shop.example"}},
    {"auto", {"no", "auto-generated", "auto-replied", "auto-notified", "x"}},
    {"report-type",
     {"delivery-status", "disposition-notification", "feedback-report", "x"}},
    {"list", {"yes"}},
    {"bulk", {"yes"}},
    {"suppressed", {"yes"}},
    {"spam", {"yes"}},
    {"loop", {"EX-1.00"}},
    {"received", {"50", "51"}},
    {"ambiguous", {"two From fields"}},
    {"disposition",
     {"question", "legal", "bounce", "auto-reply", "reply", "aggregate",
      "unreadable", "other"}},
    {"sender",
     {"automated", "hoster", "law-firm", "authority", "press", "ourselves",
      "cert", "rights-holder"}},
    {"sensitive", {"1", "2", "4", "8", "16", "32", "64"}},
    {"category",
     {"threat/bomb", "legal/court", "content/csam", "copyright/p2p",
      "unknown"}},
    {"ticket-category", {"threat/bomb", "content/csem", "messaging/spam"}},
    {"claimed", {"someone@else.example"}},
    {"flag",
     {"encrypted", "part-flawed", "forwarded", "may-be-sensitive", "no-date",
      "accused-by-nobody", "calendar"}},
    {"channel", {"none", "form", "mail"}},
    {"return-path", {"<>", "noc@shop.example", "victim@other.example"}},
    {"format", {"arf", "plain"}},
    {"demand",
     {"identity", "logs", "preserve", "declare", "pay", "stop", "confirm"}},
    {"level", {"S0", "S1"}},
    {"destination", {"-"}},
    {"verdict", {"port-closed", "not-ours", "undecidable", "not-listed"}},
    {"certain", {"no"}},
    {"match-member", {"-", "other-member"}},
    {"matches", {"0", "-"}},
    {"member", {"-"}},
    {"members", {"0", "2", "9"}},
    {"other", {"yes", "no"}},
    {"row-category",
     {"-", "content/csam", "connection/port_scan", "messaging/spam"}},
    {"port", {"-1", "25"}},
    {"consent", {"none"}},
    {"ended", {"yes"}},
    {"automation", {"off", "hold"}},
    {"rule", {"-"}},
    {"reply", {"no", "staff"}},
    {"automatic", {"never"}},
    {"verdicts", {"0", "255"}},
    {"template", {"no"}},
    {"reviewed", {"no"}},
    {"claims", {"no"}},
    {"paused", {"yes"}},
    {"observing", {"yes"}},
    {"fresh", {"no"}},
    {"own-sender", {"yes"}},
    {"own-recipient", {"no"}},
    {"duplicate", {"yes"}},
    {"old", {"yes"}},
    {"address-1d", {"1", "2"}},
    {"address-7d", {"2", "3"}},
    {"domain-1d", {"4", "5", "19", "20"}},
    {"member-1d", {"199", "200"}},
    {"all-1h", {"59", "60"}},
    {"all-1d", {"499", "500"}},
    {"case-letters", {"1"}},
    {"thread-letters", {"1", "2"}},
    {"same-1d", {"1"}},
    {"same-7d", {"1"}},
    {"same-domain-1d", {"1"}},
    {"letters-ever", {"199", "201"}},
    {"of-template-ever", {"9", "11"}},
    {"domain-new", {"yes"}},
    {"breaker", {"open"}},
    {"border", {"unproven"}},
    {"own-message-id", {"yes"}},
    {"own-received", {"2", "3"}},
    {"only-resent", {"yes"}},
    {"odd-auto", {"yes"}},
    {"dkim-seen", {"yes"}},
    {"address-suppressed", {"yes"}},
    {"reporter", {"never", "form", "once+new", "digest+new"}},
};
const guint GATE_SPOIL_COUNT = G_N_ELEMENTS(GATE_SPOILS);
