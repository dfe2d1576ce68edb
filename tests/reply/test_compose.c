#include "base/errors.h"
#include "reply/letter.h"
#include "reply/sample.h"
#include "reply/token.h"
#include "templates_dir.h"

#include <string.h>

static Templates *load_shipped(void)
{
    g_autoptr(GError) error = NULL;
    Templates *templates =
        templates_load((const char *const[]){TEMPLATE_DIR, NULL}, &error);
    g_assert_no_error(error);
    return templates;
}

static char *bytes_text(const Reply *reply)
{
    gsize length;
    const char *data = g_bytes_get_data(reply->bytes, &length);
    return g_strndup(data, length);
}

/* The unfolded value of the only field of that name; NULL if there is none. */
static char *field_of(const char *letter, const char *name)
{
    g_autofree char *head =
        g_strndup(letter, strstr(letter, "\r\n\r\n") + 2 - letter);
    g_auto(GStrv) parts = g_strsplit(head, "\r\n ", -1);
    g_autofree char *unfolded = g_strjoinv(" ", parts);
    g_auto(GStrv) lines = g_strsplit(unfolded, "\r\n", -1);
    g_autofree char *start = g_strconcat(name, ": ", NULL);
    char *found = NULL;
    for (char **line = lines; *line; line++)
        if (g_str_has_prefix(*line, start)) {
            g_assert_null(found);
            found = g_strdup(*line + strlen(start));
        }
    return found;
}

static void assert_field(const char *letter, const char *name,
                         const char *expected)
{
    g_autofree char *value = field_of(letter, name);
    g_assert_cmpstr(value, ==, expected);
}

static Reply *compose(const Templates *templates, const char *id,
                      const Sample *sample)
{
    g_autoptr(GError) error = NULL;
    Reply *reply =
        reply_compose(templates_by_id(templates, id), &sample->context, &error);
    g_assert_no_error(error);
    return reply;
}

static void test_form(void)
{
    g_autoptr(Templates) templates = load_shipped();
    g_autoptr(Sample) sample =
        sample_new(SAMPLE_USUAL, "connection/login_attack");
    g_autoptr(Reply) reply = compose(templates, "XX/login-attack.en", sample);
    g_autofree char *letter = bytes_text(reply);
    assert_field(letter, "From",
                 "\"Example Town Library (automatic reply)\" "
                 "<abuse@library.example>");
    assert_field(letter, "To", "noc@shop.example");
    assert_field(letter, "Subject",
                 "Auto: [EX-2026-00142-K] Your report about 192.0.2.77");
    assert_field(letter, "Date", "Mon, 04 May 2026 12:20:00 +0000");
    assert_field(letter, "Message-ID", "<t.0123456789abcdef@umbrella.example>");
    assert_field(letter, "In-Reply-To", "<a1.2026@shop.example>");
    assert_field(letter, "References",
                 "<a0.2026@shop.example> <a1.2026@shop.example>");
    assert_field(letter, "Auto-Submitted", "auto-replied");
    assert_field(letter, "Precedence", "bulk");
    assert_field(letter, "X-Auto-Response-Suppress", "All");
    assert_field(letter, "MIME-Version", "1.0");
    assert_field(letter, "Content-Type", "text/plain; charset=utf-8");
    assert_field(letter, "Content-Transfer-Encoding", "quoted-printable");
    static const char *const ABSENT[] = {
        "Cc",
        "Bcc",
        "Reply-To",
        "Return-Receipt-To",
        "List-Id",
        "Sender",
        "Disposition-Notification-To",
    };
    for (guint i = 0; i < G_N_ELEMENTS(ABSENT); i++)
        assert_field(letter, ABSENT[i], NULL);
    g_autofree char *loop = field_of(letter, "X-Exitdesk-Loop");
    g_assert_true(reply_is_own_token(loop, sample->key));
    g_autofree char *token = reply_bounce_token(
        reply->envelope_from, "bounce@umbrella.example", sample->key);
    g_assert_cmpstr(token, ==, "0123456789abcdef");
    g_assert_cmpstr(reply->to, ==, "noc@shop.example");
    g_assert_cmpstr(reply->template_id, ==, "XX/login-attack.en");
    g_assert_true(reply_claims_hold(reply));
}

/* One whole letter, read by a person before it was written down here. */
static void test_text(void)
{
    g_autofree char *expected = NULL;
    g_assert(g_file_get_contents(TEST_DIR "/login-attack.expected", &expected,
                                 NULL, NULL));
    g_autoptr(Templates) templates = load_shipped();
    g_autoptr(Sample) sample =
        sample_new(SAMPLE_USUAL, "connection/login_attack");
    g_autoptr(Reply) reply = compose(templates, "XX/login-attack.en", sample);
    g_assert_cmpstr(reply->text, ==, expected);
}

static void test_held(void)
{
    g_autoptr(Templates) templates = load_shipped();
    g_autoptr(Sample) sample =
        sample_new(SAMPLE_USUAL | SAMPLE_HELD, "messaging/spam");
    g_autoptr(Reply) reply = compose(templates, "XX/spam.en", sample);
    g_autofree char *letter = bytes_text(reply);
    assert_field(letter, "From",
                 "\"Example Town Library\" <abuse@library.example>");
    assert_field(letter, "Auto-Submitted", "auto-replied");
}

static void expect_refusal(const Templates *templates, Sample *sample,
                           const char *words)
{
    g_autoptr(GError) error = NULL;
    Reply *reply = reply_compose(templates_by_id(templates, "XX/spam.en"),
                                 &sample->context, &error);
    g_assert_null(reply);
    g_assert_error(error, DESK_ERROR, DESK_ERROR_INVALID);
    g_test_message("%s", error->message);
    g_assert_nonnull(strstr(error->message, words));
}

static void test_refusals(void)
{
    static const char *const NAMES[] = {"Evil\r\nBcc: victim@example.org",
                                        "Bell\a", "\xe2\x80\xaegnp.exe",
                                        "\xff"};
    g_autoptr(Templates) templates = load_shipped();
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autoptr(Sample) sample = sample_new(SAMPLE_USUAL, "messaging/spam");
        g_free(sample->member->name);
        sample->member->name = g_strdup(NAMES[i]);
        expect_refusal(templates, sample, "{{member.name}}");
    }
    static const char *const ADDRESSES[] = {"a@b.example, c@d.example",
                                            "a@b.example\nBcc: c@d.example", "",
                                            "\"a b\"@c.example"};
    for (guint i = 0; i < G_N_ELEMENTS(ADDRESSES); i++) {
        g_autoptr(Sample) sample = sample_new(SAMPLE_USUAL, "messaging/spam");
        sample->context.to = ADDRESSES[i];
        expect_refusal(templates, sample, "the address to write to");
    }
    g_autoptr(Sample) sample = sample_new(SAMPLE_USUAL, "messaging/spam");
    sample->context.token = "UPPER-CASE";
    expect_refusal(templates, sample, "token");
    sample->context.token = "0123456789abcdef";
    sample->context.message_domain = "bad domain";
    expect_refusal(templates, sample, "Message-ID");
    sample->context.message_domain = "umbrella.example";
    sample->context.member = NULL;
    expect_refusal(templates, sample, "{{member.name}}");
    sample->context.desk_name = NULL;
    expect_refusal(templates, sample, "no member");
}

static void test_hole_and_size(void)
{
    g_autoptr(TemplatesDir) dir = templates_dir_new();
    g_autofree char *hole =
        templates_dir_letter("XX", "spam", "en", "x {{time.utc}}\n");
    templates_dir_write(dir, "XX/spam.en.txt", hole);
    g_autoptr(Templates) templates = templates_dir_load(dir, false);
    g_autoptr(Sample) sample = sample_new(SAMPLE_EXIT, "messaging/spam");
    expect_refusal(templates, sample,
                   "spam.en.txt:8:3: {{time.utc}} has no "
                   "value here");
    g_autofree char *filler = g_strnfill(9000, 'a');
    g_autofree char *large = templates_dir_letter("XX", "spam", "en", filler);
    templates_dir_write(dir, "XX/spam.en.txt", large);
    g_autoptr(Templates) again = templates_dir_load(dir, false);
    expect_refusal(again, sample, "8192 are allowed");
}

/* Which of the reporter's own numbers may be repeated. */
static void test_references(void)
{
    static const struct {
        const char *words;
        bool is_repeated;
    } CASES[] = {
        {"AbuseID:4711:2F", true},
        {"#12345", true},
        {"CERT-2026.05-17", true},
        {"no digits", false},
        {"BUY-NOW", false},
        {"www1.evil.example", false},
        {"http://evil.example/1", false},
        {"a b 1", false},
        {"{{case.id}}1", false},
        {"<1>", false},
        {"1\r\n2", false},
        {"", false},
    };
    g_autoptr(Templates) templates = load_shipped();
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(Sample) sample = sample_new(SAMPLE_USUAL, "messaging/spam");
        Reference *reference = sample->findings->report->references->pdata[0];
        g_free(reference->value->words);
        reference->value->words = g_strdup(CASES[i].words);
        g_autoptr(Reply) reply = compose(templates, "XX/spam.en", sample);
        g_autofree char *line =
            g_strdup_printf("Your reference: %s. Our", CASES[i].words);
        g_assert_cmpint(strstr(reply->text, line) != NULL, ==,
                        CASES[i].is_repeated);
        g_assert_cmpint(strstr(reply->text, "Your reference") != NULL, ==,
                        CASES[i].is_repeated);
    }
}

/* An id of that many bytes, told apart by its number. */
static char *long_id(int number, guint length)
{
    g_autofree char *start = g_strdup_printf("<id%d.", number);
    g_autofree char *fill = g_strnfill(length - strlen(start) - 13, 'a');
    return g_strconcat(start, fill, "@example.org>", NULL);
}

/* The letter's References where the mail names count ids of that length
 * before its own. */
static char *thread_field(const Templates *templates, Sample *sample, int count,
                          guint length, char **letter)
{
    g_ptr_array_set_size(sample->strict->references, 0);
    for (int i = 0; i < count; i++)
        g_ptr_array_add(sample->strict->references, long_id(i, length));
    g_ptr_array_add(sample->strict->references, g_strdup("<bad id@x>"));
    g_autoptr(Reply) reply = compose(templates, "XX/spam.en", sample);
    *letter = bytes_text(reply);
    return field_of(*letter, "References");
}

/* No line passes 78 characters (RFC 5322 section 2.1.1) but for one id that
 * does so alone. */
static void assert_folded(const char *letter)
{
    g_auto(GStrv) lines = g_strsplit(letter, "\r\n", -1);
    for (char **line = lines; *line; line++) {
        const char *start = strchr(*line, '<');
        if (strlen(*line) > 78)
            g_assert_cmpstr(start + strcspn(start, ">"), ==, ">");
    }
}

/* A long thread keeps its first and newest ids, each whole, and stays within
 * 998 characters unfolded (RFC 5537 section 3.4.4). */
static void test_thread(void)
{
    static const struct {
        int count;
        guint length, kept; /* with the mail's own, which has 22 bytes */
    } CASES
        [] =
            {
                {1, 60, 2},   {19, 30, 20}, {30, 30, 31},
                {31, 30, 32}, /* 12 + 31 * 31 + 22 = 995 */
                {32, 30, 32}, {39, 30, 32}, {39, 60, 16},
                {5, 250, 4},  {3, 250, 4},  {2, 250, 3},
            };
    g_autoptr(Templates) templates = load_shipped();
    g_autoptr(Sample) sample = sample_new(SAMPLE_USUAL, "messaging/spam");
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autofree char *letter = NULL;
        g_autofree char *references = thread_field(
            templates, sample, CASES[i].count, CASES[i].length, &letter);
        g_auto(GStrv) ids = g_strsplit(references, " ", -1);
        guint count = g_strv_length(ids);
        int newest = CASES[i].count - 1;
        g_assert_cmpuint(count, ==, CASES[i].kept);
        g_assert_cmpuint(strlen("References: ") + strlen(references), <=, 998);
        g_assert_cmpstr(ids[count - 1], ==, "<a1.2026@shop.example>");
        g_autofree char *first = long_id(0, CASES[i].length);
        g_assert_cmpstr(ids[0], ==, first);
        for (guint k = count - 2; k > 0; k--, newest--) {
            g_autofree char *id = long_id(newest, CASES[i].length);
            g_assert_cmpstr(ids[k], ==, id);
        }
        assert_folded(letter);
    }
    /* Several parents and no References: none of them is the thread. */
    sample->strict->has_fork = true;
    g_autofree char *letter = NULL;
    g_autofree char *own = thread_field(templates, sample, 2, 30, &letter);
    g_assert_cmpstr(own, ==, "<a1.2026@shop.example>");
    sample->strict->has_fork = false;
    /* Without a Message-ID nothing is threaded. */
    g_clear_pointer(&sample->strict->message_id, g_free);
    g_autoptr(Reply) alone = compose(templates, "XX/spam.en", sample);
    g_autofree char *plain = bytes_text(alone);
    assert_field(plain, "In-Reply-To", NULL);
    assert_field(plain, "References", NULL);
}

/* The desk speaks for several members and names none. */
static void test_desk(void)
{
    g_autoptr(Templates) templates = load_shipped();
    g_autoptr(Sample) sample =
        sample_new(SAMPLE_USUAL | SAMPLE_SEVERAL | SAMPLE_HELD | SAMPLE_DESK,
                   "connection/login_attack");
    g_autoptr(Reply) reply =
        compose(templates, "XX/several-members.en", sample);
    g_autofree char *letter = bytes_text(reply);
    assert_field(letter, "From",
                 "\"Example Umbrella\" <abuse@umbrella.example>");
    g_assert_true(reply_claims_hold(reply));
    g_assert_null(strstr(letter, "Library"));
    g_assert_null(strstr(letter, "library.example"));
}

/* Preview is the send path: two runs differ in nothing. */
static void test_same_bytes(void)
{
    g_autoptr(Templates) templates = load_shipped();
    g_autoptr(Sample) sample = sample_new(SAMPLE_USUAL, "messaging/spam");
    g_autoptr(Reply) one = compose(templates, "XX/spam.de", sample);
    g_autoptr(Reply) two = compose(templates, "XX/spam.de", sample);
    g_assert_true(g_bytes_equal(one->bytes, two->bytes));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/compose/form", test_form);
    g_test_add_func("/reply/compose/text", test_text);
    g_test_add_func("/reply/compose/held", test_held);
    g_test_add_func("/reply/compose/refusals", test_refusals);
    g_test_add_func("/reply/compose/hole-and-size", test_hole_and_size);
    g_test_add_func("/reply/compose/references", test_references);
    g_test_add_func("/reply/compose/thread", test_thread);
    g_test_add_func("/reply/compose/desk", test_desk);
    g_test_add_func("/reply/compose/same-bytes", test_same_bytes);
    return g_test_run();
}
