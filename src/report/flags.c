/* What a person should know before trusting the rest: flags.h has the list. */
#include "report/flags.h"

#include "report/judges.h"

#include <string.h>

static bool type_is_any(const char *type, const char *const *prefixes)
{
    for (; *prefixes; prefixes++)
        if (g_str_has_prefix(type, *prefixes))
            return true;
    return false;
}

/* The flaws of archives and PDFs have flags of their own, of the same words. */
static void flag_flaw(Report *report, const char *flaw)
{
    if (strcmp(flaw, MAIL_FLAW_ARCHIVE_REST) == 0) {
        report_add_flag(report, "attachment-not-read");
    } else if (g_str_has_prefix(flaw, "archive ") ||
               g_str_has_prefix(flaw, "pdf ")) {
        g_autofree char *flag = g_strdup(flaw);
        report_add_flag(report, g_strdelimit(flag, " ", '-'));
    } else if (strcmp(flaw, "charset wrong") == 0) {
        report_add_flag(report, "charset-wrong");
    } else {
        report_add_flag(report, "part-flawed");
    }
}

static void flag_part(Study *study, const MailPart *part)
{
    static const char *const SIGNATURES[] = {
        "application/pgp-signature", "application/pkcs7-signature",
        "application/x-pkcs7-signature", "multipart/signed", NULL};
    static const char *const ENCRYPTED[] = {"application/pgp-encrypted",
                                            "multipart/encrypted", NULL};
    static const char *const QUIET[] = {"image/", "application/pgp-",
                                        "application/pkcs7",
                                        "application/x-pkcs7", NULL};
    Report *report = study->report;
    if (part->flaw)
        flag_flaw(report, part->flaw);
    if (type_is_any(part->content_type, SIGNATURES))
        report_add_flag(report, "signature-not-checked");
    if (type_is_any(part->content_type, ENCRYPTED))
        report_add_flag(report, "encrypted");
    if (part->kind == PART_BINARY && part->bytes &&
        g_bytes_get_size(part->bytes) > 0 &&
        !type_is_any(part->content_type, QUIET))
        report_add_flag(report, "attachment-not-read");
    if (part->text &&
        (strstr(part->text, "-----BEGIN PGP SIGNED MESSAGE-----")))
        report_add_flag(report, "signature-not-checked");
    if (part->text && strstr(part->text, "-----BEGIN PGP MESSAGE-----"))
        report_add_flag(report, "encrypted");
}

static size_t headers_named(const Mail *mail, const char *name)
{
    size_t count = 0;
    for (guint i = 0; i < mail->headers->len; i++) {
        const MailHeader *header = mail->headers->pdata[i];
        count += g_ascii_strcasecmp(header->name, name) == 0;
    }
    return count;
}

/* Is there an address in any text that may state the offender? Digits with
 * dots or colons are enough: this only guards "image-only". */
static bool text_has_address(const Study *study)
{
    const GPtrArray *blocks = study->report->blocks;
    for (guint i = 0; i < blocks->len; i++) {
        const Block *block = blocks->pdata[i];
        const char *text = study_block_text(study, block);
        size_t run = 0, dots = 0;
        for (size_t k = 0; k < block->length; k++) {
            bool part_of = g_ascii_isxdigit(text[k]) ||
                           (text[k] && strchr(".:[]", text[k]));
            dots = part_of ? dots + (text[k] == '.' || text[k] == ':') : 0;
            run = part_of ? run + 1 : 0;
            if (run >= 7 && dots >= 3)
                return true;
        }
    }
    return false;
}

static void flag_image_only(Study *study)
{
    const GPtrArray *parts = study->mail->parts;
    bool has_image = false;
    for (guint i = 0; i < parts->len; i++) {
        const MailPart *part = parts->pdata[i];
        bool is_image = g_str_has_prefix(part->content_type, "image/") &&
                        part->bytes && g_bytes_get_size(part->bytes) > 2000;
        bool is_scan =
            part->flaw && strcmp(part->flaw, MAIL_FLAW_PDF_NO_TEXT) == 0;
        has_image = has_image || is_image || is_scan;
    }
    if (has_image && study->report->statements->len == 0 &&
        !text_has_address(study))
        report_add_flag(study->report, "image-only");
}

void flags_judge(Study *study)
{
    const Mail *mail = study->mail;
    Report *report = study->report;
    for (guint i = 0; i < mail->parts->len; i++)
        flag_part(study, mail->parts->pdata[i]);
    if (headers_named(mail, "Subject") > 1)
        report_add_flag(report, "two-subjects");
    if (mail->date == INSTANT_NONE)
        report_add_flag(report, "no-date");
    if (!mail_header(mail, "Message-ID"))
        report_add_flag(report, "no-message-id");
    flag_image_only(study);
    unread_judge(study);
    for (guint i = 0; i < mail->flags->len; i++) {
        /* One spelling for all: "mbox From line" is "mbox-From-line". */
        g_autofree char *flag = g_strdup(mail->flags->pdata[i]);
        report_add_flag(report, g_strdelimit(flag, " ", '-'));
    }
}
