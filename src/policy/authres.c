/*
 * Who wrote, judged from what our own mail server found out.
 *
 * Problem. Authentication-Results is a header field: whoever writes a mail
 * can write one. RFC 8601 section 5 obliges the border server to remove the
 * fields that claim its own name, but a site may have forgotten to configure
 * that, and one forged "dmarc=pass" would make us write to a victim.
 *
 * What is trusted. A field counts only if
 *   1. its authserv-id is the configured one (any case), and
 *   2. it stands before the second Received field from the top.
 * Our server puts its own Received on top of what it got; filters (milters)
 * add their results above that line or directly below it, depending on the
 * server. Whatever the sender's server wrote stands below, and its first
 * Received is the second from the top. A sender can still put a forged field
 * above his own first Received: only removal by the border prevents that, so
 * the operator must have it configured (probing.h
 * tests it).
 * Against borders that forget, two more rules cost nothing:
 *   3. if a field with our name stands below the line, the border evidently
 *      does not remove: nothing is trusted;
 *   4. all trusted fields count together, and every "dmarc" among them must
 *      say pass for the very From domain: a forged pass beside our own fail
 *      is a fail.
 * A field with our name that does not parse spoils the judgement, too.
 *
 * Levels. S2: dmarc=pass for F and a dkim=pass with d= equal to F, whose
 * field covers what signature.h wants. S1: dmarc=pass for F, and spf=pass for
 * a MAIL FROM that is the envelope sender of this delivery and lies in F; also
 * what a signature that is not fit falls back to. Alignment by organizational
 * domain is left to our server's DMARC verdict; our own comparison is
 * equality, because a guess about where an organization begins would be ours
 * alone. S3 is pin.c's. ARC is not looked at.
 *
 * Destination: the envelope sender, if its domain equals F; never From or
 * Reply-To (RFC 3834 section 4). A signature says nothing of the envelope:
 * whoever has an account at a great provider can hand its signed mail over
 * with any other customer's return path. So it must be From's own address,
 * which the signature covers, or SPF must vouch for it.
 *
 * Authority: RFC 8601, RFC 9989 sections 4.10 and 5.3, RFC 3834 section 4.
 */
#include "policy/gate.h"

#include "policy/authres.h"
#include "policy/signature.h"

#include <string.h>

const char *auth_level_word(AuthLevel level)
{
    static const char *const WORDS[] = {"S0", "S1", "S2", "S3"};
    g_assert(level <= AUTH_S3);
    return WORDS[level];
}

void authentication_free(Authentication *authentication)
{
    if (!authentication)
        return;
    g_free(authentication->destination);
    g_free(authentication->why);
    g_free(authentication->dkim_key);
    g_free(authentication);
}

static Authentication *answer(AuthLevel level, char *why)
{
    Authentication *known = g_new0(Authentication, 1);
    known->level = level;
    known->why = why;
    return known;
}

static Authentication *nobody(const char *why)
{
    return answer(AUTH_S0, g_strdup(why));
}

static bool is_same(const char *a, const char *b)
{
    return a && b && g_ascii_strcasecmp(a, b) == 0;
}

/* Letters, digits, hyphens and dots with at least one dot inside; anything
 * else (also U-labels) is not compared at all. */
static bool domain_is_plain(const char *domain)
{
    size_t length = strlen(domain);
    if (length > 253 || !strchr(domain, '.') || *domain == '.' ||
        domain[length - 1] == '.' || strstr(domain, ".."))
        return false;
    for (const char *at = domain; *at; at++)
        if (!g_ascii_isalnum(*at) && *at != '-' && *at != '.')
            return false;
    return true;
}

const char *authres_plain_domain(const char *address)
{
    const char *at = address ? strchr(address, '@') : NULL;
    if (!at || at == address || at - address > 64 || !domain_is_plain(at + 1))
        return NULL;
    for (const char *c = address; c < at; c++)
        if (!g_ascii_isalnum(*c) && !strchr("#$&'*+-/=?^_`{|}~.", *c))
            return NULL;
    bool dots_are_inside = *address != '.' && at[-1] != '.';
    const char *pair = strstr(address, "..");
    return dots_are_inside && (!pair || pair > at) ? at + 1 : NULL;
}

bool authres_collect(const StrictHeader *header, const char *authserv_id,
                     GPtrArray *results, const char **why)
{
    guint received = 0;
    for (guint i = 0; header->authentication && i < header->authentication->len;
         i++) {
        const StrictField *field = header->authentication->pdata[i];
        if (is_same(field->name, "received")) {
            received++;
            continue;
        }
        if (!is_same(field->name, "authentication-results"))
            continue;
        AuthresAnswer scanned =
            authres_scan(field->value, authserv_id, results);
        if (scanned == AUTHRES_NOT_OURS)
            continue;
        if (received >= 2) {
            *why = "a field with our server's name stands where only "
                   "strangers write";
            return false;
        }
        if (scanned == AUTHRES_BROKEN) {
            *why = "our server's verdict cannot be read";
            return false;
        }
    }
    return true;
}

/* dmarc: at least one verdict, and each is pass for exactly that domain. */
static const char *dmarc_objection(const GPtrArray *results, const char *domain)
{
    bool passed = false;
    for (guint i = 0; i < results->len; i++) {
        const AuthresResult *result = results->pdata[i];
        if (!is_same(result->method, "dmarc"))
            continue;
        if (!is_same(result->result, "pass"))
            return "DMARC did not pass";
        if (!is_same(authres_property(result, "header.from"), domain))
            return "DMARC passed for another domain than From's";
        passed = true;
    }
    return passed ? NULL : "our server states no DMARC verdict";
}

bool authres_is_contradicted(const GPtrArray *results,
                             const AuthresResult *passed)
{
    const char *key = authres_property(passed, "header.b");
    const char *selector = authres_property(passed, "header.s");
    for (guint i = 0; i < results->len; i++) {
        const AuthresResult *other = results->pdata[i];
        if (is_same(other->method, "dkim") && !is_same(other->result, "pass") &&
            is_same(signature_domain(other), signature_domain(passed)) &&
            g_strcmp0(authres_property(other, "header.b"), key) == 0 &&
            g_strcmp0(authres_property(other, "header.s"), selector) == 0)
            return true;
    }
    return false;
}

/* What the judgement is about. */
typedef struct {
    const StrictHeader *header;
    const char *from_domain, *envelope_from;
    Instant received;
} Sender;

/* The first signature of From's domain that is fit; if there is none, why
 * the last of them is not (NULL: there is none at all). */
static const AuthresResult *fit_signature(const GPtrArray *results,
                                          const Sender *sender,
                                          const char **objection)
{
    *objection = NULL;
    for (guint i = 0; i < results->len; i++) {
        const AuthresResult *result = results->pdata[i];
        if (!is_same(result->method, "dkim") ||
            !is_same(result->result, "pass") ||
            !is_same(signature_domain(result), sender->from_domain))
            continue;
        *objection =
            authres_is_contradicted(results, result)
                ? "another verdict contradicts the signature's"
                : signature_objection(sender->header, result, sender->received);
        if (!*objection)
            return result;
    }
    return NULL;
}

/* Every SPF verdict on MAIL FROM must be pass and for this very sender, whose
 * address is a plain one. */
static bool spf_covers(const GPtrArray *results, const char *envelope_from)
{
    bool passed = false;
    for (guint i = 0; i < results->len; i++) {
        const AuthresResult *result = results->pdata[i];
        const char *identity = authres_property(result, "smtp.mailfrom");
        if (!is_same(result->method, "spf") || !identity)
            continue;
        const char *domain = strrchr(envelope_from, '@') + 1;
        if (!is_same(result->result, "pass") ||
            !(is_same(identity, envelope_from) || is_same(identity, domain)))
            return false;
        passed = true;
    }
    return passed;
}

bool authres_vouches_path(const GPtrArray *results, const char *from,
                          const char *envelope_from)
{
    return authres_plain_domain(envelope_from) &&
           (is_same(envelope_from, from) || spf_covers(results, envelope_from));
}

static Authentication *weigh(const GPtrArray *results, const Sender *sender,
                             bool path_is_aligned)
{
    const char *flaw;
    const AuthresResult *signature = fit_signature(results, sender, &flaw);
    if (signature) {
        Authentication *known =
            answer(AUTH_S2, g_strdup_printf("DMARC passed, signed by %s",
                                            sender->from_domain));
        known->dkim_key = signature_key(sender->header, signature);
        return known;
    }
    if (path_is_aligned && spf_covers(results, sender->envelope_from))
        return answer(AUTH_S1, flaw ? g_strdup_printf(
                                          "DMARC passed by SPF only: %s", flaw)
                                    : g_strdup("DMARC passed by SPF only"));
    return nobody(flaw ? flaw
                       : "DMARC passed, but neither a signature nor SPF is of "
                         "exactly From's domain");
}

static Authentication *judge_results(const GPtrArray *results,
                                     const Sender *sender)
{
    const char *objection = dmarc_objection(results, sender->from_domain);
    if (objection)
        return nobody(objection);
    bool path_is_aligned = is_same(authres_plain_domain(sender->envelope_from),
                                   sender->from_domain);
    Authentication *known = weigh(results, sender, path_is_aligned);
    if (known->level > AUTH_S0 && path_is_aligned &&
        authres_vouches_path(results, sender->header->from,
                             sender->envelope_from))
        known->destination = g_strdup(sender->envelope_from);
    return known;
}

Authentication *authentication_judge(const StrictHeader *header,
                                     const char *envelope_from,
                                     const char *authserv_id, Instant received)
{
    if (!authserv_id || !*authserv_id)
        return nobody("no authserv_id is configured: nothing is trusted");
    const char *from_domain = authres_plain_domain(header->from);
    if (!from_domain)
        return nobody("From is not one plain address");
    const char *why = NULL;
    g_autoptr(GPtrArray) results = authres_results_new();
    if (!authres_collect(header, authserv_id, results, &why))
        return nobody(why);
    const Sender sender = {header, from_domain, envelope_from, received};
    return judge_results(results, &sender);
}
