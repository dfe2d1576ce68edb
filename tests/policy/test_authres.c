#include "policy/authres_scan.h"
#include "policy/gate.h"
#include "policy/signature.h"

#include <string.h>

#define OUR_SERVER "mx.umbrella.example"

/* What a case of the file has said so far. */
typedef struct {
    char *name, *from, *envelope;
    GPtrArray *fields, *signatures; /* of StrictField */
    bool has_cc, has_no_to, has_no_id, has_own_signatures;
    char *date; /* NULL: none */
} Case;

#define RECEIVED INT64_C(1777881600) /* Mon, 04 May 2026 08:00:00 +0000 */
#define DATE     "Mon, 04 May 2026 07:59:00 +0000"

static void field_free(void *data)
{
    StrictField *field = data;
    g_free(field->name);
    g_free(field->value);
    g_free(field);
}

static void case_begin(Case *c, const char *name)
{
    g_free(c->name);
    g_free(c->from);
    g_free(c->envelope);
    g_clear_pointer(&c->fields, g_ptr_array_unref);
    c->name = g_strdup(name);
    c->from = g_strdup("noc@shop.example");
    c->envelope = g_strdup("noc@shop.example");
    c->fields = g_ptr_array_new_with_free_func(field_free);
    g_clear_pointer(&c->signatures, g_ptr_array_unref);
    c->signatures = g_ptr_array_new_with_free_func(field_free);
    c->has_cc = c->has_own_signatures = c->has_no_to = c->has_no_id = false;
    g_free(c->date);
    c->date = g_strdup(DATE);
}

static void field_add(GPtrArray *fields, const char *name, const char *value)
{
    StrictField *field = g_new0(StrictField, 1);
    field->name = g_strdup(name);
    field->value = g_strdup(value);
    field->index = fields->len;
    g_ptr_array_add(fields, field);
}

static void case_add(Case *c, const char *name, const char *value)
{
    field_add(c->fields, name, value);
}

static char *domain_of(const AuthresResult *result)
{
    const char *domain = authres_property(result, "header.d");
    const char *identity = authres_property(result, "header.i");
    const char *at = identity ? strrchr(identity, '@') : NULL;
    return g_strdup(domain ? domain : at ? at + 1 : "");
}

/* A case that says nothing of signatures has a fit one for each verdict. */
static void sign(Case *c)
{
    g_autoptr(GPtrArray) results = authres_results_new();
    for (guint i = 0; i < c->fields->len; i++)
        authres_scan(((StrictField *)c->fields->pdata[i])->value, OUR_SERVER,
                     results);
    for (guint i = 0; i < results->len; i++) {
        const AuthresResult *result = results->pdata[i];
        const char *selector = authres_property(result, "header.s");
        const char *b = authres_property(result, "header.b");
        g_autofree char *domain = domain_of(result);
        g_autofree char *value = g_strdup_printf(
            "v=1; a=rsa-sha256; d=%s; s=%s; t=1777881540; "
            "h=From:To:Cc:Date:Subject:Message-ID; bh=x; b=%sAAAABBBB",
            domain, selector ? selector : "s0", b ? b : "");
        field_add(c->signatures, "dkim-signature", value);
    }
}

static StrictHeader header_of(const Case *c)
{
    bool has_from = !g_str_equal(c->from, "-");
    return (StrictHeader){
        .from = has_from ? c->from : NULL,
        .authentication = c->fields,
        .signatures = c->signatures,
        .message_id = c->has_no_id ? NULL : (char *)"<1@shop.example>",
        .date = c->date,
        .has_to = !c->has_no_to,
        .has_cc = c->has_cc,
    };
}

static void case_check(Case *c, const char *expected)
{
    if (!c->has_own_signatures)
        sign(c);
    StrictHeader strict = header_of(c);
    Authentication *known = authentication_judge(
        &strict, g_str_equal(c->envelope, "<>") ? "" : c->envelope, OUR_SERVER,
        RECEIVED);
    g_autofree char *got =
        g_strdup_printf("%s %s", auth_level_word(known->level),
                        known->destination ? known->destination : "-");
    g_test_message("%s: %s", c->name, known->why);
    g_assert_cmpstr(got, ==, expected);
    authentication_free(known);
}

static void test_cases(void)
{
    g_autofree char *text = NULL;
    g_assert(
        g_file_get_contents(TEST_DIR "/authres_cases.txt", &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    Case c = {0};
    guint checked = 0;
    for (char **at = lines; *at; at++) {
        const char *line = *at;
        if (g_str_has_prefix(line, "## "))
            case_begin(&c, line + 3);
        else if (g_str_equal(line, "R"))
            case_add(&c, "received", "from somewhere");
        else if (g_str_has_prefix(line, "A "))
            case_add(&c, "authentication-results", line + 2);
        else if (g_str_has_prefix(line, "S ")) {
            field_add(c.signatures, "dkim-signature", line + 2);
            c.has_own_signatures = true;
        } else if (g_str_equal(line, "S"))
            c.has_own_signatures = true;
        else if (g_str_equal(line, "C"))
            c.has_cc = true;
        else if (g_str_equal(line, "T"))
            c.has_no_to = true;
        else if (g_str_equal(line, "I"))
            c.has_no_id = true;
        else if (g_str_equal(line, "D") || g_str_has_prefix(line, "D ")) {
            g_free(c.date);
            c.date = line[1] ? g_strdup(line + 2) : NULL;
        } else if (g_str_has_prefix(line, "F ")) {
            g_free(c.from);
            c.from = g_strdup(line + 2);
        } else if (g_str_has_prefix(line, "E ")) {
            g_free(c.envelope);
            c.envelope = g_strdup(line + 2);
        } else if (g_str_has_prefix(line, "==> ")) {
            case_check(&c, line + 4);
            checked++;
        } else {
            g_assert_true(!*line || *line == '#');
        }
    }
    g_assert_cmpuint(checked, >, 50);
    case_begin(&c, "");
    g_free(c.name);
    g_free(c.from);
    g_free(c.envelope);
    g_ptr_array_unref(c.fields);
    g_ptr_array_unref(c.signatures);
    g_free(c.date);
}

static char *key_of(const char *const *signatures)
{
    g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(field_free);
    g_autoptr(GPtrArray) results = authres_results_new();
    authres_scan(OUR_SERVER "; dkim=pass header.d=shop.example header.s=s1",
                 OUR_SERVER, results);
    for (; *signatures; signatures++)
        field_add(fields, "dkim-signature", *signatures);
    const StrictHeader header = {.signatures = fields};
    return signature_key(&header, results->pdata[0]);
}

/* The key is of the signature that passed, and long enough to be one. */
static void test_key_of_which(void)
{
    static const char *const SECOND[] = {"d=evil.example; s=s1; b=AAAAAAAAAAAA",
                                         "d=shop.example; s=s2; b=BBBBBBBBBBBB",
                                         "d=shop.example; s=s1; b=CCCCCCCCCCCC",
                                         NULL};
    static const char *const SHORT[] = {"d=shop.example; s=s1; b=CCCCCCC",
                                        NULL};
    static const char *const WITHOUT[] = {"d=shop.example; s=s1", NULL};
    g_autofree char *second = key_of(SECOND), *none = key_of(SHORT);
    g_assert_cmpstr(second, ==, "d=shop.example; s=s1; b=CCCCCCCCCCCC");
    g_assert_null(none);
    g_assert_null(key_of(WITHOUT));
}

static const char *why_of(const char *from, const char *server)
{
    g_autoptr(GPtrArray) fields = g_ptr_array_new_with_free_func(field_free);
    field_add(fields, "authentication-results", "\"\"; dmarc=pass");
    const StrictHeader header = {.from = (char *)from,
                                 .authentication = fields};
    Authentication *known =
        authentication_judge(&header, from, server, RECEIVED);
    g_assert_cmpint(known->level, ==, AUTH_S0);
    const char *why = g_intern_string(known->why);
    authentication_free(known);
    authentication_free(NULL);
    return why;
}

static void test_reasons(void)
{
    static const char NO_SERVER[] =
        "no authserv_id is configured: nothing is trusted";
    g_assert_cmpstr(why_of("a@shop.example", NULL), ==, NO_SERVER);
    g_assert_cmpstr(why_of("a@shop.example", ""), ==, NO_SERVER);
    g_assert_cmpstr(why_of("a@localhost", OUR_SERVER), ==,
                    "From is not one plain address");
}

static void test_replay_key(void)
{
    Case c = {0};
    case_begin(&c, "key");
    case_add(&c, "received", "x");
    case_add(&c, "authentication-results",
             OUR_SERVER "; dkim=pass header.d=Shop.Example header.s=s1 "
                        "header.b=\"Ab/c\"; dmarc=pass "
                        "header.from=shop.example");
    field_add(c.signatures, "dkim-signature",
              "v=1; a=rsa-sha256; d=SHOP.example; s=s1; h=from : to:date :"
              "subject:message-id; bh=x; b=Ab/c d efgh+");
    StrictHeader strict = header_of(&c);
    Authentication *known =
        authentication_judge(&strict, c.envelope, OUR_SERVER, RECEIVED);
    g_assert_cmpstr(known->dkim_key, ==, "d=shop.example; s=s1; b=Ab/cdefgh+");
    authentication_free(known);
    /* Without a configured server nothing is believed. */
    known = authentication_judge(&strict, c.envelope, NULL, RECEIVED);
    g_assert_cmpint(known->level, ==, AUTH_S0);
    authentication_free(known);
    known = authentication_judge(&strict, NULL, OUR_SERVER, RECEIVED);
    g_assert_cmpint(known->level, ==, AUTH_S2);
    g_assert_null(known->destination);
    authentication_free(known);
    g_free(c.name);
    g_free(c.from);
    g_free(c.envelope);
    g_free(c.date);
    g_ptr_array_unref(c.fields);
    g_ptr_array_unref(c.signatures);
}

/* Generated values: an answer in linear time, results only if all was read,
 * and never a "pass" that no "=pass" was written for. */
static void test_hostile(void)
{
    static const char *const PIECES[] = {
        "; ",
        "dkim=pass",
        "(",
        ")",
        "\"",
        "\\",
        "header.d=x.example",
        "=",
        ".",
        " ",
        "dmarc=fail",
        "none",
        "/1",
        "reason=a",
        "((",
        "\xc3",
        "1",
    };
    g_autoptr(GRand) random = g_rand_new_with_seed(8601);
    for (guint i = 0; i < 20000; i++) {
        g_autoptr(GString) value = g_string_new(OUR_SERVER);
        for (int n = g_rand_int_range(random, 0, 40); n > 0; n--)
            g_string_append(
                value,
                PIECES[g_rand_int_range(random, 0, G_N_ELEMENTS(PIECES))]);
        g_autoptr(GPtrArray) results = authres_results_new();
        AuthresAnswer answer = authres_scan(value->str, OUR_SERVER, results);
        g_assert_true(answer == AUTHRES_READ || results->len == 0);
        for (guint j = 0; j < results->len; j++) {
            const AuthresResult *result = results->pdata[j];
            g_assert_true(*result->method && *result->result);
        }
    }
    g_autofree char *deep = g_strnfill(1000000, '(');
    g_autofree char *value = g_strconcat(OUR_SERVER, ";", deep, NULL);
    g_autoptr(GPtrArray) results = authres_results_new();
    g_assert_cmpint(authres_scan(value, OUR_SERVER, results), ==,
                    AUTHRES_BROKEN);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/policy/authres/cases", test_cases);
    g_test_add_func("/policy/authres/replay-key", test_replay_key);
    g_test_add_func("/policy/authres/key-of-which", test_key_of_which);
    g_test_add_func("/policy/authres/reasons", test_reasons);
    g_test_add_func("/policy/authres/hostile", test_hostile);
    return g_test_run();
}
