#include "cli/timelook.h"

#include "cli/commands.h"
#include "cli/typed.h"
#include "incident/reading.h"

#include <string.h>

/* All that the words can mean without a mail around them: no year and no zone
 * is taken from anywhere. NULL: they are no time. */
static GPtrArray *readings_of(const char *text)
{
    const ReadingContext nothing = {.mail_date = INSTANT_NONE};
    ReadingFacts facts;
    Stamp stamp;
    size_t length = strlen(text);
    g_autofree char *folded = fold_new(text, length);
    const Cursor in = {text, length}, in_folded = {folded, length};
    if (length == 0 || stamp_read(in, in_folded, 0, &stamp) != length)
        return NULL;
    g_autoptr(GArray) stamps = g_array_new(FALSE, FALSE, sizeof(Stamp));
    g_array_append_val(stamps, stamp);
    stamps_settle(in, in_folded, stamps);
    if (stamps->len == 0)
        return NULL;
    return readings_new(&g_array_index(stamps, Stamp, 0), &nothing, &facts);
}

static void add_reading(GPtrArray *readings, Interval when, const char *why)
{
    Reading *reading = g_new0(Reading, 1);
    *reading =
        (Reading){.from = when.from, .to = when.to, .why = g_strdup(why)};
    g_ptr_array_add(readings, reading);
}

static CitedTime *new_time(GPtrArray *readings)
{
    CitedTime *time = g_new0(CitedTime, 1);
    time->readings = readings;
    time->certain = readings->len == 1;
    return time;
}

CitedTime *time_typed(const char *text, GError **error)
{
    Interval when;
    g_autoptr(GError) cause = NULL;
    if (stretch_typed(text, &when, &cause)) {
        GPtrArray *one =
            g_ptr_array_new_with_free_func((GDestroyNotify)reading_free);
        add_reading(one, when, "as typed");
        return new_time(one);
    }
    incident_prepare();
    g_autoptr(GPtrArray) readings = readings_of(text);
    if (readings && readings->len > 0)
        return new_time(g_steal_pointer(&readings));
    if (!readings)
        g_propagate_error(error, g_steal_pointer(&cause));
    else
        cli_usage_error(
            error, "\"%s\" names no year, or no moment that ever was", text);
    return NULL;
}

void time_print_answers(const CitedTime *time, const Match *match)
{
    if (match->readings->len == 0 ||
        match_count_like(match, 0) == match->readings->len)
        return;
    cli_print("\n");
    for (guint i = 0; i < match->readings->len; i++) {
        const ReadingMatch *one = match->readings->pdata[i];
        const Reading *reading = time->readings->pdata[one->reading];
        guint count = match_count_like(match, i);
        char from[INSTANT_TEXT_MAX];
        if (count > 0)
            cli_print("%-11s  %u of %u readings, best %s (%s): %s\n",
                      verdict_word(one->verdict), count, match->readings->len,
                      instant_text(reading->from, from), reading->why,
                      one->why);
    }
}

void time_put_json(Json *json, const CitedTime *time, const Match *match)
{
    json_key(json, "readings");
    json_array(json);
    for (guint i = 0; i < match->readings->len; i++) {
        const ReadingMatch *one = match->readings->pdata[i];
        const Reading *reading = time->readings->pdata[one->reading];
        json_object(json);
        json_put_instant(json, "from", reading->from);
        json_put_instant(json, "to", reading->to);
        json_put_text(json, "why", reading->why);
        json_put_text(json, "verdict", verdict_word(one->verdict));
        json_end_object(json);
    }
    json_end_array(json);
}
