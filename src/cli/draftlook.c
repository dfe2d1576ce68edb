#include "cli/draftlook.h"

#include "base/log.h"
#include "cli/kept.h"

#include <string.h>

void draft_put_json(Json *json, const Draft *draft)
{
    json_put_text(json, "case", draft->case_id);
    json_put_text(json, "member", draft->member);
    json_put_text(json, "state", draft->state);
    json_put_text(json, "to", draft->to);
    json_put_text(json, "subject", draft->subject);
    json_put_text(json, "template", draft->template_id);
    json_put_text(json, "template_version", draft->template_version);
    json_put_instant(json, "made", draft->made);
    json_put_instant(json, "decided", draft->decided);
    json_put_text(json, "decided_by", draft->decided_by);
    json_put_text(json, "note", draft->note);
    json_put_instant(json, "send_at", draft->send_at);
    json_put_number(json, "version", draft->version);
    json_put_text(json, "changed_by", draft->changed_by);
    json_put_text(json, "change", draft->change);
    json_put_text(json, "source", draft->source);
    json_put_text(json, "checked_by", draft->checked_by);
}

/* The letter line by line, each whole, since it is read to be approved: our
 * own words, but with values from outside. */
static void print_text(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        g_autofree char *line = g_strdup(lines[i]);
        g_strchomp(line);
        g_autofree char *safe = foreign_text(line, G_MAXSIZE);
        cli_print("  %s\n", safe);
    }
}

static void print_version(const Draft *draft)
{
    if (!draft->changed_by) {
        cli_print("version   %u, by the program\n", draft->version);
        return;
    }
    cli_print("version   %u, by %s: %s\n", draft->version, draft->changed_by,
              draft->change ? draft->change : "");
    if (draft->checked_by)
        cli_print("checklist %s\n", draft->checked_by);
}

/* What the letter may say, and what shows it; laws stand behind. */
static void print_claims(const char *json)
{
    const char *label = "claims", *at = json;
    for (;;) {
        g_autofree char *name = kept_value(&at, "name", NULL);
        g_autofree char *answer = name ? kept_value(&at, "answer", NULL) : NULL;
        g_autofree char *exhibit =
            answer ? kept_value(&at, "exhibit", NULL) : NULL;
        if (!exhibit)
            return;
        g_autofree char *safe = foreign_text(exhibit, 1000);
        cli_print("%-9s %s: %s%s%s\n", label, name, answer, *safe ? ", " : "",
                  safe);
        label = "";
    }
}

void draft_print(const Draft *draft)
{
    char at[INSTANT_TEXT_MAX];
    cli_print("%s  %s, made %s\n", draft->case_id, draft->state,
              instant_text(draft->made, at));
    if (draft->version > 1 || draft->changed_by)
        print_version(draft);
    g_autofree char *to = foreign_text(draft->to ? draft->to : "nobody", 300);
    g_autofree char *subject =
        foreign_text(draft->subject ? draft->subject : "", 300);
    cli_print("to        %s%s%s%s\nsubject   %s\ntemplate  %s, version %s\n",
              to, draft->source ? " (" : "", draft->source ? draft->source : "",
              draft->source ? ")" : "", subject, draft->template_id,
              draft->template_version);
    if (draft->decided_by)
        cli_print("decided   by %s at %s%s%s\n", draft->decided_by,
                  instant_text(draft->decided, at), draft->note ? ": " : "",
                  draft->note ? draft->note : "");
    if (draft->claims_json)
        print_claims(draft->claims_json);
    cli_print("\n");
    print_text(draft->text ? draft->text : "");
}
