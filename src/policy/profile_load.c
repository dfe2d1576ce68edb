/*
 * Reading reporters/NAME.yaml: what a profile may say, and its checks.
 *
 * A profile decides to whom a program writes, so one that contradicts itself
 * is refused whole: an answer without an address that says so, a signature of
 * a domain that is not From's without the selector that tells whose it is
 * (anybody can rent the same mail provider), an address that nobody reads.
 */
#include "policy/profile_load.h"

#include "base/digest.h"
#include "base/files.h"
#include "base/schema.h"
#include "policy/gate_rules.h"

#include <string.h>

#define DAY_S           (24 * 3600)
#define PROFILE_BYTES   65536
#define PROFILE_DAY_MAX 1000

static const char *const KINDS[] = {"feed",         "hoster", "isp", "cert",
                                    "rights-agent", "other",  NULL};
static const char *const ANSWERS[] = {"never", "form-only", "digest-per-day",
                                      "once-per-case", NULL};
static const char *const CONFIDENCES[] = {"low", "medium", "high", NULL};
static const char *const STATES[] = {"active", "proposed", NULL};
static const char *const PLACES[] = {"subject", "text", NULL};
static const char *const SCHEMES[] = {"https", "http", NULL};

const char *reporter_kind_word(ReporterKind kind)
{
    return KINDS[kind];
}

const char *reporter_answer_word(ReporterAnswer answer)
{
    return ANSWERS[answer];
}

/* ---- single values ---------------------------------------------------- */

static bool domain_is_plain(const char *text)
{
    size_t length = strlen(text);
    return length > 3 && length <= 253 && strchr(text, '.') && *text != '.' &&
           text[length - 1] != '.' && !strstr(text, "..") &&
           strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-") == length;
}

/* An address in lower case with at most one "*", in the local part. */
static const char *from_objection(const char *text)
{
    const char *at = strrchr(text, '@');
    const char *star = strchr(text, '*');
    size_t local = at ? (size_t)(at - text) : 0;
    bool is_plain =
        at && local > 0 && local <= 64 && domain_is_plain(at + 1) &&
        strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._+=*-") == local &&
        !(star && (star > at || strchr(star + 1, '*')));
    return is_plain ? NULL
                    : "is no address in small letters, like abuse@example.org "
                      "or *@reports.example.org.";
}

static const char *to_objection(const char *text)
{
    if (g_str_equal(text, PROFILE_RETURN_PATH))
        return NULL;
    if (from_objection(text) || strchr(text, '*'))
        return "is no address in small letters, nor \"return-path\".";
    return stop_list_ask(text, false) == STOP_NEVER
               ? "is an address that no person reads."
               : NULL;
}

static const char *selector_objection(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-") ==
                   strlen(text)
               ? NULL
               : "is no DKIM selector in small letters.";
}

static const char *template_objection(const char *text)
{
    return strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(text)
               ? NULL
               : "is no template name: only small letters, digits and "
                 "hyphens.";
}

static const char *reviewed_objection(const char *text)
{
    Instant when;
    return g_str_equal(text, PROFILE_UNREVIEWED) ||
                   profile_review_parse(text, &when)
               ? NULL
               : "is neither \"none yet\" nor a date and a name, like "
                 "\"2026-02-02 A. Beispiel\".";
}

static const char *subject_objection(const char *text)
{
    return strlen(text) >= 6 && *text != '*'
               ? NULL
               : "is no beginning of a Subject; at least 6 characters.";
}

#define FIELD(member) SCHEMA_FIELD(Profile, member)

/* To add one: a row here, its field in profile.h, its line in
 * exitdesk-profiles(5). */
// clang-format off
static const SchemaRow ROWS[] = {
    {"name", SCHEMA_TEXT, .field = FIELD(name), .is_required = true,
     .about = "Who it is, for people."},
    {"kind", SCHEMA_CHOICE, .choices = KINDS, .field = FIELD(kind),
     .is_required = true, .about = "What kind of reporter it is."},
    {"state", SCHEMA_CHOICE, .choices = STATES, .field = FIELD(proposed),
     .fallback = "active",
     .about = "\"proposed\" has no effect until two people approved it."},
    {"signs.dkim", SCHEMA_DOMAIN, SCHEMA_LIST, .field = FIELD(dkim),
     .about = "Domains (d=) with which it signs its mail; without one it is "
              "never proven."},
    {"signs.selectors", SCHEMA_TEXT, SCHEMA_LIST, .field = FIELD(selectors),
     .objection = selector_objection,
     .about = "Selectors (s=) of those signatures; if not set, any."},
    {"signs.from", SCHEMA_TEXT, SCHEMA_LIST, .field = FIELD(from),
     .objection = from_objection,
     .about = "Addresses it writes from; one * stands for any characters of "
              "the part before the @."},
    {"signs.envelope", SCHEMA_DOMAIN, SCHEMA_LIST, .field = FIELD(envelope),
     .about = "Domains of its return path, if that is where letters go."},
    {"signs.robot-path", SCHEMA_FLAG, .field = FIELD(robot_path),
     .fallback = "no",
     .about = "Its From or return path looks like a program's (noreply@, "
              "bounces@), and letters go to answer.to all the same."},
    {"looks.subject", SCHEMA_TEXT, SCHEMA_LIST, .field = FIELD(subjects),
     .objection = subject_objection,
     .about = "How its Subject begins; shows whose mail it seems to be and "
              "proves nothing."},
    {"looks.format", SCHEMA_TEXT, SCHEMA_LIST, .field = FIELD(formats),
     .about = "The report format by which its mail is read, likewise."},
    {"answer.automatic", SCHEMA_CHOICE, .choices = ANSWERS,
     .field = FIELD(answer), .is_required = true,
     .about = "Whether and how often its automatic mail is answered."},
    {"answer.to", SCHEMA_TEXT, .field = FIELD(to), .objection = to_objection,
     .about = "Where letters go: an address, or return-path."},
    {"answer.template", SCHEMA_TEXT, .field = FIELD(template),
     .objection = template_objection,
     .about = "The letter, if not that of the policy: upstream, "
              "closing-note."},
    {"answer.reference", SCHEMA_TEXT, .field = FIELD(reference),
     .objection = reference_objection,
     .about = "How its own number stands in its mail, with {token} for the "
              "number; the letter quotes it."},
    {"answer.reference-in", SCHEMA_CHOICE, .choices = PLACES,
     .field = FIELD(reference_in), .fallback = "subject",
     .about = "Where that number stands."},
    {"answer.deadline", SCHEMA_DURATION, .field = FIELD(deadline_s),
     .max = 90 * DAY_S, .about = "How soon it wants to be answered."},
    {"answer.form", SCHEMA_URL, .choices = SCHEMES, .field = FIELD(form),
     .about = "Web page where it takes answers."},
    {"answer.per-day", SCHEMA_NUMBER, .field = FIELD(per_day),
     .fallback = G_STRINGIFY(PROFILE_PER_DAY), .min = 1,
     .max = PROFILE_DAY_MAX,
     .about = "Letters to its domain in a day, if it is proven."},
    {"known.source", SCHEMA_URL, SCHEMA_LIST, .choices = SCHEMES,
     .field = FIELD(sources), .is_required = true,
     .about = "Where all this is publicly told."},
    {"known.reviewed", SCHEMA_TEXT, .field = FIELD(reviewed),
     .objection = reviewed_objection, .is_required = true,
     .about = "When who checked it last; with \"none yet\" a person sends "
              "each letter."},
    {"known.confidence", SCHEMA_CHOICE, .choices = CONFIDENCES,
     .field = FIELD(confidence), .is_required = true,
     .about = "How sure it is; with \"low\" a person sends each letter."},
    {"known.missing", SCHEMA_TEXT, .field = FIELD(missing),
     .about = "What is not publicly known."},
    {0},
};
// clang-format on

const SchemaRow *profile_rows(void)
{
    return ROWS;
}

/* ---- what must fit together ------------------------------------------- */

/* One is the other or lies in it. */
static bool are_related(const char *a, const char *b)
{
    const char *longer = strlen(a) > strlen(b) ? a : b;
    const char *shorter = longer == a ? b : a;
    size_t extra = strlen(longer) - strlen(shorter);
    return g_ascii_strcasecmp(longer + extra, shorter) == 0 &&
           (extra == 0 || longer[extra - 1] == '.');
}

/* Does each signing domain belong to every domain it writes from? */
static bool signs_for_itself(const Profile *profile)
{
    for (guint i = 0; i < profile->dkim->len; i++)
        for (guint j = 0; j < profile->from->len; j++)
            if (!are_related(profile->dkim->pdata[i],
                             strrchr(profile->from->pdata[j], '@') + 1))
                return false;
    return true;
}

static bool sends_letters(const Profile *profile)
{
    return profile->answer == ANSWER_CASE || profile->answer == ANSWER_DIGEST;
}

static bool goes_to_address(const Profile *profile)
{
    return profile->to && !g_str_equal(profile->to, PROFILE_RETURN_PATH);
}

/* The line that is wrong and what to do; NULL if all fits. */
static const char *objection_of(const Profile *profile, const char **path)
{
    *path = "signs.from";
    if (profile->dkim->len > 0 && profile->from->len == 0)
        return "\"signs.dkim\" needs \"signs.from\": who signs for whom?";
    *path = "signs.dkim";
    if (profile->selectors->len == 0 && !signs_for_itself(profile))
        return "signs for a domain that is not From's: also write "
               "\"signs.selectors\", since others may sign with that domain, "
               "too.";
    *path = "answer.automatic";
    if (profile->answer == ANSWER_FORM_ONLY && !profile->form)
        return "\"form-only\" needs \"answer.form\".";
    if (!profile->missing && profile->answer != ANSWER_NEVER &&
        (profile->dkim->len == 0 || (sends_letters(profile) && !profile->to)))
        return "cannot be answered without \"signs.dkim\" and \"answer.to\": "
               "say in \"known.missing\" what is not known.";
    *path = "signs.robot-path";
    if (profile->robot_path && !goes_to_address(profile) &&
        profile->answer != ANSWER_FORM_ONLY)
        return "\"robot-path\" needs an address in \"answer.to\".";
    *path = "answer.to";
    if (profile->to && g_str_equal(profile->to, PROFILE_RETURN_PATH) &&
        profile->envelope->len == 0)
        return "\"return-path\" needs \"signs.envelope\".";
    return NULL;
}

static void check(const Profile *profile, const SchemaValues *values,
                  GPtrArray *errors)
{
    const char *path;
    const char *objection = objection_of(profile, &path);
    if (!objection)
        return;
    const SchemaItem *item =
        schema_is_set(values, path) ? schema_item(values, path, 0) : NULL;
    yaml_complain(errors, profile->file, item ? item->line : 1,
                  item ? item->column : 1, "%s", objection);
}

static void lower_all(GPtrArray *texts)
{
    for (guint i = 0; i < texts->len; i++) {
        char *lower = g_ascii_strdown(texts->pdata[i], -1);
        g_free(texts->pdata[i]);
        texts->pdata[i] = lower;
    }
}

static void ensure_list(GPtrArray **list)
{
    if (!*list)
        *list = g_ptr_array_new_with_free_func(g_free);
}

static Profile *bind(const SchemaValues *values, const char *file,
                     const char *id, GBytes *bytes)
{
    Profile *profile = g_new0(Profile, 1);
    schema_bind(values, profile);
    profile->file = g_strdup(file);
    profile->id = g_strdup(id);
    uint8_t hash[SHA256_BYTES];
    digest_sha256(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes), hash);
    profile->sha256 = hex_new(hash, sizeof hash);
    GPtrArray **lists[] = {&profile->dkim,     &profile->selectors,
                           &profile->from,     &profile->envelope,
                           &profile->subjects, &profile->formats,
                           &profile->sources};
    for (guint i = 0; i < G_N_ELEMENTS(lists); i++)
        ensure_list(lists[i]);
    lower_all(profile->dkim);
    lower_all(profile->envelope);
    return profile;
}

Profile *profile_read(const char *path, const char *id, GPtrArray *errors)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = file_read(path, PROFILE_BYTES, &error);
    if (!bytes) {
        yaml_complain(errors, path, 0, 0, "%s", error->message);
        return NULL;
    }
    return profile_parse(path, id, bytes, errors);
}

Profile *profile_parse(const char *path, const char *id, GBytes *bytes,
                       GPtrArray *errors)
{
    const guint before = errors->len;
    g_autoptr(YamlFile) yaml = yaml_parse(path, bytes, errors);
    if (!yaml)
        return NULL;
    g_autoptr(SchemaValues) values = schema_values_new(ROWS);
    schema_read(values, yaml, errors);
    schema_finish(values, path, errors);
    if (errors->len > before)
        return NULL;
    Profile *profile = bind(values, path, id, bytes);
    check(profile, values, errors);
    if (errors->len == before)
        return profile;
    profile_free(profile);
    return NULL;
}
