/*
 * To add one: a row in the list of its kind, in lower case (fold_new). Order
 * does not matter, the longest that fits is read.
 */
#include "incident/timestamp_words.h"

#include <string.h>

static const WordValue BETWEEN[] = {
    {"time=", 0},
    {"time=\"", 0},
    {"time:", 0},
    {"time", 0},
    {"uhrzeit:", 0},
    {"uhrzeit", 0},
    {"zeit:", 0},
    {"las", 0},
    {"entre las", 0},
    {"les", 0},
    {"le", 0},
    {"ved", 0},
    {"um ca.", 0},
    {"um etwa", 0},
    {"um", 0},
    {"gegen", 0},
    {"zwischen", 0},
    {"von", 0},
    {"ab", 0},
    {"at approximately", 0},
    {"at around", 0},
    {"at about", 0},
    {"at approx.", 0},
    {"at", 0},
    {"around", 0},
    {"about", 0},
    {"approximately", 0},
    {"approx.", 0},
    {"between", 0},
    {"from", 0},
    {"since", 0},
    {"starting at", 0},
    {"à partir de", 0},
    {"à", 0},
    {"vers", 0},
    {"entre", 0},
    {"de", 0},
    {"des", 0},
    {"a partir de las", 0},
    {"a las", 0},
    {"a la", 0},
    {"hacia las", 0},
    {"sobre las", 0},
    {"desde las", 0},
    {"às", 0},
    {"por volta das", 0},
    {"das", 0},
    {"alle ore", 0},
    {"alle", 0},
    {"dalle ore", 0},
    {"dalle", 0},
    {"verso le", 0},
    {"ore", 0},
    {"ora:", 0},
    {"tra le", 0},
    {"fra le", 0},
    {"om", 0},
    {"rond", 0},
    {"tussen", 0},
    {"vanaf", 0},
    {"v", 0},
    {"ve", 0},
    {"cca", 0},
    {"kolem", 0},
    {"mezi", 0},
    {"od", 0},
    {"o godz.", 0},
    {"o godzinie", 0},
    {"godz.", 0},
    {"godzina:", 0},
    {"około", 0},
    {"ok.", 0},
    {"między", 0},
    {"o", 0},
    {"в", 0},
    {"с", 0},
    {"около", 0},
    {"между", 0},
    {"примерно в", 0},
    {"г.", 0},
    {"года", 0},
    {"року", 0},
    {"о", 0},
    {"kl.", 0},
    {"kl", 0},
    {"klo", 0},
    {"klockan", 0},
    {"klokken", 0},
    {"klokka", 0},
    {"noin", 0},
    {"omkring", 0},
    {"vid", 0},
    {"mellan", 0},
    {"mellem", 0},
    {"mellom", 0},
    {"saat", 0},
    {"heure :", 0},
    {"heure:", 0},
    {"hora:", 0},
    {"tijd:", 0},
    {"tid:", 0},
    {"czas:", 0},
    {"čas:", 0},
    {"время:", 0},
    {"час:", 0},
    {"r.", 0},
    {"г", 0},
    {"la ora", 0},
    {"ora", 0},
    {"στις", 0},
    {"στη", 0},
    {"u", 0},
    {"ob", 0},
    {"kell", 0},
    {"kor", 0},
    {"时间", 0},
    {"時間", 0},
    {"時刻", 0},
    {"の", 0},
    {"에", 0},
    {"ca.", 0},
    {"circa", 0},
    {NULL, 0},
};

static const WordValue OF_DATE[] = {
    {"of", 0},  {"the", 0}, {"de", 0},  {"del", 0}, {"den", 0}, {"le", 0},
    {"dia", 0}, {"di", 0},  {"der", 0}, {"des", 0}, {NULL, 0},
};

static const WordValue ON[] = {
    {"on the", 0}, {"on", 0},        {"am", 0},        {"vom", 0},
    {"den", 0},    {"des", 0},       {"le", 0},        {"du", 0},
    {"el día", 0}, {"el", 0},        {"del día", 0},   {"del", 0},
    {"de", 0},     {"do dia", 0},    {"no dia", 0},    {"dia", 0},
    {"em", 0},     {"il giorno", 0}, {"il", 0},        {"di", 0},
    {"van", 0},    {"op", 0},        {"dne", 0},       {"ze dne", 0},
    {"z dnia", 0}, {"w dniu", 0},    {"dnia", 0},      {"of", 0},
    {"the", 0},    {"от", 0},        {"d.", 0},        {"din", 0},
    {"pe", 0},     {"på", 0},        {"tarihinde", 0}, {NULL, 0},
};

static const WordValue AFTER_TIME[] = {
    {"uhr", 0},     {"hrs.", 0},  {"hrs", 0},   {"hours", 0},  {"hour", 0},
    {"h", 0},       {"hs", 0},    {"horas", 0}, {"heures", 0}, {"uur", 0},
    {"o'clock", 0}, {"часов", 0}, {"часа", 0},  {"час", 0},    {"ч.", 0},
    {"godz.", 0},   {"hod.", 0},  {"hod", 0},   {"hodin", 0},  {"óra", 0},
    {"with", 0},    {"time:", 0}, {NULL, 0},
};

/* Between the ends of a range. */
static const WordValue TO[] = {
    {"to", 0},   {"until", 0},     {"till", 0},  {"through", 0},
    {"thru", 0}, {"and", 0},       {"bis", 0},   {"und", 0},
    {"à", 0},    {"jusqu'à", 0},   {"au", 0},    {"et", 0},
    {"a", 0},    {"hasta", 0},     {"al", 0},    {"y", 0},
    {"alle", 0}, {"fino alle", 0}, {"e", 0},     {"até", 0},
    {"às", 0},   {"tot", 0},       {"en", 0},    {"do", 0},
    {"i", 0},    {"až", 0},        {"до", 0},    {"и", 0},
    {"til", 0},  {"och", 0},       {"og", 0},    {"ile", 0},
    {"ve", 0},   {"és", 0},        {"μέχρι", 0}, {"până la", 0},
    {"–", 0},    {"—", 0},         {"～", 0},    {"〜", 0},
    {"から", 0}, {NULL, 0},
};

/* Words right before a clock, after which "21.07" is one. */
static const WordValue CUES[] = {
    {"about", 0},     {"around", 0},
    {"verso le", 0},  {"ca.", 0},
    {"gegen", 0},     {"sobre las", 0},
    {"hacia las", 0}, {"at approximately", 0},
    {"at about", 0},  {"fra", 0},
    {"från", 0},      {"vanaf", 0},
    {"tussen", 0},    {"mellom", 0},
    {"mellem", 0},    {"mellan", 0},
    {"od", 0},        {"с", 0},
    {"между", 0},     {"mezi", 0},
    {"między", 0},    {"dalle ore", 0},
    {"dalle", 0},     {"fra le", 0},
    {"tra le", 0},    {"desde las", 0},
    {"de las", 0},    {"entre las", 0},
    {"entre", 0},     {"since", 0},
    {"ab", 0},        {"von", 0},
    {"zwischen", 0},  {"from", 0},
    {"between", 0},   {"um", 0},
    {"gegen", 0},     {"at", 0},
    {"at around", 0}, {"à", 0},
    {"vers", 0},      {"a las", 0},
    {"a la", 0},      {"às", 0},
    {"alle ore", 0},  {"alle", 0},
    {"ore", 0},       {"om", 0},
    {"rond", 0},      {"o godz.", 0},
    {"godz.", 0},     {"v", 0},
    {"ve", 0},        {"в", 0},
    {"kl.", 0},       {"kl", 0},
    {"klo", 0},       {"klockan", 0},
    {"klokken", 0},   {"klokka", 0},
    {"saat", 0},      {"la ora", 0},
    {"u", 0},         {"ob", 0},
    {NULL, 0},
};

/* "hour" between hours and minutes: "21 Uhr 30". */
static const WordValue HOURS[] = {
    {"uhr", 0},   {"o'clock", 0}, {"h", 0},    {"hs", 0},     {"heures", 0},
    {"heure", 0}, {"horas", 0},   {"hora", 0}, {"ore", 0},    {"uur", 0},
    {"часов", 0}, {"часа", 0},    {"час", 0},  {"годині", 0}, {"година", 0},
    {"godz.", 0}, {"godz", 0},    {"hod.", 0}, {"hod", 0},    {"hodin", 0},
    {NULL, 0},
};

/* Does a word that reaches from at to end end there? */
static bool is_whole(Cursor in, size_t at, size_t end)
{
    unsigned char last = cursor_at(in, end - 1);
    if ((last < 0x80 && !g_ascii_isalpha(last)) || cursor_ideograph(in, at) > 0)
        return true;
    return !cursor_is_word(in, end) || g_ascii_isdigit(cursor_at(in, end));
}

size_t words_read(Cursor in, size_t at, const WordValue *list, int *value)
{
    unsigned char first = cursor_at(in, at);
    size_t longest = 0;
    if (first < 'a')
        return 0;
    for (const WordValue *row = list; row->word; row++) {
        if ((unsigned char)row->word[0] != first ||
            !cursor_has(in, at, row->word))
            continue;
        size_t length = strlen(row->word);
        if (length <= longest || !is_whole(in, at, at + length))
            continue;
        if (value)
            *value = row->value;
        longest = length;
    }
    return longest > 0 ? at + longest : 0;
}

size_t words_between(Cursor folded, size_t at)
{
    return words_read(folded, at, BETWEEN, NULL);
}

size_t words_of_date(Cursor folded, size_t at)
{
    return words_read(folded, at, OF_DATE, NULL);
}

size_t words_on(Cursor folded, size_t at)
{
    return words_read(folded, at, ON, NULL);
}

size_t words_to(Cursor folded, size_t at)
{
    unsigned char c = cursor_at(folded, at);
    if (c == '-' || c == '~' || c == '>')
        return cursor_at(folded, at + 1) == '>' ? at + 2 : at + 1;
    return words_read(folded, at, TO, NULL);
}

size_t words_cue(Cursor folded, size_t at)
{
    return words_read(folded, at, CUES, NULL);
}

size_t words_hour(Cursor folded, size_t at)
{
    return words_read(folded, at, HOURS, NULL);
}

size_t words_after_time(Cursor folded, size_t at)
{
    return words_read(folded, at, AFTER_TIME, NULL);
}

#define DAY_ROWS_MAX 600

/* The rows of a table by their first byte: they are looked for at every word,
 * and at every word around a bare clock again. */
typedef struct {
    const DayWord *table;
    guint16 first[256],
        next[DAY_ROWS_MAX]; /* place in the table + 1; 0: none */
    gsize is_ready;
} DayIndex;

static DayIndex days = {.table = DAY_WORDS}, parts = {.table = PART_WORDS};

static void index_prepare(DayIndex *index)
{
    if (!g_once_init_enter(&index->is_ready))
        return;
    for (guint16 i = 0; index->table[i].word; i++) {
        g_assert(i < DAY_ROWS_MAX);
        guint16 *first = &index->first[(unsigned char)*index->table[i].word];
        index->next[i] = *first;
        *first = i + 1;
    }
    g_once_init_leave(&index->is_ready, 1);
}

/* The longest row that stands there whole. */
static const DayWord *longest_row(Cursor in, size_t at, DayIndex *index)
{
    const DayWord *best = NULL;
    size_t longest = 0;
    index_prepare(index);
    for (guint16 i = index->first[cursor_at(in, at)]; i > 0;
         i = index->next[i - 1]) {
        const DayWord *row = &index->table[i - 1];
        size_t length = strlen(row->word);
        if (length <= longest || !cursor_has(in, at, row->word))
            continue;
        bool goes_on = cursor_is_word(in, at + length) &&
                       !g_ascii_isdigit(cursor_at(in, at + length));
        if (goes_on && cursor_ideograph(in, at) == 0)
            continue;
        best = row;
        longest = length;
    }
    return best;
}

size_t words_part(Cursor in, size_t at, DayPart *part)
{
    at = cursor_skip_blanks(in, at, 3);
    const DayWord *row = longest_row(in, at, &parts);
    if (!row)
        return 0;
    *part = row->part;
    return at + strlen(row->word);
}

size_t words_day(Cursor in, size_t at, int *days_back, DayPart *part)
{
    const DayWord *row = longest_row(in, at, &days);
    if (!row)
        return 0;
    *days_back = row->days;
    *part = row->part;
    size_t end = at + strlen(row->word);
    size_t after = words_part(in, end, part);
    return after > 0 ? after : end;
}

int hour_in_part(int hour, DayPart part)
{
    switch (part) {
    case PART_NONE:
        return hour;
    case PART_MORNING:
        return hour == 12 ? 0 : hour;
    case PART_AFTERNOON:
        return hour >= 1 && hour <= 9 ? hour + 12 : hour;
    case PART_EVENING:
        return hour >= 4 && hour <= 11 ? hour + 12 : hour;
    case PART_NIGHT:
        return hour >= 8 && hour <= 11 ? hour + 12 : hour % 24 == 12 ? 0 : hour;
    }
    return hour;
}
