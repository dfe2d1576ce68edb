#include "cli/formlook.h"

#include "base/errors.h"
#include "base/log.h"
#include "store/drafts.h"

#include <string.h>

#define LINE_MAX_BYTES 1000

char *form_new_text(Store *store, const CaseRow *row, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(Draft) draft = store_draft(store, row->case_id, &cause);
    if (draft && g_str_equal(draft->state, "waiting"))
        return g_strdup(draft->text);
    if (cause && !g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING))
        g_propagate_error(error, g_steal_pointer(&cause));
    return NULL;
}

static void print_text(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        g_autofree char *line =
            foreign_text(g_strchomp(lines[i]), LINE_MAX_BYTES);
        cli_print("%s%s\n", *line ? "  " : "", line);
    }
}

static bool print_task(Store *store, const CaseRow *row, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *text = form_new_text(store, row, &cause);
    if (cause) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    g_autofree char *form = foreign_text(row->form, LINE_MAX_BYTES);
    char due[INSTANT_TEXT_MAX];
    bool has_due = row->due != INSTANT_NONE;
    cli_print("\nTo enter for %s%s%s: %s\n\n", row->case_id,
              has_due ? ", due " : "",
              has_due ? instant_text(row->due, due) : "", form);
    print_text(text ? text : "(No draft waits: a person writes it.)");
    cli_print("\n  Then: exitdesk case done %s\n", row->case_id);
    return true;
}

bool forms_print(CliContext *context, Store *store, const GPtrArray *rows,
                 GError **error)
{
    guint count = 0;
    for (guint i = 0; i < rows->len; i++) {
        const CaseRow *row = rows->pdata[i];
        if (row->form && ++count <= FORMS_SHOWN &&
            !print_task(store, row, error))
            return false;
    }
    if (count > FORMS_SHOWN)
        cli_say(context,
                "\nAnd %u more forms; their texts: exitdesk draft "
                "show CASE\n",
                count - FORMS_SHOWN);
    return true;
}
