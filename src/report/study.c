/* What the files of report/ share: see study.h. */
#include "report/study.h"

#include "report/category.h"

#include <string.h>

const char *study_part_text(const Study *study, size_t part)
{
    const MailPart *mail_part = study->mail->parts->pdata[part];
    return mail_part->text;
}

/* Take blanks off both ends, and cut at QUOTE_MAX on a character's edge. */
static void trim(const char *text, size_t *at, size_t *length)
{
    while (*length > 0 && g_ascii_isspace(text[*at]))
        (*at)++, (*length)--;
    while (*length > 0 && g_ascii_isspace(text[*at + *length - 1]))
        (*length)--;
    if (*length <= QUOTE_MAX)
        return;
    *length = QUOTE_MAX;
    while (*length > 0 && (text[*at + *length] & 0xc0) == 0x80)
        (*length)--;
}

Quote *study_quote(const Study *study, uint16_t part, size_t at, size_t length)
{
    const char *text = study_part_text(study, part);
    trim(text, &at, &length);
    Place place = mail_place(study->mail, part, at, length);
    place.column = place_column(text, at);
    return quote_new(text + at, length, place);
}

Quote *study_subject_quote(const Mail *mail, size_t at, size_t length)
{
    trim(mail->subject, &at, &length);
    Place place = mail_place(mail, PLACE_SUBJECT, at, length);
    place.column = place_column(mail->subject, at);
    return quote_new(mail->subject + at, length, place);
}

const char *study_block_text(const Study *study, const Block *block)
{
    if (block->part == PLACE_SUBJECT)
        return study->mail->subject + block->at;
    return study_part_text(study, block->part) + block->at;
}

const FoldedText *study_folded(Study *study, guint block)
{
    const Block *of = study->report->blocks->pdata[block];
    if (study->folded->len < study->report->blocks->len)
        g_ptr_array_set_size(study->folded, (int)study->report->blocks->len);
    if (study->folded->pdata[block])
        return study->folded->pdata[block];
    if (study->folded_bytes + of->length > STUDY_TEXT_MAX) {
        report_add_flag(study->report, "text-cut");
        return NULL;
    }
    study->folded_bytes += of->length;
    study->folded->pdata[block] =
        folded_text_new(study_block_text(study, of), of->length);
    return study->folded->pdata[block];
}

Quote *study_hit_quote(const Study *study, const Block *block,
                       const WordHit *hit)
{
    if (block->part == PLACE_SUBJECT)
        return study_subject_quote(study->mail, block->at + hit->at,
                                   hit->length);
    return study_quote(study, block->part, block->at + hit->at, hit->length);
}

void study_state_category(Study *study, const char *category, Quote *quote,
                          bool is_firm)
{
    g_assert(category_is_known(category));
    if (study->category) {
        if (strcmp(study->category, category) != 0)
            report_add_flag(study->report, "formats-disagree");
        quote_free(quote);
        return;
    }
    study->category = category;
    study->category_quote = quote;
    study->category_is_firm = is_firm;
}

bool reference_is_valid(const char *value)
{
    size_t length = strlen(value);
    if (length == 0 || length > 64 || *value == ' ' ||
        value[length - 1] == ' ' || !g_utf8_validate(value, -1, NULL))
        return false;
    for (const char *at = value; *at; at = g_utf8_next_char(at)) {
        gunichar c = g_utf8_get_char(at);
        bool is_sign = c < 0x80
                           ? g_ascii_isalnum(*at) || strchr(":#._/@+-", *at) ||
                                 (*at == ' ' && at[1] != ' ')
                           : g_unichar_isalpha(c);
        if (!is_sign)
            return false;
    }
    return true;
}

void study_add_reference(Study *study, Quote *value, const char *where)
{
    GPtrArray *references = study->report->references;
    bool wanted = value && reference_is_valid(value->words) &&
                  references->len < REFERENCES_MAX;
    for (guint i = 0; wanted && i < references->len; i++) {
        const Reference *known = references->pdata[i];
        /* "[Ticket#4711]" is read by its brackets and by its label. */
        wanted = !g_str_has_suffix(known->value->words, value->words);
    }
    if (!wanted) {
        quote_free(value);
        return;
    }
    Reference *reference = g_new0(Reference, 1);
    reference->value = value;
    reference->where = g_strdup(where);
    reference->is_inner = value->place.part < study->mail->parts->len &&
                          study_is_inner(study, value->place.part);
    g_ptr_array_add(references, reference);
}

Statement *study_add_statement(Study *study)
{
    if (study->report->statements->len >= STATEMENTS_MAX) {
        report_add_flag(study->report, "machine-part-cut");
        return NULL;
    }
    Statement *statement = g_new0(Statement, 1);
    g_ptr_array_add(study->report->statements, statement);
    return statement;
}

void study_mark(Study *study, uint16_t part, size_t at, size_t length,
                BlockKind kind)
{
    GArray *spans = study->spans;
    MarkedSpan *last = spans->len > 0
                           ? &g_array_index(spans, MarkedSpan, spans->len - 1)
                           : NULL;
    if (last && last->part == part && last->kind == kind &&
        last->at + last->length <= at &&
        at - (last->at + last->length) <= SPAN_GAP_MAX) {
        last->length = (uint32_t)(at + length - last->at);
        return;
    }
    if (spans->len >= SPANS_MAX || length == 0)
        return;
    MarkedSpan span = {.part = part,
                       .at = (uint32_t)at,
                       .length = (uint32_t)length,
                       .kind = kind};
    g_array_append_val(spans, span);
}

bool study_is_within(const Study *study, size_t part, PartUse use)
{
    for (int at = (int)part; at >= 0;) {
        const MailPart *mail_part = study->mail->parts->pdata[at];
        if (study->uses[at] == use)
            return true;
        g_assert(mail_part->parent < at);
        at = mail_part->parent;
    }
    return false;
}

bool study_is_inner(const Study *study, size_t part)
{
    for (int at = (int)part; at >= 0;) {
        const MailPart *mail_part = study->mail->parts->pdata[at];
        if (mail_part->kind == PART_MESSAGE && at != (int)part)
            return true;
        at = mail_part->parent;
    }
    return false;
}
