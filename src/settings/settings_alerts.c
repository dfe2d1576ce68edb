#include "settings/settings_alerts.h"

#include <string.h>

#define MINUTES_A_DAY (24 * 60)

/* "08:00-20:00" in minutes of the day; 24:00 only as an end. */
static bool read_hours(const char *text, int *from, int *to)
{
    if (strlen(text) != 11 || text[2] != ':' || text[5] != '-' ||
        text[8] != ':')
        return false;
    for (int i = 0; i < 11; i++)
        if (i != 2 && i != 5 && i != 8 && !g_ascii_isdigit(text[i]))
            return false;
    int minute = 10 * (text[3] - '0') + text[4] - '0';
    int last = 10 * (text[9] - '0') + text[10] - '0';
    *from = 60 * (10 * (text[0] - '0') + text[1] - '0') + minute;
    *to = 60 * (10 * (text[6] - '0') + text[7] - '0') + last;
    return minute < 60 && last < 60 && *from < MINUTES_A_DAY &&
           *to <= MINUTES_A_DAY && *from != *to;
}

static const char *object_to_hours(const char *text)
{
    int from, to;
    return read_hours(text, &from, &to)
               ? NULL
               : "must be hours of the day in UTC, like 08:00-20:00.";
}

bool alert_hours_hold(const char *hours, Instant now)
{
    int from, to;
    if (!hours || !read_hours(hours, &from, &to))
        return true;
    int minute = (int)((now % INSTANT_DAY_S) / 60);
    return from < to ? minute >= from && minute < to
                     : minute >= from || minute < to;
}

const SchemaRow ALERT_PERSON_ROWS[] = {
    {"name", SCHEMA_TEXT, .field = SCHEMA_FIELD(AlertPerson, name),
     .is_required = true, .about = "The person, as the others know them."},
    {"address", SCHEMA_ADDRESS, .field = SCHEMA_FIELD(AlertPerson, address),
     .is_required = true,
     .about = "Where the person reads mail day and night; not an address of "
              "the desk."},
    {"languages", SCHEMA_LANGUAGE, SCHEMA_LIST,
     .field = SCHEMA_FIELD(AlertPerson, languages),
     .about = "Languages that the person reads; who reads that of the mail is "
              "asked first."},
    {"hours", SCHEMA_TEXT, .field = SCHEMA_FIELD(AlertPerson, hours),
     .objection = object_to_hours,
     .about = "Hours of the day (UTC) in which the person is asked first; if "
              "not set, always."},
    {"pgp-key", SCHEMA_FINGERPRINT, .field = SCHEMA_FIELD(AlertPerson, pgp_key),
     .about = "Key in pgp.home; alerts to the person are encrypted to it."},
    {0},
};

static void person_free(void *data)
{
    AlertPerson *person = data;
    g_free(person->name);
    g_free(person->address);
    g_clear_pointer(&person->languages, g_ptr_array_unref);
    g_free(person->hours);
    g_free(person->pgp_key);
    g_free(person);
}

/* An alert that comes to the desk would be a mail like those it warns of. */
static bool is_of_the_desk(const Settings *settings, const char *address)
{
    const GPtrArray *more = settings->desk.recipients;
    for (guint i = 0; more && i < more->len; i++)
        if (g_ascii_strcasecmp(more->pdata[i], address) == 0)
            return true;
    return (settings->desk.address &&
            g_ascii_strcasecmp(settings->desk.address, address) == 0) ||
           (settings->send.bounce &&
            g_ascii_strcasecmp(settings->send.bounce, address) == 0);
}

static void complain(const SchemaItem *item, const char *words,
                     GPtrArray *errors)
{
    g_ptr_array_add(errors,
                    g_strdup_printf("%s:%d:%d: alerts.people %s", item->file,
                                    item->line, item->column, words));
}

GPtrArray *settings_read_people(const SchemaValues *values,
                                const Settings *settings, GPtrArray *errors)
{
    GPtrArray *people = g_ptr_array_new_with_free_func(person_free);
    for (guint i = 0; i < schema_count(values, "alerts.people"); i++) {
        const SchemaItem *item = schema_item(values, "alerts.people", i);
        AlertPerson *person = g_new0(AlertPerson, 1);
        schema_bind(item->record, person);
        g_ptr_array_add(people, person);
        if (!person->address)
            continue; /* complained of already */
        if (is_of_the_desk(settings, person->address))
            complain(item,
                     "names an address of the desk itself; alerts must go to "
                     "people",
                     errors);
        if (person->pgp_key && !settings->pgp.home)
            complain(item, "names a key, but pgp.home is not set", errors);
    }
    if (people->len > ALERT_PEOPLE_MAX)
        complain(schema_item(values, "alerts.people", ALERT_PEOPLE_MAX),
                 "has more than 20 people", errors);
    return people;
}
