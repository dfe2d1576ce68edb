#include "intake/rewriting_letter.h"

#include "base/digest.h"
#include "base/errors.h"
#include "base/linediff.h"
#include "intake/apart.h"
#include "intake/composing.h"
#include "reply/own.h"
#include "reply/template_file.h"

#include <string.h>

#define MEMBER_WORD "member.name"

const char *rewriting_by(const Rewriting *work)
{
    return work->order.by ? work->order.by : work->login;
}

static bool fail(GError **error, DeskErrorCode code, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static bool fail(GError **error, DeskErrorCode code, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    g_autofree char *words = g_strdup_vprintf(format, values);
    va_end(values);
    g_set_error_literal(error, DESK_ERROR, (int)code, words);
    return false;
}

/* ---- a text of ours ----------------------------------------------------------- */

/* "login-attack" of "XX/login-attack.de"; yours, NULL if it is no such id. */
static char *name_of(const char *id)
{
    const char *slash = strchr(id, '/');
    const char *dot = strrchr(id, '.');
    if (!slash || !dot || dot < slash)
        return NULL;
    return g_strndup(slash + 1, (gsize)(dot - slash - 1));
}

/* The name as ordered, else that of the letter before. */
static char *wanted_name(const Rewriting *work, GError **error)
{
    if (work->order.template)
        return g_strdup(work->order.template);
    char *name = work->before ? name_of(work->before->template_id) : NULL;
    if (!name)
        fail(error, DESK_ERROR_INVALID,
             "%s: which letter? --template NAME, or --text FILE. All: exitdesk "
             "template list",
             work->order.id);
    return name;
}

static const char *country_of(const Rewriting *work)
{
    return work->judged->member ? work->judged->member->country
                                : work->desk.settings->desk.country;
}

/* Best first: as ordered and nothing else; else the language of the letter
 * before, the complainant's, English. */
static const Template *find_template(const Rewriting *work, const char *name)
{
    const Desk *desk = &work->desk;
    const char *languages[4] = {work->order.language};
    guint count = work->order.language ? 1 : 0;
    if (strchr(name, '/'))
        return templates_by_id(desk->templates, name);
    const Template *before =
        work->before
            ? templates_by_id(desk->templates, work->before->template_id)
            : NULL;
    if (count == 0) {
        if (before)
            languages[count++] = template_language(before);
        languages[count++] = work->judgement->findings->report->language;
        languages[count++] = "en";
    }
    g_autofree char *chain = policy_chain(desk->policies, country_of(work));
    return templates_choose(desk->templates, chain, name, languages);
}

/* Those that name nobody, for a case of no member. Yours. */
static char *desk_letters(const Templates *templates)
{
    g_autoptr(GString) names = g_string_new(NULL);
    for (guint i = 0; i < templates_count(templates); i++) {
        const Template *template = templates_at(templates, i);
        g_autofree char *name = name_of(template_id(template));
        if (g_str_equal(template_language(template), "en") && name &&
            !template_uses_word(template, MEMBER_WORD))
            g_string_append_printf(names, "%s%s", names->len > 0 ? ", " : "",
                                   name);
    }
    return g_string_free(g_steal_pointer(&names), FALSE);
}

/* A letter speaks for the member, or for the desk; both would be a lie. */
static bool speaks_for_us(const Rewriting *work, const Template *template,
                          GError **error)
{
    bool names_member = template_uses_word(template, MEMBER_WORD);
    if (names_member == (work->judged->member != NULL))
        return true;
    g_autofree char *letters = desk_letters(work->desk.templates);
    if (names_member)
        return fail(error, DESK_ERROR_DENIED,
                    "%s speaks for a member, and %s is the desk's own. Letters "
                    "that name nobody: %s",
                    template_id(template), work->order.id, letters);
    return fail(error, DESK_ERROR_DENIED,
                "%s speaks for the desk, and %s is a case of %s",
                template_id(template), work->order.id,
                work->judged->member->id);
}

static Reply *compose_ours(const Rewriting *work, const ReplyContext *context,
                           GError **error)
{
    g_autofree char *name = wanted_name(work, error);
    const Template *template = name ? find_template(work, name) : NULL;
    if (!name)
        return NULL;
    if (!template) {
        fail(error, DESK_ERROR_MISSING,
             "there is no letter \"%s\"%s%s that can be used here. All: "
             "exitdesk template list",
             name, work->order.language ? " in " : "",
             work->order.language ? work->order.language : "");
        return NULL;
    }
    if (!speaks_for_us(work, template, error))
        return NULL;
    g_autoptr(GError) cause = NULL;
    Reply *reply = reply_compose(template, context, &cause);
    if (!reply)
        fail(error, DESK_ERROR_INVALID, "%s cannot be written here: %s",
             template_id(template), cause->message);
    return reply;
}

/* ---- other members --------------------------------------------------------------- */

/* The text without the addresses that the mail cites: who reads the letter
 * wrote them. Of an address that stands within another word the word stays. */
static char *without_cited(const Rewriting *work, const char *text)
{
    const GPtrArray *incidents = work->judgement->findings->incidents;
    GString *out = g_string_new(text);
    for (guint i = 0; i < incidents->len; i++) {
        const Incident *incident = incidents->pdata[i];
        g_autofree char *address = ip_new_text(&incident->address);
        size_t length = strlen(address);
        for (char *at = strstr(out->str, address); at;
             at = strstr(at + length, address))
            if ((at == out->str || !g_ascii_isxdigit(at[-1])) &&
                !g_ascii_isxdigit(at[length]))
                memset(at, ' ', length);
    }
    return g_string_free(out, FALSE);
}

/* What says who a member is: its people's names, its relays' fingerprints,
 * addresses and networks. */
static bool names_no_other(const Rewriting *work, const char *member,
                           const char *text, GError **error)
{
    g_autoptr(Apart) apart =
        apart_new(work->desk.settings->members, work->desk.history, NULL);
    g_autofree char *word = NULL;
    const Member *named = apart_other_named(apart, member, text, &word);
    if (!named)
        return true;
    return fail(error, DESK_ERROR_INVALID,
                "%s: the letter names %s, whose case it is not%s%s%s",
                work->order.id, named->id, word ? " (\"" : "", word ? word : "",
                word ? "\")" : "");
}

/* A nickname may be a word of the language: a person looks. */
static void warn_of_nickname(const Rewriting *work, const char *member,
                             const char *text)
{
    g_autoptr(People) people =
        people_open(work->desk.settings->relays.directory, NULL);
    g_autoptr(Apart) apart =
        apart_new(work->desk.settings->members, NULL, people);
    g_autofree char *word = NULL;
    const Member *named =
        people ? apart_other_named(apart, member, text, &word) : NULL;
    if (named && word)
        g_ptr_array_add(work->findings,
                        template_finding_new(
                            "letter", 0, 0, false,
                            "has the word \"%s\", a nickname of a relay of %s, "
                            "whose case it is not",
                            word, named->id));
}

static bool is_of_nobody_else(const Rewriting *work, const OwnWords *words,
                              GError **error)
{
    const Member *own = work->judged->member;
    g_autofree char *said =
        g_strconcat(words->subject, "\n", words->text, NULL);
    g_autofree char *valid = g_utf8_make_valid(said, -1);
    g_autofree char *text = without_cited(work, valid);
    if (!names_no_other(work, own ? own->id : NULL, text, error))
        return false;
    warn_of_nickname(work, own ? own->id : NULL, text);
    return true;
}

/* ---- own words ------------------------------------------------------------------ */

/* A line for each, as for every text that is looked at. */
static bool has_no_errors(const Rewriting *work, GError **error)
{
    g_autoptr(GString) lines = g_string_new(NULL);
    for (guint i = 0; i < work->findings->len; i++) {
        const TemplateFinding *finding = work->findings->pdata[i];
        if (!finding->is_error)
            continue;
        g_string_append_printf(lines, "%sthe letter", lines->len ? "\n" : "");
        if (finding->line > 0)
            g_string_append_printf(lines, ":%d", finding->line);
        g_string_append_printf(lines, ": %s", finding->message);
    }
    return lines->len == 0 || fail(error, DESK_ERROR_INVALID, "%s", lines->str);
}

/* "Your report" of "[UA-2026-00001-T] Your report"; borrowed. */
static const char *subject_of(const Rewriting *work)
{
    return work->order.subject ? work->order.subject
           : work->before      ? work->before->subject
                               : "Your report";
}

static Reply *compose_own(Rewriting *work, const ReplyContext *context,
                          GError **error)
{
    const OwnWords words = {
        .subject = subject_of(work),
        .text = work->order.text ? work->order.text : work->before->text,
    };
    const Laws *laws =
        work->desk.policies ? policies_laws(work->desk.policies) : NULL;
    work->findings = own_words_lint(&words, context, laws);
    if (!has_no_errors(work, error) || !is_of_nobody_else(work, &words, error))
        return NULL;
    return own_words_compose(&words, context, error);
}

/* ---- what is changed ------------------------------------------------------------- */

static void add_change(GString *change, const char *format, ...)
    G_GNUC_PRINTF(2, 3);
static void add_change(GString *change, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    g_autofree char *words = g_strdup_vprintf(format, values);
    va_end(values);
    g_string_append_printf(change, "%s%s", change->len > 0 ? ", " : "", words);
}

static bool tell_change(Rewriting *work, GError **error)
{
    const Draft *before = work->before;
    const Reply *reply = work->reply;
    g_autoptr(GString) change = g_string_new(NULL);
    if (!before) {
        work->change = g_strdup_printf("a letter, %s", reply->template_id);
        return true;
    }
    g_autoptr(GPtrArray) lines = linediff_new(before->text, reply->text);
    guint count = linediff_count(lines);
    if (g_strcmp0(before->template_id, reply->template_id) != 0)
        add_change(change, "%s in place of %s", reply->template_id,
                   before->template_id);
    if (count > 0)
        add_change(change, "text (%u line%s)", count, count == 1 ? "" : "s");
    if (g_strcmp0(before->subject, reply->subject) != 0)
        add_change(change, "subject");
    if (g_strcmp0(before->to, reply->to) != 0)
        add_change(change, "recipient (%s in place of %s)",
                   reply->to ? reply->to : "nobody",
                   before->to ? before->to : "nobody");
    if (change->len == 0)
        return fail(error, DESK_ERROR_INVALID,
                    "%s: nothing would be changed by that", work->order.id);
    work->change = g_string_free(g_steal_pointer(&change), FALSE);
    return true;
}

/* ---- all of it ------------------------------------------------------------------- */

/* Own words: said anew, or kept because only the address changes. A text of
 * ours whose address changes stays what it was, word by word. */
static bool is_own(const Rewriting *work)
{
    bool wants_ours = work->order.template || work->order.language;
    bool was_own =
        work->before && g_str_equal(work->before->template_id, OWN_WORDS);
    return work->order.text ||
           (!wants_ours && (was_own || work->order.subject));
}

static bool is_one_way(const Rewriting *work, GError **error)
{
    const RewriteOrder *order = &work->order;
    if (work->order.text && (order->template || order->language))
        return fail(error, DESK_ERROR_INVALID,
                    "own words or a letter of ours, not both");
    if (!work->order.text && !work->before && !order->template)
        return fail(error, DESK_ERROR_INVALID,
                    "%s: which letter? --template NAME, or --text FILE",
                    order->id);
    if (order->subject && (order->template || order->language))
        return fail(error, DESK_ERROR_INVALID,
                    "--subject goes with own words: a letter of ours has one");
    return true;
}

bool rewriting_compose(Rewriting *work, GError **error)
{
    g_autofree char *token = random_hex_new(16);
    g_autoptr(GBytes) no_key = g_bytes_new_static("", 0);
    ReplyContext context = composing_context(&work->desk, work->judgement,
                                             work->judged, token, work->now);
    context.is_held = true; /* a person reads it: this one, at least */
    context.to = work->to ? work->to : work->judgement->strict->from;
    if (!context.loop_key)
        context.loop_key = no_key;
    if (!is_one_way(work, error))
        return false;
    work->reply = is_own(work) ? compose_own(work, &context, error)
                               : compose_ours(work, &context, error);
    if (!work->reply)
        return false;
    if (!work->to)
        g_clear_pointer(&work->reply->to, g_free);
    return tell_change(work, error);
}

void rewriting_put_warnings(const Rewriting *work, GString *out)
{
    const Decision *decision = work->judged->decision;
    for (guint i = 0; work->findings && i < work->findings->len; i++)
        g_string_append_printf(
            out, "\nNote: it %s",
            ((TemplateFinding *)work->findings->pdata[i])->message);
    if (!work->findings && work->reply->claims->len > 0 &&
        !reply_claims_hold(work->reply))
        g_string_append(out, "\nNote: it states nothing that the public "
                             "record shows of what happened");
    for (guint i = 0; decision && i < decision->hits->len; i++) {
        const GateHit *hit = &g_array_index(decision->hits, GateHit, i);
        if (hit->action < ACTION_HOLD)
            g_string_append_printf(out, "\nNote: rule %s: %s", hit->id,
                                   hit->why);
    }
    if (work->source)
        g_string_append_printf(out, "\nTo %s: %s", work->to, work->source);
}
