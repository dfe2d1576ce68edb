/*
 * One index of all phrases of sensitive matters, with the spellings that the
 * tables need not repeat: umlauts written out, Russian in Latin letters.
 *
 * Russian is written in Latin letters by two habits, that of passports ("kh",
 * "ts", "ya") and that of old telegrams ("h", "c", "ja"). Short words are left
 * out there: "sud" is also a direction.
 */
#include "report/sensitive_stems.h"

#include <string.h>

#define TRANSLITERATED_MIN 6 /* characters */

static const struct {
    gunichar letter;
    const char *written;
} UMLAUTS[] = {
    {0xe4, "ae"}, {0xf6, "oe"}, {0xfc, "ue"}, {0xe5, "aa"}, {0xf8, "oe"},
};

static const struct {
    gunichar letter;
    const char *passport, *telegram;
} CYRILLIC[] = {
    {0x430, "a", "a"},   {0x431, "b", "b"},   {0x432, "v", "v"},
    {0x433, "g", "g"},   {0x434, "d", "d"},   {0x435, "e", "e"},
    {0x451, "e", "jo"},  {0x436, "zh", "z"},  {0x437, "z", "z"},
    {0x438, "i", "i"},   {0x439, "y", "j"},   {0x43a, "k", "k"},
    {0x43b, "l", "l"},   {0x43c, "m", "m"},   {0x43d, "n", "n"},
    {0x43e, "o", "o"},   {0x43f, "p", "p"},   {0x440, "r", "r"},
    {0x441, "s", "s"},   {0x442, "t", "t"},   {0x443, "u", "u"},
    {0x444, "f", "f"},   {0x445, "kh", "h"},  {0x446, "ts", "c"},
    {0x447, "ch", "ch"}, {0x448, "sh", "sh"}, {0x449, "shch", "sch"},
    {0x44a, "", ""},     {0x44b, "y", "i"},   {0x44c, "", ""},
    {0x44d, "e", "e"},   {0x44e, "yu", "ju"}, {0x44f, "ya", "ja"},
    {0x454, "ie", "je"}, {0x456, "i", "i"},   {0x457, "i", "ji"},
    {0x491, "g", "g"},
};

static const char *umlaut_written(gunichar letter)
{
    for (size_t i = 0; i < G_N_ELEMENTS(UMLAUTS); i++)
        if (UMLAUTS[i].letter == letter)
            return UMLAUTS[i].written;
    return NULL;
}

static const char *passport_written(gunichar letter)
{
    for (size_t i = 0; i < G_N_ELEMENTS(CYRILLIC); i++)
        if (CYRILLIC[i].letter == letter)
            return CYRILLIC[i].passport;
    return NULL;
}

static const char *telegram_written(gunichar letter)
{
    for (size_t i = 0; i < G_N_ELEMENTS(CYRILLIC); i++)
        if (CYRILLIC[i].letter == letter)
            return CYRILLIC[i].telegram;
    return NULL;
}

/* The phrase in another spelling, or NULL if that is the same. Yours. */
static char *respelled(const char *phrase, const char *(*written)(gunichar))
{
    GString *out = g_string_new(NULL);
    bool differs = false;
    for (const char *c = phrase; *c; c = g_utf8_next_char(c)) {
        const char *other = written(g_utf8_get_char(c));
        differs |= other != NULL;
        if (other)
            g_string_append(out, other);
        else
            g_string_append_len(out, c, g_utf8_next_char(c) - c);
    }
    return g_string_free(out, !differs);
}

/* The rows live as long as the program; phrase becomes theirs. */
static void add_phrase(GArray *rows, const SensitiveRow *from, char *phrase)
{
    if (!phrase)
        return;
    WordRow row = {
        .words = phrase, .meaning = from->meaning, .weight = from->weight};
    g_array_append_val(rows, row);
}

/* Halves get the number of their table as weight. */
static void add_table(GArray *rows, const SensitiveTable *table, int group)
{
    for (size_t i = 0; i < table->count; i++) {
        SensitiveRow half = table->rows[i];
        if (half.weight == 0)
            half.weight = group;
        const SensitiveRow *row = &half;
        g_auto(GStrv) phrases = g_strsplit(row->phrases, " | ", -1);
        for (char **phrase = phrases; *phrase; phrase++) {
            add_phrase(rows, row, g_strdup(*phrase));
            if (table->spelling == SPELLING_UMLAUTS)
                add_phrase(rows, row, respelled(*phrase, umlaut_written));
            if (table->spelling != SPELLING_CYRILLIC ||
                g_utf8_strlen(*phrase, -1) < TRANSLITERATED_MIN)
                continue;
            add_phrase(rows, row, respelled(*phrase, passport_written));
            add_phrase(rows, row, respelled(*phrase, telegram_written));
        }
    }
}

/* The weight of a stem is its class. */
static void add_stems(GArray *rows)
{
    size_t count = 0;
    const StemRow *stems = sensitive_stems(&count);
    for (size_t i = 0; i < count; i++) {
        SensitiveRow row = {.meaning = STEM, .weight = (int)stems[i].class};
        g_auto(GStrv) words = g_strsplit(stems[i].stems, " | ", -1);
        for (char **word = words; *word; word++) {
            add_phrase(rows, &row, g_strdup(*word));
            add_phrase(rows, &row, respelled(*word, umlaut_written));
        }
    }
}

static const WordIndex *index_new(void)
{
    static const SensitiveTable *const TABLES[] = {
        &SENSITIVE_ENGLISH, &SENSITIVE_GERMAN,  &SENSITIVE_ROMANCE,
        &SENSITIVE_NORDIC,  &SENSITIVE_SLAVIC,  &SENSITIVE_CYRILLIC,
        &SENSITIVE_TYPED,   &SENSITIVE_OTHERS,  &SENSITIVE_IDENTITY,
        &SENSITIVE_LEAVE,   &SENSITIVE_WEAPONS, &SENSITIVE_UNDRESSED,
    };
    G_STATIC_ASSERT(G_N_ELEMENTS(TABLES) == SENSITIVE_GROUPS);
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(WordRow));
    size_t count = 0;
    const WordRow *singles = sensitive_single_words(&count);
    g_array_append_vals(rows, singles, (guint)count);
    for (size_t i = 0; i < G_N_ELEMENTS(TABLES); i++)
        add_table(rows, TABLES[i], (int)i);
    add_stems(rows);
    count = rows->len;
    return word_index_new((WordRow *)(void *)g_array_free(rows, FALSE), count);
}

const WordIndex *sensitive_words(void)
{
    static const WordIndex *index;
    if (g_once_init_enter(&index))
        g_once_init_leave(&index, index_new());
    return index;
}

SensitiveRole sensitive_role(const WordRow *row)
{
    static const struct {
        const char *word;
        SensitiveRole role;
    } ROLES[] = {
        {" who", ROLE_WHO},     {" what", ROLE_WHAT},
        {" plain", ROLE_PLAIN}, {" announced", ROLE_ANNOUNCED},
        {" stem", ROLE_STEM},
    };
    const char *word = strchr(row->meaning, ' ');
    for (size_t i = 0; word && i < G_N_ELEMENTS(ROLES); i++)
        if (strcmp(word, ROLES[i].word) == 0)
            return ROLES[i].role;
    return row->weight < 0 ? ROLE_EXCUSE : ROLE_ALONE;
}
