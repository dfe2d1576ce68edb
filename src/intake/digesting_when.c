/* When a reporter's digest is written (digesting.h). */
#include "intake/digesting.h"

#include "reply/digest_words.h"

static GTimeZone *desk_zone(const Settings *settings)
{
    const char *name = settings->notices.zone;
    GTimeZone *zone = g_time_zone_new_identifier(name ? name : "UTC");
    return zone ? zone : g_time_zone_new_utc();
}

static GDateTime *local(GTimeZone *zone, Instant when)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(when);
    return g_date_time_to_timezone(utc, zone);
}

/* Days since an epoch, to compare dates by. */
static int64_t day_of(GDateTime *moment)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_dmy(&date, (GDateDay)g_date_time_get_day_of_month(moment),
                   (GDateMonth)g_date_time_get_month(moment),
                   (GDateYear)g_date_time_get_year(moment));
    return g_date_get_julian(&date);
}

/* The desk's hour of that date. */
static Instant hour_of(GTimeZone *zone, int64_t day, uint32_t hour)
{
    GDate date;
    g_date_clear(&date, 1);
    g_date_set_julian(&date, (guint32)day);
    g_autoptr(GDateTime) at = g_date_time_new(
        zone, g_date_get_year(&date), (int)g_date_get_month(&date),
        g_date_get_day(&date), (int)hour, 0, 0);
    return g_date_time_to_unix(at);
}

bool digesting_next(Store *store, const Settings *settings,
                    const DigestGroup *group, Instant now, Instant *when,
                    char **behind, GError **error)
{
    g_auto(DigestStanding) standing = {0};
    g_autoptr(GTimeZone) zone = desk_zone(settings);
    g_autoptr(GDateTime) today = local(zone, now);
    *when = INSTANT_NONE;
    *behind = NULL;
    if (!store_digest_standing(store, group, &standing, error))
        return false;
    *behind = g_steal_pointer(&standing.open);
    if (*behind)
        return true;
    int64_t day = day_of(today);
    if (standing.last != INSTANT_NONE) {
        g_autoptr(GDateTime) last = local(zone, standing.last);
        day = MAX(day, day_of(last) + 1);
    }
    *when = hour_of(zone, day, settings->send.digest_hour);
    return true;
}

/* How many wait before it. Cases may leave the queue until its day comes: what
 * is said is said of now. */
static bool count_before(Store *store, const DigestGroup *group,
                         const char *case_id, guint *out, GError **error)
{
    g_autoptr(GPtrArray) ids =
        store_digest_ids(store, group, G_MAXINT32, error);
    if (!ids)
        return false;
    for (*out = 0; *out < ids->len; (*out)++)
        if (g_str_equal(ids->pdata[*out], case_id))
            break;
    return true;
}

/* When the letter after so many more is written, one on each date. */
static Instant days_later(const Settings *settings, Instant when, guint days)
{
    g_autoptr(GTimeZone) zone = desk_zone(settings);
    g_autoptr(GDateTime) date = local(zone, when);
    return hour_of(zone, day_of(date) + days, settings->send.digest_hour);
}

/* "at 2026-05-05 06:00 UTC" */
static char *when_text(const Settings *settings, Instant when, Instant now,
                       guint days)
{
    char text[INSTANT_TEXT_MAX];
    if (days > 0)
        when = days_later(settings, MAX(when, now), days);
    else if (when <= now)
        return g_strdup("which is written within minutes");
    instant_text(when, text);
    return g_strdup_printf("%s %.10s %.5s UTC", days > 0 ? "not before" : "at",
                           text, text + 11);
}

bool digesting_says(Store *store, const Settings *settings, const char *case_id,
                    Instant now, char **out, GError **error)
{
    g_autoptr(DigestGroup) group = NULL;
    g_autofree char *behind = NULL;
    Instant when;
    guint before;
    *out = NULL;
    if (!store_digest_of_case(store, case_id, &group, error))
        return false;
    if (!group)
        return true;
    if (!digesting_next(store, settings, group, now, &when, &behind, error) ||
        !count_before(store, group, case_id, &before, error))
        return false;
    guint days = before / DIGEST_CASES;
    g_autofree char *at =
        behind ? g_strdup_printf("which is written %s the letter on %s is "
                                 "decided",
                                 days > 0 ? "days after" : "once", behind)
               : when_text(settings, when, now, days);
    g_autofree char *queue =
        days > 0 ? g_strdup_printf(": %u cases wait before it, and one letter "
                                   "a day answers %d",
                                   before, DIGEST_CASES)
                 : g_strdup("");
    *out = g_strdup_printf("waits for %s digest to %s, %s%s",
                           days > 0 ? "a later" : "the", group->profile, at,
                           queue);
    return true;
}
