#include "relay/contact_ciiss.h"

#include <stdint.h>
#include <string.h>

#define KEY_MAX    24
#define DOMAIN_MAX 253

/* Fields that make a text CIISS together with ciissversion. */
static const char *const KEYS[] = {
    "email",
    "abuse",
    "url",
    "proof",
    /* from here on only counted */
    "pgp",
    "keybase",
    "twitter",
    "mastodon",
    "matrix",
    "xmpp",
    "otr3",
    "hoster",
    "cost",
    "uplinkbw",
    "trafficacct",
    "memory",
    "cpu",
    "virtualization",
    "btc",
    "zec",
    "xmr",
    "donationurl",
    "offlinemasterkey",
    "signingkeylifetime",
    "sandbox",
    "os",
    "tls",
    "aesni",
    "autoupdate",
    "confmgmt",
    "dnslocation",
    "dnsqname",
    "dnssec",
    "dnslocalrootzone",
};

static bool is_space(char c)
{
    return (unsigned char)c <= ' ' || c == 0x7f;
}

static CiissValue *value_of(CiissFields *fields, const char *key)
{
    if (g_str_equal(key, "ciissversion"))
        return &fields->version;
    if (g_str_equal(key, "email"))
        return &fields->email;
    if (g_str_equal(key, "abuse"))
        return &fields->abuse;
    if (g_str_equal(key, "url"))
        return &fields->url;
    return g_str_equal(key, "proof") ? &fields->proof : NULL;
}

static int key_index(const char *key)
{
    for (int i = 0; i < (int)G_N_ELEMENTS(KEYS); i++)
        if (g_str_equal(KEYS[i], key))
            return i;
    return -1;
}

static void take_field(CiissFields *fields, uint64_t *seen, const char *word,
                       size_t length)
{
    const char *colon = memchr(word, ':', MIN(length, KEY_MAX));
    if (!colon || colon == word)
        return;
    char key[KEY_MAX + 1] = {0};
    memcpy(key, word, (size_t)(colon - word));
    int index = key_index(key);
    if (index >= 0 && !(*seen >> index & 1)) {
        *seen |= UINT64_C(1) << index;
        fields->count++;
    }
    CiissValue *value = value_of(fields, key);
    if (value && !value->at)
        *value = (CiissValue){colon + 1, length - (size_t)(colon + 1 - word)};
}

CiissFields ciiss_find(const char *text, size_t length)
{
    CiissFields fields = {0};
    uint64_t seen = 0;
    G_STATIC_ASSERT(G_N_ELEMENTS(KEYS) <= 64);
    for (size_t at = 0; at < length;) {
        size_t begin = at;
        while (at < length && !is_space(text[at]))
            at++;
        if (at > begin)
            take_field(&fields, &seen, text + begin, at - begin);
        while (at < length && is_space(text[at]))
            at++;
    }
    return fields;
}

static bool is_domain(const char *domain)
{
    size_t length = strlen(domain);
    return length > 0 && length <= DOMAIN_MAX && strchr(domain, '.') &&
           !strstr(domain, "..") && domain[0] != '.' && domain[0] != '-' &&
           g_ascii_isalpha(domain[length - 1]) &&
           strspn(domain, "abcdefghijklmnopqrstuvwxyz0123456789-.") == length;
}

char *ciiss_new_domain(const char *url)
{
    static const char SIGNS[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_%/:.-";
    if (strlen(url) > CIISS_URL_MAX || strspn(url, SIGNS) != strlen(url))
        return NULL;
    const char *scheme = strstr(url, "://");
    const char *host = scheme ? scheme + 3 : url;
    g_autofree char *domain =
        g_ascii_strdown(host, (gssize)strcspn(host, "/:"));
    return is_domain(domain) ? g_steal_pointer(&domain) : NULL;
}
