#include "intake/noticing.h"

#include "base/errors.h"

#include <stdlib.h>
#include <string.h>

static bool look_at(Store *store, const WatchPlace *place, const Member *member,
                    Instant now, guint *noticed, GError **error)
{
    g_autoptr(GPtrArray) before = store_watched(store, member->id, error);
    if (!before)
        return false;
    g_autoptr(GPtrArray) after = watch_look(place, member);
    watch_carry(before, after);
    g_autoptr(GPtrArray) notices = watch_compare(member, before, after);
    *noticed += notices->len;
    return store_notice(store, member->id, after, notices,
                        watch_place_when(place), now, error);
}

GPtrArray *desk_addresses(const Settings *settings)
{
    GPtrArray *list = g_ptr_array_new();
    if (settings->desk.address)
        g_ptr_array_add(list, settings->desk.address);
    for (guint i = 0; i < settings->desk.recipients->len; i++)
        g_ptr_array_add(list, settings->desk.recipients->pdata[i]);
    g_ptr_array_add(list, NULL);
    return list;
}

static bool look_at_all(Store *store, const Settings *settings,
                        const People *people, const History *history,
                        Instant now, guint *noticed, GError **error)
{
    g_autoptr(Proofs) proofs = proofs_load(settings->relays.directory, error);
    g_autoptr(Hints) hints =
        proofs ? hints_load(settings->relays.directory, error) : NULL;
    if (!hints || people_newest(people) == INSTANT_NONE)
        return hints != NULL;
    g_autoptr(GPtrArray) addresses = desk_addresses(settings);
    g_autoptr(WatchPlace) place =
        watch_place_new(people, proofs, hints, settings->members,
                        (const char *const *)addresses->pdata, now);
    watch_place_use_history(place, history);
    for (guint i = 0; i < members_count(settings->members); i++) {
        const Member *member = members_at(settings->members, i);
        if (member->ended != INSTANT_NONE && member->ended <= now)
            continue;
        if (!look_at(store, place, member, now, noticed, error))
            return false;
    }
    return true;
}

bool noticing_look(Store *store, const Settings *settings, Instant now,
                   guint *noticed, GError **error)
{
    *noticed = 0;
    if (!settings->members || members_count(settings->members) == 0)
        return true;
    g_autoptr(GError) cause = NULL;
    g_autoptr(People) people = people_open(settings->relays.directory, &cause);
    g_autoptr(History) history =
        people ? history_open(settings->relays.directory, &cause) : NULL;
    if (people &&
        (history || g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING)))
        return look_at_all(store, settings, people, history, now, noticed,
                           error);
    if (g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING))
        return true;
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

bool noticing_acknowledge(Store *store, const char *subject, const char *by,
                          const char *note, Instant now, char **text,
                          GError **error)
{
    g_auto(GStrv) words = g_strsplit(subject, " ", 2);
    const char *member = words[0] ? words[0] : "";
    guint64 number = 0;
    guint count = 0;
    if (words[0] && words[1] &&
        !g_ascii_string_to_unsigned(words[1], 10, 1, G_MAXINT64, &number,
                                    NULL)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "\"%s\" is no number of a notice", words[1]);
        return false;
    }
    if (!store_settle_notices(store, member, (int64_t)number, by, note, now,
                              &count, error))
        return false;
    if (count == 0) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_MISSING,
                    "nothing of that kind waits for %s. All: exitdesk member "
                    "notices",
                    member);
        return false;
    }
    g_autoptr(GError) cause = NULL;
    g_autofree char *held = store_notice_hold(store, member, &cause);
    if (cause) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return false;
    }
    *text = g_strdup_printf(
        "%u notice%s of %s looked at.%s", count, count == 1 ? "" : "s", member,
        held ? " Its automatic letters are still held." : "");
    return true;
}
