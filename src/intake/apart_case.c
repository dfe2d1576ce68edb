#include "intake/apart_case.h"

/* The case's own words, if they are no other's. */
static const char *shown(const Apart *apart, const MemberCase *seen,
                         const char *words)
{
    return apart_shown(apart, seen->found->row->member, words);
}

static bool is_shared(const Apart *apart, const Case *found, bool is_alone)
{
    const char *member = found->row->member;
    return !is_alone ||
           apart_names_another(apart, member, found->findings_json) ||
           apart_names_another(apart, member, found->row->subject);
}

MemberCase *member_case_new(const Apart *apart, const Case *found,
                            bool is_alone)
{
    const CaseRow *row = found->row;
    MemberCase *seen = g_new0(MemberCase, 1);
    g_assert(row->member);
    seen->found = found;
    seen->is_shared = is_shared(apart, found, is_alone);
    seen->reporter = shown(apart, seen, row->reporter);
    seen->why = shown(apart, seen, row->why);
    seen->subject =
        seen->is_shared && row->subject ? APART_WITH_DESK : row->subject;
    if (!apart_names_another(apart, row->member, found->matches_json))
        seen->matches_json = found->matches_json;
    seen->record = g_ptr_array_new();
    for (guint i = 0; i < found->record->len; i++) {
        const RecordEntry *entry = found->record->pdata[i];
        bool is_staffs = g_str_equal(entry->kind, "note");
        const char *what =
            is_staffs ? APART_WITH_DESK : shown(apart, seen, entry->what);
        g_ptr_array_add(seen->record, (gpointer)what);
    }
    return seen;
}

void member_case_free(MemberCase *seen)
{
    if (!seen)
        return;
    g_ptr_array_unref(seen->record);
    g_free(seen);
}

void member_case_put(Json *json, const MemberCase *seen)
{
    const CaseRow *row = seen->found->row;
    json_put_text(json, "case", row->case_id);
    json_put_text(json, "mail", row->inbox_id);
    json_put_text(json, "member", row->member);
    json_put_text(json, "category", row->category);
    json_put_text(json, "state", row->state);
    json_put_text(json, "verdict", row->verdict);
    json_put_text(json, "action", row->action);
    json_put_text(json, "rule", row->rule);
    json_put_text(json, "why", seen->why);
    json_put_text(json, "reporter", seen->reporter);
    json_put_text(json, "subject", seen->subject);
    json_put_instant(json, "received", row->received);
    json_put_instant(json, "due", row->due);
    json_put_instant(json, "changed", row->changed);
    json_put_bool(json, "concerns_others", seen->is_shared);
    json_put_text(json, "decision", NULL);
    json_put_text(json, "findings", NULL);
    json_key(json, "matches");
    if (seen->matches_json && *seen->matches_json)
        json_kept(json, seen->matches_json);
    else
        json_null(json);
}

static void put_entry(Json *json, const RecordEntry *entry, const char *what)
{
    json_object(json);
    json_put_number(json, "number", entry->number);
    json_put_instant(json, "at", entry->at);
    json_put_text(json, "kind", entry->kind);
    json_put_text(json, "what", what);
    json_put_text(json, "detail", NULL);
    json_put_text(json, "hash", entry->hash);
    json_put_bool(json, "is_unbroken", entry->is_unbroken);
    json_end_object(json);
}

void member_case_put_record(Json *json, const MemberCase *seen)
{
    json_array(json);
    for (guint i = 0; i < seen->record->len; i++)
        put_entry(json, seen->found->record->pdata[i], seen->record->pdata[i]);
    json_end_array(json);
}

void member_record_put(Json *json, const Apart *apart, const char *member,
                       const GPtrArray *entries)
{
    json_array(json);
    for (guint i = 0; i < entries->len; i++) {
        const RecordEntry *entry = entries->pdata[i];
        put_entry(json, entry, apart_shown(apart, member, entry->what));
    }
    json_end_array(json);
}

bool member_case_may_have_mail(const Apart *apart, const MemberCase *seen,
                               GBytes *raw)
{
    return !seen->is_shared &&
           !apart_mail_names_another(apart, seen->found->row->member, raw);
}

bool member_case_may_have_letter(const Apart *apart, const Draft *letter)
{
    return !letter->changed_by ||
           (!apart_names_another(apart, letter->member, letter->subject) &&
            !apart_names_another(apart, letter->member, letter->text));
}
