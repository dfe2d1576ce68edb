/*
 * Objects are paragraphs of "key: value" lines. A range object opens a range;
 * what follows in the same answer may name its contact, directly or by a
 * handle that another object explains. So an answer is read line by line into
 * a draft, and settled where the next range begins or the text ends.
 */
#include "relay/whois.h"

#include "relay/lines.h"
#include "relay/whois_rdap.h"

#include "base/errors.h"
#include "base/files.h"

#define WHOIS_NAME  "whois"
#define HANDLES_MAX 64

struct Whois {
    GPtrArray *ranges; /* of WhoisRange, by size, then from */
};

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
    {"RAbuseEmail", RANK_RESOURCE},
    {"abuse-mailbox", RANK_MAILBOX},
    {"OrgAbuseEmail", RANK_ORGANISATION},
};

typedef struct {
    Whois *whois;
    Instant now;
    bool has_range;
    IpAddress from, to;
    Rank rank;
    char *address, *where;
    char *abuse_handle;    /* LACNIC: abuse-c */
    char *handle;          /* of the object being read */
    GHashTable *mailboxes; /* handle -> e-mail */
    guint count;
} Draft;

/* ---- the set ----------------------------------------------------------- */

static void range_free(gpointer data)
{
    WhoisRange *range = data;
    g_free(range->address);
    g_free(range->where);
    g_free(range);
}

Whois *whois_new(void)
{
    Whois *whois = g_new(Whois, 1);
    whois->ranges = g_ptr_array_new_with_free_func(range_free);
    return whois;
}

void whois_free(Whois *whois)
{
    if (!whois)
        return;
    g_ptr_array_unref(whois->ranges);
    g_free(whois);
}

guint whois_count(const Whois *whois)
{
    return whois->ranges->len;
}

static bool holds(const WhoisRange *range, const IpAddress *ip)
{
    return ip_is_v4(&range->from) == ip_is_v4(ip) &&
           ip_compare(&range->from, ip) <= 0 && ip_compare(ip, &range->to) <= 0;
}

/* Of two ranges that hold an address the narrower counts; ranges of registries
 * are nested, so the one that begins later or ends earlier is inside. */
static bool is_narrower(const WhoisRange *a, const WhoisRange *b)
{
    int from = ip_compare(&a->from, &b->from);
    return from > 0 || (from == 0 && ip_compare(&a->to, &b->to) < 0);
}

const WhoisRange *whois_find(const Whois *whois, const IpAddress *ip)
{
    const WhoisRange *best = NULL;
    for (guint i = 0; i < whois->ranges->len; i++) {
        const WhoisRange *range = g_ptr_array_index(whois->ranges, i);
        if (holds(range, ip) && (!best || is_narrower(range, best)))
            best = range;
    }
    return best;
}

void whois_put(Whois *whois, const IpAddress *from, const IpAddress *to,
               const char *address, const char *where, Instant now)
{
    WhoisRange *range = NULL;
    for (guint i = 0; i < whois->ranges->len && !range; i++) {
        WhoisRange *known = g_ptr_array_index(whois->ranges, i);
        if (ip_is_equal(&known->from, from) && ip_is_equal(&known->to, to))
            range = known;
    }
    if (!range && whois->ranges->len >= WHOIS_RANGES_MAX)
        return;
    if (!range) {
        range = g_new0(WhoisRange, 1);
        g_ptr_array_add(whois->ranges, range);
    }
    range->from = *from;
    range->to = *to;
    range->when = now;
    g_free(range->address);
    g_free(range->where);
    range->address = address ? g_ascii_strdown(address, -1) : NULL;
    range->where = g_strdup(where ? where : "");
}

/* ---- reading ----------------------------------------------------------- */

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

static void settle(Draft *d)
{
    const char *by_handle =
        d->abuse_handle ? g_hash_table_lookup(d->mailboxes, d->abuse_handle)
                        : NULL;
    if (d->has_range) {
        bool use_handle = by_handle && d->rank < RANK_RESOURCE;
        whois_put(d->whois, &d->from, &d->to,
                  use_handle ? by_handle : d->address,
                  use_handle ? "abuse-c" : d->where, d->now);
        d->count++;
    }
    d->has_range = false;
    d->rank = RANK_NONE;
    g_clear_pointer(&d->address, g_free);
    g_clear_pointer(&d->where, g_free);
    g_clear_pointer(&d->abuse_handle, g_free);
    g_clear_pointer(&d->handle, g_free);
    g_hash_table_remove_all(d->mailboxes);
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

static void take_field(Draft *d, const char *key, const char *value)
{
    IpAddress from, to;
    bool is_range = is_key(key, "inetnum") || is_key(key, "inet6num") ||
                    is_key(key, "NetRange");
    if (is_range && whois_range_parse(value, &from, &to)) {
        bool is_same = d->has_range && ip_is_equal(&d->from, &from) &&
                       ip_is_equal(&d->to, &to);
        if (d->has_range && !is_same)
            settle(d);
        d->has_range = true;
        d->from = from;
        d->to = to;
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(FIELDS); i++)
        if (is_key(key, FIELDS[i].key))
            take_contact(d, FIELDS[i].rank, value, FIELDS[i].key);
    if (is_key(key, "abuse-c") && !d->abuse_handle)
        d->abuse_handle = g_strdup(value);
    if (is_key(key, "nic-hdl") || is_key(key, "nic-hdl-br")) {
        g_free(d->handle);
        d->handle = g_strdup(value);
    }
    if (is_key(key, "e-mail") && d->handle && whois_address_is_valid(value) &&
        g_hash_table_size(d->mailboxes) < HANDLES_MAX)
        g_hash_table_insert(d->mailboxes, g_strdup(d->handle), g_strdup(value));
}

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
    d->has_range = true;
    d->from = from;
    d->to = to;
    take_contact(d, RANK_RESOURCE, value, "Abuse contact for");
    return true;
}

static void take_line(Draft *d, const char *line)
{
    if (take_remark(d, line) || *line == '%' || *line == '#')
        return;
    const char *colon = strchr(line, ':');
    if (!colon || colon - line > 40)
        return;
    g_autofree char *key = g_strstrip(g_strndup(line, (size_t)(colon - line)));
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

/* ---- the file ---------------------------------------------------------- */

static bool load_line(Whois *whois, const char *line)
{
    g_auto(GStrv) fields = g_strsplit(line, "\t", -1);
    IpAddress from, to;
    Instant when;
    if (g_strv_length(fields) != 5 ||
        !ip_parse(fields[0], strlen(fields[0]), &from) ||
        !ip_parse(fields[1], strlen(fields[1]), &to) ||
        !instant_parse(fields[4], &when))
        return false;
    whois_put(whois, &from, &to, *fields[2] ? fields[2] : NULL, fields[3],
              when);
    return true;
}

Whois *whois_load(const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, WHOIS_NAME, NULL);
    g_autoptr(GError) cause = NULL;
    g_autoptr(GBytes) bytes = file_read(path, 64u << 20, &cause);
    if (!bytes && !g_error_matches(cause, DESK_ERROR, DESK_ERROR_MISSING)) {
        g_propagate_error(error, g_steal_pointer(&cause));
        return NULL;
    }
    g_autoptr(Whois) whois = whois_new();
    gsize length = 0;
    const char *data = bytes ? g_bytes_get_data(bytes, &length) : "";
    Text rest = text_of_bytes(data, length), line;
    for (guint number = 1; line_take(&rest, &line); number++) {
        g_autofree char *copy = g_strndup(line.at, text_length(&line));
        if (load_line(whois, copy))
            continue;
        g_set_error(error, DESK_ERROR, DESK_ERROR_INVALID,
                    "%s:%u: not a line of ours; remove the file and hand the "
                    "answers in again",
                    path, number);
        return NULL;
    }
    return g_steal_pointer(&whois);
}

bool whois_save(const Whois *whois, const char *directory, GError **error)
{
    g_autofree char *path = g_build_filename(directory, WHOIS_NAME, NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < whois->ranges->len; i++) {
        const WhoisRange *range = g_ptr_array_index(whois->ranges, i);
        g_autofree char *from = ip_new_text(&range->from);
        g_autofree char *to = ip_new_text(&range->to);
        g_autofree char *when = instant_new_text(range->when);
        g_string_append_printf(text, "%s\t%s\t%s\t%s\t%s\n", from, to,
                               range->address ? range->address : "",
                               range->where, when);
    }
    return file_replace(path, text->str, text->len, 0644, error);
}
