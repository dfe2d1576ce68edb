/*
 * Almost every exit refuses port 25, and many refuse 465 and 587. A complaint
 * about logins to a mail server that cites no port is then no evidence that
 * the traffic came through Tor: the relay's machine itself may have sent it,
 * or somebody forged its address. Who reads the record by the address alone
 * would say "somebody who uses Tor" of what Tor cannot have carried.
 *
 * So the words that only mail servers use, and their ports in prose ("port
 * 25", which no pair of addresses carries), are looked for. They tell that a
 * port is missing, or stands in a sentence only, which a person should read
 * before a letter rests on it.
 */
#include "incident/mailport.h"

#include <string.h>

static const char *const WORDS[] = {
    "smtp",    "smtps",      "smtpd",       "esmtp",    "sasl",
    "postfix", "sendmail",   "exim",        "exim4",    "submission",
    "port 25", "port: 25",   "port 465",    "port 587", "port: 587",
    "25/tcp",  "mailserver", "mail server",
};

static bool is_apart(const Cursor *text, size_t at, size_t length)
{
    size_t end = at + length;
    return (at == 0 || !g_ascii_isalnum(text->text[at - 1])) &&
           (end == text->length || !g_ascii_isalnum(text->text[end]));
}

static bool has_word(const Cursor *text, const char *word)
{
    size_t length = strlen(word);
    const char *at = text->text, *end = text->text + text->length;
    while ((at = memmem(at, (size_t)(end - at), word, length))) {
        if (is_apart(text, (size_t)(at - text->text), length))
            return true;
        at++;
    }
    return false;
}

static bool speaks_of_mail(const Sheet *sheet)
{
    for (guint i = 0; i < sheet->pages->len; i++) {
        const Page *page = sheet_page(sheet, i);
        if (page->block->kind == BLOCK_SIGNATURE ||
            page->block->kind == BLOCK_SAMPLE)
            continue;
        for (size_t k = 0; k < G_N_ELEMENTS(WORDS); k++)
            if (has_word(&page->folded, WORDS[k]))
                return true;
    }
    return false;
}

bool mail_port_is_missing(const Sheet *sheet, const GPtrArray *incidents)
{
    for (guint i = 0; i < incidents->len; i++) {
        const Incident *incident = incidents->pdata[i];
        bool is_vague = incident->target_port <= 0 || incident->port_is_prose;
        if (incident->role == ROLE_OFFENDER && is_vague)
            return speaks_of_mail(sheet);
    }
    return false;
}
