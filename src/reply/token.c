/*
 * Marks of our own letters, which only we can have made: the bounce address
 * and the loop field. Both are "words.MAC" with 96 bits of HMAC-SHA-256 over
 * what they are for and the words, so that one cannot be used as the other.
 */
#include "reply/token.h"

#include "base/digest.h"

#include <string.h>

#define MAC_BYTES 12
#define MAC_HEX   (MAC_BYTES * 2)
#define LOOP_MAX  64

static char *mac_new(const char *purpose, const char *words, GBytes *key)
{
    g_autofree char *input = g_strdup_printf("%s:%s", purpose, words);
    gsize key_length;
    const void *key_data = g_bytes_get_data(key, &key_length);
    uint8_t mac[SHA256_BYTES];
    digest_hmac(key_data ? key_data : "", key_length, input, strlen(input),
                mac);
    return hex_new(mac, MAC_BYTES);
}

static bool mac_fits(const char *purpose, const char *words, const char *mac,
                     GBytes *key)
{
    g_autofree char *expected = mac_new(purpose, words, key);
    return strlen(mac) == MAC_HEX && digest_is_equal(mac, expected, MAC_HEX);
}

bool token_is_valid(const char *token)
{
    size_t length = strlen(token);
    return length >= TOKEN_MIN && length <= TOKEN_MAX &&
           strspn(token, "abcdefghijklmnopqrstuvwxyz0123456789") == length;
}

char *token_bounce_address_new(const char *bounce_address, const char *token,
                               GBytes *key)
{
    g_autofree char *mac = mac_new("bounce", token, key);
    const char *at = strchr(bounce_address, '@');
    return g_strdup_printf("%.*s+%s.%s%s", (int)(at - bounce_address),
                           bounce_address, token, mac, at);
}

char *token_loop_new(const char *case_id, GBytes *key)
{
    g_autofree char *mac = mac_new("loop", case_id, key);
    return g_strdup_printf("%s.%s", case_id, mac);
}

/* "words.MAC" -> words, if the MAC is ours; NULL otherwise. */
static char *checked_words(const char *purpose, const char *marked, GBytes *key)
{
    const char *dot = strrchr(marked, '.');
    if (!dot || dot == marked)
        return NULL;
    g_autofree char *words = g_strndup(marked, dot - marked);
    return mac_fits(purpose, words, dot + 1, key) ? g_steal_pointer(&words)
                                                  : NULL;
}

char *reply_bounce_token(const char *recipient, const char *bounce_address,
                         GBytes *loop_key)
{
    const char *at = bounce_address ? strchr(bounce_address, '@') : NULL;
    const char *domain = recipient ? strrchr(recipient, '@') : NULL;
    if (!at || !domain || g_ascii_strcasecmp(at, domain) != 0)
        return NULL;
    size_t length = (size_t)(at - bounce_address);
    if (g_ascii_strncasecmp(recipient, bounce_address, length) != 0 ||
        recipient[length] != '+')
        return NULL;
    /* Some servers change the case of local parts. */
    const char *start = recipient + length + 1;
    g_autofree char *marked = g_ascii_strdown(start, domain - start);
    g_autofree char *token = checked_words("bounce", marked, loop_key);
    return token && token_is_valid(token) ? g_steal_pointer(&token) : NULL;
}

bool reply_is_own_token(const char *loop_token, GBytes *loop_key)
{
    if (strlen(loop_token) > LOOP_MAX + 1 + MAC_HEX)
        return false;
    g_autofree char *words = checked_words("loop", loop_token, loop_key);
    return words != NULL;
}
