#include "base/schema_types.h"

#include "base/country.h"
#include "base/ipaddress.h"
#include "base/log.h"
#include "base/suggest.h"

#include <string.h>

#define SHOWN_MAX 60 /* bytes of a bad value that an error repeats */

/* What a reader gets and gives. */
typedef struct {
    const SchemaRow *row;
    const char *text;
    const char *shown; /* the text, safe to print */
    char *canonical;   /* NULL: the text itself */
    int64_t number;
    char *words; /* what is wrong */
} Reading;

static bool wrong(Reading *r, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool wrong(Reading *r, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    r->words = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return false;
}

/* A number with the factor of its unit behind it. */
typedef struct {
    const char *unit;
    uint32_t factor;
} Unit;

/* Largest first, as schema_number_new_text() tries them. */
static const Unit DURATIONS[] = {
    {"y", 31536000}, {"w", 604800}, {"d", 86400}, {"h", 3600},
    {"min", 60},     {"s", 1},      {NULL, 0},
};
static const Unit SIZES[] = {
    {"G", 1u << 30}, {"M", 1u << 20}, {"K", 1u << 10}, {"B", 1}, {NULL, 0},
};

static const Unit *units_of(SchemaType type)
{
    return type == SCHEMA_DURATION ? DURATIONS
           : type == SCHEMA_SIZE   ? SIZES
                                   : NULL;
}

char *schema_number_new_text(SchemaType type, int64_t number)
{
    const Unit *unit = units_of(type);
    if (!unit || number == 0)
        return g_strdup_printf("%" G_GINT64_FORMAT, number);
    /* Weeks and years are only ever written by people. */
    for (; unit->unit; unit++)
        if (number % unit->factor == 0 && unit->factor != 604800 &&
            unit->factor != 31536000)
            break;
    return g_strdup_printf("%" G_GINT64_FORMAT "%s", number / unit->factor,
                           unit->unit);
}

static bool check_bounds(Reading *r)
{
    const SchemaRow *row = r->row;
    bool small = r->number < row->min;
    bool large = r->number > (row->max > 0 ? row->max : UINT32_MAX);
    if (!small && !large)
        return true;
    g_autofree char *bound =
        schema_number_new_text(row->type, small          ? row->min
                                          : row->max > 0 ? row->max
                                                         : UINT32_MAX);
    const char *than = row->type == SCHEMA_DURATION ? small ? "short" : "long"
                       : small                      ? "small"
                                                    : "large";
    return wrong(r, "\"%s\" is too %s: at %s %s.", r->shown, than,
                 small ? "least" : "most", bound);
}

/* Digits and what follows them; SIZE_MAX digits do not overflow. */
static const char *read_digits(const char *text, int64_t *number)
{
    *number = 0;
    for (; g_ascii_isdigit(*text); text++)
        *number = MIN(*number * 10 + (*text - '0'), INT64_C(1) << 40);
    return text;
}

static bool read_number(Reading *r)
{
    const char *rest = read_digits(r->text, &r->number);
    if (rest == r->text || *rest)
        return wrong(r, "\"%s\" is not a number.", r->shown);
    return check_bounds(r);
}

static bool read_with_unit(Reading *r)
{
    bool is_size = r->row->type == SCHEMA_SIZE;
    const char *rest = read_digits(r->text, &r->number);
    const char *like = is_size ? "size like 500K, 25M or 1G"
                               : "duration like 30s, 15min, "
                                 "4h or 2d";
    if (rest == r->text)
        return wrong(r, "\"%s\" is not a %s.", r->shown, like);
    if (!*rest && r->number == 0)
        return check_bounds(r);
    if (!*rest)
        return is_size
                   ? wrong(r, "\"%s\" has no unit. Write %sK, %sM or %sG.",
                           r->shown, r->shown, r->shown, r->shown)
                   : wrong(r,
                           "\"%s\" has no unit. Write %ss, %smin, %sh or "
                           "%sd.",
                           r->shown, r->shown, r->shown, r->shown, r->shown);
    for (const Unit *unit = units_of(r->row->type); unit->unit; unit++)
        if (g_str_equal(rest, unit->unit)) {
            r->number *= unit->factor;
            return check_bounds(r);
        }
    if (g_str_equal(rest, "m"))
        return wrong(r, "\"%s\" is not a %s. Write %" G_GINT64_FORMAT "min.",
                     r->shown, like, r->number);
    return wrong(r, "\"%s\" is not a %s.", r->shown, like);
}

static bool read_choice(Reading *r, const char *const *choices)
{
    for (guint i = 0; choices[i]; i++)
        if (g_str_equal(r->text, choices[i])) {
            r->number = i;
            return true;
        }
    g_autofree char *all = g_strjoinv(", ", (char **)choices);
    const char *meant = suggest_word(r->text, choices);
    return meant ? wrong(r, "\"%s\" is not one of: %s. Did you mean \"%s\"?",
                         r->shown, all, meant)
                 : wrong(r, "\"%s\" is not one of: %s.", r->shown, all);
}

static bool read_date(Reading *r)
{
    Instant when;
    if (!instant_parse(r->text, &when) || *r->text == '@')
        return wrong(r,
                     "\"%s\" is not a date like 2026-05-03 or a time like "
                     "2026-05-03T14:02Z.",
                     r->shown);
    r->number = when;
    return true;
}

static bool read_country(Reading *r)
{
    if (country_is_known(r->text))
        return true;
    const char *meant = country_meant(r->text);
    if (!meant)
        return wrong(r, "\"%s\" is not an ISO 3166-1 code.", r->shown);
    if (g_ascii_strcasecmp(r->text, meant) == 0)
        return wrong(r, "countries are written in upper case: \"%s\".", meant);
    return wrong(r, "\"%s\" is not an ISO 3166-1 code. %s is %s.", r->shown,
                 country_name(meant), meant);
}

/* ISO 639-1, the two-letter languages of BCP 47. */
static const char LANGUAGES[] =
    " aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce "
    "ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr "
    "fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is "
    "it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln "
    "lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv "
    "ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk "
    "sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw "
    "ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ";

/* A two-letter code from the list or any three letters, then subtags. */
static bool is_language(const char *text)
{
    size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz");
    if (length < 2 || length > 3 || (text[length] && text[length] != '-'))
        return false;
    char padded[] = {' ', text[0], text[1], ' ', 0};
    if (length == 2 && !strstr(LANGUAGES, padded))
        return false;
    for (const char *at = text + length; *at;) {
        size_t tag = 0;
        while (g_ascii_isalnum(at[tag + 1]))
            tag++;
        if (*at != '-' || tag < 2 || tag > 8)
            return false;
        at += tag + 1;
    }
    return true;
}

static bool read_language(Reading *r)
{
    static const struct {
        const char *text, *code;
    } MEANT[] = {
        {"jp", "ja"},     {"dk", "da"},      {"cz", "cs"},
        {"gr", "el"},     {"se-SE", "sv"},   {"english", "en"},
        {"german", "de"}, {"deutsch", "de"}, {"french", "fr"},
        {"at", "de"},     {"ua", "uk"},      {"dutch", "nl"},
    };
    if (is_language(r->text))
        return true;
    g_autofree char *lower = g_ascii_strdown(r->text, -1);
    if (is_language(lower))
        return wrong(r, "languages are written in lower case: \"%s\".", lower);
    for (size_t i = 0; i < G_N_ELEMENTS(MEANT); i++)
        if (g_str_equal(lower, MEANT[i].text))
            return wrong(r,
                         "\"%s\" is not a language code (BCP 47). Did you "
                         "mean \"%s\"?",
                         r->shown, MEANT[i].code);
    return wrong(r, "\"%s\" is not a language code (BCP 47) like de or pt-BR.",
                 r->shown);
}

/* Labels of letters, digits and hyphens, 253 bytes in all (RFC 1123). */
static bool is_domain(const char *text)
{
    size_t length = 0, all = strlen(text);
    if (all == 0 || all > 253)
        return false;
    for (const char *at = text;; at++) {
        if (*at && *at != '.') {
            if (!g_ascii_isalnum(*at) && *at != '-' && *at != '_')
                return false;
            if (*at == '-' && (length == 0 || !at[1] || at[1] == '.'))
                return false;
            length++;
            continue;
        }
        if (length == 0 || length > 63)
            return false;
        if (!*at)
            return true;
        length = 0;
    }
}

/* A dot-atom of RFC 5322 section 3.2.3 and a domain; no quoted local parts:
 * nobody who answers complaints has one. */
static bool read_address(Reading *r)
{
    const char *at = strchr(r->text, '@');
    size_t local = at ? (size_t)(at - r->text) : 0;
    bool good = local > 0 && local <= 64 && is_domain(at + 1);
    for (size_t i = 0; good && i < local; i++) {
        char c = r->text[i];
        bool dot = c == '.';
        good = g_ascii_isalnum(c) || strchr("!#$%&'*+-/=?^_`{|}~.", c);
        if (dot && (i == 0 || i + 1 == local || r->text[i + 1] == '.'))
            good = false;
    }
    if (good)
        return true;
    return wrong(r, "\"%s\" is not a mail address like abuse@example.org.",
                 r->shown);
}

static bool read_domain(Reading *r)
{
    if (is_domain(r->text))
        return true;
    return wrong(r, "\"%s\" is not a host name like mail.example.org.",
                 r->shown);
}

static bool has_port(const char *text)
{
    int64_t port;
    const char *rest = read_digits(text, &port);
    return rest > text && !*rest && port >= 1 && port <= 65535;
}

static bool read_listen(Reading *r)
{
    const char *colon = strrchr(r->text, ':');
    IpAddress ip;
    bool bracketed = *r->text == '[' && colon && colon[-1] == ']';
    size_t skip = bracketed ? 1 : 0;
    bool good =
        colon && has_port(colon + 1) &&
        ip_parse(r->text + skip, (size_t)(colon - r->text) - 2 * skip, &ip) &&
        bracketed == (memchr(r->text + skip, ':',
                             (size_t)(colon - r->text) - skip) != NULL);
    if (good)
        return true;
    return wrong(r,
                 "\"%s\" is not an address and port like 127.0.0.1:8024 or "
                 "[::1]:8024.",
                 r->shown);
}

static bool read_url(Reading *r)
{
    static const char *const WEB[] = {"https", "http", NULL};
    const char *const *schemes = r->row->choices ? r->row->choices : WEB;
    g_autoptr(GUri) uri = g_uri_parse(r->text, G_URI_FLAGS_NONE, NULL);
    const char *scheme = uri ? g_uri_get_scheme(uri) : NULL;
    if (!scheme || !g_strv_contains(schemes, scheme)) {
        g_autofree char *all = g_strjoinv(", ", (char **)schemes);
        return wrong(r, "\"%s\" is not a URL that begins with one of: %s.",
                     r->shown, all);
    }
    if (g_uri_get_userinfo(uri))
        return wrong(r, "a URL here holds no user or password.");
    const char *host = g_uri_get_host(uri);
    if (g_str_equal(scheme, "unix")
            ? *g_uri_get_path(uri) != '/' || (host && *host)
            : !host || !*host)
        return wrong(r, "\"%s\" names no %s.", r->shown,
                     g_str_equal(scheme, "unix") ? "absolute path" : "host");
    return true;
}

static bool read_path(Reading *r)
{
    if (*r->text == '/')
        return true;
    return wrong(r, "\"%s\" is not an absolute path; it must begin with /.",
                 r->shown);
}

static bool read_fingerprint(Reading *r)
{
    const char *digits = r->text + (*r->text == '$');
    size_t length = strspn(digits, "0123456789abcdefABCDEF");
    if (digits[length])
        return wrong(r,
                     "\"%s\" is not a relay fingerprint of 40 hexadecimal "
                     "digits.",
                     r->shown);
    if (length != 40)
        return wrong(r,
                     "a relay fingerprint has 40 hexadecimal digits, this one "
                     "has %zu.",
                     length);
    r->canonical = g_ascii_strup(digits, -1);
    return true;
}

static bool read_prefix(Reading *r)
{
    IpPrefix prefix;
    if (ip_prefix_parse(r->text, &prefix)) {
        r->canonical = ip_prefix_new_text(&prefix);
        return true;
    }
    /* Host bits set: the one mistake that can be put right by name. */
    const char *slash = strchr(r->text, '/');
    IpAddress ip;
    int64_t bits;
    if (slash && ip_parse(r->text, (size_t)(slash - r->text), &ip) &&
        slash[1] && !*read_digits(slash + 1, &bits) &&
        bits <= (ip_is_v4(&ip) ? 32 : 128)) {
        prefix = ip_prefix_of(&ip, (uint8_t)(bits + (ip_is_v4(&ip) ? 96 : 0)));
        g_autofree char *meant = ip_prefix_new_text(&prefix);
        return wrong(r,
                     "\"%s\" is an address inside a network. Did you mean "
                     "\"%s\"?",
                     r->shown, meant);
    }
    return wrong(r,
                 "\"%s\" is not a network like 192.0.2.0/24 or "
                 "2001:db8::/32.",
                 r->shown);
}

static bool read_any(Reading *r)
{
    static const char *const FLAGS[] = {"no", "yes", NULL};
    switch (r->row->type) {
    case SCHEMA_TEXT:
        return true;
    case SCHEMA_FLAG:
        return read_choice(r, FLAGS);
    case SCHEMA_NUMBER:
        return read_number(r);
    case SCHEMA_DURATION:
    case SCHEMA_SIZE:
        return read_with_unit(r);
    case SCHEMA_DATE:
        return read_date(r);
    case SCHEMA_CHOICE:
        return read_choice(r, r->row->choices);
    case SCHEMA_COUNTRY:
        return read_country(r);
    case SCHEMA_LANGUAGE:
        return read_language(r);
    case SCHEMA_ADDRESS:
        return read_address(r);
    case SCHEMA_DOMAIN:
        return read_domain(r);
    case SCHEMA_URL:
        return read_url(r);
    case SCHEMA_LISTEN:
        return read_listen(r);
    case SCHEMA_PATH:
        return read_path(r);
    case SCHEMA_FINGERPRINT:
        return read_fingerprint(r);
    case SCHEMA_PREFIX:
        return read_prefix(r);
    case SCHEMA_RECORD:
        break;
    }
    g_assert_not_reached();
}

bool schema_type_read(const SchemaRow *row, const char *text, char **canonical,
                      int64_t *number, char **words)
{
    g_autofree char *shown = foreign_text(text, SHOWN_MAX);
    Reading r = {.row = row, .text = text, .shown = shown};
    bool good = read_any(&r);
    const char *objection =
        good && row->objection ? row->objection(text) : NULL;
    if (objection)
        good = wrong(&r, "\"%s\" %s", shown, objection);
    if (good) {
        *canonical = r.canonical ? r.canonical : g_strdup(text);
        *number = r.number;
        return true;
    }
    g_free(r.canonical);
    *words = r.words;
    return false;
}
