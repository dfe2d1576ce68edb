#include "cli/caselook.h"
#include "cli/casemember.h"
#include "cli/commands_list.h"
#include "cli/memberlook.h"
#include "cli/typed.h"

#include "base/errors.h"
#include "base/log.h"
#include "store/casework.h"

#include <string.h>

#define LIST_MAX 1000000

/* A --since or --until. Errors: usage. */
static bool flag_moment(const CliContext *context, const char *name,
                        Instant *out, GError **error)
{
    const char *text = cli_flag(context, name);
    *out = INSTANT_NONE;
    if (!text || instant_parse(text, out))
        return true;
    return cli_usage_error(error,
                           "--%s takes a date like 2026-05-03, not "
                           "\"%s\"",
                           name, text);
}

/* As the store writes it. */
static bool flag_address(const CliContext *context, char text[IP_TEXT_MAX],
                         const char **out, GError **error)
{
    const char *address = cli_flag(context, "address");
    IpAddress ip;
    *out = NULL;
    if (!address)
        return true;
    if (!ip_typed(address, &ip, error))
        return false;
    *out = ip_text(&ip, text);
    return true;
}

static bool read_filter(const CliContext *context, CaseFilter *filter,
                        char address[IP_TEXT_MAX], GError **error)
{
    static const char *const STATES[] = {
        "triage", "drafted", "sending", "answered", "filed", "closed", NULL};
    filter->member = cli_flag(context, "member");
    filter->reporter = cli_flag(context, "reporter");
    return flag_address(context, address, &filter->address, error) &&
           cli_flag_choice(context, "state", STATES, &filter->state, error) &&
           case_assignee_asked(context, &filter->assigned, error) &&
           flag_moment(context, "since", &filter->since, error) &&
           flag_moment(context, "until", &filter->until, error) &&
           cli_flag_number(context, "max", 50, LIST_MAX, &filter->max, error);
}

static void print_list(CliContext *context, const GPtrArray *rows, guint max)
{
    static const char *const HEADINGS[] = {"received", "case",     "state",
                                           "member",   "category", "verdict",
                                           "with",     "subject",  NULL};
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < rows->len; i++) {
        const CaseRow *row = rows->pdata[i];
        char at[INSTANT_TEXT_MAX];
        instant_text(row->received, at);
        at[16] = 0; /* minutes are enough in a list */
        TABLE_ADD(table, at, row->case_id, row->state, row->member,
                  row->category, row->verdict, row->assigned, row->subject);
    }
    if (table_count(table) == 0) {
        cli_say(context, "No such cases.\n");
        return;
    }
    table_print(table);
    if (rows->len == max)
        cli_say(context, "\nThe newest %u; more with --max N.\n", max);
}

static int run_case_list(CliContext *context, GError **error)
{
    CaseFilter filter = {0};
    char address[IP_TEXT_MAX];
    if (!read_filter(context, &filter, address, error))
        return 0;
    Store *store = cli_store(context, error);
    g_autoptr(GPtrArray) rows =
        store ? store_cases(store, &filter, error) : NULL;
    if (!rows ||
        (rows->len == 0 && !member_is_there(context, filter.member, error)))
        return 0;
    if (!cli_wants_json(context)) {
        print_list(context, rows, filter.max);
        return 0;
    }
    for (guint i = 0; i < rows->len; i++) {
        Json json;
        json_init(&json);
        json_object(&json);
        case_row_put_json(&json, rows->pdata[i]);
        json_end_object(&json);
        cli_print_json(&json);
    }
    return 0;
}

static const CommandFlag LIST_FLAGS[] = {
    {"member", "ID", "only this member's"},
    {"state", "STATE", "triage, drafted, sending, answered, filed or closed"},
    {"reporter", "ADDRESS", "only from this sender"},
    {"address", "IP", "only those that cite this address"},
    {"since", "DATE", "received at that time or later"},
    {"until", "DATE", "received before or at that time"},
    FLAGS_ASSIGNEE,
    {"max", "N", "at most so many (50)"},
    {0},
};

const Command command_case_list = {
    .noun = "case",
    .verb = "list",
    .summary = "complaints and what became of them",
    .examples = "exitdesk case list\n"
                "exitdesk case list --member bib-musterstadt --since "
                "2026-05-01\n"
                "exitdesk case list --address 192.0.2.77 --json",
    .about = "The newest first. A complaint that cites relays of three "
             "members is three cases.",
    .flags = LIST_FLAGS,
    .has_json = true,
    .run = run_case_list,
};

/* ---- case show --------------------------------------------------------- */

/* JSON that the store kept, put in as it is: our own writer made it. */
static void put_kept(Json *json, const char *name, const char *kept)
{
    json_key(json, name);
    if (kept && *kept)
        json_kept(json, kept);
    else
        json_null(json);
}

static void put_record(Json *json, const GPtrArray *record)
{
    json_key(json, "record");
    json_array(json);
    for (guint i = 0; i < record->len; i++) {
        const RecordEntry *entry = record->pdata[i];
        json_object(json);
        json_put_number(json, "number", entry->number);
        json_put_instant(json, "at", entry->at);
        json_put_text(json, "kind", entry->kind);
        json_put_text(json, "what", entry->what);
        put_kept(json, "detail", entry->detail);
        json_put_text(json, "hash", entry->hash);
        json_put_bool(json, "is_unbroken", entry->is_unbroken);
        json_end_object(json);
    }
    json_end_array(json);
}

static void put_ids(Json *json, const char *name, const GPtrArray *ids)
{
    json_key(json, name);
    json_array(json);
    for (guint i = 0; ids && i < ids->len; i++)
        json_text(json, ids->pdata[i]);
    json_end_array(json);
}

static void print_case_json(const Case *found, const CaseLinks *links)
{
    Json json;
    json_init(&json);
    json_object(&json);
    case_row_put_json(&json, found->row);
    put_kept(&json, "decision", found->decision_json);
    put_kept(&json, "findings", found->findings_json);
    put_kept(&json, "matches", found->matches_json);
    put_record(&json, found->record);
    put_ids(&json, "same_mail", links ? links->same_mail : NULL);
    put_ids(&json, "joined", links ? links->joined : NULL);
    put_ids(&json, "later_mails", links ? links->mails : NULL);
    json_end_object(&json);
    cli_print_json(&json);
}

static bool record_is_unbroken(const GPtrArray *record)
{
    for (guint i = 0; i < record->len; i++)
        if (!((const RecordEntry *)record->pdata[i])->is_unbroken)
            return false;
    return true;
}

static void print_line(const char *label, const char *text)
{
    g_autofree char *safe = text ? foreign_text(text, 500) : NULL;
    if (safe)
        cli_print("%-9s %s\n", label, safe);
}

static void print_ids(const char *label, const GPtrArray *ids)
{
    g_autoptr(GString) line = g_string_new(NULL);
    for (guint i = 0; i < ids->len; i++)
        g_string_append_printf(line, "%s%s", i > 0 ? ", " : "",
                               (const char *)ids->pdata[i]);
    if (ids->len > 0)
        cli_print("%-9s %s\n", label, line->str);
}

/* What the case hangs together with, for staff. */
static void print_links(const CaseRow *row, const CaseLinks *links)
{
    print_line("with", row->assigned);
    print_line("form", row->form);
    print_line("joined to", row->joined_to);
    if (!links)
        return;
    print_ids("joined", links->joined);
    print_ids("same mail", links->same_mail);
    print_ids("later", links->mails);
}

static void print_case(CliContext *context, const Case *found,
                       const CaseLinks *links)
{
    static const char *const HEADINGS[] = {">#", "UTC", "kind", "what", NULL};
    const CaseRow *row = found->row;
    char at[INSTANT_TEXT_MAX];
    cli_print("%s  %s  %s\n", row->case_id ? row->case_id : row->inbox_id,
              row->state, row->member ? row->member : "no member");
    print_line("subject", row->subject);
    print_line("from", row->reporter);
    print_line("category", row->category);
    print_line("verdict", row->verdict);
    print_line("action", row->action);
    print_line("rule", row->rule);
    print_line("why", row->why);
    if (row->due != INSTANT_NONE)
        print_line("due", instant_text(row->due, at));
    print_line("mail", row->inbox_id);
    g_autofree char *digest = case_digest_text(context, row->case_id);
    print_line("letter", digest);
    print_links(row, links);
    case_documents_print(found->matches_json);
    cli_print("record    %u entries, chain %s\n\n", found->record->len,
              record_is_unbroken(found->record) ? "ok" : "BROKEN");
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < found->record->len; i++) {
        const RecordEntry *entry = found->record->pdata[i];
        g_autofree char *number =
            g_strdup_printf("%s%" G_GINT64_FORMAT,
                            entry->is_unbroken ? "" : "!", entry->number);
        TABLE_ADD(table, number, instant_text(entry->at, at), entry->kind,
                  entry->what);
    }
    table_print(table);
}

/* By what a person has to do with it. */
static void say_next(CliContext *context, const CaseRow *row)
{
    const char *command = NULL;
    if (g_strcmp0(row->state, "drafted") == 0)
        command = "exitdesk draft show";
    else if (g_strcmp0(row->state, "triage") == 0)
        command = g_strcmp0(row->action, "escalate") == 0
                      ? "exitdesk case brief"
                      : "exitdesk draft write";
    cli_say(context, "\nNext: exitdesk why %s%s%s%s%s\n", row->inbox_id,
            command ? ", " : "", command ? command : "", command ? " " : "",
            command ? row->case_id : "");
}

static int run_case_show(CliContext *context, GError **error)
{
    const char *text = cli_arg(context, 0);
    Store *store = cli_store(context, error);
    if (!store)
        return 0;
    /* Inbox ids hold no hyphen, case ids always do. */
    g_autofree char *id = strchr(text, '-')
                              ? case_id_typed(context, text, error)
                              : g_strdup(text);
    g_autoptr(Case) found = id ? store_case(store, id, error) : NULL;
    if (!found)
        return 0;
    if (cli_flag(context, "for-member"))
        return case_show_for_member(context, found, error);
    g_autoptr(CaseLinks) links = NULL;
    if (found->row->case_id &&
        !(links = store_case_links(store, found->row->case_id, error)))
        return 0;
    if (cli_wants_json(context)) {
        print_case_json(found, links);
        return 0;
    }
    print_case(context, found, links);
    say_next(context, found->row);
    return record_is_unbroken(found->record) ? 0 : EXIT_NO;
}

static const CommandFlag SHOW_FLAGS[] = {
    {"for-member", NULL, "what the member may see of it, and no more"},
    {0},
};

const Command command_case_show = {
    .noun = "case",
    .verb = "show",
    .args = "ID",
    .min_args = 1,
    .max_args = 1,
    .summary = "one case with its whole record",
    .examples = "exitdesk case show UA-2026-00142-K\n"
                "exitdesk case show 2026-142-k\n"
                "exitdesk case show UA-2026-00142-K --json\n"
                "exitdesk case show UA-2026-00142-K --for-member",
    .about =
        "ID is a case id, with or without its prefix, or the id of a "
        "mail from the log.\nExit status 1 if an entry of the record was "
        "changed after it was written.\nThis is for staff: it shows all "
        "that was read in the mail, which may be about\nother members, "
        "too. To hand it on, use --for-member: without words of a mail\n"
        "that concerns others, and without whatever names another "
        "member, its people or\nits relays.\n\"rests on\" are the documents, "
        "by their SHA-256, by which the verdict was found\nwhen it was "
        "decided; \"same mail\" are the other cases of its mail, "
        "\"later\" the mails\nthat joined it since (case split).",
    .flags = SHOW_FLAGS,
    .has_json = true,
    .run = run_case_show,
};
