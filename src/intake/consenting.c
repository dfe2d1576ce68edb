/*
 * From a mail to a yes.
 *
 * Everything here only ever takes away: a mail begins as a yes and each check
 * can make it a message for staff or a refusal. What is refused although it
 * looked like a yes (somebody may have forged it) is told to the person to
 * whom the address was given, at the verified address and never at the one
 * that the mail names, once a day and person at most.
 *
 * The address is no proof: who reads the notice knows it, and mail is passed
 * on. So the sender's domain must have signed, and the yes only ever lets a
 * letter go that the desk itself wrote, after the send delay.
 */
#include "intake/consenting.h"

#include "base/errors.h"
#include "intake/joining.h"
#include "intake/telling_mail.h"
#include "intake/trusting.h"
#include "reply/notice.h"
#include "reply/token.h"
#include "store/challenges.h"
#include "store/drafts.h"

#include <string.h>

/* Refusals told to one person in a day. */
#define REFUSALS_TOLD 1

/* To add a language: its words, lower case, and "yes" and "no" in its
 * templates/notices/notice.LANG.txt, which are the first here. */
static const struct {
    const char *word;
    AnswerWord means;
} WORDS[] = {
    {"ok", ANSWER_YES},      {"okay", ANSWER_YES}, {"yes", ANSWER_YES},
    {"ja", ANSWER_YES},      {"oui", ANSWER_YES},  {"d'accord", ANSWER_YES},
    {"sí", ANSWER_YES},      {"si", ANSWER_YES},   {"sì", ANSWER_YES},
    {"tak", ANSWER_YES},     {"ano", ANSWER_YES},  {"sim", ANSWER_YES},
    {"akkoord", ANSWER_YES}, {"no", ANSWER_NO},    {"nein", ANSWER_NO},
    {"nee", ANSWER_NO},      {"non", ANSWER_NO},   {"nie", ANSWER_NO},
    {"ne", ANSWER_NO},       {"não", ANSWER_NO},   {"nao", ANSWER_NO},
    {"nej", ANSWER_NO},      {"stop", ANSWER_NO},
};

AnswerWord answer_word(const char *line)
{
    if (!line || !g_utf8_validate(line, -1, NULL))
        return ANSWER_OTHER;
    g_autofree char *low = g_utf8_strdown(line, -1);
    g_autofree char *form = g_utf8_normalize(low, -1, G_NORMALIZE_NFC);
    g_strstrip(form);
    size_t length = strlen(form);
    if (length > 1 && (form[length - 1] == '.' || form[length - 1] == '!'))
        form[length - 1] = 0;
    for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++)
        if (g_str_equal(form, WORDS[i].word))
            return WORDS[i].means;
    return ANSWER_OTHER;
}

/* ---- finding --------------------------------------------------------------- */

static bool try_recipient(const Desk *desk, const char *recipient,
                          Judgement *judgement, GError **error)
{
    g_autofree char *token = reply_bounce_token(
        recipient, desk->settings->send.bounce, desk->loop_key);
    g_auto(AskedDraft) asked = {0};
    bool found = false;
    if (!token || judgement->told_token)
        return true;
    if (!store_asked_draft(desk->store, token, &asked, &found, error))
        return false;
    if (found)
        judgement->told_token = g_steal_pointer(&token);
    return true;
}

/* "<tell.TOKEN@domain>" among what the mail answers. */
static bool try_reference(const Desk *desk, const char *id,
                          Judgement *judgement, GError **error)
{
    const char *at = strchr(id, '@');
    if (judgement->message_token || !at ||
        !g_str_has_prefix(id, NOTICE_ID_PREFIX))
        return true;
    const char *begin = id + strlen(NOTICE_ID_PREFIX);
    g_autofree char *token = g_strndup(begin, (gsize)(at - begin));
    bool found = false;
    if (!store_message_exists(desk->store, token, &found, error))
        return false;
    if (found)
        judgement->message_token = g_steal_pointer(&token);
    return true;
}

bool consenting_find(const Desk *desk, const Delivery *delivery,
                     Judgement *judgement, GError **error)
{
    const GPtrArray *references = judgement->strict->references;
    for (guint i = 0; desk->loop_key && i < delivery->recipients->len; i++)
        if (!try_recipient(desk, delivery->recipients->pdata[i], judgement,
                           error))
            return false;
    for (guint i = 0; i < references->len && !judgement->challenge_token; i++)
        if (!try_reference(desk, references->pdata[i], judgement, error))
            return false;
    if (!judgement->told_token && !judgement->message_token)
        return true;
    g_ptr_array_set_size(judgement->tickets, 0);
    Report *report = judgement->findings->report;
    if (report->disposition != DISPOSITION_BOUNCE &&
        report->disposition != DISPOSITION_AUTO_REPLY)
        report->disposition = DISPOSITION_REPLY;
    return true;
}

/* ---- checking -------------------------------------------------------------- */

typedef struct {
    const Desk *desk;
    const Delivery *delivery;
    const Judgement *judgement;
    const Member *member;
    const AskedDraft *asked; /* NULL: it answers no single draft */
    AnswerWord word;
    Instant now;
} Answer;

/* Why no person wrote it; NULL: one may have. */
static const char *noise_in(const Answer *answer)
{
    const StrictHeader *strict = answer->judgement->strict;
    const Report *report = answer->judgement->findings->report;
    const char *from = answer->delivery->envelope_from;
    if (!from || !*from)
        return "its return path is empty";
    if (strict->auto_is_odd ||
        (strict->auto_submitted &&
         g_ascii_strcasecmp(strict->auto_submitted, "no") != 0))
        return "a program sent it";
    if (strict->is_bulk || strict->is_list)
        return "it is bulk or list mail";
    if (strict->loop_token)
        return "it carries our own mark";
    if (report->disposition == DISPOSITION_BOUNCE ||
        report->disposition == DISPOSITION_AUTO_REPLY)
        return "it is an automatic answer";
    return NULL;
}

static bool is_contact(const Answer *answer, const char *from, bool *is,
                       GError **error)
{
    *is = false;
    bool is_named = false;
    const GPtrArray *named = answer->member->contacts;
    for (guint i = 0; from && named && i < named->len; i++)
        is_named |= g_ascii_strcasecmp(named->pdata[i], from) == 0;
    if (!is_named)
        return true;
    g_autoptr(GPtrArray) contacts = store_contacts(answer->desk->store, error);
    for (guint i = 0; contacts && i < contacts->len; i++) {
        const ContactRow *row = contacts->pdata[i];
        *is |= g_str_equal(row->member, answer->member->id) &&
               g_ascii_strcasecmp(row->address, from) == 0 &&
               contact_state(row, answer->now) == CONTACT_VERIFIED;
    }
    return contacts != NULL;
}

static bool names_address(const Answer *answer)
{
    const GPtrArray *to = answer->judgement->strict->to;
    for (guint i = 0; i < to->len; i++) {
        g_autofree char *token = reply_bounce_token(
            to->pdata[i], answer->desk->settings->send.bounce,
            answer->desk->loop_key);
        if (g_strcmp0(token, answer->judgement->told_token) == 0)
            return true;
    }
    return false;
}

/* Why it does not count; NULL: it does. */
static bool find_doubt(const Answer *answer, const char **why, GError **error)
{
    const StrictHeader *strict = answer->judgement->strict;
    bool is_known;
    *why = NULL;
    if (!is_contact(answer, strict->from, &is_known, error))
        return false;
    if (!is_known)
        *why = "From is no verified contact of the member";
    else if (answer->judgement->authentication->level < AUTH_S2)
        *why = "no signature of its sender's domain";
    else if (strict->ambiguous->len > 0)
        *why = "its header can be read in two ways";
    else if (!names_address(answer))
        *why = "it does not name the address of the draft";
    else if (!answer->asked->is_newest)
        *why = "there is a newer letter in the case";
    return true;
}

/* ---- telling the person ---------------------------------------------------- */

static Phrases *phrases_of(const Answer *answer, GError **error)
{
    const GPtrArray *directories = answer->desk->settings->template_directories;
    return phrases_load((const char *const *)directories->pdata,
                        answer->member->language, error);
}

static bool keep(const Answer *answer, const char *what, const char *why,
                 const NewMessage *reply, GError **error)
{
    NewAnswer row = {
        .what = what,
        .why = why,
        .member = answer->member->id,
        .case_id = answer->asked ? answer->asked->case_id : NULL,
        .sender = answer->judgement->strict->from,
        .inbox_id = answer->delivery->id,
        .reply = reply,
    };
    return store_add_answer(answer->desk->store, &row, answer->now, error);
}

static bool compose(const Answer *answer, const char *key, Instant send_at,
                    ReadyMail *mail, GError **error)
{
    g_autoptr(Phrases) phrases = phrases_of(answer, error);
    if (!phrases)
        return false;
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(
        answer->member->notice_zone ? answer->member->notice_zone : "UTC");
    Person person = {.settings = answer->desk->settings,
                     .loop_key = answer->desk->loop_key,
                     .member = answer->member,
                     .address = answer->asked->address,
                     .phrases = phrases,
                     .zone = zone,
                     .now = answer->now};
    g_autofree char *moment = telling_moment(&person, send_at);
    g_autofree char *subject = phrases_fill(phrases, "subject.answer", "case",
                                            answer->asked->case_id, NULL);
    g_autofree char *text =
        phrases_fill(phrases, key, "case", answer->asked->case_id, "moment",
                     moment, "no", phrases_get(phrases, "no"), NULL);
    return telling_mail(&person, subject, text, answer->judgement->told_token,
                        mail, error);
}

/* Keep it, and tell the person to whom the address was given. A text that
 * cannot be composed loses nobody's answer. */
static bool keep_and_tell(const Answer *answer, const char *what,
                          const char *why, const char *key, Instant send_at,
                          GError **error)
{
    g_auto(ReadyMail) mail = {0};
    g_autoptr(GError) cause = NULL;
    uint32_t count = 0;
    if (!store_told_count(answer->desk->store, answer->asked->address,
                          answer->now - INSTANT_DAY_S, &count, error))
        return false;
    bool has_room = count < answer->desk->settings->notices.per_day;
    if (!has_room || !compose(answer, key, send_at, &mail, &cause))
        return keep(answer, what, why, NULL, error);
    return keep(answer, what, why, &mail.message, error);
}

/* At most REFUSALS_TOLD of them a day: who forges mail must not be able to
 * fill a person's mailbox through us. */
static bool refuse(const Answer *answer, const char *why, const char *key,
                   GError **error)
{
    g_autoptr(GPtrArray) rows = store_answers(answer->desk->store, true, error);
    guint told = 0;
    for (guint i = 0; rows && i < rows->len; i++) {
        const AnswerRow *row = rows->pdata[i];
        told += g_str_equal(row->what, "refused") &&
                g_str_equal(row->member, answer->member->id) &&
                row->at > answer->now - INSTANT_DAY_S;
    }
    if (!rows)
        return false;
    return told < REFUSALS_TOLD
               ? keep_and_tell(answer, "refused", why, key, answer->now, error)
               : keep(answer, "refused", why, NULL, error);
}

/* ---- doing it -------------------------------------------------------------- */

/* With a mentor one yes may not be enough. */
static bool note_yes(const Answer *answer, const char *text, GError **error)
{
    g_autoptr(Draft) draft =
        store_draft(answer->desk->store, answer->asked->case_id, error);
    if (!draft)
        return false;
    bool waits = g_str_equal(draft->state, "waiting");
    return keep_and_tell(
        answer, "approved", text, waits ? "reply.noted" : "reply.approved",
        answer->now + answer->desk->settings->send.delay_s, error);
}

static bool approve(const Answer *answer, GError **error)
{
    const Settings *settings = answer->desk->settings;
    const char *from = answer->judgement->strict->from;
    const char *objection =
        intake_outbox_objection(answer->desk, answer->member->id,
                                answer->asked->category, false, answer->now);
    if (objection)
        return keep(answer, "message", objection, NULL, error);
    g_autoptr(GError) cause = NULL;
    g_autofree char *text = NULL;
    if (trusting_approve(answer->desk->store, settings, answer->asked->case_id,
                         from, "mail", "by mail", answer->now, &text, &cause))
        return note_yes(answer, text, error);
    if (g_error_matches(cause, DESK_ERROR, DESK_ERROR_CONFLICT))
        return refuse(answer, cause->message, "reply.late", error);
    if (g_error_matches(cause, DESK_ERROR, DESK_ERROR_DENIED))
        return keep(answer, "message", cause->message, NULL, error);
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

static bool stop(const Answer *answer, GError **error)
{
    g_autoptr(GError) cause = NULL;
    if (store_stop_draft(answer->desk->store, answer->asked->case_id,
                         answer->judgement->strict->from, "by mail",
                         answer->now, &cause))
        return keep_and_tell(answer, "stopped", "no, by mail", "reply.stopped",
                             answer->now, error);
    if (g_error_matches(cause, DESK_ERROR, DESK_ERROR_CONFLICT))
        return refuse(answer, cause->message, "reply.late", error);
    g_propagate_error(error, g_steal_pointer(&cause));
    return false;
}

static bool decide(const Answer *answer, GError **error)
{
    const char *noise = noise_in(answer);
    if (noise)
        return keep(answer, "noise", noise, NULL, error);
    if (!answer->asked)
        return keep(answer, "message", "it is about no single draft", NULL,
                    error);
    if (answer->word == ANSWER_OTHER)
        return keep(answer, "message", "its first line is neither yes nor no",
                    NULL, error);
    if (!answer->member->answers_by_mail)
        return keep(answer, "message",
                    "answers by mail are switched off for the member", NULL,
                    error);
    const char *doubt;
    if (!find_doubt(answer, &doubt, error))
        return false;
    if (doubt)
        return refuse(answer, doubt, "reply.refused", error);
    return answer->word == ANSWER_YES ? approve(answer, error)
                                      : stop(answer, error);
}

static const Member *member_named(const Desk *desk, const char *id)
{
    const Members *members = desk->settings->members;
    return members && id ? members_by_id(members, id) : NULL;
}

/* A mail that answers a message without a draft; "member:ID". */
static const Member *member_of_message(const Desk *desk, const char *token,
                                       GError **error)
{
    g_autofree char *about = store_message_about(desk->store, token, error);
    return about && g_str_has_prefix(about, "member:")
               ? member_named(desk, about + strlen("member:"))
               : NULL;
}

bool consenting_note(const Desk *desk, const Delivery *delivery,
                     const Judgement *judgement, Instant now, GError **error)
{
    g_auto(AskedDraft) asked = {0};
    bool found = false;
    Answer answer = {
        .desk = desk, .delivery = delivery, .judgement = judgement, .now = now};
    if (judgement->challenge_token ||
        (!judgement->told_token && !judgement->message_token))
        return true;
    if (judgement->told_token) {
        if (!store_asked_draft(desk->store, judgement->told_token, &asked,
                               &found, error))
            return false;
        answer.member = member_named(desk, asked.member);
        answer.asked = found ? &asked : NULL;
    } else {
        g_autoptr(GError) cause = NULL;
        answer.member =
            member_of_message(desk, judgement->message_token, &cause);
        if (cause) {
            g_propagate_error(error, g_steal_pointer(&cause));
            return false;
        }
    }
    answer.word = answer_word(judgement->findings->report->first_line);
    return !answer.member || decide(&answer, error);
}

bool consenting_see(Store *store, const char *subject, const char *by,
                    Instant now, char **text, GError **error)
{
    guint64 number;
    if (!g_ascii_string_to_unsigned(subject + strlen(ANSWER_SUBJECT), 10, 1,
                                    G_MAXINT64, &number, NULL)) {
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "\"%s\" is no number of a mail", subject);
        return false;
    }
    if (!store_see_answer(store, (int64_t)number, by, now, error))
        return false;
    *text = g_strdup("Looked at.");
    return true;
}
