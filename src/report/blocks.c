/*
 * Cutting a mail's text into blocks, in the order a reader meets it.
 *
 * Problem: the same words mean different things in different places. "Spam"
 * in a complaint is the accusation, in the spam itself a joke; a network's
 * bounds in a whois dump are not offenders; "the police" in a confidentiality
 * notice is nobody.
 *
 * Approach: each text part is walked line by line with a small state. What a
 * format marked comes first; then inline forwards, raw header runs (the
 * reported message pasted into the text), signatures, whois dumps and
 * disclaimers change the state; neighbouring lines of one kind become one
 * block. No line belongs to two blocks, none is lost.
 *
 * Of alternatives the plain text is read unless it is next to empty, or only
 * says that it is no use: HTML halves carry tracking, styling and hidden text.
 */
#include "report/lines.h"
#include "report/study.h"

#include <string.h>

#define SIGNATURE_LINES_MAX 20   /* longer ones are content */
#define BLOCKS_MAX          5000 /* then the rest of a part is one block */
#define NEAR_EMPTY_LETTERS  40
#define LETTERS_WEIGHED_MAX 6
#define FORWARDS_DEEP_MAX   4 /* forwards in forwards */
#define HEADER_RUN_LINES    3
#define HEADER_RUN_LOOK     30 /* lines looked at to know one */

/* --- which parts --- */

typedef struct {
    size_t letters, digits;
} Half;

static void count_letters(Half *half, const char *text)
{
    for (; text && *text && half->letters < 10000; text++) {
        half->letters += g_ascii_isalnum(*text) || (*text & 0x80);
        half->digits += g_ascii_isdigit(*text);
    }
}

/* Letters of the plain and the HTML text directly or deeper below a part;
 * a mail's attachments and inner messages do not count. */
static void count_below(const Study *study, size_t top, Half *plain, Half *html)
{
    const GPtrArray *parts = study->mail->parts;
    uint8_t depth = ((const MailPart *)parts->pdata[top])->depth;
    for (size_t i = top; i < parts->len; i++) {
        const MailPart *part = parts->pdata[i];
        if (i > top && part->depth <= depth)
            return;
        if (part->attached)
            continue;
        if (part->kind == PART_TEXT)
            count_letters(plain, part->text);
        else if (part->kind == PART_HTML)
            count_letters(html, part->text);
    }
}

/* "Your program cannot show this mail": without a digit there is neither an
 * address nor a time in it. */
static bool says_nothing(const Half *plain, const Half *html)
{
    if (plain->letters < NEAR_EMPTY_LETTERS)
        return html->letters > plain->letters * 2;
    return plain->digits == 0 && html->digits > 0 &&
           html->letters > plain->letters;
}

/* Skip the half of an alternative that is not read. */
static void choose_alternative(Study *study, size_t top)
{
    const GPtrArray *parts = study->mail->parts;
    Half plain = {0}, html = {0};
    count_below(study, top, &plain, &html);
    bool use_html = says_nothing(&plain, &html);
    uint8_t depth = ((const MailPart *)parts->pdata[top])->depth;
    for (size_t i = top + 1; i < parts->len; i++) {
        const MailPart *part = parts->pdata[i];
        if (part->depth <= depth)
            return;
        bool unwanted = use_html ? part->kind == PART_TEXT
                                 : part->kind == PART_HTML && plain.letters > 0;
        if (unwanted && !part->attached && study->uses[i] == USE_READ)
            study->uses[i] = USE_SKIP;
    }
}

static bool is_machine_type(const char *type)
{
    return strcmp(type, "message/feedback-report") == 0 ||
           strcmp(type, "message/delivery-status") == 0 ||
           strcmp(type, "message/disposition-notification") == 0;
}

/* Is a document the complaint itself ("see attached letter")? It is evidence
 * if what the sender wrote accuses more clearly. */
static bool letter_speaks(const Study *study, size_t letter)
{
    const GPtrArray *parts = study->mail->parts;
    int outer = 0, looked = 0;
    for (size_t i = 0; i < parts->len && looked < LETTERS_WEIGHED_MAX; i++) {
        const MailPart *part = parts->pdata[i];
        if (!part->text || part->attached || study_is_inner(study, i))
            continue;
        outer = MAX(outer, accusation_score(part->text, strlen(part->text)));
        looked++;
    }
    const char *text = study_part_text(study, letter);
    return outer < ACCUSATION_CLEAR ||
           accusation_score(text, strlen(text)) >= outer;
}

static BlockKind kind_of_part(const Study *study, size_t i)
{
    const MailPart *part = study->mail->parts->pdata[i];
    if (study_is_within(study, i, USE_SAMPLE) ||
        strcmp(part->content_type, "text/rfc822-headers") == 0 ||
        strcmp(part->content_type, "message/rfc822-headers") == 0)
        return BLOCK_SAMPLE;
    if (study->uses[i] == USE_MACHINE || is_machine_type(part->content_type))
        return BLOCK_MACHINE;
    bool is_inner = study_is_inner(study, i);
    if (part->is_letter && letter_speaks(study, i))
        return is_inner ? BLOCK_INNER : BLOCK_BODY;
    bool is_prose = part->kind == PART_HTML ||
                    strcmp(part->content_type, "text/plain") == 0;
    if (part->attached || part->filename || !is_prose)
        return BLOCK_ATTACHMENT;
    return is_inner ? BLOCK_INNER : BLOCK_BODY;
}

/* --- which lines --- */

static void add_block(Study *study, BlockKind kind, uint16_t part, size_t at,
                      size_t length)
{
    GPtrArray *blocks = study->report->blocks;
    if (length == 0)
        return;
    Block *last = blocks->len > 0 ? blocks->pdata[blocks->len - 1] : NULL;
    if (last && last->part == part && last->at + last->length == at &&
        (last->kind == kind || blocks->len >= BLOCKS_MAX)) {
        last->length += (uint32_t)length;
        return;
    }
    Block *block = g_new0(Block, 1);
    *block = (Block){.kind = kind,
                     .part = part,
                     .at = (uint32_t)at,
                     .length = (uint32_t)length};
    g_ptr_array_add(blocks, block);
}

static const WordRow DISCLAIMERS[] = {
    {"confidentiality notice", "", 1},
    {"confidentiality note", "", 1},
    {"this e mail and any attach*", "", 1},
    {"this email and any attach*", "", 1},
    {"this e mail and any files", "", 1},
    {"this email and any files", "", 1},
    {"this message and any attach*", "", 1},
    {"this message is intended", "", 1},
    {"this message contains confidential", "", 1},
    {"this e mail message is", "", 1},
    {"the information contained in this", "", 1},
    {"the information transmitted", "", 1},
    {"this communication is", "", 1},
    {"disclaimer", "", 1},
    {"privileged and confidential", "", 1},
    {"diese e mail enthalt vertrauliche", "", 1},
    {"diese nachricht enthalt vertrauliche", "", 1},
    {"diese e mail ist vertraulich", "", 1},
    {"ce message et toutes les pieces jointes", "", 1},
    {"ce message est confidentiel", "", 1},
    {"este mensaje y sus archivos", "", 1},
    {"este mensaje es confidencial", "", 1},
    {"esta mensagem e confidencial", "", 1},
    {"le informazioni contenute", "", 1},
    {"questo messaggio e", "", 1},
    {"de informatie verzonden", "", 1},
    {"tresc tej wiadomosci", "", 1},
    {"tato zprava je duverna", "", 1},
    {"это сообщение содержит конфиденциальн*", "", 1},
    {"detta meddelande ar konfidentiellt", "", 1},
};
WORD_INDEX(disclaimer_index, DISCLAIMERS)

#define DISCLAIMER_BEGIN_BYTES 80

static bool begins_disclaimer(Line bare)
{
    if (bare.length < 10)
        return false;
    size_t length = MIN(bare.length, DISCLAIMER_BEGIN_BYTES);
    while (length > 0 && length < bare.length &&
           (bare.at[length] & 0xc0) == 0x80)
        length--;
    g_autoptr(FoldedText) folded = folded_text_new(bare.at, length);
    return word_index_first(disclaimer_index(), folded) != NULL;
}

static bool begins_whois(Line bare)
{
    static const char *const KEYS[] = {"inetnum:",
                                       "inet6num:",
                                       "NetRange:",
                                       "aut-num:",
                                       "netname:",
                                       "refer:",
                                       "OrgName:",
                                       "CIDR:",
                                       "NetName:",
                                       "as-block:",
                                       "% Information related",
                                       "% This is the",
                                       "% Abuse contact for"};
    for (size_t i = 0; i < G_N_ELEMENTS(KEYS); i++)
        if (line_begins(bare, KEYS[i]))
            return true;
    return false;
}

/* "key:      value" as whois prints it, or its comments. */
static bool is_whois_line(Line bare)
{
    Line name, value;
    if (bare.length == 0 || *bare.at == '%' || *bare.at == '#')
        return true;
    return line_field(bare, &name, &value) &&
           !memchr(name.at, ' ', name.length) &&
           bare.length > name.length + 2 && bare.at[name.length + 1] == ' ' &&
           bare.at[name.length + 2] == ' ';
}

static bool is_header_name(Line name)
{
    for (size_t i = 0; i < name.length; i++)
        if (!g_ascii_isalnum(name.at[i]) && name.at[i] != '-')
            return false;
    return name.length > 1;
}

/* A field that only the head of a raw message has. */
static bool is_trace_field(Line bare)
{
    return line_begins(bare, "Received: from ") ||
           line_begins(bare, "Received: by ") ||
           line_begins(bare, "Return-Path:") ||
           line_begins(bare, "Received: (") ||
           line_begins(bare, "X-Originating-IP:") ||
           line_begins(bare, "DKIM-Signature:");
}

/* Do the next lines look like the head of a raw message: at least
 * HEADER_RUN_LINES fields, one of which only such a head has? */
static bool begins_raw_header(const char *text, size_t length, size_t cursor)
{
    int fields = 0;
    bool trace = false;
    Line line, name, value;
    for (int lines = 0; lines < HEADER_RUN_LOOK; lines++) {
        if (!line_next(text, length, &cursor, &line))
            break;
        Line bare = line_bare(line);
        bool folded = line.length > 0 && bare.length > 0 && fields > 0 &&
                      (line.at[0] == ' ' || line.at[0] == '\t');
        if (folded)
            continue;
        if (bare.length == 0 || !line_field(bare, &name, &value) ||
            !is_header_name(name))
            break;
        fields++;
        trace = trace || is_trace_field(bare);
        if (trace && fields >= HEADER_RUN_LINES)
            return true;
    }
    return false;
}

typedef struct {
    Study *study;
    uint16_t part;
    const char *text;
    size_t length;
    BlockKind base; /* what plain lines are here */
    BlockKind now;  /* what this line is, without a mark */
    enum {
        IN_TEXT,
        IN_WHOIS,
        IN_DISCLAIMER,
        IN_SAMPLE_HEAD,
        IN_SAMPLE,
        IN_SIGNATURE
    } state;
    size_t forward_at;   /* where an inline forward begins; SIZE_MAX: nowhere */
    size_t forward_body; /* where its own text begins */
    BlockKind forward_kind;
    int forwards;      /* looked for so far */
    size_t raw_checks; /* looks ahead so far; bounded */
    size_t heads;      /* pasted messages so far */
    size_t head_at;    /* where the last one begins */
    bool after_blank;  /* the line before was blank */
} Cutting;

static size_t lines_left(const Cutting *cutting, size_t cursor, size_t max)
{
    size_t count = 0;
    Line line;
    while (count <= max &&
           line_next(cutting->text, MIN(cutting->length, cutting->forward_at),
                     &cursor, &line))
        count++;
    return count;
}

static bool is_signature_mark(const Cutting *cutting, Line line, size_t cursor)
{
    bool marked = (line.length == 3 && memcmp(line.at, "-- ", 3) == 0) ||
                  (line.length == 2 && memcmp(line.at, "--", 2) == 0);
    return marked && lines_left(cutting, cursor, SIGNATURE_LINES_MAX) <=
                         SIGNATURE_LINES_MAX;
}

#define RAW_CHECKS_MAX    20000
#define HEADS_WEIGHED_MAX 8

static void enter(Cutting *cutting, Line line, size_t at, size_t cursor)
{
    Line bare = line_bare(line);
    if (is_signature_mark(cutting, line, cursor)) {
        cutting->state = IN_SIGNATURE;
    } else if (begins_whois(bare)) {
        cutting->state = IN_WHOIS;
    } else if (cutting->after_blank && begins_disclaimer(bare)) {
        cutting->state = IN_DISCLAIMER;
    } else if (bare.length > 0 && g_ascii_isalpha(*bare.at) &&
               memchr(bare.at, ':', MIN(bare.length, 30)) &&
               cutting->raw_checks++ < RAW_CHECKS_MAX &&
               begins_raw_header(cutting->text, cutting->length, at)) {
        cutting->state = IN_SAMPLE_HEAD;
    }
}

/* After the head of a pasted message: is what follows its body, or does the
 * sender go on? A text that accuses where the part before did not, goes on. */
static bool sample_goes_on(Cutting *cutting, size_t cursor)
{
    if (cutting->heads++ >= HEADS_WEIGHED_MAX)
        return true;
    int before = accusation_score(cutting->text, cutting->head_at);
    int after =
        accusation_score(cutting->text + cursor, cutting->length - cursor);
    return !(after >= ACCUSATION_CLEAR && after > before);
}

static BlockKind kind_in_state(const Cutting *cutting)
{
    switch (cutting->state) {
    case IN_TEXT:
        return cutting->base;
    case IN_WHOIS:
    case IN_DISCLAIMER:
    case IN_SIGNATURE:
        return BLOCK_SIGNATURE;
    case IN_SAMPLE_HEAD:
    case IN_SAMPLE:
        return BLOCK_SAMPLE;
    }
    g_assert_not_reached();
}

/* The next inline forward from offset `from` on, whose text above it begins
 * there: a complaint passed on, or the reported mail? */
static void find_forward(Cutting *cutting, size_t from)
{
    InlineForward forward = {0};
    const char *text = cutting->text + from;
    size_t length = cutting->length - from;
    bool is_forward = subject_says_forward(cutting->study->mail->subject);
    cutting->forward_at = SIZE_MAX;
    if (cutting->forwards++ >= FORWARDS_DEEP_MAX ||
        !inline_forward_find(text, length, is_forward, &forward))
        return;
    g_free(forward.author);
    int outer = accusation_score(text, forward.marker);
    int inner = accusation_score(text + forward.body, length - forward.body);
    cutting->forward_at = from + forward.marker;
    cutting->forward_body = from + forward.body;
    cutting->forward_kind = inner < outer && outer >= ACCUSATION_CLEAR &&
                                    !note_passes_on(text, forward.marker)
                                ? BLOCK_SAMPLE
                                : BLOCK_QUOTED;
}

/* The line of a forward is reached: its kind holds from here on, and within a
 * complaint passed on there may be another. */
static void enter_forward(Cutting *cutting)
{
    cutting->base = cutting->forward_kind;
    cutting->state = IN_TEXT;
    if (cutting->forward_kind == BLOCK_QUOTED)
        find_forward(cutting, cutting->forward_body);
    else
        cutting->forward_at = SIZE_MAX;
}

/* What the line that begins at offset at is. */
static BlockKind kind_of_line(Cutting *cutting, Line line, size_t at,
                              size_t cursor)
{
    bool blank = line_bare(line).length == 0;
    if (at >= cutting->forward_at)
        enter_forward(cutting);
    if (cutting->state == IN_WHOIS && !is_whois_line(line_bare(line)))
        cutting->state = IN_TEXT;
    if (cutting->state == IN_DISCLAIMER && blank)
        cutting->state = IN_TEXT;
    if (cutting->state == IN_SAMPLE_HEAD && blank)
        cutting->state = sample_goes_on(cutting, cursor) ? IN_SAMPLE : IN_TEXT;
    if (cutting->state == IN_TEXT && !blank &&
        (cutting->base == BLOCK_BODY || cutting->base == BLOCK_QUOTED ||
         cutting->base == BLOCK_INNER)) {
        enter(cutting, line, at, cursor);
        if (cutting->state == IN_SAMPLE_HEAD)
            cutting->head_at = at;
    }
    cutting->after_blank = blank;
    return kind_in_state(cutting);
}

/* The mark of a format that covers some of the line [at, end). */
static const MarkedSpan *span_over(const Cutting *cutting, size_t at,
                                   size_t end)
{
    const GArray *spans = cutting->study->spans;
    for (guint i = 0; i < spans->len; i++) {
        const MarkedSpan *span = &g_array_index(spans, MarkedSpan, i);
        if (span->part == cutting->part && end > span->at &&
            at < span->at + span->length)
            return span;
    }
    return NULL;
}

static void cut_text(Study *study, uint16_t part, BlockKind kind)
{
    const char *text = study_part_text(study, part);
    Cutting cutting = {.study = study,
                       .part = part,
                       .text = text,
                       .length = strlen(text),
                       .base = kind,
                       .state = IN_TEXT,
                       .after_blank = true};
    cutting.forward_at = SIZE_MAX;
    if (kind == BLOCK_BODY)
        find_forward(&cutting, 0);
    bool has_spans = study->spans->len > 0;
    size_t cursor = 0, at = 0;
    Line line;
    while (line_next(text, cutting.length, &cursor, &line)) {
        const MarkedSpan *span =
            has_spans ? span_over(&cutting, at, cursor) : NULL;
        BlockKind line_kind =
            span ? span->kind : kind_of_line(&cutting, line, at, cursor);
        add_block(study, line_kind, part, at, cursor - at);
        at = cursor;
    }
}

void blocks_cut(Study *study)
{
    const Mail *mail = study->mail;
    size_t subject_length = strlen(mail->subject);
    add_block(study, BLOCK_SUBJECT, PLACE_SUBJECT, 0, subject_length);
    for (size_t i = 0; i < mail->parts->len; i++) {
        const MailPart *part = mail->parts->pdata[i];
        if (strcmp(part->content_type, "multipart/alternative") == 0)
            choose_alternative(study, i);
    }
    for (size_t i = 0; i < mail->parts->len && i < PLACE_NOWHERE; i++) {
        const MailPart *part = mail->parts->pdata[i];
        if (!part->text || study->uses[i] == USE_SKIP)
            continue;
        BlockKind kind = kind_of_part(study, i);
        if (kind == BLOCK_SAMPLE || kind == BLOCK_MACHINE)
            add_block(study, kind, (uint16_t)i, 0, strlen(part->text));
        else
            cut_text(study, (uint16_t)i, kind);
    }
}
