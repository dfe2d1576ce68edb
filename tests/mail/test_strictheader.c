#include "mail/strictheader.h"

#include "table.h"

static void add(GString *out, const char *name, const char *value)
{
    if (value)
        g_string_append_printf(out, " %s=%s", name, value);
}

static void add_list(GString *out, const char *name, const GPtrArray *list,
                     const char *between)
{
    for (guint i = 0; i < list->len; i++)
        g_string_append_printf(out, "%s%s", i ? between : name,
                               (const char *)list->pdata[i]);
}

static void add_words(GString *out, const StrictHeader *header)
{
    if (header->is_list)
        g_string_append(out, " list");
    if (header->is_bulk)
        g_string_append(out, " bulk");
    if (header->is_suppressed)
        g_string_append(out, " suppressed");
    if (header->is_spam)
        g_string_append(out, " spam");
    for (guint i = 0; i < header->ambiguous->len; i++)
        g_string_append_printf(out, " [%s]",
                               (const char *)header->ambiguous->pdata[i]);
    if (header->authentication->len > 0)
        g_string_append(out, " []");
    for (guint i = 0; i < header->authentication->len; i++) {
        const StrictField *field = header->authentication->pdata[i];
        g_string_append_printf(out, " %s:%u=%s", field->name, field->index,
                               field->value);
    }
    for (guint i = 0; i < header->signatures->len; i++) {
        const StrictField *field = header->signatures->pdata[i];
        g_string_append_printf(out, " {%s}", field->value);
    }
}

static char *show(const char *raw)
{
    g_autoptr(StrictHeader) header = strict_header_scan(raw, strlen(raw));
    GString *out = g_string_new(NULL);
    g_autofree char *path = header->return_path
                                ? g_strdup_printf("<%s>", header->return_path)
                                : NULL;
    add(out, "from", header->from);
    add_list(out, " to=", header->to, ",");
    add_list(out, " resent=", header->resent, ",");
    add(out, "date", header->date);
    add(out, "auto", header->auto_submitted);
    if (header->auto_is_odd)
        g_string_append(out, " odd-auto");
    add(out, "id", header->message_id);
    add(out, "return", path);
    add(out, "type", header->content_type);
    add(out, "report", header->report_type);
    add_list(out, " refs=", header->references, "");
    if (header->has_fork)
        g_string_append(out, " fork");
    add(out, "loop", header->loop_token);
    add_words(out, header);
    return g_strchug(g_string_free(out, false));
}

static void test_table(void)
{
    table_run("strict.table", show);
}

static bool has_ambiguity(const char *raw, size_t length, const char *why)
{
    g_autoptr(StrictHeader) header = strict_header_scan(raw, length);
    for (guint i = 0; i < header->ambiguous->len; i++)
        if (strcmp(header->ambiguous->pdata[i], why) == 0)
            return true;
    return false;
}

/* What does not fit on a line of a table. */
static void test_limits(void)
{
    static const char nul[] = "From: a@example.org\r\nX: a\0b\r\n\r\n";
    g_assert_true(has_ambiguity(nul, sizeof nul - 1, "NUL in the header"));
    g_autoptr(GString) raw = g_string_new("From: a@example.org\r\nTo: ");
    for (int i = 0; i < 300; i++)
        g_string_append(raw, "b@example.org, ");
    g_string_append(raw, "\r\n\r\n");
    g_assert_true(has_ambiguity(raw->str, raw->len,
                                "a header value of more than 2048 bytes"));
    g_string_assign(raw, "From: a@example.org\r\n");
    for (int i = 0; i < 1500; i++)
        g_string_append(raw, "X: y\r\n");
    g_string_append(raw, "\r\n");
    g_assert_true(
        has_ambiguity(raw->str, raw->len, "more than 1000 header fields"));
    g_string_assign(raw, "X: ");
    while (raw->len < 300 * 1024)
        g_string_append(raw, "y\r\n ");
    g_assert_true(has_ambiguity(raw->str, raw->len,
                                "no end of the header within 256 KiB"));
    g_assert_true(has_ambiguity("", 0, "no From"));
}

/* The one that passed must be among those that are known. */
static void test_signatures(void)
{
    static const char why[] = "more or longer signatures than are read";
    g_autoptr(GString) raw = g_string_new("From: a@example.org\r\n");
    for (int i = 0; i < 20; i++)
        g_string_append(raw, "DKIM-Signature: v=1\r\n");
    g_assert_false(has_ambiguity(raw->str, raw->len, why));
    g_string_append(raw, "DKIM-Signature: v=1; l=1\r\n\r\n");
    g_assert_true(has_ambiguity(raw->str, raw->len, why));
    g_string_assign(raw, "From: a@example.org\r\nDKIM-Signature: v=1; z=");
    for (int i = 0; i < 2048; i++)
        g_string_append_c(raw, 'A');
    g_string_append(raw, "; l=1\r\n\r\n");
    g_assert_true(has_ambiguity(raw->str, raw->len, why));
}

static void test_references_limit(void)
{
    g_autoptr(GString) raw = g_string_new("From: a@example.org\r\n");
    g_string_append(raw, "References:");
    for (int i = 0; i < 50; i++)
        g_string_append_printf(raw, "\r\n <%d@example.org>", i);
    g_string_append(raw, "\r\n\r\n");
    g_autoptr(StrictHeader) header = strict_header_scan(raw->str, raw->len);
    g_assert_cmpuint(header->references->len, ==, 40);
    g_assert_cmpstr(header->references->pdata[0], ==, "<0@example.org>");
    g_assert_cmpstr(header->references->pdata[1], ==, "<11@example.org>");
    g_assert_cmpstr(header->references->pdata[39], ==, "<49@example.org>");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/strictheader/table", test_table);
    g_test_add_func("/strictheader/limits", test_limits);
    g_test_add_func("/strictheader/signatures", test_signatures);
    g_test_add_func("/strictheader/references", test_references_limit);
    return g_test_run();
}
