/*
 * The ranges that are known, and the file that keeps them. What is read of
 * answers: whois_text.c, whois_rdap.c.
 */
#include "relay/whois.h"

#include "relay/lines.h"
#include "relay/whois_rdap.h"

#include "base/errors.h"
#include "base/files.h"

#define WHOIS_NAME "whois"

struct Whois {
    GPtrArray *ranges; /* of WhoisRange, by size, then from */
};

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

/* Does it say whom to write to, or that there is nobody? */
static bool is_telling(const WhoisRange *range)
{
    return range->address || *range->where;
}

const WhoisRange *whois_find(const Whois *whois, const IpAddress *ip)
{
    const WhoisRange *best = NULL;
    for (guint i = 0; i < whois->ranges->len; i++) {
        const WhoisRange *range = g_ptr_array_index(whois->ranges, i);
        if (!holds(range, ip))
            continue;
        if (!best || is_telling(range) > is_telling(best) ||
            (is_telling(range) == is_telling(best) && is_narrower(range, best)))
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
