/*
 * What the dialogues do not show: limits over many sessions, stopping, and
 * random commands against a model of the protocol.
 */
#include "receive/lmtp.h"

#include <string.h>

static bool accepts(void *data, const char *address)
{
    return !g_str_has_prefix(address, "nobody");
}

static Lmtp *begin(uint32_t max_bytes, LmtpReserve *reserve, void *data)
{
    return lmtp_new(&(LmtpConfig){
        .hostname = "mx.desk.example",
        .max_bytes = max_bytes,
        .accepts = accepts,
        .reserve = reserve,
        .data = data,
    });
}

/* Feed text; what was said, yours. */
static char *tell(Lmtp *lmtp, const char *text)
{
    GString *out = g_string_new(NULL);
    lmtp_feed(lmtp, text, strlen(text), out);
    return g_string_free(out, FALSE);
}

/* Feed text whose replies are looked at elsewhere. */
static void pass(Lmtp *lmtp, const char *text)
{
    g_free(tell(lmtp, text));
}

static void assert_says(Lmtp *lmtp, const char *text, const char *expected)
{
    g_autofree char *said = tell(lmtp, text);
    g_assert_cmpstr(said, ==, expected);
}

#define UP_TO_DATA "LHLO a\r\nMAIL FROM:<a@b>\r\nRCPT TO:<c@d>\r\nDATA\r\n"

static void test_recipients(void)
{
    g_autoptr(Lmtp) lmtp = begin(1000, NULL, NULL);
    pass(lmtp, "LHLO a\r\nMAIL FROM:<a@b>\r\n");
    for (guint i = 0; i < LMTP_RECIPIENTS_MAX; i++)
        assert_says(lmtp, "RCPT TO:<c@d>\r\n", "250 2.1.5 Recipient ok\r\n");
    for (guint i = 0; i < 40; i++)
        assert_says(lmtp, "RCPT TO:<c@d>\r\n",
                    "452 4.5.3 Too many recipients\r\n");
    pass(lmtp, "DATA\r\n.\r\n");
    g_assert_cmpint(lmtp_state(lmtp), ==, LMTP_WAITING);
    g_autoptr(LmtpMail) mail = lmtp_take_mail(lmtp);
    g_assert_cmpuint(mail->recipients->len, ==, LMTP_RECIPIENTS_MAX);
    g_autoptr(GString) out = g_string_new(NULL);
    lmtp_answer(lmtp, "250 x", out);
    g_assert_cmpuint(out->len, ==, LMTP_RECIPIENTS_MAX * strlen("250 x\r\n"));
}

/* ---- memory ----------------------------------------------------------- */

typedef struct {
    int64_t held, most, limit;
} Budget;

static bool reserve(void *data, int64_t delta)
{
    Budget *budget = data;
    if (delta > 0 && budget->held + delta > budget->limit)
        return false;
    budget->held += delta;
    budget->most = MAX(budget->most, budget->held);
    g_assert_cmpint(budget->held, >=, 0);
    return true;
}

static void feed_megabyte(Lmtp *lmtp)
{
    char block[1024];
    memset(block, 'x', sizeof block);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < 1024; i++)
        lmtp_feed(lmtp, block, sizeof block, out);
    g_assert_cmpuint(out->len, ==, 0);
}

static void test_budget(void)
{
    Budget budget = {.limit = 1536 * 1024};
    g_autoptr(Lmtp) first = begin(2 << 20, reserve, &budget);
    pass(first, UP_TO_DATA);
    feed_megabyte(first);
    g_assert_cmpint(budget.held, >=, 1 << 20);
    {
        g_autoptr(Lmtp) second = begin(2 << 20, reserve, &budget);
        pass(second, UP_TO_DATA);
        feed_megabyte(second);
        assert_says(second, "\r\n.\r\n",
                    "452 4.3.1 Too much mail at once, try later\r\n");
        pass(second, "MAIL FROM:<a@b>\r\n"
                     "RCPT TO:<c@d>\r\nDATA\r\nx");
        /* and is freed in the middle of a mail */
    }
    g_assert_cmpint(budget.held, <=, (1 << 20) + 65536);
    assert_says(first, "\r\n.\r\n", "");
    g_autoptr(LmtpMail) mail = lmtp_take_mail(first);
    g_assert_cmpuint(g_bytes_get_size(mail->raw), ==, (1 << 20) + 2);
    g_assert_cmpint(budget.held, >, 1 << 20); /* until it is answered */
    g_autoptr(GString) out = g_string_new(NULL);
    lmtp_answer(first, "250 x", out);
    g_assert_cmpint(budget.held, ==, 0);
    g_assert_cmpint(budget.most, <=, budget.limit);
}

/* Of a mail over the limit nothing is held on to. */
static void test_too_big_is_dropped(void)
{
    Budget budget = {.limit = 1 << 20};
    g_autoptr(Lmtp) lmtp = begin(100 * 1024, reserve, &budget);
    pass(lmtp, UP_TO_DATA);
    feed_megabyte(lmtp);
    g_assert_cmpint(budget.held, ==, 0);
    assert_says(lmtp, "\r\n.\r\n", "552 5.3.4 Message too big\r\n");
    assert_says(lmtp, "NOOP\r\n", "250 2.0.0 Ok\r\n");
}

/* ---- stopping --------------------------------------------------------- */

static void test_drain_between_commands(void)
{
    g_autoptr(Lmtp) lmtp = begin(1000, NULL, NULL);
    pass(lmtp, "LHLO a\r\nMAIL FROM:<a@b>\r\nRCP");
    g_autoptr(GString) out = g_string_new(NULL);
    lmtp_drain(lmtp, out);
    g_assert_cmpstr(out->str, ==, "421 4.3.2 Shutting down, try later\r\n");
    g_assert_cmpint(lmtp_state(lmtp), ==, LMTP_CLOSED);
    g_assert_cmpuint(lmtp_feed(lmtp, "x", 1, out), ==, 0);
}

static void test_drain_in_a_mail(void)
{
    g_autoptr(Lmtp) lmtp = begin(1000, NULL, NULL);
    pass(lmtp, UP_TO_DATA "text\r\n");
    g_autoptr(GString) out = g_string_new(NULL);
    lmtp_drain(lmtp, out);
    g_assert_cmpuint(out->len, ==, 0);
    lmtp_feed(lmtp, ".\r\nNOOP\r\n", 9, out);
    g_assert_cmpint(lmtp_state(lmtp), ==, LMTP_WAITING);
    lmtp_mail_free(lmtp_take_mail(lmtp));
    lmtp_answer(lmtp, "250 x", out);
    g_assert_cmpstr(out->str, ==,
                    "250 x\r\n421 4.3.2 Shutting down, try later\r\n");
    g_assert_cmpint(lmtp_state(lmtp), ==, LMTP_CLOSED);
}

static void test_drain_in_a_mail_too_big(void)
{
    g_autoptr(Lmtp) lmtp = begin(3, NULL, NULL);
    pass(lmtp, UP_TO_DATA "text\r\n");
    g_autoptr(GString) out = g_string_new(NULL);
    lmtp_drain(lmtp, out);
    lmtp_feed(lmtp, ".\r\n", 3, out);
    g_assert_cmpstr(out->str, ==,
                    "552 5.3.4 Message too big\r\n"
                    "421 4.3.2 Shutting down, try later\r\n");
}

static void test_abort(void)
{
    g_autoptr(Lmtp) lmtp = begin(1000, NULL, NULL);
    pass(lmtp, UP_TO_DATA "text\r\n");
    g_autoptr(GString) out = g_string_new(NULL);
    lmtp_abort(lmtp, "421 4.4.2 Timeout", out);
    lmtp_abort(lmtp, "421 4.4.2 Timeout", out);
    g_assert_cmpstr(out->str, ==, "421 4.4.2 Timeout\r\n");
}

/* ---- random commands against a model ---------------------------------- */

/*
 * The protocol as a handful of facts: was LHLO said, is there a sender, how
 * many recipients. It says the code of each reply; the engine must agree.
 */
typedef struct {
    bool greeted, has_sender, is_closed;
    guint recipients, errors, mails;
    GString *expected; /* codes, each with a blank */
} Model;

typedef enum {
    LHLO,
    EHLO,
    MAIL,
    RCPT,
    RCPT_BAD,
    DATA,
    RSET,
    NOOP,
    FROB,
    COMMANDS
} Kind;
static const char *const WORDS[COMMANDS] = {
    "LHLO x",
    "EHLO x",
    "MAIL FROM:<a@b>",
    "RCPT TO:<c@d>",
    "RCPT TO:<nobody>",
    "DATA",
    "RSET",
    "NOOP",
    "FROB",
};

static void expect(Model *model, const char *code)
{
    g_string_append_printf(model->expected, "%s ", code);
    bool is_error = strchr("5", code[0]) && !g_str_equal(code, "550");
    if (is_error && ++model->errors == LMTP_ERRORS_MAX) {
        g_string_append(model->expected, "421 ");
        model->is_closed = true;
    }
}

static void reset(Model *model)
{
    model->has_sender = false;
    model->recipients = 0;
}

/* A mail of random lines goes with DATA; the model only counts it. */
static void model_mail(Model *model, GString *client)
{
    expect(model, "354");
    static const char *const LINES[] = {"DATA\r\n", "..\r\n",   "x\n.\n",
                                        "\r\n",     "QUIT\r\n", ".y\r\n"};
    for (int left = g_test_rand_int_range(0, 4); left > 0; left--)
        g_string_append(client,
                        LINES[g_test_rand_int_range(0, G_N_ELEMENTS(LINES))]);
    if (client->str[client->len - 1] != '\n' ||
        client->str[client->len - 2] != '\r')
        g_string_append(client, "\r\n");
    g_string_append(client, ".\r\n");
    for (guint i = 0; i < model->recipients; i++)
        expect(model, "250");
    model->mails++;
    reset(model);
}

static void model_command(Model *model, Kind kind, GString *client)
{
    g_string_append_printf(client, "%s\r\n", WORDS[kind]);
    switch (kind) {
    case LHLO:
        reset(model);
        model->greeted = true;
        expect(model, "250-250-250-250-250-250");
        return;
    case EHLO:
    case FROB:
        expect(model, "500");
        return;
    case MAIL:
        if (!model->greeted || model->has_sender) {
            expect(model, "503");
            return;
        }
        model->has_sender = true;
        expect(model, "250");
        return;
    case RCPT:
    case RCPT_BAD:
        if (model->has_sender && kind == RCPT)
            model->recipients++;
        expect(model, !model->has_sender ? "503"
                      : kind == RCPT     ? "250"
                                         : "550");
        return;
    case DATA:
        if (model->recipients == 0)
            expect(model, "503");
        else
            model_mail(model, client);
        return;
    case RSET:
        reset(model);
        G_GNUC_FALLTHROUGH;
    case NOOP:
        expect(model, "250");
        return;
    case COMMANDS:
        g_assert_not_reached();
    }
}

/* The codes of replies, lines of one reply joined by '-'. */
static char *codes_of(const char *said)
{
    GString *codes = g_string_new(NULL);
    for (const char *line = said; *line; line = strstr(line, "\r\n") + 2) {
        g_string_append_len(codes, line, 3);
        g_string_append_c(codes, line[3]);
    }
    return g_string_free(codes, FALSE);
}

static void feed_in_pieces(Lmtp *lmtp, const GString *client, GString *out,
                           guint *mails)
{
    size_t at = 0;
    while (at < client->len && lmtp_state(lmtp) != LMTP_CLOSED) {
        size_t piece = (size_t)g_test_rand_int_range(1, 40);
        piece = MIN(piece, client->len - at);
        at += lmtp_feed(lmtp, client->str + at, piece, out);
        if (lmtp_state(lmtp) != LMTP_WAITING)
            continue;
        lmtp_mail_free(lmtp_take_mail(lmtp));
        (*mails)++;
        lmtp_answer(lmtp, "250 2.0.0 Ok", out);
    }
}

static void test_model(void)
{
    for (guint session = 0; session < 3000; session++) {
        Model model = {.expected = g_string_new(NULL)};
        g_autoptr(GString) client = g_string_new(NULL);
        g_autoptr(GString) out = g_string_new(NULL);
        for (guint i = 0; i < 60 && !model.is_closed; i++) {
            /* The happy path more often than the others. */
            Kind kind = (Kind)g_test_rand_int_range(0, COMMANDS);
            if (g_test_rand_int_range(0, 3) == 0)
                kind = !model.greeted      ? LHLO
                       : !model.has_sender ? MAIL
                       : !model.recipients ? RCPT
                                           : DATA;
            model_command(&model, kind, client);
        }
        g_autoptr(Lmtp) lmtp = begin(1000, NULL, NULL);
        guint mails = 0;
        feed_in_pieces(lmtp, client, out, &mails);
        g_autofree char *codes = codes_of(out->str);
        g_assert_cmpstr(codes, ==, model.expected->str);
        g_assert_cmpuint(mails, ==, model.mails);
        g_assert_cmpint(lmtp_state(lmtp) == LMTP_CLOSED, ==, model.is_closed);
        g_string_free(model.expected, TRUE);
    }
}

/* ---- hostile input ---------------------------------------------------- */

static void test_noise(void)
{
    static const char *const WORD_LIST[] = {
        "LHLO x\r\n", "MAIL FROM:<", ">\r\n",  "RCPT TO:<", "DATA\r\n", "\r",
        "\n",         ".",           "\0",     "\xff",      "\"",       "\\",
        "@",          ":",           " SIZE=", "9"};
    for (guint session = 0; session < 2000; session++) {
        g_autoptr(Lmtp) lmtp = begin(500, NULL, NULL);
        g_autoptr(GString) out = g_string_new(NULL);
        for (guint i = 0; i < 100; i++) {
            guint word =
                (guint)g_test_rand_int_range(0, G_N_ELEMENTS(WORD_LIST));
            size_t length = MAX(strlen(WORD_LIST[word]), 1);
            lmtp_feed(lmtp, WORD_LIST[word], length, out);
            if (lmtp_state(lmtp) == LMTP_WAITING) {
                g_autoptr(LmtpMail) mail = lmtp_take_mail(lmtp);
                g_assert_cmpuint(g_bytes_get_size(mail->raw), <=, 500);
                lmtp_answer(lmtp, "250 x", out);
            }
        }
        g_assert_true(out->len == 0 || g_str_has_suffix(out->str, "\r\n"));
    }
}

/* Time for n bytes of a pattern, in seconds. */
static double time_of(const char *pattern, size_t total)
{
    g_autoptr(GString) text = g_string_new(NULL);
    while (text->len < total)
        g_string_append(text, pattern);
    g_autoptr(Lmtp) lmtp = begin(UINT32_MAX, NULL, NULL);
    pass(lmtp, UP_TO_DATA);
    g_autoptr(GString) out = g_string_new(NULL);
    gint64 begun = g_get_monotonic_time();
    lmtp_feed(lmtp, text->str, text->len, out);
    g_assert_cmpint(lmtp_state(lmtp), ==, LMTP_DATA);
    return (double)(g_get_monotonic_time() - begun) / 1e6;
}

static void test_linear(void)
{
    static const char *const PATTERNS[] = {
        "x", "\r", "\n", "\r\n", "\r\n..", "\r\n.\r", "x.\r\n.."};
    for (guint i = 0; i < G_N_ELEMENTS(PATTERNS); i++) {
        double small = time_of(PATTERNS[i], 1 << 18);
        double large = time_of(PATTERNS[i], 1 << 21);
        /* 8 times the bytes; 40 leaves room for a busy machine. */
        g_assert_cmpfloat(large, <, 40 * small + 0.05);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lmtp/recipients", test_recipients);
    g_test_add_func("/lmtp/budget", test_budget);
    g_test_add_func("/lmtp/too-big-is-dropped", test_too_big_is_dropped);
    g_test_add_func("/lmtp/drain-between-commands",
                    test_drain_between_commands);
    g_test_add_func("/lmtp/drain-in-a-mail", test_drain_in_a_mail);
    g_test_add_func("/lmtp/drain-in-a-mail-too-big",
                    test_drain_in_a_mail_too_big);
    g_test_add_func("/lmtp/abort", test_abort);
    g_test_add_func("/lmtp/model", test_model);
    g_test_add_func("/lmtp/noise", test_noise);
    g_test_add_func("/lmtp/linear", test_linear);
    return g_test_run();
}
