#include "reply/digest_words.h"

#include "reply/claims.h"
#include "reply/words.h"

#include <string.h>

/* The groups, by the verdict that makes a claim hold. */
static const struct {
    const char *claim;
    Verdict verdict;
} GROUPS[] = {
    {"exit-then", VERDICT_EXIT},
    {"port-closed", VERDICT_PORT_CLOSED},
    {"not-exit-then", VERDICT_NOT_EXIT},
    {"not-listed-then", VERDICT_NOT_LISTED},
};

static guint row_count(const ReplyContext *context)
{
    return context->digest ? context->digest->len : 1;
}

/* One case, as a letter about it alone would have it. */
static ReplyContext context_of(const ReplyContext *context, guint index)
{
    ReplyContext one = *context;
    const DigestRow *row =
        context->digest ? context->digest->pdata[index] : NULL;
    one.digest = NULL;
    if (!row)
        return one;
    one.case_id = row->case_id;
    one.quote = row->quote;
    one.findings = row->findings;
    one.ticket = row->ticket;
    one.matches = row->matches;
    return one;
}

/* ---- one line ----------------------------------------------------------- */

/* "2026-05-03 14:02:11 UTC", "FIRST - LAST UTC (12)"; nothing where a time has
 * more than one possible meaning. */
static void add_times(GString *line, const ReplyContext *one)
{
    Instant first = INSTANT_NONE, last = INSTANT_NONE;
    guint count = one->ticket->incidents->len;
    char text[INSTANT_TEXT_MAX];
    for (guint i = 0; i < count; i++) {
        const CitedTime *time = claims_incident(one, i)->time;
        const Reading *reading =
            time && time->readings->len == 1 ? time->readings->pdata[0] : NULL;
        if (!reading || !time->certain)
            return;
        first = i == 0 ? reading->from : MIN(first, reading->from);
        last = i == 0 ? reading->to : MAX(last, reading->to);
    }
    if (count == 0)
        return;
    instant_text(first, text);
    g_string_append_printf(line, ", %.10s %.8s", text, text + 11);
    if (last > first) {
        instant_text(last, text);
        g_string_append_printf(line, " - %.10s %.8s", text, text + 11);
    }
    g_string_append(line, " UTC");
    if (count > 1)
        g_string_append_printf(line, " (%u)", count);
}

static void add_line(GString *list, const ReplyContext *one)
{
    g_autofree char *number = word_reference(one);
    g_autofree char *addresses = word_incident_address(one);
    g_string_append_printf(list, "%s  %s", list->len > 0 ? "\n" : "",
                           one->case_id);
    if (number)
        g_string_append_printf(list, ", %s", number);
    g_string_append_printf(list, ": %s", addresses);
    add_times(list, one);
}

/* ---- groups ------------------------------------------------------------- */

static ClaimAnswer answer_of(const ReplyContext *one, guint group,
                             GString *exhibit)
{
    return claim_verdict(one, GROUPS[group].verdict, exhibit);
}

/* G_N_ELEMENTS(GROUPS): apart. */
static guint group_of(const ReplyContext *one)
{
    for (guint i = 0; i < G_N_ELEMENTS(GROUPS); i++) {
        g_autoptr(GString) exhibit = g_string_new(NULL);
        if (answer_of(one, i, exhibit) == CLAIM_YES)
            return i;
    }
    return G_N_ELEMENTS(GROUPS);
}

static char *list_of(const ReplyContext *context, guint group)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < row_count(context); i++) {
        ReplyContext one = context_of(context, i);
        if (group_of(&one) == group)
            add_line(list, &one);
    }
    return list->len > 0 ? g_string_free(g_steal_pointer(&list), FALSE) : NULL;
}

char *word_digest_exit(const ReplyContext *context)
{
    return list_of(context, 0);
}

char *word_digest_port_closed(const ReplyContext *context)
{
    return list_of(context, 1);
}

char *word_digest_not_exit(const ReplyContext *context)
{
    return list_of(context, 2);
}

char *word_digest_not_listed(const ReplyContext *context)
{
    return list_of(context, 3);
}

char *word_digest_open(const ReplyContext *context)
{
    return list_of(context, G_N_ELEMENTS(GROUPS));
}

char *word_digest_several(const ReplyContext *context)
{
    guint count = row_count(context);
    return count > 1 ? g_strdup_printf("%u", count) : NULL;
}

void digest_add_claims(const ReplyContext *context, GPtrArray *claims)
{
    for (guint i = 0; i < row_count(context); i++) {
        ReplyContext one = context_of(context, i);
        for (guint k = 0; k < G_N_ELEMENTS(GROUPS); k++) {
            g_autoptr(GString) exhibit = g_string_new(NULL);
            Claim *claim = g_new0(Claim, 1);
            claim->name = GROUPS[k].claim;
            claim->answer = answer_of(&one, k, exhibit);
            claim->exhibit =
                g_strdup_printf("%s: %s", one.case_id, exhibit->str);
            g_ptr_array_add(claims, claim);
        }
    }
}
