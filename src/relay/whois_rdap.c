/*
 * RDAP (RFC 9083): an object "ip network" with startAddress, endAddress and
 * entities, one of them with the role "abuse"; entities may hold entities. The
 * contact is a jCard (RFC 7095): ["vcard", [[name, {}, type, value], ...]].
 */
#include "relay/whois_rdap.h"

#include <jansson.h>

#define DEPTH_MAX 4 /* entities within entities */

static bool has_role(json_t *entity, const char *role)
{
    size_t i;
    json_t *each;
    json_array_foreach(json_object_get(entity, "roles"), i,
                       each) if (json_is_string(each) &&
                                 g_ascii_strcasecmp(json_string_value(each),
                                                    role) == 0) return true;
    return false;
}

/* Has the parameter that value, alone or in a list? */
static bool has_parameter(json_t *parameters, const char *key,
                          const char *wanted)
{
    json_t *value = json_object_get(parameters, key), *each;
    size_t i;
    json_array_foreach(value, i, each)
    {
        if (json_is_string(each) &&
            g_ascii_strcasecmp(json_string_value(each), wanted) == 0)
            return true;
    }
    return json_is_string(value) &&
           g_ascii_strcasecmp(json_string_value(value), wanted) == 0;
}

/* RIPE gives a role's e-mail and its abuse-mailbox, the latter with the type
 * "abuse"; jCard's own word for the one to take is "pref". */
static int fitness(json_t *parameters)
{
    return has_parameter(parameters, "type", "abuse") ? 3
           : has_parameter(parameters, "pref", "1")   ? 2
                                                      : 1;
}

/* NULL: none, or several of which nothing says which is for complaints. */
static const char *email_of(json_t *entity)
{
    json_t *card = json_object_get(entity, "vcardArray"), *each;
    const char *best = NULL;
    int best_fitness = 0;
    bool is_doubtful = false;
    size_t i;
    json_array_foreach(json_array_get(card, 1), i, each)
    {
        const char *name = json_string_value(json_array_get(each, 0));
        const char *value = json_string_value(json_array_get(each, 3));
        int fits = fitness(json_array_get(each, 1));
        if (!name || !value || g_ascii_strcasecmp(name, "email") != 0 ||
            !whois_address_is_valid(value) || fits < best_fitness)
            continue;
        is_doubtful =
            fits == best_fitness && (is_doubtful || !g_str_equal(best, value));
        best = value;
        best_fitness = fits;
    }
    return is_doubtful ? NULL : best;
}

/* The e-mail of the first entity with the role, outer ones before inner ones.
 * Depth is bounded, so is the stack. */
static const char *abuse_email(json_t *object, int depth)
{
    json_t *entities = json_object_get(object, "entities"), *each;
    const char *email;
    size_t i;
    json_array_foreach(entities, i,
                       each) if (has_role(each, "abuse") &&
                                 (email = email_of(each))) return email;
    json_array_foreach(
        entities, i,
        each) if (depth < DEPTH_MAX &&
                  (email = abuse_email(each, depth + 1))) return email;
    return NULL;
}

/* "192.0.2.0", and as older servers write it: "192.0.2.0/32",
 * "192.000.002.000". */
static bool take_address(json_t *root, const char *key, IpAddress *out)
{
    const char *text = json_string_value(json_object_get(root, key));
    if (!text)
        return false;
    g_autofree char *plain = g_strndup(text, strcspn(text, "/"));
    if (ip_parse(plain, strlen(plain), out))
        return true;
    g_auto(GStrv) parts = g_strsplit(plain, ".", -1);
    g_autoptr(GString) joined = g_string_new(NULL);
    for (guint i = 0; parts[i]; i++) {
        if (strlen(parts[i]) != 3)
            return false;
        const char *digits = parts[i] + strspn(parts[i], "0");
        g_string_append_printf(joined, "%s%s", i ? "." : "",
                               *digits ? digits : "0");
    }
    return ip_parse(joined->str, joined->len, out);
}

guint rdap_read(Whois *whois, const char *text, size_t length, Instant now)
{
    json_error_t ignored;
    json_t *root = json_loadb(text, length, 0, &ignored);
    IpAddress from, to;
    bool found = root && take_address(root, "startAddress", &from) &&
                 take_address(root, "endAddress", &to) &&
                 ip_is_v4(&from) == ip_is_v4(&to) &&
                 ip_compare(&from, &to) <= 0;
    const char *email = found ? abuse_email(root, 0) : NULL;
    if (found)
        whois_put(whois, &from, &to, email, email ? "RDAP abuse" : NULL, now);
    json_decref(root);
    return found;
}
