/*
 * letter.h - a mail around one line of a table, "Subject | text".
 *
 * Its Date is Friday, 1 May 2026, noon UTC+2. A line may begin with header
 * fields of its own, "{Name: value}{Name: value}Subject | text"; a From or Date
 * there replaces the usual one.
 */
#pragma once

#include "report/report.h"

#include <string.h>

static inline GBytes *letter_bytes(const char *line)
{
    GString *raw = g_string_new("Message-ID: <1@example.net>\n"
                                "MIME-Version: 1.0\n"
                                "Content-Type: text/plain; charset=utf-8\n"
                                "Content-Transfer-Encoding: 8bit\n");
    if (!strstr(line, "{Date:"))
        g_string_append(raw, "Date: Fri, 01 May 2026 12:00:00 +0200\n");
    if (!strstr(line, "{From:"))
        g_string_append(raw, "From: Somebody <somebody@example.net>\n");
    while (*line == '{') {
        const char *end = strchr(line, '}');
        g_assert(end);
        g_string_append_len(raw, line + 1, end - line - 1);
        g_string_append_c(raw, '\n');
        line = end + 1;
    }
    const char *bar = strstr(line, " | ");
    if (bar)
        g_string_append_printf(raw, "Subject: %.*s\n", (int)(bar - line), line);
    g_string_append_printf(raw, "\n%s\n", bar ? bar + 3 : line);
    return g_string_free_to_bytes(raw);
}

static inline Report *letter_read(const char *line)
{
    g_autoptr(GBytes) bytes = letter_bytes(line);
    g_autoptr(GError) error = NULL;
    g_autoptr(Mail) mail = mail_parse(bytes, &error);
    g_assert_no_error(error);
    return report_read(mail);
}
