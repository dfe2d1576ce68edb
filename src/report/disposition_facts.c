/*
 * What parts and header fields say a mail is, before a word is weighed:
 * content types and fields of RFC 3464, 3834, 7489, 8098 and 8460, and our own
 * ticket id. The null envelope sender is not known here; the gate looks at it.
 */
#include "report/disposition_facts.h"

#include "report/disposition_text.h"

#include <string.h>

/* --- bounces --- */

static bool has_part(const Study *study, const char *type)
{
    for (guint i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        if (strcmp(part->content_type, type) == 0 && !study_is_inner(study, i))
            return true;
    }
    return false;
}

static const char *bounce_why(const Study *study)
{
    const char *address = study->report->reporter_address;
    if (has_part(study, "message/delivery-status") ||
        has_part(study, "message/global-delivery-status"))
        return "a delivery status (RFC 3464)";
    if (has_part(study, "message/disposition-notification"))
        return "a read receipt (RFC 8098)";
    if (mail_header(study->mail, "X-Failed-Recipients"))
        return "an X-Failed-Recipients field";
    if (address && g_ascii_strncasecmp(address, "mailer-daemon@", 14) == 0)
        return "it comes from mailer-daemon";
    return NULL;
}

/* --- aggregates --- */

/* RFC 7489 section 7.2.1.1: receiver "!" policy-domain "!" begin "!" end. */
static bool is_dmarc_name(const char *name)
{
    size_t marks = 0;
    for (const char *at = name; *at; at++)
        marks += *at == '!';
    return marks >= 3 && (strstr(name, ".xml") || strstr(name, ".zip") ||
                          strstr(name, ".gz"));
}

/* The report itself, whatever it is called (RFC 7489 appendix C; RFC 8460
 * section 4.4). */
static const char *aggregate_in_text(const char *text)
{
    if (strstr(text, "<report_metadata>") && strstr(text, "<policy_published>"))
        return "a DMARC aggregate report";
    if (strstr(text, "\"organization-name\"") &&
        strstr(text, "\"total-failure-session-count\""))
        return "a TLS-RPT report";
    return NULL;
}

static const char *aggregate_why(const Study *study)
{
    for (guint i = 0; i < study->mail->parts->len; i++) {
        const MailPart *part = study->mail->parts->pdata[i];
        const char *why = part->text ? aggregate_in_text(part->text) : NULL;
        if (part->filename && is_dmarc_name(part->filename))
            return "a DMARC aggregate report is attached";
        if (why)
            return why;
        if (g_str_has_prefix(part->content_type, "application/tlsrpt"))
            return "a TLS-RPT report";
    }
    return NULL;
}

/* --- automatic replies --- */

/* Ticket systems mark whatever they send as an automatic reply, forwarded
 * complaints as well. Who accuses somebody and answers nothing complains. */
static bool is_marked_complaint(const Study *study)
{
    return !text_is_answer(study) &&
           text_accusation(study, true) >= 2 * ACCUSATION_CLEAR &&
           text_cites_address(study);
}

static const char *auto_reply_why(const Study *study)
{
    static const char *const FIELDS[] = {"X-Autoreply", "X-Autorespond",
                                         "X-Auto-Reply", "X-Auto-Response",
                                         "X-Vacation"};
    const Mail *mail = study->mail;
    const char *submitted = mail_header(mail, "Auto-Submitted");
    const char *why = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(FIELDS); i++)
        if (mail_header(mail, FIELDS[i]))
            why = "a field of automatic replies";
    if (submitted && g_ascii_strncasecmp(submitted, "auto-replied", 12) == 0)
        why = "Auto-Submitted: auto-replied";
    return why && !is_marked_complaint(study) ? why : NULL;
}

/* --- answers to us --- */

/* Our own ticket id in the subject: two or more capitals, year, five digits,
 * check letter ("XX-2026-00042-K"). */
static bool has_ticket_id(const char *subject)
{
    for (const char *at = subject; (at = strstr(at, "-20")); at += 3) {
        const char *begin = at;
        while (begin > subject && g_ascii_isupper(begin[-1]))
            begin--;
        if (at - begin < 2 || at - begin > 8 ||
            (begin > subject && g_ascii_isalnum(begin[-1])))
            continue;
        static const char FORM[] = "-20dd-ddddd-A";
        size_t i = 0;
        for (; FORM[i]; i++) {
            bool fits = FORM[i] == 'd'   ? g_ascii_isdigit(at[i])
                        : FORM[i] == 'A' ? g_ascii_isupper(at[i])
                                         : at[i] == FORM[i];
            if (!fits)
                break;
        }
        if (!FORM[i] && !g_ascii_isalnum(at[i]))
            return true;
    }
    return false;
}

static const char *reply_why(const Study *study)
{
    const char *subject = study->mail->subject;
    bool answers = text_is_answer(study) || subject_says_answer(subject);
    return answers && has_ticket_id(subject)
               ? "our ticket id in the subject of an answer"
               : NULL;
}

const char *disposition_fact(const Study *study, Disposition *disposition)
{
    static const struct {
        Disposition disposition;
        const char *(*why)(const Study *);
    } FACTS[] = {
        {DISPOSITION_BOUNCE, bounce_why},
        {DISPOSITION_AGGREGATE, aggregate_why},
        {DISPOSITION_AUTO_REPLY, auto_reply_why},
        {DISPOSITION_REPLY, reply_why},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(FACTS); i++) {
        const char *why = FACTS[i].why(study);
        if (!why)
            continue;
        *disposition = FACTS[i].disposition;
        return why;
    }
    return NULL;
}
