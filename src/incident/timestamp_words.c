/*
 * To add one: a row in the list of its kind, in lower case (fold_new), longer
 * ones before their own beginnings.
 */
#include "incident/timestamp_words.h"

#include <string.h>

typedef struct {
    const char *word;
    int value;
} WordValue;

static const WordValue BETWEEN[] = {
    {"time:", 0},
    {"time", 0},
    {"uhrzeit:", 0},
    {"um", 0},
    {"at", 0},
    {"à", 0},
    {"a las", 0},
    {"a la", 0},
    {"às", 0},
    {"alle ore", 0},
    {"alle", 0},
    {"ore", 0},
    {"om", 0},
    {"v", 0},
    {"o godz.", 0},
    {"godz.", 0},
    {"o", 0},
    {"в", 0},
    {"г.", 0},
    {"года", 0},
    {"kl.", 0},
    {"kl", 0},
    {"klo", 0},
    {"saat", 0},
    {"heure :", 0},
    {"hora:", 0},
    {"between", 0},
    {"around", 0},
    {"approximately", 0},
    {"r.", 0},
    {NULL, 0},
};

static const WordValue OF_DATE[] = {
    {"of", 0},  {"the", 0}, {"de", 0},  {"del", 0},
    {"den", 0}, {"le", 0},  {"dia", 0}, {NULL, 0},
};

static const WordValue ON[] = {
    {"on", 0}, {"am", 0},  {"le", 0}, {"el", 0},  {"del", 0},
    {"il", 0}, {"em", 0},  {"op", 0}, {"dne", 0}, {"dnia", 0},
    {"of", 0}, {"the", 0}, {NULL, 0},
};

static const WordValue AFTER_TIME[] = {
    {"uhr", 0},  {"hrs.", 0}, {"hrs", 0},     {"hours", 0},
    {"hour", 0}, {"h", 0},    {"o'clock", 0}, {"часов", 0},
    {"ч.", 0},   {"with", 0}, {"time:", 0},   {NULL, 0},
};

static const WordValue COUNTS[] = {
    {"a", 1},       {"an", 1},    {"one", 1},   {"two", 2},   {"three", 3},
    {"four", 4},    {"five", 5},  {"six", 6},   {"seven", 7}, {"ten", 10},
    {"twelve", 12}, {"einer", 1}, {"einem", 1}, {"zwei", 2},  {"drei", 3},
    {"une", 1},     {"un", 1},    {"deux", 2},  {"una", 1},   {"dos", 2},
    {"due", 2},     {"dva", 2},   {"два", 2},   {NULL, 0},
};

#define MINUTE 60
#define HOUR   3600
#define DAY    86400
#define WEEK   (7 * DAY)
#define MONTH  (30 * DAY)

static const WordValue UNITS[] = {
    {"seconds", 1},      {"second", 1},       {"minutes", MINUTE},
    {"minute", MINUTE},  {"mins", MINUTE},    {"min", MINUTE},
    {"hours", HOUR},     {"hour", HOUR},      {"hrs", HOUR},
    {"days", DAY},       {"day", DAY},        {"weeks", WEEK},
    {"week", WEEK},      {"months", MONTH},   {"month", MONTH},
    {"minuten", MINUTE}, {"stunden", HOUR},   {"stunde", HOUR},
    {"tagen", DAY},      {"tage", DAY},       {"tag", DAY},
    {"wochen", WEEK},    {"woche", WEEK},     {"heures", HOUR},
    {"heure", HOUR},     {"jours", DAY},      {"jour", DAY},
    {"semaine", WEEK},   {"minutos", MINUTE}, {"minuto", MINUTE},
    {"horas", HOUR},     {"hora", HOUR},      {"días", DAY},
    {"dias", DAY},       {"minuti", MINUTE},  {"ore", HOUR},
    {"giorni", DAY},     {"minut", MINUTE},   {"godzin", HOUR},
    {"dni", DAY},        {"hodin", HOUR},     {"dnů", DAY},
    {"uren", HOUR},      {"uur", HOUR},       {"dagen", DAY},
    {"минут", MINUTE},   {"минуты", MINUTE},  {"часов", HOUR},
    {"часа", HOUR},      {"час", HOUR},       {"дней", DAY},
    {"дня", DAY},        {"день", DAY},       {"суток", DAY},
    {NULL, 0},
};

static const WordValue AGO[] = {
    {"ago", 0},  {"vor", 0},   {"il y a", 0},  {"hace", 0},
    {"fa", 0},   {"atrás", 0}, {"geleden", 0}, {"temu", 0},
    {"před", 0}, {"назад", 0}, {"earlier", 0}, {NULL, 0},
};

static const WordValue WITHIN[] = {
    {"within the last", 0},
    {"within the past", 0},
    {"within last", 0},
    {"in the last", 0},
    {"in the past", 0},
    {"over the last", 0},
    {"over the past", 0},
    {"during the last", 0},
    {"during the past", 0},
    {"for the last", 0},
    {"for the past", 0},
    {"in den letzten", 0},
    {"innerhalb der letzten", 0},
    {"in der letzten", 0},
    {"ces dernières", 0},
    {"au cours des", 0},
    {"en las últimas", 0},
    {"nelle ultime", 0},
    {"за последние", 0},
    {"за последний", 0},
    {"v posledních", 0},
    {"w ciągu ostatnich", 0},
    {NULL, 0},
};

/* The first word of the list that stands there whole. */
static size_t list_read(Cursor in, size_t at, const WordValue *list, int *value)
{
    unsigned char first = cursor_at(in, at);
    if (first < 'a')
        return 0;
    for (const WordValue *row = list; row->word; row++) {
        if ((unsigned char)row->word[0] != first ||
            !cursor_has(in, at, row->word))
            continue;
        size_t end = at + strlen(row->word);
        if (g_ascii_isalpha(cursor_at(in, end - 1)) ||
            cursor_at(in, end - 1) >= 0x80)
            if (cursor_is_word(in, end) && !g_ascii_isdigit(cursor_at(in, end)))
                continue;
        if (value)
            *value = row->value;
        return end;
    }
    return 0;
}

size_t words_between(Cursor folded, size_t at)
{
    return list_read(folded, at, BETWEEN, NULL);
}

size_t words_of_date(Cursor folded, size_t at)
{
    return list_read(folded, at, OF_DATE, NULL);
}

size_t words_on(Cursor folded, size_t at)
{
    return list_read(folded, at, ON, NULL);
}

size_t words_after_time(Cursor folded, size_t at)
{
    return list_read(folded, at, AFTER_TIME, NULL);
}

size_t words_count(Cursor folded, size_t at, int *count)
{
    long value;
    size_t digits = cursor_number(folded, at, 3, &value);
    if (digits == 0)
        return list_read(folded, at, COUNTS, count);
    *count = (int)value;
    return at + digits;
}

size_t words_unit(Cursor folded, size_t at, int *unit_s)
{
    return list_read(folded, at, UNITS, unit_s);
}

size_t words_ago(Cursor folded, size_t at)
{
    return list_read(folded, at, AGO, NULL);
}

size_t words_within(Cursor folded, size_t at)
{
    return list_read(folded, at, WITHIN, NULL);
}
