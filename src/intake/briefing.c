#include "intake/briefing.h"

#include "base/country.h"
#include "base/errors.h"
#include "base/page.h"
#include "intake/apart.h"
#include "policy/lawyers.h"
#include "store/cases.h"

#include <string.h>

#define INCIDENTS_SHOWN 5

typedef struct {
    GString *out;
    const Settings *settings;
    const Policies *policies;
    const BriefingQuestion *question;
    const Judgement *judgement;
    const JudgedTicket *judged;
    const Apart *apart;
    const char *member;  /* its id, or NULL */
    const char *country; /* of the member, else of the desk */
    bool is_closed;      /* none of the mail's own words may be shown */
} Brief;

static void put_heading(Brief *brief, const char *heading)
{
    g_string_append_printf(brief->out, "\n%s\n", heading);
}

static void put_field(Brief *brief, const char *label, const char *text)
{
    g_autofree char *first = g_strdup_printf("  %-10s ", label);
    page_paragraph(brief->out, first, text);
}

/* Words of the mail, if the member may see them. */
static const char *shown(const Brief *brief, const char *words)
{
    return brief->is_closed ? APART_WITH_DESK
                            : apart_shown(brief->apart, brief->member, words);
}

/* ---- what came --------------------------------------------------------- */

static void put_sensitive(Brief *brief, const Report *report)
{
    g_autoptr(GString) words = g_string_new(NULL);
    for (uint32_t bit = 1; bit <= SENSITIVE_ALL; bit <<= 1)
        if (report->sensitive & bit)
            g_string_append_printf(words, "%s%s", words->len > 0 ? ", " : "",
                                   sensitive_word((Sensitive)bit));
    if (words->len > 0)
        put_field(brief, "touches", words->str);
}

static void put_what_came(Brief *brief)
{
    const Report *report = brief->judgement->findings->report;
    char at[INSTANT_TEXT_MAX];
    g_string_append(brief->out, "WHAT CAME\n");
    put_field(brief, "when", instant_text(brief->question->received, at));
    const char *from = report->reporter_address;
    put_field(brief, "from",
              from ? apart_shown(brief->apart, brief->member, from)
                   : "no single address; look at the mail");
    const char *why = report->sender_class_why;
    bool has_why = why && g_str_equal(shown(brief, why), why);
    g_autofree char *claim = g_strdup_printf(
        "says to be: %s%s%s%s. Nobody has checked that yet; anybody can write "
        "it.",
        sender_class_word(report->sender_class), has_why ? " (" : "",
        has_why ? why : "", has_why ? ")" : "");
    put_field(brief, "who", claim);
    g_autofree char *proof = g_strdup_printf(
        "of the domain: %s", brief->judgement->authentication->why
                                 ? brief->judgement->authentication->why
                                 : "nothing");
    put_field(brief, "proof", apart_shown(brief->apart, brief->member, proof));
    if (!brief->is_closed && report->subject)
        put_field(brief, "subject", shown(brief, report->subject));
    put_field(brief, "category",
              brief->judged ? brief->judged->ticket->category
                            : report->category);
    put_sensitive(brief, report);
}

/* ---- what is asked ----------------------------------------------------- */

static void put_what_is_asked(Brief *brief)
{
    const Report *report = brief->judgement->findings->report;
    put_heading(brief, "WHAT IS ASKED");
    if (report->demands->len == 0)
        page_paragraph(brief->out, "  ",
                       "No demand was recognised. Read the mail itself.");
    for (guint i = 0; i < report->demands->len; i++) {
        const Demand *demand = report->demands->pdata[i];
        put_field(brief, demand_kind_word(demand->kind),
                  shown(brief, demand->quote->words));
    }
    char at[INSTANT_TEXT_MAX];
    const char *words =
        report->deadline_words ? report->deadline_words->words : NULL;
    bool has_words = words && g_str_equal(shown(brief, words), words);
    g_autofree char *deadline =
        report->deadline != INSTANT_NONE
            ? g_strdup_printf("%s, as we read it%s%s%s. Compare with the mail.",
                              instant_text(report->deadline, at),
                              has_words ? " from \"" : "",
                              has_words ? words : "", has_words ? "\"" : "")
            : g_strdup("none was read. That does not mean there is none: look "
                       "into the mail.");
    put_field(brief, "deadline", deadline);
}

/* ---- what our record shows --------------------------------------------- */

/* The event's address and time as they are typed, if it was found there and
 * the time has one meaning; yours. */
static char *proof_command(const Brief *brief, guint index)
{
    const JudgedTicket *judged = brief->judged;
    const Match *match = judged->matches->pdata[index];
    const Incident *incident =
        brief->judgement->findings->incidents
            ->pdata[g_array_index(judged->ticket->incidents, guint, index)];
    const GPtrArray *readings =
        incident->time ? incident->time->readings : NULL;
    if (!match || match->verdict == VERDICT_UNDECIDABLE || !readings ||
        readings->len == 0)
        return NULL;
    char at[INSTANT_TEXT_MAX];
    const Reading *best = readings->pdata[0];
    g_autofree char *address = ip_new_text(&incident->address);
    g_autofree char *port =
        incident->target_port >= 0
            ? g_strdup_printf(" --port %d", incident->target_port)
            : g_strdup("");
    char *line =
        g_strdup_printf("exitdesk relay prove %s %s%s -o proof-%u", address,
                        instant_text(best->from, at), port, index + 1);
    if (g_str_equal(apart_shown(brief->apart, brief->member, line), line))
        return line;
    g_free(line);
    return NULL;
}

/* Lines to be typed as they stand, so never broken. */
static void put_proofs(Brief *brief)
{
    guint count = brief->judged ? brief->judged->matches->len : 0;
    bool has_any = false;
    for (guint i = 0; i < count && i < INCIDENTS_SHOWN; i++) {
        g_autofree char *line = proof_command(brief, i);
        if (!line)
            continue;
        if (!has_any)
            page_paragraph(brief->out, "  ",
                           "A folder with the signed documents and a check "
                           "that anybody can run:");
        g_string_append_printf(brief->out, "    %s\n", line);
        has_any = true;
    }
}

static void put_record(Brief *brief)
{
    const JudgedTicket *judged = brief->judged;
    put_heading(brief, "WHAT THE PUBLIC RECORD SHOWS");
    guint count = judged ? judged->matches->len : 0;
    for (guint i = 0; i < count && i < INCIDENTS_SHOWN; i++) {
        const Match *match = judged->matches->pdata[i];
        const Incident *incident =
            brief->judgement->findings->incidents
                ->pdata[g_array_index(judged->ticket->incidents, guint, i)];
        g_autofree char *address = ip_new_text(&incident->address);
        g_autofree char *line =
            match ? g_strdup_printf("%s: %s. %s.", address,
                                    verdict_word(match->verdict), match->why)
                  : g_strdup_printf("%s: not looked up.", address);
        page_paragraph(brief->out, "  ",
                       apart_shown(brief->apart, brief->member, line));
    }
    if (count > INCIDENTS_SHOWN)
        g_string_append_printf(brief->out, "  and %u more\n",
                               count - INCIDENTS_SHOWN);
    if (count == 0)
        page_paragraph(brief->out, "  ",
                       "No address of a member is cited, or the mail could "
                       "not be read that far.");
    put_proofs(brief);
}

/* ---- what left ---------------------------------------------------------- */

static void put_answers(Brief *brief)
{
    const GPtrArray *record = brief->question->record;
    bool has_left = false;
    if (!record)
        return;
    put_heading(brief, "WHAT WAS ANSWERED");
    for (guint i = 0; i < record->len; i++) {
        const RecordEntry *entry = record->pdata[i];
        char at[INSTANT_TEXT_MAX];
        if (!g_str_equal(entry->kind, "sent"))
            continue;
        has_left = true;
        g_autofree char *line = g_strdup_printf(
            "%s: %s", instant_text(entry->at, at), shown(brief, entry->what));
        page_paragraph(brief->out, "  ", line);
    }
    if (!has_left)
        page_paragraph(brief->out, "  ",
                       g_strcmp0(brief->question->state, "drafted") == 0
                           ? "Nothing yet. A draft waits for a person's yes."
                           : "Nothing.");
}

/* ---- what to do -------------------------------------------------------- */

/* What one kind needs besides the country's own steps. */
static const struct {
    const char *category;
    uint32_t sensitive;
    DemandKind demand; /* DEMAND_COUNT: none */
    const char *step;
} STEPS[] = {
    {"legal/court", SENSITIVE_COURT, DEMAND_COUNT,
     "A court: the day it was delivered counts. Note it, keep the envelope, "
     "and give the paper to the lawyer the same day."},
    {"legal/police", SENSITIVE_AUTHORITY, DEMAND_COUNT,
     "Police or prosecutor: ask whether you are a witness or accused before "
     "you say anything."},
    {"legal/preservation", 0, DEMAND_PRESERVE,
     "Keeping data: leave what exists as it is. Nothing has to be recorded "
     "that was not recorded before, unless an order says so."},
    {"legal/subpoena", 0, DEMAND_IDENTITY,
     "Who was it: a relay knows nobody. Say that in writing once the lawyer "
     "has seen it, and only if it is true for your machine."},
    {"legal/data_subject_request", SENSITIVE_DATA_SUBJECT, DEMAND_COUNT,
     "Personal data: the answer is due within a month where the GDPR holds. "
     "It covers the mail that the desk keeps, not traffic."},
    {"legal/dsa_order", 0, DEMAND_COUNT,
     "Regulation (EU) 2022/2065: a notice under Article 16 is for hosts; an "
     "order under Article 9 or 10 names an authority and has to be answered. "
     "Find out which it is."},
    {NULL, SENSITIVE_LAWYER, DEMAND_DECLARE,
     "A lawyer's letter: sign nothing and declare nothing. Deadlines in it are "
     "the writer's wish until a court sets them, but do not let one pass "
     "unseen."},
    {"threat", SENSITIVE_LIFE, DEMAND_COUNT,
     "Danger to life: call the police of your place now, then the desk."},
    {"content/csam", SENSITIVE_CHILD_ABUSE, DEMAND_COUNT,
     "Open no attachment and no link, make no copy, forward nothing."},
};

static bool is_kind(const Report *report, guint row)
{
    if (STEPS[row].category &&
        g_str_has_prefix(report->category, STEPS[row].category))
        return true;
    if (report->sensitive & STEPS[row].sensitive)
        return true;
    for (guint i = 0; i < report->demands->len; i++)
        if (((const Demand *)report->demands->pdata[i])->kind ==
            STEPS[row].demand)
            return true;
    return false;
}

/* Lines of one key, each behind mark. */
static guint put_lines(Brief *brief, const GPtrArray *lines, const char *key,
                       const char *mark)
{
    guint count = 0;
    for (guint i = 0; i < lines->len; i++) {
        const PolicyLine *line = lines->pdata[i];
        if (!g_str_equal(line->key, key))
            continue;
        page_paragraph(brief->out, mark, line->value);
        count++;
    }
    return count;
}

static void put_lawyer(Brief *brief, const Lawyer *lawyer)
{
    g_autoptr(GString) line = g_string_new(lawyer->name);
    const char *const SAID[] = {lawyer->phone, lawyer->mail, lawyer->hours,
                                lawyer->may_call, lawyer->note};
    for (guint i = 0; i < G_N_ELEMENTS(SAID); i++)
        if (SAID[i])
            g_string_append_printf(line, "; %s", SAID[i]);
    for (guint i = 0; lawyer->fields && i < lawyer->fields->len; i++)
        g_string_append_printf(line, "%s%s", i > 0 ? ", " : "; knows ",
                               (const char *)lawyer->fields->pdata[i]);
    page_paragraph(brief->out, "  ", line->str);
}

static bool put_lawyers(Brief *brief, GError **error)
{
    g_autofree char *chain = policy_chain(brief->policies, brief->country);
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) lawyers = lawyers_load(
        (const char *const *)brief->settings->policy_directories->pdata, chain,
        errors);
    if (errors->len > 0) {
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_CONFIG,
                            errors->pdata[0]);
        return false;
    }
    put_heading(brief, "WHOM TO CALL");
    for (guint i = 0; i < lawyers->len; i++)
        put_lawyer(brief, lawyers->pdata[i]);
    if (lawyers->len == 0)
        page_paragraph(brief->out, "  ",
                       "The desk has no lawyers on its list for this country "
                       "(policies/lawyers, exitdesk-policy(5)).");
    return true;
}

static bool put_what_to_do(Brief *brief, GError **error)
{
    const Report *report = brief->judgement->findings->report;
    g_autoptr(GPtrArray) lines =
        policy_country_lines(brief->policies, brief->country);
    put_heading(brief, "TELL AT ONCE");
    put_lines(brief, lines, "authority.tell", "  - ");
    put_heading(brief, "WHAT TO DO");
    for (guint i = 0; i < G_N_ELEMENTS(STEPS); i++)
        if (is_kind(report, i))
            page_paragraph(brief->out, "  [ ] ", STEPS[i].step);
    put_lines(brief, lines, "authority.checklist", "  [ ] ");
    put_heading(brief, "HOW AN AUTHORITY HAS TO ASK");
    put_lines(brief, lines, "authority.channel", "  ");
    if (!put_lawyers(brief, error))
        return false;
    put_heading(brief, "WHAT NOT TO DO");
    put_lines(brief, lines, "authority.never", "  - ");
    put_heading(brief, "TO KNOW");
    put_lines(brief, lines, "retention_note", "  - ");
    put_lines(brief, lines, "traps", "  - ");
    return true;
}

/* ---- all of it --------------------------------------------------------- */

static bool write_brief(Brief *brief, GError **error)
{
    const Member *member = brief->judged ? brief->judged->member : NULL;
    const char *name = country_name(brief->country);
    g_string_append_printf(
        brief->out, "Case %s, for %s (%s)\n\n", brief->question->case_id,
        member ? member->name : "the desk", name ? name : brief->country);
    put_what_came(brief);
    put_what_is_asked(brief);
    put_record(brief);
    put_answers(brief);
    if (!put_what_to_do(brief, error))
        return false;
    g_string_append_c(brief->out, '\n');
    page_paragraph(brief->out, "",
                   "Written by a program from the mail and the desk's files. "
                   "It is no legal advice and no part of any answer.");
    return true;
}

/* Of what shows abuse of children nothing is repeated. */
static bool is_abuse(const Report *report, const JudgedTicket *judged)
{
    return (report->sensitive & SENSITIVE_CHILD_ABUSE) ||
           g_str_has_prefix(report->category, "content/csam") ||
           (judged &&
            g_str_has_prefix(judged->ticket->category, "content/csam"));
}

char *briefing_new(const BriefingQuestion *question, GError **error)
{
    const Judgement *judgement = question->judgement;
    const JudgedTicket *judged = question->judged;
    const Member *member = judged ? judged->member : NULL;
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(Apart) apart = apart_new(question->settings->members,
                                       question->history, question->people);
    Brief brief = {
        .out = out,
        .settings = question->settings,
        .policies = question->policies,
        .question = question,
        .judgement = judgement,
        .judged = judged,
        .apart = apart,
        .member = member ? member->id : NULL,
        .country = member ? member->country : question->settings->desk.country,
        .is_closed = apart_is_shared(judgement, judged) ||
                     is_abuse(judgement->findings->report, judged),
    };
    if (!brief.country)
        brief.country = "XX";
    if (!write_brief(&brief, error))
        return NULL;
    return g_string_free(g_steal_pointer(&out), FALSE);
}
