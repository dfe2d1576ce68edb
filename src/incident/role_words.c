/*
 * What the words around an address say.
 *
 * A label ends right before the address, with ":" or "=" or a cell border
 * between: "Source IP: ", "\"src_ip\":\"", "| Attacker | ". It is looked up
 * from its longest ending to its shortest, so that unknown adjectives before
 * it do no harm ("Detected attacking IP:").
 *
 * A phrase stands in the same sentence: the words before are looked at from the
 * address backwards, the words after forwards, and each word of distance costs
 * weight. Another address ends the look: what it says belongs to that one.
 */
#include "incident/role.h"
#include "incident/role_object.h"
#include "incident/role_tables.h"

#include <string.h>

#define KEY_BYTES_MAX    60
#define WINDOW_BYTES_MAX 160
#define WINDOW_WORDS_MAX 12
#define PHRASE_WORDS_MAX 6
#define DISTANCE_COST    3
#define WEAK_WEIGHT      60 /* "from", "to": only close by */
#define WEAK_DISTANCE    2
#define WEAKEST_WEIGHT   57 /* "da", "z": only right before */
#define NEUTRAL_WEIGHT   66 /* "IP address", "hosted on": of anybody */
#define OWNER_WEIGHT     78

static gpointer labels_load(gpointer unused)
{
    GHashTable *rows = g_hash_table_new(g_str_hash, g_str_equal);
    for (const RoleLabel *row = ROLE_LABELS; row->words; row++)
        g_hash_table_insert(rows, (gpointer)row->words, (gpointer)row);
    return rows;
}

static gpointer phrases_load(gpointer is_after)
{
    GHashTable *rows = g_hash_table_new(g_str_hash, g_str_equal);
    for (const RolePhrase *row = ROLE_PHRASES; row->words; row++)
        if (row->is_after == (is_after != NULL))
            g_hash_table_insert(rows, (gpointer)row->words, (gpointer)row);
    return rows;
}

static bool is_label_blank(unsigned char c)
{
    return c <= ' ' || c == '_' || c == '-' || c == '.' || c == '*' ||
           c == '#' || c == '/';
}

/* Copy a label with single blanks for '_', '-', '.', and no edge marks. */
static size_t label_normalise(const char *text, size_t length, char *out,
                              size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < length && used + 1 < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (i + 2 < length && memcmp(text + i, "(s)", 3) == 0) {
            i += 2;
            continue;
        }
        if (c == '/' && i > 0 && i + 1 < length && text[i + 1] != ' ' &&
            used > 0 && out[used - 1] != ' ')
            out[used++] = '/';
        else if (!is_label_blank(c))
            out[used++] = (char)c;
        else if (used > 0 && out[used - 1] != ' ')
            out[used++] = ' ';
    }
    while (used > 0 && out[used - 1] == ' ')
        used--;
    out[used] = 0;
    return used;
}

bool label_read(const char *folded, size_t length, Role *role, int *weight,
                const char **words)
{
    static GOnce once = G_ONCE_INIT;
    GHashTable *rows = g_once(&once, labels_load, NULL);
    char key[KEY_BYTES_MAX + 1];
    if (length > KEY_BYTES_MAX) {
        folded += length - KEY_BYTES_MAX;
        length = KEY_BYTES_MAX;
    }
    label_normalise(folded, length, key, sizeof key);
    for (const char *at = key; at && *at;) {
        const RoleLabel *row = g_hash_table_lookup(rows, at);
        if (row) {
            *role = row->role;
            *weight = row->weight;
            *words = row->words;
            return true;
        }
        at = strpbrk(at, " /");
        if (at)
            at++;
    }
    return false;
}

static bool is_wrapping(unsigned char c)
{
    return c != 0 && strchr("\"'`([{<*#>\xe2", c) != NULL;
}

/* What stands between a label and its address. */
typedef enum { SEPARATOR_NONE, SEPARATOR_COLON, SEPARATOR_EQUALS } Separator;

/* Step back over brackets, quotes and one separator. */
static uint32_t label_end(const Page *page, const Line *line, uint32_t at,
                          Separator *separator)
{
    *separator = SEPARATOR_NONE;
    for (int i = 0; i < 24 && at > line->at; i++) {
        unsigned char c = cursor_at(page->folded, at - 1);
        if (c == ':' || c == '|' || c == '\t')
            *separator = SEPARATOR_COLON;
        else if (c == '=')
            *separator = SEPARATOR_EQUALS;
        else if (at >= line->at + 3 &&
                 cursor_has(page->folded, at - 3, "\xef\xbc\x9a")) {
            *separator = SEPARATOR_COLON;
            at -= 2;
        } else if (c > ' ' && !is_wrapping(c) && c != 0xc2 && c != 0xa0 &&
                   !(c == '-' && *separator != SEPARATOR_NONE))
            break;
        at--;
    }
    return at;
}

/* "pbx.example.net [192.0.2.1]": where the name begins, else the place. */
static uint32_t host_begin(const Page *page, const Line *line, uint32_t at)
{
    uint32_t name = at;
    if (name <= line->at + 2 ||
        !strchr("[(", cursor_at(page->folded, name - 1)))
        return at;
    name--;
    if (cursor_at(page->folded, name - 1) == ' ')
        name--;
    uint32_t end = name;
    bool has_dot = false;
    while (name > line->at && end - name < KEY_BYTES_MAX) {
        unsigned char c = cursor_at(page->folded, name - 1);
        if (!g_ascii_isalnum(c) && c != '-' && c != '.')
            break;
        has_dot = has_dot || c == '.';
        name--;
    }
    return has_dot ? name : at;
}

/* "Nameserver   192.0.2.53": a label that begins the line, blanks behind. */
static bool is_label_column(const Page *page, const Line *line, uint32_t end,
                            uint32_t at)
{
    if (at < end + 2)
        return false;
    for (uint32_t i = line->at; i + 1 < end; i++)
        if (cursor_at(page->folded, i) == ' ' &&
            cursor_at(page->folded, i + 1) == ' ' && i > line->at &&
            cursor_at(page->folded, i - 1) > ' ')
            return false;
    return true;
}

void mention_read_label(const Page *page, Mention *mention)
{
    const AddressHit *hit = page_address(page, mention->address);
    const Line *line = page_line(page, mention->line);
    if (hit->in_url_host || hit->in_url_path)
        return;
    Separator separator;
    uint32_t end =
        label_end(page, line, host_begin(page, line, hit->at), &separator);
    if (separator == SEPARATOR_NONE &&
        !is_label_column(page, line, end, hit->at))
        return;
    uint32_t begin = end;
    while (begin > line->at && end - begin < KEY_BYTES_MAX) {
        unsigned char c = cursor_at(page->folded, begin - 1);
        if (c == '(' && cursor_has(page->folded, begin, "s)")) {
            begin--;
            continue;
        }
        if (c == 0 || strchr("|,;{}([\"'<>=:\t", c) ||
            (c == ' ' && cursor_at(page->folded, begin) == ' '))
            break;
        begin--;
    }
    /* A key that another address stands in is no key of this one. */
    if (mention->address > 0 &&
        page_address(page, mention->address - 1)->end > begin)
        begin = page_address(page, mention->address - 1)->end;
    Role role;
    int weight;
    const char *words;
    if (begin < end && label_read(page->folded.text + begin, end - begin, &role,
                                  &weight, &words))
        mention_offer(mention, role, weight,
                      separator == SEPARATOR_EQUALS ? TOLD_BY_LOG
                                                    : TOLD_BY_WORDS,
                      "label", words);
}

/* Words of a window, each a slice of one buffer with single blanks. */
typedef struct {
    char text[WINDOW_BYTES_MAX + 1];
    char *words[WINDOW_WORDS_MAX * 2];
    int count;
} Window;

static bool ends_sentence(const char *text, size_t at, size_t length)
{
    unsigned char c = (unsigned char)text[at];
    if (c == '\n' && at + 1 < length &&
        (text[at + 1] == '\n' || text[at + 1] == '\r'))
        return true;
    if (c != '.' && c != '!' && c != '?' && c != ';')
        return false;
    return at + 1 >= length || (unsigned char)text[at + 1] <= ' ';
}

static bool is_word_edge(unsigned char c)
{
    return c <= ' ' || strchr("\"`([{<>}])*,:=|", c) != NULL;
}

/* Cut the window into words; marks at their edges fall away. */
static void window_cut(Window *window)
{
    char *at = window->text;
    window->count = 0;
    while (*at && window->count < (int)G_N_ELEMENTS(window->words)) {
        while (*at && is_word_edge((unsigned char)*at))
            at++;
        if (!*at)
            break;
        window->words[window->count++] = at;
        while (*at && !is_word_edge((unsigned char)*at))
            at++;
        if (*at)
            *at++ = 0;
    }
}

static void window_fill(Window *window, const Page *page, uint32_t from,
                        uint32_t to)
{
    size_t length = MIN(to - from, WINDOW_BYTES_MAX);
    memcpy(window->text, page->folded.text + from, length);
    window->text[length] = 0;
    for (size_t i = 0; i < length; i++)
        if (window->text[i] == 0)
            window->text[i] = ' ';
    window_cut(window);
}

/* The words first..last joined by blanks. */
static const char *join(const Window *window, int first, int last,
                        char out[KEY_BYTES_MAX * 2])
{
    size_t used = 0;
    for (int i = first; i <= last; i++) {
        size_t length = strlen(window->words[i]);
        if (used + length + 2 > KEY_BYTES_MAX * 2)
            return NULL;
        if (used > 0)
            out[used++] = ' ';
        memcpy(out + used, window->words[i], length);
        used += length;
    }
    out[used] = 0;
    return out;
}

static const RolePhrase *phrase_at(const Window *window, int first, int last,
                                   GHashTable *rows)
{
    char key[KEY_BYTES_MAX * 2];
    const char *words = join(window, first, last, key);
    return words ? g_hash_table_lookup(rows, words) : NULL;
}

static void offer_phrase(Mention *mention, const RolePhrase *row, int distance)
{
    if ((row->weight < WEAK_WEIGHT && distance > WEAK_DISTANCE) ||
        (row->weight < WEAKEST_WEIGHT && distance > 0))
        return;
    int weight = row->weight - distance * DISTANCE_COST;
    mention_offer(mention, row->role, weight, TOLD_BY_WORDS, "sentence",
                  row->words);
}

/* Where the sentence that holds a place begins, not before another address. */
static uint32_t window_begin(const Page *page, const Mention *mention,
                             uint32_t at)
{
    uint32_t least = at > WINDOW_BYTES_MAX ? at - WINDOW_BYTES_MAX : 0;
    if (mention->address > 0)
        least = MAX(least, page_address(page, mention->address - 1)->end);
    uint32_t begin = at;
    while (begin > least && !ends_sentence(page->folded.text, begin - 1, at))
        begin--;
    return begin;
}

/* Words that only lead to the address: what decides stands before them. */
static bool is_filler(const char *word)
{
    static const char *const FILLERS[] = {
        "the",        "a",           "an",        "this",        "following",
        "single",     "with",        "at",        "on",          "under",
        "by",         "ip",          "ips",       "ipv4",        "ipv6",
        "address",    "addresses",   "host",      "hosts",       "server",
        "is",         "was",         "are",       "i.e",         "namely",
        "same",       "one",         "and",       "hosted",      "located",
        "running",    "named",       "called",    "public",      "source",
        "system",     "machine",     "its",       "in",          "mit",
        "der",        "die",         "das",       "dem",         "den",
        "ip-adresse", "ip-adressen", "adresse",   "adressen",    "folgenden",
        "folgende",   "auf",         "unter",     "ist",         "lautet",
        "rechner",    "hat",         "avec",      "l'adresse",   "l'ip",
        "ip",         "d'adresse",   "à",         "a",           "suivante",
        "est",        "dont",        "sur",       "con",         "la",
        "el",         "dirección",   "direccion", "siguiente",   "es",
        "en",         "de",          "o",         "com",         "endereço",
        "endereco",   "é",           "no",        "l'indirizzo", "indirizzo",
        "è",          "met",         "het",       "ip-adres",    "adres",
        "is",         "op",          "z",         "o",           "adresie",
        "adresem",    "adresu",      "adresou",   "ip-adresou",  "na",
        "s",          "je",          "to",        "с",           "по",
        "адресом",    "ip-адресом",  "адресу",    "адрес",       "ip-адрес",
        "на",         "med",         "ip-adress", "ip-adressen", "på",
        "är",         "er",          "ip-adresi", "adresi",      "adresli",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(FILLERS); i++)
        if (strcmp(word, FILLERS[i]) == 0)
            return true;
    return false;
}

/* The longest phrase that ends with a word, or whose host it is. */
static bool phrase_ends_at(const Window *window, int last, bool in_brackets,
                           GHashTable *rows, RolePhrase *found)
{
    const RolePhrase *row = NULL;
    for (int first = MAX(0, last - PHRASE_WORDS_MAX + 1); first <= last && !row;
         first++)
        row = phrase_at(window, first, last, rows);
    const char *owner;
    bool is_any_noun = in_brackets && last == window->count - 1;
    Role role = owner_role(window->words, last, is_any_noun, &owner);
    if (role != ROLE_UNKNOWN && (!row || row->weight < OWNER_WEIGHT)) {
        *found = (RolePhrase){owner, false, role, OWNER_WEIGHT};
        return true;
    }
    if (row)
        *found = *row;
    return row != NULL;
}

/* From the address backwards. "IP address" and the like accuse only if nothing
 * better stands right before them: "our server with the IP address A". */
static void read_before(const Page *page, Mention *mention)
{
    static GOnce once = G_ONCE_INIT;
    GHashTable *rows = g_once(&once, phrases_load, NULL);
    const AddressHit *hit = page_address(page, mention->address);
    Window window;
    window_fill(&window, page, window_begin(page, mention, hit->at), hit->at);
    bool in_brackets = hit->at > 2 &&
                       cursor_at(page->folded, hit->at - 1) == '(' &&
                       cursor_blank(page->folded, hit->at - 2) > 0 &&
                       cursor_is_word(page->folded, hit->at - 3);
    RolePhrase neutral = {0};
    int neutral_distance = 0;
    for (int last = window.count - 1; last >= 0; last--) {
        int distance = window.count - 1 - last;
        if (distance >= WINDOW_WORDS_MAX)
            break;
        RolePhrase row;
        bool is_found = phrase_ends_at(&window, last, in_brackets, rows, &row);
        if (is_found && row.weight > NEUTRAL_WEIGHT) {
            offer_phrase(mention, &row,
                         neutral.words ? neutral_distance : distance);
            return;
        }
        if (is_found && !neutral.words) {
            neutral = row;
            neutral_distance = distance;
        }
        if (neutral.words && !is_filler(window.words[last]))
            break;
    }
    if (neutral.words)
        offer_phrase(mention, &neutral, neutral_distance);
}

/* "from A", "von A": who does it, whatever passive follows. */
static bool is_agent(const Page *page, const Line *line, uint32_t at)
{
    static const char *const AGENTS[] = {
        "from",  "by",   "von",  "durch", "par",   "depuis", "por",
        "desde", "da",   "door", "vanaf", "przez", "z",      "av",
        "af",    "från", "fra",  "с",     "от",    "ip",     "adresse",
    };
    while (at > line->at && cursor_at(page->folded, at - 1) <= ' ')
        at--;
    for (size_t i = 0; i < G_N_ELEMENTS(AGENTS); i++) {
        size_t length = strlen(AGENTS[i]);
        if (at - line->at >= length &&
            cursor_has(page->folded, at - length, AGENTS[i]) &&
            (at - length == line->at ||
             !cursor_is_word(page->folded, at - length - 1)))
            return i + 2 < G_N_ELEMENTS(AGENTS);
    }
    return false;
}

static void read_after(const Page *page, Mention *mention)
{
    static GOnce once = G_ONCE_INIT;
    GHashTable *rows = g_once(&once, phrases_load, GINT_TO_POINTER(1));
    const AddressHit *hit = page_address(page, mention->address);
    size_t most = MIN(hit->end + WINDOW_BYTES_MAX, page->folded.length);
    if (mention->address + 1 < page->addresses->len)
        most = MIN(most, page_address(page, mention->address + 1)->at);
    size_t end = hit->end;
    while (end < most && !ends_sentence(page->folded.text, end, most))
        end++;
    Window window;
    window_fill(&window, page, hit->end, (uint32_t)MAX(end, hit->end));
    for (int first = 0; first < MIN(window.count, WINDOW_WORDS_MAX); first++)
        for (int last = MIN(window.count - 1, first + PHRASE_WORDS_MAX - 1);
             last >= first; last--) {
            const RolePhrase *row = phrase_at(&window, first, last, rows);
            if (!row)
                continue;
            if (row->role != ROLE_VICTIM ||
                !is_agent(page, page_line(page, mention->line), hit->at))
                offer_phrase(mention, row, first);
            return;
        }
}

void mention_read_phrase(const Page *page, Mention *mention)
{
    const AddressHit *hit = page_address(page, mention->address);
    if (hit->in_url_path || hit->in_mailbox || hit_is_json_value(page, hit))
        return;
    read_before(page, mention);
    read_after(page, mention);
    mention_read_script(page, mention);
}
