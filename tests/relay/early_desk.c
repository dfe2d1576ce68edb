#include "early_desk.h"

#include "relay/beside.h"

#include "base/digest.h"
#include "network.h"

#include <glib/gstdio.h>
#include <string.h>

Signer *early_signer;
Authorities *early_servers;

void early_free_servers(void)
{
    authorities_free(early_servers);
    signer_free(early_signer);
}

/* ---- documents --------------------------------------------------------- */

void early_make_servers(void)
{
    early_signer = signer_new(SERVERS, 1, INT32_MAX);
    g_autoptr(GString) text = signer_authorities(early_signer);
    for (guint i = 0; i < SERVERS; i++) {
        g_autofree char *v2 = signer_server_line(early_signer, i, 2);
        g_string_append_printf(text, "%s 2006-01-01 2010-01-01\n", v2);
        g_autofree char *v1 = signer_server_line(early_signer, i, 1);
        if (i < 3)
            g_string_append_printf(text, "%s 2004-01-01 2008-01-01\n", v1);
    }
    g_autofree char *path = NULL;
    g_close(g_file_open_tmp("list-XXXXXX", &path, NULL), NULL);
    g_assert_true(g_file_set_contents(path, text->str, -1, NULL));
    early_servers = authorities_read(path, NULL);
    g_assert_nonnull(early_servers);
    g_unlink(path);
}

char *early_descriptor(const char *nickname, const char *ip, const char *policy)
{
    uint8_t key[140];
    memset(key, *nickname, sizeof key);
    g_autofree char *base64 = g_base64_encode(key, sizeof key);
    return g_strdup_printf(
        "router %s %s 9001 0 9030\nplatform Tor 0.1.0 on Linux\n"
        "published 2007-03-01 08:00:00\nsigning-key\n"
        "-----BEGIN RSA PUBLIC KEY-----\n%s\n-----END RSA PUBLIC KEY-----\n"
        "%srouter-signature\n-----BEGIN SIGNATURE-----\nAAAA\n"
        "-----END SIGNATURE-----\n",
        nickname, ip, base64, policy);
}

void early_fingerprint(const char *nickname, uint8_t out[20])
{
    uint8_t key[140];
    memset(key, *nickname, sizeof key);
    digest_sha1(key, sizeof key, out);
}

static void digest_of(const char *text, uint8_t out[20])
{
    const char *end = strstr(text, "router-signature\n") + 17;
    digest_sha1(text, (size_t)(end - text), out);
}

static void append_base64(GString *text, const uint8_t *bytes)
{
    g_autofree char *base64 = g_base64_encode(bytes, 20);
    g_string_append_printf(text, " %.27s", base64);
}

/* "name IP FLAG,FLAG" each; the relay's descriptor lets out to port 80. */
GString *early_status(guint server, const char *published,
                      const char *const *relays)
{
    GString *text = g_string_new("network-status-version 2\n"
                                 "dir-source 192.0.2.250 192.0.2.250 80\n"
                                 "fingerprint 0000\ncontact nobody\n");
    g_string_append_printf(text, "published %s\ndir-options Names Versions\n",
                           published);
    signer_append_key(early_signer, server, text);
    for (; *relays; relays++) {
        g_auto(GStrv) words = g_strsplit(*relays, " ", -1);
        g_autofree char *d = early_descriptor(words[0], words[1], POLICY_80);
        uint8_t digest[20], id[20];
        digest_of(d, digest);
        early_fingerprint(words[0], id);
        g_string_append_printf(text, "r %s", words[0]);
        append_base64(text, id);
        append_base64(text, digest);
        g_autofree char *flags = g_strdelimit(g_strdup(words[2]), ",", ' ');
        g_string_append_printf(text,
                               " 2007-03-01 08:00:00 %s 9001 9030\n"
                               "s %s\nopt v Tor 0.1.2.7\n",
                               words[1], flags);
    }
    signer_sign_early(early_signer, server, text, 0);
    return text;
}

/* ---- a directory of ours ------------------------------------------------ */

void early_desk_init(EarlyDesk *desk)
{
    desk->directory = network_new_directory();
    desk->records = (Records){
        .authorities = early_servers,
        .facts = facts_new(),
        .early = early_new(desk->directory, early_servers),
    };
}

void early_desk_finish(EarlyDesk *desk)
{
    bool changed;
    g_autoptr(GError) error = NULL;
    g_assert_true(early_finish(desk->records.early, &changed, &error));
    g_assert_no_error(error);
    early_free(desk->records.early);
    desk->records.early = early_new(desk->directory, early_servers);
}

void early_desk_clear(EarlyDesk *desk)
{
    g_autofree char *early = g_build_filename(desk->directory, "early", NULL);
    facts_free(desk->records.facts);
    early_free(desk->records.early);
    network_remove_directory(early);
    network_remove_directory(desk->directory);
    g_free(desk->directory);
}

ReadResult early_give(EarlyDesk *desk, EarlyReader reader, const GString *text,
                      char **why)
{
    g_autoptr(GError) error = NULL;
    ReadResult result = reader(
        &desk->records, text_of_bytes(text->str, text->len), "test", &error);
    if (why)
        *why = g_strdup(error ? error->message : "");
    return result;
}

void early_give_status(EarlyDesk *desk, guint server, const char *published,
                       const char *const *relays)
{
    g_autoptr(GString) text = early_status(server, published, relays);
    g_autofree char *why = NULL;
    g_assert_cmpint(early_give(desk, source_status_read, text, &why), ==,
                    READ_NEW);
    g_assert_cmpstr(why, ==, "");
}

void early_give_policy(EarlyDesk *desk, const char *nickname, const char *ip,
                       const char *policy)
{
    g_autofree char *text = early_descriptor(nickname, ip, policy);
    GString view = {text, strlen(text), 0};
    g_assert_cmpint(early_give(desk, source_descriptor_read, &view, NULL), ==,
                    READ_NEW);
}

/* "exit statuses 1" : verdict, basis and number of relays. */
char *early_ask(const EarlyDesk *desk, const char *address, const char *time,
                int port)
{
    g_autoptr(Beside) beside = beside_open(desk->directory);
    g_autoptr(Lookup) lookup = g_new0(Lookup, 1);
    IpAddress ip;
    Interval when;
    lookup->why = g_strdup("nothing");
    lookup->relays =
        g_ptr_array_new_with_free_func((GDestroyNotify)relay_sighting_free);
    lookup->documents =
        g_ptr_array_new_with_free_func((GDestroyNotify)relay_document_free);
    g_assert_true(ip_parse(address, strlen(address), &ip));
    g_assert_true(instant_parse(time, &when.from));
    when.to = when.from + (strlen(time) == 10 ? INSTANT_DAY_S - 1 : 0);
    beside_answer(beside, &ip, when, port, true, false, lookup);
    return g_strdup_printf("%s %s %u: %s", verdict_word(lookup->verdict),
                           lookup_basis_word(lookup->basis),
                           lookup->relays->len, lookup->why);
}

void early_check_answer(const EarlyDesk *desk, const char *address,
                        const char *time, int port, const char *wanted)
{
    g_autofree char *answer = early_ask(desk, address, time, port);
    if (!g_str_has_prefix(answer, wanted))
        g_error("%s %s: %s", address, time, answer);
}

GString *early_directory(guint server, const char *published,
                         const char *keyword, const char *up)
{
    GString *text = g_string_new("signed-directory\n");
    g_string_append_printf(text,
                           "published %s\nrecommended-software 0.0.9\n"
                           "%s %s\n",
                           published, keyword, up);
    g_string_append(text, "opt ");
    signer_append_key(early_signer, server, text);
    g_string_append(text, "\n");
    g_autofree char *alpha = early_descriptor("alpha", "192.0.2.1", POLICY_80);
    g_autofree char *beta = early_descriptor("beta", "192.0.2.2", POLICY_80);
    g_string_append_printf(text, "%s\nrouter odd somewhere\n%s\n", alpha, beta);
    signer_sign_early(early_signer, server, text, 0);
    return text;
}
