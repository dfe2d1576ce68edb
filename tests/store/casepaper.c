#include "casepaper.h"

#include "paper.h"

#include "store/drafts.h"
#include "store/filing.h"

#include <string.h>

Store *case_store;
static guint tags;

CaseHand case_hand(const char *by, const char *why)
{
    return (CaseHand){.by = by, .login = "desk", .why = why, .now = CASE_NOON};
}

static char *tag_new(void)
{
    return g_strdup_printf("work%u", tags++);
}

char *case_file_start(const CaseStart *start)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *tag = tag_new(), *inbox_id = paper_accept(case_store, tag);
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, start->action, tag);
    if (start->member) {
        g_free(paper.ticket.member);
        paper.ticket.member = *start->member ? g_strdup(start->member) : NULL;
    }
    paper.filed.due = start->due ? start->due : INSTANT_NONE;
    paper.filed.alert = start->alert;
    paper.filed.page = start->alert ? g_strdup("page") : NULL;
    if (start->template_id) {
        g_free(paper.reply.template_id);
        paper.reply.template_id = g_strdup(start->template_id);
    }
    if (start->form) {
        g_clear_pointer(&paper.reply.to, g_free);
        paper.filed.form = start->form;
        paper.filed.profile = "hoster";
        paper.filed.quote = tag;
    }
    store_file(case_store, &paper.filing, &error);
    g_assert_no_error(error);
    g_free(paper.filed.page);
    return g_steal_pointer(&paper.filed.case_id);
}

char *case_file_news(const char *case_id)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *tag = tag_new(), *inbox_id = paper_accept(case_store, tag);
    g_auto(Paper) paper = {0};
    paper_init(&paper, inbox_id, ACTION_HOLD, tag);
    paper.report.disposition = DISPOSITION_REPLY;
    paper.filing.joins_case = case_id;
    paper.filing.now = CASE_NOON + 60;
    g_ptr_array_set_size(paper.filing.tickets, 0);
    store_file(case_store, &paper.filing, &error);
    g_assert_no_error(error);
    return g_steal_pointer(&inbox_id);
}

Case *case_look(const char *id)
{
    g_autoptr(GError) error = NULL;
    Case *found = store_case(case_store, id, &error);
    g_assert_no_error(error);
    return found;
}

void case_expect_state(const char *id, const char *wanted)
{
    g_autoptr(Case) found = case_look(id);
    g_autoptr(Draft) draft = store_draft(case_store, id, NULL);
    g_autofree char *state =
        g_strdup_printf("%s %s", found->row->state, draft ? draft->state : "-");
    g_assert_cmpstr(state, ==, wanted);
}

guint case_count_entries(const char *id, const char *kind, const char *words)
{
    g_autoptr(Case) found = case_look(id);
    guint count = 0;
    for (guint i = 0; i < found->record->len; i++) {
        const RecordEntry *entry = found->record->pdata[i];
        count += (!kind || g_str_equal(entry->kind, kind)) &&
                 strstr(entry->what, words) != NULL;
    }
    return count;
}
