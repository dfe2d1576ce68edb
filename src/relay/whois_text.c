/*
 * What whois servers answer, as text.
 *
 * Objects are paragraphs of "key: value" lines. A range object opens a range;
 * what follows in the same answer may name its contact, directly or by a
 * handle that another object explains. So an answer is read line by line into
 * a draft, and settled where the next range begins or the text ends. In RPSL
 * an object's e-mail stands before its handle, at LACNIC behind it: both are
 * kept until the object ends.
 *
 * Seen in real answers of the five registries, and tolerated: CR CR LF (LACNIC),
 * ranges of IANA before the registry's, and behind ARIN's what a hoster's own
 * server says (RFC 2167):
 *
 *   network:IP-Network:192.0.2.0/29             a. [Network Number] 192.0.2.0/24
 *   network:Abuse-Contact;I:abuse@example.com   o. [Abuse]          abuse@example
 *   contact:Abuse-Email:abuse@example.com                                (JPNIC)
 *
 * Contacts in remarks are for people: not read.
 */
#include "relay/whois_rdap.h"

#include "relay/lines.h"

#define HANDLES_MAX 64
#define KEY_MAX     40

/* How good a field is as the abuse contact of the range before it. */
typedef enum {
    RANK_NONE,
    RANK_ORGANISATION, /* the holder's, for all its networks */
    RANK_MAILBOX,      /* of a role or an incident team */
    RANK_RESOURCE,     /* of this very range */
} Rank;

static const struct {
    const char *key;
    Rank rank;
} FIELDS[] = {
    {"RAbuseEmail", RANK_RESOURCE},  {"Abuse-Contact", RANK_RESOURCE},
    {"Abuse-Email", RANK_RESOURCE},  {"[Abuse]", RANK_RESOURCE},
    {"abuse-mailbox", RANK_MAILBOX}, {"OrgAbuseEmail", RANK_ORGANISATION},
};

static const char *const RANGES[] = {"inetnum",          "inet6num",
                                     "NetRange",         "IP-Network",
                                     "IP-Network-Block", "[Network Number]"};

typedef struct {
    Whois *whois;
    Instant now;
    bool has_range;
    bool is_elsewhere; /* another registry's: this one's contact is not its */
    IpAddress from, to;
    Rank rank;
    char *address, *where;
    char *abuse_handle;             /* abuse-c */
    char *handle, *email, *mailbox; /* of the object being read */
    GHashTable *mailboxes;          /* handle -> e-mail */
    guint count;
} Draft;

/* The last address of a prefix. */
static IpAddress prefix_end(const IpPrefix *prefix)
{
    IpAddress end = prefix->base;
    for (guint bit = prefix->bits; bit < 128; bit++)
        end.bytes[bit / 8] |= (uint8_t)(0x80 >> bit % 8);
    return end;
}

/* LACNIC shortens prefixes: "192.0.2/24". */
static char *whole_prefix(const char *text)
{
    guint dots = 0;
    size_t length = strcspn(text, "/");
    for (size_t i = 0; i < length; i++)
        dots += text[i] == '.';
    if (strchr(text, ':') || dots >= 3 || text[length] != '/')
        return g_strdup(text);
    static const char *const REST[] = {".0.0.0", ".0.0", ".0"};
    return g_strdup_printf("%.*s%s%s", (int)length, text, REST[dots],
                           text + length);
}

bool whois_range_parse(const char *text, IpAddress *from, IpAddress *to)
{
    const char *dash = strstr(text, " - ");
    IpPrefix prefix;
    if (dash) {
        g_autofree char *end = g_strstrip(g_strdup(dash + 3));
        g_autofree char *begin =
            g_strstrip(g_strndup(text, (size_t)(dash - text)));
        return ip_parse(begin, strlen(begin), from) &&
               ip_parse(end, strlen(end), to) &&
               ip_is_v4(from) == ip_is_v4(to) && ip_compare(from, to) <= 0;
    }
    g_autofree char *first = g_strndup(text, strcspn(text, " ,"));
    g_autofree char *whole = whole_prefix(first);
    if (!ip_prefix_parse(whole, &prefix))
        return false;
    *from = prefix.base;
    *to = prefix_end(&prefix);
    return true;
}

bool whois_address_is_valid(const char *text)
{
    const char *at = strchr(text, '@');
    if (!at || at == text || strlen(text) > 254 || !strchr(at, '.') ||
        strchr(at + 1, '@'))
        return false;
    for (const char *c = text; *c; c++)
        if (*c <= ' ' || *c >= 127 || strchr("<>()[],;:\\\"", *c))
            return false;
    return true;
}

/* ---- objects ----------------------------------------------------------- */

static void end_object(Draft *d)
{
    const char *email = d->mailbox ? d->mailbox : d->email;
    if (d->handle && email && g_hash_table_size(d->mailboxes) < HANDLES_MAX)
        g_hash_table_insert(d->mailboxes, g_strdup(d->handle), g_strdup(email));
    g_clear_pointer(&d->handle, g_free);
    g_clear_pointer(&d->email, g_free);
    g_clear_pointer(&d->mailbox, g_free);
}

static void settle(Draft *d)
{
    end_object(d);
    const char *by_handle =
        d->abuse_handle ? g_hash_table_lookup(d->mailboxes, d->abuse_handle)
                        : NULL;
    if (d->has_range && d->is_elsewhere) {
        whois_put(d->whois, &d->from, &d->to, NULL, NULL, d->now);
        d->count++;
    } else if (d->has_range) {
        bool use_handle = by_handle && d->rank < RANK_RESOURCE;
        whois_put(d->whois, &d->from, &d->to,
                  use_handle ? by_handle : d->address,
                  use_handle ? "abuse-c" : d->where, d->now);
        d->count++;
    }
    d->has_range = d->is_elsewhere = false;
    d->rank = RANK_NONE;
    g_clear_pointer(&d->address, g_free);
    g_clear_pointer(&d->where, g_free);
    g_clear_pointer(&d->abuse_handle, g_free);
    g_hash_table_remove_all(d->mailboxes);
}

/* A range begins, or goes on: several objects may be of the same. */
static void open_range(Draft *d, const IpAddress *from, const IpAddress *to)
{
    bool is_same =
        d->has_range && ip_is_equal(&d->from, from) && ip_is_equal(&d->to, to);
    if (d->has_range && !is_same)
        settle(d);
    d->has_range = true;
    d->from = *from;
    d->to = *to;
}

static void take_contact(Draft *d, Rank rank, const char *value,
                         const char *where)
{
    if (rank <= d->rank || !whois_address_is_valid(value))
        return;
    g_free(d->address);
    g_free(d->where);
    d->rank = rank;
    d->address = g_strdup(value);
    d->where = g_strdup(where);
}

static bool is_key(const char *key, const char *wanted)
{
    return g_ascii_strcasecmp(key, wanted) == 0;
}

/* ARIN's NetType: "Allocated to APNIC", "Early Registrations, Transferred to
 * RIPE NCC", "..., Maintained by AFRINIC". Its contact is then the registry. */
static bool names_other_registry(const char *type)
{
    return g_str_has_prefix(type, "Allocated to ") ||
           g_str_has_prefix(type, "Early Registrations, ");
}

static void keep_first(char **slot, const char *value)
{
    if (!*slot && whois_address_is_valid(value))
        *slot = g_strdup(value);
}

static void take_field(Draft *d, const char *key, const char *value)
{
    IpAddress from, to;
    for (size_t i = 0; i < G_N_ELEMENTS(RANGES); i++)
        if (is_key(key, RANGES[i]) && whois_range_parse(value, &from, &to)) {
            open_range(d, &from, &to);
            return;
        }
    for (size_t i = 0; i < G_N_ELEMENTS(FIELDS); i++)
        if (is_key(key, FIELDS[i].key))
            take_contact(d, FIELDS[i].rank, value, FIELDS[i].key);
    d->is_elsewhere |= is_key(key, "NetType") && names_other_registry(value);
    if (is_key(key, "abuse-c") && !d->abuse_handle)
        d->abuse_handle = g_strdup(value);
    if ((is_key(key, "nic-hdl") || is_key(key, "nic-hdl-br")) && !d->handle)
        d->handle = g_strdup(value);
    if (is_key(key, "e-mail"))
        keep_first(&d->email, value);
    if (is_key(key, "abuse-mailbox"))
        keep_first(&d->mailbox, value);
}

/* ---- lines ------------------------------------------------------------- */

/* "% Abuse contact for '192.0.2.0 - 192.0.2.255' is 'abuse@example.net'" */
static bool take_remark(Draft *d, const char *line)
{
    static const char HEAD[] = "% Abuse contact for '", MIDDLE[] = "' is '";
    IpAddress from, to;
    if (!g_str_has_prefix(line, HEAD))
        return false;
    const char *range = line + strlen(HEAD);
    const char *middle = strstr(range, MIDDLE);
    const char *end = middle ? strchr(middle + strlen(MIDDLE), '\'') : NULL;
    if (!end)
        return true;
    g_autofree char *text = g_strndup(range, (size_t)(middle - range));
    const char *start = middle + strlen(MIDDLE);
    g_autofree char *value = g_strndup(start, (size_t)(end - start));
    if (!whois_range_parse(text, &from, &to))
        return true;
    settle(d);
    open_range(d, &from, &to);
    take_contact(d, RANK_RESOURCE, value, "Abuse contact for");
    return true;
}

/* "% No abuse contact registered for 192.0.2.0 - 192.0.2.255": so whoever has
 * the network around it is none either. A mailbox in a role still counts. */
static bool take_denial(Draft *d, const char *line)
{
    static const char HEAD[] = "% No abuse contact registered for ";
    IpAddress from, to;
    if (!g_str_has_prefix(line, HEAD))
        return false;
    if (!whois_range_parse(line + strlen(HEAD), &from, &to))
        return true;
    settle(d);
    open_range(d, &from, &to);
    d->where = g_strdup("No abuse contact registered");
    return true;
}

/* "o. [Abuse]   value": the key with its brackets. */
static bool take_bracketed(Draft *d, const char *line)
{
    const char *at = line;
    if (g_ascii_islower(at[0]) && at[1] == '.' && at[2] == ' ')
        at += 3;
    const char *end = *at == '[' ? strchr(at, ']') : NULL;
    if (!end || end - at > KEY_MAX)
        return false;
    g_autofree char *key = g_strndup(at, (size_t)(end - at) + 1);
    g_autofree char *value = g_strstrip(g_strdup(end + 1));
    take_field(d, key, value);
    return true;
}

/* The line without what RFC 2167 puts before its key. */
static const char *behind_class(const char *line)
{
    static const char *const CLASSES[] = {"network:", "contact:"};
    for (size_t i = 0; i < G_N_ELEMENTS(CLASSES); i++)
        if (g_str_has_prefix(line, CLASSES[i]))
            return line + strlen(CLASSES[i]);
    return line;
}

static void take_line(Draft *d, char *line)
{
    g_strstrip(line);
    if (!*line)
        end_object(d);
    if (take_remark(d, line) || take_denial(d, line) || *line == '%' ||
        *line == '#' || take_bracketed(d, line))
        return;
    const char *from = behind_class(line), *colon = strchr(from, ':');
    if (!colon || colon - from > KEY_MAX)
        return;
    g_autofree char *key = g_strndup(from, (size_t)(colon - from));
    key[strcspn(key, ";")] = 0; /* "Abuse-Contact;I" */
    g_strstrip(key);
    g_autofree char *value = g_strstrip(g_strdup(colon + 1));
    take_field(d, key, value);
}

guint whois_read(Whois *whois, const char *text, size_t length, Instant now)
{
    guint found = rdap_read(whois, text, length, now);
    if (found > 0)
        return found;
    Draft draft = {
        .whois = whois,
        .now = now,
        .mailboxes =
            g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free),
    };
    Text rest = text_of_bytes(text, length), line;
    while (line_take(&rest, &line)) {
        g_autofree char *copy = g_strndup(line.at, text_length(&line));
        take_line(&draft, copy);
    }
    settle(&draft);
    g_hash_table_unref(draft.mailboxes);
    return draft.count;
}
