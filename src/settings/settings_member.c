#include "settings/settings_member.h"

#include "base/digest.h"
#include "base/files.h"
#include "settings/settings.h"

#include <string.h>

#define ID_MAX 40

static const char *const LEVELS[] = {"off", "hold", "auto", NULL};
static const char *const CEILINGS[] = {"never", "ask", "automatic", NULL};

static const SchemaRow PREFIX_ROWS[] = {
    {"prefix", SCHEMA_PREFIX, .is_required = true,
     .about = "Network that is this member's alone, like 192.0.2.0/28."},
    {"from", SCHEMA_DATE, .field = SCHEMA_FIELD(MemberPrefix, from),
     .about = "Since when; if not set, always."},
    {"to", SCHEMA_DATE, .field = SCHEMA_FIELD(MemberPrefix, to),
     .about = "Until when; if not set, still."},
    {0},
};

static const SchemaRow MODE_ROWS[] = {
    {"category", SCHEMA_TEXT, .field = SCHEMA_FIELD(MemberMode, category),
     .is_required = true,
     .about = "Category like connection/login_attack, or a class like "
              "connection."},
    {"automation", SCHEMA_CHOICE, .choices = LEVELS, .is_required = true,
     .field = SCHEMA_FIELD(MemberMode, automation),
     .about = "off, hold or auto for this category."},
    {"since", SCHEMA_DATE, .field = SCHEMA_FIELD(MemberMode, since),
     .about = "The day it was set."},
    {0},
};

static const SchemaRow STATEMENT_ROWS[] = {
    {"name", SCHEMA_TEXT, .field = SCHEMA_FIELD(MemberStatement, name),
     .is_required = true, .about = "Name in templates, like no-logs."},
    {"text", SCHEMA_TEXT, .field = SCHEMA_FIELD(MemberStatement, text),
     .is_required = true, .about = "The sentence, in the member's words."},
    {"by", SCHEMA_TEXT, .field = SCHEMA_FIELD(MemberStatement, by),
     .is_required = true, .about = "Who said so."},
    {"said", SCHEMA_DATE, .field = SCHEMA_FIELD(MemberStatement, said),
     .is_required = true, .about = "The day it was said."},
    {"until", SCHEMA_DATE, .field = SCHEMA_FIELD(MemberStatement, until),
     .about = "The day it runs out; if not set, it holds on."},
    {0},
};

static const char *object_to_zone(const char *text)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(text);
    return zone ? NULL : "is no time zone like Europe/Berlin.";
}

#define FIELD(member) SCHEMA_FIELD(Member, member)

/* To add one: a row here and its line in exitdesk-member(5). */
static const SchemaRow ROWS[] = {
    {"name", SCHEMA_TEXT, .field = FIELD(name), .is_required = true,
     .about = "Legal name of the organisation; it goes into letters."},
    {"country", SCHEMA_COUNTRY, .field = FIELD(country), .is_required = true,
     .about = "Country whose law holds for it (ISO 3166-1)."},
    {"language", SCHEMA_LANGUAGE, .field = FIELD(language), .fallback = "en",
     .about = "Language of its own people (BCP 47)."},
    {"website", SCHEMA_URL, .field = FIELD(website),
     .about = "Its pages, for letters."},
    {"address", SCHEMA_ADDRESS, .field = FIELD(address),
     .about = "Sender of its letters; if not set, the desk's address."},
    {"contacts", SCHEMA_ADDRESS, SCHEMA_LIST, .field = FIELD(contacts),
     .about = "Who is asked and told."},
    {"pgp.signing-key", SCHEMA_FINGERPRINT, .field = FIELD(pgp_signing_key),
     .about = "OpenPGP key that its letters are signed with; its private half "
              "is in pgp.home."},
    {"pgp.notice-keys", SCHEMA_FINGERPRINT, SCHEMA_LIST,
     .field = FIELD(pgp_keys),
     .about = "OpenPGP keys that notices to its contacts are encrypted for; "
              "they are in pgp.home."},
    {"notices.zone", SCHEMA_TEXT, .field = FIELD(notice_zone),
     .fallback = "UTC", .objection = object_to_zone,
     .about = "Time zone of its people, like Europe/Berlin."},
    {"notices.hour", SCHEMA_NUMBER, .field = FIELD(notice_hour),
     .fallback = "8", .max = 23,
     .about = "Hour of the day after which its people get their digest, at "
              "most one a day."},
    {"notices.answer-by-mail", SCHEMA_FLAG, .field = FIELD(answers_by_mail),
     .fallback = "no",
     .about = "yes: a verified contact may say yes or no to a draft by mail "
              "that its domain has signed."},
    {"relays.fingerprints", SCHEMA_FINGERPRINT, SCHEMA_LIST,
     .about = "Its relays."},
    {"relays.prefixes", SCHEMA_RECORD, SCHEMA_LIST, .rows = PREFIX_ROWS,
     .about = "Networks that are its own alone."},
    {"consent.given", SCHEMA_DATE, .field = FIELD(consent_given),
     .about = "The day it agreed to letters in its name; without it none "
              "are sent."},
    {"consent.by", SCHEMA_TEXT, .field = FIELD(consent_by),
     .about = "Who agreed."},
    {"automation", SCHEMA_CHOICE, .choices = LEVELS, .field = FIELD(automation),
     .fallback = "off",
     .about = "off: no letters; hold: drafts that wait for a person; auto: "
              "letters leave by themselves."},
    {"ceiling", SCHEMA_CHOICE, .choices = CEILINGS, .field = FIELD(ceiling),
     .fallback = "ask",
     .about = "The most that the member allows, whatever staff sets: never, "
              "ask or automatic."},
    {"modes", SCHEMA_RECORD, SCHEMA_LIST, .rows = MODE_ROWS,
     .about = "Other levels for single categories."},
    {"statements", SCHEMA_RECORD, SCHEMA_LIST, .rows = STATEMENT_ROWS,
     .about = "What the member says about itself, for letters."},
    {"mentor.name", SCHEMA_TEXT, .field = FIELD(mentor),
     .about = "Who must say yes, too, to the first letters in its name."},
    {"mentor.letters", SCHEMA_NUMBER, .field = FIELD(mentor_letters),
     .fallback = "5", .min = 1, .max = 100,
     .about = "How many letters those are."},
    {"ended", SCHEMA_DATE, .field = FIELD(ended),
     .about = "The day it stopped being a member; the record stays."},
    {0},
};

const SchemaRow *settings_member_rows(void)
{
    return ROWS;
}

static void member_mode_free(gpointer data)
{
    MemberMode *mode = data;
    g_free(mode->category);
    g_free(mode);
}

static void member_statement_free(gpointer data)
{
    MemberStatement *statement = data;
    g_free(statement->name);
    g_free(statement->text);
    g_free(statement->by);
    g_free(statement);
}

static int compare_fingerprints(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, FINGERPRINT_BYTES);
}

static GArray *read_fingerprints(const SchemaValues *values)
{
    GArray *list = g_array_new(FALSE, FALSE, FINGERPRINT_BYTES);
    guint count = schema_count(values, "relays.fingerprints");
    for (guint i = 0; i < count; i++) {
        uint8_t fingerprint[FINGERPRINT_BYTES];
        const SchemaItem *item = schema_item(values, "relays.fingerprints", i);
        if (hex_parse(item->text, fingerprint, FINGERPRINT_BYTES))
            g_array_append_vals(list, fingerprint, 1);
    }
    g_array_sort(list, compare_fingerprints);
    return list;
}

/* "to: 2026-06-30" includes that day. */
static Instant until_end_of_day(const SchemaValues *values, const char *path,
                                Instant bound)
{
    const char *text = schema_text(values, path);
    bool is_day = text && strlen(text) == strlen("2026-06-30");
    return is_day ? bound + INSTANT_DAY_S - 1 : bound;
}

static GArray *read_prefixes(const SchemaValues *values, GPtrArray *errors)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(MemberPrefix));
    guint count = schema_count(values, "relays.prefixes");
    for (guint i = 0; i < count; i++) {
        const SchemaItem *item = schema_item(values, "relays.prefixes", i);
        MemberPrefix held = {0};
        const char *text = schema_text(item->record, "prefix");
        schema_bind(item->record, &held);
        held.to = until_end_of_day(item->record, "to", held.to);
        if (held.from != INSTANT_NONE && held.to != INSTANT_NONE &&
            held.to < held.from)
            yaml_complain(errors, item->file, item->line, item->column,
                          "\"to\" is before \"from\".");
        if (text && ip_prefix_parse(text, &held.prefix))
            g_array_append_val(list, held);
    }
    return list;
}

/* A list of records, each bound into a new struct of that size. */
static GPtrArray *read_records(const SchemaValues *values, const char *path,
                               size_t size, GDestroyNotify destroy)
{
    GPtrArray *list = g_ptr_array_new_with_free_func(destroy);
    guint count = schema_count(values, path);
    for (guint i = 0; i < count; i++) {
        void *record = g_malloc0(size);
        schema_bind(schema_item(values, path, i)->record, record);
        g_ptr_array_add(list, record);
    }
    return list;
}

static GPtrArray *read_statements(const SchemaValues *values)
{
    GPtrArray *list = read_records(
        values, "statements", sizeof(MemberStatement), member_statement_free);
    for (guint i = 0; i < list->len; i++) {
        MemberStatement *statement = list->pdata[i];
        const SchemaItem *item = schema_item(values, "statements", i);
        statement->until =
            until_end_of_day(item->record, "until", statement->until);
    }
    return list;
}

/* A file that a program began and nobody finished. */
static void check_blanks(const SchemaValues *values, const char *file,
                         GPtrArray *errors)
{
    static const char *const NAMES[] = {"name", "country"};
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++)
        if (g_strcmp0(schema_text(values, NAMES[i]), MEMBER_BLANK) == 0)
            yaml_complain(errors, file, 0, 0,
                          "\"%s\" is still to be filled in: ask the "
                          "organisation.",
                          NAMES[i]);
}

static void check_consent(const Member *member, const char *file,
                          GPtrArray *errors)
{
    if (member->consent_given != INSTANT_NONE && !member->consent_by)
        yaml_complain(errors, file, 0, 0,
                      "\"consent.by\" is missing. Consent needs the name of "
                      "who gave it.");
    if (member->consent_given == INSTANT_NONE && member->consent_by)
        yaml_complain(errors, file, 0, 0,
                      "\"consent.given\" is missing. Consent needs its day.");
}

static Member *read_member(const char *file, char *id, GPtrArray *errors)
{
    Member *member = g_new0(Member, 1);
    member->id = id;
    g_autoptr(SchemaValues) values = schema_load(ROWS, file, errors);
    if (!values)
        values = schema_values_new(ROWS);
    schema_bind(values, member);
    member->fingerprints = read_fingerprints(values);
    member->prefixes = read_prefixes(values, errors);
    member->modes =
        read_records(values, "modes", sizeof(MemberMode), member_mode_free);
    member->statements = read_statements(values);
    check_blanks(values, file, errors);
    check_consent(member, file, errors);
    return member;
}

static bool is_id(const char *id)
{
    size_t length = strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return length > 0 && !id[length] && length <= ID_MAX;
}

static void free_member(gpointer member)
{
    member_free(member);
}

Members *settings_read_members(const char *directory, GPtrArray *errors)
{
    g_autofree char *folder = g_build_filename(directory, "members.d", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) names = directory_list(folder, ".yaml", &error);
    if (!names) {
        g_ptr_array_add(errors, g_strdup(error->message));
        return NULL;
    }
    guint before = errors->len;
    GPtrArray *list = g_ptr_array_new_with_free_func(free_member);
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        g_autofree char *file = g_build_filename(folder, name, NULL);
        char *id = g_strndup(name, strlen(name) - strlen(".yaml"));
        if (!is_id(id))
            yaml_complain(errors, file, 0, 0,
                          "a member's id is 1 to %d of a-z, 0-9 and \"-\". "
                          "Rename the file.",
                          ID_MAX);
        g_ptr_array_add(list, read_member(file, id, errors));
    }
    if (errors->len > before) {
        g_ptr_array_unref(list);
        return NULL;
    }
    Members *members = members_new(list, &error);
    if (!members)
        g_ptr_array_add(errors,
                        g_strdup_printf("%s: %s", folder, error->message));
    return members;
}
