#include "mail/anchors.h"
#include "mail/transfer.h"

#include <string.h>

static void check(Transfer transfer, const char *raw, const char *expected,
                  const char *flaw)
{
    Decoded decoded;
    transfer_decode(transfer, (const uint8_t *)raw, 0, strlen(raw), &decoded);
    g_assert_cmpmem(decoded.bytes->data, decoded.bytes->len, expected,
                    strlen(expected));
    g_assert_cmpstr(decoded.flaw, ==, flaw);
    decoded_clear(&decoded);
}

static void test_name(void)
{
    g_assert_cmpint(transfer_of(NULL), ==, TRANSFER_IDENTITY);
    g_assert_cmpint(transfer_of("BASE64"), ==, TRANSFER_BASE64);
    g_assert_cmpint(transfer_of(" base64 ;"), ==, TRANSFER_BASE64);
    g_assert_cmpint(transfer_of("Quoted-Printable"), ==,
                    TRANSFER_QUOTED_PRINTABLE);
    g_assert_cmpint(transfer_of("8bit"), ==, TRANSFER_IDENTITY);
    g_assert_cmpint(transfer_of("x-uuencode"), ==, TRANSFER_IDENTITY);
}

static void test_base64(void)
{
    Transfer base64 = TRANSFER_BASE64;
    check(base64, "", "", NULL);
    check(base64, "SGVsbG8=\r\n", "Hello", NULL);
    check(base64, "SGVs\r\nbG8=", "Hello", NULL);
    check(base64, "SGVsb\nG8=", "Hello", NULL);
    /* evidence behind the first padding */
    check(base64, "SGVsbG8=IHdvcmxk", "Hello world", NULL);
    check(base64, "SGVsbG8=\r\nIHdvcmxk\r\n", "Hello world", NULL);
    check(base64, "SGVs!bG8=", "Hello", "base64 damaged");
    check(base64, "SGVsbG8", "Hello", "base64 cut short");
    check(base64, "SGVsbG8=\r\n-- \r\na list footer\r\n", "Hello",
          "text after the end of base64 left out");
}

static void test_quoted(void)
{
    Transfer quoted = TRANSFER_QUOTED_PRINTABLE;
    check(quoted, "a=3Db=0A", "a=b\n", NULL);
    check(quoted, "one=\r\ntwo\r\n", "onetwo\n", NULL);
    check(quoted, "one= \t\r\ntwo", "onetwo", NULL);
    check(quoted, "blanks  \r\nb", "blanks\nb", NULL);
    check(quoted, "192.0.2=\n.1=e4", "192.0.2.1\xE4", NULL);
    check(quoted, "1=zz2", "1=zz2", "quoted-printable damaged");
    check(quoted, "a=", "a", NULL);
}

/* A decoded byte leads to its raw line, whatever came before. */
static void test_anchors(void)
{
    static const char raw[] = "xxSGVs\nbG8=\nIHdv\n";
    Decoded decoded;
    transfer_decode(TRANSFER_BASE64, (const uint8_t *)raw, 2, strlen(raw) - 2,
                    &decoded);
    g_assert_cmpuint(anchors_find(decoded.anchors, 0), ==, 2);
    g_assert_cmpuint(anchors_find(decoded.anchors, 3), ==, 7);
    g_assert_cmpuint(anchors_find(decoded.anchors, 5), ==, 12);
    decoded_clear(&decoded);
}

static void test_chain(void)
{
    g_autoptr(GArray) outer = anchors_new(), inner = anchors_new();
    anchors_add(outer, 0, 0);
    anchors_add(outer, 10, 20);
    anchors_add(inner, 0, 100);
    anchors_add(inner, 15, 200);
    g_autoptr(GArray) chain = anchors_chain(outer, inner);
    g_assert_cmpuint(anchors_find(chain, 0), ==, 100);
    g_assert_cmpuint(anchors_find(chain, 9), ==, 109);
    g_assert_cmpuint(anchors_find(chain, 10), ==, 205);
    /* a break of the inner one within a stretch of the outer one */
    g_array_set_size(outer, 1);
    g_autoptr(GArray) broken = anchors_chain(outer, inner);
    g_assert_cmpuint(anchors_find(broken, 14), ==, 114);
    g_assert_cmpuint(anchors_find(broken, 15), ==, 200);
    g_array_set_size(chain, 0);
    g_assert_cmpuint(anchors_find(chain, 3), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/transfer/name", test_name);
    g_test_add_func("/transfer/base64", test_base64);
    g_test_add_func("/transfer/quoted-printable", test_quoted);
    g_test_add_func("/transfer/anchors", test_anchors);
    g_test_add_func("/anchors/chain", test_chain);
    return g_test_run();
}
