/*
 * Words are weighed, not counted. Each phrase of category_words.c speaks once
 * per block for its category; what the subject says counts three times, a
 * sentence that accuses ("your IP", "we detected", "originating from") twice,
 * an attached log a third, a signature nothing, and the reported message
 * itself (the spam) never: spam that sells watches must not make a complaint
 * about counterfeit.
 *
 * A Subject is often a form's ("Abuse: spam") or a shout ("HACKED!"). Where
 * the content speaks clearly for something else it decides alone.
 */
#include "report/category_scale.h"

#include "report/category_hits.h"
#include "report/category_words.h"

#include <string.h>

#define EARLY_BYTES    3000 /* the top of the first body counts more */
#define FILES_MAX      100
#define FILE_FACTOR    10   /* tenths; a word of a file's name */
#define SENTENCE_BYTES 200  /* how far an accusing phrase reaches */
#define HITS_MAX       4000 /* accusing phrases of a block */
#define HINT           10   /* from here on a kind of attack is in question */

#define ANY_ATTACK CATEGORY_COUNT /* settle() gives it away */

/* --- weighing --- */

static int scale_index(const char *meaning)
{
    bool is_vague = strcmp(meaning, CATEGORY_ANY_ATTACK) == 0;
    return is_vague ? ANY_ATTACK : category_index(meaning);
}

void scale_clear(Scale *scale)
{
    for (size_t i = 0; i < CATEGORY_SLOTS; i++) {
        g_clear_pointer(&scale->weights[i].quotes, g_ptr_array_unref);
        g_clear_pointer(&scale->weights[i].guesses, g_ptr_array_unref);
    }
}

/* Takes quote, which may be NULL. */
static void add_quote(GPtrArray **quotes, Quote *quote)
{
    if (!*quotes)
        *quotes = g_ptr_array_new_with_free_func((GDestroyNotify)quote_free);
    if (quote && (*quotes)->len < WHY_MAX)
        g_ptr_array_add(*quotes, quote);
    else
        quote_free(quote);
}

static Weight *weight_of(Scale *scale, const char *meaning)
{
    int index = scale_index(meaning);
    g_assert(index >= 0);
    return &scale->weights[index];
}

static void scale_add(Scale *scale, const char *category, int score,
                      Quote *quote)
{
    Weight *weight = weight_of(scale, category);
    weight->score += score;
    add_quote(&weight->quotes, quote);
}

/* Tenths that a block's words count. */
static int block_factor(BlockKind kind)
{
    switch (kind) {
    case BLOCK_SUBJECT:
        return 30;
    case BLOCK_BODY:
    case BLOCK_QUOTED:
    case BLOCK_INNER:
    case BLOCK_MACHINE:
        return 10;
    case BLOCK_ATTACHMENT:
        return 3;
    case BLOCK_SAMPLE:
    case BLOCK_SIGNATURE:
        return 0;
    }
    g_assert_not_reached();
}

/* Ends of accusing phrases, ascending. */
static GArray *accusing_places(const FoldedText *folded)
{
    g_autoptr(GArray) hits =
        word_index_find(accusing_words(), folded, HITS_MAX);
    GArray *places = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (guint i = 0; i < hits->len; i++)
        g_array_append_val(places, g_array_index(hits, WordHit, i).at);
    return places;
}

/* Is an accusing phrase within reach of at? next walks along with at. */
static bool is_accused(const GArray *places, guint *next, uint32_t at)
{
    while (*next < places->len &&
           g_array_index(places, uint32_t, *next) + SENTENCE_BYTES < at)
        (*next)++;
    return *next < places->len &&
           g_array_index(places, uint32_t, *next) <= at + SENTENCE_BYTES;
}

static void add_hit(Scale *scale, const CategoryHit *hit, int score,
                    bool is_subject, Quote *quote)
{
    Weight *weight = weight_of(scale, hit->word.row->meaning);
    if (hit->is_guess) {
        weight->guess += score;
        add_quote(&weight->guesses, quote);
        return;
    }
    weight->score += score;
    weight->subject += is_subject ? score : 0;
    add_quote(&weight->quotes, quote);
}

static void weigh_block(Study *study, guint number, Scale *scale)
{
    const Block *block = study->report->blocks->pdata[number];
    int factor = block_factor(block->kind);
    bool is_subject = block->kind == BLOCK_SUBJECT;
    const FoldedText *folded = factor > 0 ? study_folded(study, number) : NULL;
    if (!folded)
        return;
    g_autoptr(GArray) hits =
        category_hits(folded, study_block_text(study, block), block->length);
    g_autoptr(GArray) places = accusing_places(folded);
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    guint next = 0;
    for (guint i = 0; i < hits->len; i++) {
        const CategoryHit *hit = &g_array_index(hits, CategoryHit, i);
        bool accused = is_accused(places, &next, hit->word.at);
        if (!g_hash_table_add(seen, (gpointer)hit->word.row))
            continue;
        int score = hit->word.row->weight * factor;
        if (accused || is_subject)
            score += score / 2;
        else if (hit->word.at > EARLY_BYTES)
            score /= 2;
        add_hit(scale, hit, score, is_subject,
                study_hit_quote(study, block, &hit->word));
    }
}

/* The names of files, where the text says nothing: feeds send a link or an
 * archive, and the name says what is in it. */
static void weigh_file_names(const Study *study, Scale *scale)
{
    const GPtrArray *parts = study->mail->parts;
    for (guint i = 0; i < parts->len && i < FILES_MAX; i++) {
        const MailPart *part = parts->pdata[i];
        if (!part->filename || study_is_within(study, i, USE_SAMPLE))
            continue;
        g_autoptr(FoldedText) folded =
            folded_text_new(part->filename, strlen(part->filename));
        const WordRow *row = word_index_first(category_file_words(), folded);
        if (!row)
            continue;
        Place place = {.part = (uint16_t)i, .raw_at = part->raw_at};
        size_t length = MIN(strlen(part->filename), QUOTE_MAX);
        while (length > 0 && (part->filename[length] & 0xc0) == 0x80)
            length--;
        scale_add(scale, row->meaning, row->weight * FILE_FACTOR,
                  quote_new(part->filename, length, place));
    }
}

void scale_fill(Scale *scale, Study *study)
{
    for (guint i = 0; i < study->report->blocks->len; i++)
        weigh_block(study, i, scale);
    weigh_file_names(study, scale);
    if (study->category)
        scale_add(scale, study->category, CATEGORY_ENOUGH,
                  quote_copy(study->category_quote));
}

/* --- settling --- */

/* "Hack attempt" and the like go to the kind of attack that other words tell;
 * where none does, web applications are what most people mean. Of spam and
 * fraud, too, people say "hacked"; where those are told clearly, the word
 * says nothing. */
static void settle_any_attack(Scale *scale)
{
    static const char *const KINDS[] = {
        "connection/vulnerability_scan", "connection/login_attack",
        "connection/port_scan", "connection/sql_injection", "connection/ddos"};
    static const char *const OTHERS[] = {"messaging/spam", "content/fraud",
                                         "content/phishing",
                                         "connection/scraping"};
    Weight *vague = &scale->weights[ANY_ATTACK];
    Weight *best = weight_of(scale, KINDS[0]);
    int most = HINT - 1;
    for (size_t i = 0; i < G_N_ELEMENTS(KINDS); i++) {
        Weight *kind = weight_of(scale, KINDS[i]);
        if (kind->score > most) {
            best = kind;
            most = kind->score;
        }
    }
    for (size_t i = 0; most < HINT && i < G_N_ELEMENTS(OTHERS); i++)
        if (weight_of(scale, OTHERS[i])->score >= CATEGORY_WEAK)
            return;
    best->score += vague->score;
    best->subject += vague->subject;
    for (guint i = 0; vague->quotes && i < vague->quotes->len; i++)
        add_quote(&best->quotes, quote_copy(vague->quotes->pdata[i]));
}

/* The general case of others: "infringement" beside "torrent". What it weighs
 * goes to the special case if there is one. */
static const struct {
    const char *special, *general;
    int share; /* tenths of the general's score that the special gets */
} SPECIALS[] = {
    {"copyright/p2p", "copyright/copyright", 10},
    {"copyright/cyberlocker", "copyright/copyright", 10},
    {"copyright/link_site", "copyright/copyright", 10},
    {"copyright/usenet", "copyright/copyright", 10},
    {"copyright/ugc_platform", "copyright/copyright", 10},
    {"content/csam", "content/csem", 10},
    {"connection/sql_injection", "connection/vulnerability_scan", 8},
    {"content/phishing", "messaging/spam", 5},
};

static void settle_specials(Scale *scale)
{
    for (size_t i = 0; i < G_N_ELEMENTS(SPECIALS); i++) {
        Weight *special = weight_of(scale, SPECIALS[i].special);
        const Weight *general = weight_of(scale, SPECIALS[i].general);
        if (special->score >= CATEGORY_ENOUGH)
            special->score += general->score * SPECIALS[i].share / 10;
    }
}

/* Guesses count where nothing else decides. */
static void settle_guesses(Scale *scale)
{
    for (size_t i = 0; i < CATEGORY_SLOTS; i++)
        if (scale->weights[i].score >= CATEGORY_ENOUGH)
            return;
    for (size_t i = 0; i < CATEGORY_SLOTS; i++) {
        Weight *weight = &scale->weights[i];
        weight->score += weight->guess;
        for (guint k = 0; weight->guesses && k < weight->guesses->len; k++)
            add_quote(&weight->quotes, quote_copy(weight->guesses->pdata[k]));
    }
}

static int content_of(const Scale *scale, int index)
{
    return scale->weights[index].score - scale->weights[index].subject;
}

static int best_of(const Scale *scale, bool content_only)
{
    int best = 0, most = -1;
    for (int i = 0; i < CATEGORY_COUNT; i++) {
        int score =
            content_only ? content_of(scale, i) : scale->weights[i].score;
        if (score > most) {
            best = i;
            most = score;
        }
    }
    return best;
}

/* Kinds of one matter: the Subject may well be the more exact of the two. */
static bool are_related(int one, int other)
{
    static const char *const CLASSES[] = {"legal/", "threat/", "copyright/"};
    const char *name = category_word((size_t)one);
    const char *other_name = category_word((size_t)other);
    for (size_t i = 0; i < G_N_ELEMENTS(CLASSES); i++)
        if (g_str_has_prefix(name, CLASSES[i]) &&
            g_str_has_prefix(other_name, CLASSES[i]))
            return true;
    for (size_t i = 0; i < G_N_ELEMENTS(SPECIALS); i++) {
        const char *special = SPECIALS[i].special;
        const char *general = SPECIALS[i].general;
        if ((strcmp(name, special) == 0 && strcmp(other_name, general) == 0) ||
            (strcmp(name, general) == 0 && strcmp(other_name, special) == 0))
            return true;
    }
    return false;
}

int scale_decide(Scale *scale, bool *subject_lost)
{
    settle_guesses(scale);
    settle_any_attack(scale);
    int by_content = best_of(scale, true);
    bool is_clear = content_of(scale, by_content) >= CATEGORY_WEAK;
    settle_specials(scale);
    int best = best_of(scale, false);
    *subject_lost = is_clear && best != by_content &&
                    !are_related(best, by_content) &&
                    content_of(scale, by_content) > 2 * content_of(scale, best);
    return *subject_lost ? by_content : best;
}
