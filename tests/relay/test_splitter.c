/* Documents do not depend on how the stream is cut, nor on what lies between. */
#include "relay/splitter.h"

#include "base/digest.h"

#include <string.h>

static void note_document(const Source *source, Text document, const char *flaw,
                          gpointer data)
{
    uint8_t hash[SHA256_BYTES];
    digest_sha256(document.at, text_length(&document), hash);
    g_string_append_printf(data, "%s %s %zu %02x%02x\n",
                           source ? source->type : "-", flaw ? flaw : "",
                           text_length(&document), hash[0], hash[1]);
}

static char *split_new(const GString *text, size_t piece)
{
    GString *found = g_string_new(NULL);
    g_autoptr(Splitter) splitter = splitter_new(note_document, found);
    for (size_t at = 0; at < text->len; at += piece)
        splitter_feed(splitter, text->str + at, MIN(piece, text->len - at));
    splitter_finish(splitter);
    return g_string_free(found, FALSE);
}

static const char *random_line(GRand *chance)
{
    static const char *const LINES[] = {
        "network-status-version 3\n",
        "network-status-version 3 microdesc\r\n",
        "network-status-versions 3\n",
        " network-status-version 3\n",
        "@type microdescriptor 1.0\n",
        "@type network-status-vote-3 1.0\n",
        "onion-key\n",
        "contact somebody@example.org\n",
        "\n",
        "\r\n",
        "@\n",
        "router x 192.0.2.1 1 0 0\n",
        "router-signature\n",
        "-----END SIGNATURE-----\n",
    };
    return LINES[g_rand_int_range(chance, 0, G_N_ELEMENTS(LINES))];
}

/* Lines that matter, at any distance from each other. */
static GString *random_text(GRand *chance)
{
    GString *text = g_string_new("network-status-version 3\n");
    for (int i = g_rand_int_range(chance, 1, 40); i > 0; i--) {
        int plain = g_rand_int_range(chance, 0, 3) ? 0 : 6000;
        for (int k = g_rand_int_range(chance, 0, plain + 1); k > 0;) {
            int length = g_rand_int_range(chance, 1, 300);
            for (int j = 0; j < length; j++)
                g_string_append_c(text,
                                  "ab@n w"[g_rand_int_range(chance, 0, 6)]);
            g_string_append_c(text, '\n');
            k -= length;
        }
        g_string_append(text, random_line(chance));
    }
    return text;
}

static void test_pieces(void)
{
    g_autoptr(GRand) chance = g_rand_new_with_seed(5);
    for (guint round = 0; round < 200; round++) {
        g_autoptr(GString) text = random_text(chance);
        g_autofree char *whole = split_new(text, text->len);
        g_autofree char *some =
            split_new(text, (size_t)g_rand_int_range(chance, 4000, 20000));
        g_autofree char *small = split_new(text, 97);
        g_assert_cmpstr(whole, ==, small);
        g_assert_cmpstr(some, ==, small);
    }
}

/* Input of nothing but lines that might matter is read in linear time. */
static void test_hostile(void)
{
    static const char *const LINES[] = {
        "@\n", "network-status-version 3\n", "network-status-versions\n",
        "a@@@@@@@@@@@@@@@@@@@@@@@@\n", "@@@@@@@@@@@@@@@@@@@@@@@@\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++) {
        g_autoptr(GString) text = g_string_new("network-status-version 3\n");
        while (text->len < 2000000)
            g_string_append(text, LINES[i]);
        double spent[2];
        for (int half = 0; half < 2; half++) {
            gsize length = text->len;
            g_string_truncate(text, half ? length : length / 8);
            gint64 started = g_get_monotonic_time();
            g_autofree char *found = split_new(text, text->len);
            g_assert_cmpuint(strlen(found), >, 0);
            spent[half] = (double)(g_get_monotonic_time() - started);
            while (text->len < length)
                g_string_append(text, LINES[i]);
        }
        /* Eight times the bytes: squared time would be 64. */
        g_assert_cmpfloat(spent[1], <, 32 * spent[0] + 100000);
    }
}

/* A long line that comes byte by byte, as archives with holes hand it out, is
 * looked at once. */
static void test_drops(void)
{
    enum { LONG = 4000000, DROPS = 20000 };
    static const char FIRST[] = "network-status-version 3\n";
    g_autofree char *line = g_strnfill(LONG, 'x');
    g_autoptr(GString) found = g_string_new(NULL);
    g_autoptr(Splitter) splitter = splitter_new(note_document, found);
    gint64 started = g_get_monotonic_time();
    splitter_feed(splitter, FIRST, strlen(FIRST));
    splitter_feed(splitter, line, LONG);
    for (guint i = 0; i < DROPS; i++)
        splitter_feed(splitter, "x", 1);
    splitter_finish(splitter);
    g_assert_cmpuint(found->len, >, 0);
    /* Four megabytes for each drop would be 80 GB. */
    g_assert_cmpint(g_get_monotonic_time() - started, <, 3 * G_USEC_PER_SEC);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/splitter/pieces", test_pieces);
    g_test_add_func("/splitter/hostile", test_hostile);
    g_test_add_func("/splitter/drops", test_drops);
    return g_test_run();
}
