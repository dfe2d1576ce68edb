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

static const char *email_of(json_t *entity)
{
    json_t *card = json_object_get(entity, "vcardArray"), *each;
    size_t i;
    json_array_foreach(json_array_get(card, 1), i, each)
    {
        const char *name = json_string_value(json_array_get(each, 0));
        const char *value = json_string_value(json_array_get(each, 3));
        if (name && value && g_ascii_strcasecmp(name, "email") == 0 &&
            whois_address_is_valid(value))
            return value;
    }
    return NULL;
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

static bool take_address(json_t *root, const char *key, IpAddress *out)
{
    const char *text = json_string_value(json_object_get(root, key));
    return text && ip_parse(text, strlen(text), out);
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
    if (found)
        whois_put(whois, &from, &to, abuse_email(root, 0), "RDAP abuse", now);
    json_decref(root);
    return found;
}
