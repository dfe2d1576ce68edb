/*
 * The lists of a reporters' digest: each case in the one group that its
 * evidence carries, what nothing carries apart, and whom the letter answers.
 */
#include "reply/digest_words.h"
#include "reply/letter.h"
#include "reply/sample.h"

#include <string.h>

/* Cases of one digest, as samples with their own numbers. */
static const struct {
    const char *case_id, *quote, *message_id;
    uint32_t branches;
    const char *line;
} CASES[] = {
    {"EX-1", "[T:1]", "<1@shop.example>", SAMPLE_USUAL,
     "  EX-1, [T:1]: 192.0.2.77, 2026-05-03 14:02:11 UTC"},
    {"EX-2", NULL, "<2@shop.example>", SAMPLE_USUAL | SAMPLE_SEVERAL,
     "  EX-2, NOC-20260503-17: 192.0.2.77 and 2001:db8::77, 2026-05-03 "
     "14:02:11 - 2026-05-03 14:05:11 UTC (4)"},
    {"EX-3", "[T:3]", "<2@shop.example>",
     SAMPLE_PORT_CLOSED | SAMPLE_PORT | SAMPLE_TIME,
     "  EX-3, [T:3]: 192.0.2.77, 2026-05-03 14:02:11 UTC"},
    {"EX-4", NULL, "<bad id>", SAMPLE_NOT_EXIT, "  EX-4: 192.0.2.77"},
    {"EX-5", NULL, NULL, SAMPLE_NOT_LISTED | SAMPLE_TIME,
     "  EX-5: 192.0.2.77, 2026-05-03 14:02:11 UTC"},
    {"EX-6", NULL, NULL, SAMPLE_TIME,
     "  EX-6: 192.0.2.77, 2026-05-03 14:02:11 UTC"},
};

static Sample *samples[G_N_ELEMENTS(CASES)];
static GPtrArray *rows;

static void set_up(void)
{
    rows = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        samples[i] = sample_new(CASES[i].branches, "messaging/spam");
        DigestRow *row = g_new0(DigestRow, 1);
        *row = (DigestRow){.case_id = CASES[i].case_id,
                           .quote = CASES[i].quote,
                           .message_id = CASES[i].message_id,
                           .findings = samples[i]->findings,
                           .ticket = samples[i]->ticket,
                           .matches = samples[i]->context.matches};
        g_ptr_array_add(rows, row);
    }
    samples[0]->context.digest = rows;
    samples[0]->context.language = "en";
}

static void tear_down(void)
{
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++)
        sample_free(samples[i]);
    g_ptr_array_unref(rows);
}

static void test_groups(void)
{
    char *(*const WORDS[])(const ReplyContext *) = {
        word_digest_exit,       word_digest_port_closed, word_digest_not_exit,
        word_digest_not_listed, word_digest_open,
    };
    set_up();
    for (guint i = 0; i < G_N_ELEMENTS(WORDS); i++) {
        g_autofree char *list = WORDS[i](&samples[0]->context);
        g_autofree char *both =
            g_strdup_printf("%s\n%s", CASES[0].line, CASES[1].line);
        g_assert_cmpstr(list, ==, i == 0 ? both : CASES[i + 1].line);
    }
    g_autofree char *count = word_digest_several(&samples[0]->context);
    g_assert_cmpstr(count, ==, "6");
    /* a letter about one case lists that one */
    samples[0]->context.digest = NULL;
    g_autofree char *alone = word_digest_exit(&samples[0]->context);
    g_assert_nonnull(alone);
    g_assert_null(strchr(alone, '\n'));
    g_assert_null(word_digest_several(&samples[0]->context));
    g_assert_null(word_digest_open(&samples[0]->context));
    tear_down();
}

/* Four claims a case, each with its number; one that is not known is enough
 * for a person. */
static void test_claims(void)
{
    set_up();
    for (guint most = 5; most <= 6; most++) {
        g_ptr_array_set_size(rows, (int)most);
        Reply reply = {.claims = g_ptr_array_new_with_free_func(
                           (GDestroyNotify)claim_free)};
        digest_add_claims(&samples[0]->context, reply.claims);
        g_assert_cmpuint(reply.claims->len, ==, most * 4);
        const Claim *claim = reply.claims->pdata[4];
        g_assert_cmpstr(claim->name, ==, "exit-then");
        g_assert_true(g_str_has_prefix(claim->exhibit, "EX-2: consensus"));
        g_assert_cmpint(reply_claims_hold(&reply), ==, most == 5);
        g_ptr_array_unref(reply.claims);
        if (most == 5) { /* the sixth again */
            tear_down();
            set_up();
        }
    }
    tear_down();
}

/* It answers several mails: all that are told are parents, none is the
 * thread. */
static void test_parents(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(Templates) templates =
        templates_load((const char *const[]){TEMPLATE_DIR, NULL}, &error);
    g_assert_no_error(error);
    set_up();
    g_autoptr(Reply) reply =
        reply_compose(templates_by_id(templates, "XX/reporters-digest.en"),
                      &samples[0]->context, &error);
    g_assert_no_error(error);
    gsize length;
    const char *bytes = g_bytes_get_data(reply->bytes, &length);
    g_assert_nonnull(g_strstr_len(bytes, (gssize)length,
                                  "\r\nIn-Reply-To: <1@shop.example> "
                                  "<2@shop.example>\r\n"));
    g_assert_null(g_strstr_len(bytes, (gssize)length, "\r\nReferences:"));
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++)
        g_assert_nonnull(strstr(reply->text, CASES[i].line));
    g_assert_cmpuint(length, <, LETTER_BYTES_MAX / 2);
    tear_down();
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/reply/digest-words/groups", test_groups);
    g_test_add_func("/reply/digest-words/claims", test_claims);
    g_test_add_func("/reply/digest-words/parents", test_parents);
    return g_test_run();
}
