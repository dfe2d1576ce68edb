/*
 * A person's own words are looked at as they would be read: folded, in every
 * language at once, since nobody says in which they are. What the lists know
 * is caught; what they do not know a person has written and answers for. So
 * lint is a net below a person, not a judge.
 */
#include "reply/own.h"

#include "base/errors.h"
#include "reply/compose.h"
#include "reply/lint.h"

#include <string.h>

#define FILE_NAME "letter"

char *own_words_clean(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) out = g_string_new(NULL);
    guint empty = 0;
    for (guint i = 0; lines[i]; i++) {
        g_strchomp(lines[i]);
        if (!*lines[i]) {
            empty++;
            continue;
        }
        for (; out->len > 0 && empty > 0; empty--)
            g_string_append_c(out, '\n');
        empty = 0;
        g_string_append_printf(out, "%s\n", lines[i]);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Characters that a reader does not see, or that turn what he sees around. */
static bool is_hidden(gunichar c)
{
    return (c < 0x20 && c != '\n' && c != '\t') || (c >= 0x7f && c < 0xa0) ||
           c == 0x200b || c == 0x2028 || c == 0x2029 ||
           (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
           c == 0xfeff;
}

static bool is_sound(const char *text, GError **error)
{
    const char *why = NULL;
    if (!*text)
        why = "the letter has no text";
    else if (strlen(text) > TEMPLATE_BYTES_MAX)
        why = "the text is too long for a letter";
    else if (!g_utf8_validate(text, -1, NULL))
        why = "the text is no UTF-8";
    for (const char *at = text; !why && *at; at = g_utf8_next_char(at))
        if (is_hidden(g_utf8_get_char(at)))
            why = "a control character, or one that turns text around, stands "
                  "in the text";
    if (why)
        g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID, why);
    return why == NULL;
}

/* ---- lint ----------------------------------------------------------------- */

typedef struct {
    GPtrArray *findings;
    const GPtrArray *claims; /* of Claim */
} Look;

static void add(GPtrArray *findings, int line, bool is_error,
                const char *format, ...) G_GNUC_PRINTF(4, 5);
static void add(GPtrArray *findings, int line, bool is_error,
                const char *format, ...)
{
    va_list values;
    va_start(values, format);
    g_autofree char *words = g_strdup_vprintf(format, values);
    va_end(values);
    g_ptr_array_add(findings, template_finding_new(FILE_NAME, line, 1, is_error,
                                                   "%s", words));
}

static const Claim *claim_named(const GPtrArray *claims, const char *name)
{
    for (guint i = 0; i < claims->len; i++) {
        const Claim *claim = claims->pdata[i];
        if (g_str_equal(claim->name, name))
            return claim;
    }
    return NULL;
}

static void look_at_phrase(void *data, const char *name, const char *words)
{
    const Look *look = data;
    const Claim *claim = claim_named(look->claims, name);
    if (claim && claim->answer == CLAIM_YES)
        return;
    add(look->findings, 0, true,
        "says \"%s\", and the evidence does not show that (claim %s: %s%s%s)",
        words, name, claim && claim->answer == CLAIM_NO ? "no" : "unknown",
        claim && *claim->exhibit ? ", " : "", claim ? claim->exhibit : "");
}

static int line_of(const char *text, size_t at)
{
    int line = 1;
    for (size_t i = 0; i < at; i++)
        line += text[i] == '\n';
    return line;
}

static void look_at_law(GPtrArray *findings, const char *text, int first_line,
                        const Laws *laws, Instant now)
{
    g_autoptr(GArray) gone = laws ? laws_find_gone(laws, text, now) : NULL;
    for (guint i = 0; gone && i < gone->len; i++) {
        const LawFinding *found = &g_array_index(gone, LawFinding, i);
        add(findings, first_line ? line_of(text, found->at) : 0, found->is_sure,
            "cites \"%.*s\": %s", (int)found->length, text + found->at,
            found->message);
    }
}

/* A statute that no law pack has: whether it is in force, and applies, nobody
 * checks. */
static void look_at_citation(GPtrArray *findings, const char *text)
{
    static const char *const SIGNS[] = {"§", "U.S.C.", "Art.", "Article ",
                                        "Artikel "};
    for (guint i = 0; i < G_N_ELEMENTS(SIGNS); i++) {
        const char *at = strstr(text, SIGNS[i]);
        if (!at)
            continue;
        add(findings, line_of(text, (size_t)(at - text)), false,
            "\"%s\": whether that law is in force and applies is not checked "
            "here",
            SIGNS[i]);
        return;
    }
}

static guint count_words(const char *text)
{
    guint count = 0;
    bool in_word = false;
    for (const char *at = text; *at; at++) {
        if (g_str_has_prefix(at, "\n-- \n") || g_str_has_prefix(at, "\n--\n"))
            break;
        bool was_in_word = in_word;
        in_word = !g_ascii_isspace(*at);
        count += in_word && !was_in_word;
    }
    return count;
}

static void look_at_shape(GPtrArray *findings, const char *text,
                          const ReplyContext *context)
{
    guint count = count_words(text);
    const char *name =
        context->member ? context->member->name : context->desk_name;
    if (count > TEMPLATE_WORDS_MAX)
        add(findings, 0, false,
            "has %u words; letters of more than %d are "
            "hardly read",
            count, TEMPLATE_WORDS_MAX);
    if (name && !strstr(text, name))
        add(findings, 0, false, "does not say for whom it is written (%s)",
            name);
}

GPtrArray *own_words_lint(const OwnWords *words, const ReplyContext *context,
                          const Laws *laws)
{
    GPtrArray *findings =
        g_ptr_array_new_with_free_func((GDestroyNotify)template_finding_free);
    g_autofree char *text = own_words_clean(words->text);
    g_autofree char *all = g_strdup_printf("%s\n%s", words->subject, text);
    g_autoptr(GError) cause = NULL;
    if (!is_sound(text, &cause) || !is_sound(words->subject, &cause)) {
        add(findings, 0, true, "%s", cause->message);
        return findings;
    }
    if (strstr(all, "{{") || strstr(all, "}}"))
        add(findings, 0, true, "has {{ or }}: nothing is filled in here");
    g_autofree char *folded = lint_phrases_fold(all);
    const char *promise = promise_in(folded);
    if (promise)
        add(findings, 0, true,
            "says \"%s\": no letter may promise or admit that", promise);
    g_autoptr(GPtrArray) claims = claims_evaluate(context);
    Look look = {.findings = findings, .claims = claims};
    lint_phrases_all(folded, look_at_phrase, &look);
    look_at_law(findings, words->subject, 0, laws, context->now);
    look_at_law(findings, text, 1, laws, context->now);
    look_at_citation(findings, text);
    look_at_shape(findings, text, context);
    return findings;
}

/* ---- composing ------------------------------------------------------------ */

static void note_claim(void *data, const char *name, const char *words)
{
    GPtrArray *used = data;
    if (!g_ptr_array_find_with_equal_func(used, name, g_str_equal, NULL))
        g_ptr_array_add(used, (char *)name);
}

static Claim *claim_copy(const Claim *claim)
{
    Claim *copy = g_new0(Claim, 1);
    copy->name = claim->name;
    copy->answer = claim->answer;
    copy->exhibit = g_strdup(claim->exhibit);
    return copy;
}

/* The claims that the words speak of. */
static GPtrArray *claims_of(const char *text, const ReplyContext *context)
{
    GPtrArray *claims =
        g_ptr_array_new_with_free_func((GDestroyNotify)claim_free);
    g_autofree char *folded = lint_phrases_fold(text);
    g_autoptr(GPtrArray) all = claims_evaluate(context);
    g_autoptr(GPtrArray) used = g_ptr_array_new();
    lint_phrases_all(folded, note_claim, used);
    for (guint i = 0; i < used->len; i++) {
        const Claim *claim = claim_named(all, used->pdata[i]);
        if (claim)
            g_ptr_array_add(claims, claim_copy(claim));
    }
    return claims;
}

Reply *own_words_compose(const OwnWords *words, const ReplyContext *context,
                         GError **error)
{
    g_autofree char *text = own_words_clean(words->text);
    g_autofree char *subject = g_strstrip(g_strdup(words->subject));
    if (!is_sound(text, error))
        return NULL;
    g_autoptr(Reply) reply =
        reply_begin(context, OWN_WORDS, OWN_WORDS_VERSION, error);
    if (!reply)
        return NULL;
    reply->subject =
        strstr(subject, context->case_id)
            ? g_steal_pointer(&subject)
            : g_strdup_printf("[%s] %s", context->case_id, subject);
    reply->text = g_steal_pointer(&text);
    reply->claims = claims_of(reply->text, context);
    reply->laws =
        g_ptr_array_new_with_free_func((GDestroyNotify)law_candidate_free);
    return reply_finish(context, reply, error) ? g_steal_pointer(&reply) : NULL;
}
