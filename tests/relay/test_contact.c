/* ContactInfo: contact.table, a case a line; bounds; real ones. */
#include "relay/contact.h"

#include "relay/contact_words.h"

#include <string.h>

static char *answer(const char *escaped, bool with_reason)
{
    g_autofree char *text = g_strcompress(escaped);
    g_autoptr(Contact) contact = contact_read(text, strlen(text));
    return g_strdup_printf(
        "%s %s %s%s%s%s%s", contact_form_word(contact->form),
        contact->address ? contact->address : "-",
        contact_confidence_word(contact->confidence),
        contact->abuse ? ", abuse " : "", contact->abuse ? contact->abuse : "",
        with_reason ? " : " : "", with_reason ? contact->reason : "");
}

static void test_table(void)
{
    g_autofree char *file = NULL;
    g_assert_true(
        g_file_get_contents(TEST_DIR "/contact.table", &file, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(file, "\n", -1);
    guint count = 0;
    for (char **line = lines; *line; line++) {
        if (!**line || **line == '#')
            continue;
        g_auto(GStrv) halves = g_strsplit(*line, " ==> ", 2);
        g_autofree char *got =
            answer(halves[0], strstr(halves[1], " : ") != NULL);
        if (!g_str_equal(got, halves[1])) {
            g_test_message("%s\n  got: %s", *line, got);
            g_test_fail();
        }
        count++;
    }
    g_assert_cmpuint(count, >, 130);
}

static Contact *read_text(const char *text)
{
    return contact_read(text, strlen(text));
}

static void test_fields(void)
{
    g_autoptr(Contact) plain =
        read_text("email:a[]b.example url:https://Www.Host.example:443/x/ "
                  "proof:uri-rsa proof:dns-rsa ciissversion:2");
    g_assert_cmpstr(plain->url, ==, "https://Www.Host.example:443/x/");
    g_assert_cmpstr(plain->domain, ==, "www.host.example");
    g_assert_cmpint(plain->proof, ==, PROOF_URI_RSA);
    g_assert_cmpuint(plain->ciiss_version, ==, 2);

    g_autoptr(Contact) bare =
        read_text("url:host.example proof:dns-familyid-ed25519 ciissversion:3");
    g_assert_cmpstr(bare->domain, ==, "host.example");
    g_assert_cmpint(bare->proof, ==, PROOF_DNS_FAMILYID);
    g_assert_cmpuint(bare->ciiss_version, ==, 3);

    g_autoptr(Contact) odd = read_text("proof:carrier-pigeon url:192.0.2.1 "
                                       "email:a[]b.example ciissversion:2");
    g_assert_cmpint(odd->proof, ==, PROOF_UNKNOWN);
    g_assert_null(odd->domain);

    g_autoptr(Contact) none = read_text("a@b.example");
    g_assert_cmpint(none->proof, ==, PROOF_NONE);
    g_assert_cmpuint(none->ciiss_version, ==, 0);
    g_assert_null(none->url);
}

static void test_url_is_bounded(void)
{
    static const char *const BAD[] = {
        "url:https:// ciissversion:2",
        "url:https://host ciissversion:2",
        "url:https://a..b.example ciissversion:2",
        "url:https://.host.example ciissversion:2",
        "url:https://user@host.example ciissversion:2",
        "url:https://host.example/?q ciissversion:2",
        "url:https://h\xc3\xb6st.example ciissversion:2",
        "url:https://[2001:db8::1]/ ciissversion:2",
    };
    for (guint i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_autoptr(Contact) contact = read_text(BAD[i]);
        g_assert_null(contact->domain);
    }
    g_autoptr(GString) longer =
        g_string_new("ciissversion:2 url:host.example/");
    while (longer->len < sizeof "ciissversion:2 url:" - 1 + CIISS_URL_MAX)
        g_string_append_c(longer, 'a');
    g_autoptr(Contact) fits = contact_read(longer->str, longer->len);
    g_assert_cmpstr(fits->domain, ==, "host.example");
    g_string_append_c(longer, 'a');
    g_autoptr(Contact) not = contact_read(longer->str, longer->len);
    g_assert_null(not ->domain);
}

static void test_length(void)
{
    g_autoptr(GString) text = g_string_new("relay@host.example ");
    while (text->len < 15004)
        g_string_append(text, "x ");
    g_autoptr(Contact) real = contact_read(text->str, text->len);
    g_assert_cmpstr(real->address, ==, "relay@host.example");
    while (text->len <= CONTACT_BYTES_MAX)
        g_string_append(text, "xx");
    g_autoptr(Contact) huge = contact_read(text->str, text->len);
    g_assert_null(huge->address);
    g_assert_nonnull(strstr(huge->reason, "not read"));
}

static void test_nul_bytes(void)
{
    static const char TEXT[] = "Some\0Body <relay@host.example>\0";
    g_autoptr(Contact) contact = contact_read(TEXT, sizeof TEXT - 1);
    g_assert_cmpstr(contact->address, ==, "relay@host.example");
}

/* Whatever is repeated, reading takes a time that grows with the length: all
 * of these together are read in well under a second. */
static void test_hostile(void)
{
    static const char *const PIECES[] = {
        "@",
        "[]",
        "a@",
        "a@b.",
        "a at ",
        "a dot ",
        "<at>",
        "(((",
        "<<a@b.de ",
        "-at-",
        "_",
        "|",
        "| =",
        "http://",
        "email:",
        "a.b@c.de ",
        "nospa",
        "a_dot_",
        " + ",
        "ciissversion:2 ",
        "abuse:a[]b.de ",
        "\xff",
        "[ - ",
        "a dot b at c dot ",
    };
    gint64 start = g_get_monotonic_time();
    for (guint i = 0; i < G_N_ELEMENTS(PIECES); i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        while (text->len + strlen(PIECES[i]) <= CONTACT_BYTES_MAX)
            g_string_append(text, PIECES[i]);
        g_autoptr(Contact) contact = contact_read(text->str, text->len);
        g_assert_nonnull(contact->reason);
        g_assert_true((contact->address != NULL) ==
                      (contact->confidence != CONFIDENCE_NONE));
    }
    g_assert_cmpint(g_get_monotonic_time() - start, <, 3 * G_USEC_PER_SEC);
}

static void test_tlds_are_sorted(void)
{
    for (guint i = 1; i < contact_tld_count(); i++)
        g_assert_cmpstr(contact_tld_at(i - 1), <, contact_tld_at(i));
    g_assert_true(contact_tld_is_known("de"));
    g_assert_true(contact_tld_is_known("xn--p1ai"));
    g_assert_false(contact_tld_is_known("onion"));
    g_assert_false(contact_tld_is_known(""));
}

/* An address that could be written into an envelope as it is. */
static void assert_address(const char *address)
{
    const char *at = strchr(address, '@');
    g_assert_nonnull(at);
    g_assert_null(strchr(at + 1, '@'));
    g_assert_cmpint(at - address, >, 0);
    g_assert_cmpint(at - address, <=, 64);
    g_assert_cmpuint(strlen(address), <=, 254 + 64);
    for (const char *c = address; *c; c++)
        g_assert_true(g_ascii_isalnum(*c) || strchr("._+-@", *c));
    for (const char *c = at; *c; c++)
        g_assert_false(g_ascii_isupper(*c));
    g_assert_true(contact_tld_is_known(strrchr(at, '.') + 1));
}

static void check_line(const char *text, size_t length)
{
    g_autoptr(Contact) contact = contact_read(text, length);
    g_assert_nonnull(contact->reason);
    g_assert_true((contact->address != NULL) ==
                  (contact->confidence != CONFIDENCE_NONE));
    if (contact->address)
        assert_address(contact->address);
    if (contact->abuse)
        assert_address(contact->abuse);
}

/* Real ones: only that every answer is well formed, and that most that hold
 * an "@" between letters give an address. */
static void test_real(void)
{
    const char *shared = g_getenv("EXITDESK_SHARED");
    g_autofree char *path = g_build_filename(shared ? shared : "", "tordata",
                                             "contactinfo.txt", NULL);
    g_autofree char *file = NULL;
    gsize length = 0;
    if (!g_file_get_contents(path, &file, &length, NULL)) {
        g_test_skip("shared/ is absent");
        return;
    }
    guint count = 0;
    for (char *line = file; line < file + length;) {
        char *end = memchr(line, '\n', (size_t)(file + length - line));
        end = end ? end : file + length;
        char *tab = memchr(line, '\t', (size_t)(end - line));
        if (tab) {
            check_line(tab + 1, (size_t)(end - tab - 1));
            count++;
        }
        line = end + 1;
    }
    g_assert_cmpuint(count, >, 8000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/contact/table", test_table);
    g_test_add_func("/contact/fields", test_fields);
    g_test_add_func("/contact/url", test_url_is_bounded);
    g_test_add_func("/contact/length", test_length);
    g_test_add_func("/contact/nul", test_nul_bytes);
    g_test_add_func("/contact/hostile", test_hostile);
    g_test_add_func("/contact/tlds", test_tlds_are_sorted);
    g_test_add_func("/contact/real", test_real);
    return g_test_run();
}
