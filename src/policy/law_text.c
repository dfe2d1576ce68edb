/*
 * Names of law that is gone, found in any text.
 *
 * Text and names are cut into words: letters and digits together ("6:196c"
 * and "2000/31/EC" too), each sign by itself. What is a mere way of writing
 * is made equal first: "§", "§§", "Sec.", "Section", "Art.", "article" are
 * one sign; blanks, no-break blanks, line ends and hyphens between words do
 * not count. So "§ 13 ECG" in a file finds "§13 ECG", "§ 13 Abs. 1 ECG",
 * "section 13 of the ECG" and "ECG § 13".
 *
 * A name in capitals ("TMG") is found only in capitals: "tmg" may be part of
 * anything; other names in any case. Rejected: regular expressions, which
 * whoever keeps the files would have to know, and which are not linear.
 */
#include "policy/law_file.h"

#include <string.h>

#define NAME_WORDS_MAX 12
#define FILLERS_MAX    6 /* words like "Abs. 1 of the" between two */
#define SECTION        "§"
#define SECTION_SIGN   0xA7

typedef struct {
    char *raw, *folded; /* as written; as compared */
    size_t at, length;  /* where it stands in the text */
} Word;

/* One way to write the name of one law. */
typedef struct {
    const Law *law;
    const char *name;
    GArray *words;      /* of Word */
    bool is_exact_case; /* an abbreviation */
} LawName;

static void word_clear(void *data)
{
    Word *word = data;
    g_free(word->raw);
    g_free(word->folded);
}

/* ---- words ------------------------------------------------------------- */

/* Numbers of laws hold together: "2000/31/EC", "6:196c". */
static const char *end_of_word(const char *at)
{
    bool is_after_digit = false;
    while (*at) {
        gunichar sign = g_utf8_get_char(at);
        const char *next = g_utf8_next_char(at);
        bool is_inner = is_after_digit && (sign == ':' || sign == '/') &&
                        g_unichar_isalnum(g_utf8_get_char(next));
        if (!g_unichar_isalnum(sign) && !is_inner)
            break;
        is_after_digit = g_unichar_isdigit(sign);
        at = next;
    }
    return at;
}

/* Other words for "§" in the languages of letters. */
static bool is_section_word(const char *folded)
{
    static const char *const WORDS[] = {
        "§",        "sec",        "sect",        "section",  "sections",
        "art",      "arts",       "article",     "articles", "artikel",
        "artikeln", "artykuł",    "čl",          "článek",   "artículo",
        "articolo", "artigo",     "artículos",   "articoli", "artigos",
        "reg",      "regulation", "regulations", "paragraf", "paragraph",
        NULL};
    return g_strv_contains(WORDS, folded);
}

static char *fold(const char *at, size_t length)
{
    g_autofree char *lower = g_utf8_strdown(at, (gssize)length);
    return is_section_word(lower) ? g_strdup(SECTION) : g_steal_pointer(&lower);
}

static bool is_doubled_section(const GArray *words, const char *folded)
{
    return words->len > 0 && g_str_equal(folded, SECTION) &&
           g_str_equal(g_array_index(words, Word, words->len - 1).folded,
                       SECTION);
}

/* The words of a text that is valid UTF-8; signs but "§" are left out. */
static GArray *words_of(const char *text)
{
    GArray *words = g_array_new(FALSE, FALSE, sizeof(Word));
    g_array_set_clear_func(words, word_clear);
    for (const char *at = text; *at;) {
        gunichar sign = g_utf8_get_char(at);
        bool is_word = g_unichar_isalnum(sign);
        const char *end = is_word ? end_of_word(at) : g_utf8_next_char(at);
        size_t length = (size_t)(end - at);
        g_autofree char *folded = is_word                ? fold(at, length)
                                  : sign == SECTION_SIGN ? g_strdup(SECTION)
                                                         : NULL;
        if (folded && !is_doubled_section(words, folded)) {
            Word word = {.raw = g_strndup(at, length),
                         .folded = g_steal_pointer(&folded),
                         .at = (size_t)(at - text),
                         .length = length};
            g_array_append_val(words, word);
        }
        at = end;
    }
    return words;
}

/* What may stand behind a number before its law: "Abs. 1 Satz 2 of the". */
static bool is_filler(const char *folded)
{
    static const char *const WORDS[] = {
        "lid",  "abs", "absatz", "satz", "z",    "nr",   "lit", "bst",
        "para", "al",  "alinéa", "ust",  "odst", "písm", "of",  "the",
        "des",  "der", "du",     "de",   "la",   "le",   "del", "della",
        "dell", "van", "het",    "och",  "i",    "a",    "b",   "c",
        "and",  "und", "et",     "en",   "y",    "e",    "to",  "bis",
        "loi",  "lag", "lagen",  NULL};
    if (g_strv_contains(WORDS, folded))
        return true;
    return strlen(folded) <= 2 && g_ascii_isdigit(folded[0]);
}

static bool has_small_letter(const char *text)
{
    for (const char *at = text; *at; at = g_utf8_next_char(at))
        if (g_unichar_islower(g_utf8_get_char(at)))
            return true;
    return false;
}

/* ---- names ------------------------------------------------------------- */

static void law_name_clear(void *data)
{
    g_array_unref(((LawName *)data)->words);
}

/* "§ 13 ECG" is written "ECG § 13" as well. */
static GArray *turned(const GArray *words)
{
    if (words->len < 3 ||
        !g_str_equal(g_array_index(words, Word, 0).folded, SECTION))
        return NULL;
    GArray *other = g_array_new(FALSE, FALSE, sizeof(Word));
    g_array_set_clear_func(other, word_clear);
    for (guint i = 0; i < words->len; i++) {
        const Word *from = &g_array_index(words, Word, (i + 2) % words->len);
        Word word = {.raw = g_strdup(from->raw),
                     .folded = g_strdup(from->folded)};
        g_array_append_val(other, word);
    }
    return other;
}

static void add_name(GArray *names, const Law *law, const char *name)
{
    GArray *words = words_of(name);
    if (words->len == 0 || words->len > NAME_WORDS_MAX) {
        g_array_unref(words);
        return;
    }
    LawName one = {.law = law,
                   .name = name,
                   .words = words,
                   .is_exact_case = !has_small_letter(name)};
    g_array_append_val(names, one);
    one.words = turned(words);
    if (one.words)
        g_array_append_val(names, one);
}

void law_names_prepare(Laws *laws)
{
    laws->names = g_array_new(FALSE, FALSE, sizeof(LawName));
    g_array_set_clear_func(laws->names, law_name_clear);
    for (guint i = 0; i < laws->all->len; i++) {
        const Law *law = laws->all->pdata[i];
        for (guint j = 0; j < schema_count(law->values, "names"); j++)
            add_name(laws->names, law,
                     schema_item(law->values, "names", j)->text);
    }
}

void law_names_free(Laws *laws)
{
    g_array_unref(laws->names);
}

/* ---- finding ----------------------------------------------------------- */

static bool is_same(const LawName *name, const Word *wanted, const Word *found)
{
    if (!g_str_equal(wanted->folded, found->folded))
        return false;
    return !name->is_exact_case || g_str_equal(wanted->folded, SECTION) ||
           g_str_equal(wanted->raw, found->raw);
}

/* Does the name begin at that word? Then end is behind its last word. */
static bool matches_at(const LawName *name, const GArray *words, guint start,
                       guint *end)
{
    bool has_number = false;
    guint at = start;
    for (guint i = 0; i < name->words->len; i++) {
        const Word *wanted = &g_array_index(name->words, Word, i);
        guint fillers = 0;
        while (at < words->len &&
               !is_same(name, wanted, &g_array_index(words, Word, at))) {
            if (!has_number || fillers++ == FILLERS_MAX ||
                !is_filler(g_array_index(words, Word, at).folded))
                return false;
            at++;
        }
        if (at == words->len)
            return false;
        has_number |= g_str_equal(wanted->folded, SECTION) ||
                      g_ascii_isdigit(*wanted->folded);
        at++;
    }
    *end = at;
    return true;
}

static int compare_findings(gconstpointer a, gconstpointer b)
{
    const LawFinding *one = a, *two = b;
    return one->at != two->at
               ? (one->at < two->at ? -1 : 1)
               : (two->length > one->length) - (two->length < one->length);
}

/* The longest name at a place speaks for it. */
static void drop_shorter(GArray *findings)
{
    guint kept = 0;
    for (guint i = 0; i < findings->len; i++) {
        LawFinding finding = g_array_index(findings, LawFinding, i);
        const LawFinding *last =
            kept > 0 ? &g_array_index(findings, LawFinding, kept - 1) : NULL;
        if (last && finding.at < last->at + last->length)
            continue;
        g_array_index(findings, LawFinding, kept++) = finding;
    }
    g_array_set_size(findings, kept);
}

static void add_finding(GArray *findings, const LawName *name,
                        const GArray *words, guint start, guint end)
{
    const Word *first = &g_array_index(words, Word, start);
    const Word *last = &g_array_index(words, Word, end - 1);
    LawFinding finding = {
        .at = first->at,
        .length = last->at + last->length - first->at,
        .name = name->name,
        .message = name->law->gone,
        .is_sure = name->law->confidence == CONFIDENCE_HIGH,
    };
    g_array_append_val(findings, finding);
}

GArray *laws_find_gone(const Laws *laws, const char *text, Instant now)
{
    GArray *findings = g_array_new(FALSE, FALSE, sizeof(LawFinding));
    const char *valid_end;
    g_utf8_validate(text, -1, &valid_end);
    g_autofree char *valid = g_strndup(text, (size_t)(valid_end - text));
    g_autoptr(GArray) words = words_of(valid);
    for (guint i = 0; i < laws->names->len; i++) {
        const LawName *name = &g_array_index(laws->names, LawName, i);
        guint end;
        for (guint at = 0; name->law->until < now && at < words->len; at++)
            if (matches_at(name, words, at, &end))
                add_finding(findings, name, words, at, end);
    }
    g_array_sort(findings, compare_findings);
    drop_shorter(findings);
    return findings;
}
