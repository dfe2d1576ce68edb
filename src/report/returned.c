/*
 * Fields first (RFC 3464, 8098, 5965: they say what they mean), then header
 * fields that only such programs write, then prose. In prose a delay beats a
 * failure ("could not be delivered yet") unless it is said to be for good, and
 * being away beats a receipt ("thank you for contacting us, we are out of the
 * office").
 *
 * Prose counts only where something else says that a program wrote it (a
 * mailer's address, Auto-Submitted, the Subject), or people could not write to
 * us about bounces. Challenges have no such mark; they are told by their words
 * alone.
 */
#include "report/returned.h"

#include "mail/dsn.h"
#include "report/judges.h"
#include "report/returned_words.h"

#include <string.h>

#define TEXT_LOOKED_AT  (32 * 1024)
#define HITS_MAX        200
#define MESSAGE_ID_MAX  250
#define NUMBER_SIZE_MAX 64

const char *return_kind_word(ReturnKind kind)
{
    switch (kind) {
    case RETURN_NONE:
        return "none";
    case RETURN_FAILED:
        return "failed";
    case RETURN_DELAYED:
        return "delayed";
    case RETURN_DELIVERED:
        return "delivered";
    case RETURN_DISPLAYED:
        return "displayed";
    case RETURN_ABSENT:
        return "absent";
    case RETURN_RECEIPT:
        return "receipt";
    case RETURN_CHALLENGE:
        return "challenge";
    case RETURN_FEEDBACK:
        return "feedback";
    case RETURN_UNCLEAR:
        return "unclear";
    case RETURN_COUNT:
        break;
    }
    g_assert_not_reached();
}

Returned *returned_new(ReturnKind kind)
{
    Returned *returned = g_new0(Returned, 1);
    returned->kind = kind;
    return returned;
}

void returned_free(Returned *returned)
{
    if (!returned)
        return;
    g_free(returned->status);
    g_free(returned->diagnostic);
    g_free(returned->reference);
    g_free(returned->return_path);
    g_free(returned->message_id);
    g_free(returned);
}

void returned_put(const Returned *returned, WireOut *out)
{
    static const Returned none;
    const Returned *from = returned ? returned : &none;
    wire_put_u8(out, (uint8_t)from->kind);
    wire_put_text(out, from->status);
    wire_put_text(out, from->diagnostic);
    wire_put_text(out, from->reference);
    wire_put_text(out, from->return_path);
    wire_put_text(out, from->message_id);
}

Returned *returned_get(WireIn *in)
{
    g_autoptr(Returned) returned =
        returned_new((ReturnKind)wire_get_choice(in, RETURN_COUNT));
    returned->status = wire_get_text(in, DSN_STATUS_SIZE);
    returned->diagnostic = wire_get_text(in, RETURNED_TEXT_MAX);
    returned->reference = wire_get_text(in, NUMBER_SIZE_MAX);
    returned->return_path = wire_get_text(in, ADDRESS_TEXT_MAX);
    returned->message_id = wire_get_text(in, MESSAGE_ID_MAX);
    return returned->kind == RETURN_NONE || in->broken
               ? NULL
               : g_steal_pointer(&returned);
}

/* ---- parts ------------------------------------------------------------ */

static bool has_type(const MailPart *part, const char *type)
{
    return strcmp(part->content_type, type) == 0;
}

/* Text of a part, also of one whose type nobody knows. */
static const char *part_text(const MailPart *part, size_t *length)
{
    if (part->text) {
        *length = strlen(part->text);
        return part->text;
    }
    if (part->bytes) {
        gsize size;
        const char *data = g_bytes_get_data(part->bytes, &size);
        *length = size;
        return data;
    }
    return NULL;
}

static const MailPart *find_part(const Study *study, const char *const *types)
{
    for (guint i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        if (g_strv_contains(types, part->content_type) &&
            !study_is_inner(study, i))
            return part;
    }
    return NULL;
}

/* The value of a field in a text of header lines; yours, or NULL. */
static char *field_of_text(const char *text, size_t length, const char *name)
{
    size_t size = strlen(name);
    const char *end = text + MIN(length, DSN_TEXT_MAX);
    for (const char *at = text; at < end;) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        const char *stop = lf ? lf : end;
        if ((size_t)(stop - at) > size && at[size] == ':' &&
            g_ascii_strncasecmp(at, name, size) == 0) {
            char *value = g_strndup(at + size + 1, stop - at - size - 1);
            return g_strstrip(value);
        }
        at = stop + 1;
    }
    return NULL;
}

static char *fit_text(const char *text, size_t max)
{
    return text && *text && strlen(text) <= max &&
                   g_utf8_validate(text, -1, NULL)
               ? g_strdup(text)
               : NULL;
}

/* "<a@b>" -> "a@b". */
static char *bare_address(const char *text)
{
    if (!text)
        return NULL;
    size_t length = strlen(text);
    bool is_bracketed = length >= 2 && *text == '<' && text[length - 1] == '>';
    g_autofree char *bare =
        is_bracketed ? g_strndup(text + 1, length - 2) : g_strdup(text);
    return fit_text(bare, ADDRESS_TEXT_MAX);
}

static void take_enclosed(Returned *returned, const char *message_id,
                          const char *return_path)
{
    if (!returned->message_id && message_id && *message_id == '<')
        returned->message_id = fit_text(message_id, MESSAGE_ID_MAX);
    if (!returned->return_path)
        returned->return_path = bare_address(return_path);
}

/* Which letter came back: from the message or the header enclosed. */
static void read_enclosed(const Study *study, Returned *returned)
{
    const GPtrArray *parts = study->mail->parts;
    for (guint i = 0; i < parts->len; i++) {
        const MailPart *part = parts->pdata[i];
        size_t length = 0;
        const char *text = part_text(part, &length);
        if (part->parent >= 0 &&
            ((const MailPart *)parts->pdata[part->parent])->kind ==
                PART_MESSAGE) {
            take_enclosed(returned, mail_part_header(part, "Message-ID"),
                          mail_part_header(part, "Return-Path"));
        } else if (text && (has_type(part, "text/rfc822-headers") ||
                            has_type(part, "message/rfc822-headers"))) {
            g_autofree char *id = field_of_text(text, length, "Message-ID");
            g_autofree char *path = field_of_text(text, length, "Return-Path");
            take_enclosed(returned, id, path);
        }
    }
}

/* ---- fields ----------------------------------------------------------- */

static Returned *read_feedback(const Study *study)
{
    static const char *const TYPES[] = {"message/feedback-report", NULL};
    const MailPart *part = find_part(study, TYPES);
    size_t length = 0;
    const char *text = part ? part_text(part, &length) : NULL;
    if (!text)
        return NULL;
    g_autofree char *type = field_of_text(text, length, "Feedback-Type");
    g_autofree char *path = field_of_text(text, length, "Original-Mail-From");
    if (!type)
        return NULL;
    Returned *returned = returned_new(RETURN_FEEDBACK);
    returned->diagnostic = fit_text(type, DSN_DIAGNOSTIC_MAX);
    returned->return_path = bare_address(path);
    return returned;
}

static Returned *read_receipt_of_reader(const Study *study)
{
    static const char *const TYPES[] = {
        "message/disposition-notification",
        "message/global-disposition-notification", NULL};
    const MailPart *part = find_part(study, TYPES);
    size_t length = 0;
    const char *text = part ? part_text(part, &length) : NULL;
    if (!part)
        return NULL;
    Returned *returned = returned_new(RETURN_DISPLAYED);
    g_autofree char *said =
        text ? field_of_text(text, length, "Disposition") : NULL;
    returned->diagnostic = fit_text(said, DSN_DIAGNOSTIC_MAX);
    return returned;
}

static ReturnKind kind_of_action(DsnAction action)
{
    switch (action) {
    case DSN_FAILED:
        return RETURN_FAILED;
    case DSN_DELAYED:
        return RETURN_DELAYED;
    case DSN_DELIVERED:
    case DSN_RELAYED:
    case DSN_EXPANDED:
        return RETURN_DELIVERED;
    case DSN_NOTHING:
        return RETURN_UNCLEAR;
    }
    g_assert_not_reached();
}

static Returned *returned_of_dsn(const Dsn *dsn)
{
    Returned *returned = returned_new(kind_of_action(dsn->action));
    returned->status = dsn->status[0] ? g_strdup(dsn->status) : NULL;
    returned->diagnostic = fit_text(dsn->diagnostic, DSN_DIAGNOSTIC_MAX);
    return returned;
}

static bool is_dsn_text(const char *text)
{
    return strstr(text, "Final-Recipient:") || strstr(text, "Reporting-MTA:");
}

/* In its own part, or where a program wrote it into the text. */
static Returned *read_delivery_status(const Study *study)
{
    static const char *const TYPES[] = {"message/delivery-status",
                                        "message/global-delivery-status", NULL};
    const MailPart *part = find_part(study, TYPES);
    g_auto(Dsn) dsn = {0};
    size_t length = 0;
    const char *text = part ? part_text(part, &length) : NULL;
    if (text && dsn_read(text, length, &dsn))
        return returned_of_dsn(&dsn);
    for (guint i = 0; i < study->mail->parts->len; i++) {
        const MailPart *other = study->mail->parts->pdata[i];
        if (other->kind == PART_TEXT && other->text &&
            !study_is_inner(study, i) && is_dsn_text(other->text) &&
            dsn_read(other->text, strlen(other->text), &dsn))
            return returned_of_dsn(&dsn);
    }
    return NULL;
}

/* ---- prose ------------------------------------------------------------ */

typedef struct {
    bool failed, permanent, delayed, absent, receipt, challenge;
} Said;

static void hear(Said *said, const WordIndex *index, const char *text,
                 size_t length)
{
    g_autoptr(FoldedText) folded = folded_text_new(text, length);
    g_autoptr(GArray) hits = word_index_find(index, folded, HITS_MAX);
    for (guint i = 0; i < hits->len; i++) {
        const char *meaning = g_array_index(hits, WordHit, i).row->meaning;
        said->failed |= strcmp(meaning, "failed") == 0;
        said->permanent |= strcmp(meaning, "permanent") == 0;
        said->delayed |= strcmp(meaning, "delayed") == 0;
        said->absent |= strcmp(meaning, "absent") == 0;
        said->receipt |= strcmp(meaning, "receipt") == 0;
        said->challenge |= strcmp(meaning, "challenge") == 0;
    }
}

/* The first text that the program itself wrote. */
static const char *own_text(const Study *study, size_t *length)
{
    for (guint i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        if ((part->kind == PART_TEXT || part->kind == PART_HTML) &&
            part->text && !study_is_inner(study, i)) {
            const char *text = part->text;
            *length = strlen(text);
            if (*length > TEXT_LOOKED_AT)
                *length = (size_t)(g_utf8_find_prev_char(
                                       text, text + TEXT_LOOKED_AT) -
                                   text);
            return text;
        }
    }
    *length = 0;
    return "";
}

/* What the mail encloses below is our letter: not the program's words. */
static size_t length_above_copy(const char *text, size_t length)
{
    static const char *const MARKS[] = {
        "\n--- Below this line is a copy of the message",
        "\n------ This is a copy of the message",
        "\n----- Original message follows",
        "\n-----Original Message-----",
        "\n----- Message header follows",
        "\n>",
    };
    size_t least = length;
    for (size_t i = 0; i < G_N_ELEMENTS(MARKS); i++) {
        const char *at = memmem(text, length, MARKS[i], strlen(MARKS[i]));
        if (at && (size_t)(at - text) < least)
            least = (size_t)(at - text);
    }
    return least;
}

static bool is_from_mailer(const Study *study)
{
    static const char *const NAMES[] = {"mailer-daemon@", "postmaster@",
                                        "mail-daemon@", "maildaemon@",
                                        "mailerdaemon@"};
    const char *from = study->report->reporter_address;
    for (size_t i = 0; from && i < G_N_ELEMENTS(NAMES); i++)
        if (g_ascii_strncasecmp(from, NAMES[i], strlen(NAMES[i])) == 0)
            return true;
    const char *path = mail_header(study->mail, "Return-Path");
    return mail_header(study->mail, "X-Failed-Recipients") ||
           (path && strcmp(path, "<>") == 0);
}

static bool is_auto_reply(const Study *study)
{
    static const char *const FIELDS[] = {"X-Autoreply",  "X-Autorespond",
                                         "X-Auto-Reply", "X-Auto-Response",
                                         "X-Vacation",   "X-Autogenerated"};
    const Mail *mail = study->mail;
    for (size_t i = 0; i < G_N_ELEMENTS(FIELDS); i++)
        if (mail_header(mail, FIELDS[i]))
            return true;
    const char *submitted = mail_header(mail, "Auto-Submitted");
    const char *precedence = mail_header(mail, "Precedence");
    Disposition disposition = study->report->disposition;
    return (submitted && g_ascii_strncasecmp(submitted, "no", 3) != 0) ||
           (precedence && g_ascii_strcasecmp(precedence, "auto_reply") == 0) ||
           disposition == DISPOSITION_AUTO_REPLY ||
           disposition == DISPOSITION_ACKNOWLEDGEMENT;
}

/* Their own number for the case: the first that they state themselves. */
static char *own_number(const Study *study)
{
    const GPtrArray *references = study->report->references;
    for (guint i = 0; i < references->len; i++) {
        const Reference *reference = references->pdata[i];
        if (!reference->is_inner)
            return fit_text(reference->value->words, NUMBER_SIZE_MAX);
    }
    return NULL;
}

static ReturnKind kind_of_bounce(const Said *said)
{
    if (said->delayed && !said->permanent)
        return RETURN_DELAYED;
    return said->failed || said->permanent ? RETURN_FAILED : RETURN_NONE;
}

static ReturnKind kind_of_answer(const Study *study, const Said *said)
{
    if (said->challenge)
        return RETURN_CHALLENGE;
    if (said->absent)
        return RETURN_ABSENT;
    g_autofree char *number = said->receipt ? own_number(study) : NULL;
    if (number || said->receipt ||
        study->report->disposition == DISPOSITION_ACKNOWLEDGEMENT)
        return RETURN_RECEIPT;
    return RETURN_ABSENT;
}

static void add_prose_status(Returned *returned, const Said *said,
                             const char *text, size_t length)
{
    char status[DSN_STATUS_SIZE];
    if (dsn_status_in(text, length, status))
        returned->status = g_strdup(status);
    else if (returned->kind == RETURN_FAILED && said->permanent)
        returned->status = g_strdup("5.0.0");
}

/* A mail that complains, and by nothing else says that a program answers, is
 * not read for it. */
static bool may_be_prose(const Study *study, const Said *titled)
{
    Disposition disposition = study->report->disposition;
    return is_from_mailer(study) || is_auto_reply(study) || titled->failed ||
           titled->delayed || titled->absent || titled->receipt ||
           titled->challenge ||
           (disposition != DISPOSITION_COMPLAINT &&
            disposition != DISPOSITION_LEGAL);
}

static Returned *read_prose(const Study *study)
{
    const char *subject = study->mail->subject;
    Said said = {0}, titled = {0};
    hear(&titled, returned_subject_words(), subject, strlen(subject));
    if (!may_be_prose(study, &titled))
        return NULL;
    size_t length;
    const char *text = own_text(study, &length);
    size_t own = length_above_copy(text, length);
    hear(&said, returned_words(), text, own);
    bool is_mailer = is_from_mailer(study);
    ReturnKind kind = RETURN_NONE;
    if (is_mailer || study->report->disposition == DISPOSITION_BOUNCE) {
        kind = kind_of_bounce(&said);
        kind = kind != RETURN_NONE ? kind : kind_of_bounce(&titled);
    }
    bool is_answer = is_auto_reply(study) || titled.absent ||
                     titled.challenge || said.challenge || is_mailer;
    if (kind == RETURN_NONE && is_answer &&
        (!is_mailer || said.absent || said.challenge || said.receipt ||
         titled.absent || is_auto_reply(study))) {
        said.absent |= titled.absent && !said.receipt;
        said.challenge |= titled.challenge;
        said.receipt |= titled.receipt;
        kind = kind_of_answer(study, &said);
    }
    if (kind == RETURN_NONE && study->report->disposition == DISPOSITION_BOUNCE)
        kind = RETURN_UNCLEAR;
    if (kind == RETURN_NONE)
        return NULL;
    Returned *returned = returned_new(kind);
    if (kind == RETURN_FAILED || kind == RETURN_DELAYED)
        add_prose_status(returned, &said, text, own);
    if (kind == RETURN_RECEIPT)
        returned->reference = own_number(study);
    return returned;
}

void returned_judge(Study *study)
{
    Returned *returned = read_feedback(study);
    if (!returned)
        returned = read_receipt_of_reader(study);
    if (!returned)
        returned = read_delivery_status(study);
    if (!returned || returned->kind == RETURN_UNCLEAR) {
        Returned *prose = read_prose(study);
        if (prose) {
            returned_free(returned);
            returned = prose;
        }
    }
    if (returned)
        read_enclosed(study, returned);
    study->report->returned = returned;
}
