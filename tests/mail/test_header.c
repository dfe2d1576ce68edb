/* Date, mailbox and encoded words: what header values are made into. */
#include "base/instant.h"
#include "mail/date.h"
#include "mail/headers.h"
#include "mail/mail.h"

#include "table.h"

static char *show_date(const char *value)
{
    MailDate date = mail_date_parse(value);
    char buffer[INSTANT_TEXT_MAX];
    const char *text = instant_text(date.at, buffer);
    if (date.at == INSTANT_NONE) {
        g_assert_false(date.has_zone);
        return g_strdup(text);
    }
    if (!date.has_zone)
        return g_strdup_printf("%s no zone", text);
    return g_strdup_printf("%s %+d", text, date.offset_s / 60);
}

static char *show_mailbox(const char *value)
{
    g_autofree char *address = NULL, *name = NULL;
    if (!mail_mailbox(value, &address, &name)) {
        g_assert_null(address);
        g_assert_null(name);
        return g_strdup("no");
    }
    return g_strdup_printf("%s | %s", address, name ? name : "-");
}

static char *show_words(const char *value)
{
    return header_decode(value, strlen(value), false);
}

static char *show_address_words(const char *value)
{
    return header_decode(value, strlen(value), true);
}

static void test_date(void)
{
    table_run("date.table", show_date);
    g_assert_true(mail_date_parse(NULL).at == INSTANT_NONE);
}

static void test_mailbox(void)
{
    table_run("mailbox.table", show_mailbox);
}

static void test_words(void)
{
    table_run("words.table", show_words);
}

static void test_address_words(void)
{
    table_run("words_address.table", show_address_words);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    g_test_add_func("/header/date", test_date);
    g_test_add_func("/header/mailbox", test_mailbox);
    g_test_add_func("/header/words", test_words);
    g_test_add_func("/header/address-words", test_address_words);
    return g_test_run();
}
