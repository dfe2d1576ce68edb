#include "ticket/ticket.h"

#include <string.h>

static bool is_same(const char *from_a, const char *raw_a, const char *from_b,
                    const char *raw_b)
{
    g_autoptr(GBytes) bytes_a = g_bytes_new_static(raw_a, strlen(raw_a));
    g_autoptr(GBytes) bytes_b = g_bytes_new_static(raw_b, strlen(raw_b));
    uint8_t key_a[32], key_b[32];
    ticket_delivery_key(from_a, bytes_a, key_a);
    ticket_delivery_key(from_b, bytes_b, key_b);
    return memcmp(key_a, key_b, sizeof key_a) == 0;
}

static void test_identical_redelivery_only(void)
{
    g_assert_true(is_same("a@example.org", "x", "a@example.org", "x"));
    g_assert_true(is_same("", "", "", ""));
    g_assert_false(is_same("a@example.org", "x", "b@example.org", "x"));
    g_assert_false(is_same("a@example.org", "x", "a@example.org", "x\r\n"));
    /* nothing may move from one field into the other */
    g_assert_false(is_same("ab", "c", "a", "bc"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ticket/key/identical", test_identical_redelivery_only);
    return g_test_run();
}
