/*
 * All plausible readings of a stamp.
 *
 * Problem: half of the times in complaints lack something: the zone, the year,
 * the order of day and month. A reader who silently picks one matches the
 * wrong hour of relay history and writes a wrong letter.
 *
 * Approach: a stamp is a small product: civil variants (order, year) times
 * offsets (on the stamp, stated elsewhere, the mail's own, UTC, every other
 * whole hour). Each product is one reading with its reason. Readings that lie
 * after the mail itself go to the end: a complaint cannot be older than what
 * it complains of. Where offset or order had to be guessed and an earlier
 * reading is possible, impossible ones are dropped.
 *
 * Rejected: one reading with an interval of 26 hours (it says less: the relay
 * may have been an exit in all readings that are likely), and trusting a
 * stated zone against the mail's own date (the flag shows the conflict).
 */
#include "incident/reading_date.h"

#include <string.h>

#define VARIANTS_MAX 2
#define OFFSETS_MAX  40
#define HOUR_LEAST   (-12)
#define HOUR_MOST    14
#define NIGHT_ENDS   8 /* o'clock */
#define NIGHT_BEGINS 18

typedef struct {
    Civil civil;
    int length_s; /* what the words leave open: a minute, a day */
    const char *why;
    int days_back; /* of a date counted from the mail */
} Variant;

typedef struct {
    int offset_s;
    char *why;
    bool is_guess;
} Offset;

typedef struct {
    Variant variants[VARIANTS_MAX];
    int variant_count;
    Offset offsets[OFFSETS_MAX];
    int offset_count;
} Product;

void reading_free(Reading *reading)
{
    if (!reading)
        return;
    g_free(reading->why);
    g_free(reading);
}

/* A zone may lead out of the years that an Instant is good for. */
static Instant dated(Instant instant)
{
    return CLAMP(instant, INSTANT_FIRST, INSTANT_LAST);
}

static Reading *reading_new(Instant from, Instant to, char *why)
{
    Reading *reading = g_new(Reading, 1);
    *reading = (Reading){.from = dated(from), .to = dated(to), .why = why};
    return reading;
}

static void add_variant(Product *product, const Stamp *stamp, int month,
                        int day, const char *why)
{
    Variant variant = {
        .civil = {.year = stamp->year,
                  .month = month,
                  .day = day,
                  .hour = MAX(stamp->hour, 0),
                  .minute = stamp->hour < 0 ? 0 : stamp->minute,
                  .second = MAX(stamp->second, 0)},
        .length_s = stamp->hour < 0 ? (1 + stamp->more_days) * INSTANT_DAY_S - 1
                    : stamp->minute_is_open ? INSTANT_HOUR_S - 1
                    : stamp->second < 0     ? 59
                                            : 0,
        .why = why,
        .days_back = stamp->days_back,
    };
    Civil check = variant.civil;
    if (check.year <= 0)
        check.year = 2000;
    if (reading_is_counted(stamp))
        check.month = check.day = 1;
    if (civil_is_valid(&check))
        product->variants[product->variant_count++] = variant;
}

/* "Last night at 2" was this morning for most, "last night at 11" the day
 * before; "tonight at 11", said in the morning, too. */
static void list_nights(Product *product, const Stamp *stamp)
{
    bool is_early = stamp->hour >= 0 && stamp->hour < NIGHT_ENDS;
    bool is_late = stamp->hour >= NIGHT_BEGINS;
    add_variant(product, stamp, 0, 0, NULL);
    if (is_early && stamp->days_back > 0) {
        add_variant(product, stamp, 0, 0, "the night before that day");
        product->variants[0].days_back--;
        product->variants[0].why = "the night after that day";
    } else if (is_late && stamp->days_back == 0) {
        add_variant(product, stamp, 0, 0, "the night before");
        product->variants[1].days_back++;
    }
}

static void list_variants(Product *product, const Stamp *stamp, DateOrder order)
{
    if (stamp->date_basis == DATE_BACK && stamp->is_night) {
        list_nights(product, stamp);
        return;
    }
    if (!stamp->order_is_open) {
        add_variant(product, stamp, stamp->month, stamp->day, NULL);
        return;
    }
    bool day_first = order == ORDER_DAY_FIRST;
    if (order != ORDER_OPEN) {
        add_variant(product, stamp, day_first ? stamp->day : stamp->month,
                    day_first ? stamp->month : stamp->day,
                    day_first ? "day first, as other dates of the mail show"
                              : "month first, as other dates of the mail show");
        return;
    }
    add_variant(product, stamp, stamp->month, stamp->day, "month before day");
    add_variant(product, stamp, stamp->day, stamp->month, "day before month");
}

static void add_offset(Product *product, int offset_s, bool is_guess, char *why)
{
    for (int i = 0; i < product->offset_count; i++)
        if (product->offsets[i].offset_s == offset_s) {
            g_free(why);
            return;
        }
    if (product->offset_count == OFFSETS_MAX) {
        g_free(why);
        return;
    }
    product->offsets[product->offset_count++] =
        (Offset){.offset_s = offset_s, .is_guess = is_guess, .why = why};
}

static char *offset_new_text(int offset_s)
{
    return g_strdup_printf("%c%02d%02d", offset_s < 0 ? '-' : '+',
                           ABS(offset_s) / 3600, ABS(offset_s) / 60 % 60);
}

/* Offsets of a stated zone for the first variant's date. Returns true if it
 * is only one and nothing is odd about it. */
static bool add_zone(Product *product, const Zone *zone, const Civil *civil,
                     const char *where)
{
    int offsets[ZONE_OFFSETS_MAX];
    bool is_odd;
    int count = zone_offsets_at(zone, civil, offsets, &is_odd);
    for (int i = 0; i < count; i++) {
        g_autofree char *text = offset_new_text(offsets[i]);
        add_offset(product, offsets[i], false,
                   g_strdup_printf("zone %s %s%s", text, where,
                                   is_odd      ? " (the clock was changed)"
                                   : count > 1 ? " (one of several meanings)"
                                               : ""));
    }
    int in_season;
    if (!zone_is_out_of_season(zone, civil, &in_season))
        return count == 1;
    g_autofree char *text = offset_new_text(in_season);
    add_offset(product, in_season, false,
               g_strdup_printf("zone %s, if the name %s was written out of "
                               "habit: it was not in use on that day",
                               text, where));
    return false;
}

/* The weakest hint: where the sender's address ends. */
static void add_country(Product *product, const ReadingContext *context,
                        const Civil *civil)
{
    if (!context->country)
        return;
    Zone zone = {.is_known = true, .rules = context->country};
    int offsets[ZONE_OFFSETS_MAX];
    bool is_odd;
    int count = zone_offsets_at(&zone, civil, offsets, &is_odd);
    for (int i = 0; i < count; i++) {
        g_autofree char *text = offset_new_text(offsets[i]);
        add_offset(product, offsets[i], true,
                   g_strdup_printf("no zone stated; the sender's address ends "
                                   "in %s, where clocks showed %s (weakest)",
                                   context->country_words, text));
    }
}

/* What a clock without any stated zone usually shows, then everything. */
static void add_guesses(Product *product, const ReadingContext *context,
                        const Civil *civil)
{
    if (context->mail_has_offset) {
        g_autofree char *text = offset_new_text(context->mail_offset_s);
        add_offset(product, context->mail_offset_s, true,
                   g_strdup_printf("no zone stated; the mail's Date header "
                                   "says %s and logs usually share it (weak)",
                                   text));
    }
    add_offset(product, 0, true,
               g_strdup("no zone stated; logs are often kept in UTC (weak)"));
    add_country(product, context, civil);
    for (int hour = HOUR_LEAST; hour <= HOUR_MOST; hour++) {
        g_autofree char *text = offset_new_text(hour * 3600);
        add_offset(product, hour * 3600, true,
                   g_strdup_printf("no zone stated; if it was %s", text));
    }
}

/* No zone on the stamp: what the mail states elsewhere, all of it if it
 * contradicts itself, else guesses. True if one zone was stated clearly. */
static bool add_zones_elsewhere(Product *product, const ReadingContext *context,
                                const Civil *civil)
{
    if (!context->zone) {
        add_guesses(product, context, civil);
        return false;
    }
    g_autofree char *where =
        g_strdup_printf("stated elsewhere (\"%s\")", context->zone_words);
    bool is_one = add_zone(product, context->zone, civil, where);
    if (context->zone_other)
        add_zone(product, context->zone_other, civil,
                 "stated elsewhere, otherwise");
    return is_one && context->zone_is_sure;
}

static bool is_possible(const Reading *reading, const ReadingContext *context)
{
    return context->mail_date == INSTANT_NONE ||
           reading->from <= context->mail_date + READING_AFTER_MAIL_S;
}

/* One variant under one offset, appended to those that can be or cannot. */
static void add_product(const Stamp *stamp, const ReadingContext *context,
                        const Variant *variant, const Offset *offset,
                        GPtrArray *possible, GPtrArray *late)
{
    Civil civil = variant->civil;
    if (!reading_date(&civil, stamp, variant->days_back, offset->offset_s,
                      context) ||
        !civil_is_valid(&civil))
        return;
    Instant from = instant_from_civil(&civil, offset->offset_s);
    Reading *reading =
        reading_new(from, from + variant->length_s,
                    reading_why_new(offset->why, variant->why, stamp));
    g_ptr_array_add(is_possible(reading, context) ? possible : late, reading);
}

/* Of two orders that are both possible, the date nearer to the mail first. */
static int compare_variants(const ReadingContext *context, const Variant *a,
                            const Variant *b)
{
    if (context->mail_date == INSTANT_NONE || a->civil.year <= 0)
        return 0;
    gint64 one = context->mail_date - instant_from_civil(&a->civil, 0);
    gint64 two = context->mail_date - instant_from_civil(&b->civil, 0);
    if ((one < -INSTANT_DAY_S) != (two < -INSTANT_DAY_S))
        return one < -INSTANT_DAY_S ? 1 : -1;
    return one <= two ? -1 : 1;
}

static GPtrArray *multiply(Product *product, const Stamp *stamp,
                           const ReadingContext *context, bool *is_after_mail)
{
    GPtrArray *possible =
        g_ptr_array_new_with_free_func((GDestroyNotify)reading_free);
    g_autoptr(GPtrArray) late = g_ptr_array_new();
    if (product->variant_count == 2 &&
        compare_variants(context, &product->variants[0],
                         &product->variants[1]) > 0) {
        Variant swap = product->variants[0];
        product->variants[0] = product->variants[1];
        product->variants[1] = swap;
    }
    bool all_guessed = true;
    for (int o = 0; o < product->offset_count; o++)
        for (int v = 0; v < product->variant_count; v++) {
            all_guessed = all_guessed && product->offsets[o].is_guess;
            add_product(stamp, context, &product->variants[v],
                        &product->offsets[o], possible, late);
        }
    *is_after_mail = possible->len == 0 && late->len > 0;
    bool drop_late = possible->len > 0;
    for (guint i = 0; i < late->len; i++) {
        Reading *reading = late->pdata[i];
        if (drop_late || possible->len >= READINGS_MAX)
            reading_free(reading);
        else
            g_ptr_array_add(possible, reading);
    }
    if (possible->len > READINGS_MAX)
        g_ptr_array_set_size(possible, READINGS_MAX);
    return possible;
}

/* The stated zone puts the event after the mail: keep that reading first and
 * add what the same clock would mean elsewhere. */
static void add_other_zones(GPtrArray *readings, const Stamp *stamp,
                            const ReadingContext *context,
                            const Variant *variant)
{
    for (int hour = HOUR_LEAST; hour <= HOUR_MOST; hour++) {
        Civil civil = variant->civil;
        int offset_s = hour * 3600;
        if (!reading_date(&civil, stamp, variant->days_back, offset_s,
                          context) ||
            readings->len >= READINGS_MAX)
            continue;
        Instant from = instant_from_civil(&civil, offset_s);
        if (from > context->mail_date + READING_AFTER_MAIL_S)
            continue;
        g_autofree char *text = offset_new_text(offset_s);
        g_ptr_array_add(
            readings,
            reading_new(from, from + variant->length_s,
                        g_strdup_printf("the stated zone puts it after the "
                                        "mail itself; if it was %s",
                                        text)));
    }
}

static GPtrArray *epoch_readings(const Stamp *stamp)
{
    GPtrArray *readings =
        g_ptr_array_new_with_free_func((GDestroyNotify)reading_free);
    g_ptr_array_add(readings,
                    reading_new(stamp->epoch, stamp->epoch,
                                g_strdup("seconds since 1970 are UTC")));
    return readings;
}

static GPtrArray *relative_readings(const Stamp *stamp,
                                    const ReadingContext *context)
{
    GPtrArray *readings =
        g_ptr_array_new_with_free_func((GDestroyNotify)reading_free);
    if (context->mail_date != INSTANT_NONE)
        g_ptr_array_add(readings,
                        reading_new(context->mail_date - stamp->ago_to_s,
                                    context->mail_date - stamp->ago_from_s,
                                    g_strdup("counted back from the mail's "
                                             "Date")));
    return readings;
}

GPtrArray *readings_new(const Stamp *stamp, const ReadingContext *context,
                        ReadingFacts *facts)
{
    *facts = (ReadingFacts){.is_certain = stamp->kind == STAMP_EPOCH};
    if (stamp->kind == STAMP_EPOCH)
        return epoch_readings(stamp);
    if (stamp->kind == STAMP_RELATIVE)
        return relative_readings(stamp, context);

    Product product = {0};
    list_variants(&product, stamp, context->order);
    if (product.variant_count == 0)
        return g_ptr_array_new_with_free_func((GDestroyNotify)reading_free);
    Civil civil = product.variants[0].civil;
    if (!reading_date(&civil, stamp, stamp->days_back, 0, context))
        civil = (Civil){.year = 2000,
                        .month = MAX(civil.month, 1),
                        .day = MAX(civil.day, 1)};
    bool zone_clear;
    if (stamp->zone.is_known)
        zone_clear = add_zone(&product, &stamp->zone, &civil, "on the stamp") &&
                     !stamp->zone.contradicts;
    else
        zone_clear = add_zones_elsewhere(&product, context, &civil);

    GPtrArray *readings =
        multiply(&product, stamp, context, &facts->is_after_mail);
    if (facts->is_after_mail)
        add_other_zones(readings, stamp, context, &product.variants[0]);
    facts->zone_is_open = !zone_clear;
    facts->is_certain =
        zone_clear && stamp->year > 0 &&
        (stamp->date_basis == DATE_WRITTEN || stamp->date_basis == DATE_SOLE) &&
        !stamp->weekday_is_wrong && !facts->is_after_mail &&
        product.variant_count == 1 && readings->len == 1;
    for (int i = 0; i < product.offset_count; i++)
        g_free(product.offsets[i].why);
    return readings;
}
