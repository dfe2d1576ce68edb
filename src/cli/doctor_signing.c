#include "cli/doctor.h"

#include "base/errors.h"
#include "base/signingkey.h"
#include "reply/pgp.h"
#include "settings/settings_alerts.h"

#include <string.h>

#define MAKE_KEY "exitdesk key make, for each of these domains"

/* ---- DKIM ------------------------------------------------------------- */

/* "rsa 202605-rsa, ed25519 202605-ed25519"; what is wrong with a key in
 * error. */
static char *keys_of(const Settings *settings, const char *domain, guint *kinds,
                     GError **error)
{
    GString *out = g_string_new(NULL);
    *kinds = 0;
    for (guint i = 0; i < settings->dkim.keys->len; i++) {
        const DkimKeyFile *file = settings->dkim.keys->pdata[i];
        if (g_ascii_strcasecmp(file->domain, domain) != 0)
            continue;
        g_autoptr(SigningKey) key = signing_key_read(file->file, error);
        if (!key)
            return g_string_free(out, FALSE);
        SigningKind kind = signing_key_kind(key);
        if (*kinds & 1u << kind) {
            g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                        "two %s keys for %s", signing_kind_word(kind), domain);
            return g_string_free(out, FALSE);
        }
        *kinds |= 1u << kind;
        g_string_append_printf(out, "%s%s", out->len ? " and " : "",
                               file->selector);
    }
    return g_string_free(out, FALSE);
}

static const char *domain_of(const Settings *settings, const Member *member)
{
    const char *from =
        member->address ? member->address : settings->desk.address;
    const char *at = from ? strrchr(from, '@') : NULL;
    return at ? at + 1 : "";
}

/* The domains that letters come from, each once. */
static GHashTable *domains_new(const Settings *settings)
{
    GHashTable *domains =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint count = settings->members ? members_count(settings->members) : 0;
    for (guint i = 0; i < count; i++)
        g_hash_table_add(
            domains,
            g_ascii_strdown(
                domain_of(settings, members_at(settings->members, i)), -1));
    return domains;
}

static bool check_dkim(const Settings *settings, DoctorFinding *out)
{
    g_autoptr(GHashTable) domains = domains_new(settings);
    g_autoptr(GString) good = g_string_new(NULL);
    g_autoptr(GString) bare = g_string_new(NULL);
    g_autoptr(GString) single = g_string_new(NULL);
    GHashTableIter each;
    g_hash_table_iter_init(&each, domains);
    for (gpointer domain; g_hash_table_iter_next(&each, &domain, NULL);) {
        g_autoptr(GError) error = NULL;
        guint kinds;
        g_autofree char *keys = keys_of(settings, domain, &kinds, &error);
        if (error)
            return doctor_say(out, DOCTOR_FAIL, "put the key right", "%s",
                              error->message);
        GString *list = kinds == 0 ? bare : kinds == 3 ? good : single;
        g_string_append_printf(list, "%s%s%s%s", list->len ? ", " : "",
                               (const char *)domain, kinds ? " by " : "", keys);
    }
    if (bare->len > 0)
        return doctor_say(out, DOCTOR_FAIL, MAKE_KEY,
                          "letters from %s are held: there is no DKIM key, "
                          "and dkim.signed-by is desk",
                          bare->str);
    if (single->len > 0)
        return doctor_say(out, DOCTOR_WARN,
                          "make the other kind, too: some readers know only "
                          "RSA",
                          "the desk signs with one kind of key: %s",
                          single->str);
    return doctor_say(out, DOCTOR_OK, NULL, "the desk signs: %s",
                      good->len ? good->str : "nobody's letters yet");
}

/* ---- PGP -------------------------------------------------------------- */

static bool pgp_is_usable(const Settings *settings, const Member *member,
                          GError **error)
{
    const char *home = settings->pgp.home;
    bool has_keys = member->pgp_signing_key ||
                    (member->pgp_keys && member->pgp_keys->len > 0);
    if (!has_keys)
        return true;
    if (!home) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFIG,
                    "%s names PGP keys, but pgp.home is not set", member->id);
        return false;
    }
    if (member->pgp_signing_key &&
        !pgp_check_key(home, member->pgp_signing_key, PGP_SIGN, error))
        return false;
    for (guint i = 0; member->pgp_keys && i < member->pgp_keys->len; i++)
        if (!pgp_check_key(home, member->pgp_keys->pdata[i], PGP_ENCRYPT,
                           error))
            return false;
    return true;
}

/* Those to whom alerts go encrypted, or not at all. */
static bool people_are_reachable(const Settings *settings, GError **error)
{
    for (guint i = 0; i < settings->alerts.people->len; i++) {
        const AlertPerson *person = settings->alerts.people->pdata[i];
        if (person->pgp_key &&
            !pgp_check_key(settings->pgp.home, person->pgp_key, PGP_ENCRYPT,
                           error)) {
            g_prefix_error(
                error, "alerts to %s cannot be encrypted: ", person->address);
            return false;
        }
    }
    return true;
}

bool doctor_signing(Doctor *doctor, DoctorFinding *out)
{
    const Settings *settings = doctor->settings;
    if (!settings || !settings->send.via)
        return false;
    /* Alerts leave while the desk only observes, too. */
    g_autoptr(GError) cause = NULL;
    if (!people_are_reachable(settings, &cause))
        return doctor_say(out, DOCTOR_FAIL,
                          "put the PGP key right; that person is told nothing "
                          "until then",
                          "%s", cause->message);
    if (settings->desk.mode == MODE_OBSERVE)
        return false;
    guint count = settings->members ? members_count(settings->members) : 0;
    for (guint i = 0; i < count; i++) {
        g_autoptr(GError) error = NULL;
        if (!pgp_is_usable(settings, members_at(settings->members, i), &error))
            return doctor_say(out, DOCTOR_FAIL,
                              "put the PGP key right; letters are held until "
                              "then",
                              "%s", error->message);
    }
    if (settings->dkim.signed_by == DKIM_BY_NEXT_HOP)
        return doctor_say(out, DOCTOR_OK, NULL,
                          "letters leave unsigned: the mail server at %s is "
                          "to sign them (dkim.signed-by: next-hop)",
                          settings->send.via);
    return check_dkim(settings, out);
}
