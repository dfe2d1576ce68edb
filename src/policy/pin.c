/*
 * Proving a reporter by its profile.
 *
 * The profile says who signs for whom, so DMARC is not needed: many reporters
 * publish no policy, or send through a provider that signs with a domain of
 * its own. But where our server states a DMARC verdict, it must not speak
 * against it: "fail" for a known reporter is a forgery or a change that a
 * person should see.
 *
 * What counts is what authres.c trusts (our own fields, above the border, not
 * contradicted) and a signature that signature.h finds fit. From and d= must
 * both be the profile's: a right From with a stranger's signature is a
 * stranger, and so is a right signature under another From.
 *
 * ARC is not looked at: Authentication-Results has no registered property for
 * the sealer, and what a sealer found about the first sender stands only in a
 * field of the mail (RFC 8617 section 4.1.1), so none could be pinned.
 */
#include "policy/pin.h"

#include "policy/authres.h"
#include "policy/profile_load.h"
#include "policy/signature.h"

#include <string.h>

static bool is_same(const char *a, const char *b)
{
    return a && b && g_ascii_strcasecmp(a, b) == 0;
}

static bool dmarc_speaks_against(const GPtrArray *results, const char *domain)
{
    for (guint i = 0; i < results->len; i++) {
        const AuthresResult *result = results->pdata[i];
        if (!is_same(result->method, "dmarc") ||
            is_same(result->result, "none"))
            continue;
        if (!is_same(result->result, "pass") ||
            !is_same(authres_property(result, "header.from"), domain))
            return true;
    }
    return false;
}

static const AuthresResult *pinned_signature(const GPtrArray *results,
                                             const StrictHeader *header,
                                             Instant received,
                                             const Profile *profile,
                                             const char **why_not)
{
    *why_not = "no signature of the profile's domains passed";
    for (guint i = 0; i < results->len; i++) {
        const AuthresResult *result = results->pdata[i];
        if (!is_same(result->method, "dkim") ||
            !is_same(result->result, "pass") ||
            !profile_signs(profile, signature_domain(result),
                           authres_property(result, "header.s")))
            continue;
        *why_not = authres_is_contradicted(results, result)
                       ? "another verdict contradicts the signature's"
                       : signature_objection(header, result, received);
        if (!*why_not)
            return result;
    }
    return NULL;
}

/* The profile's address; the return path only in a domain it names, and only
 * if something vouches for it, as no signature does. */
static char *destination_new(const Profile *profile, const GPtrArray *results,
                             const char *from, const char *envelope_from)
{
    if (!profile->to || profile->answer == ANSWER_NEVER ||
        profile->answer == ANSWER_FORM_ONLY)
        return NULL;
    if (!g_str_equal(profile->to, PROFILE_RETURN_PATH))
        return g_strdup(profile->to);
    if (!authres_vouches_path(results, from, envelope_from))
        return NULL;
    const char *domain = authres_plain_domain(envelope_from);
    for (guint i = 0; i < profile->envelope->len; i++)
        if (is_same(profile->envelope->pdata[i], domain))
            return g_strdup(envelope_from);
    return NULL;
}

Authentication *authentication_pin(const StrictHeader *header,
                                   const char *envelope_from,
                                   const char *authserv_id, Instant received,
                                   const Profile *profile, const char **why_not)
{
    const char *from_domain = authres_plain_domain(header->from);
    *why_not = "From is not of the profile's list";
    if (!profile_writes_from(profile, header->from))
        return NULL;
    *why_not = "no authserv_id is configured: nothing is trusted";
    if (!authserv_id || !*authserv_id)
        return NULL;
    g_autoptr(GPtrArray) results = authres_results_new();
    if (!authres_collect(header, authserv_id, results, why_not))
        return NULL;
    const AuthresResult *signature =
        pinned_signature(results, header, received, profile, why_not);
    if (!signature)
        return NULL;
    if (dmarc_speaks_against(results, from_domain)) {
        *why_not = "DMARC did not pass for the reporter's From";
        return NULL;
    }
    Authentication *known = g_new0(Authentication, 1);
    known->level = AUTH_S3;
    known->destination =
        destination_new(profile, results, header->from, envelope_from);
    known->why = g_strdup_printf("the reporter %s, signed by %s", profile->id,
                                 signature_domain(signature));
    known->dkim_key = signature_key(header, signature);
    return known;
}
