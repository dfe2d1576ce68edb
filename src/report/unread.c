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
 * layout; it may not bring words that stand nowhere else. Mail programs and
 * offices add "view in browser" and notices about letters gone astray: their
 * words (unread_words.c) do not count, and of others a few are allowed, but no
 * address. Pictures that a page shows are mostly logos and faces: only those
 * that are attached, or as large as a scanned letter, count. What lies with its
 * page in a multipart/related is shown by it, whatever its disposition says.
 *
 * Letters can hide words, too: those of a script whose offices no word of ours
 * knows (sensitive_*.c has Latin, Greek, Cyrillic, Arabic, Hebrew, Chinese,
 * Japanese and Korean), text that is turned round on the screen, and words set
 * with a blank between their letters, as courts head their orders.
 */
#include "report/judges.h"
#include "report/unread_words.h"

#include <string.h>

#define WORD_LETTERS_MIN 4
#define WORD_BYTES_MAX   64
#define WORDS_MAX        50000 /* of both halves; beyond that they differ */
#define NEW_WORDS_MAX    2     /* so many may be new ... */
#define NEW_PART         20    /* ... or one in so many */
#define LOGO_BYTES_MAX   (64 * 1024)

#define STRANGE_LETTERS_MIN 4 /* a name may have a few */
#define SPACED_LETTERS_MIN  5

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
        bool is_new =
            !g_hash_table_contains(known, word) && !unread_is_furniture(word);
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

/* ---- letters that hide words -------------------------------------------- */

/* Of a script that none of our words is in; Persian, Urdu and Vietnamese write
 * known ones with letters of their own. */
static bool is_strange_letter(gunichar c)
{
    switch (g_unichar_get_script(c)) {
    case G_UNICODE_SCRIPT_COMMON:
    case G_UNICODE_SCRIPT_INHERITED:
    case G_UNICODE_SCRIPT_CYRILLIC:
    case G_UNICODE_SCRIPT_GREEK:
    case G_UNICODE_SCRIPT_HAN:
    case G_UNICODE_SCRIPT_HANGUL:
    case G_UNICODE_SCRIPT_HEBREW:
    case G_UNICODE_SCRIPT_HIRAGANA:
    case G_UNICODE_SCRIPT_KATAKANA:
        return false;
    case G_UNICODE_SCRIPT_LATIN:
        return c >= 0x1EA0 && c <= 0x1EF9;
    case G_UNICODE_SCRIPT_ARABIC:
        return c >= 0x0671 && c <= 0x06D3;
    default:
        return g_unichar_isalpha(c);
    }
}

static bool is_override(gunichar c)
{
    return c == 0x202D || c == 0x202E; /* UAX 9: turned whatever it is */
}

/* "C O U R T": single letters with single blanks between them. */
static bool is_spaced(const char *at)
{
    for (int i = 0; i < SPACED_LETTERS_MIN; i++, at += 2)
        if (!g_ascii_isalpha(at[0]) ||
            (i + 1 < SPACED_LETTERS_MIN && at[1] != ' '))
            return false;
    return !g_ascii_isalnum(at[-1]);
}

static void flag_letters(Report *report, const char *text)
{
    guint strange = 0;
    for (const char *at = text; *at; at = g_utf8_next_char(at)) {
        if (!(*at & 0x80)) {
            bool begins = at == text || !g_ascii_isalnum(at[-1]);
            if (begins && at[1] == ' ' && is_spaced(at))
                report_add_flag(report, "letters-spaced");
            continue;
        }
        gunichar c = g_utf8_get_char(at);
        if (is_override(c))
            report_add_flag(report, "text-turned-round");
        strange += is_strange_letter(c);
        if (strange == STRANGE_LETTERS_MIN)
            report_add_flag(report, "script-not-read");
    }
}

/* ---- parts that are no text -------------------------------------------- */

/* RFC 2387: the parts of one object, which its page puts together. */
static bool is_with_its_page(const Mail *mail, const MailPart *part)
{
    const MailPart *parent =
        part->parent >= 0 ? mail->parts->pdata[part->parent] : NULL;
    return parent && strcmp(parent->content_type, "multipart/related") == 0;
}

static bool is_picture_to_look_at(const Mail *mail, const MailPart *part)
{
    return g_str_has_prefix(part->content_type, "image/") && part->bytes &&
           ((part->attached && !is_with_its_page(mail, part)) ||
            !mail_part_header(part, "Content-ID") ||
            g_bytes_get_size(part->bytes) > LOGO_BYTES_MAX);
}

static void flag_part(Report *report, const Mail *mail, const MailPart *part)
{
    const char *type = part->content_type;
    if (is_picture_to_look_at(mail, part))
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
    for (guint i = 0; i < parts->len; i++) {
        const MailPart *part = parts->pdata[i];
        flag_part(study->report, study->mail, part);
        if (part->text && !study_is_within(study, i, USE_SAMPLE))
            flag_letters(study->report, part->text);
    }
    flag_letters(study->report, study->mail->subject);
    flag_alternatives(study);
}
