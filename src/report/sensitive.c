/*
 * Matters in which no program may answer.
 *
 * Recall first: a phrase of sensitive_words.h is enough wherever the sender
 * or the author of a passed-on mail says it, in the subject, the text, an
 * attachment or a signature. Only the reported message itself is not looked
 * at, nor are whois dumps (a network may belong to a court) and disclaimers;
 * in signatures only strong words count, since every company's footer speaks
 * of courts and privilege.
 *
 * Most letters of this kind have no phrase that says it alone: "the judge
 * ... orders", "pictures ... of children", in any of twenty languages. So
 * there are halves: a word that says who and one that says what, near each
 * other, are as good as a phrase; one in the subject is near everything.
 * What must not count is taken back by place, not by sums: a title or an
 * idiom excuses the words within it ("suicide squad"), and the name of the
 * police does not count beside words that only announce to go there.
 * Sentences are not parsed: letters of this kind are badly written, badly
 * translated and badly wrapped.
 *
 * What phrases and pairs do not know is left to stems that are added up
 * (sensitive_weights.c): enough of them are as good as a phrase, half of that
 * makes a person look first.
 *
 * Copyright robots threaten with the law in every mail; with them, and in a
 * few more cases, it takes more than one phrase.
 */
#include "report/judges.h"
#include "report/sensitive_stems.h"

#include <string.h>

#define HITS_MAX 500000 /* no filler may hide a phrase */
/* Bytes of the text; a Cyrillic letter has two. */
#define NEAR             160 /* between two halves: a long sentence */
#define ANNOUNCED_BEFORE 60  /* "will report this incident to the police" */
#define ANNOUNCED_AFTER  60 /* "bei der Polizei werden wir Anzeige erstatten" */

#define WORDS_MIN  20 /* letters; fewer are "FYI" */
#define STRONG     4  /* in a signature only these count */
#define TRADE_MORE 4  /* what a form letter or a title may say */

#define MAY_BE_SENSITIVE "may-be-sensitive" /* flags.h */

static const struct {
    const char *word;
    Sensitive bit;
} MATTERS[] = {
    {"authority", SENSITIVE_AUTHORITY},
    {"court", SENSITIVE_COURT},
    {"lawyer", SENSITIVE_LAWYER},
    {"life", SENSITIVE_LIFE},
    {"child-abuse", SENSITIVE_CHILD_ABUSE},
    {"data-subject", SENSITIVE_DATA_SUBJECT},
    {"press", SENSITIVE_PRESS},
};
#define MATTERS_COUNT G_N_ELEMENTS(MATTERS)

typedef struct {
    int sums[MATTERS_COUNT];
    GPtrArray *quotes[MATTERS_COUNT]; /* of Quote */
    GHashTable *seen;                 /* rows that counted already */
    bool in_subject[MATTERS_COUNT][SENSITIVE_GROUPS][2]; /* what, who */
    bool is_paired[MATTERS_COUNT];
    bool is_excused[MATTERS_COUNT]; /* an excuse was found somewhere */
    Quote *stems[STEM_COUNT];       /* the first of each class, or NULL */
} Weighing;

/* The last one of each, in one block. */
typedef struct {
    const WordHit *last[2]; /* what, who */
} Halves;

/* What one block says, in the order of its text. */
typedef struct {
    const Block *block;
    const char *text;
    GArray *hits;                    /* of WordHit */
    uint32_t excused[MATTERS_COUNT]; /* up to here an excuse reaches */
    Halves halves[MATTERS_COUNT][SENSITIVE_GROUPS];
    uint32_t counted_end[MATTERS_COUNT]; /* words counted up to here */
    int counted[MATTERS_COUNT];          /* with this weight */
    uint32_t announced_end;              /* of the last announcement */
    guint next_announced;                /* hits before it were asked */
} Reading;

static size_t matter_of(const char *word)
{
    size_t length = strcspn(word, " ");
    for (size_t i = 0; i < MATTERS_COUNT; i++)
        if (strncmp(MATTERS[i].word, word, length) == 0 &&
            MATTERS[i].word[length] == '\0')
            return i;
    g_assert_not_reached();
}

static void keep_quote(const Study *study, const Reading *reading,
                       const WordHit *hit, GPtrArray *quotes)
{
    if (quotes->len < WHY_MAX)
        g_ptr_array_add(quotes, study_hit_quote(study, reading->block, hit));
}

/* Several rows may know the same words, in several languages: the strongest
 * of them counts. */
static void count(const Study *study, Reading *reading, const WordHit *hit,
                  Weighing *weighing)
{
    size_t matter = matter_of(hit->row->meaning);
    if (reading->block->kind == BLOCK_SIGNATURE && hit->row->weight < STRONG)
        return;
    if (!g_hash_table_add(weighing->seen, (gpointer)hit->row))
        return;
    if (hit->at >= reading->counted_end[matter])
        reading->counted[matter] = 0;
    int more = MAX(0, hit->row->weight - reading->counted[matter]);
    reading->counted[matter] += more;
    reading->counted_end[matter] =
        MAX(reading->counted_end[matter], hit->at + hit->length);
    weighing->sums[matter] += more;
    if (more)
        keep_quote(study, reading, hit, weighing->quotes[matter]);
}

static bool is_near(const WordHit *earlier, const WordHit *later)
{
    return earlier && later->at - earlier->at <= NEAR;
}

/* A half: is the other one, of the same language, near or in the subject? */
static void count_half(const Study *study, Reading *reading, const WordHit *hit,
                       bool is_who, Weighing *weighing)
{
    size_t matter = matter_of(hit->row->meaning);
    if (weighing->is_paired[matter] || reading->block->kind == BLOCK_SIGNATURE)
        return;
    Halves *near = &reading->halves[matter][hit->row->weight];
    bool *in_subject = weighing->in_subject[matter][hit->row->weight];
    near->last[is_who] = hit;
    if (reading->block->kind == BLOCK_SUBJECT)
        in_subject[is_who] = true;
    const WordHit *other = near->last[!is_who];
    if (!is_near(other, hit) && !in_subject[!is_who])
        return;
    weighing->is_paired[matter] = true;
    weighing->sums[matter] += SENSITIVE_ENOUGH;
    if (other)
        keep_quote(study, reading, other, weighing->quotes[matter]);
    keep_quote(study, reading, hit, weighing->quotes[matter]);
}

/* "/police/report.php", "police@", a user name in quotes: says nothing. */
static bool is_only_a_name(const Reading *reading, const WordHit *hit)
{
    uint32_t end = hit->at + hit->length;
    if (hit->at == 0 || end >= reading->block->length)
        return false;
    char before = reading->text[hit->at - 1], after = reading->text[end];
    return strchr("/=@", before) || strchr("/=@", after) ||
           (before == '"' && after == '"');
}

/* Do words of an announcement stand near? Both move forward only. */
static bool is_announced(Reading *reading, const WordHit *hit)
{
    while (reading->next_announced < reading->hits->len) {
        const WordHit *next =
            &g_array_index(reading->hits, WordHit, reading->next_announced);
        if (next->at > hit->at + ANNOUNCED_AFTER)
            break;
        if (sensitive_role(next->row) == ROLE_ANNOUNCED)
            reading->announced_end = next->at + next->length;
        reading->next_announced++;
    }
    return reading->announced_end > 0 &&
           reading->announced_end + ANNOUNCED_BEFORE >= hit->at;
}

/* Does the phrase hold the name of an office that is only announced? */
static bool is_announced_office(Reading *reading, guint i)
{
    const WordHit *hit = &g_array_index(reading->hits, WordHit, i);
    if (MATTERS[matter_of(hit->row->meaning)].bit != SENSITIVE_AUTHORITY)
        return false;
    while (i > 0 && hit[-1].at == hit->at)
        hit--, i--;
    uint32_t end = hit->at + hit->length;
    for (; i < reading->hits->len && hit->at < end; i++, hit++)
        if (sensitive_role(hit->row) == ROLE_STEM &&
            hit->row->weight == STEM_OFFICE)
            return is_announced(reading, hit);
    return false;
}

/* Excuses that begin where the hit does must be known before it counts. */
static void note_excuses(Reading *reading, guint i, Weighing *weighing)
{
    const WordHit *hit = &g_array_index(reading->hits, WordHit, i);
    if (i > 0 && hit[-1].at == hit->at)
        return;
    const WordHit *end =
        &g_array_index(reading->hits, WordHit, 0) + reading->hits->len;
    for (const WordHit *same = hit; same < end && same->at == hit->at; same++) {
        if (sensitive_role(same->row) != ROLE_EXCUSE)
            continue;
        size_t matter = matter_of(same->row->meaning);
        weighing->is_excused[matter] = true;
        reading->excused[matter] =
            MAX(reading->excused[matter], same->at + same->length);
    }
}

static bool is_excused_anyhow(const Reading *reading, const WordHit *hit)
{
    for (size_t i = 0; i < MATTERS_COUNT; i++)
        if (hit->at < reading->excused[i])
            return true;
    return false;
}

/* One of a class is enough. Who is only announced does not write; logs and
 * footers say nothing about their senders. */
static void note_stem(const Study *study, Reading *reading, const WordHit *hit,
                      Weighing *weighing)
{
    Quote **kept = &weighing->stems[hit->row->weight];
    BlockKind kind = reading->block->kind;
    if (*kept || kind == BLOCK_SIGNATURE || kind == BLOCK_MACHINE ||
        is_excused_anyhow(reading, hit) || is_only_a_name(reading, hit) ||
        is_announced(reading, hit))
        return;
    *kept = study_hit_quote(study, reading->block, hit);
}

static void weigh_hit(const Study *study, Reading *reading, guint i,
                      Weighing *weighing)
{
    note_excuses(reading, i, weighing);
    const WordHit *hit = &g_array_index(reading->hits, WordHit, i);
    SensitiveRole role = sensitive_role(hit->row);
    if (role == ROLE_STEM) {
        note_stem(study, reading, hit, weighing);
        return;
    }
    if (hit->at < reading->excused[matter_of(hit->row->meaning)])
        return;
    switch (role) {
    case ROLE_ALONE:
        if (!is_announced_office(reading, i))
            count(study, reading, hit, weighing);
        break;
    case ROLE_PLAIN:
        if (!is_only_a_name(reading, hit) && !is_announced(reading, hit))
            count(study, reading, hit, weighing);
        break;
    case ROLE_WHO:
    case ROLE_WHAT:
        count_half(study, reading, hit, role == ROLE_WHO, weighing);
        break;
    case ROLE_EXCUSE:
    case ROLE_ANNOUNCED:
    case ROLE_STEM:
        break;
    }
}

/* Does the mail around its samples say anything? */
static bool is_wordless(const Study *study)
{
    size_t letters = 0;
    for (guint i = 0; i < study->report->blocks->len; i++) {
        const Block *block = study->report->blocks->pdata[i];
        if (block->kind == BLOCK_SAMPLE || block->kind == BLOCK_SUBJECT)
            continue;
        const char *text = study_block_text(study, block);
        for (uint32_t at = 0; at < block->length && letters < WORDS_MIN; at++)
            letters += g_ascii_isalpha(text[at]) || (text[at] & 0x80);
    }
    return letters < WORDS_MIN;
}

/* Was the attached message that holds the part written to a desk? */
static bool is_to_a_desk(const Study *study, uint16_t part)
{
    static const char *const DESKS[] = {
        "abuse@",      "noc@",   "legal@", "security@", "hostmaster@",
        "postmaster@", "admin@", "info@",  "contact@"};
    const GPtrArray *parts = study->mail->parts;
    size_t i = part;
    while (i > 0 && ((MailPart *)parts->pdata[i])->kind != PART_MESSAGE)
        i--;
    const char *to =
        i + 1 < parts->len ? mail_part_header(parts->pdata[i + 1], "To") : NULL;
    g_autofree char *address = NULL, *name = NULL;
    if (!to || !mail_mailbox(to, &address, &name))
        return false;
    for (size_t k = 0; k < G_N_ELEMENTS(DESKS); k++)
        if (g_str_has_prefix(address, DESKS[k]))
            return true;
    return false;
}

/* A sample says what its sender says, not ours. But a letter to a desk that
 * is passed on without a word looks the same. */
static bool says_something(const Study *study, const Block *block)
{
    switch (block->kind) {
    case BLOCK_SAMPLE:
        return block->part < study->mail->parts->len && is_wordless(study) &&
               is_to_a_desk(study, block->part);
    case BLOCK_SIGNATURE:
        return block->length > 2 &&
               strncmp(study_block_text(study, block), "--", 2) == 0;
    case BLOCK_BODY:
    case BLOCK_QUOTED:
    case BLOCK_INNER:
    case BLOCK_ATTACHMENT:
    case BLOCK_SUBJECT:
    case BLOCK_MACHINE:
        return true;
    }
    g_assert_not_reached();
}

static void weigh_number(const Study *study, const Block *block,
                         Weighing *weighing)
{
    size_t at = 0, bytes = 0;
    const char *word = sensitive_file_number(study_block_text(study, block),
                                             block->length, &at, &bytes);
    if (!word)
        return;
    size_t matter = matter_of(word);
    WordHit hit = {.at = (uint32_t)at, .length = (uint32_t)bytes};
    weighing->sums[matter] += SENSITIVE_ENOUGH;
    if (weighing->quotes[matter]->len < WHY_MAX)
        g_ptr_array_add(weighing->quotes[matter],
                        study_hit_quote(study, block, &hit));
}

static void weigh_block(Study *study, guint number, Weighing *weighing)
{
    const Block *block = study->report->blocks->pdata[number];
    if (!says_something(study, block))
        return;
    weigh_number(study, block, weighing);
    const FoldedText *folded = study_folded(study, number);
    if (!folded)
        return;
    g_autoptr(GArray) hits =
        word_index_find(sensitive_words(), folded, HITS_MAX);
    Reading reading = {
        .block = block, .text = study_block_text(study, block), .hits = hits};
    for (guint i = 0; i < hits->len; i++)
        weigh_hit(study, &reading, i, weighing);
}

/* More is asked where such words belong to the trade: copyright forms, spam
 * that sells lawyers, and a matter of which one phrase was excused. */
static int trade_more(const Report *report, const Weighing *weighing, size_t i)
{
    Sensitive bit = MATTERS[i].bit;
    bool is_form = bit != SENSITIVE_CHILD_ABUSE &&
                   g_str_has_prefix(report->category, "copyright/");
    bool is_sold = bit == SENSITIVE_LAWYER &&
                   g_str_has_prefix(report->category, "messaging/");
    bool is_trade = is_form || is_sold || weighing->is_excused[i];
    return is_trade ? TRADE_MORE : 0;
}

/* What a structured report states needs no words. */
static uint32_t bits_of_category(const char *category)
{
    static const struct {
        const char *category;
        uint32_t bits;
    } STATED[] = {
        {"content/csam", SENSITIVE_CHILD_ABUSE},
        {"content/csem", SENSITIVE_CHILD_ABUSE},
        {"legal/court", SENSITIVE_COURT},
        {"legal/subpoena", SENSITIVE_AUTHORITY},
        {"legal/police", SENSITIVE_AUTHORITY},
        {"legal/preservation", SENSITIVE_AUTHORITY},
        {"legal/dsa_order", SENSITIVE_AUTHORITY},
        {"legal/data_subject_request", SENSITIVE_DATA_SUBJECT},
        {"threat/violence", SENSITIVE_LIFE},
        {"threat/suicide", SENSITIVE_LIFE},
        {"threat/bomb", SENSITIVE_LIFE},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(STATED); i++)
        if (strcmp(STATED[i].category, category) == 0)
            return STATED[i].bits;
    return 0;
}

/* The words that spoke for any of the matters. */
static void tell_stems(Report *report, const Weighing *weighing,
                       uint32_t matters)
{
    for (unsigned class = 0; class < STEM_COUNT; class ++) {
        bool counts = false;
        for (size_t i = 0; i < MATTERS_COUNT; i++)
            counts |= (matters & MATTERS[i].bit) &&
                      sensitive_stem_counts(MATTERS[i].bit, (StemClass) class);
        if (counts && weighing->stems[class] &&
            report->sensitive_why->len < WHY_MAX)
            g_ptr_array_add(report->sensitive_why,
                            quote_copy(weighing->stems[class]));
    }
}

/* Also if other flags have filled the list: this one holds letters back. */
static void flag_for_a_person(Report *report)
{
    report_add_flag(report, MAY_BE_SENSITIVE);
    if (report_has_flag(report, MAY_BE_SENSITIVE))
        return;
    g_ptr_array_set_size(report->flags, FLAGS_MAX - 1);
    report_add_flag(report, MAY_BE_SENSITIVE);
}

/* The stems together: a matter, or something to look at if none is known. */
static void add_up_stems(Report *report, const Weighing *weighing)
{
    uint32_t classes = 0, sure = 0, maybe = 0;
    for (unsigned class = 0; class < STEM_COUNT; class ++)
        if (weighing->stems[class])
            classes |= 1u << class;
    for (size_t i = 0; i < MATTERS_COUNT; i++) {
        StemScore score = sensitive_stem_score(MATTERS[i].bit, classes);
        int more = trade_more(report, weighing, i);
        if (score.sum >= score.sure + more)
            sure |= MATTERS[i].bit & ~report->sensitive;
        else if (score.sum >= score.maybe + more)
            maybe |= MATTERS[i].bit;
    }
    report->sensitive |= sure;
    if (!report->sensitive && maybe)
        flag_for_a_person(report);
    tell_stems(report, weighing, report->sensitive ? sure : maybe);
}

static void conclude(Study *study, const Weighing *weighing)
{
    Report *report = study->report;
    uint32_t stated = bits_of_category(report->category);
    for (size_t i = 0; i < MATTERS_COUNT && !study->category; i++)
        if (weighing->is_excused[i])
            stated &= ~(uint32_t)MATTERS[i].bit; /* from the same words */
    report->sensitive |= stated;
    for (size_t i = 0; i < MATTERS_COUNT; i++) {
        int enough = SENSITIVE_ENOUGH + trade_more(report, weighing, i);
        if (weighing->sums[i] < enough && !(report->sensitive & MATTERS[i].bit))
            continue;
        report->sensitive |= MATTERS[i].bit;
        for (guint k = 0; k < weighing->quotes[i]->len; k++)
            if (report->sensitive_why->len < WHY_MAX)
                g_ptr_array_add(report->sensitive_why,
                                quote_copy(weighing->quotes[i]->pdata[k]));
    }
    add_up_stems(report, weighing);
}

void sensitive_judge(Study *study)
{
    Weighing weighing = {.seen = g_hash_table_new(NULL, NULL)};
    for (size_t i = 0; i < MATTERS_COUNT; i++)
        weighing.quotes[i] =
            g_ptr_array_new_with_free_func((GDestroyNotify)quote_free);
    for (guint i = 0; i < study->report->blocks->len; i++)
        weigh_block(study, i, &weighing);
    conclude(study, &weighing);
    for (size_t i = 0; i < MATTERS_COUNT; i++)
        g_ptr_array_unref(weighing.quotes[i]);
    for (size_t i = 0; i < STEM_COUNT; i++)
        quote_free(weighing.stems[i]);
    g_hash_table_unref(weighing.seen);
}
