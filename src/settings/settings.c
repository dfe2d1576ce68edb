#include "settings/settings.h"

#include "base/errors.h"
#include "base/files.h"
#include "reply/dkim.h"
#include "settings/settings_alerts.h"
#include "settings/settings_member.h"

#include <string.h>
#include <sys/stat.h>

#define DEFAULT_DIRECTORY "/etc/exitdesk"
#define DEFAULT_DATA      "/var/lib/exitdesk"

static const char *const MODES[] = {"observe", "live", NULL};
static const char *const TLS_MODES[] = {"none", "starttls", "implicit", NULL};
static const char *const SIGNERS[] = {"desk", "next-hop", NULL};
static const char *const ROUTES[] = {"smtp", "smtps", "unix", NULL};

static const char *object_to_case_prefix(const char *text)
{
    size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return text[length] || length > 8 ? "must be 1 to 8 capital letters."
                                      : NULL;
}

static const char *object_to_moment(const char *text)
{
    Instant when;
    return instant_parse(text, &when) ? NULL
                                      : "is not a moment like "
                                        "2026-05-04T09:00Z.";
}

static const char *object_to_selector(const char *text)
{
    return dkim_selector_is_valid(text)
               ? NULL
               : "must be labels of a-z, 0-9 and \"-\", 63 letters at most.";
}

static const char *object_to_zone(const char *text)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(text);
    return zone ? NULL : "is no time zone like Europe/Berlin.";
}

static const SchemaRow KEY_ROWS[] = {
    {"domain", SCHEMA_DOMAIN, .field = SCHEMA_FIELD(DkimKeyFile, domain),
     .is_required = true, .about = "Domain of the address in From."},
    {"selector", SCHEMA_TEXT, .field = SCHEMA_FIELD(DkimKeyFile, selector),
     .is_required = true, .objection = object_to_selector,
     .about = "Name under which the public half is published."},
    {"file", SCHEMA_PATH, .field = SCHEMA_FIELD(DkimKeyFile, file),
     .is_required = true,
     .about = "File with the private half (PEM), mode 0600."},
    {0},
};

#define FIELD(member) SCHEMA_FIELD(Settings, member)

/* To add one: a row here, its field in settings.h, its line in
 * exitdesk.yaml(5). Order and sections are those of the sample file. */
// clang-format off
static const SchemaRow ROWS[] = {
    {"desk.name", SCHEMA_TEXT, .field = FIELD(desk.name), .is_required = true,
     .about = "Name of the desk, as letters and pages show it."},
    {"desk.address", SCHEMA_ADDRESS, .field = FIELD(desk.address),
     .is_required = true,
     .about = "Mail address of the desk: complaints go there, letters come "
              "from there."},
    {"desk.country", SCHEMA_COUNTRY, .field = FIELD(desk.country),
     .about = "Country of the desk (ISO 3166-1), for complaints that touch "
              "no member."},
    {"desk.case-prefix", SCHEMA_TEXT, .field = FIELD(desk.case_prefix),
     .fallback = "ED", .objection = object_to_case_prefix,
     .about = "Letters that every case number begins with."},
    {"desk.mode", SCHEMA_CHOICE, .choices = MODES, .field = FIELD(desk.mode),
     .fallback = "observe",
     .about = "observe: drafts everything, answers nobody; live: answers as "
              "policies and members allow."},
    {"desk.recipients", SCHEMA_ADDRESS, SCHEMA_LIST,
     .field = FIELD(desk.recipients),
     .about = "More addresses whose mail is for the desk; its own and the "
              "members' need not be listed."},

    {"receive.socket", SCHEMA_PATH, .field = FIELD(receive.socket),
     .about = "Unix socket where LMTP is spoken; sockets from systemd are "
              "used without this."},
    {"receive.listen", SCHEMA_LISTEN, .field = FIELD(receive.listen),
     .about = "Loopback address and port where LMTP is spoken, like "
              "127.0.0.1:8024."},
    {"receive.max-size", SCHEMA_SIZE, .field = FIELD(receive.max_bytes),
     .fallback = "25M", .min = 64 * 1024, .max = 256 * 1024 * 1024,
     .about = "Largest mail that is taken."},
    {"receive.max-sessions", SCHEMA_NUMBER,
     .field = FIELD(receive.max_sessions),
     .fallback = "200", .min = 1, .max = 1000,
     .about = "Most LMTP connections at one time."},
    {"receive.authserv-id", SCHEMA_DOMAIN,
     .field = FIELD(receive.authserv_id),
     .about = "Name that our own mail server writes into "
              "Authentication-Results; without it no sender counts as "
              "authenticated and no letter leaves by itself. That the server "
              "removes forged ones is tested daily; see exitdesk-postfix(7)."},

    {"send.via", SCHEMA_URL, .choices = ROUTES, .field = FIELD(send.via),
     .about = "Next hop for letters: smtp://127.0.0.1:25, "
              "smtps://mail.example.org:465 or unix:/path; without it "
              "nothing is sent."},
    {"send.tls", SCHEMA_CHOICE, .choices = TLS_MODES, .field = FIELD(send.tls),
     .about = "none (to this machine only), starttls or implicit; if not "
              "set, what fits send.via."},
    {"send.user", SCHEMA_TEXT, .field = FIELD(send.user),
     .about = "Login name at the next hop."},
    {"send.password-file", SCHEMA_PATH, .field = FIELD(send.password_file),
     .about = "File with the password for send.user on its first line."},
    {"send.ca-file", SCHEMA_PATH, .field = FIELD(send.ca_file),
     .about = "Certificates to trust at the next hop instead of the "
              "system's."},
    {"send.bounce", SCHEMA_ADDRESS, .field = FIELD(send.bounce),
     .about = "Address where bounces come home; each letter gets its own "
              "with +token. If not set, bounce@ the desk's domain."},
    {"send.delay", SCHEMA_DURATION, .field = FIELD(send.delay_s),
     .fallback = "15min", .max = 7 * 86400,
     .about = "Time in which an approved letter can still be stopped."},
    {"send.digest-hour", SCHEMA_NUMBER, .field = FIELD(send.digest_hour),
     .fallback = "8", .max = 23,
     .about = "Hour in notices.zone after which a day's digests leave."},
    {"send.max-per-hour", SCHEMA_NUMBER,
     .field = FIELD(send.limits.all_1h), .fallback = "60", .max = 10000,
     .about = "The breaker: above so many automatic letters in an hour, the "
              "next ones wait for a person."},
    {"send.max-per-day", SCHEMA_NUMBER,
     .field = FIELD(send.limits.all_1d), .fallback = "500", .max = 100000,
     .about = "The same breaker for a day."},

    {"limits.address-per-day", SCHEMA_NUMBER,
     .field = FIELD(send.limits.address_1d), .fallback = "1", .max = 100,
     .about = "Automatic letters to one address in a day."},
    {"limits.address-per-week", SCHEMA_NUMBER,
     .field = FIELD(send.limits.address_7d), .fallback = "3", .max = 700,
     .about = "Automatic letters to one address in seven days."},
    {"limits.domain-weak-per-day", SCHEMA_NUMBER,
     .field = FIELD(send.limits.domain_s1_1d), .fallback = "5", .max = 1000,
     .about = "Automatic letters in a day to one domain that only SPF "
              "vouches for."},
    {"limits.domain-per-day", SCHEMA_NUMBER,
     .field = FIELD(send.limits.domain_s2_1d), .fallback = "20",
     .max = 10000,
     .about = "Automatic letters in a day to one domain that signs its "
              "mail."},
    {"limits.member-per-day", SCHEMA_NUMBER,
     .field = FIELD(send.limits.member_1d), .fallback = "200", .max = 10000,
     .about = "Automatic letters in a day in one member's name."},
    {"limits.thread-letters", SCHEMA_NUMBER,
     .field = FIELD(send.limits.thread_letters), .fallback = "2", .max = 2,
     .about = "Automatic letters in one thread of a sender, ever."},
    {"limits.new-domain-per-day", SCHEMA_NUMBER,
     .field = FIELD(send.limits.domain_new_1d), .fallback = "5", .max = 10000,
     .about = "Automatic letters in a day to one domain whose mail has come "
              "for less than 30 days."},
    {"limits.first-letters", SCHEMA_NUMBER,
     .field = FIELD(send.limits.first_letters), .fallback = "200",
     .max = 100000,
     .about = "The first letters of a desk that need a person's yes, "
              "whatever else allows them."},
    {"limits.first-of-template", SCHEMA_NUMBER,
     .field = FIELD(send.limits.first_of_template), .fallback = "10",
     .max = 10000,
     .about = "The same for the first letters of each template."},
    {"limits.breaker-burst", SCHEMA_NUMBER,
     .field = FIELD(send.breaker_burst), .fallback = "20", .max = 10000,
     .about = "Automatic letters in ten minutes that are never too many; "
              "above it, and above five times what is usual, the breaker "
              "opens."},
    {"limits.case-letters", SCHEMA_NUMBER,
     .field = FIELD(send.limits.case_letters), .fallback = "1", .max = 2,
     .about = "Automatic letters in one case, ever."},

    {"alerts.people", SCHEMA_RECORD, SCHEMA_LIST, .rows = ALERT_PERSON_ROWS,
     .about = "Who is told at once when an authority, a court, a lawyer or a "
              "threat comes: the first two, then one more each time, until "
              "\"exitdesk alert acknowledge\"."},
    {"alerts.repeat", SCHEMA_DURATION, .field = FIELD(alerts.repeat_s),
     .fallback = "15min", .min = 5 * 60, .max = 86400,
     .about = "How long to wait until people are told again; once all were "
              "told, an hour at least."},
    {"alerts.per-hour", SCHEMA_NUMBER, .field = FIELD(alerts.per_hour),
     .fallback = "3", .min = 1, .max = 60,
     .about = "Alerts of one kind in an hour that get a mail of their own; "
              "what is more comes as one list an hour."},

    {"notices.phone", SCHEMA_TEXT, .field = FIELD(notices.phone),
     .about = "Telephone number of the desk, as mail to members' people "
              "shows it."},
    {"notices.per-day", SCHEMA_NUMBER, .field = FIELD(notices.per_day),
     .fallback = "20", .min = 2, .max = 200,
     .about = "Most messages to one of members' people in a day."},
    {"notices.todo-to", SCHEMA_ADDRESS, SCHEMA_LIST,
     .field = FIELD(notices.todo_to),
     .about = "People of the desk who get the list of \"exitdesk todo\" by "
              "mail, once a day if anything waits."},
    {"notices.zone", SCHEMA_TEXT, .field = FIELD(notices.zone),
     .fallback = "UTC", .objection = object_to_zone,
     .about = "Time zone of the desk, like Europe/Berlin."},
    {"notices.todo-hour", SCHEMA_NUMBER, .field = FIELD(notices.todo_hour),
     .fallback = "8", .max = 23,
     .about = "Hour of the day after which that list is sent."},

    {"dkim.signed-by", SCHEMA_CHOICE, .choices = SIGNERS,
     .field = FIELD(dkim.signed_by), .fallback = "desk",
     .about = "desk: letters are signed here, and one for whose domain there "
              "is no key waits for a person; next-hop: they leave unsigned, "
              "and the mail server at send.via signs them."},
    {"dkim.keys", SCHEMA_RECORD, SCHEMA_LIST, .rows = KEY_ROWS,
     .about = "The keys that \"exitdesk key make\" made: of each domain one "
              "RSA and one Ed25519."},

    {"pgp.home", SCHEMA_PATH, .field = FIELD(pgp.home),
     .about = "Directory of GnuPG with the keys that members' files name "
              "(GNUPGHOME), mode 0700."},

    {"relays.directory", SCHEMA_PATH, .field = FIELD(relays.directory),
     .about = "Where the relay history is; if not set, relays in the data "
              "directory."},
    {"relays.authorities", SCHEMA_PATH, .field = FIELD(relays.authorities),
     .about = "Only for a Tor network of one's own: file with its directory "
              "authorities, one NICKNAME FINGERPRINT a line. If not set, "
              "those of the public Tor network."},
    {"relays.archive", SCHEMA_PATH, .field = FIELD(relays.archive),
     .about = "Directory where imported consensuses, exit lists and the "
              "descriptors they name are kept as files, for proofs; needed "
              "where they come from a tor, which keeps only the newest."},
    {"relays.max-age", SCHEMA_DURATION, .field = FIELD(relays.max_age_s),
     .fallback = "1d", .min = 3 * 3600,
     .about = "With relay data older than this no letter leaves by itself."},

    {"read.workers", SCHEMA_NUMBER, .field = FIELD(read.workers),
     .fallback = "8", .min = 1, .max = 64,
     .about = "Mails read and filed at one time; more of them share a commit."},

    {"data", SCHEMA_PATH, .field = FIELD(data), .fallback = DEFAULT_DATA,
     .about = "Directory of the database."},
    {"control", SCHEMA_PATH, .field = FIELD(control),
     .about = "Unix socket through which exitdesk(1) asks the daemon; if not "
              "set, control.sock in the data directory."},
    {"policies", SCHEMA_PATH,
     .about = "Directory with your own policies, laid over the package's; if "
              "not set, policies beside exitdesk.yaml."},
    {"templates", SCHEMA_PATH,
     .about = "Directory with your own templates, laid over the package's; "
              "if not set, templates beside exitdesk.yaml."},
    {"clock", SCHEMA_TEXT, .field = FIELD(clock),
     .objection = object_to_moment,
     .about = "Moment at which the desk's clock starts, for trials with old "
              "mail; if not set, the system's clock."},
    {0},
};
// clang-format on

const SchemaRow *settings_rows(void)
{
    return ROWS;
}

const char *settings_share_directory(void)
{
    const char *chosen = g_getenv("EXITDESK_SHARE");
    if (chosen && *chosen)
        return chosen;
    return g_file_test(EXITDESK_SHARE, G_FILE_TEST_IS_DIR) ? EXITDESK_SHARE
                                                           : EXITDESK_SOURCE;
}

static void key_file_free(gpointer data)
{
    DkimKeyFile *key = data;
    g_free(key->domain);
    g_free(key->selector);
    g_free(key->file);
    g_free(key);
}

static GPtrArray *read_keys(const SchemaValues *values)
{
    GPtrArray *keys = g_ptr_array_new_with_free_func(key_file_free);
    for (guint i = 0; i < schema_count(values, "dkim.keys"); i++) {
        DkimKeyFile *key = g_new0(DkimKeyFile, 1);
        schema_bind(schema_item(values, "dkim.keys", i)->record, key);
        g_ptr_array_add(keys, key);
    }
    return keys;
}

/* ---- what is not set -------------------------------------------------- */

/* Is the next hop this machine, so that TLS protects nothing? */
static bool is_local(const char *via)
{
    static const char *const LOCAL[] = {"127.0.0.1", "::1", "localhost", NULL};
    g_autoptr(GUri) uri = g_uri_parse(via, G_URI_FLAGS_NONE, NULL);
    const char *host = uri ? g_uri_get_host(uri) : NULL;
    return g_str_has_prefix(via, "unix:") ||
           (host && g_strv_contains(LOCAL, host));
}

static void derive_sending(Settings *settings, bool tls_is_set)
{
    const char *via = settings->send.via;
    if (via && !tls_is_set)
        settings->send.tls = g_str_has_prefix(via, "smtps:") ? TLS_IMPLICIT
                             : is_local(via)                 ? TLS_NONE
                                                             : TLS_STARTTLS;
    const char *at =
        settings->desk.address ? strchr(settings->desk.address, '@') : NULL;
    if (!settings->send.bounce && at)
        settings->send.bounce = g_strdup_printf("bounce%s", at);
}

static GPtrArray *directories(const char *package_name, const char *local)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(
        list, g_build_filename(settings_share_directory(), package_name, NULL));
    if (local)
        g_ptr_array_add(list, g_strdup(local));
    g_ptr_array_add(list, NULL);
    return list;
}

/* Your own directory: as set, else beside exitdesk.yaml if it is there. */
static char *local_directory(const Settings *settings,
                             const SchemaValues *values, const char *name)
{
    const char *set = schema_text(values, name);
    if (set)
        return g_strdup(set);
    if (!settings->directory)
        return NULL;
    g_autofree char *beside = g_build_filename(settings->directory, name, NULL);
    return g_file_test(beside, G_FILE_TEST_IS_DIR) ? g_steal_pointer(&beside)
                                                   : NULL;
}

static Settings *settings_bind(const SchemaValues *values,
                               const char *directory, const char *data)
{
    Settings *settings = g_new0(Settings, 1);
    schema_bind(values, settings);
    settings->dkim.keys = read_keys(values);
    settings->directory = g_strdup(directory);
    if (data) {
        g_free(settings->data);
        settings->data = g_canonicalize_filename(data, NULL);
    }
    derive_sending(settings, schema_is_set(values, "send.tls"));
    if (!settings->relays.directory)
        settings->relays.directory =
            g_build_filename(settings->data, "relays", NULL);
    if (!settings->control)
        settings->control =
            g_build_filename(settings->data, "control.sock", NULL);
    g_autofree char *policies = local_directory(settings, values, "policies");
    g_autofree char *templates = local_directory(settings, values, "templates");
    settings->policy_directories = directories("policies", policies);
    settings->template_directories = directories("templates", templates);
    return settings;
}

/* ---- reading ----------------------------------------------------------- */

/* The configuration's directory and main file. Errors: MISSING. */
static bool find_files(const char *path, char **directory, char **file,
                       GError **error)
{
    path = path ? path : DEFAULT_DIRECTORY;
    if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
        *directory = g_strdup(path);
        *file = g_build_filename(path, "exitdesk.yaml", NULL);
    } else {
        *directory = g_path_get_dirname(path);
        *file = g_strdup(path);
    }
    if (g_file_test(*file, G_FILE_TEST_EXISTS))
        return true;
    g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                "there is no configuration: %s does not exist. See "
                "exitdesk.yaml(5) for a sample, or name another with -C.",
                *file);
    return false;
}

/* exitdesk.yaml, then conf.d in order of name. */
static SchemaValues *read_values(const char *directory, const char *file,
                                 GPtrArray *errors)
{
    SchemaValues *values = schema_values_new(ROWS);
    g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(paths, g_strdup(file));
    g_autofree char *drop_ins = g_build_filename(directory, "conf.d", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) names = directory_list(drop_ins, ".yaml", &error);
    if (!names)
        g_ptr_array_add(errors, g_strdup(error->message));
    for (guint i = 0; names && i < names->len; i++)
        g_ptr_array_add(paths,
                        g_build_filename(drop_ins, names->pdata[i], NULL));
    for (guint i = 0; i < paths->len; i++) {
        g_autoptr(YamlFile) yaml = yaml_read(paths->pdata[i], errors);
        if (yaml)
            schema_read(values, yaml, errors);
    }
    schema_finish(values, file, errors);
    return values;
}

/* The collected lines as one error; true if there are none. */
static bool is_clean(GPtrArray *errors, GError **error)
{
    if (errors->len == 0)
        return true;
    g_ptr_array_add(errors, NULL);
    g_autofree char *lines = g_strjoinv("\n", (char **)errors->pdata);
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_CONFIG, lines);
    return false;
}

SchemaValues *settings_values(const char *path, GError **error)
{
    g_autofree char *directory = NULL, *file = NULL;
    if (!find_files(path, &directory, &file, error))
        return NULL;
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(SchemaValues) values = read_values(directory, file, errors);
    return is_clean(errors, error) ? g_steal_pointer(&values) : NULL;
}

Settings *settings_load(const char *path, const char *data, GError **error)
{
    g_autofree char *directory = NULL, *file = NULL;
    if (!find_files(path, &directory, &file, error))
        return NULL;
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(SchemaValues) values = read_values(directory, file, errors);
    g_autoptr(Settings) settings = settings_bind(values, directory, data);
    settings->members = settings_read_members(directory, errors);
    settings->alerts.people = settings_read_people(values, settings, errors);
    return is_clean(errors, error) ? g_steal_pointer(&settings) : NULL;
}

Settings *settings_default(const char *data)
{
    g_autoptr(SchemaValues) values = schema_values_new(ROWS);
    Settings *settings = settings_bind(values, NULL, data);
    settings->desk.name = g_strdup("exitdesk");
    g_autoptr(GPtrArray) none = g_ptr_array_new();
    settings->members = members_new(g_steal_pointer(&none), NULL);
    settings->alerts.people = g_ptr_array_new();
    return settings;
}

void settings_free(Settings *settings)
{
    if (!settings)
        return;
    g_free(settings->directory);
    g_free(settings->data);
    g_free(settings->desk.name);
    g_free(settings->desk.address);
    g_free(settings->desk.country);
    g_free(settings->desk.case_prefix);
    g_clear_pointer(&settings->desk.recipients, g_ptr_array_unref);
    g_free(settings->receive.socket);
    g_free(settings->receive.listen);
    g_free(settings->receive.authserv_id);
    g_free(settings->send.via);
    g_free(settings->send.user);
    g_free(settings->send.password_file);
    g_free(settings->send.ca_file);
    g_free(settings->send.bounce);
    g_clear_pointer(&settings->dkim.keys, g_ptr_array_unref);
    g_clear_pointer(&settings->alerts.people, g_ptr_array_unref);
    g_free(settings->notices.phone);
    g_free(settings->notices.zone);
    g_clear_pointer(&settings->notices.todo_to, g_ptr_array_unref);
    g_free(settings->pgp.home);
    g_free(settings->relays.directory);
    g_free(settings->relays.authorities);
    g_free(settings->relays.archive);
    g_free(settings->control);
    g_free(settings->clock);
    g_clear_pointer(&settings->policy_directories, g_ptr_array_unref);
    g_clear_pointer(&settings->template_directories, g_ptr_array_unref);
    g_clear_pointer(&settings->members, members_unref);
    g_free(settings);
}
