/*
 * "exitdesk key make": DKIM keys for a domain, and what to publish for them.
 *
 * The files belong to the configuration, not to the data: they are written
 * beside exitdesk.yaml and named there by a person, so that a new key signs
 * only after its record is published.
 */
#include "cli/commands_list.h"

#include "base/errors.h"
#include "base/files.h"
#include "reply/dkim.h"
#include "reply/letter.h"

#include <string.h>

/* ---- making ----------------------------------------------------------- */

static char *key_directory(CliContext *context, const Settings *settings,
                           const char *domain)
{
    const char *chosen = cli_flag(context, "directory");
    if (chosen)
        return g_canonicalize_filename(chosen, NULL);
    return g_build_filename(settings->directory ? settings->directory : ".",
                            "keys", domain, NULL);
}

/* "202605-rsa": a new month, a new name; the old record can stay. */
static char *selector_new(CliContext *context, Instant now, SigningKind kind)
{
    const char *chosen = cli_flag(context, "selector");
    Civil civil = civil_from_instant(now, 0);
    g_autofree char *month =
        g_strdup_printf("%04d%02d", civil.year, civil.month);
    return g_strdup_printf("%s-%s", chosen ? chosen : month,
                           signing_kind_word(kind));
}

static bool write_key(const char *path, const SigningKey *key, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_CONFLICT,
                    "%s is there already and may be in use; choose another "
                    "name with --selector",
                    path);
        return false;
    }
    g_autoptr(GBytes) pem = signing_key_pem(key);
    return file_replace(path, g_bytes_get_data(pem, NULL),
                        g_bytes_get_size(pem), 0600, error);
}

typedef struct {
    SigningKey *key;
    char *selector, *path;
} MadeKey;

static void made_key_clear(MadeKey *made)
{
    signing_key_free(made->key);
    g_free(made->selector);
    g_free(made->path);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(MadeKey, made_key_clear)

static bool make_key(CliContext *context, const char *directory, Instant now,
                     SigningKind kind, MadeKey *out, GError **error)
{
    out->selector = selector_new(context, now, kind);
    if (!dkim_selector_is_valid(out->selector))
        return cli_usage_error(error,
                               "\"%s\" is no selector: labels of a-z, 0-9 and "
                               "\"-\"",
                               out->selector);
    g_autofree char *name = g_strdup_printf("%s.pem", out->selector);
    out->path = g_build_filename(directory, name, NULL);
    out->key = signing_key_generate(kind);
    return write_key(out->path, out->key, error);
}

/* ---- telling ---------------------------------------------------------- */

static void print_settings(const char *domain, const MadeKey *made)
{
    cli_print("    - domain: %s\n      selector: %s\n      file: %s\n", domain,
              made->selector, made->path);
}

static void print_check(const char *domain, const char *selector)
{
    cli_print("   dig +short TXT %s._domainkey.%s\n", selector, domain);
}

/* The keys that sign now, and how long their records must stand. */
static void print_rotation(const Settings *settings, const char *domain,
                           Instant now)
{
    g_autoptr(GString) old = g_string_new(NULL);
    for (guint i = 0; i < settings->dkim.keys->len; i++) {
        const DkimKeyFile *key = settings->dkim.keys->pdata[i];
        if (g_ascii_strcasecmp(key->domain, domain) == 0)
            g_string_append_printf(old, "%s%s", old->len ? ", " : "",
                                   key->selector);
    }
    if (old->len == 0)
        return;
    Civil until = civil_from_instant(now + DKIM_KEEP_DAYS * INSTANT_DAY_S, 0);
    cli_print("\n4. %s signed until now: take it out of dkim.keys in step 3, "
              "and leave its\n   record published for %d days more, until "
              "%04d-%02d-%02d at least: letters that\n   wait in a queue are "
              "checked with it.\n",
              old->str, DKIM_KEEP_DAYS, until.year, until.month, until.day);
}

static void put_key(Json *json, const char *domain, SigningKind kind,
                    const MadeKey *made)
{
    g_autofree char *line =
        dkim_zone_line_new(domain, made->selector, made->key);
    json_object(json);
    json_put_text(json, "kind", signing_kind_word(kind));
    json_put_text(json, "selector", made->selector);
    json_put_text(json, "file", made->path);
    json_put_text(json, "zone_line", line);
    json_end_object(json);
}

static void print_made_json(const Settings *settings, const char *domain,
                            const MadeKey *rsa, const MadeKey *ed25519,
                            Instant now)
{
    guint old = 0;
    Json json;
    json_init(&json);
    json_object(&json);
    json_put_text(&json, "domain", domain);
    json_key(&json, "keys");
    json_array(&json);
    put_key(&json, domain, SIGNING_RSA, rsa);
    put_key(&json, domain, SIGNING_ED25519, ed25519);
    json_end_array(&json);
    json_key(&json, "replaced"); /* selectors that sign until now */
    json_array(&json);
    for (guint i = 0; i < settings->dkim.keys->len; i++) {
        const DkimKeyFile *key = settings->dkim.keys->pdata[i];
        if (g_ascii_strcasecmp(key->domain, domain) != 0)
            continue;
        json_text(&json, key->selector);
        old++;
    }
    json_end_array(&json);
    json_put_instant(&json, "keep_until",
                     old ? now + DKIM_KEEP_DAYS * INSTANT_DAY_S : INSTANT_NONE);
    json_end_object(&json);
    cli_print_json(&json);
}

/* Whoever made them as root has to hand them over. */
static void print_owner(const MadeKey *made)
{
    g_autofree char *directory = g_path_get_dirname(made->path);
    g_autofree char *above = g_path_get_dirname(directory);
    cli_print("Only their owner can read them: that must be the user of "
              "exitdeskd, for example by\n  chown -R exitdesk: %s\n",
              g_str_has_suffix(above, "/keys") ? above : directory);
}

static void print_made(const Settings *settings, const char *domain,
                       const MadeKey *rsa, const MadeKey *ed25519, Instant now)
{
    g_autofree char *rsa_line =
        dkim_zone_line_new(domain, rsa->selector, rsa->key);
    g_autofree char *ed25519_line =
        dkim_zone_line_new(domain, ed25519->selector, ed25519->key);
    cli_print("Made %s\nMade %s\n", rsa->path, ed25519->path);
    print_owner(rsa);
    cli_print("\n1. Publish in the zone of %s:\n\n%s\n\n%s\n", domain, rsa_line,
              ed25519_line);
    cli_print("\n2. Check that they are seen, each as published:\n\n");
    print_check(domain, rsa->selector);
    print_check(domain, ed25519->selector);
    cli_print("   opendkim-testkey -d %s -s %s -k %s -vvv\n", domain,
              rsa->selector, rsa->path);
    cli_print("\n3. Then name them in exitdesk.yaml and start exitdeskd "
              "again:\n\ndkim:\n  keys:\n");
    print_settings(domain, rsa);
    print_settings(domain, ed25519);
    print_rotation(settings, domain, now);
}

static int run_key_make(CliContext *context, GError **error)
{
    g_autofree char *domain = g_ascii_strdown(cli_arg(context, 0), -1);
    g_autofree char *address = g_strdup_printf("x@%s", domain);
    const Settings *settings = cli_settings_or_default(context, error);
    if (!settings)
        return 0;
    if (!letter_address_is_plain(address)) {
        cli_usage_error(error, "\"%s\" is no domain", domain);
        return 0;
    }
    Instant now = cli_now(context);
    g_autofree char *directory = key_directory(context, settings, domain);
    g_auto(MadeKey) rsa = {0}, ed25519 = {0};
    if (directory_ensure(directory, error) &&
        make_key(context, directory, now, SIGNING_RSA, &rsa, error) &&
        make_key(context, directory, now, SIGNING_ED25519, &ed25519, error))
        (cli_wants_json(context) ? print_made_json : print_made)(
            settings, domain, &rsa, &ed25519, now);
    return 0;
}

static const CommandFlag KEY_FLAGS[] = {
    {"selector", "NAME", "its name in DNS instead of the month, like 2026b"},
    {"directory", "DIR",
     "where to write instead of keys/DOMAIN beside "
     "exitdesk.yaml"},
    FLAG_NOW,
    {0},
};

const Command command_key_make = {
    .noun = "key",
    .verb = "make",
    .args = "DOMAIN",
    .min_args = 1,
    .max_args = 1,
    .summary = "make DKIM keys for a domain, and say what to publish",
    .examples = "exitdesk key make member.example\n"
                "exitdesk key make member.example --selector 2026b",
    .about = "Writes an RSA and an Ed25519 key, mode 0600, and prints the DNS "
             "records, how to\ncheck them, and the lines for exitdesk.yaml. "
             "Nothing signs with them before these\nlines are there and "
             "exitdeskd is started again. It never overwrites a key.",
    .flags = KEY_FLAGS,
    .has_json = true,
    .run = run_key_make,
};
