#include "relay/beside.h"

#include "relay/early_lookup.h"
#include "relay/signed_hours.h"

struct Beside {
    char *directory;
    EarlyMap *early[2]; /* version 2, then 1 */
    SignedHours *hours; /* or NULL */
};

const char *lookup_basis_word(LookupBasis basis)
{
    switch (basis) {
    case BASIS_CONSENSUS:
        return "consensus";
    case BASIS_STATUSES:
        return "statuses";
    case BASIS_DIRECTORY:
        return "directory";
    }
    g_assert_not_reached();
}

Beside *beside_open(const char *directory)
{
    Beside *beside = g_new0(Beside, 1);
    beside->directory = g_strdup(directory);
    beside->early[0] = early_map_open(directory, 2);
    beside->early[1] = early_map_open(directory, 1);
    beside->hours = signed_hours_load(directory, NULL);
    return beside;
}

void beside_free(Beside *beside)
{
    if (!beside)
        return;
    early_map_free(beside->early[0]);
    early_map_free(beside->early[1]);
    signed_hours_free(beside->hours);
    g_free(beside->directory);
    g_free(beside);
}

bool beside_is_stale(const Beside *beside)
{
    return early_map_is_stale(beside->early[0], beside->directory, 2) ||
           early_map_is_stale(beside->early[1], beside->directory, 1);
}

/* The hour is left out of the history, so its neighbours may still have
 * answered; what the moment itself was nobody can say. */
static bool say_contradiction(const Beside *beside, Interval when,
                              Lookup *lookup)
{
    Instant hour;
    if (!beside->hours || !signed_hours_contradict(beside->hours, when, &hour))
        return false;
    Civil c = civil_from_instant(hour, 0);
    lookup->verdict = VERDICT_UNDECIDABLE;
    g_free(lookup->why);
    lookup->why = g_strdup_printf(
        "consensuses that contradict each other were signed for %04d-%02d-%02d "
        "%02d:%02d UTC, so nothing can be said of that hour",
        c.year, c.month, c.day, c.hour, c.minute);
    return true;
}

void beside_answer(const Beside *beside, const IpAddress *ip, Interval when,
                   int port, bool is_tcp, bool knows_hour, Lookup *lookup)
{
    if (!beside || say_contradiction(beside, when, lookup) || knows_hour ||
        lookup->verdict != VERDICT_UNDECIDABLE)
        return;
    for (guint i = 0; i < G_N_ELEMENTS(beside->early); i++)
        if (early_map_answer(beside->early[i], ip, when, port, is_tcp, lookup))
            return;
}

BesideFigures beside_figures(const char *directory)
{
    g_autoptr(Beside) beside = beside_open(directory);
    BesideFigures f = {0};
    f.status_hours = early_map_hours(beside->early[0], &f.statuses);
    f.directory_hours = early_map_hours(beside->early[1], &f.directories);
    f.contradictions =
        beside->hours ? signed_hours_contradictions(beside->hours) : 0;
    return f;
}
