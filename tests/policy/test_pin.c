#include "policy/pin.h"
#include "policy/profile_load.h"

#include <string.h>

#define OUR_SERVER "mx.umbrella.example"

#define KNOWN                                                                  \
    "known: {source: [https://hoster.example/], reviewed: 2026-05-01 A. "      \
    "Beispiel, confidence: high}\n"
#define WHO                                                                    \
    "name: Example Hosting\nkind: hoster\nsigns:\n"                            \
    "  from: [abuse@hoster.example, ticket-*@hoster.example]\n"

static const struct {
    const char *name, *yaml;
} PROFILES[] = {
    {"address", WHO "  dkim: hoster.example\n"
                    "answer: {automatic: once-per-case, to: "
                    "abuse@hoster.example}\n" KNOWN},
    {"path", WHO "  dkim: hoster.example\n  envelope: mail.hoster.example\n"
                 "answer: {automatic: once-per-case, to: return-path}\n" KNOWN},
    {"esp", WHO "  dkim: esp.example\n  selectors: hoster1\n"
                "answer: {automatic: once-per-case, to: "
                "abuse@hoster.example}\n" KNOWN},
    {"form", WHO "  dkim: hoster.example\n"
                 "answer: {automatic: form-only, form: "
                 "\"https://hoster.example/f\", to: "
                 "abuse@hoster.example}\n" KNOWN},
    {"silent", WHO "  dkim: hoster.example\n"
                   "answer: {automatic: never, to: "
                   "abuse@hoster.example}\n" KNOWN},
    {"unknown", WHO "  dkim: hoster.example\nanswer: {automatic: once-per-case}"
                    "\nknown: {source: [https://hoster.example/], reviewed: "
                    "2026-05-01 A. Beispiel, confidence: high, missing: its "
                    "address}\n"},
    {"none", WHO "answer: {automatic: never}\n" KNOWN},
};

static Profile *profile_of(const char *name)
{
    for (guint i = 0; i < G_N_ELEMENTS(PROFILES); i++) {
        if (!g_str_equal(PROFILES[i].name, name))
            continue;
        g_autoptr(GPtrArray) errors = g_ptr_array_new_with_free_func(g_free);
        g_autoptr(GBytes) bytes =
            g_bytes_new(PROFILES[i].yaml, strlen(PROFILES[i].yaml));
        Profile *profile = profile_parse("p.yaml", "hoster", bytes, errors);
        if (errors->len > 0)
            g_error("%s", (const char *)errors->pdata[0]);
        return profile;
    }
    g_error("no profile %s", name);
}

/* ---- the table -------------------------------------------------------- */

static const char *value(char **changes, const char *key, const char *fallback)
{
    for (char **change = changes; *change; change++) {
        const char *equals = strchr(*change, '=');
        g_assert_nonnull(equals);
        size_t length = (size_t)(equals - *change);
        if (strlen(key) == length && !strncmp(key, *change, length))
            return equals + 1;
    }
    return fallback;
}

/* "-" leaves the part out. */
static void append_if(GString *out, const char *format, const char *text)
{
    if (strcmp(text, "-") != 0) {
        g_auto(GStrv) halves = g_strsplit(format, "%s", 2);
        g_string_append_printf(out, "%s%s%s", halves[0], text, halves[1]);
    }
}

static char *results_new(char **changes)
{
    GString *out = g_string_new(NULL);
    g_string_append_printf(
        out, "Authentication-Results: %s; dkim=%s header.d=%s",
        value(changes, "server", OUR_SERVER), value(changes, "result", "pass"),
        value(changes, "d", "hoster.example"));
    append_if(out, " header.s=%s", value(changes, "s", "k1"));
    g_string_append(out, " header.b=AbCdEfGh");
    const char *dmarc = value(changes, "dmarc", "pass");
    append_if(out, "; dmarc=%s header.from=", dmarc);
    if (strcmp(dmarc, "-") != 0)
        g_string_append(out, value(changes, "dmarc-from", "hoster.example"));
    append_if(out, "; spf=pass smtp.mailfrom=%s", value(changes, "spf", "-"));
    g_string_append(out, "\r\n");
    return g_string_free(out, FALSE);
}

static char *signature_new(char **changes)
{
    const char *domain = value(changes, "sign-d", "hoster.example");
    const char *limit = value(changes, "l", NULL);
    if (!strcmp(domain, "-"))
        return g_strdup("");
    return g_strdup_printf(
        "DKIM-Signature: v=1; a=rsa-sha256; d=%s; s=%s; h=%s;%s%s%s bh=x; "
        "b=AbCdEfGhIjKlMnOp\r\n",
        domain, value(changes, "sign-s", "k1"),
        value(changes, "h", "from:to:date:subject:message-id"),
        limit ? " l=" : "", limit ? limit : "", limit ? ";" : "");
}

static char *mail_new(char **changes)
{
    g_autofree char *results = results_new(changes);
    g_autofree char *signature = signature_new(changes);
    g_autofree char *more = g_strdup(value(changes, "more", ""));
    bool is_below = !strcmp(value(changes, "place", "top"), "below");
    return g_strdup_printf(
        "%s%s%s%sReceived: from a by " OUR_SERVER "; x\r\n"
        "Received: from b by out.hoster.example; x\r\n"
        "%s%sFrom: %s\r\nTo: abuse@umbrella.example\r\nSubject: x\r\n"
        "Date: Mon, 04 May 2026 08:00:00 +0000\r\n"
        "Message-ID: <1@hoster.example>\r\n\r\nx\r\n",
        is_below ? "" : results, *more ? "Authentication-Results: " : "",
        g_strdelimit(more, "_", ' '), *more ? "\r\n" : "",
        is_below ? results : "", signature,
        value(changes, "from", "abuse@hoster.example"));
}

static char *judge(char **changes)
{
    g_autofree char *mail = mail_new(changes);
    g_autoptr(StrictHeader) header = strict_header_scan(mail, strlen(mail));
    Profile *profile = profile_of(value(changes, "profile", "address"));
    const char *envelope =
        value(changes, "envelope", "bounces-7@mail.hoster.example");
    Instant received;
    g_assert_true(instant_parse("2026-05-04T09:00:00Z", &received));
    const char *why_not = NULL;
    Authentication *known =
        authentication_pin(header, strcmp(envelope, "<>") ? envelope : "",
                           OUR_SERVER, received, profile, &why_not);
    char *answer;
    if (known) {
        g_assert_cmpint(known->level, ==, AUTH_S3);
        g_assert_nonnull(known->dkim_key);
        answer = g_strdup(known->destination ? known->destination : "nowhere");
        authentication_free(known);
    } else {
        answer = g_strconcat("- ", why_not, NULL);
    }
    profile_free(profile);
    return answer;
}

static void test_table(void)
{
    g_autofree char *text = NULL;
    g_assert_true(
        g_file_get_contents(TEST_DIR "/pin.table", &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    guint checked = 0;
    for (char **line = lines; *line; line++) {
        if (!**line || **line == '#')
            continue;
        g_auto(GStrv) halves = g_strsplit(*line, " ==> ", 2);
        g_assert_nonnull(halves[1]);
        g_strstrip(halves[0]);
        g_auto(GStrv) changes =
            *halves[0] ? g_strsplit(halves[0], " ", -1) : g_new0(char *, 1);
        g_autofree char *got = judge(changes);
        g_test_message("%s", *line);
        g_assert_cmpstr(got, ==, halves[1]);
        checked++;
    }
    g_assert_cmpuint(checked, >, 40);
}

/* Without the name of our server nothing is believed. */
static void test_no_server(void)
{
    g_auto(GStrv) changes = g_new0(char *, 1);
    g_autofree char *mail = mail_new(changes);
    g_autoptr(StrictHeader) header = strict_header_scan(mail, strlen(mail));
    Profile *profile = profile_of("address");
    const char *why_not;
    g_assert_null(authentication_pin(header, "a@hoster.example", NULL, 0,
                                     profile, &why_not));
    g_assert_nonnull(strstr(why_not, "authserv_id"));
    g_assert_null(authentication_pin(header, "a@hoster.example", "", 0, profile,
                                     &why_not));
    g_assert_nonnull(strstr(why_not, "authserv_id"));
    profile_free(profile);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/policy/pin/table", test_table);
    g_test_add_func("/policy/pin/no-server", test_no_server);
    return g_test_run();
}
