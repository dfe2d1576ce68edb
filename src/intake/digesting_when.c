/* When a reporter's digest is written (digesting.h). */
#include "intake/digesting.h"

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

bool digesting_says(Store *store, const Settings *settings, const char *case_id,
                    Instant now, char **out, GError **error)
{
    g_autoptr(DigestGroup) group = NULL;
    g_autofree char *behind = NULL;
    Instant when;
    char text[INSTANT_TEXT_MAX];
    *out = NULL;
    if (!store_digest_of_case(store, case_id, &group, error))
        return false;
    if (!group)
        return true;
    if (!digesting_next(store, settings, group, now, &when, &behind, error))
        return false;
    if (behind)
        *out = g_strdup_printf("waits for the digest to %s, which is written "
                               "once the letter on %s is decided",
                               group->profile, behind);
    else if (when <= now)
        *out = g_strdup_printf("waits for the digest to %s, which is written "
                               "within minutes",
                               group->profile);
    else
        *out = g_strdup_printf("waits for the digest to %s, at %.10s %.5s UTC",
                               group->profile, instant_text(when, text),
                               text + 11);
    return true;
}
