#include "courier/submit.h"

#include "base/log.h"
#include "courier/letter.h"
#include "courier/stream.h"

#include <libetpan/mailsmtp.h>
#include <libetpan/mailstream_helper.h>
#include <stdarg.h>
#include <string.h>

#define STREAM_BUFFER 8192
#define BLOCK         8192 /* of a letter under one deadline */
#define LETTERS_MAX   100  /* over one connection */
#define FAREWELL_S    2

struct Submitter {
    const SubmitConfig *config;
    int cancel_fd;
    Stream *stream; /* NULL: not connected */
    mailsmtp *smtp;
    guint letters; /* handed over on this connection */
    bool has_8bitmime, has_dsn, has_plain, has_login;
};

Submitter *submitter_new(const SubmitConfig *config, int cancel_fd)
{
    Submitter *submitter = g_new0(Submitter, 1);
    submitter->config = config;
    submitter->cancel_fd = cancel_fd;
    return submitter;
}

/* Close without a word. */
static void drop(Submitter *submitter)
{
    mailsmtp *smtp = g_steal_pointer(&submitter->smtp);
    if (smtp && smtp->stream) {
        mailstream_close(smtp->stream);
        smtp->stream = NULL; /* else mailsmtp_free says QUIT to it */
    }
    if (smtp)
        mailsmtp_free(smtp);
    g_clear_pointer(&submitter->stream, stream_free);
}

void submitter_hang_up(Submitter *submitter)
{
    if (!submitter->stream)
        return;
    stream_set_deadline(submitter->stream, FAREWELL_S);
    mailsmtp_quit(submitter->smtp); /* waits for no answer */
    drop(submitter);
}

void submitter_free(Submitter *submitter)
{
    submitter_hang_up(submitter);
    g_free(submitter);
}

bool submitter_is_connected(const Submitter *submitter)
{
    return submitter->stream != NULL;
}

void courier_outcome_clear(CourierOutcome *outcome)
{
    g_clear_pointer(&outcome->reply, g_free);
    g_clear_pointer(&outcome->enhanced, g_free);
}

/* ---- single commands -------------------------------------------------- */

/* The words of one reply; its code, or 0 with a flaw of the stream. */
static int hear(Submitter *submitter)
{
    mailsmtp *smtp = submitter->smtp;
    const char *line;
    do
        line = mailstream_read_line_remove_eol(smtp->stream, smtp->line_buffer);
    while (line && line[3] == '-');
    return stream_code(submitter->stream);
}

/* A command that libetpan has no words for, or not the right ones. */
static int say(Submitter *submitter, uint32_t seconds, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
static int say(Submitter *submitter, uint32_t seconds, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    mailstream *stream = submitter->smtp->stream;
    stream_set_deadline(submitter->stream, seconds);
    if (mailstream_write(stream, line, strlen(line)) == -1 ||
        mailstream_write(stream, "\r\n", 2) == -1 ||
        mailstream_flush(stream) == -1)
        return 0;
    return hear(submitter);
}

static bool is_word(const char *line, const char *word)
{
    size_t length = strlen(word);
    return g_ascii_strncasecmp(line, word, length) == 0 &&
           (line[length] == '\0' || line[length] == ' ');
}

/* One line of the reply to EHLO, without its code. */
static void note_extension(Submitter *submitter, const char *line)
{
    if (is_word(line, "8BITMIME"))
        submitter->has_8bitmime = true;
    if (is_word(line, "DSN"))
        submitter->has_dsn = true;
    if (is_word(line, "STARTTLS"))
        submitter->smtp->esmtp |= MAILSMTP_ESMTP_STARTTLS;
    if (!is_word(line, "AUTH"))
        return;
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    for (guint i = 1; words[i]; i++) {
        submitter->has_plain |= g_ascii_strcasecmp(words[i], "PLAIN") == 0;
        submitter->has_login |= g_ascii_strcasecmp(words[i], "LOGIN") == 0;
    }
}

/* libetpan's EHLO says gethostname() and hangs on some replies. */
static int say_ehlo(Submitter *submitter)
{
    submitter->has_8bitmime = submitter->has_plain = false;
    submitter->has_login = submitter->has_dsn = false;
    mailsmtp *smtp = submitter->smtp;
    smtp->esmtp = MAILSMTP_ESMTP;
    g_autofree char *command =
        g_strdup_printf("EHLO %s\r\n", submitter->config->hostname);
    stream_set_deadline(submitter->stream,
                        submitter->config->timeouts.command_s);
    if (mailstream_write(smtp->stream, command, strlen(command)) == -1 ||
        mailstream_flush(smtp->stream) == -1)
        return 0;
    const char *line;
    do {
        line = mailstream_read_line_remove_eol(smtp->stream, smtp->line_buffer);
        if (line && strlen(line) > 4)
            note_extension(submitter, line + 4);
    } while (line && line[3] == '-');
    return stream_code(submitter->stream);
}

static char *base64_of(const char *text)
{
    return g_base64_encode((const guchar *)text, strlen(text));
}

/* RFC 4954, 4616. Not libetpan's: that loads plug-ins at run time and cuts
 * what is longer than 512 bytes. */
static int say_auth(Submitter *submitter)
{
    const SubmitConfig *config = submitter->config;
    uint32_t seconds = config->timeouts.command_s;
    g_autofree char *user = base64_of(config->user);
    g_autofree char *password = base64_of(config->password);
    if (!submitter->has_plain && submitter->has_login) {
        int code = say(submitter, seconds, "AUTH LOGIN");
        if (code == 334)
            code = say(submitter, seconds, "%s", user);
        return code == 334 ? say(submitter, seconds, "%s", password) : code;
    }
    g_autoptr(GByteArray) plain = g_byte_array_new();
    g_byte_array_append(plain, (const uint8_t *)"", 1);
    g_byte_array_append(plain, (const uint8_t *)config->user,
                        (guint)strlen(config->user) + 1);
    g_byte_array_append(plain, (const uint8_t *)config->password,
                        (guint)strlen(config->password));
    g_autofree char *token = g_base64_encode(plain->data, plain->len);
    return say(submitter, seconds, "AUTH PLAIN %s", token);
}

/* ---- connecting ------------------------------------------------------- */

/* The last reply. */
static char *answer(const Submitter *submitter)
{
    g_autofree char *raw =
        g_strdup_printf("%d %s", stream_code(submitter->stream),
                        stream_words(submitter->stream));
    return foreign_text(raw, COURIER_REPLY_MAX);
}

/* Why the connection or the letter failed at that step. */
static char *complaint(const Submitter *submitter, const char *step)
{
    const char *flaw = stream_flaw(submitter->stream);
    g_autofree char *said = answer(submitter);
    g_autofree char *raw = g_strdup_printf("%s: %s", step, flaw ? flaw : said);
    return foreign_text(raw, COURIER_REPLY_MAX);
}

/* The reason why the connection cannot be used, or NULL. */
static char *start_tls(Submitter *submitter)
{
    const SubmitConfig *config = submitter->config;
    g_autoptr(GError) error = NULL;
    if (stream_start_tls(submitter->stream, &config->url, config->ca_file,
                         config->timeouts.connect_s, &error))
        return NULL;
    return g_strdup_printf("TLS: %s", error->message);
}

static char *upgrade(Submitter *submitter)
{
    if (!(submitter->smtp->esmtp & MAILSMTP_ESMTP_STARTTLS))
        return g_strdup("STARTTLS: the server does not offer it");
    stream_set_deadline(submitter->stream,
                        submitter->config->timeouts.command_s);
    if (mailesmtp_starttls(submitter->smtp) != MAILSMTP_NO_ERROR)
        return complaint(submitter, "STARTTLS");
    if (submitter->smtp->stream->read_buffer_len > 0)
        return g_strdup("STARTTLS: the server spoke before TLS began");
    char *why = start_tls(submitter);
    /* RFC 3207 4.2: what was offered in the clear is forgotten. */
    if (!why && say_ehlo(submitter) != 250)
        why = complaint(submitter, "EHLO");
    return why;
}

static char *introduce(Submitter *submitter)
{
    const SubmitConfig *config = submitter->config;
    if (say_ehlo(submitter) != 250)
        return complaint(submitter, "EHLO");
    if (config->tls == TLS_STARTTLS) {
        char *why = upgrade(submitter);
        if (why)
            return why;
    }
    if (!config->user)
        return NULL;
    if (!stream_is_tls(submitter->stream))
        return g_strdup("AUTH: not without TLS");
    if (!submitter->has_plain && !submitter->has_login)
        return g_strdup("AUTH: the server offers neither PLAIN nor LOGIN");
    return say_auth(submitter) == 235 ? NULL : complaint(submitter, "AUTH");
}

/* Up to the point where MAIL can be said. The reason if it failed. */
static char *hook_up(Submitter *submitter)
{
    const SubmitConfig *config = submitter->config;
    g_autoptr(GError) error = NULL;
    submitter->letters = 0;
    submitter->stream = stream_connect(&config->url, config->timeouts.connect_s,
                                       submitter->cancel_fd, &error);
    if (!submitter->stream)
        return g_strdup(error->message);
    submitter->smtp = mailsmtp_new(0, NULL);
    char *why = config->tls == TLS_IMPLICIT ? start_tls(submitter) : NULL;
    if (why)
        return why;
    stream_set_deadline(submitter->stream, config->timeouts.connect_s);
    mailstream *stream =
        mailstream_new(stream_low(submitter->stream), STREAM_BUFFER);
    if (mailsmtp_connect(submitter->smtp, stream) != MAILSMTP_NO_ERROR)
        return complaint(submitter, "greeting");
    return introduce(submitter);
}

/* ---- one letter ------------------------------------------------------- */

/* "5.1.1" at the start of a reply's words (RFC 3463), or NULL. */
static char *enhanced_of(const char *words)
{
    size_t length = strspn(words, "0123456789.");
    if (length < 5 || length > 9 || !strchr("245", words[0]))
        return NULL;
    g_autofree char *code = g_strndup(words, length);
    g_auto(GStrv) parts = g_strsplit(code, ".", -1);
    if (g_strv_length(parts) != 3 || strlen(parts[0]) != 1)
        return NULL;
    for (guint i = 1; i < 3; i++)
        if (strlen(parts[i]) < 1 || strlen(parts[i]) > 3)
            return NULL;
    return g_steal_pointer(&code);
}

/* The step did not go well before the dot; the end of this letter. */
static void give_up(Submitter *submitter, const char *step, CourierOutcome *out)
{
    int code = stream_code(submitter->stream);
    out->outcome = code / 100 == 5 ? SENT_FAILED : SENT_RETRY;
    out->reply = complaint(submitter, step);
    if (code != 0)
        out->enhanced = enhanced_of(stream_words(submitter->stream));
    stream_set_deadline(submitter->stream,
                        submitter->config->timeouts.command_s);
    /* After a plain no the connection can be kept, if it is cleared. */
    if (code / 100 < 4 || code == 421 ||
        mailsmtp_reset(submitter->smtp) != MAILSMTP_NO_ERROR ||
        stream_code(submitter->stream) != 250)
        submitter_hang_up(submitter);
}

/* xtext (RFC 3461 section 4) of visible ASCII. */
static void put_xtext(GString *out, const char *text)
{
    for (const char *at = text; *at; at++)
        if (*at == '+' || *at == '=')
            g_string_append_printf(out, "+%02X", (unsigned char)*at);
        else
            g_string_append_c(out, *at);
}

/* What MAIL and RCPT say where the next hop takes DSN (RFC 3461): that a
 * failure is to be told, not a delay or a success, with the header alone, and
 * under which name. That is the token of the return path, which whoever
 * reports has anyway. */
static char *dsn_of_mail(const Submitter *submitter,
                         const CourierLetter *letter)
{
    const char *token = strchr(letter->envelope_from, '+');
    if (!submitter->has_dsn || !*letter->envelope_from)
        return g_strdup("");
    GString *out = g_string_new(" RET=HDRS");
    if (token) {
        g_autofree char *id = g_strndup(token + 1, strcspn(token + 1, ".@"));
        g_string_append(out, " ENVID=");
        put_xtext(out, id);
    }
    return g_string_free(out, FALSE);
}

static char *dsn_of_rcpt(const Submitter *submitter,
                         const CourierLetter *letter)
{
    if (!submitter->has_dsn || !*letter->envelope_from)
        return g_strdup("");
    GString *out = g_string_new(" NOTIFY=FAILURE ORCPT=rfc822;");
    put_xtext(out, letter->to);
    return g_string_free(out, FALSE);
}

/* MAIL, RCPT, DATA. The name of the step that failed, or NULL. */
static const char *open_letter(Submitter *submitter,
                               const CourierLetter *letter)
{
    const CourierTimeouts *timeouts = &submitter->config->timeouts;
    g_autofree char *mail = dsn_of_mail(submitter, letter);
    g_autofree char *rcpt = dsn_of_rcpt(submitter, letter);
    int code = say(submitter, timeouts->command_s, "MAIL FROM:<%s>%s%s",
                   letter->envelope_from,
                   letter_is_8bit(letter->bytes) ? " BODY=8BITMIME" : "", mail);
    if (code / 100 != 2)
        return "MAIL";
    code =
        say(submitter, timeouts->command_s, "RCPT TO:<%s>%s", letter->to, rcpt);
    if (code / 100 != 2)
        return "RCPT";
    stream_set_deadline(submitter->stream, timeouts->data_s);
    if (mailsmtp_data(submitter->smtp) != MAILSMTP_NO_ERROR)
        return "DATA";
    return NULL;
}

/* All of the letter but its last CRLF, which belongs to the dot. */
static bool send_content(Submitter *submitter, GBytes *bytes)
{
    mailstream *stream = submitter->smtp->stream;
    g_autoptr(GByteArray) stuffed = letter_stuff(bytes);
    for (guint at = 0; at < stuffed->len; at += BLOCK) {
        stream_set_deadline(submitter->stream,
                            submitter->config->timeouts.block_s);
        if (mailstream_write(stream, stuffed->data + at,
                             MIN(BLOCK, stuffed->len - at)) == -1 ||
            mailstream_flush(stream) == -1)
            return false;
    }
    return true;
}

/* The server did not wait for the dot: what it says ends the letter, and
 * the connection too, for the two of us are no longer in step. */
static void hear_early_reply(Submitter *submitter, CourierOutcome *out)
{
    stream_set_deadline(submitter->stream,
                        submitter->config->timeouts.command_s);
    int code = hear(submitter);
    out->outcome = code / 100 == 5 ? SENT_FAILED : SENT_RETRY;
    out->reply = complaint(submitter, "before the dot");
    if (code != 0)
        out->enhanced = enhanced_of(stream_words(submitter->stream));
    drop(submitter);
}

/* The dot, and what comes of it. */
static void send_dot(Submitter *submitter, CourierOutcome *out)
{
    static const uint64_t DOT_BYTES = 5; /* CRLF . CRLF */
    Stream *stream = submitter->stream;
    uint64_t before = stream_sent(stream);
    stream_set_deadline(stream, submitter->config->timeouts.dot_s);
    /* Of nothing libetpan sends CRLF . CRLF, just what is left to be sent. */
    mailsmtp_data_message(submitter->smtp, "", 0);
    int code = stream_code(stream);
    switch (code / 100) {
    case 2:
        out->outcome = SENT_OK;
        break;
    case 4:
        out->outcome = SENT_RETRY;
        break;
    case 5:
        out->outcome = SENT_FAILED;
        break;
    default:
        out->outcome = stream_sent(stream) - before < DOT_BYTES ? SENT_RETRY
                                                                : SENT_UNKNOWN;
        break;
    }
    out->reply = out->outcome == SENT_OK ? answer(submitter)
                                         : complaint(submitter, "dot");
    if (code != 0)
        out->enhanced = enhanced_of(stream_words(stream));
    submitter->letters++;
    if (code / 100 < 2 || code == 421 || code / 100 == 3 ||
        submitter->letters >= LETTERS_MAX)
        submitter_hang_up(submitter);
}

static void hold_back(Submitter *submitter, CourierOutcome *out)
{
    out->outcome = SENT_RETRY;
    out->reply = g_strdup("stopped by the desk before the dot");
    /* Inside DATA nothing but a disconnect takes a letter back. */
    drop(submitter);
}

/* A connection kept from an earlier letter may have died of boredom. */
static void drop_if_stale(Submitter *submitter)
{
    if (submitter->stream && !stream_is_quiet(submitter->stream))
        submitter_hang_up(submitter);
}

static void carry_sealed(Submitter *submitter, const CourierLetter *letter,
                         SubmitMayDot *may_dot, void *data, CourierOutcome *out)
{
    drop_if_stale(submitter);
    if (!submitter->stream) {
        out->reply = hook_up(submitter);
        out->outcome = SENT_RETRY;
        if (out->reply) {
            submitter_hang_up(submitter);
            return;
        }
    }
    if (letter_is_8bit(letter->bytes) && !submitter->has_8bitmime) {
        out->outcome = SENT_FAILED;
        out->reply = g_strdup("the next hop takes no 8-bit mail");
        return;
    }
    const char *failed = open_letter(submitter, letter);
    if (!failed && !send_content(submitter, letter->bytes))
        failed = "letter";
    if (failed)
        give_up(submitter, failed, out);
    else if (!may_dot(data))
        hold_back(submitter, out);
    else if (!stream_is_quiet(submitter->stream))
        hear_early_reply(submitter, out);
    else
        send_dot(submitter, out);
}

void submit_letter(Submitter *submitter, const CourierLetter *letter,
                   SubmitMayDot *may_dot, void *data, CourierOutcome *out)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes =
        sealer_seal(submitter->config->sealer, letter, &error);
    if (!bytes) {
        out->outcome = SENT_HELD;
        out->reply = foreign_text(error->message, COURIER_REPLY_MAX);
        return;
    }
    CourierLetter sealed = *letter;
    sealed.bytes = bytes;
    carry_sealed(submitter, &sealed, may_dot, data, out);
}
