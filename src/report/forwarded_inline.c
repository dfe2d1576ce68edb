/*
 * Inline forwards, as mail programs write them.
 *
 * Two shapes. A marker line ("---------- Forwarded message ---------",
 * "-----Ursprüngliche Nachricht-----", "Begin forwarded message:") and then
 * header lines; or, in Outlook's newer style, header lines alone, known by
 * "From" followed at once by "Sent" ("Von"/"Gesendet", "De"/"Envoyé").
 * "From"/"Date" without a marker is not enough: that is how the headers of a
 * spam sample look.
 *
 * To add one: a row in MARKERS or LABELS.
 */
#include "report/lines.h"
#include "report/study.h"

#include <string.h>

#define LABEL_BYTES    32
#define HEADER_LINES   14 /* of a forward; long recipient lists are cut */
#define TEXT_BYTES_MAX (512u * 1024) /* where forwards are looked for */

static const WordRow MARKERS[] = {
    {"forwarded message", "", 1},
    {"begin forwarded message", "", 1},
    {"original message", "", 1},
    {"original e mail", "", 1},
    {"forwarded by", "", 1},
    {"weitergeleitete nachricht", "", 1},
    {"weitergeleitete e mail", "", 1},
    {"anfang der weitergeleiteten nachricht", "", 1},
    {"anfang der weitergeleiteten e mail", "", 1},
    {"ursprungliche nachricht", "", 1},
    {"ursprungliche mail", "", 1},
    {"original nachricht", "", 1},
    {"originalnachricht", "", 1},
    {"message transfere", "", 1},
    {"debut du message transfere", "", 1},
    {"debut du message reexpedie", "", 1},
    {"message d'origine", "", 1},
    {"message original", "", 1},
    {"mensaje reenviado", "", 1},
    {"mensaje original", "", 1},
    {"inicio del mensaje reenviado", "", 1},
    {"mensagem encaminhada", "", 1},
    {"mensagem original", "", 1},
    {"messaggio inoltrato", "", 1},
    {"messaggio originale", "", 1},
    {"inizio messaggio inoltrato", "", 1},
    {"doorgestuurd bericht", "", 1},
    {"oorspronkelijk bericht", "", 1},
    {"begin doorgestuurd bericht", "", 1},
    {"przekazana wiadomosc", "", 1},
    {"wiadomosc przekazana dalej", "", 1},
    {"wiadomosc oryginalna", "", 1},
    {"oryginalna wiadomosc", "", 1},
    {"preposlana zprava", "", 1},
    {"puvodni zprava", "", 1},
    {"puvodni e mail", "", 1},
    {"пересылаемое сообщение", "", 1},
    {"пересланное сообщение", "", 1},
    {"исходное сообщение", "", 1},
    {"начало переадресованного сообщения", "", 1},
    {"vidarebefordrat meddelande", "", 1},
    {"ursprungligt meddelande", "", 1},
    {"videresendt meddelelse", "", 1},
    {"oprindelig meddelelse", "", 1},
    {"valitetty viesti", "", 1},
    {"alkuperainen viesti", "", 1},
    {"iletilen ileti", "", 1},
    {"orijinal mesaj", "", 1},
    {"tovabbitott uzenet", "", 1},
    {"mesaj redirectionat", "", 1},
};
WORD_INDEX(marker_index, MARKERS)

typedef enum { LABEL_NONE, LABEL_FROM, LABEL_SENT, LABEL_OTHER } Label;

static const struct {
    const char *word; /* folded */
    Label label;
} LABELS[] = {
    {"from", LABEL_FROM},
    {"von", LABEL_FROM},
    {"de", LABEL_FROM},
    {"da", LABEL_FROM},
    {"van", LABEL_FROM},
    {"od", LABEL_FROM},
    {"от", LABEL_FROM},
    {"от кого", LABEL_FROM},
    {"fran", LABEL_FROM},
    {"fra", LABEL_FROM},
    {"lahettaja", LABEL_FROM},
    {"kimden", LABEL_FROM},
    {"expediteur", LABEL_FROM},
    {"absender", LABEL_FROM},
    {"sent", LABEL_SENT},
    {"gesendet", LABEL_SENT},
    {"envoye", LABEL_SENT},
    {"enviado", LABEL_SENT},
    {"enviado el", LABEL_SENT},
    {"enviada em", LABEL_SENT},
    {"inviato", LABEL_SENT},
    {"verzonden", LABEL_SENT},
    {"wyslano", LABEL_SENT},
    {"wyslane", LABEL_SENT},
    {"odeslano", LABEL_SENT},
    {"отправлено", LABEL_SENT},
    {"skickat", LABEL_SENT},
    {"sendt", LABEL_SENT},
    {"lahetetty", LABEL_SENT},
    {"gonderilen", LABEL_SENT},
    {"gonderme tarihi", LABEL_SENT},
    {"sent on", LABEL_SENT},
    {"date", LABEL_OTHER},
    {"datum", LABEL_OTHER},
    {"fecha", LABEL_OTHER},
    {"data", LABEL_OTHER},
    {"дата", LABEL_OTHER},
    {"tarih", LABEL_OTHER},
    {"to", LABEL_OTHER},
    {"an", LABEL_OTHER},
    {"a", LABEL_OTHER},
    {"para", LABEL_OTHER},
    {"aan", LABEL_OTHER},
    {"do", LABEL_OTHER},
    {"komu", LABEL_OTHER},
    {"кому", LABEL_OTHER},
    {"till", LABEL_OTHER},
    {"til", LABEL_OTHER},
    {"kime", LABEL_OTHER},
    {"cc", LABEL_OTHER},
    {"kopie", LABEL_OTHER},
    {"копия", LABEL_OTHER},
    {"subject", LABEL_OTHER},
    {"betreff", LABEL_OTHER},
    {"objet", LABEL_OTHER},
    {"sujet", LABEL_OTHER},
    {"asunto", LABEL_OTHER},
    {"assunto", LABEL_OTHER},
    {"oggetto", LABEL_OTHER},
    {"onderwerp", LABEL_OTHER},
    {"temat", LABEL_OTHER},
    {"predmet", LABEL_OTHER},
    {"тема", LABEL_OTHER},
    {"amne", LABEL_OTHER},
    {"emne", LABEL_OTHER},
    {"aihe", LABEL_OTHER},
    {"konu", LABEL_OTHER},
    {"reply to", LABEL_OTHER},
    {"antwort an", LABEL_OTHER},
    {"organization", LABEL_OTHER},
    {"importance", LABEL_OTHER},
    {"prioritat", LABEL_OTHER},
    {"wichtigkeit", LABEL_OTHER},
    {"resent from", LABEL_OTHER},
    {"message id", LABEL_OTHER},
    {"attachments", LABEL_OTHER},
};

static Label label_of(Line line, Line *value)
{
    Line name;
    if (!line_field(line_bare(line), &name, value) || name.length > LABEL_BYTES)
        return LABEL_NONE;
    g_autoptr(FoldedText) folded = folded_text_new(name.at, name.length);
    if (folded->length < 3)
        return LABEL_NONE;
    folded->text[folded->length - 1] = '\0';
    for (size_t i = 0; i < G_N_ELEMENTS(LABELS); i++)
        if (strcmp(folded->text + 1, LABELS[i].word) == 0)
            return LABELS[i].label;
    return LABEL_NONE;
}

/* The address in "Name <a@b.example>", "a@b.example" or
 * "Name [mailto:a@b.example]". */
static char *address_in(Line value)
{
    const char *at_sign = memchr(value.at, '@', value.length);
    if (!at_sign)
        return NULL;
    const char *begin = at_sign, *end = at_sign + 1;
    const char *last = value.at + value.length;
    while (begin > value.at && !strchr(" <>[]():,;\"'*", begin[-1]))
        begin--;
    while (end < last && !strchr(" <>[]():,;\"'*", *end))
        end++;
    size_t length = (size_t)(end - begin);
    if (begin == at_sign || end == at_sign + 1 || length > ADDRESS_TEXT_MAX)
        return NULL;
    return g_strndup(begin, length);
}

/* Read the header lines from cursor on; returns where the body begins. */
static size_t read_headers(const char *text, size_t length, size_t cursor,
                           char **author)
{
    size_t body = cursor;
    bool seen = false;
    Line line, value;
    for (int i = 0; i < HEADER_LINES; i++) {
        if (!line_next(text, length, &cursor, &line))
            break;
        bool blank = line_bare(line).length == 0;
        if (blank && seen)
            return cursor;
        Label label = label_of(line, &value);
        if (!blank && label == LABEL_NONE && !seen)
            return body;
        if (label == LABEL_FROM && !*author)
            *author = address_in(value);
        seen = seen || label != LABEL_NONE;
        body = cursor;
    }
    return body;
}

/* Nothing on the marker's line but the phrase, dashes and a name. */
static bool is_marker_line(const char *text, size_t length, size_t at,
                           size_t hit_length, size_t *line_at)
{
    size_t begin = at;
    while (begin > 0 && text[begin - 1] != '\n')
        begin--;
    for (size_t i = begin; i < at; i++)
        if (!strchr("->|_=*[ \t.", text[i]))
            return false;
    const char *end = memchr(text + at, '\n', length - at);
    size_t rest = (end ? (size_t)(end - text) : length) - at - hit_length;
    *line_at = begin;
    if (rest > 60)
        return false;
    /* "Original message text follows" is prose, a marker has marks. */
    const char *after = text + at + hit_length;
    return rest == 0 || strchr("-=:_*]\r ", *after) != NULL;
}

static bool find_marker(const char *text, size_t length, InlineForward *out)
{
    g_autoptr(FoldedText) folded = folded_text_new(text, length);
    g_autoptr(GArray) hits = word_index_find(marker_index(), folded, 200);
    for (guint i = 0; i < hits->len; i++) {
        const WordHit *hit = &g_array_index(hits, WordHit, i);
        size_t at = hit->at, marker;
        while (at < length && g_ascii_isspace(text[at]))
            at++;
        if (at >= hit->at + hit->length ||
            !is_marker_line(text, length, at, hit->at + hit->length - at,
                            &marker))
            continue;
        size_t body = hit->at + hit->length;
        while (body < length && text[body] != '\n')
            body++;
        *out = (InlineForward){.marker = marker};
        out->body =
            read_headers(text, length, MIN(body + 1, length), &out->author);
        return true;
    }
    return false;
}

static bool find_outlook(const char *text, size_t length, InlineForward *out)
{
    size_t cursor = 0, before = 0, from_at = 0;
    bool after_from = false;
    Line line, value;
    while (line_next(text, length, &cursor, &line)) {
        Label label = label_of(line, &value);
        if (label == LABEL_SENT && after_from) {
            *out = (InlineForward){.marker = from_at};
            out->body = read_headers(text, length, from_at, &out->author);
            return true;
        }
        after_from = label == LABEL_FROM;
        if (after_from)
            from_at = before;
        before = cursor;
    }
    return false;
}

bool inline_forward_find(const char *text, size_t length, InlineForward *out)
{
    length = MIN(length, TEXT_BYTES_MAX);
    while (length > 0 && (text[length] & 0xc0) == 0x80)
        length--;
    InlineForward marked = {0}, bare = {0};
    bool has_marker = find_marker(text, length, &marked);
    bool has_bare = find_outlook(text, length, &bare);
    if (has_marker && (!has_bare || marked.marker <= bare.marker)) {
        *out = marked;
        g_free(bare.author);
        return true;
    }
    if (has_bare) {
        *out = bare;
        g_free(marked.author);
    }
    return has_bare;
}
