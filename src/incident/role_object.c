/*
 * Whose an address is that stands in JSON.
 *
 * A key such as "ip" says nothing; the object around it does: "remote":
 * {"ip": "192.0.2.1"}, "localIpDetails": {"ipAddressV4": "192.0.2.1"}. From the
 * address backwards each brace that opens is an object around it, and what
 * stands before the brace is its name; the innermost that is known decides.
 * Two attributes of MISP say it by their type, beside the value.
 *
 * A value that is an address and nothing else is part of no sentence: words of
 * the values beside it speak of something else.
 *
 * To add one: a row of OBJECTS with the name in lower case, without "_", "-".
 */
#include "incident/role_object.h"

#include <string.h>

#define LOOK_BYTES      2000 /* how far back an object may begin */
#define LEVELS_MAX      5    /* objects around an address that are looked at */
#define OBJECT_NAME_MAX 40
#define WEIGHT_NAMED    84 /* a key that says the role itself is stronger */

static const struct {
    const char *name;
    Role role;
} OBJECTS[] = {
    {"source", ROLE_OFFENDER},
    {"src", ROLE_OFFENDER},
    {"attacker", ROLE_OFFENDER},
    {"offender", ROLE_OFFENDER},
    {"client", ROLE_OFFENDER},
    {"remote", ROLE_OFFENDER},
    {"remoteipdetails", ROLE_OFFENDER}, /* Amazon GuardDuty */
    {"destination", ROLE_VICTIM},
    {"dest", ROLE_VICTIM},
    {"dst", ROLE_VICTIM},
    {"target", ROLE_VICTIM},
    {"victim", ROLE_VICTIM},
    {"local", ROLE_VICTIM},
    {"server", ROLE_VICTIM}, /* Elastic Common Schema, as client */
    {"edge", ROLE_VICTIM},
    {"sensor", ROLE_VICTIM},
    {"honeypot", ROLE_VICTIM},
    {"observer", ROLE_VICTIM},
    {"localipdetails", ROLE_VICTIM},
    {"instancedetails", ROLE_VICTIM},
    {"networkinterfaces", ROLE_VICTIM},
    {"reporter", ROLE_REPORTER},
};

/* Keys of an address that leave open whose it is. */
static const char *const NEUTRAL_KEYS[] = {
    "ip",   "ipv4",   "ipv6",     "ipaddress", "ipaddressv4", "ipaddressv6",
    "addr", "ipaddr", "publicip", "address",   "value",
};

/* The quoted name that ends before a place, blanks and one colon between, in
 * lower case without marks; false if none does. */
static bool name_before(const Page *page, uint32_t at, uint32_t least,
                        char name[OBJECT_NAME_MAX + 1])
{
    Cursor in = page->folded;
    while (at > least && cursor_at(in, at - 1) <= ' ')
        at--;
    if (at <= least || cursor_at(in, at - 1) != ':')
        return false;
    at--;
    while (at > least && cursor_at(in, at - 1) <= ' ')
        at--;
    if (at <= least || cursor_at(in, at - 1) != '"')
        return false;
    uint32_t end = at - 1, begin = end;
    while (begin > least && end - begin < OBJECT_NAME_MAX &&
           cursor_at(in, begin - 1) != '"' && cursor_at(in, begin - 1) > ' ')
        begin--;
    size_t used = 0;
    for (uint32_t i = begin; i < end; i++)
        if (g_ascii_isalnum(cursor_at(in, i)))
            name[used++] = (char)cursor_at(in, i);
    name[used] = 0;
    return used > 0;
}

bool hit_is_json_value(const Page *page, const AddressHit *hit)
{
    char name[OBJECT_NAME_MAX + 1];
    Cursor in = page->folded;
    return hit->at > 0 && cursor_at(in, hit->at - 1) == '"' &&
           cursor_at(in, hit->end) == '"' &&
           name_before(page, hit->at - 1,
                       hit->at > LOOK_BYTES ? hit->at - LOOK_BYTES : 0, name);
}

static bool is_neutral(const char *key)
{
    for (size_t i = 0; i < G_N_ELEMENTS(NEUTRAL_KEYS); i++)
        if (strcmp(key, NEUTRAL_KEYS[i]) == 0)
            return true;
    return false;
}

static bool offer_object(Mention *mention, const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(OBJECTS); i++)
        if (strcmp(name, OBJECTS[i].name) == 0) {
            mention_offer(mention, OBJECTS[i].role, WEIGHT_NAMED, TOLD_BY_LOG,
                          "object", OBJECTS[i].name);
            return true;
        }
    return false;
}

/* "type": "ip-src" between the object's begin and the value: MISP's "source
 * address of the attacker". Its ip-dst may be either's. */
static bool offer_type(const Page *page, Mention *mention, uint32_t from,
                       uint32_t to)
{
    static const char TYPE[] = "\"ip-src\"";
    if (!memmem(page->folded.text + from, to - from, TYPE, strlen(TYPE)))
        return false;
    mention_offer(mention, ROLE_OFFENDER, WEIGHT_NAMED, TOLD_BY_LOG, "object",
                  "ip-src");
    return true;
}

void mention_read_object(const Page *page, Mention *mention)
{
    const AddressHit *hit = page_address(page, mention->address);
    char name[OBJECT_NAME_MAX + 1];
    uint32_t least = hit->at > LOOK_BYTES ? hit->at - LOOK_BYTES : 0;
    if (!hit_is_json_value(page, hit) ||
        !name_before(page, hit->at - 1, least, name) || !is_neutral(name))
        return;
    int closed = 0, level = 0;
    for (uint32_t at = hit->at; at > least && level < LEVELS_MAX; at--) {
        unsigned char c = cursor_at(page->folded, at - 1);
        if (c == '}' || c == ']')
            closed++;
        else if ((c == '{' || c == '[') && closed > 0)
            closed--;
        else if (c == '{' || c == '[') {
            if (level++ == 0 && offer_type(page, mention, at, hit->at))
                return;
            if (name_before(page, at - 1, least, name) &&
                offer_object(mention, name))
                return;
        }
    }
}
