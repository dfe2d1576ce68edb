/*
 * ARF: message/feedback-report (RFC 5965; auth-failure reports RFC 6591).
 *
 * Tolerated, because senders do it: the report as text/plain or with no
 * multipart/report around it; "Source: " and "Source-Ip" for Source-IP;
 * Received-Date for Arrival-Date; fields repeated, which the RFC allows for
 * Reported-Domain and senders do for others. Source-IP of webmail spam is the
 * client's address, for an exit the interesting one.
 *
 * The third part (the original message, or its headers) is the sample: it is
 * evidence, and its words never accuse anybody.
 */
#include "report/formats.h"

#include "report/category.h"
#include "report/lines.h"

#include <string.h>

#define FIELDS_MAX 200

static bool is_feedback_part(const MailPart *part)
{
    return part->text &&
           strcmp(part->content_type, "message/feedback-report") == 0;
}

bool arf_detect(const Study *study)
{
    for (size_t i = 0; i < study->mail->parts->len; i++)
        if (is_feedback_part(study->mail->parts->pdata[i]))
            return true;
    return false;
}

typedef struct {
    Study *study;
    uint16_t part;
    const char *text;
    Quote *type, *source, *port, *arrival, *received;
    Quote *domain;
} Feedback;

static void feedback_clear(Feedback *feedback)
{
    quote_free(feedback->type);
    quote_free(feedback->source);
    quote_free(feedback->port);
    quote_free(feedback->arrival);
    quote_free(feedback->received);
    quote_free(feedback->domain);
}

/* The first of a repeated field is kept. */
static void keep(Feedback *feedback, Quote **field, Line value)
{
    if (*field || value.length == 0)
        return;
    *field = study_quote(feedback->study, feedback->part,
                         (size_t)(value.at - feedback->text), value.length);
}

static void read_field(Feedback *feedback, Line name, Line value)
{
    if (line_is(name, "Feedback-Type"))
        keep(feedback, &feedback->type, value);
    else if (line_is(name, "Source-IP") || line_is(name, "Source"))
        keep(feedback, &feedback->source, value);
    else if (line_is(name, "Source-Port"))
        keep(feedback, &feedback->port, value);
    else if (line_is(name, "Arrival-Date"))
        keep(feedback, &feedback->arrival, value);
    else if (line_is(name, "Received-Date"))
        keep(feedback, &feedback->received, value);
    else if (line_is(name, "Reported-Domain"))
        keep(feedback, &feedback->domain, value);
    else if (line_is(name, "Original-Envelope-Id") ||
             line_is(name, "Report-ID"))
        study_add_reference(feedback->study,
                            study_quote(feedback->study, feedback->part,
                                        (size_t)(value.at - feedback->text),
                                        value.length),
                            "feedback report");
}

/* RFC 5965 section 3.1 and the registry; NULL for what is not abuse. */
static const char *category_of(const char *type)
{
    static const struct {
        const char *type, *category;
    } TYPES[] = {
        {"abuse", "messaging/spam"},
        {"fraud", "content/phishing"},
        {"virus", "content/malware"},
        {"opt-out", NULL},
        {"opt-out-list", NULL},
        {"auth-failure", NULL},
        {"miscategorized", NULL},
        {"not-spam", NULL},
        {"other", NULL},
        {"xarf", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(TYPES); i++)
        if (g_ascii_strcasecmp(TYPES[i].type, type) == 0)
            return TYPES[i].category;
    return NULL;
}

/* Failure reports go to the owner of the forged domain (RFC 7489 section 7.3),
 * often to a mailbox that is named for them; one that names another domain than
 * the reader's complains of a source. */
static bool is_domain_owner(const Feedback *feedback)
{
    g_autofree char *address = NULL, *name = NULL;
    const char *to = mail_header(feedback->study->mail, "To");
    if (!feedback->domain || !to || !mail_mailbox(to, &address, &name) ||
        g_ascii_strncasecmp(address, "dmarc", strlen("dmarc")) == 0)
        return true;
    const char *host = strchr(address, '@');
    const char *domain = feedback->domain->words;
    size_t length = strlen(domain);
    size_t size = host ? strlen(++host) : 0;
    return size >= length &&
           g_ascii_strcasecmp(host + size - length, domain) == 0 &&
           (size == length || host[size - length - 1] == '.');
}

static void hand_over(Feedback *feedback)
{
    Study *study = feedback->study;
    const char *category =
        feedback->type ? category_of(feedback->type->words) : NULL;
    bool is_auth_failure =
        feedback->type &&
        g_ascii_strcasecmp(feedback->type->words, "auth-failure") == 0;
    if (is_auth_failure && is_domain_owner(feedback))
        study->no_complaint = "an authentication failure report (RFC 6591)";
    else if (is_auth_failure && feedback->source)
        category = "messaging/spam"; /* told to the network of the forger */
    if (feedback->type &&
        g_ascii_strcasecmp(feedback->type->words, "not-spam") == 0)
        study->no_complaint = "it says the message was not spam";
    bool is_opt_out =
        feedback->type &&
        g_ascii_strncasecmp(feedback->type->words, "opt-out", 7) == 0;
    if (is_opt_out)
        study->no_complaint = "it asks to be taken off a list (RFC 5965)";
    /* "abuse" is said of phishing and of spam alike: words may refine it. */
    if (category)
        study_state_category(
            study, category, quote_copy(feedback->type),
            g_ascii_strcasecmp(feedback->type->words, "abuse") != 0);
    bool accuses = feedback->source && !is_opt_out;
    Statement *statement = accuses ? study_add_statement(study) : NULL;
    if (!statement)
        return;
    statement->address = g_steal_pointer(&feedback->source);
    statement->port = g_steal_pointer(&feedback->port);
    statement->time = feedback->arrival ? g_steal_pointer(&feedback->arrival)
                                        : g_steal_pointer(&feedback->received);
    statement->category = g_strdup(category);
}

static void read_part(Study *study, uint16_t part)
{
    Feedback feedback = {
        .study = study, .part = part, .text = study_part_text(study, part)};
    size_t cursor = 0, fields = 0;
    Line line, name, value;
    while (fields < FIELDS_MAX &&
           line_next(feedback.text, strlen(feedback.text), &cursor, &line)) {
        if (!line_field(line, &name, &value))
            continue;
        fields++;
        read_field(&feedback, name, value);
    }
    study->uses[part] = USE_MACHINE;
    hand_over(&feedback);
    feedback_clear(&feedback);
}

/* The message that is reported: the sibling of the report part that is a
 * message or its headers. */
static void mark_sample(Study *study, int report_parent)
{
    const GPtrArray *parts = study->mail->parts;
    for (size_t i = 0; i < parts->len; i++) {
        const MailPart *part = parts->pdata[i];
        bool is_sample =
            part->kind == PART_MESSAGE ||
            strcmp(part->content_type, "text/rfc822-headers") == 0 ||
            strcmp(part->content_type, "message/rfc822-headers") == 0 ||
            strcmp(part->content_type, "text/rfc822") == 0;
        if (part->parent == report_parent && is_sample)
            study->uses[i] = USE_SAMPLE;
    }
}

bool arf_read(Study *study)
{
    const GPtrArray *parts = study->mail->parts;
    bool found = false;
    for (size_t i = 0; i < parts->len && i < PLACE_NOWHERE; i++) {
        const MailPart *part = parts->pdata[i];
        if (!is_feedback_part(part))
            continue;
        read_part(study, (uint16_t)i);
        mark_sample(study, part->parent);
        found = true;
    }
    if (found && study->sender_class == SENDER_UNKNOWN) {
        study->sender_class = SENDER_AUTOMATED;
        study->sender_why = "a feedback report (RFC 5965)";
    }
    return found;
}
