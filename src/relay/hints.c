#include "relay/hints.h"

#include "relay/hints_file.h"

#include "base/digest.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define LINE_MAX_BYTES (4u << 20) /* families of a thousand relays */
#define ADDRESSES_MAX  (4 * HINTS_RELAYS_MAX)
#define OF_RELAY_MAX   16 /* addresses of one relay */
#define TEXT_MAX       2000

/* ---- adding ------------------------------------------------------------ */

/* Texts come from strangers: no control characters, no more than is useful. */
static uint32_t put_text(Hints *hints, json_t *value)
{
    const char *text = json_string_value(value);
    char *plain = g_strndup(text ? text : "", TEXT_MAX);
    for (char *at = plain; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            *at = ' ';
    uint32_t number = intern_put(hints->texts, plain, strlen(plain));
    g_free(plain);
    return number;
}

/* "2026-02-22 13:00:00"; 0 if it is none. */
static uint32_t time_of(json_t *value)
{
    const char *text = json_string_value(value);
    Text line = text_of_bytes(text ? text : "", text ? strlen(text) : 0);
    uint32_t time;
    return time_take(&line, &time) ? time : 0;
}

static void put_address(Hints *hints, const IpAddress *ip, uint32_t relay,
                        uint32_t seen, uint32_t kind)
{
    HintAddress fresh = {.relay = relay, .seen = seen, .kind = kind};
    uint8_t key[24];
    memcpy(fresh.address, ip->bytes, 16);
    memcpy(key, ip->bytes, 16);
    memcpy(key + 16, &relay, 4);
    memcpy(key + 20, &kind, 4);
    uint32_t number = intern_put(hints->keys, key, 0);
    if (number < hints->addresses->len) {
        HintAddress *known =
            &g_array_index(hints->addresses, HintAddress, number);
        known->seen = MAX(known->seen, seen);
    } else if (number == hints->addresses->len) {
        g_array_append_val(hints->addresses, fresh);
    }
    hints->is_changed = true;
}

/* "192.0.2.1:9001", "[2001:db8::1]:9001", or without port. */
static bool read_address(json_t *value, bool has_port, IpAddress *out)
{
    const char *text = json_string_value(value);
    if (!text)
        return false;
    size_t length = strlen(text);
    const char *colon = has_port ? strrchr(text, ':') : NULL;
    length = colon ? (size_t)(colon - text) : length;
    if (length > 2 && *text == '[' && text[length - 1] == ']') {
        text++;
        length -= 2;
    }
    return ip_parse(text, length, out);
}

static void put_addresses(Hints *hints, json_t *list, bool has_port,
                          uint32_t relay, uint32_t seen, uint32_t kind)
{
    for (size_t i = 0; i < MIN(json_array_size(list), OF_RELAY_MAX); i++) {
        IpAddress ip;
        if (hints->addresses->len < ADDRESSES_MAX &&
            read_address(json_array_get(list, i), has_port, &ip))
            put_address(hints, &ip, relay, seen, kind);
    }
}

static bool put_object(Hints *hints, json_t *object)
{
    HintRelay fresh = {.seen = time_of(json_object_get(object, "last_seen"))};
    const char *hex = json_string_value(json_object_get(object, "fingerprint"));
    if (!hex || !hex_parse(hex, fresh.fingerprint, 20) || fresh.seen == 0)
        return false;
    uint32_t number = intern_put(hints->fingerprints, fresh.fingerprint, 0);
    fresh.nickname = put_text(hints, json_object_get(object, "nickname"));
    fresh.contact = put_text(hints, json_object_get(object, "contact"));
    fresh.as = put_text(hints, json_object_get(object, "as"));
    fresh.country = put_text(hints, json_object_get(object, "country"));
    if (number == hints->relays->len)
        g_array_append_val(hints->relays, fresh);
    else if (g_array_index(hints->relays, HintRelay, number).seen <= fresh.seen)
        g_array_index(hints->relays, HintRelay, number) = fresh;
    put_addresses(hints, json_object_get(object, "or_addresses"), true, number,
                  fresh.seen, HINT_OR_ADDRESS);
    put_addresses(hints, json_object_get(object, "exit_addresses"), false,
                  number, fresh.seen, HINT_EXIT_ADDRESS);
    hints->is_changed = true;
    return true;
}

bool hints_put_relay(Hints *hints, const char *json, size_t length)
{
    if (length > LINE_MAX_BYTES || hints->relays->len >= HINTS_RELAYS_MAX)
        return false;
    json_error_t ignored;
    json_t *object = json_loadb(json, length, 0, &ignored);
    bool done = json_is_object(object) && put_object(hints, object);
    json_decref(object);
    return done;
}

void hints_put_bulk(Hints *hints, const IpAddress *ip, Instant fetched)
{
    if (hints->addresses->len < ADDRESSES_MAX && fetched > 0 &&
        fetched < UINT32_MAX)
        put_address(hints, ip, HINT_NO_RELAY, (uint32_t)fetched, HINT_BULK);
}

/* ---- questions --------------------------------------------------------- */

static const char *text_at(const Hints *hints, uint32_t number)
{
    return number < intern_count(hints->texts) ? intern_at(hints->texts, number)
                                               : "";
}

static Hint hint_of(const Hints *hints, const HintAddress *address)
{
    Hint hint = {
        .seen = address->seen,
        .is_bulk = address->kind == HINT_BULK,
        .is_exit_address = address->kind == HINT_EXIT_ADDRESS,
        .nickname = "",
        .contact = "",
        .as = "",
        .country = "",
    };
    memcpy(hint.address.bytes, address->address, 16);
    if (address->relay >= hints->relays->len)
        return hint;
    const HintRelay *relay =
        &g_array_index(hints->relays, HintRelay, address->relay);
    memcpy(hint.fingerprint, relay->fingerprint, 20);
    hint.nickname = text_at(hints, relay->nickname);
    hint.contact = text_at(hints, relay->contact);
    hint.as = text_at(hints, relay->as);
    hint.country = text_at(hints, relay->country);
    return hint;
}

/* A relay may leave from the address that it listens on. */
static Hint *same_relay(GArray *found, const Hint *hint)
{
    for (guint i = 0; i < found->len; i++) {
        Hint *known = &g_array_index(found, Hint, i);
        if (known->is_bulk == hint->is_bulk &&
            memcmp(known->fingerprint, hint->fingerprint, 20) == 0)
            return known;
    }
    return NULL;
}

void hints_find(const Hints *hints, const IpAddress *ip, GArray *found)
{
    for (guint i = 0; i < hints->addresses->len; i++) {
        const HintAddress *address =
            &g_array_index(hints->addresses, HintAddress, i);
        if (memcmp(address->address, ip->bytes, 16) != 0)
            continue;
        Hint hint = hint_of(hints, address);
        Hint *known = same_relay(found, &hint);
        if (known)
            known->is_exit_address |= hint.is_exit_address;
        else
            g_array_append_val(found, hint);
    }
}

/* The newest relay at the address that says anything of its place. */
static const HintRelay *newest_at(const Hints *hints, const IpAddress *ip)
{
    const HintRelay *newest = NULL;
    for (guint i = 0; i < hints->addresses->len; i++) {
        const HintAddress *address =
            &g_array_index(hints->addresses, HintAddress, i);
        if (memcmp(address->address, ip->bytes, 16) != 0 ||
            address->relay >= hints->relays->len)
            continue;
        const HintRelay *relay =
            &g_array_index(hints->relays, HintRelay, address->relay);
        if (!newest || relay->seen > newest->seen)
            newest = relay;
    }
    return newest;
}

const char *hints_country(const Hints *hints, const IpAddress *ip)
{
    const HintRelay *relay = newest_at(hints, ip);
    const char *text = relay ? text_at(hints, relay->country) : "";
    return *text ? text : NULL;
}

const char *hints_as(const Hints *hints, const IpAddress *ip)
{
    const HintRelay *relay = newest_at(hints, ip);
    const char *text = relay ? text_at(hints, relay->as) : "";
    return *text ? text : NULL;
}

uint64_t hints_count(const Hints *hints)
{
    return (uint64_t)hints->relays->len + hints->addresses->len;
}
