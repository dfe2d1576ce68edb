#include "cli/demo_relays.h"

#include "base/digest.h"
#include "base/files.h"
#include "base/instant.h"
#include "relay/signer.h"

#include <string.h>

/* One consensus an hour from 2026-05-02 12:00 UTC: what the samples cite. */
#define HOURS          46
#define CONSENSUS_LIFE 3
#define AUTHORITIES    3

typedef struct {
    char digit; /* the fingerprint is this digit forty times */
    const char *nickname, *ipv4, *ipv6, *flags;
    const char *rules;   /* of the descriptor, first match wins */
    const char *summary; /* the same as the consensus sums it up */
    const char *contact; /* NULL: demo@NICKNAME.example */
    char relative;       /* it names that relay as its family; 0: none */
} DemoRelay;

static const DemoRelay RELAYS[] = {
    {'1', "MusterBibliothek", "192.0.2.77", NULL,
     "Exit Fast Running Stable Valid",
     "reject *:25\nreject *:445\naccept *:*\n", "reject 25,445", NULL, '5'},
    {'2', "ExempelSpace", "198.51.100.9", NULL,
     "Exit Fast Running Stable Valid", "reject *:25\naccept *:*\n", "reject 25",
     NULL, 0},
    {'3', "ExampleOnion", "203.0.113.5", "2001:db8:5::1",
     "Exit Fast Running Valid",
     "accept *:22\naccept *:53\naccept *:80\naccept *:443\nreject *:*\n",
     "accept 22,53,80,443", NULL, 0},
    {'4', "SomebodyElse", "203.0.113.99", NULL, "Exit Fast Running Valid",
     "reject *:25\naccept *:*\n", "reject 25",
     "email:demo[]somebodyelse.example abuse:abuse[]umbrella.example "
     "ciissversion:2",
     0},
    {'5', "OnlyInTheMiddle", "203.0.113.130", NULL, "Fast Running Valid",
     "reject *:*\n", "reject 1-65535", NULL, '1'},
};

static Instant hour(int index)
{
    Civil noon = {.year = 2026, .month = 5, .day = 2, .hour = 12};
    return instant_from_civil(&noon, 0) + index * INSTANT_HOUR_S;
}

/* "2026-05-02 12:00:00", as Tor documents write it. */
static char *tor_time(Instant instant)
{
    Civil c = civil_from_instant(instant, 0);
    return g_strdup_printf("%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month,
                           c.day, c.hour, c.minute, c.second);
}

static char *base64_unpadded(const uint8_t *data, size_t length)
{
    char *text = g_base64_encode(data, length);
    text[strcspn(text, "=")] = 0;
    return text;
}

static char *descriptor_new(const DemoRelay *relay)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *published = tor_time(hour(0) - INSTANT_HOUR_S);
    g_string_append_printf(text, "router %s %s 9001 0 0\n", relay->nickname,
                           relay->ipv4);
    if (relay->ipv6)
        g_string_append_printf(text, "or-address [%s]:9001\n", relay->ipv6);
    g_string_append_printf(text,
                           "platform Tor 0.4.9.1 on Linux\n"
                           "published %s\nfingerprint",
                           published);
    for (int i = 0; i < 10; i++)
        g_string_append_printf(text, " %c%c%c%c", relay->digit, relay->digit,
                               relay->digit, relay->digit);
    g_autofree char *usual =
        g_strdup_printf("demo@%s.example", relay->nickname);
    g_string_append_printf(text, "\ncontact %s\n",
                           relay->contact ? relay->contact : usual);
    if (relay->relative) {
        g_autofree char *hex = g_strnfill(2 * SHA1_BYTES, relay->relative);
        g_string_append_printf(text, "family $%s\n", hex);
    }
    g_string_append(text, relay->rules);
    if (relay->ipv6)
        g_string_append(text, "ipv6-policy accept 22,53,80,443\n");
    g_string_append(text, "router-signature\n-----BEGIN SIGNATURE-----\n"
                          "ZGVtbw==\n-----END SIGNATURE-----\n");
    return g_string_free(g_steal_pointer(&text), FALSE);
}

/* Base64 of the digest by which a consensus names a descriptor. */
static char *descriptor_digest(const char *descriptor)
{
    static const char LAST[] = "router-signature\n";
    const char *end = strstr(descriptor, LAST) + strlen(LAST);
    uint8_t digest[SHA1_BYTES];
    digest_sha1(descriptor, (size_t)(end - descriptor), digest);
    return base64_unpadded(digest, sizeof digest);
}

static void append_relay(GString *text, const DemoRelay *relay,
                         const char *digest)
{
    uint8_t identity[SHA1_BYTES];
    memset(identity, (relay->digit - '0') * 0x11, sizeof identity);
    g_autofree char *name = base64_unpadded(identity, sizeof identity);
    g_autofree char *published = tor_time(hour(0) - INSTANT_HOUR_S);
    g_string_append_printf(text, "r %s %s %s %s %s 9001 0\n", relay->nickname,
                           name, digest, published, relay->ipv4);
    if (relay->ipv6)
        g_string_append_printf(text, "a [%s]:9001\n", relay->ipv6);
    g_string_append_printf(text,
                           "s %s\nv Tor 0.4.9.1\nw Bandwidth=1000\n"
                           "p %s\n",
                           relay->flags, relay->summary);
}

static void append_consensus(GString *text, const Signer *signer,
                             Instant valid_after, char *const *digests)
{
    g_autofree char *after = tor_time(valid_after);
    g_autofree char *fresh = tor_time(valid_after + INSTANT_HOUR_S);
    g_autofree char *until =
        tor_time(valid_after + CONSENSUS_LIFE * INSTANT_HOUR_S);
    g_string_append(text, "@type network-status-consensus-3 1.0\n");
    gsize start = text->len;
    g_string_append_printf(
        text,
        "network-status-version 3\nvote-status consensus\n"
        "consensus-method 33\nvalid-after %s\nfresh-until %s\n"
        "valid-until %s\nvoting-delay 300 300\n"
        "known-flags Exit Fast Running Stable Valid\n",
        after, fresh, until);
    for (size_t i = 0; i < G_N_ELEMENTS(RELAYS); i++)
        append_relay(text, &RELAYS[i], digests[i]);
    g_string_append(text, "directory-footer\nbandwidth-weights Wbd=0\n");
    signer_sign(signer, AUTHORITIES, text, start);
}

static bool write_file(const char *directory, const char *name,
                       const GString *text, GError **error)
{
    g_autofree char *path = g_build_filename(directory, name, NULL);
    return file_replace(path, text->str, text->len, 0644, error);
}

bool demo_relays_write(const char *directory, GError **error)
{
    g_autoptr(Signer) signer = signer_new(AUTHORITIES, hour(0) - INSTANT_DAY_S,
                                          hour(0) + 365 * INSTANT_DAY_S);
    g_autoptr(GString) authorities = signer_authorities(signer);
    g_autoptr(GString) certificates = signer_certificates(signer);
    g_autoptr(GString) descriptors = g_string_new(NULL);
    g_autoptr(GString) consensuses = g_string_new(NULL);
    char *digests[G_N_ELEMENTS(RELAYS)];
    for (size_t i = 0; i < G_N_ELEMENTS(RELAYS); i++) {
        g_autofree char *descriptor = descriptor_new(&RELAYS[i]);
        digests[i] = descriptor_digest(descriptor);
        g_string_append(descriptors, "@type server-descriptor 1.0\n");
        g_string_append(descriptors, descriptor);
    }
    for (int i = 0; i < HOURS; i++)
        append_consensus(consensuses, signer, hour(i), digests);
    for (size_t i = 0; i < G_N_ELEMENTS(RELAYS); i++)
        g_free(digests[i]);
    return directory_ensure(directory, error) &&
           write_file(directory, DEMO_AUTHORITIES, authorities, error) &&
           write_file(directory, "certificates", certificates, error) &&
           write_file(directory, "server-descriptors", descriptors, error) &&
           write_file(directory, "consensuses", consensuses, error);
}
