#include "reply/token.h"

#include <string.h>

#define BOUNCE "bounce@umbrella.example"
#define TOKEN  "0123456789abcdef0123456789abcdef"

static GBytes *key_of(const char *text)
{
    return g_bytes_new(text, strlen(text));
}

static void test_bounce(void)
{
    g_autoptr(GBytes) key = key_of("secret");
    g_autoptr(GBytes) other = key_of("another");
    g_autofree char *address = token_bounce_address_new(BOUNCE, TOKEN, key);
    g_assert_true(g_str_has_prefix(address, "bounce+" TOKEN "."));
    g_assert_true(g_str_has_suffix(address, "@umbrella.example"));
    g_assert_cmpint(strchr(address, '@') - address, <=, 64);
    g_autofree char *token = reply_bounce_token(address, BOUNCE, key);
    g_assert_cmpstr(token, ==, TOKEN);
    /* Servers may change the case of what stands before the "@". */
    g_autofree char *loud = g_ascii_strup(address, -1);
    g_autofree char *again = reply_bounce_token(loud, BOUNCE, key);
    g_assert_cmpstr(again, ==, TOKEN);
    g_assert_null(reply_bounce_token(address, BOUNCE, other));
    g_assert_null(reply_bounce_token(address, "x@umbrella.example", key));
    g_assert_null(reply_bounce_token(address, "bounce@else.example", key));
    address[10] = address[10] == 'a' ? 'b' : 'a';
    g_assert_null(reply_bounce_token(address, BOUNCE, key));
}

static void test_not_bounces(void)
{
    static const char *const BAD[] = {
        "",
        "bounce@umbrella.example",
        "bounce+@umbrella.example",
        "bounce+.@umbrella.example",
        "bounce+abc@umbrella.example",
        "bounce+abc.0000@umbrella.example",
        "bounce+0123456789abcdef.000000000000000000000000@umbrella.example",
        "nobody",
    };
    g_autoptr(GBytes) key = key_of("secret");
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++)
        g_assert_null(reply_bounce_token(BAD[i], BOUNCE, key));
    g_assert_null(reply_bounce_token(NULL, BOUNCE, key));
    g_assert_null(reply_bounce_token("a@b", NULL, key));
}

static void test_loop(void)
{
    g_autoptr(GBytes) key = key_of("secret");
    g_autoptr(GBytes) other = key_of("another");
    g_autofree char *loop = token_loop_new("EX-2026-00142-K", key);
    g_assert_true(reply_is_own_token(loop, key));
    g_assert_false(reply_is_own_token(loop, other));
    g_assert_false(reply_is_own_token("EX-2026-00142-K", key));
    g_assert_false(reply_is_own_token("", key));
    g_assert_false(reply_is_own_token(".", key));
    g_autofree char *endless = g_strnfill(100000, 'a');
    g_assert_false(reply_is_own_token(endless, key));
    /* A bounce mark is no loop mark. */
    g_autofree char *address = token_bounce_address_new(BOUNCE, TOKEN, key);
    g_autofree char *marked =
        g_strndup(address + 7, strchr(address, '@') - address - 7);
    g_assert_false(reply_is_own_token(marked, key));
}

static void test_valid(void)
{
    g_assert_true(token_is_valid(TOKEN));
    g_assert_true(token_is_valid("abcdefgh"));
    g_assert_false(token_is_valid("abcdefg"));
    g_assert_false(token_is_valid(TOKEN "0"));
    g_assert_false(token_is_valid("ABCDEFGH"));
    g_assert_false(token_is_valid("abcd.efgh"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/token/bounce", test_bounce);
    g_test_add_func("/reply/token/not-bounces", test_not_bounces);
    g_test_add_func("/reply/token/loop", test_loop);
    g_test_add_func("/reply/token/valid", test_valid);
    return g_test_run();
}
