/*
 * What a line is, by how it begins.
 *
 * To add one: a row with the folded beginning of the line. SOFT rows count
 * only beside a hard header of a forwarded mail: "Date:" alone is also how
 * X-ARF and many robots label the incident.
 */
#include "incident/sheet.h"

#include <string.h>

#define NEAR_LINES 3 /* how far a soft header may stand from a hard one */

typedef struct {
    const char *begins;
    LineKind kind;
    bool is_soft;
} LineStart;

static const LineStart STARTS[] = {
    {"received:", LINE_RECEIVED, false},
    {"x-received:", LINE_RECEIVED, false},
    {"received-spf:", LINE_RECEIVED, false},
    {"authentication-results:", LINE_RECEIVED, false},
    {"arc-authentication-results:", LINE_RECEIVED, false},
    {"x-originating-ip:", LINE_ORIGIN, false},
    {"x-sender-ip:", LINE_ORIGIN, false},
    {"x-source-ip:", LINE_ORIGIN, false},
    {"x-sid-pra:", LINE_MAIL_HEADER, false},

    {"from:", LINE_MAIL_HEADER, false},
    {"to:", LINE_MAIL_HEADER, false},
    {"cc:", LINE_MAIL_HEADER, false},
    {"reply-to:", LINE_MAIL_HEADER, false},
    {"subject:", LINE_MAIL_HEADER, false},
    {"message-id:", LINE_MAIL_HEADER, false},
    {"return-path:", LINE_MAIL_HEADER, false},
    {"delivered-to:", LINE_MAIL_HEADER, false},
    {"mime-version:", LINE_MAIL_HEADER, false},
    {"content-type:", LINE_MAIL_HEADER, false},
    {"x-mailer:", LINE_MAIL_HEADER, false},
    {"dkim-signature:", LINE_MAIL_HEADER, false},
    {"sent:", LINE_MAIL_HEADER, false},
    {"von:", LINE_MAIL_HEADER, false},
    {"an:", LINE_MAIL_HEADER, false},
    {"betreff:", LINE_MAIL_HEADER, false},
    {"gesendet:", LINE_MAIL_HEADER, false},
    {"de :", LINE_MAIL_HEADER, false},
    {"objet :", LINE_MAIL_HEADER, false},
    {"envoyé :", LINE_MAIL_HEADER, false},
    {"asunto:", LINE_MAIL_HEADER, false},
    {"enviado:", LINE_MAIL_HEADER, false},
    {"enviado el:", LINE_MAIL_HEADER, false},
    {"oggetto:", LINE_MAIL_HEADER, false},
    {"inviato:", LINE_MAIL_HEADER, false},
    {"onderwerp:", LINE_MAIL_HEADER, false},
    {"verzonden:", LINE_MAIL_HEADER, false},
    {"temat:", LINE_MAIL_HEADER, false},
    {"předmět:", LINE_MAIL_HEADER, false},
    {"odesláno:", LINE_MAIL_HEADER, false},
    {"от кого:", LINE_MAIL_HEADER, false},
    {"кому:", LINE_MAIL_HEADER, false},
    {"тема:", LINE_MAIL_HEADER, false},
    {"date:", LINE_MAIL_HEADER, true},
    {"datum:", LINE_MAIL_HEADER, true},
    {"date :", LINE_MAIL_HEADER, true},
    {"fecha:", LINE_MAIL_HEADER, true},
    {"data:", LINE_MAIL_HEADER, true},
    {"дата:", LINE_MAIL_HEADER, true},

    {"inetnum:", LINE_WHOIS, false},
    {"inet6num:", LINE_WHOIS, false},
    {"netrange:", LINE_WHOIS, false},
    {"netname:", LINE_WHOIS, false},
    {"nethandle:", LINE_WHOIS, false},
    {"cidr:", LINE_WHOIS, false},
    {"route:", LINE_WHOIS, false},
    {"route6:", LINE_WHOIS, false},
    {"origin:", LINE_WHOIS, false},
    {"created:", LINE_WHOIS, true},
    {"last-modified:", LINE_WHOIS, false},
    {"changed:", LINE_WHOIS, false},
    {"regdate:", LINE_WHOIS, false},
    {"updated:", LINE_WHOIS, true},
    {"abuse-mailbox:", LINE_WHOIS, false},
    {"abuse-c:", LINE_WHOIS, false},
    {"mnt-by:", LINE_WHOIS, false},
    {"nic-hdl:", LINE_WHOIS, false},
    {"% ", LINE_WHOIS, false},
    {"%%", LINE_WHOIS, false},

    {"ticket <url:", LINE_CLERICAL, false},
    {"transaction:", LINE_CLERICAL, true},
    {"requestors:", LINE_CLERICAL, false},
    {"ticket id:", LINE_CLERICAL, false},
    {"ticket number:", LINE_CLERICAL, false},
};

/* Words anywhere on a line that make its time a clerk's, not the event's. */
static const char *const CLERICAL[] = {
    " was acted upon",   " wrote:",
    " schrieb:",         " a écrit",
    " escribió:",        " ha scritto",
    " schreef",          " napisał",
    " napsal",           " пишет:",
    " написал",          "processing initiated", /* logwatch: its own run */
    "report generated",  "report created",
    "report sent",       "report date",
    "generated on",      "generated at",
    "date of report",    "date of this report",
    "this report was",   "this notice was",
    "notification date", "notice date",
    "date of notice",    "reported at",
    "report time",       "bericht erstellt",
    "erstellt am",       "ticket created",
    "opened on",         "created on",
    "registered on",

    "office hours",      "business hours",
    "last updated",      "mail sent",
    "printed on",        "date sent",

    " as of ",           "status as of",
    "stand vom",         "copyright ©",
    "copyright (c)",
};

/* Skip quote marks and blanks that stand before the words of a line. */
static uint32_t line_begin(const Page *page, const Line *line)
{
    uint32_t at = line->at;
    while (at < line->end && (cursor_at(page->text, at) == '>' ||
                              cursor_blank(page->text, at) > 0))
        at += cursor_at(page->text, at) == '>'
                  ? 1
                  : (uint32_t)cursor_blank(page->text, at);
    return at;
}

static const LineStart *start_of(const Page *page, uint32_t at)
{
    for (size_t i = 0; i < G_N_ELEMENTS(STARTS); i++)
        if (STARTS[i].begins[0] == (char)cursor_at(page->folded, at) &&
            cursor_has(page->folded, at, STARTS[i].begins))
            return &STARTS[i];
    return NULL;
}

static bool line_holds(const Page *page, const Line *line, const char *words)
{
    return memmem(page->folded.text + line->at, line->end - line->at, words,
                  strlen(words)) != NULL;
}

/* Only lines with something to misread are searched for clerks' words. */
static bool is_clerical(const Page *page, const Line *line)
{
    if (line->stamp_count == 0)
        return false;
    if (line_holds(page, line, "alert generated"))
        return false; /* by what happened */
    for (size_t i = 0; i < G_N_ELEMENTS(CLERICAL); i++)
        if (line_holds(page, line, CLERICAL[i]))
            return true;
    return false;
}

static bool has_hard_near(const Page *page, const LineKind *hard, guint line,
                          LineKind kind)
{
    guint first = line > NEAR_LINES ? line - NEAR_LINES : 0;
    guint last = MIN(line + NEAR_LINES, page->lines->len - 1);
    for (guint i = first; i <= last; i++)
        if (i != line && hard[i] == kind)
            return true;
    return false;
}

void page_mark_kinds(Page *page)
{
    guint count = page->lines->len;
    g_autofree LineKind *hard = g_new0(LineKind, count + 1);
    g_autofree const LineStart **soft = g_new0(const LineStart *, count + 1);
    for (guint i = 0; i < count; i++) {
        Line *line = &g_array_index(page->lines, Line, i);
        uint32_t begin = line_begin(page, line);
        if (begin == line->end || cursor_at(page->text, begin) == '\r') {
            hard[i] = LINE_BLANK;
            continue;
        }
        const LineStart *start = start_of(page, begin);
        if (start && start->is_soft)
            soft[i] = start;
        else if (start)
            hard[i] = start->kind;
        else if (i > 0 && hard[i - 1] == LINE_RECEIVED && begin > line->at)
            hard[i] = LINE_RECEIVED;
        else if (is_clerical(page, line))
            hard[i] = LINE_CLERICAL;
    }
    for (guint i = 0; i < count; i++) {
        Line *line = &g_array_index(page->lines, Line, i);
        line->kind = hard[i];
        if (soft[i] && has_hard_near(page, hard, i, soft[i]->kind))
            line->kind = soft[i]->kind;
    }
}
