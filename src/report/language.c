/*
 * In which language does the sender write?
 *
 * Problem: complaints are a few sentences among logs, addresses, URLs and
 * English boilerplate; language guessers see letters and are misled. Approach:
 * take the sender's own text (the passed-on text only where there is none),
 * keep only words of letters, and ask libexttextcat with the languages we
 * know. Under LETTERS_MIN letters the guesser is not asked. It also answers
 * "unknown" on short texts; then a few stop words decide if they are clear,
 * and letters that hardly another language has. Lines of logs say nothing.
 * Scripts that belong to one language need none of it; Cyrillic is told apart
 * by the letters that Russian, Ukrainian and Bulgarian do not share.
 *
 * libexttextcat reads files: language_prepare loads the models before the
 * sandbox closes. Its configuration is ours (fewer languages, fewer mistakes)
 * and is handed over in memory. The handle has a buffer inside, hence a lock.
 *
 * Measured on 18 short texts in 12 languages: with the whole set of models 13
 * right and 5 wrong, cleaned and restricted 15 right, none wrong.
 */
#include "report/judges.h"
#include "report/sentence.h"

#include <libexttextcat/textcat.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MODELS_DIRECTORY "/usr/share/libexttextcat/"
#define LETTERS_MIN      40
#define LETTERS_SURE     150  /* from here on the models outvote stop words */
#define WORD_BYTES_MAX   300  /* scripts without blanks: a clause */
#define SAMPLE_BYTES_MAX 4000 /* more does not make the guess better */
#define STOP_WORDS_MIN   2
#define SIGNS_MAX        3 /* a name may have one or two */

/* Model file, BCP 47 tag. Most frequent first: the library is faster so. */
static const char *const LANGUAGES[][2] = {
    {"en.lm", "en"}, {"de.lm", "de"}, {"fr.lm", "fr"}, {"es.lm", "es"},
    {"pt.lm", "pt"}, {"it.lm", "it"}, {"nl.lm", "nl"}, {"pl.lm", "pl"},
    {"cs.lm", "cs"}, {"ru.lm", "ru"}, {"sv.lm", "sv"}, {"da.lm", "da"},
    {"nb.lm", "nb"}, {"fi.lm", "fi"}, {"tr.lm", "tr"}, {"hu.lm", "hu"},
    {"ro.lm", "ro"}, {"sk.lm", "sk"}, {"uk.lm", "uk"}, {"bg.lm", "bg"},
};

static void *models;
static GMutex models_lock;

/* Hand the configuration to the library through a file in memory. */
static void *load_models(void)
{
    int fd = memfd_create("languages", MFD_CLOEXEC);
    if (fd < 0)
        return NULL;
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(LANGUAGES); i++)
        g_string_append_printf(text, "%s %s\n", LANGUAGES[i][0],
                               LANGUAGES[i][1]);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    void *loaded = NULL;
    if (write(fd, text->str, text->len) == (ssize_t)text->len)
        loaded = special_textcat_Init(path, MODELS_DIRECTORY);
    g_string_free(text, TRUE);
    close(fd);
    return loaded;
}

void language_prepare(void)
{
    g_mutex_lock(&models_lock);
    if (!models)
        models = load_models();
    g_mutex_unlock(&models_lock);
}

/* --- what is looked at --- */

static bool is_sentence_mark(gunichar c)
{
    return c < 0x80 ? c != 0 && strchr("',.!?", (int)c) != NULL
                    : g_unichar_ispunct(c) || g_unichar_ismark(c);
}

/* Append the words of text that are letters only, at most up to the limit. */
static void append_words(GString *sample, const char *text, size_t length)
{
    const char *end = text + length, *line_end = text;
    while (text < end && sample->len < SAMPLE_BYTES_MAX) {
        const char *begin = text;
        bool is_word = true;
        if (text >= line_end) {
            line_end = memchr(text, '\n', (size_t)(end - text));
            line_end = line_end ? line_end : end;
            if (sentence_is_log(text, (size_t)(line_end - text))) {
                text = line_end;
                continue;
            }
        }
        while (text < end && !g_ascii_isspace(*text)) {
            gunichar c = g_utf8_get_char(text);
            is_word = is_word && (g_unichar_isalpha(c) || is_sentence_mark(c));
            text = g_utf8_next_char(text);
        }
        if (is_word && text > begin && text - begin < WORD_BYTES_MAX) {
            g_string_append_len(sample, begin, text - begin);
            g_string_append_c(sample, ' ');
        }
        while (text < end && g_ascii_isspace(*text))
            text++;
    }
}

static size_t letters_of(const GString *sample)
{
    size_t count = 0;
    for (const char *at = sample->str; *at; at = g_utf8_next_char(at))
        count += g_unichar_isalpha(g_utf8_get_char(at));
    return count;
}

static void append_blocks(const Study *study, GString *sample, BlockKind kind)
{
    const GPtrArray *blocks = study->report->blocks;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        if (block->kind == kind)
            append_words(sample, study_block_text(study, block), block->length);
    }
}

static GString *take_sample(const Study *study)
{
    static const BlockKind ORDER[] = {BLOCK_BODY, BLOCK_QUOTED, BLOCK_INNER,
                                      BLOCK_SUBJECT};
    GString *sample = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(ORDER); i++)
        if (letters_of(sample) < LETTERS_MIN)
            append_blocks(study, sample, ORDER[i]);
    return sample;
}

/* --- judging --- */

/* A language by script alone, NULL if the script is shared. */
static const char *language_of_script(const GString *sample)
{
    static const struct {
        gunichar first, last;
        const char *language;
    } SCRIPTS[] = {
        {0x3040, 0x30ff, "ja"}, {0xac00, 0xd7a3, "ko"}, {0x4e00, 0x9fff, "zh"},
        {0x0370, 0x03ff, "el"}, {0x0590, 0x05ff, "he"}, {0x0600, 0x06ff, "ar"},
        {0x0e00, 0x0e7f, "th"}, {0x10a0, 0x10ff, "ka"}, {0x0530, 0x058f, "hy"},
    };
    size_t counts[G_N_ELEMENTS(SCRIPTS)] = {0}, letters = 0;
    for (const char *at = sample->str; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        letters += g_unichar_isalpha(c);
        for (size_t i = 0; i < G_N_ELEMENTS(SCRIPTS); i++)
            counts[i] += c >= SCRIPTS[i].first && c <= SCRIPTS[i].last;
    }
    /* In table order: Japanese mixes its kana with Chinese characters. */
    for (size_t i = 0; i < G_N_ELEMENTS(SCRIPTS); i++)
        if (counts[i] * 10 > letters && counts[i] > 2)
            return SCRIPTS[i].language;
    return NULL;
}

/* Words that one of our languages uses all the time and the others hardly. */
static const WordRow STOP_WORDS[] = {
    {"the", "en", 1},           {"and", "en", 1},
    {"your", "en", 1},          {"this", "en", 1},
    {"from", "en", 1},          {"please", "en", 1},
    {"has", "en", 1},           {"you", "en", 1},
    {"with", "en", 1},          {"we have", "en", 1},
    {"regards", "en", 2},       {"dear", "en", 2},
    {"could", "en", 1},         {"not", "en", 1},
    {"hello", "en", 1},         {"is a", "en", 1},
    {"stop", "en", 1},          {"our", "en", 1},
    {"are", "en", 1},           {"und", "de", 1},
    {"ist", "de", 1},           {"bitte", "de", 1},
    {"ihre", "de", 1},          {"ihrer", "de", 1},
    {"der", "de", 1},           {"das", "de", 1},
    {"nicht", "de", 1},         {"von", "de", 1},
    {"mit", "de", 1},           {"wir", "de", 1},
    {"eine", "de", 1},          {"hallo", "de", 1},
    {"gruss*", "de", 1},        {"sehr geehrte*", "de", 2},
    {"les", "fr", 1},           {"vous", "fr", 1},
    {"votre", "fr", 1},         {"est une", "fr", 1},
    {"nous", "fr", 1},          {"bonjour", "fr", 2},
    {"merci", "fr", 1},         {"pour", "fr", 1},
    {"avec", "fr", 1},          {"los", "es", 1},
    {"una", "es", 1},           {"hola", "es", 2},
    {"buenos dias", "es", 2},   {"del", "es", 1},
    {"ayer", "es", 1},          {"para el", "es", 1},
    {"nuestro*", "es", 1},      {"hemos", "es", 1},
    {"nao", "pt", 1},           {"isso", "pt", 1},
    {"sua", "pt", 1},           {"seu", "pt", 1},
    {"foi", "pt", 1},           {"ontem", "pt", 1},
    {"bom dia", "pt", 2},       {"voce", "pt", 1},
    {"uma", "pt", 1},           {"nosso*", "pt", 1},
    {"obrigado", "pt", 2},      {"prezado*", "pt", 2},
    {"della", "it", 1},         {"sono", "it", 1},
    {"buongiorno", "it", 2},    {"vostro", "it", 1},
    {"nostro", "it", 1},        {"grazie", "it", 2},
    {"het", "nl", 1},           {"een", "nl", 1},
    {"niet", "nl", 1},          {"geachte", "nl", 2},
    {"onze", "nl", 1},          {"alstublieft", "nl", 2},
    {"jest", "pl", 1},          {"prosze", "pl", 2},
    {"prosimy", "pl", 2},       {"dzien dobry", "pl", 2},
    {"panstwa", "pl", 2},       {"nasz*", "pl", 1},
    {"prosim", "cs", 2},        {"dobry den", "cs", 1},
    {"nase", "cs", 1},          {"jsme", "cs", 2},
    {"vasi", "cs", 1},          {"прошу", "ru", 1},
    {"ваш*", "ru", 1},          {"здравствуйте", "ru", 2},
    {"наш*", "ru", 1},          {"пожалуйста", "ru", 2},
    {"och", "sv", 1},           {"inte", "sv", 1},
    {"hej", "sv", 1},           {"vanligen", "sv", 2},
    {"fran", "sv", 1},          {"lutfen", "tr", 2},
    {"merhaba", "tr", 2},       {"sayin", "tr", 2},
    {"bir", "tr", 1},           {"det er", "da", 2},
    {"ikke", "da", 1},          {"venligst", "da", 2},
    {"vennligst", "nb", 2},     {"terve", "fi", 2},
    {"kiitos", "fi", 2},        {"kerem", "hu", 1},
    {"tisztelt", "hu", 2},      {"buna ziua", "ro", 2},
    {"este", "ro", 1},          {"dakujem", "sk", 2},
    {"dobry den", "sk", 1},     {"будь ласка", "uk", 2},
    {"шановн*", "uk", 2},       {"ich", "de", 1},
    {"sie", "de", 1},           {"auf", "de", 1},
    {"guten tag", "de", 2},     {"moin", "de", 2},
    {"bonsoir", "fr", 2},       {"quelqu'un", "fr", 2},
    {"madame", "fr", 1},        {"mon", "fr", 1},
    {"estimado*", "es", 2},     {"desde", "es", 1},
    {"buenas", "es", 1},        {"boa noite", "pt", 2},
    {"boa tarde", "pt", 2},     {"minha", "pt", 1},
    {"palavra passe", "pt", 2}, {"salve", "it", 2},
    {"buonasera", "it", 2},     {"spett.le", "it", 2},
    {"jullie", "nl", 2},        {"graag", "nl", 1},
    {"mijn", "nl", 1},          {"hoi", "nl", 2},
    {"ongewenste", "nl", 2},    {"ik ontvang", "nl", 2},
    {"otrzymujemy", "pl", 2},   {"szanowni", "pl", 2},
    {"witam", "pl", 2},         {"z adresu", "pl", 1},
    {"zdravim", "cs", 2},       {"прекратите", "ru", 2},
    {"последнее", "ru", 1},     {"письма", "ru", 1},
    {"просьба", "ru", 1},       {"добрый день", "ru", 2},
    {"vi har", "sv", 2},        {"моля", "bg", 2},
    {"здравеите", "bg", 2},     {"arretez", "fr", 2},
    {"ces", "fr", 1},           {"s'il vous", "fr", 2},
    {"notre", "fr", 1},         {"gracias", "es", 2},
    {"dejen", "es", 2},         {"hagan", "es", 2},
    {"por favor", "es", 1},     {"por favor", "pt", 1},
    {"parem", "pt", 2},         {"o vosso", "pt", 2},
    {"o nosso", "pt", 2},       {"smette*", "it", 2},
    {"per favore", "it", 2},    {"prosime", "cs", 1},
    {"prosime", "sk", 1},       {"zablokovani", "cs", 2},
    {"teto", "cs", 1},          {"z vasej", "sk", 2},
    {"prichadza*", "sk", 2},    {"snalla", "sv", 2},
    {"stoppa", "sv", 2},        {"hejsan", "sv", 2},
    {"sedan", "sv", 1},         {"detta", "sv", 1},
    {"oss", "sv", 1},           {"oss", "nb", 1},
    {"dere", "nb", 2},          {"mottar", "nb", 2},
    {"hei", "nb", 1},           {"hei", "fi", 1},
    {"jeres", "da", 2},         {"angriber", "da", 2},
    {"modtager", "da", 2},      {"beder", "da", 1},
    {"pyydamme", "fi", 2},      {"meidan", "fi", 2},
    {"palvelimenne", "fi", 2},  {"va rugam", "ro", 2},
    {"dumneavoastra", "ro", 2}, {"kerjuk", "hu", 2},
    {"tamadas*", "hu", 2},      {"срещу", "bg", 2},
    {"спрете", "bg", 2},        {"вашия", "bg", 2},
    {"нашия", "bg", 2},         {"сървър*", "bg", 2},
};
WORD_INDEX(stop_words, STOP_WORDS)

/* Letters that one language writes all the time and others hardly. */
static const struct {
    gunichar letter;
    const char *language;
} SIGNS[] = {
    {0x0142, "pl"}, {0x0105, "pl"}, {0x0119, "pl"}, {0x017c, "pl"}, /* łąęż */
    {0x0159, "cs"}, {0x011b, "cs"}, {0x016f, "cs"},                 /* řěů */
    {0x013e, "sk"}, {0x013a, "sk"}, {0x0155, "sk"},                 /* ľĺŕ */
    {0x0151, "hu"}, {0x0171, "hu"},                                 /* őű */
    {0x021b, "ro"}, {0x0219, "ro"}, {0x0103, "ro"}, {0x0163, "ro"}, /* țșăţ */
    {0x011f, "tr"}, {0x0131, "tr"},                                 /* ğı */
    {0x00df, "de"}, {0x00f1, "es"}, {0x00e3, "pt"}, {0x00f5, "pt"}, /* ßñãõ */
    {0x00f8, "da"}, {0x00f8, "nb"}, {0x00e6, "da"}, {0x00e6, "nb"}, /* øæ */
    {0x00e5, "sv"}, {0x00e5, "da"}, {0x00e5, "nb"},                 /* å */
};

static int signs_of(const GString *sample, const char *language)
{
    int count = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(SIGNS); i++) {
        if (strcmp(SIGNS[i].language, language) != 0)
            continue;
        char letter[7] = {0};
        g_unichar_to_utf8(SIGNS[i].letter, letter);
        for (const char *at = sample->str;
             count < SIGNS_MAX && (at = strstr(at, letter)); at++)
            count++;
    }
    return count;
}

/* Of text in Cyrillic; NULL if its letters tell nothing, or it is another. */
static const char *language_of_cyrillic(const GString *sample)
{
    size_t cyrillic = 0, letters = 0, uk = 0, ru = 0, bg = 0;
    for (const char *at = sample->str; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_unichar_tolower(g_utf8_get_char(at));
        letters += g_unichar_isalpha(c);
        cyrillic += c >= 0x0400 && c <= 0x04ff;
        uk += c == 0x0456 || c == 0x0457 || c == 0x0454; /* і ї є */
        ru += c == 0x044b || c == 0x044d || c == 0x0451; /* ы э ё */
        bg += c == 0x044a;                               /* ъ */
    }
    if (cyrillic * 2 <= letters || (uk > 0 && ru > 0))
        return NULL;
    return uk > 0 ? "uk" : ru > 0 ? "ru" : bg > 1 ? "bg" : NULL;
}

/* The language whose stop words are at least twice as many as any other's. */
static const char *language_of_stop_words(const GString *sample)
{
    g_autoptr(FoldedText) folded = folded_text_new(sample->str, sample->len);
    g_autoptr(GArray) hits = word_index_find(stop_words(), folded, 2000);
    const char *best = NULL;
    int best_sum = 0, second_sum = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(LANGUAGES); i++) {
        int sum = 0;
        for (guint k = 0; k < hits->len; k++) {
            const WordRow *row = g_array_index(hits, WordHit, k).row;
            if (strcmp(row->meaning, LANGUAGES[i][1]) == 0)
                sum += row->weight;
        }
        /* A name alone makes no language. */
        sum += sum > 0 ? signs_of(sample, LANGUAGES[i][1]) : 0;
        if (sum > best_sum) {
            second_sum = best_sum;
            best_sum = sum;
            best = LANGUAGES[i][1];
        } else if (sum > second_sum) {
            second_sum = sum;
        }
    }
    return best_sum >= STOP_WORDS_MIN && best_sum >= 2 * second_sum ? best
                                                                    : NULL;
}

/* The first candidate of "[de][nl]"; NULL for UNKNOWN and SHORT. */
static const char *language_of_models(const GString *sample)
{
    g_mutex_lock(&models_lock);
    const char *answer =
        models ? textcat_Classify(models, sample->str, sample->len) : NULL;
    const char *language = NULL;
    for (size_t i = 0; answer && i < G_N_ELEMENTS(LANGUAGES); i++) {
        const char *tag = LANGUAGES[i][1];
        size_t length = strlen(tag);
        if (answer[0] == '[' && strncmp(answer + 1, tag, length) == 0 &&
            answer[1 + length] == ']')
            language = tag;
    }
    g_mutex_unlock(&models_lock);
    return language;
}

/* In a short text the stop words outvote the models, and a language that
 * the models alone see there is not believed. */
static const char *language_of(const GString *sample)
{
    size_t letters = letters_of(sample);
    const char *spoken = language_of_stop_words(sample);
    const char *guessed =
        letters >= LETTERS_MIN ? language_of_models(sample) : NULL;
    if (letters >= LETTERS_SURE && guessed)
        return guessed;
    return spoken || !guessed || letters < LETTERS_MIN * 2 ? spoken : guessed;
}

void language_judge(Study *study)
{
    GString *sample = take_sample(study);
    const char *language = language_of_script(sample);
    if (!language)
        language = language_of_cyrillic(sample);
    if (!language)
        language = language_of(sample);
    if (language) {
        g_free(study->report->language);
        study->report->language = g_strdup(language);
    }
    g_string_free(sample, TRUE);
}
