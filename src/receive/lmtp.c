#include "receive/lmtp.h"

#include "receive/lmtp_data.h"
#include "receive/mailpath.h"

#include <string.h>

struct Lmtp {
    LmtpConfig config;
    LmtpState state;
    bool is_draining;
    guint errors;
    GString *line;      /* the command under way, no longer than the limit */
    bool line_too_long; /* drop the rest of it */
    bool line_has_cr;   /* the last byte seen of it was CR */
    bool greeted;       /* LHLO was said */
    char *from;         /* NULL: no transaction */
    bool is_utf8;       /* SMTPUTF8 was asked for */
    GPtrArray *recipients;
    guint owed; /* replies due for a mail whose dot has come */
    Content content;
};

#define STOPPING "421 4.3.2 Shutting down, try later"

void lmtp_mail_free(LmtpMail *mail)
{
    g_free(mail->from);
    g_ptr_array_unref(mail->recipients);
    g_bytes_unref(mail->raw);
    g_free(mail);
}

Lmtp *lmtp_new(const LmtpConfig *config)
{
    Lmtp *lmtp = g_new0(Lmtp, 1);
    lmtp->config = *config;
    lmtp->line = g_string_new(NULL);
    lmtp->recipients = g_ptr_array_new_with_free_func(g_free);
    return lmtp;
}

void lmtp_free(Lmtp *lmtp)
{
    content_release(&lmtp->content, &lmtp->config);
    g_string_free(lmtp->line, TRUE);
    g_free(lmtp->from);
    if (lmtp->recipients)
        g_ptr_array_unref(lmtp->recipients);
    g_free(lmtp);
}

LmtpState lmtp_state(const Lmtp *lmtp)
{
    return lmtp->state;
}

static void reply(GString *out, const char *line)
{
    g_string_append(out, line);
    g_string_append(out, "\r\n");
}

static void close_with(Lmtp *lmtp, const char *line, GString *out)
{
    reply(out, line);
    lmtp->state = LMTP_CLOSED;
}

/* A no that the client brought upon itself: enough of them end the session.
 * (Unknown recipients are not among them: a mail to many of those must get
 * all its answers, or it comes back for ever.) */
static void refuse(Lmtp *lmtp, const char *line, GString *out)
{
    reply(out, line);
    if (++lmtp->errors >= LMTP_ERRORS_MAX)
        close_with(lmtp, "421 4.7.0 Too many errors", out);
}

static void forget_transaction(Lmtp *lmtp)
{
    g_clear_pointer(&lmtp->from, g_free);
    if (lmtp->recipients)
        g_ptr_array_unref(lmtp->recipients);
    lmtp->recipients = g_ptr_array_new_with_free_func(g_free);
    lmtp->is_utf8 = false;
    content_release(&lmtp->content, &lmtp->config);
}

void lmtp_greet(Lmtp *lmtp, GString *out)
{
    g_string_append_printf(out, "220 %s LMTP ready\r\n", lmtp->config.hostname);
}

/* ---- commands --------------------------------------------------------- */

typedef void Command(Lmtp *lmtp, const char *argument, GString *out);

static void say_lhlo(Lmtp *lmtp, const char *argument, GString *out)
{
    if (!*argument) {
        refuse(lmtp, "501 5.5.4 LHLO needs a name", out);
        return;
    }
    forget_transaction(lmtp);
    lmtp->greeted = true;
    g_string_append_printf(out,
                           "250-%s\r\n250-PIPELINING\r\n"
                           "250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n"
                           "250-SMTPUTF8\r\n250 SIZE %u\r\n",
                           lmtp->config.hostname, lmtp->config.max_bytes);
}

static void say_helo(Lmtp *lmtp, const char *argument, GString *out)
{
    refuse(lmtp, "500 5.5.1 This is LMTP: say LHLO", out);
}

static void say_unsupported(Lmtp *lmtp, const char *argument, GString *out)
{
    refuse(lmtp, "502 5.5.1 Not supported here", out);
}

/* What MAIL may ask for, besides its path. */
typedef struct {
    bool has_size, has_body, is_utf8, over_size;
} MailWishes;

/* The reply that refuses "SIZE=12" or the like, or NULL. */
static const char *read_wish(const Lmtp *lmtp, const char *word,
                             MailWishes *wishes)
{
    if (g_ascii_strncasecmp(word, "SIZE=", 5) == 0) {
        guint64 size;
        if (wishes->has_size || strlen(word + 5) > 20 ||
            !g_ascii_string_to_unsigned(word + 5, 10, 0, G_MAXUINT64, &size,
                                        NULL))
            return "501 5.5.4 SIZE needs one number";
        wishes->has_size = true;
        wishes->over_size = size > lmtp->config.max_bytes;
        return NULL;
    }
    if (g_ascii_strncasecmp(word, "BODY=", 5) == 0) {
        if (wishes->has_body || (g_ascii_strcasecmp(word + 5, "7BIT") != 0 &&
                                 g_ascii_strcasecmp(word + 5, "8BITMIME") != 0))
            return "501 5.5.4 BODY is 7BIT or 8BITMIME";
        wishes->has_body = true;
        return NULL;
    }
    if (g_ascii_strcasecmp(word, "SMTPUTF8") == 0 && !wishes->is_utf8) {
        wishes->is_utf8 = true;
        return NULL;
    }
    return "555 5.5.4 Parameter not supported";
}

/* The reply that refuses the parameters, or NULL. */
static const char *read_wishes(const Lmtp *lmtp, const char *text,
                               MailWishes *wishes)
{
    if (*text && *text != ' ')
        return "501 5.5.4 A blank must follow the path";
    g_auto(GStrv) words = g_strsplit(text, " ", -1);
    for (guint i = 0; words[i]; i++) {
        const char *refusal =
            *words[i] ? read_wish(lmtp, words[i], wishes) : NULL;
        if (refusal)
            return refusal;
    }
    return wishes->over_size ? "552 5.3.4 Message too big" : NULL;
}

/* Read "FROM:<path>" or "TO:<path>". NULL, and a reply has been given, if it
 * is not fit; parameters: what follows the path. */
static char *read_path(Lmtp *lmtp, const char *argument, const char *keyword,
                       bool *has_utf8, const char **parameters, GString *out)
{
    size_t skipped = strlen(keyword), used;
    char *address = NULL;
    MailPathKind kind = MAILPATH_BAD;
    if (g_ascii_strncasecmp(argument, keyword, skipped) == 0) {
        argument += skipped;
        while (*argument == ' ')
            argument++;
        kind = mailpath_read(argument, strlen(argument), &address, &used);
    }
    switch (kind) {
    case MAILPATH_BAD:
        refuse(lmtp, "501 5.5.4 Not a path in angle brackets", out);
        return NULL;
    case MAILPATH_NOT_UTF8:
        refuse(lmtp, "553 5.6.7 Address is not UTF-8", out);
        return NULL;
    case MAILPATH_OK:
    case MAILPATH_NOT_ASCII:
        break;
    }
    *has_utf8 = kind == MAILPATH_NOT_ASCII;
    *parameters = argument + used;
    return address;
}

static void say_mail(Lmtp *lmtp, const char *argument, GString *out)
{
    if (!lmtp->greeted || lmtp->from) {
        refuse(lmtp,
               lmtp->greeted ? "503 5.5.1 A mail is under way already"
                             : "503 5.5.1 Say LHLO first",
               out);
        return;
    }
    bool has_utf8;
    const char *parameters;
    g_autofree char *from =
        read_path(lmtp, argument, "FROM:", &has_utf8, &parameters, out);
    if (!from)
        return;
    MailWishes wishes = {0};
    const char *refusal = read_wishes(lmtp, parameters, &wishes);
    if (!refusal && has_utf8 && !wishes.is_utf8)
        refusal = "553 5.6.7 Address needs SMTPUTF8";
    if (refusal) {
        refuse(lmtp, refusal, out);
        return;
    }
    lmtp->from = g_steal_pointer(&from);
    lmtp->is_utf8 = wishes.is_utf8;
    reply(out, "250 2.1.0 Sender ok");
}

/* The reply to a recipient that could be read. */
static const char *judge_recipient(const Lmtp *lmtp, const char *address,
                                   bool has_utf8)
{
    if (has_utf8 && !lmtp->is_utf8)
        return "553 5.6.7 Address needs SMTPUTF8";
    if (lmtp->recipients->len >= LMTP_RECIPIENTS_MAX)
        return "452 4.5.3 Too many recipients";
    if (!lmtp->config.accepts(lmtp->config.data, address))
        return "550 5.1.1 No such recipient here";
    return NULL;
}

static void say_rcpt(Lmtp *lmtp, const char *argument, GString *out)
{
    if (!lmtp->from) {
        refuse(lmtp, "503 5.5.1 Say MAIL first", out);
        return;
    }
    bool has_utf8;
    const char *parameters;
    g_autofree char *address =
        read_path(lmtp, argument, "TO:", &has_utf8, &parameters, out);
    if (!address)
        return;
    if (*parameters) {
        refuse(lmtp, "555 5.5.4 Parameter not supported", out);
        return;
    }
    const char *refusal = judge_recipient(lmtp, address, has_utf8);
    if (!refusal)
        g_ptr_array_add(lmtp->recipients, g_steal_pointer(&address));
    reply(out, refusal ? refusal : "250 2.1.5 Recipient ok");
}

static void say_data(Lmtp *lmtp, const char *argument, GString *out)
{
    if (*argument) {
        refuse(lmtp, "501 5.5.4 DATA takes no argument", out);
        return;
    }
    if (!lmtp->from || lmtp->recipients->len == 0) {
        refuse(lmtp, "503 5.5.1 No valid recipients", out);
        return;
    }
    content_begin(&lmtp->content);
    lmtp->state = LMTP_DATA;
    reply(out, "354 End with a dot on a line of its own");
}

static void say_rset(Lmtp *lmtp, const char *argument, GString *out)
{
    forget_transaction(lmtp);
    reply(out, "250 2.0.0 Ok");
}

static void say_noop(Lmtp *lmtp, const char *argument, GString *out)
{
    reply(out, "250 2.0.0 Ok");
}

static void say_quit(Lmtp *lmtp, const char *argument, GString *out)
{
    close_with(lmtp, "221 2.0.0 Bye", out);
}

/* To add one: a row here and a dialogue in tests/dialog. */
static const struct {
    const char *verb;
    Command *command;
} COMMANDS[] = {
    {"LHLO", say_lhlo},        {"MAIL", say_mail},
    {"RCPT", say_rcpt},        {"DATA", say_data},
    {"RSET", say_rset},        {"NOOP", say_noop},
    {"QUIT", say_quit},        {"HELO", say_helo},
    {"EHLO", say_helo},        {"VRFY", say_unsupported},
    {"EXPN", say_unsupported}, {"HELP", say_unsupported},
    {"BDAT", say_unsupported}, {"STARTTLS", say_unsupported},
    {"AUTH", say_unsupported},
};

static void obey(Lmtp *lmtp, const char *line, GString *out)
{
    size_t verb = strcspn(line, " ");
    const char *argument = line + verb;
    while (*argument == ' ')
        argument++;
    for (guint i = 0; i < G_N_ELEMENTS(COMMANDS); i++)
        if (strlen(COMMANDS[i].verb) == verb &&
            g_ascii_strncasecmp(line, COMMANDS[i].verb, verb) == 0) {
            COMMANDS[i].command(lmtp, argument, out);
            return;
        }
    refuse(lmtp, "500 5.5.1 Command not known", out);
}

/* The command line is complete, without its CRLF. */
static void take_line(Lmtp *lmtp, GString *out)
{
    GString *line = lmtp->line;
    while (line->len > 0 && line->str[line->len - 1] == ' ')
        g_string_truncate(line, line->len - 1);
    if (lmtp->line_too_long)
        refuse(lmtp, "500 5.5.2 Line too long", out);
    else if (strcspn(line->str, "\r\n") < line->len)
        refuse(lmtp, "500 5.5.2 Stray control character", out);
    else
        obey(lmtp, line->str, out);
    g_string_truncate(lmtp->line, 0);
    lmtp->line_too_long = false;
    lmtp->line_has_cr = false;
}

static void append_to_line(Lmtp *lmtp, const uint8_t *data, size_t length)
{
    if (lmtp->line->len + length > LMTP_COMMAND_MAX)
        lmtp->line_too_long = true;
    if (lmtp->line_too_long)
        g_string_truncate(lmtp->line, 0);
    else
        g_string_append_len(lmtp->line, (const char *)data, (gssize)length);
}

/* Take bytes up to the next LF; only one after CR ends the command. */
static size_t feed_command(Lmtp *lmtp, const uint8_t *data, size_t length,
                           GString *out)
{
    const uint8_t *lf = memchr(data, '\n', length);
    size_t count = lf ? (size_t)(lf - data) + 1 : length;
    bool after_cr = count > 1 ? data[count - 2] == '\r' : lmtp->line_has_cr;
    append_to_line(lmtp, data, count);
    lmtp->line_has_cr = data[count - 1] == '\r';
    if (!lf || !after_cr)
        return count;
    if (!lmtp->line_too_long)
        g_string_truncate(lmtp->line, lmtp->line->len - 2);
    take_line(lmtp, out);
    return count;
}

/* ---- mails ------------------------------------------------------------ */

/* One reply for each recipient, RFC 2033 4.2; then the next mail may come. */
static void finish_mail(Lmtp *lmtp, const char *line, GString *out)
{
    for (guint i = 0; i < lmtp->owed; i++)
        reply(out, line);
    lmtp->owed = 0;
    forget_transaction(lmtp);
    lmtp->state = LMTP_COMMAND;
    if (lmtp->is_draining)
        close_with(lmtp, STOPPING, out);
}

static void end_content(Lmtp *lmtp, GString *out)
{
    lmtp->owed = lmtp->recipients->len;
    switch (lmtp->content.fate) {
    case CONTENT_FITS:
        lmtp->state = LMTP_WAITING;
        return;
    case CONTENT_TOO_BIG:
        finish_mail(lmtp, "552 5.3.4 Message too big", out);
        return;
    case CONTENT_NO_MEMORY:
        finish_mail(lmtp, "452 4.3.1 Too much mail at once, try later", out);
        return;
    }
}

size_t lmtp_feed(Lmtp *lmtp, const void *data, size_t length, GString *out)
{
    const uint8_t *bytes = data;
    size_t used = 0;
    while (used < length) {
        if (lmtp->state == LMTP_COMMAND) {
            used += feed_command(lmtp, bytes + used, length - used, out);
        } else if (lmtp->state == LMTP_DATA) {
            size_t taken;
            bool ended = content_feed(&lmtp->content, &lmtp->config,
                                      bytes + used, length - used, &taken);
            used += taken;
            if (ended)
                end_content(lmtp, out);
        } else {
            break;
        }
    }
    return used;
}

LmtpMail *lmtp_take_mail(Lmtp *lmtp)
{
    g_assert(lmtp->state == LMTP_WAITING && lmtp->recipients);
    LmtpMail *mail = g_new0(LmtpMail, 1);
    mail->from = g_strdup(lmtp->from);
    mail->recipients = g_steal_pointer(&lmtp->recipients);
    mail->raw = content_steal(&lmtp->content);
    return mail;
}

void lmtp_answer(Lmtp *lmtp, const char *line, GString *out)
{
    g_assert(lmtp->state == LMTP_WAITING);
    finish_mail(lmtp, line, out);
}

void lmtp_drain(Lmtp *lmtp, GString *out)
{
    lmtp->is_draining = true;
    if (lmtp->state == LMTP_COMMAND)
        close_with(lmtp, STOPPING, out);
}

void lmtp_abort(Lmtp *lmtp, const char *line, GString *out)
{
    if (lmtp->state != LMTP_CLOSED)
        close_with(lmtp, line, out);
}
