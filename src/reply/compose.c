/*
 * From a template and a case to the exact bytes that will be sent.
 *
 * Order: check who writes to whom, make the words, expand, write the header,
 * write the body, weigh it. Anything amiss stops the letter whole: a letter
 * is never shortened, repaired or sent without a part.
 */
#include "reply/compose.h"

#include "base/errors.h"
#include "reply/digest_words.h"
#include "reply/law_words.h"
#include "reply/letter.h"
#include "reply/token.h"
#include "reply/words.h"

#include <string.h>

/* Of References, its name included and unfolded (RFC 5537 section 3.4.4). The
 * first and the last two are never left out; three of the longest fit. */
#define REFERENCES_BYTES_MAX (998 - strlen("References: "))
#define REFERENCES_LEAST     3

void reply_free(Reply *reply)
{
    if (!reply)
        return;
    g_clear_pointer(&reply->bytes, g_bytes_unref);
    g_clear_pointer(&reply->claims, g_ptr_array_unref);
    g_clear_pointer(&reply->laws, g_ptr_array_unref);
    g_free(reply->text);
    g_free(reply->subject);
    g_free(reply->envelope_from);
    g_free(reply->to);
    g_free(reply->message_id);
    g_free(reply->token);
    g_free(reply->template_id);
    g_free(reply->template_version);
    g_free(reply);
}

static bool invalid(GError **error, const char *words)
{
    g_set_error_literal(error, DESK_ERROR, DESK_ERROR_INVALID, words);
    return false;
}

static bool is_plain(const char *address)
{
    return address && letter_address_is_plain(address);
}

static const char *sender_address(const ReplyContext *context)
{
    return context->member && context->member->address
               ? context->member->address
               : context->desk_address;
}

static const char *sender_name(const ReplyContext *context)
{
    return context->member ? context->member->name : context->desk_name;
}

static bool check_context(const ReplyContext *context, GError **error)
{
    if (!sender_name(context))
        return invalid(error, "no member in whose name it is written, and "
                              "the desk has no name");
    if (!is_plain(sender_address(context)))
        return invalid(error, "no plain address to write from");
    if (!is_plain(context->bounce_address))
        return invalid(error, "no plain address for bounces");
    if (!is_plain(context->to))
        return invalid(error, "the address to write to is not one plain "
                              "mail address");
    if (!context->token || !token_is_valid(context->token))
        return invalid(error, "the token is not 8 to 32 of a-z and 0-9");
    return true;
}

/* ---- header ----------------------------------------------------------- */

static bool put_from(GString *out, const ReplyContext *context, GError **error)
{
    g_autofree char *display =
        g_strdup_printf("%s%s", sender_name(context),
                        context->is_held ? "" : " (automatic reply)");
    return letter_mailbox_field(out, "From", display, sender_address(context),
                                error);
}

/* The parents' msg-ids and the mail's own, oldest first, each once and whole
 * (RFC 5322 section 3.6.4). */
static GPtrArray *thread_ids(const StrictHeader *strict)
{
    GPtrArray *ids = g_ptr_array_new();
    bool is_known = strict->references && !strict->has_fork;
    for (guint i = 0; is_known && i < strict->references->len; i++) {
        const char *id = strict->references->pdata[i];
        if (letter_message_id_is_plain(id) &&
            g_strcmp0(id, strict->message_id) != 0)
            g_ptr_array_add(ids, (gpointer)id);
    }
    g_ptr_array_add(ids, strict->message_id);
    size_t bytes = ids->len - 1; /* the blanks */
    for (guint i = 0; i < ids->len; i++)
        bytes += strlen(ids->pdata[i]);
    /* The first names the thread, the last ones are what programs look at:
     * the second is the one to leave out. */
    while (ids->len > REFERENCES_LEAST && bytes > REFERENCES_BYTES_MAX) {
        bytes -= strlen(ids->pdata[1]) + 1;
        g_ptr_array_remove_index(ids, 1);
    }
    return ids;
}

/* Several mails have no one thread: all are named, as many as fit whole, and
 * there is no References (RFC 5322 section 3.6.4). */
static bool put_parents(GString *out, const GPtrArray *digest, GError **error)
{
    static const char NAME[] = "In-Reply-To";
    g_autoptr(GString) ids = g_string_new(NULL);
    for (guint i = 0; i < digest->len; i++) {
        const char *id = ((const DigestRow *)digest->pdata[i])->message_id;
        if (id && letter_message_id_is_plain(id) && !strstr(ids->str, id) &&
            strlen(NAME) + 3 + ids->len + strlen(id) <= LETTER_FIELD_MAX)
            g_string_append_printf(ids, "%s%s", ids->len > 0 ? " " : "", id);
    }
    return ids->len == 0 || letter_field(out, NAME, ids->str, error);
}

static bool put_thread(GString *out, const StrictHeader *strict, GError **error)
{
    if (!strict || !strict->message_id ||
        !letter_message_id_is_plain(strict->message_id))
        return true;
    g_autoptr(GPtrArray) ids = thread_ids(strict);
    g_ptr_array_add(ids, NULL);
    g_autofree char *references = g_strjoinv(" ", (char **)ids->pdata);
    return letter_field(out, "In-Reply-To", strict->message_id, error) &&
           letter_field(out, "References", references, error);
}

static bool put_marks(GString *out, const ReplyContext *context, GError **error)
{
    g_autofree char *loop = token_loop_new(context->case_id, context->loop_key);
    return letter_field(out, "Auto-Submitted", "auto-replied", error) &&
           letter_field(out, "Precedence", "bulk", error) &&
           letter_field(out, "X-Auto-Response-Suppress", "All", error) &&
           letter_field(out, "X-Exitdesk-Loop", loop, error);
}

static bool put_header(GString *out, const ReplyContext *context,
                       const Reply *reply, GError **error)
{
    g_autofree char *date = instant_new_mail_date(context->now);
    return put_from(out, context, error) &&
           letter_field(out, "To", reply->to, error) &&
           letter_text_field(out, "Subject", reply->subject, error) &&
           letter_field(out, "Date", date, error) &&
           letter_field(out, "Message-ID", reply->message_id, error) &&
           (context->digest ? put_parents(out, context->digest, error)
                            : put_thread(out, context->strict, error)) &&
           put_marks(out, context, error) && letter_mime(out, error);
}

/* ---- the letter ------------------------------------------------------- */

/* By its own number the reporter files our letter. */
static void quote_in_subject(const ReplyContext *context, Reply *reply)
{
    if (!context->quote || strstr(reply->subject, context->quote))
        return;
    char *quoted = g_strdup_printf("%s (%s)", reply->subject, context->quote);
    g_free(reply->subject);
    reply->subject = quoted;
}

static bool expand(const Template *template, const ReplyContext *context,
                   Reply *reply, GError **error)
{
    ReplyContext spoken = *context;
    spoken.language = template_language(template);
    g_autoptr(LetterWords) words = letter_words_new(&spoken, error);
    if (!words)
        return false;
    TemplateValues values = letter_words_values(words);
    if (!template_expand(template, &values, &reply->subject, &reply->text,
                         error))
        return false;
    reply->claims = letter_words_take_claims(words);
    reply->laws = law_considered(&spoken);
    law_mark_unsaid(reply->laws, reply->text);
    return true;
}

bool reply_finish(const ReplyContext *context, Reply *reply, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    quote_in_subject(context, reply);
    if (!put_header(out, context, reply, error))
        return false;
    g_string_append(out, "\r\n");
    letter_body(out, reply->text);
    if (out->len > LETTER_BYTES_MAX) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "the letter has %zu bytes, %d are allowed", out->len,
                    LETTER_BYTES_MAX);
        return false;
    }
    reply->bytes = g_string_free_to_bytes(g_steal_pointer(&out));
    return true;
}

Reply *reply_begin(const ReplyContext *context, const char *id,
                   const char *version, GError **error)
{
    if (!check_context(context, error))
        return NULL;
    g_autoptr(Reply) reply = g_new0(Reply, 1);
    reply->to = g_strdup(context->to);
    reply->token = g_strdup(context->token);
    reply->template_id = g_strdup(id);
    reply->template_version = g_strdup(version);
    const char *at = strchr(context->bounce_address, '@');
    const char *domain =
        context->message_domain ? context->message_domain : at + 1;
    reply->message_id = g_strdup_printf("<t.%s@%s>", context->token, domain);
    if (!letter_message_id_is_plain(reply->message_id)) {
        invalid(error, "the domain for Message-ID is not plain");
        return NULL;
    }
    reply->envelope_from = token_bounce_address_new(
        context->bounce_address, context->token, context->loop_key);
    if (!is_plain(reply->envelope_from)) {
        invalid(error, "the bounce address is too long");
        return NULL;
    }
    return g_steal_pointer(&reply);
}

Reply *reply_compose(const Template *template, const ReplyContext *context,
                     GError **error)
{
    g_autoptr(Reply) reply = reply_begin(context, template_id(template),
                                         template_version(template), error);
    if (!reply || !expand(template, context, reply, error) ||
        !reply_finish(context, reply, error))
        return NULL;
    return g_steal_pointer(&reply);
}
