/* The words of mail to members' people, put together (telling_mail.h). */
#include "intake/telling_mail.h"

#include "base/log.h"
#include "intake/apart.h"
#include "store/cases.h"
#include "store/notices.h"

#define RULER                                                                  \
    "------------------------------------------------------------------------" \
    "\n"
#define SHOWN_MAX 200 /* bytes of an address or a name */

static void put(GString *out, char *text)
{
    g_string_append(out, text);
    g_string_append_c(out, '\n');
    g_free(text);
}

void text_put_hello(GString *out, const Person *person)
{
    put(out, phrases_fill(person->phrases, "hello", "desk",
                          person->settings->desk.name, "member",
                          person->member->name, NULL));
    g_string_append_c(out, '\n');
}

/* A stranger's words, shortened; "-" if there are none or they name another
 * member, as where that one's people wrote the mail. Yours. */
static char *words_for(const Person *person, const char *words)
{
    g_autoptr(Apart) apart = apart_new(person->settings->members, NULL, NULL);
    bool may_see =
        words && !apart_names_another(apart, person->member->id, words);
    return foreign_text(may_see ? words : "-", SHOWN_MAX);
}

static void put_summary(GString *out, const Person *person,
                        const WaitingDraft *draft)
{
    g_autofree char *day = telling_day(person, draft->received);
    g_autofree char *due =
        draft->due == INSTANT_NONE
            ? g_strdup(phrases_get(person->phrases, "no-deadline"))
            : telling_moment(person, draft->due);
    g_autofree char *reporter = words_for(person, draft->reporter);
    g_autofree char *to = words_for(person, draft->to);
    g_autofree char *times = g_strdup_printf("%u", draft->times + 1);
    put(out, phrases_fill(person->phrases, "summary", "day", day, "reporter",
                          reporter, "category",
                          telling_category(person, draft->category), "to", to,
                          "member", person->member->name, "case",
                          draft->case_id, "times", times, "due", due, NULL));
}

static void put_how(GString *out, const Person *person, const char *token)
{
    g_autofree char *address = telling_answer_address(person, token);
    g_autofree char *delay =
        g_strdup_printf("%u", (person->settings->send.delay_s + 59) / 60);
    put(out, phrases_fill(person->phrases,
                          person->member->answers_by_mail ? "answer.mail"
                                                          : "answer.person",
                          "address", address, "delay", delay, "yes",
                          phrases_get(person->phrases, "yes"), "no",
                          phrases_get(person->phrases, "no"), NULL));
}

void text_put_draft(GString *out, const Person *person,
                    const WaitingDraft *draft, const char *token, NextTime next)
{
    static const char *const NEXT[] = {"nothing", "nothing.later",
                                       "nothing.last"};
    put_summary(out, person, draft);
    g_string_append_c(out, '\n');
    put(out, phrases_fill(person->phrases, "letter", "subject", draft->subject,
                          NULL));
    g_string_append(out, RULER);
    g_string_append(out, draft->text);
    if (!g_str_has_suffix(draft->text, "\n"))
        g_string_append_c(out, '\n');
    g_string_append(out, RULER "\n");
    put(out, phrases_fill(person->phrases, NEXT[next], NULL));
    g_string_append_c(out, '\n');
    put_how(out, person, token);
    g_string_append_c(out, '\n');
}

void text_put_heading(GString *out, const Person *person, const char *key)
{
    const char *text = phrases_get(person->phrases, key);
    g_string_append_printf(out, "%s\n\n", text ? text : key);
}

static const char *news_key(const NewsRow *row)
{
    if (g_str_equal(row->kind, "sent"))
        return row->by ? "news.sent" : "news.auto";
    if (g_str_equal(row->kind, "approved"))
        return "news.approved";
    return g_str_equal(row->kind, "stopped") ? "news.stopped" : "news.filed";
}

void text_put_news(GString *out, const Person *person, const GPtrArray *news)
{
    if (news->len == 0)
        return;
    text_put_heading(out, person, "digest.news");
    for (guint i = 0; i < news->len; i++) {
        const NewsRow *row = news->pdata[i];
        g_autofree char *moment = telling_moment(person, row->at);
        g_autofree char *by = words_for(person, row->by);
        put(out,
            phrases_fill(person->phrases, news_key(row), "case", row->case_id,
                         "category", telling_category(person, row->category),
                         "moment", moment, "by", by, NULL));
    }
    g_string_append_c(out, '\n');
}

void text_put_foot(GString *out, const Person *person, int64_t entries,
                   const char *seal)
{
    const Settings *settings = person->settings;
    g_autofree char *count = g_strdup_printf("%" G_GINT64_FORMAT, entries);
    g_autofree char *moment = telling_moment(person, person->now);
    put(out, phrases_fill(person->phrases, "desk", "desk", settings->desk.name,
                          "address", settings->desk.address, NULL));
    if (settings->notices.phone)
        put(out, phrases_fill(person->phrases, "phone", "phone",
                              settings->notices.phone, NULL));
    g_string_append_c(out, '\n');
    put(out, phrases_fill(person->phrases, "seal", "moment", moment, "entries",
                          count, "seal", seal, NULL));
}

/* Not what names another's relay (a relative, one on the same address): staff
 * have it, and ask. */
void text_put_relays(GString *out, const Person *person, const GPtrArray *rows)
{
    g_autoptr(GString) lines = g_string_new(NULL);
    g_autoptr(Apart) apart = apart_new(person->settings->members, NULL, NULL);
    for (guint i = 0; i < rows->len; i++) {
        const NoticeRow *row = rows->pdata[i];
        g_autofree char *key = g_strdup_printf("relay.%s", row->kind);
        const char *kind = phrases_get(person->phrases, key);
        g_autofree char *line =
            g_strdup_printf("- %s%s%s%s%s%s\n", row->relay ? row->relay : "",
                            row->relay ? ": " : "", kind ? kind : "",
                            kind ? " (" : "", row->what, kind ? ")" : "");
        if (!apart_names_another(apart, person->member->id, line))
            g_string_append(lines, line);
    }
    if (lines->len == 0)
        return;
    text_put_heading(out, person, "digest.relays");
    g_string_append_printf(out, "%s\n", lines->str);
}

void text_put_todo(GString *out, const Person *person, const GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++) {
        const CaseRow *row = rows->pdata[i];
        g_autofree char *due = row->due == INSTANT_NONE
                                   ? g_strdup("-")
                                   : telling_moment(person, row->due);
        g_string_append_printf(out, "%s  %s  %s  due %s\n    %s\n",
                               row->case_id, row->member ? row->member : "-",
                               row->category, due, row->why);
    }
}
