/*
 * A proposed profile from one mail.
 *
 * What is pinned is what our own mail server found to be good: the domain of
 * a signature that passed, best one that belongs to From. A provider's domain
 * is pinned together with its selector. Whose mail it is, and where letters
 * shall go, is not in the mail for certain: two people look at it.
 *
 * Every text of the mail is checked letter by letter or stands in a comment
 * line without control characters, so that no mail can write a setting.
 */
#include "policy/profile_make.h"

#include "base/errors.h"
#include "base/log.h"
#include "base/yaml.h"
#include "policy/authres.h"
#include "policy/gate_rules.h"
#include "policy/profile_load.h"
#include "policy/signature.h"

#include <string.h>

#define SAMPLE_MAX 200 /* bytes of the mail's Subject in a comment */

static bool is_same(const char *a, const char *b)
{
    return a && b && g_ascii_strcasecmp(a, b) == 0;
}

/* The passed signature to pin: From's own domain before any other. */
static const AuthresResult *best_signature(const GPtrArray *results,
                                           const char *from_domain)
{
    const AuthresResult *best = NULL;
    for (guint i = 0; i < results->len; i++) {
        const AuthresResult *result = results->pdata[i];
        if (!is_same(result->method, "dkim") ||
            !is_same(result->result, "pass") || !signature_domain(result) ||
            authres_is_contradicted(results, result))
            continue;
        if (!best || is_same(signature_domain(result), from_domain))
            best = result;
    }
    return best;
}

static bool invalid(GError **error, const char *words)
{
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID, words);
    return false;
}

static void put_comments(GString *out, const ProfileSample *sample)
{
    g_autofree char *subject =
        foreign_text(sample->subject ? sample->subject : "", SAMPLE_MAX);
    g_string_append_printf(
        out,
        "# Made from case %s. Look at each line: who is it, does it want to\n"
        "# be answered, is the address one that it publishes? Then two people\n"
        "# approve it: exitdesk profile approve NAME --by WHO\n"
        "# Subject of that mail: %s\n",
        sample->case_id ? sample->case_id : "-",
        g_strdelimit(subject, "\r\n", ' '));
}

/* Nobody reads what goes back there: so the address that staff chose. */
static bool is_of_a_program(const ProfileSample *sample)
{
    const char *path = sample->envelope_from;
    return stop_list_ask(sample->header->from, false) == STOP_NEVER ||
           (path && *path && stop_list_ask(path, true) == STOP_NEVER);
}

static void put_signature(GString *out, const ProfileSample *sample,
                          const AuthresResult *signature)
{
    const char *domain = signature_domain(signature);
    const char *selector = authres_property(signature, "header.s");
    g_autofree char *from = g_ascii_strdown(sample->header->from, -1);
    g_autofree char *lower = g_ascii_strdown(domain, -1);
    g_string_append_printf(out, "signs:\n  dkim: [%s]\n", lower);
    if (selector && !is_same(domain, authres_plain_domain(from))) {
        g_autofree char *selected = g_ascii_strdown(selector, -1);
        g_autofree char *quoted = yaml_scalar_new(selected);
        g_string_append_printf(out, "  selectors: [%s]\n", quoted);
    }
    g_autofree char *quoted = yaml_scalar_new(from);
    g_string_append_printf(out, "  from: [%s]\n", quoted);
    if (is_of_a_program(sample))
        g_string_append(out, "  robot-path: yes\n");
}

static char *text_new(const ProfileSample *sample,
                      const AuthresResult *signature)
{
    GString *out = g_string_new(NULL);
    const char *domain = authres_plain_domain(sample->header->from);
    g_autofree char *name =
        yaml_scalar_new(sample->name ? sample->name : domain);
    g_autofree char *to = yaml_scalar_new(sample->to);
    put_comments(out, sample);
    g_string_append_printf(out, "name: %s\nkind: other\nstate: proposed\n",
                           name);
    put_signature(out, sample, signature);
    g_string_append_printf(out,
                           "answer:\n  automatic: %s\n  to: %s\n"
                           "known:\n  source:\n    - https://%s/\n"
                           "  reviewed: " PROFILE_UNREVIEWED "\n"
                           "  confidence: medium\n",
                           reporter_answer_word(sample->answer), to, domain);
    return g_string_free(out, FALSE);
}

/* What was written must be a profile that can be read. */
static bool can_be_read(const char *text, GError **error)
{
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GBytes) bytes = g_bytes_new(text, strlen(text));
    Profile *profile = profile_parse("the new profile", "new", bytes, errors);
    profile_free(profile);
    return profile != NULL || invalid(error, errors->pdata[0]);
}

char *profile_make(const ProfileSample *sample, GError **error)
{
    const char *from_domain = authres_plain_domain(sample->header->from);
    const char *why = NULL;
    g_autoptr(GPtrArray) results = authres_results_new();
    if (!from_domain) {
        invalid(error, "From of that mail is not one plain address");
        return NULL;
    }
    if (!sample->authserv_id ||
        !authres_collect(sample->header, sample->authserv_id, results, &why)) {
        invalid(error, why ? why : "receive.authserv-id is not set");
        return NULL;
    }
    const AuthresResult *signature = best_signature(results, from_domain);
    if (!signature) {
        invalid(error, "no signature of that mail passed: there is nothing by "
                       "which its sender could be known");
        return NULL;
    }
    g_autofree char *text = text_new(sample, signature);
    return can_be_read(text, error) ? g_steal_pointer(&text) : NULL;
}

char *profile_make_id(const StrictHeader *header)
{
    const char *domain = authres_plain_domain(header->from);
    return domain ? g_strdelimit(g_ascii_strdown(domain, 40), ".", '-') : NULL;
}
