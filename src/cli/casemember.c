#include "cli/casemember.h"

#include "base/errors.h"
#include "base/log.h"
#include "cli/caselook.h"
#include "cli/memberlook.h"
#include "cli/table.h"
#include "intake/apart_case.h"
#include "store/trust.h"

#define SHOWN_MAX 500 /* bytes of a stranger's words */

static void print_json(const MemberCase *seen)
{
    Json json;
    json_init(&json);
    json_object(&json);
    member_case_put(&json, seen);
    json_key(&json, "record");
    member_case_put_record(&json, seen);
    json_end_object(&json);
    cli_print_json(&json);
}

static void print_line(const char *label, const char *text)
{
    g_autofree char *safe = text ? foreign_text(text, SHOWN_MAX) : NULL;
    if (safe)
        cli_print("%-9s %s\n", label, safe);
}

static void print_text(const MemberCase *seen)
{
    static const char *const HEADINGS[] = {">#", "UTC", "kind", "what", NULL};
    const CaseRow *row = seen->found->row;
    char at[INSTANT_TEXT_MAX];
    cli_print("%s  %s  %s\n", row->case_id, row->state, row->member);
    print_line("subject", seen->subject);
    print_line("from", seen->reporter);
    print_line("category", row->category);
    print_line("verdict", row->verdict);
    print_line("action", row->action);
    print_line("why", seen->why);
    if (row->due != INSTANT_NONE)
        print_line("due", instant_text(row->due, at));
    case_documents_print(seen->matches_json);
    cli_print("\n");
    g_autoptr(Table) table = table_new(HEADINGS);
    for (guint i = 0; i < seen->record->len; i++) {
        const RecordEntry *entry = seen->found->record->pdata[i];
        g_autofree char *number =
            g_strdup_printf("%" G_GINT64_FORMAT, entry->number);
        TABLE_ADD(table, number, instant_text(entry->at, at), entry->kind,
                  seen->record->pdata[i]);
    }
    table_print(table);
}

int case_show_for_member(CliContext *context, const Case *found, GError **error)
{
    bool is_alone;
    g_auto(MemberSigns) signs = {0};
    const Settings *settings = cli_settings(context, error);
    Store *store = settings ? cli_store(context, error) : NULL;
    if (!store)
        return 0;
    if (!found->row->member) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "%s is no member's case: nobody but staff may see it",
                    found->row->case_id ? found->row->case_id
                                        : found->row->inbox_id);
        return 0;
    }
    if (!member_signs_open(settings, &signs, error) ||
        !store_trust_is_alone(store, found->row->case_id, &is_alone, error))
        return 0;
    g_autoptr(MemberCase) seen = member_case_new(signs.apart, found, is_alone);
    if (cli_wants_json(context))
        print_json(seen);
    else
        print_text(seen);
    return 0;
}
