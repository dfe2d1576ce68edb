/*
 * What a person would look at in this mail, and no program here has.
 *
 * Problem: an automatic letter answers what was read. A complaint may stand
 * in one half of an alternative and a court's order in the other, or in a
 * picture beside three harmless lines; an invitation is answered by a yes,
 * not by a letter; a piece of a mail, or a link to one, is not the mail.
 *
 * Approach: each is a flag, and the gate holds (D10b). The unread half of an
 * alternative may say less than the one that is read, or the same in other
 * layout; it may not bring words that stand nowhere else. Mail programs add
 * a few ("view in browser"), so a handful is allowed unless it is a good part
 * of all, and an address never is. Pictures that a page shows are mostly logos
 * and faces: only those that are attached, or as large as a scanned letter,
 * count.
 */
#include "report/judges.h"

#include <string.h>

#define WORD_LETTERS_MIN 4
#define WORD_BYTES_MAX   64
#define WORDS_MAX        50000 /* of both halves; beyond that they differ */
#define NEW_WORDS_MAX    2     /* so many may be new ... */
#define NEW_PART         20    /* ... or one in so many */
#define LOGO_BYTES_MAX   (64 * 1024)

/* ---- the other half of an alternative ---------------------------------- */

static bool is_word_byte(char c)
{
    return g_ascii_isalnum(c) || (c & 0x80);
}

/* Numbers with dots or colons are addresses and times: kept whole. */
static bool is_joint(const char *at)
{
    return (*at == '.' || *at == ':') && g_ascii_isxdigit(at[1]);
}

/* The next word of a text, folded, behind *at; NULL at the end. Yours. */
static char *next_word(const char **at)
{
    for (;;) {
        while (**at && !is_word_byte(**at))
            (*at)++;
        const char *start = *at;
        if (!*start)
            return NULL;
        bool has_digit = false;
        while (is_word_byte(**at) || (has_digit && is_joint(*at))) {
            has_digit |= g_ascii_isdigit(**at);
            (*at)++;
        }
        size_t length = (size_t)(*at - start);
        if (length >= WORD_LETTERS_MIN && length <= WORD_BYTES_MAX)
            return g_ascii_strdown(start, (gssize)length);
    }
}

static void add_words(GHashTable *words, const char *text)
{
    for (char *word;
         g_hash_table_size(words) < WORDS_MAX && (word = next_word(&text));)
        g_hash_table_add(words, word);
}

static bool is_address(const char *word)
{
    guint dots = 0;
    for (const char *at = word; *at; at++)
        dots += *at == '.';
    return dots == 3 && strspn(word, "0123456789.") == strlen(word);
}

/* Does a text bring more than a few words that are not among those known? */
static bool brings_words(GHashTable *known, const char *text)
{
    g_autoptr(GHashTable) seen =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint fresh = 0;
    for (char *word; (word = next_word(&text));) {
        if (g_hash_table_contains(seen, word)) {
            g_free(word);
            continue;
        }
        bool is_new = !g_hash_table_contains(known, word);
        fresh += is_new;
        g_hash_table_add(seen, word);
        if ((is_new && is_address(word)) || g_hash_table_size(seen) > WORDS_MAX)
            return true;
    }
    return fresh > MAX(NEW_WORDS_MAX, g_hash_table_size(seen) / NEW_PART);
}

static void flag_alternatives(Study *study)
{
    const GPtrArray *parts = study->mail->parts;
    g_autoptr(GHashTable) known =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    add_words(known, study->mail->subject);
    bool is_skipped = false;
    for (guint i = 0; i < parts->len; i++) {
        const MailPart *part = parts->pdata[i];
        if (part->text && study->uses[i] != USE_SKIP)
            add_words(known, part->text);
        is_skipped |= part->text && study->uses[i] == USE_SKIP;
    }
    for (guint i = 0; is_skipped && i < parts->len; i++) {
        const MailPart *part = parts->pdata[i];
        if (part->text && study->uses[i] == USE_SKIP &&
            !study_is_within(study, i, USE_SAMPLE) &&
            brings_words(known, part->text)) {
            report_add_flag(study->report, "alternatives-differ");
            return;
        }
    }
}

/* ---- parts that are no text -------------------------------------------- */

static bool is_picture_to_look_at(const MailPart *part)
{
    return g_str_has_prefix(part->content_type, "image/") && part->bytes &&
           (part->attached || !mail_part_header(part, "Content-ID") ||
            g_bytes_get_size(part->bytes) > LOGO_BYTES_MAX);
}

static void flag_part(Report *report, const MailPart *part)
{
    const char *type = part->content_type;
    if (is_picture_to_look_at(part))
        report_add_flag(report, "image-not-read");
    if (strcmp(type, "text/calendar") == 0)
        report_add_flag(report, "calendar");
    if (strcmp(type, "message/partial") == 0 ||
        strcmp(type, "message/external-body") == 0)
        report_add_flag(report, "piece-of-a-mail");
}

void unread_judge(Study *study)
{
    const GPtrArray *parts = study->mail->parts;
    for (guint i = 0; i < parts->len; i++)
        flag_part(study->report, parts->pdata[i]);
    flag_alternatives(study);
}
