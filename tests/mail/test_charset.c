#include "mail/anchors.h"
#include "mail/charset.h"
#include "mail/charset_table.h"

#include <string.h>

static void check(const char *charset, const char *bytes, size_t length,
                  const char *expected, const char *flaw)
{
    CharsetText text;
    charset_convert(charset, bytes, length, 1 << 20, &text);
    g_assert_cmpstr(text.text->str, ==, expected);
    g_assert_cmpstr(text.flaw, ==, flaw);
    charset_text_clear(&text);
}

#define CHECK(charset, bytes, expected, flaw)                                  \
    check(charset, bytes, sizeof(bytes) - 1, expected, flaw)

static void test_claims(void)
{
    CHECK(NULL, "plain", "plain", NULL);
    CHECK("US-ASCII", "plain", "plain", NULL);
    CHECK("utf-8", "caf\xC3\xA9", "café", NULL);
    CHECK("\"UTF-8\"", "caf\xC3\xA9", "café", NULL);
    CHECK("iso-8859-1", "caf\xE9 \x80", "café €", NULL);
    CHECK("koi8-r", "\xF4\xC5\xD3\xD4", "Тест", NULL);
    CHECK("windows-1251", "\xD2\xE5\xF1\xF2", "Тест", NULL);
    CHECK("iso-8859-15", "\xA4", "€", NULL);
    CHECK("big5", "\xA4\xA4", "中", NULL);
    CHECK("gb2312", "\xD6\xD0", "中", NULL);
    CHECK("euc-kr", "\xC7\xD1", "한", NULL);
    CHECK("shift_jis", "\x93\xFA", "日", NULL);
    CHECK("iso-2022-jp", "\x1B$BF|\x1B(B\na", "日\na", NULL);
    /* glibc keeps the last letter back: a mark may follow */
    CHECK("windows-1258", "abc\nd\xEC\ne", "abc\nd\xCC\x81\ne", NULL);
    CHECK("utf-16", "\xFE\xFF\0a\0\r\0\n\0b", "a\nb", NULL);
    CHECK("utf-16le", "a\0\x3D\xD8\x00\xDE", "a😀", NULL);
    CHECK("utf-16", "a\0b\0c\0d\0", "abcd", NULL);
    CHECK("utf-16", "\0a\0b\0c\0d", "abcd", NULL);
    CHECK("utf-16",
          "\xFF\xFE"
          "a\0b\0",
          "ab", NULL);
    CHECK("windows-1250", "P\xF8\xEDklad \x9A", "Příklad š", NULL);
    CHECK("windows-1253", "\xC1\xE1", "Αα", NULL);
    CHECK("windows-1254", "\xFE\xF0\xDD", "şğİ", NULL);
    CHECK("windows-1255", "\xF9\xEC\xE5\xED", "שלום", NULL);
    CHECK("windows-1256", "\xC7\xE1", "ال", NULL);
    CHECK("koi8-u", "\xB6\xA4", "Іє", NULL);
    CHECK("gbk", "\xB9\xA5\xBB\xF7", "攻击", NULL);
    CHECK("big5", "\xA7\xF0\xC0\xBB", "攻擊", NULL);
}

/* What is claimed and what is there differ. */
static void test_lies(void)
{
    CHECK(NULL, "caf\xC3\xA9", "café", "charset not stated");
    CHECK(NULL, "caf\xE9", "café", "charset not stated");
    CHECK("us-ascii", "caf\xC3\xA9", "café", "charset wrong");
    CHECK("iso-8859-1", "caf\xC3\xA9", "café", "charset wrong");
    CHECK("utf-8", "caf\xE9", "café", "charset wrong");
    CHECK("x-none", "caf\xE9", "café", "charset unknown");
    CHECK("utf-7", "+AGE-", "+AGE-", "charset refused");
    CHECK("iso-2022-cn-ext", "a", "a", "charset refused");
    CHECK("utf-16", "plain text", "plain text", "charset wrong");
    CHECK("big5", "caf\xC3\xA9 caf\xC3", "caf\xE7\x9F\x87 caf\xEF\xBF\xBD",
          "bytes that are not of the charset");
    CHECK("utf-8", "\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xC3\xA9\xE9 x",
          "ééééé\xEF\xBF\xBD x", "bytes that are not of the charset");
    CHECK("iso-2022-jp", "\x1B$BF|\xFF\x1B(B a", "日\xEF\xBF\xBD a",
          "bytes that are not of the charset");
    CHECK("koi8-r", "\xEF\xBB\xBF\xC3\xA9", "é", NULL);
    /* UTF-8 under another name is no reason to make up letters */
    CHECK("windows-1251", "\xD0\xA2\xD0\xB5\xD1\x81\xD1\x82", "Тест",
          "charset wrong");
    CHECK("koi8-r", "\xD0\xA2\xD0\xB5\xD1\x81\xD1\x82", "Тест",
          "charset wrong");
    CHECK("iso-8859-2", "caf\xC3\xA9", "café", "charset wrong");
    CHECK("gb2312", "\xE4\xB8\xAD\xE5\x9B\xBD\xE4\xB8\xAD\xE5\x9B\xBD",
          "中国中国", "charset wrong");
    CHECK("euc-kr", "\xED\x95\x9C\xEA\xB5\xAD\xEC\x96\xB4\xEB\xA1\x9C",
          "한국어로", "charset wrong");
    /* two letters of GBK that happen to be UTF-8 */
    CHECK("gbk", "\xC1\xAA\xCD\xA8", "联通", NULL);
}

static void test_lines(void)
{
    CHECK(NULL, "a\r\nb\nc\rd\r\r\ne\r\rf", "a\nb\nc\nd\ne\n\nf", NULL);
    CHECK(NULL, "a\0b\0", "ab", NULL);
    CHECK("koi8-r", "a\0\r\nb", "a\nb", NULL);
}

static void test_anchors(void)
{
    static const char bytes[] = "\xE9\xE9\r\nb\r\nc";
    CharsetText text;
    charset_convert("iso-8859-1", bytes, sizeof bytes - 1, 100, &text);
    g_assert_cmpstr(text.text->str, ==, "éé\nb\nc");
    g_assert_cmpuint(anchors_find(text.anchors, 5), ==, 4);
    g_assert_cmpuint(anchors_find(text.anchors, 7), ==, 7);
    charset_text_clear(&text);
}

static void test_limit(void)
{
    CharsetText text;
    charset_convert("iso-8859-1", "\xE9\xE9\xE9", 3, 5, &text);
    g_assert_cmpstr(text.text->str, ==, "éé");
    g_assert_cmpstr(text.flaw, ==, "text cut at the limit");
    charset_text_clear(&text);
}

/* Every row of the table gives valid UTF-8 for every byte and pair. */
static void test_every_charset(void)
{
    char bytes[256 * 3];
    for (int i = 0; i < 256; i++) {
        bytes[3 * i] = (char)i;
        bytes[3 * i + 1] = (char)(255 - i);
        bytes[3 * i + 2] = i % 7 == 0 ? '\x1B' : (char)(i * 5);
    }
    for (const CharsetRow *row = charset_rows; row->label; row++) {
        CharsetText text;
        charset_convert(row->label, bytes, sizeof bytes, 1 << 20, &text);
        g_assert_true(
            g_utf8_validate(text.text->str, (gssize)text.text->len, NULL));
        g_assert_null(memchr(text.text->str, '\r', text.text->len));
        charset_text_clear(&text);
        g_assert_cmpint(charset_is_known(row->label), ==,
                        row->kind != CHARSET_REFUSED);
        if (row->kind != CHARSET_ICONV)
            continue;
        charset_convert(row->label, "abc", 3, 100, &text);
        g_assert_cmpstr(text.text->str, ==, "abc");
        g_assert_null(text.flaw);
        charset_text_clear(&text);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    charset_prepare();
    g_test_add_func("/charset/claims", test_claims);
    g_test_add_func("/charset/lies", test_lies);
    g_test_add_func("/charset/lines", test_lines);
    g_test_add_func("/charset/anchors", test_anchors);
    g_test_add_func("/charset/limit", test_limit);
    g_test_add_func("/charset/every-row", test_every_charset);
    return g_test_run();
}
