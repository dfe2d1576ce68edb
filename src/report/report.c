/* The nouns of report.h: their words, their life, their flags. */
#include "report/report.h"

#include "report/study.h"

#include <string.h>

const char *disposition_word(Disposition disposition)
{
    switch (disposition) {
    case DISPOSITION_COMPLAINT:
        return "complaint";
    case DISPOSITION_QUESTION:
        return "question";
    case DISPOSITION_LEGAL:
        return "legal";
    case DISPOSITION_BOUNCE:
        return "bounce";
    case DISPOSITION_AUTO_REPLY:
        return "auto-reply";
    case DISPOSITION_ACKNOWLEDGEMENT:
        return "acknowledgement";
    case DISPOSITION_REPLY:
        return "reply";
    case DISPOSITION_NEWSLETTER:
        return "newsletter";
    case DISPOSITION_AGGREGATE:
        return "aggregate";
    case DISPOSITION_UNREADABLE:
        return "unreadable";
    case DISPOSITION_OTHER:
        return "other";
    case DISPOSITION_COUNT:
        break;
    }
    g_assert_not_reached();
}

const char *sender_class_word(SenderClass sender_class)
{
    switch (sender_class) {
    case SENDER_UNKNOWN:
        return "unknown";
    case SENDER_AUTOMATED:
        return "automated";
    case SENDER_PERSON:
        return "person";
    case SENDER_HOSTER:
        return "hoster";
    case SENDER_CERT:
        return "cert";
    case SENDER_RIGHTS_HOLDER:
        return "rights-holder";
    case SENDER_LAW_FIRM:
        return "law-firm";
    case SENDER_AUTHORITY:
        return "authority";
    case SENDER_PRESS:
        return "press";
    case SENDER_OURSELVES:
        return "ourselves";
    case SENDER_COUNT:
        break;
    }
    g_assert_not_reached();
}

const char *sensitive_word(Sensitive bit)
{
    switch (bit) {
    case SENSITIVE_AUTHORITY:
        return "authority";
    case SENSITIVE_COURT:
        return "court";
    case SENSITIVE_LAWYER:
        return "lawyer";
    case SENSITIVE_LIFE:
        return "life";
    case SENSITIVE_CHILD_ABUSE:
        return "child-abuse";
    case SENSITIVE_DATA_SUBJECT:
        return "data-subject";
    case SENSITIVE_PRESS:
        return "press";
    case SENSITIVE_ALL:
        break;
    }
    g_assert_not_reached();
}

static void reference_free(Reference *reference)
{
    if (!reference)
        return;
    quote_free(reference->value);
    g_free(reference->where);
    g_free(reference);
}

void statement_free(Statement *statement)
{
    if (!statement)
        return;
    quote_free(statement->address);
    quote_free(statement->port);
    quote_free(statement->target);
    quote_free(statement->target_port);
    quote_free(statement->time);
    quote_free(statement->time_last);
    quote_free(statement->zone);
    quote_free(statement->protocol);
    g_free(statement->category);
    g_free(statement);
}

Report *report_new(void)
{
    Report *report = g_new0(Report, 1);
    report->format = "plain";
    report->date = INSTANT_NONE;
    report->deadline = INSTANT_NONE;
    report->disposition = DISPOSITION_OTHER;
    report->category = g_strdup("unknown");
    report->language = g_strdup("und");
    report->category_why =
        g_ptr_array_new_with_free_func((GDestroyNotify)quote_free);
    report->sensitive_why =
        g_ptr_array_new_with_free_func((GDestroyNotify)quote_free);
    report->references =
        g_ptr_array_new_with_free_func((GDestroyNotify)reference_free);
    report->statements =
        g_ptr_array_new_with_free_func((GDestroyNotify)statement_free);
    report->channels =
        g_ptr_array_new_with_free_func((GDestroyNotify)channel_free);
    report->demands =
        g_ptr_array_new_with_free_func((GDestroyNotify)demand_free);
    report->works = g_ptr_array_new_with_free_func((GDestroyNotify)work_free);
    report->losers = g_ptr_array_new_with_free_func((GDestroyNotify)loser_free);
    report->blocks = g_ptr_array_new_with_free_func(g_free);
    report->flags = g_ptr_array_new_with_free_func(g_free);
    return report;
}

Report *report_new_unreadable(const char *why)
{
    Report *report = report_new();
    report->disposition = DISPOSITION_UNREADABLE;
    report->disposition_why = g_strdup(why);
    return report;
}

void report_free(Report *report)
{
    if (!report)
        return;
    g_free(report->disposition_why);
    g_free(report->sender_class_why);
    g_free(report->reporter_address);
    g_free(report->reporter_name);
    g_free(report->subject);
    g_free(report->claimed_address);
    g_free(report->category);
    g_free(report->language);
    g_free(report->first_line);
    g_ptr_array_unref(report->category_why);
    g_ptr_array_unref(report->sensitive_why);
    g_ptr_array_unref(report->references);
    g_ptr_array_unref(report->channels);
    g_ptr_array_unref(report->demands);
    g_ptr_array_unref(report->works);
    g_ptr_array_unref(report->losers);
    returned_free(report->returned);
    g_ptr_array_unref(report->statements);
    g_ptr_array_unref(report->blocks);
    g_ptr_array_unref(report->flags);
    quote_free(report->deadline_words);
    quote_free(report->accusation);
    g_free(report);
}

bool report_has_flag(const Report *report, const char *flag)
{
    for (guint i = 0; i < report->flags->len; i++)
        if (strcmp(report->flags->pdata[i], flag) == 0)
            return true;
    return false;
}

void report_add_flag(Report *report, const char *flag)
{
    if (report->flags->len < FLAGS_MAX && !report_has_flag(report, flag))
        g_ptr_array_add(report->flags, g_strdup(flag));
}
