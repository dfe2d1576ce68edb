/* Shapes that must be refused before a parser sees them, and real mail that
 * looks like them and must pass. Also: an answer to anything in bounded time. */
#include "base/errors.h"
#include "mail/mail.h"
#include "mail/prescan.h"

#include <string.h>
#include <time.h>

#define HEAD  "From: a@example.org\r\nMIME-Version: 1.0\r\n"
#define MIXED HEAD "Content-Type: multipart/mixed; boundary=b\r\n\r\n"

static GString *repeat(const char *head, const char *piece, unsigned count,
                       const char *tail)
{
    GString *raw = g_string_new(head);
    for (unsigned i = 0; i < count; i++)
        g_string_append(raw, piece);
    g_string_append(raw, tail);
    return raw;
}

/* Refused, by mail_parse too, with these words. */
static void check_refused(GString *taken, const char *words)
{
    g_autoptr(GString) raw = taken;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(raw->str, raw->len);
    g_autoptr(Mail) mail = mail_parse(bytes, &error);
    g_assert_null(mail);
    g_assert_error(error, DESK_ERROR, DESK_ERROR_LIMIT);
    if (!strstr(error->message, words))
        g_error("\"%s\" does not say \"%s\"", error->message, words);
}

static void check_parsed(GString *taken, unsigned parts)
{
    g_autoptr(GString) raw = taken;
    g_autoptr(GError) error = NULL;
    g_autoptr(GBytes) bytes = g_bytes_new_static(raw->str, raw->len);
    g_autoptr(Mail) mail = mail_parse(bytes, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(mail->parts->len, ==, parts);
}

static void test_groups(void)
{
    const char *words = "groups";
    check_refused(repeat(HEAD "To: ", "g:", 5000, "\r\n\r\nx"), words);
    check_refused(repeat(HEAD "To: ", "g:\r\n ", 5000, "\r\n\r\nx"), words);
    check_refused(repeat(HEAD "Resent-Cc : ", "g:", 5000, "\r\n\r\nx"), words);
    check_refused(repeat(HEAD "Content-Type: message/rfc822\r\n\r\nTo: ", "g:",
                         5000, "\r\n\r\nx"),
                  words);
    check_refused(repeat(MIXED
                         "--b\r\nContent-Type: message/global\r\n\r\nCc: ",
                         "g:", 5000, "\r\n\r\nx"),
                  words);
    check_refused(repeat(HEAD "To: ", "(", 5000, "\r\n\r\nx"), words);
    /* quoted headers in a text are no headers */
    check_parsed(repeat(HEAD "\r\nTo: ", "g:", 5000, "\r\n\r\nx"), 1);
    check_parsed(repeat(HEAD "To: ", "a@example.org, ", 900, "\r\n\r\n"), 1);
}

/* A parser that looks for an address behind each name. */
static void test_bare_names(void)
{
    const char *words = "names without an address";
    check_refused(repeat(HEAD "To: ", "Ann, ", 1001, "\r\n\r\nx"), words);
    check_refused(repeat(HEAD, "Cc: Ann, Bob, Eve\r\n", 501, "\r\nx"), words);
    check_parsed(
        repeat(HEAD "To: ", "Doe, Ann <a@example.org>, ", 900, "\r\n\r\nx"), 1);
    check_parsed(repeat(HEAD "X-To: ", "Ann, ", 5000, "\r\n\r\nx"), 1);
}

static void test_headers(void)
{
    check_refused(repeat("", "X: y\r\n", 1000000, "\r\nx"), "header fields");
    check_refused(repeat("X: ", "yyyyyyyyyy", 2000000, "\r\n\r\nx"),
                  "header block");
    check_refused(repeat("X: ", "yyyyyyyyyy", 7000, "\r\n\r\nx"),
                  "more than 64 KiB");
    check_refused(
        repeat(HEAD "Content-Type: text/plain", "; a=b", 5000, "\r\n\r\nx"),
        "parameters");
    check_refused(repeat(MIXED "--b\r\n", "X: y\r\n", 5000, "\r\n\r\nx"),
                  "header fields");
    check_parsed(repeat(HEAD, "Received: by x\r\n", 200, "\r\nx"), 1);
}

static void test_parts(void)
{
    check_refused(repeat(MIXED, "--b\r\n\r\n", 700000, ""), "1000 parts");
    check_refused(repeat(HEAD "Content-Type: multipart/mixed;\r\n"
                              " boundary*0=b; boundary*1=c\r\n\r\n",
                         "--bc\r\n\r\n", 700000, ""),
                  "1000 parts");
    check_refused(repeat(HEAD "Content-Type: multipart/mixed; boundary=\"",
                         "0123456789", 40, "\"\r\n\r\nx"),
                  "boundary");
    check_parsed(repeat(MIXED, "--b\r\n\r\nx\r\n", 900, "--b--\r\n"), 901);
    /* lines of a patch and near misses are no parts */
    check_parsed(repeat(HEAD "\r\n", "--- a\n--x\n-- \n", 100000, ""), 1);
    check_parsed(
        repeat(MIXED "--b\r\n\r\n", "--bx\r\n-b\r\n", 100000, "--b--\r\n"), 2);
}

static GString *nested_multiparts(unsigned depth)
{
    GString *raw = g_string_new(HEAD);
    for (unsigned i = 0; i < depth; i++)
        g_string_append_printf(
            raw, "Content-Type: multipart/mixed; boundary=b%u\r\n\r\n--b%u\r\n",
            i, i);
    g_string_append(raw, "\r\nx\r\n");
    return raw;
}

static void test_depth(void)
{
    static const char message[] = "Content-Type: message/rfc822\r\n\r\n";
    check_refused(nested_multiparts(10000), "boundaries");
    check_refused(nested_multiparts(900), "deep");
    check_refused(nested_multiparts(32), "deep");
    check_parsed(nested_multiparts(31), 32);
    check_refused(repeat(HEAD, message, 10000, "x"), "parts");
    check_refused(repeat(HEAD, message, 900, "x"), "deep");
    check_parsed(repeat(HEAD, message, 31, "X: y\r\n\r\nx"), 32);
}

static void test_size(void)
{
    check_refused(repeat(HEAD "\r\n", "0123456789abcdef", 2 * 1024 * 1024, ""),
                  "25 MiB");
}

/* CPU seconds; the wall clock depends on who else is running. */
static double cpu_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Each row is repeated to 4 MiB; all take well under a second, but sanitizers
 * may need four times that. */
static void test_time(void)
{
    static const struct {
        const char *head, *piece;
    } rows[] = {
        {HEAD "\r\n", "\r"},
        {HEAD "\r\n", "a\r"},
        {HEAD "\r\n", "\n"},
        {HEAD "Content-Transfer-Encoding: base64\r\n\r\n", "YQ==\r\n"},
        {HEAD "Content-Transfer-Encoding: quoted-printable\r\n\r\n", "="},
        {HEAD "Content-Transfer-Encoding: quoted-printable\r\n\r\n", "=\n"},
        {HEAD "Content-Type: text/plain; charset=iso-2022-jp\r\n\r\n",
         "\x1B$B\xFF"},
        {HEAD "Content-Type: text/plain; charset=big5\r\n\r\n", "\xFF"},
        {HEAD "Content-Type: text/plain; charset=utf-8\r\n\r\n", "\xFF"},
        {HEAD "Content-Type: text/html\r\n\r\n", "<div>"},
        {HEAD "Content-Type: text/html\r\n\r\n<b><b><b>", "</i>"},
        {HEAD "Content-Type: text/html\r\n\r\n<a ", "b "},
        {HEAD "Content-Type: text/html\r\n\r\n", "<a "},
        {HEAD "Content-Type: text/html\r\n\r\n", "<!--"},
        {HEAD "Content-Type: text/html\r\n\r\n", "&"},
        {HEAD "Content-Type: text/html\r\n\r\n", "<?"},
        {HEAD "Content-Type: text/html\r\n\r\n<script>", "</"},
        {HEAD "Content-Type: text/html\r\n\r\n", "<a href=\"http://x/\">y"},
        {HEAD "Content-Type: text/html\r\n\r\n", "<table><tr><td>"},
        {MIXED, "--b\r\nContent-Type: multipart/mixed\r\n\r\n"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        unsigned count = 4 * 1024 * 1024 / (unsigned)strlen(rows[i].piece);
        g_autoptr(GString) raw = repeat(rows[i].head, rows[i].piece, count, "");
        g_autoptr(GBytes) bytes = g_bytes_new_static(raw->str, raw->len);
        double begin = cpu_seconds();
        g_autoptr(GError) error = NULL;
        g_autoptr(Mail) mail = mail_parse(bytes, &error);
        double seconds = cpu_seconds() - begin;
        g_assert_true((mail != NULL) != (error != NULL));
        g_autofree char *piece = g_strescape(rows[i].piece, NULL);
        g_test_message("%s: %.2f s", piece, seconds);
        g_assert_cmpfloat(seconds, <, 4.0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    mail_prepare();
    g_test_add_func("/prescan/groups", test_groups);
    g_test_add_func("/prescan/bare-names", test_bare_names);
    g_test_add_func("/prescan/headers", test_headers);
    g_test_add_func("/prescan/parts", test_parts);
    g_test_add_func("/prescan/depth", test_depth);
    g_test_add_func("/prescan/size", test_size);
    g_test_add_func("/prescan/time", test_time);
    return g_test_run();
}
