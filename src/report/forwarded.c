/*
 * Mail passed on: who accuses, and what is only evidence?
 *
 * A message/rfc822 inside a mail is one of two things: the complaint that a
 * hoster or a colleague passes on, or the spam that the sender complains
 * about. Nothing in MIME tells; the words do. If the attached message accuses
 * somebody at least as clearly as the mail around it, it is a complaint;
 * else, if the mail around it accuses, it is the sample. A message attached
 * without a word, that accuses nobody itself, is spam shown to an abuse desk:
 * feedback loops of before ARF and annoyed people do that. When neither
 * speaks but there is a covering note, it is taken for a complaint: its text
 * is then read, which a sample's is not.
 * The same question for inline forwards is asked by blocks.c.
 *
 * The forwarder stays the sender. The author of the inner complaint is only
 * claimed, since anybody can type a From line.
 */
#include "report/formats.h"

#include <string.h>

#define MESSAGES_MAX      50   /* attached messages that are weighed */
#define TEXTS_MAX         6    /* texts weighed of each */
#define NOTE_BYTES_MAX    4000 /* of the covering note */
#define FORWARDS_DEEP_MAX 4    /* inline forwards in one another */

static bool is_message(const Study *study, size_t part)
{
    const MailPart *mail_part = study->mail->parts->pdata[part];
    return mail_part->kind == PART_MESSAGE;
}

bool forwarded_detect(const Study *study)
{
    for (size_t i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        if (part->kind == PART_MESSAGE || part->kind == PART_TEXT ||
            part->kind == PART_HTML)
            return true;
    }
    return false;
}

/* The highest score of the texts inside the message, and of its subject. */
static int inner_score(const Study *study, size_t message)
{
    int best = 0, texts = 0;
    const GPtrArray *parts = study->mail->parts;
    uint8_t depth = ((const MailPart *)parts->pdata[message])->depth;
    for (size_t i = message + 1; i < parts->len; i++) {
        const MailPart *part = parts->pdata[i];
        if (part->depth <= depth)
            break;
        if (part->text && texts++ < TEXTS_MAX)
            best = MAX(best, accusation_score(part->text, strlen(part->text)));
    }
    const MailPart *top =
        message + 1 < parts->len ? parts->pdata[message + 1] : NULL;
    const char *subject = top ? mail_part_header(top, "Subject") : NULL;
    return best + (subject ? accusation_score(subject, strlen(subject)) : 0);
}

static int outer_score(const Study *study)
{
    const Mail *mail = study->mail;
    int best = 0, texts = 0;
    for (size_t i = 0; i < mail->parts->len; i++) {
        const MailPart *part = mail->parts->pdata[i];
        if (part->text && !study_is_inner(study, i) && !part->attached &&
            texts++ < TEXTS_MAX)
            best = MAX(best, accusation_score(part->text, strlen(part->text)));
    }
    return best + accusation_score(mail->subject, strlen(mail->subject));
}

/* The last one said is the innermost: its complaint is the matter. */
static void claim_author(Study *study, const char *from)
{
    g_autofree char *address = NULL, *name = NULL;
    if (!from || !mail_mailbox(from, &address, &name))
        return;
    g_free(study->report->claimed_address);
    study->report->claimed_address = g_steal_pointer(&address);
}

/* Does the mail around the attached messages say nothing at all? */
static bool is_wordless(const Study *study)
{
    size_t letters = 0;
    for (size_t i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        if (study_is_inner(study, i))
            continue;
        for (const char *at = part->text; at && *at && letters < 20; at++)
            letters += g_ascii_isalpha(*at) || (*at & 0x80);
    }
    return letters < 20;
}

/* The covering note calls it a complaint, which nobody says of a sample. */
static const WordRow PASSING_ON[] = {
    {"attached complaint*", "", 1},    {"attached abuse report*", "", 1},
    {"attached report*", "", 1},       {"complaint attached", "", 1},
    {"complaint below", "", 1},        {"following complaint*", "", 1},
    {"forwarded complaint*", "", 1},   {"forward* this complaint", "", 1},
    {"angehangte beschwerde*", "", 1}, {"beigefugte beschwerde*", "", 1},
    {"anliegende beschwerde*", "", 1}, {"plainte ci jointe", "", 1},
    {"plainte jointe", "", 1},         {"queja adjunta", "", 1},
    {"reclamacao anexa", "", 1},       {"segnalazione allegata", "", 1},
    {"bijgevoegde klacht*", "", 1},    {"zalaczone zgloszenie", "", 1},
    {"prilozen* stiznost*", "", 1},    {"приложенн* жалоб*", "", 1},
};
WORD_INDEX(passing_on, PASSING_ON)

static bool says_it_passes_on(const Study *study)
{
    for (size_t i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        if (!part->text || part->attached || study_is_inner(study, i))
            continue;
        size_t length = MIN(strlen(part->text), NOTE_BYTES_MAX);
        while (length > 0 && (part->text[length] & 0xc0) == 0x80)
            length--;
        g_autoptr(FoldedText) folded = folded_text_new(part->text, length);
        return word_index_first(passing_on(), folded) != NULL;
    }
    return false;
}

/* Was the attached message written to an abuse desk? Then it may complain. */
static bool is_to_a_desk(const Study *study, size_t message)
{
    const GPtrArray *parts = study->mail->parts;
    const char *to = message + 1 < parts->len
                         ? mail_part_header(parts->pdata[message + 1], "To")
                         : NULL;
    g_autofree char *address = NULL, *name = NULL;
    return to && mail_mailbox(to, &address, &name) &&
           g_ascii_strncasecmp(address, "abuse@", 6) == 0;
}

/* The nearest message around a part, or -1 for the mail itself. */
static int message_around(const Study *study, size_t part)
{
    const GPtrArray *parts = study->mail->parts;
    int at = ((const MailPart *)parts->pdata[part])->parent;
    while (at >= 0 && !is_message(study, (size_t)at))
        at = ((const MailPart *)parts->pdata[at])->parent;
    return at;
}

/* The score of what a message says itself, without messages within it. */
static int own_score(const Study *study, int message)
{
    int best = 0, texts = 0;
    const GPtrArray *parts = study->mail->parts;
    for (size_t i = (size_t)message + 1; i < parts->len; i++) {
        const MailPart *part = parts->pdata[i];
        if (part->depth <= ((const MailPart *)parts->pdata[message])->depth)
            break;
        if (part->text && !part->attached &&
            message_around(study, i) == message && texts++ < TEXTS_MAX)
            best = MAX(best, accusation_score(part->text, strlen(part->text)));
    }
    return best;
}

static bool read_message(Study *study, size_t message, int outer)
{
    int inner = inner_score(study, message);
    bool is_shown = inner < ACCUSATION_CLEAR && is_wordless(study) &&
                    !(inner > 0 && is_to_a_desk(study, message));
    bool is_sample =
        inner < outer && outer >= ACCUSATION_CLEAR && !says_it_passes_on(study);
    if (is_shown || is_sample) {
        study->uses[message] = USE_SAMPLE;
        if (is_shown)
            study_state_category(study, "messaging/spam", NULL, false);
        return false;
    }
    return true;
}

static const char *author_of(const Study *study, int message)
{
    const GPtrArray *parts = study->mail->parts;
    size_t top = (size_t)message + 1;
    return top < parts->len ? mail_part_header(parts->pdata[top], "From")
                            : NULL;
}

/* The inline forwards in one text, from the outermost to the innermost that
 * accuses at least as clearly as what stands above it. */
static bool read_forwards(Study *study, const char *text)
{
    bool found = false;
    bool is_forward = subject_says_forward(study->mail->subject);
    for (int deep = 0; deep < FORWARDS_DEEP_MAX; deep++) {
        InlineForward forward = {0};
        size_t length = strlen(text);
        if (!inline_forward_find(text, length, is_forward, &forward))
            break;
        bool accuses =
            note_passes_on(text, forward.marker) ||
            accusation_score(text + forward.body, length - forward.body) >=
                accusation_score(text, forward.marker);
        if (accuses)
            claim_author(study, forward.author);
        g_free(forward.author);
        if (!accuses)
            break;
        found = true;
        text += forward.body;
    }
    return found;
}

/* The first text of a message (-1: of the mail itself). */
static bool read_inline(Study *study, int message)
{
    for (size_t i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        if (part->text && !part->attached && study->uses[i] == USE_READ &&
            message_around(study, i) == message)
            return read_forwards(study, part->text);
    }
    return false;
}

/* The message that is read first, and those within it, one in the other. */
bool forwarded_read(Study *study)
{
    int outer = outer_score(study), innermost = -1;
    bool found = false;
    size_t weighed = 0;
    for (size_t i = 0; i < study->mail->parts->len; i++) {
        if (!is_message(study, i) || study_is_within(study, i, USE_SAMPLE) ||
            ++weighed > MESSAGES_MAX)
            continue;
        int around = message_around(study, i);
        bool is_read = read_message(
            study, i, around < 0 ? outer : own_score(study, around));
        if (is_read && (!found || around == innermost)) {
            innermost = (int)i;
            claim_author(study, author_of(study, innermost));
        }
        found = found || is_read;
    }
    found = read_inline(study, innermost) || found;
    if (found)
        report_add_flag(study->report, "forwarded");
    return found;
}
