/* Answers from before there were consensuses: statuses of version 2 and
 * directories of version 1, signed by servers of a made-up network. No real
 * documents of these kinds were at hand; the format is that of tor's
 * doc/dir-spec-v1.txt, dir-spec-v2.txt and of what its dirserv.c wrote. */
#include "relay/beside.h"
#include "relay/early.h"
#include "relay/signer.h"
#include "relay/sources.h"

#include "base/digest.h"
#include "network.h"

#include <glib/gstdio.h>
#include <string.h>

#define SERVERS 5

static Signer *signer;
static Authorities *servers;

/* ---- documents --------------------------------------------------------- */

static void make_servers(void)
{
    signer = signer_new(SERVERS, 1, INT32_MAX);
    g_autoptr(GString) text = signer_authorities(signer);
    for (guint i = 0; i < SERVERS; i++) {
        g_autofree char *v2 = signer_server_line(signer, i, 2);
        g_string_append_printf(text, "%s 2006-01-01 2010-01-01\n", v2);
        g_autofree char *v1 = signer_server_line(signer, i, 1);
        if (i < 3)
            g_string_append_printf(text, "%s 2004-01-01 2008-01-01\n", v1);
    }
    g_autofree char *path = NULL;
    g_close(g_file_open_tmp("list-XXXXXX", &path, NULL), NULL);
    g_assert_true(g_file_set_contents(path, text->str, -1, NULL));
    servers = authorities_read(path, NULL);
    g_assert_nonnull(servers);
    g_unlink(path);
}

#define POLICY_80 "reject *:25\naccept *:80\nreject *:*\n"

static char *descriptor(const char *nickname, const char *ip,
                        const char *policy)
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

static void fingerprint(const char *nickname, uint8_t out[20])
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
static GString *status(guint server, const char *published,
                       const char *const *relays)
{
    GString *text = g_string_new("network-status-version 2\n"
                                 "dir-source 192.0.2.250 192.0.2.250 80\n"
                                 "fingerprint 0000\ncontact nobody\n");
    g_string_append_printf(text, "published %s\ndir-options Names Versions\n",
                           published);
    signer_append_key(signer, server, text);
    for (; *relays; relays++) {
        g_auto(GStrv) words = g_strsplit(*relays, " ", -1);
        g_autofree char *d = descriptor(words[0], words[1], POLICY_80);
        uint8_t digest[20], id[20];
        digest_of(d, digest);
        fingerprint(words[0], id);
        g_string_append_printf(text, "r %s", words[0]);
        append_base64(text, id);
        append_base64(text, digest);
        g_autofree char *flags = g_strdelimit(g_strdup(words[2]), ",", ' ');
        g_string_append_printf(text,
                               " 2007-03-01 08:00:00 %s 9001 9030\n"
                               "s %s\nopt v Tor 0.1.2.7\n",
                               words[1], flags);
    }
    signer_sign_early(signer, server, text, 0);
    return text;
}

#define UP "Exit,Fast,Running,Valid"

/* ---- a directory of ours ------------------------------------------------ */

typedef struct {
    char *directory;
    Records records;
} Desk;

static void desk_init(Desk *desk)
{
    desk->directory = network_new_directory();
    desk->records = (Records){
        .authorities = servers,
        .facts = facts_new(),
        .early = early_new(desk->directory, servers),
    };
}

static void desk_finish(Desk *desk)
{
    bool changed;
    g_autoptr(GError) error = NULL;
    g_assert_true(early_finish(desk->records.early, &changed, &error));
    g_assert_no_error(error);
    early_free(desk->records.early);
    desk->records.early = early_new(desk->directory, servers);
}

static void desk_clear(Desk *desk)
{
    g_autofree char *early = g_build_filename(desk->directory, "early", NULL);
    facts_free(desk->records.facts);
    early_free(desk->records.early);
    network_remove_directory(early);
    network_remove_directory(desk->directory);
    g_free(desk->directory);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

typedef ReadResult (*Reader)(Records *, Text, const char *, GError **);

static ReadResult give(Desk *desk, Reader reader, const GString *text,
                       char **why)
{
    g_autoptr(GError) error = NULL;
    ReadResult result = reader(
        &desk->records, text_of_bytes(text->str, text->len), "test", &error);
    if (why)
        *why = g_strdup(error ? error->message : "");
    return result;
}

static void give_status(Desk *desk, guint server, const char *published,
                        const char *const *relays)
{
    g_autoptr(GString) text = status(server, published, relays);
    g_autofree char *why = NULL;
    g_assert_cmpint(give(desk, source_status_read, text, &why), ==, READ_NEW);
    g_assert_cmpstr(why, ==, "");
}

static void give_policy(Desk *desk, const char *nickname, const char *ip,
                        const char *policy)
{
    g_autofree char *text = descriptor(nickname, ip, policy);
    GString view = {text, strlen(text), 0};
    g_assert_cmpint(give(desk, source_descriptor_read, &view, NULL), ==,
                    READ_NEW);
}

/* "exit statuses 1" : verdict, basis and number of relays. */
static char *ask(const Desk *desk, const char *address, const char *time,
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

static void check(const Desk *desk, const char *address, const char *time,
                  int port, const char *wanted)
{
    g_autofree char *answer = ask(desk, address, time, port);
    if (!g_str_has_prefix(answer, wanted))
        g_error("%s %s: %s", address, time, answer);
}

/* ---- version 2 ---------------------------------------------------------- */

static const char *const ALL[] = {"alpha 192.0.2.1 " UP, "beta 192.0.2.2 " UP,
                                  NULL};
static const char *const ONE[] = {"alpha 192.0.2.1 " UP,
                                  "beta 192.0.2.2 Exit,Valid",
                                  "gamma 192.0.2.3 Exit,Running", NULL};

static void test_majority(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    give_policy(&desk, "alpha", "192.0.2.1", POLICY_80);
    give_policy(&desk, "beta", "192.0.2.2", POLICY_80);
    give_status(&desk, 0, "2007-03-01 10:00:10", ALL);
    give_status(&desk, 1, "2007-03-01 10:20:00", ONE);
    desk_finish(&desk);
    /* two of five: too few for anything */
    check(&desk, "192.0.2.1", "2007-03-01T11:30", 80, "undecidable consensus");
    give_status(&desk, 2, "2007-03-01 10:40:00", ONE);
    desk_finish(&desk);
    check(&desk, "192.0.2.1", "2007-03-01T11:30", 80, "exit statuses 1");
    check(&desk, "192.0.2.1", "2007-03-01T11:30", 25, "port-closed statuses");
    /* one says up, two say down, two are not known: no yes, no no */
    check(&desk, "192.0.2.2", "2007-03-01T11:30", 80,
          "undecidable statuses 1: no consensus exists of 2007-03-01 11:30 "
          "UTC, and of the directory authorities some listed 192.0.2.2");
    /* none lists it as valid, and the two unheard are no majority */
    check(&desk, "192.0.2.3", "2007-03-01T11:30", 80, "not-listed statuses 0");
    check(&desk, "192.0.2.9", "2007-03-01T11:30", 80, "not-listed statuses 0");
    /* before and after */
    check(&desk, "192.0.2.1", "2007-03-01T10:30", 80, "undecidable consensus");
    check(&desk, "192.0.2.1", "2007-03-01T13:30", 80, "exit statuses 1");
    check(&desk, "192.0.2.9", "2007-03-01T13:30", 80, "undecidable statuses");
    check(&desk, "192.0.2.1", "2007-03-01T18:00", 80, "undecidable statuses 1");
    check(&desk, "192.0.2.1", "2007-03-03T11:30", 80, "undecidable consensus");
}

/* A third "down" is a majority. */
static void test_minority(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    give_policy(&desk, "beta", "192.0.2.2", POLICY_80);
    give_status(&desk, 0, "2007-03-01 10:00:10", ALL);
    for (guint i = 1; i < SERVERS; i++)
        give_status(&desk, i, "2007-03-01 10:20:00", ONE);
    desk_finish(&desk);
    check(&desk, "192.0.2.2", "2007-03-01T11:30", 80, "not-listed statuses 0");
}

/* One server alone cannot make a majority by saying it twice. */
static void test_one_voice(void)
{
    static const char *const TWICE[] = {
        "alpha 192.0.2.1 " UP, "alpha 192.0.2.1 Exit,Running,Valid",
        "alpha 192.0.2.1 Fast,Running,Valid", NULL};
    g_auto(Desk) desk;
    desk_init(&desk);
    give_policy(&desk, "alpha", "192.0.2.1", POLICY_80);
    give_status(&desk, 0, "2007-03-01 10:00:10", TWICE);
    give_status(&desk, 0, "2007-03-01 10:10:10", TWICE);
    give_status(&desk, 0, "2007-03-01 10:20:10", TWICE);
    give_status(&desk, 0, "2007-03-01 10:30:10", TWICE);
    desk_finish(&desk);
    check(&desk, "192.0.2.1", "2007-03-01T11:30", 80, "undecidable consensus");
}

/* Whatever the order and the number of runs, the answers are the same. */
static void test_order(void)
{
    static const char *const TIMES[] = {"10:00", "10:40", "11:30", "12:30",
                                        "13:59", "15:00", "20:00"};
    g_auto(Desk) whole;
    desk_init(&whole);
    give_policy(&whole, "alpha", "192.0.2.1", POLICY_80);
    for (guint i = 0; i < 12; i++) {
        g_autofree char *at =
            g_strdup_printf("2007-03-01 %02u:10:%02u", 9 + i / 4, i);
        give_status(&whole, i % 4, at, i % 3 ? ALL : ONE);
    }
    desk_finish(&whole);
    g_auto(Desk) pieces;
    desk_init(&pieces);
    for (guint k = 0; k < 12; k++) {
        guint i = (k * 7 + 5) % 12;
        g_autofree char *at =
            g_strdup_printf("2007-03-01 %02u:10:%02u", 9 + i / 4, i);
        give_status(&pieces, i % 4, at, i % 3 ? ALL : ONE);
        desk_finish(&pieces);
    }
    give_policy(&pieces, "alpha", "192.0.2.1", POLICY_80);
    desk_finish(&pieces);
    for (size_t t = 0; t < G_N_ELEMENTS(TIMES); t++)
        for (guint relay = 1; relay <= 3; relay++) {
            g_autofree char *ip = g_strdup_printf("192.0.2.%u", relay);
            g_autofree char *time = g_strdup_printf("2007-03-01T%s", TIMES[t]);
            g_autofree char *a = ask(&whole, ip, time, 80);
            g_autofree char *b = ask(&pieces, ip, time, 80);
            g_assert_cmpstr(a, ==, b);
        }
}

/* The servers name another descriptor each: only what all of them share. */
static void test_changing_descriptor(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    for (guint i = 0; i < 3; i++)
        give_status(&desk, i, "2007-03-01 10:00:10", ALL);
    desk_finish(&desk);
    check(&desk, "192.0.2.1", "2007-03-01T11:30", 80,
          "undecidable statuses 1: 192.0.2.1 was a Tor relay");
    /* the policy may come later */
    give_policy(&desk, "alpha", "192.0.2.1", POLICY_80);
    desk_finish(&desk);
    check(&desk, "192.0.2.1", "2007-03-01T11:30", 80, "exit statuses 1");
    /* over a day it is not the same all the time */
    check(&desk, "192.0.2.1", "2007-03-01", 80, "undecidable consensus");
    check(&desk, "192.0.2.1", "2007-03-02", 80, "undecidable statuses");
}

static void test_forged_statuses(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    static const struct {
        const char *from, *to, *why;
    } CASES[] = {
        {"192.0.2.1", "192.0.2.7",
         "its signature does not hold: it was changed or forged"},
        {"\n", "\r\n", "its signature does not hold: it was changed or forged"},
        {"published 2007", "published 2005",
         "it is signed by no directory server of that time"},
        {"directory-signature", "directory-sign",
         "it ends before its signature"},
        {"-----END SIGNATURE-----", "", "it ends within its signature"},
        {"r alpha", "r al.pha", "line 13 is malformed"},
        {"published", "publish", "it has no published line"},
        {"dir-signing-key", "dir-sign-key",
         "it does not carry the key that signed it"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GString) text = status(0, "2007-03-01 10:00:10", ALL);
        guint count = i == 1 ? 0 : 1;
        g_assert_cmpuint(
            g_string_replace(text, CASES[i].from, CASES[i].to, count), >, 0);
        g_autofree char *why = NULL;
        g_assert_cmpint(give(&desk, source_status_read, text, &why), ==,
                        READ_DAMAGED);
        g_assert_cmpstr(why, ==, CASES[i].why);
    }
    /* cut anywhere */
    g_autoptr(GString) whole = status(0, "2007-03-01 10:00:10", ALL);
    size_t end =
        (size_t)(g_strrstr(whole->str, "-----END SIGNATURE") - whole->str);
    for (size_t length = 0; length < end; length += 7) {
        g_autoptr(GString) cut = g_string_new_len(whole->str, (gssize)length);
        g_assert_cmpint(give(&desk, source_status_read, cut, NULL), ==,
                        READ_DAMAGED);
    }
    /* later than what it is used for */
    g_autoptr(GString) late = status(0, "2011-03-01 10:00:10", ALL);
    g_assert_cmpint(give(&desk, source_status_read, late, NULL), ==,
                    READ_SKIPPED);
    bool changed;
    g_assert_true(early_finish(desk.records.early, &changed, NULL));
    g_assert_false(changed);
}

/* Nobody's servers. */
static void test_signed_by_others(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    Signer *own = signer;
    signer = signer_new(1, 1, INT32_MAX);
    g_autoptr(GString) text = status(0, "2007-03-01 10:00:10", ALL);
    signer_free(signer);
    signer = own;
    g_autofree char *why = NULL;
    g_assert_cmpint(give(&desk, source_status_read, text, &why), ==,
                    READ_DAMAGED);
    g_assert_cmpstr(why, ==,
                    "it is signed by no directory server of that time");
}

/* ---- version 1 ---------------------------------------------------------- */

static GString *directory(guint server, const char *published,
                          const char *keyword, const char *up)
{
    GString *text = g_string_new("signed-directory\n");
    g_string_append_printf(text,
                           "published %s\nrecommended-software 0.0.9\n"
                           "%s %s\n",
                           published, keyword, up);
    g_string_append(text, "opt ");
    signer_append_key(signer, server, text);
    g_string_append(text, "\n");
    g_autofree char *alpha = descriptor("alpha", "192.0.2.1", POLICY_80);
    g_autofree char *beta = descriptor("beta", "192.0.2.2", POLICY_80);
    g_string_append_printf(text, "%s\nrouter odd somewhere\n%s\n", alpha, beta);
    signer_sign_early(signer, server, text, 0);
    return text;
}

static void give_directory(Desk *desk, guint server, const char *published,
                           const char *keyword, const char *up)
{
    g_autoptr(GString) text = directory(server, published, keyword, up);
    g_autofree char *why = NULL;
    give(desk, source_directory_read, text, &why);
    g_assert_cmpstr(why, ==, "");
}

static void test_directory(void)
{
    g_auto(Desk) desk;
    desk_init(&desk);
    give_directory(&desk, 0, "2004-08-01 10:00:10", "running-routers",
                   "alpha !beta");
    desk_finish(&desk);
    check(&desk, "192.0.2.1", "2004-08-01T11:30", 80,
          "exit directory 1: 192.0.2.1 was a Tor exit at 2004-08-01 11:30 UTC "
          "and its policy allowed port 80: on the word of one directory "
          "server");
    /* never a no */
    check(&desk, "192.0.2.1", "2004-08-01T11:30", 25, "undecidable directory");
    check(&desk, "192.0.2.2", "2004-08-01T11:30", 80, "undecidable directory");
    check(&desk, "192.0.2.9", "2004-08-01T11:30", 80, "undecidable directory");
    /* another server saw it down */
    give_directory(&desk, 1, "2004-08-01 10:10:10", "running-routers",
                   "!alpha beta");
    desk_finish(&desk);
    check(&desk, "192.0.2.1", "2004-08-01T11:30", 80, "undecidable directory");
}

static void test_router_status(void)
{
    uint8_t id[20];
    fingerprint("beta", id);
    g_autofree char *hex = hex_new(id, 20);
    g_autofree char *up = g_strdup_printf("!$0000 name=$%s alpha", hex);
    g_auto(Desk) desk;
    desk_init(&desk);
    give_directory(&desk, 2, "2005-08-01 10:00:10", "router-status", up);
    desk_finish(&desk);
    check(&desk, "192.0.2.2", "2005-08-01T11:30", 80, "exit directory 1");
    /* a bare name means nothing in a router-status line */
    check(&desk, "192.0.2.1", "2005-08-01T11:30", 80, "undecidable directory");
}

static void test_forged_directory(void)
{
    static const struct {
        const char *from, *to, *why;
    } CASES[] = {
        {"alpha !beta", "alpha  beta",
         "its signature does not hold: it was changed or forged"},
        {"accept *:80", "accept *:22",
         "its signature does not hold: it was changed or forged"},
        {"published 2004", "published 2009",
         "it is signed by no directory server of that time"},
        {"running-routers", "running-relays",
         "it does not say which relays were up"},
    };
    g_auto(Desk) desk;
    desk_init(&desk);
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GString) text = directory(0, "2004-08-01 10:00:10",
                                            "running-routers", "alpha !beta");
        g_assert_cmpuint(g_string_replace(text, CASES[i].from, CASES[i].to, 1),
                         ==, 1);
        g_autofree char *why = NULL;
        ReadResult result = give(&desk, source_directory_read, text, &why);
        if (i == 2) { /* behind the last directory */
            g_assert_cmpint(result, ==, READ_SKIPPED);
            continue;
        }
        g_assert_cmpint(result, ==, READ_DAMAGED);
        g_assert_cmpstr(why, ==, CASES[i].why);
    }
    /* a server of version 2 only */
    g_autoptr(GString) text =
        directory(4, "2006-08-01 10:00:10", "running-routers", "alpha");
    g_assert_cmpint(give(&desk, source_directory_read, text, NULL), ==,
                    READ_DAMAGED);
}

/* ---- the pinned --------------------------------------------------------- */

static void test_pinned(void)
{
    static const struct {
        guint protocol;
        const char *when;
        guint count;
    } CASES[] = {{1, "2004-05-15", 3}, {1, "2007-08-01", 3},
                 {1, "2009-01-01", 0}, {2, "2005-12-16", 3},
                 {2, "2006-04-01", 4}, {2, "2007-06-01", 5},
                 {2, "2009-06-01", 4}, {2, "2012-03-01", 0}};
    g_autoptr(Authorities) pinned = authorities_new();
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        Instant when;
        g_assert_true(instant_parse(CASES[i].when, &when));
        g_assert_cmpuint(
            authorities_count_early(pinned, CASES[i].protocol, when), ==,
            CASES[i].count);
    }
}

/* The head of dizum's real status of 2012-03-01 00:10:43; its relays are
 * missing, so the signature cannot hold, but the key is the pinned one. */
static const char DIZUM[] =
    "network-status-version 2\n"
    "dir-source 194.109.206.212 194.109.206.212 80\n"
    "fingerprint 7EA6EAD6FD83083C538F44038BBFA077587DD755\n"
    "published 2009-03-01 00:10:43\n"
    "dir-options\n"
    "dir-signing-key\n"
    "-----BEGIN RSA PUBLIC KEY-----\n"
    "MIGJAoGBAL7QJ6cmXhMlexV97ehnV5hn5ePOeo0sbDYXhlfw52CheEycoUqSD9Y/\n"
    "3qEo0Rm7XTEol0dRW34ca1LMIXGM4B4whXxBKCRRYe1RY6nF70zb2EUuaHWEWc+f\n"
    "c6JWYUWZSPpW1uyjyLPUI/ikyyH7zmtR4MfhSeNdt2zSakojYNaPAgMBAAE=\n"
    "-----END RSA PUBLIC KEY-----\n"
    "directory-signature dizum\n"
    "-----BEGIN SIGNATURE-----\n"
    "G62xrsrqpmJKSHP672o2Wv/5hdKmy+LoWwdQl/JvT7WN7VfdlfBpo5UgsxvIHGSF\n"
    "MGVROgjL1+EW4vezm5U0/Tz02CbCaw5Gs2hu4fviT0qKTV+QTP+l9a4SeY36a1qL\n"
    "TZiThjmOWg5C5ru2eOZKzst2wGW0WDPmsVRpWO7UMzs=\n"
    "-----END SIGNATURE-----\n";

static void test_real_key(void)
{
    g_autoptr(Authorities) pinned = authorities_new();
    const Authority *server = NULL;
    g_autoptr(GError) error = NULL;
    Text part;
    Instant when;
    g_assert_true(instant_parse("2009-03-01", &when));
    g_assert_false(early_check(pinned, 2,
                               text_of_bytes(DIZUM, sizeof DIZUM - 1),
                               (uint32_t)when, &part, &server, &error));
    g_assert_cmpstr(error->message, ==,
                    "its signature does not hold: it was changed or forged");
    g_assert_cmpstr(server->nickname, ==, "dizum");
}

/* Keys that directories of 2004 do not carry. */
static void test_keys_of_2004(void)
{
    static const char *const NAMES[] = {"moria1", "moria2", "tor26"};
    g_autoptr(Authorities) pinned = authorities_new();
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_autofree char *text = g_strdup_printf(
            "signed-directory\ndirectory-signature %s\n"
            "-----BEGIN SIGNATURE-----\nAAAA\n-----END SIGNATURE-----\n",
            NAMES[i]);
        const Authority *server = NULL;
        g_autoptr(GError) error = NULL;
        Text part;
        Instant when;
        g_assert_true(instant_parse("2004-06-01", &when));
        g_assert_false(early_check(pinned, 1, text_of_bytes(text, strlen(text)),
                                   (uint32_t)when, &part, &server, &error));
        g_assert_nonnull(server);
        g_assert_cmpstr(server->nickname, ==, NAMES[i]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    make_servers();
    g_test_add_func("/early/majority", test_majority);
    g_test_add_func("/early/minority", test_minority);
    g_test_add_func("/early/one-voice", test_one_voice);
    g_test_add_func("/early/order", test_order);
    g_test_add_func("/early/descriptor", test_changing_descriptor);
    g_test_add_func("/early/forged-statuses", test_forged_statuses);
    g_test_add_func("/early/others", test_signed_by_others);
    g_test_add_func("/early/directory", test_directory);
    g_test_add_func("/early/router-status", test_router_status);
    g_test_add_func("/early/forged-directory", test_forged_directory);
    g_test_add_func("/early/pinned", test_pinned);
    g_test_add_func("/early/real-key", test_real_key);
    g_test_add_func("/early/keys-of-2004", test_keys_of_2004);
    int status = g_test_run();
    authorities_free(servers);
    signer_free(signer);
    return status;
}
