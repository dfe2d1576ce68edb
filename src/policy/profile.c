/*
 * The reporters of all policy directories, and what a profile says of a mail.
 *
 * A file of a later directory replaces one of the same name: a desk copies a
 * shipped profile, reviews it and uses its own. A proposed one replaces
 * nothing, for until two people approved it the old one holds.
 */
#include "policy/profile.h"

#include "base/errors.h"
#include "base/files.h"
#include "policy/profile_load.h"

#include <string.h>

#define SUFFIX    ".yaml"
#define DIRECTORY "reporters"
#define REVIEW_S  (366 * INSTANT_DAY_S) /* then somebody looks again */

struct Profiles {
    gatomicrefcount references;
    GPtrArray *list; /* of Profile, by id; proposed ones last */
};

void profile_free(Profile *profile)
{
    if (!profile)
        return;
    g_free(profile->id);
    g_free(profile->file);
    g_free(profile->sha256);
    g_free(profile->name);
    g_ptr_array_unref(profile->dkim);
    g_ptr_array_unref(profile->selectors);
    g_ptr_array_unref(profile->from);
    g_ptr_array_unref(profile->envelope);
    g_ptr_array_unref(profile->subjects);
    g_ptr_array_unref(profile->formats);
    g_ptr_array_unref(profile->sources);
    g_free(profile->to);
    g_free(profile->template);
    g_free(profile->reference);
    g_free(profile->form);
    g_free(profile->reviewed);
    g_free(profile->missing);
    g_free(profile);
}

/* ---- loading ---------------------------------------------------------- */

static int compare(gconstpointer a, gconstpointer b)
{
    const Profile *const *one = a, *const *other = b;
    if ((*one)->proposed != (*other)->proposed)
        return (*one)->proposed - (*other)->proposed;
    return strcmp((*one)->id, (*other)->id);
}

static void add(Profiles *profiles, Profile *profile)
{
    for (guint i = 0; i < profiles->list->len; i++) {
        const Profile *old = profiles->list->pdata[i];
        if (old->proposed != profile->proposed ||
            !g_str_equal(old->id, profile->id))
            continue;
        g_ptr_array_remove_index(profiles->list, i);
        break;
    }
    g_ptr_array_add(profiles->list, profile);
}

static const char *id_objection(const char *id)
{
    return strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789-") == strlen(id) &&
                   strlen(id) <= 40
               ? NULL
               : "a profile's file has a name of small letters, digits and "
                 "hyphens, at most 40. Rename it.";
}

static bool load_directory(Profiles *profiles, const char *policies,
                           GPtrArray *errors, GError **error)
{
    g_autofree char *directory = g_build_filename(policies, DIRECTORY, NULL);
    g_autoptr(GPtrArray) names = directory_list(directory, SUFFIX, error);
    if (!names)
        return false;
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        g_autofree char *path = g_build_filename(directory, name, NULL);
        g_autofree char *id = g_strndup(name, strlen(name) - strlen(SUFFIX));
        const char *objection = id_objection(id);
        if (objection) {
            yaml_complain(errors, path, 0, 0, "%s", objection);
            continue;
        }
        Profile *profile = profile_read(path, id, errors);
        if (profile)
            add(profiles, profile);
    }
    return true;
}

Profiles *profiles_load(const char *const *policy_directories, GError **error)
{
    g_autoptr(Profiles) profiles = g_new0(Profiles, 1);
    g_atomic_ref_count_init(&profiles->references);
    profiles->list =
        g_ptr_array_new_with_free_func((GDestroyNotify)profile_free);
    g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
    for (; *policy_directories; policy_directories++)
        if (!load_directory(profiles, *policy_directories, errors, error))
            return NULL;
    g_ptr_array_sort(profiles->list, compare);
    if (errors->len == 0)
        return g_steal_pointer(&profiles);
    g_ptr_array_add(errors, NULL);
    g_autofree char *lines = g_strjoinv("\n", (char **)errors->pdata);
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_CONFIG, lines);
    return NULL;
}

Profiles *profiles_ref(Profiles *profiles)
{
    g_atomic_ref_count_inc(&profiles->references);
    return profiles;
}

void profiles_unref(Profiles *profiles)
{
    if (!profiles || !g_atomic_ref_count_dec(&profiles->references))
        return;
    g_ptr_array_unref(profiles->list);
    g_free(profiles);
}

guint profiles_count(const Profiles *profiles)
{
    return profiles->list->len;
}

const Profile *profiles_at(const Profiles *profiles, guint index)
{
    return profiles->list->pdata[index];
}

const Profile *profiles_by_id(const Profiles *profiles, const char *id)
{
    const Profile *found = NULL;
    for (guint i = 0; i < profiles->list->len; i++) {
        const Profile *profile = profiles->list->pdata[i];
        if (g_str_equal(profile->id, id))
            found = profile;
    }
    return found;
}

/* ---- asking ----------------------------------------------------------- */

static bool has_word(const GPtrArray *list, const char *word)
{
    for (guint i = 0; i < list->len; i++)
        if (g_ascii_strcasecmp(list->pdata[i], word) == 0)
            return true;
    return false;
}

/* "abuse+*@example.org": the texts before and behind the one star. */
static bool address_fits(const char *pattern, const char *address)
{
    const char *star = strchr(pattern, '*');
    if (!star)
        return g_ascii_strcasecmp(pattern, address) == 0;
    size_t before = (size_t)(star - pattern), after = strlen(star + 1);
    size_t length = strlen(address);
    const char *at = strrchr(address, '@');
    return at && length >= before + after &&
           g_ascii_strncasecmp(address, pattern, before) == 0 &&
           g_ascii_strcasecmp(address + length - after, star + 1) == 0;
}

bool profile_writes_from(const Profile *profile, const char *address)
{
    for (guint i = 0; address && i < profile->from->len; i++)
        if (address_fits(profile->from->pdata[i], address))
            return true;
    return false;
}

bool profile_signs(const Profile *profile, const char *domain,
                   const char *selector)
{
    return domain && has_word(profile->dkim, domain) &&
           (profile->selectors->len == 0 ||
            (selector && has_word(profile->selectors, selector)));
}

static bool looks_like(const Profile *profile, const Report *report)
{
    if (report->format && has_word(profile->formats, report->format))
        return true;
    for (guint i = 0; report->subject && i < profile->subjects->len; i++) {
        const char *begin = profile->subjects->pdata[i];
        if (g_ascii_strncasecmp(report->subject, begin, strlen(begin)) == 0)
            return true;
    }
    return false;
}

const Profile *profiles_claimed(const Profiles *profiles, const char *from,
                                const Report *report)
{
    for (guint i = 0; i < profiles->list->len; i++)
        if (profile_writes_from(profiles->list->pdata[i], from))
            return profiles->list->pdata[i];
    for (guint i = 0; i < profiles->list->len; i++)
        if (looks_like(profiles->list->pdata[i], report))
            return profiles->list->pdata[i];
    return NULL;
}

bool profile_review_parse(const char *text, Instant *when)
{
    g_autofree char *day = g_strndup(text, 10);
    g_autofree char *moment = g_strconcat(day, "T00:00Z", NULL);
    return strlen(text) > 12 && text[10] == ' ' && text[11] != ' ' &&
           instant_parse(moment, when);
}

bool profile_is_reviewed(const Profile *profile, Instant now)
{
    Instant when;
    return profile->confidence != CONFIDENCE_LOW &&
           profile_review_parse(profile->reviewed, &when) && when <= now &&
           now - when <= REVIEW_S;
}
